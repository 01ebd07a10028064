"""Write the messages to people of the pool about themselves: a document that ends, their data, whether they go on.

What they answer is never in a mail.
"""

from datetime import date

from dispatch.i18n import formats
from dispatch.i18n import gettext as _
from dispatch.messages import document_name
from dispatch.outgoing.texts import Action, Sheet, Text, Writer, name_of


def document_ends(sheet: Sheet) -> Text:
    """Tell which document ends, when, and what is to be done."""
    params = sheet.facts.params
    document = document_name(params["type"])
    day = formats().date(date.fromisoformat(params["last_day"]))
    return Text(
        subject=_("Please renew: %(document)s", document=document),
        lead=(
            _greeting(sheet),
            _("a document that we have seen ends: “%(document)s” counts until %(day)s.", document=document, day=day),
        ),
        urgent=_("Please bring or show us the new one before that day."),
        details=(_("After that day we cannot ask you any more where this document is needed."),),
        closing=(_("You cannot send it by this e-mail. Please call us if it takes longer."),),
    )


def confirm_data(sheet: Sheet) -> Text:
    """Ask whether what we know of her is still right."""
    return Text(
        subject=_("Please look: are your data still right?"),
        lead=(
            _greeting(sheet),
            _("once a year we ask whether what we know about you is still right: languages, telephone, times."),
        ),
        actions=(Action(_("Look at my data"), _link(sheet)),),
        note=_("One tap is enough if everything is right. The link is for you alone."),
    )


def still_there(sheet: Sheet) -> Text:
    """Ask somebody who did not answer whether she still wants to be asked."""
    return Text(
        subject=_("Do you still want to be asked?"),
        lead=(
            _greeting(sheet),
            _("you have not answered our last requests. That has no disadvantages for you."),
            _("Do you still want us to ask you?"),
        ),
        actions=(Action(_("Answer now"), _link(sheet)),),
        note=_("You confirm once more on the next page. The link is for you alone."),
    )


def _greeting(sheet: Sheet) -> str:
    return _("Hello %(name)s,", name=name_of(sheet.facts.person.name) if sheet.facts.person else "")


def _link(sheet: Sheet) -> str:
    if sheet.facts.person is None:
        raise ValueError("this kind of message tells a person of herself")
    return sheet.link("mediator", sheet.facts.person.id)


WRITERS: dict[str, Writer] = {
    "document_ends": document_ends,
    "confirm_data": confirm_data,
    "still_there": still_there,
}
