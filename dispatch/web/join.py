"""Say what mediators do, take the form of those who would like to be one, and let them go on with it by a mailed link.

A GET never changes anything: mail scanners follow links. Whatever was typed stays, half filled, wrong, or when the
language of the page changes.
"""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, g, make_response, render_template, request
from werkzeug.wrappers import Response

from dispatch import clock, i18n, messages
from dispatch.domain.applicants import DEFAULT, ApplicantState, DayPart
from dispatch.domain.candidates import Gender
from dispatch.domain.errors import Invalid, Throttled
from dispatch.domain.languages import SIGN
from dispatch.domain.modes import Mode
from dispatch.domain.travel import Transport
from dispatch.messages.applicant_fields import applicant_sentences
from dispatch.messages.applicant_labels import LEVELS
from dispatch.reference import languages
from dispatch.services import applicants
from dispatch.services.applicants import Application
from dispatch.web.clients import client
from dispatch.web.forms import applicants as forms
from dispatch.web.forms.choices import language_word
from dispatch.web.guards import by_link

bp = Blueprint("join", __name__)

Answer = str | Response | tuple[str, int]
Values = Mapping[str, Any]
_OPEN = {ApplicantState.STARTED, ApplicantState.CONFIRMED}


@bp.get("/join")
@by_link
def begin() -> str:
    """Say what the work is, and show the empty form."""
    return _form(forms.values("", {}))


@bp.post("/join")
@by_link
def apply() -> Answer:
    """Take the form, half filled or complete, and mail the link; the answer is the same for every address."""
    read = forms.read(request.form, i18n.locale().tag)
    act = request.form.get("act", "")
    if chosen := _chosen_language():
        return _turned(chosen, read.values)
    if act == "more":
        return _form(read.values)
    try:
        applicants.start(read.entry, clock.now(), client=client(), is_sent=act != "save")
    except Invalid as invalid:
        return _form(read.values, errors=_errors(read, invalid), ask=read.ask), 422
    except Throttled as throttled:
        return _form(read.values, errors={"": messages.sentence(throttled)}), 429
    return render_template("join/sent.html", email=read.entry.email, is_sent=act != "save")


@bp.get("/join/<token>")
@by_link
def show(token: str) -> str:
    """Show an application to whoever holds its link, with everything that was kept."""
    application = _found(token)
    return _form(_kept(application), application)


@bp.post("/join/<token>")
@by_link
def act(token: str) -> Answer:
    """Save, send, confirm or erase an application."""
    application, now = _found(token), clock.now()
    read = forms.read(request.form, i18n.locale().tag, application.email)
    if chosen := _chosen_language():
        return _turned(chosen, read.values, application)
    said = request.form.get("act", "send")
    try:
        match said:
            case "more":
                return _form(read.values, application, is_turned=True)
            case "save":
                applicants.save(token, read.entry, now)
            case "send":
                applicants.send(token, read.entry, now)
            case "confirm":
                applicants.confirm(token, now)
            case "erase":
                applicants.erase(token, now)
                return render_template("join/erased.html")
            case _:
                raise Invalid({"act": ("unknown_choice",)})
    except Invalid as invalid:
        return _form(read.values, application, errors=_errors(read, invalid), ask=read.ask), 422
    return _done(token, said, was=application.state)


def _done(token: str, said: str, *, was: ApplicantState) -> str:
    """Show the application as it stands after an act, with what was done on top."""
    application = _found(token)
    outcome = "changed" if said == "send" and was is not ApplicantState.STARTED else said
    return _form(_kept(application), application, outcome=outcome)


def _found(token: str) -> Application:
    """Find the application of a link, and go on in its owner's language."""
    application = applicants.find(token, clock.now())
    g.link_locale = application.ui_language
    i18n.choose_again()
    return application


def _kept(application: Application) -> Values:
    consent = "1" if application.is_sent else ""
    return forms.values(application.email, application.answers) | {"consent": consent}


def _chosen_language() -> str | None:
    return i18n.normalise(request.form.get("lang", ""))


def _turned(tag: str, values: Values, application: Application | None = None) -> Response:
    """Show the form again in another language, and keep that choice in the browser."""
    with i18n.in_language(tag):
        response = make_response(_form(values, application, is_turned=True))
    i18n.keep_in_browser(response, tag)
    return response


def _errors(read: forms.Read, invalid: Invalid) -> Mapping[str, str]:
    placed: dict[str, str] = {}
    for name, sentence in applicant_sentences(invalid).items():
        placed.setdefault(read.field_of(name), sentence)
    return placed


def _form(
    values: Values,
    application: Application | None = None,
    *,
    errors: Mapping[str, str] | None = None,
    ask: Mapping[str, Any] | None = None,
    outcome: str = "",
    is_turned: bool = False,
) -> str:
    is_open = application is None or application.state in _OPEN
    return render_template(
        "join/show.html" if application else "join/begin.html",
        values=values,
        errors=errors or {},
        ask=ask or {},
        application=application,
        is_open=is_open,
        outcome=outcome,
        is_turned=is_turned,
        choices=_choices(),
        parts=[(part, DEFAULT.minutes(part)) for part in DayPart],
        language_form="join-form" if is_open else None,
    )


def _choices() -> Mapping[str, list[tuple[str, str]]]:
    """Return the options of the form in the reader's language, languages by their names."""
    spoken = (one.code for one in languages.all_languages() if one.code not in SIGN)
    return {
        "languages": sorted(((code, language_word(code)) for code in spoken), key=lambda one: one[1].casefold()),
        "levels": [(str(level), str(word)) for level, word in LEVELS.items()],
        "genders": [(str(one), messages.label(one)) for one in Gender],
        "modes": [(str(one), messages.label(one)) for one in Mode],
        "transports": [(str(one), messages.label(one)) for one in Transport],
    }
