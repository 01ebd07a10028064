"""The pages of appointments for everybody signed in: who sees what, what each button does, what a list costs."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from dispatch.database import db
from dispatch.models import Appointment, User
from dispatch.services import absences
from dispatch.services.transactions import reading
from tests.appointment_cases import Case, booked, mails, states
from tests.browsing import post
from tests.builders import NOW, START, Builder
from tests.statements import counted
from tests.web.conftest import ClientFor

HOUR = timedelta(hours=1)


def office_of(build: Builder, case: Case) -> User:
    return build.user("requester", organisation_id=case.request.organisation_id)


def account_of(build: Builder, case: Case) -> User:
    return build.user("mediator", mediator_id=case.mediator.id)


def path(case: Case, word: str = "") -> str:
    return f"/appointments/{case.appointment.id}" + (f"/{word}" if word else "")


@pytest.fixture
def case(build: Builder) -> Case:
    return booked(build, place_note="Haupteingang", contact_name="Frau Lindner")


@pytest.mark.parametrize(
    ("role", "status"),
    [
        pytest.param("coordinator", 200, id="coordination"),
        pytest.param("own office", 200, id="the office that asked"),
        pytest.param("own mediator", 200, id="its mediator"),
        pytest.param("requester", 404, id="another office"),
        pytest.param("mediator", 404, id="another mediator"),
        pytest.param("observer", 403, id="observer"),
        pytest.param("administrator", 403, id="administrator"),
    ],
)
def test_an_appointment_exists_for_those_who_keep_it(
    build: Builder, client_for: ClientFor, case: Case, role: str, status: int
) -> None:
    readers = {"own office": office_of, "own mediator": account_of}
    user = readers[role](build, case) if role in readers else build.user(role)

    answer = client_for(user).get(path(case))

    assert answer.status_code == status
    assert ("Schulstraße 4" in answer.text) == (status == 200)


def test_a_mediator_reads_address_and_contact_only_after_her_yes(build: Builder, client_for: ClientFor) -> None:
    case = booked(build, confirmed=False, contact_name="Frau Lindner")
    browser = client_for(account_of(build, case))

    before = browser.get(path(case)).text
    post(browser, path(case, "confirm"))
    after = browser.get(path(case)).text

    told = [[word in text for word in ("Schulstraße 4", "Frau Lindner")] for text in (before, after)]
    assert told == [[False, False], [True, True]]


def test_an_office_reads_the_first_name_and_the_number_she_shares(build: Builder, client_for: ClientFor) -> None:
    shy = booked(build, mediator=build.mediator(name="Shirin Rahmani", phone="+4915100000001"))
    open_ = booked(
        build,
        mediator=build.mediator(name="Nadia Safi", share_surname=True, share_phone=True, phone="+4915100000002"),
        organisation_id=shy.request.organisation_id,
    )
    browser = client_for(office_of(build, shy))

    shown = [browser.get(path(case)).text for case in (shy, open_)]

    assert ["Rahmani" in shown[0], "+4915100000001" in shown[0]] == [False, False]
    assert ["Nadia Safi" in shown[1], "+4915100000002" in shown[1]] == [True, True]


def test_a_week_shows_gaps_and_the_way(build: Builder, client_for: ClientFor, case: Case) -> None:
    booked(build, mediator=case.mediator, starts_at=START + 3 * HOUR)

    text = client_for(account_of(build, case)).get("/appointments?lang=en").text

    assert text.count("Leave by") == 2
    assert "2 hours in between" in text


def test_an_empty_list_says_what_will_stand_there(build: Builder, client_for: ClientFor) -> None:
    text = client_for(build.user("mediator")).get("/appointments?lang=en").text

    assert "You have no appointment at the moment." in text


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        pytest.param("", {0, 1}, id="ahead"),
        pytest.param("?when=past", {2}, id="past"),
        pytest.param("?state=proposed", {1}, id="of a state"),
        pytest.param("?day=01.12.2026", {0}, id="of a day"),
        pytest.param("?day=nonsense&state=nonsense&page=-1", {0, 1}, id="what is no filter is none"),
        pytest.param("?page=99999999999999999999", set(), id="a page far out is empty"),
    ],
)
def test_the_coordination_filters_by_state_and_day(
    build: Builder, client_for: ClientFor, query: str, numbers: set[int]
) -> None:
    cases = [
        booked(build),
        booked(build, confirmed=False, starts_at=START + timedelta(days=1)),
        booked(build, starts_at=NOW - timedelta(days=2), state="submitted", entered_afterwards=True),
    ]
    absences.complete_due(NOW)

    text = client_for(build.user("coordinator")).get(f"/appointments{query}").text

    assert {place for place, one in enumerate(cases) if f'href="{path(one)}"' in text} == numbers


@pytest.mark.parametrize("role", ["mediator", "requester", "coordinator"])
def test_a_list_takes_the_same_few_statements_for_any_number_of_rows(
    app: Flask, build: Builder, client_for: ClientFor, role: str
) -> None:
    first = booked(build, mode="phone")
    users = {"mediator": account_of, "requester": office_of}
    user = users[role](build, first) if role in users else build.user(role)
    browser = client_for(user)
    counts = []

    for rows in (10, 50):
        have = reading().scalars(select(Appointment.id)).all()
        for number in range(len(have), rows):
            booked(
                build, mediator=first.mediator, mode="phone", starts_at=START + number * 2 * HOUR,
                organisation_id=first.request.organisation_id,
            )  # fmt: skip
        db.session.remove()
        with counted(db.engine) as statements:
            assert browser.get("/appointments").status_code == 200
        counts.append(len(statements))

    assert counts[0] == counts[1] <= 6


@pytest.mark.parametrize(
    ("role", "word", "data", "expected"),
    [
        pytest.param("mediator", "hand-back", {}, ("handed_back", "searching"), id="hand back"),
        pytest.param("mediator", "step-back", {}, ("stepped_back", "searching"), id="step back"),
        pytest.param("mediator", "late", {"minutes": "10"}, ("reconfirmed", "assigned"), id="late"),
        pytest.param("mediator", "coming", {}, ("reconfirmed", "assigned"), id="coming"),
        pytest.param("requester", "cancel", {"reason": "own"}, ("cancelled", "cancelled"), id="cancel"),
        pytest.param("coordinator", "hand-back", {"channel": "phone"}, ("handed_back", "searching"), id="on behalf"),
    ],
)
def test_each_button_does_its_act(
    build: Builder, client_for: ClientFor, role: str, word: str, data: dict[str, str], expected: tuple[str, str]
) -> None:
    case = booked(build, now=NOW - timedelta(days=3), starts_at=NOW + HOUR)
    users = {"mediator": account_of, "requester": office_of}
    user = users[role](build, case) if role in users else build.user(role)
    browser = client_for(user)

    asked = browser.get(path(case, word))
    done = post(browser, path(case, word), data)

    assert (asked.status_code, done.status_code, done.location) == (200, 302, path(case))
    assert states(case) == expected


@pytest.mark.parametrize(
    ("word", "data", "sentence"),
    [
        pytest.param("late", {}, "Please type minutes from 1 to 1440.", id="no minutes"),
        pytest.param("late", {"minutes": "many"}, "Please type minutes from 1 to 1440.", id="no number"),
        pytest.param("absent", {"side": "both"}, "Please choose one of the entries of the list.", id="no side"),
    ],
)
def test_a_form_that_does_not_hold_comes_back_with_a_sentence(
    build: Builder, client_for: ClientFor, case: Case, word: str, data: dict[str, str], sentence: str
) -> None:
    browser = client_for(account_of(build, case))

    answer = post(browser, path(case, word) + "?lang=en", data)

    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert states(case) == ("confirmed", "assigned")


@pytest.mark.parametrize(
    ("role", "word", "status"),
    [
        pytest.param("requester", "hand-back", 403, id="an office does not hand back"),
        pytest.param("mediator", "cancel", 403, id="a mediator does not cancel"),
        pytest.param("mediator", "move", 403, id="a mediator does not move"),
        pytest.param("mediator", "destroy", 404, id="no such act"),
        pytest.param("mediator", "hand_back", 404, id="no such word"),
    ],
)
def test_what_is_not_ones_own_to_do_is_refused(
    build: Builder, client_for: ClientFor, case: Case, role: str, word: str, status: int
) -> None:
    user = {"mediator": account_of, "requester": office_of}[role](build, case)

    assert post(client_for(user), path(case, word)).status_code == status
    assert states(case) == ("confirmed", "assigned")


def test_an_act_that_came_too_late_shows_how_things_stand(build: Builder, client_for: ClientFor, case: Case) -> None:
    browser = client_for(account_of(build, case))
    post(client_for(office_of(build, case)), path(case, "cancel"), {"reason": "own"})

    answer = post(browser, path(case, "hand-back") + "?lang=en")

    assert answer.status_code == 409
    assert "This appointment is cancelled." in answer.text


@pytest.mark.parametrize(
    ("start", "is_warned"),
    [pytest.param(START, False, id="in a week"), pytest.param(NOW + 2 * HOUR, True, id="in two hours")],
)
def test_the_late_rule_is_shown_before_cancelling(
    build: Builder, client_for: ClientFor, start: datetime, is_warned: bool
) -> None:
    case = booked(build, starts_at=start)

    text = client_for(office_of(build, case)).get(path(case, "cancel") + "?lang=en").text

    assert ("this counts as a late cancellation" in text) is is_warned


def test_the_calendar_file_names_number_and_time_and_nothing_of_the_case(
    build: Builder, client_for: ClientFor, case: Case
) -> None:
    answer = client_for(account_of(build, case)).get(path(case, "calendar.ics"))

    lines = answer.text.split("\r\n")
    assert answer.mimetype == "text/calendar"
    assert "DTSTART:20261201T080000Z" in lines
    assert not [line for line in lines if "Schul" in line or "Lindner" in line or "Dari" in line]


def test_reading_changes_nothing(build: Builder, client_for: ClientFor, case: Case) -> None:
    browser = client_for(account_of(build, case))
    before = mails()

    for word in ("", "hand-back", "step-back", "late", "calendar.ics"):
        browser.get(path(case, word))
        browser.head(path(case, word))

    assert (states(case), mails()) == (("confirmed", "assigned"), before)
