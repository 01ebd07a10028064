"""Write the messages to mediators: offers, what became of them, appointments and their reminders.

No mail names the office's address or contact: those stand on the appointment's page.
"""

from dispatch.domain.lifecycle import WithdrawalCause
from dispatch.domain.modes import Mode
from dispatch.domain.settings import SettingGroup
from dispatch.domain.travel import Transport
from dispatch.i18n import formats, locale, ngettext
from dispatch.i18n import gettext as _
from dispatch.messages import label, why_asked
from dispatch.outgoing.texts import Action, Sheet, Text, Writer, name_of, subject, talk_of, until_of
from dispatch.services.letters import AppointmentFacts, OfferFacts


def offer(sheet: Sheet) -> Text:
    """Ask whether she can interpret; both links lead to the same page, the second only preselects."""
    talk, facts = talk_of(sheet), _offer_of(sheet)
    url = sheet.link("offer", facts.id)
    return Text(
        subject=subject(_("Please answer by %(moment)s", moment=formats().moment(facts.deadline_at, sheet.now)), talk),
        lead=(_("Hello %(name)s, can you interpret?", name=_name(sheet)),),
        urgent=until_of(facts.deadline_at),
        actions=(
            Action(_("Yes, I will come") if talk.mode == Mode.ON_SITE else _("Yes, I take it"), f"{url}?answer=yes"),
            Action(_("No, not this time"), f"{url}?answer=no"),
        ),
        note=_("You confirm once more on the next page. The link is for you alone."),
        details=(_frame(sheet), *_way(talk.mode, facts), *_why(facts)),
        closing=(_("A no has no disadvantages for you."),),
    )


def offer_taken(sheet: Sheet) -> Text:
    """Tell those who were asked too that somebody else was first."""
    talk = talk_of(sheet)
    return Text(
        subject=subject(_("Already assigned, thank you"), talk),
        lead=(_greeting(sheet), _("somebody else has taken this appointment. Thank you for looking at it.")),
        closing=(_("You do not need to do anything."),),
    )


def offer_withdrawn(sheet: Sheet) -> Text:
    """Tell that an offer no longer stands, and why."""
    talk = talk_of(sheet)
    because = {
        WithdrawalCause.CHANGED: _("the office has changed its request. We will ask you again if it suits you."),
        WithdrawalCause.NO_LONGER_FITS: _("it no longer fits with your other appointments."),
    }
    cause = sheet.facts.params.get("cause", "")
    return Text(
        subject=subject(_("No longer needed"), talk),
        lead=(_greeting(sheet), because.get(cause, _("the office no longer needs this appointment."))),
        closing=(_("You do not need to do anything."),),
    )


def appointment_confirmed(sheet: Sheet) -> Text:
    """Confirm the appointment: everything else stands on its page."""
    talk = talk_of(sheet)
    return Text(
        subject=subject(_("Your appointment is fixed"), talk),
        lead=(_greeting(sheet), _("thank you. You are interpreting at this appointment.")),
        actions=(Action(_("See address and contact"), _appointment_link(sheet)),),
        note=_("There you also say that you are late or cannot come. The link is for you alone."),
        details=(_number(sheet), _frame(sheet)),
        calendar="REQUEST",
    )


def appointment_proposed(sheet: Sheet) -> Text:
    """Ask for the yes to an appointment given to her, or to one that is not any more what she said yes to."""
    talk, facts = talk_of(sheet), _appointment_of(sheet)
    is_changed = facts.sequence > 0
    asked = (
        _("your appointment has changed. Does it suit you as it is now?") if is_changed else _("can you take it on?")
    )
    return Text(
        subject=subject(_("Changed, please confirm") if is_changed else _("Please confirm"), talk),
        lead=(_greeting(sheet), asked),
        urgent=until_of(facts.deadline_at or talk.starts_at),
        actions=(Action(_("Answer now"), _appointment_link(sheet)),),
        note=_("You confirm once more on the next page. The link is for you alone."),
        details=(_number(sheet), _frame(sheet)),
        closing=(_("A no has no disadvantages for you."),),
        calendar="REQUEST",
    )


def appointment_awaits_office(sheet: Sheet) -> Text:
    """Thank for the yes and say that the office still has to agree."""
    talk = talk_of(sheet)
    return Text(
        subject=subject(_("The office still has to agree"), talk),
        lead=(
            _greeting(sheet),
            _("thank you for your yes. The office still has to agree. Please keep the time free until then."),
        ),
        actions=(Action(_("See how it stands"), _appointment_link(sheet)),),
        details=(_number(sheet), _frame(sheet)),
    )


def appointment_cancelled(sheet: Sheet) -> Text:
    """Tell that the appointment does not take place."""
    talk = talk_of(sheet)
    return Text(
        subject=subject(_("Cancelled"), talk),
        lead=(_greeting(sheet), _("this appointment does not take place. You need not go there.")),
        details=(_number(sheet),),
        calendar="CANCEL",
    )


