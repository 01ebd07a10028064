"""The pages of need, providers, rules of intake and help from outside: bad input keeps the form, links lead there."""

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dispatch.models import IntakeRule, Provider, Referral, UnaskedNeed
from dispatch.services import links
from dispatch.services.transactions import reading
from tests.browsing import post
from tests.builders import NOW, Builder
from tests.web.conftest import ClientFor

NEED = {"language": "Somali", "day": "20.11.2026", "minutes": "45", "why": "mit dem Kind verständigt"}
PROVIDER = {"name": "Pool Nord", "kind": "agency", "phone": "03521 000 333", "languages": "Somali, Dari", "active": "1"}


@pytest.fixture
def desk(build: Builder, client_for: ClientFor) -> FlaskClient:
    return client_for(build.user("coordinator"))


def faults(page: str) -> list[str]:
    """The fields that carry a message."""
    return re.findall(r'id="([\w-]+)-error"', page)


def test_a_need_is_noted_listed_and_taken_back(desk: FlaskClient, build: Builder, client_for: ClientFor) -> None:
    noted = post(desk, "/needs", NEED)
    listed = desk.get(noted.headers["Location"]).text
    need = reading().scalars(select(UnaskedNeed)).one()

    assert noted.headers["Location"] == "/needs?month=2026-11"
    assert "Somali · Fr, 20. November 2026" in listed
    assert f'action="/needs/{need.id}/delete"' in listed
    assert "/delete" not in client_for(build.user("coordinator")).get("/needs").text
    post(desk, f"/needs/{need.id}/delete")
    assert reading().scalars(select(UnaskedNeed)).all() == []


def test_a_need_that_does_not_hold_keeps_its_form(desk: FlaskClient) -> None:
    refused = post(desk, "/needs", {**NEED, "language": "Kurdisch", "day": "31.2.", "minutes": "viel"})

    assert (refused.status_code, faults(refused.text)) == (422, ["language", "day", "minutes"])
    assert re.findall(r'<option value="(kmr|ckb|und)"', refused.text) == ["kmr", "ckb", "und"]
    assert [f'value="{word}"' in refused.text for word in ("Kurdisch", "31.2.", "viel")] == [True] * 3
    assert reading().scalars(select(UnaskedNeed)).all() == []


def test_a_need_that_seems_to_name_somebody_is_pointed_out(desk: FlaskClient) -> None:
    noted = post(desk, "/needs", {**NEED, "why": "Frau Haidari kam allein"}, follow_redirects=True)

    assert "kern-alert--warning" in noted.text


@pytest.mark.parametrize("month", ["", "2026-13", "0000-00", "x" * 3000, "1999-01"])
def test_an_odd_month_shows_this_one(desk: FlaskClient, month: str) -> None:
    page = desk.get("/needs", query_string={"month": month})

    assert (page.status_code, "November 2026" in page.text) == (200, True)


def test_a_provider_is_entered_changed_and_taken_out_of_use(desk: FlaskClient) -> None:
    post(desk, "/providers/new", PROVIDER)
    row = reading().scalars(select(Provider)).one()
    form = desk.get(f"/providers/{row.id}/edit").text
    changed = {**PROVIDER, "version": "1", "languages": "", "active": ""}

    saved = post(desk, f"/providers/{row.id}/edit", changed)
    stale = post(desk, f"/providers/{row.id}/edit", {**PROVIDER, "version": "1", "name": "Pool Süd"})

    assert 'value="Dari (دری), Somali (Soomaali)"' in unescape(form)
    assert (saved.status_code, stale.status_code) == (302, 409)
    assert "Pool Süd" in stale.text
    listed = desk.get("/providers").text
    assert "alle Sprachen" in listed
    assert "nicht in Gebrauch" in listed


def test_a_provider_that_does_not_hold_keeps_its_form(desk: FlaskClient) -> None:
    wrong = {**PROVIDER, "name": "", "email": "niemand", "url": "http//", "languages": "Kurdisch"}

    refused = post(desk, "/providers/new", wrong)

    assert (refused.status_code, sorted(faults(refused.text))) == (422, ["email", "languages", "name", "url"])
    assert re.findall(r'<option value="(kmr|ckb|und)"', refused.text) == ["kmr", "ckb"]
    assert 'value="Kurdisch"' in refused.text


def test_a_rule_is_written_changed_by_its_own_form_and_removed(build: Builder, client_for: ClientFor) -> None:
    administration = client_for(build.user("administrator"))
    rule = {"setting": "court", "kind": "school", "verdict": "refuse", "text": "Das Gericht stellt selbst jemanden."}

    refused = post(administration, "/intake-rules", {**rule, "text": "", "alternative": "Amtsgericht"})
    post(administration, "/intake-rules", rule)
    form = administration.get("/intake-rules?setting=court&kind=school").text

    assert (refused.status_code, faults(refused.text)) == (422, ["text"])
    assert "Amtsgericht" in refused.text
    assert 'value="refuse" checked' in form
    assert form.count("Das Gericht stellt selbst jemanden.") == 2
    post(administration, "/intake-rules/remove", {"setting": "court", "kind": "school"})
    assert reading().scalars(select(IntakeRule)).all() == []


def test_the_coordination_reads_the_table_and_an_office_does_not(
    desk: FlaskClient, build: Builder, client_for: ClientFor
) -> None:
    read = desk.get("/intake-rules")

    assert (read.status_code, "form__plain" in read.text) == (200, False)
    assert client_for(build.user()).get("/intake-rules").status_code == 403


def test_a_way_that_does_not_exist_is_told_on_the_page_of_the_request(desk: FlaskClient, build: Builder) -> None:
    request = build.request(state="searching", languages=("so",), nobody_fits_at=NOW)
    provider = build.provider(email=None)

    refused = post(desk, f"/requests/{request.id}/referrals", {"provider": provider.id, "channel": "mail"})

    assert refused.status_code == 422
    assert "Es ist keine E-Mail-Adresse hinterlegt." in refused.text
    assert reading().scalars(select(Referral)).all() == []


def test_only_the_coordination_sees_who_was_asked_outside(
    desk: FlaskClient, build: Builder, client_for: ClientFor
) -> None:
    office = build.user()
    request = build.request(state="searching", organisation_id=office.organisation_id, languages=("so",))
    build.referral(request, build.provider(name="Pool Nord"))

    assert "Pool Nord" in desk.get(f"/requests/{request.id}").text
    assert "Pool Nord" not in client_for(office).get(f"/requests/{request.id}").text


def test_an_office_without_account_reads_who_helps_from_outside(app: Flask, build: Builder) -> None:
    request = build.request(state="cancelled", cancel_reason="solved", languages=("so",), caller_email="a@example.org")
    build.referral(request, build.provider(name="Pool Nord"), state="agreed")
    token = links.issue("request", request.id, key=app.config["SECRET_KEY"], now=NOW)

    page = app.test_client().get(f"/r/{token}").text

    assert "Pool Nord hilft von außen" in page
    assert "03525 000180" in page
    assert "Niemand wird kommen" not in page
