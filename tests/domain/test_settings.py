"""The shipped fields of work and what they demand."""

import pytest

from dispatch.domain.languages import Level
from dispatch.domain.settings import (
    SETTINGS,
    DocumentType,
    Elsewhere,
    GenderDemand,
    Protection,
    Qualification,
    Setting,
    SettingGroup,
    documents_demanded,
)

CERTIFICATE = DocumentType.CONDUCT_CERTIFICATE
OUT_OF_SCOPE = {
    "court": (Qualification.SWORN, Elsewhere.COURT_INTERPRETERS),
    "police": (Qualification.SWORN, Elsewhere.POLICE_INTERPRETERS),
    "notary": (Qualification.SWORN, Elsewhere.SWORN_INTERPRETERS),
    "asylum_hearing": (Qualification.SWORN, Elsewhere.ASYLUM_OFFICE),
    "written_translation": (Qualification.LAY, Elsewhere.TRANSLATION_OFFICE),
    "sign_language": (Qualification.LAY, Elsewhere.SIGN_LANGUAGE_SERVICE),
}


def test_all_fields_are_shipped_in_the_order_of_the_form() -> None:
    assert list(SETTINGS) == [
        "parent_talk", "parents_evening", "kita_talk", "enrolment", "schooling_advice", "educational_path",
        "youth_welfare_office", "crisis_talk", "unaccompanied_minors", "doctor", "womens_prevention", "clinic",
        "pregnancy", "vaccination_advice", "psychosocial", "domestic_violence", "outreach_conflict_counselling",
        "health_office", "jobcenter", "employment_agency", "profiling", "vocational_advice", "start_up_advice",
        "work_opportunity", "internship", "safety_instruction", "work_routine", "foreigners_office",
        "social_office", "help_with_forms", "housing", "language_course", "migration_counselling",
        "refugee_social_work", "debt_counselling", "sport_and_club", "volunteer_initiative", "event",
        "court", "police", "notary", "asylum_hearing", "written_translation", "sign_language",
    ]  # fmt: skip
    assert all(setting.code == code for code, setting in SETTINGS.items())


def test_what_is_out_of_scope_names_where_else() -> None:
    outside = {code: setting for code, setting in SETTINGS.items() if not setting.in_scope}

    assert {code: (one.qualification, one.elsewhere) for code, one in outside.items()} == OUT_OF_SCOPE


def test_protection_is_that_of_the_rules() -> None:
    by_class = {code: setting.protection for code, setting in SETTINGS.items()}

    assert {code: found for code, found in by_class.items() if found is not Protection.NORMAL} == {
        "crisis_talk": Protection.PROTECTED,
        "psychosocial": Protection.SENSITIVE,
        "domestic_violence": Protection.PROTECTED,
        "outreach_conflict_counselling": Protection.SENSITIVE,
    }


def test_every_field_that_is_arranged_serves_a_goal_of_the_concept() -> None:
    assert [code for code, setting in SETTINGS.items() if setting.in_scope and setting.goal is None] == []


def test_only_womens_fields_ask_for_a_gender() -> None:
    asked = {code: setting.gender for code, setting in SETTINGS.items()}

    assert {code: gender for code, gender in asked.items() if gender is not GenderDemand.NONE} == {
        "womens_prevention": GenderDemand.WISH,
        "pregnancy": GenderDemand.WISH,
        "psychosocial": GenderDemand.WISH,
        "domestic_violence": GenderDemand.CONDITION,
    }


def test_minutes_are_within_the_bounds_of_a_request() -> None:
    assert [code for code, one in SETTINGS.items() if not 5 <= one.usual_minutes <= 24 * 60] == []
    assert [code for code, one in SETTINGS.items() if min(one.minutes_before, one.minutes_after) < 0] == []


@pytest.mark.parametrize(
    ("code", "minor", "demanded"),
    [
        ("doctor", False, frozenset()),
        ("doctor", True, frozenset({CERTIFICATE})),
        ("unaccompanied_minors", False, frozenset({CERTIFICATE})),
        ("unaccompanied_minors", True, frozenset({CERTIFICATE})),
        ("kita_talk", False, frozenset()),
    ],
)
def test_minors_without_guardian_need_the_certificate(
    code: str, minor: bool, demanded: frozenset[DocumentType]
) -> None:
    assert documents_demanded(SETTINGS[code], minor=minor) == demanded


QUALIFICATIONS = [Qualification.LAY, Qualification.CERTIFIED, Qualification.SWORN]
CLASSES = [Protection.NORMAL, Protection.SENSITIVE, Protection.PROTECTED]


@pytest.mark.parametrize("wanted", range(3))
@pytest.mark.parametrize("own", range(3))
def test_orders_are_that_of_the_words(own: int, wanted: int) -> None:
    assert QUALIFICATIONS[own].reaches(QUALIFICATIONS[wanted]) is (own >= wanted)
    assert CLASSES[own].covers(CLASSES[wanted]) is (own >= wanted)


def test_a_plain_setting_demands_the_usual() -> None:
    plain = Setting("plain", SettingGroup.WORK)

    assert (plain.german_level, plain.language_level, plain.documents) == (Level.B2, Level.B2, ())
    assert (plain.in_scope, plain.review) == (True, False)
