"""Options kept in the database: the latest version counts at once, every one stays, nothing promised is rewritten."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from dispatch.database import db
from dispatch.domain import hours, offers, travel
from dispatch.domain.errors import Forbidden, Invalid, Missing, Stale
from dispatch.domain.permissions import Actor, Role
from dispatch.models import AuditEntry, Offer, OptionChange, Request, SettingRow
from dispatch.services import (
    local_time,
    option_changes,
    option_files,
    options,
    settings,
    social_areas,
    waves,
)
from dispatch.services.transactions import reading
from tests.builders import NOW, START, Builder
from tests.statements import counted

ADMINISTRATOR = Actor(None, Role.ADMINISTRATOR)
COORDINATOR = Actor(None, Role.COORDINATOR)


def form_of(name: str, **changes: str) -> dict[str, str]:
    """Return the form of a topic as it stands with some texts changed; `__` stands for `-` in their names."""
    shown = option_changes.sheet(ADMINISTRATOR, name).typed
    return {**shown, **{field.replace("__", "-"): text for field, text in changes.items()}}


def save(name: str, version: int = 0, **changes: str) -> int:
    return option_changes.save(ADMINISTRATOR, name, form_of(name, **changes), version, NOW)


@pytest.mark.usefixtures("app")
def test_what_is_saved_is_in_force_at_once_and_the_rest_as_shipped() -> None:
    save("travel", factor="1,2")

    assert options.read(travel.DEFAULT) == travel.TravelOptions(factor=1.2)
    assert options.read(offers.DEFAULT) == offers.DEFAULT
    assert reading().scalars(select(OptionChange.values)).all() == [{"factor": 1.2}]


@pytest.mark.usefixtures("app")
def test_all_topics_come_with_one_statement() -> None:
    save("travel", factor="1,2")

    with counted(db.engine) as statements:
        for name in ("travel", "waves", "hours"):
            option_changes.sheet(COORDINATOR, name)
        settings.settings_by_code(reading())

    assert len(statements) == 1


def test_the_history_tells_who_changed_what_and_an_old_version_can_be_taken_again(build: Builder) -> None:
    user = build.user("administrator", name="Ada Klein")
    actor = Actor(user.id, Role.ADMINISTRATOR)
    option_changes.save(actor, "travel", form_of("travel", factor="1,2"), 0, NOW)
    option_changes.save(actor, "travel", form_of("travel", factor="1,4"), 1, NOW + timedelta(hours=1))

    again = option_changes.at_version(actor, "travel", 1)
    option_changes.save(actor, "travel", again, 2, NOW + timedelta(hours=2))

    told = [(one.version, one.by, one.changes) for one in option_changes.history(COORDINATOR, "travel")]
    assert told == [
        (3, "Ada Klein", (("factor", "1,4", "1,2"),)),
        (2, "Ada Klein", (("factor", "1,2", "1,4"),)),
        (1, "Ada Klein", (("factor", "1,3", "1,2"),)),
    ]
    assert option_changes.at_version(actor, "travel", 0)["factor"] == "1,3"


@pytest.mark.usefixtures("app")
def test_who_saves_second_is_told_and_changes_nothing() -> None:
    save("travel", factor="1,2")

    with pytest.raises(Stale) as stale:
        save("travel", 0, factor="1,4")

    assert (stale.value.expected, stale.value.current) == (0, 1)
    assert options.read(travel.DEFAULT).factor == 1.2


@pytest.mark.usefixtures("app")
def test_what_does_not_hold_or_changes_nothing_leaves_no_version() -> None:
    with pytest.raises(Invalid):
        save("waves", rows__1__above="5")
    same = save("travel")

    assert (same, reading().scalar(select(func.count()).select_from(OptionChange))) == (0, 0)


@pytest.mark.usefixtures("app")
def test_only_an_administrator_changes_options() -> None:
    for act in (
        lambda: option_changes.save(COORDINATOR, "travel", {}, 0, NOW),
        lambda: option_files.look(COORDINATOR, b"{}", NOW),
        lambda: option_files.take(COORDINATOR, b"{}", 0, NOW),
        lambda: option_changes.sheets(Actor(1, Role.REQUESTER)),
    ):
        with pytest.raises(Forbidden):
            act()


@pytest.mark.parametrize(("name", "version"), [("colours", 0), ("travel", 7), ("travel", -1), ("travel", 2**70)])
@pytest.mark.usefixtures("app")
def test_what_is_not_there_is_missing(name: str, version: int) -> None:
    with pytest.raises(Missing):
        option_changes.at_version(ADMINISTRATOR, name, version)


def test_a_changed_wave_table_is_used_by_the_next_wave_and_promises_given_stay(build: Builder) -> None:
    people = [build.mediator() for _ in range(4)]
    request = build.request(wave_due_at=NOW, answer_by=START - timedelta(days=2))
    before = request.answer_by

    planned = option_changes.plan(ADMINISTRATOR, "waves", form_of("waves", rows__2__asked="1"), 0, NOW)
    save("waves", rows__2__asked="1", rows__3__asked="1", rows__4__asked="1")
    waves.run_waves(NOW)

    assert {effect.code: effect.number for effect in planned.effects} == {"next_wave": 1, "promises_stay": 1}
    assert reading().scalar(select(func.count()).select_from(Offer)) == 1
    held = reading().get(Request, request.id)
    assert held is not None
    assert (held.answer_by, len(people)) == (before, 4)


@pytest.mark.usefixtures("app")
def test_holidays_are_those_of_the_land() -> None:
    repentance = NOW.date().replace(month=11, day=18)  # Buß- und Bettag, 18 November 2026: Saxony only
    before = repentance in local_time.holidays(NOW)

    save("hours", land="BB")

    assert (before, repentance in local_time.holidays(NOW)) == (True, False)


@pytest.mark.usefixtures("app")
def test_a_municipality_belongs_to_the_area_it_was_given() -> None:
    save("areas", by_municipality__14627140="Elbland")

    assert social_areas.area_of("14627140") == "Elbland"
    assert social_areas.municipalities_in({"Elbland"}) == ["14627140"]
    assert "Elbland" in social_areas.all_areas()


@pytest.mark.usefixtures("app")
def test_a_field_of_work_is_changed_for_rules_and_statements_and_audited_in_codes_and_numbers() -> None:
    save("setting.doctor", protection="sensitive", usual_minutes="50", label="Arztbesuch")

    doctor = settings.setting(reading(), "doctor")
    assert (doctor.protection, doctor.usual_minutes, settings.own_label("doctor")) == ("sensitive", 50, "Arztbesuch")
    row = reading().get(SettingRow, "doctor")
    assert row is not None
    assert (row.protection, row.usual_minutes, row.label) == ("sensitive", 50, "Arztbesuch")
    facts = reading().scalars(select(AuditEntry.facts)).one()
    assert (facts["from"], facts["to"]) == (
        {"protection": "normal", "usual_minutes": 45},
        {"protection": "sensitive", "usual_minutes": 50},
    )
    assert "Arztbesuch" not in json.dumps(facts)


@pytest.mark.usefixtures("app")
def test_a_file_brings_everything_back() -> None:
    save("travel", factor="1,2")
    save("hours", land="BB", closing_days="24.12.2026")
    file = option_files.export(COORDINATOR).encode()
    save("travel", 1, factor="1,4")
    save("hours", 1, land="SN")

    planned = option_files.look(ADMINISTRATOR, file, NOW)
    taken = option_files.take(ADMINISTRATOR, planned.text.encode(), planned.newest, NOW)

    assert [plan.topic.name for plan in planned.plans] == ["hours", "travel"]
    assert taken == 2
    assert (options.read(travel.DEFAULT).factor, options.read(hours.DEFAULT).land) == (1.2, "BB")


@pytest.mark.usefixtures("app")
def test_a_file_is_taken_as_a_whole_or_not_at_all() -> None:
    content = json.loads(option_files.export(COORDINATOR))
    content["topics"]["travel"]["factor"] = 1.2
    content["topics"]["waves"]["rows"][2]["above_minutes"] -= 60

    with pytest.raises(Invalid) as invalid:
        option_files.take(ADMINISTRATOR, json.dumps(content).encode(), 0, NOW)

    assert dict(invalid.value.errors) == {"waves.rows": ("overlap",)}
    assert options.read(travel.DEFAULT) == travel.DEFAULT


@pytest.mark.usefixtures("app")
def test_a_file_looked_at_before_somebody_changed_an_option_is_not_taken() -> None:
    content = json.loads(option_files.export(COORDINATOR))
    content["topics"]["travel"]["factor"] = 1.2
    save("reminders", week_days="6")

    with pytest.raises(Stale):
        option_files.take(ADMINISTRATOR, json.dumps(content).encode(), 0, NOW)

    assert options.read(travel.DEFAULT) == travel.DEFAULT


@pytest.mark.parametrize(
    ("file", "code"),
    [
        pytest.param(b"", "required", id="empty"),
        pytest.param(b"\xff\xfe", "not_options", id="no text"),
        pytest.param(b"[" * 100_000, "not_options", id="endless"),
        pytest.param(b'{"topics": {}}', "not_options", id="no format"),
        pytest.param(b'{"format": "dispatch options", "topics": {}}', "other_version", id="no version"),
        pytest.param(
            b'{"format": "dispatch options", "format_version": 1, "topics": {"colours": {}}}',
            "unknown_topic",
            id="topic",
        ),
        pytest.param(b" " * 600_000, "too_large", id="large"),
    ],
)
@pytest.mark.usefixtures("app")
def test_a_file_that_is_none_of_ours_is_refused(file: bytes, code: str) -> None:
    with pytest.raises(Invalid) as invalid:
        option_files.look(ADMINISTRATOR, file, NOW)

    assert dict(invalid.value.errors) == {"file": (code,)}
