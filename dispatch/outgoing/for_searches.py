"""Write the messages to the office about a search that begins anew or finds people after all.

They name nobody but who does not come any more, and never the case.
"""

from dispatch.i18n import gettext as _
from dispatch.outgoing.for_offices import number_of, see_request
from dispatch.outgoing.texts import Sheet, Text, Writer, person_of, subject, talk_of


def appointment_replaced(sheet: Sheet) -> Text:
    """Tell that the mediator has left the pool, or may not come any more, and that the search goes on."""
    return Text(
        subject=subject(_("We are looking again"), talk_of(sheet)),
        lead=(
            _("Hello,"),
            _("%(person)s does not come any more. We are asking others at once.", person=person_of(sheet.facts)),
        ),
        actions=(see_request(sheet),),
        details=number_of(sheet),
    )


def request_people_found(sheet: Sheet) -> Text:
    """Tell that there are people to ask after all."""
    return Text(
        subject=subject(_("We have found people to ask after all"), talk_of(sheet)),
        lead=(
            _("Hello,"),
            _("at first nobody in the pool fitted. We have found people to ask after all, and asked them."),
        ),
        actions=(see_request(sheet),),
        details=number_of(sheet),
    )


WRITERS: dict[str, Writer] = {
    "appointment_replaced": appointment_replaced,
    "request_people_found": request_people_found,
}
