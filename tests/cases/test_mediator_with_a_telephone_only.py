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
from dispatch.models import Appointment, AuditEntry, Mediator, Offer, OutboxMessage, Request, User
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
    amina = build.mediator(name="Amina Haddad")
    user = build.user("coordinator", name="Jana Krause", ui_language="en")
    build.request(number=501, town="Meißen")
    desk = Desk(app, lambda: client_for(user), the_time)

    she_is_asked_by_a_call_in_one_wave_with_others(desk, selam, amina)
    she_is_not_reached_then_called_back_and_says_yes(desk, selam, amina, user)
    her_week_is_printed(desk, selam)
    she_is_asked_whether_it_stands(desk)
    it_is_moved_and_she_agrees(desk)
    she_falls_ill_and_phones(desk, user)


def she_is_asked_by_a_call_in_one_wave_with_others(desk: Desk, selam: Mediator, amina: Mediator) -> None:
    desk.at(NOW)

    db.session.remove()
    offers = reading().scalars(select(Offer).order_by(Offer.mediator_id)).all()
    assert [(offer.mediator_id, offer.channel, offer.wave, offer.in_addition) for offer in offers] == [
        (selam.id, "phone", 1, False), (amina.id, "mail", 1, False),
    ]  # fmt: skip
    (call,) = desk.calls()
    for words in (
        "Selam Tesfay 0171 3920014", "nach 14 Uhr", "Please ask: can you interpret?", "not called yet",
        "Dari · Tue, 1 December 2026, 9:00–10:00 · 60 minutes · Meißen · on site",
    ):  # fmt: skip
        assert words in call


def she_is_not_reached_then_called_back_and_says_yes(desk: Desk, selam: Mediator, amina: Mediator, user: User) -> None:
    desk.record("not_reached")
    assert "called 1 time" in desk.calls()[0]
    desk.record("call_back", call_back="14:30", note="ist beim Arzt")
    assert "Wants to be called again at 14:30" in desk.calls()[0]
    desk.at(NOW + 4.5 * HOUR)
    desk.record("yes")
    desk.at(NOW + 4.5 * HOUR + timedelta(minutes=1))

    appointment = appointment_now()
    assert (appointment.mediator_id, appointment.state) == (selam.id, "confirmed")
    assert (appointment.channel, appointment.recorded_by_id) == ("phone", user.id)
    assert desk.calls() == []
    told = reading().scalars(select(OutboxMessage.kind).where(OutboxMessage.mediator_id == amina.id)).all()
    assert sorted(told) == ["offer", "offer_taken"]


def her_week_is_printed(desk: Desk, selam: Mediator) -> None:
    week = desk.browser.get(f"/mediators/{selam.id}/week?day=2026-12-01&in=en").text

    for words in ("Selam Tesfay", "9:00–10:00", "Schulstraße 4", "Sekretariat"):
        assert words in week


def she_is_asked_whether_it_stands(desk: Desk) -> None:
    desk.at(START - 24 * HOUR)

    assert "Please ask: does the appointment stand?" in desk.calls()[0]
    desk.record("yes")
    assert appointment_now().state == "reconfirmed"


def it_is_moved_and_she_agrees(desk: Desk) -> None:
    appointment = appointment_now()
    moved = {
        "day": "03.12.2026", "start": "9:00", "length": "60", "place": "Meißen", "address": "Schulstraße 4",
        "channel": "phone", "version": str(appointment.version),
    }  # fmt: skip

    assert post(desk.browser, f"/appointments/{appointment.id}/move", moved).status_code == 302
    assert "The appointment was moved. Please ask: does the new time suit you?" in desk.calls()[0]
    desk.record("yes")
    assert appointment_now().state == "confirmed"


def she_falls_ill_and_phones(desk: Desk, user: User) -> None:
    desk.at(START + HOUR)
    appointment_id = appointment_now().id

    assert post(desk.browser, f"/appointments/{appointment_id}/hand-back", {"channel": "phone"}).status_code == 302
    request = reading().scalars(select(Request)).one()
    assert (appointment_now().state, request.state, desk.calls()) == ("handed_back", "searching", [])
    entries = reading().scalars(select(AuditEntry).where(AuditEntry.on_behalf, AuditEntry.subject == "appointment"))
    assert {(entry.channel, entry.actor_id) for entry in entries} == {("phone", user.id)}
    assert "Recorded by Jana Krause, by phone" in desk.browser.get(f"/requests/{request.id}").text
