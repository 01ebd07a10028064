"""Which messages still hold at the instant they would leave."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dispatch.domain.applicants import ApplicantState
from dispatch.domain.lifecycle import AppointmentState, OfferState, RequestState
from dispatch.domain.referrals import ReferralState
from dispatch.domain.relevance import Situation, still_holds
from dispatch.domain.settings import Protection

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
START, END = NOW + timedelta(days=7), NOW + timedelta(days=7, hours=1)
SECOND = timedelta(seconds=1)

TALK = Situation(created_at=NOW, starts_at=START, ends_at=END, protection=Protection.NORMAL)
SEARCHING = replace(TALK, request=RequestState.SEARCHING)
OFFERED = replace(SEARCHING, offer=OfferState.OPEN, deadline_at=NOW + timedelta(hours=14))
CONFIRMED = replace(TALK, request=RequestState.ASSIGNED, appointment=AppointmentState.CONFIRMED)
ACCOUNT = Situation(created_at=NOW, is_active=True)


def ended(state: AppointmentState) -> Situation:
    return replace(CONFIRMED, appointment=state, request=RequestState.SEARCHING)


PROPOSED = replace(CONFIRMED, appointment=AppointmentState.PROPOSED, deadline_at=NOW + timedelta(hours=4))
RECONFIRMED = replace(CONFIRMED, appointment=AppointmentState.RECONFIRMED)
COMPLETED = replace(CONFIRMED, appointment=AppointmentState.COMPLETED)
LATE = replace(CONFIRMED, told_minutes=10, late_minutes=10)
CLOSED = {state: replace(TALK, request=state) for state in RequestState}

HOLDS: dict[str, tuple[Situation, datetime]] = {
    "offer": (OFFERED, NOW),
    "offer_taken": (SEARCHING, START - SECOND),
    "offer_withdrawn": (SEARCHING, START - SECOND),
    "appointment_confirmed": (CONFIRMED, END - SECOND),
    "appointment_proposed": (PROPOSED, NOW),
    "appointment_cancelled": (ended(AppointmentState.CANCELLED), END - SECOND),
    "appointment_released": (ended(AppointmentState.RELEASED), END - SECOND),
    "appointment_moved": (PROPOSED, START - SECOND),
    "appointment_handed_back": (ended(AppointmentState.HANDED_BACK), END - SECOND),
    "appointment_stepped_back": (ended(AppointmentState.STEPPED_BACK), END - SECOND),
    "appointment_running_late": (LATE, END - SECOND),
    "reminder_week": (CONFIRMED, START - SECOND),
    "reminder_reconfirm": (CONFIRMED, START - SECOND),
    "reminder_last": (RECONFIRMED, START - SECOND),
    "office_reminder_week": (CONFIRMED, START - SECOND),
    "office_reminder_last": (RECONFIRMED, START - SECOND),
    "request_received": (SEARCHING, NOW),
    "request_assigned": (CONFIRMED, END - SECOND),
    "request_nobody_yet": (CLOSED[RequestState.IN_REVIEW], START - SECOND),
    "request_refused": (CLOSED[RequestState.CANCELLED], END),
    "request_cancelled": (CLOSED[RequestState.CANCELLED], END),
    "request_unfilled": (CLOSED[RequestState.UNFILLED], END),
    "request_outside": (CLOSED[RequestState.CANCELLED], END),
    "provider_asked": (replace(SEARCHING, referral=ReferralState.ASKED), START - SECOND),
    "provider_not_needed": (SEARCHING, START - SECOND),
    "office_message": (CLOSED[RequestState.CANCELLED], END),
    "digest": (ACCOUNT, NOW + timedelta(hours=12) - SECOND),
    "feedback": (ACCOUNT, NOW + timedelta(days=7) - SECOND),
    "alarm": (replace(ACCOUNT, is_alarm_open=True), NOW),
    "invite": (ACCOUNT, NOW + timedelta(days=7) - SECOND),
    "reset": (ACCOUNT, NOW + timedelta(hours=1) - SECOND),
    "login": (ACCOUNT, NOW + timedelta(minutes=30) - SECOND),
    "factors_changed": (ACCOUNT, NOW),
    "applicant_continue": (replace(ACCOUNT, applicant=ApplicantState.STARTED), NOW),
    "applicant_confirm": (replace(ACCOUNT, applicant=ApplicantState.STARTED), NOW),
    "applicant_received": (replace(ACCOUNT, applicant=ApplicantState.CONFIRMED), NOW),
    "applicant_new": (replace(ACCOUNT, applicant=ApplicantState.CONFIRMED), NOW),
    "applicant_declined": (replace(ACCOUNT, applicant=ApplicantState.DECLINED), NOW),
    "applicant_welcome": (replace(ACCOUNT, applicant=ApplicantState.ACCEPTED), NOW),
}
"""Every kind beside a situation, and the last instant, in which it is still true."""


@pytest.mark.parametrize("kind", HOLDS)
def test_a_message_that_is_true_may_leave(kind: str) -> None:
    assert still_holds(kind, *HOLDS[kind])


@pytest.mark.parametrize("state", [AppointmentState.HANDED_BACK, AppointmentState.STEPPED_BACK])
def test_who_gave_an_appointment_up_is_told_that_it_is_no_longer_hers(state: AppointmentState) -> None:
    assert still_holds("appointment_released", ended(state), END - SECOND)


@pytest.mark.parametrize("kind", [kind for kind, (situation, _at) in HOLDS.items() if situation.protection is not None])
def test_nothing_about_a_protected_case_leaves_by_mail(kind: str) -> None:
    situation, at = HOLDS[kind]

    assert not still_holds(kind, replace(situation, protection=Protection.PROTECTED), at)


@pytest.mark.parametrize(
    "kind",
    [kind for kind, (_situation, at) in HOLDS.items() if at not in {NOW, END}],
)
def test_a_message_is_over_one_second_after_its_last_instant(kind: str) -> None:
    situation, at = HOLDS[kind]

    assert not still_holds(kind, situation, at + SECOND)


@pytest.mark.parametrize(
    ("kind", "situation", "at"),
    [
        pytest.param("offer", OFFERED, NOW + timedelta(hours=14), id="offer-at-its-deadline"),
        pytest.param("offer", replace(OFFERED, offer=OfferState.WITHDRAWN), NOW, id="offer-withdrawn"),
        pytest.param("offer", replace(OFFERED, offer=OfferState.EXPIRED), NOW, id="offer-lapsed"),
        pytest.param("offer", replace(OFFERED, request=RequestState.CANCELLED), NOW, id="offer-of-a-closed-request"),
        pytest.param("offer", replace(OFFERED, offer=None), NOW, id="offer-that-is-gone"),
        pytest.param("appointment_confirmed", ended(AppointmentState.CANCELLED), NOW, id="confirmed-then-cancelled"),
        pytest.param("appointment_confirmed", COMPLETED, NOW, id="confirmed-then-completed"),
        pytest.param("appointment_proposed", CONFIRMED, NOW, id="proposed-then-confirmed"),
        pytest.param("appointment_proposed", PROPOSED, NOW + timedelta(hours=4), id="proposed-past-its-deadline"),
        pytest.param("appointment_cancelled", PROPOSED, NOW, id="cancelled-then-undone"),
        pytest.param("appointment_moved", CONFIRMED, NOW, id="moved-then-confirmed"),
        pytest.param(
            "appointment_moved", replace(PROPOSED, request=RequestState.CANCELLED), NOW, id="moved-then-cancelled"
        ),
        pytest.param("appointment_running_late", replace(LATE, late_minutes=20), NOW, id="later-than-told"),
        pytest.param("appointment_running_late", replace(LATE, appointment=AppointmentState.CANCELLED), NOW, id="late"),
        pytest.param("reminder_reconfirm", RECONFIRMED, NOW, id="asked-though-she-said-so"),
        pytest.param("reminder_week", PROPOSED, NOW, id="reminded-before-a-yes"),
        pytest.param("office_reminder_last", ended(AppointmentState.HANDED_BACK), NOW, id="nobody-comes-any-more"),
        pytest.param("request_received", CLOSED[RequestState.CANCELLED], NOW, id="received-then-cancelled"),
        pytest.param("request_assigned", PROPOSED, NOW, id="found-but-not-yet-sure"),
        pytest.param("request_nobody_yet", CONFIRMED, NOW, id="somebody-was-found"),
        pytest.param("request_cancelled", SEARCHING, NOW, id="cancelled-then-reopened"),
        pytest.param("request_unfilled", SEARCHING, NOW, id="unfilled-then-reopened"),
        pytest.param("request_outside", SEARCHING, NOW, id="helped-then-reopened"),
        pytest.param("provider_asked", SEARCHING, NOW, id="asked-outside-then-withdrawn"),
        pytest.param(
            "provider_asked", replace(CONFIRMED, referral=ReferralState.ASKED), NOW, id="asked-outside-then-found"
        ),
        pytest.param("reset", replace(ACCOUNT, is_active=False), NOW, id="account-disabled"),
        pytest.param("digest", replace(ACCOUNT, is_active=False), NOW, id="overview-of-nobody"),
    ],
)
def test_what_no_longer_holds_is_not_told(kind: str, situation: Situation, at: datetime) -> None:
    assert not still_holds(kind, situation, at)


def test_a_move_that_looks_for_somebody_else_is_told() -> None:
    assert still_holds("appointment_moved", ended(AppointmentState.RELEASED), NOW)


def test_a_kind_that_nobody_writes_is_a_fault() -> None:
    with pytest.raises(KeyError):
        still_holds("gossip", TALK, NOW)
