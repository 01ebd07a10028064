"""Name who is called and what came of a call."""

from enum import Enum

from dispatch.domain.calls import CallSide, Outcome
from dispatch.i18n import LazyString
from dispatch.i18n import lazy_pgettext as _p

CALL_LABELS: dict[type[Enum], dict[Enum, LazyString]] = {
    CallSide: {
        CallSide.MEDIATOR: _p("call", "Mediators"),
        CallSide.OFFICE: _p("call", "Offices"),
    },
    Outcome: {
        Outcome.YES: _p("call", "Says yes"),
        Outcome.NO: _p("call", "Says no"),
        Outcome.TOLD: _p("call", "Told"),
        Outcome.NOT_REACHED: _p("call", "Not reached"),
        Outcome.CALL_BACK: _p("call", "Call back at this time"),
    },
}
