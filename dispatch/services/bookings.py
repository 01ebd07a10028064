"""Book a request with a mediator, and take the yes of whom an appointment awaits.

Whether she fits is checked by the callers under the same locks; overlaps are refused by the database itself.
"""

from datetime import datetime
from functools import partial
from uuid import uuid4

from sqlalchemy.orm import Session

from dispatch.domain import hours, offers, office_links
from dispatch.domain import reminders as rules
from dispatch.domain.errors import Forbidden, MoveRefused
from dispatch.domain.lifecycle import AppointmentState, Awaits, RequestState
from dispatch.domain.modes import Mode, mode_offered
from dispatch.domain.overrides import Override, stored
from dispatch.domain.permissions import Act, Actor, Role
from dispatch.models import Appointment, Mediator, Offer, Request
from dispatch.services import audit, calls, local_time, notices, numbers, options, reminders, states
from dispatch.services.appointment_access import Held, hold, need_on_behalf
from dispatch.services.audit import OnBehalf
from dispatch.services.settings import setting
from dispatch.services.transactions import run

KEPT = frozenset({AppointmentState.CONFIRMED, AppointmentState.RECONFIRMED, AppointmentState.COMPLETED})
"""States in which a yes has been given and holds."""


def book(
    session: Session,
    actor: Actor,
    request: Request,
    mediator: Mediator,
    now: datetime,
    *,
    confirmed: bool,
    distance_km: float,
    travel_minutes: int,
    offer: Offer | None = None,
    on_behalf: OnBehalf | None = None,
    waived: Override | None = None,
) -> Appointment:
    """Give a locked request to a locked mediator: appointment, reminders, mails and audit; return the appointment.

    It begins `confirmed` (`reconfirmed` when the yes comes late), or `proposed` with a deadline of the wave table when
    `confirmed` is false, or when the office wants to agree to her first. What was
    entered after its end needs no yes. Flushes, so that the guard speaks at once: what
    it refuses becomes DoubleBooked or AlreadyTaken in `transactions.run`. MoveRefused when the request is closed.
    """
    states.set_request(session, actor, request, RequestState.ASSIGNED, now, on_behalf=on_behalf)
    request.first_assigned_at = request.first_assigned_at or now
    request.emergency = False
    request.unfilled_reason = None
    request.nobody_fits_at = request.exhausted_at = request.handed_back_at = None
    appointment = _row(session, request, mediator, now)
    set_reconfirmation(session, appointment)
    appointment.offer_id = offer.id if offer else None
    appointment.distance_km, appointment.travel_minutes = distance_km, travel_minutes
    appointment.channel = on_behalf.channel if on_behalf else None
    appointment.recorded_by_id = actor.user_id if on_behalf else None
    if waived:
        appointment.override_codes, appointment.override_reason = stored(waived.codes), waived.reason
    awaits_office = confirmed and _needs_office(appointment, request, now)
    is_certain = not awaits_office and (confirmed or appointment.ends_at <= now)
    _begin(appointment, now, is_certain=is_certain, awaits_office=awaits_office)
    session.add(appointment)
    session.flush()
    facts = {"state": appointment.state, "request": request.id, "mediator": mediator.id}
    if waived:
        facts["override"] = appointment.override_codes
    audit.record(session, actor, "book", ("appointment", appointment.id), now, facts=facts, on_behalf=on_behalf)
    if is_certain:
        _announce(session, appointment, request, now)
    elif awaits_office:
        _tell_of_approval(session, appointment, request, now)
    else:
        notices.tell_mediator(session, "appointment_proposed", appointment, now)
    return appointment


def _begin(appointment: Appointment, now: datetime, *, is_certain: bool, awaits_office: bool) -> None:
    if is_certain:
        appointment.state, appointment.awaits = yes_at(now, appointment), None
        appointment.confirmed_at = now
    else:
        appointment.awaits = (Awaits.OFFICE if awaits_office else Awaits.MEDIATOR).value
        appointment.deadline_at = deadline_at(appointment, now)


