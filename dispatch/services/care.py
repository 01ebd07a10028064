"""Tell people of the pool something about themselves: by mail, by a call where no mail reaches them.

It must not decide when; a question that has been answered is taken back before it leaves.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from dispatch.domain import care, document_types, documents, hours
from dispatch.domain.calls import CallSide
from dispatch.domain.candidates import Document
from dispatch.domain.care import Data
from dispatch.domain.hours import end_of_next_service_day
from dispatch.models import CallTask, Mediator, MediatorDocument, OutboxMessage
from dispatch.services import calls, local_time, options, outbox, recipients

DOCUMENT_ENDS, CONFIRM_DATA, STILL_THERE = "document_ends", "confirm_data", "still_there"
KINDS = frozenset({DOCUMENT_ENDS, CONFIRM_DATA, STILL_THERE})
"""Messages to a mediator about herself."""


def is_waking(now: datetime) -> bool:
    """Tell whether people of the pool may be written to now."""
    return hours.is_waking(now, zone=local_time.zone(), options=options.read(hours.DEFAULT))


def tell(
    session: Session, kind: str, person: Mediator, now: datetime, *, key: str, params: Mapping[str, Any] | None = None
) -> None:
    """Write to her, or have her called where no mail reaches her; once for each key."""
    to = recipients.mediator(session, person.id)
    if to is not None:
        outbox.enqueue(
            session, kind, to.email, now, locale=to.locale, key=key, mediator_id=person.id, params=params
        )  # fmt: skip
        return
    due_at = end_of_next_service_day(
        now, zone=local_time.zone(), holidays=local_time.holidays(now), options=options.read(hours.DEFAULT)
    )
    calls.add(
        session, kind, now, side=CallSide.MEDIATOR, key=key, due_at=due_at, mediator_id=person.id, params=params
    )  # fmt: skip


def told(session: Session, keys: Collection[str]) -> set[str]:
    """Return those of these keys under which somebody was written to or is called."""
    mails = session.scalars(select(OutboxMessage.key).where(OutboxMessage.key.in_(keys)))
    by_phone = session.scalars(select(CallTask.key).where(CallTask.key.in_(keys)))
    return {key for key in (*mails, *by_phone) if key is not None}


def forget(session: Session, mediator_id: int, kinds: Collection[str], now: datetime) -> None:
    """Drop what waits to be asked of her: she has answered, or somebody has settled it."""
    session.flush()
    mails = update(OutboxMessage).where(OutboxMessage.mediator_id == mediator_id, OutboxMessage.kind.in_(kinds))
    by_phone = update(CallTask).where(CallTask.mediator_id == mediator_id, CallTask.message.in_(kinds))
    unsynchronized = {"synchronize_session": False}
    session.execute(
        mails.where(OutboxMessage.state.in_(outbox.WAITING)).values(state="dropped"), execution_options=unsynchronized
    )
    session.execute(
        by_phone.where(CallTask.state == "open").values(state="dropped", closed_at=now),
        execution_options=unsynchronized,
    )


def forget_renewed(session: Session, person: Mediator, now: datetime) -> None:
    """Drop the open calls about documents of hers that were renewed; her rows are locked and written."""
    session.flush()
    wanted = select(CallTask).where(
        CallTask.mediator_id == person.id, CallTask.message == DOCUMENT_ENDS, CallTask.state == "open"
    )
    for call in session.scalars(wanted):
        if not is_open(session, DOCUMENT_ENDS, person, call.params):
            call.state, call.closed_at = "dropped", now


def is_open(session: Session, kind: str, person: Mediator, params: Mapping[str, Any]) -> bool:
    """Tell whether a message to her about herself still holds: nothing was renewed or answered meanwhile."""
    if not person.active:
        return False
    match kind:
        case "document_ends":
            held = session.scalars(select(MediatorDocument).where(MediatorDocument.mediator_id == person.id))
            last = lasting(held).get(params["type"])
            return last is not None and last.isoformat() == params["last_day"]
        case "confirm_data":
            return care.is_waited_for(data_of(person))
        case _:
            return person.lapses_in_row > 0


def data_of(person: Mediator) -> Data:
    """Return what decides whether she is asked for her data."""
    return Data(person.created_at, person.confirmed_at, person.asked_to_confirm_at, person.change_told_at)


def lasting(rows: Iterable[MediatorDocument]) -> Mapping[str, date | None]:
    """Return until when each type of document of one person counts."""
    held = [Document(row.type, row.issued_on, row.valid_until) for row in rows]
    return documents.lasting(held, options.read(document_types.DEFAULT))
