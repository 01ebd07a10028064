"""Say what is wrong with an option, and what a change of one will affect."""

from collections.abc import Mapping

from dispatch.domain.errors import Invalid
from dispatch.i18n import LazyString, ngettext
from dispatch.i18n import lazy_gettext as _
from dispatch.messages.fields import CODES
from dispatch.services.option_effects import Effect

OPTION_CODES: dict[str, LazyString] = {
    "gap": _("This leaves a gap: the row must begin where the one before it ends."),
    "overlap": _("This overlaps: the row must begin where the one before it ends."),
    "not_rising": _("This must be more than the value before it."),
    "not_open_above": _("The last row has no end, so that every notice is covered. Please leave this empty."),
    "open_before_last": _("Only the last row has no end. Please fill this in."),
    "end_before_start": _("The end must be later than the beginning."),
    "never_open": _("At least one day must have service hours."),
    "not_a_code": _("Please use small letters a to z, digits and underscores, such as first_aid."),
    "has_a_role": _("Undertaking and certificate of good conduct cannot be removed: conditions rest on them."),
    "in_use": _("This type is on record or demanded by a field of work, so it cannot be removed."),
    "unknown_document": _("A document is demanded that is not among the types of documents."),
    "not_days": _("Please write one day on each line, such as 24.12.2026."),
    "not_a_link": _("Please type an address that begins with https://."),
    "not_hosts": _("Please write one host on each line, without https:// and path, such as cases.example.org."),
    "too_many": _("These are more than we can keep."),
    "no_weight": _("At least one weight must be more than 0."),
    "repeated": _("This stands there twice."),
    "unknown_choice": _("Please choose one of the entries of the list."),
    "unknown_municipality": _("A municipality is named that does not belong to the district."),
    "not_before_first": _("The last warning must come later than the first one."),
    "not_a_phone": _("Please type a telephone number such as 03521 000 140."),
    "not_an_address": _("Please type one e-mail address such as name@example.org."),
    "mixed_script": _("This address mixes letters of several scripts. Please type it anew."),
    "does_not_fit_together": _("These values do not fit together."),
    "unreadable": _("This cannot be read."),
    "unknown_field": _("The file has an entry that we do not know."),
    "unknown_topic": _("The file has a topic that we do not know."),
    "not_options": _("This is not a file with options of this service."),
    "other_version": _("This file was written by another version of the program."),
    "too_large": _("This file is too large."),
}


def option_sentence(code: str) -> str:
    """Return the sentence of a code; KeyError means that it has none yet."""
    return str(OPTION_CODES.get(code) or CODES[code])


def option_sentences(refusal: Invalid) -> Mapping[str, str]:
    """Return the first sentence of every field."""
    return {field: option_sentence(codes[0]) for field, codes in refusal.errors.items()}


def effect_sentence(effect: Effect) -> str:
    """Say what a change concerns, or what stays as it is."""
    number = effect.number
    match effect.code:
        case "next_wave":
            return ngettext(
                "%(num)d open request: its next round follows the new table.",
                "%(num)d open requests: their next round follows the new table.",
                number,
            )
        case "next_wave_hours":
            return ngettext(
                "%(num)d open request: its next round and deadlines follow the new hours.",
                "%(num)d open requests: their next rounds and deadlines follow the new hours.",
                number,
            )
        case "judged_anew":
            return ngettext(
                "%(num)d open request: who fits is judged by the new values from now on.",
                "%(num)d open requests: who fits is judged by the new values from now on.",
                number,
            )
        case "ranked_anew":
            return ngettext(
                "%(num)d open request: people are put in the new order from now on.",
                "%(num)d open requests: people are put in the new order from now on.",
                number,
            )
        case "change_area":
            return ngettext(
                "%(num)d open request moves to another area.", "%(num)d open requests move to another area.", number
            )
        case _:
            return _more_effects(effect)


def _more_effects(effect: Effect) -> str:
    number = effect.number
    match effect.code:
        case "areas_empty":
            return ngettext(
                "%(num)d account of the regional coordination has an area to which nothing belongs any more.",
                "%(num)d accounts of the regional coordination have an area to which nothing belongs any more.",
                number,
            )
        case "documents_too_old":
            return ngettext(
                "%(num)d document no longer counts, because it is too old or its day of issue is not on record.",
                "%(num)d documents no longer count, because they are too old or their day of issue is not on record.",
                number,
            )
        case "late_from_now":
            return ngettext(
                "%(num)d appointment ahead: whether a cancellation is late follows the new value.",
                "%(num)d appointments ahead: whether a cancellation is late follows the new value.",
                number,
            )
        case "moves_from_now":
            return ngettext(
                "%(num)d appointment ahead: how often its office may move it follows the new value.",
                "%(num)d appointments ahead: how often their offices may move them follows the new value.",
                number,
            )
        case "cut_next":
            return ngettext(
                "%(num)d entry is past its period and is deleted at the next run, today or tomorrow.",
                "%(num)d entries are past their period and are deleted at the next run, today or tomorrow.",
                number,
            )
        case _:
            return _what_stays(effect)


def _what_stays(effect: Effect) -> str:
    number = effect.number
    match effect.code:
        case "promises_stay":
            return ngettext(
                "%(num)d promise already given stays as it is.",
                "%(num)d promises already given stay as they are.",
                number,
            )
        case "deadlines_stay":
            return ngettext(
                "%(num)d offer already sent keeps its deadline.",
                "%(num)d offers already sent keep their deadlines.",
                number,
            )
        case "appointments_stay":
            return ngettext(
                "%(num)d booked appointment stays as it is.", "%(num)d booked appointments stay as they are.", number
            )
        case "kilometres_stay":
            return ngettext(
                "%(num)d booked appointment keeps its kilometres.",
                "%(num)d booked appointments keep their kilometres.",
                number,
            )
        case "reminders_stay":
            return ngettext(
                "%(num)d booked appointment keeps the reminders it has.",
                "%(num)d booked appointments keep the reminders they have.",
                number,
            )
        case unknown:
            raise KeyError(unknown)
