"""What residents ask: whether it holds, what request it becomes, what the code tells, who is told what."""

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

import pytest

from dispatch.domain.errors import Invalid
from dispatch.domain.help_checks import HelpContext, TypedHelp, check
from dispatch.domain.help_requests import (
    SETTING_OF,
    TOLD,
    OpenPoint,
    Progress,
    Timing,
    Topic,
    Way,
    as_request,
    code_of,
    is_told,
    open_points,
    parse_code,
    progress_of,
)
from dispatch.domain.lifecycle import RequestState
from dispatch.domain.modes import Mode
from dispatch.domain.requests import Consent, Policy
from dispatch.domain.settings import SETTINGS, Protection, SettingGroup
from tests.domain.bookings import NOW, request
from tests.domain.pool import MEISSEN, PLACES, TABLE
from tests.domain.times import BERLIN, HOLIDAYS, at

CONTEXT = HelpContext(frozenset(TABLE), PLACES, BERLIN, HOLIDAYS)
ARABIC, HEBREW, VIETNAMESE = "عائشة الخطيب", "שָׂרָה כֹּהֵן", "Nguyễn Thị Hồng"


def typed(**changes: Any) -> TypedHelp:
    """The least that must be said."""
    least = TypedHelp(language="prs", topic="health", timing="any", mode="phone", way="code")
    return replace(least, **changes)


def errors(given: TypedHelp, now: datetime = NOW) -> dict[str, tuple[str, ...]]:
    try:
        check(given, CONTEXT, now)
    except Invalid as refusal:
        return dict(refusal.errors)
    return {}


FIXED: dict[str, Any] = {"timing": "fixed", "day": date(2026, 12, 1), "clock": time(9)}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, {}, id="the least is enough"),
        pytest.param({"language": ""}, {"language": ("required",)}, id="no language"),
        pytest.param({"language": "xx"}, {"language": ("unknown",)}, id="unknown language"),
        pytest.param({"language": "mis"}, {"language_text": ("required",)}, id="another language without its name"),
        pytest.param({"language": "mis", "language_text": "Sango"}, {}, id="another language"),
        pytest.param({"topic": ""}, {"topic": ("required",)}, id="no topic"),
        pytest.param({"topic": "tax"}, {"topic": ("unknown",)}, id="unknown topic"),
        pytest.param({"timing": ""}, {"timing": ("required",)}, id="no timing"),
        pytest.param(FIXED, {}, id="fixed"),
        pytest.param(FIXED | {"day": None}, {"starts_at": ("required",)}, id="fixed without day"),
        pytest.param(FIXED | {"clock": None}, {"starts_at": ("required",)}, id="fixed without time"),
        pytest.param(FIXED | {"day": date(2026, 11, 24)}, {"starts_at": ("in_the_past",)}, id="fixed, over"),
        pytest.param(FIXED | {"day": date(2028, 6, 1)}, {"starts_at": ("too_far_ahead",)}, id="fixed, too far ahead"),
        pytest.param(FIXED | {"day": date(1, 1, 1)}, {"starts_at": ("in_the_past",)}, id="the first day"),
        pytest.param(FIXED | {"day": date(9999, 12, 31)}, {"starts_at": ("too_far_ahead",)}, id="the last day"),
        pytest.param(
            FIXED | {"day": date(2027, 3, 28), "clock": time(2, 30)}, {"starts_at": ("missing_hour",)},
            id="the hour that does not exist",
        ),
        pytest.param(FIXED | {"day": date(2027, 10, 31), "clock": time(2, 30)}, {}, id="the hour that exists twice"),
        pytest.param(
            {"timing": "morning", "day": date(2026, 11, 24)}, {"starts_at": ("in_the_past",)}, id="this morning, over"
        ),
        pytest.param({"timing": "any", "day": date(2026, 11, 24)}, {}, id="today at any time"),
        pytest.param({"mode": ""}, {"mode": ("required",)}, id="no way of meeting"),
        pytest.param({"mode": "on_site"}, {}, id="at a place not yet known"),
        pytest.param(
            {"mode": "on_site", "municipality": "1"}, {"place.municipality": ("unknown",)}, id="unknown town"
        ),
        pytest.param({"way": ""}, {"way": ("required",)}, id="no way to be reached"),
        pytest.param({"way": "phone"}, {"contact": ("required",)}, id="by phone without number"),
        pytest.param({"way": "phone", "contact": "+49171", "phone": "+491715550111"}, {}, id="by phone"),
        pytest.param(
            {"way": "phone", "contact": "a@b.example", "phone": "a@b.example"}, {"contact": ("not_a_phone",)},
            id="by phone with a mail address",
        ),
        pytest.param({"way": "mail", "contact": "a@b.example"}, {}, id="by mail"),
        pytest.param({"way": "mail", "contact": "0171"}, {"contact": ("not_an_address",)}, id="by mail with a number"),
        pytest.param(
            {"way": "mail", "contact": "a@b.example, c@d.example"}, {"contact": ("not_an_address",)}, id="two addresses"
        ),
        pytest.param(
            {"way": "person", "contact": "a@b.example"}, {"contact_person": ("required",)}, id="a person without name"
        ),
        pytest.param({"way": "person", "contact": "a@b.example", "contact_person": ARABIC}, {}, id="a person by mail"),
        pytest.param(
            {"way": "person", "contact": "1", "phone": "+493521000210", "contact_person": "A"}, {}, id="person by phone"
        ),
        pytest.param({"wants_mail": True}, {"wants_mail": ("only_by_mail",)}, id="a mail without address"),
        pytest.param({"call_name": "A\u202eB"}, {"call_name": ("control_characters",)}, id="bidi override"),
        pytest.param({"call_name": "A\x1bB"}, {"call_name": ("control_characters",)}, id="control character"),
        pytest.param({"safe_times": "a\nb"}, {"safe_times": ("control_characters",)}, id="two lines"),
        pytest.param({"address": "x" * 201}, {"address": ("too_long",)}, id="too long"),
    ],
)  # fmt: skip
def test_each_entry_is_judged(changes: dict[str, Any], expected: dict[str, tuple[str, ...]]) -> None:
    assert errors(typed(**changes)) == expected


