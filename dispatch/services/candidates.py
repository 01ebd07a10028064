"""Make of the pool's rows the people as one request sees them: plain values for the conditions and the score.

It must not decide who fits; that is the domain's.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from dispatch.domain import availability, conflicts, ranking, travel
from dispatch.domain.availability import Availability, WeeklyWindow
from dispatch.domain.candidates import Bar, Candidate, Declined, Document, Gender, Week, minutes_by_week
from dispatch.domain.conflicts import Booked
from dispatch.domain.intervals import Interval, to_local
from dispatch.domain.languages import Level, Spoken
from dispatch.domain.lifecycle import AppointmentState, DeclineReason, OfferState
from dispatch.domain.modes import Mode, mode_offered
from dispatch.domain.ranking import History
from dispatch.domain.settings import Qualification
from dispatch.domain.travel import Transport
from dispatch.models import Appointment, Mediator, MediatorLanguage
from dispatch.services import local_time, options, pool_facts
from dispatch.services.asked import Asked, place_of
from dispatch.services.offers import is_mailed
from dispatch.services.pool_facts import Fact, Facts, of_kind

_NO_REASON = {reason.value for reason in DeclineReason}


@dataclass(frozen=True, slots=True)
class Person:
    """A mediator beside one request.

    `mode` is how she would come; `way_minutes` are those of the way alone. `asked` is the state of her latest
    offer of this revision, `no_reason` why she declined it; `last_contact` names the state of the offer or
    appointment (`offer`, `appointment`) that was the latest between her and the service.
    """

    mediator: Mediator
    candidate: Candidate
    history: History
    mode: Mode
    distance_km: float
    way_minutes: int
    has_mail: bool
    asked: OfferState | None
    no_reason: DeclineReason | None
    last_contact: tuple[datetime, str, str] | None


def load(session: Session, asked: Asked, now: datetime, *, only: int | None = None) -> list[Person]:
    """Return everybody who speaks a language that matters, or `only` one mediator whatever she speaks.

    Three statements whatever the number of people; in no order.
    """
    who = pool_facts.speakers(asked) if only is None else pool_facts.one(only)
    return _people(session, asked, who, now)


def load_some(session: Session, asked: Asked, now: datetime, most: int) -> list[Person]:
    """Return a few active people who speak a language that matters, always the same few; three statements too."""
    active = pool_facts.speakers(asked).join(Mediator, Mediator.id == MediatorLanguage.mediator_id)
    few = active.where(Mediator.active).distinct().order_by(MediatorLanguage.mediator_id).limit(most)
    return _people(session, asked, select(few.subquery().c.mediator_id), now)


def _people(session: Session, asked: Asked, who: Select[int], now: datetime) -> list[Person]:
    mediators = pool_facts.people(session, who)
    facts = pool_facts.facts(session, asked, who, now)
    live = pool_facts.live_appointments(session, asked, who)
    return [
        _person(asked, mediator, facts.get(mediator.id, {}), live.get(mediator.id, ()), has_failed=has_failed)
        for mediator, has_failed in mediators
    ]


def _person(asked: Asked, mediator: Mediator, facts: Facts, live: Sequence[Appointment], *, has_failed: bool) -> Person:
    mode = mode_offered(_modes(mediator), asked.wanted.modes) or asked.wanted.modes[0]
    home = place_of((mediator.lat, mediator.lon), mediator.municipality, mediator.postal_code, mediator.town, None)
    km, minutes = _way(home, asked.place if mode is Mode.ON_SITE else None, Transport(mediator.transport))
    offers = [fact for fact in of_kind(facts, "offer") if fact.first == asked.request.revision]
    latest = max(offers, key=lambda fact: fact.second, default=None)
    return Person(
        mediator=mediator,
        candidate=_candidate(asked, mediator, facts, live, (km, minutes)),
        history=_history(asked, facts, live),
        mode=mode,
        distance_km=km,
        way_minutes=minutes,
        has_mail=is_mailed(mediator) and not has_failed,
        asked=_asked_state(facts, latest),
        no_reason=DeclineReason(latest.detail) if latest and latest.detail in _NO_REASON else None,
        last_contact=_last_contact(facts),
    )


def _candidate(
    asked: Asked, mediator: Mediator, facts: Facts, live: Sequence[Appointment], way: tuple[float, int]
) -> Candidate:
    modes = _modes(mediator)
    mode = mode_offered(modes, asked.wanted.modes) or asked.wanted.modes[0]
    hours = mediator.weekly_hours_limit
    before = asked.setting.minutes_before if mode is Mode.ON_SITE else 0
    return Candidate(
        id=mediator.id,
        active=mediator.active,
        spoken=_spoken(facts),
        german_level=Level(mediator.german_level),
        qualification=Qualification(mediator.qualification),
        gender=Gender(mediator.gender) if mediator.gender else None,
        modes=modes,
        documents=tuple(Document(fact.code, fact.from_day, fact.until_day) for fact in of_kind(facts, "document")),
        availability=availability.covers(_availability(facts), asked.wanted.interval, local_time.zone()),
        distance_km=way[0],
        way_minutes=way[1] + before,
        max_distance_km=mediator.max_distance_km,
        clashes=_clashes(asked, mediator, mode, live),
        municipality=mediator.municipality,
        avoids_own_municipality=mediator.avoid_own_municipality,
        refused_settings=frozenset(fact.code for fact in of_kind(facts, "setting") if fact.detail == "refused"),
        bars=_bars(asked, mediator, facts),
        limit_minutes=round(hours * 60) if hours is not None else None,
        minutes_by_week=_booked_minutes(asked.wanted.minutes, live),
        declined=_declined(asked, facts),
    )


def _modes(mediator: Mediator) -> frozenset[Mode]:
    offered = (
        (Mode.ON_SITE, mediator.on_site),
        (Mode.PHONE, mediator.by_phone),
        (Mode.VIDEO, mediator.by_video),
    )
    return frozenset(mode for mode, is_offered in offered if is_offered)


def _way(home: travel.Place | None, place: travel.Place | None, transport: Transport) -> tuple[float, int]:
    """Return kilometres and minutes of the way from home; none to a call."""
    if home is None or place is None:
        return 0.0, 0
    shipped = options.read(travel.DEFAULT)
    km = travel.way_km(home, place, options=shipped)
    return round(km, 1), travel.way_minutes(home, place, transport, options=shipped)


def _spoken(facts: Facts) -> tuple[Spoken, ...]:
    in_order = sorted(of_kind(facts, "language"), key=lambda fact: fact.first)
    return tuple(Spoken(fact.code, Level(fact.level or Level.B1), _words(fact.detail)) for fact in in_order)


def _words(text: str | None) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip()) if text else ()


def _availability(facts: Facts) -> Availability:
    spans = {"extra": list[Interval](), "absence": list[Interval]()}
    for fact in of_kind(facts, "span"):
        if fact.from_at and fact.until_at:
            spans[fact.code].append(Interval(fact.from_at, fact.until_at))
    weekly = tuple(
        WeeklyWindow(fact.first, fact.second, fact.third, fact.from_day, fact.until_day)
        for fact in of_kind(facts, "window")
    )
    return Availability(weekly, tuple(spans["extra"]), tuple(spans["absence"]))


def _clashes(asked: Asked, mediator: Mediator, mode: Mode, live: Sequence[Appointment]) -> tuple[conflicts.Clash, ...]:
    if not live:
        return ()
    proposed = Booked(
        asked.wanted.interval,
        asked.place if mode is Mode.ON_SITE else None,
        asked.setting.minutes_before,
        asked.setting.minutes_after,
    )
    return conflicts.find_clashes(
        proposed,
        [_booked(appointment) for appointment in live],
        transport=Transport(mediator.transport),
        options=options.read(travel.DEFAULT),
    )


def _booked(appointment: Appointment) -> Booked:
    is_on_site = appointment.mode == Mode.ON_SITE
    return Booked(
        Interval(appointment.starts_at, appointment.ends_at),
        _place(appointment) if is_on_site else None,
        appointment.minutes_before,
        appointment.minutes_after,
        appointment.id,
    )


def _place(appointment: Appointment) -> travel.Place | None:
    return place_of(
        (appointment.lat, appointment.lon),
        appointment.municipality,
        appointment.postal_code,
        appointment.town,
        appointment.address,
    )


def _bars(asked: Asked, mediator: Mediator, facts: Facts) -> frozenset[Bar]:
    request = asked.request
    bars = {Bar.REQUEST for one in request.people if one.relation == "excluded" and one.mediator_id == mediator.id}
    for fact in of_kind(facts, "bar"):
        of_unit = fact.first == request.organisation_id
        if fact.code == "unit" and fact.detail is None and of_unit:
            bars.add(Bar.UNIT)
        elif fact.code == "mediator" and of_unit:
            bars.add(Bar.REFUSES_UNIT)
        elif fact.code in ("stepped_back", "unit") and _concerns_case(fact, asked):
            bars.add(Bar.CASE)
    return frozenset(bars)


def _concerns_case(fact: Fact, asked: Asked) -> bool:
    """Tell whether an exclusion was made for this request or for its case in the same unit."""
    request = asked.request
    if fact.second == request.id:
        return True
    return bool(fact.third) and fact.first in (None, request.organisation_id)


def _declined(asked: Asked, facts: Facts) -> Declined | None:
    """Return what she said no to; "not this case" holds for every revision and every follow-up of the case."""
    bars = of_kind(facts, "bar")
    if any(fact.code == "not_this_case" and _concerns_case(fact, asked) for fact in bars):
        return Declined.REQUEST
    handed_back = any(fact.code == AppointmentState.HANDED_BACK for fact in of_kind(facts, "given_up"))
    offers = [fact for fact in of_kind(facts, "offer") if fact.first == asked.request.revision]
    said_no = any(fact.code == OfferState.DECLINED for fact in offers)
    return Declined.REVISION if handed_back or said_no else None


def _asked_state(facts: Facts, latest: Fact | None) -> OfferState | None:
    """Return the state of her latest offer; a proposal that she let pass stands for an expired one."""
    if any(fact.code == AppointmentState.RELEASED for fact in of_kind(facts, "given_up")):
        return OfferState.EXPIRED
    return OfferState(latest.code) if latest else None


def _booked_minutes(weeks: Collection[Week], live: Sequence[Appointment]) -> Mapping[Week, int]:
    """Return the minutes of her live appointments in each of the weeks."""
    minutes = dict.fromkeys(weeks, 0)
    for appointment in live:
        spread = minutes_by_week(Interval(appointment.starts_at, appointment.ends_at), local_time.zone())
        for week, lasted in spread.items():
            if week in minutes:
                minutes[week] += lasted
    return minutes


def _history(asked: Asked, facts: Facts, live: Sequence[Appointment]) -> History:
    done = list(of_kind(facts, "done"))
    nearness = max((fact.third for fact in done), default=0)
    times = sum(fact.second for fact in done)
    declared = any(
        fact.code == asked.request.setting and fact.detail == "experience" for fact in of_kind(facts, "setting")
    )
    enough = options.read(ranking.DEFAULT).experienced_after
    return History(
        same_case=nearness == 2,
        same_unit=nearness >= 1,
        minutes=sum(fact.first for fact in done),
        times_in_setting=max(times, enough) if declared else times,
        in_same_place=any(_is_bundled(asked, appointment) for appointment in live),
    )


def _is_bundled(asked: Asked, appointment: Appointment) -> bool:
    """Tell whether another appointment of that day is in the same municipality, or town outside the district."""
    request = asked.request
    day = to_local(appointment.starts_at, local_time.zone()).date()
    if appointment.mode != Mode.ON_SITE or day != asked.wanted.day:
        return False
    if request.municipality or appointment.municipality:
        return request.municipality == appointment.municipality
    return (request.postal_code, request.town) == (appointment.postal_code, appointment.town)


def _last_contact(facts: Facts) -> tuple[datetime, str, str] | None:
    contacts = [
        (fact.from_at, kind, fact.code)
        for name, kind in (("contact", "offer"), ("done", "appointment"))
        for fact in of_kind(facts, name)
        if fact.from_at is not None
    ]
    return max(contacts, default=None)
