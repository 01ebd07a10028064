"""Sheets to be printed: a page that leads to all of them, and files that a browser asks for again only if changed."""

import re

import pytest
from flask.testing import FlaskClient

from dispatch.domain.permissions import Actor, Role
from dispatch.outgoing import leaflets
from dispatch.services import option_changes
from tests import printed
from tests.builders import NOW, Builder
from tests.web.conftest import ClientFor

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What is printed does not depend on the kind of database."""


def test_the_page_leads_to_every_sheet(client: FlaskClient) -> None:
    page = client.get("/print?lang=ar").text

    assert re.findall(r'href="/print/([^"]+)"', page) == [sheet.name for sheet in leaflets.sheets()]


def test_a_sheet_is_a_file_that_is_asked_for_again_when_something_changed(client: FlaskClient, build: Builder) -> None:
    first = client.get("/print/card-ti.pdf?lang=fa")
    again = client.get("/print/card-ti.pdf", headers={"If-None-Match": first.headers["ETag"]})
    administrator = Actor(build.user("administrator").id, Role.ADMINISTRATOR)
    form = {**option_changes.sheet(administrator, "service").typed, "name": "Sprachbrücke", "phone": "+493521000999"}
    option_changes.save(administrator, "service", form, 0, NOW)
    changed = client.get("/print/card-ti.pdf", headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, first.mimetype, again.status_code, again.data) == (200, "application/pdf", 304, b"")
    assert first.headers["Content-Disposition"] == "attachment; filename=card-ti.pdf"
    assert (first.headers["Cache-Control"], again.headers["Cache-Control"]) == ("public, no-cache", "public, no-cache")
    assert "Set-Cookie" not in first.headers
    assert "03521 000999 Sprachbrücke" in printed.text(changed.data)


@pytest.mark.parametrize(
    "name", ["leaflet-xx", "poster-a4-fa", "leaflet", "Leaflet-de", "..%2Fconfig", "leaflet-de.pdf"]
)
def test_there_is_no_other_file(client: FlaskClient, name: str) -> None:
    assert client.get(f"/print/{name}.pdf").status_code == 404


def leads_there(page: str) -> bool:
    return 'href="/print"' in page


def test_the_start_page_and_those_who_book_are_led_there(
    client: FlaskClient, build: Builder, client_for: ClientFor
) -> None:
    assert [leads_there(client.get(path).text) for path in ("/", "/login", "/impressum")] == [True, False, False]
    found = {
        role: leads_there(client_for(build.user(role)).get("/account").text)
        for role in ("requester", "coordinator", "mediator")
    }
    assert found == {"requester": True, "coordinator": True, "mediator": False}
