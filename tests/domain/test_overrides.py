"""What a coordinator sets aside for one person, and what never."""

import pytest

from dispatch.domain.eligibility import OVERRIDABLE, Code, Failure
from dispatch.domain.errors import DoesNotFit, Invalid
from dispatch.domain.overrides import Override, outlives_a_move, parse, set_aside, stored


def failing(*codes: Code, fixed: tuple[Code, ...] = ()) -> tuple[Failure, ...]:
    return tuple(Failure(code, code not in fixed, {}) for code in codes)


@pytest.mark.parametrize(
    ("failures", "asked", "codes"),
    [
        (failing(Code.GENDER), ["gender"], ("gender",)),
        (failing(Code.AVAILABILITY, Code.DISTANCE), ["distance", "availability"], ("availability", "distance")),
        (failing(Code.LIMIT), ["limit", "gender"], ("limit",)),
    ],
    ids=["one", "in_the_order_of_the_conditions", "what_holds_is_not_recorded"],
)
def test_what_fails_is_set_aside_with_its_reason(
    failures: tuple[Failure, ...], asked: list[str], codes: tuple[str, ...]
) -> None:
    assert set_aside(failures, asked, " She agreed on the phone. ") == Override(
        tuple(Code(code) for code in codes), "She agreed on the phone."
    )


def test_who_fits_needs_nothing_set_aside() -> None:
    assert set_aside((), [], "") is None


@pytest.mark.parametrize(
    ("failures", "asked", "reason", "errors"),
    [
        (failing(Code.GENDER), ["gender"], "  ", {"reason": ("required",)}),
        (failing(Code.GENDER), ["gender"], "x" * 501, {"reason": ("too_long",)}),
        (failing(Code.GENDER), ["sex"], "because", {"override": ("unknown",)}),
        (failing(Code.EXCLUDED, fixed=(Code.EXCLUDED,)), ["excluded"], "because", {"override": ("not_overridable",)}),
        (
            failing(Code.CONFLICT, fixed=(Code.CONFLICT,)),
            ["conflict"],
            "",
            {"override": ("not_overridable",), "reason": ("required",)},
        ),
    ],
    ids=["no_reason", "reason_too_long", "unknown_code", "forbidden_code", "an_overlap_without_reason"],
)
def test_an_override_that_does_not_hold(
    failures: tuple[Failure, ...], asked: list[str], reason: str, errors: dict[str, tuple[str, ...]]
) -> None:
    with pytest.raises(Invalid) as refused:
        set_aside(failures, asked, reason)

    assert refused.value.errors == errors


def test_what_was_not_named_still_speaks_against_her() -> None:
    with pytest.raises(DoesNotFit) as refused:
        set_aside(failing(Code.GENDER, Code.LIMIT), ["gender"], "because")

    assert refused.value.codes == (Code.LIMIT,)


@pytest.mark.parametrize("code", sorted(set(Code) - OVERRIDABLE))
def test_some_conditions_are_never_set_aside(code: Code) -> None:
    with pytest.raises(Invalid) as refused:
        set_aside(failing(code, fixed=(code,)), [code], "because")

    assert refused.value.errors == {"override": ("not_overridable",)}


def test_only_what_is_hers_outlives_a_move() -> None:
    assert outlives_a_move(tuple(Code)) == {Code.LANGUAGE, Code.GENDER, Code.MODE}


@pytest.mark.parametrize("codes", [(), (Code.GENDER,), (Code.AVAILABILITY, Code.LIMIT)])
def test_codes_are_kept_as_one_line(codes: tuple[Code, ...]) -> None:
    assert parse(stored(codes)) == codes