@pytest.mark.parametrize("name", [ARABIC, HEBREW, VIETNAMESE, "Amina O’Brien", "می‌خواهم"])
def test_real_names_are_kept_as_they_are(name: str) -> None:
    assert check(typed(call_name=name), CONTEXT, NOW).contact.call_name == name


def test_names_are_kept_in_one_form() -> None:
    assert check(typed(call_name="Mu\u0308ller"), CONTEXT, NOW).contact.call_name == "Müller"


@pytest.mark.parametrize(
    ("timing", "day", "start"),
    [
        pytest.param("morning", None, "2026-12-08 09:00", id="a morning ten service days ahead"),
        pytest.param("any", None, "2026-12-08 10:00", id="any time ten service days ahead"),
        pytest.param("evening", date(2026, 11, 28), "2026-11-28 17:00", id="an evening of a Saturday"),
        pytest.param("afternoon", date(2026, 11, 24), "2026-11-24 14:00", id="this afternoon"),
        pytest.param("any", date(2026, 11, 24), "2026-11-24 14:00", id="today, the next part of the day"),
    ],
)
def test_a_wished_time_stands_in_for_a_fixed_one(timing: str, day: date | None, start: str) -> None:
    new = check(typed(timing=timing, day=day), CONTEXT, NOW)

    assert (new.starts_at, new.timing.value) == (at(start), timing)
    assert (new.ends_at - new.starts_at).total_seconds() == 3600


@pytest.mark.parametrize("timing", list(Timing))
def test_every_timing_is_understood(timing: Timing) -> None:
    given = typed(timing=timing.value, day=date(2026, 12, 1), clock=time(8, 15))

    assert check(given, CONTEXT, NOW).timing is timing


def test_who_asks_again_by_code_leaves_nothing_to_be_reached_by() -> None:
    said = check(typed(contact="0171 5550111", contact_person="X", may_leave_message=True), CONTEXT, NOW).contact

    assert (said.way, said.contact, said.contact_person, said.may_leave_message) == (Way.CODE, None, None, False)


@pytest.mark.parametrize(
    ("topic", "mode", "address"),
    [
        pytest.param("health", "on_site", "Markt 1", id="kept"),
        pytest.param("danger", "on_site", None, id="never kept in danger"),
        pytest.param("health", "phone", None, id="of no use by telephone"),
    ],
)
def test_an_address_is_kept_where_it_endangers_nobody(topic: str, mode: str, address: str | None) -> None:
    given = typed(topic=topic, mode=mode, municipality=MEISSEN, address="Markt 1")

    assert check(given, CONTEXT, NOW).address == address


