"""What looks like a client's name or a birth date."""

from datetime import date

import pytest

from dispatch.domain.privacy import PrivacyWarning, WarningCode, warnings

TODAY = date(2026, 11, 24)
NAME, BIRTH_DATE = WarningCode.NAME, WarningCode.BIRTH_DATE


@pytest.mark.parametrize(
    ("notes", "codes"),
    [
        ("Bitte mit Frau Karimi sprechen", (NAME,)),
        ("herr Öztürk kommt", (NAME,)),
        ("Familie al Ahmad", ()),
        ("Familie Al-Ahmad", (NAME,)),
        ("Name: Karimi", (NAME,)),
        ("Patientin Sara", (NAME,)),
        ("السيد أحمد", (NAME,)),
        ("Fr. Müller, geb. 3.4.1988", (NAME, BIRTH_DATE)),
        ("geboren in Kabul", (BIRTH_DATE,)),
        ("12.03.1987", (BIRTH_DATE,)),
        ("12.3.87", (BIRTH_DATE,)),
        ("1987-03-12", (BIRTH_DATE,)),
        ("12/03/1987", (BIRTH_DATE,)),
        ("Folgetermin am 03.12.2026", ()),
        ("Bescheid vom 14.11.2025", ()),
        ("Termin 03.12.26", ()),
        ("Termin 2027-01-12", ()),
        ("Raum 99.99.1987", ()),
        ("Gespräch über die Einschulung", ()),
        ("Bitte klingeln, zweiter Stock", ()),
        ("die frau bringt ihr kind mit", ()),
        ("", ()),
    ],
    ids=lambda value: value or "nothing" if isinstance(value, str) else "",
)
def test_notes_are_looked_at(notes: str, codes: tuple[WarningCode, ...]) -> None:
    expected = tuple(PrivacyWarning("notes", code) for code in codes)

    assert warnings(None, notes, today=TODAY) == expected


@pytest.mark.parametrize(
    ("reference", "codes"),
    [
        ("Ahmad Karimi", (NAME,)),
        ("Karimi, Ahmad", (NAME,)),
        ("A 12/26", ()),
        ("51-2026-0815", ()),
        ("Karimi", ()),
        ("Az. 12.03.1987", (BIRTH_DATE,)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_reference_that_is_only_words_looks_like_a_name(reference: str, codes: tuple[WarningCode, ...]) -> None:
    expected = tuple(PrivacyWarning("reference", code) for code in codes)

    assert warnings(reference, None, today=TODAY) == expected


def test_both_fields_are_told_in_order() -> None:
    found = warnings("Ahmad Karimi", "geb. 1.1.1990", today=TODAY)

    assert found == (PrivacyWarning("reference", NAME), PrivacyWarning("notes", BIRTH_DATE))
