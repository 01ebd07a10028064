"""Make up the offers and appointments of a demonstration, with the instants the services would have written.

It must not decide which story a request lives through.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from dispatch.domain import hours, offers
from dispatch.domain import reminders as reminder_rules
from dispatch.domain.lifecycle import AppointmentState, Awaits, OfferState, WithdrawalCause
from dispatch.domain.modes import Mode
from dispatch.domain.offers import WaveRow
from dispatch.models import Appointment, Offer, Reminder
from dispatch.services import bookings, local_time, reminders
from dispatch.services.demo_pool import Fit
from dispatch.services.demo_requests import Draft
from dispatch.services.demo_scene import Scene

_MINUTE = timedelta(minutes=1)
_SCORES = (520_000, 910_000)
_NOES = ("no_time", "no_time", "no_time", "too_far", "other", None)


@dataclass(frozen=True, slots=True)
class Taken:
    """A yes: who, when she was asked and answered, and by which offer."""

    fit: Fit
    asked_at: datetime
    said_yes_at: datetime
    offer_id: int


@dataclass(frozen=True, slots=True)
class _Wave:
    """A wave: when it went out, by which row of the table, its number."""

    asked_at: datetime
    row: WaveRow
    number: int = 1


def ask(scene: Scene, draft: Draft, fit: Fit, *, again_at: datetime | None = None) -> Taken:
    """Add the offers of the wave in which somebody says yes, hers among them, and return her yes.

    The wave goes out with the request, or at `again_at` as a second one.
    """
    zone = local_time.zone()
    asked_at = hours.next_waking((again_at or draft.submitted_at) + _MINUTE, zone=zone)
    row = offers.row_for(asked_at, draft.start, zone=zone)
    yes_at = _answer_at(scene, draft, asked_at, row)
    wave = _Wave(asked_at, row, 1 if again_at is None else 2)
    offer_id = _offer(scene, draft, fit, wave, OfferState.ACCEPTED, answered_at=yes_at)
    for person in _others(scene, draft, fit, (row.asked or 4) - 1):
        other = Fit(person, *_way(scene, draft))
        state = scene.pick({"withdrawn": 5, "declined": 4})
        answered_at = asked_at + (yes_at - asked_at) * scene.rng.random() if state == "declined" else None
        _offer(
            scene, draft, other, wave, OfferState(state),
            answered_at=answered_at.replace(microsecond=0) if answered_at else None,
        )  # fmt: skip
    return Taken(fit, asked_at, yes_at, offer_id)


def refuse(scene: Scene, draft: Draft) -> datetime:
    """Add a wave that nobody says yes to; return when it went out."""
    zone = local_time.zone()
    asked_at = hours.next_waking(draft.submitted_at + _MINUTE, zone=zone)
    row = offers.row_for(asked_at, draft.start, zone=zone)
    wave = _Wave(asked_at, row)
    for person in scene.pool.speakers(draft.talk)[: row.asked or 4]:
        state = OfferState(scene.pick({"declined": 3, "expired": 2}))
        answered_at = _answer_at(scene, draft, asked_at, row) if state is OfferState.DECLINED else None
        _offer(scene, draft, Fit(person, *_way(scene, draft)), wave, state, answered_at=answered_at)
    return asked_at


def appointment(scene: Scene, draft: Draft, taken: Taken, state: AppointmentState, **changes: Any) -> int:
    """Add the appointment of a yes in the state it has reached, with reminders where it lies ahead; return its id."""
    values = _appointment(scene, draft, taken.fit, taken.said_yes_at) | {
        "state": state.value,
        "offer_id": taken.offer_id,
        "confirmed_at": taken.said_yes_at,
    }
    values |= changes
    appointment_id = scene.rows.add(Appointment, values)
    if state in (AppointmentState.CONFIRMED, AppointmentState.RECONFIRMED):
        _remind(scene, Appointment(**values))
    return appointment_id


def proposal(scene: Scene, draft: Draft, fit: Fit, at: datetime, **changes: Any) -> int:
    """Add an appointment that awaits its mediator's yes since `at`; return its id."""
    values = _appointment(scene, draft, fit, at)
    values |= {"state": AppointmentState.PROPOSED.value, "awaits": Awaits.MEDIATOR.value}
    values["deadline_at"] = bookings.deadline_at(Appointment(**values), at)
    return scene.rows.add(Appointment, values | changes)


