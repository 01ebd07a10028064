"""Know the unit that stands for people who ask for themselves, and what may be told to one of them.

It must not read how to reach them; that is `help_requests`'.
"""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch.domain import help_requests as rules
from dispatch.domain.help_requests import Timing, Way
from dispatch.domain.lifecycle import RequestState
from dispatch.models import HelpRequest, Organisation, Request
from dispatch.services import options


def unit(session: Session, now: datetime) -> Organisation:
    """Return the unit for residents; the first request makes it, and of two at once only one does."""
    return _unit(session) or _made(session, now)


def asked_for(session: Session, request: Request) -> bool:
    """Tell whether a resident asked for this request."""
    return session.get_one(Organisation, request.organisation_id).is_for_residents


def is_told(session: Session, message: str, request: Request) -> bool:
    """Tell whether somebody should tell who asked; offices are told everything."""
    if not asked_for(session, request):
        return True
    way = session.scalar(select(HelpRequest.way).where(HelpRequest.request_id == request.id))
    return rules.is_told(message, Way(way) if way else None)


def timing_of(session: Session, request_id: int) -> Timing | None:
    """Return how firm the time of a resident's request is; None for the requests of offices."""
    timing = session.scalar(select(HelpRequest.timing).where(HelpRequest.request_id == request_id))
    return Timing(timing) if timing else None


def settle_time(session: Session, request: Request) -> None:
    """Note that somebody of the coordination has set the time of a request that is looked at."""
    if request.state != RequestState.IN_REVIEW:
        return
    session.execute(
        update(HelpRequest).where(HelpRequest.request_id == request.id).values(timing=Timing.FIXED.value),
        execution_options={"synchronize_session": False},
    )


def _unit(session: Session) -> Organisation | None:
    return session.scalar(select(Organisation).where(Organisation.is_for_residents))


def _made(session: Session, now: datetime) -> Organisation:
    row = Organisation(
        name=options.read(rules.DEFAULT).unit_name, kind="other", is_for_residents=True, created_at=now, version=1
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # another process was the first one
        found = _unit(session)
        assert found is not None
        return found
    return row
