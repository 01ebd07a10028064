"""Move an appointment in time and place: first see that it fits, then ask its mediator for a new yes.

A move that does not fit changes nothing and says why; with `search_again` the mediator is released instead.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from dispatch.domain import document_types, eligibility, overrides
from dispatch.domain import moves as rules
from dispatch.domain import requests as request_rules
from dispatch.domain.eligibility import Code, Moment
from dispatch.domain.errors import AlreadyStarted, ApprovalNeeded, DoesNotFit, Stale
from dispatch.domain.lifecycle import AppointmentState, move_appointment
from dispatch.domain.modes import Mode
from dispatch.domain.moves import Move, TypedMove
from dispatch.domain.permissions import Act, Actor, Role
from dispatch.models import Appointment, Request
from dispatch.reference import places
from dispatch.services import (
    appointments,
    asked,
    blocks,
    candidates,
    links,
    matching,
    notices,
    options,
    promises,
    reminders,
)
from dispatch.services.appointment_access import Held, hold
from dispatch.services.audit import OnBehalf
from dispatch.services.request_access import is_protected
from dispatch.services.transactions import run


def move(
    actor: Actor,
    appointment_id: int,
    typed: TypedMove,
    now: datetime,
    *,
    found: Mapping[str, Iterable[str]] | None = None,
    search_again: bool = False,
    version: int | None = None,
    on_behalf: OnBehalf | None = None,
) -> Appointment:
    """Move an appointment and its request; return it, `proposed` at the new time or `released`.

    Its new time blocks the mediator until she answers or the deadline passes; `found` holds what the edge could not
    read. Raises Invalid for what was typed, Stale when somebody else changed it since `version`, MoveRefused when
    it is over, AlreadyStarted once it has begun, ApprovalNeeded for an office from the third move on, DoesNotFit with
    all reasons, DoubleBooked when the guard was faster. A time and place that are those it has change nothing.
    """

    def use_case(session: Session) -> Appointment:
        held = hold(session, actor, Act.APPOINTMENT_MOVE, appointment_id, on_behalf=on_behalf, with_mediator=True)
        _refuse_what_is_over(actor, held, now, version)
        wanted = _wanted(held, typed, now, found)
        if _is_unchanged(held, wanted) and not search_again:
            return held.appointment
        late = appointments.is_late(held.appointment, now)
        _write_request(session, held.request, wanted)
        facts = {"late": late, "revision": held.request.revision, "moves": held.request.move_count}
        held.appointment.late = late
        if search_again:
            appointments.release(session, actor, held, now, cause="moved", on_behalf=on_behalf)
            appointments.search_anew(session, actor, held.request, now)
        else:
            way = _way_if_it_fits(session, held, now)
            _write_appointment(session, held, way, now)
            _settle_promise(held, now)
            reminders.drop(session, held.appointment, now)
            appointments.propose(session, actor, held.appointment, now, facts=facts, on_behalf=on_behalf)
            links.retire(session, "appointment", appointment_id, now)
        notices.tell_office(
            session, "appointment_moved", held.appointment, held.request, now,
            params={"search_again": search_again, "late": late},
        )  # fmt: skip
        session.flush()
        return held.appointment

    return run(use_case)


def _wanted(held: Held, typed: TypedMove, now: datetime, found: Mapping[str, Iterable[str]] | None) -> Move:
    """Return the move that was typed if it holds; a protected case has a meeting point instead of an address."""
    return rules.check_move(
        typed,
        Mode(held.appointment.mode),
        places,
        now,
        found=found,
        is_protected=is_protected(held.request),
        options=options.read(request_rules.DEFAULT),
    )


def _refuse_what_is_over(actor: Actor, held: Held, now: datetime, version: int | None) -> None:
    """Raise what speaks against any move of this appointment by this actor now."""
    appointment, request = held
    move_appointment(appointment.state, AppointmentState.RELEASED)
    if version is not None and version != appointment.version:
        raise Stale(version, appointment.version)
    if appointment.starts_at <= now:
        raise AlreadyStarted
    is_office = actor.role is Role.REQUESTER
    if is_office and rules.needs_coordinator(request.move_count, options=options.read(rules.DEFAULT)):
        raise ApprovalNeeded


def _is_unchanged(held: Held, wanted: Move) -> bool:
    appointment, request = held
    same_time = (wanted.starts_at, wanted.ends_at) == (appointment.starts_at, appointment.ends_at)
    if wanted.place is None:
        return same_time
    here = (request.municipality, request.postal_code, request.town, request.address)
    there = (wanted.place.ags, wanted.place.postal_code, wanted.place.town, wanted.address)
    here_besides = (request.place_note, request.meeting_point)
    same_place = here == there and here_besides == (wanted.place_note, wanted.meeting_point)
    return same_time and same_place


def _write_request(session: Session, request: Request, wanted: Move) -> None:
    """Give the request, and the talks in it, their new time and place under a new revision; all may be asked anew."""
    request.starts_at, request.ends_at = wanted.starts_at, wanted.ends_at
    request.last_useful_answer_at = None
    request.stepped_back = False
    request.move_count += 1
    request.revision += 1
    request.wave = 0
    request.version += 1
    if wanted.place is not None:
        place = wanted.place
        request.municipality, request.postal_code, request.town = place.ags, place.postal_code, place.town
        request.lat, request.lon = place.lat, place.lon
        request.address, request.place_note = wanted.address, wanted.place_note
        request.meeting_point = wanted.meeting_point
    blocks.move(session, request)


def _way_if_it_fits(session: Session, held: Held, now: datetime) -> tuple[float, int]:
    """Return kilometres and minutes of the mediator's way to the new place; raises DoesNotFit with every reason."""
    appointment, request = held
    what = asked.reload(session, request)
    person = candidates.load(session, what, now, only=appointment.mediator_id)[0]
    shipped, types = options.read(eligibility.DEFAULT), options.read(document_types.DEFAULT)
    failures = eligibility.check(person.candidate, what.wanted, now, moment=Moment.ASSIGN, options=shipped, types=types)
    kept = overrides.outlives_a_move(overrides.parse(appointment.override_codes))
    codes = [code for code in eligibility.codes_of(failures) if code not in {Code.DECLINED, *kept}]
    if codes:
        raise DoesNotFit(codes)
    return person.distance_km, person.way_minutes


def _settle_promise(held: Held, now: datetime) -> None:
    """What was promised is kept by a yes; what is still owed to the office counts from now, for the new time."""
    appointment, request = held
    if appointment.confirmed_at is not None:
        request.answer_by = None
    elif request.answer_by is not None:
        promises.give(request, now)


def _write_appointment(session: Session, held: Held, way: tuple[float, int], now: datetime) -> None:
    """Give the appointment its new time and place; the old time is free for requests nobody fits."""
    appointment, request = held
    appointment.starts_at, appointment.ends_at = request.starts_at, request.ends_at
    appointment.municipality, appointment.postal_code = request.municipality, request.postal_code
    appointment.town, appointment.address = request.town, request.address
    appointment.lat, appointment.lon = request.lat, request.lon
    appointment.distance_km, appointment.travel_minutes = way
    matching.retry_unfitted(session, now, [appointment.mediator_id])
