"""Calendars that mediators give: fetched from a real host by the job, kept as busy times, respected by matching."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from dispatch import jobs
from dispatch.database import run
from dispatch.domain.eligibility import Code
from dispatch.domain.given_calendars import Trouble, Unreadable
from dispatch.domain.intervals import Interval
from dispatch.models import Appointment, BusyTime, GivenCalendar, Mediator, Offer, Request
from dispatch.outgoing import calendar_reading
from dispatch.outgoing.calendar_reading import Question, busy_in
from dispatch.services import matching
from dispatch.services.sealing import seal
from dispatch.services.transactions import reading
from tests.builders import NOW, START, Builder
from tests.https import Planned, Receiver, receiving

HOUR = timedelta(hours=1)
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiver]:
    """One host for all tests of this file."""
    with receiving(tmp_path_factory.mktemp("calendars")) as receiver:
        yield receiver


@pytest.fixture
def host(server: Receiver, app: Flask) -> Receiver:
    """The host, as if nobody had called yet, within reach of the jobs."""
    server.heard.clear()
    server.answers.clear()
    app.config["NETWORK"] = server.network()
    return server


def calendar(*events: str) -> bytes:
    head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//\r\n"
    written = (
        f"BEGIN:VEVENT\r\nUID:{number}@private.example\r\nDTSTAMP:20261101T000000Z\r\nSUMMARY:Zahnarzt\r\n"
        f"{event}\r\nEND:VEVENT\r\n"
        for number, event in enumerate(events)
    )
    return (head + "".join(written) + "END:VCALENDAR\r\n").encode()


def event(at: datetime, *more: str) -> str:
    return "\r\n".join((f"DTSTART:{at:%Y%m%dT%H%M%SZ}", "DURATION:PT1H", *more))


def given(app: Flask, host: Receiver, mediator: Mediator) -> None:
    sealed = seal(host.url, app.config["SECRET_KEY"], purpose="given_calendar")
    row = GivenCalendar(mediator_id=mediator.id, sealed_url=sealed, created_at=NOW, due_at=NOW)
    run(lambda session: session.add(row))


def look(app: Flask, now: datetime = NOW) -> int:
    reading().close()
    return jobs.tick(app, now, apart=True)["calendars_fetched"]


def busy() -> list[tuple[datetime, datetime]]:
    reading().close()
    rows = reading().execute(select(BusyTime.starts_at, BusyTime.ends_at).order_by(BusyTime.starts_at))
    return [(row.starts_at, row.ends_at) for row in rows]


def kept() -> GivenCalendar:
    reading().close()
    return reading().scalars(select(GivenCalendar)).one()


def codes(request: Request, mediator: Mediator) -> list[str]:
    reading().close()
    ranked = matching.rank(reading(), request.id, NOW)
    unfit = {one.person.mediator.id: one.failures for one in ranked.ineligible}
    return [failure.code for failure in unfit.get(mediator.id, ())]


def test_who_is_busy_in_her_calendar_does_not_fit_and_is_not_asked(app: Flask, host: Receiver, build: Builder) -> None:
    mediator, free = build.mediator(), build.mediator()
    request = build.request(state="searching")
    given(app, host, mediator)
    host.answers.append(Planned(body=calendar(event(START), event(START + 5 * HOUR))))

    done = look(app)
    jobs.tick(app, NOW, apart=False)

    assert (done, look(app)) == (1, 0)
    assert busy() == [(START, START + HOUR), (START + 5 * HOUR, START + 6 * HOUR)]
    assert (codes(request, mediator), codes(request, free)) == ([Code.AVAILABILITY], [])
    assert reading().scalars(select(Offer.mediator_id)).all() == [free.id]


def test_busy_times_and_absences_come_to_the_same(app: Flask, host: Receiver, build: Builder) -> None:
    """One table of cases for both ways in which time is taken away, and for extras and patterns beneath them."""
    cases = [
        (START, START + HOUR), (START - HOUR, START), (START + HOUR, START + 2 * HOUR),
        (START + HOUR / 2, START + HOUR), (START - HOUR, START + HOUR / 4), (START - HOUR, START + 2 * HOUR),
    ]  # fmt: skip
    request = build.request(state="searching")
    answers = []
    for weekly in (((1, 0, 1440),), ((2, 0, 1440),), ()):
        for starts_at, ends_at in cases:
            away, engaged = build.mediator(weekly=weekly), build.mediator(weekly=weekly)
            build.span(away, "absence", starts_at, ends_at)
            _keep_busy(engaged, starts_at, ends_at)
            answers.append((codes(request, away), codes(request, engaged)))

    assert [pair for pair in answers if pair[0] != pair[1]] == []
    assert {len(found) for found, _other in answers} == {0, 1}


def _keep_busy(mediator: Mediator, starts_at: datetime, ends_at: datetime) -> None:
    def use_case(session: object) -> None:
        row = GivenCalendar(mediator_id=mediator.id, sealed_url="x", created_at=NOW, due_at=NOW + HOUR)
        session.add(row)  # type: ignore[attr-defined]
        session.flush()  # type: ignore[attr-defined]
        times = {"starts_at": starts_at, "ends_at": ends_at}
        session.add(BusyTime(calendar_id=row.id, mediator_id=mediator.id, **times))  # type: ignore[attr-defined]

    run(use_case)


def test_what_was_promised_stays(app: Flask, host: Receiver, build: Builder) -> None:
    mediator = build.mediator()
    request = build.request(state="assigned")
    appointment = build.appointment(request, mediator)
    given(app, host, mediator)
    host.answers.append(Planned(body=calendar(event(START))))

    look(app)
    jobs.tick(app, NOW, apart=False)

    assert reading().get_one(Appointment, appointment.id).state == "confirmed"


@ON_SQLITE
def test_an_unchanged_calendar_is_asked_for_by_its_tag_and_read_anew_after_a_week(
    app: Flask, host: Receiver, build: Builder
) -> None:
    given(app, host, build.mediator())
    body = calendar(event(START + timedelta(days=9)))
    host.answers += [Planned(200, {"ETag": '"1"'}, body), Planned(304), Planned(200, {"ETag": '"1"'}, body)]
    instants = [NOW, NOW + timedelta(minutes=30), NOW + timedelta(days=7)]

    done = [look(app, instant) for instant in instants]

    assert done == [1, 1, 1]
    assert [heard.headers.get("if-none-match") for heard in host.heard] == [None, '"1"', None]
    assert (kept().fetched_at, kept().changed_at, len(busy())) == (instants[2], instants[2], 1)


@ON_SQLITE
def test_a_host_that_fails_is_asked_less_often_and_what_is_known_stays(
    app: Flask, host: Receiver, build: Builder
) -> None:
    given(app, host, build.mediator())
    host.answers += [Planned(body=calendar(event(START))), Planned(500), Planned(404)]
    half = timedelta(minutes=30)

    seen = []
    for now in (NOW, NOW + half, NOW + 3 * half):
        look(app, now)
        seen.append((kept().error, kept().failures, (kept().due_at - now) / half, len(busy())))

    assert seen == [(None, 0, 1, 1), ("bad_answer", 1, 2, 1), ("not_there", 2, 4, 1)]
    assert kept().fetched_at == NOW


@ON_SQLITE
def test_a_calendar_inside_our_own_network_is_not_called(app: Flask, host: Receiver, build: Builder) -> None:
    given(app, host, build.mediator())
    app.config["NETWORK"] = host.network(reachable=frozenset())

    look(app)

    assert (kept().error, host.heard) == ("not_allowed", [])


@ON_SQLITE
def test_our_own_entries_do_not_make_her_busy(app: Flask, host: Receiver, build: Builder) -> None:
    mediator = build.mediator()
    appointment = build.appointment(build.request(state="assigned"), mediator)
    domain = app.config["MAIL_FROM"].rpartition("@")[2]
    given(app, host, mediator)
    ours = calendar(event(START)).replace(b"0@private.example", f"{appointment.uid}@{domain}".encode())
    host.answers.append(Planned(body=ours))

    look(app)

    assert (kept().error, busy()) == (None, [])


def question() -> Question:
    return Question(Interval(NOW, NOW + timedelta(weeks=27)), "Europe/Berlin", ())


@pytest.mark.parametrize(
    ("body", "trouble"),
    [
        pytest.param(b"<html>Please sign in</html>", Trouble.NOT_A_CALENDAR, id="a page"),
        pytest.param(b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 3000, Trouble.NOT_A_CALENDAR, id="never ends"),
        pytest.param(calendar(event(START, "RRULE:FREQ=SECONDLY")), Trouble.TOO_FREQUENT, id="every second"),
        pytest.param(
            calendar(event(START, "RRULE:FR\r\n EQ=MINUTELY")), Trouble.TOO_FREQUENT, id="every minute, folded"
        ),
        pytest.param(calendar(*[event(START)] * 5001), Trouble.TOO_MANY, id="too many events"),
        pytest.param(b"BEGIN:VCALENDAR\r\n" + b"X" * 2_000_000, Trouble.TOO_LARGE, id="too large"),
    ],
)
def test_what_cannot_be_read_in_bounded_time_is_refused(body: bytes, trouble: Trouble) -> None:
    with pytest.raises(Unreadable) as refused:
        busy_in(body, question())

    assert refused.value.trouble is trouble


def test_a_calendar_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar_reading, "SECONDS", 1)
    endless = ["DTSTART:19000101T080000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY"] * 1000

    with pytest.raises(Unreadable) as refused:
        calendar_reading.read(calendar(*endless), question())

    assert refused.value.trouble is Trouble.TOO_HARD


def test_repetitions_keep_their_local_time_across_the_change_of_the_clocks() -> None:
    weekly = (
        "DTSTART;TZID=Europe/Berlin:20270322T090000\r\nDTEND;TZID=Europe/Berlin:20270322T100000\r\n"
        "RRULE:FREQ=WEEKLY;COUNT=3\r\nEXDATE;TZID=Europe/Berlin:20270405T090000"
    )

    found = busy_in(calendar(weekly), question())

    assert [f"{one.start:%d.%m. %H:%M}" for one in found] == ["22.03. 08:00", "29.03. 07:00"]
