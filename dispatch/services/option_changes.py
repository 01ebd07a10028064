"""Change the options: look first, save a new version, take an old one again; nothing that was promised is rewritten.

Whether values hold is the domain's to say; what a change will affect is counted in `option_effects`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch.domain import document_types as documents
from dispatch.domain import options as rules
from dispatch.domain.errors import Invalid, Missing, Stale
from dispatch.domain.option_kinds import Known
from dispatch.domain.option_topic import Topic
from dispatch.domain.option_topics import ALL, OF_SETTING
from dispatch.domain.options import Changed
from dispatch.domain.permissions import Act, Actor, require
from dispatch.domain.settings import SETTINGS
from dispatch.models import OptionChange, User
from dispatch.reference import places
from dispatch.services import document_types, matching, option_effects, options, settings
from dispatch.services.audit import record
from dispatch.services.option_effects import Effect
from dispatch.services.transactions import reading, run

T = TypeVar("T")

HIGHEST_VERSION = 2**31
MOST_SHOWN = 50
"""How many versions of its history a page shows."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A topic as it stands: the texts of its form, its version (0: never changed), what is not as shipped."""

    topic: Topic
    typed: Mapping[str, str]
    version: int
    departs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a topic: when, by whom, and what it changed."""

    version: int
    at: datetime
    by: str | None
    changes: tuple[Changed, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What saving would do to a topic: the texts that would change, the form to save, what it will affect."""

    topic: Topic
    value: Any
    typed: Mapping[str, str]
    changes: tuple[Changed, ...]
    effects: tuple[Effect, ...]


def known(types: documents.DocumentTypes | None = None) -> Known:
    """Return what options may refer to; `types` stand in for the types of documents in force."""
    codes = (types or options.read(documents.DEFAULT)).codes
    return Known({one.ags: one.social_area for one in places.municipalities()}, tuple(SETTINGS), codes)


def topic_of(name: str) -> Topic:
    """Return a topic. Raises Missing."""
    if name not in ALL:
        raise Missing
    return ALL[name]


def sheets(actor: Actor) -> list[Sheet]:
    """Return every topic as it stands, fields of work last."""
    require(actor, Act.OPTION_VIEW)
    return [_sheet(topic) for topic in ALL.values()]


def sheet(actor: Actor, name: str) -> Sheet:
    """Return one topic as it stands. Raises Missing."""
    require(actor, Act.OPTION_VIEW)
    return _sheet(topic_of(name))


def at_version(actor: Actor, name: str, version: int) -> Mapping[str, str]:
    """Return the form of an earlier version, 0 for what was shipped. Raises Missing."""
    require(actor, Act.OPTION_VIEW)
    topic = topic_of(name)
    if version == 0:
        return rules.typed(topic, topic.shipped, known())
    wanted = select(OptionChange.values).where(OptionChange.topic == name, OptionChange.version == version)
    stored = reading().scalar(wanted) if 0 < version < HIGHEST_VERSION else None
    if stored is None:
        raise Missing
    return rules.typed(topic, rules.load(topic, stored), known())


def history(actor: Actor, name: str) -> list[Version]:
    """Return the versions of a topic, the latest first, each with what it changed."""
    require(actor, Act.OPTION_VIEW)
    topic, there = topic_of(name), known()
    rows = (
        reading()
        .execute(
            select(OptionChange.version, OptionChange.changed_at, OptionChange.values, User.name)
            .outerjoin(User, User.id == OptionChange.changed_by_id)
            .where(OptionChange.topic == name)
            .order_by(OptionChange.version.desc())
            .limit(MOST_SHOWN + 1)
        )
        .all()
    )
    values = [rules.load(topic, row[2]) for row in rows]
    if len(rows) <= MOST_SHOWN:
        values.append(topic.shipped)
    return [
        Version(row[0], row[1], row[3], rules.changes(topic, before, after, there))
        for row, after, before in zip(rows, values, values[1:], strict=False)
    ]


