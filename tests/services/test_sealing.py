"""What is sealed opens under the same key and purpose only."""

import pytest

from dispatch.services.sealing import seal, unseal

KEY = "a key of the installation"


def test_what_was_sealed_is_read_again() -> None:
    assert unseal(seal("Geheimnis", KEY, purpose="totp"), KEY, purpose="totp") == "Geheimnis"


def test_the_sealed_form_does_not_tell_and_never_repeats() -> None:
    first, second = (seal("Geheimnis", KEY, purpose="totp") for _ in range(2))

    assert first != second
    assert "Geheimnis" not in first


@pytest.mark.parametrize(
    ("key", "purpose", "changed"),
    [("another key", "totp", ""), (KEY, "webhook", ""), (KEY, "totp", "A")],
    ids=["another key", "another purpose", "changed"],
)
def test_another_key_or_purpose_or_a_changed_text_opens_nothing(key: str, purpose: str, changed: str) -> None:
    sealed = seal("Geheimnis", KEY, purpose="totp")

    assert unseal(changed + sealed, key, purpose=purpose) is None
