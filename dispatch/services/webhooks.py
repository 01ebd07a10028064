"""Let a user have programs told of events: enter an address, change, pause and remove it, and look what was sent.

What is sent is made in `webhook_events` and handed over in `webhook_deliveries`; the key that seals secrets is an
argument.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete as deleting
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from dispatch.domain import webhooks as rules
from dispatch.domain.errors import Invalid, Missing, Stale
from dispatch.domain.permissions import Act, Actor, Scope, Subject, require, scope
from dispatch.domain.webhooks import TypedWebhook
from dispatch.models import AuditEntry, OutboxMessage, User, Webhook
from dispatch.services import options, outbox, sealing
from dispatch.services.audit import record
from dispatch.services.request_access import LARGEST_ID
from dispatch.services.transactions import reading, run

PURPOSE = "webhook"
KIND = "webhook"
SECRET_BYTES = 32
AGAIN = ("sent", "failed", "dropped", "retry")
"""States of a delivery that can be sent again."""
_PLAIN = {"synchronize_session": False}


Shown = Webhook
"""What the edges show of a webhook: its row."""


@dataclass(frozen=True)
class Owned:
    """A webhook and the name of whose it is."""

    hook: Webhook
    owner: str


def every(actor: Actor, *, after: int = 0, limit: int = 200) -> list[Owned]:
    """Return the webhooks the actor looks after, by id from `after` on; raises Forbidden. One statement."""
    require(actor, Act.WEBHOOK_MANAGE)
    wanted = select(Webhook, User.name).join(User, User.id == Webhook.user_id).where(Webhook.id > after)
    if scope(actor, Act.WEBHOOK_MANAGE) is not Scope.ALL:
        wanted = wanted.where(Webhook.user_id == actor.user_id)
    return [Owned(hook, owner) for hook, owner in reading().execute(wanted.order_by(Webhook.id).limit(limit))]


def get(actor: Actor, hook_id: int) -> Webhook:
    """Return one webhook; raises Missing and Forbidden."""
    return _load(reading(), actor, hook_id)


def create(actor: Actor, typed: TypedWebhook, now: datetime, *, key: str) -> tuple[Webhook, str]:
    """Enter a webhook of the actor's own and return it with its secret, which nobody can read again.

    It is told of what happens from now on. Raises Invalid (`too_many` of one user at `""`) and Forbidden.
    """
    require(actor, Act.WEBHOOK_MANAGE, Subject(user_id=actor.user_id))
    secret = _new_secret()

    def use_case(session: Session) -> Webhook:
        others = _addresses(session, actor.user_id)
        if len(others) >= rules.MOST_OF_A_USER:
            raise Invalid({"": ("too_many",)})
        new = rules.check(typed, taken=others, options=options.read(rules.DEFAULT))
        hook = Webhook(
            user_id=actor.user_id,
            url=new.address.url,
            events=list(new.events),
            sealed_secret=sealing.seal(secret, key, purpose=PURPOSE),
            active=True,
            last_audit_id=_newest(session),
            version=1,
            created_at=now,
        )
        session.add(hook)
        session.flush()
        record(session, actor, "create", ("webhook", hook.id), now, facts={"events": hook.events})
        return hook

    return run(use_case), secret


def change(
    actor: Actor, hook_id: int, typed: TypedWebhook | None, version: int, now: datetime, *, active: bool | None = None
) -> Webhook:
    """Change address and events, if typed, and pause or go on, if wanted; raises Invalid, Missing, Stale, Forbidden."""

    def use_case(session: Session) -> Webhook:
        hook = _load(session, actor, hook_id, lock=True)
        if hook.version != version:
            raise Stale(version, hook.version)
        fields = _write(session, hook, typed) if typed is not None else []
        if active is not None and active != hook.active:
            _switch(session, hook, active)
            fields.append("active")
        if fields:
            hook.version += 1
            record(session, actor, "update", ("webhook", hook.id), now, facts={"fields": fields})
        return hook

    return run(use_case)


def switch(actor: Actor, hook_id: int, active: bool, now: datetime) -> Webhook:
    """Pause a webhook or let it go on; what happens in a pause is never told. Raises Missing and Forbidden."""

    def use_case(session: Session) -> Webhook:
        hook = _load(session, actor, hook_id, lock=True)
        if hook.active != active:
            _switch(session, hook, active)
            hook.version += 1
            record(session, actor, "resume" if active else "pause", ("webhook", hook.id), now)
        return hook

    return run(use_case)


def renew(actor: Actor, hook_id: int, now: datetime, *, key: str) -> tuple[Webhook, str]:
    """Give a webhook a new secret, which signs from now on, and return it; raises Missing and Forbidden."""
    secret = _new_secret()

    def use_case(session: Session) -> Webhook:
        hook = _load(session, actor, hook_id, lock=True)
        hook.sealed_secret = sealing.seal(secret, key, purpose=PURPOSE)
        hook.version += 1
        record(session, actor, "renew_secret", ("webhook", hook.id), now)
        return hook

    return run(use_case), secret


def remove(actor: Actor, hook_id: int, now: datetime) -> None:
    """Remove a webhook with its log; raises Missing and Forbidden."""

    def use_case(session: Session) -> None:
        hook = _load(session, actor, hook_id, lock=True)
        record(session, actor, "delete", ("webhook", hook.id), now)
        session.execute(deleting(OutboxMessage).where(OutboxMessage.webhook_id == hook.id), execution_options=_PLAIN)
        session.delete(hook)

    run(use_case)


def ping(actor: Actor, hook_id: int, now: datetime) -> None:
    """Send an event that tells nothing, to try the way; raises Missing and Forbidden, Invalid while paused."""

    def use_case(session: Session) -> None:
        hook = _load(session, actor, hook_id, lock=True)
        if not hook.active:
            raise Invalid({"": ("paused",)})
        put(session, hook, rules.PING, {}, now, now=now)
        record(session, actor, "ping", ("webhook", hook.id), now)

    run(use_case)


def deliveries(actor: Actor, hook_id: int, *, before: int | None = None, limit: int = 50) -> list[OutboxMessage]:
    """Return what was and is to be sent, the newest first, from those before an id on; raises Missing and Forbidden."""
    hook = _load(reading(), actor, hook_id)
    wanted = select(OutboxMessage).where(OutboxMessage.webhook_id == hook.id)
    if before is not None:
        wanted = wanted.where(OutboxMessage.id < before)
    return list(reading().scalars(wanted.order_by(OutboxMessage.id.desc()).limit(limit)))


def delivery(actor: Actor, hook_id: int, delivery_id: int) -> OutboxMessage:
    """Return one delivery of a webhook; raises Missing and Forbidden."""
    return _delivery(reading(), _load(reading(), actor, hook_id), delivery_id)


def resend(actor: Actor, hook_id: int, delivery_id: int, now: datetime) -> OutboxMessage:
    """Send a delivery again under its old id, as it was; raises Missing, Forbidden, Invalid while paused.

    One that is on its way is left alone.
    """

    def use_case(session: Session) -> OutboxMessage:
        hook = _load(session, actor, hook_id, lock=True)
        row = _delivery(session, hook, delivery_id, lock=True)
        if not hook.active:
            raise Invalid({"": ("paused",)})
        if row.state in AGAIN:
            row.state, row.due_at, row.created_at = "queued", now, now
            row.attempts = row.interruptions = 0
            row.error = row.sent_at = None
            record(session, actor, "resend", ("webhook", hook.id), now, facts={"message": row.id})
        return row

    return run(use_case)


def put(
    session: Session,
    hook: Webhook,
    event: str,
    data: dict[str, object],
    at: datetime,
    *,
    now: datetime,
    key: str | None = None,
) -> None:
    """Put an event of the instant `at` into the outbox, frozen as codes and numbers; once for each `key`."""
    outbox.enqueue(
        session,
        KIND,
        host_of(hook),
        now,
        locale="",
        key=key,
        webhook_id=hook.id,
        params={"type": event, "created_at": at.isoformat(), "data": data},
    )


def host_of(hook: Webhook) -> str:
    """Return the host that a stored address names."""
    return hook.url.removeprefix("https://").partition("/")[0].partition(":")[0]


def switch_off(session: Session, hook: Webhook) -> None:
    """Stop telling a locked webhook, and drop what waits for it."""
    hook.active = False
    hook.version += 1
    drop_waiting(session, [hook.id])


def drop_waiting(session: Session, hook_ids: Iterable[int]) -> None:
    """Drop what waits for these webhooks."""
    waiting = OutboxMessage.webhook_id.in_(list(hook_ids)), OutboxMessage.state.in_(outbox.WAITING)
    session.execute(update(OutboxMessage).where(*waiting).values(state="dropped"), execution_options=_PLAIN)


def _switch(session: Session, hook: Webhook, active: bool) -> None:
    hook.active = active
    if active:
        hook.last_audit_id = _newest(session)
    else:
        drop_waiting(session, [hook.id])


def _write(session: Session, hook: Webhook, typed: TypedWebhook) -> list[str]:
    """Write address and events and return the names of those that changed; what waits goes to the new address."""
    others = _addresses(session, hook.user_id, but=hook.id)
    new = rules.check(typed, taken=others, options=options.read(rules.DEFAULT))
    fields = []
    if hook.url != new.address.url:
        hook.url = new.address.url
        waiting = OutboxMessage.webhook_id == hook.id, OutboxMessage.state.in_(outbox.WAITING)
        moved = update(OutboxMessage).where(*waiting).values(recipient=new.address.host)
        session.execute(moved, execution_options=_PLAIN)
        fields.append("url")
    if hook.events != list(new.events):
        hook.events = list(new.events)
        fields.append("events")
    return fields


def _load(session: Session, actor: Actor, hook_id: int, *, lock: bool = False) -> Webhook:
    require(actor, Act.WEBHOOK_MANAGE)
    hook = None
    if 0 < hook_id <= LARGEST_ID:
        wanted = select(Webhook).where(Webhook.id == hook_id)
        hook = session.scalar(wanted.with_for_update() if lock else wanted)
    if hook is None:
        raise Missing
    require(actor, Act.WEBHOOK_MANAGE, Subject(user_id=hook.user_id))
    return hook


def _delivery(session: Session, hook: Webhook, delivery_id: int, *, lock: bool = False) -> OutboxMessage:
    wanted = select(OutboxMessage).where(OutboxMessage.id == delivery_id, OutboxMessage.webhook_id == hook.id)
    row = session.scalar(wanted.with_for_update() if lock else wanted) if 0 < delivery_id <= LARGEST_ID else None
    if row is None:
        raise Missing
    return row


def _addresses(session: Session, user_id: int | None, *, but: int = 0) -> Sequence[str]:
    return session.scalars(select(Webhook.url).where(Webhook.user_id == user_id, Webhook.id != but)).all()


def _newest(session: Session) -> int:
    return session.scalar(select(func.max(AuditEntry.id))) or 0


def _new_secret() -> str:
    return rules.SECRET_PREFIX + secrets.token_urlsafe(SECRET_BYTES)
