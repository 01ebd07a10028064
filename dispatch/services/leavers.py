"""Cut what is kept about people who left the pool; their rows stay, so that counts stay.

Languages, municipality and appointments stay with a number in place of a name. When it is time is decided by
`domain.retention`.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, String, and_, cast, delete, func, literal, or_, select, update
from sqlalchemy.orm import Session

from dispatch.domain.lifecycle import AppointmentState
from dispatch.models import (
    Applicant,
    Appointment,
    AvailabilitySpan,
    BusyTime,
    FormDraft,
    GivenCalendar,
    LoginSession,
    Mediator,
    MediatorDocument,
    MediatorSetting,
    OutboxMessage,
    User,
    WeeklyWindow,
)
from dispatch.reference import places
from dispatch.services import accounts, links

_NAME = "Ausgeschieden"
"""What is stored in place of the name, with the badge number: data in the language of the records, no label."""
_AHEAD = (AppointmentState.PROPOSED, AppointmentState.CONFIRMED, AppointmentState.RECONFIRMED)
_UNDER_WAY = ("queued", "retry", "sending")
_EMPTIED = ("email", "phone", "remarks", "call_times", "external_id", "postal_code")
_OWN = (MediatorDocument, MediatorSetting, WeeklyWindow, AvailabilitySpan, BusyTime, GivenCalendar, Applicant)


def is_due(cut: datetime) -> ColumnElement[bool]:
    """Return the condition of people who left at `cut` or earlier, promised nothing any more and were not cut yet."""
    promised = select(Appointment.id).where(Appointment.mediator_id == Mediator.id, Appointment.state.in_(_AHEAD))
    number = cast(func.coalesce(Mediator.badge_number, Mediator.id), String)
    kept = [getattr(Mediator, name).is_not(None) for name in _EMPTIED]
    return and_(
        ~Mediator.active,
        Mediator.left_at <= cut,
        or_(Mediator.name != literal(f"{_NAME} ") + number, *kept),
        ~promised.exists(),
    )


def cut_one(session: Session, mediator_id: int, now: datetime) -> None:
    """Leave of a person what counts need: number, languages, municipality, qualification."""
    row = session.get_one(Mediator, mediator_id, with_for_update=True)
    name = f"{_NAME} {row.badge_number or row.id}"
    row.name = row.call_name = name
    for field in _EMPTIED:
        setattr(row, field, None)
    row.share_surname = row.share_phone = False
    home = places.place_of_municipality(row.municipality) if row.municipality else None
    if home:
        row.town, row.lat, row.lon = home.town, home.lat, home.lon
    for table in _OWN:
        session.execute(delete(table).where(table.mediator_id == row.id))
    links.retire(session, "mediator_calendar", row.id, now)
    _forget_address(session, OutboxMessage.mediator_id == row.id)
    user = session.scalar(select(User).where(User.mediator_id == row.id).with_for_update())
    if user is not None:
        _close(session, user, name, now)


def _close(session: Session, user: User, name: str, now: datetime) -> None:
    """Keep the row of an account, to which other rows point, without a person."""
    accounts.end_sessions(session, user.id, now)
    accounts.retire_links(session, user.id, now)
    user.name, user.email = name, f"left-{user.id}@dispatch.invalid"
    user.active, user.password_hash = False, None
    for table in (LoginSession, FormDraft):
        session.execute(delete(table).where(table.user_id == user.id))
    _forget_address(session, OutboxMessage.user_id == user.id)


def _forget_address(session: Session, whose: ColumnElement[bool]) -> None:
    session.execute(update(OutboxMessage).where(whose, OutboxMessage.state.not_in(_UNDER_WAY)).values(recipient=""))
