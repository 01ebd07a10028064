"""Pages of a mediator's times: the usual week, absences, extras, read at a glance and changed in one form."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from dispatch import clock
from dispatch.domain.availability import WeeklyWindow
from dispatch.domain.availability_checks import merged
from dispatch.domain.errors import Invalid, Missing
from dispatch.domain.permissions import Act, Subject, may
from dispatch.i18n import gettext as _
from dispatch.messages.pool_fields import pool_sentences
from dispatch.services import availability, local_time
from dispatch.services.audit import OnBehalf
from dispatch.services.availability import Clash, Week
from dispatch.web.forms import availability as forms
from dispatch.web.guards import actor, inform, requires
from dispatch.web.week_words import total_words, week_words

bp = Blueprint("availability", __name__)

Page = str | Response | tuple[str, int]


@bp.get("/availability")
@requires(Act.AVAILABILITY_EDIT)
def own() -> Response:
    """Lead a mediator to her own times."""
    mediator_id = actor().mediator_id
    if mediator_id is None:
        raise Missing
    return redirect(url_for("availability.show", mediator_id=mediator_id))


@bp.get("/mediators/<int:mediator_id>/availability")
@requires(Act.AVAILABILITY_VIEW)
def show(mediator_id: int) -> str:
    """Show the week of a mediator: as a grid, or as a list where a grid would lose something or the reader asks."""
    week = availability.get(actor(), mediator_id, clock.now())
    return _page(week, values=forms.list_values(week.weekly), weekly=week.weekly)


@bp.post("/mediators/<int:mediator_id>/availability")
@requires(Act.AVAILABILITY_EDIT)
def save(mediator_id: int) -> Page:
    """Save what the form holds; an absence over appointments asks first what becomes of them."""
    now = clock.now()
    week = availability.get(actor(), mediator_id, now)
    read = forms.read(request.form, now, local_time.zone())
    try:
        if read.found:
            raise Invalid(read.found)
        answers = forms.answers(request.form)
        clashes = availability.save(actor(), mediator_id, read.change, answers, now, on_behalf=_on_behalf())
    except Invalid as invalid:
        errors = read.fields_of(pool_sentences(invalid))
        return _again(week, read, errors=errors), 422
    if clashes:
        return _again(week, read, clashes=clashes), 409
    inform(_("The times are saved."))
    return redirect(url_for("availability.show", mediator_id=mediator_id, **_as_shown()))


def _on_behalf() -> OnBehalf | None:
    channel = request.form.get("channel")
    return OnBehalf(channel) if channel else None


def _as_shown() -> dict[str, Any]:
    return {"as": "list"} if request.form.get("week") == "list" else {}


def _again(
    week: Week, read: forms.ReadTimes, *, errors: dict[str, str] | None = None, clashes: tuple[Clash, ...] = ()
) -> str:
    """Show the form with what was typed."""
    typed = [WeeklyWindow(*window) for window in read.change.weekly or () if window.start_minute < window.end_minute]
    weekly = week.weekly if read.change.weekly is None else merged(typed)
    values = forms.typed_values(request.form)
    if request.form.get("week") != "list":
        values |= forms.list_values(weekly)
    return _page(week, values=values, weekly=weekly, errors=errors or {}, clashes=clashes)


def _page(week: Week, *, weekly: tuple[WeeklyWindow, ...], **shown: Any) -> str:
    me = actor()
    as_list = request.values.get("as") == "list" or request.form.get("week") == "list"
    first_hour, last_hour = forms.hours(weekly)
    return render_template(
        "availability/show.html",
        week=week,
        may_edit=may(me, Act.AVAILABILITY_EDIT, Subject(mediator_id=week.mediator_id)),
        is_own=me.mediator_id == week.mediator_id,
        is_grid=forms.grid_fits(weekly) and not as_list,
        grid_fits=forms.grid_fits(weekly),
        painted=forms.boxes(weekly) if forms.grid_fits(weekly) else set(),
        hours=(first_hour, last_hour),
        words=week_words(weekly),
        total=total_words(weekly),
        has_week=bool(weekly),
        **{"errors": {}, "clashes": (), **shown},
    )
