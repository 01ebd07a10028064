"""A shelter asks for a woman, and for nobody from the village of her client: by phone, one after the other."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from dispatch.domain.settings import Protection
from dispatch.models import Appointment, AuditEntry, OutboxMessage, Request
from dispatch.services.transactions import reading
from tests.browsing import post
from tests.builders import START, Builder
from tests.services.offering import RIESA, codes
from tests.web.conftest import ClientFor

FORM = {
    "language": "Dari", "setting": "domestic_violence", "mode": "on_site", "day": "2026-12-01", "start": "9:00",
    "length": "60", "place": "Meißen", "gender": "female_only", "avoided": ["14627230"], "consent": "known",
    "continuity": "gern", "act": "send", "notes": "Bitte klingeln", "reference": "S 12",
}  # fmt: skip
POINT = "Rathaus, Empfang"


@pytest.fixture
def shelter(build: Builder, client_for: ClientFor) -> FlaskClient:
    """Somebody of the shelter, signed in."""
    unit = build.organisation(name="Haus Linde", address="Geheime Gasse 3")
    return client_for(build.user("requester", organisation_id=unit.id))


def test_shelter_woman_nobody_from_her_village(shelter: FlaskClient, build: Builder, client_for: ClientFor) -> None:
    certified = {"qualification": "certified", "german_level": "C2", "languages": (("prs", "native"),)}
    neighbour = build.mediator(name="Frau aus dem Dorf", **RIESA, **certified)  # type: ignore[arg-type]
    man = build.mediator(name="Ein Mann", gender="male", **certified)  # type: ignore[arg-type]
    woman = build.mediator(name="Shirin Rahmani", **certified)  # type: ignore[arg-type]
    named = client_for(build.user("coordinator", handles_protected=True, ui_language="de"))
    unnamed = client_for(build.user("coordinator", ui_language="de"))
    regional = client_for(build.user("regional_coordinator", ui_language="de"))

    refused = post(shelter, "/requests/new", FORM | {"address": "Geheime Gasse 3"})
    assert refused.status_code == 422
    assert 'name="meeting_point"' in refused.text
    assert 'name="address"' not in refused.text
    assert "Geheime Gasse" not in refused.text

    assert post(shelter, "/requests/new", FORM | {"meeting_point": POINT}).status_code == 302
    request = reading().scalars(select(Request)).one()
    kept = (request.protection, request.policy, request.address, request.meeting_point)
    assert kept == (Protection.PROTECTED, "manual", None, POINT)
    assert codes(request, neighbour) == ("excluded",)
    assert codes(request, man) == ("gender",)

    page = f"/requests/{request.id}"
    assert [one.get(page).status_code for one in (named, unnamed, regional)] == [200, 404, 404]
    assert str(request.number) not in unnamed.get("/board").text
    assert str(request.number) in named.get("/board").text

    url = f"{page}/candidates/{woman.id}"
    assert post(unnamed, url, {"channel": "phone"}).status_code == 404
    assert post(named, url, {"channel": "phone"}).status_code == 302
    appointment = reading().scalars(select(Appointment)).one()
    assert (appointment.mediator_id, appointment.state) == (woman.id, "confirmed")

    hers = client_for(build.user("mediator", mediator_id=woman.id)).get(f"/appointments/{appointment.id}").text
    assert POINT in hers
    assert [word for word in ("Haus Linde", "Geheime", "Bitte klingeln", "S 12") if word in hers] == []

    mails = reading().scalars(select(OutboxMessage)).all()
    assert {(mail.kind, mail.request_id, mail.mediator_id) for mail in mails} == {("protected_waits", None, None)}
    reads = reading().execute(select(AuditEntry.actor_kind, AuditEntry.subject).where(AuditEntry.act == "read"))
    assert {("coordinator", "request"), ("mediator", "appointment")} <= {tuple(row) for row in reads}
    assert request.starts_at == START
    assert request.ends_at - request.starts_at == timedelta(hours=1)
