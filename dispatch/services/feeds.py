"""Let mediators and units subscribe to their appointments under a secret address, which they can renew.

It must not tell more than calendar entries do: number and time. `find` costs one statement and knows a feed by the
stamp of its rows; the rows themselves are loaded only for who has not seen this stamp yet.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, String, and_, bindparam, cast, func, literal, or_, select
from sqlalchemy.orm import Session

from dispatch.database import UTCDateTime
from dispatch.domain import accounts
from dispatch.domain.disclosure import Fact, Reader, Surface, told
from dispatch.domain.errors import Missing
from dispatch.domain.feeds import CALLED_OFF, TAKEN_BACK, Status, Window, status_for_mediator, status_for_office, window
from dispatch.domain.permissions import Act, Actor, Subject, require
from dispatch.models import Appointment, Link, Mediator, Organisation, Request
from dispatch.services import audit, links, options, throttles
from dispatch.services.request_access import LARGEST_ID
from dispatch.services.transactions import reading, run

MEDIATOR, UNIT = "mediator_calendar", "unit_calendar"
_TOLD = {Fact.NUMBER, Fact.TIME}


class Owner(NamedTuple):
    """Whose appointments a feed shows: `purpose` is that of its link."""

    purpose: str
    id: int

    @property
    def subject(self) -> Subject:
        """As whose thing the permission table sees the feed."""
        if self.purpose == MEDIATOR:
            return Subject(mediator_id=self.id, key=("mediator", self.id))
        return Subject(organisation_id=self.id)


class Address(NamedTuple):
    """The name of an owner, and the token of the feed: None while it has none."""

    name: str
    token: str | None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as it stands: the language of its texts, and when it last changed, today at the latest.

    `stamp` and the day of `window` together change with every entry.
    """

    owner: Owner
    language: str
    stamp: tuple[int, int]
    changed_at: datetime
    window: Window


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """An entry; `uid` is to be followed by `@` and the domain of the service. `stamped_at`: when it last changed."""

    uid: str
    sequence: int
    number: int
    starts_at: datetime
    ends_at: datetime
    status: Status
    stamped_at: datetime


def find(token: str, now: datetime) -> Feed:
    """Return the feed of an address. Raises Missing for one that is unknown, altered or was renewed."""
    shown = window(now)
    session = reading()
    found = session.connection().execute(_FIND, {"token": links.fingerprint(token), "begins_from": shown.begins_from})
    row = found.one_or_none()
    if row is None:
        raise Missing
    purpose, owner_id, renewed_at, language, count, versions, last, *stamp = row
    options.use_stamp(session, (stamp[0], stamp[1], stamp[2]))
    changed = [at for at in (renewed_at, last, stamp[2], shown.day) if at is not None]
    return Feed(Owner(purpose, owner_id), language, (count, versions or 0), max(changed), shown)


def guard(token: str, client: str, now: datetime) -> None:
    """Count a guess of a client. Raises Throttled when it made too many, Missing else; called where `find` found none.

    An address that was once good is no guess: programs go on asking for it for years.
    """
    if reading().scalar(select(Link.id).where(Link.token_hash == links.fingerprint(token))) is None:
        limits = {throttles.bucket("calendar", client): options.read(accounts.DEFAULT).links_client}
        throttles.check(limits, now)
        run(lambda session: throttles.take(session, limits, now))
    raise Missing


def entries(feed: Feed) -> Sequence[FeedEntry]:
    """Return what the feed shows, in order of time; one statement."""
    if feed.owner.purpose == MEDIATOR:
        return _of_mediator(reading(), feed)
    return _of_unit(reading(), feed)


def address(actor: Actor, owner: Owner, *, key: str, now: datetime) -> Address:
    """Return the owner's name and where the feed is. Raises Missing for nobody, Forbidden for the role."""
    require(actor, Act.FEED_VIEW, owner.subject)
    name = _name(reading(), owner)
    return Address(name, links.known(owner.purpose, owner.id, key=key, now=now))


def renew(actor: Actor, owner: Owner, *, key: str, now: datetime) -> str:
    """Give the feed a new address and return its token; the one it had ends. Raises as `address`."""
    require(actor, Act.FEED_VIEW, owner.subject)

    def use_case(session: Session) -> None:
        _name(session, owner)
        links.retire(session, owner.purpose, owner.id, now)
        word = "mediator" if owner.purpose == MEDIATOR else "organisation"
        audit.record(session, actor, "renew_feed", (word, owner.id), now)

    run(use_case)
    return links.issue(owner.purpose, owner.id, key=key, now=now)


