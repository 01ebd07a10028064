"""What is past its period goes: not a second too early, all of it, once, and never of an open request."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, inspect, select

from dispatch.database import Base, db, run
from dispatch.domain import retention as rules
from dispatch.domain.lifecycle import OPEN_REQUEST
from dispatch.domain.permissions import Actor, Role
from dispatch.domain.retention import months_before
from dispatch.models import (
    Appointment,
    AuditEntry,
    AvailabilitySpan,
    CallAttempt,
    Exclusion,
    InternalNote,
    LoginSession,
    Mark,
    Mediator,
    MediatorDocument,
    OutboxMessage,
    Request,
    RequestMessage,
    RequestTalk,
    User,
    WeeklyWindow,
)
from dispatch.services import local_time, option_changes, options, retention
from dispatch.services.transactions import reading
from tests.builders import NOW, Builder

SECOND = timedelta(seconds=1)
PHONE = "+4915200000000"
TEXTS = {
    "notes": "Notiz", "state_note": "Grund", "place_note": "Hinterhaus", "meeting_point": "am Brunnen",
    "access_phone": PHONE, "access_url": "https://video.example.org/7", "caller_name": "Frau Kühn",
    "caller_phone": PHONE, "caller_email": "k@example.org",
}  # fmt: skip
DETAIL = (*TEXTS, "address", "contact_name", "contact_phone")
"""Columns of a request that are empty after 30 days."""


def add(*rows: Base) -> None:
    run(lambda session: session.add_all(rows))


def fresh(row: Any) -> Any:
    db.session.remove()
    return reading().get(type(row), inspect(row).identity)


def count(table: type[Base]) -> int:
    return reading().scalar(select(func.count()).select_from(table)) or 0


def picture(row: Any) -> dict[str, Any]:
    """Return every column of a row as it stands now."""
    now = fresh(row)
    return {column.key: getattr(now, column.key) for column in inspect(type(row)).column_attrs}


def done(counts: Mapping[str, int]) -> dict[str, int]:
    return {kind: number for kind, number in counts.items() if number}


def past(build: Builder, ends_at: datetime, **values: Any) -> Request:
    return build.request(
        starts_at=ends_at - timedelta(hours=1), **{"state": "completed", "reference": "AZ 7"} | TEXTS | values
    )


def full_case(build: Builder, ends_at: datetime, **values: Any) -> tuple[Request, Appointment, RequestTalk]:
    """A request with everything that hangs on it, all of it ended at one instant."""
    request, mediator = past(build, ends_at, talk_count=1, **values), build.mediator()
    appointment = build.appointment(request, mediator, state="completed", override_reason="weil")
    talk = RequestTalk(
        request_id=request.id, position=0, starts_at=request.starts_at, ends_at=ends_at, reference="AZ 8",
        case_token="AAA-BBB", outcome="held",
    )  # fmt: skip
    add(
        talk,
        RequestMessage(request_id=request.id, text="Bitte", written_at=ends_at),
        CallAttempt(request_id=request.id, mediator_id=mediator.id, at=ends_at, outcome="told", note="leise"),
        InternalNote(request_id=request.id, text="intern", written_at=ends_at),
        Exclusion(
            mediator_id=mediator.id, organisation_id=request.organisation_id, case_token=request.case_token,
            request_id=request.id, origin="stepped_back", created_at=ends_at,
        ),
    )  # fmt: skip
    return request, appointment, talk


AFTER_DAYS = dict.fromkeys(
    ("request_details", "appointment_details", "office_messages", "call_notes", "internal_notes"), 1
)
AFTER_HALF_A_YEAR = dict.fromkeys(("case_tokens", "talk_case_tokens", "case_bars"), 1)
AFTER_A_YEAR = dict.fromkeys(("references", "talk_references"), 1)


@pytest.mark.parametrize(
    ("cut", "counts"),
    [
        ("detail", AFTER_DAYS),
        ("case", AFTER_DAYS | AFTER_HALF_A_YEAR),
        ("reference", AFTER_DAYS | AFTER_HALF_A_YEAR | AFTER_A_YEAR),
    ],
    ids=["detail", "case", "reference"],
)
def test_each_kind_goes_at_its_second_and_once(build: Builder, cut: str, counts: dict[str, int]) -> None:
    edge = getattr(rules.cut_offs(NOW, zone=local_time.zone()), cut)
    full_case(build, edge)
    kept = {kind for kind in counts if kind not in _earlier(cut)}

    early = done(retention.apply(NOW - SECOND))
    at_last = done(retention.apply(NOW))

    assert kept & set(early) == set()
    assert early | at_last == counts
    assert done(retention.apply(NOW)) == {}


def _earlier(cut: str) -> set[str]:
    return {"detail": set(), "case": set(AFTER_DAYS), "reference": {*AFTER_DAYS, *AFTER_HALF_A_YEAR}}[cut]


def test_what_counts_need_stays(build: Builder) -> None:
    rows = full_case(build, NOW - timedelta(days=800))
    before = [picture(row) for row in rows]

    retention.apply(NOW)

    gone = [dict.fromkeys([*DETAIL, "reference", "case_token"]), dict.fromkeys(["address", "override_reason"]),
            dict.fromkeys(["reference", "case_token"])]  # fmt: skip
    assert [picture(row) for row in rows] == [old | cut for old, cut in zip(before, gone, strict=True)]
    assert (count(CallAttempt), count(InternalNote), count(RequestMessage), count(Exclusion)) == (1, 0, 0, 0)
    assert reading().scalars(select(CallAttempt.note)).all() == [None]


@pytest.mark.parametrize("state", sorted(OPEN_REQUEST))
def test_an_open_request_is_never_touched(build: Builder, state: str) -> None:
    rows = full_case(build, NOW - timedelta(days=800), state=state)
    before = [picture(row) for row in rows]

    assert done(retention.apply(NOW)) == {}
    assert [picture(row) for row in rows] == before


@pytest.mark.parametrize(
    ("values", "is_kept"),
    [
        ({"state": "searching"}, True),
        ({"ends_at": NOW - timedelta(days=90), "state": "cancelled"}, True),
        ({"ends_at": NOW - timedelta(days=300)}, False),
        ({"case_token": "CCC-DDD"}, False),
        ({"organisation_id": None}, False),
    ],
    ids=["open", "ended lately", "long over too", "another case", "another unit"],
)
def test_a_case_lives_as_long_as_its_last_request(build: Builder, values: dict[str, Any], is_kept: bool) -> None:
    first = past(build, NOW - timedelta(days=400))
    other = build.organisation().id if "organisation_id" in values else first.organisation_id
    past(build, **{"ends_at": NOW + timedelta(days=1)} | values | {"organisation_id": other})

    retention.apply(NOW)

    assert (fresh(first).case_token is not None) is is_kept


def test_a_talk_keeps_the_case_of_another_request_alive(build: Builder) -> None:
    first = past(build, NOW - timedelta(days=400), case_token="AAA-BBB")
    full_case(build, NOW - timedelta(days=60), organisation_id=first.organisation_id, case_token=None)

    retention.apply(NOW)

    assert fresh(first).case_token == "AAA-BBB"


def test_notes_about_a_person_count_from_when_they_were_written(build: Builder) -> None:
    mediator = build.mediator()
    edge = rules.cut_offs(NOW, zone=local_time.zone()).call_note
    for written in (edge, edge + SECOND):
        add(
            InternalNote(mediator_id=mediator.id, text="intern", written_at=written),
            CallAttempt(mediator_id=mediator.id, at=written, outcome="told", note="leise"),
        )

    assert done(retention.apply(NOW)) == {"call_notes": 1, "internal_notes": 1}
    assert (count(InternalNote), count(CallAttempt)) == (1, 2)


def test_a_dry_run_counts_the_same_and_writes_nothing(build: Builder) -> None:
    rows = full_case(build, NOW - timedelta(days=800))
    leaver = build.mediator(active=False, left_at=NOW - timedelta(days=200))
    before = [picture(row) for row in (*rows, leaver)]

    told = retention.apply(NOW, dry_run=True)

    assert [picture(row) for row in (*rows, leaver)] == before
    assert (count(AuditEntry), count(Mark)) == (0, 0)
    assert told == retention.apply(NOW)


def test_batches_are_bounded_and_the_log_holds_numbers_only(build: Builder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    for _ in range(5):
        past(build, NOW - timedelta(days=40))

    assert done(retention.apply(NOW)) == {"request_details": 5}
    facts = reading().scalars(select(AuditEntry.facts).where(AuditEntry.act == "retention")).all()
    assert facts == [{"kind": "request_details", "rows": rows} for rows in (2, 2, 1)]


def test_somebody_who_left_becomes_a_number(build: Builder) -> None:
    edge = months_before(NOW, 3, local_time.zone())
    here: dict[str, Any] = {
        "remarks": "ruft zurück",
        "call_times": "abends",
        "phone": PHONE,
        "external_id": "P-7",
        "active": False,
    }
    leaver = build.mediator(postal_code="01662", town="Meißen", badge_number=4711, left_at=edge, **here)
    account = build.user("mediator", mediator_id=leaver.id)
    build.span(leaver, "absence", NOW, NOW + timedelta(days=1))
    add(
        LoginSession(id_hash="x" * 64, user_id=account.id, created_at=NOW, seen_at=NOW),
        OutboxMessage(
            kind="offer", recipient=str(leaver.email), locale="de", mediator_id=leaver.id, message_id="m1",
            state="sent", due_at=NOW, created_at=NOW,
        ),
    )  # fmt: skip

    assert done(retention.apply(NOW - SECOND)) == {}
    assert done(retention.apply(NOW)) == {"leavers": 1}
    assert done(retention.apply(NOW)) == {}
    row, user = fresh(leaver), fresh(account)
    assert (row.name, row.call_name) == ("Ausgeschieden 4711",) * 2
    assert [row.email, row.phone, row.remarks, row.call_times, row.external_id, row.postal_code] == [None] * 6
    assert (row.municipality, row.badge_number, row.qualification) == (leaver.municipality, 4711, "lay")
    assert (user.name, user.active, "@example.org" in user.email) == ("Ausgeschieden 4711", False, False)
    assert [count(table) for table in (MediatorDocument, WeeklyWindow, AvailabilitySpan, LoginSession)] == [0] * 4
    assert reading().scalars(select(OutboxMessage.recipient)).all() == [""]


@pytest.mark.parametrize("case", ["active", "left lately", "promised"])
def test_who_is_still_there_or_has_promised_stays_a_person(build: Builder, case: str) -> None:
    left = NOW - timedelta(days=80 if case == "left lately" else 200)
    mediator = build.mediator(active=case == "active", left_at=left)
    if case == "promised":
        build.appointment(build.request(state="assigned"), mediator)

    assert done(retention.apply(NOW)) == {}
    assert fresh(mediator).name == mediator.name


def test_the_jobs_do_it_once_a_day_in_slices(build: Builder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 1)
    monkeypatch.setattr(retention, "BATCHES_A_ROUND", 2)
    for _ in range(3):
        past(build, NOW - timedelta(days=40))

    assert [retention.run_daily(NOW) for _ in range(3)] == [2, 1, 0]
    past(build, NOW - timedelta(days=40))
    assert [retention.run_daily(NOW + timedelta(hours=hours)) for hours in (3, 13, 14)] == [0, 0, 1]


@pytest.mark.usefixtures("app")
def test_a_shorter_period_says_what_it_will_delete(build: Builder) -> None:
    past(build, NOW - timedelta(days=20))
    administrator = Actor(None, Role.ADMINISTRATOR)
    form = {**option_changes.sheet(administrator, "retention").typed, "detail_days": "14"}

    effects = option_changes.plan(administrator, "retention", form, 0, NOW).effects
    option_changes.save(administrator, "retention", form, 0, NOW)

    assert effects == (("cut_next", 1),)
    assert options.read(rules.DEFAULT).detail_days == 14
    assert done(retention.apply(NOW)) == {"request_details": 1}


def test_a_person_without_badge_keeps_the_number_of_the_record(build: Builder) -> None:
    leaver = build.mediator(active=False, badge_number=None, left_at=NOW - timedelta(days=200))

    assert [done(retention.apply(NOW)) for _ in range(2)] == [{"leavers": 1}, {}]
    assert reading().scalars(select(Mediator.name)).all() == [f"Ausgeschieden {leaver.id}"]
    assert count(User) == 0
