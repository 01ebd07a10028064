"""Find what a coordinator types into the board: a number, a case token, a name.

It must not show what lies outside the reader's sight.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import joinedload

from dispatch.domain.case_tokens import parse_case_token
from dispatch.domain.permissions import Act, Actor, may
from dispatch.models import Appointment, Mediator, Organisation, Request
from dispatch.services.request_access import LARGEST_ID, visible
from dispatch.services.transactions import reading

MOST = 25
LONGEST = 80
FEWEST_LETTERS = 2


@dataclass(frozen=True, slots=True)
class Found:
    """What was found: requests with their organisation, appointments with their request, mediators by name."""

    requests: tuple[tuple[Request, str], ...] = ()
    appointments: tuple[tuple[Appointment, Request], ...] = ()
    mediators: tuple[Mediator, ...] = ()

    @property
    def total(self) -> int:
        """How many things were found."""
        return len(self.requests) + len(self.appointments) + len(self.mediators)


def find(actor: Actor, typed: str) -> Found:
    """Return what a number, a case token or a part of a name means; at most three statements."""
    text = " ".join(typed.replace("\x00", " ").split())[:LONGEST]
    digits = text.lstrip("#").strip()
    if digits.isascii() and digits.isdigit():
        number = int(digits)
        return _by_number(actor, number) if 0 < number <= LARGEST_ID else Found()
    token = parse_case_token(text)
    found = _by_token(actor, token) if token else Found()
    return found if found.total else Found(mediators=_by_name(actor, text))


def _by_number(actor: Actor, number: int) -> Found:
    session, sight = reading(), visible(actor, Act.BOARD_VIEW)
    appointments = (
        select(Appointment, Request)
        .join(Request, Request.id == Appointment.request_id)
        .where(Appointment.number == number, sight)
        .options(joinedload(Request.languages))
    )
    mediators = select(Mediator).where(Mediator.badge_number == number)
    return Found(
        _requests(actor, Request.number == number),
        tuple((row[0], row[1]) for row in session.execute(appointments).unique()),
        tuple(session.scalars(mediators)) if may(actor, Act.MEDIATOR_FIND) else (),
    )


def _by_token(actor: Actor, token: str) -> Found:
    return Found(_requests(actor, Request.case_token == token))


def _requests(actor: Actor, holds: ColumnElement[bool]) -> tuple[tuple[Request, str], ...]:
    wanted = (
        select(Request, Organisation.name)
        .join(Organisation, Organisation.id == Request.organisation_id)
        .where(holds, visible(actor, Act.BOARD_VIEW))
        .options(joinedload(Request.languages))
        .order_by(Request.starts_at.desc(), Request.id.desc())
        .limit(MOST)
    )
    return tuple((row[0], row[1]) for row in reading().execute(wanted).unique())


def _by_name(actor: Actor, text: str) -> tuple[Mediator, ...]:
    if len(text) < FEWEST_LETTERS or not may(actor, Act.MEDIATOR_FIND):
        return ()
    is_called = and_(*(_has(word) for word in text.split()))
    wanted = select(Mediator).where(or_(Mediator.email == text.lower(), is_called))
    return tuple(reading().scalars(wanted.order_by(Mediator.active.desc(), Mediator.name, Mediator.id).limit(MOST)))


def _has(word: str) -> ColumnElement[bool]:
    """Return whether the name holds the word; SQLite folds ASCII only, so names in capitals are tried as well."""
    spellings = {word, word.lower(), word.capitalize(), word.upper()}
    return or_(*(Mediator.name.icontains(spelling, autoescape=True) for spelling in sorted(spellings)))