def appointment_released(sheet: Sheet) -> Text:
    """Tell that the appointment is no longer hers, also when she gave it up: it takes the entry out of her calendar."""
    talk = talk_of(sheet)
    lead = _("you are free at this time again: the appointment is no longer with you. You need not go there.")
    if sheet.facts.params.get("cause") == "other_person":
        lead = _(
            "you are free at this time again: the office has decided differently this time. It has nothing to do with "
            "your work and counts against nobody. Thank you for your yes; we are glad to ask you again."
        )
    return Text(
        subject=subject(_("No longer yours"), talk),
        lead=(_greeting(sheet), lead),
        details=(_number(sheet),),
        calendar="CANCEL",
    )


def reminder_week(sheet: Sheet) -> Text:
    """Remind her a week ahead."""
    return _reminder(sheet, _("Reminder"), _("this is a reminder of your appointment."))


def reminder_last(sheet: Sheet) -> Text:
    """Remind her shortly before she leaves."""
    return _reminder(sheet, _("Soon"), _("your appointment is about to begin. Have a safe journey."))


def reminder_reconfirm(sheet: Sheet) -> Text:
    """Ask whether the appointment still stands."""
    talk = talk_of(sheet)
    return Text(
        subject=subject(_("Please confirm once more"), talk),
        lead=(_greeting(sheet), _("are you coming to this appointment?")),
        urgent=_("Please answer today."),
        actions=(Action(_("Answer now"), _appointment_link(sheet)),),
        note=_("You confirm once more on the next page. The link is for you alone."),
        details=(_number(sheet), _frame(sheet)),
    )


def _reminder(sheet: Sheet, act: str, lead: str) -> Text:
    return Text(
        subject=subject(act, talk_of(sheet)),
        lead=(_greeting(sheet), lead),
        actions=(Action(_("See address and contact"), _appointment_link(sheet)),),
        note=_("There you also say that you are late or cannot come. The link is for you alone."),
        details=(_number(sheet), _frame(sheet)),
    )


def _name(sheet: Sheet) -> str:
    return name_of(sheet.facts.person.name) if sheet.facts.person else ""


def _greeting(sheet: Sheet) -> str:
    return _("Hello %(name)s,", name=_name(sheet))


def _number(sheet: Sheet) -> str:
    return _("Appointment %(number)s", number=_appointment_of(sheet).number)


def _frame(sheet: Sheet) -> str:
    talk = talk_of(sheet)
    minutes = int((talk.ends_at - talk.starts_at).total_seconds() // 60)
    planned = ngettext("%(num)d minute planned", "%(num)d minutes planned", minutes)
    if talk.talks:
        in_a_row = ngettext("%(num)d talk one after the other", "%(num)d talks one after the other", talk.talks)
        planned = f"{planned}{locale().comma} {in_a_row}"
    if talk.group is None:
        return _("A talk, %(planned)s", planned=planned)
    return _("Field: %(group)s, %(planned)s", group=label(SettingGroup(talk.group)), planned=planned)


def _way(mode: str, facts: OfferFacts) -> tuple[str, ...]:
    if mode != Mode.ON_SITE:
        return ()
    km = formats().number(facts.distance_km)
    way = _("About %(km)s km", km=km) if facts.distance_km else _("Less than one kilometre")
    if facts.travel_minutes is None:
        return (way,)
    takes = _(
        "some %(minutes)s minutes, %(transport)s (estimated)",
        minutes=formats().number(facts.travel_minutes),
        transport=label(Transport(facts.transport)),
    )
    return (f"{way}{locale().comma} {takes}",)


def _why(facts: OfferFacts) -> tuple[str, ...]:
    reasons = why_asked(facts.breakdown)
    return (_("Why we ask you: %(reasons)s", reasons=" ".join(reasons)),) if reasons else ()


def _offer_of(sheet: Sheet) -> OfferFacts:
    if sheet.facts.offer is None:
        raise ValueError("this kind of message tells of an offer")
    return sheet.facts.offer


def _appointment_of(sheet: Sheet) -> AppointmentFacts:
    if sheet.facts.appointment is None:
        raise ValueError("this kind of message tells of an appointment")
    return sheet.facts.appointment


def _appointment_link(sheet: Sheet) -> str:
    return sheet.link("appointment", _appointment_of(sheet).id)


WRITERS: dict[str, Writer] = {
    "offer": offer,
    "offer_taken": offer_taken,
    "offer_withdrawn": offer_withdrawn,
    "appointment_confirmed": appointment_confirmed,
    "appointment_proposed": appointment_proposed,
    "appointment_awaits_office": appointment_awaits_office,
    "appointment_cancelled": appointment_cancelled,
    "appointment_released": appointment_released,
    "reminder_week": reminder_week,
    "reminder_reconfirm": reminder_reconfirm,
    "reminder_last": reminder_last,
}