def _name(session: Session, owner: Owner) -> str:
    table = Mediator if owner.purpose == MEDIATOR else Organisation
    found = session.scalar(select(table.name).where(table.id == owner.id)) if 0 < owner.id <= LARGEST_ID else None
    if found is None:
        raise Missing
    return found


def _changes(purpose: str, language: Any, version: Any) -> Select[Any]:
    """Return the columns of one arm of `_FIND`: the owner, and what changes whenever an entry does.

    Rows are added and never deleted and versions only rise, so count and sum tell every change within a day.
    """
    owner = literal(purpose), Link.subject_id, Link.created_at, language
    last = func.max(func.coalesce(Appointment.changed_at, Appointment.created_at), type_=UTCDateTime)
    return (
        select(*owner, func.count(Appointment.id), func.sum(version), last, *options.stamp_columns())
        .where(Link.token_hash == bindparam("token"), Link.purpose == purpose, Link.used_at.is_(None))
        .group_by(*owner[1:])
    )


def _find() -> Any:
    since = bindparam("begins_from", type_=UTCDateTime)
    of_mediator = (
        _changes(MEDIATOR, Mediator.ui_language, Appointment.version)
        .join(Mediator, Mediator.id == Link.subject_id)
        .outerjoin(Appointment, and_(Appointment.mediator_id == Mediator.id, Appointment.starts_at >= since))
    )
    of_unit = (
        _changes(UNIT, cast(literal("de"), String), Appointment.version + Request.version)
        .join(Organisation, Organisation.id == Link.subject_id)
        .outerjoin(Request, and_(Request.organisation_id == Organisation.id, Request.starts_at >= since))
        .outerjoin(Appointment, Appointment.request_id == Request.id)
    )
    return of_mediator.union_all(of_unit)


_FIND = _find()
"""Built once: it is asked whenever a calendar program looks whether anything is new."""


def _of_mediator(session: Session, feed: Feed) -> list[FeedEntry]:
    changed_at = func.coalesce(Appointment.changed_at, Appointment.created_at, type_=UTCDateTime)
    is_told = or_(Appointment.state.not_in(TAKEN_BACK), changed_at >= feed.window.gone_from)
    mine = Appointment.mediator_id == feed.owner.id, Appointment.starts_at >= feed.window.begins_from
    wanted = select(Appointment, Request.protection).join(Request, Request.id == Appointment.request_id)
    rows = session.execute(wanted.where(*mine, is_told).order_by(Appointment.starts_at, Appointment.id))
    return [
        FeedEntry(
            uid=row.uid,
            sequence=row.sequence,
            number=row.number,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            status=status_for_mediator(row.state),
            stamped_at=row.changed_at or row.created_at,
        )
        for row, protection in rows
        if told(Surface.RECORD, protection, Reader.MEDIATOR) >= _TOLD
    ]


def _of_unit(session: Session, feed: Feed) -> list[FeedEntry]:
    """Return one entry for each request that ever had an appointment, whoever comes: see `calendar_entries`."""
    is_told = or_(Request.state.not_in(CALLED_OFF), Request.closed_at >= feed.window.gone_from)
    theirs = Request.organisation_id == feed.owner.id, Request.starts_at >= feed.window.begins_from
    wanted = select(Appointment, Request).join(Request, Request.id == Appointment.request_id)
    rows = session.execute(wanted.where(*theirs, is_told).order_by(Request.starts_at, Request.id, Appointment.id))
    found: dict[int, FeedEntry] = {}
    for row, request in rows:
        if not told(Surface.RECORD, request.protection, Reader.OFFICE) >= _TOLD:
            continue
        before = found.get(request.id)
        stamps = [row.changed_at or row.created_at, *([before.stamped_at] if before else [])]
        found[request.id] = FeedEntry(
            uid=f"request-{request.id}",
            sequence=row.sequence + (before.sequence + 1 if before else 0),
            number=row.number,
            starts_at=request.starts_at,
            ends_at=request.ends_at,
            status=status_for_office(request.state, row.state),
            stamped_at=max(stamps),
        )
    return list(found.values())
