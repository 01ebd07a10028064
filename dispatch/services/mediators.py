"""Keep the pool: enter people, change their records, let them rest, and find them again.

It must not decide whom somebody fits; every change lets requests nobody fitted be looked at again.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from dispatch.database import constraint_of
from dispatch.domain import mediators as mediator_rules
from dispatch.domain.errors import Invalid, Missing, Stale
from dispatch.domain.intervals import to_local
from dispatch.domain.lifecycle import AppointmentState
from dispatch.domain.mediator_checks import check
from dispatch.domain.mediators import NewMediator, TypedMediator
from dispatch.domain.permissions import Act, Actor, Subject, require
from dispatch.models import Appointment, Mediator, Request
from dispatch.services import audit, care, local_time, matching, mediator_rows, numbers, options
from dispatch.services.appointment_access import within_sight
from dispatch.services.request_access import LARGEST_ID
from dispatch.services.transactions import reading, run

Found = Mapping[str, Iterable[str]]
"""Codes by field of what an edge could not read."""

AHEAD = (AppointmentState.PROPOSED, AppointmentState.CONFIRMED, AppointmentState.RECONFIRMED)


def create(actor: Actor, typed: TypedMediator, now: datetime, *, found: Found | None = None) -> Mediator:
    """Enter a person into the pool, with the next badge number; raises Invalid, with what the edge `found` too."""
    require(actor, Act.MEDIATOR_CREATE)

    def use_case(session: Session) -> Mediator:
        row = create_in(session, actor, [checked(session, typed, now, found)], now)[0]
        matching.retry_unfitted(session, now, [row.id])
        return row

    return _saving(use_case)


def update(
    actor: Actor,
    mediator_id: int,
    typed: TypedMediator,
    version: int,
    now: datetime,
    *,
    found: Found | None = None,
) -> Mediator:
    """Change a record; raises Invalid, Missing, or Stale when somebody else changed it since `version`."""
    require(actor, Act.MEDIATOR_EDIT)

    def use_case(session: Session) -> Mediator:
        row = hold(session, mediator_id, version)
        return _update(session, actor, row, checked(session, typed, now, found), now)

    return _saving(use_case)


def change(actor: Actor, mediator_id: int, fields: Mapping[str, Any], version: int, now: datetime) -> Mediator:
    """Change only these fields of a record, named as in TypedMediator; raises as `update`."""
    require(actor, Act.MEDIATOR_EDIT)

    def use_case(session: Session) -> Mediator:
        row = hold(session, mediator_id, version)
        stored = mediator_rows.typed(row, mediator_rows.refused_organisations(session, mediator_id))
        return _update(session, actor, row, checked(session, replace(stored, **fields), now), now)

    return _saving(use_case)


def usual() -> TypedMediator:
    """Return what the record of somebody new begins with."""
    begins = options.read(mediator_rules.DEFAULT)
    return TypedMediator(
        modes=("on_site", "phone"), transport="public", qualification="lay", contact_channel="mail",
        max_distance_km=begins.usual_km, ui_language=begins.ui_language, share_phone=begins.share_phone,
    )  # fmt: skip


def set_active(actor: Actor, mediator_id: int, version: int, now: datetime, *, active: bool) -> Mediator:
    """Take somebody out of the search or bring her back; appointments stay as they are. Raises Missing, Stale."""
    require(actor, Act.MEDIATOR_EDIT)

    def use_case(session: Session) -> Mediator:
        row = hold(session, mediator_id, version)
        if row.active != active:
            row.active = active
            _note_leaving(row, now)
            row.version += 1
            act = "activate" if active else "deactivate"
            audit.record(session, actor, act, ("mediator", row.id), now)
            matching.retry_unfitted(session, now, [row.id])
        return row

    return run(use_case)


def deactivate(actor: Actor, mediator_id: int, version: int, now: datetime) -> Mediator:
    """Take somebody out of the search; what she has promised stays hers. Raises Missing, Stale."""
    return set_active(actor, mediator_id, version, now, active=False)


def get(actor: Actor, mediator_id: int) -> Mediator:
    """Return a mediator with languages, settings and documents; raises Missing, or Forbidden for the role."""
    require(actor, Act.MEDIATOR_VIEW, Subject(mediator_id=mediator_id))
    return load(reading(), mediator_id)


def get_typed(actor: Actor, mediator_id: int) -> tuple[TypedMediator, int]:
    """Return a record as if it were typed, and its version, for a form to change; raises Missing, Forbidden."""
    require(actor, Act.MEDIATOR_EDIT)
    session = reading()
    row = load(session, mediator_id)
    return mediator_rows.typed(row, mediator_rows.refused_organisations(session, mediator_id)), row.version


def appointments_ahead(actor: Actor, mediator_id: int, now: datetime) -> list[tuple[Appointment, Request]]:
    """Return what she has promised and what still lies ahead, the next one first, each with its request."""
    require(actor, Act.MEDIATOR_VIEW, Subject(mediator_id=mediator_id))
    return ahead(reading(), actor, mediator_id, now)


def ahead(session: Session, actor: Actor, mediator_id: int, now: datetime) -> list[tuple[Appointment, Request]]:
    """Return the live appointments of a mediator within sight that have not ended, each with its request, in order."""
    wanted = (
        select(Appointment, Request)
        .join(Request, Request.id == Appointment.request_id)
        .where(Appointment.mediator_id == mediator_id, Appointment.state.in_(AHEAD), Appointment.ends_at > now)
        .where(within_sight(actor))
        .order_by(Appointment.starts_at)
        .options(selectinload(Request.languages))
    )
    return [(appointment, request) for appointment, request in session.execute(wanted)]


def load(session: Session, mediator_id: int) -> Mediator:
    """Return the rows of a mediator; raises Missing."""
    wanted = select(Mediator).where(Mediator.id == mediator_id).options(*mediator_rows.LOADED)
    row = session.scalar(wanted) if 0 < mediator_id <= LARGEST_ID else None
    if row is None:
        raise Missing
    return row


def hold(session: Session, mediator_id: int, version: int | None = None) -> Mediator:
    """Lock the rows of a mediator; raises Missing, or Stale unless they have the version."""
    locked = select(Mediator.id).where(Mediator.id == mediator_id).with_for_update()
    if not 0 < mediator_id <= LARGEST_ID or session.scalar(locked) is None:
        raise Missing
    row = load(session, mediator_id)
    if version is not None and row.version != version:
        raise Stale(version, row.version)
    return row


def checked(session: Session, typed: TypedMediator, now: datetime, found: Found | None = None) -> NewMediator:
    """Return the record if every check holds and the edge found nothing; raises Invalid."""
    today = to_local(now, local_time.zone()).date()
    return check(
        typed, mediator_rows.context(session), today, found=found, options=options.read(mediator_rules.DEFAULT)
    )


def create_in(session: Session, actor: Actor, records: Sequence[NewMediator], now: datetime) -> list[Mediator]:
    """Enter checked records, inside the caller's transaction, which lets requests nobody fits be looked at again."""
    badges = numbers.next_numbers(session, "badge", len(records))
    rows = []
    for badge, record in zip(badges, records, strict=True):
        row = Mediator(badge_number=badge, created_at=now, version=1)
        row.languages, row.settings, row.documents = [], [], []
        mediator_rows.write(row, record, seen_by_id=actor.user_id)
        row.left_at = None if row.active else now
        rows.append(row)
    session.add_all(rows)
    session.flush()
    for row, record in zip(rows, records, strict=True):
        if record.refused_organisations:
            mediator_rows.write_refusals(session, row.id, record, now)
        audit.record(session, actor, "create", ("mediator", row.id), now)
    return rows


