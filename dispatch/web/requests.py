"""Pages of requests: the office's start, the coordination's list, one request, and its form."""

import re
import secrets
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from dispatch import clock, i18n, messages
from dispatch.domain.errors import Invalid, Stale
from dispatch.domain.intake import UNSTORED
from dispatch.domain.lifecycle import RequestState
from dispatch.domain.permissions import Act, Scope, scope
from dispatch.domain.requests import NewRequest
from dispatch.i18n import gettext as _
from dispatch.reference import languages, places
from dispatch.services import drafts, local_time, request_edits, request_reading, requests
from dispatch.services.audit import OnBehalf
from dispatch.services.request_edits import Stored
from dispatch.services.request_reading import Filters
from dispatch.web import drafts as kept_forms
from dispatch.web import intake, request_forms, request_sheets
from dispatch.web.forms import requests as forms
from dispatch.web.forms.talks import NAMES
from dispatch.web.guards import actor, inform, requires
from dispatch.web.paging import as_day
from dispatch.web.request_forms import FormPage

bp = Blueprint("requests", __name__)

Page = str | Response | tuple[str, int]

LAST_PAGE = 10_000
NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")
LONGEST_ID = 10
FORM = "requests/new"


@bp.get("/requests")
@requires(Act.REQUEST_VIEW)
def index() -> str:
    """Show an office its start, the coordination its list; filters stand in the address."""
    now = clock.now()
    if scope(actor(), Act.REQUEST_VIEW) is Scope.OWN_UNIT:
        return render_template("requests/start.html", start=request_reading.start(actor(), now), now=now)
    filters, typed = _filters()
    page = request_reading.page(actor(), filters, min(max(request.args.get("page", 1, int), 1), LAST_PAGE))
    return render_template(
        "requests/index.html", page=page, typed=typed, now=now, pages=_pages(page), choices=_filter_choices()
    )


@bp.get("/requests/new")
@requires(Act.REQUEST_CREATE)
def new() -> str:
    """Show the form: empty with the unit's defaults, as last time (`again`), for a case (`case`), or as kept."""
    unit = request_forms.unit_of(request.args)
    kept = kept_forms.take()
    is_asked_for = any(request.args.get(name) for name in ("again", "case"))
    if kept is not None and not is_asked_for:
        unit = request_forms.unit_of(kept)
        found = forms.read(kept, clock.now(), local_time.zone(), organisation_id=unit)
        return request_forms.show(FormPage(forms.typed_values(kept), read=found, is_kept=True, organisation_id=unit))
    values = request_forms.begin(unit) | _as_last_time()
    chosen = str(values.get("organisation") or "")
    page = FormPage(values, organisation_id=int(chosen) if chosen else unit)
    page.kept_at = kept_forms.kept_at() if kept is not None else None
    return request_forms.show(page)


@bp.post("/requests/new")
@requires(Act.REQUEST_CREATE)
def create() -> Page:
    """Send a request, keep it as a draft, or only look at what it comes to."""
    act = request.form.get("act", "send")
    found = request_forms.read(request_forms.unit_of(request.form))
    page = FormPage(
        forms.typed_values(request.form),
        read=found,
        is_kept=request.form.get("kept") == "1",
        organisation_id=found.typed.organisation_id,
    )
    if act in ("unit", "anew", "fields"):
        return _other_form(act, page)
    try:
        new = request_forms.check(page)
        if act in ("preview", "fit"):
            return request_forms.show(page)
        if act == "draft" and new.organisation_id == UNSTORED:
            return _keep_typed()
        request_id = _store(act, new, page)
    except Invalid as refusal:
        if act == "fit":
            return request_forms.show(page)
        if act == "draft":
            return _keep_typed()
        return request_forms.refused(page, refusal)
    if page.is_kept:
        kept_forms.forget(FORM)
    return redirect(url_for("requests.show", request_id=request_id))


@bp.get("/requests/<int:request_id>")
@requires(Act.REQUEST_VIEW)
def show(request_id: int) -> str:
    """Show one request: who comes, what was done, what is ahead, what one can do."""
    return request_sheets.show(request_id)


@bp.get("/requests/<int:request_id>/edit")
@requires(Act.REQUEST_EDIT)
def edit(request_id: int) -> str:
    """Show a stored request in its form."""
    stored = request_edits.stored(actor(), request_id)
    return request_forms.show(_edit_page(request_id, stored))


@bp.post("/requests/<int:request_id>/edit")
@requires(Act.REQUEST_EDIT)
def save(request_id: int) -> Page:
    """Change a request, or send a draft; who was faster wins, and the other one sees both versions."""
    stored = request_edits.stored(actor(), request_id)
    page = _edit_page(request_id, stored)
    page.values = forms.typed_values(request.form)
    page.editing = (request_id, request.form.get("version", 0, int))
    page.read = request_forms.read(stored.value.organisation_id)
    act = request.form.get("act", "send")
    if act == "fields":
        return request_forms.show(page)
    try:
        new = request_forms.check(page, None if page.is_draft else stored.value)
        if act == "preview":
            return request_forms.show(page)
        _store(act, new, page)
    except Invalid as refusal:
        return request_forms.refused(page, refusal)
    except Stale as stale:
        return _both_versions(page, request_edits.stored(actor(), request_id), stale)
    return redirect(url_for("requests.show", request_id=request_id))


