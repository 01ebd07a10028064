"""The week of a mediator on paper, for whoever gets it by post: one page to print, in the language she reads."""

from datetime import date, timedelta

from flask import Blueprint, render_template, request

from dispatch import clock
from dispatch.domain.intervals import to_local
from dispatch.domain.permissions import Act
from dispatch.i18n import LOCALES, in_language, locale
from dispatch.services import local_time, week_plans
from dispatch.services.mediators import get
from dispatch.web.guards import actor, requires
from dispatch.web.paging import as_day

bp = Blueprint("week_plans", __name__)

FIRST, LAST = date(2000, 1, 3), date(2999, 12, 30)
"""Weeks are shown between these days; the calendar ends somewhere."""


@bp.get("/mediators/<int:mediator_id>/week")
@requires(Act.MEDIATOR_VIEW)
def show(mediator_id: int) -> str:
    """Show the appointments of a week, this one if none is chosen, in her own language if none is."""
    now = clock.now()
    today = to_local(now, local_time.zone()).date()
    day = min(max(as_day(request.args.get("day", "")) or today, FIRST), LAST)
    plan = week_plans.plan(actor(), mediator_id, day, now)
    tags = [entry.tag for entry in LOCALES]
    wanted = request.args.get("in", "")
    chosen = wanted if wanted in tags else get(actor(), mediator_id).ui_language
    here = locale().tag
    with in_language(chosen) as written:
        return render_template(
            "week_plans/show.html",
            plan=plan,
            languages=[(entry.tag, entry.own_name) for entry in LOCALES],
            typed={"day": plan.monday.isoformat(), "in": written.tag},
            before=(plan.monday - timedelta(days=7)).isoformat(),
            after=(plan.monday + timedelta(days=7)).isoformat(),
            written=written.tag,
            here=here,
            now=now,
        )
