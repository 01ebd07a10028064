"""Write the audit log: who did what to which thing, when and why, in the transaction of the act.

It must not hold names, texts or addresses: facts are codes, numbers and field names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from dispatch.domain.permissions import Actor
from dispatch.models import AuditEntry


@dataclass(frozen=True)
class OnBehalf:
    """A coordinator records what somebody else decided: over which channel it came (phone, mail, in_person)."""

    channel: str


def record(
    session: Session,
    actor: Actor,
    act: str,
    subject: tuple[str, int],
    now: datetime,
    *,
    facts: Mapping[str, Any] | None = None,
    on_behalf: OnBehalf | None = None,
) -> None:
    """Append one entry; `subject` is a glossary word and an id, `act` a verb in snake_case."""
    session.add(
        AuditEntry(
            at=now,
            actor_kind=actor.role.value,
            actor_id=actor.user_id or actor.mediator_id,
            act=act,
            subject=subject[0],
            subject_id=subject[1],
            channel=on_behalf.channel if on_behalf else None,
            on_behalf=on_behalf is not None,
            facts=dict(facts or {}),
        )
    )
