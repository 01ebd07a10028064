"""Settle the searches of a demonstration beside the stored pool: whom each asked so far, who is still to answer.

Ranking, waves and deadlines are the real ones; only the answers are made up.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from dispatch.domain import hours, offers, waves
from dispatch.domain.calls import CallKind, CallSide, Outcome
from dispatch.domain.lifecycle import OfferState, RequestState, WithdrawalCause
from dispatch.domain.waves import Picked
from dispatch.models import CallAttempt, CallTask, Mediator, Offer, OutboxMessage, Request
from dispatch.services import local_time, matching
from dispatch.services.calls import PHONE
from dispatch.services.demo_people import GUEST
from dispatch.services.demo_requests import Story
from dispatch.services.demo_scene import Scene
from dispatch.services.matching import Fitting, Ranking
from dispatch.services.sending import breakdown, deadline_for, is_called_in_time, is_mailed
from dispatch.services.transactions import reading, run
from dispatch.services.waves import RELOOK

BOUNCED = "550 5.1.1 mailbox unavailable"
_MINUTE = timedelta(minutes=1)
_MOST_WAVES = 12


@dataclass(slots=True)
class Search:
    """A search to settle: how people answer follows from its story; `bounces`: its first mail cannot be delivered."""

    request_id: int
    story: Story
    bounces: bool = False


@dataclass(slots=True)
class _Course:
    """How far one search has come: who was asked with which answer, and what the request's row will say."""

    scene: Scene
    search: Search
    ranking: Ranking
    asked: dict[int, OfferState] = field(default_factory=dict)
    wave: int = 0

    @property
    def request(self) -> Request:
        return self.ranking.asked.request


def settle(scene: Scene, searches: Sequence[Search]) -> None:
    """Write the offers of every search and what its request remembers; the requests and the pool are stored."""
    changes = [(search.request_id, _settle(scene, search)) for search in searches]
    scene.rows.flush()

    def use_case(session: Session) -> None:
        for request_id, values in changes:
            session.execute(
                update(Request).where(Request.id == request_id).values(**values),
                execution_options={"synchronize_session": False},
            )
        _let_somebody_fall_silent(session)

    run(use_case)


def _let_somebody_fall_silent(session: Session) -> None:
    """Let who left the latest offer unanswered have done so before: the board asks whether she is still there."""
    latest = select(Offer.mediator_id).where(Offer.state == OfferState.EXPIRED, Offer.mediator_id != GUEST)
    mediator_id = session.scalar(latest.order_by(Offer.deadline_at.desc(), Offer.id).limit(1))
    session.execute(
        update(Mediator)
        .where(Mediator.id == mediator_id)
        .values(lapses_in_row=offers.DEFAULT.lapses_to_ask_the_coordinator),
        execution_options={"synchronize_session": False},
    )


def _settle(scene: Scene, search: Search) -> dict[str, Any]:
    ranking = matching.rank(reading(), search.request_id, scene.now)
    course = _Course(scene, search, ranking, wave=ranking.asked.request.wave)
    request = course.request
    begins = hours.next_waking(request.handed_back_at or request.submitted_at or scene.now, zone=local_time.zone())
    if begins > scene.now:
        return {"state": RequestState.SUBMITTED.value, "wave_due_at": begins}
    values = _run(course, begins + _MINUTE)
    return values | {"wave": course.wave, "emergency": False}


def _run(course: _Course, at: datetime) -> dict[str, Any]:
    """Send wave after wave until one is still waited for, or nobody is left."""
    values: dict[str, Any] = {}
    emergency = bool(course.request.handed_back_at)
    for _ in range(_MOST_WAVES):
        row = offers.row_for(at, course.request.starts_at, zone=local_time.zone())
        picked = waves.pick(_ranked(course.ranking, at), row, course.asked, emergency=emergency)
        if picked.is_empty:
            break
        values.setdefault("first_offer_at", course.request.first_offer_at or at)
        course.wave += 1
        next_at = _send(course, picked, at)
        if next_at > course.scene.now:
            return values | {"wave_due_at": next_at}
        at = hours.next_waking(next_at, zone=local_time.zone())
    since = "exhausted_at" if course.ranking.eligible_total else "nobody_fits_at"
    return values | {since: at, "wave_due_at": hours.next_waking(course.scene.now + RELOOK, zone=local_time.zone())}


def _ranked(ranking: Ranking, at: datetime) -> list[waves.Ranked]:
    return [
        waves.Ranked(
            one.person.mediator.id,
            has_mail=one.person.has_mail,
            in_time=is_called_in_time(ranking.asked, one, at),
            short_notice=one.person.mediator.short_notice,
        )
        for one in ranking.eligible
    ]


