"""Offer the words that the pages of mediators choose from, and say records in words to compare them."""

from enum import StrEnum
from typing import NamedTuple

from dispatch import i18n
from dispatch.domain import document_types
from dispatch.domain.candidates import Gender
from dispatch.domain.languages import SIGN, Level
from dispatch.domain.mediators import ContactChannel, TypedMediator
from dispatch.domain.modes import Mode
from dispatch.domain.settings import Qualification
from dispatch.domain.travel import Transport
from dispatch.i18n import gettext as _
from dispatch.messages import document_name, label, setting_name
from dispatch.messages.pool import field_title
from dispatch.reference import languages, places
from dispatch.services import options, organisation_lists, settings
from dispatch.services.mediator_lists import OUTSIDE, Filters
from dispatch.web.forms.choices import language_word
from dispatch.web.forms.pool_values import home_word, number_word, told_apart
from dispatch.web.guards import actor

Options = list[tuple[str, str]]


class Choices(NamedTuple):
    """The options of the record's form, pairs of value and word."""

    languages: Options
    levels: Options
    qualifications: Options
    genders: Options
    channels: Options
    transports: Options
    modes: Options
    settings: Options
    documents: Options
    page_languages: Options
    organisations: Options


class ListChoices(NamedTuple):
    """The options of the list's filters."""

    languages: Options
    municipalities: Options
    states: Options


def choices() -> Choices:
    """Return the options of the form in the reader's language."""
    codes = [language.code for language in languages.all_languages()]
    return Choices(
        languages=[(language_word(code), i18n.language_name(code)) for code in codes],
        levels=[(str(level), label(level)) for level in Level],
        qualifications=[(str(one), label(one)) for one in Qualification],
        genders=[(str(one), label(one)) for one in Gender],
        channels=[(str(one), label(one)) for one in ContactChannel],
        transports=[(str(one), label(one)) for one in Transport],
        modes=[(str(one), label(one)) for one in Mode],
        settings=[(one.code, setting_name(one.code)) for one in settings.all_settings() if one.in_scope],
        documents=[(code, document_name(code)) for code in options.read(document_types.DEFAULT).codes],
        page_languages=page_languages(),
        organisations=[(name, name) for name in organisation_names().values()],
    )


def list_choices() -> ListChoices:
    """Return the options of the filters."""
    codes = (language.code for language in languages.all_languages() if language.code not in SIGN)
    named = sorted(((code, i18n.language_name(code)) for code in codes), key=lambda pair: pair[1].casefold())
    municipalities = [(one.ags, one.name) for one in places.municipalities()]
    return ListChoices(
        languages=named,
        municipalities=[*municipalities, (OUTSIDE, _("outside the district"))],
        states=[("all", _("active and resting")), ("resting", _("resting"))],
    )


def page_languages() -> Options:
    """Return the languages in which somebody may be written to: those with a catalogue first, by their own names."""
    own = [(entry.tag, entry.own_name) for entry in i18n.LOCALES]
    known = {tag for tag, _name in own}
    others = (one for one in languages.all_languages() if one.code not in known and one.autonym)
    return [*own, *((one.code, one.autonym) for one in others)]


def filter_words(filters: Filters) -> str:
    """Say what the list is narrowed to."""
    words = [
        i18n.language_name(filters.language) if filters.language else "",
        _municipality(filters.municipality),
        filters.name,
        _("free this week") if filters.free_this_week else "",
        {None: _("active and resting"), False: _("resting"), True: ""}[filters.active],
    ]
    return " · ".join(word for word in words if word) or _("everybody who is active")


def organisation_names() -> dict[int, str]:
    """Return every organisation by id, told apart by id where several bear one name."""
    found = organisation_lists.names(actor())
    words = told_apart((id_, name, str(id_)) for id_, name in found)
    return {id_: word for word, id_ in words.items()}


def differences(mine: TypedMediator, stored: TypedMediator) -> list[tuple[str, str, str]]:
    """Return the fields in which two records differ, each with both in words."""
    typed, kept = _words(mine), _words(stored)
    return [(title, typed[title], kept[title]) for title in typed if typed[title] != kept[title]]


def _words(typed: TypedMediator) -> dict[str, str]:
    names = organisation_names()
    fields = {
        **{
            name: str(getattr(typed, name))
            for name in ("name", "call_name", "email", "phone", "external_id", "remarks")
        },
        "home": home_word(typed.home),
        "languages": i18n.formats().series(
            f"{i18n.language_name(one.code)} {_label(Level, one.level)}" for one in typed.languages
        ),
        "german_level": _label(Level, typed.german_level),
        "qualification": _label(Qualification, typed.qualification),
        "gender": _label(Gender, typed.gender),
        "contact_channel": _label(ContactChannel, typed.contact_channel),
        "transport": _label(Transport, typed.transport),
        "modes": i18n.formats().series(_label(Mode, mode) for mode in typed.modes),
        "experience": i18n.formats().series(setting_name(code) for code in sorted(typed.experience)),
        "refused_settings": i18n.formats().series(setting_name(code) for code in sorted(typed.refused_settings)),
        "refused_organisations": i18n.formats().series(names.get(id_, "") for id_ in typed.refused_organisations),
        "max_distance_km": number_word(typed.max_distance_km),
        "weekly_hours_limit": number_word(typed.weekly_hours_limit),
        "documents": i18n.formats().series(
            f"{document_name(one.type)} {one.seen_on or ''} {one.valid_until or ''}" for one in typed.documents
        ),
        **{name: _("yes") if getattr(typed, name) else _("no") for name in _TICKS},
    }
    return {field_title(name): words for name, words in fields.items()}


_TEXTS = ("name", "call_name", "email", "phone", "external_id", "remarks")
_TICKS = ("night", "short_notice", "avoid_own_municipality", "share_phone", "share_surname", "active")


def _label(kind: type[StrEnum], code: str) -> str:
    return label(kind(code)) if code in {str(member) for member in kind} else code


def _municipality(key: str) -> str:
    if key == OUTSIDE:
        return _("outside the district")
    municipality = places.find_municipality(key)
    return municipality.name if municipality else ""
