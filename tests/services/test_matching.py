"""Ranking the pool: the score from what people have done, the statements it takes, what the request remembers."""

from collections.abc import Iterable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from dispatch.database import db, run
from dispatch.domain.eligibility import Code, codes_of
from dispatch.domain.ranking import Criterion
from dispatch.models import (
    Mediator,
    MediatorSetting,
    Request,
)
from dispatch.services import matching, outbox
from dispatch.services.transactions import reading
from tests.builders import NOW, START, Builder
from tests.services.offering import HOUR, add, booked, change, rank, stored
from tests.statements import counted


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
                           message_id="one", state="failed", error=f"{outbox.ADDRESS_REFUSED}: 550", due_at=NOW,
                           created_at=NOW)  # fmt: skip
    add(failed)

    before = rank(request).eligible[0].person.has_mail
    change(failed, seen_at=NOW)
    after = rank(request).eligible[0].person.has_mail

    assert (before, after) == (False, True)


def crowd(build: Builder, number: int) -> Iterable[Mediator]:
    return [build.mediator() for _ in range(number)]


@pytest.mark.parametrize("number", [10, 50])
def test_ranking_takes_five_statements_whatever_the_number(app: Flask, build: Builder, number: int) -> None:
    request = build.request()
    for mediator in crowd(build, number):
        booked(build, mediator, START - 24 * HOUR)

    db.session.remove()
    with counted(db.engine) as statements:
        ranking = matching.rank(reading(), request.id, NOW)

    assert (ranking.eligible_total, len(statements)) == (number, 5)


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

    assert (alone, since, found) == ((False, NOW), NOW, (True, None))


def test_note_fit_finds_the_one_who_fits_behind_many_who_do_not(build: Builder) -> None:
    request = build.request()
    for _ in range(matching.FIRST_LOOK):
        build.mediator(undertaking=False)
    build.mediator()

    assert matching.note_fit(request.id, NOW) is True


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
    defaults: dict[str, Any] = {"state": "searching", "wave_due_at": later}
    request = build.request(**defaults | values)

    number = run(lambda session: matching.retry_unfitted(session, NOW))

    assert (number, stored(request).wave_due_at) == ((1, NOW) if woken else (0, later))
