"""Count who speaks what, as far as strangers may know.

It must not tell small numbers: a language of fewer than five people is only counted among the others.
"""

from dataclasses import dataclass

from sqlalchemy import func, select

from dispatch.models import Mediator, MediatorLanguage
from dispatch.services.transactions import reading

FEWEST_SHOWN = 5
"""Below this a number tells of single people."""


@dataclass(frozen=True)
class Spoken:
    """Languages of the active pool: code and number of people, most first; and how many languages besides."""

    shown: tuple[tuple[str, int], ...]
    others: int


def spoken() -> Spoken:
    """Return what the pool speaks, in one statement."""
    people = func.count(MediatorLanguage.mediator_id.distinct())
    rows = (
        reading()
        .execute(
            select(MediatorLanguage.code, people)
            .join(Mediator, Mediator.id == MediatorLanguage.mediator_id)
            .where(Mediator.active)
            .group_by(MediatorLanguage.code)
            .order_by(people.desc(), MediatorLanguage.code)
        )
        .all()
    )
    shown = tuple((code, number) for code, number in rows if number >= FEWEST_SHOWN)
    return Spoken(shown, len(rows) - len(shown))
