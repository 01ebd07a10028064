"""The pool beside a request: what is loaded for each condition and for the score, in how many statements."""

from collections.abc import Callable
from typing import Any

import pytest

from dispatch.domain.eligibility import Code
from dispatch.models import (
    Mediator,
    MediatorDocument,
    MediatorSetting,
    Request,
    RequestAvoided,
    RequestPerson,
)
from tests.builders import NOW, START, Builder
from tests.services.offering import HOUR, RIESA, add, booked, change, codes, excluded, fitting, rank

Arrange = Callable[[Builder, Request, Mediator], object]

FAILURES: tuple[tuple[str, Code, dict[str, Any], dict[str, Any], Arrange | None], ...] = (
    ("not_in_the_pool", Code.INACTIVE, {"active": False}, {}, None),
    ("no_undertaking", Code.UNDERTAKING, {"undertaking": False}, {}, None),
    ("level_too_low", Code.LANGUAGE, {"languages": (("prs", "B1"),)}, {}, None),
    ("german_too_low", Code.LANGUAGE, {"german_level": "B1"}, {}, None),
    ("related_not_wanted", Code.LANGUAGE, {"languages": (("fa", "native"),)}, {}, None),
    ("not_sworn", Code.QUALIFICATION, {}, {"qualification": "sworn"}, None),
    ("certificate_missing", Code.QUALIFICATION, {}, {"minor": True}, None),
    ("another_gender", Code.GENDER, {"gender": "male"}, {"gender": "female", "gender_strict": True}, None),
    ("mode_not_offered", Code.MODE, {"on_site": False}, {}, None),
    ("not_free", Code.AVAILABILITY, {"weekly": ((0, 480, 600),)}, {}, None),
    (
        "absent",
        Code.AVAILABILITY,
        {},
        {},
        lambda build, request, mediator: build.span(mediator, "absence", START - HOUR, START + HOUR),
    ),
    ("overlap", Code.CONFLICT, {}, {}, lambda build, request, mediator: booked(build, mediator, START - HOUR / 2)),
    (
        "way_too_tight",
        Code.CONFLICT,
        {},
        {},
        lambda build, request, mediator: booked(build, mediator, START - 1.25 * HOUR, **RIESA),
    ),
    ("too_far", Code.DISTANCE, RIESA | {"max_distance_km": 10}, {}, None),
    ("barred_by_the_unit", Code.EXCLUDED, {}, {}, lambda build, request, mediator: excluded(request, mediator, "unit")),
    (
        "refuses_the_unit",
        Code.EXCLUDED,
        {},
        {},
        lambda build, request, mediator: excluded(request, mediator, "mediator"),
    ),
    (
        "knows_the_case",
        Code.EXCLUDED,
        {},
        {},
        lambda build, request, mediator: excluded(request, mediator, "stepped_back", case_token=request.case_token),
    ),
    (
        "barred_for_this_request",
        Code.EXCLUDED,
        {},
        {},
        lambda build, request, mediator: add(
            RequestPerson(request_id=request.id, mediator_id=mediator.id, relation="excluded")
        ),
    ),
    (
        "refuses_the_setting",
        Code.EXCLUDED,
        {},
        {},
        lambda build, request, mediator: add(
            MediatorSetting(mediator_id=mediator.id, setting="parent_talk", relation="refused")
        ),
    ),
    ("own_municipality", Code.EXCLUDED, {"avoid_own_municipality": True}, {}, None),
    (
        "avoided_municipality",
        Code.EXCLUDED,
        RIESA,
        {},
        lambda build, request, mediator: add(RequestAvoided(request_id=request.id, municipality="14627230")),
    ),
    (
        "week_is_full",
        Code.LIMIT,
        {"weekly_hours_limit": 1.5},
        {},
        lambda build, request, mediator: booked(build, mediator, START + 48 * HOUR),
    ),
    (
        "declined_this_revision",
        Code.DECLINED,
        {},
        {},
        lambda build, request, mediator: build.offer(request, mediator, state="declined"),
    ),
    (
        "handed_back_this_time",
        Code.DECLINED,
        {},
        {},
        lambda build, request, mediator: build.appointment(request, mediator, state="handed_back"),
    ),
    (
        "not_this_case",
        Code.DECLINED,
        {},
        {},
        lambda build, request, mediator: excluded(
            request, mediator, "not_this_case", request_id=request.id, case_token=request.case_token
        ),
    ),
)


@pytest.mark.parametrize(("code", "of_mediator", "of_request", "arrange"), [row[1:] for row in FAILURES],
                         ids=[row[0] for row in FAILURES])  # fmt: skip
