"""Areas of a regional coordinator from–until: in order, apart from each other, and what is over stays on record."""

from datetime import date, timedelta

import pytest

from dispatch.domain.areas import AreaSpan, TypedArea, as_recorded, check_areas, overlaps
from dispatch.domain.errors import Invalid
from dispatch.domain.findings import Findings

TODAY = date(2026, 11, 24)
KNOWN = ("Meißen", "Riesa")
ENDED = (AreaSpan("Riesa", date(2026, 1, 1), date(2026, 3, 31)),)


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        pytest.param([], {"areas": ("required",)}, id="none"),
        pytest.param([TypedArea()], {"areas": ("required",)}, id="an empty row"),
        pytest.param([TypedArea("Bonn")], {"areas.0.area": ("unknown",)}, id="no such area"),
        pytest.param([TypedArea(), TypedArea("", day(1))], {"areas.1.area": ("required",)}, id="days without area"),
        pytest.param([TypedArea("Riesa", day(2), day(1))], {"areas.0.last": ("end_before_start",)}, id="ends first"),
        pytest.param([TypedArea("Riesa", None, day(-1))], {"areas.0.last": ("end_before_start",)}, id="ends yesterday"),
        pytest.param(
            [TypedArea("Riesa"), TypedArea("Riesa")], {"areas.1.first": ("overlaps",)}, id="the same area twice"
        ),
        pytest.param(
            [TypedArea("Riesa", day(5), day(9)), TypedArea("Riesa", day(1), day(5))],
            {"areas.1.first": ("overlaps",)},
            id="one day shared",
        ),
    ],
)
def test_rows_that_make_no_sense_are_named(typed: list[TypedArea], errors: dict[str, tuple[str, ...]]) -> None:
    findings = Findings()

    check_areas(findings, typed, known=KNOWN, today=TODAY)

    with pytest.raises(Invalid) as refused:
        findings.raise_if_any()
    assert refused.value.errors == errors


def test_rows_in_order_are_kept_and_empty_ones_left_out() -> None:
    findings = Findings()
    typed = [
        TypedArea("Riesa", day(-9), day(3)), TypedArea(), TypedArea("Riesa", day(4)), TypedArea("Meißen", None, TODAY),
    ]  # fmt: skip

    spans = check_areas(findings, typed, known=KNOWN, today=TODAY)

    findings.raise_if_any()
    assert spans == (("Riesa", day(-9), day(3)), ("Riesa", day(4), None), ("Meißen", TODAY, TODAY))


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        pytest.param([], {}, id="nothing more is wanted"),
        pytest.param([TypedArea("Riesa", date(2026, 4, 1))], {}, id="from the day after"),
        pytest.param([TypedArea("Riesa", date(2026, 3, 31))], {"areas.0.first": ("overlaps",)}, id="its last day"),
        pytest.param([TypedArea("Meißen", date(2026, 3, 31))], {}, id="another area"),
    ],
)
def test_what_is_over_stands(typed: list[TypedArea], codes: dict[str, tuple[str, ...]]) -> None:
    findings = Findings()

    check_areas(findings, typed, known=KNOWN, today=TODAY, ended=ENDED)

    assert {field: ("overlaps",) for field in ("areas", "areas.0.first") if findings.concerns(field)} == codes


@pytest.mark.parametrize(
    ("stored", "wanted", "kept"),
    [
        pytest.param((-9, None), [(-9, None)], (-9, None), id="as it was"),
        pytest.param((-9, None), [(-9, 7)], (-9, 7), id="with an end"),
        pytest.param((-9, None), [], (-9, -1), id="taken away: ended yesterday"),
        pytest.param((0, None), [], None, id="began today: never was"),
        pytest.param((5, 9), [], None, id="not begun"),
        pytest.param((-9, None), [(-5, None)], None, id="another first day in the past"),
        pytest.param((-9, None), [(0, None)], (-9, -1), id="anew from today"),
    ],
)
def test_what_remains_on_record(
    stored: tuple[int, int | None], wanted: list[tuple[int, int | None]], kept: tuple[int, int | None] | None
) -> None:
    def span(days: tuple[int, int | None]) -> AreaSpan:
        return AreaSpan("Riesa", day(days[0]), None if days[1] is None else day(days[1]))

    assert as_recorded(span(stored), [span(one) for one in wanted], day(-1)) == (span(kept) if kept else None)


def test_only_spans_of_one_area_overlap() -> None:
    one = AreaSpan("Riesa", day(0), day(2))

    assert [overlaps(one, one._replace(area=area, first=day(2), last=None)) for area in KNOWN] == [False, True]
    assert overlaps(one, one._replace(first=day(3))) is False
