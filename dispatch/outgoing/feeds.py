"""Write the calendar that somebody subscribes to: entries of number and time in UTC, and when to look again.

The text of an entry is written once, that of an unchanged feed not again; both are kept by what they are made of, so
that no process need tell another. It must not load anything.
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from functools import lru_cache
from hashlib import sha256

from dispatch.domain.feeds import Status
from dispatch.domain.service import Service
from dispatch.domain.texts import printable
from dispatch.i18n import format_phone, in_language
from dispatch.i18n import gettext as _
from dispatch.outgoing.calendar import PRODUCT
from dispatch.outgoing.shelves import Shelf
from dispatch.services.feeds import Feed, FeedEntry

FORM = 1
"""Raise it when what is written changes: programs that have the old text must not be told that it is the new one."""
EVERY = "PT1H"
"""How often programs are asked to look: those that listen to it."""
MOST_ENTRIES, MOST_FEEDS = 5_000, 32
_BUSY = {Status.CONFIRMED: "BUSY", Status.TENTATIVE: "TENTATIVE", Status.CANCELLED: "FREE"}
"""What Outlook shows; others go by TRANSP."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Who offers the calendar: the service, and the address its mails come from."""

    service: Service
    sender: str


@dataclass(frozen=True, slots=True)
class _Words:
    """What an entry says."""

    summary: str
    description: str
    name: str
    sender: str


SHELF = Shelf(MOST_FEEDS)


def tag_of(feed: Feed, token: str, desk: Desk) -> str:
    """Return a word that stands for every byte of the feed: another text, another word."""
    what = feed.owner, feed.language, feed.window.day, feed.stamp
    facts = (FORM, token, *what, desk.sender, *astuple(desk.service))
    return sha256(repr(facts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def text(feed: Feed, entries: Sequence[FeedEntry], desk: Desk) -> bytes:
    """Return the whole calendar, in the language of who subscribed."""
    name = printable(desk.service.name)
    with in_language(feed.language):
        said = _("%(service)s, telephone %(phone)s", service=name, phone=format_phone(desk.service.phone))
        written = [_event(entry, _Words(_summary(entry), said, name, desk.sender)) for entry in entries]
    return _head(name) + b"".join(written) + b"END:VCALENDAR\r\n"


def _summary(entry: FeedEntry) -> str:
    if entry.status is Status.CANCELLED:
        return _("Cancelled: appointment %(number)s", number=entry.number)
    return _("Appointment %(number)s", number=entry.number)


def _head(title: str) -> bytes:
    from icalendar import Calendar, vText

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", vText(title))
    calendar.add("x-wr-calname", vText(title))
    calendar.add("refresh-interval", vText(EVERY), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vText(EVERY))
    return bytes(calendar.to_ical(sorted=False)).removesuffix(b"END:VCALENDAR\r\n")


@lru_cache(maxsize=MOST_ENTRIES)
def _event(entry: FeedEntry, words: _Words) -> bytes:
    from icalendar import Event, vCalAddress, vText

    event = Event()
    event.add("uid", uid_of(entry.uid, words.sender))
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.stamped_at)
    event.add("last-modified", entry.stamped_at)
    event.add("dtstart", entry.starts_at)
    event.add("dtend", entry.ends_at)
    event.add("summary", words.summary)
    event.add("description", words.description)
    event.add("status", entry.status.value)
    event.add("transp", "TRANSPARENT" if entry.status is Status.CANCELLED else "OPAQUE")
    event.add("x-microsoft-cdo-busystatus", _BUSY[entry.status])
    organizer = vCalAddress(f"mailto:{words.sender}")
    organizer.params["CN"] = vText(words.name)
    event["organizer"] = organizer
    return bytes(event.to_ical(sorted=False))


def uid_of(local: str, sender: str) -> str:
    """Return the name of an entry for life, the same as in mails."""
    return f"{local}@{sender.rpartition('@')[2]}"
