"""What of a mediator's own calendar counts as busy, what is refused, and when it is read again."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dispatch.domain import given_calendars as rules
from dispatch.domain.errors import Invalid
from dispatch.domain.given_calendars import (
    Occurrence,
    Trouble,
    Unreadable,
    busy_times,
    check_address,
    check_rule,
    is_old,
    is_whole_due,
    next_look,
    trouble_of,
)
from dispatch.domain.intervals import Interval

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2027, 3, 22, 9, 0, tzinfo=UTC)
WINDOW = Interval(NOW, NOW + timedelta(weeks=26))
AT = datetime(2027, 3, 23, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def busy(*occurrences: Occurrence, own: tuple[str, ...] = ()) -> list[str]:
    return [f"{one.start:%d.%m. %H:%M}-{one.end:%H:%M}" for one in busy_times(occurrences, WINDOW, BERLIN, own=own)]


def meeting(starts: date | datetime, ends: date | datetime, **values: str) -> Occurrence:
    return Occurrence(values.pop("uid", "a@x"), starts, ends, **values)


@pytest.mark.parametrize(
    ("values", "is_busy"),
    [
        pytest.param({}, True, id="nothing said"),
        pytest.param({"transparency": "OPAQUE", "status": "TENTATIVE"}, True, id="perhaps"),
        pytest.param({"transparency": "transparent"}, False, id="does not block"),
        pytest.param({"status": "CANCELLED"}, False, id="cancelled"),
        pytest.param({"shown_as": "FREE"}, False, id="free, as Outlook says it"),
        pytest.param({"shown_as": "OOF"}, True, id="out of office"),
        pytest.param({"uid": "311@dienst.example"}, False, id="our own entry"),
    ],
)
def test_what_makes_busy(values: dict[str, str], is_busy: bool) -> None:
    found = busy(meeting(AT, AT + HOUR, **values), own=("311@dienst.example",))

    assert found == (["23.03. 08:00-09:00"] if is_busy else [])


@pytest.mark.parametrize(
    ("starts", "ends", "found"),
    [
        pytest.param(date(2027, 3, 28), date(2027, 3, 29), ["27.03. 23:00-22:00"], id="a day of 23 hours"),
        pytest.param(datetime(2027, 3, 27, 9), datetime(2027, 3, 27, 10), ["27.03. 08:00-09:00"], id="floating"),
        pytest.param(datetime(2027, 3, 29, 9), datetime(2027, 3, 29, 10), ["29.03. 07:00-08:00"], id="in summer"),
        pytest.param(datetime(2027, 3, 28, 2, 30), datetime(2027, 3, 28, 4), ["28.03. 01:00-02:00"], id="missing hour"),
        pytest.param(AT, AT, [], id="no length"),
        pytest.param(AT + HOUR, AT, [], id="backwards"),
        pytest.param(NOW - HOUR, NOW + HOUR, ["22.03. 09:00-10:00"], id="begun"),
        pytest.param(NOW - 2 * HOUR, NOW - HOUR, [], id="over"),
        pytest.param(date(9999, 12, 31), date(9999, 12, 31), [], id="at the end of time"),
    ],
)
def test_times_are_those_of_the_zone(starts: date | datetime, ends: date | datetime, found: list[str]) -> None:
    assert busy(meeting(starts, ends)) == found


def test_times_that_overlap_or_touch_become_one() -> None:
    spans = [meeting(AT, AT + HOUR), meeting(AT + HOUR, AT + 2 * HOUR), meeting(AT + HOUR / 2, AT + HOUR)]

    assert busy(*spans) == ["23.03. 08:00-10:00"]


def test_too_many_times_are_refused() -> None:
    with pytest.raises(Unreadable) as refused:
        busy_times([meeting(AT, AT + HOUR)] * (rules.MOST_TIMES + 1), WINDOW, BERLIN)

    assert refused.value.trouble is Trouble.TOO_MANY


@pytest.mark.parametrize("rule", ["FREQ=WEEKLY;BYDAY=MO,WE", "FREQ=DAILY;BYHOUR=9,12", "COUNT=3"])
def test_rules_that_repeat_over_days_are_taken(rule: str) -> None:
    check_rule(rule)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "freq=minutely;interval=5",
        "INTERVAL=1;FREQ=HOURLY",
        "FREQ = SECONDLY",
        "FREQ=DAILY;BYHOUR=8,9;BYMINUTE=" + ",".join(map(str, range(60))),
    ],
)
def test_rules_that_repeat_within_hours_are_refused(rule: str) -> None:
    with pytest.raises(Unreadable) as refused:
        check_rule(rule)

    assert refused.value.trouble is Trouble.TOO_FREQUENT


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://Calendar.Example.org/a/basic.ics?x=1", "https://calendar.example.org/a/basic.ics?x=1"),
        ("webcal://p1.example.com/cal", "https://p1.example.com/cal"),
        ("  WEBCALS://example.com/cal ", "https://example.com/cal"),
    ],
)
def test_an_address_is_kept_as_https(typed: str, kept: str) -> None:
    assert check_address(typed) == kept


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "required"), ("http://example.org/a.ics", "not_https"), ("webcal://localhost/a", "not_public"),
        ("https://10.0.0.1/a", "not_a_name"), ("https://me:secret@example.org/", "has_sign_in"),
        ("my calendar", "not_an_address"), ("https://example.org:8443/a", "port_not_allowed"),
    ],
)  # fmt: skip
def test_other_addresses_are_refused(typed: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_address(typed)

    assert refused.value.errors == {"calendar": (code,)}


def test_failures_double_the_pause_up_to_a_day() -> None:
    pauses = [(next_look(NOW, failures) - NOW) / timedelta(minutes=30) for failures in (0, 1, 2, 5, 6, 99)]

    assert pauses == [1, 2, 4, 32, 48, 48]


def test_a_calendar_is_read_as_a_whole_once_a_week_and_old_after_two_days() -> None:
    week, days = timedelta(days=7), timedelta(days=2)

    assert [is_whole_due(at, NOW) for at in (None, NOW - week, NOW - week + HOUR)] == [True, True, False]
    assert [is_old(at, NOW - days, NOW) for at in (None, NOW - days, NOW - HOUR)] == [True, True, False]


def test_every_status_comes_to_something() -> None:
    assert [trouble_of(status) for status in (200, 304, 301, 401, 404, 410, 500)] == [
        None, None, Trouble.BAD_ANSWER, Trouble.REFUSED, Trouble.NOT_THERE, Trouble.NOT_THERE, Trouble.BAD_ANSWER,
    ]  # fmt: skip
