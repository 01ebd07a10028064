"""Pages of requests: an office sees its own and nothing else, the coordination all with what is to be done."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from dispatch.database import db
from dispatch.models import Request, User
from dispatch.services.transactions import reading
from tests.browsing import post
from tests.builders import NOW, START, Builder
from tests.statements import counted
from tests.web.conftest import ClientFor


@pytest.fixture
def office(build: Builder) -> User:
    """Who asks for a school."""
    return build.user()


def links(page: str) -> list[str]:
    """The requests a page leads to, in its order."""
    return re.findall(r'<div class="list__what"><a href="(/requests/\d+(?:/edit)?)"', page)


def test_the_start_shows_what_comes_what_waits_and_what_was(
    build: Builder, office: User, client_for: ClientFor
) -> None:
    unit: dict[str, Any] = {"organisation_id": office.organisation_id}
    past = build.request(**unit, state="completed", starts_at=NOW - timedelta(days=3), closed_at=NOW)
    draft = build.request(**unit, state="draft")
    waiting = build.request(**unit, state="searching")
    coming = build.request(**unit, state="assigned", starts_at=START + timedelta(days=1))
    build.appointment(coming, build.mediator())

    page = client_for(office).get("/requests").text

    assert links(page) == [
        f"/requests/{coming.id}", f"/requests/{waiting.id}", f"/requests/{draft.id}/edit", f"/requests/{past.id}",
    ]  # fmt: skip
    assert re.findall(r'href="(/requests/new\?again=\d+)"', page) == [f"/requests/new?again={past.id}"]


def test_an_empty_start_offers_the_first_step(office: User, client_for: ClientFor) -> None:
    page = client_for(office).get("/requests").text

    assert (links(page), page.count('class="empty"'), page.count('href="/requests/new"')) == ([], 2, 2)


def test_no_unit_sees_the_requests_of_another(build: Builder, office: User, client_for: ClientFor) -> None:
    foreign = build.request(notes="geheim")
    client = client_for(office)

    answers = {
        path: client.get(path).status_code
        for path in (f"/requests/{foreign.id}{rest}" for rest in ("", "/edit", "/cancel"))
    }
    posted = [
        post(client, f"/requests/{foreign.id}/{act}", {"reason": "own", "act": "send"}).status_code
        for act in ("edit", "cancel", "delete")
    ]

    assert links(client.get("/requests").text) == []
    assert (set(answers.values()), posted) == ({404}, [404, 404, 404])
    assert reading().scalars(select(Request.state)).all() == ["submitted"]


@pytest.mark.parametrize("request_id", [999_999, 2**31, 2**70], ids=str)
def test_an_id_beyond_all_rows_is_not_found(office: User, client_for: ClientFor, request_id: int) -> None:
    assert client_for(office).get(f"/requests/{request_id}").status_code == 404


def test_who_comes_is_told_by_first_name_badge_and_the_number_of_the_service(
    build: Builder, office: User, client_for: ClientFor
) -> None:
    row = build.request(organisation_id=office.organisation_id, state="assigned")
    person = build.mediator(name="Shirin Rahmani", phone="+4915112345678", badge_number=147)
    build.appointment(row, person)

    page = client_for(office).get(f"/requests/{row.id}").text

    assert [word in page for word in ("Shirin", "147", "tel:+493521000140")] == [True, True, True]
    assert [word in page for word in ("Rahmani", "tel:+4915112345678")] == [False, False]


def test_what_the_mediator_shares_is_shown(build: Builder, office: User, client_for: ClientFor) -> None:
    row = build.request(organisation_id=office.organisation_id, state="assigned")
    person = build.mediator(name="Shirin Rahmani", phone="+4915112345678", share_phone=True, share_surname=True)
    build.appointment(row, person)

    page = client_for(office).get(f"/requests/{row.id}").text

    assert [word in page for word in ("Shirin Rahmani", "tel:+4915112345678")] == [True, True]


def test_nobody_fits_shows_the_choices(build: Builder, office: User, client_for: ClientFor) -> None:
    row = build.request(organisation_id=office.organisation_id, nobody_fits_at=NOW)

    page = client_for(office).get(f"/requests/{row.id}").text

    assert re.findall(rf'href="/requests/{row.id}/edit(#\w+)"', page) == ["#day", "#mode"]
    assert f'href="/requests/{row.id}/cancel"' in page


def test_the_timeline_tells_what_happened_in_order(build: Builder, office: User, client_for: ClientFor) -> None:
    row = build.request(
        organisation_id=office.organisation_id, state="assigned", promised_at_booking=NOW + timedelta(days=2)
    )
    first, second = build.mediator(), build.mediator()
    build.offer(row, first, sent_at=NOW + timedelta(minutes=2))
    build.offer(row, second, sent_at=NOW + timedelta(minutes=2))
    taken = NOW + timedelta(hours=3)
    build.appointment(row, first, created_at=taken, confirmed_at=taken, reconfirm_at=START - timedelta(days=1))

    page = client_for(office).get(f"/requests/{row.id}").text

    steps = re.findall(r'class="steps__item([^"]*)"><span class="steps__when">[^<]*?(\d+:\d+)', page)
    assert steps == [
        (" steps__item--done", "10:00"), (" steps__item--done", "10:02"), (" steps__item--done", "13:00"),
        ("", "9:00"), ("", "9:00"),
    ]  # fmt: skip


def test_text_of_the_office_is_shown_as_text(build: Builder, office: User, client_for: ClientFor) -> None:
    payload = '<img src=x onerror=alert(1)>"{{7*7}}'
    row = build.request(
        organisation_id=office.organisation_id, notes=payload, reference=payload, address=payload, place_note=payload
    )
    client = client_for(office)

    pages = [client.get(path).text for path in (f"/requests/{row.id}", f"/requests/{row.id}/edit", "/requests")]

    assert [payload in page or "<img src=x" in page for page in pages] == [False, False, False]
    assert [">49<" in page for page in pages] == [False, False, False]


@pytest.mark.parametrize("rows", [10, 50])
def test_the_lists_take_the_same_few_statements_for_any_number_of_rows(
    build: Builder, office: User, client_for: ClientFor, rows: int
) -> None:
    mediator = build.mediator()
    for number in range(rows):
        starts_at = START + timedelta(days=number)
        row = build.request(organisation_id=office.organisation_id, state="searching", starts_at=starts_at)
        build.offer(row, mediator)
    coordinator = build.user("coordinator")
    found = []

    for user in (office, coordinator):
        client = client_for(user)
        client.get("/requests")  # the options are read once by each process
        with counted(db.engine) as statements:
            client.get("/requests")
        found.append(len(statements))

    assert found == [4, 4]


def test_one_request_takes_few_statements(build: Builder, office: User, client_for: ClientFor) -> None:
    row = build.request(organisation_id=office.organisation_id, state="assigned")
    people = [build.mediator() for _ in range(8)]
    for person in people:
        build.offer(row, person)
    build.appointment(row, people[0])
    client = client_for(office)
    client.get("/requests")  # the options are read once by each process

    with counted(db.engine) as statements:
        client.get(f"/requests/{row.id}")

    assert len(statements) == 9


FILTERS: dict[str, tuple[str, list[int]]] = {
    "none": ("", [2, 1, 0]),
    "state": ("state=searching", [1]),
    "language": ("language=ti", [2]),
    "municipality": ("municipality=14627010", [2]),
    "day": ("day=01.12.2026", [0]),
    "several": ("state=submitted&language=prs", [0]),
    "an unknown state": ("state=x'--", [2, 1, 0]),
    "an unknown day": ("day=31.02.", [2, 1, 0]),
    "NUL": ("language=%00&municipality=%00&state=%00&day=%00", [2, 1, 0]),
    "a page of words": ("page=x", [2, 1, 0]),
    "a page beyond": ("page=99999999999999999999", []),
    "a page before": ("page=-5", [2, 1, 0]),
}


@pytest.mark.parametrize(("query", "expected"), FILTERS.values(), ids=FILTERS)
def test_the_coordination_narrows_its_list(
    build: Builder, client_for: ClientFor, query: str, expected: list[int]
) -> None:
    rows = [
        build.request(),
        build.request(state="searching", starts_at=START + timedelta(days=1)),
        build.request(languages=("ti",), municipality="14627010", starts_at=START + timedelta(days=2)),
    ]
    build.request(state="draft")

    page = client_for(build.user("coordinator")).get(f"/requests?{query}").text

    assert links(page) == [f"/requests/{rows[place].id}" for place in expected]


def test_a_long_list_is_read_page_by_page_with_its_filter(build: Builder, client_for: ClientFor) -> None:
    rows = [build.request(starts_at=START + timedelta(days=number)) for number in range(26)]
    client = client_for(build.user("coordinator"))

    first, second = (client.get(f"/requests?state=submitted&page={number}").text for number in (1, 2))

    assert (len(links(first)), links(second)) == (25, [f"/requests/{rows[0].id}"])
    assert re.findall(r'rel="next" href="([^"]+)"', first) == ["?state=submitted&amp;page=2"]
    assert re.findall(r'rel="prev" href="([^"]+)"', second) == ["?state=submitted&amp;page=1"]


def test_looking_changes_nothing(build: Builder, office: User, client_for: ClientFor) -> None:
    row = build.request(organisation_id=office.organisation_id)
    client = client_for(office)

    for path in ("", "/edit", "/cancel"):
        client.get(f"/requests/{row.id}{path}")
        client.head(f"/requests/{row.id}{path}")

    assert reading().execute(select(Request.state, Request.version)).one() == ("submitted", 1)


def test_scripts_find_languages_and_places(office: User, client_for: ClientFor) -> None:
    client = client_for(office)

    languages = client.get("/lookups/languages?q=persisch afghanistan").get_json()
    places = client.get("/lookups/places?q=Diesbar").get_json()
    nothing = client.get("/lookups/languages?q=%00").get_json()

    assert languages == [{"value": "Dari (دری)", "word": "Dari", "note": "دری"}]
    assert places == [{"value": "01612 Diesbar-Seußlitz", "word": "01612 Diesbar-Seußlitz", "note": "Nünchritz"}]
    assert nothing == []
