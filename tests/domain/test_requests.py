"""What sends a request to review and what raises its revision."""

from dataclasses import replace
from typing import Any

import pytest

from dispatch.domain.candidates import Gender
from dispatch.domain.intervals import Interval
from dispatch.domain.languages import Level
from dispatch.domain.modes import Mode
from dispatch.domain.requests import (
    Consent,
    Continuity,
    Policy,
    ReviewReason,
    changes_of_revision,
    review_reasons,
)
from dispatch.domain.settings import SETTINGS, Protection, Qualification
from tests.domain.bookings import END, START, request
from tests.domain.pool import PLACES, RIESA
from tests.domain.times import minutes

DOCTOR = SETTINGS["doctor"]
DRESDEN = PLACES.find_place(postal_code="01067")
REVIEWED = replace(DOCTOR, review=True)


@pytest.mark.parametrize(
    ("changes", "setting", "reasons"),
    [
        ({}, DOCTOR, ()),
        ({}, REVIEWED, (ReviewReason.SETTING,)),
        ({"languages": ("und",)}, DOCTOR, (ReviewReason.LANGUAGE,)),
        ({"languages": ("prs", "mis")}, DOCTOR, (ReviewReason.LANGUAGE,)),
        ({}, SETTINGS["court"], (ReviewReason.OUT_OF_SCOPE,)),
        ({"languages": ("gsg",)}, DOCTOR, (ReviewReason.OUT_OF_SCOPE,)),
        ({"place": DRESDEN}, DOCTOR, (ReviewReason.PLACE_OUTSIDE,)),
        ({"place": None}, DOCTOR, ()),
        ({"languages": ("und", "gsg"), "place": DRESDEN}, REVIEWED, tuple(ReviewReason)[:4]),
    ],
    ids=["plain", "setting", "not known", "not listed", "court", "sign language", "Dresden", "no place", "all four"],
)  # fmt: skip
def test_a_request_goes_to_review_for_a_reason(
    changes: dict[str, Any], setting: Any, reasons: tuple[ReviewReason, ...]
) -> None:
    assert review_reasons(request(**changes), setting) == reasons


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"starts_at": START + minutes(5)}, ("starts_at",)),
        ({"ends_at": END + minutes(5)}, ("ends_at",)),
        ({"place": PLACES.place_of_municipality(RIESA)}, ("place",)),
        ({"address": "Markt 2"}, ("address",)),
        ({"mode": Mode.PHONE}, ("mode",)),
        ({"fallback_modes": (Mode.PHONE,)}, ("fallback_modes",)),
        ({"languages": ("prs", "fa")}, ("languages",)),
        ({"level": Level.C1}, ("level",)),
        ({"accept_related": True}, ("accept_related",)),
        ({"dialect": "Hazaragi"}, ("dialect",)),
        ({"language_text": "Dungan"}, ("language_text",)),
        ({"setting": "clinic"}, ("setting",)),
        ({"protection": Protection.SENSITIVE}, ("protection",)),
        ({"qualification": Qualification.SWORN}, ("qualification",)),
        ({"minor": True}, ("minor",)),
        ({"exclude_mediators": frozenset({1})}, ("exclude_mediators",)),
        ({"avoid_municipalities": frozenset({RIESA})}, ("avoid_municipalities",)),
        ({"gender": Gender.FEMALE, "gender_strict": True}, ("gender",)),
        ({"gender": Gender.FEMALE}, ()),
        ({"preferred_mediators": frozenset({1})}, ()),
        ({"continuity": Continuity.EGAL}, ()),
        ({"reference": "A 12"}, ()),
        ({"notes": "Bitte klingeln"}, ()),
        ({"place_note": "Hinterhaus"}, ()),
        ({"access_phone": "+4935211234"}, ()),
        ({"access_url": "https://example.org"}, ()),
        ({"contact_name": "Empfang", "contact_phone": "+4935211234"}, ()),
        ({"consent": Consent.CRISIS}, ()),
        ({"case_token": "K7Q-4MX"}, ()),
        ({"last_useful_answer_at": START}, ()),
        ({"policy": Policy.MANUAL}, ()),
        ({}, ()),
        ({"starts_at": START + minutes(5), "mode": Mode.VIDEO}, ("starts_at", "mode")),
    ],
    ids=lambda value: ", ".join(value) or "nothing" if isinstance(value, dict) else "",
)
def test_time_place_mode_language_and_conditions_raise_the_revision(
    changes: dict[str, Any], fields: tuple[str, ...]
) -> None:
    assert changes_of_revision(request(), request(**changes)) == fields


def test_a_gender_condition_that_becomes_a_wish_raises_the_revision() -> None:
    strict = request(gender=Gender.FEMALE, gender_strict=True)

    assert changes_of_revision(strict, request(gender=Gender.FEMALE)) == ("gender",)


def test_a_request_knows_its_time_and_its_modes() -> None:
    found = request(fallback_modes=(Mode.VIDEO, Mode.PHONE))

    assert found.interval == Interval(START, END)
    assert found.modes == (Mode.ON_SITE, Mode.VIDEO, Mode.PHONE)
