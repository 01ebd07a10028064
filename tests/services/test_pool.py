"""Files in and out: every row is planned, applied whole or not at all, found again, and comes back unchanged."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from dispatch.domain.errors import Forbidden, Invalid
from dispatch.domain.mediators import TypedMediator, TypedSpoken
from dispatch.domain.permissions import SYSTEM, Actor, Role
from dispatch.domain.pool_words import LEFT_OUT, Kind
from dispatch.models import AuditEntry, Mediator
from dispatch.services import availability, mediators, pool, pool_plans, pool_reading, pool_uploads
from dispatch.services.pool_plans import Finding, Outcome, Plan, Question
from dispatch.services.pool_reading import PoolFile
from dispatch.services.transactions import reading
from tests.builders import NOW, Builder
from tests.domain.weeks import hours

COORDINATOR = Actor(None, Role.COORDINATOR)
SAMPLE = Path(__file__).parent.parent / "data" / "pool_cp1252.csv"
LEVELS = {(Kind.LEVEL, ""): "B2", (Kind.GERMAN_LEVEL, ""): "B2"}


def file(*lines: str) -> PoolFile:
    return pool_reading.read("\n".join(lines).encode())


def bring_in(*lines: str, answers: dict[tuple[Kind, str], str] | None = None) -> Plan:
    return pool.carry_out(SYSTEM, file(*lines), LEVELS | (answers or {}), NOW)


def outcomes(plan: Plan) -> list[str]:
    return [row.outcome.value for row in plan.rows]


def only() -> TypedMediator:
    mediator_id = reading().scalars(select(Mediator.id)).one()
    return mediators.get_typed(COORDINATOR, mediator_id)[0]


def people() -> int:
    return reading().scalar(select(func.count()).select_from(Mediator)) or 0


@pytest.mark.usefixtures("app")
def test_a_list_as_a_district_keeps_it_is_brought_in_and_found_again() -> None:
    read = pool_reading.read(SAMPLE.read_bytes())

    first = pool.carry_out(SYSTEM, read, {}, NOW)
    again = pool.carry_out(SYSTEM, read, {}, NOW)

    assert (first.is_applied, outcomes(first)) == (True, ["created"] * 4)
    assert (again.is_applied, outcomes(again)) == (True, ["unchanged"] * 4)
    assert [row.line for row in first.rows] == [5, 6, 7, 8]
    rows = reading().scalars(select(Mediator).order_by(Mediator.id)).all()
    assert [(row.name, row.call_name, row.phone, row.town, row.contact_channel) for row in rows] == [
        ("Shirin Beispiel", "Shirin", "+49352145678", "Meißen", "mail"),
        ("Aylin Öztürk-Muster", "Aylin", "+491721234567", "Riesa", "phone"),
        ("Anna Müller-Muster", "Anna", None, "Dresden", "mail"),
        ("Oleksandr Probe", "Oleksandr", "+493511234567", "Nünchritz", "mail"),
    ]
    assert [row.remarks for row in rows] == [
        "Kürzel: SB", None, None, "Kürzel: spricht leise; bitte laut sprechen",
    ]  # fmt: skip
    weeks = availability.weeks(reading())
    assert weeks == {
        rows[0].id: hours((0, 8, 12), (1, 8, 12), (2, 8, 12), (2, 14, 21), (3, 8, 12), (4, 8, 12)),
        rows[1].id: hours(*((day, 8, 12) for day in range(5))),
    }


@pytest.mark.usefixtures("app")
def test_a_dry_run_changes_nothing() -> None:
    plan = pool.plan(COORDINATOR, pool_reading.read(SAMPLE.read_bytes()), {}, NOW)

    assert (plan.is_applied, plan.count(Outcome.CREATED), people()) == (False, 4, 0)


@pytest.mark.usefixtures("app")
def test_unknown_words_are_reported_with_line_and_column_and_asked_once() -> None:
    lines = [
        "Name;Sprachen;Ort;E-Mail;Deutsch",
        "Anna;Kurdisch C1;Riesa;a@example.org;C1",
        "Berta;kurdisch B2, Dari C1;Nirgends;b@example.org;C1",
    ]

    plan = pool.plan(SYSTEM, file(*lines), {}, NOW)

    assert [row.findings for row in plan.rows] == [
        (Finding("Sprachen", "languages", "ambiguous", "Kurdisch"),),
        (
            Finding("Ort", "home", "unknown", "Nirgends"),
            Finding("Sprachen", "languages", "ambiguous", "kurdisch"),
        ),
    ]
    assert plan.questions == (
        Question(Kind.LANGUAGE, "Kurdisch", ("kmr", "ckb"), (2, 3)),
        Question(Kind.PLACE, "Nirgends", (), (3,)),
    )


@pytest.mark.usefixtures("app")
def test_a_level_the_file_never_states_is_asked_for_the_whole_file() -> None:
    lines = ["Name;Sprachen;Ort;E-Mail", "Anna;Dari;Riesa;a@example.org", "Berta;Farsi;Riesa;b@example.org"]

    asked = pool.plan(SYSTEM, file(*lines), {}, NOW)
    answered = bring_in(*lines)

    assert [(question.kind, question.word, question.lines) for question in asked.questions] == [
        (Kind.LEVEL, "", (2, 3)),
        (Kind.GERMAN_LEVEL, "", (2, 3)),
    ]
    assert (answered.is_applied, answered.questions) == (True, ())


@pytest.mark.usefixtures("app")
def test_all_or_nothing_unless_told_otherwise() -> None:
    lines = ["Name;Sprachen;Ort;E-Mail", "Anna;Dari;Riesa;a@example.org", "Berta;Dari;Riesa;no address"]

    whole = bring_in(*lines)
    assert (whole.is_applied, outcomes(whole), people()) == (False, ["created", "invalid"], 0)
    assert whole.rows[1].findings == (Finding("E-Mail", "email", "not_an_address"),)

    rest = pool.carry_out(SYSTEM, file(*lines), LEVELS, NOW, skip_invalid=True)

    assert (rest.is_applied, people()) == (True, 1)


@pytest.mark.usefixtures("app")
def test_empty_cells_erase_nothing_and_unknown_columns_become_remarks() -> None:
    bring_in("Nr.;Name;Sprachen;Ort;E-Mail;Umkreis;Bemerkung", "7;Anna A;Dari C1;Riesa;a@example.org;25;leise")

    plan = bring_in("Nr.;Name;Sprachen;Ort;E-Mail;Umkreis;Kürzel", "7;Anna A;;;;;AA")

    assert (outcomes(plan), plan.rows[0].fields) == (["updated"], ("remarks",))
    record = only()
    assert (record.email, record.max_distance_km, record.remarks) == ("a@example.org", 25, "leise\nKürzel: AA")
    assert record.languages == (TypedSpoken("prs", "C1"),)


@pytest.mark.usefixtures("app")
def test_a_language_without_a_level_keeps_the_one_on_record() -> None:
    bring_in("Name;Sprachen;Ort;E-Mail", "Anna A;Dari (C1, Hazaragi);Riesa;a@example.org")

    plan = pool.carry_out(SYSTEM, file("Name;Sprachen;E-Mail", "Anna A;Dari;a@example.org"), {}, NOW)

    assert outcomes(plan) == ["unchanged"]


@pytest.mark.parametrize(
    ("head", "cells", "expected"),
    [
        ("Nr.;Name;E-Mail", "7;Anna Neu;neu@example.org", "updated"),
        ("Name;E-Mail", "anna a;A@EXAMPLE.org", "updated"),
        ("Name;E-Mail", "A, Anna;a@example.org", "unchanged"),
        ("Name;E-Mail;Ort;Sprachen", "Anna B;a@example.org;Riesa;Dari C1", "created"),
        ("Name;E-Mail;Ort;Sprachen", "Anna A;b@example.org;Riesa;Dari C1", "created"),
        ("Ausweisnummer;Name;E-Mail", "1001;Anna A;b@example.org", "updated"),
    ],
    ids=["own number", "e-mail and name in any case", "name turned round", "another name", "another address", "badge"],
)  # fmt: skip
@pytest.mark.usefixtures("app")
def test_people_are_found_again(head: str, cells: str, expected: str) -> None:
    bring_in("Nr.;Name;Sprachen;Ort;E-Mail", "7;Anna A;Dari C1;Riesa;a@example.org")

    assert outcomes(pool.plan(SYSTEM, file(head, cells), LEVELS, NOW)) == [expected]


@pytest.mark.usefixtures("app")
def test_people_without_e_mail_are_found_by_name_and_number() -> None:
    lines = ["Name;Sprachen;Ort;Telefon", "Anna A;Dari C1;Riesa;03525 1234", "Anna A;Dari C1;Riesa;03525 9999"]

    assert outcomes(bring_in(*lines)) == ["created", "created"]
    assert outcomes(bring_in(*lines)) == ["unchanged", "unchanged"]


@pytest.mark.parametrize(
    ("head", "cells", "finding"),
    [
        ("Ausweisnummer;Name", ["1001;Berta B"], Finding("", "", "badge_of_another")),
        ("Nr.;Name;E-Mail", ["8;Anna A;a@example.org"], Finding("", "", "other_external_id")),
        ("Name;E-Mail", ["Anna A;a@example.org", "Anna A;a@example.org"], Finding("", "", "repeated", "2")),
        ("Nr.;Name", ["7;Anna A", "7;Anna A"], Finding("", "", "repeated", "2")),
    ],
    ids=["badge of another", "two numbers", "same person twice", "same number twice"],
)
@pytest.mark.usefixtures("app")
def test_whom_a_row_means_is_never_guessed(head: str, cells: list[str], finding: Finding) -> None:
    bring_in("Nr.;Name;Sprachen;Ort;E-Mail", "7;Anna A;Dari C1;Riesa;a@example.org")

    plan = pool.plan(SYSTEM, file(head, *cells), LEVELS, NOW)

    assert plan.rows[-1].findings == (finding,)


@pytest.mark.usefixtures("app")
def test_a_forged_answer_counts_as_none() -> None:
    answers = {(Kind.LANGUAGE, "Kurdisch"): "xx", (Kind.COLUMN, "Kürzel"): "salary", (Kind.LEVEL, ""): "D9"}

    plan = pool.plan(SYSTEM, file("Name;Sprachen;Kürzel", "Anna;Kurdisch;AA"), answers, NOW)

    assert [question.kind for question in plan.questions] == [Kind.LANGUAGE, Kind.GERMAN_LEVEL, Kind.COLUMN]


@pytest.mark.usefixtures("app")
def test_an_unknown_column_may_be_explained() -> None:
    lines = ["Name;Sprachen;Ort;E-Mail;Kürzel", "Anna A;Dari C1;Riesa;a@example.org;AA"]

    bring_in(*lines, answers={(Kind.COLUMN, "Kürzel"): "external_id"})

    assert (only().external_id, only().remarks) == ("AA", "")


@pytest.mark.usefixtures("app")
def test_left_out_words_are_kept_as_remarks() -> None:
    lines = ["Name;Sprachen;Ort;E-Mail", "Anna A;Dari C1, Klingonisch;Riesa;a@example.org"]

    bring_in(*lines, answers={(Kind.LANGUAGE, "Klingonisch"): LEFT_OUT})

    assert only().remarks == "Sprachen: Klingonisch"


@pytest.mark.usefixtures("app")
def test_documents_are_added_to_those_on_record() -> None:
    heads = "Name;Sprachen;Ort;E-Mail;Verpflichtung"
    bring_in(heads, "Anna A;Dari C1;Riesa;a@example.org;01.02.2025")

    bring_in(heads, "Anna A;;;a@example.org;ja")
    bring_in(heads, "Anna A;;;a@example.org;03.03.2026")

    assert [document.seen_on.isoformat() for document in only().documents if document.seen_on] == [
        "2025-02-01",
        "2026-03-03",
    ]


@pytest.mark.usefixtures("app")
def test_every_row_that_changes_something_is_logged() -> None:
    bring_in("Name;Sprachen;Ort;E-Mail;Zeiten", "Anna A;Dari C1;Riesa;a@example.org;Mo 8-12")

    assert reading().scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all() == ["create", "change_times"]


@pytest.mark.usefixtures("app")
def test_a_pool_that_changed_meanwhile_is_planned_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ["Name;Sprachen;Ort;E-Mail", "Anna A;Dari C1;Riesa;a@example.org"]
    made = pool_plans.make
    calls: list[Plan] = []

    def meanwhile(*arguments: Any) -> Plan:
        calls.append(made(*arguments))
        if len(calls) == 1:
            monkeypatch.setattr(pool_plans, "make", made)
            bring_in(*lines)
        return calls[-1]

    monkeypatch.setattr(pool_plans, "make", meanwhile)

    plan = bring_in(*lines)

    assert (plan.is_applied, outcomes(plan), people()) == (True, ["unchanged"], 1)


def test_rights_hold(build: Builder) -> None:
    mediator = Actor(None, Role.MEDIATOR, mediator_id=build.mediator().id)
    regional = Actor(None, Role.REGIONAL_COORDINATOR)

    for actor in (mediator, regional):
        with pytest.raises(Forbidden):
            pool.plan(actor, file("Name;Ort", "a;b"), {}, NOW)
        with pytest.raises(Forbidden):
            pool.carry_out(actor, file("Name;Ort", "a;b"), {}, NOW)
        with pytest.raises(Forbidden):
            pool.export(actor, "csv")


@pytest.mark.usefixtures("app")
def test_heads_without_rows_are_refused() -> None:
    with pytest.raises(Invalid) as invalid:
        pool.plan(SYSTEM, file("Name;Sprachen;Ort"), {}, NOW)

    assert invalid.value.errors == {"file": ("no_rows",)}


def test_an_uploaded_file_is_kept_for_its_uploader_until_dropped(build: Builder) -> None:
    owner, other = build.user("coordinator"), build.user("coordinator")
    read = file("Name;Ort", "Anna;Riesa")
    pool_uploads.keep(owner.id, "liste.csv", read, NOW)

    found = pool_uploads.find(owner.id, NOW)

    assert found == ("liste.csv", PoolFile([(1, ["Name", "Ort"]), (2, ["Anna", "Riesa"])]))
    assert pool_uploads.find(other.id, NOW) is None
    pool_uploads.forget(owner.id)
    assert pool_uploads.find(owner.id, NOW) is None
