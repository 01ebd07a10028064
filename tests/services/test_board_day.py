"""The day, the counts, the pulse and the search beside the tasks of the board; on both databases."""

from datetime import timedelta
from typing import Any

from dispatch.domain.permissions import Actor, Role
from dispatch.models import Request
from dispatch.services import board_day, board_search
from dispatch.services.board_filters import Filters, Span
from tests.builders import NOW, Builder

COORDINATOR = Actor(1, Role.COORDINATOR)
IN_RIESA = Actor(1, Role.REGIONAL_COORDINATOR, areas=frozenset({"Riesa"}))
HOUR = timedelta(hours=1)


def searching(build: Builder, **values: Any) -> Request:
    return build.request(state="searching", **values)


def test_the_day_shows_what_takes_place_and_what_was_missed(build: Builder) -> None:
    states = {"completed": 8, "confirmed": 10, "client_absent": 12, "cancelled": 14, "handed_back": 15}
    for state, hour in states.items():
        starts_at = NOW.replace(hour=hour)
        request = build.request(state="assigned", starts_at=starts_at)
        build.appointment(request, build.mediator(), state=state)

    day = board_day.today(COORDINATOR, Filters(), NOW)

    assert [row[0].state for row in day.rows] == ["completed", "confirmed", "client_absent"]


def test_counts_tell_open_states_and_what_ended_this_week(build: Builder) -> None:
    states = ("in_review", "submitted", "searching", "assigned", "unfilled", "completed", "cancelled", "draft")
    requests = {state: build.request(state=state, starts_at=NOW + HOUR) for state in states}
    build.request(state="completed", starts_at=NOW - timedelta(days=10))
    build.appointment(requests["assigned"], build.mediator(), state="proposed", awaits="mediator")

    assert board_day.counts(COORDINATOR, Filters(span=Span.TODAY), NOW) == board_day.Counts(1, 2, 1, 1, 1, 1)


def test_the_pulse_counts_people_who_told_times_for_the_coming_days(build: Builder) -> None:
    searching(build)
    weekly = build.mediator()
    build.mediator(weekly=())
    by_extra = build.mediator(weekly=())
    build.span(by_extra, "extra", NOW + 24 * HOUR, NOW + 26 * HOUR)
    away = build.mediator()
    build.span(away, "absence", NOW - HOUR, NOW + timedelta(days=8))
    partly_away = build.mediator()
    build.span(partly_away, "absence", NOW, NOW + timedelta(days=3))
    build.mediator(active=False)
    build.mediator(languages=(("uk", "native"),))

    pulse = board_day.pulse(COORDINATOR, Filters(), NOW)

    assert pulse == board_day.Pulse((board_day.LanguageRow("prs", 1, 3),), people=6, free=4)
    assert weekly.id


def test_an_umbrella_language_counts_those_who_speak_its_varieties(build: Builder) -> None:
    searching(build, languages=("ar",))
    build.mediator(languages=(("apc", "native"),))

    assert board_day.pulse(COORDINATOR, Filters(), NOW).languages == (board_day.LanguageRow("ar", 1, 1),)


def test_numbers_tokens_badges_and_names_are_found(build: Builder) -> None:
    request = build.request(number=4711, case_token="A7Q-4MX")
    person = build.mediator(name="Ayşe Öztürk", badge_number=1234)
    appointment = build.appointment(request, person, number=8888)

    def found(typed: str) -> list[int]:
        result = board_search.find(COORDINATOR, typed)
        ids = [row[0].id for row in result.requests] + [row[0].id for row in result.appointments]
        return ids + [one.id for one in result.mediators]

    assert found("4711") == found(" #4711 ") == found("a7q4mx") == [request.id]
    assert found("8888") == [appointment.id]
    assert found("1234") == found("öztürk") == found("ayşe öz") == [person.id]
    assert found("") == found("x") == found("99999999999999999999") == found("50%") == found("\x00") == []


def test_a_search_finds_nothing_outside_the_own_areas(build: Builder) -> None:
    build.request(number=4711, case_token="A7Q-4MX")

    assert board_search.find(IN_RIESA, "4711").total == 0
    assert board_search.find(IN_RIESA, "A7Q-4MX").total == 0
