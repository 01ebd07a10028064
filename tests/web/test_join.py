"""Becoming a mediator: the public form, the mailed link, the coordination's checklist."""

import re
from html import unescape

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from dispatch.models import Applicant, Mediator, OutboxMessage
from dispatch.services import links
from dispatch.services.transactions import reading
from tests.browsing import post
from tests.builders import NOW, Builder
from tests.web.conftest import ClientFor

OWN = {"Sec-Fetch-Site": "same-origin"}
FORM = {
    "email": "hanna@example.org", "name": "Nguyễn Ánh", "home": "Meißen", "language-0": "vi",
    "language-0-level": "native", "language-1": "", "german_level": "C1", "modes": ["on_site", "video"],
    "transport": "public", "times": ["0-morning", "6-evening"], "consent": "1",
}  # fmt: skip


def send(client: FlaskClient, path: str, **fields: object) -> TestResponse:
    return client.post(path, data=fields, headers=OWN)


def chosen(page: str) -> set[str]:
    """Return what is chosen, ticked or typed in the form."""
    found = re.findall(r'<option value="([^"]+)" selected', page)
    found += re.findall(r'value="([^"]*)" checked', page)
    return {unescape(word) for word in [*found, *re.findall(r'type="(?:text|email|tel)" value="([^"]+)"', page)]}


ALL = {"hanna@example.org", "Nguyễn Ánh", "Meißen", "vi", "native", "C1", "on_site", "video", "public", "0-morning",
       "6-evening", "1"}  # fmt: skip


def link(app: Flask, applicant_id: int) -> str:
    return "/join/" + links.issue("applicant", applicant_id, key=app.config["SECRET_KEY"], now=NOW)


def test_everything_typed_stays_when_it_is_wrong_and_when_the_language_changes(client: FlaskClient) -> None:
    wrong = send(client, "/join", **FORM | {"german_level": "", "act": "send"})
    turned = send(client, "/join?lang=ar", **FORM | {"lang": "ar"})
    more = send(client, "/join", **FORM | {"act": "more"})

    assert (wrong.status_code, chosen(wrong.text)) == (422, ALL - {"C1"})
    assert re.findall(r'id="([^"]+)-error"', wrong.text) == ["german_level"]
    assert ('<html lang="ar"' in turned.text, chosen(turned.text)) == (True, ALL)
    assert ("language-2" in more.text, chosen(more.text)) == (True, ALL)
    assert reading().scalars(select(Applicant)).all() == []


def test_too_many_tries_keep_the_form_too(client: FlaskClient) -> None:
    answers = [send(client, "/join", **FORM | {"act": "save"}) for _time in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert chosen(answers[-1].text) == ALL


def test_an_application_from_half_filled_to_the_pool(
    app: Flask, client: FlaskClient, client_for: ClientFor, build: Builder
) -> None:
    send(client, "/join", email="hanna@example.org", name="Nguyễn Ánh", act="save")
    path = link(app, 1)
    kept = client.get(path)
    done = send(client, path, **FORM | {"act": "send"})
    office = client_for(build.user("coordinator"))
    version = re.findall(r'name="version" value="(\d+)"', office.get("/applicants/1").text)[0]
    early = post(office, "/applicants/1/take-in", {"version": version})
    for step in ("talk", "undertaking"):
        post(office, f"/applicants/1/steps/{step}", {"done_on": "24.11.2026"})
    taken = post(office, "/applicants/1/take-in", {"version": version})

    assert chosen(kept.text) == {"Nguyễn Ánh"}
    assert done.status_code == 200
    assert (early.status_code, early.text.count("kern-alert--danger")) == (422, 1)
    person = reading().scalars(select(Mediator)).one()
    assert taken.headers["Location"] == f"/mediators/{person.id}"
    assert "/applicants/1" in office.get(f"/mediators/{person.id}").text
    assert (person.name, person.active) == ("Nguyễn Ánh", True)


def test_looking_never_confirms_and_the_button_does(app: Flask, client: FlaskClient) -> None:
    sent = send(client, "/join", **FORM | {"act": "send"})
    path = link(app, 1)

    client.get(path)
    assert 'name="act"' not in sent.text  # the language menu of the answer would send the form again
    before = reading().scalars(select(Applicant.state)).one()
    reading().close()
    send(client, path, act="confirm")

    assert (before, reading().scalars(select(Applicant.state)).one()) == ("started", "confirmed")


def test_deleting_by_the_link_deletes_at_once(app: Flask, client: FlaskClient, build: Builder) -> None:
    path = link(app, build.applicant().id)

    erased = send(client, path, act="erase")

    assert (erased.status_code, client.get(path).status_code) == (200, 410)
    assert reading().scalars(select(Applicant.email)).all() == [""]
    assert reading().scalars(select(OutboxMessage.id)).all() == []


def test_the_list_shows_who_waits_and_only_counts_the_rest(client_for: ClientFor, build: Builder) -> None:
    build.applicant(answers={"name": "Wer wartet"})
    build.applicant(state="started", answers={"name": "Wer noch schreibt"})
    office = client_for(build.user("coordinator"))

    page = office.get("/applicants").text

    assert ("Wer wartet" in page, "Wer noch schreibt" in page) == (True, False)
    assert "/applicants" in office.get("/mediators").text
