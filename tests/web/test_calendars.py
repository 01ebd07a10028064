"""Pages of calendars: an address to subscribe to, calendars that are given, and nothing told of busy times."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.database import run
from dispatch.models import AuditEntry, BusyTime, GivenCalendar, Mediator
from dispatch.services import links
from dispatch.services.sealing import unseal
from dispatch.services.transactions import reading
from tests.appointment_cases import booked
from tests.browsing import post
from tests.builders import NOW, START, Builder
from tests.web.conftest import ClientFor

OWN = {"Sec-Fetch-Site": "same-origin"}
ICS = "webcal://calendar.example.org/private-4711/basic.ics"


@pytest.fixture
def mediator(build: Builder) -> Mediator:
    return build.mediator(asked_to_confirm_at=NOW)


@pytest.fixture
def her(build: Builder, client_for: ClientFor, mediator: Mediator) -> FlaskClient:
    """Her browser, in English."""
    return client_for(build.user("mediator", mediator_id=mediator.id, ui_language="en"))


@pytest.fixture
def desk(build: Builder, client_for: ClientFor) -> FlaskClient:
    """The coordination's, in English."""
    return client_for(build.user("coordinator", ui_language="en"))


def page_of(mediator: Mediator) -> str:
    return f"/mediators/{mediator.id}/calendar"


def address_on(page: str) -> str | None:
    found = re.search(r'id="feed" name="feed"[^>]*value="http://127.0.0.1:8000([^"]*)"', page)
    return found[1] if found else None


def addresses(app: Flask) -> list[str | None]:
    rows = reading().scalars(select(GivenCalendar).order_by(GivenCalendar.id))
    return [unseal(row.sealed_url, app.config["SECRET_KEY"], purpose="given_calendar") for row in rows]


def busy(mediator: Mediator) -> None:
    """Give her a calendar that says that she is busy while she would be needed."""

    def use_case(session: Session) -> None:
        row = GivenCalendar(mediator_id=mediator.id, sealed_url="x", created_at=NOW, due_at=NOW, fetched_at=NOW)
        session.add(row)
        session.flush()
        span = {"starts_at": START.replace(minute=7), "ends_at": START.replace(minute=23)}
        session.add(BusyTime(calendar_id=row.id, mediator_id=mediator.id, **span))

    run(use_case)


def test_an_address_is_made_shown_again_and_renewed(her: FlaskClient, client: FlaskClient, mediator: Mediator) -> None:
    before = address_on(her.get(page_of(mediator)).text)
    post(her, page_of(mediator))
    first = [address_on(her.get(page_of(mediator)).text) for _ in range(2)]

    post(her, page_of(mediator))
    second = address_on(her.get(page_of(mediator)).text)

    assert (before, first[0] == first[1] != second) == (None, True)
    assert [client.get(path or "").status_code for path in (first[0], second)] == [404, 200]
    assert reading().scalars(select(AuditEntry.act).where(AuditEntry.act == "renew_feed")).all() == ["renew_feed"] * 2


def test_a_unit_has_an_address_for_its_members_and_nobody_elses(
    build: Builder, client_for: ClientFor, client: FlaskClient
) -> None:
    case = booked(build)
    member, stranger = build.user("requester", organisation_id=case.request.organisation_id), build.user("requester")
    path = f"/organisations/{case.request.organisation_id}/calendar"

    post(client_for(member), path)

    address = address_on(client_for(member).get(path).text)
    assert f"request-{case.request.id}@" in client.get(address or "").text
    assert (client_for(stranger).get(path).status_code, post(client_for(stranger), path).status_code) == (404, 404)


def test_a_calendar_is_given_sealed_shown_by_its_host_and_taken_back(
    app: Flask, her: FlaskClient, desk: FlaskClient, mediator: Mediator
) -> None:
    post(her, f"{page_of(mediator)}/given", {"calendar": ICS})
    kept, pages = addresses(app), [browser.get(page_of(mediator)).text for browser in (her, desk)]

    post(her, f"{page_of(mediator)}/given/1/drop")

    assert kept == ["https://calendar.example.org/private-4711/basic.ics"]
    assert ["calendar.example.org" in page for page in pages] == [True, False]
    assert [page for page in pages if "4711" in page or ("Calendar 1" not in page and page is pages[1])] == []
    assert addresses(app) == []


