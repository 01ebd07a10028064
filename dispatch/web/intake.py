"""Show and read what only the coordination's request form has: who asks, and how many people fit before it is saved.

It must not decide who fits or what must be noted; that is `services.intake` and `domain.intake`.
"""

from collections.abc import Mapping
from typing import NamedTuple

from flask import g
from werkzeug.datastructures import MultiDict

from dispatch import clock, i18n, messages
from dispatch.domain import intake as rules
from dispatch.domain.errors import Invalid, Missing
from dispatch.domain.intake import Intake, TypedIntake
from dispatch.domain.organisations import OrganisationKind, TypedOrganisation
from dispatch.domain.permissions import Act
from dispatch.domain.requests import NewRequest
from dispatch.domain.settings import Setting
from dispatch.messages.request_labels import FIELD_NAMES
from dispatch.reference import places
from dispatch.reference.phones import read_phone
from dispatch.services import booking_contexts
from dispatch.services import intake as intakes
from dispatch.services.intake import Fit
from dispatch.services.request_edits import Stored
from dispatch.web.forms import requests as forms
from dispatch.web.forms.pool_values import told_apart
from dispatch.web.forms.units import ReadUnit, read_unit
from dispatch.web.guards import actor, may_do

NEW_OFFICE = ("new_name", "new_kind", "new_phone", "new_email")
FIELDS = ("caller_name", "caller_phone", "caller_email", *NEW_OFFICE)


class Look(NamedTuple):
    """A look at the pool: who fits, or the names of the fields it still needs; what it was taken for."""

    fit: Fit | None = None
    lacks: tuple[str, ...] = ()
    new: NewRequest | None = None
    setting: Setting | None = None


def units() -> Mapping[str, int]:
    """Return the organisations that may be named, by their words; read once for a page."""
    if "units" not in g:
        g.units = told_apart((one.id, one.name, one.town or str(one.id)) for one in booking_contexts.units_for(actor()))
    found: Mapping[str, int] = g.units
    return found


def word_of(organisation_id: int | None) -> str:
    """Return how an organisation stands in its field."""
    return next((word for word, id_ in units().items() if id_ == organisation_id), "")


def unit(form: MultiDict[str, str]) -> ReadUnit:
    """Read the organisation of the list; one that is not yet known stands for none of it."""
    found = read_unit(form.get("unit", ""), form.get("organisation", ""), units())
    if found.error == "required" and is_new_office(form):
        return ReadUnit(rules.UNSTORED)
    return found


def is_new_office(form: MultiDict[str, str]) -> bool:
    """Tell whether an organisation is being entered that is not yet known."""
    return any(form.get(name, "").strip() for name in NEW_OFFICE)


def check(form: MultiDict[str, str]) -> Intake:
    """Return who asked if it holds; raises Invalid."""
    office = None
    if is_new_office(form):
        office = TypedOrganisation(
            name=form.get("new_name", ""),
            kind=form.get("new_kind", ""),
            phone=read_phone(form.get("new_phone", "")),
            contact_email=form.get("new_email", ""),
        )
    typed = TypedIntake(
        caller_name=form.get("caller_name", ""),
        caller_phone=read_phone(form.get("caller_phone", "")),
        caller_email=form.get("caller_email", ""),
        organisation=office,
    )
    return rules.check(typed, places, is_chosen=bool(form.get("unit", "").strip()))


def values_of(stored: Stored) -> forms.Values:
    """Return how who asked stands in the form."""
    intake = stored.intake
    return {
        "channel": stored.channel or "phone",
        "caller_name": intake.caller_name or "",
        "caller_phone": i18n.format_phone(intake.caller_phone) if intake.caller_phone else "",
        "caller_email": intake.caller_email or "",
    }


def look(read: forms.ReadRequest, new: NewRequest | None, setting: Setting | None) -> Look:
    """Look at the pool for what is typed so far; nothing is stored. What lies outside one's sight is not looked for."""
    try:
        if new is None or setting is None:
            context = booking_contexts.context_for(
                actor(),
                read.typed.organisation_id,
                names_people=bool(read.typed.preferred_mediators or read.typed.exclude_mediators),
            )
            new = rules.check_for_matching(read.typed, context, clock.now(), found=read.found)
            setting = context.settings[new.setting]
        return Look(intakes.look(actor(), new, setting, clock.now()), (), new, setting)
    except Invalid as refusal:
        fields = forms.errors_of(forms.told(read, refusal))
        return Look(lacks=tuple(str(FIELD_NAMES[name]) for name in fields if name in FIELD_NAMES))
    except Missing:
        return Look()


def choices() -> dict[str, object]:
    """Return what the coordination's part of the form offers."""
    kinds = [(str(kind), messages.label(kind)) for kind in OrganisationKind]
    return {"units": [(word, "") for word in units()], "kinds": kinds if may_do(Act.ORGANISATION_CREATE) else []}
