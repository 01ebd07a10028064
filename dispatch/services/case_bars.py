"""Bar a mediator for one case: who knows the person, or whom the office did not want for it.

It must not decide when; nothing here says why. A bar for a whole unit is its record's.
"""

import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.domain.case_tokens import make_case_token
from dispatch.models import Appointment, Exclusion, Request


def bar_who_knows(session: Session, appointment: Appointment, request: Request, now: datetime) -> None:
    """Bar the mediator of an appointment who knows the person; once is enough."""
    _bar(session, appointment, request, now, origin="stepped_back")


def bar_other_person(session: Session, appointment: Appointment, request: Request, now: datetime) -> None:
    """Bar the mediator for whom the office would rather have somebody else; a case without token gets one."""
    request.case_token = request.case_token or make_case_token(secrets.choice)
    _bar(session, appointment, request, now, origin="unit")


def _bar(session: Session, appointment: Appointment, request: Request, now: datetime, *, origin: str) -> None:
    known = select(Exclusion.id).where(
        Exclusion.mediator_id == appointment.mediator_id,
        Exclusion.origin == origin,
        Exclusion.organisation_id == request.organisation_id,
        Exclusion.case_token == request.case_token,
    )
    if session.scalar(known) is None:
        session.add(
            Exclusion(
                mediator_id=appointment.mediator_id,
                organisation_id=request.organisation_id,
                case_token=request.case_token,
                request_id=request.id,
                origin=origin,
                created_at=now,
            )
        )
