"""The form of a request: every bad entry is told at its field, nothing typed is lost, one request results."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from dispatch.database import db
from dispatch.models import Request, RequestLanguage, User
from dispatch.services import requests
from dispatch.services.transactions import reading
from tests.browsing import post
from tests.builders import NOW, START, Builder
from tests.services.booking import actor_of, new_request
from tests.statements import counted
from tests.web.conftest import ClientFor

NONCE = "a-nonce-of-this-form-0123"

TYPED: dict[str, Any] = {
    "nonce": NONCE, "act": "send", "language": "Dari", "setting": "parent_talk", "day": "Di, 01.12.2026",
    "start": "9:00", "length": "60", "mode": "on_site", "place": "Nünchritz", "address": "Schulstraße 4",
    "contact_name": "Sekretariat", "contact_phone": "03521 000 210", "continuity": "gern", "consent": "known",
}  # fmt: skip


@pytest.fixture
def office(build: Builder) -> User:
    """Who asks for a school."""
    return build.user()


def count() -> int:
    return reading().scalar(select(func.count(Request.id))) or 0


def faults(page: str) -> list[str]:
    """The fields that carry a message, in the order of the page."""
    return re.findall(r'id="([\w-]+)-error"', page)


def test_a_request_is_sent_and_its_page_says_by_when_there_is_an_answer(
    office: User, client_for: ClientFor, build: Builder
) -> None:
    build.mediator()

    response = post(client_for(office), "/requests/new", TYPED)

    row = reading().scalars(select(Request)).one()
    assert (response.status_code, response.headers["Location"]) == (302, f"/requests/{row.id}")
    assert (row.state, row.starts_at, row.ends_at) == ("submitted", START, START + timedelta(hours=1))
    assert (row.municipality, row.contact_phone, row.nobody_fits_at) == ("14627190", "+493521000210", None)


def test_a_language_asked_back_is_answered_by_a_choice(office: User, client_for: ClientFor) -> None:
    client = client_for(office)
    asked = post(client, "/requests/new", {**TYPED, "language": "Kurdisch"})

    post(client, "/requests/new", {**TYPED, "language": "Kurdisch", "which_language": "ckb"})

    assert re.findall(r'name="which_language" value="(\w+)"', asked.text) == ["kmr", "ckb", "und"]
    assert reading().scalars(select(RequestLanguage.code)).all() == ["ckb"]


def test_the_doubled_hour_is_asked_for_with_a_choice(office: User, client_for: ClientFor) -> None:
    client = client_for(office)
    night = {**TYPED, "day": "31.10.2027", "start": "2:30"}
    asked = post(client, "/requests/new", night)

    post(client, "/requests/new", {**night, "fold": "1"})

    assert re.findall(r'name="fold" value="(\d)"', asked.text) == ["0", "1"]
    row = reading().scalars(select(Request)).one()
    assert f"{row.starts_at:%Y-%m-%dT%H:%MZ}" == "2027-10-31T01:30Z"


def test_sending_the_same_form_twice_makes_one_request(office: User, client_for: ClientFor) -> None:
    client = client_for(office)

    first, second = (post(client, "/requests/new", TYPED) for _ in range(2))

    assert (first.status_code, second.status_code) == (302, 302)
    assert first.headers["Location"] == second.headers["Location"]
    assert count() == 1


@pytest.mark.parametrize("nonce", ["", "\x00" * 20, "x" * 5000], ids=["none", "NUL", "overlong"])
def test_a_forged_nonce_is_replaced(office: User, client_for: ClientFor, nonce: str) -> None:
    response = post(client_for(office), "/requests/new", {**TYPED, "nonce": nonce})

    assert (response.status_code, count()) == (302, 1)


def test_names_and_birth_dates_are_warned_of_and_never_block(office: User, client_for: ClientFor) -> None:
    typed = {**TYPED, "notes": "Frau Amiri, geb. 1.2.1990"}
    client = client_for(office)
    seen = post(client, "/requests/new", {**typed, "act": "preview"})

    sent = post(client, "/requests/new", typed)

    assert seen.text.count("kern-alert--warning") == 2
    assert (sent.status_code, count()) == (302, 1)


def test_the_summary_says_the_sentence_and_the_promise_and_sends_nothing(office: User, client_for: ClientFor) -> None:
    response = post(client_for(office), "/requests/new", {**TYPED, "act": "preview"}, headers={"HX-Request": "true"})

    assert response.status_code == 200
    assert response.text.lstrip().startswith('<div class="sumup"')
    assert 'datetime="2026-12-01T08:00:00+00:00"' in response.text
    assert 'class="promise"' in response.text
    assert count() == 0


def test_what_is_arranged_elsewhere_is_looked_at_first_and_says_so(office: User, client_for: ClientFor) -> None:
    client, typed = client_for(office), {**TYPED, "setting": "court"}
    summary = post(client, "/requests/new", {**typed, "act": "preview"}, headers={"HX-Request": "true"})

    post(client, "/requests/new", typed)

    assert summary.text.count('class="sumup__wait"') == 2
    assert reading().execute(select(Request.state, Request.review_reasons)).one() == ("in_review", "out_of_scope")


def test_a_summary_of_what_does_not_hold_promises_nothing(office: User, client_for: ClientFor) -> None:
    typed = {**TYPED, "language": "Kurdisch", "act": "preview"}

    response = post(client_for(office), "/requests/new", typed, headers={"HX-Request": "true"})

    assert (response.status_code, 'class="promise"' in response.text) == (200, False)


def test_the_form_begins_with_what_the_unit_usually_needs(build: Builder, client_for: ClientFor) -> None:
    unit = build.organisation(contact_name="Frau Lindner", default_setting="doctor")
    page = client_for(build.user(organisation_id=unit.id)).get("/requests/new").text

    assert '<option value="doctor" selected>' in page
    assert re.findall(r'id="(?:place|address|contact_name|contact_phone)"[^>]* value="([^"]*)"', page) == [
        "Meißen", "Schulstraße 4", "Frau Lindner", "03521 000210",
    ]  # fmt: skip


def test_as_last_time_takes_everything_but_the_time(build: Builder, office: User, client_for: ClientFor) -> None:
    earlier = build.request(organisation_id=office.organisation_id, setting="doctor", languages=("prs", "fa"))

    page = client_for(office).get(f"/requests/new?again={earlier.id}&case=K7Q-4MX").text

    assert '<option value="doctor" selected>' in page
    assert re.findall(r'id="(?:language|day|case_token)"[^>]* value="([^"]*)"', page) == [
        "Dari (دری), Persisch (Farsi) (فارسی)", "K7Q-4MX", "",
    ]  # fmt: skip


@pytest.mark.parametrize("again", ["99999999999", "0", "x", "1%00"])
def test_as_nobody_knows_when_begins_empty_or_is_missing(office: User, client_for: ClientFor, again: str) -> None:
    assert client_for(office).get(f"/requests/new?again={again}").status_code in (200, 404)


def test_the_request_of_another_unit_is_no_model(build: Builder, office: User, client_for: ClientFor) -> None:
    foreign = build.request(notes="geheim")

    assert client_for(office).get(f"/requests/new?again={foreign.id}").status_code == 404


def test_the_second_editor_sees_both_versions_and_may_take_their_own(office: User, client_for: ClientFor) -> None:
    client = client_for(office)
    request_id = requests.submit(actor_of(office), new_request(office.organisation_id), "n1", NOW)
    version = reading().scalar(select(Request.version))
    mine = {**TYPED, "place": "Meißen", "nonce": "x", "version": version}
    post(client, f"/requests/{request_id}/edit", {**mine, "notes": "zuerst"})

    refused = post(client, f"/requests/{request_id}/edit", {**mine, "notes": "zuletzt"})
    version_now = re.findall(r'name="version" value="(\d+)"', refused.text.partition("<main")[2])[0]
    taken = post(client, f"/requests/{request_id}/edit", {**mine, "notes": "zuletzt", "version": version_now})

    assert refused.status_code == 409
    assert re.findall(r"<td[^>]*>([^<]*zu[^<]*)</td>", refused.text) == ["zuletzt", "zuerst"]
    assert taken.status_code == 302
    db.session.close()
    assert reading().scalar(select(Request.notes)) == "zuletzt"


def test_time_and_place_of_an_assigned_request_are_told_to_move(
    build: Builder, office: User, client_for: ClientFor
) -> None:
    row = build.request(organisation_id=office.organisation_id, state="assigned")
    build.appointment(row, build.mediator())
    changed = {**TYPED, "place": "Meißen", "start": "10:00", "version": row.version}

    response = post(client_for(office), f"/requests/{row.id}/edit", changed)

    assert (response.status_code, faults(response.text)) == (422, ["day"])


def test_the_coordination_books_for_an_organisation(build: Builder, client_for: ClientFor) -> None:
    unit, coordinator = build.organisation(), build.user("coordinator")
    client = client_for(coordinator)
    typed = {**TYPED, "organisation": str(unit.id), "channel": "phone"}

    refused = post(client, "/requests/new", {**typed, "organisation": "2147483648"})
    without_channel = post(client, "/requests/new", {**typed, "channel": ""})
    sent = post(client, "/requests/new", typed)

    assert (refused.status_code, faults(refused.text)) == (422, ["unit"])
    assert (without_channel.status_code, faults(without_channel.text)) == (422, ["channel"])
    assert sent.status_code == 302
    assert reading().scalars(select(Request.organisation_id)).all() == [unit.id]


def test_the_coordination_enters_what_has_been(build: Builder, client_for: ClientFor) -> None:
    unit, coordinator = build.organisation(), build.user("coordinator")
    typed = {**TYPED, "organisation": str(unit.id), "channel": "phone", "day": "20.11.2026"}

    sent = post(client_for(coordinator), "/requests/new", typed)
    too_late = post(client_for(coordinator), "/requests/new", {**typed, "nonce": "", "day": "09.11.2026"})

    row = reading().scalars(select(Request)).one()
    assert (sent.status_code, row.entered_afterwards, row.answer_by) == (302, True, None)
    assert (too_late.status_code, faults(too_late.text)) == (422, ["day"])


@pytest.mark.parametrize("role", ["mediator", "observer", "administrator"])
def test_other_roles_make_no_requests(build: Builder, client_for: ClientFor, role: str) -> None:
    client = client_for(build.user(role))

    assert [client.get("/requests/new").status_code, post(client, "/requests/new", TYPED).status_code] == [403, 403]


@pytest.mark.parametrize("pool", [10, 50])
def test_booking_takes_twelve_statements_for_any_pool(
    build: Builder, office: User, client_for: ClientFor, pool: int
) -> None:
    for _ in range(pool):
        build.mediator(weekly=())
    client = client_for(office)

    with counted(db.engine) as statements:
        response = post(client, "/requests/new", TYPED)

    assert (response.status_code, len(statements)) == (302, 12)
