"""Show a mediator what she is asked, by a mailed link or signed in, and take her answer.

A GET never answers: mail scanners follow links. The mail's second link only makes the other button the filled one.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, current_app, g, render_template, request

from dispatch import clock, i18n
from dispatch.domain.errors import AlreadyTaken, Invalid, MoveRefused, NoLongerFits, OfferClosed, Refusal
from dispatch.domain.lifecycle import DeclineReason, OfferState
from dispatch.domain.offers import Verdict
from dispatch.domain.permissions import Act, Actor, Role, bearer
from dispatch.messages import reason, why_asked
from dispatch.services import answers, links, offer_pages
from dispatch.services.audit import OnBehalf
from dispatch.services.offer_pages import Page
from dispatch.web.frame import path_of
from dispatch.web.guards import actor, by_link, requires
from dispatch.web.offline import let_keep

bp = Blueprint("offers", __name__)

Answer = tuple[str, int]


@dataclass(frozen=True)
class _Reader:
    """Who reads an offer and where: the page of the link, or the page behind the sign-in."""

    actor: Actor
    offer_id: int
    template: str
    link_to_appointment: Callable[[int], str | None]


@bp.get("/o/<token>")
@by_link
def by_token(token: str) -> Answer:
    """Show the offer of a mailed link in its mediator's language."""
    return _show(_bearer(token))


@bp.post("/o/<token>")
@by_link
def answer_by_token(token: str) -> Answer:
    """Take the answer given on the page of a mailed link."""
    return _answer(_bearer(token))


@bp.get("/offers")
@requires(Act.OFFER_VIEW)
def index() -> str:
    """List what waits for an answer, and what was answered lately."""
    waiting, rest = offer_pages.index(actor(), clock.now())
    is_own = actor().role is Role.MEDIATOR
    let_keep()
    return render_template(
        "offers/index.html", waiting=waiting, rest=rest, is_own=is_own, why=why_asked, now=clock.now()
    )


@bp.get("/offers/<int:offer_id>")
@requires(Act.OFFER_VIEW)
def show(offer_id: int) -> Answer:
    """Show one offer."""
    return _show(_signed_in(offer_id))


@bp.post("/offers/<int:offer_id>")
@requires(Act.OFFER_ANSWER)
def answer(offer_id: int) -> Answer:
    """Take the answer of a mediator, or one that a coordinator heard from her."""
    return _answer(_signed_in(offer_id))


def _bearer(token: str) -> _Reader:
    offer_id = links.find("offer", token, clock.now())
    return _Reader(
        bearer("offer", offer_id, mediator_id=offer_pages.holder_of(offer_id)),
        offer_id,
        "offers/by_link.html",
        _private_link,
    )


def _signed_in(offer_id: int) -> _Reader:
    return _Reader(actor(), offer_id, "offers/show.html", _own_page)


def _show(reader: _Reader) -> Answer:
    return _render(reader, offer_pages.show(reader.actor, reader.offer_id))


def _answer(reader: _Reader) -> Answer:
    try:
        given = _give(reader)
    except (AlreadyTaken, OfferClosed, NoLongerFits, MoveRefused) as refused:
        return _render(reader, offer_pages.show(reader.actor, reader.offer_id), refused=refused)
    page = offer_pages.show(reader.actor, reader.offer_id)
    return _render(reader, page, outcome="repeated" if given.repeated else "new")


def _give(reader: _Reader) -> answers.Answered:
    """Hand the answer on; raises Invalid for one that no button of the page sends."""
    now, reply, why = clock.now(), request.form.get("answer", ""), request.form.get("reason", "")
    channel = request.form.get("channel")
    on_behalf = OnBehalf(channel) if channel else None
    if reply == "yes":
        given = answers.accept(reader.actor, reader.offer_id, now, on_behalf=on_behalf)
        if given.appointment_id:
            links.issue("appointment", given.appointment_id, key=current_app.config["SECRET_KEY"], now=now)
        return given
    if reply != "no":
        raise Invalid({"answer": ("unknown_choice",)})
    if why not in ("", *DeclineReason):
        raise Invalid({"reason": ("unknown_choice",)})
    because = DeclineReason(why) if why else None
    return answers.decline(reader.actor, reader.offer_id, now, reason=because, on_behalf=on_behalf)


def _render(reader: _Reader, page: Page, *, outcome: str = "", refused: Refusal | None = None) -> Answer:
    """Show the part of the page that her offer calls for; `outcome` is that of an answer just given."""
    if reader.actor.role is Role.LINK:
        g.link_locale = page.ui_language
        i18n.choose_again()
    part = _part(page, refused)
    body = render_template(
        reader.template,
        page=page,
        part=part,
        outcome=outcome,
        why=why_asked(page.breakdown),
        reasons=list(DeclineReason),
        appointment_href=reader.link_to_appointment(page.appointment_id) if page.appointment_id else None,
        preselected="second" if request.args.get("answer") == "no" else "first",
        is_own=reader.actor.role in (Role.LINK, Role.MEDIATOR),
        unfit=[reason(code) for code in refused.codes] if isinstance(refused, NoLongerFits) else [],
        now=clock.now(),
    )
    return body, 409 if refused and part == "accepted" else _STATUS.get(part, 200)


def _part(page: Page, refused: Refusal | None) -> str:
    """Name what her offer calls for: the question, her own yes or no, or why it is too late."""
    if isinstance(refused, NoLongerFits):
        return "unfit"
    if page.state is OfferState.ACCEPTED:
        return "accepted" if page.appointment_id else "closed"
    if page.state is OfferState.DECLINED and refused is None:
        return "declined"
    return {Verdict.ALREADY_TAKEN: "taken", Verdict.CLOSED: "closed"}.get(page.verdict, "question")


_STATUS = {"taken": 409, "unfit": 409, "closed": 410}


def _private_link(appointment_id: int) -> str | None:
    token = links.known("appointment", appointment_id, key=current_app.config["SECRET_KEY"], now=clock.now())
    return f"/a/{token}" if token else None


def _own_page(appointment_id: int) -> str | None:
    known = path_of("appointments.index")
    return f"{known}/{appointment_id}" if known else None
