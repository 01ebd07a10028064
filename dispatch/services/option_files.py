"""Write all options into one file and take them from one: looked at first, then taken as a whole or not at all.

The file is JSON; a topic or field that it leaves out stays as it is.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from dispatch.domain import options as rules
from dispatch.domain.errors import Invalid, Stale
from dispatch.domain.option_topics import ALL
from dispatch.domain.permissions import Act, Actor, require
from dispatch.services import document_types, options
from dispatch.services.option_changes import Plan, known, plan_of, unless_overtaken, write
from dispatch.services.transactions import reading

FORMAT = "dispatch options"
FORMAT_VERSION = 1
MOST_BYTES = 500_000


@dataclass(frozen=True, slots=True)
class FilePlan:
    """What a file would do: the topics that would change, the whole of it as text, the last change it knows of."""

    plans: tuple[Plan, ...]
    text: str
    newest: int


def export(actor: Actor) -> str:
    """Return all options in force as the text of a file."""
    require(actor, Act.OPTION_VIEW)
    in_force = options.in_force(reading())
    topics = {name: rules.dump_whole(topic, in_force.value(name)) for name, topic in ALL.items()}
    return _text(topics)


def look(actor: Actor, file: bytes, now: datetime) -> FilePlan:
    """Return what a file would do. Raises Invalid: `file` with its codes, or codes by `<topic>.<field>`."""
    require(actor, Act.OPTION_EDIT)
    read, in_force = _read(file), options.in_force(reading())
    values = _values(reading(), read, in_force)
    plans = (plan_of(ALL[name], in_force.value(name), value, now) for name, value in values.items())
    text = _text({name: rules.dump_whole(ALL[name], value) for name, value in values.items()})
    return FilePlan(tuple(plan for plan in plans if plan.changes), text, in_force.newest)


def take(actor: Actor, file: bytes, newest: int, now: datetime) -> int:
    """Set all that a file says and return how many topics changed; raises as `look`, and Stale.

    `newest` is that of the look: whoever changed an option since then is not overwritten unseen.
    """
    require(actor, Act.OPTION_EDIT)
    read = _read(file)

    def use_case(session: Session) -> int:
        in_force = options.load(session)
        if in_force.newest != newest:
            raise Stale(newest, in_force.newest)
        before = dict(in_force.versions)
        after = {
            name: write(session, actor, ALL[name], value, now, in_force=in_force)
            for name, value in _values(session, read, in_force).items()
        }
        return sum(version != before.get(name, 0) for name, version in after.items())

    return unless_overtaken(use_case, newest)


def _values(session: Session, read: Mapping[str, Any], in_force: options.InForce) -> dict[str, Any]:
    """Return the value of every topic of the file; raises Invalid with all that speaks against any of them."""
    values: dict[str, Any] = {}
    errors: dict[str, tuple[str, ...]] = {}
    for name in sorted(read, key=lambda one: one != document_types.TOPIC):
        if name not in ALL:
            errors["file"] = ("unknown_topic",)
            continue
        there = known(values.get(document_types.TOPIC))
        try:
            values[name] = rules.load_strictly(ALL[name], read[name], in_force.value(name), there)
        except Invalid as invalid:
            errors |= {f"{name}.{field}": codes for field, codes in invalid.errors.items()}
    refused = document_types.refused_removals(session, in_force, values)
    errors |= {f"{document_types.TOPIC}.{field}": codes for field, codes in refused.items()}
    if errors:
        raise Invalid(errors)
    return values


def _read(file: bytes) -> dict[str, Any]:
    if not file:
        raise Invalid({"file": ("required",)})
    if len(file) > MOST_BYTES:
        raise Invalid({"file": ("too_large",)})
    try:
        read = json.loads(file.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Invalid({"file": ("not_options",)}) from error
    is_ours = isinstance(read, dict) and read.get("format") == FORMAT and isinstance(read.get("topics"), dict)
    if not is_ours:
        raise Invalid({"file": ("not_options",)})
    if read.get("format_version") != FORMAT_VERSION:
        raise Invalid({"file": ("other_version",)})
    topics: dict[str, Any] = read["topics"]
    return topics


def _text(topics: Mapping[str, Any]) -> str:
    content = {"format": FORMAT, "format_version": FORMAT_VERSION, "topics": topics}
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