def plan(actor: Actor, name: str, form: Mapping[str, str], version: int, now: datetime) -> Plan:
    """Return what saving a form would do. Raises Invalid, Missing, and Stale where somebody else saved first."""
    require(actor, Act.OPTION_EDIT)
    topic, there, in_force = topic_of(name), known(), options.in_force(reading())
    value = rules.parse(topic, form, there)
    if version != in_force.versions.get(name, 0):
        raise Stale(version, in_force.versions.get(name, 0))
    _refuse_removals(reading(), in_force, name, value)
    return plan_of(topic, in_force.value(name), value, now)


def plan_of(topic: Topic, before: Any, after: Any, now: datetime) -> Plan:
    """Return what a checked value would do to a topic."""
    there = known()
    changes = rules.changes(topic, before, after, there)
    effects = option_effects.of(reading(), topic, before, after, now) if changes else ()
    return Plan(topic, after, rules.typed(topic, after, there), changes, effects)


def save(actor: Actor, name: str, form: Mapping[str, str], version: int, now: datetime) -> int:
    """Keep a form as the next version of its topic and return that; where nothing changes, the one there is.

    Raises Invalid, Missing, and Stale where somebody else saved first.
    """
    require(actor, Act.OPTION_EDIT)
    topic = topic_of(name)
    value = rules.parse(topic, form, known())

    def use_case(session: Session) -> int:
        in_force = options.load(session)
        if version != in_force.versions.get(name, 0):
            raise Stale(version, in_force.versions.get(name, 0))
        _refuse_removals(session, in_force, name, value)
        return write(session, actor, topic, value, now, in_force=in_force)

    return unless_overtaken(use_case, version)


def write(session: Session, actor: Actor, topic: Topic, value: Any, now: datetime, *, in_force: options.InForce) -> int:
    """Add the next version of a topic, with its audit entry, unless nothing changes; return the version in force."""
    version, before = in_force.versions.get(topic.name, 0), in_force.value(topic.name)
    fields = rules.changed_fields(topic, before, value)
    if not fields:
        return version
    values = rules.dump(topic, value)
    row = OptionChange(
        topic=topic.name, version=version + 1, values=values, changed_at=now, changed_by_id=actor.user_id
    )
    session.add(row)
    matching.retry_unfitted(session, now)
    if topic.name.startswith(OF_SETTING):
        settings.mirror(session, value)
    session.flush()
    facts = {"topic": topic.name, "version": version + 1, "fields": list(fields)}
    record(session, actor, "change", ("option", row.id), now, facts=facts | _numbers(topic, before, value))
    return version + 1


def unless_overtaken(use_case: Callable[[Session], T], version: int) -> T:
    """Run a change of options; raises Stale when somebody else wrote the same version at the same moment."""
    try:
        return run(use_case)
    except IntegrityError as error:
        raise Stale(version, version + 1) from error
    finally:
        options.forget(reading())


def _refuse_removals(session: Session, in_force: options.InForce, name: str, value: Any) -> None:
    if refused := document_types.refused_removals(session, in_force, {name: value}):
        raise Invalid(refused)


def _numbers(topic: Topic, before: Any, after: Any) -> dict[str, Any]:
    """Return what the audit log may hold of a field of work before and after: codes and numbers, never its name."""
    if not topic.name.startswith(OF_SETTING):
        return {}
    fields = [field for field in rules.changed_fields(topic, before, after) if field != "label"]
    old, new = rules.dump_whole(topic, before), rules.dump_whole(topic, after)
    return {"from": {field: old[field] for field in fields}, "to": {field: new[field] for field in fields}}


def _sheet(topic: Topic) -> Sheet:
    in_force = options.in_force(reading())
    value = in_force.value(topic.name)
    departs = rules.changed_fields(topic, topic.shipped, value)
    return Sheet(topic, rules.typed(topic, value, known()), in_force.versions.get(topic.name, 0), departs)
