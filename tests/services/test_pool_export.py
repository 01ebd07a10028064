"""The pool as a file: whatever is on record comes back unchanged."""

import pytest

from dispatch.domain.mediators import TypedDocument, TypedMediator, TypedSpoken
from dispatch.domain.permissions import SYSTEM, Actor, Role
from dispatch.domain.places import TypedPlace
from dispatch.reference import languages, places
from dispatch.services import mediators, pool, pool_reading
from dispatch.services.pool_plans import Outcome
from tests.builders import NOW, Builder

COORDINATOR = Actor(None, Role.COORDINATOR)


def full(build: Builder) -> TypedMediator:
    """A record in which everything is said, some of it like a formula."""
    return TypedMediator(
        name='=HYPERLINK("http://evil","x")', call_name="+1+1", email="anna@example.org", phone="+48123456789",
        contact_channel="both", gender="diverse", home=TypedPlace("14627140", "01662", "Meißen"),
        languages=(
            TypedSpoken("ar", "C1", ("irakisch", "Syrisch")), TypedSpoken("apc", "native"), TypedSpoken("fa", "B1"),
        ),
        german_level="C2", qualification="sworn", experience=("doctor", "sport_and_club"),
        refused_settings=("jobcenter",), refused_organisations=(build.organisation().id,), modes=("phone", "video"),
        transport="lift", max_distance_km=33, weekly_hours_limit=7.5, night=True, short_notice=True,
        avoid_own_municipality=True, share_phone=True, share_surname=True,
        documents=(
            TypedDocument("conduct_certificate", NOW.date(), NOW.date()),
            TypedDocument("undertaking", NOW.date(), None, NOW.date()),
        ),
        ui_language="prs", external_id="@SUM(1)", remarks="'-2+3\nzweite; \"Zeile\"",
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_comes_back_unchanged(build: Builder, kind: str) -> None:
    made = mediators.create(COORDINATOR, full(build), NOW)
    build.mediator(name="Nachname, Vorname", town="Meißen", weekly=((0, 0, 1440), (6, 510, 600)))
    build.mediator(
        name="Ohne Zeiten",
        town="Meißen",
        weekly=(),
        email=None,
        phone="+49352112345",
        active=False,
        contact_channel="phone",
    )

    plan = pool.plan(SYSTEM, pool_reading.read(pool.export(COORDINATOR, kind)), {}, NOW)

    assert [(row.outcome.value, row.fields, row.findings) for row in plan.rows] == [("unchanged", (), ())] * 3
    assert mediators.get_typed(COORDINATOR, made.id)[0].remarks == '\'-2+3\nzweite; "Zeile"'


@pytest.mark.usefixtures("app")
def test_every_language_and_every_kind_of_home_comes_back_unchanged() -> None:
    homes = [TypedPlace(municipality=one.ags) for one in places.municipalities()]
    homes += [
        TypedPlace(postal_code=code, town=one.town)
        for code in ("01067", "01662", "01589")
        for one in places.towns(code)
    ]
    codes = [language.code for language in languages.all_languages()]
    for place, code in enumerate(codes):
        record = TypedMediator(
            name=f"Person {place}", email=f"p{place}@example.org", home=homes[place % len(homes)],
            languages=(TypedSpoken(code, "C1"),), german_level="B2", modes=("on_site",), ui_language=code,
        )  # fmt: skip
        mediators.create(COORDINATOR, record, NOW)

    plan = pool.plan(SYSTEM, pool_reading.read(pool.export(COORDINATOR, "csv")), {}, NOW)

    assert [(row.name, row.fields, row.findings) for row in plan.rows if row.outcome is not Outcome.UNCHANGED] == []
