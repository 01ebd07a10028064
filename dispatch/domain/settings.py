"""Decide what a field of work (setting) demands of a mediator, and ship the table the service begins with.

It never decides who fits. The rows are the district's to edit; their minutes, levels, documents and hints
are this project's defaults and have no source.

Documents follow what the law plausibly asks: the certificate of good conduct where minors are without
their guardian (§ 72a SGB VIII). Proof of measles protection (§ 20 IfSG) binds people who work regularly in
a day care, school or practice, not a mediator who comes for one talk: no row demands it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from dispatch.domain.languages import Level


class Protection(StrEnum):
    """How much of a request may be told to whom, weakest first."""

    NORMAL = "normal"
    SENSITIVE = "sensitive"
    PROTECTED = "protected"

    def covers(self, wanted: "Protection") -> bool:
        """Tell whether this class protects as much as the wanted one or more."""
        return list(Protection).index(self) >= list(Protection).index(wanted)


class SettingGroup(StrEnum):
    """The word that an offer tells instead of the setting."""

    EDUCATION = "education"
    HEALTH = "health"
    AUTHORITY = "authority"
    WORK = "work"
    COUNSELLING = "counselling"
    LEISURE = "leisure"


class Qualification(StrEnum):
    """What a mediator is trained or sworn for, least first."""

    LAY = "lay"
    CERTIFIED = "certified"
    SWORN = "sworn"

    def reaches(self, wanted: "Qualification") -> bool:
        """Tell whether this qualification is the wanted one or a higher one."""
        return list(Qualification).index(self) >= list(Qualification).index(wanted)


class DocumentType(StrEnum):
    """The shipped types of documents; a district may have others of its own, known by their codes alone."""

    UNDERTAKING = "undertaking"
    CONDUCT_CERTIFICATE = "conduct_certificate"
    MEASLES_PROOF = "measles_proof"


class GenderDemand(StrEnum):
    """What the form proposes about the mediator's gender; `condition` cannot be left open."""

    NONE = "none"
    WISH = "wish"
    CONDITION = "condition"


class Goal(StrEnum):
    """The goal of the district's integration concept that a setting serves, by its section (4.1 to 4.6)."""

    DAYCARE_USED = "4.1.1_daycare_used"
    SCHOOL_ACCESS = "4.1.2_school_access"
    COURSES = "4.2_courses"
    WORK_ACCESS = "4.3_work_access"
    EARLY_PROFILING = "4.3_early_profiling"
    START_UPS = "4.3_start_ups"
    REGULAR_HEALTH_CARE = "4.4_regular_health_care"
    WOMENS_HEALTH = "4.4_womens_health"
    OPEN_ADMINISTRATION = "4.5_open_administration"
    LEISURE_ACCESS = "4.5_leisure_access"
    FIRST_STEPS_AT_WORK = "4.5_first_steps_at_work"
    YOUTH_SERVICES = "4.5_youth_services"
    VOLUNTEERS = "4.6_volunteers"


class Elsewhere(StrEnum):
    """Where else an office turns for what is out of scope."""

    COURT_INTERPRETERS = "court_interpreters"
    POLICE_INTERPRETERS = "police_interpreters"
    SWORN_INTERPRETERS = "sworn_interpreters"
    ASYLUM_OFFICE = "asylum_office"
    TRANSLATION_OFFICE = "translation_office"
    SIGN_LANGUAGE_SERVICE = "sign_language_service"


@dataclass(frozen=True, slots=True)
class Setting:
    """A field of work with what it demands; minutes before and after belong to the way.

    `label` is the name that the district has given it, empty for the shipped one in the reader's language.
    """

    code: str
    group: SettingGroup
    goal: Goal | None = None
    protection: Protection = Protection.NORMAL
    qualification: Qualification = Qualification.LAY
    german_level: Level = Level.B2
    language_level: Level = Level.B2
    documents: tuple[str, ...] = ()
    gender: GenderDemand = GenderDemand.NONE
    usual_minutes: int = 60
    minutes_before: int = 10
    minutes_after: int = 10
    review: bool = False
    elsewhere: Elsewhere | None = None
    label: str = ""

    @property
    def in_scope(self) -> bool:
        """Tell whether the service arranges it itself."""
        return self.elsewhere is None


def documents_demanded(setting: Setting, *, minor: bool) -> frozenset[str]:
    """Return the documents for a request; `minor` is one without guardian in the room (§ 72a SGB VIII)."""
    return frozenset(setting.documents) | ({DocumentType.CONDUCT_CERTIFICATE} if minor else frozenset())


_EDUCATION, _HEALTH, _AUTHORITY, _WORK, _COUNSELLING, _LEISURE = SettingGroup
_CONDUCT = (DocumentType.CONDUCT_CERTIFICATE,)
_SENSITIVE, _PROTECTED = Protection.SENSITIVE, Protection.PROTECTED
_CERTIFIED, _SWORN = Qualification.CERTIFIED, Qualification.SWORN

