"""The mailbox of a demonstration: every mail as text with its links; elsewhere there is no such page."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dispatch import jobs
from tests.builders import NOW, Builder
from tests.message_cases import Post

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def sent(app: Flask, build: Builder, tmp_path: Path) -> list[str]:
    """A demonstration that has sent an offer in Arabic and a confirmation in German; the names of the mails."""
    app.config.update(DEMO=True, IS_LOOPBACK=True, BASE_URL="http://localhost")
    post = Post(build)
    post.put("offer", locale="ar")
    post.put("appointment_confirmed", recipient="shirin@example.org")
    jobs.tick(app, NOW)
    return sorted(path.stem for path in (tmp_path / "mailbox").glob("*.eml"))


def test_every_mail_is_listed_with_its_reader(client: FlaskClient, sent: list[str]) -> None:
    page = client.get("/mailbox").text

    assert [name for name in sent if f"/mailbox/{name}" not in page] == []
    assert len(sent) == 2
    assert "shirin@example.org" in page


def test_the_mails_of_one_reader_are_found(client: FlaskClient, sent: list[str]) -> None:
    page = client.get("/mailbox?to=SHIRIN@").text

    assert len([name for name in sent if f"/mailbox/{name}" in page]) == 1


def test_a_mail_is_shown_in_its_own_language_with_links_and_entry(client: FlaskClient, sent: list[str]) -> None:
    pages = [client.get(f"/mailbox/{name}").text for name in sent]

    assert sorted(page.count('<div class="letter" lang="ar" dir="rtl">') for page in pages) == [0, 1]
    assert sorted(page.count('href="http://localhost/o/') for page in pages) == [0, 2]
    assert sorted(page.count("BEGIN:VEVENT") for page in pages) == [0, 1]


@pytest.mark.parametrize("name", ["00000000", "..%2F..%2Fconfig", "notes"])
@pytest.mark.usefixtures("sent")
def test_a_mail_that_is_not_there_is_no_page(client: FlaskClient, name: str) -> None:
    assert client.get(f"/mailbox/{name}").status_code == 404


@pytest.mark.parametrize(
    "changed",
    [{"DEMO": False}, {"IS_LOOPBACK": False}, {"MAIL_URL": "smtp://127.0.0.1:25"}],
    ids=["no demonstration", "reached from outside", "mail that leaves"],
)
def test_outside_a_demonstration_there_is_no_mailbox(
    app: Flask, client: FlaskClient, sent: list[str], changed: dict[str, object]
) -> None:
    app.config.update(changed)

    assert [client.get(path).status_code for path in ("/mailbox", f"/mailbox/{sent[0]}")] == [404, 404]
