"""Turn new entries of the audit log into events for the webhooks that ask for them, as far as their users may see.

It reads what was committed and costs the acts themselves nothing. An entry may be committed after one with a greater
id: so the mark of what was read moves only past entries that are a minute old, and the key of each event keeps it from
being told twice.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from dispatch.domain import webhooks as rules
from dispatch.domain.permissions import Act, Actor, may
from dispatch.domain.settings import Protection
from dispatch.models import Appointment, AuditEntry, OutboxMessage, Request, User, Webhook
from dispatch.services import accounts, webhooks
from dispatch.services.appointment_access import within_sight
from dispatch.services.request_access import visible
from dispatch.services.transactions import each, reading, run

BATCH = 500


class Event(NamedTuple):
    """An entry of the log that a webhook asks for."""

    entry: AuditEntry
    name: str


Told = list[tuple[Event, dict[str, object]]]
"""The events to be told, each with what may be told of its thing."""


def tell_due(now: datetime) -> int:
    """Put what happened since into the outbox, for every webhook in use, and return how many events that are.

    One statement where there is no webhook.
    """
    wanted = select(Webhook.id).join(User, User.id == Webhook.user_id).where(Webhook.active, User.active)
    hooks = reading().scalars(wanted.order_by(Webhook.id)).all()
    reading().close()
    return each(hooks, lambda hook_id: _tell(hook_id, now))


def _tell(hook_id: int, now: datetime) -> int:
    """Tell one webhook; nothing is written where nothing is new, but for the mark once in a while."""
    after, told, is_full = reading().get_one(Webhook, hook_id).last_audit_id, 0, True
    while is_full:
        entries = _entries(reading(), after)
        is_new = bool(entries) and bool(_news(reading(), hook_id, entries, now))
        reading().close()
        if is_new or (entries and rules.is_mark_late(entries[0].at, now)):
            told += run(partial(_put, hook_id=hook_id, after=after, now=now))
        is_full = len(entries) == BATCH
        after = entries[-1].id if entries else after
    return told


def _entries(session: Session, after: int) -> Sequence[AuditEntry]:
    """Return the next entries, of all kinds: read along the key, and nothing else, however long the log is."""
    return session.scalars(select(AuditEntry).where(AuditEntry.id > after).order_by(AuditEntry.id).limit(BATCH)).all()


def _put(session: Session, hook_id: int, after: int, now: datetime) -> int:
    """Put the news of a batch into the outbox and move the mark; another process may have done it before."""
    hook = session.get_one(Webhook, hook_id, with_for_update=True)
    entries = _entries(session, after)
    news = _news(session, hook_id, entries, now)
    for event, data in news:
        key = _key(hook, event.entry)
        webhooks.put(session, hook, event.name, data, event.entry.at, now=now, key=key)
    settled = max((entry.id for entry in entries if rules.is_settled(entry.at, now)), default=0)
    if after <= hook.last_audit_id < settled:
        hook.last_audit_id = settled
    return len(news)


def _news(session: Session, hook_id: int, entries: Iterable[AuditEntry], now: datetime) -> Told:
    """Return what the webhook asks for, was not told of, and its user may see now."""
    hook = session.get_one(Webhook, hook_id)
    user = session.get_one(User, hook.user_id)
    if not (hook.active and user.active):
        return []
    events = _new(session, hook, [entry for entry in entries if rules.is_worth_telling(entry.at, now)])
    if not events:
        return []
    facts = _facts(session, accounts.describe(session, user, None, now).actor, events)
    things = [(event, facts.get((event.entry.subject, event.entry.subject_id))) for event in events]
    return [(event, data) for event, data in things if data is not None]


def _new(session: Session, hook: Webhook, entries: Iterable[AuditEntry]) -> list[Event]:
    """Return those entries that the webhook asks for and has not been told of."""
    named = ((entry, rules.event_of(entry.subject, entry.act, entry.facts)) for entry in entries)
    events = [Event(entry, name) for entry, name in named if name and rules.wants(hook.events, name)]
    if not events:
        return []
    keys = [_key(hook, event.entry) for event in events]
    there = set(session.scalars(select(OutboxMessage.key).where(OutboxMessage.key.in_(keys))))
    return [event for event in events if _key(hook, event.entry) not in there]


def _key(hook: Webhook, entry: AuditEntry) -> str:
    return f"webhook:{hook.id}:{entry.id}"


def _facts(session: Session, actor: Actor, events: Sequence[Event]) -> Mapping[tuple[str, int], dict[str, object]]:
    """Return what may be told of the things that the actor may see now: ids, numbers, states and instants.

    Protected cases are told to no program.
    """
    found = dict(_requests(session, actor, events)) if may(actor, Act.REQUEST_VIEW) else {}
    if may(actor, Act.APPOINTMENT_VIEW):
        found |= dict(_appointments(session, actor, events))
    return found


Fact = tuple[tuple[str, int], dict[str, object]]


def _requests(session: Session, actor: Actor, events: Sequence[Event]) -> Iterator[Fact]:
    wanted = select(Request).where(Request.id.in_(_ids(events, "request")), visible(actor), _is_open())
    for row in session.scalars(wanted):
        told = {"id": row.id, "number": row.number, "state": row.state, "revision": row.revision}
        yield ("request", row.id), {**told, "version": row.version, **_times(row)}


def _appointments(session: Session, actor: Actor, events: Sequence[Event]) -> Iterator[Fact]:
    wanted = select(Appointment).join(Request, Request.id == Appointment.request_id)
    wanted = wanted.where(Appointment.id.in_(_ids(events, "appointment")), within_sight(actor), _is_open())
    for row in session.scalars(wanted):
        told = {"id": row.id, "number": row.number, "request": row.request_id, "state": row.state}
        yield ("appointment", row.id), {**told, "version": row.version, **_times(row)}


def _ids(events: Iterable[Event], subject: str) -> list[int]:
    return [event.entry.subject_id for event in events if event.entry.subject == subject]


def _is_open() -> ColumnElement[bool]:
    return Request.protection != Protection.PROTECTED


def _times(row: Any) -> dict[str, object]:
    return {"starts_at": row.starts_at.isoformat(), "ends_at": row.ends_at.isoformat()}