def mode_for(request: Request, mediator: Mediator) -> Mode:
    """Return how she would come: the wanted mode, else the first fallback she offers, else the wanted one."""
    fallbacks = (
        (Mode.ON_SITE, request.fallback_on_site),
        (Mode.PHONE, request.fallback_phone),
        (Mode.VIDEO, request.fallback_video),
    )
    offered = (
        (Mode.ON_SITE, mediator.on_site),
        (Mode.PHONE, mediator.by_phone),
        (Mode.VIDEO, mediator.by_video),
    )
    wanted = Mode(request.mode)
    asked = [wanted, *(mode for mode, is_named in fallbacks if is_named)]
    return mode_offered([mode for mode, does in offered if does], asked) or wanted


def yes_at(now: datetime, appointment: Appointment) -> AppointmentState:
    """Return what a yes given now makes of an appointment: a late one counts as re-confirmation."""
    asked_at = appointment.reconfirm_at or reminders.reconfirm_at(appointment.starts_at)
    is_late = rules.counts_as_reconfirmed(now, asked_at, options=options.read(rules.DEFAULT))
    return AppointmentState.RECONFIRMED if is_late else AppointmentState.CONFIRMED


def set_reconfirmation(session: Session, appointment: Appointment) -> None:
    """Write when its mediator is asked whether it stands: by phone while somebody is in the office."""
    request = session.get_one(Request, appointment.request_id)
    by_phone = reminders.is_called(session, appointment.mediator_id, request)
    appointment.reconfirm_at = reminders.reconfirm_at(appointment.starts_at, by_phone=by_phone)


def deadline_at(appointment: Appointment, now: datetime) -> datetime:
    """Return until when a yes to a proposed appointment is waited for, by the wave table."""
    shipped = options.read(offers.DEFAULT)
    waking = options.read(hours.DEFAULT)
    row = offers.row_for(now, appointment.starts_at, zone=local_time.zone(), hours=waking, options=shipped)
    departure = reminders.departs_at(appointment)
    return offers.deadline(now, row, departure, zone=local_time.zone(), hours=waking, options=shipped)


def confirm(actor: Actor, appointment_id: int, now: datetime, *, on_behalf: OnBehalf | None = None) -> Appointment:
    """Take the yes of whom a proposed appointment awaits, or the mediator's word that she comes; return it.

    A yes that was given before and holds is no fault. Forbidden for the side that is not awaited, Invalid when a
    coordinator names no channel, MoveRefused when the appointment is over.
    """
    return run(partial(confirm_in, actor=actor, appointment_id=appointment_id, now=now, on_behalf=on_behalf))


def confirm_in(
    session: Session, *, actor: Actor, appointment_id: int, now: datetime, on_behalf: OnBehalf | None
) -> Appointment:
    """Do the same inside a transaction."""
    held = hold(session, actor, Act.APPOINTMENT_CONFIRM, appointment_id, on_behalf=on_behalf)
    need_on_behalf(actor, on_behalf)
    if held.appointment.state == AppointmentState.PROPOSED:
        if not _is_said_already(actor, held.appointment):
            _accept(session, actor, held, now, on_behalf)
    elif not office_links.speaks_for_office(actor):
        say_coming(session, actor, held.appointment, now, on_behalf=on_behalf)
    elif held.appointment.state not in KEPT:
        raise MoveRefused("appointment", held.appointment.state, AppointmentState.CONFIRMED)
    return held.appointment


def say_coming(
    session: Session, actor: Actor, appointment: Appointment, now: datetime, *, on_behalf: OnBehalf | None = None
) -> None:
    """Note that the mediator of a locked appointment comes: it is re-confirmed, unless she says so much too early.

    MoveRefused when no yes of hers holds any more.
    """
    if appointment.state not in KEPT:
        raise MoveRefused("appointment", appointment.state, AppointmentState.RECONFIRMED)
    if yes_at(now, appointment) is not AppointmentState.RECONFIRMED:
        return
    appointment.coming_at = appointment.coming_at or now
    appointment.reconfirm_alarm_at = None
    if appointment.state == AppointmentState.CONFIRMED:
        states.set_appointment(session, actor, appointment, AppointmentState.RECONFIRMED, now, on_behalf=on_behalf)
        calls.drop(session, now, messages=("reminder_reconfirm",), appointment_id=appointment.id)


