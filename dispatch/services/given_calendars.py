"""Keep the calendars that mediators give us, and when these say that they are busy; nothing else of them is kept.

Nobody is ever told these times, or that a calendar is why somebody does not fit. Fetching and reading are handed in;
neither happens inside a transaction.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from urllib.parse import urlsplit

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from dispatch.domain import given_calendars as rules
from dispatch.domain.errors import Invalid, Missing
from dispatch.domain.given_calendars import Trouble, Unreadable
from dispatch.domain.intervals import Interval
from dispatch.domain.permissions import Act, Actor, Subject, require
from dispatch.models import Appointment, BusyTime, GivenCalendar, Mediator
from dispatch.services import audit, matching, mediators
from dispatch.services.appointment_access import check_on_behalf, need_on_behalf
from dispatch.services.audit import OnBehalf
from dispatch.services.request_access import LARGEST_ID
from dispatch.services.sealing import seal, unseal
from dispatch.services.transactions import each, reading, run

PURPOSE = "given_calendar"
LEASE = timedelta(minutes=15)
"""After so long a calendar is read again whose reader has died."""
_LONGEST_TAG, _LONGEST_STAMP = 500, 100


@dataclass(frozen=True, slots=True)
class Given:
    """A calendar as its owner and the coordination may see it; `host` is told to its owner alone.

    `is_old`: it was not read for so long that its owner should look.
    """

    id: int
    host: str | None
    fetched_at: datetime | None
    trouble: Trouble | None
    is_old: bool


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a host answered: the calendar, or None when it is the one we know; tag and time to ask with next."""

    body: bytes | None
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a calendar is read for: the time that matters, and the names of our own entries in it."""

    window: Interval
    own: tuple[str, ...]


Fetch = Callable[[str, str | None, str | None], Fetched]
"""Called with address, tag and time of the last answer. Raises Unreadable."""
Read = Callable[[bytes, Asked], tuple[Interval, ...]]
"""Raises Unreadable."""


@dataclass(frozen=True, slots=True)
class Reader:
    """How calendars are fetched and read, the key of their addresses, and the domain our own entries are named by."""

    fetch: Fetch
    read: Read
    key: str
    domain: str


@dataclass(frozen=True, slots=True)
class _Claimed:
    id: int
    mediator_id: int
    sealed_url: str
    etag: str | None
    last_modified: str | None
    body_hash: str | None
    is_whole_due: bool


@dataclass(frozen=True, slots=True)
class _Found:
    """The outcome of a look: what the host said, and the times if they were read anew."""

    fetched: Fetched
    body_hash: str | None = None
    busy: tuple[Interval, ...] | None = None


def of(actor: Actor, mediator_id: int, now: datetime, *, key: str) -> tuple[Given, ...]:
    """Return the calendars somebody has given, the oldest first. Raises Missing for others', Forbidden for the role."""
    require(actor, Act.CALENDAR_GIVE, _subject(mediator_id))
    wanted = select(GivenCalendar).where(GivenCalendar.mediator_id == mediator_id).order_by(GivenCalendar.id)
    rows = reading().scalars(wanted).all() if mediator_id <= LARGEST_ID else ()
    is_own = actor.mediator_id == mediator_id
    return tuple(
        Given(
            id=row.id,
            host=_host(row, key) if is_own else None,
            fetched_at=row.fetched_at,
            trouble=Trouble(row.error) if row.error else None,
            is_old=rules.is_old(row.fetched_at, row.created_at, now),
        )
        for row in rows
    )


def give(
    actor: Actor, mediator_id: int, address: str, now: datetime, *, key: str, on_behalf: OnBehalf | None = None
) -> None:
    """Keep the address of a calendar, sealed; the jobs read it. Raises Missing, Forbidden.

    Invalid at `calendar`: what `check_address` refuses, `already_given`, `too_many_calendars`; at `channel` for a
    coordinator who does not say how she learned of it.
    """
    require(actor, Act.CALENDAR_GIVE, _subject(mediator_id))
    _need(reading(), mediator_id)
    url = _checked(actor, address, on_behalf)

    def use_case(session: Session) -> None:
        mediators.hold(session, mediator_id)
        known = session.scalars(select(GivenCalendar).where(GivenCalendar.mediator_id == mediator_id)).all()
        if any(unseal(row.sealed_url, key, purpose=PURPOSE) == url for row in known):
            raise Invalid({"calendar": ("already_given",)})
        if len(known) >= rules.MOST_CALENDARS:
            raise Invalid({"calendar": ("too_many_calendars",)})
        sealed = seal(url, key, purpose=PURPOSE)
        session.add(GivenCalendar(mediator_id=mediator_id, sealed_url=sealed, created_at=now, due_at=now))
        audit.record(session, actor, "give_calendar", ("mediator", mediator_id), now, on_behalf=on_behalf)

    run(use_case)


def _checked(actor: Actor, address: str, on_behalf: OnBehalf | None) -> str:
    """Return the address; raises Invalid with all that speaks against it and the channel at once."""
    errors: dict[str, tuple[str, ...]] = {}
    url = ""
    try:
        url = rules.check_address(address)
    except Invalid as refusal:
        errors |= refusal.errors
    try:
        check_on_behalf(actor, on_behalf)
        need_on_behalf(actor, on_behalf)
    except Invalid as refusal:
        errors |= refusal.errors
    if errors:
        raise Invalid(errors)
    return url


