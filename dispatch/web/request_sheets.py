"""Show the page of one request; acts that were refused show it again with what was typed and what speaks against it."""

from collections.abc import Mapping
from datetime import datetime

from flask import render_template, request

from dispatch import clock, i18n, messages
from dispatch.domain import blocks
from dispatch.domain.blocks import TalkOutcome
from dispatch.domain.calls import Outcome
from dispatch.domain.errors import Invalid
from dispatch.domain.lifecycle import OPEN_REQUEST, UnfilledReason
from dispatch.domain.permissions import Act
from dispatch.i18n import gettext as _
from dispatch.services import (
    alarms,
    claims,
    closing,
    duty,
    help_requests,
    internal_notes,
    outside,
    readings,
    request_details,
)
from dispatch.services.promises import UNANSWERED
from dispatch.services.request_details import Details
from dispatch.web.guards import actor, may_do
from dispatch.web.request_forms import is_staff


def show(request_id: int, *, act: str = "", errors: Mapping[str, str] | None = None) -> str:
    """Render the page; `errors` are those of the form of `act`, whose typed values stand in the request."""
    now = clock.now()
    details = request_details.details(actor(), request_id, now)
    readings.note(actor(), ("request", request_id), details.request.protection, now)
    return render_template(
        "requests/show.html",
        details=details,
        row=details.request,
        now=now,
        is_late=closing.cancels_late(details.request, details.appointment, now),
        is_open=details.request.state in OPEN_REQUEST,
        is_staff=is_staff(),
        late_words=_late_words(details, now),
        outside=outside.beside(actor(), details.request) if is_staff() else None,
        claim=claims.of(details.request, now),
        claimed_by=claims.names([details.request], now),
        claim_ends=_claim_ends(details, now),
        answering=_answering(details, now),
        alarms=alarms.open_alarms(actor(), request_id=request_id) if may_do(Act.REQUEST_CLAIM) else [],
        log=internal_notes.log(actor(), internal_notes.request(request_id)) if may_do(Act.NOTE_VIEW) else None,
        help=_help(details, now),
        log_about=internal_notes.request(request_id),
        call_outcomes=[(outcome.value, messages.label(outcome)) for outcome in Outcome],
        unfilled_reasons=[(reason.value, messages.label(reason)) for reason in UnfilledReason],
        advised=blocks.advice(details.request.starts_at, details.request.ends_at),
        outcomes=[(outcome.value, messages.label(outcome)) for outcome in TalkOutcome],
        errors={act: errors or {}},
        typed={act: request.form},
    )


def refused(request_id: int, act: str, refusal: Invalid) -> tuple[str, int]:
    """Render the page with what is wrong in the form of `act`."""
    found = messages.field_sentences(refusal)
    return show(request_id, act=act, errors={field: sentences[0] for field, sentences in found.items()}), 422


def _help(details: Details, now: datetime) -> help_requests.Beside | None:
    """Return what a resident said besides the request, for the coordination."""
    if not is_staff() or not details.organisation.is_for_residents:
        return None
    return help_requests.beside(actor(), details.request, now)


def _claim_ends(details: Details, now: datetime) -> datetime | None:
    claim = claims.of(details.request, now)
    return claims.ends_at(claim) if claim else None


def _answering(details: Details, now: datetime) -> duty.Answering | None:
    """Return who is there when the promise to the office falls due, while it waits for an answer."""
    row = details.request
    waits = row.state in UNANSWERED and row.answer_by is not None and row.answer_by > now
    return duty.answering(row.answer_by) if waits and row.answer_by else None


def _late_words(details: Details, now: datetime) -> str:
    """Say until when a cancellation comes in time, or that it no longer does."""
    if details.appointment is None:
        return _("Whoever has been asked is told at once.")
    if closing.cancels_late(details.request, details.appointment, now):
        return _("A cancellation now counts as one at short notice.")
    in_time = closing.in_time_until(details.request)
    return _("In time until %(instant)s; after that it counts as short notice.", instant=i18n.format_instant(in_time))
