"""Coordinator on holiday: the alarm goes to the mailbox on duty and on to her deputy, who claims; then she is back."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import time_machine
from flask import Flask
from flask.testing import FlaskClient

from dispatch.jobs import tick
from dispatch.models import User
from dispatch.outgoing import mailbox
from tests.appointment_cases import booked
from tests.browsing import post
from tests.builders import START, Builder
from tests.services.presence import still_signed_in

ClientFor = Callable[[User], FlaskClient]
HOUR = timedelta(hours=1)
ASKED = START - timedelta(days=1)
"""When the mediator is asked whether it stands: Monday at 9:00, a day ahead."""


def test_coordinator_on_holiday(
    app: Flask, build: Builder, client_for: ClientFor, the_time: time_machine.Traveller, tmp_path: Path
) -> None:
    jana = build.user("coordinator", name="Jana Petzold", email="jana@example.org")
    nora = build.user("coordinator", name="Nora Vogt", email="nora@example.org")
    build.user("coordinator", name="Ida Kern", email="ida@example.org")
    case = booked(build)
    page, number = f"/requests/{case.request.id}", case.request.number

    def at(instant: datetime) -> None:
        the_time.move_to(instant, tick=False)
        tick(app, instant)
        still_signed_in(instant)

    def alarmed() -> list[str]:
        letters = reversed(mailbox.letters(tmp_path / "mailbox"))
        return [one.recipient.partition("@")[0] for one in letters if f"Anfrage {number} am Di" in one.subject]

    desk = client_for(jana)
    week = {"user_id": jana.id, "first_on": "30.11.2026", "last_on": "4.12.2026", "deputy_id": nora.id}
    assert post(desk, "/duty", week | {"deputy_id": jana.id}).status_code == 422
    assert post(desk, "/duty", week).status_code == 302
    assert "Nora Vogt vertritt" in desk.get("/duty").text

    at(ASKED)
    at(ASKED + 3 * HOUR)
    at(ASKED + 5 * HOUR - timedelta(minutes=1))
    assert alarmed() == ["koordination"]
    at(ASKED + 5 * HOUR)
    at(ASKED + 6 * HOUR)
    assert alarmed() == ["koordination", "nora"]

    deputy = client_for(nora)
    still_signed_in(ASKED + 6 * HOUR)
    letter = next(one for one in mailbox.letters(tmp_path / "mailbox", recipient="nora") if "handeln" in one.subject)
    assert page in letter.text
    assert not {"Dari", "Schulstraße", "K7Q-4MX", "Shirin", "Elterngespräch"} & set(letter.text.split())
    assert "Alarm seit" in deputy.get(page).text
    assert post(deputy, f"{page}/claim").status_code == 302
    assert "Nora Vogt" in deputy.get("/handover").text

    back = START + 4 * HOUR
    the_time.move_to(back, tick=False)
    home = client_for(jana)
    still_signed_in(back)
    post(home, "/duty/1/end")
    assert "Jana Petzold" in home.get("/duty").text.partition("</h1>")[2].partition("</p>")[0]
    at(back)
    assert alarmed() == ["koordination", "nora"]
    assert "Alarm seit" not in home.get(page).text
