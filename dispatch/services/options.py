"""Read the options in force: what the district has set, laid over the shipped constants, one frozen value per topic.

Every service reads options here and nowhere else. All topics come with one statement, kept as long as the session
lives; they are changed in `option_changes`, which must say `forget`. Whoever asks the database anyway may bring a stamp
along: while it is the one that this process read last, the statement is saved.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import ScalarSelect, func, select, tuple_
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from dispatch.domain import options as rules
from dispatch.domain.option_topics import ALL, OF_TYPE
from dispatch.models import OptionChange
from dispatch.services.transactions import reading

T = TypeVar("T")
Stamp = tuple[int, int | None, datetime | None]
"""How many changes there are, the id of the last one and its instant: the same stamp, the same options."""
_KEPT = "options in force"
_LAST_READ: WeakKeyDictionary[object, "InForce"] = WeakKeyDictionary()
"""What this process read last from each database."""


@dataclass
class InForce:
    """What was stored last by topic, and the values read from it so far; `newest` is the id of the last change."""

    stored: dict[str, rules.Stored] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    newest: int = 0
    stamp: Stamp = (0, None, None)

    def value(self, name: str) -> Any:
        """Return the value of a topic."""
        if name not in self.values:
            topic = ALL[name]
            stored = self.stored.get(name)
            self.values[name] = rules.load(topic, stored) if stored else topic.shipped
        return self.values[name]


def read(shipped: T) -> T:
    """Return the options in force for the topic whose shipped default is `shipped` (`hours.DEFAULT`, …)."""
    topic = OF_TYPE.get(type(shipped))
    if topic is None:
        return shipped
    value: T = in_force(reading()).value(topic.name)
    return value


def read_for_page(shipped: T) -> T:
    """Return the same for what stands around every page, an error page among them: as shipped without a database."""
    try:
        return read(shipped)
    except SQLAlchemyError:
        return shipped


def in_force(session: Session) -> InForce:
    """Return the options of this session, with one statement for the first who asks."""
    found: InForce | None = session.info.get(_KEPT)
    if found is None:
        found = session.info[_KEPT] = _LAST_READ[session.get_bind()] = load(session)
    return found


def stamp_columns() -> list[ScalarSelect[Any]]:
    """Return the columns of the stamp, to be asked along with another statement."""
    facts = func.count(OptionChange.id), func.max(OptionChange.id), func.max(OptionChange.changed_at)
    return [select(fact).scalar_subquery() for fact in facts]


def use_stamp(session: Session, stamp: Stamp) -> None:
    """Let the session use what this process read last, if that is still what the database says."""
    last = _LAST_READ.get(session.get_bind())
    if last is not None and last.stamp == stamp:
        session.info.setdefault(_KEPT, last)


def load(session: Session) -> InForce:
    """Return the options as they are stored now."""
    latest = select(OptionChange.topic, func.max(OptionChange.version)).group_by(OptionChange.topic)
    columns = OptionChange.id, OptionChange.topic, OptionChange.version, OptionChange.values
    wanted = select(*columns, *stamp_columns()).where(tuple_(OptionChange.topic, OptionChange.version).in_(latest))
    found = InForce()
    with session.no_autoflush:
        for key, topic, version, values, *stamp in session.execute(wanted):
            found.newest, found.stamp = max(found.newest, key), (stamp[0], stamp[1], stamp[2])
            if topic in ALL:
                found.stored[topic], found.versions[topic] = values, version
    return found


def forget(session: Session) -> None:
    """Let the next who asks read anew."""
    session.info.pop(_KEPT, None)
