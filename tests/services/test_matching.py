"""The pool beside a request: what is loaded for each condition and for the score, in how many statements."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from dispatch.database import db, run
from dispatch.domain.eligibility import Code, codes_of
from dispatch.domain.ranking import Criterion
from dispatch.models import (
    Exclusion,
    Mediator,
    MediatorDocument,
    MediatorSetting,
    Request,
    RequestAvoided,
    RequestPerson,
)
from dispatch.services import matching
from dispatch.services.matching import Ranking
from dispatch.services.transactions import reading
from tests.builders import NOW, START, Builder
from tests.services.offering import change, stored
from tests.statements import counted

RIESA = {"municipality": "14627230", "lat": 51.3083, "lon": 13.2938}
HOUR = timedelta(hours=1)


def add(*rows: Any) -> None:
    run(lambda session: session.add_all(rows))


def rank(request: Request, now: datetime = NOW) -> Ranking:
    db.session.remove()
    return matching.rank(reading(), request.id, now)


def fitting(request: Request, now: datetime = NOW) -> list[int]:
    return [one.person.mediator.id for one in rank(request, now).eligible]


def codes(request: Request, mediator: Mediator, now: datetime = NOW) -> tuple[str, ...]:
    judged = rank(request, now).ineligible
    return next((codes_of(one.failures) for one in judged if one.person.mediator.id == mediator.id), ())


def excluded(request: Request, mediator: Mediator, origin: str, **values: Any) -> None:
    defaults = {"organisation_id": request.organisation_id, "mediator_id": mediator.id, "created_at": NOW}
    add(Exclusion(origin=origin, **defaults | values))


def booked(build: Builder, mediator: Mediator, starts_at: datetime, **values: Any) -> None:
    request = build.request(state="assigned", starts_at=starts_at, **values.pop("request", {}))
    build.appointment(request, mediator, **values)


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


def parts(request: Request, mediator: Mediator) -> dict[Criterion, float]:
    one = next(one for one in rank(request).eligible if one.person.mediator.id == mediator.id)
    return {part.criterion: round(part.value, 3) for part in one.score.parts}


def test_the_score_knows_case_unit_setting_hours_and_place(build: Builder) -> None:
    request = build.request(case_token="K7Q-4MX")
    mediator = build.mediator(weekly_hours_limit=10.0)
    build.mediator(weekly_hours_limit=10.0)
    same_case = {"organisation_id": request.organisation_id, "case_token": "K7Q-4MX"}
    booked(build, mediator, NOW - 7 * 24 * HOUR, request=same_case, state="completed")
    booked(build, mediator, START + 4 * HOUR)

    assert parts(request, mediator) == {
        Criterion.LANGUAGE: 1.0,
        Criterion.CONTINUITY: 1.0,
        Criterion.WAY: 1.0,
        Criterion.FAIR_SHARE: 0.0,
        Criterion.EXPERIENCE: 0.2,
        Criterion.BUNDLING: 1.0,
    }


def test_another_case_of_the_unit_counts_half_and_declared_experience_in_full(build: Builder) -> None:
    request = build.request()
    mediator = build.mediator()
    add(MediatorSetting(mediator_id=mediator.id, setting="parent_talk", relation="experience"))
    other = {"organisation_id": request.organisation_id, "case_token": "ABC-DEF", "setting": "doctor"}
    booked(build, mediator, NOW - 100 * 24 * HOUR, request=other, state="completed")

    found = parts(request, mediator)

    assert (found[Criterion.CONTINUITY], found[Criterion.EXPERIENCE]) == (0.5, 1.0)


def test_a_failed_address_counts_as_no_mail_until_somebody_looked(app: Flask, build: Builder) -> None:
    from dispatch.models import OutboxMessage

    request = build.request()
    mediator = build.mediator()
    failed = OutboxMessage(kind="offer", recipient=mediator.email, locale="de", mediator_id=mediator.id, params={},
                           message_id="one", state="failed", due_at=NOW, created_at=NOW)  # fmt: skip
    add(failed)

    before = rank(request).eligible[0].person.has_mail
    change(failed, seen_at=NOW)
    after = rank(request).eligible[0].person.has_mail

    assert (before, after) == (False, True)


def crowd(build: Builder, number: int) -> Iterable[Mediator]:
    return [build.mediator() for _ in range(number)]


@pytest.mark.parametrize("number", [10, 50])
def test_ranking_takes_four_statements_whatever_the_number(app: Flask, build: Builder, number: int) -> None:
    request = build.request()
    for mediator in crowd(build, number):
        booked(build, mediator, START - 24 * HOUR)

    db.session.remove()
    with counted(db.engine) as statements:
        ranking = matching.rank(reading(), request.id, NOW)

    assert (ranking.eligible_total, len(statements)) == (number, 4)


def test_a_limit_cuts_the_lists_and_not_the_totals(build: Builder) -> None:
    request = build.request()
    crowd(build, 3)

    ranking = matching.rank(reading(), request.id, NOW, limit=2)

    assert (len(ranking.eligible), ranking.eligible_total) == (2, 3)


def test_failures_of_a_move_leave_the_own_appointment_out(build: Builder) -> None:
    request = build.request(state="assigned")
    mediator = build.mediator()
    build.appointment(request, mediator)

    def use_case(session: Session) -> tuple[str, ...]:
        held = session.get(Request, request.id)
        assert held is not None
        held.starts_at, held.ends_at = START + HOUR / 2, START + 1.5 * HOUR
        return codes_of(matching.failures(session, held, mediator.id, NOW, codes=frozenset(Code)))

    assert run(use_case) == ()


def test_note_fit_keeps_since_when_nobody_fits_and_forgets_it(build: Builder) -> None:
    request = build.request()

    alone = (matching.note_fit(request.id, NOW), stored(request).nobody_fits_at)
    matching.note_fit(request.id, NOW + HOUR)
    since = stored(request).nobody_fits_at
    build.mediator()
    found = (matching.note_fit(request.id, NOW + 2 * HOUR), stored(request).nobody_fits_at)

    assert (alone, since, found) == ((0, NOW), NOW, (1, None))


@pytest.mark.parametrize(
    ("values", "woken"),
    [
        ({"nobody_fits_at": NOW}, True),
        ({"exhausted_at": NOW}, True),
        ({}, False),
        ({"nobody_fits_at": NOW, "policy": "manual"}, False),
        ({"nobody_fits_at": NOW, "state": "cancelled"}, False),
    ],
)
def test_a_change_of_the_pool_wakes_searches_without_anybody(
    build: Builder, values: dict[str, Any], woken: bool
) -> None:
    later = NOW + 5 * HOUR
    request = build.request(**{"state": "searching", "wave_due_at": later} | values)

    number = run(lambda session: matching.retry_unfitted(session, NOW))

    assert (number, stored(request).wave_due_at) == ((1, NOW) if woken else (0, later))
