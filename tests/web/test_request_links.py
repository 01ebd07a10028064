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

    def answers(self, appointment: Appointment, word: str) -> TestResponse:
        return self.post(f"/approval/{appointment.id}", answer=word)

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


def awaiting(build: Builder, *, badge: int = 1234, **values: Any) -> tuple[Request, Appointment]:
    """Somebody has said yes, and the office is asked whether it agrees."""
    request = build.request(state="assigned", wants_approval=True, **HIDDEN | values)
    mediator = build.mediator(badge_number=badge, gender="female", qualification="lay")
    appointment = build.appointment(
        request, mediator, state="proposed", awaits="office", deadline_at=NOW + timedelta(hours=2), confirmed_at=None
    )
    return request, appointment


@pytest.mark.parametrize(
    ("lang", "heads", "words"),
    [
        (
            "de",
            "Shirin käme: Sind Sie einverstanden?",
            ("Ausweis 1234", "Frau und geschult", "Zustimmen", "Jemand anderes"),
        ),
        ("ar", "", ("1234", "أوافق", "شخص آخر", 'dir="rtl"')),
    ],
    ids=["German", "Arabic"],
)
def test_an_office_is_asked_by_link_whether_it_agrees(
    app: Flask, build: Builder, lang: str, heads: str, words: tuple[str, ...]
) -> None:
    request, appointment = awaiting(build)
    office = Office(app, request)
    office.browser.set_cookie("lang", lang, domain="localhost")

    page = office.get()

    assert heads in heading(page)
    assert [word for word in words if word not in page.text] == []
    assert [word for word in (*HIDDEN.values(), "Rahmani", "Schulstraße") if word in page.text] == []
    assert page.text.index("block__lead") < page.text.index("answer__two")
    assert office.browser.get(f"{office.path}/approval/{appointment.id}").status_code == 405


def test_an_office_agrees_by_link_and_is_told_again(app: Flask, build: Builder) -> None:
    request, appointment = awaiting(build)
    office = Office(app, request)

    without = office.answers(appointment, "")
    pages = [office.answers(appointment, "yes") for _ in range(2)]
    late = office.answers(appointment, "no")

    entry = reading().scalars(select(AuditEntry).where(AuditEntry.subject == "appointment")).one()
    assert (without.status_code, [page.status_code for page in pages], late.status_code) == (422, [200, 200], 409)
    assert {heading(page) for page in (*pages, late)} == {"Shirin kommt am Dienstag"}
    assert all("der Einsatz ist bestätigt" in page.text for page in pages)
    assert (entry.actor_kind, entry.actor_id, entry.facts["to"]) == ("link", None, "confirmed")


def test_an_office_wants_somebody_else_by_link_and_cannot_agree_afterwards(app: Flask, build: Builder) -> None:
    request, appointment = awaiting(build)
    office = Office(app, request)

    pages = [office.answers(appointment, "no") for _ in range(2)]
    late = office.answers(appointment, "yes")

    entry = reading().scalars(select(AuditEntry).where(AuditEntry.subject == "appointment")).one()
    assert ([page.status_code for page in pages], late.status_code) == ([200, 200], 409)
    assert {heading(page) for page in (*pages, late)} == {"Wir suchen jemanden"}
    assert (entry.actor_kind, entry.facts["to"], entry.facts["cause"]) == ("link", "released", "other_person")


def test_a_link_answers_for_who_was_shown_and_for_its_own_request_only(app: Flask, build: Builder) -> None:
    (request, first), (_, other) = awaiting(build), awaiting(build, badge=2, starts_at=START + timedelta(days=1))
    office, hidden = Office(app, request), awaiting(build, badge=3, protection="protected")
    office.answers(first, "no")
    second = build.appointment(
        stored(request.id), build.mediator(), state="proposed", awaits="mediator", confirmed_at=None
    )

    told = [office.answers(one, "yes").status_code for one in (first, second, other)]

    assert told == [409, 409, 404]
    assert Office(app, hidden[0]).answers(hidden[1], "yes").status_code == 410
    states = select(Appointment.state).order_by(Appointment.id)
    assert reading().scalars(states).all() == ["released", "proposed", "proposed", "proposed"]
