"""Say what somebody on the phone should say or ask, in one plain sentence."""

from collections.abc import Mapping
from datetime import date

from dispatch.domain.lifecycle import WithdrawalCause
from dispatch.domain.modes import Mode
from dispatch.i18n import LazyString, formats, language_names, ngettext
from dispatch.i18n import gettext as _
from dispatch.i18n import lazy_gettext as _l
from dispatch.messages.document_names import document_name
from dispatch.messages.labels import label
from dispatch.services.call_lists import Call
from dispatch.services.talks import Talk

_SAY: Mapping[str, LazyString] = {
    "offer": _l("Please ask: can you interpret?"),
    "appointment_proposed": _l("Please ask: does this appointment suit you?"),
    "reminder_reconfirm": _l("Please ask: does the appointment stand?"),
    "reminder_week": _l("Please remind of the appointment."),
    "reminder_last": _l("Please remind of the appointment."),
    "office_reminder_week": _l("Please remind of the appointment."),
    "office_reminder_last": _l("Please remind of the appointment."),
    "offer_taken": _l("Please say: somebody else has taken it. Thank you."),
    "offer_withdrawn": _l("Please say: the office no longer needs it. Thank you."),
    "appointment_confirmed": _l("Please say: the appointment is certain."),
    "appointment_cancelled": _l("Please say: the appointment is cancelled."),
    "appointment_awaits_office": _l("Please say: thank you; the office still has to agree. Please keep the time free."),
    "approval_wanted": _l("Please ask: somebody would come, does the office agree? The appointment shows who."),
    "appointment_released": _l("Please say: you need not come, the appointment is released."),
    "appointment_handed_back": _l("Please say: the mediator cannot come after all. We look for somebody else."),
    "appointment_stepped_back": _l(
        "Please say: the mediator cannot interpret for this case. Wait, phone or another day?"
    ),
    "request_received": _l("Please say: we have the request and look for somebody."),
    "request_nobody_yet": _l("Please say: nobody found yet. Wait, by phone, another time or cancel?"),
    "request_refused": _l("Please say: we cannot take this request. The reason stands on its page."),
    "request_cancelled": _l("Please say: the request is cancelled."),
    "request_outside": _l("Please say: somebody outside our pool helps; the page of the request names who."),
    "request_unfilled": _l("Please say: nobody could be found. We are sorry."),
    "confirm_data": _l("Please ask: is everything we know about you still right?"),
    "appointment_replaced": _l("Please say: the mediator does not come any more. We look for somebody else."),
    "request_people_found": _l("Please say: we have found people to ask after all."),
    "still_there": _l("Please ask: would you still like to be asked?"),
}
_WITHDRAWN: Mapping[str, LazyString] = {
    WithdrawalCause.CHANGED: _l("Please say: the office has changed its request. We ask again if it suits."),
    WithdrawalCause.NO_LONGER_FITS: _l("Please say: it no longer fits with the other appointments."),
}


def call_sentence(call: Call) -> str:  # noqa: C901 - one arm per kind is the plainest form
    """Return what to say, without the talk it is about."""
    match call.message:
        case "offer" if call.wants_approval:
            return _("Please ask: can you interpret? The office then agrees to who comes.")
        case "approval_wanted" if call.comes:
            return _("Please ask: may %(name)s come?", name=call.comes)
        case "appointment_proposed" if call.was_moved:
            return _("The appointment was moved. Please ask: does the new time suit you?")
        case "offer_withdrawn":
            return str(_WITHDRAWN.get(str(call.params.get("cause")), _SAY["offer_withdrawn"]))
        case "request_assigned" if call.comes:
            return _("Please say: %(name)s comes.", name=call.comes)
        case "appointment_moved" if call.params.get("search_again"):
            return _("Please say: the time is changed, and we look for somebody else.")
        case "appointment_moved":
            return _("Please say: the appointment is moved and not confirmed yet.")
        case "appointment_running_late":
            minutes = int(str(call.params.get("minutes", 0)))
            late = ngettext("about %(num)d minute late", "about %(num)d minutes late", minutes)
            return _("Please say: the mediator will be late (%(late)s).", late=late)
        case "document_ends":
            return document_sentence(call.params)
        case message:
            return str(_SAY.get(message, _l("Please say how things stand; the page of the request shows it.")))


def document_sentence(params: Mapping[str, object]) -> str:
    """Return what to say of a document that ends."""
    kind, day = document_name(str(params["type"])), formats().date(date.fromisoformat(str(params["last_day"])))
    return _("Please say: the document “%(document)s” counts until %(day)s. We need a new one.", document=kind, day=day)


def talk_words(talk: Talk, *, is_protected: bool) -> str:
    """Return the talk in one line: language, day and time, minutes, place and mode as far as they may be told."""
    minutes = (talk.ends_at - talk.starts_at).total_seconds() // 60
    parts = [
        language_names(talk.languages),
        f"{formats().day(talk.starts_at)}{formats().locale.comma} {formats().time_range(talk.starts_at, talk.ends_at)}",
        ngettext("%(num)d minute", "%(num)d minutes", int(minutes)),
    ]
    if not is_protected:
        parts += [talk.place or "", label(Mode(talk.mode))]
    return " · ".join(part for part in parts if part)
