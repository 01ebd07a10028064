"""Show the form of a request: its choices, what must be asked back, the summary beside it and the promise.

Views decide what happens to what was typed; this module only puts the page together.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import MAXYEAR, datetime

from flask import render_template, request
from werkzeug.datastructures import MultiDict

from dispatch import clock, i18n, messages
from dispatch.domain import blocks, privacy
from dispatch.domain.errors import Invalid
from dispatch.domain.intake import UNSTORED, Intake
from dispatch.domain.intake_rules import Verdict
from dispatch.domain.intervals import to_local
from dispatch.domain.modes import Mode
from dispatch.domain.permissions import Role
from dispatch.domain.requests import NewRequest
from dispatch.domain.settings import Protection, Setting
from dispatch.messages.request_labels import FIELD_NAMES
from dispatch.reference import languages, places
from dispatch.services import booking_contexts, duty, intake_rules, local_time, promises
from dispatch.services.accounts import Account
from dispatch.web import intake, request_choices
from dispatch.web.forms import requests as forms
from dispatch.web.forms.choices import language_word, place_word
from dispatch.web.guards import actor, signed_in

NONCE_BYTES = 18
STAFF = frozenset({Role.COORDINATOR, Role.REGIONAL_COORDINATOR})
Compared = list[tuple[str, str, str]]


@dataclass
class FormPage:
    """What the page of the form shows besides its choices. `editing` is id and version of a stored request.

    `is_time_open`: a resident asked for it, and the time that stands there is no more than a wish.
    """

    values: forms.Values
    errors: Mapping[str, str] = field(default_factory=dict)
    read: forms.ReadRequest | None = None
    new: NewRequest | None = None
    setting: Setting | None = None
    editing: tuple[int, int] | None = None
    is_draft: bool = True
    is_kept: bool = False
    organisation_id: int | None = None
    number: int | None = None
    intake: Intake | None = None
    kept_at: datetime | None = None
    is_time_open: bool = False
    compared: Compared = field(default_factory=list)

    @property
    def takes_down(self) -> bool:
        """Whether the coordination enters this for somebody else and it was not sent yet."""
        return is_staff() and (self.editing is None or self.is_draft)


def account() -> Account:
    """Return who is signed in; the guard has seen to it that somebody is."""
    found = signed_in()
    assert found is not None
    return found


def is_staff() -> bool:
    """Tell whether the coordination itself types, for somebody else."""
    return account().role in STAFF


def unit_of(form: MultiDict[str, str]) -> int | None:
    """Return the unit that asks: one's own, or the one the coordination has chosen."""
    return intake.unit(form).organisation_id if is_staff() else account().organisation_id


def read(organisation_id: int | None) -> forms.ReadRequest:
    """Read the posted form for a unit."""
    return forms.read(request.form, clock.now(), local_time.zone(), organisation_id=organisation_id)


def check(page: FormPage, before: NewRequest | None = None) -> NewRequest:
    """Return the typed request of the page if it holds, and keep it there with its setting; raises Invalid.

    What the coordination takes down for somebody else is checked with who asked.
    """
    found = page.read
    assert found is not None
    names_people = bool(found.typed.preferred_mediators or found.typed.exclude_mediators)
    context = booking_contexts.context_for(actor(), found.typed.organisation_id, names_people=names_people)
    if page.takes_down and found.typed.organisation_id == UNSTORED:
        context = replace(context, organisations={UNSTORED})
    if before is not None:  # it stays with its unit, also with one that nobody may choose
        context = replace(context, organisations={*context.organisations, before.organisation_id})
    errors: dict[str, tuple[str, ...]] = {}
    try:
        page.new = forms.check(found, context, clock.now(), before=before)
        page.setting = context.settings[page.new.setting]
    except Invalid as refusal:
        errors.update(refusal.errors)
    if page.takes_down:
        errors.update(_check_intake(page, errors))
    if errors or page.new is None:
        page.new = None
        raise Invalid(errors)
    return page.new


