"""Organisations and their units: entered, changed, found, and whom they do not want, on both databases."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from dispatch.domain.errors import Forbidden, Invalid, Missing, Stale
from dispatch.domain.organisations import TypedOrganisation
from dispatch.domain.permissions import Actor, Role
from dispatch.domain.places import TypedPlace
from dispatch.models import AuditEntry, Exclusion
from dispatch.services import organisation_lists, organisations
from dispatch.services.organisation_lists import Filters
from dispatch.services.transactions import reading
from tests.builders import NOW, Builder

COORDINATOR = Actor(None, Role.COORDINATOR)
ADMINISTRATOR = Actor(None, Role.ADMINISTRATOR)
REGIONAL = Actor(None, Role.REGIONAL_COORDINATOR, areas=frozenset({"Riesa"}))
TYPED = TypedOrganisation(
    name=" Jugendamt  Meißen",
    kind="office",
    home=TypedPlace(postal_code="01662", town="Meißen"),
    address="Loosestraße 17",
    phone="+493521725",
    contact_email="Jugendamt@Example.org",
    default_setting="youth_welfare_office",
)


def member(organisation_id: int) -> Actor:
    return Actor(None, Role.REQUESTER, organisation_ids=frozenset({organisation_id}))


def typed(organisation_id: int) -> TypedOrganisation:
    return organisations.typed_of(organisations.detail(COORDINATOR, organisation_id))


def test_an_organisation_is_kept_in_its_one_form(build: Builder) -> None:
    mediator = build.mediator()

    row = organisations.create(COORDINATOR, replace(TYPED, excluded_mediators=(mediator.id,)), NOW)

    detail = organisations.detail(COORDINATOR, row.id)
    assert (row.name, row.contact_email, row.municipality, row.town) == (
        "Jugendamt Meißen", "jugendamt@example.org", "14627140", "Meißen",
    )  # fmt: skip
    assert [one.id for one in detail.excluded] == [mediator.id]
    assert organisations.typed_of(detail) == replace(
        TYPED, name="Jugendamt Meißen", contact_email="jugendamt@example.org",
        home=TypedPlace("14627140", "01662", "Meißen"), excluded_mediators=(mediator.id,),
    )  # fmt: skip


def test_a_change_is_logged_by_field_and_leaves_bars_of_others_alone(build: Builder) -> None:
    row, mediator = build.organisation(town="Meißen"), build.mediator()
    organisations.update(COORDINATOR, row.id, replace(typed(row.id), excluded_mediators=(mediator.id,)), 1, NOW)

    organisations.update(COORDINATOR, row.id, replace(typed(row.id), excluded_mediators=(), active=False), 2, NOW)

    facts = reading().scalars(select(AuditEntry.facts).order_by(AuditEntry.id)).all()
    assert facts == [{"fields": ["excluded_mediators"]}, {"fields": ["active", "excluded_mediators"]}]
    assert reading().scalars(select(Exclusion.id)).all() == []


def test_the_second_editor_is_refused(build: Builder) -> None:
    row = build.organisation()
    organisations.update(COORDINATOR, row.id, replace(typed(row.id), name="Erste"), 1, NOW)

    with pytest.raises(Stale):
        organisations.update(COORDINATOR, row.id, replace(typed(row.id), name="Zweite"), 1, NOW)

    assert typed(row.id).name == "Erste"


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"name": ""}, {"name": ("required",)}),
        ({"kind": "castle"}, {"kind": ("unknown",)}),
        ({"home": TypedPlace(town="Nirgends")}, {"home.postal_code": ("required",)}),
        ({"phone": "abc"}, {"phone": ("not_a_phone",)}),
        ({"contact_email": "a@b@c"}, {"contact_email": ("not_an_address",)}),
        ({"default_setting": "party"}, {"default_setting": ("unknown",)}),
        ({"excluded_mediators": (99,)}, {"excluded_mediators": ("unknown",)}),
        ({"parent": 99}, {"parent": ("unknown",)}),
        ({"address": "x" * 201}, {"address": ("too_long",)}),
        ({"name": "a\x00b"}, {"name": ("control_characters",)}),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
@pytest.mark.usefixtures("app")
def test_what_does_not_hold_is_told(changes: dict[str, object], errors: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(Invalid) as invalid:
        organisations.create(COORDINATOR, replace(TYPED, **changes), NOW)  # type: ignore[arg-type]

    assert invalid.value.errors == errors


def test_a_change_of_the_defaults_leaves_everything_else_alone(build: Builder) -> None:
    mediator = build.mediator()
    row = organisations.create(COORDINATOR, replace(TYPED, excluded_mediators=(mediator.id,)), NOW)
    leading = replace(member(row.id), leads_unit=True)
    wanted = TypedOrganisation(name="Anders", address="Neue Straße 1", approves_mediators=True, active=False)

    organisations.set_defaults(leading, row.id, wanted, 1, NOW)

    assert typed(row.id) == TypedOrganisation(
        name="Jugendamt Meißen", kind="office", address="Neue Straße 1", approves_mediators=True,
        excluded_mediators=(mediator.id,),
    )  # fmt: skip
    with pytest.raises(Stale):
        organisations.set_defaults(leading, row.id, wanted, 1, NOW)
    with pytest.raises(Invalid):
        organisations.set_defaults(leading, row.id, replace(wanted, phone="abc"), 2, NOW)
    with pytest.raises(Missing):
        organisations.set_defaults(leading, build.organisation().id, wanted, 1, NOW)
    for actor in (member(row.id), ADMINISTRATOR, REGIONAL):
        with pytest.raises(Forbidden):
            organisations.set_defaults(actor, row.id, wanted, 2, NOW)


def test_a_new_unit_begins_with_kind_and_defaults_of_its_parent(build: Builder) -> None:
    row = organisations.create(COORDINATOR, replace(TYPED, excluded_mediators=(build.mediator().id,)), NOW)

    begun = organisations.begin(COORDINATOR, row.id)

    assert begun == replace(typed(row.id), name="", parent=row.id, excluded_mediators=())
    assert [organisations.begin(COORDINATOR, none) for none in (None, 999, 2**40)] == [
        TypedOrganisation(parent=none) for none in (None, 999, 2**40)
    ]


def test_everybody_sees_what_lies_in_their_sight(build: Builder) -> None:
    here = build.organisation(name="Riesa eins", municipality="14627230", town="Riesa")
    there = build.organisation(name="Meißen eins")

    def seen(actor: Actor) -> list[int]:
        return [entry.organisation.id for entry in organisation_lists.find(actor, Filters()).entries]

    assert (seen(COORDINATOR), seen(ADMINISTRATOR)) == ([there.id, here.id], [there.id, here.id])
    assert (seen(REGIONAL), seen(member(there.id))) == ([here.id], [there.id])
    with pytest.raises(Missing):
        organisations.detail(member(there.id), here.id)
    with pytest.raises(Missing):
        organisations.detail(REGIONAL, there.id)
    with pytest.raises(Forbidden):
        organisations.create(ADMINISTRATOR, TYPED, NOW)
    with pytest.raises(Forbidden):
        organisation_lists.find(Actor(None, Role.MEDIATOR, mediator_id=1), Filters())


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        (Filters(), ["Hort", "Klinik", "Schule"]),
        (Filters(name="KLI"), ["Klinik"]),
        (Filters(name="riesa"), ["Hort"]),
        (Filters(kind="clinic"), ["Klinik"]),
        (Filters(active=False), ["Alt"]),
        (Filters(page=9), ["Hort", "Klinik", "Schule"]),
    ],
    ids=["all", "name", "town", "kind", "resting", "page beyond the end"],
)
def test_the_list_is_narrowed(build: Builder, filters: Filters, names: list[str]) -> None:
    build.organisation(name="Schule")
    build.organisation(name="Klinik", kind="clinic")
    build.organisation(name="Hort", kind="daycare", town="Riesa")
    build.organisation(name="Alt", active=False)

    assert [entry.organisation.name for entry in organisation_lists.find(COORDINATOR, filters).entries] == names
