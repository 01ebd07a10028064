"""The way of an applicant: every move of the table, what a complete application holds, which steps may be taken."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dispatch.domain import document_types
from dispatch.domain.applicants import (
    MOVES,
    ApplicantState,
    Step,
    Taken,
    TypedApplicant,
    TypedStep,
    check,
    check_kept,
    check_pool,
    check_step,
    documents,
    may_take,
    move,
    windows,
)
from dispatch.domain.availability import WeeklyWindow
from dispatch.domain.errors import Invalid, MoveRefused
from dispatch.domain.mediators import PoolContext, TypedDocument, TypedSpoken
from dispatch.domain.places import TypedPlace
from dispatch.reference import places

S = ApplicantState
TODAY = date(2026, 11, 24)
CONTEXT = PoolContext(
    known_languages={"prs", "ti"}, settings=(), places=places, organisations=(), ui_languages={"de", "ti"},
    document_types=document_types.DEFAULT,
)  # fmt: skip
COMPLETE = TypedApplicant(
    email="hanna@example.org", name="Hanna Tesfay", home=TypedPlace("14627230"),
    languages=(TypedSpoken("ti", "native"),), german_level="C1", modes=("on_site",), transport="public",
    times=("0-morning",), ui_language="ti", consents=True,
)  # fmt: skip


def codes(call: Any, *args: Any, **options: Any) -> dict[str, tuple[str, ...]]:
    with pytest.raises(Invalid) as refused:
        call(*args, **options)
    return dict(refused.value.errors)


ALLOWED = {
    ("started", "confirmed"), ("started", "withdrawn"), ("confirmed", "accepted"), ("confirmed", "declined"),
    ("confirmed", "withdrawn"), ("declined", "withdrawn"),
}  # fmt: skip


@pytest.mark.parametrize("target", S)
@pytest.mark.parametrize("state", S)
def test_only_the_moves_of_the_table_are_made(state: S, target: S) -> None:
    assert set(MOVES) == set(S)
    if (state.value, target.value) in ALLOWED:
        assert move(state.value, target) is target
    else:
        with pytest.raises(MoveRefused):
            move(state.value, target)


def test_a_complete_application_is_a_record_of_the_pool() -> None:
    record = check(COMPLETE, CONTEXT, TODAY)

    assert (record.name, record.email, record.active, record.ui_language) == (
        "Hanna Tesfay", "hanna@example.org", True, "ti",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        pytest.param({"email": ""}, {"email": ("required",)}, id="without an address nobody can go on"),
        pytest.param({"email": "hanna"}, {"email": ("not_an_address",)}, id="no address"),
        pytest.param({"name": "  "}, {"name": ("required",)}, id="a name is needed"),
        pytest.param({"name": "Han\u202ena"}, {"name": ("control_characters",)}, id="no letters that turn the text"),
        pytest.param({"languages": ()}, {"languages": ("required",)}, id="a language is needed"),
        pytest.param(
            {"languages": (TypedSpoken("ti", ""),)},
            {"languages.0.level": ("required",)},
            id="each language has a level",
        ),
        pytest.param({"languages": (TypedSpoken("xx", "C1"),)}, {"languages.0.code": ("unknown",)}, id="no language"),
        pytest.param({"home": TypedPlace()}, {"home": ("required",)}, id="a home is needed"),
        pytest.param({"german_level": ""}, {"german_level": ("required",)}, id="a level of German is needed"),
        pytest.param({"modes": ()}, {"modes": ("required",)}, id="a way of interpreting is needed"),
        pytest.param({"transport": ""}, {"transport": ("required",)}, id="a way to travel is needed"),
        pytest.param({"phone": "12"}, {"phone": ("not_a_phone",)}, id="a telephone number or none"),
        pytest.param({"times": ("9-morning",)}, {"times": ("unknown",)}, id="a day that no week has"),
        pytest.param({"consents": False}, {"consent": ("required",)}, id="nothing without consent"),
        pytest.param(
            {"name": "", "consents": False},
            {"name": ("required",), "consent": ("required",)},
            id="everything is told at once",
        ),
    ],
)
def test_an_incomplete_application_says_what_is_missing(change: dict[str, Any], wrong: dict[str, Any]) -> None:
    assert codes(check, replace(COMPLETE, **change), CONTEXT, TODAY) == wrong


def test_times_are_free_and_what_the_edge_found_stays_its_word() -> None:
    check(replace(COMPLETE, times=(), phone="", gender=""), CONTEXT, TODAY)

    found = {"home": ("ambiguous",)}
    wrong = codes(check, replace(COMPLETE, home=TypedPlace()), CONTEXT, TODAY, found=found)

    assert wrong == {"home": ("ambiguous",)}


def test_names_of_every_script_are_kept_in_one_form() -> None:
    names = ("نور الدين", "נועה כהן", "Nguyễn Thị Ánh", "Nguye\u0302\u0303n", "ሓና ተስፋይ")
    kept = [check(replace(COMPLETE, name=name), CONTEXT, TODAY).name for name in names]

    assert kept == ["نور الدين", "נועה כהן", "Nguyễn Thị Ánh", "Nguyễn", "ሓና ተስፋይ"]


def test_half_filled_is_kept_with_an_address_alone() -> None:
    assert check_kept(" Hanna@Example.org ", {"phone": "12", "home": "Atlantis"}) == "hanna@example.org"
    assert codes(check_kept, "", {}) == {"email": ("required",)}
    wrong = codes(check_kept, "a@example.org", {"name": "a\x00b", "home": "x" * 201})
    assert wrong == {"name": ("control_characters",), "home": ("too_long",)}


def test_ticks_become_a_week_in_which_parts_that_touch_are_one() -> None:
    ticks = ["6-evening", "0-morning", "0-afternoon", "nonsense"]

    assert windows(ticks) == (WeeklyWindow(0, 480, 1020), WeeklyWindow(6, 1020, 1200))


@pytest.mark.parametrize(
    ("taken", "missing"),
    [
        pytest.param([], ("talk_missing", "undertaking_missing"), id="nothing yet"),
        pytest.param(["talk", "training", "certificate"], ("undertaking_missing",), id="no undertaking"),
        pytest.param(["undertaking"], ("talk_missing",), id="no talk"),
    ],
)
def test_nobody_comes_into_the_pool_without_talk_and_undertaking(taken: list[str], missing: tuple[str, ...]) -> None:
    assert codes(check_pool, taken) == {"": missing}
    check_pool(["talk", "undertaking"])


@pytest.mark.parametrize(
    ("state", "steps"),
    [
        ("started", set()),
        ("confirmed", set(Step)),
        ("accepted", {Step.TRAINING, Step.ACCOMPANIED}),
        ("declined", set()),
        ("withdrawn", set()),
    ],
)
def test_documents_are_no_steps_any_more_once_there_is_a_record(state: str, steps: set[Step]) -> None:
    assert {step for step in Step if may_take(step, state)} == steps


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        pytest.param(TypedStep("talk", None), {"done_on": ("required",)}, id="a day is needed"),
        pytest.param(
            TypedStep("talk", date(2026, 11, 25)), {"done_on": ("in_the_future",)}, id="not before it happened"
        ),
        pytest.param(TypedStep("talk", date(26, 1, 1)), {"done_on": ("out_of_calendar",)}, id="no such year"),
        pytest.param(TypedStep("certificate", TODAY), {"issued_on": ("required",)}, id="a certificate has an age"),
        pytest.param(
            TypedStep("certificate", date(2026, 11, 1), date(2026, 11, 2)),
            {"issued_on": ("after_seen",)},
            id="seen before it was issued",
        ),
        pytest.param(TypedStep("talk", TODAY, note="x" * 201), {"note": ("too_long",)}, id="a short note"),
        pytest.param(TypedStep("dance", TODAY), {"step": ("unknown",)}, id="no such step"),
    ],
)
def test_a_step_that_cannot_be_is_refused(typed: TypedStep, wrong: dict[str, Any]) -> None:
    assert codes(check_step, typed, "confirmed", TODAY) == wrong


def test_only_a_certificate_has_a_day_of_issue() -> None:
    assert check_step(TypedStep("talk", TODAY, TODAY, " gut "), "confirmed", TODAY) == Taken(
        Step.TALK, TODAY, None, "gut"
    )
    with pytest.raises(MoveRefused):
        check_step(TypedStep("talk", TODAY), "accepted", TODAY)


def test_undertaking_and_certificate_become_documents() -> None:
    seen, issued = date(2026, 11, 2), date(2026, 10, 1)
    steps = [Taken(Step.TALK, seen), Taken(Step.UNDERTAKING, seen), Taken(Step.CERTIFICATE, TODAY, issued)]

    assert documents(steps) == (
        TypedDocument("undertaking", seen), TypedDocument("conduct_certificate", TODAY, issued),
    )  # fmt: skip
