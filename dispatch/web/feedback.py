"""Reports of barriers and wrong translations: two forms for everybody, one list for those who settle them."""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from dispatch import clock, i18n
from dispatch.domain import feedback as rules
from dispatch.domain.errors import Invalid
from dispatch.domain.feedback import FeedbackKind, TypedFeedback
from dispatch.domain.permissions import Act
from dispatch.i18n import gettext as _
from dispatch.i18n import locales
from dispatch.messages import field_sentences
from dispatch.services import feedback, options
from dispatch.web.clients import client
from dispatch.web.guards import actor, inform, public, requires
from dispatch.web.own_paths import page_of

bp = Blueprint("feedback", __name__)

Page = str | Response | tuple[str, int]


@bp.get("/feedback")
@requires(Act.FEEDBACK_VIEW)
def index() -> str:
    """List what waits, and what was settled lately."""
    return render_template("feedback/index.html", found=feedback.reports(actor()), names=_own_names())


@bp.post("/feedback/<int:feedback_id>/settle")
@requires(Act.FEEDBACK_SETTLE)
def settle(feedback_id: int) -> Response:
    """Note that a report was dealt with."""
    feedback.settle(actor(), feedback_id, clock.now())
    inform(_("The report is settled."))
    return redirect(url_for("feedback.index"))


@bp.get("/barrierefreiheit/feedback")
@public
def accessibility() -> str:
    """Show the form for a barrier, filled with the page one came from."""
    return _form(FeedbackKind.ACCESSIBILITY, _asked())


@bp.post("/barrierefreiheit/feedback")
@public
def report_barrier() -> Page:
    """Take a report of a barrier."""
    return _write(FeedbackKind.ACCESSIBILITY, i18n.locale().tag) or redirect(url_for("public.accessibility"))


@bp.get("/languages/feedback")
@public
def translation() -> str:
    """Show the form for a wrong translation, filled with page and language."""
    return _form(FeedbackKind.TRANSLATION, _asked())


@bp.post("/languages/feedback")
@public
def report_translation() -> Page:
    """Take a correction of a text."""
    language = request.form.get("language", "")
    known = language if language in _own_names() else i18n.locale().tag
    return _write(FeedbackKind.TRANSLATION, known) or redirect(url_for("public.start"))


def _asked() -> dict[str, str]:
    return {"page": page_of(request.args.get("page", "")) or "", "language": i18n.locale().tag}


def _write(kind: FeedbackKind, language: str) -> Page | None:
    """Keep the report; return the form again when it is refused."""
    form = request.form
    page = page_of(form.get("page", ""))
    typed = TypedFeedback(kind, form.get("report", ""), form.get("reply_to", ""), page, language)
    try:
        feedback.write(typed, clock.now(), client=client())
    except Invalid as refusal:
        errors = {field: sentences[0] for field, sentences in field_sentences(refusal).items()}
        return _form(kind, {**form.to_dict(), "page": page or "", "language": language}, errors), 422
    inform(_("Thank you. We have your report and will look at it."))
    return None


def _form(kind: FeedbackKind, values: Mapping[str, str], errors: Mapping[str, str] | None = None) -> str:
    return render_template(
        f"feedback/{kind.value}.html",
        values=values,
        errors=errors or {},
        longest=options.read(rules.DEFAULT).longest,
        languages=list(_own_names().items()),
    )


def _own_names() -> dict[str, str]:
    return {entry.tag: entry.own_name for entry in locales.LOCALES}
