"""Twelve profiling talks: the Jobcenter sends them as one request, one person takes them, each keeps its own case."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from dispatch.domain.errors import Invalid
from dispatch.domain.moves import TypedMove
from dispatch.models import Appointment, AuditEntry, Exclusion, Request, RequestTalk
from dispatch.services import links, moves, waves
from dispatch.services.transactions import reading, run
from tests.browsing import post
from tests.builders import NOW, Builder
from tests.services.offering import coordinator, fitting, offers_of
from tests.web.conftest import ClientFor

THURSDAY = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
OWN = {"Origin": "http://localhost"}
MINUTE = timedelta(minutes=1)
TYPED: dict[str, Any] = {
    "nonce": "a-nonce-of-this-form-0123", "act": "send", "language": "Dari", "setting": "profiling",
    "day": "Do, 26.11.2026", "start": "9:00", "length": "60", "mode": "on_site", "place": "Meißen",
    "address": "Neugasse 41", "contact_name": "Empfang", "contact_phone": "03521 000 300", "continuity": "gern",
    "consent": "known", "talks": "12", "talk_minutes": "20",
    "talk_lines": "\n".join(f"4711/{number}" for number in range(1, 13)),
}  # fmt: skip


def talks_of(request: Request) -> Sequence[RequestTalk]:
    reading().expire_all()
    wanted = select(RequestTalk).where(RequestTalk.request_id == request.id).order_by(RequestTalk.position)
    return reading().scalars(wanted).all()


def begins(request: Request, start: datetime = THURSDAY) -> list[int]:
    return [(talk.starts_at - start) // MINUTE for talk in talks_of(request)]


def test_twelve_profiling_talks(
    build: Builder, client_for: ClientFor, app: Flask, the_time: time_machine.Traveller
) -> None:
    person = build.user(ui_language="de")
    office = client_for(person)
    soraya, _other = build.mediator(ui_language="de"), build.mediator()

    preview = post(office, "/requests/new", {**TYPED, "act": "preview"}).text
    assert "12 Gespräche hintereinander" in preview
    assert "eine zweite Person" in preview

    post(office, "/requests/new", TYPED)
    request = reading().scalars(select(Request)).one()
    assert (request.ends_at - request.starts_at, request.talk_count, request.case_token) == (255 * MINUTE, 12, None)
    assert begins(request) == [0, 20, 40, 60, 80, 100, 135, 155, 175, 195, 215, 235]
    assert [talk.reference for talk in talks_of(request)] == [f"4711/{number}" for number in range(1, 13)]
    tokens = [talk.case_token for talk in talks_of(request)]
    assert (len(set(tokens)), None in tokens) == (12, False)

    waves.run_waves(NOW)
    offer = next(one for one in offers_of(request) if one.mediator_id == soraya.id)
    url = "/o/" + links.issue("offer", offer.id, key=app.config["SECRET_KEY"], now=NOW)
    her = app.test_client()
    asked = her.get(url).text
    assert ("12 Gespräche hintereinander" in asked, "4711" in asked) == (True, False)
    her.post(url, data={"answer": "yes"}, headers=OWN)
    appointment = reading().scalars(select(Appointment)).one()
    assert (appointment.mediator_id, len(offers_of(request))) == (soraya.id, 2)

    later = _moved(build, request, appointment)
    the_time.move_to(later + 30 * MINUTE)
    office, page = client_for(person), f"/requests/{request.id}"
    early = post(office, f"{page}/talks", {"outcome-0": "held", "outcome-11": "client_absent"})
    assert (early.status_code, [talk.outcome for talk in talks_of(request)]) == (422, [None] * 12)
    assert "Dieses Gespräch hat noch nicht begonnen." in early.text

    the_time.move_to(later + timedelta(hours=5))
    post(office, f"{page}/talks", {"outcome-0": "held", "outcome-1": "client_absent"})
    assert [talk.outcome for talk in talks_of(request)][:3] == ["held", "client_absent", None]
    entries = reading().scalars(select(AuditEntry.facts).where(AuditEntry.act == "note_outcome")).all()
    assert entries == [
        {"talk": 0, "from": None, "to": "held"},
        {"talk": 1, "from": None, "to": "client_absent"},
    ]

    follow_up = re.findall(r'href="([^"]*case=[^"]*)"', office.get(page).text)
    assert len(follow_up) == 12
    assert f'value="{tokens[0]}"' in office.get(follow_up[0].replace("&amp;", "&")).text


def _moved(build: Builder, request: Request, appointment: Appointment) -> datetime:
    """Move the whole block by a day, after a try that leaves too little time for it; return its new start."""
    me = coordinator(build.user("coordinator").id)
    later = THURSDAY + timedelta(days=1)
    with pytest.raises(Invalid) as refused:
        moves.move(me, appointment.id, TypedMove(later, later + 240 * MINUTE), NOW)
    assert refused.value.errors == {"ends_at": ("shorter_than_talks",)}
    moves.move(me, appointment.id, TypedMove(later, later + 255 * MINUTE), NOW)
    assert begins(request, later) == [0, 20, 40, 60, 80, 100, 135, 155, 175, 195, 215, 235]
    return later


def test_a_follow_up_of_one_talk_knows_who_came_and_who_is_barred(build: Builder) -> None:
    knows, barred, new = build.mediator(), build.mediator(), build.mediator()
    unit = build.organisation()
    block = build.request(
        state="completed", organisation_id=unit.id, case_token=None, talk_count=2, starts_at=NOW - timedelta(days=3)
    )
    build.appointment(block, knows, state="completed")
    run(
        lambda session: session.add_all(
            RequestTalk(
                request_id=block.id, position=position, starts_at=block.starts_at, ends_at=block.ends_at,
                case_token=token,
            )
            for position, token in enumerate(("K7Q-4MX", "AAA-CCC"))
        )
    )  # fmt: skip
    run(
        lambda session: session.add(
            Exclusion(
                mediator_id=barred.id, organisation_id=unit.id, case_token="AAA-CCC", origin="stepped_back",
                created_at=NOW,
            )
        )
    )  # fmt: skip

    follow_up = build.request(organisation_id=unit.id, case_token="AAA-CCC")
    stranger = build.request(organisation_id=unit.id, case_token="FFF-GGG")

    assert (fitting(follow_up), set(fitting(stranger))) == ([knows.id, new.id], {knows.id, barred.id, new.id})
