"""Name the parts of a score, the ways to travel, the documents, and who keeps somebody away."""

from enum import Enum

from dispatch.domain.ranking import Criterion
from dispatch.domain.settings import DocumentType
from dispatch.domain.travel import Transport
from dispatch.i18n import LazyString
from dispatch.i18n import lazy_gettext as _l
from dispatch.i18n import lazy_pgettext as _p

MATCHING_LABELS: dict[type[Enum], dict[Enum, LazyString]] = {
    Criterion: {
        Criterion.LANGUAGE: _p("criterion", "Language"),
        Criterion.CONTINUITY: _p("criterion", "Familiarity"),
        Criterion.WISHES: _p("criterion", "Wishes"),
        Criterion.WAY: _p("criterion", "Way"),
        Criterion.FAIR_SHARE: _p("criterion", "Fair share"),
        Criterion.EXPERIENCE: _p("criterion", "Experience"),
        Criterion.BUNDLING: _p("criterion", "Bundled"),
    },
    Transport: {
        Transport.CAR: _p("transport", "car"),
        Transport.PUBLIC: _p("transport", "bus and train"),
        Transport.BICYCLE: _p("transport", "bicycle"),
        Transport.LIFT: _p("transport", "as a passenger"),
    },
    DocumentType: {
        DocumentType.UNDERTAKING: _p("document", "undertaking of confidentiality"),
        DocumentType.CONDUCT_CERTIFICATE: _p("document", "certificate of good conduct"),
        DocumentType.MEASLES_PROOF: _p("document", "proof of measles protection"),
    },
}

EXCLUDED: dict[str, LazyString] = {
    "unit": _l("The office does not want her or him"),
    "request": _l("Excluded for this request"),
    "case": _l("Knows the person of this case"),
    "refuses_unit": _l("Does not want to work for this office"),
    "refuses_setting": _l("Does not want this kind of talk"),
    "own_municipality": _l("Does not want to work in the own municipality"),
    "avoided_municipality": _l("Lives in a municipality that the office avoids"),
}
