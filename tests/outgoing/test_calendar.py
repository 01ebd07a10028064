"""Calendar entries: stable UIDs, rising sequences, whole lines, and nothing of the case."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.domain.moves import TypedMove
from dispatch.models import Mediator, Request
from dispatch.outgoing import calendar
from dispatch.outgoing.calendar import Entry
from dispatch.outgoing.mail import Sender
from dispatch.services import appointments, bookings, calendar_entries, closing, letters, moves
from dispatch.services.appointment_access import lock_request
from dispatch.services.delivery import claim
from dispatch.services.transactions import reading, run
from tests.appointment_cases import COORDINATOR, Case, booked
from tests.builders import NOW, START, Builder
from tests.message_cases import at
from tests.outgoing.conftest import Written, entry_of

ENTRY: dict[str, Any] = {
    "uid": "0f1e@dolmetscher.example",
    "sequence": 2,
    "number": 311,
    "starts_at": START,
    "ends_at": datetime(2026, 12, 1, 9, 0, tzinfo=UTC),
    "is_confirmed": True,
    "stamped_at": NOW,
    "organizer": "dienst@dolmetscher.example",
    "attendee": "shirin@example.org",
    "service_name": "Gemeindedolmetscherdienst",
    "service_phone": "+493521000140",
}


class Seen(NamedTuple):
    """What a calendar program reads of an entry."""

    method: str
    uid: str
    sequence: int
    status: str


def read(entry: bytes | None) -> Seen:
    assert entry is not None
    found = Calendar.from_ical(entry)
    event = event_of(entry)
    return Seen(str(found["method"]), str(event["uid"]), int(event["sequence"]), str(event["status"]))


def event_of(entry: bytes) -> Any:
    """Return the one event of a calendar; its properties have as many types as there are names."""
    (event,) = Calendar.from_ical(entry).walk("VEVENT")
    return event


def lines(entry: bytes) -> list[bytes]:
    return entry.split(b"\r\n")


@pytest.mark.parametrize(
    ("method", "is_confirmed", "status"),
    [
        ("REQUEST", True, "CONFIRMED"),
        ("REQUEST", False, "TENTATIVE"),
        ("CANCEL", True, "CANCELLED"),
        ("PUBLISH", True, "CONFIRMED"),
    ],
)
def test_an_entry_says_how_sure_it_is(app: Flask, method: Any, is_confirmed: bool, status: str) -> None:
    entry = calendar.entry(Entry(**ENTRY | {"is_confirmed": is_confirmed}), method)

    assert read(entry) == Seen(method, "0f1e@dolmetscher.example", 2, status)


def test_an_entry_holds_these_properties_and_no_others(app: Flask) -> None:
    event = event_of(calendar.entry(Entry(**ENTRY), "REQUEST"))

    assert sorted(event) == [
        "ATTENDEE", "DESCRIPTION", "DTEND", "DTSTAMP", "DTSTART", "ORGANIZER", "SEQUENCE", "STATUS", "SUMMARY", "UID",
    ]  # fmt: skip
    assert (event["dtstart"].dt, event["dtend"].dt) == (ENTRY["starts_at"], ENTRY["ends_at"])


def test_no_line_is_longer_than_75_octets_and_no_letter_is_cut(app: Flask) -> None:
    """E8."""
    long = {"service_name": "ä" * 120, "uid": f"{'u' * 80}@dolmetscher.example"}

    entry = calendar.entry(Entry(**ENTRY | long), "REQUEST")

    assert max(map(len, lines(entry))) <= 75
    assert [line for line in lines(entry) if line.decode("utf-8", "replace").count("\ufffd")] == []
    assert str(event_of(entry)["organizer"].params["CN"]) == "ä" * 120


@pytest.mark.parametrize(
    "evil",
    [
        "Dienst\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nATTACH:http://evil.example",
        'Dienst";X-EVIL=1:mailto:x@evil.example',
        "Dienst\u2028ATTACH:http://evil.example\x0bATTACH:x",
    ],
)
def test_a_name_cannot_add_properties(app: Flask, evil: str) -> None:
    """E7."""
    entry = calendar.entry(Entry(**ENTRY | {"service_name": evil}), "REQUEST")

    event = event_of(entry)
    assert "ATTACH" not in event
    assert [line for line in lines(entry) if not line.isascii() or b"\x0b" in line] == []
    assert str(event["organizer"]) == "mailto:dienst@dolmetscher.example"


@pytest.mark.parametrize("tag", ["de", "ar", "en"])
@pytest.mark.parametrize(
    ("kind", "method"),
    [
        ("appointment_confirmed", "REQUEST"),
        ("appointment_proposed", "REQUEST"),
        ("appointment_cancelled", "CANCEL"),
        ("appointment_released", "CANCEL"),
        ("request_assigned", "REQUEST"),
        ("appointment_moved", "REQUEST"),
    ],
)
def test_these_mails_carry_an_entry(written: Written, tag: str, kind: str, method: str) -> None:
    entry = entry_of(written(kind, locale=tag))

    assert read(entry).method == method


@pytest.mark.parametrize("kind", ["offer", "offer_taken", "reminder_week", "request_received", "request_cancelled"])
def test_without_an_appointment_there_is_no_entry(written: Written, kind: str) -> None:
    assert entry_of(written(kind)) is None


def office_entry(request: Request) -> tuple[str, int]:
    session = reading()
    session.close()
    found = calendar_entries.for_office(session, session.scalars(select(Request).where(Request.id == request.id)).one())
    assert found is not None
    return found.uid, found.sequence


def book_again(case: Case, mediator: Mediator, now: datetime) -> None:
    def use_case(session: Session) -> None:
        request = lock_request(session, case.request.id)
        bookings.book(session, COORDINATOR, request, mediator, now, confirmed=True, distance_km=5.0, travel_minutes=20)

    run(use_case)


def test_the_office_keeps_one_entry_whoever_comes_and_its_sequence_rises(app: Flask, build: Builder) -> None:
    case = booked(build)
    later = START.replace(day=2)
    acts: tuple[Callable[[], object], ...] = (
        lambda: None,
        lambda: moves.move(COORDINATOR, case.appointment.id, TypedMove(later, later.replace(hour=9)), at(1)),
        lambda: appointments.decline(case.holder, case.appointment.id, at(2)),
        lambda: book_again(case, build.mediator(), at(3)),
        lambda: closing.cancel(case.office, case.request.id, "own", at(4)),
    )

    seen = []
    for act in acts:
        act()
        seen.append(office_entry(case.request))

    assert seen == [(f"request-{case.request.id}", sequence) for sequence in range(len(acts))]


def test_a_cancelled_request_leaves_the_calendar_of_its_office(build: Builder, sender: Sender) -> None:
    case = booked(build)
    closing.cancel(case.office, case.request.id, "own", at(1))

    mails = {}
    while (claimed := run(lambda session: claim(session, at(1), "test"))) is not None:
        facts = letters.facts(claimed, at(1))
        if facts is not None:
            mails[claimed.kind] = sender.write(claimed, facts)

    uid = f"request-{case.request.id}@dolmetscher.example"
    assert read(entry_of(mails["request_cancelled"])) == Seen("CANCEL", uid, 1, "CANCELLED")