def _accept(session: Session, actor: Actor, held: Held, now: datetime, on_behalf: OnBehalf | None) -> None:
    appointment, request = held
    if not is_awaited(actor, appointment):
        raise Forbidden
    if appointment.ends_at <= now:
        raise MoveRefused("appointment", appointment.state, AppointmentState.CONFIRMED)
    if appointment.awaits == Awaits.OFFICE:
        appointment.approved_at = now
    elif _needs_office(appointment, request, now):
        _wait_for_office(session, actor, held, now, on_behalf)
        return
    target = yes_at(now, appointment)
    states.set_appointment(session, actor, appointment, target, now, on_behalf=on_behalf)
    appointment.confirmed_at, appointment.deadline_at = now, None
    if on_behalf:
        appointment.channel, appointment.recorded_by_id = on_behalf.channel, actor.user_id
    notices.forget_waiting(session, appointment, now)
    _announce(session, appointment, request, now)


def _needs_office(appointment: Appointment, request: Request, now: datetime) -> bool:
    """Tell whether the office must agree to who comes before a yes holds: once, and of nothing that is over."""
    return request.wants_approval and appointment.approved_at is None and appointment.ends_at > now


def _is_said_already(actor: Actor, appointment: Appointment) -> bool:
    """Tell whether a mediator repeats the yes for which the office is still to be heard."""
    is_hers = actor.role in (Role.MEDIATOR, Role.LINK) and not office_links.speaks_for_office(actor)
    return is_hers and appointment.awaits == Awaits.OFFICE


def _wait_for_office(session: Session, actor: Actor, held: Held, now: datetime, on_behalf: OnBehalf | None) -> None:
    """Turn the mediator's yes into a question to the office."""
    appointment, request = held
    appointment.awaits = Awaits.OFFICE.value
    appointment.deadline_at = deadline_at(appointment, now)
    appointment.version += 1
    audit.record(session, actor, "agree", ("appointment", appointment.id), now, on_behalf=on_behalf)
    notices.forget_waiting(session, appointment, now)
    _tell_of_approval(session, appointment, request, now)


def _tell_of_approval(session: Session, appointment: Appointment, request: Request, now: datetime) -> None:
    notices.tell_mediator(session, "appointment_awaits_office", appointment, now)
    notices.tell_office(session, "approval_wanted", appointment, request, now)


def is_awaited(actor: Actor, appointment: Appointment) -> bool:
    """Tell whether a proposed appointment waits for this actor's word; staff record that of either side."""
    if office_links.speaks_for_office(actor):
        return appointment.awaits == Awaits.OFFICE
    return actor.role not in (Role.MEDIATOR, Role.LINK) or appointment.awaits == Awaits.MEDIATOR


def _announce(session: Session, appointment: Appointment, request: Request, now: datetime) -> None:
    """Tell both sides of a yes and lay the reminders; of what is over nobody is told."""
    request.first_confirmed_at = request.first_confirmed_at or now
    if appointment.ends_at <= now:
        return
    reminders.make(session, appointment, now)
    notices.tell_mediator(session, "appointment_confirmed", appointment, now)
    notices.tell_office(session, "request_assigned", appointment, request, now)


def _row(session: Session, request: Request, mediator: Mediator, now: datetime) -> Appointment:
    demanded = setting(session, request.setting)
    return Appointment(
        number=numbers.next_number(session, "appointment"),
        request_id=request.id,
        mediator_id=mediator.id,
        state=AppointmentState.PROPOSED.value,
        awaits=Awaits.MEDIATOR.value,
        mode=mode_for(request, mediator).value,
        starts_at=request.starts_at,
        ends_at=request.ends_at,
        minutes_before=demanded.minutes_before,
        minutes_after=demanded.minutes_after,
        municipality=request.municipality,
        postal_code=request.postal_code,
        town=request.town,
        lat=request.lat,
        lon=request.lon,
        address=request.address,
        uid=str(uuid4()),
        created_at=now,
    )
