"""Offers go out in waves: how many, when the next, whom at night, whom never, and what lapses."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from dispatch.database import db, run
from dispatch.models import CallTask, Mediator
from dispatch.services import lapses, matching, waves
from dispatch.services.transactions import reading
from tests.builders import NOW, START, Builder
from tests.services.offering import asked, change, mails, offers_of, states_of, stored

HOUR = timedelta(hours=1)
EVENING = datetime(2026, 11, 24, 21, 30, tzinfo=UTC)
"""22:30 in Berlin."""
MORNING = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)
"""07:00 in Berlin."""


def called() -> list[int | None]:
    db.session.remove()
    return list(reading().scalars(select(CallTask.mediator_id).where(CallTask.state == "open").order_by(CallTask.id)))


def people(build: Builder, number: int, **values: Any) -> list[Mediator]:
    return [build.mediator(**values) for _ in range(number)]


@pytest.mark.parametrize(
    ("ahead", "number", "deadline"),
    [
        (timedelta(days=12), 2, datetime(2026, 11, 26, 9, tzinfo=UTC)),
        (timedelta(days=7), 3, datetime(2026, 11, 25, 9, tzinfo=UTC)),
        (timedelta(days=2), 5, datetime(2026, 11, 24, 13, tzinfo=UTC)),
        (10 * HOUR, 8, NOW + HOUR),
        (4 * HOUR, 9, NOW + HOUR / 4),
    ],
    ids=["over_10_days", "3_to_10_days", "1_to_3_days", "4_to_14_hours", "up_to_4_hours"],
)
def test_each_row_of_the_table_asks_its_number_until_its_deadline(
    build: Builder, ahead: timedelta, number: int, deadline: datetime
) -> None:
    people(build, 9)
    request = build.request(starts_at=NOW + ahead)

    sent = waves.run_waves(NOW)

    made = offers_of(request)
    assert (sent, len(made), {offer.deadline_at for offer in made}) == (number, number, {deadline})
    now = stored(request)
    assert (now.state, now.wave, now.wave_due_at, now.first_offer_at) == ("searching", 1, deadline, NOW)
    assert len(mails("offer")) == number


def test_a_second_look_at_the_same_instant_does_nothing(build: Builder) -> None:
    people(build, 5)
    request = build.request()
    waves.run_waves(NOW)

    assert (waves.run_waves(NOW), len(offers_of(request))) == (0, 3)


def test_the_next_wave_asks_the_next_people_when_the_first_has_lapsed(build: Builder) -> None:
    everybody = [person.id for person in people(build, 5)]
    request = build.request()
    waves.run_waves(NOW)
    later = NOW + 25 * HOUR

    lapsed, sent = lapses.expire_due(later), waves.run_waves(later)

    assert (lapsed, sent, asked(request)) == (3, 2, everybody)
    assert states_of(request) == ["expired"] * 3 + ["open"] * 2


def test_nobody_is_asked_twice_and_the_search_looks_again_every_waking_hour(build: Builder) -> None:
    people(build, 1)
    request = build.request()
    waves.run_waves(NOW)
    later = NOW + 25 * HOUR
    lapses.expire_due(later)

    assert waves.run_waves(later) == 0

    now = stored(request)
    assert (now.exhausted_at, now.nobody_fits_at, now.wave_due_at) == (later, None, later + HOUR)


def test_a_request_nobody_fits_is_searching_and_says_since_when(build: Builder) -> None:
    request = build.request()

    waves.run_waves(NOW)
    waves.run_waves(NOW + HOUR)

    now = stored(request)
    assert (now.state, now.nobody_fits_at, now.exhausted_at) == ("searching", NOW, None)
    assert now.wave_due_at == NOW + 2 * HOUR


def test_who_joins_the_pool_is_asked_when_the_search_is_woken(build: Builder) -> None:
    request = build.request()
    waves.run_waves(NOW)
    newcomer = build.mediator()
    run(lambda session: matching.retry_unfitted(session, NOW))

    waves.run_waves(NOW)

    assert (asked(request), stored(request).nobody_fits_at) == ([newcomer.id], None)


def test_people_without_mail_take_their_places_and_are_called(build: Builder) -> None:
    by_phone, no_mail = build.mediator(contact_channel="phone"), build.mediator(email=None)
    written = people(build, 3)
    request = build.request()

    waves.run_waves(NOW)

    assert asked(request) == [by_phone.id, no_mail.id, written[0].id]
    assert [(offer.channel, offer.in_addition) for offer in offers_of(request)][:2] == [("phone", False)] * 2
    assert (called(), mails("offer")) == ([by_phone.id, no_mail.id], [written[0].email])


def test_who_let_three_offers_lapse_is_asked_in_addition(build: Builder) -> None:
    silent = build.mediator(lapses_in_row=3)
    others = people(build, 3)
    request = build.request()

    waves.run_waves(NOW)

    made = {offer.mediator_id: offer.in_addition for offer in offers_of(request)}
    assert made == {silent.id: True} | {person.id: False for person in others}


def test_a_wave_that_falls_into_the_night_waits_for_seven(build: Builder) -> None:
    people(build, 3)
    request = build.request(wave_due_at=EVENING)

    at_night = (waves.run_waves(EVENING), stored(request).wave_due_at)
    in_the_morning = waves.run_waves(MORNING)

    assert (at_night, in_the_morning) == ((0, MORNING), 3)


def test_night_people_are_asked_at_once_for_a_start_before_nine(build: Builder) -> None:
    night_owl, sleeper = build.mediator(night=True), build.mediator()
    request = build.request(starts_at=MORNING + 1.5 * HOUR, wave_due_at=EVENING)

    waves.run_waves(EVENING)
    at_night = asked(request)
    waves.run_waves(MORNING)

    assert (at_night, asked(request)) == ([night_owl.id], [night_owl.id, sleeper.id])
    assert [(offer.wave, offer.in_addition) for offer in offers_of(request)] == [(0, True), (1, False)]


def test_nobody_is_blamed_for_sleeping(build: Builder) -> None:
    night_owl = build.mediator(night=True)
    build.request(starts_at=MORNING + 1.5 * HOUR, wave_due_at=EVENING)
    waves.run_waves(EVENING)

    lapses.expire_due(MORNING + HOUR)

    assert stored(night_owl).lapses_in_row == 0


def test_short_notice_people_come_first_in_the_last_row_only(build: Builder) -> None:
    slow, quick = build.mediator(), build.mediator(short_notice=True, languages=(("prs", "C1"),))
    urgent = build.request(starts_at=NOW + 3 * HOUR)
    calm = build.request()

    waves.run_waves(NOW)

    assert (sorted(asked(urgent)), asked(calm)) == ([slow.id, quick.id], [slow.id, quick.id])


def test_an_emergency_wave_waits_for_nobody_and_asks_expired_people_again(build: Builder) -> None:
    first, second = people(build, 2)
    request = build.request(state="searching", wave=1)
    build.offer(request, first, state="expired")
    build.offer(request, second, state="declined")
    change(request, emergency=True)

    waves.run_waves(NOW)

    assert (asked(request)[2:], stored(request).emergency) == ([first.id], False)


def test_a_running_wave_is_waited_for(build: Builder) -> None:
    first, second = people(build, 2)
    request = build.request(state="searching", wave=1)
    build.offer(request, first, deadline_at=NOW + HOUR)

    assert (waves.run_waves(NOW), stored(request).wave_due_at, asked(request)) == (0, NOW + HOUR, [first.id])
    assert second.id not in asked(request)


@pytest.mark.parametrize(
    "values",
    [{"revision": 2}, {"state": "cancelled"}, {"wave": 1}, {"wave_due_at": NOW + HOUR}],
    ids=["revision", "state", "another_process_sent_it", "put_off"],
)
def test_a_ranking_is_thrown_away_when_the_request_has_changed(
    build: Builder, monkeypatch: pytest.MonkeyPatch, values: dict[str, Any]
) -> None:
    people(build, 3)
    request = build.request()
    rank = matching.rank

    def rank_slowly(*arguments: Any) -> matching.Ranking:
        ranking = rank(*arguments)
        change(request, **values)
        return ranking

    monkeypatch.setattr(matching, "rank", rank_slowly)

    assert (waves.run_waves(NOW), offers_of(request)) == (0, [])


@pytest.mark.parametrize(
    "values",
    [
        {"policy": "manual"},
        {"policy": "direct"},
        {"protection": "protected"},
        {"state": "in_review"},
        {"state": "assigned"},
        {"starts_at": NOW},
    ],
)
def test_waves_leave_alone_what_is_not_theirs(build: Builder, values: dict[str, Any]) -> None:
    people(build, 2)
    request = build.request(**values)

    assert (waves.run_waves(NOW), offers_of(request)) == (0, [])


def test_a_lapse_counts_in_a_row(build: Builder) -> None:
    mediator = build.mediator(lapses_in_row=1)
    request = build.request(state="searching", wave=1)
    build.offer(request, mediator, deadline_at=NOW)

    assert (lapses.expire_due(NOW - HOUR), lapses.expire_due(NOW), lapses.expire_due(NOW)) == (0, 1, 0)
    assert (stored(mediator).lapses_in_row, states_of(request)) == (2, ["expired"])


def test_a_lapsed_hand_picked_round_is_a_task_for_the_coordinator(build: Builder) -> None:
    request = build.request(state="searching", policy="manual", wave=1, wave_due_at=None)
    build.offer(request, build.mediator(), deadline_at=NOW)

    lapses.expire_due(NOW)

    assert (stored(request).exhausted_at, stored(request).wave_due_at) == (NOW, None)


@pytest.mark.parametrize(
    ("booked_at", "left"),
    [(START, "withdrawn"), (START + HOUR / 2, "withdrawn"), (START + 3 * HOUR, "open")],
    ids=["same_time", "overlap", "later_that_day"],
)
def test_an_appointment_withdraws_her_other_offers_that_no_longer_fit(
    build: Builder, booked_at: datetime, left: str
) -> None:
    mediator = build.mediator()
    request = build.request(state="searching", wave=1, wave_due_at=NOW + HOUR)
    build.offer(request, mediator, sent_at=NOW - HOUR)
    build.appointment(build.request(state="assigned", starts_at=booked_at), mediator)

    number = lapses.withdraw_unfit(NOW)

    cause = {"withdrawn": "no_longer_fits", "open": None}[left]
    assert (number, [(offer.state, offer.cause) for offer in offers_of(request)]) == (int(bool(cause)), [(left, cause)])
    assert stored(request).wave_due_at == (NOW if cause else NOW + HOUR)


def test_who_leaves_the_pool_is_no_longer_asked(build: Builder) -> None:
    mediator = build.mediator()
    request = build.request(state="searching", wave=1)
    build.offer(request, mediator)
    change(mediator, active=False)

    assert (lapses.withdraw_unfit(NOW), states_of(request)) == (1, ["withdrawn"])
