"""Everything that speaks against typed values is told at once, each code once per field."""

from enum import StrEnum

import pytest

from dispatch.domain.errors import Invalid
from dispatch.domain.findings import Findings


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


def codes(findings: Findings) -> dict[str, tuple[str, ...]]:
    try:
        findings.raise_if_any()
    except Invalid as invalid:
        return invalid.errors
    return {}


def test_nothing_found_raises_nothing() -> None:
    assert codes(Findings()) == {}


def test_what_the_edge_found_comes_first_and_nothing_is_told_twice() -> None:
    findings = Findings({"starts_at": ["missing_hour"]})

    findings.add("starts_at", "missing_hour", "other")
    findings.add("name", "required")

    assert codes(findings) == {"starts_at": ("missing_hour", "other"), "name": ("required",)}


@pytest.mark.parametrize(
    ("value", "found"),
    [(None, {"x": ("required",)}), ("", {"x": ("required",)}), ((), {"x": ("required",)}), (0, {}), ("a", {})],
    ids=["none", "empty text", "empty list", "zero", "text"],
)
def test_a_required_value_is_missed(value: object, found: dict[str, tuple[str, ...]]) -> None:
    findings = Findings()

    findings.require("x", value)

    assert codes(findings) == found


def test_a_field_at_fault_is_not_also_required() -> None:
    findings = Findings({"x": ["not_a_phone"]})

    findings.require("x", None)

    assert codes(findings) == {"x": ("not_a_phone",)}


def test_texts_are_cleaned_or_noted() -> None:
    findings = Findings()

    kept = findings.line("a", " x  y ", 10), findings.prose("b", "x\ny", 10), findings.line("c", " ", 10)
    noted = findings.line("d", "x\x00", 10), findings.prose("e", "xxxx", 3)

    assert (kept, noted) == (("x y", "x\ny", None), (None, None))
    assert codes(findings) == {"d": ("control_characters",), "e": ("too_long",)}


def test_members_are_found_by_their_value() -> None:
    findings = Findings()

    assert findings.member("a", Colour, "blue") is Colour.BLUE
    assert findings.member("b", Colour, "") is None
    assert findings.member("c", Colour, "green") is None
    assert findings.required_member("d", Colour, "blue") is Colour.BLUE
    assert findings.required_member("e", Colour, "") is Colour.RED
    assert findings.required_member("f", Colour, "green") is Colour.RED
    assert codes(findings) == {"c": ("unknown",), "e": ("required",), "f": ("unknown",)}


def test_lists_keep_their_order_without_the_unknown_and_the_repeated() -> None:
    findings = Findings()

    assert findings.members("a", Colour, ["blue", "red"]) == (Colour.BLUE, Colour.RED)
    assert findings.members("b", Colour, ["blue", "green", "blue"]) == (Colour.BLUE,)
    assert findings.codes("c", {"x"}, ["x", "y"]) == ("x",)
    assert findings.people("d", {1, 2}, [1, 1]) == frozenset({1})
    assert findings.people("e", {1, 2}, [1, 3]) == frozenset({1, 3})
    assert codes(findings) == {"b": ("unknown", "repeated"), "c": ("unknown",), "e": ("unknown",)}
