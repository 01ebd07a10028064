"""Who fits best: each criterion, the weighted mean, the order of asking."""

from itertools import combinations, permutations
from typing import Any

import pytest

from dispatch.domain.availability import Answer
from dispatch.domain.candidates import Gender
from dispatch.domain.languages import Level, Match, Spoken
from dispatch.domain.modes import Mode
from dispatch.domain.ranking import (
    DEFAULT,
    FULL,
    Criterion,
    History,
    Part,
    Preferences,
    Ranked,
    RankingOptions,
    Score,
    load,
    mean_load,
    rank,
    score,
)
from tests.domain.pool import candidate, wanted

LANGUAGE, WISHES, WAY = Criterion.LANGUAGE, Criterion.WISHES, Criterion.WAY
FAIR_SHARE, EXPERIENCE = Criterion.FAIR_SHARE, Criterion.EXPERIENCE
NOTHING_DONE, NO_WISH = History(), Preferences()
SERVING = (
    {"prs": Match.EXACT, "fa": Match.RELATED_OTHER},
    {"hr": Match.EXACT, "sr": Match.RELATED_MUTUAL},
    {"ar": Match.EXACT, "apc": Match.VARIETY},
    {"ru": Match.EXACT},
)


def result(
    person: dict[str, Any] | None = None,
    request: dict[str, Any] | None = None,
    *,
    history: History = NOTHING_DONE,
    preferences: Preferences = NO_WISH,
    options: RankingOptions = DEFAULT,
) -> Score:
    return score(candidate(**person or {}), wanted(**request or {}), history, preferences, options=options)


def part(found: Score, criterion: Criterion) -> Part | None:
    return next((one for one in found.parts if one.criterion is criterion), None)


def value(found: Score, criterion: Criterion) -> float | None:
    one = part(found, criterion)
    return None if one is None else round(one.value, 6)


@pytest.mark.parametrize(
    ("spoken", "dialect", "expected"),
    [
        ((Spoken("prs", Level.NATIVE),), None, 1.0),
        ((Spoken("prs", Level.C2),), None, 0.95),
        ((Spoken("prs", Level.C1),), None, 0.85),
        ((Spoken("prs", Level.B2),), None, 0.7),
        ((Spoken("prs", Level.B1),), None, 0.5),
        ((Spoken("fa", Level.NATIVE),), None, 0.6),
        ((Spoken("hr", Level.NATIVE),), None, 0.9),
        ((Spoken("sr", Level.NATIVE),), None, 0.72),
        ((Spoken("apc", Level.NATIVE),), None, 0.8),
        ((Spoken("ru", Level.NATIVE),), None, 0.8),
        ((Spoken("prs", Level.B2), Spoken("hr", Level.NATIVE)), None, 0.9),
        ((Spoken("prs", Level.B1), Spoken("fa", Level.B2)), None, 0.42),
        ((Spoken("prs", Level.NATIVE),), "Hazaragi", 0.8),
        ((Spoken("prs", Level.NATIVE, ("hazaragi",)),), "Hazaragi", 1.0),
        ((Spoken("apc", Level.NATIVE),), "apc", 0.8),
        ((Spoken("sr", Level.C1),), "Torlakisch", 0.4896),
        ((Spoken("ps", Level.NATIVE),), None, 0.0),
    ],
    ids=["native", "C2", "C1", "B2", "B1", "related", "second", "second, mutual", "third, variety", "fourth",
         "better second", "first below level", "dialect missing", "dialect", "variety is the dialect",
         "everything at once", "let through without"],
)  # fmt: skip
def test_language_is_preference_by_level_by_closeness_by_dialect(
    spoken: tuple[Spoken, ...], dialect: str | None, expected: float
) -> None:
    found = result({"spoken": spoken}, {"serving": SERVING}, preferences=Preferences(dialect=dialect))

    assert value(found, LANGUAGE) == expected


def test_the_language_part_says_what_it_rests_on() -> None:
    found = part(result({"spoken": (Spoken("sr", Level.C1),)}, {"serving": SERVING}), LANGUAGE)

    assert found is not None
    assert found.facts == {
        "spoken": "sr",
        "level": Level.C1,
        "match": Match.RELATED_MUTUAL,
        "preference": 2,
        "dialect_missing": False,
    }


