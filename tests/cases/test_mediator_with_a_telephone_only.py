"""A mediator with a telephone only: asked, reminded, moved and let go by phone, everything recorded on her behalf."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dispatch import jobs
from dispatch.database import db
from dispatch.models import Appointment, AuditEntry, Offer, OutboxMessage, Request, User
from dispatch.services.transactions import reading
from tests.browsing import post
from tests.builders import NOW, START, Builder

HOUR = timedelta(hours=1)


class Desk:
    """A coordinator at her desk: the clock on the wall, the jobs beside her, one browser."""

    def __init__(self, app: Flask, sign_in: Callable[[], FlaskClient], clock: time_machine.Traveller) -> None:
        self.app, self.sign_in, self.clock = app, sign_in, clock
        self.browser = sign_in()

    def at(self, now: datetime) -> None:
        """Let time pass until then, and the jobs do what is due."""
        db.session.remove()
        self.clock.move_to(now)
        jobs.tick(self.app, now)
        self.browser = self.sign_in()

    def calls(self) -> list[str]:
        """Return the calls as one reads them."""
        page = self.browser.get("/calls?lang=en").text
        found = re.findall(r'<li class="task task--call.*?</form>', page, re.DOTALL)
        return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in found]

    def record(self, outcome: str, **typed: str) -> None:
        """Press a button of the only call there is."""
        page = self.browser.get("/calls?lang=en").text
        (action,) = re.findall(r'action="(/calls/\d+)"', page)
        (version,) = re.findall(r'name="version" value="(\d+)"', page)
        answer = post(self.browser, action, {"outcome": outcome, "version": version, **typed})
        assert answer.status_code == 302


def appointment_now() -> Appointment:
    db.session.remove()
    return reading().scalars(select(Appointment)).one()


def test_a_mediator_with_a_telephone_only(
    app: Flask, build: Builder, client_for: Callable[[User], FlaskClient], the_time: time_machine.Traveller
) -> None:
    selam = build.mediator(
        name="Selam Tesfay", call_name="Selam", email=None, contact_channel="phone", phone="+491713920014",
        call_times="nach 14 Uhr",
    )  # fmt: skip
    by_mail = build.mediator(name="Amina Haddad")
    user = build.user("coordinator", name="Jana Krause", ui_language="en")
    build.request(number=501, town="Meißen")
    desk = Desk(app, lambda: client_for(user), the_time)

    # She is asked by a call, in one wave with somebody who is asked by mail.
    desk.at(NOW)
    db.session.remove()
    offers = reading().scalars(select(Offer).order_by(Offer.mediator_id)).all()
    assert [(offer.mediator_id, offer.channel, offer.wave, offer.in_addition) for offer in offers] == [
        (selam.id, "phone", 1, False), (by_mail.id, "mail", 1, False),
    ]  # fmt: skip
    (call,) = desk.calls()
    for words in (
        "Selam Tesfay", "01713920014", "nach 14 Uhr", "Please ask: can you interpret?",
        "Dari · Tue, 1 December 2026, 9:00–10:00 · 60 minutes · Meißen · on site", "not called yet",
    ):  # fmt: skip
        assert words in call.replace("0171 3920014", "01713920014"), (words, call)

    # Nobody answers; the second time she asks to be called back, and then says yes.
    desk.record("not_reached")
    assert "called 1 time" in desk.calls()[0]
    desk.record("call_back", call_back="14:30", note="ist beim Arzt")
    assert "Wants to be called again at 14:30" in desk.calls()[0]
    desk.at(NOW + 4.5 * HOUR)
    desk.record("yes")
    desk.at(NOW + 4.5 * HOUR + timedelta(minutes=1))
    appointment = appointment_now()
    assert (appointment.mediator_id, appointment.state, appointment.channel) == (selam.id, "confirmed", "phone")
    assert appointment.recorded_by_id == user.id
    assert desk.calls() == []
    told = reading().scalars(select(OutboxMessage.kind).where(OutboxMessage.mediator_id == by_mail.id)).all()
    assert sorted(told) == ["offer", "offer_taken"]

    # The week by post: her appointment with time, place and contact, in the language she reads.
    week = desk.browser.get(f"/mediators/{selam.id}/week?day=2026-12-01&lang=en").text
    for words in ("Selam Tesfay", "9:00–10:00", "Schulstraße 4", "Sekretariat"):
        assert words in week

    # The day before she is asked whether it stands, and says so.
    desk.at(START - 24 * HOUR)
    assert "Please ask: does the appointment stand?" in desk.calls()[0]
    desk.record("yes")
    assert appointment_now().state == "reconfirmed"

    # The office moves it; she is called again and agrees.
    moved = {"day": "03.12.2026", "start": "9:00", "length": "60", "channel": "phone"}
    moved |= {"version": str(appointment_now().version), "place": "Meißen", "address": "Schulstraße 4"}
    answer = post(desk.browser, f"/appointments/{appointment.id}/move", moved)
    assert answer.status_code == 302, answer.text
    assert "The appointment was moved. Please ask: does the new time suit you?" in desk.calls()[0]
    desk.record("yes")

    # She falls ill and phones: the appointment goes back, and somebody else is looked for at once.
    desk.at(START + HOUR)
    answer = post(desk.browser, f"/appointments/{appointment.id}/hand-back", {"channel": "phone"})
    assert answer.status_code == 302
    request = reading().scalars(select(Request)).one()
    assert (appointment_now().state, request.state) == ("handed_back", "searching")
    assert desk.calls() == []
    recorded = reading().scalars(select(AuditEntry).where(AuditEntry.on_behalf, AuditEntry.subject == "appointment"))
    assert {(entry.channel, entry.actor_id) for entry in recorded} == {("phone", user.id)}

    # What the timeline of the request says of it.
    page = desk.browser.get("/requests/1?lang=en").text
    assert "Recorded by Jana Krause, by phone" in page
