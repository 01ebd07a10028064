"""The files of the pages: compressed, kept for good under the address of their version, without anybody's cookie."""

import gzip
import re

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient

from dispatch.models import User
from dispatch.web.files import SHELF, versions
from tests.builders import Builder
from tests.web.conftest import ClientFor

pytestmark = [
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
    pytest.mark.usefixtures("app"),
]

SHEET = "css/base.css"
PACKED = {"Accept-Encoding": "gzip, br"}


def address(app: Flask, filename: str) -> str:
    with app.test_request_context():
        return url_for("static", filename=filename)


def test_the_address_of_a_file_holds_its_version(app: Flask) -> None:
    assert address(app, SHEET) == f"/static/{versions()[SHEET]}/{SHEET}"


def test_a_style_sheet_changes_with_the_fonts_it_loads(app: Flask) -> None:
    names = re.findall(r'url\("\.\./([^"]+)"\)', (SHELF / "css/fonts.css").read_text())

    assert len(names) > 10
    assert set(names) <= set(versions())


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        pytest.param("exact", "public, max-age=31536000, immutable", id="its own version"),
        pytest.param(f"/static/0123456789ab/{SHEET}", "public, max-age=3600", id="another version"),
        pytest.param(f"/static/{SHEET}", "public, max-age=3600", id="no version"),
    ],
)
def test_a_file_is_kept_for_good_under_its_version_only(app: Flask, client: FlaskClient, path: str, kept: str) -> None:
    response = client.get(address(app, SHEET) if path == "exact" else path)

    assert (response.headers["Cache-Control"], response.data) == (kept, (SHELF / SHEET).read_bytes())


@pytest.mark.parametrize(
    ("filename", "accepted", "coding"),
    [
        pytest.param(SHEET, "gzip, br", "gzip", id="a sheet to who takes gzip"),
        pytest.param(SHEET, "*", "gzip", id="a sheet to who takes anything"),
        pytest.param(SHEET, "gzip;q=0", None, id="a sheet to who refuses gzip"),
        pytest.param(SHEET, "", None, id="a sheet to who says nothing"),
        pytest.param("icons/icon-192.png", "gzip", None, id="a picture"),
    ],
)
def test_a_file_is_compressed_for_who_takes_it(
    app: Flask, client: FlaskClient, filename: str, accepted: str, coding: str | None
) -> None:
    response = client.get(address(app, filename), headers={"Accept-Encoding": accepted})
    body = gzip.decompress(response.data) if coding else response.data

    assert response.headers.get("Content-Encoding") == coding
    assert body == (SHELF / filename).read_bytes()
    assert ("Accept-Encoding" in response.vary) == (filename == SHEET)


def test_an_unchanged_file_is_not_sent_again(app: Flask, client: FlaskClient) -> None:
    tag = client.get(address(app, SHEET), headers=PACKED).headers["ETag"]

    again = client.get(address(app, SHEET), headers=PACKED | {"If-None-Match": tag})

    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("path", ["/static/../config.py", "/static/css", "/static/0123456789ab/nothing.css"])
def test_nothing_but_files_is_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_file_renews_nobodys_cookie(app: Flask, build: Builder, client_for: ClientFor) -> None:
    user: User = build.user("coordinator")

    response = client_for(user).get(address(app, SHEET))

    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("path", ["/", "/login", "/impressum"])
def test_a_page_stays_uncompressed(client: FlaskClient, path: str) -> None:
    assert "Content-Encoding" not in client.get(path, headers=PACKED).headers


def test_a_page_says_that_it_uses_htmx() -> None:
    folder = SHELF.parent.parent / "templates"
    using = {path for path in folder.rglob("*.html") if re.search(r"\shx-(get|post)=\"", path.read_text())}
    saying = {path for path in folder.rglob("*.html") if "{% set uses_htmx = true %}" in path.read_text()}

    assert using == saying
