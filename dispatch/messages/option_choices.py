"""Name what can be chosen in the options: federal states, goals, demands, and all that has a label already."""

from enum import StrEnum

from dispatch.domain.languages import Level
from dispatch.domain.ranking import Criterion
from dispatch.domain.second_factors import FactorRule
from dispatch.domain.settings import (
    Elsewhere,
    GenderDemand,
    Goal,
    Protection,
    Qualification,
    SettingGroup,
)
from dispatch.i18n import LazyString
from dispatch.i18n import lazy_gettext as _l
from dispatch.i18n import lazy_pgettext as _p
from dispatch.messages.labels import label
from dispatch.messages.request_labels import ELSEWHERE, setting_name

_LABELLED: tuple[type[StrEnum], ...] = (SettingGroup, Protection, Qualification, Level, Criterion)
_OWN: dict[str, LazyString] = {
    GenderDemand.NONE.value: _p("demand", "no matter"),
    GenderDemand.WISH.value: _p("demand", "proposed as a wish"),
    GenderDemand.CONDITION.value: _p("demand", "always a condition"),
    Goal.DAYCARE_USED.value: _l("4.1 Day care is used"),
    Goal.SCHOOL_ACCESS.value: _l("4.1 Access to school"),
    Goal.COURSES.value: _l("4.2 Language and integration courses"),
    Goal.WORK_ACCESS.value: _l("4.3 Access to work"),
    Goal.EARLY_PROFILING.value: _l("4.3 Early profiling"),
    Goal.START_UPS.value: _l("4.3 Starting a business"),
    Goal.REGULAR_HEALTH_CARE.value: _l("4.4 Regular health care"),
    Goal.WOMENS_HEALTH.value: _l("4.4 Women's health"),
    Goal.OPEN_ADMINISTRATION.value: _l("4.5 Open administration"),
    Goal.LEISURE_ACCESS.value: _l("4.5 Access to leisure"),
    Goal.FIRST_STEPS_AT_WORK.value: _l("4.5 First steps at work"),
    Goal.YOUTH_SERVICES.value: _l("4.5 Youth services"),
    Goal.VOLUNTEERS.value: _l("4.6 Volunteers"),
    FactorRule.ADVISED.value: _l("advised"),
    FactorRule.REQUIRED.value: _l("required before anything else"),
    "BB": _p("land", "Brandenburg"),
    "BE": _p("land", "Berlin"),
    "BW": _p("land", "Baden-Württemberg"),
    "BY": _p("land", "Bavaria"),
    "HB": _p("land", "Bremen"),
    "HE": _p("land", "Hesse"),
    "HH": _p("land", "Hamburg"),
    "MV": _p("land", "Mecklenburg-Western Pomerania"),
    "NI": _p("land", "Lower Saxony"),
    "NW": _p("land", "North Rhine-Westphalia"),
    "RP": _p("land", "Rhineland-Palatinate"),
    "SH": _p("land", "Schleswig-Holstein"),
    "SL": _p("land", "Saarland"),
    "SN": _p("land", "Saxony"),
    "ST": _p("land", "Saxony-Anhalt"),
    "TH": _p("land", "Thuringia"),
}


def choice_word(code: str) -> str:
    """Return the name of what can be chosen by its code; a setting's, where nothing else is called so."""
    for kind in _LABELLED:
        if code in set(kind):
            return label(kind(code))
    if code in set(Elsewhere):
        return str(ELSEWHERE[Elsewhere(code)])
    return str(_OWN[code]) if code in _OWN else setting_name(code)
