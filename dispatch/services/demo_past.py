"""Tell what became of the requests of a demonstration whose time has passed.

Each story leaves the rows that the services would have left, none more.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from dispatch.domain.lifecycle import AppointmentState, CancelReason, RequestState, UnfilledReason
from dispatch.models import Exclusion
from dispatch.services.demo_bookings import Taken, appointment, ask, proposal, refuse
from dispatch.services.demo_pool import Fit
from dispatch.services.demo_requests import Draft, Story, promise, store
from dispatch.services.demo_scene import Scene

WEIGHTS: Mapping[str, int] = {
    Story.KEPT: 825, Story.CLIENT_ABSENT: 35, Story.MEDIATOR_ABSENT: 12, Story.CANCELLED: 30,
    Story.CANCELLED_LATE: 30, Story.UNFILLED: 20, Story.REFILLED: 30, Story.RELEASED: 10, Story.STEPPED_BACK: 6,
    Story.REFUSED: 8,
}  # fmt: skip
"""How often each story happens, in a thousand."""

_REASONS = ("nobody_free", "all_declined", "too_late", "too_far")
_COMPLETED = AppointmentState.COMPLETED


def tell(scene: Scene, draft: Draft, story: Story, *, mediator_id: int | None = None) -> None:
    """Tell a story; where it needs somebody and nobody fits, the request stayed unfilled."""
    promise(draft, by_hand=story is Story.REFUSED)
    fit = scene.pool.choose(draft.talk, mediator_id) if story not in _ALONE else None
    if fit is None:
        _ALONE.get(story, _unfilled)(scene, draft)
    else:
        _TOGETHER[story](scene, draft, fit)


def _kept(scene: Scene, draft: Draft, fit: Fit) -> None:
    taken = ask(scene, draft, fit)
    appointment(scene, draft, taken, _COMPLETED, ended_at=draft.talk.span.end)
    _close(scene, draft, RequestState.COMPLETED, taken)


def _client_absent(scene: Scene, draft: Draft, fit: Fit) -> None:
    taken = ask(scene, draft, fit)
    appointment(scene, draft, taken, AppointmentState.CLIENT_ABSENT, ended_at=draft.talk.span.end)
    _close(scene, draft, RequestState.COMPLETED, taken)


def _mediator_absent(scene: Scene, draft: Draft, fit: Fit) -> None:
    taken = ask(scene, draft, fit)
    appointment(scene, draft, taken, AppointmentState.MEDIATOR_ABSENT, ended_at=draft.talk.span.end)
    draft.row["unfilled_reason"] = UnfilledReason.MEDIATOR_ABSENT.value
    _close(scene, draft, RequestState.UNFILLED, taken)


def _cancelled_late(scene: Scene, draft: Draft, fit: Fit) -> None:
    taken = ask(scene, draft, fit)
    ended_at = max(taken.said_yes_at, draft.start - timedelta(hours=scene.rng.randint(1, 20)))
    reason = scene.pick({CancelReason.OWN: 7, CancelReason.SOLVED: 3})
    appointment(
        scene, draft, taken, AppointmentState.CANCELLED,
        ended_at=ended_at, late=True, sequence=1, cancel_reason=reason,
    )  # fmt: skip
    draft.row["cancel_reason"] = reason
    _close(scene, draft, RequestState.CANCELLED, taken, at=ended_at)


def _refilled(scene: Scene, draft: Draft, fit: Fit) -> None:
    """Let the first one give it back and a second one keep it."""
    taken = ask(scene, draft, fit)
    back_at = taken.said_yes_at + (draft.start - taken.said_yes_at) * 0.4
    back_at = back_at.replace(microsecond=0)
    state = AppointmentState.HANDED_BACK
    appointment(scene, draft, taken, state, ended_at=back_at, sequence=1, late=draft.start - back_at < _DAY)
    second = scene.pool.find(draft.talk, besides=fit.person.id)
    if second is None:
        draft.row["unfilled_reason"] = UnfilledReason.NOBODY_FREE.value
        _close(scene, draft, RequestState.UNFILLED, taken)
        return
    again = ask(scene, draft, second, again_at=back_at)
    appointment(scene, draft, again, _COMPLETED, ended_at=draft.talk.span.end)
    _close(scene, draft, RequestState.COMPLETED, taken, wave=2)


def _released(scene: Scene, draft: Draft, fit: Fit) -> None:
    """Let somebody who was proposed stay silent, so that the search finds another."""
    proposed_at = draft.submitted_at + timedelta(minutes=20)
    later = proposed_at + (draft.start - proposed_at) / 3
    later = later.replace(microsecond=0)
    proposal(
        scene, draft, fit, proposed_at,
        state=AppointmentState.RELEASED.value, awaits=None, deadline_at=None, ended_at=later, sequence=1,
    )  # fmt: skip
    second = scene.pool.find(draft.talk, besides=fit.person.id)
    if second is None:
        _unfilled(scene, draft)
        return
    taken = ask(scene, draft, second, again_at=later)
    appointment(scene, draft, taken, _COMPLETED, ended_at=draft.talk.span.end)
    _close(scene, draft, RequestState.COMPLETED, taken)


def _stepped_back(scene: Scene, draft: Draft, fit: Fit) -> None:
    taken = ask(scene, draft, fit)
    at = draft.start - timedelta(minutes=5)
    appointment(scene, draft, taken, AppointmentState.STEPPED_BACK, ended_at=at, sequence=1)
    bar = {
        "mediator_id": fit.person.id, "organisation_id": draft.office.id, "case_token": draft.row["case_token"],
        "request_id": draft.id, "origin": "stepped_back", "created_at": at,
    }  # fmt: skip
    scene.rows.add(Exclusion, bar)
    draft.row |= {"unfilled_reason": UnfilledReason.TOO_LATE.value, "stepped_back": True}
    _close(scene, draft, RequestState.UNFILLED, taken, at=draft.talk.span.end)


def _cancelled(scene: Scene, draft: Draft) -> None:
    reason = scene.pick({CancelReason.OWN: 6, CancelReason.SOLVED: 3, CancelReason.NO_ANSWER: 1})
    at = draft.submitted_at + (draft.start - draft.submitted_at) / 2
    draft.row["cancel_reason"] = reason
    store(scene, draft, RequestState.CANCELLED, {"closed_at": at.replace(microsecond=0), "version": 3})


def _refused(scene: Scene, draft: Draft) -> None:
    changes = {
        "cancel_reason": CancelReason.REFUSED.value, "review_reasons": "setting",
        "closed_at": draft.submitted_at + timedelta(minutes=50), "version": 3,
    }  # fmt: skip
    store(scene, draft, RequestState.CANCELLED, changes)


def _unfilled(scene: Scene, draft: Draft) -> None:
    asked_at = refuse(scene, draft)
    is_spoken = bool(scene.pool.by_language.get(draft.talk.language))
    reason = scene.rng.choice(_REASONS) if is_spoken else UnfilledReason.NOBODY_SPEAKS.value
    changes = {
        "unfilled_reason": reason, "first_offer_at": asked_at if is_spoken else None, "wave": int(is_spoken),
        "promise_told_at": draft.row["answer_by"], "closed_at": draft.start, "version": 4,
    }  # fmt: skip
    store(scene, draft, RequestState.UNFILLED, changes)


def _close(
    scene: Scene, draft: Draft, state: RequestState, taken: Taken, *, at: datetime | None = None, wave: int = 1
) -> None:
    changes = {
        "first_offer_at": taken.asked_at, "first_assigned_at": taken.said_yes_at,
        "first_confirmed_at": taken.said_yes_at, "closed_at": at or draft.talk.span.end, "wave": wave, "version": 5,
    }  # fmt: skip
    store(scene, draft, state, changes)


_DAY = timedelta(days=1)
_ALONE: Mapping[Story, Callable[[Scene, Draft], None]] = {
    Story.CANCELLED: _cancelled,
    Story.UNFILLED: _unfilled,
    Story.REFUSED: _refused,
}
_TOGETHER: Mapping[Story, Callable[[Scene, Draft, Fit], None]] = {
    Story.KEPT: _kept,
    Story.CLIENT_ABSENT: _client_absent,
    Story.MEDIATOR_ABSENT: _mediator_absent,
    Story.CANCELLED_LATE: _cancelled_late,
    Story.REFILLED: _refilled,
    Story.RELEASED: _released,
    Story.STEPPED_BACK: _stepped_back,
}
