"""Options: what is typed or comes from a file holds or is refused at its field; only what differs is kept."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from dispatch.domain import hours, offers, options, ranking
from dispatch.domain.errors import Invalid
from dispatch.domain.offers import WaveRow
from dispatch.domain.option_kinds import Known
from dispatch.domain.option_topics import ALL, SETTING_TOPICS, TOPICS
from dispatch.domain.ranking import Criterion

KNOWN = Known({"14627140": "Meißen", "14627230": "Riesa"}, ("doctor", "clinic"))


def refused(name: str, changes: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return what is said against the shipped form of a topic with these changes."""
    topic = ALL[name]
    form = {**options.typed(topic, topic.shipped, KNOWN), **changes}
    with pytest.raises(Invalid) as invalid:
        options.parse(topic, form, KNOWN)
    return dict(invalid.value.errors)


def taken(name: str, changes: Mapping[str, str]) -> Any:
    topic = ALL[name]
    form = {**options.typed(topic, topic.shipped, KNOWN), **changes}
    return options.parse(topic, form, KNOWN)


@pytest.mark.parametrize("name", ALL)
def test_the_shipped_value_survives_its_form_and_its_file(name: str) -> None:
    topic = ALL[name]

    assert options.parse(topic, options.typed(topic, topic.shipped, KNOWN), KNOWN) == topic.shipped
    assert options.load_strictly(topic, options.dump_whole(topic, topic.shipped), topic.shipped, KNOWN) == topic.shipped
    assert (options.dump(topic, topic.shipped), options.load(topic, {})) == ({}, topic.shipped)


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        pytest.param({"rows-1-above": "5"}, {"rows-1-above": ("gap",)}, id="gap"),
        pytest.param({"rows-1-above": "3"}, {"rows-1-above": ("overlap",)}, id="overlap"),
        pytest.param({"rows-0-above": "1"}, {"rows-0-above": ("gap",)}, id="gap below"),
        pytest.param({"rows-4-up_to": "900"}, {"rows-4-up_to": ("not_open_above",)}, id="end above"),
        pytest.param({"rows-3-up_to": ""}, {"rows-3-up_to": ("open_before_last",)}, id="open in between"),
        pytest.param({"rows-1-up_to": "4", "rows-2-above": "4"}, {"rows-1-up_to": ("not_rising",)}, id="no length"),
        pytest.param({"rows-2-answer": ""}, {"rows-2-answer": ("required",)}, id="no time to answer"),
        pytest.param({"rows-2-asked": "0"}, {"rows-2-asked": ("out_of_range",)}, id="nobody asked"),
        pytest.param({"rows-0-above": ""}, {"rows-0-above": ("required",)}, id="no beginning"),
        pytest.param({"rows-0-up_to": "four"}, {"rows-0-up_to": ("not_a_number",)}, id="word"),
    ],
)
def test_the_wave_table_covers_every_lead_time_once(
    changes: dict[str, str], errors: dict[str, tuple[str, ...]]
) -> None:
    assert refused("waves", changes) == errors


def test_a_wave_table_of_one_row_is_enough() -> None:
    blank = {f"rows-{row}-{part}": "" for row in range(1, 5) for part in ("above", "up_to", "asked", "answer")}

    value = taken("waves", {"rows-0-up_to": "", **blank})

    assert value.rows == (WaveRow(None, None, 15),)


@pytest.mark.parametrize(
    ("name", "changes", "errors"),
    [
        pytest.param("hours", {"week-0-to": "8:00"}, {"week-0-to": ("end_before_start",)}, id="day without length"),
        pytest.param("hours", {"waking-to": "6:00"}, {"waking-to": ("end_before_start",)}, id="night before morning"),
        pytest.param("hours", {"waking-to": "24:01"}, {"waking-to": ("not_a_time",)}, id="after midnight"),
        pytest.param("hours", {"week-2-to": ""}, {"week-2-to": ("required",)}, id="half a day"),
        pytest.param(
            "hours",
            {f"week-{day}-{end}": "" for day in range(7) for end in ("from", "to")},
            {"week-0-from": ("never_open",)},
            id="never open",
        ),
        pytest.param("hours", {"closing_days": "24.12.2026\n31.02.2027"}, {"closing_days": ("not_days",)}, id="no day"),
        pytest.param("hours", {"land": "XX"}, {"land": ("unknown_choice",)}, id="no such Land"),
        pytest.param("service", {"name": " "}, {"name": ("required",)}, id="no name"),
        pytest.param("service", {"phone": "12"}, {"phone": ("not_a_phone",)}, id="no telephone number"),
        pytest.param("service", {"mailbox": "a@b@c"}, {"mailbox": ("not_an_address",)}, id="no address"),
        pytest.param("requests", {"shortest": "120", "longest": "1"}, {"longest": ("not_rising",)}, id="never fits"),
        pytest.param("documents", {"last_warning": "60"}, {"last_warning": ("not_before_first",)}, id="last first"),
        pytest.param("travel", {"factor": "0,9"}, {"factor": ("out_of_range",)}, id="shorter than straight"),
        pytest.param("travel", {"car-kmh": "0"}, {"car-kmh": ("out_of_range",)}, id="no speed"),
        pytest.param("weights", {"weights-way": "-1"}, {"weights-way": ("not_a_number",)}, id="below zero"),
        pytest.param(
            "weights",
            {f"weights-{criterion.value}": "0" for criterion in Criterion},
            {"weights-language": ("no_weight",)},
            id="nothing weighs",
        ),
        pytest.param(
            "weights", {"by_setting-0-setting": "golf"}, {"by_setting-0-setting": ("unknown_choice",)}, id="no field"
        ),
        pytest.param("areas", {"by_municipality-14627230": ""}, {"by_municipality-14627230": ("required",)}, id="hole"),
        pytest.param(
            "areas", {"by_municipality-1": "X"}, {"by_municipality-14627140": ("unknown_municipality",)}, id="elsewhere"
        ),
        pytest.param("setting.doctor", {"group": "golf"}, {"group": ("unknown_choice",)}, id="no group"),
        pytest.param("setting.doctor", {"usual_minutes": "0"}, {"usual_minutes": ("out_of_range",)}, id="no minutes"),
    ],
)
def test_what_does_not_hold_is_refused_at_its_field(
    name: str, changes: dict[str, str], errors: dict[str, tuple[str, ...]]
) -> None:
    assert refused(name, changes) == errors


