"""The page of a mailed link: her appointment, her word by one button, nothing for strangers, nothing by a GET."""

from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from dispatch.domain.moves import TypedMove
from dispatch.services import closing, links, moves
from tests.appointment_cases import COORDINATOR, Case, booked, mails, moves_of, states
from tests.builders import NOW, START, Builder

HOUR = timedelta(hours=1)
END = START + HOUR
OWN = {"Sec-Fetch-Site": "same-origin"}


def link(app: Flask, case: Case) -> str:
    token = links.issue("appointment", case.appointment.id, key=app.config["SECRET_KEY"], now=NOW)
    return f"/a/{token}"


def press(client: FlaskClient, address: str, word: str, **data: str) -> tuple[int, str]:
    answer = client.post(f"{address}/{word}?lang=en", data=data, headers=OWN)
    return answer.status_code, answer.text


@pytest.fixture
def case(build: Builder) -> Case:
    return booked(build, place_note="Haupteingang", contact_name="Frau Lindner")


def test_the_link_shows_address_contact_and_way(app: Flask, client: FlaskClient, case: Case) -> None:
    text = client.get(link(app, case) + "?lang=en").text

    told = ["Schulstraße 4", "Frau Lindner", "Haupteingang", "Leave by 8:30", "Parent talk"]
    assert [word for word in told if word not in text] == []


def test_the_link_speaks_the_language_of_its_mediator(app: Flask, client: FlaskClient, build: Builder) -> None:
    case = booked(build, mediator=build.mediator(ui_language="ar"))

    text = client.get(link(app, case)).text

    assert '<html lang="ar" dir="rtl">' in text


@pytest.mark.parametrize(
    ("now", "button"),
    [
        pytest.param(NOW, None, id="a week before there is nothing to say"),
        pytest.param(START - timedelta(hours=24), "coming", id="when she is asked"),
        pytest.param(START + HOUR / 2, "coming", id="while it runs"),
    ],
)
def test_there_is_one_large_button_when_a_word_is_wanted(
    app: Flask, client: FlaskClient, case: Case, the_time: time_machine.Traveller, now: datetime, button: str | None
) -> None:
    address = link(app, case)
    the_time.move_to(now)

    text = client.get(address).text

    assert text.count("answer__btn") == (1 if button else 0)
    assert not button or f'action="{address}/{button}"' in text


def test_her_yes_to_a_proposal_opens_what_she_may_know_then(app: Flask, client: FlaskClient, build: Builder) -> None:
    case = booked(build, confirmed=False)
    address = link(app, case)

    before = client.get(address).text
    status, after = press(client, address, "confirm")

    assert (status, states(case)) == (200, ("confirmed", "assigned"))
    assert ["Schulstraße 4" in text for text in (before, after)] == [False, True]
    assert "Thank you. You take this appointment." in after


@pytest.mark.parametrize(
    ("word", "data", "state", "sentence"),
    [
        pytest.param("hand-back", {}, "handed_back", "You have handed the appointment back.", id="hand back"),
        pytest.param("step-back", {}, "stepped_back", "you know the person", id="step back"),
        pytest.param("late", {"minutes": "20"}, "reconfirmed", "about 20 minutes late", id="late"),
        pytest.param("coming", {}, "reconfirmed", "Thank you. You are coming.", id="coming"),
    ],
)
def test_a_second_press_is_friendly_and_does_nothing_more(
    app: Flask, client: FlaskClient, build: Builder, word: str, data: dict[str, str], state: str, sentence: str
) -> None:
    case = booked(build, now=NOW - timedelta(days=3), starts_at=NOW + HOUR)
    address = link(app, case)

    first = press(client, address, word, **data)
    told = mails()
    second = press(client, address, word, **data)

    assert [(status, sentence in text) for status, text in (first, second)] == [(200, True), (200, True)]
    assert [move[1] for move in moves_of("appointment", case.appointment.id)] == [state]
    assert mails() == told


def test_a_declined_proposal_is_thanked_for_twice(app: Flask, client: FlaskClient, build: Builder) -> None:
    case = booked(build, confirmed=False)
    address = link(app, case)

    answers = [press(client, address, "decline") for _ in range(2)]

    thanks = "You do not take this appointment."
    assert [(status, thanks in text) for status, text in answers] == [(200, True), (200, True)]
    assert states(case) == ("released", "searching")


