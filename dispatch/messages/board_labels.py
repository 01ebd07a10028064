"""Name the choices of the board."""

from enum import Enum

from dispatch.i18n import LazyString
from dispatch.i18n import lazy_pgettext as _p
from dispatch.services.board_filters import Span

BOARD_LABELS: dict[type[Enum], dict[Enum, LazyString]] = {
    Span: {
        Span.TODAY: _p("span", "Today"),
        Span.WEEK: _p("span", "Next 7 days"),
        Span.MONTH: _p("span", "Next 30 days"),
    },
}
