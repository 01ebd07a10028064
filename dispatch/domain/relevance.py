"""Decide whether what a message tells still holds at the instant it would leave.

A message may wait for hours: in the night, or for a mail server that is down. It never decides who is told what.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.domain.accounts import MAILED_LINKS, link_ends_at
from dispatch.domain.applicants import ApplicantState
from dispatch.domain.lifecycle import AppointmentState, OfferState, RequestState
from dispatch.domain.referrals import ReferralState
from dispatch.domain.settings import Protection

DIGEST_LASTS = timedelta(hours=12)
CONFIRMATION_LASTS = timedelta(days=2)
PROTECTED_WAITS_LASTS = timedelta(days=2)
FEEDBACK_LASTS = timedelta(days=7)
_PROMISED = {AppointmentState.CONFIRMED, AppointmentState.RECONFIRMED}
_UNANSWERED = {RequestState.IN_REVIEW, RequestState.SUBMITTED, RequestState.SEARCHING}
_CLOSED = {RequestState.CANCELLED, RequestState.UNFILLED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """How the things a message tells of stand now; what it does not concern is None.

    `starts_at` and `ends_at` are those of the appointment if it tells of one, else of the request. `deadline_at` is
    the offer's or the appointment's. `told_minutes` is the delay the message tells, `late_minutes` today's;
    `is_alarm_open`: nobody has taken the alarm it tells of; `is_open`: what a person of the pool is told or asked about
    herself still holds.
    """

    created_at: datetime
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    protection: Protection | None = None
    request: RequestState | None = None
    offer: OfferState | None = None
    appointment: AppointmentState | None = None
    deadline_at: datetime | None = None
    told_minutes: int | None = None
    late_minutes: int | None = None
    is_active: bool = False
    referral: ReferralState | None = None
    is_alarm_open: bool = False
    is_open: bool = False
    applicant: ApplicantState | None = None


def still_holds(kind: str, it: Situation, at: datetime) -> bool:
    """Tell whether a message of `kind` may leave `at` that instant; KeyError for a kind nobody writes.

    Nothing about a protected case ever leaves by mail.
    """
    holds = _RULES[kind]
    return it.protection is not Protection.PROTECTED and holds(it, at)


def _offer(it: Situation, at: datetime) -> bool:
    is_asked = it.offer is OfferState.OPEN and it.request is RequestState.SEARCHING
    return is_asked and not _has_passed(it.deadline_at, at)


def _before_its_start(it: Situation, at: datetime) -> bool:
    return not _has_passed(it.starts_at, at)


def _before_its_end(it: Situation, at: datetime) -> bool:
    return not _has_passed(it.ends_at, at)


def _proposed(it: Situation, at: datetime) -> bool:
    waits = it.appointment is AppointmentState.PROPOSED and not _has_passed(it.deadline_at, at)
    return waits and _before_its_end(it, at)


def _awaiting_office(it: Situation, at: datetime) -> bool:
    return it.appointment is AppointmentState.PROPOSED and _before_its_start(it, at)


def _promised(it: Situation, at: datetime) -> bool:
    return it.appointment in _PROMISED and _before_its_end(it, at)


def _reminded(it: Situation, at: datetime) -> bool:
    return it.appointment in _PROMISED and _before_its_start(it, at)


def _asked_again(it: Situation, at: datetime) -> bool:
    return it.appointment is AppointmentState.CONFIRMED and _before_its_start(it, at)


def _ended_as(*states: AppointmentState) -> Callable[[Situation, datetime], bool]:
    return lambda it, at: it.appointment in states and _before_its_end(it, at)


def _moved(it: Situation, at: datetime) -> bool:
    is_open = it.appointment in {AppointmentState.PROPOSED, AppointmentState.RELEASED}
    return is_open and it.request not in _CLOSED and _before_its_start(it, at)


def _running_late(it: Situation, at: datetime) -> bool:
    return _promised(it, at) and it.told_minutes == it.late_minutes


def _nobody_yet(it: Situation, at: datetime) -> bool:
    is_unanswered = it.request in _UNANSWERED or it.appointment is AppointmentState.PROPOSED
    return is_unanswered and _before_its_start(it, at)


def _asks_outside(it: Situation, at: datetime) -> bool:
    return it.referral is ReferralState.ASKED and it.request in _UNANSWERED and _before_its_start(it, at)


def _closed_as(state: RequestState) -> Callable[[Situation, datetime], bool]:
    return lambda it, _at: it.request is state


def _link(kind: str) -> Callable[[Situation, datetime], bool]:
    return lambda it, at: it.is_active and at < link_ends_at(kind, it.created_at)


def _open(it: Situation, _at: datetime) -> bool:
    return it.is_open


def _applies(state: ApplicantState) -> Callable[[Situation, datetime], bool]:
    return lambda it, _at: it.applicant is state


def _has_passed(instant: datetime | None, at: datetime) -> bool:
    return instant is not None and instant <= at


_RULES: Mapping[str, Callable[[Situation, datetime], bool]] = {
    "offer": _offer,
    "offer_taken": _before_its_start,
    "offer_withdrawn": _before_its_start,
    "appointment_confirmed": _promised,
    "appointment_proposed": _proposed,
    "appointment_awaits_office": _awaiting_office,
    "approval_wanted": _awaiting_office,
    "appointment_cancelled": _ended_as(AppointmentState.CANCELLED),
    "appointment_released": _ended_as(
        AppointmentState.RELEASED, AppointmentState.HANDED_BACK, AppointmentState.STEPPED_BACK
    ),
    "appointment_moved": _moved,
    "appointment_handed_back": _ended_as(AppointmentState.HANDED_BACK),
    "appointment_stepped_back": _ended_as(AppointmentState.STEPPED_BACK),
    "appointment_running_late": _running_late,
    "reminder_week": _reminded,
    "reminder_reconfirm": _asked_again,
    "reminder_last": _reminded,
    "office_reminder_week": _reminded,
    "office_reminder_last": _reminded,
    "request_received": lambda it, _at: it.request not in _CLOSED,
    "request_assigned": _promised,
    "request_nobody_yet": _nobody_yet,
    "request_refused": _closed_as(RequestState.CANCELLED),
    "request_cancelled": _closed_as(RequestState.CANCELLED),
    "request_unfilled": _closed_as(RequestState.UNFILLED),
    "request_outside": _closed_as(RequestState.CANCELLED),
    "help_request_received": lambda it, at: at - it.created_at < CONFIRMATION_LASTS,
    "provider_asked": _asks_outside,
    "provider_not_needed": _before_its_start,
    "feedback": lambda it, at: at < it.created_at + FEEDBACK_LASTS,
    "alarm": lambda it, _at: it.is_alarm_open,
    "office_message": lambda it, _at: it.request is not None,
    "appointment_replaced": _ended_as(AppointmentState.RELEASED),
    "request_people_found": lambda it, at: it.request is RequestState.SEARCHING and _before_its_start(it, at),
    "document_ends": _open,
    "confirm_data": _open,
    "still_there": _open,
    "digest": lambda it, at: it.is_active and at - it.created_at < DIGEST_LASTS,
    "protected_waits": lambda it, at: at - it.created_at < PROTECTED_WAITS_LASTS,
    "factors_changed": lambda it, _at: it.is_active,
    "applicant_continue": _applies(ApplicantState.STARTED),
    "applicant_confirm": _applies(ApplicantState.STARTED),
    "applicant_received": _applies(ApplicantState.CONFIRMED),
    "applicant_new": _applies(ApplicantState.CONFIRMED),
    "applicant_declined": _applies(ApplicantState.DECLINED),
    "applicant_welcome": _applies(ApplicantState.ACCEPTED),
    **{kind: _link(kind) for kind in MAILED_LINKS},
}
