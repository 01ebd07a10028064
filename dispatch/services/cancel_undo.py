"""Undo the cancellation of an appointment: its mediator is asked anew whether it suits her.

It must not decide whether the request may be opened again; that is `closing`.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.domain import overrides
from dispatch.domain.eligibility import Code
from dispatch.domain.errors import AlreadyStarted, DoesNotFit, DoubleBooked
from dispatch.domain.lifecycle import AppointmentState, RequestState
from dispatch.domain.permissions import Actor
from dispatch.models import Appointment, Mediator, Request
from dispatch.services import matching, states
from dispatch.services.appointments import propose
from dispatch.services.audit import OnBehalf


def undo_cancel_in(
    session: Session, actor: Actor, request: Request, now: datetime, *, on_behalf: OnBehalf | None = None
) -> Appointment | None:
    """Propose anew the appointment cancelled with a locked, cancelled request; None when it had none then.

    The request is assigned again and the mediator asked. Raises AlreadyStarted when the start has passed,
    DoubleBooked when her time is taken, DoesNotFit when something else speaks against it now.
    """
    appointment = session.scalars(
        select(Appointment)
        .where(
            Appointment.request_id == request.id,
            Appointment.state == AppointmentState.CANCELLED,
            Appointment.ended_at == request.closed_at,
        )
        .order_by(Appointment.id.desc())
        .with_for_update()
    ).first()
    if appointment is None:
        return None
    if appointment.starts_at <= now:
        raise AlreadyStarted
    session.execute(select(Mediator.id).where(Mediator.id == appointment.mediator_id).with_for_update())
    failures = matching.failures(session, request, appointment.mediator_id, now)
    waived = overrides.parse(appointment.override_codes)
    codes = [failure.code for failure in failures if not (failure.overridable and failure.code in waived)]
    if codes:
        raise DoubleBooked if Code.CONFLICT in codes else DoesNotFit(codes)
    states.set_request(session, actor, request, RequestState.ASSIGNED, now, on_behalf=on_behalf)
    appointment.cancel_reason, appointment.ended_at, appointment.late = None, None, False
    propose(session, actor, appointment, now, on_behalf=on_behalf)
    session.flush()
    return appointment
