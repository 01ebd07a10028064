"""Pages of appointments for everybody signed in: the office's next ones, a mediator's week, the coordination's all."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from dispatch import clock, messages
from dispatch.domain.disclosure import is_read_audited, reader_of
from dispatch.domain.errors import DoesNotFit, Forbidden, Invalid, Kind, Refusal
from dispatch.domain.intervals import to_local
from dispatch.domain.lifecycle import AppointmentState, CancelReason
from dispatch.domain.permissions import Act, Role
from dispatch.i18n import gettext as _
from dispatch.messages.request_labels import FIELD_NAMES
from dispatch.reference import places
from dispatch.services import appointment_pages, local_time, moves, readings
from dispatch.services.appointment_deeds import Deed
from dispatch.services.appointment_pages import Filters, Line, Page
from dispatch.services.audit import OnBehalf
from dispatch.web import appointment_forms
from dispatch.web.errors import STATUS
from dispatch.web.forms import moves as move_forms
from dispatch.web.forms.choices import place_word
from dispatch.web.guards import actor, inform, requires
from dispatch.web.offline import let_keep
from dispatch.web.paging import as_day

bp = Blueprint("appointments", __name__)

Answer = str | Response | tuple[str, int]

LAST_PAGE = 10_000


@bp.get("/appointments")
@requires(Act.APPOINTMENT_VIEW)
def index() -> str:
    """List what the reader keeps; filters stand in the address."""
    now = clock.now()
    typed = {name: request.args.get(name, "") for name in ("when", "state", "day")}
    number = min(max(request.args.get("page", 1, int), 1), LAST_PAGE)
    listing = appointment_pages.index(actor(), _filters(typed), now, number=number)
    let_keep()
    return render_template(
        f"appointments/{'week' if actor().role is Role.MEDIATOR else 'index'}.html",
        listing=listing,
        days=_by_day(listing.lines),
        typed=typed,
        now=now,
        pages=_pages(listing),
        states=[(state.value, messages.label(state)) for state in AppointmentState],
        is_staff=actor().role in appointment_forms.STAFF,
    )


@bp.get("/appointments/<int:appointment_id>")
@requires(Act.APPOINTMENT_VIEW)
def show(appointment_id: int) -> Answer:
    """Show one appointment."""
    now = clock.now()
    page = appointment_pages.show(actor(), appointment_id, now)
    readings.note(actor(), ("appointment", appointment_id), page.protection, now)
    if not is_read_audited(page.protection, reader_of(actor())):  # offline nobody would note it
        let_keep()
    return _render(page)


@bp.get("/appointments/<int:appointment_id>/calendar.ics")
@requires(Act.APPOINTMENT_VIEW)
def calendar(appointment_id: int) -> Response:
    """Hand over the appointment for one's own calendar."""
    now = clock.now()
    return appointment_forms.calendar_file(appointment_pages.show(actor(), appointment_id, now), now)


@bp.get("/appointments/<int:appointment_id>/<word>")
@requires(Act.APPOINTMENT_VIEW)
def ask(appointment_id: int, word: str) -> Answer:
    """Say what an act brings about and ask for what it needs, before the button that does it."""
    deed = appointment_forms.deed_of(word)
    if deed is None:
        raise NotFound
    page = appointment_pages.show(actor(), appointment_id, clock.now())
    if deed not in page.deeds:
        return redirect(url_for("appointments.show", appointment_id=appointment_id))
    return _ask(page, deed, {})


@bp.post("/appointments/<int:appointment_id>/<word>")
@requires(Act.APPOINTMENT_VIEW)
def act(appointment_id: int, word: str) -> Answer:
    """Do an act and show how things stand then."""
    deed, now = appointment_forms.deed_of(word), clock.now()
    if deed is None:
        raise NotFound
    page = appointment_pages.show(actor(), appointment_id, now)
    if page.is_shown:
        raise NotFound
    try:
        appointment_forms.perform(deed, actor(), page, now)
    except Invalid as refusal:
        return _ask(page, deed, {name: found[0] for name, found in messages.field_sentences(refusal).items()})
    except Refusal as refusal:
        return _refused(appointment_id, refusal)
    inform(str(appointment_forms.DONE[deed]))
    return redirect(url_for("appointments.show", appointment_id=appointment_id))


@bp.get("/appointments/<int:appointment_id>/move")
@requires(Act.APPOINTMENT_MOVE)
def move(appointment_id: int) -> Answer:
    """Show the form of a move with the time and place it has."""
    page = appointment_pages.show(actor(), appointment_id, clock.now())
    if Deed.MOVE not in page.deeds:
        return redirect(url_for("appointments.show", appointment_id=appointment_id))
    return _move_form(page, move_forms.values_of(page, local_time.zone()))


