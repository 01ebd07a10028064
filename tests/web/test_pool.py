"""Pages to bring the pool in: a file is looked at first, questions are answered, then it is applied."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from dispatch.i18n import in_language
from dispatch.messages.pool_fields import pool_sentence
from dispatch.models import Mediator
from dispatch.services.transactions import reading
from tests.browsing import post, token_of
from tests.builders import Builder
from tests.web.conftest import ClientFor

SAMPLE = Path(__file__).parent.parent / "data" / "pool_cp1252.csv"
KURDISH = "Name;Sprachen;Ort;E-Mail;Deutsch;Kürzel\nAnna;Kurdisch C1;Riesa;a@example.org;C1;AA\n"
PREVIEW = "/mediators/import/preview"


@pytest.fixture
def coordinator(build: Builder, client_for: ClientFor) -> FlaskClient:
    """A browser of the coordination, in English."""
    return client_for(build.user("coordinator", ui_language="en"))


def send(client: FlaskClient, content: bytes, name: str = "liste.csv") -> TestResponse:
    data = {"csrf_token": token_of(client), "file": (io.BytesIO(content), name)}
    return client.post("/mediators/import", data=data, content_type="multipart/form-data")


def answer(kind: str, word: str, code: str, place: int = 0) -> dict[str, Any]:
    return {f"kind-{place}": kind, f"word-{place}": word, f"answer-{place}": code}


def people() -> list[str]:
    return list(reading().scalars(select(Mediator.name).order_by(Mediator.id)))


def counts_of(page: str) -> list[str]:
    """Return how many rows are new, changed, unchanged, invalid."""
    return re.findall(r'counts__item">.*?kern-label">[^<:]*: ([0-9]+)<', page)


def test_a_file_is_looked_at_first_and_then_applied(coordinator: FlaskClient) -> None:
    sent = send(coordinator, SAMPLE.read_bytes())
    page = coordinator.get(PREVIEW).text
    before = people()

    applied = post(coordinator, PREVIEW, {"act": "apply"})

    assert (sent.status_code, sent.headers["Location"], before) == (302, PREVIEW, [])
    assert counts_of(page) == ["4", "0", "0", "0"]
    assert (applied.status_code, applied.headers["Location"], len(people())) == (302, "/mediators", 4)
    assert coordinator.get(PREVIEW).headers["Location"] == "/mediators/import"


def test_a_question_is_answered_and_kept(coordinator: FlaskClient) -> None:
    send(coordinator, KURDISH.encode())
    page = coordinator.get(PREVIEW).text
    look = post(coordinator, PREVIEW, {"act": "look", **answer("language", "Kurdisch", "ckb")})

    applied = post(coordinator, PREVIEW, {"act": "apply", **answer("language", "Kurdisch", "ckb", 5001)})

    assert re.findall(r'name="word-0" value="([^"]*)"', page) == ["Kurdisch"]
    assert re.search(r'name="answer-0"[^>]*><option value="">[^<]*</option>\s*<option value="kmr">', page)
    assert counts_of(look.text) == ["1", "0", "0", "0"]
    assert 'name="answer-5001" value="ckb"' in look.text
    assert (applied.status_code, people()) == (302, ["Anna"])


def test_rows_that_cannot_be_taken_stop_everything_unless_left_out(coordinator: FlaskClient) -> None:
    send(coordinator, (KURDISH + "Berta;Dari C1;Riesa;b@example.org;C1;\n").encode())

    whole = post(coordinator, PREVIEW, {"act": "apply"})
    assert (whole.status_code, people()) == (422, [])
    rest = post(coordinator, PREVIEW, {"act": "apply", "skip": "1"})

    assert (rest.status_code, people()) == (302, ["Berta"])


def test_an_unknown_column_is_kept_or_explained(coordinator: FlaskClient) -> None:
    send(coordinator, KURDISH.replace("Kurdisch", "Dari").encode())

    post(coordinator, PREVIEW, {"act": "apply", **answer("column", "Kürzel", "external_id", 1000)})

    assert reading().scalars(select(Mediator.external_id)).all() == ["AA"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"%PDF-1.7", "not_a_spreadsheet"),
        (b"a\x00b", "not_a_spreadsheet"),
        (b"eins;zwei\n", "no_header"),
        (b"Name;Ort\n", "no_rows"),
        (b"PK\x03\x04...", "not_a_spreadsheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_excel"),
    ],
    ids=["empty", "pdf", "nul", "no heads", "no rows", "broken", "old"],
)
def test_what_is_no_list_is_refused_in_a_sentence(coordinator: FlaskClient, content: bytes, code: str) -> None:
    response = send(coordinator, content)

    error = re.search(r'id="file-error">.*?kern-body">([^<]*)<', response.text, re.DOTALL)
    with in_language("en"):
        assert (response.status_code, error[1] if error else None) == (422, pool_sentence("file", code))


def test_a_file_beyond_the_limit_is_too_large(coordinator: FlaskClient) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'

    response = coordinator.post(
        "/mediators/import", data=head + b"x" * 5_000_000, content_type="multipart/form-data; boundary=x"
    )

    assert response.status_code == 413


def test_no_file_is_told(coordinator: FlaskClient) -> None:
    response = post(coordinator, "/mediators/import", {}, content_type="multipart/form-data")

    assert (response.status_code, 'id="file-error"' in response.text) == (422, True)


def test_without_a_kept_file_the_page_asks_for_one(coordinator: FlaskClient) -> None:
    assert coordinator.get(PREVIEW).headers["Location"] == "/mediators/import"
    assert post(coordinator, PREVIEW, {"act": "apply"}).status_code == 422


def test_a_kept_file_is_its_uploaders_alone_and_can_be_given_up(
    build: Builder, client_for: ClientFor, coordinator: FlaskClient
) -> None:
    other = client_for(build.user("coordinator"))
    send(coordinator, KURDISH.encode(), "../../Liste <b>.csv")

    assert "Liste &lt;b&gt;.csv" in coordinator.get("/mediators/import").text
    assert other.get(PREVIEW).status_code == 302
    post(coordinator, "/mediators/import/forget")
    assert coordinator.get(PREVIEW).status_code == 302


@pytest.mark.parametrize(
    "forged",
    [
        answer("language", "Kurdisch", "xx"),
        answer("salary", "Kurdisch", "kmr"),
        answer("column", "Kürzel", "salary"),
        {"answer-0": "kmr"},
        {"answer-99999": "kmr"},
        answer("place", "Riesa", "x" * 5_000),
    ],
    ids=["no language", "no kind", "no column", "no word", "no place", "overlong"],
)
def test_forged_answers_are_none(coordinator: FlaskClient, forged: dict[str, Any]) -> None:
    send(coordinator, KURDISH.encode())

    response = post(coordinator, PREVIEW, {"act": "apply", **forged})

    assert (response.status_code, people()) == (422, [])


@pytest.mark.parametrize(
    ("kind", "begins"), [("csv", b"\xef\xbb\xbfAusweisnummer;"), ("xlsx", b"PK\x03\x04")], ids=["csv", "xlsx"]
)
def test_the_pool_is_handed_out_as_a_file(build: Builder, coordinator: FlaskClient, kind: str, begins: bytes) -> None:
    build.mediator()

    response = coordinator.get(f"/mediators/export.{kind}")

    assert response.headers["Content-Disposition"] == f'attachment; filename="pool-2026-11-24.{kind}"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.data.startswith(begins)


@pytest.mark.parametrize("path", ["/mediators/export.exe", "/mediators/export", "/mediators/export.csv.xlsx"])
def test_there_is_no_other_kind_of_file(coordinator: FlaskClient, path: str) -> None:
    assert coordinator.get(path).status_code == 404


def test_only_the_coordination_brings_in_and_hands_out(build: Builder, client_for: ClientFor) -> None:
    regional = client_for(build.user("regional_coordinator"))

    paths = ("/mediators/import", PREVIEW, "/mediators/export.csv")
    assert [regional.get(path).status_code for path in paths] == [403, 403, 403]
