"""Write the messages about who may come and who may look: the question to an office, the call for somebody named.

They name the mediator by her shown name and badge number only, and never the case.
"""

from dispatch.domain.candidates import Gender
from dispatch.domain.settings import Qualification
from dispatch.i18n import formats
from dispatch.i18n import gettext as _
from dispatch.messages import label
from dispatch.outgoing.texts import Action, Sheet, Text, Writer, person_of, subject, talk_of, until_of


def approval_wanted(sheet: Sheet) -> Text:
    """Tell who would come, and ask whether the office agrees."""
    facts = sheet.facts
    lead = (_("Hello,"), _("somebody has said yes: %(person)s would interpret. Do you agree?", person=person_of(facts)))
    about = []
    if facts.person and facts.person.gender:
        about.append(label(Gender(facts.person.gender)))
    if facts.person and facts.person.qualification:
        about.append(label(Qualification(facts.person.qualification)))
    appointment = facts.appointment
    return Text(
        subject=subject(_("Please agree to who comes"), talk_of(sheet)),
        lead=lead,
        urgent=until_of(appointment.deadline_at) if appointment and appointment.deadline_at else None,
        actions=(Action(_("Look at it and answer"), _page_of(sheet, appointment.id)),) if appointment else (),
        details=(
            *((formats().enumeration(about),) if about else ()),
            _("If you would rather have somebody else, say so there; you need not say why."),
            _("Request %(number)s", number=talk_of(sheet).number),
        ),
    )


def _page_of(sheet: Sheet, appointment_id: int) -> str:
    """Return where the office answers: the page of its request's link, or behind the sign-in."""
    facts = sheet.facts
    if facts.is_by_link and facts.request_id:
        return sheet.link("request", facts.request_id)
    return sheet.page(f"/appointments/{appointment_id}")


def protected_waits(sheet: Sheet) -> Text:
    """Tell the people on duty that somebody named must look; nothing of the case."""
    return Text(
        subject=_("A protected case needs a named coordinator"),
        lead=(
            _("Hello,"),
            _("a protected case is waiting. Only colleagues named for such cases see it on the board."),
        ),
        actions=(Action(_("Open the board"), sheet.page("/board")),),
        details=(_("Please do not ask about it by e-mail."),),
    )


WRITERS: dict[str, Writer] = {"approval_wanted": approval_wanted, "protected_waits": protected_waits}
