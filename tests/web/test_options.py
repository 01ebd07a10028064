"""Pages of the options: look, change after a look at what it affects, history, export and import."""

import json
import re
from io import BytesIO

import pytest
from sqlalchemy import func, select

from dispatch.domain import offers
from dispatch.domain.option_topics import ALL
from dispatch.models import OptionChange, User
from dispatch.services import options
from dispatch.services.transactions import reading
from tests.browsing import post
from tests.builders import NOW, START, Builder
from tests.faults.markup import Page
from tests.web.conftest import ClientFor


@pytest.fixture
def administrator(build: Builder) -> User:
    """Who changes options."""
    return build.user("administrator", name="Ada Klein")


def typed(page: str, action: str) -> dict[str, str]:
    """Return what the form of a page sends untouched."""
    form = next(form for form in Page(page).forms if form.action == action)
    return {name: control.values[0] for name, control in form.fields.items() if control.values and name != "csrf_token"}


def versions() -> int:
    return reading().scalar(select(func.count()).select_from(OptionChange)) or 0


def test_a_change_says_what_it_affects_before_it_is_saved(
    build: Builder, administrator: User, client_for: ClientFor
) -> None:
    build.request(state="searching", wave_due_at=NOW, answer_by=START)
    client = client_for(administrator)
    form = typed(client.get("/options/waves?lang=en").text, "/options/waves")

    looked = post(client, "/options/waves?lang=en", {**form, "rows-2-asked": "1"})
    unsaved = versions()
    saved = post(client, "/options/waves?lang=en", {**typed(looked.text, "/options/waves"), "act": "apply"})

    assert looked.status_code == 200
    assert "1 open request: its next round follows the new table." in looked.text
    assert "1 promise already given stays as it is." in looked.text
    assert (unsaved, saved.status_code, versions()) == (0, 302, 1)
    assert options.read(offers.DEFAULT).rows[2].asked == 1
    told = client.get("/options/waves?lang=en").text.partition("<main")[2]
    assert re.findall(r"Version \d+|<bdi>Ada Klein</bdi>", told)[:2] == [
        "Version 1",
        "<bdi>Ada Klein</bdi>",
    ]


def test_a_gap_is_refused_at_its_field_with_what_was_typed(administrator: User, client_for: ClientFor) -> None:
    client = client_for(administrator)
    form = typed(client.get("/options/waves").text, "/options/waves")

    response = post(client, "/options/waves?lang=en", {**form, "rows-1-above": "5", "act": "apply"})

    assert response.status_code == 422
    assert re.findall(r'id="([\w-]+)-error"', response.text) == ["rows-1-above"]
    assert "This leaves a gap" in response.text
    assert typed(response.text, "/options/waves")["rows-1-above"] == "5"
    assert versions() == 0


def test_the_second_of_two_who_save_sees_both_versions(administrator: User, client_for: ClientFor) -> None:
    client = client_for(administrator)
    form = typed(client.get("/options/travel").text, "/options/travel")
    post(client, "/options/travel", {**form, "factor": "1,2", "act": "apply"})

    response = post(client, "/options/travel?lang=en", {**form, "factor": "1,4", "act": "apply"})

    assert response.status_code == 409
    assert re.findall(r'class="compare__mine[^"]*">([^<]*)</td><td>([^<]*)<', response.text) == [("1,4", "1,2")]


def test_an_earlier_version_and_what_was_shipped_fill_the_form(administrator: User, client_for: ClientFor) -> None:
    client = client_for(administrator)
    form = typed(client.get("/options/travel").text, "/options/travel")
    post(client, "/options/travel", {**form, "factor": "1,2", "act": "apply"})

    shipped = typed(client.get("/options/travel?version=0").text, "/options/travel")

    assert (shipped["factor"], shipped["version"]) == ("1,3", "1")
    assert client.get("/options/travel?version=9").status_code == 404


