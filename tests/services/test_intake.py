"""A look at the pool for what is still typed: as it will be once stored, in three statements that write nothing."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from dispatch.database import db
from dispatch.domain.candidates import Gender
from dispatch.domain.eligibility import Code
from dispatch.domain.errors import Forbidden, Missing
from dispatch.domain.intake import Intake
from dispatch.domain.organisations import NewOrganisation, OrganisationKind
from dispatch.domain.settings import SETTINGS
from dispatch.models import AuditEntry, Organisation, Request, User
from dispatch.services import intake, matching, requests
from dispatch.services.audit import OnBehalf
from dispatch.services.intake import Fit
from dispatch.services.transactions import reading
from tests.builders import NOW, START, Builder
from tests.services.booking import actor_of, new_request, stored
from tests.services.offering import HOUR, RIESA, booked, excluded
from tests.statements import counted

PARENT_TALK = SETTINGS["parent_talk"]
PHONE = OnBehalf("phone")
SCHOOL = NewOrganisation("Grundschule Lommatzsch", OrganisationKind.SCHOOL, phone="+493521000300")


@pytest.fixture
def coordinator(build: Builder) -> User:
    """Who takes the call."""
    return build.user("coordinator")


def look(coordinator: User, **values: Any) -> Fit:
    organisation_id = values.pop("organisation_id", 0)
    return intake.look(actor_of(coordinator), new_request(organisation_id, **values), PARENT_TALK, NOW)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"accept_related": True, "languages": ("fa",)},
        {"gender": Gender.FEMALE},
        {"avoid_municipalities": {"14627230"}},
    ],
    ids=["plain", "related", "wish", "avoiding"],
)
def test_who_fits_before_saving_fits_afterwards_in_the_same_order(
    build: Builder, coordinator: User, values: dict[str, Any]
) -> None:
    earlier = build.request()
    unit = earlier.organisation_id
    people = [build.mediator(), build.mediator(weekly=()), build.mediator(**RIESA), build.mediator(gender="male")]
    excluded(earlier, build.mediator(), "unit")
    booked(build, build.mediator(), START - HOUR / 2)
    new = new_request(unit, **values)

    before = intake.look(actor_of(coordinator), new, PARENT_TALK, NOW)
    request_id = requests.submit(actor_of(coordinator), new, "nonce", NOW, on_behalf=PHONE)

    after = matching.rank(reading(), request_id, NOW)
    names = tuple(one.person.mediator.name for one in after.eligible)
    assert (before.total, before.best) == (after.eligible_total, names[:3])
    assert before.times_unknown == sum(one.person.mediator.id == people[1].id for one in after.eligible)


def test_nobody_fits_says_what_stops_most(build: Builder, coordinator: User) -> None:
    for values in ({"max_distance_km": 1, **RIESA}, {"max_distance_km": 2, **RIESA}, {"german_level": "B1"}):
        build.mediator(**values)
    build.mediator(active=False)

    assert look(coordinator) == Fit(0, 0, (), 3, Code.DISTANCE)
    assert look(coordinator, languages=("ti",)) == Fit(0, 0, (), 0, None)


def test_what_others_said_of_other_requests_bars_nobody(build: Builder, coordinator: User) -> None:
    excluded(build.request(), build.mediator(), "not_this_case")

    assert look(coordinator).total == 1


@pytest.mark.parametrize("pool", [2, 20])
def test_a_look_takes_three_statements_and_writes_nothing(build: Builder, coordinator: User, pool: int) -> None:
    for _ in range(pool):
        build.mediator(weekly=())
    actor, new = actor_of(coordinator), new_request(0)
    intake.look(actor, new, PARENT_TALK, NOW)

    with counted(db.engine) as statements:
        found = intake.look(actor, new, PARENT_TALK, NOW)

    assert (found.total, len(statements)) == (pool, 3)
    assert [one for one in statements if not one.startswith("SELECT")] == []
    assert reading().scalar(select(func.count(Request.id))) == 0


def test_an_office_looks_at_nobody_and_a_region_only_at_its_own(build: Builder) -> None:
    with pytest.raises(Forbidden):
        look(build.user())
    with pytest.raises(Missing):
        look(build.user("regional_coordinator"))


def test_an_office_not_yet_known_is_entered_with_its_request(build: Builder, coordinator: User) -> None:
    asker = Intake("Frau Krause", "+493521000301", "krause@example.org", SCHOOL)

    first, second = (
        requests.submit(actor_of(coordinator), new_request(0), "one", NOW, on_behalf=PHONE, intake=asker)
        for _ in range(2)
    )

    row = stored(first)
    office = reading().scalars(select(Organisation)).one()
    assert (first, row.organisation_id) == (second, office.id)
    assert (office.name, office.phone, office.contact_email) == ("Grundschule Lommatzsch", "+493521000300", None)
    noted = (row.intake_channel, row.caller_name, row.caller_phone, row.caller_email)
    assert noted == ("phone", "Frau Krause", "+493521000301", "krause@example.org")
    entry = reading().scalars(select(AuditEntry).where(AuditEntry.subject == "request")).one()
    assert (entry.on_behalf, entry.channel, entry.actor_id) == (True, "phone", coordinator.id)


def test_who_may_enter_no_organisation_leaves_no_request_either(build: Builder) -> None:
    actor = replace(actor_of(build.user("regional_coordinator")), areas=frozenset({"Meißen"}))

    with pytest.raises(Forbidden):
        requests.submit(actor, new_request(0), "one", NOW, on_behalf=PHONE, intake=Intake(organisation=SCHOOL))

    assert reading().scalar(select(func.count(Request.id))) == 0
