"""Which place is meant by a municipality, or by a postal code with a town."""

import pytest

from dispatch.domain.errors import Invalid
from dispatch.domain.findings import Findings
from dispatch.domain.places import TypedPlace, check_place, is_inside
from tests.domain.pool import MEISSEN, PLACES, RIESA


@pytest.mark.parametrize(
    ("typed", "town", "inside"),
    [
        (TypedPlace(municipality=MEISSEN), "Meißen", True),
        (TypedPlace(postal_code="01662"), "Meißen", True),
        (TypedPlace(postal_code=" 01594 ", town=" stauchitz "), "Stauchitz", True),
        (TypedPlace(MEISSEN, "01662", "Meißen"), "Meißen", True),
        (TypedPlace(postal_code="01067", town="Dresden"), "Dresden", False),
    ],
    ids=["municipality", "code of one town", "code and town", "all three", "outside"],
)
def test_a_place_is_found(typed: TypedPlace, town: str, inside: bool) -> None:
    place = check_place(Findings(), "place", typed, PLACES)

    assert place is not None
    assert (place.town, is_inside(place)) == (town, inside)


@pytest.mark.parametrize(
    ("typed", "field", "code"),
    [
        (TypedPlace(municipality="99999999"), "place.municipality", "unknown"),
        (TypedPlace(town="Riesa"), "place.postal_code", "required"),
        (TypedPlace(postal_code="1662"), "place.postal_code", "not_a_postal_code"),
        (TypedPlace(postal_code="٠١٦٦٢"), "place.postal_code", "not_a_postal_code"),
        (TypedPlace(postal_code="99999"), "place.postal_code", "unknown"),
        (TypedPlace(postal_code="01594"), "place.town", "required"),
        (TypedPlace(postal_code="01594", town="Dresden"), "place.town", "unknown"),
        (TypedPlace(postal_code="01594", town="a\x00"), "place.town", "control_characters"),
        (TypedPlace(RIESA, "01662", "Meißen"), "place.town", "unknown"),
    ],
    ids=["unknown key", "town alone", "four digits", "other digits", "unknown code", "several towns", "other town",
         "control", "key and code disagree"],
)  # fmt: skip
def test_a_place_is_asked_back(typed: TypedPlace, field: str, code: str) -> None:
    findings = Findings()

    found = check_place(findings, "place", typed, PLACES)

    assert found is None
    with pytest.raises(Invalid) as invalid:
        findings.raise_if_any()
    assert invalid.value.errors == {field: (code,)}


def test_no_place_is_no_fault() -> None:
    findings = Findings()

    assert check_place(findings, "place", TypedPlace(" ", "", ""), PLACES) is None
    findings.raise_if_any()
