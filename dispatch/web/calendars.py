"""Pages of calendars: the address under which one subscribes to appointments, and the calendars somebody gave us."""

from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from dispatch import clock, messages
from dispatch.domain.errors import Invalid
from dispatch.domain.permissions import Act
from dispatch.i18n import gettext as _
from dispatch.services import feeds, given_calendars
from dispatch.services.audit import OnBehalf
from dispatch.services.feeds import MEDIATOR, UNIT, Owner
from dispatch.web.guards import actor, inform, requires

bp = Blueprint("calendars", __name__)

Page = str | Response | tuple[str, int]


@bp.get("/mediators/<int:mediator_id>/calendar")
@requires(Act.FEED_VIEW)
def mediator(mediator_id: int) -> str:
    """Show a mediator's feed and the calendars she gave."""
    return _mediator_page(mediator_id)


@bp.post("/mediators/<int:mediator_id>/calendar")
@requires(Act.FEED_VIEW)
def renew_mediator(mediator_id: int) -> Response:
    """Give the feed an address, a new one in place of any it had."""
    feeds.renew(actor(), Owner(MEDIATOR, mediator_id), key=_key(), now=clock.now())
    inform(said_renewed())
    return redirect(url_for("calendars.mediator", mediator_id=mediator_id))


@bp.post("/mediators/<int:mediator_id>/calendar/given")
@requires(Act.CALENDAR_GIVE)
def give(mediator_id: int) -> Page:
    """Connect a calendar whose busy times count."""
    channel = request.form.get("channel", "")
    on_behalf = OnBehalf(channel) if channel else None
    typed = request.form.get("calendar", "")
    try:
        given_calendars.give(actor(), mediator_id, typed, clock.now(), key=_key(), on_behalf=on_behalf)
    except Invalid as refusal:
        return _mediator_page(mediator_id, values=request.form, errors=first_sentences(refusal)), 422
    inform(said_given())
    return redirect(url_for("calendars.mediator", mediator_id=mediator_id))


@bp.post("/mediators/<int:mediator_id>/calendar/given/<int:calendar_id>/drop")
@requires(Act.CALENDAR_GIVE)
def take_back(mediator_id: int, calendar_id: int) -> Response:
    """Forget a calendar and its busy times."""
    given_calendars.take_back(actor(), mediator_id, calendar_id, clock.now())
    inform(said_taken_back())
    return redirect(url_for("calendars.mediator", mediator_id=mediator_id))


@bp.get("/organisations/<int:organisation_id>/calendar")
@requires(Act.FEED_VIEW)
def unit(organisation_id: int) -> str:
    """Show the feed of a unit."""
    feed = feeds.address(actor(), Owner(UNIT, organisation_id), key=_key(), now=clock.now())
    return render_template("calendars/unit.html", organisation_id=organisation_id, name=feed.name, **shown(feed.token))


@bp.post("/organisations/<int:organisation_id>/calendar")
@requires(Act.FEED_VIEW)
def renew_unit(organisation_id: int) -> Response:
    """Give the feed of a unit an address, a new one in place of any it had."""
    feeds.renew(actor(), Owner(UNIT, organisation_id), key=_key(), now=clock.now())
    inform(said_renewed())
    return redirect(url_for("calendars.unit", organisation_id=organisation_id))


def _mediator_page(mediator_id: int, **typed: Any) -> str:
    me, now = actor(), clock.now()
    feed = feeds.address(me, Owner(MEDIATOR, mediator_id), key=_key(), now=now)
    return render_template(
        "calendars/mediator.html",
        mediator_id=mediator_id,
        name=feed.name,
        is_own=me.mediator_id == mediator_id,
        given=given_calendars.of(me, mediator_id, now, key=_key()),
        **{"values": {}, "errors": {}, **typed},
        **shown(feed.token),
    )


def shown(token: str | None) -> dict[str, str | None]:
    """Return the address of a feed as a page shows it, and in the form that opens the calendar of a device."""
    if token is None:
        return {"address": None, "subscribe": None}
    address = current_app.config["BASE_URL"] + url_for("feeds.show", token=token)
    return {"address": address, "subscribe": f"webcal://{address.partition('://')[2]}"}


def first_sentences(refusal: Invalid) -> dict[str, str]:
    """Return one sentence for each field."""
    return {field: found[0] for field, found in messages.field_sentences(refusal).items()}


def said_renewed() -> str:
    """Return the sentence after a new address."""
    return _("The calendar has a new address.")


def said_given() -> str:
    """Return the sentence after a calendar was connected."""
    return _("The calendar is connected. It is read within the next minutes.")


def said_taken_back() -> str:
    """Return the sentence after a calendar was disconnected."""
    return _("The calendar is disconnected, and its times no longer count.")


def _key() -> str:
    return str(current_app.config["SECRET_KEY"])