@pytest.mark.parametrize(
    ("name", "changes", "field", "value"),
    [
        pytest.param(
            "hours",
            {"closing_days": "24.12.2026\n2026-12-31"},
            "closing_days",
            frozenset({date(2026, 12, 24), date(2026, 12, 31)}),
            id="closing days",
        ),
        pytest.param(
            "hours",
            {"week-4-from": "", "week-4-to": ""},
            "week",
            (*hours.DEFAULT.week[:4], None, None, None),
            id="closed on Friday",
        ),
        pytest.param("hours", {"waking-from": "6.30", "waking-to": "24:00"}, "waking", (390, 1440), id="waking"),
        pytest.param("travel", {"factor": "1.25"}, "factor", 1.25, id="point for comma"),
        pytest.param("requests", {"ahead": "90"}, "ahead", timedelta(days=90), id="days"),
        pytest.param(
            "areas", {"by_municipality-14627230": "Meißen"}, "by_municipality", {"14627230": "Meißen"}, id="area"
        ),
        pytest.param(
            "weights",
            {"by_setting-0-setting": "doctor"} | {f"by_setting-0-{c.value}": "1" for c in Criterion},
            "by_setting",
            {"doctor": dict.fromkeys(Criterion, 1)},
            id="weights of a setting",
        ),
    ],
)
def test_what_holds_is_kept_and_comes_back(name: str, changes: dict[str, str], field: str, value: Any) -> None:
    topic = ALL[name]

    read = taken(name, changes)

    assert getattr(read, field) == value
    assert list(options.dump(topic, read)) == [field]
    assert options.load(topic, options.dump(topic, read)) == read
    assert options.load_strictly(topic, options.dump(topic, read), topic.shipped, KNOWN) == read


@pytest.mark.parametrize(
    ("name", "raw", "errors"),
    [
        pytest.param("waves", [], {"": ("unreadable",)}, id="no object"),
        pytest.param("waves", {"rows": "many"}, {"rows": ("unreadable",)}, id="another shape"),
        pytest.param("waves", {"colour": 1}, {"": ("unknown_field",)}, id="unknown field"),
        pytest.param("travel", {"factor": True}, {"factor": ("unreadable",)}, id="true is no number"),
        pytest.param("travel", {"factor": float("inf")}, {"factor": ("not_a_number",)}, id="infinite"),
        pytest.param("reminders", {"week_days": 10**30}, {"week_days": ("not_a_number",)}, id="huge"),
        pytest.param(
            "areas",
            {"by_municipality": {"99": "Atlantis"}},
            {"by_municipality-14627140": ("unknown_municipality",)},
            id="no municipality",
        ),
    ],
)
def test_what_a_file_says_is_checked_as_what_is_typed(name: str, raw: Any, errors: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(Invalid) as invalid:
        options.load_strictly(ALL[name], raw, ALL[name].shipped, KNOWN)

    assert dict(invalid.value.errors) == errors


def test_a_file_whose_wave_table_has_a_gap_is_refused() -> None:
    rows = options.dump_whole(TOPICS["waves"], offers.DEFAULT)["rows"]
    rows[1]["above_minutes"] += 60

    with pytest.raises(Invalid) as invalid:
        options.load_strictly(TOPICS["waves"], {"rows": rows}, offers.DEFAULT, KNOWN)

    assert dict(invalid.value.errors) == {"rows": ("gap",)}


def test_what_was_stored_by_another_version_counts_as_shipped_where_it_cannot_be_read() -> None:
    stored = {"factor": "far", "colour": 1, "minutes_within_municipality": 15}

    value = options.load(TOPICS["travel"], stored)

    assert value == replace(TOPICS["travel"].shipped, minutes_within_municipality=15)


def test_changes_name_each_form_field_that_differs() -> None:
    topic = TOPICS["waves"]
    after = replace(offers.DEFAULT, rows=(*offers.DEFAULT.rows[:-1], WaveRow(None, 4, 28 * 60)))

    assert options.changes(topic, offers.DEFAULT, after, KNOWN) == (("rows-4-asked", "2", "4"),)


def test_weights_of_a_setting_stand_for_the_others() -> None:
    own = dict.fromkeys(Criterion, 1)
    value = replace(ranking.DEFAULT, by_setting={"doctor": own})

    assert (value.weights_for("doctor"), value.weights_for("clinic")) == (own, ranking.DEFAULT.weights)


def test_every_field_of_work_is_a_topic() -> None:
    assert all(len(name) <= 40 for name in SETTING_TOPICS)