def test_the_coordination_says_how_it_learned_of_a_calendar(app: Flask, desk: FlaskClient, mediator: Mediator) -> None:
    path = f"{page_of(mediator)}/given"

    refused = post(desk, path, {"calendar": ICS})
    taken = post(desk, path, {"calendar": ICS, "channel": "phone"})

    assert (refused.status_code, taken.status_code, len(addresses(app))) == (422, 302, 1)
    assert ICS in refused.text
    given = select(AuditEntry.channel).where(AuditEntry.act == "give_calendar")
    assert reading().scalars(given).all() == ["phone"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Please paste the address of the calendar."),
        ("http://calendar.example.org/a.ics", "It begins with https:// or webcal://."),
        ("https://localhost/a.ics", "does not lead to a calendar on the open internet"),
        ("https://127.0.0.1/a.ics", "does not lead to a calendar on the open internet"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_and_kept_in_its_field(
    app: Flask, her: FlaskClient, mediator: Mediator, typed: str, sentence: str
) -> None:
    answer = post(her, f"{page_of(mediator)}/given", {"calendar": typed})

    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert f'name="calendar" type="text" value="{typed}"' in answer.text
    assert addresses(app) == []


def test_a_calendar_is_given_once_and_three_at_most(app: Flask, her: FlaskClient, mediator: Mediator) -> None:
    path = f"{page_of(mediator)}/given"

    answers = [
        post(her, path, {"calendar": f"https://calendar.example.org/{name}"}).status_code
        for name in ("1", "1", "2", "3", "4")
    ]

    assert (answers, len(addresses(app))) == ([302, 422, 302, 302, 422], 3)


def test_by_her_link_she_does_the_same_without_an_account(app: Flask, client: FlaskClient, mediator: Mediator) -> None:
    link = f"/m/{links.issue('mediator', mediator.id, key=app.config['SECRET_KEY'], now=NOW)}"

    def press(**data: str) -> str:
        return client.post(f"{link}/calendar?lang=en", data=data, headers=OWN).text

    shown = client.get(link).text
    renewed, given = press(act="renew"), press(act="give", calendar=ICS)
    refused = press(act="give", calendar="nonsense")
    dropped = press(act="drop", number="1")

    assert f'href="{link}/calendar"' in shown
    assert client.get(address_on(renewed) or "").status_code == 200
    assert ("calendar.example.org" in given, "nonsense" in refused) == (True, True)
    assert ("calendar.example.org" in dropped, addresses(app)) == (False, [])


def test_others_calendars_do_not_exist(app: Flask, build: Builder, her: FlaskClient, mediator: Mediator) -> None:
    other = build.mediator()
    busy(other)

    answers = [
        her.get(page_of(other)), post(her, page_of(other)), post(her, f"{page_of(other)}/given", {"calendar": ICS}),
        post(her, f"{page_of(other)}/given/1/drop"), post(her, f"{page_of(mediator)}/given/1/drop"),
    ]  # fmt: skip

    assert [answer.status_code for answer in answers] == [404] * 5
    assert len(addresses(app)) == 1


def test_no_page_tells_busy_times_or_that_a_calendar_is_the_reason(
    build: Builder, desk: FlaskClient, her: FlaskClient, mediator: Mediator
) -> None:
    away = build.mediator(name=mediator.name)
    build.span(away, "absence", START, START + timedelta(hours=1))
    request = build.request(state="searching", policy="manual")
    busy(mediator)
    number = mediator.id
    paths = (
        f"/mediators/{number}", f"/mediators/{number}/availability", page_of(mediator), f"/mediators/{number}/week",
        "/mediators?free=1", "/board", f"/requests/{request.id}/candidates",
    )  # fmt: skip

    pages = [browser.get(path).text for browser in (desk, her) for path in paths]

    told = [page for page in pages if re.search(r"9:07|9:23|08:07|8:23", page)]
    candidates = pages[len(paths) - 1]
    unfit = candidates.partition('id="not-h"')[2].partition("</section>")[0]
    assert told == []
    assert re.findall(r'group__name">([^<]*)</span><strong class="group__count">(\d)', unfit) == [
        ("Not free at this time", "2")
    ]
