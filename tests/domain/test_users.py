"""Accounts as typed: each role has what it works for, and nothing else."""

from dataclasses import replace
from datetime import date

import pytest

from dispatch.domain.areas import AreaSpan, TypedArea
from dispatch.domain.errors import Invalid
from dispatch.domain.permissions import Role
from dispatch.domain.users import CheckedUser, TypedUser, check_user

AREAS = ("Meißen", "Riesa")
TODAY = date(2026, 11, 24)
TYPED = TypedUser(
    email=" Vogel@Example.org ",
    name="Katrin  Vogel",
    role="requester",
    organisation_id="3",
    mediator_id="7",
    areas=(TypedArea("Riesa"),),
    ui_language="de",
)


@pytest.mark.parametrize(
    ("role", "kept"),
    [
        pytest.param(Role.REQUESTER, (3, None, ()), id="requester: unit"),
        pytest.param(Role.MEDIATOR, (None, 7, ()), id="mediator: person of the pool"),
        pytest.param(
            Role.REGIONAL_COORDINATOR, (None, None, (AreaSpan("Riesa", TODAY, None),)), id="regional coordinator: areas"
        ),
        pytest.param(Role.COORDINATOR, (None, None, ()), id="coordinator: nothing"),
        pytest.param(Role.OBSERVER, (None, None, ()), id="observer: nothing"),
        pytest.param(Role.ADMINISTRATOR, (None, None, ()), id="administrator: nothing"),
    ],
)
def test_only_what_the_role_works_for_is_kept(
    role: Role, kept: tuple[int | None, int | None, tuple[AreaSpan, ...]]
) -> None:
    checked = check_user(replace(TYPED, role=role.value), areas=AREAS, today=TODAY)

    assert checked == CheckedUser("vogel@example.org", "Katrin Vogel", role, *kept, "de")


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        pytest.param({"email": ""}, {"email": ("required",)}, id="no address"),
        pytest.param({"email": "a@example.org, b@example.org"}, {"email": ("not_an_address",)}, id="two addresses"),
        pytest.param({"email": "x\x00@example.org"}, {"email": ("control_characters",)}, id="NUL in the address"),
        pytest.param({"name": " "}, {"name": ("required",)}, id="no name"),
        pytest.param({"name": "x" * 201}, {"name": ("too_long",)}, id="long name"),
        pytest.param({"role": ""}, {"role": ("required",)}, id="no role"),
        pytest.param({"role": "", "organisation_id": ""}, {"role": ("required",)}, id="no role, so no unit is missing"),
        pytest.param({"role": "king"}, {"role": ("unknown",)}, id="no such role"),
        pytest.param({"role": "system"}, {"role": ("unknown",)}, id="no role of people"),
        pytest.param({"organisation_id": ""}, {"organisation_id": ("required",)}, id="requester without unit"),
        pytest.param({"organisation_id": "x"}, {"organisation_id": ("unknown",)}, id="unit is no key"),
        pytest.param({"organisation_id": "2147483648"}, {"organisation_id": ("unknown",)}, id="key out of range"),
        pytest.param({"organisation_id": "٣"}, {"organisation_id": ("unknown",)}, id="digits of another script"),
        pytest.param({"role": "mediator", "mediator_id": ""}, {"mediator_id": ("required",)}, id="nobody's account"),
        pytest.param({"role": "regional_coordinator", "areas": ()}, {"areas": ("required",)}, id="no area"),
        pytest.param(
            {"role": "regional_coordinator", "areas": (TypedArea("Bonn"),)},
            {"areas.0.area": ("unknown",)},
            id="no such area",
        ),
    ],
)
def test_what_is_missing_or_wrong_is_named(
    changes: dict[str, str | tuple[TypedArea, ...]], errors: dict[str, tuple[str, ...]]
) -> None:
    with pytest.raises(Invalid) as refused:
        check_user(replace(TYPED, **changes), areas=AREAS, today=TODAY)  # type: ignore[arg-type]

    assert refused.value.errors == errors


def test_what_the_edge_could_not_read_counts_only_for_a_role_with_areas() -> None:
    found = {"areas.0.first": ("not_a_date",)}

    assert check_user(TYPED, areas=AREAS, today=TODAY, found=found).areas == ()
    with pytest.raises(Invalid) as refused:
        check_user(replace(TYPED, role="regional_coordinator"), areas=AREAS, today=TODAY, found=found)
    assert refused.value.errors == found
