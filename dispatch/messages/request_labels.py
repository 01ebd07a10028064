"""Name the choices of a request: fields of work with their groups, modes, ways of placing, wishes and consent."""

from enum import Enum

from dispatch.domain.blocks import Advice, TalkOutcome
from dispatch.domain.candidates import Gender
from dispatch.domain.languages import Level
from dispatch.domain.modes import Mode
from dispatch.domain.privacy import WarningCode
from dispatch.domain.requests import Consent, Continuity, Policy, ReviewReason
from dispatch.domain.settings import SETTINGS, Elsewhere, Protection, Qualification, SettingGroup
from dispatch.i18n import LazyString
from dispatch.i18n import lazy_gettext as _
from dispatch.i18n import lazy_pgettext as _p
from dispatch.services import settings

SETTING_NAMES: dict[str, LazyString] = {
    "parent_talk": _p("setting", "Parent talk"),
    "parents_evening": _p("setting", "Parents' evening"),
    "kita_talk": _p("setting", "Talk at the day care"),
    "enrolment": _p("setting", "Enrolment at school"),
    "schooling_advice": _p("setting", "Advice on schooling"),
    "educational_path": _p("setting", "Advice on the educational path"),
    "youth_welfare_office": _p("setting", "Youth welfare office"),
    "crisis_talk": _p("setting", "Crisis talk"),
    "unaccompanied_minors": _p("setting", "Unaccompanied minors"),
    "doctor": _p("setting", "Doctor's appointment"),
    "womens_prevention": _p("setting", "Women's preventive health"),
    "clinic": _p("setting", "Clinic"),
    "pregnancy": _p("setting", "Pregnancy and birth"),
    "vaccination_advice": _p("setting", "Advice on vaccination"),
    "psychosocial": _p("setting", "Psychosocial talk"),
    "domestic_violence": _p("setting", "Advice after domestic violence"),
    "outreach_conflict_counselling": _p("setting", "Outreach conflict counselling"),
    "health_office": _p("setting", "Health office"),
    "jobcenter": _p("setting", "Jobcenter"),
    "employment_agency": _p("setting", "Employment agency"),
    "profiling": _p("setting", "Profiling of skills"),
    "vocational_advice": _p("setting", "Vocational advice"),
    "start_up_advice": _p("setting", "Advice on starting a business"),
    "work_opportunity": _p("setting", "Work opportunity (§ 5 AsylbLG)"),
    "internship": _p("setting", "Internship"),
    "safety_instruction": _p("setting", "Safety instruction at work"),
    "work_routine": _p("setting", "Daily routine at work"),
    "foreigners_office": _p("setting", "Foreigners' office"),
    "social_office": _p("setting", "Social office"),
    "help_with_forms": _p("setting", "Help with forms"),
    "housing": _p("setting", "Housing"),
    "language_course": _p("setting", "Language course"),
    "migration_counselling": _p("setting", "Migration counselling"),
    "refugee_social_work": _p("setting", "Social work with refugees"),
    "debt_counselling": _p("setting", "Debt counselling"),
    "sport_and_club": _p("setting", "Sport and clubs"),
    "volunteer_initiative": _p("setting", "Volunteer initiative"),
    "event": _p("setting", "Event"),
    "court": _p("setting", "Court"),
    "police": _p("setting", "Police"),
    "notary": _p("setting", "Notary"),
    "asylum_hearing": _p("setting", "Asylum hearing"),
    "written_translation": _p("setting", "Written translation"),
    "sign_language": _p("setting", "Sign language"),
}

ELSEWHERE: dict[Elsewhere, LazyString] = {
    Elsewhere.COURT_INTERPRETERS: _("Courts appoint interpreters themselves. Please ask the court."),
    Elsewhere.POLICE_INTERPRETERS: _("The police bring interpreters themselves. Please ask them."),
    Elsewhere.SWORN_INTERPRETERS: _("This needs a sworn interpreter; the register of the courts lists them."),
    Elsewhere.ASYLUM_OFFICE: _("The asylum office brings its own interpreters. Please ask it."),
    Elsewhere.TRANSLATION_OFFICE: _("We interpret what is spoken. Documents are translated by translation offices."),
    Elsewhere.SIGN_LANGUAGE_SERVICE: _("Sign language has a service of its own. We name it when you call."),
}

WARNINGS: dict[WarningCode, LazyString] = {
    WarningCode.NAME: _("This looks like a name. Please strike it out unless it belongs to your own office."),
    WarningCode.BIRTH_DATE: _("This looks like a date of birth. Please strike it out."),
}

