"""The hard conditions of time, way, limits and refusals, and what is checked when."""

from datetime import timedelta
from typing import Any

import pytest

from dispatch.domain.availability import Answer
from dispatch.domain.candidates import Bar, Declined, Gender
from dispatch.domain.conflicts import Booked, Clash, ClashKind
from dispatch.domain.eligibility import (
    ACCEPTANCE,
    OVERRIDABLE,
    Code,
    EligibilityOptions,
    Failure,
    Moment,
    check,
    codes_of,
)
from dispatch.domain.languages import Level, Spoken
from dispatch.domain.modes import Mode
from dispatch.domain.settings import Qualification
from tests.domain.pool import MEISSEN, RIESA, TUESDAY, candidate, wanted
from tests.domain.times import at, minutes, span

NOW = at("2026-11-24 10:00")
OVERLAP = Clash(ClashKind.OVERLAP, Booked(TUESDAY))
WAY = Clash(ClashKind.WAY, Booked(span("2026-12-01 08:00", "08:45")), 40, 15)


def failures(person: dict[str, Any], request: dict[str, Any], **how: Any) -> tuple[Failure, ...]:
    return check(candidate(**person), wanted(**request), how.pop("now", NOW), **how)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [(Answer.YES, ()), (Answer.UNKNOWN, ()), (Answer.NO, (Failure(Code.AVAILABILITY, True, {}),))],
)
def test_only_a_no_speaks_against_the_time(answer: Answer, expected: tuple[Failure, ...]) -> None:
    assert failures({"availability": answer}, {}) == expected


OVERLAPS = (Failure(Code.CONFLICT, False, {"cause": ClashKind.OVERLAP}),)
TOO_NARROW = (Failure(Code.CONFLICT, True, {"cause": ClashKind.WAY, "needed_minutes": 40, "gap_minutes": 15}),)


@pytest.mark.parametrize(
    ("clashes", "expected"),
    [((), ()), ((OVERLAP,), OVERLAPS), ((WAY,), TOO_NARROW), ((WAY, OVERLAP), OVERLAPS)],
    ids=["none", "overlap", "way", "both"],
)
def test_an_overlap_is_never_set_aside_the_way_may_be(
    clashes: tuple[Clash, ...], expected: tuple[Failure, ...]
) -> None:
    assert failures({"clashes": clashes}, {}) == expected


FAR = (Failure(Code.DISTANCE, True, {"km": 40.5, "limit_km": 40.0}),)


@pytest.mark.parametrize(
    ("person", "modes", "expected"),
    [
        ({"distance_km": 40.0}, (Mode.ON_SITE,), ()),
        ({"distance_km": 40.5}, (Mode.ON_SITE,), FAR),
        ({"distance_km": 40.5}, (Mode.PHONE,), ()),
        ({"distance_km": 40.5, "modes": frozenset({Mode.PHONE})}, (Mode.ON_SITE, Mode.PHONE), ()),
        ({"distance_km": 40.5}, (Mode.ON_SITE, Mode.PHONE), FAR),
        ({"distance_km": 400.0, "max_distance_km": None}, (Mode.ON_SITE,), ()),
    ],
    ids=["at the limit", "beyond", "by phone", "comes by fallback", "fallback not needed", "no limit"],
)
def test_the_way_lies_within_the_limit_on_site(
    person: dict[str, Any], modes: tuple[Mode, ...], expected: tuple[Failure, ...]
) -> None:
    assert failures(person, {"modes": modes}) == expected


HERE = {"municipality": MEISSEN}
SHY = {"municipality": MEISSEN, "avoids_own_municipality": True}


@pytest.mark.parametrize(
    ("person", "request_", "causes"),
    [
        ({"bars": frozenset({Bar.UNIT})}, {}, ("unit",)),
        ({"bars": frozenset({Bar.REQUEST})}, {}, ("request",)),
        ({"bars": frozenset({Bar.CASE})}, {}, ("case",)),
        ({"bars": frozenset({Bar.REFUSES_UNIT})}, {}, ("refuses_unit",)),
        ({"refused_settings": frozenset({"doctor"})}, {}, ("refuses_setting",)),
        ({"refused_settings": frozenset({"clinic"})}, {}, ()),
        (SHY, {"municipality": MEISSEN}, ("own_municipality",)),
        (SHY, {"municipality": RIESA}, ()),
        (SHY | {"municipality": None}, {"municipality": None}, ()),
        (HERE, {"municipality": MEISSEN}, ()),
        (HERE, {"avoided_municipalities": frozenset({MEISSEN})}, ("avoided_municipality",)),
        (HERE, {"avoided_municipalities": frozenset({RIESA})}, ()),
        (
            SHY | {"bars": frozenset(Bar)},
            {"municipality": MEISSEN},
            ("unit", "request", "case", "refuses_unit", "own_municipality"),
        ),
    ],
    ids=["by the unit", "for the request", "for the case", "refuses the unit", "refuses the setting",
         "refuses another setting", "own municipality", "other municipality", "both outside", "does not mind",
         "avoided home", "other home avoided", "many"],
)  # fmt: skip
def test_who_is_kept_away_is_excluded(
    person: dict[str, Any], request_: dict[str, Any], causes: tuple[str, ...]
) -> None:
    expected = (Failure(Code.EXCLUDED, False, {"causes": causes}),) if causes else ()

    assert failures(person, request_) == expected


