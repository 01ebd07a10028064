"""Serve the calendars that programs subscribe to: the right is in the address, no cookie, nothing of a case.

Programs ask all day long whether anything is new; the answer to that is as cheap as an answer can be.
"""

from datetime import UTC, datetime

from flask import Blueprint, Response, current_app, g, request

from dispatch import clock
from dispatch.domain import service
from dispatch.domain.errors import Missing
from dispatch.outgoing.feeds import SHELF, Desk, tag_of, text
from dispatch.services import feeds, options
from dispatch.web.clients import client
from dispatch.web.guards import by_link

bp = Blueprint("feeds", __name__)


@bp.route("/calendar/<token>.ics", methods=["GET"], provide_automatic_options=False)
@by_link
def show(token: str) -> Response:
    """Hand over the calendar, or say that it is the one the program has."""
    now, g.language_by_header = clock.now(), True  # programs get no cookie, whatever the address asks for
    try:
        feed = feeds.find(token, now)
    except Missing:
        feeds.guard(token, client(), now)
        raise
    desk = Desk(options.read(service.DEFAULT), current_app.config["MAIL_FROM"])
    tag = tag_of(feed, token, desk)
    is_known = _knows(tag, feed.changed_at)
    response = Response(status=304) if is_known else Response(_body(feed, desk, tag), mimetype="text/calendar")
    response.set_etag(tag)
    response.last_modified = feed.changed_at
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _body(feed: feeds.Feed, desk: Desk, tag: str) -> bytes:
    return SHELF.get(tag) or SHELF.keep(tag, text(feed, feeds.entries(feed), desk))


def _knows(tag: str, changed_at: datetime) -> bool:
    """Tell whether the program has this very text; the tag decides where it names any, the time where it does not."""
    if request.if_none_match:
        return request.if_none_match.contains_weak(tag)
    since = request.if_modified_since
    return since is not None and since.astimezone(UTC) >= changed_at
