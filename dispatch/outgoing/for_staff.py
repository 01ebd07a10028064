"""Write the messages to the people on duty: what cannot wait.

They name a request by its number and day, say what is to be done and lead there; never what a case is about.
"""

from dispatch.domain.alarms import AlarmKind
from dispatch.i18n import LazyString, formats
from dispatch.i18n import gettext as _
from dispatch.i18n import lazy_gettext as _l
from dispatch.outgoing.texts import Action, Sheet, Text, Writer

TO_DO: dict[AlarmKind, LazyString] = {
    AlarmKind.UNCONFIRMED: _l("Nobody has confirmed again that this appointment stands. Please call the mediator."),
    AlarmKind.PROMISE_PASSED: _l("The promised time has passed without an answer. Please call the office."),
    AlarmKind.HANDED_BACK: _l("The appointment was handed back. Please look whom the new round asks."),
    AlarmKind.STEPPED_BACK: _l("The mediator stepped back at the place. Please call the office at once."),
    AlarmKind.NOBODY_FITS: _l("It begins soon, and nobody is left to ask. Please look for somebody by hand."),
    AlarmKind.UNDELIVERED: _l("A message about it did not arrive. Please correct the address, or call."),
}


def alarm(sheet: Sheet) -> Text:
    """Tell what has to be done about which request; of a protected case only that the board has to be looked at."""
    facts = sheet.facts.alarm
    if facts is None:
        raise ValueError("this kind of message tells of an alarm")
    if facts.starts_at is None:
        return Text(
            subject=_("Please look at the board now"),
            lead=(_("Hello,"), _("something cannot wait. You find it on the board.")),
            actions=(Action(_("Open the board"), sheet.page("/board")),),
        )
    day = formats().day_short(facts.starts_at)
    return Text(
        subject=_("Please act now: request %(number)s on %(day)s", number=facts.number, day=day),
        lead=(_("Hello,"), str(TO_DO[AlarmKind(facts.kind)])),
        actions=(Action(_("See the request"), sheet.page(f"/requests/{facts.request_id}")),),
        details=(
            _("Request %(number)s", number=facts.number),
            _("Whoever looks after it presses “I look after it” there; then nobody else is written to."),
        ),
    )


def feedback(sheet: Sheet) -> Text:
    """Tell that a reader reported something, and where it is read; never what."""
    is_barrier = sheet.facts.params["about"] == "accessibility"
    said = _("somebody told us of a barrier on our pages.") if is_barrier else _("somebody corrected a translation.")
    return Text(
        subject=_("Please read: a barrier was reported") if is_barrier else _("Please read: a correction of a text"),
        lead=(_("Hello,"), said),
        actions=(Action(_("Read the reports"), sheet.page("/feedback")),),
    )


WRITERS: dict[str, Writer] = {"alarm": alarm, "feedback": feedback}
