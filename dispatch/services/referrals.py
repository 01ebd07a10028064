"""Move referrals, the asking of providers: state, audit and letter together, as steps in others' transactions.

Which move is allowed and what a letter may tell is `domain.referrals`; who may ask is `services.outside`.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.domain.lifecycle import CancelReason, RequestState
from dispatch.domain.permissions import Actor
from dispatch.domain.referrals import HELPING, OutsideFacts, ReferralChannel, ReferralState, facts_for_provider, move
from dispatch.models import OutboxMessage, Provider, Referral, Request
from dispatch.services import outbox
from dispatch.services.audit import record
from dispatch.services.request_access import area_of


def of_request(session: Session, request_id: int) -> list[tuple[Referral, Provider]]:
    """Return whom a request was put to, the latest first, each with its provider."""
    wanted = (
        select(Referral, Provider)
        .join(Provider, Provider.id == Referral.provider_id)
        .where(Referral.request_id == request_id)
        .order_by(Referral.id.desc())
    )
    return [(referral, provider) for referral, provider in session.execute(wanted)]


def facts_of(request: Request) -> OutsideFacts:
    """Return what a provider may learn of a request with its languages loaded."""
    span = (request.starts_at, request.ends_at)
    return facts_for_provider(
        (row.code for row in request.languages), span, area_of(request.municipality), request.protection
    )


def set_state(
    session: Session, actor: Actor, referral: Referral, target: ReferralState, now: datetime, *, tell: bool = False
) -> None:
    """Move a referral of a locked request to `target`; raises MoveRefused.

    With `tell` a provider that was asked by mail learns that it is no longer needed, unless it never heard of it.
    """
    before = referral.state
    referral.state = move(before, target).value
    referral.settled_at = now
    facts = {"from": before, "to": target.value, "request": referral.request_id, "provider": referral.provider_id}
    record(session, actor, "move", ("referral", referral.id), now, facts=facts)
    if tell and not _drop_unsent(session, referral):
        write(session, "provider_not_needed", referral, now)


def withdraw_asked(session: Session, actor: Actor, request: Request, now: datetime) -> None:
    """Withdraw what a locked request still asks of providers, and tell them."""
    _withdraw(session, actor, request, (ReferralState.ASKED,), now)


def let_go(session: Session, actor: Actor, request: Request, now: datetime) -> None:
    """Withdraw every referral of a locked request, helping ones too, and tell: its search begins again."""
    _withdraw(session, actor, request, (ReferralState.ASKED, ReferralState.AGREED), now)


def helper(session: Session, request_id: int) -> Provider | None:
    """Return the provider that helps or has helped with a request."""
    wanted = (
        select(Provider)
        .join(Referral, Referral.provider_id == Provider.id)
        .where(Referral.request_id == request_id, Referral.state.in_(HELPING))
        .order_by(Referral.id.desc())
        .limit(1)
    )
    return session.scalar(wanted)


def helper_of(session: Session, request: Request) -> Provider | None:
    """Return who helps from outside with a request that was solved so; one statement, none for other requests."""
    if request.state != RequestState.CANCELLED or request.cancel_reason != CancelReason.SOLVED:
        return None
    return helper(session, request.id)


def write(session: Session, kind: str, referral: Referral, now: datetime) -> None:
    """Put a letter to the provider of a referral into the outbox, if it was asked by mail and has an address."""
    address = session.scalar(select(Provider.email).where(Provider.id == referral.provider_id))
    if address and referral.channel == ReferralChannel.MAIL:
        outbox.enqueue(
            session, kind, address, now,
            locale="de", key=f"{kind}:{referral.id}", request_id=referral.request_id,
            params={"referral": referral.id},
        )  # fmt: skip


def _withdraw(session: Session, actor: Actor, request: Request, states: Sequence[ReferralState], now: datetime) -> None:
    wanted = select(Referral).where(Referral.request_id == request.id, Referral.state.in_(states))
    for referral in session.scalars(wanted.order_by(Referral.id).with_for_update()).all():
        set_state(session, actor, referral, ReferralState.WITHDRAWN, now, tell=True)


def _drop_unsent(session: Session, referral: Referral) -> bool:
    """Drop the letter of a referral if it still waits; return whether its provider never read of it."""
    letter = session.scalar(
        select(OutboxMessage).where(
            OutboxMessage.key == f"provider_asked:{referral.id}", OutboxMessage.state.in_(outbox.WAITING)
        )
    )
    if letter is None:
        return False
    letter.state = "dropped"
    return True
