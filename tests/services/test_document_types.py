"""A district's own types of documents: demanded, of the demanded age, warned of, and not removed while needed."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from dispatch.domain.errors import Invalid
from dispatch.domain.mediators import TypedDocument
from dispatch.domain.permissions import SYSTEM, Actor, Role
from dispatch.domain.settings import SETTINGS
from dispatch.models import Mediator
from dispatch.services import document_care, mediators, option_changes, option_files, pool, pool_reading
from tests.builders import NOW, START, Builder
from tests.services.offering import codes

ADMINISTRATOR = Actor(None, Role.ADMINISTRATOR)
COORDINATOR = Actor(None, Role.COORDINATOR)
OWN = {"rows-3-code": "first_aid", "rows-3-label": "Erste Hilfe", "rows-3-years": "2"}


def save(name: str, changes: dict[str, str], version: int = 0) -> int:
    shown = option_changes.sheet(ADMINISTRATOR, name).typed
    return option_changes.save(ADMINISTRATOR, name, {**shown, **changes}, version, NOW)


@pytest.mark.parametrize(
    ("issued_on", "failures"),
    [
        pytest.param(None, ("qualification",), id="without it"),
        pytest.param(date(START.year - 2, START.month, START.day), (), id="young enough on the day"),
        pytest.param(
            date(START.year - 2, START.month, START.day) - timedelta(days=1), ("qualification",), id="a day too old"
        ),
    ],
)
def test_a_type_that_a_field_of_work_demands_is_asked_for_at_its_age(
    build: Builder, issued_on: date | None, failures: tuple[str, ...]
) -> None:
    request = build.request(setting="doctor")
    mediator = build.mediator()
    if issued_on:
        build.document(mediator, "first_aid", issued_on=issued_on)
    save("document_types", OWN)
    save("setting.doctor", {"documents-first_aid": "1"})

    assert codes(request, mediator) == failures


def test_who_has_an_own_type_is_warned_before_it_is_too_old(build: Builder) -> None:
    save("document_types", OWN)
    ends_on = NOW.date() + timedelta(days=10)
    build.document(build.mediator(), "first_aid", issued_on=ends_on.replace(year=ends_on.year - 2))

    assert document_care.warn_due(NOW) == 1


def held(build: Builder) -> Mediator:
    mediator: Mediator = build.mediator()
    build.document(mediator, "first_aid")
    return mediator


@pytest.mark.parametrize("by", ["record", "field of work"])
def test_a_type_in_use_is_not_removed_and_an_unused_one_is(build: Builder, by: str) -> None:
    save("document_types", OWN)
    if by == "record":
        held(build)
    else:
        save("setting.doctor", {"documents-first_aid": "1"})

    with pytest.raises(Invalid) as invalid:
        save("document_types", dict.fromkeys(OWN, ""), 1)

    assert dict(invalid.value.errors) == {"rows-3-code": ("in_use",)}
    assert save("document_types", {"rows-2-code": "", "rows-2-label": "", "rows-2-years": ""}, 1) == 2


@pytest.mark.usefixtures("app")
def test_a_file_brings_a_type_and_the_demand_for_it_together_and_takes_away_neither_alone() -> None:
    content: dict[str, Any] = json.loads(option_files.export(ADMINISTRATOR))
    shipped = list(content["topics"]["document_types"]["rows"])
    content["topics"]["document_types"]["rows"].append({"code": "first_aid", "label": "Erste Hilfe", "years": 2})
    content["topics"]["setting.doctor"]["documents"] = ["first_aid"]

    taken = option_files.take(ADMINISTRATOR, json.dumps(content).encode(), 0, NOW)
    alone = {**content, "topics": {"document_types": {"rows": shipped}}}
    with pytest.raises(Invalid) as invalid:
        option_files.look(ADMINISTRATOR, json.dumps(alone).encode(), NOW)

    assert (taken, dict(invalid.value.errors)) == (2, {"document_types.rows-3-code": ("in_use",)})
    assert SETTINGS["doctor"].documents == ()


def test_a_younger_age_says_how_many_documents_it_ends(build: Builder) -> None:
    for issued_on in (date(NOW.year - 4, 1, 1), date(NOW.year - 1, 1, 1)):
        build.document(build.mediator(), "conduct_certificate", issued_on=issued_on)
    form = {**option_changes.sheet(ADMINISTRATOR, "document_types").typed, "rows-1-years": "3"}

    effects = option_changes.plan(ADMINISTRATOR, "document_types", form, 0, NOW).effects

    assert ("documents_too_old", 1) in effects


def test_a_pool_file_leaves_own_types_alone_and_a_removed_one_becomes_a_remark(build: Builder) -> None:
    save("document_types", {**OWN, "rows-2-code": "", "rows-2-label": "", "rows-2-years": ""})
    person = build.mediator(name="Anna A", email="a@example.org", town="Meißen")
    build.document(person, "first_aid", issued_on=date(2026, 1, 5))
    unchanged = pool.plan(SYSTEM, pool_reading.read(pool.export(COORDINATOR, "csv")), {}, NOW)
    file = "Name;E-Mail;Verpflichtung;Masernschutz\nAnna A;a@example.org;03.03.2026;04.04.2026"

    pool.carry_out(SYSTEM, pool_reading.read(file.encode()), {}, NOW)

    record = mediators.get_typed(COORDINATOR, person.id)[0]
    assert [(row.outcome.value, row.fields) for row in unchanged.rows] == [("unchanged", ())]
    assert TypedDocument("first_aid", NOW.date(), date(2026, 1, 5)) in record.documents
    assert {one.type for one in record.documents} == {"undertaking", "first_aid"}
    assert "04.04.2026" in record.remarks
