"""Find out whether somebody who left offers unanswered is still with the pool: by mail, and by whoever asks her.

When that is asked is decided by `domain.care` and `domain.offers`. Whoever wants no more offers is asked nothing more
until the coordination has settled it; what she has promised stays hers.
"""

from datetime import datetime
from functools import partial

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from dispatch.domain import care as rules
from dispatch.domain import offers as offer_rules
from dispatch.domain.errors import Missing
from dispatch.domain.permissions import SYSTEM, Act, Actor, require
from dispatch.models import Mediator
from dispatch.services import care, confirmations, options
from dispatch.services.audit import record
from dispatch.services.request_access import LARGEST_ID
from dispatch.services.transactions import each, reading, run


def ask_due(now: datetime) -> int:
    """Ask everybody who left too many offers in a row unanswered whether she is still there; return how many."""
    if not care.is_waking(now):
        return 0
    again = now - options.read(rules.DEFAULT).silent_again
    wanted = select(Mediator.id).where(
        Mediator.active,
        Mediator.lapses_in_row >= _most(),
        or_(Mediator.asked_still_there_at.is_(None), Mediator.asked_still_there_at <= again),
    )
    ids = reading().scalars(wanted.order_by(Mediator.id)).all()
    return each(ids, lambda mediator_id: run(partial(_ask, mediator_id=mediator_id, now=now)))


def mark_still_there(actor: Actor, mediator_id: int, now: datetime) -> None:
    """Begin to count her unanswered offers anew. Twice is no fault; Forbidden by role, Missing for nobody."""
    require(actor, Act.MEDIATOR_EDIT)

    def use_case(session: Session) -> None:
        found = session.get(Mediator, mediator_id, with_for_update=True) if 0 < mediator_id <= LARGEST_ID else None
        if found is None:
            raise Missing
        _go_on(session, actor, found, now)

    run(use_case)


def go_on(actor: Actor, mediator_id: int, now: datetime) -> None:
    """Take her word that she wants to be asked. Twice is no fault; Missing, Forbidden, LinkExpired."""
    run(lambda session: _go_on(session, actor, confirmations.hold(session, actor, mediator_id, now), now))


def no_more(actor: Actor, mediator_id: int, now: datetime) -> None:
    """Take her word that she wants no more offers: she is not asked until somebody has spoken with her.

    Her appointments stay. Twice is no fault; Missing, Forbidden, LinkExpired.
    """

    def use_case(session: Session) -> None:
        person = confirmations.hold(session, actor, mediator_id, now)
        if not person.active:
            return
        person.active, person.left_at, person.said_no_more_at = False, now, now
        person.version += 1
        care.forget(session, person.id, care.KINDS, now)
        record(session, actor, "no_more", ("mediator", person.id), now)

    run(use_case)


def settle_no_more(actor: Actor, mediator_id: int, now: datetime) -> None:
    """Note that it is settled that she is asked no more. Twice is no fault; Forbidden by role, Missing for nobody."""
    require(actor, Act.MEDIATOR_EDIT)

    def use_case(session: Session) -> None:
        person = session.get(Mediator, mediator_id, with_for_update=True) if 0 < mediator_id <= LARGEST_ID else None
        if person is None:
            raise Missing
        if person.said_no_more_at is not None:
            person.said_no_more_at = None
            record(session, actor, "settle_no_more", ("mediator", person.id), now)

    run(use_case)


def _ask(session: Session, *, mediator_id: int, now: datetime) -> bool:
    person = session.get(Mediator, mediator_id, with_for_update={"skip_locked": True})
    if person is None or not person.active:
        return False
    shipped = options.read(rules.DEFAULT)
    asked_at = person.asked_still_there_at
    if not rules.is_asked_if_still_there(person.lapses_in_row, asked_at, now, most=_most(), options=shipped):
        return False
    person.asked_still_there_at = now
    key = f"{care.STILL_THERE}:{person.id}:{now:%Y%m%d%H%M%S}"
    care.tell(session, care.STILL_THERE, person, now, key=key)
    record(session, SYSTEM, "ask_still_there", ("mediator", person.id), now, facts={"unanswered": person.lapses_in_row})
    return True


def _go_on(session: Session, actor: Actor, person: Mediator, now: datetime) -> None:
    if person.lapses_in_row:
        facts = {"unanswered": person.lapses_in_row}
        person.lapses_in_row = 0
        record(session, actor, "still_there", ("mediator", person.id), now, facts=facts)
    care.forget(session, person.id, (care.STILL_THERE,), now)


def _most() -> int:
    return options.read(offer_rules.DEFAULT).lapses_to_ask_the_coordinator
