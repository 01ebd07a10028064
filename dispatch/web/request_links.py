"""Show an office without account its request by a mailed link, and let it cancel, write, or agree to who comes.

A GET never acts: mail scanners follow links. What was done already is told again in a friendly way.
"""

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from dispatch import clock, messages
from dispatch.domain import office_links as rules
from dispatch.domain.errors import Forbidden, Invalid, MoveRefused
from dispatch.domain.lifecycle import AppointmentState, CancelReason, RequestState
from dispatch.domain.permissions import Actor
from dispatch.services import appointments, bookings, closing, links, options, request_messages, request_pages
from dispatch.services.request_pages import Page
from dispatch.web.guards import by_link

bp = Blueprint("request_links", __name__)

Answer = str | Response | tuple[str, int]

WORDS = {"yes": "agreed", "no": "other_person"}
"""What the two buttons of an approval send, and what the page then says was done."""
REASONS = tuple(reason for reason in CancelReason if reason is not CancelReason.REFUSED)


@bp.get("/r/<token>")
@by_link
def show(token: str) -> Answer:
    """Show the request as it stands."""
    return _render(_read(token)[1])


@bp.get("/r/<token>/cancel")
@by_link
def ask_cancel(token: str) -> Answer:
    """Say what a cancellation comes to, and ask for its reason."""
    _who, page = _read(token)
    return _ask("cancel", page, {}) if page.may_cancel else _render(page)


@bp.post("/r/<token>/cancel")
@by_link
def cancel(token: str) -> Answer:
    """Cancel the request; a second time it does nothing more and says so."""
    who, page = _read(token)
    if page.state is RequestState.CANCELLED:
        return _render(page, outcome="cancelled")
    try:
        closing.cancel(who, page.request_id, request.form.get("reason", ""), clock.now())
    except Invalid as refusal:
        return _ask("cancel", page, _first(refusal)), 422
    except MoveRefused as refusal:
        return _render(_again(who, page), refusal=messages.sentence(refusal)), 409
    return _render(_again(who, page), outcome="cancelled")


@bp.get("/r/<token>/message")
@by_link
def ask_message(token: str) -> Answer:
    """Show the field for a message to the coordination."""
    return _ask("message", _read(token)[1], {})


@bp.post("/r/<token>/message")
@by_link
def write(token: str) -> Answer:
    """Send a message to the coordination; the same one twice arrives once."""
    who, page = _read(token)
    try:
        request_messages.write(who, page.request_id, request.form.get("text", ""), clock.now())
    except Invalid as refusal:
        return _ask("message", page, _first(refusal)), 422
    return _render(page, outcome="written")


@bp.post("/r/<token>/approval/<int:appointment_id>")
@by_link
def answer(token: str, appointment_id: int) -> Answer:
    """Take the office's word on who would come; what it has said before is told again."""
    who, page = _read(token)
    word, now = request.form.get("answer", ""), clock.now()
    if word not in WORDS:
        return _render(page, refusal=messages.sentence(Invalid({"answer": ("unknown_choice",)}))), 422
    try:
        if word == "yes":
            bookings.confirm(who, appointment_id, now)
        else:
            appointments.decline(who, appointment_id, now, other_person=True)
    except (Forbidden, MoveRefused):  # she is asked anew herself, or it is over: the page says how it stands
        refusal = MoveRefused("appointment", AppointmentState.PROPOSED, AppointmentState.CONFIRMED)
        return _render(_again(who, page), refusal=messages.sentence(refusal)), 409
    return _render(_again(who, page), outcome=WORDS[word])


def _read(token: str) -> tuple[Actor, Page]:
    now = clock.now()
    request_id = links.find("request", token, now)
    who = request_pages.holder_of(request_id, now)
    return who, request_pages.show(who, request_id, now)


def _again(who: Actor, page: Page) -> Page:
    return request_pages.show(who, page.request_id, clock.now())


def _base() -> str:
    return "/".join(request.path.split("/", 3)[:3])


def _render(page: Page, *, refusal: str = "", outcome: str = "") -> str:
    return render_template(
        "request_links/show.html", page=page, base=_base(), refusal=refusal, outcome=outcome, now=clock.now()
    )


def _ask(word: str, page: Page, errors: dict[str, str]) -> str:
    return render_template(
        f"request_links/{word}.html",
        page=page,
        base=_base(),
        values=request.form.to_dict(),
        errors=errors,
        reasons=[(reason.value, messages.label(reason)) for reason in REASONS],
        longest=options.read(rules.DEFAULT).message,
        now=clock.now(),
    )


def _first(refusal: Invalid) -> dict[str, str]:
    return {field: found[0] for field, found in messages.field_sentences(refusal).items()}
