"""Subscribed calendars: what programs read of them, when nothing is new, and who gets none."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import ics
import pytest
import time_machine
import vobject
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from dispatch.database import db, run
from dispatch.domain.moves import TypedMove
from dispatch.domain.service import Service
from dispatch.models import Attempt, Mediator
from dispatch.services import appointments, bookings, closing, feeds, links, moves, options
from dispatch.services.feeds import MEDIATOR, UNIT, Owner
from dispatch.services.transactions import reading
from tests.appointment_cases import COORDINATOR, PHONE, Case, booked
from tests.builders import NOW, START, Builder
from tests.statements import counted

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SPRING = datetime(2027, 3, 28, 0, 30, tzinfo=UTC)
"""1:30 in Berlin; an hour later it is 3:30 there."""
AUTUMN = datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
"""2:30 in Berlin, for the first time."""


class Seen(NamedTuple):
    """What a calendar program reads of an entry."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    sequence: int
    status: str
    summary: str


def address(app: Flask, owner: Owner) -> str:
    token = links.issue(owner.purpose, owner.id, key=app.config["SECRET_KEY"], now=NOW)
    return f"/calendar/{token}.ics"


def of(case: Case) -> Owner:
    return Owner(MEDIATOR, case.mediator.id)


def by_vobject(text: str) -> list[Seen]:
    events = getattr(vobject.readOne(text), "vevent_list", [])
    return [
        Seen(
            each.uid.value, each.dtstart.value.astimezone(UTC), each.dtend.value.astimezone(UTC),
            int(each.sequence.value), each.status.value, each.summary.value,
        )
        for each in events
    ]  # fmt: skip


def by_ics(text: str) -> list[Seen]:
    def extra(event: Any, name: str) -> str:
        return str(next(line.value for line in event.extra if line.name == name))

    return [
        Seen(
            each.uid, each.begin.datetime.astimezone(UTC), each.end.datetime.astimezone(UTC),
            int(extra(each, "SEQUENCE")), each.status, each.name,
        )
        for each in sorted(ics.Calendar(text).events, key=lambda each: each.begin)
    ]  # fmt: skip


def read(answer: TestResponse) -> list[Seen]:
    """What two independent programs both read."""
    seen = by_vobject(answer.text)
    assert by_ics(answer.text) == seen
    return seen


def short(answer: TestResponse) -> list[tuple[datetime, int, str]]:
    return [(one.starts_at, one.sequence, one.status) for one in read(answer)]


def test_a_mediator_reads_her_appointments_across_both_changes_of_the_clocks(
    app: Flask, client: FlaskClient, build: Builder
) -> None:
    mediator = build.mediator()
    cases = [booked(build, mediator=mediator, starts_at=at, ends_at=at + HOUR) for at in (START, SPRING, AUTUMN)]
    booked(build)

    seen = read(client.get(address(app, Owner(MEDIATOR, mediator.id))))

    assert seen == [
        Seen(f"{case.appointment.uid}@localhost", at, at + HOUR, 0, "CONFIRMED", f"Einsatz {case.appointment.number}")
        for case, at in zip(cases, (START, SPRING, AUTUMN), strict=True)
    ]


def test_a_move_keeps_the_name_and_raises_the_sequence(app: Flask, client: FlaskClient, build: Builder) -> None:
    case, later = booked(build), START + DAY
    path = address(app, of(case))
    before = read(client.get(path))

    moves.move(COORDINATOR, case.appointment.id, TypedMove(later, later + HOUR), NOW)

    (entry,) = read(client.get(path))
    assert entry == before[0]._replace(starts_at=later, ends_at=later + HOUR, sequence=1, status="TENTATIVE")


def test_what_falls_away_is_told_for_thirty_days(
    app: Flask, client: FlaskClient, build: Builder, the_time: time_machine.Traveller
) -> None:
    far = START + timedelta(days=60)
    cancelled, back = (booked(build, starts_at=far, ends_at=far + HOUR) for _ in range(2))
    closing.cancel(COORDINATOR, cancelled.request.id, "own", NOW, on_behalf=PHONE)
    appointments.hand_back(back.colleague, back.appointment.id, NOW)
    paths = [address(app, of(case)) for case in (cancelled, back)]

    told = [short(client.get(path)) for path in paths]
    the_time.move_to(NOW + timedelta(days=31))

    assert told == [[(far, 1, "CANCELLED")]] * 2
    assert [short(client.get(path)) for path in paths] == [[], []]


def test_a_unit_reads_its_own_appointments_whoever_comes(app: Flask, client: FlaskClient, build: Builder) -> None:
    case = booked(build)
    other = build.organisation(parent_id=case.request.organisation_id)
    booked(build, organisation_id=other.id)
    path = address(app, Owner(UNIT, case.request.organisation_id))
    found = read(client.get(path))

    appointments.hand_back(case.colleague, case.appointment.id, NOW)
    searched = short(client.get(path))
    closing.cancel(COORDINATOR, case.request.id, "own", NOW, on_behalf=PHONE)

    assert [entry.uid for entry in found] == [f"request-{case.request.id}@localhost"]
    assert (searched, short(client.get(path))) == ([(START, 1, "TENTATIVE")], [(START, 1, "CANCELLED")])


