"""Write the messages to the office that asks: received, found, moved, handed back, nobody found, reminders.

They name the mediator by her shown name and badge number only, and never the case.
"""

from dispatch.domain import fallback
from dispatch.i18n import format_phone, formats, ngettext
from dispatch.i18n import gettext as _
from dispatch.outgoing.texts import (
    Action,
    Sheet,
    Text,
    Writer,
    name_of,
    person_of,
    phone_of,
    subject,
    talk_of,
)
from dispatch.services import options
from dispatch.services.duty import Answering


def request_received(sheet: Sheet) -> Text:
    """Confirm that the request arrived, and by when there is an answer."""
    facts = sheet.facts
    lead = [_("Hello,"), _("we have received your request.")]
    urgent = None
    if facts.nobody_fits:
        lead.append(_("At the moment nobody in the pool fits. We keep looking; please look at your choices."))
        lead.append(_("The coordination also looks for help outside."))
    elif facts.answer_by and facts.answer_by > sheet.now:
        urgent = _("You have our answer by %(until)s.", until=formats().instant_short(facts.answer_by))
        if facts.answering and not facts.answering.people:
            lead.append(_nobody_there(facts.answering))
    return Text(
        subject=subject(_("Request received"), talk_of(sheet)),
        lead=tuple(lead),
        urgent=urgent,
        actions=(see_request(sheet),),
        details=number_of(sheet),
    )


def _nobody_there(answering: Answering) -> str:
    if answering.is_staffed:
        return _(
            "On that day nobody of the coordination is on duty; the answer comes by e-mail as soon as somebody agrees."
        )
    return _("At that time nobody is in our office; the answer comes by e-mail.")


def request_assigned(sheet: Sheet) -> Text:
    """Tell who comes."""
    facts = sheet.facts
    lead = (_("Hello,"), _("we have found somebody: %(person)s will interpret.", person=person_of(facts)))
    details = list(number_of(sheet))
    if facts.person and facts.person.phone:
        details.append(_("Telephone for questions: %(phone)s", phone=phone_of(facts.person.phone)))
    return Text(
        subject=subject(_("Somebody found"), talk_of(sheet)),
        lead=lead,
        actions=(see_request(sheet),),
        details=tuple(details),
        calendar="REQUEST",
    )


def request_nobody_yet(sheet: Sheet) -> Text:
    """Tell that the promise passed without anybody, with the choices the office has."""
    return Text(
        subject=subject(_("Nobody found yet"), talk_of(sheet)),
        lead=(
            _("Hello,"),
            _("we promised you an answer by now: we have not found anybody yet, and we go on looking."),
        ),
        actions=(see_request(sheet),),
        details=(
            _("You can wait, choose a talk by telephone, choose another time, or cancel."),
            *_fallback(),
            *number_of(sheet),
        ),
    )


def request_refused(sheet: Sheet) -> Text:
    """Tell that the service does not take the request."""
    return Text(
        subject=subject(_("We cannot take this request"), talk_of(sheet)),
        lead=(_("Hello,"), _("we have looked at your request and cannot arrange it. You find the reason on its page.")),
        actions=(see_request(sheet),),
        details=number_of(sheet),
    )


def request_cancelled(sheet: Sheet) -> Text:
    """Confirm a cancellation."""
    return Text(
        subject=subject(_("Cancelled"), talk_of(sheet)),
        lead=(_("Hello,"), _("your request is cancelled. Nobody will come.")),
        actions=(see_request(sheet),),
        details=number_of(sheet),
        calendar="CANCEL",
    )


def request_outside(sheet: Sheet) -> Text:
    """Tell who helps instead: a provider outside the service, with its number."""
    provider = sheet.facts.provider
    if provider is None:
        raise ValueError("this kind of message tells of a provider")
    details = list(number_of(sheet))
    if provider.phone:
        details.insert(0, _("Telephone for questions: %(phone)s", phone=phone_of(provider.phone)))
    return Text(
        subject=subject(_("Help from outside found"), talk_of(sheet)),
        lead=(
            _("Hello,"),
            _("nobody in our own pool could take your talk. %(name)s helps instead.", name=name_of(provider.name)),
        ),
        actions=(see_request(sheet),),
        details=tuple(details),
    )


def request_unfilled(sheet: Sheet) -> Text:
    """Tell that nobody was found in time."""
    return Text(
        subject=subject(_("Nobody found"), talk_of(sheet)),
        lead=(_("Hello,"), _("we are sorry: we could not find anybody for this talk.")),
        actions=(see_request(sheet),),
        details=(
            _("Your request counts as unmet demand. You can ask for another time."),
            *_fallback(),
            *number_of(sheet),
        ),
        calendar="CANCEL",
    )


def _fallback() -> tuple[str, ...]:
    """Say where else an office turns, if the district says so."""
    elsewhere = options.read(fallback.DEFAULT)
    words = [elsewhere.text.replace("\n", " ")] if elsewhere.text else []
    words += [format_phone(elsewhere.phone)] if elsewhere.phone else []
    return (f"{_('Help elsewhere:')} {' '.join(words)}",) if words else ()


