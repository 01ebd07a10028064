"""Tell how the requests of a demonstration stand whose time is still ahead, those that need a person among them.

Searches are only begun here; whom they asked is settled by `demo_searches` beside the stored pool.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from dispatch.domain.lifecycle import AppointmentState, Awaits, CancelReason, RequestState
from dispatch.domain.reminders import alarm_at
from dispatch.domain.requests import Policy
from dispatch.services import local_time, promises, reminders
from dispatch.services.demo_bookings import appointment, ask, counts_as_reconfirmed, proposal
from dispatch.services.demo_pool import Fit
from dispatch.services.demo_requests import Draft, Story, promise, store
from dispatch.services.demo_scene import Scene

WEIGHTS: Mapping[str, int] = {
    Story.ASSIGNED: 780, Story.OPEN: 130, Story.PROPOSED: 15, Story.MOVED: 20, Story.DRAFT: 25, Story.CALLED_OFF: 30,
}  # fmt: skip
"""How often each story happens, in a thousand."""
NEAR_WEIGHTS: Mapping[str, int] = {Story.ASSIGNED: 970, Story.CALLED_OFF: 30}
"""The same for the next hours, in which little is still open."""

SEARCHING = frozenset({Story.OPEN, Story.REFUSING, Story.HANDED_BACK})
"""Stories whose offers are made beside the stored pool."""
_SOON = timedelta(hours=1)


def tell(scene: Scene, draft: Draft, story: Story, *, mediator_id: int | None = None) -> bool:
    """Tell a story and return whether a search is to be settled for it; who is missing leaves the search open."""
    if story in _ALONE:
        _ALONE[story](scene, draft)
        return story in SEARCHING
    fit = scene.pool.choose(draft.talk, mediator_id)
    if fit is None:
        _open(scene, draft)
        return True
    _TOGETHER[story](scene, draft, fit)
    return story in SEARCHING


def _assigned(scene: Scene, draft: Draft, fit: Fit) -> None:
    """Let somebody have said yes, and again when asked for a second word."""
    promise(draft)
    taken = ask(scene, draft, fit)
    asked_again_at = reminders.reconfirm_at(draft.start)
    if counts_as_reconfirmed(taken, draft.start):
        appointment(scene, draft, taken, AppointmentState.RECONFIRMED)
    elif asked_again_at <= scene.now:
        coming_at = asked_again_at + (scene.now - asked_again_at) * scene.rng.uniform(0.05, 0.6)
        appointment(scene, draft, taken, AppointmentState.RECONFIRMED, coming_at=coming_at.replace(microsecond=0))
    else:
        appointment(scene, draft, taken, AppointmentState.CONFIRMED)
    _assign(scene, draft, taken.asked_at, taken.said_yes_at)


def _silent(scene: Scene, draft: Draft, fit: Fit) -> None:
    """Let somebody not answer the question whether it stands, for longer than is waited."""
    promise(draft)
    taken = ask(scene, draft, fit)
    asked_again_at = reminders.reconfirm_at(draft.start)
    alarm = alarm_at(asked_again_at, zone=local_time.zone(), holidays=local_time.holidays(scene.now))
    appointment(
        scene, draft, taken, AppointmentState.CONFIRMED, reconfirm_alarm_at=alarm if alarm <= scene.now else None
    )
    _assign(scene, draft, taken.asked_at, taken.said_yes_at)


def _proposed(scene: Scene, draft: Draft, fit: Fit) -> None:
    draft.row["policy"] = Policy.DIRECT.value
    draft.row["promise_told_at"] = _told_at(scene, promise(draft))
    at = scene.now - timedelta(minutes=scene.rng.randint(5, 50))
    proposal(scene, draft, fit, at)
    changes = {"first_assigned_at": at, "version": 3}
    store(scene, draft, RequestState.ASSIGNED, changes)


def _approval(scene: Scene, draft: Draft, fit: Fit) -> None:
    """Let somebody have said yes, and the office not have agreed in time."""
    draft.row["wants_approval"] = True
    promise(draft)
    taken = ask(scene, draft, fit)
    late = scene.now - timedelta(minutes=scene.rng.randint(5, 50))
    proposal(
        scene, draft, fit, taken.said_yes_at,
        awaits=Awaits.OFFICE.value, deadline_at=late, offer_id=taken.offer_id,
    )  # fmt: skip
    changes = {"first_offer_at": taken.asked_at, "first_assigned_at": taken.said_yes_at, "wave": 1, "version": 4}
    store(scene, draft, RequestState.ASSIGNED, changes)


def _moved(scene: Scene, draft: Draft, fit: Fit) -> None:
    """Let the office have put it off a short while ago, so that the yes is awaited anew."""
    draft.row["promise_told_at"] = _told_at(scene, promise(draft))
    taken = ask(scene, draft, fit)
    at = scene.now - timedelta(minutes=scene.rng.randint(5, 50))
    proposal(scene, draft, fit, at, created_at=taken.said_yes_at, sequence=1, offer_id=taken.offer_id)
    draft.row |= {"revision": 2, "move_count": 1}
    _assign(scene, draft, taken.asked_at, taken.said_yes_at, wave=0)


def _handed_back(scene: Scene, draft: Draft, fit: Fit) -> None:
    promise(draft)
    taken = ask(scene, draft, fit)
    at = scene.now - _SOON - timedelta(minutes=scene.rng.randint(1, 50))
    appointment(scene, draft, taken, AppointmentState.HANDED_BACK, ended_at=at, sequence=1)
    given = promises.promise_for(draft.start, at, policy=Policy.WAVES, is_reviewed_first=False)
    answer_by = given.answer_by if given else None
    changes = {
        "answer_by": answer_by, "promise_told_at": _told_at(scene, answer_by), "handed_back_at": at, "wave_due_at": at,
        "first_offer_at": taken.asked_at, "first_assigned_at": taken.said_yes_at,
        "first_confirmed_at": taken.said_yes_at, "wave": 1, "emergency": True, "version": 5,
    }  # fmt: skip
    store(scene, draft, RequestState.SEARCHING, changes)


def _open(scene: Scene, draft: Draft) -> None:
    """Begin a search; one whose promise has passed was told so."""
    told_at = _told_at(scene, promise(draft))
    changes = {"wave_due_at": draft.submitted_at, "promise_told_at": told_at, "version": 3}
    store(scene, draft, RequestState.SEARCHING, changes)


def _told_at(scene: Scene, answer_by: datetime | None) -> datetime | None:
    return answer_by if answer_by is not None and answer_by <= scene.now else None


def _by_hand(scene: Scene, draft: Draft) -> None:
    draft.row["policy"] = Policy.MANUAL.value
    told_at = _told_at(scene, promise(draft))
    store(scene, draft, RequestState.SUBMITTED, {"promise_told_at": told_at})


def _in_review(scene: Scene, draft: Draft) -> None:
    told_at = _told_at(scene, promise(draft, by_hand=True))
    reason = "language" if draft.talk.language == "und" else "out_of_scope" if draft.setting.elsewhere else "setting"
    store(scene, draft, RequestState.IN_REVIEW, {"review_reasons": reason, "promise_told_at": told_at})


def _draft(scene: Scene, draft: Draft) -> None:
    store(scene, draft, RequestState.DRAFT, {"submitted_at": None, "version": 1})


def _called_off(scene: Scene, draft: Draft) -> None:
    promise(draft)
    at = draft.submitted_at + (scene.now - draft.submitted_at) / 2
    changes = {"cancel_reason": CancelReason.OWN.value, "closed_at": at.replace(microsecond=0), "version": 3}
    store(scene, draft, RequestState.CANCELLED, changes)


def _assign(scene: Scene, draft: Draft, asked_at: datetime, yes_at: datetime, *, wave: int = 1) -> None:
    changes = {
        "first_offer_at": asked_at, "first_assigned_at": yes_at, "first_confirmed_at": yes_at, "wave": wave,
        "version": 4,
    }  # fmt: skip
    store(scene, draft, RequestState.ASSIGNED, changes)


_ALONE: Mapping[Story, Callable[[Scene, Draft], None]] = {
    Story.OPEN: _open,
    Story.REFUSING: _open,
    Story.BY_HAND: _by_hand,
    Story.IN_REVIEW: _in_review,
    Story.DRAFT: _draft,
    Story.CALLED_OFF: _called_off,
}
_TOGETHER: Mapping[Story, Callable[[Scene, Draft, Fit], None]] = {
    Story.ASSIGNED: _assigned,
    Story.SILENT: _silent,
    Story.PROPOSED: _proposed,
    Story.APPROVAL: _approval,
    Story.MOVED: _moved,
    Story.HANDED_BACK: _handed_back,
}
