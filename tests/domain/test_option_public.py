"""A day and the address of a page as options: typed, refused, kept as JSON."""

from datetime import date

import pytest

from dispatch.domain.findings import Findings
from dispatch.domain.option_days import Day
from dispatch.domain.option_hosts import Link
from dispatch.domain.option_kinds import Known, Reading


@pytest.mark.parametrize(
    ("typed", "value", "codes"),
    [
        pytest.param("", None, (), id="none"),
        pytest.param("02.11.2026", date(2026, 11, 2), (), id="as it is typed"),
        pytest.param("Mo, 2.11.2026", date(2026, 11, 2), (), id="with its weekday"),
        pytest.param("2026-11-02", date(2026, 11, 2), (), id="as machines write it"),
        pytest.param("31.02.2026", None, ("not_a_date",), id="no such day"),
        pytest.param("soon", None, ("not_a_date",), id="a word"),
    ],
)
def test_a_day_is_read_and_kept(typed: str, value: date | None, codes: tuple[str, ...]) -> None:
    findings = Findings()

    read = Day().parse("day", Reading({"day": typed}, findings, Known()))

    assert (read, tuple(findings.concerns("day") for _ in codes)) == (value, tuple(True for _ in codes))
    assert Day().load(Day().dump(value)) == value
    assert Day().typed("day", value, Known()) == {"day": f"{value:%d.%m.%Y}" if value else ""}


@pytest.mark.parametrize(
    ("typed", "is_taken"),
    [
        pytest.param("", True, id="none"),
        pytest.param("https://video.example.org/dgs?x=1", True, id="a page"),
        pytest.param("http://video.example.org", False, id="not encrypted"),
        pytest.param("javascript:alert(1)", False, id="a script"),
        pytest.param("https://user:pass@example.org", False, id="with a password"),
    ],
)
def test_only_the_address_of_an_encrypted_page_is_taken(typed: str, is_taken: bool) -> None:
    findings = Findings()

    Link().parse("film", Reading({"film": typed}, findings, Known()))

    assert findings.concerns("film") is not is_taken