def test_every_topic_has_its_page(administrator: User, client_for: ClientFor) -> None:
    client = client_for(administrator)

    wrong = {name: status for name in ALL if (status := client.get(f"/options/{name}").status_code) != 200}

    assert (wrong, client.get("/options/colours").status_code) == ({}, 404)


def test_a_coordinator_reads_and_does_not_change(build: Builder, client_for: ClientFor) -> None:
    client = client_for(build.user("coordinator"))

    page = client.get("/options/travel").text

    assert 'value="look"' not in page
    assert post(client, "/options/travel", {"version": "0"}).status_code == 403


def test_a_file_is_looked_at_and_then_taken(administrator: User, client_for: ClientFor) -> None:
    client = client_for(administrator)
    content = json.loads(client.get("/options/export").text)
    content["topics"]["service"]["name"] = "Sprachmittlung Elbland"
    file = BytesIO(json.dumps(content).encode())

    looked = post(client, "/options/import", {"file": (file, "options.json")}, content_type="multipart/form-data")
    unsaved = versions()
    taken = post(client, "/options/import", {**typed(looked.text, "/options/import"), "act": "apply"})

    assert (looked.status_code, unsaved, taken.status_code, versions()) == (200, 0, 302, 1)
    assert "Sprachmittlung Elbland" in client.get("/").text


def test_a_file_with_a_fault_says_where_and_changes_nothing(administrator: User, client_for: ClientFor) -> None:
    client = client_for(administrator)
    content = json.loads(client.get("/options/export").text)
    content["topics"]["travel"]["factor"] = 1.2
    content["topics"]["waves"]["rows"][1]["above_minutes"] = 300
    file = BytesIO(json.dumps(content).encode())

    response = post(
        client, "/options/import?lang=en", {"file": (file, "options.json")}, content_type="multipart/form-data"
    )

    assert response.status_code == 422
    assert "Rounds of offers – How many are asked" in response.text
    assert versions() == 0


def test_words_of_the_district_stand_on_the_pages(administrator: User, client_for: ClientFor) -> None:
    client = client_for(administrator)
    for topic, changes in (
        ("legal", {"imprint": "# Anbieter\n\nLandkreis Elbland\nMarkt 1"}),
        ("service", {"people": "Sprachpaten", "phone": "03521 000 999"}),
    ):
        form = typed(client.get(f"/options/{topic}").text, f"/options/{topic}")
        post(client, f"/options/{topic}", {**form, **changes, "act": "apply"})

    imprint, users = client.get("/impressum?lang=de").text, client.get("/?lang=de").text

    assert "<p>Landkreis Elbland<br>Markt 1</p>" in imprint
    assert "tel:+493521000999" in users
    assert "Brauhausstraße" not in imprint


def test_a_type_of_document_on_record_is_refused_at_its_row_and_named_on_the_pages(
    build: Builder, administrator: User, client_for: ClientFor
) -> None:
    client = client_for(administrator)
    form = typed(client.get("/options/document_types").text, "/options/document_types")
    own = {"rows-3-code": "first_aid", "rows-3-label": "Erste Hilfe", "rows-3-years": "2"}
    post(client, "/options/document_types", {**form, **own, "act": "apply"})
    mediator = build.mediator()
    build.document(mediator, "first_aid", issued_on=NOW.date())
    form = typed(client.get("/options/document_types").text, "/options/document_types")

    refused = post(client, "/options/document_types?lang=en", {**form, **dict.fromkeys(own, ""), "act": "apply"})

    assert (refused.status_code, versions()) == (422, 1)
    assert re.findall(r'id="([\w-]+)-error"', refused.text) == ["rows-3-code"]
    assert "so it cannot be removed" in refused.text
    desk = client_for(build.user("coordinator"))
    assert "Erste Hilfe" in desk.get(f"/mediators/{mediator.id}").text
    assert '<option value="first_aid"' in desk.get(f"/mediators/{mediator.id}/edit").text
    assert "Erste Hilfe" in client.get("/options/setting.doctor").text
    named = client.get("/options/document_types?lang=de").text
    assert "Verpflichtung zur Verschwiegenheit</p>" in named
