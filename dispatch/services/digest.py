"""Write to the coordinators each morning of a service day what is waiting for them.

One mail a person and local day, however many processes look; a day that passed in an outage is not made up for.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.domain import hours
from dispatch.domain.intervals import at_minute, local_day, to_local
from dispatch.domain.permissions import Actor, Role
from dispatch.models import OutboxMessage, User
from dispatch.services import accounts, board, board_day, call_lists, local_time, options, outbox
from dispatch.services.board_filters import Filters
from dispatch.services.transactions import each, reading, run

ROLES = (Role.COORDINATOR, Role.REGIONAL_COORDINATOR)


def send_due(now: datetime) -> int:
    """Enqueue today's digest for every coordinator who has none yet; return how many.

    It is due from the beginning of the service hours of a service day until their end, and tells each only of what
    is within sight. Who became a coordinator during the day begins tomorrow.
    """
    shipped = options.read(hours.DEFAULT)
    if not hours.is_service(now, zone=local_time.zone(), holidays=local_time.holidays(now), options=shipped):
        return 0
    people = _without_one(now)
    known: dict[tuple[Role, frozenset[str], bool], Mapping[str, int]] = {}

    def write_to(user: User) -> int:
        actor = accounts.describe(reading(), user, None, now).actor
        sight = (actor.role, actor.areas, actor.handles_protected)
        if sight not in known:
            known[sight] = counts(actor, now)
        return run(partial(_enqueue, user_id=user.id, numbers=known[sight], now=now))

    return each(people, write_to)


def counts(actor: Actor, now: datetime) -> Mapping[str, int]:
    """Return the numbers of a digest: tasks, calls due today, appointments today, requests nobody has taken yet."""
    numbers = board_day.counts(actor, Filters(), now)
    tonight = local_day(to_local(now, local_time.zone()).date(), local_time.zone()).end
    return {
        "calls": sum(call.at < tonight for call in call_lists.index(actor, call_lists.Filters(), now)),
        "tasks": len(board.tasks(actor, Filters(), now)),
        "today": len(board_day.today(actor, Filters(), now).rows),
        "open": numbers.in_review + numbers.placing,
    }


def _without_one(now: datetime) -> Sequence[User]:
    """Return the active coordinators of this morning whose digest is not in the outbox."""
    zone = local_time.zone()
    today = to_local(now, zone).date()
    opens = options.read(hours.DEFAULT).week[today.weekday()] or (0, 0)
    begins = at_minute(today, opens[0], zone)
    wanted = select(User).where(User.active, User.role.in_(ROLES), User.created_at <= begins).order_by(User.id)
    people = reading().scalars(wanted).all()
    keys = {_key(user, now): user for user in people}
    told = set(reading().scalars(select(OutboxMessage.key).where(OutboxMessage.key.in_(keys))))
    return [user for key, user in keys.items() if key not in told]


def _enqueue(session: Session, user_id: int, numbers: Mapping[str, int], now: datetime) -> int:
    """Write one digest unless another process did; whoever has the account's row decides."""
    user = session.get_one(User, user_id, with_for_update=True)
    key = _key(user, now)
    if session.scalar(select(OutboxMessage.id).where(OutboxMessage.key == key)):
        return 0
    outbox.enqueue(
        session, "digest", user.email, now, locale=user.ui_language or "de", key=key, user_id=user.id, params=numbers
    )
    return 1


def _key(user: User, now: datetime) -> str:
    return f"digest:{to_local(now, local_time.zone()).date()}:{user.id}"
