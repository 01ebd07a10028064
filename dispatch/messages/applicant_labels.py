"""Name the steps and states of applicants, the parts of the day, and levels as people say them of themselves."""

from collections.abc import Mapping
from enum import Enum

from dispatch.domain.applicants import ApplicantState, DayPart, Step
from dispatch.domain.languages import Level
from dispatch.i18n import LazyString
from dispatch.i18n import lazy_pgettext as _p

APPLICANT_LABELS: dict[type[Enum], dict[Enum, LazyString]] = {
    ApplicantState: {
        ApplicantState.STARTED: _p("application", "not sent yet"),
        ApplicantState.CONFIRMED: _p("application", "waiting"),
        ApplicantState.ACCEPTED: _p("application", "in the pool"),
        ApplicantState.DECLINED: _p("application", "declined"),
        ApplicantState.WITHDRAWN: _p("application", "withdrawn"),
    },
    Step: {
        Step.TALK: _p("step", "Talk"),
        Step.TRAINING: _p("step", "Training"),
        Step.UNDERTAKING: _p("step", "Undertaking of confidentiality signed"),
        Step.CERTIFICATE: _p("step", "Certificate of good conduct seen"),
        Step.ACCOMPANIED: _p("step", "First accompanied appointment"),
    },
    DayPart: {
        DayPart.MORNING: _p("part of the day", "morning"),
        DayPart.AFTERNOON: _p("part of the day", "afternoon"),
        DayPart.EVENING: _p("part of the day", "evening"),
    },
}

LEVELS: Mapping[Level, LazyString] = {
    Level.NATIVE: _p("level in plain words", "It is my first language"),
    Level.C2: _p("level in plain words", "Perfectly (C2)"),
    Level.C1: _p("level in plain words", "Very well (C1)"),
    Level.B2: _p("level in plain words", "Well (B2)"),
    Level.B1: _p("level in plain words", "Enough for everyday life (B1)"),
}
"""How well somebody speaks a language, as people say it of themselves."""