@pytest.mark.parametrize(
    ("welcome", "history", "expected"),
    [
        (True, History(same_case=True, same_unit=True), 1.0),
        (True, History(same_unit=True), 0.5),
        (True, History(), 0.0),
        (False, History(same_case=True, same_unit=True), None),
    ],
    ids=["same case", "same unit", "new", "not asked for"],
)
def test_continuity_counts_only_where_it_is_welcome(welcome: bool, history: History, expected: float | None) -> None:
    found = result(history=history, preferences=Preferences(continuity=welcome))

    assert value(found, Criterion.CONTINUITY) == expected


BOTH = Preferences(gender=Gender.FEMALE, preferred=frozenset({1}))


@pytest.mark.parametrize(
    ("person", "preferences", "expected"),
    [
        ({}, Preferences(), None),
        ({"gender": Gender.FEMALE}, Preferences(gender=Gender.FEMALE), 1.0),
        ({"gender": Gender.MALE}, Preferences(gender=Gender.FEMALE), 0.0),
        ({"gender": None}, Preferences(gender=Gender.FEMALE), 0.0),
        ({"id": 1}, Preferences(preferred=frozenset({1, 2})), 1.0),
        ({"id": 3}, Preferences(preferred=frozenset({1, 2})), 0.0),
        ({"id": 1, "gender": Gender.MALE}, BOTH, 0.5),
        ({"id": 1, "gender": Gender.FEMALE}, BOTH, 1.0),
    ],
    ids=["no wish", "gender met", "gender not met", "gender not known", "preferred", "not preferred", "one of two",
         "both"],
)  # fmt: skip
def test_wishes_count_by_their_share(person: dict[str, Any], preferences: Preferences, expected: float | None) -> None:
    assert value(result(person, preferences=preferences), WISHES) == expected


@pytest.mark.parametrize(
    ("person", "modes", "expected"),
    [
        ({"distance_km": 0.0}, (Mode.ON_SITE,), 1.0),
        ({"distance_km": 10.0}, (Mode.ON_SITE,), 0.75),
        ({"distance_km": 40.0}, (Mode.ON_SITE,), 0.0),
        ({"distance_km": 50.0}, (Mode.ON_SITE,), 0.0),
        ({"distance_km": 10.0, "max_distance_km": None}, (Mode.ON_SITE,), 0.75),
        ({"distance_km": 10.0, "max_distance_km": 20.0}, (Mode.ON_SITE,), 0.5),
        ({"distance_km": 10.0}, (Mode.VIDEO,), None),
        ({"distance_km": 10.0, "modes": frozenset({Mode.PHONE})}, (Mode.ON_SITE, Mode.PHONE), None),
    ],
    ids=["here", "a quarter", "at the limit", "let through beyond", "no limit named", "narrow limit", "by video",
         "comes by fallback"],
)  # fmt: skip
def test_the_way_counts_against_the_own_limit_on_site(
    person: dict[str, Any], modes: tuple[Mode, ...], expected: float | None
) -> None:
    assert value(result(person, {"modes": modes}), WAY) == expected


def test_the_way_part_holds_the_facts_of_its_sentence() -> None:
    found = part(result({"distance_km": 18.0, "max_distance_km": 40.0}), WAY)

    assert found is not None
    assert found.facts == {"km": 18.0, "limit_km": 40.0}


@pytest.mark.parametrize(
    ("minutes", "weekly", "mean", "expected"),
    [
        (0, 600, 2.0, 1.0),
        (1200, 600, 2.0, 0.5),
        (1200, 300, 2.0, 0.0),
        (2400, 600, 2.0, 0.0),
        (9600, 600, 2.0, 0.0),
        (1200, None, 2.0, 0.5),
        (0, 600, 0.0, None),
    ],
    ids=["nothing yet", "like the others", "wishes half as much", "twice the mean", "far beyond", "no limit named",
         "nobody worked"],
)  # fmt: skip
def test_the_fair_share_is_relative_to_the_wished_hours(
    minutes: int, weekly: int | None, mean: float, expected: float | None
) -> None:
    history, preferences = History(minutes=minutes), Preferences(mean_load=mean)

    assert value(result({"limit_minutes": weekly}, history=history, preferences=preferences), FAIR_SHARE) == expected


def test_the_mean_load_is_the_same_in_whatever_order_people_come() -> None:
    loads = [1e16, 0.1, 0.2, 0.3, -1e16]

    assert {mean_load(order) for order in permutations(loads)} == {mean_load(loads)}