REQUEST_LABELS: dict[type[Enum], dict[Enum, LazyString]] = {
    SettingGroup: {
        SettingGroup.EDUCATION: _p("group", "Education"),
        SettingGroup.HEALTH: _p("group", "Health"),
        SettingGroup.AUTHORITY: _p("group", "Authorities"),
        SettingGroup.WORK: _p("group", "Work"),
        SettingGroup.COUNSELLING: _p("group", "Counselling"),
        SettingGroup.LEISURE: _p("group", "Leisure"),
    },
    Protection: {
        Protection.NORMAL: _p("protection", "normal"),
        Protection.SENSITIVE: _p("protection", "sensitive"),
        Protection.PROTECTED: _p("protection", "protected"),
    },
    Mode: {
        Mode.ON_SITE: _p("mode", "on site"),
        Mode.PHONE: _p("mode", "by phone"),
        Mode.VIDEO: _p("mode", "by video"),
    },
    Policy: {
        Policy.WAVES: _p("policy", "Ask by itself, in rounds"),
        Policy.MANUAL: _p("policy", "I choose whom to ask"),
        Policy.DIRECT: _p("policy", "I assign somebody"),
    },
    Continuity: {
        Continuity.GERN: _p("continuity", "If possible"),
        Continuity.EGAL: _p("continuity", "It does not matter"),
        Continuity.LIEBER_NICHT: _p("continuity", "Rather not"),
    },
    Consent: {
        Consent.KNOWN: _p("consent", "Yes"),
        Consent.CRISIS: _p("consent", "That cannot be settled now (crisis)"),
    },
    Advice: {
        Advice.BREAK: _("Above three hours please plan a break."),
        Advice.SECOND_PERSON: _("Above four hours a second person should take turns: please send a second request."),
    },
    TalkOutcome: {
        TalkOutcome.HELD: _("has taken place"),
        TalkOutcome.CLIENT_ABSENT: _("the people did not come"),
        TalkOutcome.CANCELLED: _("cancelled"),
    },
    ReviewReason: {
        ReviewReason.SETTING: _("This field of work is looked at first"),
        ReviewReason.LANGUAGE: _("The language is not settled yet"),
        ReviewReason.OUT_OF_SCOPE: _("Usually arranged elsewhere"),
        ReviewReason.PLACE_OUTSIDE: _("The place lies outside the district"),
        ReviewReason.RESIDENT: _("A resident asks"),
        ReviewReason.RULE: _("The rules for this kind of organisation ask for a look"),
    },
    Gender: {
        Gender.FEMALE: _p("gender", "woman"),
        Gender.MALE: _p("gender", "man"),
        Gender.DIVERSE: _p("gender", "diverse"),
    },
    Qualification: {
        Qualification.LAY: _p("qualification", "trained volunteer"),
        Qualification.CERTIFIED: _p("qualification", "certified"),
        Qualification.SWORN: _p("qualification", "sworn"),
    },
    Level: {
        Level.NATIVE: _p("level", "first language"),
        Level.C2: _p("level", "C2"),
        Level.C1: _p("level", "C1"),
        Level.B2: _p("level", "B2"),
        Level.B1: _p("level", "B1"),
    },
}


FIELD_NAMES: dict[str, LazyString] = {
    "unit": _("Organisation"),
    "new_name": _("Name of the office"),
    "new_kind": _("Kind of office"),
    "new_phone": _("Telephone of the office"),
    "new_email": _("E-mail of the office"),
    "caller_name": _("Who asks"),
    "caller_phone": _("Number to call back"),
    "caller_email": _("E-mail of who asks"),
    "organisation": _("Organisation"),
    "language": _("Language"),
    "related": _("Related language"),
    "dialect": _("Dialect"),
    "level": _("Level of the language"),
    "setting": _("Field of work"),
    "protection": _("Protection"),
    "case_token": _("Case code"),
    "day": _("Day"),
    "start": _("Beginning"),
    "length": _("Minutes or end"),
    "talks": _("Number of talks"),
    "talk_minutes": _("Minutes for each talk"),
    "talk_lines": _("References of the talks"),
    "latest": _("Latest useful answer"),
    "mode": _("Way"),
    "fallback_modes": _("Other way"),
    "place": _("Municipality"),
    "address": _("Address"),
    "place_note": _("Meeting point"),
    "meeting_point": _("Neutral meeting point"),
    "access_phone": _("Number to call"),
    "access_url": _("Address of the video room"),
    "contact_name": _("Contact"),
    "contact_phone": _("Telephone"),
    "gender": _("Woman or man"),
    "continuity": _("Same person"),
    "qualification": _("Qualification"),
    "minor": _("Minor without guardian"),
    "preferred": _("Person wished for"),
    "excluded": _("Person not wanted"),
    "avoided": _("Municipality to avoid"),
    "reference": _("Own reference"),
    "notes": _("Notes"),
    "consent": _("Agreement"),
    "wants_approval": _("Approval"),
    "policy": _("Way of placing"),
    "channel": _("Channel"),
}
"""Short names of the fields of the form, for its summary of errors and for comparing versions."""


def setting_name(code: str) -> str:
    """Return the name of a field of work: the one the district gave it, else the shipped one."""
    return settings.own_label(code) or shipped_setting_name(code)


def shipped_setting_name(code: str) -> str:
    """Return the name of a field of work as shipped; the code itself for an unknown one."""
    return str(SETTING_NAMES.get(code, code))


def listed_field(code: str, protection: str) -> str:
    """Return what a list says of a field of work: its name, its group if sensitive, nothing of a protected case."""
    known = SETTINGS.get(code)
    match Protection(protection):
        case Protection.NORMAL:
            return setting_name(code)
        case Protection.SENSITIVE:
            return str(REQUEST_LABELS[SettingGroup][known.group]) if known else str(_("A talk"))
        case Protection.PROTECTED:
            return ""


def elsewhere(hint: Elsewhere) -> str:
    """Say where else an office turns."""
    return str(ELSEWHERE[hint])


def privacy_warning(code: WarningCode) -> str:
    """Say what a text seems to hold that should not stand there."""
    return str(WARNINGS[code])