def test_each_condition_is_loaded_and_fails_alone(
    build: Builder, code: Code, of_mediator: dict[str, Any], of_request: dict[str, Any], arrange: Arrange | None
) -> None:
    request = build.request(**of_request)
    mediator = build.mediator(**of_mediator)
    if arrange:
        arrange(build, request, mediator)

    assert codes(request, mediator) == (code,)


def test_reachable_counts_the_way_and_the_notice(build: Builder) -> None:
    request = build.request(starts_at=NOW + 0.5 * HOUR)
    mediator = build.mediator()

    assert codes(request, mediator) == (Code.REACHABLE,)


ALLOWED: tuple[tuple[str, dict[str, Any], dict[str, Any], Arrange | None], ...] = (
    ("no_pattern_at_all", {"weekly": ()}, {}, None),
    ("related_accepted", {"languages": (("fa", "native"),)}, {"accept_related": True}, None),
    ("variety_of_an_umbrella", {"languages": (("apc", "native"),)}, {"languages": ("ar",)}, None),
    ("second_asked_language", {"languages": (("uk", "C1"),)}, {"languages": ("prs", "uk")}, None),
    ("fallback_named", {"on_site": False}, {"fallback_phone": True}, None),
    (
        "extra_covers",
        {"weekly": ((0, 480, 600),)},
        {},
        lambda build, request, mediator: build.span(mediator, "extra", START, START + HOUR),
    ),
    (
        "a_wish_is_no_condition",
        {"gender": "male"},
        {"gender": "female"},
        None,
    ),
    ("touching_appointment", {}, {"mode": "phone"},
     lambda build, request, mediator: booked(build, mediator, START + HOUR, mode="phone")),
    ("bar_of_another_unit", {}, {},
     lambda build, request, mediator: excluded(request, mediator, "unit", organisation_id=build.organisation().id)),
    ("bar_of_another_case", {}, {},
     lambda build, request, mediator: excluded(request, mediator, "stepped_back", case_token="ABC-DEF")),
    ("declined_an_earlier_revision", {}, {"revision": 2},
     lambda build, request, mediator: build.offer(request, mediator, state="declined", revision=1)),
    ("handed_back_another_time", {}, {},
     lambda build, request, mediator: build.appointment(
         request, mediator, state="handed_back", starts_at=START - HOUR, ends_at=START)),
    ("released_counts_against_nobody", {}, {},
     lambda build, request, mediator: build.appointment(request, mediator, state="released")),
    ("young_certificate", {}, {"minor": True},
     lambda build, request, mediator: add(MediatorDocument(
         mediator_id=mediator.id, type="conduct_certificate", issued_on=NOW.date(), seen_on=NOW.date()))),
)  # fmt: skip


@pytest.mark.parametrize(("of_mediator", "of_request", "arrange"), [row[1:] for row in ALLOWED],
                         ids=[row[0] for row in ALLOWED])  # fmt: skip
def test_what_does_not_count_against_anybody(
    build: Builder, of_mediator: dict[str, Any], of_request: dict[str, Any], arrange: Arrange | None
) -> None:
    request = build.request(**of_request)
    mediator = build.mediator(**of_mediator)
    if arrange:
        arrange(build, request, mediator)

    assert fitting(request) == [mediator.id]


def test_not_this_case_bars_every_revision_and_every_follow_up(build: Builder) -> None:
    first = build.request()
    mediator = build.mediator()
    excluded(first, mediator, "not_this_case", request_id=first.id, case_token=first.case_token)
    follow_up = build.request(organisation_id=first.organisation_id, starts_at=START + 24 * HOUR)
    other_case = build.request(organisation_id=first.organisation_id, case_token="ABC-DEF")

    found = [codes(change(first, revision=2), mediator), codes(follow_up, mediator), codes(other_case, mediator)]

    assert found == [(Code.DECLINED,), (Code.DECLINED,), ()]


def test_people_of_other_languages_are_not_listed_and_the_inactive_come_last(build: Builder) -> None:
    request = build.request()
    gone = build.mediator(name="Aaliya", active=False)
    related = build.mediator(name="Zahra", languages=(("fa", "native"),))
    build.mediator(languages=(("uk", "native"),))

    ranking = rank(request)

    assert [one.person.mediator.id for one in ranking.ineligible] == [related.id, gone.id]


def test_unknown_times_rank_behind_every_yes(build: Builder) -> None:
    request = build.request()
    unknown = build.mediator(weekly=())
    far = build.mediator(**RIESA, languages=(("prs", "B2"),))

    assert fitting(request) == [far.id, unknown.id]
