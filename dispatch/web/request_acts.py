"""Acts on a request besides its form: cancel, reopen, decide a review, give up, delete a draft."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from dispatch import clock, messages
from dispatch.domain.errors import DoesNotFit, DoubleBooked, Invalid, Missing
from dispatch.domain.lifecycle import CancelReason
from dispatch.domain.permissions import Act
from dispatch.i18n import gettext as _
from dispatch.services import blocks, closing, request_details, request_messages, requests, reviews
from dispatch.services.audit import OnBehalf
from dispatch.web import request_sheets
from dispatch.web.guards import actor, inform, requires
from dispatch.web.request_forms import is_staff

bp = Blueprint("request_acts", __name__)

Page = str | Response | tuple[str, int]

TALK = "outcome-"
"""Before the position of a talk: the name of the field of its outcome."""


@bp.get("/requests/<int:request_id>/cancel")
@requires(Act.REQUEST_CANCEL)
def ask_cancel(request_id: int) -> str:
    """Say before a cancellation what it comes to, and ask for its reason."""
    return _cancel_page(request_id, {})


@bp.post("/requests/<int:request_id>/cancel")
@requires(Act.REQUEST_CANCEL)
def cancel(request_id: int) -> Page:
    """Cancel a request and its appointment; a second time is no fault."""
    on_behalf = OnBehalf(request.form.get("channel", "")) if is_staff() else None
    try:
        done = closing.cancel(actor(), request_id, request.form.get("reason", ""), clock.now(), on_behalf=on_behalf)
    except Invalid as refusal:
        return _cancel_page(request_id, _first(refusal)), 422
    inform(_("The request is cancelled, at short notice.") if done.late else _("The request is cancelled."))
    return redirect(url_for("requests.show", request_id=request_id))


@bp.post("/requests/<int:request_id>/reopen")
@requires(Act.REQUEST_REOPEN)
def reopen(request_id: int) -> Page:
    """Undo a cancellation, or search again; whose mediator cannot come any more is offered a search instead."""
    try:
        closing.reopen(actor(), request_id, clock.now(), search_again=request.form.get("search_again") == "1")
    except (DoesNotFit, DoubleBooked) as refusal:
        return _reopen_page(request_id, messages.sentence(refusal)), 409
    inform(_("The request is open again."))
    return redirect(url_for("requests.show", request_id=request_id))


@bp.post("/requests/<int:request_id>/review")
@requires(Act.REQUEST_REVIEW)
def review(request_id: int) -> Page:
    """Release a request into the search, or refuse it with a reason."""
    try:
        accept = reviews.parse_decision(request.form.get("decision", ""))
        reviews.review(actor(), request_id, clock.now(), accept=accept, reason=request.form.get("reason", ""))
    except Invalid as refusal:
        return request_sheets.refused(request_id, "review", refusal)
    inform(_("The request is released.") if accept else _("The request is refused; its office is told."))
    return redirect(url_for("requests.show", request_id=request_id))


@bp.post("/requests/<int:request_id>/message")
@requires(Act.REQUEST_CANCEL)
def write(request_id: int) -> Page:
    """Send what the office says about its request to the coordination."""
    try:
        request_messages.write(actor(), request_id, request.form.get("text", ""), clock.now())
    except Invalid as refusal:
        return request_sheets.refused(request_id, "message", refusal)
    inform(_("Your message has reached the coordination. It answers you."))
    return redirect(url_for("requests.show", request_id=request_id))


@bp.post("/requests/<int:request_id>/message/settled")
@requires(Act.REQUEST_CLAIM)
def settle(request_id: int) -> Page:
    """Note that what the office wrote was dealt with."""
    request_messages.settle(actor(), request_id, clock.now())
    inform(_("Noted: the office has its answer."))
    return redirect(url_for("requests.show", request_id=request_id))


@bp.post("/requests/<int:request_id>/unfilled")
@requires(Act.REQUEST_CLOSE_UNFILLED)
def give_up(request_id: int) -> Page:
    """Close a request that nobody can take, with the reason that counts."""
    form = request.form
    try:
        closing.mark_unfilled(actor(), request_id, form.get("reason", ""), clock.now(), note=form.get("note", ""))
    except Invalid as refusal:
        return request_sheets.refused(request_id, "unfilled", refusal)
    inform(_("The request is closed as not filled; its office is told."))
    return redirect(url_for("requests.show", request_id=request_id))


@bp.post("/requests/<int:request_id>/talks")
@requires(Act.REQUEST_EDIT)
def note_outcomes(request_id: int) -> Page:
    """Note what became of the talks of a block."""
    outcomes = {
        int(name.removeprefix(TALK)): word
        for name, word in request.form.items()
        if name.startswith(TALK) and len(name) <= len(TALK) + 3 and name.removeprefix(TALK).isdecimal()
    }
    try:
        blocks.note_outcomes(actor(), request_id, outcomes, clock.now())
    except Invalid as refusal:
        return request_sheets.refused(request_id, "talks", refusal)
    inform(_("It is noted what became of the talks."))
    return redirect(url_for("requests.show", request_id=request_id))


@bp.post("/requests/<int:request_id>/delete")
@requires(Act.REQUEST_EDIT)
def delete(request_id: int) -> Response:
    """Delete a draft."""
    requests.delete_draft(actor(), request_id, clock.now())
    inform(_("The draft is deleted."))
    return redirect(url_for("requests.index"))


def _cancel_page(request_id: int, errors: dict[str, str]) -> str:
    now = clock.now()
    details = request_details.details(actor(), request_id, now)
    if details.is_shown:
        raise Missing
    reasons = [reason for reason in CancelReason if reason is not CancelReason.REFUSED]
    return render_template(
        "request_acts/cancel.html",
        details=details,
        row=details.request,
        is_late=closing.cancels_late(details.request, details.appointment, now),
        reasons=[(reason.value, messages.label(reason)) for reason in reasons],
        values={"reason": request.form.get("reason", ""), "channel": request.form.get("channel", "phone")},
        errors=errors,
        is_staff=is_staff(),
    )


def _reopen_page(request_id: int, refusal: str) -> str:
    details = request_details.details(actor(), request_id, clock.now())
    return render_template("request_acts/reopen.html", row=details.request, refusal=refusal)


def _first(refusal: Invalid) -> dict[str, str]:
    return {field: found[0] for field, found in messages.field_sentences(refusal).items()}
