"""Let people of the pool confirm once a year what we know of them, and take down what has changed.

Their words go to the coordination as a note and never into a mail; when somebody is asked is `domain.care`'s.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from dispatch.domain import care as rules
from dispatch.domain import offers as offer_rules
from dispatch.domain.availability import WeeklyWindow
from dispatch.domain.errors import LinkExpired, Missing
from dispatch.domain.findings import Findings
from dispatch.domain.intervals import local_day, to_local
from dispatch.domain.permissions import SYSTEM, Act, Actor, Subject, bearer, require
from dispatch.models import InternalNote, Mediator
from dispatch.services import audit, availability, care, local_time, mediator_rows, options
from dispatch.services.audit import OnBehalf
from dispatch.services.request_access import LARGEST_ID
from dispatch.services.transactions import each, reading, run

LONGEST = 500


@dataclass(frozen=True, slots=True)
class Page:
    """What her own page shows: her record, her usual week, and what is asked of her now."""

    mediator: Mediator
    weekly: tuple[WeeklyWindow, ...]
    asks_for_data: bool
    asks_if_still_there: bool


def ask_due(now: datetime) -> int:
    """Ask people whose data were confirmed a year ago, as many as one day may bring; return how many."""
    if not care.is_waking(now):
        return 0
    shipped = options.read(rules.DEFAULT)
    session = reading()
    begins_at = local_day(to_local(now, local_time.zone()).date(), local_time.zone()).start
    asked = session.scalar(select(func.count()).where(Mediator.asked_to_confirm_at >= begins_at)) or 0
    long_ago = now - shipped.confirmed_for
    wanted = (
        select(Mediator.id)
        .where(
            Mediator.active,
            Mediator.change_told_at.is_(None),
            func.coalesce(Mediator.confirmed_at, Mediator.created_at) <= long_ago,
            or_(Mediator.asked_to_confirm_at.is_(None), Mediator.asked_to_confirm_at <= long_ago),
        )
        .order_by(func.coalesce(Mediator.confirmed_at, Mediator.created_at), Mediator.id)
        .limit(max(0, shipped.asked_a_day - asked))
    )
    return each(session.scalars(wanted).all(), lambda mediator_id: run(partial(_ask, mediator_id=mediator_id, now=now)))


def show(actor: Actor, mediator_id: int, now: datetime) -> Page:
    """Return her page for who holds its link. LinkExpired when nothing was asked for long, Missing for nobody."""
    require(actor, Act.MEDIATOR_CONFIRM_DATA, _subject(mediator_id))
    session = reading()
    person = session.scalar(select(Mediator).where(Mediator.id == mediator_id).options(*mediator_rows.LOADED))
    if person is None:
        raise Missing
    need_open(person, now)
    most = options.read(offer_rules.DEFAULT).lapses_to_ask_the_coordinator
    return Page(
        mediator=person,
        weekly=availability.week_of(session, mediator_id),
        asks_for_data=rules.is_waited_for(care.data_of(person)),
        asks_if_still_there=person.active and person.lapses_in_row >= most,
    )


def holder(mediator_id: int) -> Actor:
    """Return who holds the link of a person's page."""
    return bearer("mediator", mediator_id, mediator_id=mediator_id)


def need_open(person: Mediator, now: datetime) -> None:
    """Raise LinkExpired when the latest question to her is too long ago."""
    asked = [at for at in (person.asked_to_confirm_at, person.asked_still_there_at) if at is not None]
    if not rules.is_link_open(max(asked, default=None), now, options=options.read(rules.DEFAULT)):
        raise LinkExpired


def confirm(actor: Actor, mediator_id: int, now: datetime, *, on_behalf: OnBehalf | None = None) -> None:
    """Note that everything is right, also after a change was entered. Twice is no fault; Missing for nobody."""
    run(partial(_confirm, actor=actor, mediator_id=mediator_id, now=now, on_behalf=on_behalf))


def tell_change(actor: Actor, mediator_id: int, text: str, now: datetime) -> None:
    """Keep what she says has changed as a note of the coordination. Invalid at `text`; the same words count once."""
    require(actor, Act.MEDIATOR_CONFIRM_DATA, _subject(mediator_id))
    findings = Findings()
    words = findings.prose("text", text, LONGEST)
    findings.require("text", words)
    findings.raise_if_any()

    def use_case(session: Session) -> None:
        person = hold(session, actor, mediator_id, now)
        known = select(InternalNote.id).where(InternalNote.mediator_id == person.id, InternalNote.text == words)
        if person.change_told_at is not None and session.scalar(known.limit(1)) is not None:
            return
        session.add(InternalNote(mediator_id=person.id, text=words or "", written_at=now))
        person.change_told_at = now
        care.forget(session, person.id, (care.CONFIRM_DATA,), now)
        audit.record(session, actor, "tell_change", ("mediator", person.id), now)

    run(use_case)


def hold(session: Session, actor: Actor, mediator_id: int, now: datetime) -> Mediator:
    """Lock the person who answers, or for whom a coordinator does. Raises Missing, Forbidden, LinkExpired."""
    require(actor, Act.MEDIATOR_CONFIRM_DATA, _subject(mediator_id))
    person = session.get(Mediator, mediator_id, with_for_update=True) if 0 < mediator_id <= LARGEST_ID else None
    if person is None:
        raise Missing
    if actor.link is not None:
        need_open(person, now)
    return person


def _ask(session: Session, *, mediator_id: int, now: datetime) -> bool:
    person = session.get(Mediator, mediator_id, with_for_update={"skip_locked": True})
    shipped = options.read(rules.DEFAULT)
    if person is None or not person.active:
        return False
    if not rules.is_confirmation_due(care.data_of(person), now, options=shipped):
        return False
    person.asked_to_confirm_at = now
    day = to_local(now, local_time.zone()).date()
    care.tell(session, care.CONFIRM_DATA, person, now, key=f"{care.CONFIRM_DATA}:{person.id}:{day}")
    audit.record(session, SYSTEM, "ask_to_confirm", ("mediator", person.id), now)
    return True


def _confirm(
    session: Session, *, actor: Actor, mediator_id: int, now: datetime, on_behalf: OnBehalf | None = None
) -> None:
    person = hold(session, actor, mediator_id, now)
    is_open = rules.is_waited_for(care.data_of(person)) or person.change_told_at is not None
    if not is_open and person.confirmed_at is not None:
        return
    if actor.link is not None and person.change_told_at is not None:
        return  # what she wrote is entered first; who enters it settles both
    person.confirmed_at, person.change_told_at = now, None
    care.forget(session, person.id, (care.CONFIRM_DATA,), now)
    audit.record(session, actor, "confirm_data", ("mediator", person.id), now, on_behalf=on_behalf)


def _subject(mediator_id: int) -> Subject:
    return Subject(mediator_id=mediator_id, key=("mediator", mediator_id))
