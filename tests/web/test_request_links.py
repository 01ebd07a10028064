"""The page of a request for an office without account: it tells what its mails tell, cancels, and writes."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from dispatch.models import Appointment, AuditEntry, OutboxMessage, Request, RequestMessage
from dispatch.services import links, recipients
from dispatch.services.transactions import reading
from tests.builders import NOW, START, Builder
from tests.services.booking import stored

HIDDEN: dict[str, Any] = {
    "reference": "AZ 17", "notes": "Streit ums Sorgerecht", "place_note": "Hintereingang", "caller_name": "Frau Krause",
}  # fmt: skip
OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}


class Office:
    """Who holds the link of a request."""

    def __init__(self, app: Flask, request: Request) -> None:
        key = app.config["SECRET_KEY"]
        self.path = "/r/" + links.issue("request", request.id, key=key, now=NOW)
        self.browser: FlaskClient = app.test_client()

    def get(self, word: str = "") -> TestResponse:
        return self.browser.get(self.path + word)

    def post(self, word: str, **typed: str) -> TestResponse:
        return self.browser.post(self.path + word, data=typed, headers=OWN_PAGE)


def heading(page: TestResponse) -> str:
    return page.text.split("<h1")[1].split(">", 1)[1].split("</h1>")[0].strip()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"state": "in_review"}, "Die Koordination prüft zuerst"),
        ({"state": "searching"}, "Wir suchen jemanden"),
        ({"state": "searching", "nobody_fits_at": NOW}, "Bisher passt niemand"),
        ({"state": "unfilled", "unfilled_reason": "too_late", "closed_at": NOW}, "Niemand konnte kommen"),
        ({"state": "cancelled", "cancel_reason": "own", "closed_at": NOW}, "Diese Anfrage ist abgesagt"),
    ],
    ids=lambda given: given["state"] if isinstance(given, dict) else "",
)
def test_the_page_says_where_the_request_stands(
    app: Flask, build: Builder, values: dict[str, Any], expected: str
) -> None:
    page = Office(app, build.request(**HIDDEN | values)).get()

    assert (page.status_code, heading(page)) == (200, expected)
    assert [word for word in (*HIDDEN.values(), "Schulstraße", "Sekretariat", "K7Q-4MX") if word in page.text] == []


def test_the_page_names_who_comes_by_first_name_and_badge(app: Flask, build: Builder) -> None:
    request = build.request(state="assigned", **HIDDEN)
    mediator = build.mediator(badge_number=1234, phone="+4935210009")
    build.appointment(request, mediator, late_minutes=20)

    page = Office(app, request).get()

    assert heading(page) == "Shirin kommt am Dienstag"
    assert [word in page.text for word in ("1234", "20 Minuten", "Rahmani", "+4935210009")] == [
        True,
        True,
        False,
        False,
    ]


def test_an_office_cancels_by_its_link_and_is_told_again_what_it_did(app: Flask, build: Builder) -> None:
    request = build.request(state="assigned", starts_at=NOW + timedelta(hours=5))
    build.appointment(request, build.mediator())
    office = Office(app, request)

    asked = office.get("/cancel")
    without = office.post("/cancel", reason="")
    first, second = (office.post("/cancel", reason="own") for _ in range(2))

    entry = reading().scalars(select(AuditEntry).where(AuditEntry.subject == "request")).one()
    assert "kurzfristige Absage" in asked.text
    assert (without.status_code, first.status_code, second.status_code) == (422, 200, 200)
    assert (stored(request.id).state, reading().scalar(select(Appointment.late))) == ("cancelled", True)
    assert (entry.actor_kind, entry.actor_id, entry.facts["reason"]) == ("link", None, "own")
    assert office.get("/cancel").status_code == 200


def test_a_message_by_link_reaches_the_coordination_once(app: Flask, build: Builder) -> None:
    office = Office(app, build.request(state="searching"))

    refused = office.post("/message", text="x" * 501)
    sent = [office.post("/message", text="Bitte später.") for _ in range(2)]

    assert (refused.status_code, "x" * 501 in refused.text) == (422, True)
    assert [page.status_code for page in sent] == [200, 200]
    assert reading().scalars(select(RequestMessage.text)).all() == ["Bitte später."]
    assert reading().scalars(select(OutboxMessage.recipient)).all() == [recipients.on_duty().email]


def test_a_link_ends_fourteen_days_after_its_request_and_never_opens_a_protected_case(
    app: Flask, build: Builder, the_time: time_machine.Traveller
) -> None:
    office, hidden = Office(app, build.request()), Office(app, build.request(protection="protected"))
    the_time.move_to(START + timedelta(days=14))
    before = office.get().status_code
    the_time.shift(timedelta(hours=1))

    after = [office.get(), office.get("/cancel"), office.post("/message", text="Hallo"), hidden.get()]

    assert (before, [page.status_code for page in after]) == (200, [410] * 4)
    assert reading().scalar(select(func.count(RequestMessage.id))) == 0


def test_a_move_keeps_the_link(app: Flask, build: Builder) -> None:
    request = build.request(state="assigned")
    appointment = build.appointment(request, build.mediator(), state="proposed", awaits="mediator", sequence=1)

    page = Office(app, request).get()

    assert (page.status_code, heading(page), appointment.sequence) == (200, "Shirin wurde um Zustimmung gebeten", 1)
