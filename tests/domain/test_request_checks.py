"""Whether a typed request holds: every field with every code."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from dispatch.domain.candidates import Gender
from dispatch.domain.errors import Invalid
from dispatch.domain.languages import Level
from dispatch.domain.modes import Mode
from dispatch.domain.places import TypedPlace
from dispatch.domain.request_checks import check
from dispatch.domain.requests import BookingContext, Continuity, NewRequest, Policy, TypedRequest
from dispatch.domain.settings import SETTINGS, GenderDemand, Qualification
from tests.domain.bookings import CONTEXT, COORDINATION, END, NOW, START, request, typed
from tests.domain.pool import RIESA
from tests.domain.times import at, minutes

Errors = dict[str, tuple[str, ...]]
DAY = timedelta(days=1)


def errors(given: TypedRequest, context: BookingContext = CONTEXT, **how: Any) -> Errors:
    try:
        check(given, context, how.pop("now", NOW), **how)
    except Invalid as invalid:
        return invalid.errors
    return {}


def test_the_least_is_enough() -> None:
    assert check(typed(), CONTEXT, NOW) == request()


def test_everything_is_kept_in_its_one_form() -> None:
    given = typed(
        languages=("ar", "prs"), level="C1", accept_related=True, dialect=" Syrisch ", protection="normal",
        fallback_modes=("video", "phone"), place_note="Hinterhaus", access_phone="+4935211234",
        access_url="https://example.org/x", contact_name="Empfang", contact_phone="+4935215678", gender="female",
        gender_strict=True, qualification="certified", minor=True, case_token="k7q4mx", continuity="lieber_nicht",
        preferred_mediators=(1, 2), exclude_mediators=(3,), avoid_municipalities=(RIESA,),
        last_useful_answer_at=START - DAY, reference="A 12/26", notes="eins\r\nzwei ", policy="waves",
    )  # fmt: skip

    assert check(given, CONTEXT, NOW) == request(
        languages=("ar", "prs"), level=Level.C1, accept_related=True, dialect="Syrisch",
        fallback_modes=(Mode.VIDEO, Mode.PHONE), place_note="Hinterhaus", access_phone="+4935211234",
        access_url="https://example.org/x", contact_name="Empfang", contact_phone="+4935215678",
        gender=Gender.FEMALE, gender_strict=True, qualification=Qualification.CERTIFIED, minor=True,
        case_token="K7Q-4MX", continuity=Continuity.LIEBER_NICHT, preferred_mediators=frozenset({1, 2}),
        exclude_mediators=frozenset({3}), avoid_municipalities=frozenset({RIESA}),
        last_useful_answer_at=START - DAY, reference="A 12/26", notes="eins\nzwei",
    )  # fmt: skip


def test_everything_that_is_missing_is_told_at_once() -> None:
    fields = ("organisation", "languages", "setting", "mode", "starts_at", "ends_at", "consent")

    assert errors(TypedRequest()) == dict.fromkeys(fields, ("required",))


ON_PHONE = {"mode": "phone", "place": TypedPlace(), "address": ""}
STRICT = {**SETTINGS, "strict": replace(SETTINGS["doctor"], gender=GenderDemand.CONDITION)}


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"organisation_id": 11}, {"organisation": ("unknown",)}),
        ({"languages": ("prs", "xx")}, {"languages": ("unknown",)}),
        ({"languages": ("prs", "prs")}, {"languages": ("repeated",)}),
        ({"languages": ("prs", "fa", "tg", "ar", "ru", "hr")}, {"languages": ("too_many",)}),
        ({"languages": ("und",)}, {}),
        ({"languages": ("mis",)}, {"language_text": ("required",)}),
        ({"languages": ("mis",), "language_text": "Dungan"}, {}),
        ({"languages": ("mis",), "language_text": "a\x00"}, {"language_text": ("control_characters",)}),
        ({"level": "A2"}, {"level": ("unknown",)}),
        ({"dialect": "x" * 201}, {"dialect": ("too_long",)}),
        ({"setting": "party"}, {"setting": ("unknown",)}),
        ({"setting": "crisis_talk"}, {"protection": ("named_only",), "meeting_point": ("required",)}),
        ({"setting": "psychosocial"}, {}),
        ({"setting": "court"}, {}),
        ({"protection": "sensitive"}, {}),
        ({"protection": "protected"}, {"protection": ("named_only",), "meeting_point": ("required",)}),
        ({"protection": "secret"}, {"protection": ("unknown",)}),
        ({"setting": "psychosocial", "protection": "normal"},
         {"protection": ("below_setting",)}),
        ({"mode": "letter"}, {"mode": ("unknown",)}),
        ({"fallback_modes": ("phone", "letter")}, {"fallback_modes": ("unknown",)}),
        ({"fallback_modes": ("on_site",)}, {"fallback_modes": ("same_as_mode",)}),
        ({"fallback_modes": ("phone", "phone")}, {"fallback_modes": ("repeated",)}),
        ({"consent": "maybe"}, {"consent": ("unknown",)}),
        ({"gender": "any"}, {"gender.value": ("unknown",)}),
        ({"qualification": "expert"}, {"qualification": ("unknown",)}),
        ({"continuity": "immer"}, {"continuity": ("unknown",)}),
        ({"case_token": "K7Q-4M0"}, {"case_token": ("not_a_case_token",)}),
        ({"preferred_mediators": (4,)}, {"preferred_mediators": ("unknown",)}),
        ({"exclude_mediators": (1, 4)}, {"exclude_mediators": ("unknown",)}),
        ({"preferred_mediators": (1,), "exclude_mediators": (1, 2)}, {"preferred_mediators": ("also_excluded",)}),
        ({"avoid_municipalities": ("99999999",)}, {"avoid_municipalities": ("unknown",)}),
        ({"reference": "a\nb"}, {"reference": ("control_characters",)}),
        ({"reference": "x" * 201}, {"reference": ("too_long",)}),
        ({"notes": "x" * 500}, {}),
        ({"notes": "x" * 501}, {"notes": ("too_long",)}),
        ({"notes": "a\u202eb"}, {"notes": ("control_characters",)}),
    ],
    ids=lambda value: ",".join(f"{key}={str(one)[:24]}" for key, one in value.items()),
)  # fmt: skip
def test_a_code_is_found(changes: dict[str, Any], found: Errors) -> None:
    assert errors(typed(**changes)) == found


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (ON_PHONE, {}),
        ({"place": TypedPlace()}, {"place": ("required",)}),
        ({"address": " "}, {"place.address": ("required",)}),
        ({"place": TypedPlace(), "address": ""}, {"place": ("required",), "place.address": ("required",)}),
        (ON_PHONE | {"fallback_modes": ("on_site",)}, {"place": ("required",), "place.address": ("required",)}),
        ({"place": TypedPlace(postal_code="01594")}, {"place.town": ("required",)}),
        ({"place": TypedPlace(municipality="99999999")}, {"place.municipality": ("unknown",)}),
        ({"address": "a\x00"}, {"place.address": ("control_characters",)}),
        ({"address": "x" * 201}, {"place.address": ("too_long",)}),
        ({"place_note": "x" * 201}, {"place.note": ("too_long",)}),
        ({"access_phone": "03521 12"}, {"access.phone": ("not_a_phone",)}),
        ({"access_url": "javascript:alert(1)"}, {"access.url": ("not_a_link",)}),
        ({"contact_name": "Empfang"}, {"contact.phone": ("required",)}),
        ({"contact_phone": "+4935211234"}, {"contact.name": ("required",)}),
        ({"contact_name": "Empfang", "contact_phone": "03521"}, {"contact.phone": ("not_a_phone",)}),
    ],
    ids=["by phone", "no place", "no address", "neither", "fallback on site", "town open", "unknown key", "control",
         "long address", "long note", "phone", "link", "name alone", "number alone", "bad number"],
)  # fmt: skip
def test_the_meeting_needs_place_and_address_on_site(changes: dict[str, Any], found: Errors) -> None:
    assert errors(typed(**changes)) == found


FAR = NOW + 400 * DAY
SECOND = timedelta(seconds=1)
NONE: Errors = {}


def lasting(start: datetime, length: timedelta = timedelta(hours=1)) -> dict[str, Any]:
    return {"starts_at": start, "ends_at": start + length}


@pytest.mark.parametrize(
    ("changes", "office", "coordination"),
    [
        (lasting(NOW + SECOND), NONE, NONE),
        (lasting(NOW), {"starts_at": ("in_the_past",)}, NONE),
        (lasting(NOW - 14 * DAY), {"starts_at": ("in_the_past",)}, NONE),
        (lasting(NOW - 14 * DAY - SECOND), {"starts_at": ("in_the_past",)}, {"starts_at": ("too_long_ago",)}),
        (lasting(FAR), NONE, NONE),
        (lasting(FAR + SECOND), *[{"starts_at": ("too_far_ahead",)}] * 2),
        (lasting(START, minutes(5)), NONE, NONE),
        (lasting(START, minutes(5) - SECOND), *[{"ends_at": ("span_too_short",)}] * 2),
        (lasting(START, DAY), NONE, NONE),
        (lasting(START, DAY + SECOND), *[{"ends_at": ("span_too_long",)}] * 2),
        (lasting(START, timedelta()), *[{"ends_at": ("not_after_start",)}] * 2),
        (lasting(START, -DAY), *[{"ends_at": ("not_after_start",)}] * 2),
        ({"starts_at": START.replace(microsecond=1)}, *[{"starts_at": ("not_whole_seconds",)}] * 2),
        ({"starts_at": datetime(1, 1, 1, tzinfo=UTC)},
         {"starts_at": ("in_the_past",), "ends_at": ("span_too_long",)},
         {"starts_at": ("too_long_ago",), "ends_at": ("span_too_long",)}),
        ({"ends_at": datetime(9999, 12, 31, 23, 59, tzinfo=UTC)}, *[{"ends_at": ("span_too_long",)}] * 2),
        ({"ends_at": datetime(9999, 12, 31, 23, 59, tzinfo=timezone(-timedelta(hours=5)))},
         *[{"ends_at": ("out_of_calendar",)}] * 2),
    ],
    ids=["next second", "now", "14 days ago", "longer ago", "400 days ahead", "further", "5 minutes", "shorter",
         "24 hours", "longer", "empty", "backwards", "fraction", "year 1", "year 9999", "beyond year 9999"],
)  # fmt: skip
def test_the_time_lies_ahead_and_within_its_bounds(
    changes: dict[str, Any], office: Errors, coordination: Errors
) -> None:
    assert errors(typed(**changes)) == office
    assert errors(typed(**changes), COORDINATION) == coordination


def test_the_day_of_25_hours_is_too_long_though_it_ends_at_the_same_wall_time() -> None:
    start, end = at("2027-10-30 12:00"), at("2027-10-31 12:00")

    assert errors(typed(starts_at=start, ends_at=end)) == {"ends_at": ("span_too_long",)}


def test_instants_are_kept_in_utc() -> None:
    east = timezone(timedelta(hours=5))

    found = check(typed(starts_at=START.astimezone(east), ends_at=END.astimezone(east)), CONTEXT, NOW)

    assert (found.starts_at, found.starts_at.tzinfo, found.ends_at.tzinfo) == (START, UTC, UTC)


@pytest.mark.parametrize(
    ("start", "afterwards"), [(NOW, True), (NOW - DAY, True), (NOW + SECOND, False)], ids=["now", "before", "ahead"]
)
def test_what_has_begun_is_entered_afterwards(start: datetime, afterwards: bool) -> None:
    given = typed(**lasting(start), last_useful_answer_at=NOW + DAY if afterwards else None)

    found = check(given, COORDINATION, NOW)

    assert (found.entered_afterwards, found.last_useful_answer_at) == (afterwards, None)


@pytest.mark.parametrize(
    ("instant", "found"),
    [
        (NOW + SECOND, NONE),
        (START, NONE),
        (NOW, {"last_useful_answer_at": ("in_the_past",)}),
        (START + SECOND, {"last_useful_answer_at": ("after_start",)}),
        (START.replace(microsecond=5), {"last_useful_answer_at": ("not_whole_seconds",)}),
    ],
    ids=["next second", "at the start", "now", "after the start", "fraction"],
)
def test_the_last_useful_answer_lies_between_now_and_the_start(instant: datetime, found: Errors) -> None:
    assert errors(typed(last_useful_answer_at=instant)) == found


@pytest.mark.parametrize(
    ("gender", "found"), [("", {"gender.value": ("required",)}), ("female", NONE)], ids=["open", "named"]
)
def test_a_setting_may_need_a_gender(gender: str, found: Errors) -> None:
    assert errors(typed(setting="strict", gender=gender), replace(CONTEXT, settings=STRICT)) == found


def test_a_strict_wish_for_no_gender_is_none() -> None:
    assert check(typed(gender_strict=True), CONTEXT, NOW).gender_strict is False


@pytest.mark.parametrize(
    ("before", "policy", "office", "kept"),
    [
        (None, "", NONE, Policy.WAVES),
        (None, "waves", NONE, Policy.WAVES),
        (None, "manual", {"policy": ("not_allowed",)}, Policy.MANUAL),
        (None, "lottery", {"policy": ("unknown",)}, None),
        (Policy.DIRECT, "", NONE, Policy.DIRECT),
        (Policy.DIRECT, "direct", NONE, Policy.DIRECT),
        (Policy.DIRECT, "waves", {"policy": ("not_allowed",)}, Policy.WAVES),
    ],
    ids=["open", "waves", "manual", "unknown", "kept", "kept by name", "changed back"],
)
def test_only_the_coordination_chooses_the_way(
    before: Policy | None, policy: str, office: Errors, kept: Policy | None
) -> None:
    former = None if before is None else request(policy=before)

    assert errors(typed(policy=policy), before=former) == office
    if kept is not None:
        assert check(typed(policy=policy), COORDINATION, NOW, before=former).policy is kept


RUNNING: NewRequest = request(last_useful_answer_at=START - DAY)


def test_an_edit_does_not_judge_an_unchanged_time_again() -> None:
    given = typed(notes="Neu", last_useful_answer_at=START - DAY)

    found = check(given, CONTEXT, START + minutes(10), before=RUNNING)

    assert found == replace(RUNNING, notes="Neu")


def test_an_edit_judges_a_changed_time() -> None:
    given = typed(starts_at=START + minutes(5), last_useful_answer_at=START - DAY)

    assert errors(given, now=START + minutes(10), before=RUNNING) == {"starts_at": ("in_the_past",)}


def test_what_the_edge_could_not_read_is_told_with_the_rest() -> None:
    found = {"starts_at": ("missing_hour",), "contact.phone": ("not_a_phone",), "place.town": ("unknown",)}

    assert errors(typed(starts_at=None, contact_name="Empfang", consent=""), found=found) == found | {
        "consent": ("required",)
    }
