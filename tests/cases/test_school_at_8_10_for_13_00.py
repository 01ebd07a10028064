"""School at 8:10 for 13:00: it phones without an account, somebody says yes by link, the school reads who comes."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dispatch import jobs
from dispatch.database import db
from dispatch.models import AuditEntry, Offer, Organisation, Request, User
from dispatch.outgoing import mailbox
from dispatch.services.transactions import reading
from tests.browsing import post
from tests.builders import NOW, Builder

CALL = NOW - timedelta(hours=1, minutes=50)
"""A Tuesday, 8:10 in Berlin."""
START = NOW + timedelta(hours=3)
SCHOOL = "sekretariat@schule-nuenchritz.example"
OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}
TYPED = {
    "nonce": "the-call-of-the-school-1", "unit": "", "new_name": "Oberschule Nünchritz", "new_kind": "school",
    "new_phone": "035265 000 12", "channel": "phone", "caller_name": "Frau Hempel", "caller_phone": "035265 000 13",
    "caller_email": SCHOOL, "language": "Dari", "setting": "parent_talk", "day": "24.11.2026", "start": "13:00",
    "length": "60", "mode": "on_site", "place": "Meißen", "address": "Schulstraße 4", "continuity": "gern",
}  # fmt: skip


class World:
    """The clock on the wall, the jobs, the mailbox, and who sits where."""

    def __init__(self, app: Flask, clock: time_machine.Traveller, folder: Path) -> None:
        self.app, self.clock, self.folder = app, clock, folder
        self.anybody = app.test_client()

    def at(self, now: datetime) -> None:
        """Let time pass until then, and the jobs do what is due."""
        db.session.remove()
        self.clock.move_to(now)
        jobs.tick(self.app, now)

    def link(self, recipient: str, start: str) -> str:
        """Return the address of the latest mail's link of a kind, or nothing."""
        found = [
            match
            for letter in mailbox.letters(self.folder, recipient=recipient)
            for match in re.findall(rf"https?://[^/\s]+(/{start}/[\w-]+)", letter.text)
        ]
        return found[0] if found else ""


def request_now() -> Request:
    db.session.remove()
    return reading().scalars(select(Request)).one()


def test_school_at_8_10_for_13_00(
    app: Flask,
    build: Builder,
    client_for: Callable[[User], FlaskClient],
    the_time: time_machine.Traveller,
    tmp_path: Path,
) -> None:
    the_time.move_to(CALL)
    shirin = build.mediator(name="Shirin Rahmani", call_name="Shirin", email="shirin@example.org", badge_number=1017)
    build.mediator(name="Yama Karimi", email="yama@example.org")
    build.mediator(name="Omid Amiri", email="omid@example.org", weekly=((1, 0, 480),))
    world = World(app, the_time, tmp_path / "mailbox")
    desk = client_for(build.user("coordinator", name="Jana Krause", ui_language="de"))

    she_sees_how_many_fit_and_takes_it_down(desk)
    the_wave_goes_out_at_once_to_everybody_who_fits(world)
    shirin_says_yes_and_the_school_reads_who_comes(world, shirin.id)
    she_is_late_and_the_school_knows(world)
    it_is_over_and_in_order(world)


def she_sees_how_many_fit_and_takes_it_down(desk: FlaskClient) -> None:
    seen = post(desk, "/requests/new", {**TYPED, "act": "preview"}, headers={"HX-Request": "true"}).text
    before = reading().scalars(select(Request.id)).all()
    sent = post(desk, "/requests/new", {**TYPED, "consent": "known", "act": "send"})

    row, office = request_now(), reading().scalars(select(Organisation)).one()
    entry = reading().scalars(select(AuditEntry).where(AuditEntry.subject == "request")).one()
    assert ("2 Personen passen." in seen, "Yama Karimi" in seen, before) == (True, True, [])
    assert ("9:25" in seen, "niemand in unserem Büro" in seen) == (True, False)
    assert (sent.status_code, office.name, row.organisation_id) == (302, "Oberschule Nünchritz", office.id)
    assert (row.intake_channel, row.caller_phone, entry.on_behalf, entry.channel) == (
        "phone", "+493526500013", True, "phone",
    )  # fmt: skip
    assert "telefonisch aufgenommen" in desk.get(sent.headers["Location"]).text


def the_wave_goes_out_at_once_to_everybody_who_fits(world: World) -> None:
    world.at(CALL + timedelta(seconds=30))

    offers = reading().scalars(select(Offer)).all()
    received = world.anybody.get(world.link(SCHOOL, "r"))
    assert [(offer.wave, offer.deadline_at <= START) for offer in offers] == [(1, True), (1, True)]
    assert (received.status_code, "2 Personen gefragt." in received.text) == (200, True)


def shirin_says_yes_and_the_school_reads_who_comes(world: World, shirin_id: int) -> None:
    the_offer = world.link("shirin@example.org", "o")
    answered = world.anybody.post(the_offer, data={"answer": "yes"}, headers=OWN_PAGE)
    world.at(CALL + timedelta(minutes=12))

    page = world.anybody.get(world.link(SCHOOL, "r")).text
    letter = mailbox.letters(world.folder, recipient=SCHOOL)[0]
    assert (answered.status_code, request_now().state) == (200, "assigned")
    assert [word in page for word in ("Shirin kommt am Dienstag", "1017", "Rahmani", "Frau Hempel")] == [
        True, True, False, False,
    ]  # fmt: skip
    assert ("Shirin" in letter.text, "/login" in letter.text, f"/requests/{shirin_id}" in letter.text) == (
        True, False, False,
    )  # fmt: skip


def she_is_late_and_the_school_knows(world: World) -> None:
    world.at(START - timedelta(minutes=30))
    late = world.anybody.post(world.link("shirin@example.org", "a") + "/late", data={"minutes": "15"}, headers=OWN_PAGE)
    world.at(START - timedelta(minutes=29))

    page = world.anybody.get(world.link(SCHOOL, "r")).text
    assert (late.status_code, "15 Minuten" in page) == (200, True)
    assert "15 Minuten" in mailbox.letters(world.folder, recipient=SCHOOL)[0].text


def it_is_over_and_in_order(world: World) -> None:
    world.at(START + timedelta(hours=1, minutes=1))

    page = world.anybody.get(world.link(SCHOOL, "r"))
    assert (request_now().state, page.status_code) == ("completed", 200)
    assert "Dieses Gespräch hat stattgefunden" in page.text