def new_uid(scene: Scene) -> str:
    """Return a unique word for calendars, out of the seed."""
    return str(UUID(int=scene.rng.getrandbits(128), version=4))


def counts_as_reconfirmed(taken: Taken, start: datetime) -> bool:
    """Return whether the yes came so late that it is a re-confirmation."""
    return reminder_rules.counts_as_reconfirmed(taken.said_yes_at, reminders.reconfirm_at(start))


def _appointment(scene: Scene, draft: Draft, fit: Fit, at: datetime) -> dict[str, Any]:
    scene.pool.take(fit, draft.talk)
    same = ("municipality", "town", "lat", "lon", "address", "mode", "starts_at", "ends_at")
    return {name: draft.row[name] for name in same} | {
        "id": scene.rows.new_id(Appointment),
        "number": scene.rows.new_number("appointment"),
        "request_id": draft.id,
        "mediator_id": fit.person.id,
        "slot": 1,
        "minutes_before": draft.setting.minutes_before,
        "minutes_after": draft.setting.minutes_after,
        "distance_km": fit.distance_km,
        "travel_minutes": fit.way_minutes,
        "uid": new_uid(scene),
        "sequence": 0,
        "created_at": at,
        "reconfirm_at": reminders.reconfirm_at(draft.start),
    }


def _remind(scene: Scene, row: Appointment) -> None:
    facts = reminder_rules.AppointmentFacts(row.starts_at, reminders.departs_at(row), confirmed_at=row.confirmed_at)
    due = reminder_rules.due_reminders(
        facts,
        row.confirmed_at or row.created_at,
        zone=local_time.zone(),
        holidays=local_time.holidays(row.starts_at),
    )
    for one in due:
        if (one.kind, one.side) == (reminder_rules.ReminderKind.RECONFIRM, reminder_rules.Side.OFFICE):
            continue
        values = {
            "appointment_id": row.id,
            "kind": one.kind.value,
            "side": one.side.value,
            "key": f"{row.id}:{one.kind}:{one.side}:{row.sequence}",
            "due_at": one.due_at,
            "state": "done" if one.due_at <= scene.now else "due",
        }
        scene.rows.add(Reminder, values)


def _answer_at(scene: Scene, draft: Draft, asked_at: datetime, row: WaveRow) -> datetime:
    """Return a moment between the asking and the last useful one, never later than now."""
    last = min(
        asked_at + timedelta(minutes=row.answer_within_minutes),
        draft.start - timedelta(minutes=20),
        scene.now,
    )
    seconds = max(60, int((last - asked_at).total_seconds() * scene.rng.uniform(0.05, 0.8)))
    return asked_at + timedelta(seconds=seconds)


def _others(scene: Scene, draft: Draft, fit: Fit, count: int) -> list[Any]:
    found = [person for person in scene.pool.speakers(draft.talk) if person.id != fit.person.id and person.email]
    return found[:count]


def _way(scene: Scene, draft: Draft) -> tuple[float, int]:
    if draft.talk.mode is not Mode.ON_SITE:
        return 0.0, 0
    km = scene.rng.randint(20, 350) / 10
    return km, round(km * 1.5) + 12


def _offer(
    scene: Scene,
    draft: Draft,
    fit: Fit,
    wave: _Wave,
    state: OfferState,
    *,
    answered_at: datetime | None,
) -> int:
    departure = draft.start - timedelta(minutes=fit.way_minutes + draft.setting.minutes_before)
    values = {
        "id": scene.rows.new_id(Offer),
        "request_id": draft.id,
        "mediator_id": fit.person.id,
        "revision": 1,
        "wave": wave.number,
        "state": state.value,
        "cause": WithdrawalCause.TAKEN.value if state is OfferState.WITHDRAWN else None,
        "decline_reason": scene.rng.choice(_NOES) if state is OfferState.DECLINED else None,
        "sent_at": wave.asked_at,
        "deadline_at": offers.deadline(wave.asked_at, wave.row, departure, zone=local_time.zone()),
        "answered_at": answered_at,
        "score": scene.rng.randint(*_SCORES),
        "distance_km": fit.distance_km,
        "travel_minutes": fit.way_minutes,
    }
    return scene.rows.add(Offer, values)
