"""Count what a change of options will affect, before it is saved.

It never changes anything: promises, offers, appointments and their kilometres are stored and stay as they are.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from dispatch.domain.intervals import to_local
from dispatch.domain.lifecycle import AppointmentState, OfferState, RequestState
from dispatch.domain.option_topic import Topic
from dispatch.domain.option_topics import OF_SETTING
from dispatch.domain.requests import Policy
from dispatch.models import Appointment, Mediator, MediatorDocument, Offer, Request, UserArea
from dispatch.reference import places
from dispatch.services import local_time, retention

_OPEN = (RequestState.IN_REVIEW, RequestState.SUBMITTED, RequestState.SEARCHING)
_BOOKED = (AppointmentState.PROPOSED, AppointmentState.CONFIRMED, AppointmentState.RECONFIRMED)
_YEAR = timedelta(days=365.2425)
_ANY_AGE = 1000


class Effect(NamedTuple):
    """A consequence and how many things it concerns; `stays` says what is not touched."""

    code: str
    number: int


def of(session: Session, topic: Topic, before: Any, after: Any, now: datetime) -> tuple[Effect, ...]:
    """Return what a change will affect, without what concerns nothing."""
    count = _of_setting if topic.name.startswith(OF_SETTING) else _OF_TOPIC.get(topic.name, _nothing)
    return tuple(effect for effect in count(session, before, after, now) if effect.number)


def _nothing(_session: Session, _before: Any, _after: Any, _now: datetime) -> list[Effect]:
    return []


def _of_waves(session: Session, _before: Any, _after: Any, now: datetime) -> list[Effect]:
    searching = Request.state.in_((RequestState.SUBMITTED, RequestState.SEARCHING))
    open_offers = select(func.count()).select_from(Offer).where(Offer.state == OfferState.OPEN)
    return [
        Effect("next_wave", _requests(session, searching, Request.policy == Policy.WAVES, Request.ends_at > now)),
        Effect("deadlines_stay", session.scalar(open_offers) or 0),
        _promises(session, now),
    ]


def _of_hours(session: Session, _before: Any, _after: Any, now: datetime) -> list[Effect]:
    searching = Request.state.in_((RequestState.SUBMITTED, RequestState.SEARCHING))
    return [
        Effect("next_wave_hours", _requests(session, searching, Request.policy == Policy.WAVES, Request.ends_at > now)),
        _promises(session, now),
        Effect("reminders_stay", _appointments(session, now)),
    ]


def _of_conditions(session: Session, _before: Any, _after: Any, now: datetime) -> list[Effect]:
    return [Effect("judged_anew", _open_requests(session, now)), _booked_stay(session, now)]


def _of_document_types(session: Session, before: Any, after: Any, now: datetime) -> list[Effect]:
    ages = {row.code: row.years for row in before.rows}
    younger = [row for row in after.rows if row.years and row.years < (ages.get(row.code) or _ANY_AGE)]
    if not younger:
        return []
    today = to_local(now, local_time.zone()).date()
    ended = select(func.count()).where(
        or_(*(_too_old(row.code, row.years, ages.get(row.code), today) for row in younger)),
        MediatorDocument.mediator_id == Mediator.id,
        Mediator.active,
    )
    return [
        Effect("judged_anew", _open_requests(session, now)),
        _booked_stay(session, now),
        Effect("documents_too_old", session.scalar(ended) or 0),
    ]


def _too_old(code: str, years: int, years_before: int | None, today: date) -> ColumnElement[bool]:
    """Return which documents of a type stop counting: too old now and not before, or undated where no age mattered."""
    issued = MediatorDocument.issued_on
    oldest = today - years * _YEAR
    if years_before is None:
        return and_(MediatorDocument.type == code, or_(issued.is_(None), issued < oldest))
    return and_(MediatorDocument.type == code, issued < oldest, issued >= today - years_before * _YEAR)


def _of_travel(session: Session, _before: Any, _after: Any, now: datetime) -> list[Effect]:
    return [Effect("judged_anew", _open_requests(session, now)), Effect("kilometres_stay", _appointments(session, now))]


def _of_weights(session: Session, _before: Any, _after: Any, now: datetime) -> list[Effect]:
    return [Effect("ranked_anew", _open_requests(session, now))]


def _of_reminders(session: Session, before: Any, after: Any, now: datetime) -> list[Effect]:
    booked = _appointments(session, now)
    is_late_changed = before.late_cancellation_hours != after.late_cancellation_hours
    return [Effect("late_from_now", booked if is_late_changed else 0), Effect("reminders_stay", booked)]


def _of_moves(session: Session, _before: Any, _after: Any, now: datetime) -> list[Effect]:
    return [Effect("moves_from_now", _appointments(session, now))]


def _of_areas(session: Session, before: Any, after: Any, now: datetime) -> list[Effect]:
    known = places.municipalities()
    old = {one.ags: before.area_of(one.ags, one.social_area) for one in known}
    new = {one.ags: after.area_of(one.ags, one.social_area) for one in known}
    moved = [ags for ags, area in new.items() if area != old[ags]]
    today = to_local(now, local_time.zone()).date()
    empty = select(func.count(UserArea.user_id.distinct())).where(
        UserArea.social_area.not_in(set(new.values())),
        or_(UserArea.valid_until.is_(None), UserArea.valid_until >= today),
    )
    here = Request.municipality.in_(moved)
    return [
        Effect("change_area", _requests(session, here, Request.state.in_(_OPEN), Request.ends_at > now)),
        Effect("areas_empty", session.scalar(empty) or 0),
    ]


def _of_setting(session: Session, _before: Any, after: Any, now: datetime) -> list[Effect]:
    open_requests = Request.setting == after.code, Request.state.in_(_OPEN), Request.ends_at > now
    booked = select(func.count()).where(
        Appointment.request_id == Request.id,
        Request.setting == after.code,
        Appointment.state.in_(_BOOKED),
        Appointment.ends_at > now,
    )
    return [
        Effect("judged_anew", _requests(session, *open_requests)),
        Effect("appointments_stay", session.scalar(booked) or 0),
    ]


def _of_retention(_session: Session, _before: Any, after: Any, now: datetime) -> list[Effect]:
    return [Effect("cut_next", sum(retention.due(now, after).values()))]


_OF_TOPIC: Mapping[str, Callable[[Session, Any, Any, datetime], list[Effect]]] = {
    "waves": _of_waves,
    "hours": _of_hours,
    "conditions": _of_conditions,
    "document_types": _of_document_types,
    "travel": _of_travel,
    "weights": _of_weights,
    "reminders": _of_reminders,
    "moves": _of_moves,
    "retention": _of_retention,
    "areas": _of_areas,
}


def _requests(session: Session, *conditions: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(Request).where(*conditions)) or 0


def _open_requests(session: Session, now: datetime) -> int:
    return _requests(session, Request.state.in_(_OPEN), Request.ends_at > now)


def _promises(session: Session, now: datetime) -> Effect:
    return Effect("promises_stay", _requests(session, Request.state.in_(_OPEN), Request.answer_by > now))


def _appointments(session: Session, now: datetime) -> int:
    wanted = select(func.count()).where(Appointment.state.in_(_BOOKED), Appointment.ends_at > now)
    return session.scalar(wanted) or 0


def _booked_stay(session: Session, now: datetime) -> Effect:
    return Effect("appointments_stay", _appointments(session, now))
