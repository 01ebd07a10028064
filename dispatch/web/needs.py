"""The page of need without a request: one line noted by the staff, and what the form refused."""

from collections.abc import Mapping
from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from dispatch import clock, i18n, messages
from dispatch.domain import privacy
from dispatch.domain.errors import Invalid
from dispatch.domain.intervals import to_local
from dispatch.domain.needs import Origin
from dispatch.domain.organisations import OrganisationKind
from dispatch.domain.permissions import Act
from dispatch.i18n import gettext as _
from dispatch.reference import languages, places
from dispatch.services import local_time, needs, settings
from dispatch.web.forms import needs as reading
from dispatch.web.forms.choices import language_word
from dispatch.web.guards import actor, inform, requires, signed_in

bp = Blueprint("needs", __name__)

Page = str | Response | tuple[str, int]
MONTHS_BACK, MONTHS_AHEAD = 12, 3


@bp.get("/needs")
@requires(Act.NEED_NOTE)
def index() -> str:
    """List the need of a month, this one unless the address names another, under the form for one line."""
    return _page({"day": _today().isoformat()})


@bp.post("/needs")
@requires(Act.NEED_NOTE)
def note() -> Page:
    """Note one line; what seems to name somebody is pointed out, so that its writer can take it back."""
    read = reading.read(request.form, _today())
    try:
        needs.note(actor(), read.typed, clock.now(), found=read.found)
    except Invalid as refusal:
        errors = reading.errors_of(messages.field_sentences(refusal))
        return _page(reading.typed_values(request.form), errors, read.choices), 422
    day = read.typed.day or _today()
    inform(_("The need is noted."))
    for warning in privacy.warnings("", read.typed.why, today=_today()):
        inform(messages.privacy_warning(warning.code), tone="warning")
    return redirect(url_for("needs.index", month=f"{day:%Y-%m}"))


@bp.post("/needs/<int:need_id>/delete")
@requires(Act.NEED_NOTE)
def delete(need_id: int) -> Response:
    """Take back a line that one noted oneself."""
    needs.take_back(actor(), need_id, clock.now())
    inform(_("The line is deleted."))
    return redirect(url_for("needs.index"))


def _today() -> date:
    return to_local(clock.now(), local_time.zone()).date()


def _month() -> date:
    """Return the first day of the month of the address if it is one of the list, else of this one."""
    known = {f"{first:%Y-%m}": first for first in _months()}
    return known.get(request.args.get("month", ""), _today().replace(day=1))


def _months() -> list[date]:
    """Return the months to choose from, the latest first."""
    today = _today()
    numbers = range(today.year * 12 + today.month - 1 - MONTHS_BACK, today.year * 12 + today.month + MONTHS_AHEAD)
    return [date(number // 12, number % 12 + 1, 1) for number in reversed(numbers)]


def _page(values: Mapping[str, str], errors: Mapping[str, str] | None = None, ask: tuple[str, ...] = ()) -> str:
    account = signed_in()
    return render_template(
        "needs/index.html",
        month=needs.month(actor(), _month()),
        months=[(f"{first:%Y-%m}", i18n.formats().month(first)) for first in _months()],
        values=values,
        errors=errors or {},
        ask=[(code, language_word(code)) for code in ask],
        languages=[(language_word(one.code), "") for one in languages.all_languages()],
        settings=[(one.code, messages.setting_name(one.code)) for one in settings.all_settings()],
        kinds=[(kind.value, messages.label(kind)) for kind in OrganisationKind],
        municipalities=[(one.ags, one.name) for one in places.municipalities()],
        towns={one.ags: one.name for one in places.municipalities()},
        user_id=account.user_id if account else None,
        Origin=Origin,
    )
