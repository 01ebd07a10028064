"""On arrival she knows the person: one tap, no name, no reason; the office chooses, and she is not asked again."""

from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from dispatch import jobs
from dispatch.models import Exclusion, Mediator, OutboxMessage
from dispatch.services import links
from dispatch.services.transactions import reading
from tests.appointment_cases import again, booked, states
from tests.builders import NOW, START, Builder
from tests.services.offering import codes, fitting
from tests.web.conftest import ClientFor

OWN = {"Origin": "http://localhost"}
ARRIVAL = START - timedelta(minutes=2)


def test_she_recognises_the_client(app: Flask, build: Builder, client_for: ClientFor, the_time: Any) -> None:
    mediator = build.mediator(name="Shirin Rahmani", qualification="certified", german_level="C2")
    case = booked(build, mediator=mediator, setting="psychosocial", protection="sensitive")
    office = client_for(build.user("requester", organisation_id=case.request.organisation_id, ui_language="de"))
    token = links.issue("appointment", case.appointment.id, key=app.config["SECRET_KEY"], now=NOW)
    the_time.move_to(ARRIVAL)
    phone = app.test_client()

    asked = phone.get(f"/a/{token}/step-back?lang=de")
    assert (asked.status_code, "<textarea" in asked.text) == (200, False)
    done = phone.post(f"/a/{token}/step-back?lang=de", headers=OWN)
    assert done.status_code == 200
    assert phone.post(f"/a/{token}/step-back?lang=de", headers=OWN).status_code == 200

    assert states(case) == ("stepped_back", "searching")
    bars = reading().execute(select(Exclusion.origin, Exclusion.case_token)).all()
    assert [tuple(bar) for bar in bars] == [("stepped_back", case.request.case_token)]
    assert again(reading().get_one(Mediator, mediator.id)).lapses_in_row == 0
    assert codes(again(case.request), mediator, ARRIVAL) == ("excluded",)
    another = build.request(organisation_id=case.request.organisation_id, case_token="ABC-2DE",
                            starts_at=START + timedelta(days=7))  # fmt: skip
    assert fitting(another, ARRIVAL) == [mediator.id]

    told = reading().scalars(select(OutboxMessage.kind).where(OutboxMessage.created_at == ARRIVAL)).all()
    assert "appointment_stepped_back" in told
    page = office.get(f"/requests/{case.request.id}").text
    assert "kennt" not in page
    counts = jobs.tick(app, ARRIVAL)
    assert counts["failed"] == 0
    assert again(case.request).stepped_back
