"""Write the one message that a resident may ask for: that the request arrived.

Whoever else sees it must learn nothing: no word of interpreting, no name of the service, no address to follow.
"""

from dispatch.domain import help_requests
from dispatch.i18n import gettext as _
from dispatch.outgoing.texts import Sheet, Text, Writer
from dispatch.services import options


def help_request_received(_sheet: Sheet) -> Text:
    """Confirm that something arrived, and never what."""
    own = options.read(help_requests.DEFAULT)
    return Text(
        subject=own.mail_subject or _("Your message"),
        lead=(_("Hello,"), _("your message has arrived. Thank you.")),
        details=(_("You need not answer this mail."),),
        sender=own.sender_name,
    )


WRITERS: dict[str, Writer] = {help_requests.MAIL: help_request_received}
