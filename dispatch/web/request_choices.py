"""Offer the choices of a request's form: what the reader may ask for, in the reader's language."""

from dispatch import messages
from dispatch.domain.candidates import Gender
from dispatch.domain.languages import Level
from dispatch.domain.permissions import Act
from dispatch.domain.requests import Policy
from dispatch.domain.settings import Protection, Qualification, Setting, SettingGroup
from dispatch.i18n import pgettext
from dispatch.reference import languages, places
from dispatch.services import booking_contexts, settings
from dispatch.web.forms import requests as forms
from dispatch.web.forms.choices import language_word
from dispatch.web.guards import actor, may_do


def choices() -> dict[str, object]:
    """Return the lists of the form in the reader's language."""
    return {
        "settings": _setting_choices(),
        "languages": [(language_word(one.code), "") for one in languages.all_languages()],
        "places": [(one.name, "") for one in places.municipalities()],
        "municipalities": [(one.ags, one.name) for one in places.municipalities()],
        "protections": _protection_choices(),
        "levels": [(one.value, messages.label(one)) for one in (Level.B2, Level.C1, Level.C2, Level.NATIVE)],
        "qualifications": [(one.value, messages.label(one)) for one in Qualification],
        "genders": _gender_choices(),
        "policies": [(one.value, messages.label(one)) for one in Policy] if may_choose_policy() else [],
    }


def may_choose_policy() -> bool:
    """Tell whether who types may decide how a mediator is found."""
    return may_do(Act.REQUEST_CHOOSE_POLICY)


def _setting_choices() -> list[dict[str, object]]:
    """Return the fields of work that the reader may ask for by group, then those arranged elsewhere."""
    every = [one for one in settings.all_settings() if may_protect() or one.protection is not Protection.PROTECTED]
    grouped: list[dict[str, object]] = [
        {
            "label": messages.label(group),
            "options": _named([one for one in every if one.in_scope and one.group is group]),
        }
        for group in SettingGroup
    ]
    elsewhere = _named([one for one in every if not one.in_scope])
    grouped.append({"label": pgettext("group", "Usually arranged elsewhere"), "options": elsewhere})
    return [group for group in grouped if group["options"]]


def may_protect() -> bool:
    """Tell whether who types may make requests of protected cases."""
    return booking_contexts.may_protect(actor())


def is_protected(values: forms.Values) -> bool:
    """Tell whether the form is one of a protected case, which has a meeting point and no address."""
    chosen = {one.code: one.protection for one in settings.all_settings()}.get(str(values.get("setting") or ""))
    return Protection.PROTECTED in (values.get("protection"), chosen)


def _protection_choices() -> list[tuple[str, str]]:
    raised = [Protection.SENSITIVE, *([Protection.PROTECTED] if may_protect() else [])]
    return [(one.value, messages.label(one)) for one in raised]


def _named(found: list[Setting]) -> list[tuple[str, str]]:
    return [(one.code, messages.setting_name(one.code)) for one in found]


def _gender_choices() -> list[tuple[str, str]]:
    return [
        ("", pgettext("gender", "It does not matter")),
        (f"{Gender.FEMALE}_wish", pgettext("gender", "A woman, if possible")),
        (f"{Gender.FEMALE}_only", pgettext("gender", "A woman only")),
        (f"{Gender.MALE}_wish", pgettext("gender", "A man, if possible")),
        (f"{Gender.MALE}_only", pgettext("gender", "A man only")),
    ]