def test_lines_are_short_and_whole_and_programs_are_told_when_to_look_again(
    app: Flask, client: FlaskClient, build: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = booked(build, mediator=build.mediator(ui_language="ar"))
    monkeypatch.setattr(options, "read", _with_name("Dolmetscherdienst für Großenhain, Meißen; Straße " + "üß" * 40))

    answer = client.get(address(app, of(case)))

    lines = answer.data.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert [line for line in lines if b"\n" in line or "\ufffd" in line.decode("utf-8", "replace")] == []
    assert len(read(answer)) == 1
    text = answer.text.replace("\r\n ", "")
    assert re.findall(r"^(METHOD|REFRESH-INTERVAL.*|X-PUBLISHED-TTL):(.*)\r$", text, re.MULTILINE) == [
        ("METHOD", "PUBLISH"), ("REFRESH-INTERVAL;VALUE=DURATION", "PT1H"), ("X-PUBLISHED-TTL", "PT1H"),
    ]  # fmt: skip
    assert len(re.findall(r"^(?:NAME|X-WR-CALNAME):Dolmetscherdienst für .*(?:üß){40}\r$", text, re.MULTILINE)) == 2


def _with_name(name: str) -> Any:
    def read(shipped: Any) -> Any:
        return Service(name=name) if isinstance(shipped, Service) else shipped

    return read


def test_nothing_new_is_said_in_one_statement_without_a_word(app: Flask, client: FlaskClient, build: Builder) -> None:
    path = address(app, of(booked(build)))
    first = client.get(path)

    with counted(db.engine) as statements:
        again = client.get(path, headers={"If-None-Match": str(first.headers["ETag"])})
        later = client.get(path, headers={"If-Modified-Since": str(first.headers["Last-Modified"])})
        whole = client.head(path, headers={"If-None-Match": '"another"'})

    assert [(one.status_code, one.data) for one in (again, later, whole)] == [(304, b""), (304, b""), (200, b"")]
    assert {one.headers["ETag"] for one in (first, again, later, whole)} == {first.headers["ETag"]}
    assert len(statements) == 3


def test_every_change_of_a_text_is_a_new_tag(
    app: Flask, client: FlaskClient, build: Builder, the_time: time_machine.Traveller
) -> None:
    case = booked(build, confirmed=False)
    path, later = address(app, of(case)), START + DAY
    acts = (
        lambda: None,
        lambda: bookings.confirm(case.colleague, case.appointment.id, NOW),
        lambda: moves.move(COORDINATOR, case.appointment.id, TypedMove(later, later + HOUR), NOW),
        lambda: run(lambda session: session.execute(update(Mediator).values(ui_language="ar"))),
        lambda: booked(build, mediator=case.mediator, starts_at=later + DAY, ends_at=later + DAY + HOUR),
        lambda: appointments.hand_back(case.colleague, case.appointment.id, NOW),
        lambda: the_time.move_to(NOW + timedelta(days=31)),
    )

    tags, texts = [], []
    for act in acts:
        act()
        answer = client.get(path)
        tags.append(answer.headers["ETag"])
        texts.append(answer.data)

    assert (len(set(tags)), len(set(texts))) == (len(acts), len(acts))


def test_the_address_is_the_only_right_and_nothing_is_left_in_the_program(
    app: Flask, client: FlaskClient, build: Builder
) -> None:
    path = address(app, of(booked(build)))

    answer = client.get(f"{path}?lang=ar", headers={"Cookie": "session=nothing"})

    kept = {name: answer.headers.get(name) for name in ("Set-Cookie", "Cache-Control", "Content-Type")}
    assert kept == {
        "Set-Cookie": None, "Cache-Control": "private, no-cache",
        "Content-Type": "text/calendar; charset=utf-8",
    }  # fmt: skip
    assert [client.open(path, method=method).status_code for method in ("POST", "PUT", "OPTIONS")] == [405] * 3


def test_a_renewed_address_is_like_one_that_never_was(app: Flask, client: FlaskClient, build: Builder) -> None:
    case = booked(build)
    old = address(app, of(case))
    key = app.config["SECRET_KEY"]

    token = feeds.renew(case.colleague, of(case), key=key, now=NOW)

    appointment = links.issue("appointment", case.appointment.id, key=key, now=NOW)
    unknown = [old, f"/calendar/{appointment}.ics", "/calendar/nothing.ics", f"/calendar/{token[:-1]}-.ics"]
    assert {client.get(path).status_code for path in unknown} == {404}
    assert client.get(f"/calendar/{token}.ics").status_code == 200


def test_guesses_are_counted_and_good_addresses_are_not(app: Flask, client: FlaskClient, build: Builder) -> None:
    case = booked(build)
    old = address(app, of(case))
    token = feeds.renew(case.colleague, of(case), key=app.config["SECRET_KEY"], now=NOW)

    guesses = [client.get(f"/calendar/guess-{number}.ics").status_code for number in range(21)]

    assert guesses == [404] * 20 + [429]
    assert [client.get(path).status_code for path in (old, f"/calendar/{token}.ics")] == [404, 200]
    assert reading().query(Attempt).count() == 20