_SHIPPED = (
    Setting("parent_talk", _EDUCATION, Goal.YOUTH_SERVICES, usual_minutes=45),
    Setting("parents_evening", _EDUCATION, Goal.YOUTH_SERVICES, usual_minutes=90),
    Setting("kita_talk", _EDUCATION, Goal.DAYCARE_USED, usual_minutes=45),
    Setting("enrolment", _EDUCATION, Goal.YOUTH_SERVICES, usual_minutes=45),
    Setting("schooling_advice", _EDUCATION, Goal.SCHOOL_ACCESS),
    Setting("educational_path", _EDUCATION, Goal.SCHOOL_ACCESS),
    Setting("youth_welfare_office", _AUTHORITY, Goal.YOUTH_SERVICES, minutes_before=15),
    Setting(
        "crisis_talk", _COUNSELLING, Goal.YOUTH_SERVICES, _PROTECTED, _CERTIFIED, Level.C1,
        language_level=Level.C1, documents=_CONDUCT, usual_minutes=90, minutes_before=15, minutes_after=15,
    ),
    Setting("unaccompanied_minors", _AUTHORITY, Goal.YOUTH_SERVICES, documents=_CONDUCT, minutes_before=15),
    Setting("doctor", _HEALTH, Goal.REGULAR_HEALTH_CARE, usual_minutes=45, minutes_after=15),
    Setting("womens_prevention", _HEALTH, Goal.WOMENS_HEALTH, gender=GenderDemand.WISH, usual_minutes=45),
    Setting(
        "clinic", _HEALTH, Goal.REGULAR_HEALTH_CARE, german_level=Level.C1, usual_minutes=90,
        minutes_before=15, minutes_after=15,
    ),
    Setting("pregnancy", _HEALTH, Goal.WOMENS_HEALTH, gender=GenderDemand.WISH),
    Setting("vaccination_advice", _HEALTH, Goal.YOUTH_SERVICES, usual_minutes=30),
    Setting(
        "psychosocial", _COUNSELLING, Goal.REGULAR_HEALTH_CARE, _SENSITIVE, _CERTIFIED, Level.C1,
        language_level=Level.C1, gender=GenderDemand.WISH, minutes_before=15, minutes_after=15,
    ),
    Setting(
        "domestic_violence", _COUNSELLING, Goal.WOMENS_HEALTH, _PROTECTED, _CERTIFIED, Level.C1,
        language_level=Level.C1, gender=GenderDemand.CONDITION, usual_minutes=90, minutes_before=15,
        minutes_after=15,
    ),
    Setting(
        "outreach_conflict_counselling", _COUNSELLING, Goal.WOMENS_HEALTH, _SENSITIVE, minutes_before=15,
        minutes_after=15,
    ),
    Setting("health_office", _HEALTH, Goal.REGULAR_HEALTH_CARE, usual_minutes=45),
    Setting("jobcenter", _AUTHORITY, Goal.WORK_ACCESS, usual_minutes=45),
    Setting("employment_agency", _AUTHORITY, Goal.WORK_ACCESS, usual_minutes=45),
    Setting("profiling", _WORK, Goal.EARLY_PROFILING, usual_minutes=90),
    Setting("vocational_advice", _WORK, Goal.WORK_ACCESS),
    Setting("start_up_advice", _WORK, Goal.START_UPS, usual_minutes=90),
    Setting("work_opportunity", _WORK, Goal.FIRST_STEPS_AT_WORK),
    Setting("internship", _WORK, Goal.FIRST_STEPS_AT_WORK),
    Setting("safety_instruction", _WORK, Goal.FIRST_STEPS_AT_WORK),
    Setting("work_routine", _WORK, Goal.FIRST_STEPS_AT_WORK, german_level=Level.B1, language_level=Level.B1),
    Setting("foreigners_office", _AUTHORITY, Goal.OPEN_ADMINISTRATION, usual_minutes=45),
    Setting("social_office", _AUTHORITY, Goal.OPEN_ADMINISTRATION, usual_minutes=45),
    Setting("help_with_forms", _AUTHORITY, Goal.OPEN_ADMINISTRATION),
    Setting("housing", _AUTHORITY, Goal.OPEN_ADMINISTRATION),
    Setting("language_course", _EDUCATION, Goal.COURSES, german_level=Level.B1, usual_minutes=90),
    Setting("migration_counselling", _COUNSELLING, Goal.OPEN_ADMINISTRATION),
    Setting("refugee_social_work", _COUNSELLING, Goal.OPEN_ADMINISTRATION),
    Setting("debt_counselling", _COUNSELLING, Goal.OPEN_ADMINISTRATION),
    Setting(
        "sport_and_club", _LEISURE, Goal.LEISURE_ACCESS, german_level=Level.B1, language_level=Level.B1,
        minutes_before=5, minutes_after=5,
    ),
    Setting(
        "volunteer_initiative", _LEISURE, Goal.VOLUNTEERS, german_level=Level.B1, language_level=Level.B1,
        minutes_before=5, minutes_after=5,
    ),
    Setting(
        "event", _LEISURE, Goal.LEISURE_ACCESS, german_level=Level.B1, usual_minutes=120, minutes_before=15,
    ),
    Setting("court", _AUTHORITY, qualification=_SWORN, elsewhere=Elsewhere.COURT_INTERPRETERS),
    Setting("police", _AUTHORITY, qualification=_SWORN, elsewhere=Elsewhere.POLICE_INTERPRETERS),
    Setting("notary", _AUTHORITY, qualification=_SWORN, elsewhere=Elsewhere.SWORN_INTERPRETERS),
    Setting("asylum_hearing", _AUTHORITY, qualification=_SWORN, elsewhere=Elsewhere.ASYLUM_OFFICE),
    Setting("written_translation", _AUTHORITY, elsewhere=Elsewhere.TRANSLATION_OFFICE),
    Setting("sign_language", _COUNSELLING, elsewhere=Elsewhere.SIGN_LANGUAGE_SERVICE),
)  # fmt: skip

SETTINGS: Mapping[str, Setting] = {setting.code: setting for setting in _SHIPPED}
"""The shipped table by code, in the order of the form."""
