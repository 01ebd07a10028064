"""Riesa to Meißen by bus: the way does not fit between two talks; somebody drives her, and the coordinator says so."""

import re
from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select

from dispatch.models import Appointment, Request, User
from dispatch.services.transactions import reading
from tests.browsing import post
from tests.builders import START, Builder
from tests.services.offering import RIESA, appointments, booked, mails, stored

ClientFor = Callable[[User], FlaskClient]
HOUR = timedelta(hours=1)


def appointment_of(request: Request) -> int:
    return reading().scalars(select(Appointment.id).where(Appointment.request_id == request.id)).one()


def test_riesa_to_meissen_by_bus(build: Builder, client_for: ClientFor) -> None:
    desk = client_for(build.user("coordinator", ui_language="de"))
    salma = build.mediator(name="Salma Haidari", call_name="Salma", transport="public", **RIESA)
    booked(build, salma, START, request=RIESA, **RIESA)
    request = build.request(starts_at=START + 2 * HOUR)
    url = f"/requests/{request.id}/candidates/{salma.id}"

    candidates = desk.get(f"/requests/{request.id}/candidates").text
    assert re.findall(r"<strong><bdi>Salma Haidari</bdi></strong>(.*?)</span>", candidates) == [
        "der Weg braucht 105 Minuten, 60 bleiben"
    ]

    silent = post(desk, url, {"override": ["conflict"], "reason": "", "channel": "phone"})
    assert (silent.status_code, appointments(request)) == (422, [])
    assert 'value="conflict" checked' in silent.text

    post(desk, url, {"override": ["conflict"], "reason": "Eine Kollegin nimmt sie im Auto mit.", "channel": "phone"})
    assert (appointments(request), stored(request).state) == ([(salma.id, "confirmed")], "assigned")
    assert mails("appointment_confirmed") == [salma.email]

    shown = desk.get(f"/appointments/{appointment_of(request)}").text
    assert "Eine Kollegin nimmt sie im Auto mit." in shown
    office = client_for(build.user("requester", organisation_id=request.organisation_id))
    assert "Eine Kollegin" not in office.get(f"/requests/{request.id}").text
