"""Passwords: long, and not made of what everybody tries."""

import pytest

from dispatch.domain.passwords import LONGEST, SHORTEST, check_password
from dispatch.reference.passwords import common_words

OWNER = ("Shirin Rahmani", "shirin.rahmani@example.org")


@pytest.mark.parametrize(
    "password",
    [
        pytest.param("correct horse battery", id="words that do not belong together"),
        pytest.param("blaue Lampe am Steg", id="a short sentence"),
        pytest.param("x7#Kp2!qL9@w", id="random"),
        pytest.param("tanzende Giraffe", id="two words"),
        pytest.param("زرافة ترقص على السطح", id="another script"),
        pytest.param("zebrastreifengelb", id="no class of characters is asked for"),
    ],
)
def test_long_passwords_of_their_own_are_taken(password: str) -> None:
    assert check_password(password, about=OWNER, words=common_words()) == ()


@pytest.mark.parametrize(
    ("password", "codes"),
    [
        pytest.param("", ("too_short",), id="empty"),
        pytest.param("k" * (SHORTEST - 1), ("too_short",), id="one too few"),
        pytest.param("k" * (LONGEST + 1), ("too_long",), id="one too many"),
        pytest.param("aaaaaaaaaaaaab", ("too_common",), id="one letter"),
        pytest.param("123456789012", ("too_common",), id="digits in order"),
        pytest.param("829104756183", ("too_common",), id="only digits"),
        pytest.param("qwertzuiop123", ("too_common",), id="keyboard"),
        pytest.param("1qaz2wsx3edc", ("too_common",), id="columns of the keyboard"),
        pytest.param("q1w2e3r4t5y6", ("too_common",), id="keyboard and digits in turn"),
        pytest.param("poiuztrewqasd", ("too_common",), id="keyboard backwards"),
        pytest.param("Passwort2026!", ("too_common",), id="a word, a year, a sign"),
        pytest.param("P@ssw0rd1234", ("too_common",), id="signs that look like letters"),
        pytest.param("Meissen-Sommer-2026", ("too_common",), id="town and season"),
        pytest.param("passwordpassword", ("too_common",), id="a word twice"),
        pytest.param("iloveyou1234", ("too_common",), id="a phrase"),
        pytest.param("shirinrahmani1", ("too_common",), id="the owner's name"),
        pytest.param("Rahmani.Rahmani", ("too_common",), id="the owner's name twice"),
    ],
)
def test_short_and_guessable_passwords_are_refused(password: str, codes: tuple[str, ...]) -> None:
    assert check_password(password, about=OWNER, words=common_words()) == codes


def test_the_words_are_lower_case_and_many() -> None:
    words = common_words()

    assert {word for word in words if word != word.lower()} == set()
    assert len(words) > 400
