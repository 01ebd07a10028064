"""Count need that became no request: what the table of intake refused, and what the staff notes in one line.

No name, no case: a language, a day, a field of work, a kind of organisation, a municipality, minutes, and why.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from dispatch.domain import needs
from dispatch.domain.errors import Missing
from dispatch.domain.intervals import to_local
from dispatch.domain.needs import NeedContext, Origin, TypedNeed
from dispatch.domain.permissions import Act, Actor, require
from dispatch.domain.requests import NewRequest
from dispatch.models import Organisation, UnaskedNeed
from dispatch.reference import languages, places
from dispatch.services import local_time, options, settings
from dispatch.services.audit import record
from dispatch.services.mediators import Found
from dispatch.services.request_access import LARGEST_ID
from dispatch.services.transactions import reading, run

MOST = 500


@dataclass(frozen=True, slots=True)
class Month:
    """The need of a month, the latest day first; `refused` and `noted` count it by origin."""

    first: date
    rows: Sequence[UnaskedNeed]
    refused: int
    noted: int


def month(actor: Actor, first: date) -> Month:
    """Return the need of the month that begins on `first`; raises Forbidden. Two statements."""
    require(actor, Act.NEED_NOTE)
    session = reading()
    within = (UnaskedNeed.needed_on >= first, UnaskedNeed.needed_on < next_month(first))
    rows = select(UnaskedNeed).where(*within).order_by(UnaskedNeed.needed_on.desc(), UnaskedNeed.id.desc())
    by_origin = select(UnaskedNeed.origin, func.count()).where(*within).group_by(UnaskedNeed.origin)
    counted = {row[0]: row[1] for row in session.execute(by_origin)}
    return Month(
        first,
        session.scalars(rows.limit(MOST)).all(),
        counted.get(Origin.REFUSED, 0),
        counted.get(Origin.NOTED, 0),
    )


def next_month(first: date) -> date:
    """Return the first day of the month after; the calendar's last month ends with it."""
    if (first.year, first.month) == (date.max.year, 12):
        return date.max
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def note(actor: Actor, typed: TypedNeed, now: datetime, *, found: Found | None = None) -> None:
    """Note one line; raises Invalid, with what the edge `found` too, and Forbidden."""
    require(actor, Act.NEED_NOTE)

    def use_case(session: Session) -> None:
        context = NeedContext(
            languages={one.code for one in languages.all_languages()},
            settings=settings.settings_by_code(session),
            municipalities={one.ags for one in places.municipalities()},
        )
        need = needs.check(typed, context, _day(now), found=found, options=options.read(needs.DEFAULT))
        row = UnaskedNeed(
            origin=Origin.NOTED.value,
            needed_on=need.day,
            language=need.language,
            language_text=need.language_text,
            setting=need.setting,
            organisation_kind=need.kind.value if need.kind else None,
            municipality=need.municipality,
            minutes=need.minutes,
            why=need.why,
            noted_at=now,
            noted_by_id=actor.user_id,
        )
        session.add(row)
        session.flush()
        record(session, actor, "note", ("need", row.id), now)

    run(use_case)


def take_back(actor: Actor, need_id: int, now: datetime) -> None:
    """Delete a line that one noted oneself by mistake; others, and what was refused, are Missing."""
    require(actor, Act.NEED_NOTE)

    def use_case(session: Session) -> None:
        row = session.get(UnaskedNeed, need_id, with_for_update=True) if 0 < need_id <= LARGEST_ID else None
        if row is None or row.origin != Origin.NOTED or row.noted_by_id != actor.user_id:
            raise Missing
        record(session, actor, "take_back", ("need", row.id), now)
        session.delete(row)

    run(use_case)


def note_refused(actor: Actor, new: NewRequest, now: datetime) -> None:
    """Count a request that the table refused, in a transaction of its own.

    The same unit, language, field and day counts once an hour, however often its form is sent.
    """
    language, day = new.languages[0], _day(new.starts_at)
    since = now - options.read(needs.DEFAULT).counted_once

    def use_case(session: Session) -> None:
        unit = select(Organisation).where(Organisation.id == new.organisation_id).with_for_update()
        kind = session.scalars(unit).one().kind
        is_counted = session.scalar(
            select(
                exists().where(
                    UnaskedNeed.origin == Origin.REFUSED,
                    UnaskedNeed.organisation_id == new.organisation_id,
                    UnaskedNeed.language == language,
                    UnaskedNeed.setting == new.setting,
                    UnaskedNeed.needed_on == day,
                    UnaskedNeed.noted_at > since,
                )
            )
        )
        if is_counted:
            return
        row = UnaskedNeed(
            origin=Origin.REFUSED.value,
            needed_on=day,
            language=language,
            language_text=new.language_text,
            setting=new.setting,
            organisation_kind=kind,
            municipality=new.place.ags if new.place else None,
            minutes=int((new.ends_at - new.starts_at).total_seconds()) // 60,
            noted_at=now,
            organisation_id=new.organisation_id,
        )
        session.add(row)
        session.flush()
        record(session, actor, "refuse", ("need", row.id), now, facts={"setting": new.setting, "kind": kind})

    run(use_case)


def _day(instant: datetime) -> date:
    return to_local(instant, local_time.zone()).date()