def update_in(session: Session, actor: Actor, row: Mediator, record: NewMediator, now: datetime) -> tuple[str, ...]:
    """Write a checked record into locked rows, as `create_in` does; return the fields that changed."""
    fields = mediator_rows.write(row, record, seen_by_id=actor.user_id)
    if mediator_rows.write_refusals(session, row.id, record, now):
        fields = (*fields, "refused_organisations")
    if "active" in fields:
        _note_leaving(row, now)
    if "documents" in fields:
        care.forget_renewed(session, row, now)
    if fields:
        row.version += 1
        audit.record(session, actor, "update", ("mediator", row.id), now, facts={"fields": list(fields)})
    session.flush()
    return fields


def _update(session: Session, actor: Actor, row: Mediator, record: NewMediator, now: datetime) -> Mediator:
    if update_in(session, actor, row, record, now):
        matching.retry_unfitted(session, now, [row.id])
    return row


def _note_leaving(row: Mediator, now: datetime) -> None:
    """Keep since when she is inactive; who comes back begins anew."""
    row.left_at = None if row.active else now
    if row.active:
        row.lapses_in_row, row.said_no_more_at = 0, None


def _saving(use_case: Callable[[Session], Mediator]) -> Mediator:
    """Run a write; an external id that somebody else has is a finding at its field."""
    try:
        return run(use_case)
    except IntegrityError as error:
        if "external_id" in constraint_of(error):
            raise Invalid({"external_id": ("taken",)}) from error
        raise
