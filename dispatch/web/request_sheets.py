"""Show the page of one request; acts that were refused show it again with what was typed and what speaks against it."""

from collections.abc import Mapping
from datetime import datetime

from flask import render_template, request

from dispatch import clock, i18n, messages
from dispatch.domain import blocks
from dispatch.domain.blocks import TalkOutcome
from dispatch.domain.errors import Invalid
from dispatch.domain.lifecycle import OPEN_REQUEST, UnfilledReason
from dispatch.i18n import gettext as _
from dispatch.services import closing, outside, request_details
from dispatch.services.request_details import Details
from dispatch.web.guards import actor
from dispatch.web.request_forms import is_staff


def show(request_id: int, *, act: str = "", errors: Mapping[str, str] | None = None) -> str:
    """Render the page; `errors` are those of the form of `act`, whose typed values stand in the request."""
    now = clock.now()
    details = request_details.details(actor(), request_id, now)
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


def _late_words(details: Details, now: datetime) -> str:
    """Say until when a cancellation comes in time, or that it no longer does."""
    if details.appointment is None:
        return _("Whoever has been asked is told at once.")
    if closing.cancels_late(details.request, details.appointment, now):
        return _("A cancellation now counts as one at short notice.")
    in_time = closing.in_time_until(details.request)
    return _("In time until %(instant)s; after that it counts as short notice.", instant=i18n.format_instant(in_time))
