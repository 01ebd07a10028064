"""Move requests, offers and appointments: the only place that writes a state, each with its audit entry.

Whether a move is allowed is the domain's table; what else an act does is the service's that calls.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session, object_session

from dispatch.domain.lifecycle import (
    AppointmentState,
    OfferState,
    RequestState,
    move_appointment,
    move_offer,
    move_request,
)
from dispatch.domain.permissions import Actor
from dispatch.models import Appointment, Offer, Request
from dispatch.services import calls
from dispatch.services.audit import OnBehalf, record

CLOSED = frozenset({RequestState.CANCELLED, RequestState.UNFILLED, RequestState.COMPLETED})


def set_request(
    session: Session,
    actor: Actor,
    request: Request,
    target: RequestState,
    now: datetime,
    *,
    facts: Mapping[str, Any] | None = None,
    on_behalf: OnBehalf | None = None,
) -> None:
    """Move a locked request to `target`; raises MoveRefused. Closing and reopening keep `closed_at` true.

    A new one is stored here, with the state in which it begins.
    """
    before = request.state
    request.state = move_request(before, target)
    request.version += 1
    request.closed_at = now if target in CLOSED else None
    if target in CLOSED or target == RequestState.ASSIGNED:
        request.wave_due_at = None
    if object_session(request) is None:
        session.add(request)
        session.flush()
    moved = {"from": before, "to": target.value, **(facts or {})}
    record(session, actor, "move", ("request", request.id), now, facts=moved, on_behalf=on_behalf)


def set_offer(
    session: Session,
    actor: Actor,
    offer: Offer,
    target: OfferState,
    now: datetime,
    *,
    facts: Mapping[str, Any] | None = None,
    on_behalf: OnBehalf | None = None,
) -> None:
    """Move a locked offer to `target`; raises MoveRefused. Who was to be called about it is not called any more."""
    before = offer.state
    offer.state = move_offer(before, target)
    if offer.channel == calls.PHONE and target != OfferState.EXPIRED:
        calls.drop(session, now, messages=("offer",), offer_ids=(offer.id,))
    moved = {"from": before, "to": target.value, "request": offer.request_id, **(facts or {})}
    record(session, actor, "move", ("offer", offer.id), now, facts=moved, on_behalf=on_behalf)


def set_appointment(
    session: Session,
    actor: Actor,
    appointment: Appointment,
    target: AppointmentState,
    now: datetime,
    *,
    facts: Mapping[str, Any] | None = None,
    on_behalf: OnBehalf | None = None,
) -> None:
    """Move a locked appointment to `target`; raises MoveRefused. The caller sets `awaits` for `proposed`."""
    before = appointment.state
    appointment.state = move_appointment(before, target)
    appointment.version += 1
    appointment.changed_at = now
    if target != AppointmentState.PROPOSED:
        appointment.awaits = None
    moved = {"from": before, "to": target.value, "request": appointment.request_id, **(facts or {})}
    record(session, actor, "move", ("appointment", appointment.id), now, facts=moved, on_behalf=on_behalf)