def take_back(actor: Actor, mediator_id: int, calendar_id: int, now: datetime) -> None:
    """Forget a calendar and its times. Raises Missing for one that is not hers, Forbidden for the role."""
    require(actor, Act.CALENDAR_GIVE, _subject(mediator_id))

    def use_case(session: Session) -> None:
        row = session.get(GivenCalendar, calendar_id, with_for_update=True) if calendar_id <= LARGEST_ID else None
        if row is None or row.mediator_id != mediator_id:
            raise Missing
        session.execute(delete(BusyTime).where(BusyTime.calendar_id == calendar_id))
        session.delete(row)
        audit.record(session, actor, "take_back_calendar", ("mediator", mediator_id), now)
        matching.retry_unfitted(session, now, [mediator_id])

    run(use_case)


def fetch_due(now: datetime, reader: Reader, *, may_go_on: Callable[[], bool] = lambda: True) -> int:
    """Read every calendar that is due, of people who are asked; return how many. What fails is due again later."""
    return each(_claims(now, may_go_on), lambda claimed: _look(claimed, reader, now))


def _claims(now: datetime, may_go_on: Callable[[], bool]) -> Iterator[_Claimed]:
    """Yield one calendar after the other, each put off first, so that no other process reads it meanwhile."""
    while may_go_on() and (claimed := run(partial(_claim, now=now))) is not None:
        yield claimed


def _claim(session: Session, now: datetime) -> _Claimed | None:
    row = session.scalar(
        select(GivenCalendar)
        .join(Mediator, Mediator.id == GivenCalendar.mediator_id)
        .where(GivenCalendar.due_at <= now, Mediator.active)
        .order_by(GivenCalendar.due_at, GivenCalendar.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=GivenCalendar)
    )
    if row is None:
        return None
    row.due_at = now + LEASE
    whole = rules.is_whole_due(row.changed_at, now)
    return _Claimed(row.id, row.mediator_id, row.sealed_url, row.etag, row.last_modified, row.body_hash, whole)


def _look(claimed: _Claimed, reader: Reader, now: datetime) -> int:
    try:
        found: _Found | Trouble = _find(claimed, reader, now)
    except Unreadable as unreadable:
        found = unreadable.trouble
    run(partial(_book, claimed=claimed, found=found, now=now))
    return 1


def _find(claimed: _Claimed, reader: Reader, now: datetime) -> _Found:
    url = unseal(claimed.sealed_url, reader.key, purpose=PURPOSE)
    if url is None:
        raise Unreadable(Trouble.SEALED)
    known = (None, None) if claimed.is_whole_due else (claimed.etag, claimed.last_modified)
    fetched = reader.fetch(url, *known)
    if fetched.body is None:
        return _Found(fetched)
    body_hash = sha256(fetched.body).hexdigest()
    if body_hash == claimed.body_hash and not claimed.is_whole_due:
        return _Found(fetched, body_hash)
    own = tuple(f"{uid}@{reader.domain}" for uid in _own_entries(claimed.mediator_id, now))
    return _Found(fetched, body_hash, reader.read(fetched.body, Asked(Interval(now, now + rules.WINDOW), own)))


def _own_entries(mediator_id: int, now: datetime) -> list[str]:
    ahead = Appointment.mediator_id == mediator_id, Appointment.ends_at > now - timedelta(days=1)
    found = list(reading().scalars(select(Appointment.uid).where(*ahead)))
    reading().close()
    return found


def _book(session: Session, *, claimed: _Claimed, found: _Found | Trouble, now: datetime) -> None:
    """Write down what came of a look; the times that are known stay until others were read."""
    row = session.get(GivenCalendar, claimed.id, with_for_update=True)
    if row is None:
        return
    session.execute(delete(BusyTime).where(BusyTime.calendar_id == row.id, BusyTime.ends_at <= now))
    if isinstance(found, Trouble):
        row.failures, row.error = row.failures + 1, found.value
        row.due_at = rules.next_look(now, row.failures)
        return
    row.failures, row.error, row.fetched_at, row.due_at = 0, None, now, rules.next_look(now, 0)
    if found.fetched.body is None:
        return
    row.body_hash = found.body_hash
    row.etag = _short(found.fetched.etag, _LONGEST_TAG)
    row.last_modified = _short(found.fetched.last_modified, _LONGEST_STAMP)
    if found.busy is not None:
        row.changed_at = now
        _replace(session, row, found.busy, now)


def _replace(session: Session, row: GivenCalendar, busy: tuple[Interval, ...], now: datetime) -> None:
    known = session.execute(select(BusyTime.starts_at, BusyTime.ends_at).where(BusyTime.calendar_id == row.id))
    before = [Interval(starts_at, ends_at) for starts_at, ends_at in known]
    session.execute(delete(BusyTime).where(BusyTime.calendar_id == row.id))
    session.add_all(
        BusyTime(calendar_id=row.id, mediator_id=row.mediator_id, starts_at=span.start, ends_at=span.end)
        for span in busy
    )
    if rules.has_changed(before, busy, now):
        matching.retry_unfitted(session, now, [row.mediator_id])


def _short(value: str | None, longest: int) -> str | None:
    """Return what a host said if it can be kept and sent again as it is."""
    return value if value and len(value) <= longest and value.isascii() and value.isprintable() else None


def _host(row: GivenCalendar, key: str) -> str | None:
    return urlsplit(unseal(row.sealed_url, key, purpose=PURPOSE) or "").hostname


def _subject(mediator_id: int) -> Subject:
    return Subject(mediator_id=mediator_id, key=("mediator", mediator_id))


def _need(session: Session, mediator_id: int) -> None:
    if mediator_id > LARGEST_ID or session.get(Mediator, mediator_id) is None:
        raise Missing