def _check_intake(page: FormPage, errors: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Keep who asked on the page; return what speaks against it, and why the organisation was not understood."""
    found: dict[str, tuple[str, ...]] = {}
    unit = intake.unit(request.form) if page.editing is None else None
    if unit and unit.error and "organisation" in errors:
        found["organisation"] = (unit.error,)
    try:
        page.intake = intake.check(request.form)
    except Invalid as refusal:
        found.update(refusal.errors)
    return found


def begin(organisation_id: int | None) -> forms.Values:
    """Return what an empty form holds: the defaults of the unit that asks."""
    unit = booking_contexts.defaults_for(actor(), organisation_id).organisation
    values: forms.Values = {"mode": Mode.ON_SITE.value, "length": "60", "continuity": "gern", "channel": "phone"}
    if request.args.get("protection") in set(Protection):
        values["protection"] = request.args["protection"]
    if unit is None:
        return values
    place = places.find_place(ags=unit.municipality, postal_code=unit.postal_code, town=unit.town)
    return values | {
        "organisation": str(unit.id),
        "setting": unit.default_setting or "",
        "place": place_word(place) if place else "",
        "address": unit.address or "",
        "wants_approval": "1" if unit.approves_mediators else "",
        "contact_name": unit.contact_name or "",
        "contact_phone": i18n.format_phone(unit.phone) if unit.phone and unit.contact_name else "",
        "caller_phone": i18n.format_phone(unit.phone) if unit.phone and is_staff() else "",
    }


def show(page: FormPage) -> str:
    """Render the form, or only the summary beside it when a script asks for that."""
    if request.headers.get("HX-Request") == "true" and request.method == "POST":
        return render_template("requests/_side.html", page=page, **_side(page))
    defaults = booking_contexts.defaults_for(actor(), page.organisation_id)
    return render_template(
        "requests/form.html",
        page=page,
        values=page.values,
        errors=page.errors,
        nonce=request.form.get("nonce") or secrets.token_urlsafe(NONCE_BYTES),
        organisation=defaults.organisation,
        known_people=[(one.id, one.call_name) for one in defaults.known_people],
        intake=intake.choices() if is_staff() else {},
        unit_word=intake.word_of(page.organisation_id) if is_staff() else "",
        is_staff=is_staff(),
        choices=request_choices.choices(),
        names=FIELD_NAMES,
        is_protected=request_choices.is_protected(page.values),
        ask=_asked_back(page),
        warnings=_warnings(page.values),
        **_side(page),
    )


def refused(page: FormPage, refusal: Invalid) -> tuple[str, int]:
    """Render the form with what speaks against it; everything typed is still there."""
    page.errors = forms.errors_of(refusal)
    return show(page), 200 if request.headers.get("HX-Request") == "true" else 422


def _side(page: FormPage) -> dict[str, object]:
    """Return what the summary says: the sentence as far as it is known, and the promise once all holds."""
    typed = page.read.typed if page.read else None
    starts_at, ends_at = (typed.starts_at, typed.ends_at) if typed else (None, None)
    has_span = starts_at and ends_at and starts_at < ends_at and ends_at.year < MAXYEAR  # local time may be later
    place = None
    if typed and not typed.place.is_empty:
        named = typed.place
        place = places.find_place(ags=named.municipality, postal_code=named.postal_code, town=named.town)
    look = _look(page)
    return {
        "look": look,
        "typed": typed,
        "has_span": bool(has_span),
        "advised": blocks.advice(starts_at, ends_at) if has_span and starts_at and ends_at else (),
        "summary_place": place.town if place else None,
        "summary_mode": Mode(typed.mode) if typed and typed.mode in set(Mode) else None,
        "related": _related(typed.languages if typed else ()),
        "elsewhere_hint": page.setting.elsewhere if page.setting else None,
        **_promised(page.new or (look.new if look else None), page.setting or (look.setting if look else None)),
    }


def _look(page: FormPage) -> intake.Look | None:
    """Return who would fit what the coordination has typed so far; None on other people's forms and before typing."""
    if page.read is None or not page.takes_down:
        return None
    return intake.look(page.read, page.new, page.setting)


def _promised(new: NewRequest | None, setting: Setting | None) -> dict[str, object]:
    """Return what becomes of it and by when there is an answer; nothing until all that matters holds."""
    if new is None or setting is None:
        return {"promise": None, "reviewed": False, "decision": None, "answering": None}
    decision = intake_rules.preview(actor(), new, setting)
    if decision.verdict is Verdict.REFUSE:
        return {"promise": None, "reviewed": False, "decision": decision, "answering": None}
    is_reviewed_first = decision.verdict is Verdict.REVIEW
    promise = promises.promise_for(
        new.starts_at,
        clock.now(),
        policy=new.policy,
        is_reviewed_first=is_reviewed_first,
        last_useful_answer_at=new.last_useful_answer_at,
    )
    answering = duty.answering(promise.answer_by) if promise else None
    return {"promise": promise, "reviewed": is_reviewed_first, "decision": decision, "answering": answering}


def _related(codes: tuple[str, ...]) -> list[str]:
    """Return the names of the languages that would serve besides, if the office agrees."""
    asked = [found for code in codes if (found := languages.find_language(code))]
    return [i18n.language_name(code) for language in asked for code in language.related if code not in codes]


def _asked_back(page: FormPage) -> dict[str, object]:
    """Return the choices of what was typed and means several things."""
    found = page.read
    return {
        "languages": [(code, language_word(code)) for code in found.languages.choices] if found else [],
        "places": [(place.key, place_word(place)) for place in found.place.choices] if found else [],
        "fold": bool(found and found.span.is_doubled),
        "units": intake.unit(request.form).choices if found and page.takes_down and page.editing is None else (),
    }


def _warnings(values: forms.Values) -> dict[str, list[str]]:
    today = to_local(clock.now(), local_time.zone()).date()
    found = privacy.warnings(str(values.get("reference") or ""), str(values.get("notes") or ""), today=today)
    sentences: dict[str, list[str]] = {}
    for warning in found:
        sentences.setdefault(warning.field, []).append(messages.privacy_warning(warning.code))
    return sentences