def _send(course: _Course, picked: Picked, at: datetime) -> datetime:
    """Add the offers of a wave with their answers; return when the next wave may follow."""
    wanted = {*picked.ask, *picked.in_addition}
    chosen = [one for one in course.ranking.eligible if one.person.mediator.id in wanted]
    deadlines = [deadline_for(course.ranking.asked, one, at) for one in chosen]
    lapses_at = max(deadlines)
    if course.search.story is Story.REFUSING:
        lapses_at = min(lapses_at, at + timedelta(minutes=course.scene.rng.randint(20, 90)))
    for place, (one, deadline_at) in enumerate(zip(chosen, deadlines, strict=True)):
        state = _answer(course, place, deadline_at, lapses_at)
        answered_at = at + (min(lapses_at, course.scene.now) - at) * 0.7 if state is OfferState.DECLINED else None
        is_extra = one.person.mediator.id in picked.in_addition
        _offer(course, one, state, at, deadline_at=deadline_at, answered_at=answered_at, in_addition=is_extra)
    return lapses_at


def _answer(course: _Course, place: int, deadline_at: datetime, lapses_at: datetime) -> OfferState:
    """Return the state of an offer now: in a wave that is still waited for, some have said no already."""
    if course.search.bounces and course.wave == 1 and place == 0:
        return OfferState.WITHDRAWN
    if lapses_at <= course.scene.now:
        is_refusing = course.search.story is Story.REFUSING
        return OfferState.DECLINED if is_refusing or course.scene.one_in(2) else OfferState.EXPIRED
    if deadline_at <= course.scene.now:
        return OfferState.EXPIRED
    return OfferState.DECLINED if place and course.scene.one_in(4) else OfferState.OPEN


def _offer(
    course: _Course,
    one: Fitting,
    state: OfferState,
    at: datetime,
    *,
    deadline_at: datetime,
    answered_at: datetime | None,
    in_addition: bool,
) -> None:
    scene, person = course.scene, one.person
    course.asked[person.mediator.id] = state
    is_bounced = state is OfferState.WITHDRAWN
    values = {
        "id": scene.rows.new_id(Offer),
        "request_id": course.request.id,
        "mediator_id": person.mediator.id,
        "revision": course.request.revision,
        "wave": course.wave,
        "state": state.value,
        "cause": WithdrawalCause.UNDELIVERED.value if is_bounced else None,
        "decline_reason": "no_time" if state is OfferState.DECLINED else None,
        "sent_at": at,
        "deadline_at": deadline_at,
        "answered_at": answered_at.replace(microsecond=0) if answered_at else None,
        "score": one.score.total,
        "breakdown": breakdown(one.score),
        "distance_km": person.distance_km,
        "travel_minutes": person.way_minutes,
        "channel": "mail" if is_mailed(course.ranking.asked, one) else PHONE,
        "in_addition": in_addition,
    }
    scene.rows.add(Offer, values)
    if values["channel"] == PHONE:
        if state in (OfferState.OPEN, OfferState.EXPIRED):
            _call(course, values, at)
    elif state is OfferState.OPEN or is_bounced:
        mail = {
            "kind": "offer", "recipient": person.mediator.email, "locale": person.mediator.ui_language,
            "request_id": course.request.id, "offer_id": values["id"], "mediator_id": person.mediator.id,
            "message_id": new_message_id(scene), "due_at": at, "created_at": at,
        }  # fmt: skip
        scene.rows.add(OutboxMessage, mail | (bounced() if is_bounced else {}))


def _call(course: _Course, offer: dict[str, Any], at: datetime) -> None:
    """Leave an offer to be made by phone; some people were tried once already."""
    scene = course.scene
    was_tried = scene.one_in(3)
    task = {
        "kind": CallKind.OFFER.value, "side": CallSide.MEDIATOR.value, "message": "offer",
        "key": f"offer:{offer['id']}", "request_id": course.request.id, "offer_id": offer["id"],
        "mediator_id": offer["mediator_id"],
        "created_at": at, "due_at": offer["deadline_at"], "attempts": int(was_tried),
    }  # fmt: skip
    call_id = scene.rows.add(CallTask, task)
    if was_tried:
        tried = {
            "call_task_id": call_id, "request_id": course.request.id, "mediator_id": offer["mediator_id"],
            "at": at + 7 * _MINUTE, "outcome": Outcome.NOT_REACHED.value,
        }  # fmt: skip
        scene.rows.add(CallAttempt, tried)


def bounced() -> dict[str, Any]:
    """Return what the row of a message says that the other side refused for good."""
    return {"state": "failed", "attempts": 1, "error": BOUNCED}


def new_message_id(scene: Scene) -> str:
    """Return a unique word for a message, out of the seed."""
    return f"{scene.rng.getrandbits(144):036x}"
