"""Let somebody of the coordination say "I look after it" of a request, give it back, or take it over openly.

Who holds a claim is decided by `domain.claims`; the request's row is locked, so of two who claim at once one is told.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.domain import claims as rules
from dispatch.domain import duty
from dispatch.domain.claims import Claim
from dispatch.domain.errors import AlreadyClaimed, Forbidden, MoveRefused
from dispatch.domain.lifecycle import OPEN_REQUEST, RequestState
from dispatch.domain.permissions import SYSTEM, Act, Actor
from dispatch.models import Request, User
from dispatch.services import alarms, options
from dispatch.services.audit import record
from dispatch.services.request_access import load
from dispatch.services.transactions import each, reading, run


def of(request: Request, now: datetime) -> Claim | None:
    """Return the claim on a request that holds now."""
    return rules.standing(request.claimed_by_id, request.claimed_at, now, options=options.read(duty.DEFAULT))


def ends_at(claim: Claim) -> datetime:
    """Return when a claim ends by itself."""
    return rules.ends_at(claim, options=options.read(duty.DEFAULT))


def names(requests: Iterable[Request], now: datetime) -> Mapping[int, str]:
    """Return the names of those who look after these requests, by user; one statement if anybody does."""
    held = {claim.user_id for request in requests if (claim := of(request, now))}
    if not held:
        return {}
    found = reading().execute(select(User.id, User.name).where(User.id.in_(held)))
    return {row.id: row.name for row in found}


def claim(actor: Actor, request_id: int, now: datetime, *, taken_from: int | None = None) -> None:
    """Look after an open request from now on; its alarms are taken with it. Again begins the hours anew.

    `taken_from` names whom one openly takes it over from. Raises Missing, AlreadyClaimed when somebody else holds
    it, MoveRefused when there is nothing to look after any more.
    """
    if actor.user_id is None:
        raise Forbidden
    user_id = actor.user_id

    def use_case(session: Session) -> None:
        request = load(session, actor, Act.REQUEST_CLAIM, request_id, lock=True)
        if request.state not in OPEN_REQUEST or request.state == RequestState.DRAFT:
            raise MoveRefused("request", request.state, "claimed")
        held = of(request, now)
        if held is not None and not rules.may_take(held, user_id, taken_from=taken_from):
            raise AlreadyClaimed(held.user_id, session.get_one(User, held.user_id).name, held.at)
        request.claimed_by_id, request.claimed_at = user_id, now
        alarms.take_all(session, actor, request.id, now)
        facts = {"from": held.user_id} if held is not None and held.user_id != user_id else {}
        record(session, actor, "claim", ("request", request.id), now, facts=facts)

    run(use_case)


def release(actor: Actor, request_id: int, now: datetime) -> None:
    """Give one's own claim back; nothing happens to somebody else's, nor when there is none. Raises Missing."""

    def use_case(session: Session) -> None:
        request = load(session, actor, Act.REQUEST_CLAIM, request_id, lock=True)
        if request.claimed_by_id is not None and request.claimed_by_id == actor.user_id:
            _drop(session, actor, request, now)

    run(use_case)


def release_due(now: datetime) -> int:
    """End every claim whose hours are over; return how many. Their alarms wait for somebody again."""
    begun = now - timedelta(hours=options.read(duty.DEFAULT).claim_hours)
    due = select(Request.id).where(Request.claimed_at <= begun).order_by(Request.id)
    return each(reading().scalars(due).all(), lambda number: run(partial(_release, request_id=number, now=now)))


def _release(session: Session, request_id: int, now: datetime) -> int:
    wanted = select(Request).where(Request.id == request_id, Request.claimed_at.is_not(None))
    request = session.scalar(wanted.with_for_update(skip_locked=True))
    if request is None or of(request, now) is not None:
        return 0
    _drop(session, SYSTEM, request, now)
    return 1


def _drop(session: Session, actor: Actor, request: Request, now: datetime) -> None:
    before = request.claimed_by_id
    request.claimed_by_id = request.claimed_at = None
    alarms.give_back(session, request.id, before, now)
    record(session, actor, "release_claim", ("request", request.id), now, facts={"from": before})
