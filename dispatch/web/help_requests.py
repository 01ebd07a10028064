"""Let residents ask for somebody who interprets, without account, name or trace in the browser; and the answer by code.

These pages set no cookie: the language travels in the address, and a change of language sends the form along.
"""

import re
import secrets
from collections.abc import Mapping

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from dispatch import clock, i18n, messages
from dispatch.domain import help_checks, hours, requests
from dispatch.domain import help_requests as rules
from dispatch.domain.errors import Invalid, Throttled
from dispatch.domain.help_requests import Timing, Topic, Way
from dispatch.domain.languages import NOT_LISTED
from dispatch.domain.permissions import Act
from dispatch.i18n import gettext as _
from dispatch.reference import languages, places
from dispatch.services import help_requests, local_time, options
from dispatch.services.help_requests import Sender
from dispatch.web.clients import client
from dispatch.web.errors import STATUS
from dispatch.web.forms import help_requests as forms
from dispatch.web.guards import actor, inform, requires, traceless

bp = Blueprint("help_requests", __name__)

Answer = str | tuple[str, int]

NONCE = re.compile(r"[A-Za-z0-9_-]{24}")
NONCE_BYTES = 18
SPOKEN = {"ku": "kmr", "en": ""}
"""What readers of a language of the pages speak, where the code differs or tells nothing."""


@bp.get("/help-request")
@traceless
def new() -> Answer:
    """Show the empty form; whoever reads one of our languages probably speaks it."""
    return _form({"language": SPOKEN.get(i18n.locale().tag, i18n.locale().tag)}, {})


@bp.post("/help-request")
@traceless
def send() -> Answer:
    """Take the request in and show its code, once; or show the form again in another language."""
    typed = request.form.to_dict()
    if "lang" in typed:
        return _form(typed, {})
    now = clock.now()
    try:
        code = help_requests.send(_checked(), _sender(), now, key=current_app.config["SECRET_KEY"])
    except Invalid as refusal:
        return _form(typed, forms.errors_of(refusal)), 422
    except Throttled as refusal:
        return _form(typed, {"": messages.sentence(refusal)}), STATUS[refusal.kind]
    return render_template("help_requests/sent.html", code=code, **_frame())


@bp.get("/help-request/status")
@traceless
def ask_status() -> Answer:
    """Ask for the code."""
    return _status()


@bp.post("/help-request/status")
@traceless
def status() -> Answer:
    """Tell how the request of a code stands, and nothing else of it."""
    typed = request.form.get("code", "")
    if not typed.strip():
        return _status(errors={"code": messages.field_sentences(Invalid({"code": ("required",)}))["code"][0]}), 422
    try:
        found = help_requests.progress(typed, client(), clock.now(), key=current_app.config["SECRET_KEY"])
    except Throttled as refusal:
        return _status(errors={"": messages.sentence(refusal)}), STATUS[refusal.kind]
    return _status(answer=messages.label(found) if found else _("We do not know this code. Please look at it again."))


@bp.post("/requests/<int:request_id>/erase-contact")
@requires(Act.RESIDENT_SETTLE)
def erase(request_id: int) -> Response:
    """Erase at once how a resident is reached."""
    help_requests.erase(actor(), request_id, clock.now())
    inform(_("How to reach this person is erased."))
    return redirect(url_for("requests.show", request_id=request_id))


def _checked() -> rules.NewHelp:
    now, zone = clock.now(), local_time.zone()
    read = forms.read(request.form, now, zone)
    context = help_checks.HelpContext(
        known_languages={one.code for one in languages.all_languages()},
        places=places,
        zone=zone,
        holidays=local_time.holidays(now),
        hours=options.read(hours.DEFAULT),
    )
    return help_checks.check(
        read.typed,
        context,
        now,
        found=read.found,
        options=options.read(rules.DEFAULT),
        bounds=options.read(requests.DEFAULT),
    )


def _sender() -> Sender:
    nonce = request.form.get("nonce", "")
    if not NONCE.fullmatch(nonce):
        nonce = secrets.token_urlsafe(NONCE_BYTES)
    return Sender(nonce, client(), i18n.locale().tag)


def _form(typed: Mapping[str, str], errors: Mapping[str, str]) -> str:
    nonce = typed.get("nonce", "")
    return render_template(
        "help_requests/form.html",
        values=typed,
        errors=errors,
        nonce=nonce if NONCE.fullmatch(nonce) else secrets.token_urlsafe(NONCE_BYTES),
        languages=[*_languages(), (NOT_LISTED, _("Another language"))],
        topics=_named(Topic),
        timings=_named(Timing),
        ways=_named(Way),
        municipalities=[(one.ags, one.name) for one in places.municipalities()],
        **_frame(),
    )


def _status(*, answer: str = "", errors: Mapping[str, str] | None = None) -> str:
    typed = {"code": request.form.get("code", "")}
    return render_template("help_requests/status.html", answer=answer, values=typed, errors=errors or {}, **_frame())


def _frame() -> dict[str, object]:
    return {"exit_address": options.read(rules.DEFAULT).exit_address}


def _languages() -> list[tuple[str, str]]:
    """Return every language by its name in the reader's language, with the name its speakers give it."""
    found = []
    for one in languages.all_languages():
        name, own = i18n.language_name(one.code), one.autonym
        found.append((one.code, name if own in ("", name) else f"{name} – {own}"))
    return found


def _named(members: type[Topic] | type[Timing] | type[Way]) -> list[tuple[str, str]]:
    return [(member.value, messages.label(member)) for member in members]
