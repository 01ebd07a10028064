"""Which spoken language serves which asked one."""

import pytest

from dispatch.domain.languages import (
    SIGN,
    SPECIAL,
    Level,
    Match,
    Pairing,
    Spoken,
    pairings,
    served_by,
    serving_all,
)
from dispatch.reference.languages import all_languages
from tests.domain.pool import TABLE

SHIPPED = {language.code: language for language in all_languages()}

EXACT, VARIETY = Match.EXACT, Match.VARIETY
MUTUAL, OTHER = Match.RELATED_MUTUAL, Match.RELATED_OTHER


@pytest.mark.parametrize(
    ("asked", "spoken", "plain", "related"),
    [
        ("prs", "prs", EXACT, EXACT),
        ("ar", "ar", EXACT, EXACT),
        ("ar", "apc", VARIETY, VARIETY),
        ("ar", "ary", VARIETY, VARIETY),
        ("ary", "ary", EXACT, EXACT),
        ("ary", "ar", None, OTHER),
        ("ary", "apc", None, None),
        ("apc", "ary", None, None),
        ("prs", "fa", None, OTHER),
        ("prs", "tg", None, OTHER),
        ("hr", "sr", None, MUTUAL),
        ("be", "ru", None, OTHER),
        ("ru", "be", None, None),
        ("kmr", "ckb", None, None),
        ("ckb", "kmr", None, None),
        ("prs", "hr", None, None),
        ("und", "ar", None, None),
        ("und", "und", None, None),
        ("mis", "mis", None, None),
        ("xx", "xx", None, None),
    ],
    ids=lambda value: value if isinstance(value, str) else "none",
)
@pytest.mark.parametrize("table", [TABLE, SHIPPED], ids=["small table", "shipped table"])
def test_a_spoken_language_serves_an_asked_one(
    asked: str, spoken: str, plain: Match | None, related: Match | None, table: dict[str, object]
) -> None:
    assert served_by(asked, table, related=False).get(spoken) is plain  # type: ignore[arg-type]
    assert served_by(asked, table, related=True).get(spoken) is related  # type: ignore[arg-type]


def test_related_languages_are_not_passed_on() -> None:
    chain = TABLE | {"a": type(TABLE["ru"])(("b",), "mutual"), "b": type(TABLE["ru"])(("c",), "mutual")}

    assert served_by("a", chain, related=True) == {"a": EXACT, "b": MUTUAL}


def test_a_variety_of_an_umbrella_is_never_only_related() -> None:
    assert served_by("ar", TABLE, related=True) == {"ar": EXACT, "apc": VARIETY, "ary": VARIETY}


def test_special_codes_and_sign_languages_are_known_apart() -> None:
    assert frozenset({"und", "mis"}) == SPECIAL
    assert frozenset({"gsg"}) == SIGN


@pytest.mark.parametrize(("match", "related"), [(EXACT, False), (VARIETY, False), (MUTUAL, True), (OTHER, True)])
def test_only_related_matches_need_leave(match: Match, related: bool) -> None:
    assert match.is_related is related


def test_pairings_follow_the_order_of_preference() -> None:
    serving = serving_all(["ar", "prs"], TABLE, related=True)
    fa, apc = Spoken("fa", Level.C1), Spoken("apc", Level.NATIVE)

    assert pairings(serving, (fa, apc)) == [Pairing(0, apc, VARIETY), Pairing(1, fa, OTHER)]


ORDER = [Level.NATIVE, Level.C2, Level.C1, Level.B2, Level.B1]


@pytest.mark.parametrize("wanted", ORDER)
@pytest.mark.parametrize("level", ORDER)
def test_a_level_reaches_itself_and_lower_ones(level: Level, wanted: Level) -> None:
    assert level.reaches(wanted) is (ORDER.index(level) <= ORDER.index(wanted))