@bp.post("/appointments/<int:appointment_id>/move")
@requires(Act.APPOINTMENT_MOVE)
def save_move(appointment_id: int) -> Answer:
    """Move the appointment, or show the form again with what speaks against it; nothing typed is lost."""
    now = clock.now()
    page = appointment_pages.show(actor(), appointment_id, now)
    read = move_forms.read(request.form, page.talk.mode, now, local_time.zone())
    channel = request.form.get("channel", "")
    try:
        moved = moves.move(
            actor(),
            appointment_id,
            read.typed,
            now,
            found=read.found,
            search_again=request.form.get("search_again") == "1",
            version=request.form.get("version", 0, int),
            on_behalf=OnBehalf(channel) if channel and actor().role in appointment_forms.STAFF else None,
        )
    except Invalid as refusal:
        return _move_form(page, request.form.to_dict(), errors=move_forms.errors_of(refusal, read), read=read), 422
    except Refusal as refusal:
        if refusal.kind is not Kind.CONFLICT:
            return _refused(appointment_id, refusal)
        page = appointment_pages.show(actor(), appointment_id, now)
        return _move_form(page, request.form.to_dict(), read=read, refusal=refusal), 409
    inform(_moved_sentence(moved.state))
    return redirect(url_for("appointments.show", appointment_id=appointment_id))


def _moved_sentence(state: str) -> str:
    if state == AppointmentState.RELEASED:
        return _("The time is changed, and we search for somebody else.")
    if state == AppointmentState.PROPOSED:
        return _("The appointment is moved. It counts as soon as the new time is confirmed.")
    return _("Time and place are what they were; nothing was changed.")


def _refused(appointment_id: int, refusal: Refusal) -> Answer:
    """Show how things stand with the reason why an act was not possible; rights are the error page's."""
    if (isinstance(refusal, Forbidden) and refusal.code == Forbidden.code) or refusal.kind is Kind.MISSING:
        raise refusal
    page = appointment_pages.show(actor(), appointment_id, clock.now())
    return _render(page, refusal=messages.sentence(refusal)), STATUS[refusal.kind]


def _render(page: Page, *, refusal: str = "") -> str:
    template = "mine" if page.is_own else "show"
    return render_template(
        f"appointments/{template}.html",
        page=page,
        base=url_for("appointments.show", appointment_id=page.appointment_id),
        refusal=refusal,
        is_staff=actor().role in appointment_forms.STAFF,
        now=clock.now(),
        outcome=None,
        by_link=False,
    )


def _ask(page: Page, deed: Deed, errors: dict[str, str]) -> Answer:
    body = render_template(
        "appointments/ask.html",
        page=page,
        deed=deed,
        base=url_for("appointments.show", appointment_id=page.appointment_id),
        values={"channel": "phone"} | request.form.to_dict(),
        errors=errors,
        delays=appointment_forms.DELAYS,
        reasons=[(reason.value, messages.label(reason)) for reason in CancelReason if reason != CancelReason.REFUSED],
        needs_channel=appointment_forms.needs_channel(deed, actor()),
        now=clock.now(),
        by_link=False,
    )
    return (body, 422) if errors else body


def _move_form(
    page: Page,
    values: dict[str, str],
    *,
    errors: dict[str, str] | None = None,
    read: move_forms.ReadMove | None = None,
    refusal: Refusal | None = None,
) -> str:
    found = read.place.choices if read and read.place else ()
    return render_template(
        "appointments/move.html",
        page=page,
        values={"channel": "phone"} | values,
        errors=errors or {},
        names=FIELD_NAMES,
        refusal=messages.sentence(refusal) if refusal else "",
        may_search_again=isinstance(refusal, DoesNotFit),
        choices=[(one.name, "") for one in places.municipalities()],
        ask_places=[(place.key, place_word(place)) for place in found],
        ask_fold=bool(read and read.span.is_doubled),
        is_staff=actor().role in appointment_forms.STAFF,
        now=clock.now(),
    )


def _by_day(lines: Sequence[Line]) -> list[list[Line]]:
    """Return the lines of each local day, in the order they have."""
    return [list(of_day) for _day, of_day in groupby(lines, key=_local_date)]


def _local_date(line: Line) -> date:
    return to_local(line.talk.starts_at, local_time.zone()).date()


def _filters(typed: dict[str, str]) -> Filters:
    """Return the filters that can be understood."""
    state = typed["state"]
    return Filters(
        is_past=typed["when"] == "past",
        state=AppointmentState(state) if state in set(AppointmentState) else None,
        day=as_day(typed["day"]),
    )


def _pages(listing: appointment_pages.Listing) -> tuple[str | None, str | None]:
    """Return the addresses of the pages before and after this one, with the same filters."""
    kept = {name: value for name, value in request.args.items() if name not in ("page", "lang") and value}
    before = urlencode({**kept, "page": listing.number - 1}) if listing.number > 1 else None
    after = urlencode({**kept, "page": listing.number + 1}) if listing.has_next else None
    return (f"?{before}" if before else None, f"?{after}" if after else None)
