"""Duty, claims and notes on the pages: refused with what was typed, told to whom it concerns, hidden from others."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from dispatch.database import db
from dispatch.models import InternalNote, Request, StaffAbsence, User
from dispatch.services.transactions import reading
from tests.browsing import post
from tests.builders import NOW, Builder
from tests.services.offering import add
from tests.web.conftest import ClientFor

TODAY = NOW.date()
BANNER = "Enter who stands in"


def away(user: User, first: date = TODAY, last: date = TODAY, deputy: User | None = None) -> None:
    row = StaffAbsence(user_id=user.id, first_on=first, last_on=last, created_at=NOW)
    row.deputy_id = deputy.id if deputy else None
    add(row)


def count(table: type[StaffAbsence] | type[InternalNote]) -> int:
    db.session.close()
    return reading().scalar(select(func.count()).select_from(table)) or 0


def errors_of(page: str) -> list[str]:
    return re.findall(r'id="([\w-]+)-error"', page)


@pytest.fixture
def jana(build: Builder) -> User:
    """A coordinator."""
    return build.user("coordinator", name="Jana Petzold", ui_language="en")


def test_an_absence_is_entered_changed_and_ended(build: Builder, jana: User, client_for: ClientFor) -> None:
    deputy = build.user("coordinator", name="Nora Vogt")
    client = client_for(jana)
    typed = {"user_id": jana.id, "first_on": "1.12.2026", "last_on": "4.12.2026", "deputy_id": deputy.id}

    entered = post(client, "/duty", typed)
    shown = client.get("/duty").text
    changed = post(client, "/duty/1", typed | {"last_on": "7.12.2026"})
    filled = client.get("/duty/1").text
    ended = post(client, "/duty/1/end")

    assert [answer.status_code for answer in (entered, changed, ended)] == [302, 302, 302]
    assert ("Nora Vogt stands in" in shown, "07.12.2026" in filled or "12/7/2026" in filled) == (True, True)
    assert count(StaffAbsence) == 0


REFUSED: dict[str, tuple[dict[str, str], list[str]]] = {
    "deputy for oneself": ({"deputy_id": "{jana}"}, ["deputy_id"]),
    "ends before it begins": ({"last_on": "30.11.2026"}, ["last_on"]),
    "a deputy who is away": ({"deputy_id": "{away}"}, ["deputy_id"]),
    "a disabled deputy": ({"deputy_id": "{gone}"}, ["deputy_id"]),
    "away already": ({"user_id": "{away}"}, ["first_on"]),
    "nothing typed": ({"user_id": "", "first_on": "", "last_on": ""}, ["user_id", "first_on", "last_on"]),
    "no such day": ({"first_on": "31.02.2027"}, ["first_on"]),
}


@pytest.mark.parametrize(("typed", "fields"), REFUSED.values(), ids=REFUSED)
def test_a_refused_absence_keeps_the_form_and_changes_nothing(
    build: Builder, jana: User, client_for: ClientFor, typed: dict[str, str], fields: list[str]
) -> None:
    other, gone = build.user("coordinator"), build.user("coordinator", active=False)
    away(other, date(2026, 12, 1), date(2026, 12, 24))
    ids = {"jana": jana.id, "away": other.id, "gone": gone.id}
    good = {"user_id": str(jana.id), "first_on": "1.12.2026", "last_on": "4.12.2026", "deputy_id": ""}
    values = good | {name: value.format(**ids) for name, value in typed.items()}

    answer = post(client_for(jana), "/duty", values)

    assert (answer.status_code, errors_of(answer.text), count(StaffAbsence)) == (422, fields, 1)
    for name in ("first_on", "last_on"):
        if values[name]:
            assert values[name].split(".")[0].lstrip("0") in answer.text


def test_when_nobody_is_on_duty_every_page_of_the_coordination_says_so(
    build: Builder, jana: User, client_for: ClientFor
) -> None:
    administrator, office = build.user("administrator", ui_language="en"), build.user("requester", ui_language="en")
    pages = {"/board": jana, "/mediators": jana, "/users": administrator, "/requests": office}
    quiet = {path: client_for(user).get(path).text.count(BANNER) for path, user in pages.items()}

    away(jana)
    shown = {path: client_for(user).get(path).text.count(BANNER) for path, user in pages.items()}

    assert quiet == dict.fromkeys(pages, 0)
    assert shown == {"/board": 1, "/mediators": 1, "/users": 1, "/requests": 0}


def test_an_office_reads_who_is_there_when_it_is_answered(build: Builder, jana: User, client_for: ClientFor) -> None:
    office = build.user("requester", ui_language="en")
    row = build.request(organisation_id=office.organisation_id, answer_by=NOW + timedelta(days=1))
    page = f"/requests/{row.id}"
    client = client_for(office)

    there = client.get(page).text
    away(jana, TODAY, TODAY + timedelta(days=3))
    nobody = client.get(page).text

    assert ("Jana Petzold" in there, "nobody of the coordination is on duty" in there) == (True, False)
    assert ("Jana Petzold" in nobody, "nobody of the coordination is on duty" in nobody) == (False, True)


def test_who_claims_second_reads_who_has_it_and_may_take_it_over(
    build: Builder, jana: User, client_for: ClientFor
) -> None:
    nora, row = build.user("coordinator", name="Nora Vogt", ui_language="en"), build.request()
    path = f"/requests/{row.id}/claim"
    post(client_for(jana), path)
    second = client_for(nora)

    refused = post(second, path)
    held = reading().get_one(Request, row.id).claimed_by_id
    taken = post(second, path, {"taken_from": jana.id})

    assert (refused.status_code, held, taken.status_code) == (409, jana.id, 302)
    assert "Take it over from Jana Petzold" in refused.text
    db.session.close()
    assert reading().get_one(Request, row.id).claimed_by_id == nora.id


def test_the_board_shows_who_looks_after_what_and_narrows_to_ones_own(
    build: Builder, jana: User, client_for: ClientFor
) -> None:
    nora = build.user("coordinator", name="Nora Vogt", ui_language="en")
    values: dict[str, Any] = {"state": "in_review", "review_reasons": "setting"}
    mine = build.request(**values, claimed_by_id=jana.id, claimed_at=NOW)
    hers = build.request(**values, claimed_by_id=nora.id, claimed_at=NOW)
    over = build.request(**values, claimed_by_id=nora.id, claimed_at=NOW - timedelta(hours=4))
    client = client_for(jana)

    board, own = client.get("/board").text, client.get("/board?mine=1").text

    assert (board.count("You look after it."), board.count("Nora Vogt looks after it.")) == (1, 1)
    assert board.count("task--quiet") == 1
    rows = re.findall(r'id="request-(\d+)"', own)
    assert ({int(row) for row in rows}, {hers.id, over.id} & {int(row) for row in rows}) == ({mine.id}, set())


@pytest.mark.parametrize("about", ["requests", "mediators"])
def test_notes_and_calls_are_kept_shown_and_refused_with_what_was_typed(
    build: Builder, jana: User, client_for: ClientFor, about: str
) -> None:
    row = build.request() if about == "requests" else build.mediator()
    page, client = f"/{about}/{row.id}", client_for(jana)

    saved = post(client, f"{page}/notes", {"text": "Ruft am Montag zurück"})
    called = post(client, f"{page}/call-log", {"outcome": "not_reached", "note": "Mailbox"})
    shown = client.get(page).text
    too_long = post(client, f"{page}/notes", {"text": "x" * 1001})
    without = post(client, f"{page}/call-log", {"note": "Es klingelt"})

    assert (saved.status_code, called.status_code) == (302, 302)
    assert [shown.count(f'action="{page}/{part}"') for part in ("notes", "call-log")] == [1, 1]
    assert ("Ruft am Montag zurück" in shown, "Mailbox" in shown) == (True, True)
    assert (too_long.status_code, errors_of(too_long.text), "x" * 1001 in too_long.text) == (422, ["text"], True)
    assert (without.status_code, errors_of(without.text), "Es klingelt" in without.text) == (422, ["outcome"], True)


def test_only_its_writer_deletes_a_note(build: Builder, jana: User, client_for: ClientFor) -> None:
    row, nora = build.request(), build.user("coordinator")
    post(client_for(jana), f"/requests/{row.id}/notes", {"text": "Ruft zurück"})

    refused, kept = post(client_for(nora), "/notes/1/delete").status_code, count(InternalNote)
    deleted, left = post(client_for(jana), "/notes/1/delete").status_code, count(InternalNote)

    assert (refused, kept, deleted, left) == (403, 1, 302, 0)


def test_nobody_but_the_coordination_reads_a_note(build: Builder, jana: User, client_for: ClientFor) -> None:
    office, regional = build.user("requester"), build.user("regional_coordinator")
    build.area(regional, "Meißen", TODAY - timedelta(days=1))
    row = build.request(organisation_id=office.organisation_id)
    post(client_for(jana), f"/requests/{row.id}/notes", {"text": "Nur für uns"})

    pages = [client_for(user).get(f"/requests/{row.id}") for user in (office, regional)]

    assert [(page.status_code, "Nur für uns" in page.text) for page in pages] == [(200, False)] * 2
    assert "Nur für uns" not in client_for(regional).get("/handover").text
    assert "Nur für uns" in client_for(jana).get("/handover").text
