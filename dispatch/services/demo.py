"""Load a demonstration: invented people in real municipalities, in the middle of their work.

Everything follows from a seed and an instant. It must never touch a database of real people: it fills an empty one,
or replaces a demonstration that was loaded before.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import merge
from random import Random

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from dispatch.models import Mark, Mediator, Organisation, OutboxMessage, Request, User
from dispatch.services import (
    demo_ahead,
    demo_applicants,
    demo_calendar,
    demo_cases,
    demo_offices,
    demo_outside,
    demo_past,
    demo_people,
    demo_presence,
    demo_residents,
    settings,
)
from dispatch.services.demo_requests import Case, Desk, Draft, Story, make
from dispatch.services.demo_rows import BATCH, empty
from dispatch.services.demo_scene import Scene
from dispatch.services.demo_searches import Search, bounced, new_message_id, settle
from dispatch.services.installation import DEMO
from dispatch.services.transactions import run

MOST_SEARCHES = 60
"""So many searches are settled by ranking the pool; a larger demonstration has more of what is assigned."""
_NEAR = timedelta(hours=8)
_PAST = frozenset(demo_past.WEIGHTS)


class RealDatabase(Exception):
    """The database holds people and is not marked as a demonstration; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many mediators and requests to make up."""

    mediators: int = 80
    requests: int = 600


@dataclass(slots=True)
class _Stage:
    """What the loading of requests has come to."""

    desk: Desk
    searches: list[Search]


def load(size: Size, seed: int, now: datetime, *, progress: Callable[[int], None] = lambda _done: None) -> None:
    """Fill the database with a demonstration as it stands at `now`; raises RealDatabase.

    `progress` is called with the number of people and requests made since its last call.
    """
    run(lambda session: _prepare(session, now))
    scene = Scene(now, Random(seed))  # noqa: S311 - chance for invented people, guards nothing
    for _id in demo_people.make(scene, size.mediators):
        progress(1)
        scene.rows.flush(least=BATCH)
    offices = demo_offices.make(scene, size.requests)
    offices[0] = demo_offices.make_users(scene, offices[0])
    demo_outside.make(scene)
    demo_applicants.make(scene, mediators=size.mediators)
    stage = _Stage(Desk(offices), [])
    of_residents = demo_residents.number(size.requests)
    for case in _cases(scene, size.requests - of_residents):
        _tell(scene, stage, case)
        progress(1)
        scene.rows.flush(least=BATCH)
    if of_residents:
        progress(demo_residents.make(scene))
    scene.rows.flush()
    settle(scene, stage.searches)
    demo_presence.make(scene)
    scene.rows.finish()


def _prepare(session: Session, now: datetime) -> None:
    """Mark the database before the first row, so that a loading that broke off can be repeated."""
    if session.get(Mark, DEMO) is None:
        holds_people = or_(*(exists().select_from(table) for table in (User, Mediator, Organisation, Request)))
        if session.scalar(select(holds_people)):
            raise RealDatabase
    empty(session)
    settings.ensure_shipped(session)
    session.add(Mark(name=DEMO, value=None, at=now))


def _cases(scene: Scene, count: int) -> Iterator[Case]:
    """Yield the named cases and as many others as are wanted, in order of time."""
    named = demo_cases.named(scene)[:count]
    others = (Case(_story(scene, start), start) for start in demo_calendar.starts(scene, count - len(named)))
    return merge(named, others, key=lambda case: case.start)


def _story(scene: Scene, start: datetime) -> Story:
    if demo_cases.story_at(scene, start) is Story.KEPT:
        return Story(scene.pick(demo_past.WEIGHTS))
    is_near = start - scene.now < _NEAR
    return Story(scene.pick(demo_ahead.NEAR_WEIGHTS if is_near else demo_ahead.WEIGHTS))


def _tell(scene: Scene, stage: _Stage, case: Case) -> None:
    draft = make(scene, stage.desk, case)
    if case.story in _PAST or draft.talk.span.end <= scene.now:
        story = case.story if case.story in _PAST else Story.KEPT
        demo_past.tell(scene, draft, story, mediator_id=case.mediator_id)
        return
    is_full = len(stage.searches) >= MOST_SEARCHES
    story = Story.ASSIGNED if is_full and case.story is Story.OPEN else case.story
    is_open = demo_ahead.tell(scene, draft, story, mediator_id=case.mediator_id)
    if is_open and not is_full:
        stage.searches.append(Search(draft.id, story, case.bounces))
        if case.bounces:
            _bounce_at_the_office(scene, draft)


def _bounce_at_the_office(scene: Scene, draft: Draft) -> None:
    """Let the mail to the office have come back as well."""
    at = draft.submitted_at
    mail = {
        "kind": "request_received", "recipient": draft.office.email, "locale": "de", "request_id": draft.id,
        "message_id": new_message_id(scene), "due_at": at, "created_at": at,
    }  # fmt: skip
    scene.rows.add(OutboxMessage, mail | bounced())
