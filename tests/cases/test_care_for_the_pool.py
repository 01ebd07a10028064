"""Care for the pool: a document ends, somebody leaves, data are confirmed, silence is asked, a search revives."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dispatch.domain.lifecycle import RequestState
from dispatch.models import Appointment, InternalNote, Mediator, OutboxMessage, Request, User
from dispatch.services import confirmations, document_care, links, silence, waves
from dispatch.services.transactions import reading
from tests.browsing import post
from tests.builders import NOW, START, Builder
from tests.services.offering import appointments, asked, change, mails, stored

ClientFor = Callable[[User], FlaskClient]
DAY = timedelta(days=1)
OWN = {"Origin": "http://localhost"}


def booked(build: Builder, person: Mediator, starts_at: datetime) -> Appointment:
    return build.appointment(build.request(state="assigned", starts_at=starts_at, wave_due_at=None), person)


def link_of(app: Flask, person: Any) -> str:
    return "/m/" + links.issue("mediator", person.id, key=app.config["SECRET_KEY"], now=NOW)


def tasks_of(desk: FlaskClient) -> set[str]:
    """Return the ids of the tasks on the board."""
    return set(re.findall(r'<li class="task[^"]*" id="([^"]+)"', desk.get("/board").text))


def sent_params(kind: str) -> list[dict[str, Any]]:
    reading().close()
    return list(reading().scalars(select(OutboxMessage.params).where(OutboxMessage.kind == kind)))


def test_a_document_ends_before_what_is_booked(
    build: Builder, client_for: ClientFor, the_time: time_machine.Traveller
) -> None:
    desk = client_for(build.user("coordinator", ui_language="de"))
    salma = build.mediator(name="Salma Haidari", call_name="Salma", undertaking=False)
    other = build.mediator()
    build.document(salma, "undertaking", valid_until=date(2026, 12, 5))
    before, beyond = booked(build, salma, START), booked(build, salma, START + 7 * DAY)

    assert (document_care.warn_due(NOW), document_care.warn_due(NOW)) == (1, 0)
    assert mails("document_ends") == [salma.email]
    assert sent_params("document_ends") == [{"type": "undertaking", "last_day": "2026-12-05"}]
    name = f"document-before-appointment-{salma.id}-undertaking"
    assert name in tasks_of(desk)
    task = desk.get("/board").text.split(f'id="{name}"')[1].split("</li>\n</ul>")[0]
    assert (f"/appointments/{beyond.id}" in task, f"/appointments/{before.id}" in task) == (True, False)

    page = f"/mediators/{salma.id}/replace"
    assert f'value="{beyond.id}"' in desk.get(page).text
    post(desk, page, {"replace": [str(beyond.id), "x", "99999999999999"]})
    post(desk, page, {"replace": [str(beyond.id)]})
    assert (stored(beyond).state, stored(before).state) == ("released", "confirmed")
    assert mails("appointment_replaced") == ["schule@example.org"]
    waves.run_waves(NOW)
    request_id = beyond.request_id
    assert asked_for(request_id) == [other.id]
    assert f"document-ends-{salma.id}-undertaking" in tasks_of(desk)

    build.document(salma, "undertaking", seen_on=date(2026, 11, 25), valid_until=date(2028, 12, 5))
    assert {one for one in tasks_of(desk) if one.startswith("document")} == set()


def asked_for(request_id: int) -> list[int]:
    return asked(reading().get_one(Request, request_id))


def test_who_leaves_is_replaced_where_the_coordination_says_so(build: Builder, client_for: ClientFor) -> None:
    desk = client_for(build.user("coordinator", ui_language="de"))
    salma, other = build.mediator(lapses_in_row=3), build.mediator()
    kept, replaced = booked(build, salma, START), booked(build, salma, START + DAY)

    page = f"/mediators/{salma.id}/rest"
    assert f'value="{kept.id}"' in desk.get(page).text
    post(desk, page, {"version": "1", "replace": [str(replaced.id)]})

    assert (stored(salma).active, stored(salma).left_at) == (False, NOW)
    assert (stored(kept).state, stored(replaced).state) == ("confirmed", "released")
    waves.run_waves(NOW)
    assert asked_for(replaced.request_id) == [other.id]
    assert f"left-with-appointments-{salma.id}" in tasks_of(desk)

    post(desk, f"/mediators/{salma.id}/activate", {"version": str(stored(salma).version)})
    assert (stored(salma).left_at, stored(salma).lapses_in_row) == (None, 0)
    assert f"left-with-appointments-{salma.id}" not in tasks_of(desk)


def test_data_are_confirmed_by_one_tap_or_corrected_in_words(
    build: Builder, client_for: ClientFor, app: Flask, the_time: time_machine.Traveller
) -> None:
    desk = client_for(build.user("coordinator", ui_language="de"))
    long_ago = NOW - 400 * DAY
    salma = build.mediator(created_at=long_ago, ui_language="ar", phone="+493521000211")
    by_phone = build.mediator(created_at=long_ago, email=None)
    quiet = build.mediator(created_at=long_ago)
    build.mediator(created_at=long_ago, confirmed_at=NOW - 100 * DAY)

    assert (confirmations.ask_due(NOW), confirmations.ask_due(NOW)) == (3, 0)
    assert mails("confirm_data") == sorted([str(salma.email), str(quiet.email)])
    assert by_phone.name in desk.get("/calls").text

    her, url = app.test_client(), link_of(app, salma)
    shown = her.get(url).text
    assert ('dir="rtl"' in shown, "+493521000211" in shown) == (True, True)
    assert her.post(url, data={"answer": "changed", "text": ""}, headers=OWN).status_code == 422
    assert her.post(url, data={"answer": "anything"}, headers=OWN).status_code == 422
    for _ in range(2):
        assert her.post(url, data={"answer": "changed", "text": "Neue Nummer"}, headers=OWN).status_code == 200
    assert reading().scalars(select(InternalNote.text)).all() == ["Neue Nummer"]
    assert f"data-changed-{salma.id}" in tasks_of(desk)
    her.post(url, data={"answer": "right"}, headers=OWN)
    assert stored(salma).change_told_at == NOW
    post(desk, f"/board/mediators/{salma.id}/data", {})
    assert (stored(salma).change_told_at, stored(salma).confirmed_at) == (None, NOW)

    her.post(link_of(app, quiet), data={"answer": "right"}, headers=OWN)
    assert stored(quiet).confirmed_at == NOW
    the_time.move_to(NOW + 28 * DAY)
    desk = client_for(build.user("coordinator", ui_language="de"))
    assert {one for one in tasks_of(desk) if one.startswith("data-")} == {f"data-unconfirmed-{by_phone.id}"}
    the_time.move_to(NOW + 90 * DAY)
    assert app.test_client().get(url).status_code == 410


def test_who_never_answers_says_whether_to_go_on(build: Builder, client_for: ClientFor, app: Flask) -> None:
    desk = client_for(build.user("coordinator", ui_language="de"))
    stays, leaves = build.mediator(lapses_in_row=5), build.mediator(lapses_in_row=6)
    kept = booked(build, leaves, START)

    assert (silence.ask_due(NOW), silence.ask_due(NOW)) == (2, 0)
    assert mails("still_there") == sorted([str(stays.email), str(leaves.email)])
    for _ in range(2):
        assert app.test_client().post(link_of(app, stays), data={"answer": "go_on"}, headers=OWN).status_code == 200
        assert app.test_client().post(link_of(app, leaves), data={"answer": "no_more"}, headers=OWN).status_code == 200

    assert (stored(stays).lapses_in_row, stored(stays).active) == (0, True)
    assert (stored(leaves).active, stored(kept).state) == (False, "confirmed")
    assert mails("still_there") == []
    assert {f"said-no-more-{leaves.id}", f"left-with-appointments-{leaves.id}"} <= tasks_of(desk)
    post(desk, f"/board/mediators/{leaves.id}/no-more", {})
    assert f"said-no-more-{leaves.id}" not in tasks_of(desk)


def test_a_search_revives_when_somebody_comes_who_speaks_the_language(build: Builder, client_for: ClientFor) -> None:
    desk = client_for(build.user("coordinator", ui_language="de"))
    request, foreign = build.request(), build.request(languages=("vi",))
    waves.run_waves(NOW)
    later = stored(foreign).wave_due_at
    assert stored(request).nobody_fits_at == NOW
    salma = build.mediator(active=False)

    post(desk, f"/mediators/{salma.id}/activate", {"version": "1"})
    assert (stored(request).wave_due_at, stored(foreign).wave_due_at) == (NOW, later)
    waves.run_waves(NOW)

    assert (asked(request), stored(request).state) == ([salma.id], RequestState.SEARCHING)
    assert mails("request_people_found") == ["schule@example.org"]
    assert f"request-{request.id}" not in tasks_of(desk)
    assert "Wir haben doch noch Personen gefunden" in desk.get(f"/requests/{request.id}").text
    change(request, nobody_fits_at=NOW, wave_due_at=NOW)
    build.mediator()
    waves.run_waves(NOW + DAY)
    assert mails("request_people_found") == ["schule@example.org"]
    assert appointments(request) == []
