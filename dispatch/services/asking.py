"""Ask for the next people on a program's word: those it names at once, else a wave by the jobs at its time."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.domain import hours
from dispatch.domain.errors import AlreadyStarted, Invalid, MoveRefused
from dispatch.domain.lifecycle import RequestState
from dispatch.domain.permissions import Act, Actor
from dispatch.domain.requests import Policy
from dispatch.domain.settings import Protection
from dispatch.domain.waves import Picked, wave_due_at
from dispatch.models import Mediator, Offer
from dispatch.services import assignments, audit, local_time, matching, options, request_access, waves
from dispatch.services.matching import Ranking
from dispatch.services.transactions import reading, run


class Planned(NamedTuple):
    """When people are asked, and who: in order of rank. Of a wave these are whom it would ask as things stand."""

    due_at: datetime
    mediator_ids: tuple[int, ...]


def ask(actor: Actor, request_id: int, mediator_ids: Collection[int] | None, now: datetime) -> Planned:
    """Ask the people named, or without names let the next wave go out; it waits for the one that runs.

    Where a person asks (no waves), as many of the best are asked as a wave would be; of a protected request nobody
    unnamed (Invalid, `mediator_ids`: `required`). Raises as `assignments.ask`, and AlreadyStarted where no wave goes
    out any more.
    """
    if mediator_ids is not None:
        _check_known(actor, request_id, mediator_ids)
        return _asked(assignments.ask(actor, request_id, mediator_ids, now))
    request_access.load(reading(), actor, Act.OFFER_SEND, request_id)
    ranking = matching.rank(reading(), request_id, now)
    request = ranking.asked.request
    if request.protection == Protection.PROTECTED:
        raise Invalid({"mediator_ids": ("required",)})
    if request.policy != Policy.WAVES:
        return _asked(assignments.ask(actor, request_id, assignments.proposed(ranking, now), now))
    due_at = run(lambda session: _hasten(session, actor, request_id, now))
    return Planned(due_at, _in_rank(ranking, waves.pick_for(request, ranking, due_at)))


def _check_known(actor: Actor, request_id: int, mediator_ids: Collection[int]) -> None:
    """Raise Invalid (`mediator_ids`: `unknown`) where there is nobody of an id."""
    request_access.load(reading(), actor, Act.OFFER_SEND, request_id)
    found = reading().scalars(select(Mediator.id).where(Mediator.id.in_(mediator_ids)))
    if not set(mediator_ids) <= set(found):
        raise Invalid({"mediator_ids": ("unknown",)})


def _asked(offer_ids: Collection[int]) -> Planned:
    rows = reading().execute(select(Offer.mediator_id, Offer.sent_at).where(Offer.id.in_(offer_ids)).order_by(Offer.id))
    found = rows.all()
    return Planned(max(row.sent_at for row in found), tuple(row.mediator_id for row in found))


def _hasten(session: Session, actor: Actor, request_id: int, now: datetime) -> datetime:
    """Let the jobs look at a request as soon as they may, and return when that is."""
    request = request_access.load(session, actor, Act.OFFER_SEND, request_id, lock=True)
    if request.state not in assignments.ASKABLE:
        raise MoveRefused("request", request.state, RequestState.SEARCHING)
    if request.starts_at <= now and not request.stepped_back:
        raise AlreadyStarted
    running_until = None if request.emergency else waves.still_running(session, request, now)
    due_at = running_until or wave_due_at(now, zone=local_time.zone(), hours=options.read(hours.DEFAULT))
    request.wave_due_at = due_at
    audit.record(session, actor, "ask_for_wave", ("request", request.id), now)
    return due_at


def _in_rank(ranking: Ranking, picked: Picked) -> tuple[int, ...]:
    chosen = {*picked.ask, *picked.in_addition}
    return tuple(one.person.mediator.id for one in ranking.eligible if one.person.mediator.id in chosen)
