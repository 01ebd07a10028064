"""Moved twice, then nobody came: each move needs the mediator's yes; what counts is that she was there."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import time_machine
from flask import Flask
from flask.testing import FlaskClient

from dispatch.domain.permissions import Actor, Role
from dispatch.jobs import tick
from dispatch.models import User
from dispatch.services import board_day
from dispatch.services.board_filters import Filters
from tests.appointment_cases import Case, again, booked, moves_of, states
from tests.browsing import post
from tests.builders import START, Builder
from tests.services.presence import still_signed_in

ClientFor = Callable[[User], FlaskClient]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DAYS = ("2.12.2026", "3.12.2026", "4.12.2026")


def move(office: FlaskClient, case: Case, day: str) -> int:
    """Move the appointment as its form does and return the status."""
    url = f"/appointments/{case.appointment.id}/move"
    fields = dict(re.findall(r'name="(version|place|address)" [^>]*value="([^"]*)"', office.get(url).text))
    return post(office, url, fields | {"day": day, "start": "9:00", "length": "60"}).status_code


def test_moved_twice_then_nobody_came(
    app: Flask, build: Builder, client_for: ClientFor, the_time: time_machine.Traveller
) -> None:
    case = booked(build)
    unit = case.request.organisation_id
    people = build.user("requester", organisation_id=unit), build.user("mediator", mediator_id=case.mediator.id)
    office, hers = (client_for(one) for one in people)
    url = f"/appointments/{case.appointment.id}"

    for count, day in enumerate(DAYS[:2], start=1):
        assert move(office, case, day) == 302
        assert (states(case), again(case.request).move_count) == (("proposed", "assigned"), count)
        assert post(hers, f"{url}/confirm").status_code == 302
        assert states(case) == ("confirmed", "assigned")
    assert move(office, case, DAYS[2]) in {403, 409}
    assert again(case.request).move_count == 2

    held = START + 2 * DAY
    assert again(case.appointment).starts_at == held

    over: datetime = held + 2 * HOUR
    the_time.move_to(over, tick=False)
    tick(app, over)
    office, hers, desk = (client_for(one) for one in (*people, build.user("coordinator")))
    still_signed_in(over)
    assert states(case) == ("completed", "completed")
    answer = post(hers, f"{url}/absent", {"side": "client"})
    assert (answer.status_code, answer.headers["Location"]) == (302, url)

    row = again(case.request)
    assert states(case) == ("client_absent", "completed")
    assert (row.move_count, row.unfilled_reason) == (2, None)
    assert moves_of("appointment", case.appointment.id)[-1] == ("completed", "client_absent")
    figures = board_day.counts(Actor(None, Role.COORDINATOR), Filters(), over)
    assert (figures.completed, figures.unfilled) == (1, 0)
    assert "kam" in office.get(url).text

    assert post(desk, f"{url}/absent", {"side": "mediator", "channel": "phone"}).status_code == 302
    row = again(case.request)
    assert (states(case), row.unfilled_reason) == (("mediator_absent", "unfilled"), "mediator_absent")
    figures = board_day.counts(Actor(None, Role.COORDINATOR), Filters(), over)
    assert (figures.completed, figures.unfilled) == (0, 1)
