"""The board: what needs a coordinator now, the day, the pulse; and the way to anything by number, token or name."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from dispatch import clock, i18n, messages
from dispatch.domain.permissions import Act, Scope, scope
from dispatch.domain.settings import SettingGroup
from dispatch.i18n import gettext as _
from dispatch.reference import languages, places
from dispatch.services import board as tasks
from dispatch.services import board_day, board_search, bounces, confirmations, silence
from dispatch.services.audit import OnBehalf
from dispatch.services.board_filters import Filters, Span
from dispatch.services.board_search import Found
from dispatch.services.social_areas import all_areas, area_of
from dispatch.web import board_lines
from dispatch.web.guards import actor, inform, requires, safe_target
from dispatch.web.paging import as_day

bp = Blueprint("board", __name__)

FIELDS = ("area", "language", "municipality", "group", "span", "day", "mine")
SHOWN = 100
"""So many tasks stand on the page; the head counts them all."""

Page = str | Response


@bp.get("/board")
@requires(Act.BOARD_VIEW)
def board() -> Page:
    """Show the tasks, most urgent first, beside the day and the languages asked for; filters stand in the address."""
    if typed := request.args.get("q", "").strip():
        return _found(typed)
    now, who = clock.now(), actor()
    filters, kept = _filters()
    found = tasks.tasks(who, filters, now)
    day = board_day.today(who, filters, now)
    return render_template(
        "board/board.html",
        lines=board_lines.lines(found[:SHOWN], now, who.user_id),
        total=len(found),
        counts=board_day.counts(who, filters, now),
        day=day,
        hours=board_lines.hours(day, now),
        pulse=board_day.pulse(who, filters, now),
        filters=filters,
        typed=kept,
        choices=_choices(),
        now=now,
        here=_address(kept),
    )


@bp.post("/board/messages/<int:message_id>/seen")
@requires(Act.MESSAGE_RETRY)
def seen(message_id: int) -> Response:
    """Take a bad address off the board."""
    bounces.mark_seen(actor(), message_id, clock.now())
    inform(_("The message is settled."))
    return redirect(_back())


@bp.post("/board/messages/<int:message_id>/retry")
@requires(Act.MESSAGE_RETRY)
def retry(message_id: int) -> Response:
    """Send a message once more, to the address it has."""
    if bounces.send_again(actor(), message_id, clock.now()):
        inform(_("The message is sent once more."))
    else:
        inform(_("The message was settled in the meantime."), tone="info")
    return redirect(_back())


@bp.post("/board/mediators/<int:mediator_id>/still-there")
@requires(Act.MEDIATOR_EDIT)
def still_there(mediator_id: int) -> Response:
    """Note that somebody who did not answer is still with the pool."""
    silence.mark_still_there(actor(), mediator_id, clock.now())
    inform(_("It is noted that this person is still with us."))
    return redirect(_back())


@bp.post("/board/mediators/<int:mediator_id>/data")
@requires(Act.MEDIATOR_EDIT)
def data_right(mediator_id: int) -> Response:
    """Note that somebody's data are right, as she said by phone, or now that her change is entered."""
    confirmations.confirm(actor(), mediator_id, clock.now(), on_behalf=OnBehalf("phone"))
    inform(_("It is noted that the data are right."))
    return redirect(_back())


@bp.post("/board/mediators/<int:mediator_id>/no-more")
@requires(Act.MEDIATOR_EDIT)
def no_more(mediator_id: int) -> Response:
    """Take off the board that somebody wants no more offers."""
    silence.settle_no_more(actor(), mediator_id, clock.now())
    inform(_("It is settled. This person is not asked any more."))
    return redirect(_back())


def _found(typed: str) -> Page:
    """Go to the one thing that was meant, or show everything that may be."""
    found = board_search.find(actor(), typed)
    if found.total == 1 and (target := _only(found)):
        return redirect(target)
    return render_template("board/found.html", found=found, query=typed, path_to=board_lines.path_to)


def _only(found: Found) -> str | None:
    if found.requests:
        return board_lines.path_to("requests.show", request_id=found.requests[0][0].id)
    if found.appointments:
        return board_lines.path_to("appointments.show", appointment_id=found.appointments[0][0].id)
    return board_lines.path_to("mediators.show", mediator_id=found.mediators[0].id)


def _filters() -> tuple[Filters, dict[str, str]]:
    """Return the filters that can be understood, and everything as it stands in the address."""
    typed = {name: request.args.get(name, "") for name in FIELDS}
    group, span = typed["group"], typed["span"]
    filters = Filters(
        area=typed["area"] if typed["area"] in _areas() else "",
        language=typed["language"] if languages.is_known(typed["language"]) else "",
        municipality=typed["municipality"] if places.find_municipality(typed["municipality"]) else "",
        group=SettingGroup(group) if group in set(SettingGroup) else None,
        span=Span(span) if span in set(Span) else None,
        day=as_day(typed["day"]),
        looked_after_by=actor().user_id if typed["mine"] else None,
    )
    return filters, typed


def _areas() -> tuple[str, ...]:
    """Return the social areas the reader may see."""
    who = actor()
    known = all_areas()
    return known if scope(who, Act.BOARD_VIEW) is Scope.ALL else tuple(area for area in known if area in who.areas)


def _choices() -> dict[str, Any]:
    within = _areas()
    return {
        "areas": [(area, area) for area in within],
        "languages": sorted(
            ((one.code, i18n.language_name(one.code)) for one in languages.all_languages()),
            key=lambda choice: choice[1],
        ),
        "municipalities": [(one.ags, one.name) for one in places.municipalities() if area_of(one.ags) in within],
        "groups": [(group.value, messages.label(group)) for group in SettingGroup],
        "spans": [(span.value, messages.label(span)) for span in Span],
    }


def _address(kept: dict[str, str]) -> str:
    """Return the address of this board, by which it refreshes itself and can be shared."""
    given = {name: value for name, value in kept.items() if value}
    return f"{url_for('board.board')}?{urlencode(given)}" if given else url_for("board.board")


def _back() -> str:
    return safe_target(request.form.get("next")) or url_for("board.board")
