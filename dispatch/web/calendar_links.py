"""Let somebody of the pool see and connect her calendars by the mailed link of her own page.

A GET never acts: mail scanners follow links. The right is in the address.
"""

from typing import Any

from flask import Blueprint, current_app, g, render_template, request

from dispatch import clock, i18n
from dispatch.domain.errors import Invalid
from dispatch.services import confirmations, feeds, given_calendars, links
from dispatch.services.feeds import MEDIATOR, Owner
from dispatch.web.addresses import HIGHEST_ID
from dispatch.web.calendars import first_sentences, said_given, said_renewed, said_taken_back, shown
from dispatch.web.guards import by_link

bp = Blueprint("calendar_links", __name__)

Answer = str | tuple[str, int]


@bp.get("/m/<token>/calendar")
@by_link
def show(token: str) -> Answer:
    """Show her feed and the calendars she gave."""
    return _page(token, _holder(token))


@bp.post("/m/<token>/calendar")
@by_link
def act(token: str) -> Answer:
    """Do what she pressed: a new address, another calendar, one less."""
    mediator_id = _holder(token)
    who, now, key = confirmations.holder(mediator_id), clock.now(), str(current_app.config["SECRET_KEY"])
    match request.form.get("act", ""):
        case "renew":
            feeds.renew(who, Owner(MEDIATOR, mediator_id), key=key, now=now)
            return _page(token, mediator_id, done=said_renewed())
        case "give":
            try:
                given_calendars.give(who, mediator_id, request.form.get("calendar", ""), now, key=key)
            except Invalid as refusal:
                return _page(token, mediator_id, values=request.form, errors=first_sentences(refusal)), 422
            return _page(token, mediator_id, done=said_given())
        case "drop":
            number = request.form.get("number", 0, int)
            given_calendars.take_back(who, mediator_id, number if 0 < number <= HIGHEST_ID else 0, now)
            return _page(token, mediator_id, done=said_taken_back())
        case _:
            raise Invalid({"act": ("unknown_choice",)})


def _holder(token: str) -> int:
    """Return whose link it is, and speak her language. Raises Missing, LinkExpired when nothing was asked for long."""
    mediator_id = links.find("mediator", token, clock.now())
    page = confirmations.show(confirmations.holder(mediator_id), mediator_id, clock.now())
    g.link_locale = page.mediator.ui_language
    i18n.choose_again()
    return mediator_id


def _page(token: str, mediator_id: int, **typed: Any) -> str:
    who, now, key = confirmations.holder(mediator_id), clock.now(), str(current_app.config["SECRET_KEY"])
    feed = feeds.address(who, Owner(MEDIATOR, mediator_id), key=key, now=now)
    return render_template(
        "calendars/by_link.html",
        token=token,
        is_own=True,
        given=given_calendars.of(who, mediator_id, now, key=key),
        **{"values": {}, "errors": {}, "done": None, **typed},
        **shown(feed.token),
    )