@pytest.mark.parametrize("topic", list(Topic))
def test_each_topic_has_a_general_field_of_work(topic: Topic) -> None:
    setting = SETTINGS[SETTING_OF[topic]]

    assert (setting.in_scope, setting.elsewhere) == (True, None)
    if topic is Topic.DANGER:
        assert setting.protection is Protection.PROTECTED
    else:
        assert (setting.group, setting.protection) == (SettingGroup(topic.value), Protection.NORMAL)


@pytest.mark.parametrize(
    ("topic", "protection", "policy", "consent"),
    [
        pytest.param("health", Protection.NORMAL, Policy.WAVES, Consent.KNOWN, id="a doctor"),
        pytest.param("danger", Protection.PROTECTED, Policy.MANUAL, Consent.CRISIS, id="danger"),
    ],
)
def test_danger_makes_a_protected_request(topic: str, protection: Protection, policy: Policy, consent: Consent) -> None:
    new = check(typed(topic=topic), CONTEXT, NOW)

    # whatever the district has made of the field of work
    became = as_request(new, replace(SETTINGS[SETTING_OF[new.topic]], protection=Protection.NORMAL), 7)

    assert (became.protection, became.policy, became.consent) == (protection, policy, consent)


@pytest.mark.parametrize(
    ("changes", "timing", "setting", "expected"),
    [
        pytest.param({}, "fixed", "doctor", (), id="complete"),
        pytest.param({}, "any", "doctor", (OpenPoint.TIME,), id="no time"),
        pytest.param({"address": None}, "fixed", "doctor", (OpenPoint.PLACE,), id="no address"),
        pytest.param({"place": None}, "fixed", "doctor", (OpenPoint.PLACE,), id="no town"),
        pytest.param({"address": None, "meeting_point": "M"}, "fixed", "doctor", (), id="a meeting point"),
        pytest.param({"place": None, "mode": Mode.PHONE}, "fixed", "doctor", (), id="by telephone"),
        pytest.param({}, "fixed", "domestic_violence", (OpenPoint.GENDER,), id="no gender where it is a condition"),
    ],
)  # fmt: skip
def test_what_is_open_is_settled_before_anybody_is_asked(
    changes: dict[str, Any], timing: str, setting: str, expected: tuple[OpenPoint, ...]
) -> None:
    assert open_points(request(**changes), Timing(timing), SETTINGS[setting]) == expected


@pytest.mark.parametrize(
    ("state", "is_certain", "expected"),
    [
        ("draft", False, Progress.LOOKED_AT),
        ("in_review", False, Progress.LOOKED_AT),
        ("submitted", False, Progress.SEARCHING),
        ("searching", False, Progress.SEARCHING),
        ("assigned", False, Progress.SEARCHING),
        ("assigned", True, Progress.FOUND),
        ("completed", True, Progress.CLOSED),
        ("unfilled", False, Progress.CLOSED),
        ("cancelled", False, Progress.CLOSED),
    ],
)
def test_the_code_tells_the_state_only(state: str, is_certain: bool, expected: Progress) -> None:
    assert progress_of(RequestState(state), is_certain=is_certain) is expected


@pytest.mark.parametrize("way", [Way.PHONE, Way.MAIL, Way.PERSON])
@pytest.mark.parametrize("message", sorted(TOLD))
def test_who_can_be_reached_is_told_what_changes_something(message: str, way: Way) -> None:
    assert is_told(message, way)


@pytest.mark.parametrize(
    ("message", "way"),
    [
        pytest.param("request_received", Way.PHONE, id="that it arrived"),
        pytest.param("request_nobody_yet", Way.PHONE, id="that it takes time"),
        pytest.param("office_reminder_week", Way.PHONE, id="a reminder"),
        pytest.param("office_reminder_last", Way.MAIL, id="the last reminder"),
        pytest.param("request_assigned", Way.CODE, id="whoever asks again"),
        pytest.param("request_assigned", None, id="whoever cannot be reached any more"),
    ],
)
def test_nobody_calls_without_need(message: str, way: Way | None) -> None:
    assert not is_told(message, way)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("YXWVT-34679", "YXWVT-34679"),
        (" yxwvt 34679 ", "YXWVT-34679"),
        ("YXWVT–34679", "YXWVT-34679"),
        ("YXWVT3467", None),
        ("YXWVT-34670", None),
        ("", None),
        ("\u202eYXWVT-3467", None),
    ],
)
def test_a_code_is_understood_as_people_write_it(written: str, expected: str | None) -> None:
    assert parse_code(written) == expected


def test_a_code_is_one_that_can_be_typed_again() -> None:
    code = code_of(bytes(range(32)))

    assert parse_code(code) == code
    assert code_of(bytes(range(1, 33))) != code
