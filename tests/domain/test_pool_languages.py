"""Languages in the cells of pool files, with levels in words; what is not clear is asked back."""

import pytest

from dispatch.domain.mediators import TypedSpoken
from dispatch.domain.pool_files import PoolRow
from dispatch.domain.pool_words import LEFT_OUT, Kind, Problem
from tests.domain.pool_rows import given, row


@pytest.mark.parametrize(
    ("cell", "languages"),
    [
        ("Dari (Muttersprache), Farsi gut", [("prs", "native"), ("fa", "B2")]),
        ("Arabisch C1; Englisch B2", [("ar", "C1"), ("en", "B2")]),
        ("Muttersprache: Dari / Farsi - sehr gut", [("prs", "native"), ("fa", "C1")]),
        ("Tigrinya u. Amharisch (C1)", [("ti", ""), ("am", "C1")]),
        ("Ukrainisch [MS], Russisch [C2]", [("uk", "native"), ("ru", "C2")]),
        ("Kurdisch (Kurmandschi), Türkisch fließend", [("kmr", ""), ("tr", "C1")]),
        ("Kurdisch (Sorani, gut) und Englisch", [("ckb", "B2"), ("en", "")]),
        ("Arabisch (Syrien) Muttersprache", [("apc", "native")]),
        ("Persisch (Afghanistan) C1", [("prs", "C1")]),
        ("Dari, Dari C1", [("prs", "")]),
        ("prs, uk native", [("prs", ""), ("uk", "native")]),
        ("Dari\nPaschtu", [("prs", ""), ("ps", "")]),
    ],
    ids=["brackets and words", "semicolon", "level first", "und", "square brackets", "kurdish made precise",
         "kurdish with level", "variety", "umbrella word made precise", "twice", "codes", "lines"],
)  # fmt: skip
def test_several_languages_stand_in_one_cell(cell: str, languages: list[tuple[str, str]]) -> None:
    assert given("Sprachen", cell) == {"languages": tuple(TypedSpoken(*one) for one in languages)}


@pytest.mark.parametrize(
    ("cell", "dialects"),
    [
        ("Arabisch (irakisch, C1)", ("irakisch",)),
        ("Englisch (USA) B2", ("USA",)),
        ("Arabisch (C1, Dialekt Syrisch)", ("Syrisch",)),
    ],
    ids=["beside a level", "alone", "said to be one"],
)
def test_what_stands_in_brackets_and_is_no_level_is_a_dialect(cell: str, dialects: tuple[str, ...]) -> None:
    assert given("Sprachen", cell)["languages"][0].dialects == dialects


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ("Kurdisch", Problem(0, "ambiguous", Kind.LANGUAGE, "Kurdisch", ("kmr", "ckb"))),
        ("Dari, Persisch gut", Problem(0, "ambiguous", Kind.LANGUAGE, "Persisch", ("fa", "prs"))),
        ("Klingonisch C1", Problem(0, "unknown", Kind.LANGUAGE, "Klingonisch")),
    ],
    ids=["kurdish", "persian", "unknown"],
)
def test_a_language_that_is_not_clear_is_asked_back(cell: str, problem: Problem) -> None:
    assert row(["Sprachen"], [cell]).problems == (problem,)


def test_an_answer_holds_for_the_whole_file_in_any_case() -> None:
    found = row(["Sprachen"], ["KURDISCH (C1)"], {(Kind.LANGUAGE, "Kurdisch"): "ckb"})

    assert (found.problems, found.given) == ((), {"languages": (TypedSpoken("ckb", "C1"),)})


def test_a_word_that_is_left_out_is_kept_as_a_remark() -> None:
    found = row(["Sprachen"], ["Dari C1, Klingonisch"], {(Kind.LANGUAGE, "Klingonisch"): LEFT_OUT})

    assert found == PoolRow(2, {"languages": (TypedSpoken("prs", "C1"),)}, (), ("Sprachen: Klingonisch",))


def test_languages_too_weak_to_interpret_are_kept_as_remarks() -> None:
    found = row(["Sprachen"], ["Dari C1, Englisch (Grundkenntnisse), Russisch A2"])

    assert found == PoolRow(
        2,
        {"languages": (TypedSpoken("prs", "C1"),)},
        (),
        ("Sprachen: Englisch (Grundkenntnisse)", "Sprachen: Russisch A2"),
    )


def test_german_among_the_languages_is_the_level_of_german() -> None:
    assert given("Sprachen", "Ukrainisch MS, Deutsch C1") == {
        "languages": (TypedSpoken("uk", "native"),),
        "german_level": "C1",
    }


def test_columns_of_languages_and_levels_belong_together() -> None:
    heads = ["Muttersprache", "Sprache 1", "Niveau 1", "Sprache 2", "Niveau 2"]

    found = row(heads, ["Dari", "Farsi", "C1", "Englisch", "A2"])

    assert found.given["languages"] == (TypedSpoken("prs", "native"), TypedSpoken("fa", "C1"))
    assert found.kept == ("Sprache 2: Englisch (A2)",)
