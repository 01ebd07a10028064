"""What the coordination notes about who asked, and what a look at the pool does not wait for."""

from dataclasses import replace
from typing import Any

import pytest

from dispatch.domain.eligibility import Code
from dispatch.domain.errors import Invalid
from dispatch.domain.intake import UNSTORED, Intake, TypedIntake, check, check_for_matching, fails_most
from dispatch.domain.organisations import NewOrganisation, OrganisationKind, TypedOrganisation
from dispatch.reference import places
from tests.domain.bookings import CONTEXT, NOW, typed

WHOLE = typed()
OFFICE = TypedOrganisation(name="Grundschule Lommatzsch", kind="school", phone="+493521000300")


def errors(given: TypedIntake, *, is_chosen: bool = False) -> dict[str, tuple[str, ...]]:
    try:
        check(given, places, is_chosen=is_chosen)
    except Invalid as refusal:
        return dict(refusal.errors)
    return {}


def test_who_asked_may_stay_unknown() -> None:
    assert check(TypedIntake(), places) == Intake()


def test_an_office_not_yet_known_is_a_name_a_kind_and_a_number() -> None:
    found = check(TypedIntake(organisation=OFFICE), places).organisation

    expected = NewOrganisation(name="Grundschule Lommatzsch", kind=OrganisationKind.SCHOOL, phone="+493521000300")
    assert found == expected


@pytest.mark.parametrize(
    ("given", "is_chosen", "expected"),
    [
        (TypedIntake(caller_phone="zurück"), False, {"caller_phone": ("not_a_phone",)}),
        (TypedIntake(caller_email="kein Zettel"), False, {"caller_email": ("not_an_address",)}),
        (TypedIntake(caller_name="a\x00b"), False, {"caller_name": ("control_characters",)}),
        (
            TypedIntake(organisation=TypedOrganisation(contact_email="x@")),
            False,
            {
                "office.phone": ("required",),
                "office.name": ("required",),
                "office.kind": ("required",),
                "office.contact_email": ("not_an_address",),
            },
        ),
        (TypedIntake(organisation=OFFICE), True, {"office.name": ("either",)}),
    ],
    ids=["no number", "no address", "NUL", "an office without anything", "an office besides one of the list"],
)
def test_what_does_not_hold_is_told_at_its_field(
    given: TypedIntake, is_chosen: bool, expected: dict[str, tuple[str, ...]]
) -> None:
    assert errors(given, is_chosen=is_chosen) == expected


@pytest.mark.parametrize(
    "gap",
    [
        {"consent": ""}, {"contact_name": "", "contact_phone": "+493521000210"}, {"access_url": "javascript:x"},
        {"notes": "x" * 501}, {"organisation_id": None}, {"organisation_id": 999},
    ],
    ids=["agreement", "contact", "link", "notes", "no organisation", "unknown organisation"],
)  # fmt: skip
def test_a_look_at_the_pool_does_not_wait_for_what_decides_nothing(gap: dict[str, Any]) -> None:
    whole = check_for_matching(WHOLE, CONTEXT, NOW)

    found = check_for_matching(replace(WHOLE, **gap), CONTEXT, NOW)

    unit = UNSTORED if "organisation_id" in gap else whole.organisation_id
    assert found == replace(whole, organisation_id=unit)


def test_a_look_at_the_pool_needs_language_field_time_and_place() -> None:
    bare = replace(
        WHOLE, languages=(), setting="", starts_at=None, ends_at=None, place=replace(WHOLE.place, municipality="")
    )

    with pytest.raises(Invalid) as refusal:
        check_for_matching(replace(bare, address=""), CONTEXT, NOW)

    assert set(refusal.value.errors) == {"languages", "setting", "starts_at", "ends_at", "place"}


def test_an_address_not_yet_typed_is_none_and_not_a_placeholder() -> None:
    assert check_for_matching(replace(WHOLE, address=" "), CONTEXT, NOW).address is None


@pytest.mark.parametrize(
    ("failures", "expected"),
    [
        ([], None),
        ([[Code.DISTANCE]], Code.DISTANCE),
        ([[Code.DISTANCE, Code.AVAILABILITY], [Code.DISTANCE], [Code.AVAILABILITY]], Code.AVAILABILITY),
        ([[Code.LIMIT], [Code.LIMIT], [Code.LANGUAGE]], Code.LIMIT),
    ],
    ids=["nobody", "one", "a tie goes to the earlier condition", "the most frequent"],
)
def test_most_fail_at_the_condition_that_stops_most_people(failures: list[list[Code]], expected: Code | None) -> None:
    assert fails_most(failures) == expected