def _store(act: str, new: NewRequest, page: FormPage) -> int:
    """Do what the pressed button says and tell it on the next page; return the request's id."""
    now, nonce = clock.now(), request.form.get("nonce", "")
    if not NONCE.fullmatch(nonce):
        nonce = secrets.token_urlsafe(request_forms.NONCE_BYTES)
    on_behalf = OnBehalf(request.form.get("channel", "")) if request_forms.is_staff() else None
    if act == "draft" and page.is_draft:
        request_id = requests.save_draft(
            actor(), new, nonce, now, draft=page.editing, on_behalf=on_behalf, intake=page.intake
        )
        inform(_("The draft is saved. Nothing has been sent."))
        return request_id
    if page.editing is None or page.is_draft:
        request_id = requests.submit(
            actor(), new, nonce, now,
            draft=page.editing, on_behalf=on_behalf, setting=page.setting, intake=page.intake,
        )  # fmt: skip
        inform(_("The request is sent."))
        return request_id
    request_id, version = page.editing
    if request_edits.edit(actor(), request_id, version, new, now, on_behalf=on_behalf):
        inform(_("The request is changed, and the search begins anew."))
    else:
        inform(_("Your changes are saved."))
    return request_id


def _edit_page(request_id: int, stored: Stored) -> FormPage:
    return FormPage(
        forms.values_of(stored.value, local_time.zone()) | intake.values_of(stored),
        editing=(request_id, stored.version),
        is_draft=stored.state is RequestState.DRAFT,
        organisation_id=stored.value.organisation_id,
        number=stored.number,
        is_time_open=stored.is_time_open,
    )


def _both_versions(page: FormPage, stored: Stored, stale: Stale) -> tuple[str, int]:
    """Show what was typed beside what is stored now; sending it again takes the typed one."""
    saved = forms.values_of(stored.value, local_time.zone())
    page.compared = forms.differences(page.values, saved)
    page.errors = {"": messages.sentence(stale)}
    page.editing = (page.editing[0], stale.current) if page.editing else None
    return request_forms.show(page), 409


def _keep_typed() -> Response:
    """Keep what is not yet complete for its writer: the form finds it again."""
    typed = {name: values for name, values in request.form.lists() if name not in kept_forms.NEVER_KEPT}
    if not drafts.save(request_forms.account().user_id, FORM, typed, clock.now()):
        raise RequestEntityTooLarge
    inform(_("What you typed is kept. You find it again under “New request”; nothing has been sent."))
    return redirect(url_for("requests.index"))


def _other_form(act: str, page: FormPage) -> Page:
    """Begin anew without what was kept, or fill in what the chosen unit usually asks for."""
    if act == "anew":
        kept_forms.forget(FORM)
        return redirect(url_for("requests.new"))
    if act == "fields":
        return request_forms.show(page)
    usual = request_forms.begin(page.organisation_id)
    page.values = {**page.values, **{name: value for name, value in usual.items() if value}}
    return request_forms.show(page)


def _as_last_time() -> forms.Values:
    """Return the values of an earlier request without its time, and the case it belongs to."""
    values: forms.Values = {}
    again = request.args.get("again", "")
    if again.isdecimal() and len(again) <= LONGEST_ID:
        earlier = request_edits.stored(actor(), int(again), act=Act.REQUEST_CREATE).value
        values = forms.values_of(earlier, local_time.zone())
        for name in ("day", "start", "fold", "latest", "case_token", "notes", "policy", *NAMES):
            values.pop(name)
    if case := request.args.get("case", ""):
        values["case_token"] = case
    return values


def _filters() -> tuple[Filters, dict[str, str]]:
    """Return the filters that can be understood, and everything as it stands in the address."""
    typed = {name: request.args.get(name, "") for name in ("state", "language", "municipality", "day")}
    state = typed["state"]
    filters = Filters(
        state=RequestState(state) if state in set(RequestState) else None,
        language=typed["language"] if languages.is_known(typed["language"]) else "",
        municipality=typed["municipality"] if places.find_municipality(typed["municipality"]) else "",
        day=as_day(typed["day"]),
    )
    return filters, typed


def _filter_choices() -> dict[str, list[tuple[str, str]]]:
    return {
        "states": [(state.value, messages.label(state)) for state in RequestState],
        "languages": [(one.code, i18n.language_name(one.code)) for one in languages.all_languages()],
        "municipalities": [(one.ags, one.name) for one in places.municipalities()],
    }


def _pages(page: request_reading.Page) -> tuple[str | None, str | None]:
    """Return the addresses of the pages before and after this one, with the same filters."""
    kept = {name: value for name, value in request.args.items() if name not in ("page", "lang") and value}
    before = urlencode({**kept, "page": page.number - 1}) if page.number > 1 else None
    after = urlencode({**kept, "page": page.number + 1}) if page.has_next else None
    return (f"?{before}" if before else None, f"?{after}" if after else None)
