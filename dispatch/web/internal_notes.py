"""Forms of internal notes and of the call log, on the pages of a request and of a mediator."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from dispatch import clock
from dispatch.domain.errors import Invalid
from dispatch.domain.permissions import Act
from dispatch.i18n import gettext as _
from dispatch.services import internal_notes
from dispatch.services.internal_notes import About
from dispatch.web import mediator_sheets, request_sheets
from dispatch.web.guards import actor, inform, requires

bp = Blueprint("internal_notes", __name__)

Page = str | Response | tuple[str, int]


@bp.post("/requests/<int:number>/notes")
@requires(Act.NOTE_WRITE)
def about_request(number: int) -> Page:
    """Add a note to a request."""
    return _write(internal_notes.request(number))


@bp.post("/mediators/<int:number>/notes")
@requires(Act.NOTE_WRITE)
def about_mediator(number: int) -> Page:
    """Add a note to a person of the pool."""
    return _write(internal_notes.mediator(number))


@bp.post("/requests/<int:number>/call-log")
@requires(Act.NOTE_WRITE)
def call_about_request(number: int) -> Page:
    """Note a call about a request."""
    return _call(internal_notes.request(number))


@bp.post("/mediators/<int:number>/call-log")
@requires(Act.NOTE_WRITE)
def call_to_mediator(number: int) -> Page:
    """Note a call with a person of the pool."""
    return _call(internal_notes.mediator(number))


@bp.post("/notes/<int:note_id>/delete")
@requires(Act.NOTE_WRITE)
def delete(note_id: int) -> Response:
    """Delete one's own note."""
    about = internal_notes.delete(actor(), note_id, clock.now())
    inform(_("The note is deleted."))
    return redirect(_page_of(about))


def _write(about: About) -> Page:
    try:
        internal_notes.write(actor(), about, request.form.get("text", ""), clock.now())
    except Invalid as refusal:
        return _refused(about, "note", refusal)
    inform(_("The note is saved."))
    return redirect(_page_of(about))


def _call(about: About) -> Page:
    form = request.form
    try:
        internal_notes.note_call(actor(), about, form.get("outcome", ""), form.get("note", ""), clock.now())
    except Invalid as refusal:
        return _refused(about, "call", refusal)
    inform(_("The call is noted."))
    return redirect(_page_of(about))


def _refused(about: About, act: str, refusal: Invalid) -> tuple[str, int]:
    if about.word == "request":
        return request_sheets.refused(about.id, act, refusal)
    return mediator_sheets.refused(about.id, act, refusal)


def _page_of(about: About) -> str:
    if about.word == "request":
        return url_for("requests.show", request_id=about.id) + "#notes-h"
    return url_for("mediators.show", mediator_id=about.id) + "#notes-h"
