"""The board's page: rows with reason and act, filters in the address, the search, who sees what, how much it asks."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dispatch.database import db, run
from dispatch.models import OutboxMessage, Request, User, UserArea
from dispatch.services import calls
from tests.browsing import post
from tests.builders import NOW, Builder
from tests.services.offering import RIESA, stored
from tests.statements import counted

ClientFor = Callable[[User], FlaskClient]
HOUR = timedelta(hours=1)
LATER = NOW + 30 * HOUR


@pytest.fixture
def desk(build: Builder, client_for: ClientFor) -> FlaskClient:
    """A browser in which a coordinator is signed in."""
    return client_for(build.user("coordinator", handles_protected=True, ui_language="en"))


def rows(page: str) -> list[str]:
    """Return the tasks as one reads them: texts only, blanks joined."""
    found = re.findall(r'<li class="task.*?</li>', page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in found]


def acts(page: str) -> list[tuple[str, str, str]]:
    """Return the one act of each task: kind of button, address, word."""
    pattern = r'<div class="task__act"><a href="([^"]*)" class="kern-btn kern-btn--(\w+)\s*">.*?kern-label">(.*?)<'
    return [(kind, href, word) for href, kind, word in re.findall(pattern, page, re.DOTALL)]


def heading(page: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    return found.group(1).strip() if found else ""


def searching(build: Builder, **values: Any) -> Request:
    defaults: dict[str, Any] = {"state": "searching", "town": "Meißen", "answer_by": LATER, "wave_due_at": LATER}
    return build.request(**defaults | values)


def bounced(request: Request | None = None, **values: Any) -> OutboxMessage:
    defaults: dict[str, Any] = {
        "kind": "offer", "recipient": "gone@example.org", "locale": "de", "message_id": "one", "state": "failed",
        "due_at": NOW, "created_at": NOW, "request_id": request.id if request else None,
    }  # fmt: skip
    row = OutboxMessage(**defaults | values)

    def use_case(session: Any) -> OutboxMessage:
        session.add(row)
        session.flush()
        return row

    return run(use_case)


def test_an_empty_board_says_what_will_stand_there(desk: FlaskClient) -> None:
    page = desk.get("/board").text

    assert (heading(page), rows(page)) == ("Nothing needs you now", [])
    assert page.count('<div class="empty">') == 1


def test_each_row_tells_reason_and_the_one_next_act(build: Builder, desk: FlaskClient) -> None:
    unit = build.organisation(name="Grundschule Coswig")
    back = searching(build, number=501, handed_back_at=NOW - HOUR, organisation_id=unit.id)
    nobody = searching(build, number=502, nobody_fits_at=NOW, organisation_id=unit.id)
    build.offer(back, build.mediator())

    page = desk.get("/board").text

    assert heading(page) == "What needs you now: 2 tasks"
    assert rows(page) == [
        "9:00 for 1 hour Dari Tue, 1 December 2026, 9:00–10:00 Meißen on site The mediator has handed it back. "
        "1 person is being asked. Grundschule Coswig · Request 501 Show who fits I look after it",
        "Wed 16:00 tomorrow Dari Tue, 1 December 2026, 9:00–10:00 Meißen on site Nobody in the pool fits. "
        "Grundschule Coswig · Request 502 Show who fits I look after it",
    ]
    assert acts(page) == [
        ("primary", f"/requests/{back.id}/candidates", "Show who fits"),
        ("secondary", f"/requests/{nobody.id}/candidates", "Show who fits"),
    ]


def test_who_did_not_say_again_that_she_comes_is_called(build: Builder, desk: FlaskClient) -> None:
    request = build.request(state="assigned", starts_at=NOW + HOUR)
    person = build.mediator(name="Selam Tesfay", phone="+491713920014")
    appointment = build.appointment(request, person, reconfirm_alarm_at=NOW - HOUR)

    page = desk.get("/board").text

    assert page.count('href="tel:+491713920014"') == 1
    assert acts(page) == [("primary", f"/appointments/{appointment.id}/coming", "Record the answer")]


def test_the_calls_are_one_line_with_the_way_to_them(build: Builder, desk: FlaskClient) -> None:
    offer = build.offer(searching(build), build.mediator(email=None), channel="phone", deadline_at=NOW + HOUR)
    run(lambda session: calls.ask_for_offer(session, offer, NOW))

    page = desk.get("/board").text

    assert "1 call to make" in page
    assert acts(page) == [("primary", "/calls", "To the calls")]


def test_of_a_protected_request_the_row_tells_language_and_time_only(build: Builder, desk: FlaskClient) -> None:
    unit = build.organisation(name="Frauenhaus")
    searching(build, number=501, organisation_id=unit.id, protection="protected", policy="manual", town="Coswig")

    page = desk.get("/board").text

    assert rows(page) == [
        "Wed 16:00 tomorrow Dari Tue, 1 December 2026, 9:00–10:00 Please choose whom to ask: no round goes out by "
        "itself. Request 501 Choose people I look after it"
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [501, 502]),
        ("?area=Riesa", [502]),
        ("?language=uk", [502]),
        ("?municipality=14627140", [501]),
        ("?group=health", [502]),
        ("?day=1.12.2026", [501]),
        ("?span=week", [502]),
        ("?area=Atlantis&language=xx&municipality=1&group=magic&span=ever&day=someday", [501, 502]),
    ],
)
def test_filters_stand_in_the_address_and_nonsense_is_left_out(
    build: Builder, desk: FlaskClient, query: str, expected: list[int]
) -> None:
    searching(build, number=501, nobody_fits_at=NOW)
    two_days = NOW + timedelta(days=2)
    searching(
        build, number=502, nobody_fits_at=NOW, languages=("uk",), setting="doctor", starts_at=two_days, **RIESA
    )  # fmt: skip

    page = desk.get(f"/board{query}").text

    assert [int(number) for number in re.findall(r"Request (\d+)<", page)] == sorted(expected, reverse=True)


def test_a_chosen_filter_stays_chosen_and_in_the_address_of_the_refresh(desk: FlaskClient) -> None:
    page = desk.get("/board?area=Riesa&span=week").text

    assert re.findall(r'<option value="([^"]*)" selected', page) == ["Riesa", "week"]
    assert re.findall(r'hx-get="(.*?)"', page) == ["/board?area=Riesa&amp;span=week"]


def test_one_hit_is_gone_to_and_several_are_shown(build: Builder, desk: FlaskClient) -> None:
    request = build.request(number=4711, case_token="A7Q-4MX")
    appointment = build.appointment(request, build.mediator(name="Shirin Rahmani"), number=8888)
    build.mediator(name="Farhad Rahmani")

    targets = [desk.get("/board", query_string={"q": typed}).location for typed in ("4711", "a7q 4mx", "8888")]
    several, nothing = (desk.get("/board", query_string={"q": typed}).text for typed in ("rahmani", "Nobody<script>"))

    assert targets == [f"/requests/{request.id}", f"/requests/{request.id}", f"/appointments/{appointment.id}"]
    assert heading(several) == "2 results"
    assert re.findall(r"<strong><bdi>(.*?)</bdi>", several) == ["Farhad Rahmani", "Shirin Rahmani"]
    assert (heading(nothing), nothing.count("<script>")) == ("Nothing found", 0)


def test_the_day_names_every_hour_and_the_present_one(build: Builder, desk: FlaskClient) -> None:
    request = build.request(state="assigned", starts_at=NOW + 2 * HOUR, town="Coswig")
    build.appointment(request, build.mediator(), town="Coswig")

    page = desk.get("/board").text
    hours = re.findall(r'day__label">(\d+)<', page)

    assert hours == [str(hour) for hour in range(8, 17)]
    assert page.count("now 10:00") == 1
    assert re.findall(r'day__time">(.*?)<', page) == ["12:00–13:00"]


def test_a_bad_address_is_settled_or_tried_once_more(build: Builder, desk: FlaskClient) -> None:
    person = build.mediator(email="gone@example.org")
    message = bounced(searching(build), mediator_id=person.id)
    before = desk.get("/board").text

    answer = post(desk, f"/board/messages/{message.id}/seen", {"next": "/board?span=week"})

    assert (len(rows(before)), acts(before)[0][1:]) == (1, (f"/mediators/{person.id}/edit", "Correct the address"))
    assert (answer.status_code, answer.location) == (302, "/board?span=week")
    assert stored(message).seen_at == NOW
    assert rows(desk.get("/board").text) == []

    again = bounced(message_id="two")
    post(desk, f"/board/messages/{again.id}/retry", {"next": "//evil.example"})

    assert stored(again).state == "queued"


@pytest.mark.parametrize("act", ["seen", "retry"])
def test_a_regional_coordinator_settles_no_message(build: Builder, client_for: ClientFor, act: str) -> None:
    message = bounced()

    answer = post(client_for(build.user("regional_coordinator")), f"/board/messages/{message.id}/{act}")

    assert answer.status_code == 403
    assert (stored(message).state, stored(message).seen_at) == ("failed", None)


def test_a_regional_coordinator_sees_the_own_areas_only(build: Builder, client_for: ClientFor) -> None:
    user = build.user("regional_coordinator", ui_language="en")
    run(lambda session: session.add(UserArea(user_id=user.id, social_area="Riesa", valid_from=NOW.date())))
    searching(build, number=501, nobody_fits_at=NOW, **RIESA)
    searching(build, number=502, nobody_fits_at=NOW)
    bounced()

    page = client_for(user).get("/board").text

    assert re.findall(r"Request (\d+)<", page) == ["501"]
    assert re.findall(r'<option value="(Riesa|Meißen|Radebeul|Großenhain)"', page) == ["Riesa"]
    assert heading(client_for(user).get("/board?q=502").text) == "Nothing found"


@pytest.mark.parametrize("role", ["requester", "mediator", "observer", "administrator"])
def test_other_roles_have_no_board(build: Builder, client_for: ClientFor, role: str) -> None:
    assert client_for(build.user(role)).get("/board").status_code == 403


def test_a_refresh_without_session_loads_the_whole_page_anew(client: FlaskClient) -> None:
    refreshed = client.get("/board", headers={"HX-Request": "true"})
    opened = client.get("/board?span=week")

    assert (refreshed.status_code, refreshed.headers.get("HX-Refresh")) == (204, "true")
    assert (opened.status_code, opened.location) == (302, "/login?next=/board?span%3Dweek")


@pytest.mark.parametrize("language", ["de", "ar"])
def test_the_board_speaks_the_readers_language(build: Builder, client_for: ClientFor, language: str) -> None:
    searching(build, nobody_fits_at=NOW)

    page = client_for(build.user("coordinator", ui_language=language)).get("/board").text

    assert page.count(f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">') == 1


@pytest.mark.parametrize("count", [10, 50])
def test_the_page_asks_as_often_for_ten_tasks_as_for_fifty(
    app: Flask, build: Builder, desk: FlaskClient, count: int
) -> None:
    person = build.mediator()
    for number in range(count):
        request = searching(build, nobody_fits_at=NOW)
        build.offer(request, person)
        build.mediator(lapses_in_row=5)
        build.appointment(
            build.request(state="assigned", starts_at=NOW + number * 2 * HOUR), person, reconfirm_alarm_at=NOW
        )  # fmt: skip

    desk.get("/board")  # the options are read once by each process
    with app.app_context(), counted(db.engine) as statements:
        page = desk.get("/board").text

    assert heading(page) == f"What needs you now: {3 * count} tasks"
    assert len(statements) == 11
