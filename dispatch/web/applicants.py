"""Pages of the coordination about people who would like to become mediators: list, checklist, decline, take in."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from dispatch import clock
from dispatch.domain.applicants import SHOWN, ApplicantState, Step, TypedStep, windows
from dispatch.domain.candidates import Gender
from dispatch.domain.errors import Invalid
from dispatch.domain.intervals import to_local
from dispatch.domain.modes import Mode
from dispatch.domain.permissions import Act
from dispatch.domain.travel import Transport
from dispatch.i18n import formats
from dispatch.i18n import gettext as _
from dispatch.messages import label
from dispatch.messages.applicant_fields import applicant_sentences
from dispatch.messages.applicant_labels import LEVELS
from dispatch.reference.phones import read_phone
from dispatch.services import local_time, onboarding
from dispatch.services.onboarding import Sheet
from dispatch.web.forms.pool_values import Found, read_day
from dispatch.web.guards import actor, inform, requires
from dispatch.web.week_words import week_words

bp = Blueprint("applicants", __name__)

Page = str | Response | tuple[str, int]
_STEPS = "any(talk, training, undertaking, certificate, accompanied)"


@bp.get("/applicants")
@requires(Act.APPLICANT_VIEW)
def index() -> str:
    """List the applications of one state, those that wait unless another is asked for."""
    asked = request.args.get("state", "")
    state = ApplicantState(asked) if asked in SHOWN else ApplicantState.CONFIRMED
    return render_template(
        "applicants/index.html",
        lines=onboarding.find(actor(), state),
        counts=onboarding.counts(actor()),
        state=state,
        states=SHOWN,
        steps=len(Step),
    )


@bp.get("/applicants/<int:applicant_id>")
@requires(Act.APPLICANT_VIEW)
def show(applicant_id: int) -> str:
    """Show one application with its checklist."""
    return _page(applicant_id)


@bp.post("/applicants/<int:applicant_id>/take-in")
@requires(Act.APPLICANT_EDIT)
def take_in(applicant_id: int) -> Page:
    """Enter the applicant into the pool; what is missing is said."""
    version = request.form.get("version", 0, int)
    try:
        mediator_id = onboarding.take_in(actor(), applicant_id, version, clock.now())
    except Invalid as invalid:
        return _page(applicant_id, list(applicant_sentences(invalid).values())), 422
    inform(_("The person is in the pool now and can be asked. Please look whether everything is right."))
    return redirect(url_for("mediators.show", mediator_id=mediator_id))


@bp.get(f"/applicants/<int:applicant_id>/steps/<{_STEPS}:step>")
@requires(Act.APPLICANT_EDIT)
def step(applicant_id: int, step: str) -> str:
    """Ask for the day of a step."""
    sheet, one = onboarding.get(actor(), applicant_id), Step(step)
    taken = sheet.taken.get(one)
    values = {"done_on": (taken.done_on if taken else _today()).isoformat()}
    if taken:
        values["issued_on"] = taken.issued_on.isoformat() if taken.issued_on else ""
        values["note"] = taken.note or ""
    return _step_form(sheet, one, values, {})


@bp.post(f"/applicants/<int:applicant_id>/steps/<{_STEPS}:step>")
@requires(Act.APPLICANT_EDIT)
def take_step(applicant_id: int, step: str) -> Page:
    """Record a step with its day."""
    found: Found = {}
    days = {name: read_day(request.form, name, _today(), found) for name in ("done_on", "issued_on")}
    typed = TypedStep(step, days["done_on"], days["issued_on"], request.form.get("note", ""))
    try:
        onboarding.take_step(actor(), applicant_id, typed, clock.now(), found=found)
    except Invalid as invalid:
        sheet = onboarding.get(actor(), applicant_id)
        return _step_form(sheet, Step(step), request.form, applicant_sentences(invalid)), 422
    inform(_("Your changes are saved."))
    return redirect(url_for("applicants.show", applicant_id=applicant_id))


@bp.post(f"/applicants/<int:applicant_id>/steps/<{_STEPS}:step>/undo")
@requires(Act.APPLICANT_EDIT)
def undo_step(applicant_id: int, step: str) -> Response:
    """Take a step back."""
    onboarding.undo_step(actor(), applicant_id, Step(step), clock.now())
    inform(_("Your changes are saved."))
    return redirect(url_for("applicants.show", applicant_id=applicant_id))


@bp.get("/applicants/<int:applicant_id>/decline")
@requires(Act.APPLICANT_EDIT)
def declining(applicant_id: int) -> str:
    """Say what a refusal comes to, and ask for it."""
    return render_template("applicants/decline.html", sheet=onboarding.get(actor(), applicant_id), values={}, errors={})


@bp.post("/applicants/<int:applicant_id>/decline")
@requires(Act.APPLICANT_EDIT)
def decline(applicant_id: int) -> Page:
    """Decline an application; a polite mail leaves."""
    try:
        onboarding.decline(actor(), applicant_id, request.form.get("note", ""), clock.now())
    except Invalid as invalid:
        sheet, errors = onboarding.get(actor(), applicant_id), applicant_sentences(invalid)
        return render_template("applicants/decline.html", sheet=sheet, values=request.form, errors=errors), 422
    inform(_("The application is declined. A polite e-mail goes out."))
    return redirect(url_for("applicants.index"))


def _page(applicant_id: int, faults: list[str] | None = None) -> str:
    sheet = onboarding.get(actor(), applicant_id)
    answers = sheet.row.answers
    return render_template(
        "applicants/show.html",
        sheet=sheet,
        steps=list(Step),
        levels={str(level): str(word) for level, word in LEVELS.items()},
        words=_words(answers),
        number=read_phone(str(answers.get("phone", ""))),
        week_words=week_words(windows(answers.get("times", ()))),
        faults=faults or [],
    )


def _words(answers: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the choices of an application in words."""
    modes = {str(one): label(one) for one in Mode}
    ways = {str(one): label(one) for one in Transport}
    genders = {str(one): label(one) for one in Gender}
    levels = {str(level): str(word) for level, word in LEVELS.items()}
    return {
        "modes": formats().enumeration([modes[code] for code in answers.get("modes", ()) if code in modes]),
        "transport": ways.get(answers.get("transport", ""), ""),
        "gender": genders.get(answers.get("gender", ""), ""),
        "german_level": levels.get(answers.get("german_level", ""), ""),
    }


def _step_form(sheet: Sheet, one: Step, values: Mapping[str, Any], errors: Mapping[str, str]) -> str:
    return render_template("applicants/step.html", sheet=sheet, step=one, values=values, errors=errors)


def _today() -> date:
    return to_local(clock.now(), local_time.zone()).date()
