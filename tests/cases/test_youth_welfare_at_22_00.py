"""Youth welfare at 22:00: it phoned somebody privately; next morning the coordinator enters it with who was there."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dispatch import jobs
from dispatch.database import db
from dispatch.models import Appointment, AuditEntry, CallTask, Offer, Request, User
from dispatch.outgoing import mailbox
from dispatch.services.transactions import reading
from tests.browsing import post
from tests.builders import NOW, Builder

TYPED = {
    "nonce": "the-night-of-youth-welfare", "act": "send", "unit": "Jugendamt", "channel": "phone",
    "caller_name": "Herr Vogt", "language": "Dari", "setting": "social_office", "day": "23.11.2026", "start": "22:00",
    "length": "90", "mode": "phone", "continuity": "egal", "consent": "crisis",
}  # fmt: skip


def test_youth_welfare_at_22_00(
    app: Flask,
    build: Builder,
    client_for: Callable[[User], FlaskClient],
    the_time: time_machine.Traveller,
    tmp_path: Path,
) -> None:
    build.organisation(name="Jugendamt", kind="youth_welfare", contact_email="jugendamt@example.org")
    shirin = build.mediator(name="Shirin Rahmani", email="shirin@example.org", weekly=((0, 480, 1020),))
    build.mediator(name="Yama Karimi", email="yama@example.org")
    user = build.user("coordinator")
    desk = client_for(user)

    entered = post(desk, "/requests/new", TYPED)
    jobs.tick(app, NOW)
    row = request_now()
    assert (entered.status_code, row.state, row.entered_afterwards) == (302, "submitted", True)
    assert (row.answer_by, row.promised_at_booking, row.intake_channel) == (None, None, "phone")

    page = desk.get(f"/requests/{row.id}/candidates/{shirin.id}").text
    recorded = post(
        desk, f"/requests/{row.id}/candidates/{shirin.id}",
        {"heard": "1", "channel": "phone", "override": ["availability"], "reason": "Sie war dort."},
    )  # fmt: skip
    the_time.shift(timedelta(minutes=1))
    db.session.remove()
    jobs.tick(app, NOW + timedelta(minutes=1))

    came = reading().scalars(select(Appointment)).one()
    assert ("Shirin" in page, recorded.status_code) == (True, 302)
    assert (came.mediator_id, came.state, came.channel, came.recorded_by_id) == (
        shirin.id, "completed", "phone", user.id,
    )  # fmt: skip
    assert request_now().state == "completed"
    it_counts_and_nobody_was_written_to_or_called(tmp_path / "mailbox")


def request_now() -> Request:
    db.session.remove()
    return reading().scalars(select(Request)).one()


def it_counts_and_nobody_was_written_to_or_called(folder: Path) -> None:
    row = request_now()
    written = {letter.recipient for letter in mailbox.letters(folder)}
    entries = reading().scalars(select(AuditEntry).where(AuditEntry.subject == "request").order_by(AuditEntry.id)).all()
    assert (row.first_assigned_at, row.first_confirmed_at, row.unfilled_reason) == (NOW, NOW, None)
    assert reading().scalars(select(Offer)).all() == []
    assert reading().scalars(select(CallTask)).all() == []
    assert written & {"shirin@example.org", "yama@example.org"} == set()
    assert [(entry.facts.get("to"), entry.on_behalf) for entry in entries if entry.act == "move"] == [
        ("submitted", True), ("assigned", True), ("completed", False),
    ]  # fmt: skip