@pytest.mark.parametrize("word", ["hand-back", "step-back", "late"])
def test_a_page_stands_before_what_cannot_be_undone(app: Flask, client: FlaskClient, case: Case, word: str) -> None:
    address = link(app, case)

    answer = client.get(f"{address}/{word}")

    assert (answer.status_code, f'action="{address}/{word}" method="post"' in answer.text) == (200, True)
    assert states(case) == ("confirmed", "assigned")


@pytest.mark.parametrize("agent", ["Mozilla/5.0", "Barracuda", "Google-Safety"])
def test_reading_the_link_changes_nothing(app: Flask, client: FlaskClient, build: Builder, agent: str) -> None:
    case = booked(build, confirmed=False)
    address = link(app, case)

    for word in ("", "/confirm", "/decline", "/calendar.ics"):
        for _ in range(10):
            client.get(address + word, headers={"User-Agent": agent})
            client.head(address + word, headers={"User-Agent": agent, "Purpose": "prefetch"})

    assert states(case) == ("proposed", "assigned")


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="no sign of origin"),
        pytest.param({"Sec-Fetch-Site": "cross-site"}, id="another site"),
        pytest.param({"Origin": "https://evil.example"}, id="another origin"),
    ],
)
def test_a_press_from_elsewhere_is_refused(
    app: Flask, client: FlaskClient, case: Case, headers: dict[str, str]
) -> None:
    answer = client.post(f"{link(app, case)}/hand-back", headers=headers)

    assert (answer.status_code, states(case)) == (403, ("confirmed", "assigned"))


def test_every_altered_token_is_the_same_unknown_page(app: Flask, client: FlaskClient, case: Case) -> None:
    address = link(app, case)
    token = address.removeprefix("/a/")
    other = {"A": "B"}

    altered = [f"{token[:at]}{other.get(token[at], 'A')}{token[at + 1 :]}" for at in range(len(token) - 1)]
    answers = {(client.get(f"/a/{one}").status_code) for one in [*altered, "", "x", token + "x", "é" * 40]}

    assert answers == {404}


def test_a_link_of_another_purpose_opens_nothing(app: Flask, client: FlaskClient, case: Case) -> None:
    token = links.issue("offer", case.appointment.id, key=app.config["SECRET_KEY"], now=NOW)

    assert client.get(f"/a/{token}").status_code == 404


@pytest.mark.parametrize(
    ("now", "status"),
    [
        pytest.param(END, 200, id="at its end"),
        pytest.param(END + timedelta(hours=24, seconds=-1), 200, id="almost a day later"),
        pytest.param(END + timedelta(hours=24), 410, id="a day later"),
    ],
)
def test_the_link_lasts_a_day_beyond_the_appointment(
    app: Flask, client: FlaskClient, case: Case, the_time: time_machine.Traveller, now: datetime, status: int
) -> None:
    address = link(app, case)
    the_time.move_to(now)

    assert client.get(address).status_code == status


def test_a_move_makes_a_new_link_and_ends_the_old_one(app: Flask, client: FlaskClient, case: Case) -> None:
    old = link(app, case)
    new_start = START + timedelta(days=1)
    moves.move(COORDINATOR, case.appointment.id, TypedMove(new_start, new_start + HOUR), NOW)

    new = link(app, case)

    assert [client.get(address).status_code for address in (old, new)] == [410, 200]
    assert "The time has changed. Can you come?" in client.get(new + "?lang=en").text


def test_what_was_cancelled_is_gone_and_tells_no_address(app: Flask, client: FlaskClient, case: Case) -> None:
    address = link(app, case)
    closing.cancel(case.office, case.request.id, "own", NOW)

    answer = client.get(address + "?lang=en")
    status, text = press(client, address, "hand-back")

    assert (answer.status_code, "This appointment is cancelled." in answer.text) == (410, True)
    assert "Schulstraße 4" not in answer.text + text
    assert status == 410


@pytest.mark.parametrize("word", ["cancel", "move", "absent", "hand_back", "nonsense"])
def test_the_link_reaches_to_her_own_acts_only(app: Flask, client: FlaskClient, case: Case, word: str) -> None:
    status, _text = press(client, link(app, case), word)

    assert (status, states(case)) == (404, ("confirmed", "assigned"))


def test_the_calendar_file_comes_by_the_link_too(app: Flask, client: FlaskClient, case: Case) -> None:
    answer = client.get(link(app, case) + "/calendar.ics")

    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")


def test_the_link_starts_no_session(app: Flask, client: FlaskClient, case: Case) -> None:
    press(client, link(app, case), "coming")

    assert client.get_cookie("session") is None
    assert client.get(f"/appointments/{case.appointment.id}").status_code == 302
