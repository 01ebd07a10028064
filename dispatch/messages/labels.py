"""Name every member of every enumeration in the reader's language."""

from enum import Enum

from dispatch.domain.lifecycle import (
    AppointmentState,
    Awaits,
    CancelReason,
    DeclineReason,
    OfferState,
    RequestState,
    UnfilledReason,
    WithdrawalCause,
)
from dispatch.domain.permissions import Role
from dispatch.domain.second_factors import FactorKind
from dispatch.i18n import LazyString
from dispatch.i18n import lazy_gettext as _
from dispatch.i18n import lazy_pgettext as _p
from dispatch.messages.applicant_labels import APPLICANT_LABELS
from dispatch.messages.board_labels import BOARD_LABELS
from dispatch.messages.calendars import CALENDAR_LABELS
from dispatch.messages.call_labels import CALL_LABELS
from dispatch.messages.help_labels import HELP_LABELS
from dispatch.messages.matching_labels import MATCHING_LABELS
from dispatch.messages.outside_labels import OUTSIDE_LABELS
from dispatch.messages.pool_labels import POOL_LABELS
from dispatch.messages.presence import PRESENCE_LABELS
from dispatch.messages.program_labels import PROGRAM_LABELS
from dispatch.messages.request_labels import REQUEST_LABELS

LABELS: dict[type[Enum], dict[Enum, LazyString]] = {
    RequestState: {
        RequestState.DRAFT: _p("request", "draft"),
        RequestState.IN_REVIEW: _p("request", "in review"),
        RequestState.SUBMITTED: _p("request", "received"),
        RequestState.SEARCHING: _p("request", "being placed"),
        RequestState.ASSIGNED: _p("request", "assigned"),
        RequestState.COMPLETED: _p("request", "done"),
        RequestState.UNFILLED: _p("request", "not filled"),
        RequestState.CANCELLED: _p("request", "cancelled"),
    },
    OfferState: {
        OfferState.OPEN: _p("offer", "open"),
        OfferState.ACCEPTED: _p("offer", "accepted"),
        OfferState.DECLINED: _p("offer", "declined"),
        OfferState.EXPIRED: _p("offer", "lapsed"),
        OfferState.WITHDRAWN: _p("offer", "withdrawn"),
    },
    AppointmentState: {
        AppointmentState.PROPOSED: _p("appointment", "proposed"),
        AppointmentState.CONFIRMED: _p("appointment", "confirmed"),
        AppointmentState.RECONFIRMED: _p("appointment", "reconfirmed"),
        AppointmentState.COMPLETED: _p("appointment", "carried out"),
        AppointmentState.CLIENT_ABSENT: _p("appointment", "client was absent"),
        AppointmentState.MEDIATOR_ABSENT: _p("appointment", "mediator was absent"),
        AppointmentState.RELEASED: _p("appointment", "released"),
        AppointmentState.CANCELLED: _p("appointment", "cancelled"),
        AppointmentState.HANDED_BACK: _p("appointment", "handed back"),
        AppointmentState.STEPPED_BACK: _p("appointment", "knows the person"),
    },
    WithdrawalCause: {
        WithdrawalCause.TAKEN: _("somebody else was first"),
        WithdrawalCause.CHANGED: _("the request was changed"),
        WithdrawalCause.UNDELIVERED: _("the message could not be delivered"),
        WithdrawalCause.CLOSED: _("the request was closed"),
        WithdrawalCause.NO_LONGER_FITS: _("it no longer fits"),
    },
    DeclineReason: {
        DeclineReason.NO_TIME: _("No time"),
        DeclineReason.TOO_FAR: _("Too far"),
        DeclineReason.NOT_THIS_CASE: _("Not this case"),
        DeclineReason.NOT_THIS_SETTING: _("Not this kind of talk"),
        DeclineReason.OTHER: _("Another reason"),
    },
    CancelReason: {
        CancelReason.OWN: _("The talk does not take place"),
        CancelReason.SOLVED: _("We found another solution"),
        CancelReason.NO_ANSWER: _("We had no answer in time"),
        CancelReason.REFUSED: _("The service could not take the request"),
    },
    UnfilledReason: {
        UnfilledReason.NOBODY_SPEAKS: _("Nobody in the pool speaks this language"),
        UnfilledReason.NOBODY_FREE: _("Nobody was free"),
        UnfilledReason.TOO_FAR: _("Everybody lives too far away"),
        UnfilledReason.DOCUMENT_MISSING: _("A document was missing"),
        UnfilledReason.ALL_DECLINED: _("Everybody asked declined"),
        UnfilledReason.TOO_LATE: _("The request came too late"),
        UnfilledReason.MEDIATOR_ABSENT: _("The mediator did not come"),
        UnfilledReason.OTHER: _("Another reason was given"),
    },
    Awaits: {
        Awaits.MEDIATOR: _("waiting for the mediator"),
        Awaits.OFFICE: _("waiting for the office"),
    },
    Role: {
        Role.REQUESTER: _p("role", "Requesting office"),
        Role.MEDIATOR: _p("role", "Mediator"),
        Role.COORDINATOR: _p("role", "Coordination"),
        Role.REGIONAL_COORDINATOR: _p("role", "Regional coordination"),
        Role.OBSERVER: _p("role", "Statistics only"),
        Role.ADMINISTRATOR: _p("role", "Administration"),
        Role.SYSTEM: _p("role", "The system itself"),
        Role.LINK: _p("role", "A mailed link"),
    },
    FactorKind: {
        FactorKind.PASSKEY: _("Passkey"),
        FactorKind.TOTP: _("App for one-time codes"),
    },
    **APPLICANT_LABELS,
    **OUTSIDE_LABELS,
    **POOL_LABELS,
    **PRESENCE_LABELS,
    **PROGRAM_LABELS,
    **BOARD_LABELS,
    **CALENDAR_LABELS,
    **CALL_LABELS,
    **HELP_LABELS,
    **REQUEST_LABELS,
    **MATCHING_LABELS,
}
"""By enumeration: members of two enumerations with the same word are equal strings."""


def label(member: Enum) -> str:
    """Return the name of an enumeration's member; KeyError means that it has none yet."""
    return str(LABELS[type(member)][member])
