"""Make up the pool of a demonstration: invented mediators in real municipalities, with languages, times and papers.

It must not use a real person's data; names combine freely, numbers and addresses are those reserved for fiction.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from dispatch.domain import travel
from dispatch.domain.availability import Availability, WeeklyWindow
from dispatch.domain.intervals import Interval, local_day
from dispatch.domain.modes import Mode
from dispatch.domain.texts import clean_line
from dispatch.models import (
    AvailabilitySpan,
    InternalNote,
    Mediator,
    MediatorDocument,
    MediatorLanguage,
    MediatorSetting,
)
from dispatch.models import WeeklyWindow as WindowRow
from dispatch.reference import demo_names, places
from dispatch.reference.files import fold
from dispatch.services import local_time
from dispatch.services.demo_pool import Person
from dispatch.services.demo_scene import Scene

GUEST = 1
"""The id of the mediator as whom one signs in."""
WITHOUT_MAIL = (6, 19)
INACTIVE = 23
ONE_IN_OUTSIDE = 9
SINCE_DAYS = 400
ENDS, UNCONFIRMED, CHANGED, SAID_NO_MORE = 11, 12, 13, 23
"""Whose undertaking ends soon, who has not said whether her data are right, who told of a change, who wants no more."""
TOLD = "Ich wohne jetzt in Radebeul."
_DRESDEN = ("01097", "01309", "01127", "01445")
_LEVELS = ("native", "C2", "C1", "B2", "B1")
_GERMAN = {"C2": 10, "C1": 35, "B2": 45, "B1": 10}
_TRANSPORT = {"car": 45, "public": 40, "bicycle": 10, "lift": 5}
_SETTINGS = ("doctor", "parent_talk", "jobcenter", "clinic", "kita_talk", "pregnancy", "foreigners_office")


@dataclass(frozen=True, slots=True)
class _Known:
    """Who somebody is before the rest is made up."""

    origin: demo_names.Origin
    gender: str
    first: str
    last: str


def make(scene: Scene, count: int) -> Iterator[int]:
    """Add `count` mediators to the rows and to the pool, yielding the id of each."""
    for known in _who(count, scene.rng):
        yield _add(scene, known)


def fictional_mobile(number: int) -> str:
    """Return a mobile number out of the ranges that the regulator keeps for films and books."""
    series = "+4917139200" if number % 2 else "+49176040690"
    return f"{series}{number // 2 % 100:02}"


def is_without_mail(mediator_id: int) -> bool:
    """Tell who of the pool has no address and is called."""
    return mediator_id % WITHOUT_MAIL[1] == WITHOUT_MAIL[0]


def _who(count: int, rng: Random) -> Iterable[_Known]:
    """Yield the guest, then origins in fixed shares, so that a small pool speaks every language too."""
    origins = demo_names.origins()
    dari = next(origin for origin in origins if origin.first == "prs")
    yield _Known(dari, "female", "Shirin", "Rahmani")
    drawn = [*origins, *rng.choices(origins, weights=[origin.weight for origin in origins], k=max(0, count))]
    for origin in drawn[: max(0, count - 1)]:
        gender = "female" if rng.random() < 0.66 else "male"
        first = rng.choice(origin.female if gender == "female" else origin.male)
        yield _Known(origin, gender, first, rng.choice(origin.surnames))


def _add(scene: Scene, known: _Known) -> int:
    rows, rng = scene.rows, scene.rng
    mediator_id = rows.new_id(Mediator)
    is_guest = mediator_id == GUEST
    home = _home(mediator_id, rng)
    row = _row(scene, mediator_id, known, home)
    if is_guest:
        row |= _GUESTS_WISHES
    if row["email"] is None:
        row |= _WISHES_WITHOUT_MAIL
    rows.add(Mediator, row)
    if row["change_told_at"] is not None:
        note = {"request_id": None, "mediator_id": mediator_id, "text": TOLD, "written_by_id": None}
        rows.add(InternalNote, {**note, "written_at": row["change_told_at"]})
    languages = _languages(known.origin, rng)
    for position, (code, level) in enumerate(languages):
        values = {"mediator_id": mediator_id, "code": code, "position": position, "level": level}
        rows.add(MediatorLanguage, values)
    has_certificate = _papers(scene, mediator_id)
    for code in rng.sample(_SETTINGS, rng.choice((0, 1, 1, 2))):
        rows.add(MediatorSetting, {"mediator_id": mediator_id, "setting": code, "relation": "experience"})
    times = _times(scene, mediator_id)
    scene.pool.add(
        Person(
            id=mediator_id,
            name=row["name"],
            email=row["email"],
            languages=tuple(code for code, level in languages if level in _LEVELS[:4]),
            home=travel.Place(travel.Point(home.lat, home.lon), home.ags),
            modes=_modes(row),
            transport=travel.Transport(row["transport"]),
            furthest_km=row["max_distance_km"],
            times=times,
            limit_minutes=row["weekly_hours_limit"] and round(row["weekly_hours_limit"] * 60),
            gender=known.gender,
            is_ready=row["active"],
            has_certificate=has_certificate,
            level=row["german_level"],
            is_kept_free=is_guest or mediator_id == WITHOUT_MAIL[0],
        )
    )
    return mediator_id


_GUESTS_WISHES: dict[str, Any] = {
    "german_level": "C1", "transport": "car", "max_distance_km": 60, "weekly_hours_limit": None, "by_phone": True,
    "by_video": True, "on_site": True, "active": True, "contact_channel": "mail", "phone": "+491713920014",
    "email": "shirin.rahmani@sprachmittlung.example", "short_notice": True, "share_surname": True,
}  # fmt: skip
_WISHES_WITHOUT_MAIL: dict[str, Any] = {
    "german_level": "C1", "transport": "car", "max_distance_km": 80, "weekly_hours_limit": None, "by_phone": True,
    "active": True,
}  # fmt: skip


def _home(mediator_id: int, rng: Random) -> places.Place:
    if mediator_id == GUEST:
        return places.place_of_municipality("14627230") or _by_population(rng)
    if mediator_id % ONE_IN_OUTSIDE == 0:
        return rng.choice(places.towns(rng.choice(_DRESDEN)))
    return _by_population(rng)


def _by_population(rng: Random) -> places.Place:
    known = places.municipalities()
    chosen = rng.choices(known, weights=[municipality.population for municipality in known])[0]
    found = places.place_of_municipality(chosen.ags)
    assert found is not None
    return found


def _row(scene: Scene, mediator_id: int, known: _Known, home: places.Place) -> dict[str, Any]:
    rng = scene.rng
    name = clean_line(f"{known.first} {known.last}", 120).text
    is_without = is_without_mail(mediator_id)
    address = f"{fold(known.first)}.{fold(known.last)}".replace(" ", ".")
    return {
        "id": mediator_id,
        "badge_number": scene.rows.new_number("badge"),
        "name": name,
        "call_name": known.first,
        "share_surname": rng.random() < 0.3,
        "email": None if is_without else f"{address}.{mediator_id}@sprachmittlung.example",
        "phone": fictional_mobile(mediator_id),
        "contact_channel": "phone" if is_without else "mail",
        "call_times": "am besten nach 14 Uhr" if is_without else None,
        "gender": known.gender,
        "municipality": home.ags,
        "postal_code": home.postal_code,
        "town": home.town,
        "lat": home.lat,
        "lon": home.lon,
        "german_level": scene.pick(_GERMAN),
        "qualification": "certified" if rng.random() < 0.15 else "lay",
        "on_site": True,
        "by_phone": rng.random() < 0.8,
        "by_video": rng.random() < 0.5,
        "transport": scene.pick(_TRANSPORT),
        "max_distance_km": rng.choice((25, 40, 40, 60, 60, 80)),
        "weekly_hours_limit": rng.choice((None, None, None, 6.0, 10.0, 15.0)),
        "night": rng.random() < 0.1,
        "short_notice": rng.random() < 0.4,
        "share_phone": rng.random() < 0.3,
        "active": mediator_id % INACTIVE != 0,
        "ui_language": "ar" if known.origin.first == "ar" and rng.random() < 0.4 else "de",
        "created_at": scene.now - timedelta(days=rng.randint(SINCE_DAYS, 3 * SINCE_DAYS)),
        "left_at": None if mediator_id % INACTIVE else scene.now - timedelta(days=100),
        "confirmed_at": None if mediator_id == UNCONFIRMED else scene.now - timedelta(days=1 + mediator_id * 37 % 300),
        "asked_to_confirm_at": scene.now - timedelta(days=30) if mediator_id == UNCONFIRMED else None,
        "change_told_at": scene.now - timedelta(hours=3) if mediator_id == CHANGED else None,
        "said_no_more_at": scene.now - timedelta(hours=5) if mediator_id == SAID_NO_MORE else None,
    }


def _languages(origin: demo_names.Origin, rng: Random) -> list[tuple[str, str]]:
    further = [(one.code, one.level) for one in origin.further if rng.random() * 100 < one.percent]
    return [(origin.first, "native"), *further]


def _modes(row: dict[str, Any]) -> frozenset[Mode]:
    offered = ((Mode.ON_SITE, row["on_site"]), (Mode.PHONE, row["by_phone"]), (Mode.VIDEO, row["by_video"]))
    return frozenset(mode for mode, is_offered in offered if is_offered)


def _papers(scene: Scene, mediator_id: int) -> bool:
    """Add the undertaking and, for most, a certificate of good conduct; return whether that still counts."""
    rows, rng, today = scene.rows, scene.rng, scene.today
    seen = today - timedelta(days=rng.randint(100, SINCE_DAYS))
    undertaking = {
        "mediator_id": mediator_id, "type": "undertaking", "issued_on": seen, "seen_on": seen,
        "valid_until": today + timedelta(days=45) if mediator_id == ENDS else None,
    }  # fmt: skip
    rows.add(MediatorDocument, undertaking)
    if mediator_id != GUEST and rng.random() < 0.35:
        return False
    issued = today - timedelta(days=rng.randint(60, 6 * 365) if mediator_id != GUEST else 90)
    certificate = {
        "mediator_id": mediator_id, "type": "conduct_certificate", "issued_on": issued,
        "seen_on": issued + timedelta(days=14), "valid_until": _five_years_after(issued),
    }  # fmt: skip
    rows.add(MediatorDocument, certificate)
    return _five_years_after(issued) > today + timedelta(days=60)


def _five_years_after(day: date) -> date:
    return day + timedelta(days=5 * 365)


def _times(scene: Scene, mediator_id: int) -> Availability:
    """Add the usual week, or none at all for one in seven, and for some an absence or an extra ahead."""
    if mediator_id == GUEST or is_without_mail(mediator_id):
        windows = [WeeklyWindow(weekday, 7 * 60, 20 * 60) for weekday in range(7)]
    elif mediator_id % 7 == 3:
        windows = []
    else:
        windows = _week(scene.rng)
    for window in windows:
        values = {"weekday": window.weekday, "start_minute": window.start_minute, "end_minute": window.end_minute}
        scene.rows.add(WindowRow, {"mediator_id": mediator_id, **values})
    spans = {"absence": _absences(scene, mediator_id), "extra": _extras(scene, mediator_id)}
    for kind, intervals in spans.items():
        for span in intervals:
            bounds = {"starts_at": span.start, "ends_at": span.end}
            scene.rows.add(AvailabilitySpan, {"mediator_id": mediator_id, "kind": kind, **bounds})
    return Availability(tuple(windows), spans["extra"], spans["absence"])


def _week(rng: Random) -> list[WeeklyWindow]:
    shape = rng.choice((((7, 14),), ((8, 16),), ((8, 18),), ((8, 12), (13, 18)), ((12, 20),), ((7, 20),)))
    days = sorted(rng.sample(range(5), rng.choice((4, 5, 5, 5)))) + ([5] if rng.random() < 0.3 else [])
    return [WeeklyWindow(day, first * 60, last * 60) for day in days for first, last in shape]


def _absences(scene: Scene, mediator_id: int) -> tuple[Interval, ...]:
    if mediator_id == GUEST or is_without_mail(mediator_id) or scene.rng.random() > 0.2:
        return ()
    first = scene.today + timedelta(days=scene.rng.randint(-20, 25))
    zone = local_time.zone()
    last = first + timedelta(days=scene.rng.randint(2, 14))
    return (Interval(local_day(first, zone).start, local_day(last, zone).end),)


def _extras(scene: Scene, mediator_id: int) -> tuple[Interval, ...]:
    if mediator_id == GUEST or scene.rng.random() > 0.1:
        return ()
    day = scene.today + timedelta(days=scene.rng.randint(1, 14))
    start = local_day(day, local_time.zone()).start + timedelta(hours=scene.rng.choice((8, 10, 14)))
    return (Interval(start, start + timedelta(hours=4)),)
