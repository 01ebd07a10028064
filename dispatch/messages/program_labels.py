"""Name what a program's token is for."""

from enum import Enum

from dispatch.domain.programs import Scope
from dispatch.i18n import LazyString
from dispatch.i18n import lazy_gettext as _

PROGRAM_LABELS: dict[type[Enum], dict[Enum, LazyString]] = {
    Scope: {
        Scope.READ: _("Look at everything"),
        Scope.REQUESTS: _("Requests"),
        Scope.OFFERS: _("Offers"),
        Scope.APPOINTMENTS: _("Appointments"),
        Scope.MEDIATORS: _("Mediators"),
        Scope.ORGANISATIONS: _("Organisations"),
        Scope.WEBHOOKS: _("Webhooks"),
    },
}
