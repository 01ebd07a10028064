"""Name the requests that every demonstration has: those of the guests, and one of each thing that needs a person.

Everything else about them is left to chance, as with all the others.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from dispatch.domain.hours import is_service_day
from dispatch.domain.intervals import at_minute, to_local
from dispatch.domain.modes import Mode
from dispatch.services import local_time
from dispatch.services.demo_calendar import next_daytime
from dispatch.services.demo_offices import AREA
from dispatch.services.demo_people import GUEST, WITHOUT_MAIL
from dispatch.services.demo_requests import Case, Story
from dispatch.services.demo_scene import Scene

NOBODYS_LANGUAGE = "so"
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_LATEST = 19 * 60
_GUESTS_HOURS = 3.0


def named(scene: Scene) -> list[Case]:
    """Return the cases in order of time."""
    cases = [*_of_the_office(scene), *_of_the_mediator(scene), *_that_need_somebody(scene)]
    cases += [*_that_went_wrong(scene), *_of_today(scene)]
    return sorted(cases, key=lambda case: case.start)


def service_day(scene: Scene, days: int) -> date:
    """Return the service day that lies so many service days after today, or before it; 0 is today or the next one."""
    day, left = scene.today, abs(days)
    holidays = local_time.holidays(scene.now)
    step = _DAY if days >= 0 else -_DAY
    while left or not is_service_day(day, holidays=holidays):
        day += step
        left -= bool(left) and is_service_day(day, holidays=holidays)
    return day


def _at(scene: Scene, days: int, hour: int, minute: int = 0) -> datetime:
    return at_minute(service_day(scene, days), hour * 60 + minute, local_time.zone())


def _of_the_office(scene: Scene) -> Iterator[Case]:
    yield Case(Story.KEPT, _at(scene, -20, 9), "ar", own=True)
    yield Case(Story.KEPT, _at(scene, -9, 10), "prs", GUEST, own=True, mode=Mode.ON_SITE)
    yield Case(Story.UNFILLED, _at(scene, -6, 14), "kmr", own=True)
    yield Case(Story.CANCELLED, _at(scene, -4, 11), "uk", own=True)
    yield Case(Story.ASSIGNED, _at(scene, 3, 8, 30), "uk", own=True, asked_before=4 * _DAY, mode=Mode.PHONE)
    yield Case(Story.OPEN, _at(scene, 6, 10, 30), "ar", own=True, asked_before=3 * _HOUR)
    yield Case(Story.OPEN, _at(scene, 8, 14), "vi", own=True, asked_before=2 * _HOUR)
    yield Case(Story.MOVED, _at(scene, 7, 11), "ru", own=True, asked_before=5 * _DAY)
    yield Case(Story.IN_REVIEW, _at(scene, 9, 9), "und", own=True, asked_before=_HOUR)
    yield Case(Story.DRAFT, _at(scene, 12, 15), "ro", own=True, asked_before=_DAY)


def _of_the_mediator(scene: Scene) -> Iterator[Case]:
    yield Case(Story.KEPT, _at(scene, -14, 13), "fa", GUEST, mode=Mode.ON_SITE)
    yield Case(Story.KEPT, _at(scene, -3, 9, 30), "prs", GUEST, mode=Mode.ON_SITE)
    yield Case(Story.ASSIGNED, _at(scene, 1, 9), "prs", GUEST, own=True, asked_before=6 * _DAY, mode=Mode.ON_SITE)
    yield Case(Story.ASSIGNED, _at(scene, 2, 13), "prs", GUEST, asked_before=3 * _DAY, mode=Mode.ON_SITE, phoned=True)
    yield Case(Story.PROPOSED, _at(scene, 4, 14), "prs", GUEST, asked_before=5 * _HOUR)
    yield Case(Story.OPEN, _at(scene, 5, 9), "prs", GUEST, own=True, asked_before=2 * _HOUR, mode=Mode.ON_SITE)


def _that_need_somebody(scene: Scene) -> Iterator[Case]:
    soon = next_daytime(scene.now + _HOUR)
    if to_local(soon, local_time.zone()).date() != service_day(scene, 0):
        soon = _at(scene, 1 if service_day(scene, 0) == scene.today else 0, 8, 30)
    yield Case(Story.SILENT, soon, "uk", asked_before=8 * _DAY)
    yield Case(Story.HANDED_BACK, _at(scene, 2, 12, 30), "ar", asked_before=6 * _DAY)
    yield Case(Story.OPEN, _at(scene, 3, 11), NOBODYS_LANGUAGE, asked_before=5 * _HOUR, area=AREA)
    yield Case(Story.OPEN, _at(scene, 2, 15), "tr", asked_before=5 * _DAY)
    yield Case(Story.OPEN, _at(scene, 7, 10), "uk", asked_before=5 * _HOUR, known_by=_HOUR)
    yield Case(Story.REFUSING, _at(scene, 4, 9, 30), "ro", asked_before=_DAY)
    yield Case(Story.REFUSING, _at(scene, 5, 13), "vi", asked_before=2 * _DAY, area=AREA)
    yield Case(Story.OPEN, _at(scene, 4, 11), "ps", asked_before=2 * _HOUR, mode=Mode.PHONE)
    yield Case(Story.PROPOSED, _at(scene, 6, 10), "ps", WITHOUT_MAIL[0], asked_before=4 * _HOUR, mode=Mode.PHONE)
    yield Case(Story.OPEN, _at(scene, 5, 15), "ar", asked_before=2 * _HOUR, area=AREA, bounces=True)
    yield Case(Story.BY_HAND, _at(scene, 6, 16), "pl", asked_before=3 * _HOUR, area=AREA)
    yield Case(Story.APPROVAL, _at(scene, 8, 11), "ru", asked_before=2 * _DAY, mode=Mode.PHONE)
    yield Case(Story.OPEN, _at(scene, 9, 13), "ar", asked_before=3 * _HOUR, setting="psychosocial", area=AREA)
    yield Case(
        Story.BY_HAND, _at(scene, 5, 14), "prs",
        asked_before=2 * _HOUR, setting="domestic_violence", area=AREA, mode=Mode.ON_SITE,
    )  # fmt: skip
    yield Case(Story.IN_REVIEW, _at(scene, 7, 9), "kmr", asked_before=4 * _HOUR, setting="court", area=AREA)


def _that_went_wrong(scene: Scene) -> Iterator[Case]:
    yield Case(Story.UNFILLED, _at(scene, -1, 14), "ka")
    stories = (Story.CLIENT_ABSENT, Story.MEDIATOR_ABSENT, Story.CANCELLED_LATE, Story.REFILLED, Story.RELEASED)
    for days, story in enumerate((*stories, Story.STEPPED_BACK, Story.REFUSED), start=2):
        yield Case(story, _at(scene, -days, 13), "uk" if days % 2 else "ar", mode=Mode.PHONE)


def _of_today(scene: Scene) -> Iterator[Case]:
    """Yield talks that lie behind, are under way and lie ahead, whatever day it is."""
    zone = local_time.zone()
    latest = at_minute(scene.today, _LATEST, zone)
    earliest = at_minute(scene.today, 7 * 60 + 30, zone)
    languages = ("ar", "uk", "ru", "ar", "tr", "vi", "pl")
    for hours, language in zip((-4.5, -2.5, -0.5, 0.5, 1.5, 3.0, 5.0), languages, strict=True):
        start = scene.now + hours * _HOUR
        start -= timedelta(minutes=start.minute % 15, seconds=start.second)
        if earliest <= start <= latest:
            guest = GUEST if hours == _GUESTS_HOURS else None
            known = language if guest is None else "fa"
            yield Case(story_at(scene, start), start, known, guest, asked_before=4 * _DAY, mode=Mode.PHONE)


def story_at(scene: Scene, start: datetime) -> Story:
    """Return the plain story of a talk: kept if it is surely over, else assigned."""
    return Story.KEPT if start + 3 * _HOUR <= scene.now else Story.ASSIGNED