@pytest.mark.parametrize(("times", "expected"), [(0, 0.0), (2, 0.4), (5, 1.0), (9, 1.0)])
def test_experience_is_full_after_five_times(times: int, expected: float) -> None:
    assert value(result(history=History(times_in_setting=times)), EXPERIENCE) == expected


@pytest.mark.parametrize(
    ("same_place", "modes", "expected"),
    [(True, (Mode.ON_SITE,), 1.0), (False, (Mode.ON_SITE,), 0.0), (True, (Mode.PHONE,), None)],
    ids=["same place", "another", "by phone"],
)
def test_bundling_counts_on_site(same_place: bool, modes: tuple[Mode, ...], expected: float | None) -> None:
    found = result({}, {"modes": modes}, history=History(in_same_place=same_place))

    assert value(found, Criterion.BUNDLING) == expected


EVERYTHING = Preferences(gender=Gender.FEMALE, continuity=True, mean_load=2.0)


def test_the_score_is_the_weighted_mean_of_all_seven() -> None:
    history = History(same_unit=True, minutes=1200, times_in_setting=2, in_same_place=True)

    found = result({"gender": Gender.FEMALE, "distance_km": 10.0}, history=history, preferences=EVERYTHING)

    assert [(one.criterion, one.points, one.most) for one in found.parts] == [
        (Criterion.LANGUAGE, 250_000, 250_000),
        (Criterion.CONTINUITY, 100_000, 200_000),
        (Criterion.WISHES, 150_000, 150_000),
        (Criterion.WAY, 112_500, 150_000),
        (Criterion.FAIR_SHARE, 75_000, 150_000),
        (Criterion.EXPERIENCE, 20_000, 50_000),
        (Criterion.BUNDLING, 50_000, 50_000),
    ]
    assert found.total == 757_500


def test_what_cannot_apply_drops_out_and_the_others_weigh_more() -> None:
    found = result({}, {"modes": (Mode.PHONE,)})

    assert [(one.criterion, one.points, one.most) for one in found.parts] == [
        (Criterion.LANGUAGE, 833_333, 833_333),
        (Criterion.EXPERIENCE, 0, 166_667),
    ]
    assert found.total == 833_333


PERFECT = History(same_case=True, times_in_setting=5, in_same_place=True)
MIXES = [mix for size in range(1, 8) for mix in combinations(Criterion, size)]


@pytest.mark.parametrize("mix", MIXES, ids="+".join)
def test_a_perfect_fit_has_a_hundred_points_whatever_applies(mix: tuple[Criterion, ...]) -> None:
    weights = {one: DEFAULT.weights[one] if one in mix else 0 for one in Criterion}
    perfect = {"gender": Gender.FEMALE, "distance_km": 0.0}

    found = result(perfect, history=PERFECT, preferences=EVERYTHING, options=RankingOptions(weights=weights))

    assert (found.total, sum(one.points for one in found.parts), sum(one.most for one in found.parts)) == (
        FULL, FULL, FULL,
    )  # fmt: skip


def test_weights_are_options() -> None:
    weights = dict.fromkeys(Criterion, 0) | {Criterion.LANGUAGE: 1, Criterion.WAY: 3}

    found = result({"distance_km": 20.0}, options=RankingOptions(weights=weights))

    assert found.total == round(FULL * (0.25 + 0.75 * 0.5))


def person(mediator_id: int, answer: Answer, total: int, minutes: int = 0) -> Ranked:
    return Ranked(mediator_id, answer, Score(total, ()), minutes)


def test_the_order_is_availability_then_score_then_hours_then_id() -> None:
    people = [
        person(6, Answer.UNKNOWN, 900_000),
        person(5, Answer.YES, 500_000, 60),
        person(4, Answer.YES, 500_000, 60),
        person(3, Answer.YES, 500_000, 30),
        person(2, Answer.YES, 500_001, 900),
        person(1, Answer.UNKNOWN, 900_001, 900),
    ]

    assert [one.mediator_id for one in rank(people)] == [2, 3, 4, 5, 1, 6]


def test_the_load_is_relative_and_its_mean_plain() -> None:
    assert (load(1200, 300), load(1200, None), load(0, 300)) == (4.0, 2.0, 0.0)
    assert (mean_load([4.0, 2.0]), mean_load([])) == (3.0, 0.0)