WEEK_END = {"interval": span("2026-12-06 23:00", "2026-12-07 02:00")}


@pytest.mark.parametrize(
    ("limit", "booked", "request_", "minutes_found"),
    [
        (None, {(2026, 49): 9000}, {}, None),
        (600, {(2026, 49): 540}, {}, None),
        (600, {(2026, 49): 541}, {}, 601),
        (600, {(2026, 50): 600}, {}, None),
        (59, {}, {}, 60),
        (600, {(2026, 49): 540, (2026, 50): 480}, WEEK_END, None),
        (600, {(2026, 49): 540, (2026, 50): 481}, WEEK_END, 601),
        (600, {(2026, 49): 541, (2026, 50): 0}, WEEK_END, 601),
    ],
    ids=["no limit", "just full", "a minute more", "another week", "longer than the limit", "both weeks just full",
         "second week", "first week"],
)  # fmt: skip
def test_the_limit_of_the_week_includes_this_appointment(
    limit: int | None,
    booked: dict[tuple[int, int], int],
    request_: dict[str, Any],
    minutes_found: int | None,
) -> None:
    facts = {"minutes": minutes_found or 0, "limit_minutes": limit or 0}
    expected = () if minutes_found is None else (Failure(Code.LIMIT, True, facts),)

    assert failures({"limit_minutes": limit, "minutes_by_week": booked}, request_) == expected


START, END = TUESDAY.start, TUESDAY.end
BY_PHONE = {"modes": (Mode.PHONE,)}
BACK = {"stepped_back": True}


@pytest.mark.parametrize(
    ("request_", "moment", "latest"),
    [
        ({}, Moment.ASK, START - minutes(15 + 34)),
        ({}, Moment.ASSIGN, START - minutes(34)),
        ({}, Moment.ACCEPT, START - minutes(34)),
        (BY_PHONE, Moment.ASK, START - minutes(15)),
        (BY_PHONE, Moment.ASSIGN, START),
        (BACK, Moment.ASK, END - minutes(15 + 15 + 34)),
        (BACK, Moment.ACCEPT, END - minutes(15 + 34)),
        (BACK | BY_PHONE, Moment.ACCEPT, END - minutes(15)),
    ],
    ids=["asked on site", "assigned on site", "accepted on site", "asked by phone", "assigned by phone",
         "asked after a step back", "accepted after a step back", "by phone after a step back"],
)  # fmt: skip
def test_the_start_must_be_reachable_in_clock_time(request_: dict[str, Any], moment: Moment, latest: Any) -> None:
    in_time = failures({}, request_, now=latest, moment=moment)
    too_late = failures({}, request_, now=latest + timedelta(seconds=1), moment=moment)

    assert (in_time, codes_of(too_late)) == ((), (Code.REACHABLE,))


def test_who_cannot_get_there_reads_how_long_the_way_is() -> None:
    found = failures({}, {}, now=START - minutes(40))

    assert found == (Failure(Code.REACHABLE, True, {"way_minutes": 34, "left_minutes": 40}),)


def test_what_is_entered_afterwards_need_not_be_reachable() -> None:
    assert failures({}, {"entered_afterwards": True}, now=END + timedelta(days=3)) == ()


@pytest.mark.parametrize("declined", list(Declined))
def test_who_declined_is_not_asked_again(declined: Declined) -> None:
    assert failures({"declined": declined}, {}) == (Failure(Code.DECLINED, True, {"cause": declined}),)


NOTHING_FITS: dict[str, Any] = {
    "active": False,
    "documents": (),
    "spoken": (),
    "modes": frozenset(),
    "availability": Answer.NO,
    "clashes": (OVERLAP,),
    "distance_km": 99.0,
    "bars": frozenset({Bar.UNIT}),
    "limit_minutes": 10,
    "declined": Declined.REVISION,
}
EVERYTHING_ASKED: dict[str, Any] = {"qualification": Qualification.SWORN, "gender": Gender.FEMALE}


def test_every_failing_condition_is_told_in_order() -> None:
    found = failures(NOTHING_FITS, EVERYTHING_ASKED, now=START)

    assert codes_of(found) == tuple(Code)


def test_at_acceptance_six_conditions_are_checked_again() -> None:
    found = failures(NOTHING_FITS, EVERYTHING_ASKED, now=START, moment=Moment.ACCEPT)

    assert set(codes_of(found)) == ACCEPTANCE == {
        Code.INACTIVE, Code.UNDERTAKING, Code.CONFLICT, Code.EXCLUDED, Code.LIMIT, Code.REACHABLE,
    }  # fmt: skip


def test_a_coordinator_may_set_aside_what_the_table_says() -> None:
    person = NOTHING_FITS | {"spoken": (Spoken("prs", Level.B1),), "clashes": (WAY,)}

    found = failures(person, EVERYTHING_ASKED, now=START)

    assert {failure.code for failure in found if failure.overridable} == OVERRIDABLE == {
        Code.LANGUAGE, Code.GENDER, Code.MODE, Code.AVAILABILITY, Code.CONFLICT, Code.DISTANCE, Code.LIMIT,
        Code.REACHABLE, Code.DECLINED,
    }  # fmt: skip


def test_the_bounds_are_options() -> None:
    options = EligibilityOptions(notice_minutes=60)

    assert codes_of(failures({}, BY_PHONE, now=START - minutes(59), options=options)) == (Code.REACHABLE,)
