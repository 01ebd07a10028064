"""The pool: people are entered, changed, found, and let rest, on both databases."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from dispatch.database import db
from dispatch.domain.errors import Forbidden, Invalid, Missing, Stale
from dispatch.domain.mediators import TypedDocument, TypedMediator, TypedSpoken
from dispatch.domain.permissions import Actor, Role
from dispatch.domain.places import TypedPlace
from dispatch.models import AuditEntry, Exclusion, Mediator, Request
from dispatch.services import mediator_lists, mediator_profiles, mediators
from dispatch.services.mediator_lists import Filters
from dispatch.services.transactions import reading
from tests.builders import NOW, START, Builder
from tests.statements import counted

COORDINATOR = Actor(None, Role.COORDINATOR)
REGIONAL = Actor(None, Role.REGIONAL_COORDINATOR, areas=frozenset({"Meißen"}))
TYPED = TypedMediator(
    name="Sara Beispiel",
    email="sara@example.org",
    home=TypedPlace(postal_code="01067", town="Dresden"),
    languages=(TypedSpoken("prs", "native", ("Hazaragi",)), TypedSpoken("fa", "C1")),
    german_level="C1",
    experience=("doctor",),
    modes=("on_site",),
    documents=(TypedDocument("undertaking", NOW.date()),),
)


def own(mediator: Mediator) -> Actor:
    return Actor(None, Role.MEDIATOR, mediator_id=mediator.id)


def typed(mediator_id: int) -> TypedMediator:
    return mediators.get_typed(COORDINATOR, mediator_id)[0]


def log(mediator_id: int) -> list[tuple[str, dict[str, Any]]]:
    wanted = select(AuditEntry).where(AuditEntry.subject == "mediator", AuditEntry.subject_id == mediator_id)
    return [(entry.act, entry.facts) for entry in reading().scalars(wanted.order_by(AuditEntry.id))]


@pytest.mark.usefixtures("app")
def test_a_new_person_gets_a_badge_number_and_the_point_of_her_home() -> None:
    made = mediators.create(COORDINATOR, TYPED, NOW)

    row = mediators.get(COORDINATOR, made.id)
    assert (row.badge_number, row.call_name, row.town, row.municipality) == (1001, "Sara", "Dresden", None)
    assert (round(row.lat, 2), round(row.lon, 2)) == (51.05, 13.73)
    assert [(one.code, one.level, one.dialects) for one in row.languages] == [
        ("prs", "native", "Hazaragi"),
        ("fa", "C1", None),
    ]
    assert log(row.id) == [("create", {})]


@pytest.mark.usefixtures("app")
def test_a_record_is_read_as_it_was_typed() -> None:
    made = mediators.create(COORDINATOR, TYPED, NOW)

    assert typed(made.id) == replace(
        TYPED, call_name="Sara", contact_channel="mail", qualification="lay", transport="public",
        max_distance_km=40, ui_language="de",
    )  # fmt: skip


@pytest.mark.usefixtures("app")
def test_what_the_edge_could_not_read_is_told_with_everything_else() -> None:
    with pytest.raises(Invalid) as invalid:
        mediators.create(COORDINATOR, replace(TYPED, name=""), NOW, found={"language-1": ("ambiguous",)})

    assert invalid.value.errors == {"language-1": ("ambiguous",), "name": ("required",)}


@pytest.mark.usefixtures("app")
def test_two_people_never_have_the_same_number_of_the_district() -> None:
    mediators.create(COORDINATOR, replace(TYPED, external_id="M 1"), NOW)

    with pytest.raises(Invalid) as invalid:
        mediators.create(COORDINATOR, replace(TYPED, external_id="M 1"), NOW)

    assert invalid.value.errors == {"external_id": ("taken",)}


def test_a_change_is_logged_by_field_and_keeps_who_saw_a_document(build: Builder) -> None:
    unit, user = build.organisation(), build.user("coordinator")
    actor = Actor(user.id, Role.COORDINATOR)
    made = mediators.create(actor, TYPED, NOW)
    changed = replace(
        typed(made.id), languages=(TypedSpoken("fa", "C2"), TypedSpoken("ps", "B2")), refused_organisations=(unit.id,)
    )

    mediators.update(COORDINATOR, made.id, changed, made.version, NOW)

    row = mediators.get(COORDINATOR, made.id)
    assert [(one.code, one.level, one.position) for one in row.languages] == [("fa", "C2", 0), ("ps", "B2", 1)]
    assert [one.seen_by_id for one in row.documents] == [user.id]
    assert reading().scalars(select(Exclusion.organisation_id)).all() == [unit.id]
    assert log(made.id)[1:] == [("update", {"fields": ["languages", "refused_organisations"]})]
    assert typed(made.id) == changed


def test_saving_what_is_there_changes_nothing(build: Builder) -> None:
    mediator = build.mediator(town="Meißen")

    mediators.update(COORDINATOR, mediator.id, typed(mediator.id), 1, NOW)

    assert (typed(mediator.id), log(mediator.id)) == (typed(mediator.id), [])
    assert mediators.get_typed(COORDINATOR, mediator.id)[1] == 1


def test_the_second_editor_is_refused(build: Builder) -> None:
    mediator = build.mediator()
    mediators.update(COORDINATOR, mediator.id, replace(typed(mediator.id), name="Erste Fassung"), 1, NOW)

    with pytest.raises(Stale) as stale:
        mediators.update(COORDINATOR, mediator.id, replace(typed(mediator.id), name="Zweite Fassung"), 1, NOW)

    assert (stale.value.expected, stale.value.current, typed(mediator.id).name) == (1, 2, "Erste Fassung")


def test_resting_keeps_appointments_and_can_be_undone(build: Builder) -> None:
    mediator = build.mediator()
    appointment = build.appointment(build.request(state="assigned"), mediator)

    mediators.deactivate(COORDINATOR, mediator.id, 1, NOW)

    ahead = mediators.appointments_ahead(COORDINATOR, mediator.id, NOW)
    assert [kept.id for kept, _request in ahead] == [appointment.id]
    assert not mediators.get(COORDINATOR, mediator.id).active
    mediators.set_active(COORDINATOR, mediator.id, 2, NOW, active=True)
    assert [act for act, _facts in log(mediator.id)] == ["deactivate", "activate"]


def test_a_change_lets_requests_nobody_fits_be_looked_at_again(build: Builder) -> None:
    request = build.request(state="searching", nobody_fits_at=NOW, wave_due_at=None)

    mediators.create(COORDINATOR, TYPED, NOW)

    assert reading().scalar(select(Request.wave_due_at).where(Request.id == request.id)) == NOW


@pytest.mark.parametrize(
    ("act", "refusal"),
    [
        (lambda mediator: mediators.get(own(mediator), mediator.id + 1), Missing),
        (lambda mediator: mediators.get(COORDINATOR, 2**40), Missing),
        (lambda mediator: mediators.get(REGIONAL, mediator.id), Forbidden),
        (lambda mediator: mediators.get_typed(own(mediator), mediator.id), Forbidden),
        (lambda mediator: mediators.update(own(mediator), mediator.id, TYPED, 1, NOW), Forbidden),
        (lambda mediator: mediators.deactivate(COORDINATOR, mediator.id + 1, 1, NOW), Missing),
        (lambda mediator: mediators.create(REGIONAL, TYPED, NOW), Forbidden),
        (lambda mediator: mediator_lists.find(own(mediator), Filters(), NOW), Forbidden),
    ],
    ids=["another's", "out of range", "regional view", "own form", "own edit", "unknown", "regional create", "list"],
)
def test_rights_hold(build: Builder, act: Callable[[Mediator], object], refusal: type[Exception]) -> None:
    mediator = build.mediator()

    with pytest.raises(refusal):
        act(mediator)


def test_a_mediator_sees_her_own_profile_without_the_log(build: Builder) -> None:
    mediator = build.mediator()
    mediators.update(COORDINATOR, mediator.id, replace(typed(mediator.id), remarks="leise"), 1, NOW)

    assert mediator_profiles.profile(own(mediator), mediator.id, NOW).log == ()
    assert [one.entry.act for one in mediator_profiles.profile(COORDINATOR, mediator.id, NOW).log] == ["update"]


def test_the_profile_counts_hours_and_documents_that_end_too_early(build: Builder) -> None:
    mediator = build.mediator(undertaking=False, weekly_hours_limit=4)
    build.appointment(build.request(state="assigned"), mediator)
    ends_on = START.date().replace(day=1)
    record = replace(
        typed(mediator.id),
        documents=(TypedDocument("undertaking", NOW.date(), None, NOW.date()), TypedDocument(
            "conduct_certificate", NOW.date(), ends_on.replace(year=2021))),
    )  # fmt: skip
    mediators.update(COORDINATOR, mediator.id, record, 1, NOW)

    profile = mediator_profiles.profile(COORDINATOR, mediator.id, NOW)

    assert [(one.row.type, str(one.standing), one.ends_before) for one in profile.held] == [
        ("undertaking", "ends_soon", 1),
        ("conduct_certificate", "ends_soon", 0),
    ]
    assert [load.minutes for load in profile.loads] == [0, 60, 0, 0]


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        (Filters(), ["Aylin", "Olena", "Shirin", "Yusuf"]),
        (Filters(language="prs"), ["Shirin"]),
        (Filters(language="ar"), ["Yusuf"]),
        (Filters(municipality="14627230"), ["Aylin"]),
        (Filters(municipality="outside"), ["Olena"]),
        (Filters(active=False), ["Wanda"]),
        (Filters(active=None), ["Aylin", "Olena", "Shirin", "Wanda", "Yusuf"]),
        (Filters(name="YL"), ["Aylin"]),
        (Filters(name="1999"), ["Yusuf"]),
        (Filters(name="%"), []),
        (Filters(free_this_week=True), ["Aylin", "Shirin"]),
        (Filters(free_this_week=True, name="i"), ["Aylin", "Shirin"]),
        (Filters(page=7), ["Aylin", "Olena", "Shirin", "Yusuf"]),
    ],
    ids=["everybody", "language", "variety of an umbrella", "municipality", "outside", "resting", "all", "name",
         "badge", "no pattern of SQL", "free", "free and name", "page beyond the end"],
)  # fmt: skip
def test_the_list_is_narrowed(build: Builder, filters: Filters, names: list[str]) -> None:
    full = build.mediator(name="Yusuf", languages=(("apc", "native"),), badge_number=1999)
    build.mediator(name="Shirin")
    build.mediator(name="Aylin", languages=(("tr", "native"),), municipality="14627230", weekly=())
    away = build.mediator(name="Olena", languages=(("uk", "native"),), municipality=None)
    build.mediator(name="Wanda", languages=(("pl", "native"),), active=False)
    build.span(away, "absence", NOW, START)
    request = build.request(state="assigned", starts_at=NOW, ends_at=START)
    build.appointment(request, full)

    found = mediator_lists.find(COORDINATOR, filters, NOW)

    assert [entry.mediator.name for entry in found.entries] == names
    assert found.total == len(names)


def test_free_minutes_are_those_left_this_week(build: Builder) -> None:
    build.mediator(name="A", weekly=((1, 480, 720), (2, 480, 600)))
    build.mediator(name="B", weekly=())

    found = mediator_lists.find(REGIONAL, Filters(), NOW)

    assert [(entry.mediator.name, entry.free_minutes) for entry in found.entries] == [("A", 120 + 120), ("B", None)]


@pytest.mark.parametrize("free", [False, True], ids=["plain", "free this week"])
def test_a_page_takes_four_statements_whatever_the_number(build: Builder, free: bool) -> None:
    for _person in range(3):
        build.mediator(weekly=((2, 480, 720),))

    with counted(db.engine) as statements:
        mediator_lists.find(COORDINATOR, Filters(free_this_week=free), NOW)

    assert len(statements) == 4
