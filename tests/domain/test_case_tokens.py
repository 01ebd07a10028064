"""The form of case tokens."""

from collections.abc import Iterator

import pytest

from dispatch.domain.case_tokens import ALPHABET, make_case_token, parse_case_token


def test_a_token_is_made_of_six_random_characters() -> None:
    letters: Iterator[str] = iter("K7Q4MX")

    assert make_case_token(lambda alphabet: next(letters) if alphabet == ALPHABET else "?") == "K7Q-4MX"


def test_the_alphabet_has_no_look_alikes() -> None:
    assert set(ALPHABET).isdisjoint("0O1IL2Z5S8BU")
    assert len(set(ALPHABET)) == len(ALPHABET) == 24


@pytest.mark.parametrize("typed", ["K7Q-4MX", "k7q-4mx", " k7q4mx ", "K7Q 4MX", "K7Q–4MX", "k 7 q - 4 m x", "K7Q.4MX"])
def test_a_typed_token_has_one_form(typed: str) -> None:
    assert parse_case_token(typed) == "K7Q-4MX"


@pytest.mark.parametrize(
    "typed",
    ["", "K7Q", "K7Q-4MXX", "K0Q-4MX", "K7Q-4MI", "KÄQ-4MX", "K7Q/4MX", "K7Q\x004MX", "к7Q-4MX", "K７Q-4MX"],
    ids=["empty", "short", "long", "zero", "I", "umlaut", "slash", "NUL", "Cyrillic", "full width"],
)
def test_what_cannot_be_a_token_is_none(typed: str) -> None:
    assert parse_case_token(typed) is None
