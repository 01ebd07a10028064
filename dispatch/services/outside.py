"""Look for help outside the service: put a request to a provider, and record what came of it.

What a provider may learn is decided by `domain.referrals`; protected requests are put to one by telephone only, and
only by those who may see them at all.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.domain.errors import Invalid, Missing, MoveRefused
from dispatch.domain.lifecycle import RequestState
from dispatch.domain.permissions import Act, Actor, may
from dispatch.domain.referrals import (
    OutsideFacts,
    ReferralState,
    check_channel,
    is_helped_from_outside,
)
from dispatch.models import Provider, Referral, Request
from dispatch.services import closing, promises, providers, referrals
from dispatch.services.audit import record
from dispatch.services.request_access import LARGEST_ID, load
from dispatch.services.transactions import reading, run


class Outside(NamedTuple):
    """What the staff sees beside a request: who serves it, who was asked how it went, and what may be told."""

    providers: Sequence[Provider]
    asked: Sequence[tuple[Referral, Provider]]
    facts: OutsideFacts
    may_ask: bool


def beside(actor: Actor, request: Request) -> Outside | None:
    """Return the help from outside for a request that the actor sees; None for roles that ask nobody."""
    if not may(actor, Act.REFERRAL_MAKE):
        return None
    session = reading()
    asked = referrals.of_request(session, request.id)
    is_open = request.state in promises.UNANSWERED
    if not asked and not is_open:
        return None
    known = providers.serving(session, [row.code for row in request.languages]) if is_open else []
    waiting = {provider.id for referral, provider in asked if referral.state == ReferralState.ASKED}
    return Outside([one for one in known if one.id not in waiting], asked, referrals.facts_of(request), is_open)


def ask(actor: Actor, request_id: int, provider_id: int, channel: str, now: datetime) -> None:
    """Put a request to a provider; by mail a letter goes out with what it may learn.

    Raises Invalid (`provider`, `channel`), MoveRefused unless the request still looks for somebody, Missing, Forbidden.
    """

    def use_case(session: Session) -> None:
        request = load(session, actor, Act.REFERRAL_MAKE, request_id, lock=True)
        if request.state not in promises.UNANSWERED or request.starts_at <= now:
            raise MoveRefused("referral", request.state, ReferralState.ASKED)
        provider = _provider(session, request, provider_id)
        chosen = check_channel(
            channel,
            protection=request.protection,
            has_email=bool(provider.email),
            has_phone=bool(provider.phone),
        )
        referral = Referral(
            request_id=request.id,
            provider_id=provider.id,
            revision=request.revision,
            state=ReferralState.ASKED.value,
            channel=chosen.value,
            asked_at=now,
            asked_by_id=actor.user_id,
        )
        session.add(referral)
        session.flush()
        facts = {"request": request.id, "provider": provider.id, "channel": chosen.value}
        record(session, actor, "ask", ("referral", referral.id), now, facts=facts)
        referrals.write(session, "provider_asked", referral, now)

    run(use_case)


def settle(actor: Actor, request_id: int, referral_id: int, outcome: str, now: datetime) -> ReferralState:
    """Record what became of asking a provider; the same outcome again changes nothing.

    `agreed` ends the search as solved and tells the office who helps instead. `declined` and `withdrawn` of one that
    had agreed open the request again while its start is ahead. Raises Invalid (`outcome`), MoveRefused, Missing,
    Forbidden.
    """
    if outcome not in set(ReferralState) - {ReferralState.ASKED}:
        raise Invalid({"outcome": ("unknown_choice" if outcome else "required",)})
    target = ReferralState(outcome)

    def use_case(session: Session) -> ReferralState:
        request = load(session, actor, Act.REFERRAL_MAKE, request_id, lock=True)
        referral = _referral(session, request, referral_id)
        before = ReferralState(referral.state)
        if before is target:
            return target
        if target is ReferralState.FULFILLED and request.ends_at > now:
            raise Invalid({"outcome": ("not_over",)})
        referrals.set_state(session, actor, referral, target, now, tell=target is ReferralState.WITHDRAWN)
        if target is ReferralState.AGREED:
            _end_search(session, actor, request, referral, now)
        elif before is not ReferralState.ASKED and target is not ReferralState.FULFILLED:
            _search_again(session, actor, request, now)
        return target

    return run(use_case)


def _provider(session: Session, request: Request, provider_id: int) -> Provider:
    """Return an active provider that is not being asked already."""
    row = session.get(Provider, provider_id) if 0 < provider_id <= LARGEST_ID else None
    if row is None or not row.active:
        raise Invalid({"provider": ("unknown" if provider_id else "required",)})
    asked = select(Referral.id).where(
        Referral.request_id == request.id, Referral.provider_id == row.id, Referral.state == ReferralState.ASKED
    )
    if session.scalar(asked) is not None:
        raise Invalid({"provider": ("already_asked",)})
    return row


def _referral(session: Session, request: Request, referral_id: int) -> Referral:
    row = session.get(Referral, referral_id, with_for_update=True) if 0 < referral_id <= LARGEST_ID else None
    if row is None or row.request_id != request.id:
        raise Missing
    return row


def _end_search(session: Session, actor: Actor, request: Request, referral: Referral, now: datetime) -> None:
    """End the search: the mediators and the other providers are told, the office reads who helps instead."""
    if request.state not in promises.UNANSWERED:
        raise MoveRefused("request", request.state, RequestState.CANCELLED)
    closing.close_as_solved(session, actor, request, now, facts={"provider": referral.provider_id})
    promises.write_to_office(session, "request_outside", request, now)


def _search_again(session: Session, actor: Actor, request: Request, now: datetime) -> None:
    """Open a request again whose provider fell through; after its start nothing can be looked for any more."""
    is_solved = is_helped_from_outside(request.state, request.cancel_reason, (ReferralState.AGREED,))
    if is_solved and request.starts_at > now:
        closing.reopen_in(session, actor, request, now, search_again=True)
