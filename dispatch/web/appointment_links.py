"""Carry a mediator through her appointment by a mailed link: address, contact and way, and her word by one button.

A GET never acts: mail scanners follow links. What she has done already is told again in a friendly way.
"""

from flask import Blueprint, render_template, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from dispatch import clock, messages
from dispatch.domain.errors import Forbidden, Invalid, Refusal
from dispatch.domain.lifecycle import AppointmentState
from dispatch.domain.permissions import Actor
from dispatch.services import appointment_pages, links, readings
from dispatch.services.appointment_deeds import Deed
from dispatch.services.appointment_pages import Page
from dispatch.web import appointment_forms
from dispatch.web.errors import STATUS
from dispatch.web.guards import by_link

bp = Blueprint("appointment_links", __name__)

Answer = str | Response | tuple[str, int]

HER_DEEDS = frozenset({Deed.CONFIRM, Deed.COMING, Deed.DECLINE, Deed.LATE, Deed.HAND_BACK, Deed.STEP_BACK})
TAKEN_FROM_HER = frozenset({AppointmentState.CANCELLED, AppointmentState.RELEASED})


@bp.get("/a/<token>")
@by_link
def show(token: str) -> Answer:
    """Show the appointment as it stands."""
    who, page = _read(token)
    readings.note(who, ("appointment", page.appointment_id), page.protection, clock.now())
    return _render(page)


@bp.get("/a/<token>/calendar.ics")
@by_link
def calendar(token: str) -> Response:
    """Hand over the appointment for her own calendar."""
    _who, page = _read(token)
    return appointment_forms.calendar_file(page, clock.now())


@bp.get("/a/<token>/<word>")
@by_link
def ask(token: str, word: str) -> Answer:
    """Say what an act brings about and ask for what it needs, before the button that does it."""
    deed = _deed(word)
    _who, page = _read(token)
    return _ask(page, deed, {}) if deed in page.deeds else _render(page)


@bp.post("/a/<token>/<word>")
@by_link
def act(token: str, word: str) -> Answer:
    """Do what she pressed and show how things stand then; a second press does nothing more and says so."""
    deed = _deed(word)
    who, page = _read(token)
    try:
        appointment_forms.perform(deed, who, page, clock.now())
    except Invalid as refusal:
        return _ask(page, deed, {name: found[0] for name, found in messages.field_sentences(refusal).items()})
    except Forbidden:
        raise
    except Refusal as refusal:
        body = _render(_again(who, page), refusal=messages.sentence(refusal))
        return body if isinstance(body, tuple) else (body, STATUS[refusal.kind])
    return _render(_again(who, page), outcome=deed)


def _deed(word: str) -> Deed:
    deed = appointment_forms.deed_of(word)
    if deed is None or deed not in HER_DEEDS:
        raise NotFound
    return deed


def _read(token: str) -> tuple[Actor, Page]:
    now = clock.now()
    appointment_id = links.find("appointment", token, now)
    who = appointment_pages.holder_of(appointment_id, now)
    page = appointment_pages.show(who, appointment_id, now)
    appointment_forms.speak_to(page)
    return who, page


def _again(who: Actor, page: Page) -> Page:
    return appointment_pages.show(who, page.appointment_id, clock.now())


def _base() -> str:
    return "/".join(request.path.split("/", 3)[:3])


def _render(page: Page, *, refusal: str = "", outcome: Deed | None = None) -> tuple[str, int] | str:
    body = render_template(
        "appointment_links/show.html",
        page=page,
        base=_base(),
        refusal=refusal,
        outcome=outcome,
        now=clock.now(),
        by_link=True,
    )
    return (body, 410) if page.state in TAKEN_FROM_HER and outcome is None else body


def _ask(page: Page, deed: Deed, errors: dict[str, str]) -> Answer:
    body = render_template(
        "appointment_links/ask.html",
        page=page,
        deed=deed,
        base=_base(),
        values=request.form.to_dict(),
        errors=errors,
        delays=appointment_forms.DELAYS,
        needs_channel=False,
        now=clock.now(),
        by_link=True,
    )
    return (body, 422) if errors else body
