"""Fill the tables of districts with invented rows, by the database itself: the same in every form of the tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Connection, Date, Float, Integer, text

from dispatch.database import Base, UTCDateTime

LANGUAGES = 20
FIRST_DAY = "2026-11-02 08:00+00"
OPEN_REQUESTS, QUEUED, ORGANISATIONS = 100, 50, 20


@dataclass(frozen=True)
class Size:
    """How much there is: districts, and of each how many people and appointments."""

    districts: int
    mediators: int
    appointments: int


def fill(connection: Connection, size: Size, *, keyed: bool) -> int:
    """Fill the tables of the search path; `keyed` tells that they have a district. Returns the rows written."""
    written = 0
    for name, per_district, values in (*_people(size), *_talks(size), *_messages(size)):
        columns, expressions = insertion(name, {**values, "district_id": "d"} if keyed else values)
        numbers = f"generate_series(1, {size.districts if keyed else 1}) d, generate_series(1, {per_district}) n"
        statement = f"INSERT INTO {name} ({columns}) SELECT {expressions} FROM {numbers}"
        written += connection.execute(text(statement.replace(":", r"\:"))).rowcount
    return written


def insertion(name: str, values: Mapping[str, str]) -> tuple[str, str]:
    """Return the columns of a new row and its SQL expressions; what must be there and is not given gets a default."""
    needed = {column.name: _default(column) for column in Base.metadata.tables[name].columns}
    row = {column: value for column, value in {**needed, **values}.items() if value is not None}
    return ", ".join(row), ", ".join(row.values())


Kind = tuple[str, int, Mapping[str, str]]
"""A table, its rows of each district, and SQL by column over `d` (district) and `n` (1 to that many)."""


def _someone(size: Size) -> str:
    return f"(1 + (n - 1) % {size.mediators})"


def _week(size: Size) -> str:
    return f"((n - 1) / {size.mediators})"


def _begins(size: Size) -> str:
    days = f"{_week(size)} * interval '7 days' + (n % 5) * interval '1 day'"
    return f"timestamptz '{FIRST_DAY}' + {days} + (n % 8) * interval '1 hour'"


def _people(size: Size) -> list[Kind]:
    week, someone = _week(size), _someone(size)
    return [
        ("organisations", ORGANISATIONS, {"id": "n", "name": "'Schule ' || n", "kind": "'school'", "version": "1"}),
        ("mediators", size.mediators, {
            "id": "n", "name": "'Person ' || n", "call_name": "'P'", "contact_channel": "'mail'", "gender": "'female'",
            "german_level": "'C1'", "qualification": "'lay'", "transport": "'car'", "active": "true", "on_site": "true",
            "lat": "51 + (n % 100) * 0.003", "lon": "13 + (n % 100) * 0.005", "ui_language": "'de'", "version": "1",
        }),
        ("mediator_languages", size.mediators * 2, {
            "mediator_id": someone, "code": f"'l' || ((n * 7 + (n - 1) / {size.mediators}) % {LANGUAGES})",
            "position": week, "level": "'C1'",
        }),
        ("weekly_windows", size.mediators * 5, {
            "id": "n", "mediator_id": someone, "weekday": week, "start_minute": "480", "end_minute": "1080",
        }),
    ]  # fmt: skip


def _talks(size: Size) -> list[Kind]:
    begins, booked = _begins(size), size.appointments
    ends, later = f"{begins} + interval '1 hour'", "timestamptz '2026-12-01 08:00+00' + (n % 50) * interval '5 hours'"
    someone = _someone(size)
    talk = {
        "setting": "'school'", "protection": "'normal'", "policy": "'waves'", "mode": "'on_site'", "revision": "1",
        "continuity": "'egal'", "consent": "'known'", "gender": "'any'", "version": "1", "talk_count": "0",
    }  # fmt: skip
    return [
        ("requests", booked + OPEN_REQUESTS, {
            "id": "n", "number": "400 + n", "organisation_id": f"1 + n % {ORGANISATIONS}", **talk,
            "state": f"CASE WHEN n <= {booked} THEN 'assigned' ELSE 'searching' END",
            "starts_at": f"CASE WHEN n <= {booked} THEN {begins} ELSE {later} END",
            "ends_at": f"CASE WHEN n <= {booked} THEN {ends} ELSE {later} + interval '1 hour' END",
        }),
        ("request_languages", booked + OPEN_REQUESTS, {
            "request_id": "n", "position": "1", "code": f"'l' || (n % {LANGUAGES})",
        }),
        ("appointments", booked, {
            "id": "n", "number": "300 + n", "request_id": "n", "slot": "1", "mediator_id": someone,
            "state": "'confirmed'", "mode": "'on_site'", "starts_at": begins, "ends_at": ends,
            "uid": "'u' || n", "version": "1",
        }),
    ]  # fmt: skip


def _messages(size: Size) -> list[Kind]:
    begins, booked = _begins(size), size.appointments
    return [
        ("reminders", booked, {
            "id": "n", "appointment_id": "n", "kind": "'week'", "side": "'office'", "key": "'k' || n",
            "due_at": f"{begins} - interval '7 days'", "state": "'due'",
        }),
        ("outbox", QUEUED * 6, {
            "id": "n", "kind": "'reminder_week'", "key": "'m' || n", "recipient": "'a@example.org'", "locale": "'de'",
            "message_id": "'i' || n", "state": f"CASE WHEN n <= {QUEUED} THEN 'queued' ELSE 'sent' END",
            "due_at": "timestamptz '2026-11-20 08:00+00' + n * interval '1 second'",
        }),
        ("links", size.mediators, {
            "id": "n", "purpose": "'mediator_calendar'", "subject_id": "n", "nonce": "'x' || n",
            "token_hash": "md5('token' || n)",
        }),
        ("counters", 1, {"name": "'appointment'", "value": f"300 + {booked}"}),
    ]  # fmt: skip


def _default(column: Column[Any]) -> str | None:
    """Return what a column that nothing here is about holds; None where it may be left out."""
    if column.nullable or column.server_default is not None:
        return None
    kinds: list[tuple[type[Any], str]] = [
        (UTCDateTime, f"timestamptz '{FIRST_DAY}'"), (Boolean, "false"), (JSON, "'{}'::json"),
        (Integer, "0"), (Float, "0"), (Date, "date '2026-11-02'"),
    ]  # fmt: skip
    return next((value for kind, value in kinds if isinstance(column.type, kind)), "''")
