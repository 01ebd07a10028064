"""The coordination's request form: an organisation by its name or a new one, who asked, and how many people fit."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select

from dispatch.models import FormDraft, Organisation, Request
from dispatch.services.transactions import reading
from tests.browsing import post
from tests.builders import Builder
from tests.web.conftest import ClientFor
from tests.web.test_request_form import TYPED, count, faults

CALL: dict[str, Any] = {
    **TYPED, "unit": "Nünchritz", "channel": "phone", "caller_name": "Frau Krause", "caller_phone": "03521 000 301",
    "caller_email": "krause@example.org",
}  # fmt: skip
LIVE = {"headers": {"HX-Request": "true"}}


@pytest.fixture
def desk(build: Builder, client_for: ClientFor) -> FlaskClient:
    """The browser of a coordinator; two schools are known."""
    build.organisation(name="Grundschule Nünchritz", contact_name="Frau Lindner", default_setting="doctor")
    build.organisation(name="Oberschule Riesa")
    return client_for(build.user("coordinator", name="Katrin Vogel"))


def fit(page: str) -> str:
    found = re.search(r'<section class="fit".*?</section>', page, re.DOTALL)
    assert found is not None
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split())


def test_a_call_is_taken_down_with_who_asked_and_how_it_came(desk: FlaskClient) -> None:
    sent = post(desk, "/requests/new", CALL)

    row = reading().scalars(select(Request)).one()
    page = desk.get(sent.headers["Location"]).text
    assert (row.intake_channel, row.caller_name, row.caller_phone) == ("phone", "Frau Krause", "+493521000301")
    assert [word in page for word in ("Frau Krause", "tel:+493521000301", "Katrin Vogel")] == [True] * 3
    assert re.search(r"telefonisch aufgenommen\. Eine Antwort", page) is not None


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"unit": "Qwrtz"}, ["unit"]),
        ({"unit": "schule"}, ["unit"]),
        ({"unit": ""}, ["unit"]),
        ({"unit": "", "new_name": "Kita Sonne"}, ["new_kind", "new_phone"]),
        ({"new_name": "Kita Sonne", "new_kind": "daycare", "new_phone": "Nummer"}, ["new_name", "new_phone"]),
        ({"caller_phone": "ruft zurück", "caller_email": "keine", "consent": ""}, None),
        ({"caller_name": "a\x00b"}, ["caller_name"]),
    ],
    ids=["unknown", "ambiguous", "nobody", "half an office", "two offices", "caller", "NUL"],
)
def test_what_does_not_hold_is_told_at_its_field_and_kept(
    desk: FlaskClient, changes: dict[str, Any], found: list[str] | None
) -> None:
    refused = post(desk, "/requests/new", {**CALL, **changes})

    assert (refused.status_code, count()) == (422, 0)
    assert faults(refused.text) == (found or ["caller_phone", "caller_email", "consent"])
    assert 'value="Frau Krause"' in refused.text or "caller_name" in changes
    assert reading().scalar(select(func.count(Organisation.id))) == 2


def test_a_name_that_fits_several_is_asked_back(desk: FlaskClient) -> None:
    asked = post(desk, "/requests/new", {**CALL, "unit": "schule"}).text
    second = re.findall(r'name="organisation" value="(\d+)"', asked)[1]

    sent = post(desk, "/requests/new", {**CALL, "unit": "schule", "organisation": second})

    assert sent.status_code == 302
    assert reading().scalar(select(Request.organisation_id)) == int(second)


def test_an_office_not_yet_known_is_made_without_leaving_the_form(desk: FlaskClient) -> None:
    office = {"unit": "", "new_name": "Kita Sonne", "new_kind": "daycare", "new_phone": "03521 000 400"}

    kept = post(desk, "/requests/new", {**CALL, **office, "act": "draft"})
    sent = post(desk, "/requests/new", {**CALL, **office, "kept": "1"})

    row = reading().scalars(select(Organisation).where(Organisation.name == "Kita Sonne")).one()
    assert (kept.status_code, sent.status_code, row.kind) == (302, 302, "daycare")
    assert reading().scalars(select(Request.organisation_id)).all() == [row.id]


def test_the_form_says_live_how_many_fit_and_stores_nothing(desk: FlaskClient, build: Builder) -> None:
    build.mediator()
    build.mediator(weekly=(), name="Omid Karimi")
    gaps = {"unit": "", "consent": "", "address": "", "contact_name": "", "act": "preview"}

    seen = post(desk, "/requests/new", {**CALL, **gaps}, **LIVE)
    without_script = post(desk, "/requests/new", {**CALL, **gaps, "act": "fit"})
    lacking = post(desk, "/requests/new", {**CALL, **gaps, "language": "", "start": ""}, **LIVE)
    nobody = post(desk, "/requests/new", {**CALL, **gaps, "language": "Tigrinya"}, **LIVE)

    assert fit(seen.text).startswith("Wie viele passen? 1 Person passt. Außerdem passt 1 Person")
    assert fit(seen.text).endswith("Omid Karimi")
    assert (without_script.status_code, fit(without_script.text)) == (200, fit(seen.text))
    assert (faults(without_script.text), 'class="promise"' in seen.text) == ([], True)
    assert fit(lacking.text) == "Wie viele passen? Dafür fehlen noch: Sprache und Tag."
    assert fit(nobody.text).endswith("niemand im Pool spricht diese Sprache.")
    assert count() == 0


def test_an_office_sees_no_names_before_or_after(build: Builder, client_for: ClientFor) -> None:
    build.mediator()

    seen = post(client_for(build.user()), "/requests/new", {**TYPED, "act": "preview"}, **LIVE).text

    assert ('class="fit"' in seen, "Rahmani" in seen) == (False, False)


def test_a_part_of_its_name_finds_an_organisation_and_its_defaults(desk: FlaskClient) -> None:
    found = desk.get("/lookups/organisations?q=schule").json
    usual = desk.get("/lookups/unit?unit=nünch").json

    assert [one["value"] for one in found or []] == ["Grundschule Nünchritz", "Oberschule Riesa"]
    assert usual == {
        "setting": "doctor", "place": "Meißen", "address": "Schulstraße 4", "contact_name": "Frau Lindner",
        "contact_phone": "03521 000210", "caller_phone": "03521 000210",
    }  # fmt: skip


@pytest.mark.parametrize("where", ["?again={}", "?case=K7Q-4MX"])
def test_a_kept_draft_does_not_stand_before_what_was_asked_for(
    build: Builder, client_for: ClientFor, where: str, the_time: time_machine.Traveller
) -> None:
    office = build.user()
    earlier = build.request(organisation_id=office.organisation_id, languages=("ti",))
    client = client_for(office)
    post(client, "/drafts/requests/new", {"language": "Paschtu", "notes": "Eingang hinten"})
    the_time.shift(timedelta(minutes=5))

    asked_for = client.get("/requests/new" + where.format(earlier.id)).text

    assert ("Eingang hinten" in asked_for, 'value="K7Q-4MX"' in asked_for, 'name="kept" value=""' in asked_for) == (
        False, where.startswith("?case"), True,
    )  # fmt: skip
    assert "Sie haben eine unfertige Anfrage von" in asked_for
    assert "Eingang hinten" in client.get("/requests/new").text
    assert reading().scalar(select(func.count(FormDraft.id))) == 1
