"""Keep the calls somebody must make: to mediators and offices that no mail reaches, in the transaction of their cause.

It must not decide who is called nor word anything; what came of a call is written by `call_records`.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.orm import Session

from dispatch.domain import calls as rules
from dispatch.domain import hours
from dispatch.domain.calls import CallKind, CallSide, Outcome
from dispatch.models import Appointment, CallAttempt, CallTask, Offer, Request
from dispatch.services import local_time, options, residents

PHONE = "phone"
"""The channel of an offer that is made by phone."""

_ASKS = {
    "offer": CallKind.OFFER,
    "appointment_proposed": CallKind.PROPOSAL,
    "approval_wanted": CallKind.PROPOSAL,
    "reminder_reconfirm": CallKind.RECONFIRM,
}
_REMINDS = frozenset({"reminder_week", "reminder_last", "office_reminder_week", "office_reminder_last"})
_OVERTAKEN = {
    "reminder_reconfirm": ("reminder_week",),
    "reminder_last": ("reminder_week",),
    "office_reminder_last": ("office_reminder_week",),
}
"""What need not be said any more once the next reminder is due."""


def kind_of(message: str) -> CallKind:
    """Return what a call is for that takes the place of this mail."""
    return CallKind.REMINDER if message in _REMINDS else _ASKS.get(message, CallKind.NOTICE)


def add(  # the ids are columns, all optional and all keyword-only
    session: Session,
    message: str,
    now: datetime,
    *,
    side: CallSide,
    key: str,
    due_at: datetime,
    kind: CallKind | None = None,
    request_id: int | None = None,
    offer_id: int | None = None,
    appointment_id: int | None = None,
    mediator_id: int | None = None,
    params: Mapping[str, Any] | None = None,
) -> None:
    """Add a call that takes the place of a mail of the kind `message`; one with the same key is not added again.

    `due_at` is by when it is of use; `params` are the facts of the mail, codes and numbers.
    """
    if session.scalar(select(CallTask.id).where(CallTask.key == key)):
        return
    session.add(
        CallTask(
            kind=(kind or kind_of(message)).value,
            side=side.value,
            key=key,
            message=message,
            params=dict(params or {}),
            request_id=request_id,
            offer_id=offer_id,
            appointment_id=appointment_id,
            mediator_id=mediator_id,
            created_at=now,
            due_at=due_at,
        )
    )
    session.flush()


def ask_for_offer(session: Session, offer: Offer, now: datetime) -> None:
    """Let somebody put an offer to its mediator by phone."""
    add(
        session, "offer", now,
        side=CallSide.MEDIATOR, key=f"offer:{offer.id}", due_at=offer.deadline_at,
        request_id=offer.request_id, offer_id=offer.id, mediator_id=offer.mediator_id,
    )  # fmt: skip


def tell_of_offer(session: Session, message: str, offer: Offer, now: datetime, *, cause: str) -> None:
    """Let somebody tell who has heard of an offer what became of it; who was never reached is left in peace."""
    if not _was_reached(session, CallTask.offer_id == offer.id):
        return
    request = session.get_one(Request, offer.request_id)
    add(
        session, message, now,
        side=CallSide.MEDIATOR, key=f"{message}:{offer.id}", due_at=told_by(now, request.starts_at),
        request_id=offer.request_id, offer_id=offer.id, mediator_id=offer.mediator_id, params={"cause": cause},
    )  # fmt: skip


def tell_mediator(
    session: Session,
    message: str,
    appointment: Appointment,
    request: Request,
    now: datetime,
    *,
    key: str,
    params: Mapping[str, Any] | None = None,
) -> None:
    """Let somebody tell a mediator of an appointment, or ask her about it.

    Who said yes or gave it back herself knows, and who never heard of a proposal need not hear that it ended.
    """
    is_her_word = message == "appointment_awaits_office" or (
        message == "appointment_confirmed" and not request.wants_approval
    )
    is_her_no = message == "appointment_released" and (params or {}).get("cause") in (None, "declined")
    if is_her_word or is_her_no:
        return
    ends = message in ("appointment_cancelled", "appointment_released")
    if ends and not _knows_of(session, appointment):
        return
    drop(session, now, messages=_OVERTAKEN.get(message, ()), appointment_id=appointment.id)
    add(
        session, message, now,
        side=CallSide.MEDIATOR, key=key, due_at=_due_at(message, appointment, now), params=params,
        request_id=request.id, appointment_id=appointment.id, mediator_id=appointment.mediator_id,
    )  # fmt: skip


def tell_office(
    session: Session,
    message: str,
    request: Request,
    now: datetime,
    *,
    key: str,
    appointment: Appointment | None = None,
    params: Mapping[str, Any] | None = None,
) -> None:
    """Let somebody tell the office that asked; what it said on the phone itself just now it need not hear again.

    A resident hears only what changes something, and only if there is a way to be reached (`residents.is_told`).
    """
    is_on_the_line = message == "request_received" and request.intake_channel is not None
    if (is_on_the_line and request.submitted_at == now) or not residents.is_told(session, message, request):
        return
    if appointment is not None:
        drop(session, now, messages=_OVERTAKEN.get(message, ()), appointment_id=appointment.id)
    add(
        session, message, now,
        side=CallSide.OFFICE, key=key, due_at=told_by(now, (appointment or request).starts_at), params=params,
        request_id=request.id, appointment_id=appointment.id if appointment else None,
    )  # fmt: skip


def told_by(now: datetime, latest_at: datetime | None) -> datetime:
    """Return by when somebody should have been told."""
    return rules.told_by(
        now,
        latest_at,
        zone=local_time.zone(),
        holidays=local_time.holidays(now),
        hours=options.read(hours.DEFAULT),
        options=options.read(rules.DEFAULT),
    )


def drop(
    session: Session,
    now: datetime,
    *,
    messages: Collection[str] | None = None,
    offer_ids: Collection[int] | None = None,
    appointment_id: int | None = None,
    request_id: int | None = None,
) -> None:
    """Drop the open calls about one thing, of these kinds of message if any are named: their cause has ended."""
    wanted = update(CallTask).where(CallTask.state == "open")
    if messages is not None:
        wanted = wanted.where(CallTask.message.in_(messages))
    if offer_ids is not None:
        wanted = wanted.where(CallTask.offer_id.in_(offer_ids))
    if appointment_id is not None:
        wanted = wanted.where(CallTask.appointment_id == appointment_id)
    if request_id is not None:
        wanted = wanted.where(CallTask.request_id == request_id)
    if messages is not None and not messages:
        return
    session.flush()
    session.execute(wanted.values(state="dropped", closed_at=now), execution_options={"synchronize_session": False})


def _due_at(message: str, appointment: Appointment, now: datetime) -> datetime:
    if message == "appointment_proposed" and appointment.deadline_at is not None:
        return appointment.deadline_at
    return told_by(now, appointment.starts_at)


def _knows_of(session: Session, appointment: Appointment) -> bool:
    """Tell whether she has heard of an appointment: she took an offer, said yes, or somebody spoke with her of it."""
    said_so = (
        appointment.offer_id is not None or appointment.channel is not None or appointment.confirmed_at is not None
    )
    return said_so or _was_reached(session, CallTask.appointment_id == appointment.id)


def _was_reached(session: Session, about: ColumnElement[bool]) -> bool:
    reached = exists().where(CallAttempt.call_task_id == CallTask.id, CallAttempt.outcome != Outcome.NOT_REACHED)
    wanted = select(CallTask.id).where(
        about, CallTask.side == CallSide.MEDIATOR, or_(CallTask.state == "done", reached)
    )
    return session.scalar(wanted.limit(1)) is not None
