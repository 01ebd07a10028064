"""Write a message of the outbox in its recipient's language and hand it to the mailer.

Which facts it may use is decided by `services.letters`; here they only become words, text and HTML.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from flask import current_app
from sqlalchemy.exc import DBAPIError

from dispatch.domain import accounts, hours, service
from dispatch.domain.contacts import ContactRefused, parse_email
from dispatch.domain.errors import Busy
from dispatch.domain.modes import Mode
from dispatch.domain.outbox import Outcome
from dispatch.i18n import Locale, formats, in_language
from dispatch.messages import label
from dispatch.outgoing import (
    calendar,
    for_accounts,
    for_applicants,
    for_consent,
    for_mediators,
    for_offices,
    for_people,
    for_providers,
    for_residents,
    for_searches,
    for_staff,
)
from dispatch.outgoing.smtp import AddressRefused, FinalFailure, LineDown, Mailer, TemporaryFailure, Unsure
from dispatch.outgoing.texts import Sheet, Text, Writer, call_us, language_of, name_of, when_of
from dispatch.services import letters, links, options
from dispatch.services.calendar_entries import EntryFacts
from dispatch.services.delivery import Delivery, Report
from dispatch.services.outbox import ADDRESS_REFUSED, TO_PROVIDERS

log = logging.getLogger(__name__)

WRITERS: Mapping[str, Writer] = (
    for_mediators.WRITERS
    | for_people.WRITERS
    | for_offices.WRITERS
    | for_consent.WRITERS
    | for_searches.WRITERS
    | for_accounts.WRITERS
    | for_applicants.WRITERS
    | for_providers.WRITERS
    | for_staff.WRITERS
    | for_residents.WRITERS
)
PATHS = {
    "offer": "/o/",
    "appointment": "/a/",
    "request": "/r/",
    "mediator": "/m/",
    "invite": "/invite/",
    "reset": "/reset/",
    "login": "/login/",
    "applicant": "/join/",
}
SEVEN_BIT = policy.SMTP.clone(cte_type="7bit")
"""Every server takes these, whether it announces 8BITMIME or not."""


@dataclass(frozen=True)
class Sender:
    """What every message of one run shares: the mailer, our addresses, the key of the links, the instant."""

    mailer: Mailer
    base_url: str
    mail_from: str
    key: str
    now: datetime

    def deliver(self, delivery: Delivery) -> Report:
        """Write and hand over one message; never raises, so that one bad message holds up no other."""
        try:
            facts = letters.facts(delivery, self.now)
            if facts is None:
                return Report(Outcome.OBSOLETE)
            message = self.write(delivery, facts)
        except ContactRefused as error:
            return Report(Outcome.FAILED, f"{ADDRESS_REFUSED}: {error.code}")
        except (Busy, DBAPIError) as error:
            return Report(Outcome.RETRY, f"not written: {type(error).__name__}")
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one message, the others go out
            log.error("message %s of kind %s cannot be written: %s", delivery.id, delivery.kind, type(error).__name__)
            return Report(Outcome.FAILED, f"not written: {type(error).__name__}")
        return self._send(message)

    def _send(self, message: EmailMessage) -> Report:
        try:
            self.mailer.send(message)
        except AddressRefused as error:
            return Report(Outcome.FAILED, f"{ADDRESS_REFUSED}: {error}")
        except FinalFailure as error:
            return Report(Outcome.FAILED, str(error))
        except Unsure as error:
            return Report(Outcome.UNSURE, f"no receipt: {error}", is_line_down=True)
        except TemporaryFailure as error:
            return Report(Outcome.RETRY, str(error), is_line_down=isinstance(error, LineDown))
        return Report(Outcome.SENT)

    def write(self, delivery: Delivery, facts: letters.Facts) -> EmailMessage:
        """Return the finished message: one recipient, text and HTML of the same words, a calendar entry if any.

        Raises ContactRefused for a recipient that is not one plain address.
        """
        recipient = parse_email(delivery.recipient)
        with in_language(delivery.locale) as locale:
            sheet = Sheet(facts, self.now, link=self._link, page=lambda path: self.base_url + path)
            text = WRITERS[delivery.kind](sheet)
            message = self._envelope(delivery.message_id, recipient, text)
            if delivery.kind in TO_PROVIDERS:
                message["Reply-To"] = Address(addr_spec=options.read(service.DEFAULT).mailbox)
            values = _values(text, facts, locale)
            message.set_content(_render("mail/letter.txt", values))
            message.add_alternative(_render("mail/letter.html", values), subtype="html")
            if text.calendar and facts.entry:
                entry = self._entry(facts.entry, recipient, text.calendar)
                message.add_alternative(
                    entry.decode(), subtype="calendar", params={"method": text.calendar, "name": "appointment.ics"}
                )
            message["Content-Language"] = locale.lang  # last: setting content drops such headers
        return message

    def _envelope(self, message_id: str, recipient: str, text: Text) -> EmailMessage:
        message = EmailMessage(policy=SEVEN_BIT)
        local, _, domain = self.mail_from.rpartition("@")
        message["From"] = Address(text.sender or options.read(service.DEFAULT).name, local, domain)
        message["To"] = Address(addr_spec=recipient)
        message["Subject"] = text.subject
        message["Date"] = format_datetime(self.now)
        message["Message-ID"] = f"<{message_id}@{domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"
        return message

    def _link(self, purpose: str, subject_id: int) -> str:
        expires_at = accounts.link_ends_at(purpose, self.now) if purpose in accounts.MAILED_LINKS else None
        token = links.issue(purpose, subject_id, key=self.key, now=self.now, expires_at=expires_at)
        return f"{self.base_url}{PATHS[purpose]}{token}"

    def _entry(self, facts: EntryFacts, recipient: str, method: str) -> bytes:
        desk = options.read(service.DEFAULT)
        return calendar.entry(
            calendar.Entry(
                uid=f"{facts.uid}@{self.mail_from.rpartition('@')[2]}",
                sequence=facts.sequence,
                number=facts.number,
                starts_at=facts.starts_at,
                ends_at=facts.ends_at,
                is_confirmed=facts.is_certain,
                stamped_at=self.now,
                organizer=self.mail_from,
                attendee=recipient,
                service_name=desk.name,
                service_phone=desk.phone,
            ),
            "CANCEL" if method == "CANCEL" else "REQUEST",
        )


def _values(text: Text, facts: letters.Facts, locale: Locale) -> Mapping[str, object]:
    desk = options.read(service.DEFAULT)
    talk = facts.talk
    return {
        "text": text,
        "lang": locale.lang,
        "dir": locale.direction,
        "service": desk,
        "language": language_of(talk) if talk else None,
        "when": when_of(talk) if talk else None,
        "where": name_of(talk.place) if talk and talk.place else None,
        "mode": label(Mode(talk.mode)) if talk else None,
        "questions": call_us(desk.phone, formats().service_hours(options.read(hours.DEFAULT).week)),
    }


def _render(name: str, values: Mapping[str, object]) -> str:
    return current_app.jinja_env.get_template(name).render(**values)
