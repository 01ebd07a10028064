"""The pages of residents: nothing stays in the browser, nothing typed is lost; the coordination completes the rest."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from dispatch.models import HelpRequest, Request
from dispatch.services.transactions import reading
from tests.browsing import post
from tests.builders import Builder
from tests.web.conftest import ClientFor

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

OWN = {"Sec-Fetch-Site": "same-origin"}
FORM = {
    "language": "ti", "topic": "health", "timing": "morning", "mode": "on_site", "municipality": "14627140",
    "way": "phone", "contact": "0171 5550111", "call_name": "عائشة", "safe_times": "9–11",
}  # fmt: skip
STATUS = "/help-request/status"


def send(client: FlaskClient, path: str = "/help-request?lang=de", **changes: str) -> TestResponse:
    return client.post(path, data=FORM | changes, headers=OWN)


def code_on(answer: TestResponse) -> str:
    found = re.search(r'class="code"><bdi dir="ltr">([^<]+)<', answer.text)
    assert found
    return found[1]


def notice_on(answer: TestResponse) -> str:
    return "".join(re.findall(r'<p class="kern-title kern-title--small">([^<]+)</p>', answer.text))


def test_no_answer_of_these_pages_sets_a_cookie(client: FlaskClient, client_for: ClientFor, build: Builder) -> None:
    for browser in (client, client_for(build.user("coordinator"))):
        answers = [
            browser.get("/help-request"),
            browser.get("/help-request?lang=ar"),
            browser.get(f"{STATUS}?lang=de"),
            browser.get("/help-request/nothing?lang=de"),
            browser.put("/help-request?lang=de"),
            browser.post("/help-request?lang=de", data=FORM),
            send(browser),
            send(browser, way=""),
            send(browser, lang="ar"),
            browser.post(f"{STATUS}?lang=de", data={"code": "x"}, headers=OWN),
        ]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 404, 405, 403, 200, 422, 200, 200]
        assert [answer.headers.get("Set-Cookie") for answer in answers] == [None] * 10
        assert {answer.headers["Cache-Control"] for answer in answers} == {"no-store"}
        assert all("csrf_token" not in answer.text for answer in answers[:3])


def test_a_change_of_language_keeps_everything_typed_and_sends_nothing(client: FlaskClient) -> None:
    answer = send(client, "/help-request?lang=ar", lang="ar")

    assert ('lang="ar" dir="rtl"' in answer.text, "kern-error" in answer.text) == (True, False)
    for name in ("contact", "call_name", "safe_times"):
        assert f'value="{FORM[name]}"' in answer.text
    for chosen in ('value="ti" selected', 'value="health" checked', 'value="14627140" selected'):
        assert chosen in answer.text
    assert reading().scalars(select(Request.id)).all() == []


def test_the_code_is_shown_once_and_tells_the_state_only(client: FlaskClient) -> None:
    sent = send(client)
    code = code_on(sent)

    known = client.post(f"{STATUS}?lang=de", data={"code": code.lower()}, headers=OWN)
    unknown = [
        client.post(f"{STATUS}?lang=de", data={"code": wrong}, headers=OWN)
        for wrong in ("AAAAA-AAAAA", code[:-1], "no code at all")
    ]

    assert notice_on(known) == "Wir sehen uns Ihre Anfrage an."
    assert {notice_on(one) for one in unknown} == {"Diesen Code kennen wir nicht. Bitte sehen Sie ihn noch einmal an."}
    assert {one.status_code for one in (known, *unknown)} == {200}
    assert not any(word in known.text for word in ("Meißen,", "Tigrinya", "9–11", "Arzt"))
    assert code not in client.get(STATUS).text


def test_a_form_that_is_refused_keeps_what_was_typed(client: FlaskClient) -> None:
    answer = send(client, way="mail", call_name="A\u202eB")

    assert answer.status_code == 422
    assert re.findall(r'href="#(contact|call_name)"', answer.text) == ["contact", "call_name"]
    assert 'value="0171 5550111"' in answer.text


def test_too_many_of_one_network_wait_with_what_they_typed(client: FlaskClient) -> None:
    answers = [send(client) for _ in range(11)]

    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert 'value="عائشة"' in answers[-1].text


def test_the_way_out_needs_no_script(client: FlaskClient) -> None:
    for path in ("/help-request", STATUS):
        page = client.get(f"{path}?lang=de").text
        assert re.search(r'<a class="[^"]*exit__link" href="https://www.dwd.de/" rel="noreferrer noopener"', page)
    assert re.findall(r'href="tel:(\d+)"', client.get("/help-request").text)[:2] == ["110", "116016"]


def test_the_coordination_completes_the_request_and_releases_it(
    client: FlaskClient, client_for: ClientFor, build: Builder
) -> None:
    send(client)
    desk = client_for(build.user("coordinator"))
    board, page = desk.get("/board?lang=de").text, desk.get("/requests/1?lang=de").text

    assert "Jemand fragt für sich selbst an" in board
    assert "9–11" not in board
    for words in ("Die Zeit steht noch nicht fest.", "0171 5550111", "9–11", "<bdi>عائشة</bdi>", "Am Vormittag"):
        assert words in page
    refused = post(desk, "/requests/1/review?lang=de", {"decision": "accept"})
    assert (refused.status_code, "Die Zeit steht noch nicht fest." in refused.text) == (422, True)

    form = desk.get("/requests/1/edit?lang=de").text
    assert "Wer dieses Formular speichert, legt die Zeit fest" in form
    version = re.search(r'name="version" value="(\d+)"', form)
    assert version
    typed = {
        "version": version[1], "language": "Tigrinya", "setting": "clinic", "mode": "on_site", "day": "09.12.2026",
        "start": "8:30", "length": "60", "place": "Meißen", "address": "Markt 1", "consent": "known",
        "channel": "phone", "act": "send",
    }  # fmt: skip
    assert post(desk, "/requests/1/edit", typed).status_code == 302
    assert post(desk, "/requests/1/review", {"decision": "accept"}).status_code == 302
    row = reading().scalars(select(Request).execution_options(populate_existing=True)).one()
    assert (row.state, row.setting, row.address) == ("submitted", "clinic", "Markt 1")


def test_the_contact_is_erased_by_a_button(client: FlaskClient, client_for: ClientFor, build: Builder) -> None:
    send(client)
    desk = client_for(build.user("coordinator"))
    assert "/requests/1/erase-contact" in desk.get("/requests/1").text

    post(desk, "/requests/1/erase-contact")

    page = desk.get("/requests/1?lang=de").text
    assert ("0171" in page, "Der Kontakt wurde am" in page, "erase-contact" in page) == (False, True, False)
    assert reading().scalars(select(HelpRequest.contact)).all() == [None]


def test_danger_is_read_by_named_coordinators_only(client: FlaskClient, client_for: ClientFor, build: Builder) -> None:
    send(client, topic="danger", address="Markt 1")
    named, other = (client_for(build.user("coordinator", handles_protected=named)) for named in (True, False))

    assert other.get("/requests/1").status_code == 404
    page = named.get("/requests/1?lang=de")
    assert (page.status_code, "0171 5550111" in page.text, "Markt 1" in page.text) == (200, True, False)