def appointment_moved(sheet: Sheet) -> Text:
    """Confirm a move and say what is still open."""
    if sheet.facts.params.get("search_again"):
        act = _("Moved, we are looking again")
        lead = _("the appointment was moved. We are looking for somebody who has time then.")
    else:
        act = _("Moved, not yet confirmed")
        lead = _("the appointment was moved. We have asked whether the new time suits; you hear from us.")
    return Text(
        subject=subject(act, talk_of(sheet)),
        lead=(_("Hello,"), lead),
        actions=(see_request(sheet),),
        details=number_of(sheet),
        calendar="REQUEST",
    )


def appointment_handed_back(sheet: Sheet) -> Text:
    """Tell that the mediator cannot come and that the search goes on."""
    return Text(
        subject=subject(_("We are looking again"), talk_of(sheet)),
        lead=(
            _("Hello,"),
            _("%(person)s cannot come after all. We are asking others at once.", person=person_of(sheet.facts)),
        ),
        actions=(see_request(sheet),),
        details=number_of(sheet),
    )


def appointment_stepped_back(sheet: Sheet) -> Text:
    """Tell that the mediator stepped back on arrival, with the choices, and no reason."""
    return Text(
        subject=subject(_("Please decide now"), talk_of(sheet)),
        lead=(
            _("Hello,"),
            _("%(person)s cannot interpret this talk. Nobody is to blame.", person=person_of(sheet.facts)),
        ),
        urgent=_("You can wait for somebody else, talk by telephone, or choose a new date."),
        actions=(see_request(sheet),),
        details=number_of(sheet),
    )


def appointment_running_late(sheet: Sheet) -> Text:
    """Tell by how many minutes the mediator is late."""
    minutes = int(sheet.facts.params.get("minutes", 0))
    return Text(
        subject=subject(_("Running late"), talk_of(sheet)),
        lead=(
            _("Hello,"),
            ngettext(
                "%(person)s will be about %(num)d minute late.",
                "%(person)s will be about %(num)d minutes late.",
                minutes,
                person=person_of(sheet.facts),
            ),
        ),
        actions=(see_request(sheet),),
        details=number_of(sheet),
    )


def office_reminder_week(sheet: Sheet) -> Text:
    """Remind the office a week ahead."""
    return _reminder(sheet, _("Reminder"))


def office_reminder_last(sheet: Sheet) -> Text:
    """Remind the office shortly before the start."""
    return _reminder(sheet, _("Soon"))


def office_message(sheet: Sheet) -> Text:
    """Tell the people on duty that an office has written, and never what."""
    return Text(
        subject=subject(_("An office has written"), talk_of(sheet)),
        lead=(
            _("Hello,"),
            _("an office has written a message about its request. It stands on the page of the request."),
        ),
        actions=(Action(_("Read the message"), sheet.page(f"/requests/{sheet.facts.request_id}#words")),),
        details=number_of(sheet),
    )


def digest(sheet: Sheet) -> Text:
    """Give the coordination its morning overview: numbers and the way to the board."""
    counts = sheet.facts.params
    return Text(
        subject=_("Today's overview"),
        lead=(_("Good morning,"), _("this is waiting for you today:")),
        actions=(Action(_("Open the board"), sheet.page("/board")),),
        details=(
            _("Tasks: %(count)s", count=counts.get("tasks", 0)),
            _("Calls due today: %(count)s", count=counts.get("calls", 0)),
            _("Appointments today: %(count)s", count=counts.get("today", 0)),
            _("Requests still open: %(count)s", count=counts.get("open", 0)),
        ),
    )


def _reminder(sheet: Sheet, act: str) -> Text:
    return Text(
        subject=subject(act, talk_of(sheet)),
        lead=(
            _("Hello,"),
            _("this is a reminder: %(person)s comes to this appointment.", person=person_of(sheet.facts)),
        ),
        actions=(see_request(sheet),),
        details=(_("If the talk does not take place, please cancel it now."), *number_of(sheet)),
    )


def see_request(sheet: Sheet) -> Action:
    """Return the way to the page of the request."""
    request_id = sheet.facts.request_id
    is_private = sheet.facts.is_by_link and request_id is not None
    url = sheet.link("request", request_id or 0) if is_private else sheet.page(f"/requests/{request_id}")
    return Action(_("See the request"), url)


def number_of(sheet: Sheet) -> tuple[str, ...]:
    """Return the line with the number of the request."""
    return (_("Request %(number)s", number=talk_of(sheet).number),)


WRITERS: dict[str, Writer] = {
    "request_received": request_received,
    "request_assigned": request_assigned,
    "request_nobody_yet": request_nobody_yet,
    "request_refused": request_refused,
    "request_cancelled": request_cancelled,
    "request_outside": request_outside,
    "request_unfilled": request_unfilled,
    "appointment_moved": appointment_moved,
    "appointment_handed_back": appointment_handed_back,
    "appointment_stepped_back": appointment_stepped_back,
    "appointment_running_late": appointment_running_late,
    "office_reminder_week": office_reminder_week,
    "office_reminder_last": office_reminder_last,
    "office_message": office_message,
    "digest": digest,
}
