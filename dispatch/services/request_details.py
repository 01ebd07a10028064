"""Read one request with everything its page shows: who comes, what was done so far, what is ahead.

It must not put anything into words; a step of the timeline is a kind with an instant and facts.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from dispatch.domain.intake_rules import Rule
from dispatch.domain.lifecycle import LIVE, AppointmentState, Awaits, RequestState
from dispatch.domain.permissions import Act, Actor, is_shown, may
from dispatch.domain.requests import ReviewReason
from dispatch.domain.settings import Setting
from dispatch.models import (
    Appointment,
    AuditEntry,
    Mediator,
    Offer,
    Organisation,
    Provider,
    Request,
    RequestMessage,
    RequestTalk,
    User,
)
from dispatch.services import blocks, intake_rules, referrals, request_messages, settings
from dispatch.services.bookings import KEPT
from dispatch.services.request_access import load, subject_of
from dispatch.services.sending import AFTER_ALL
from dispatch.services.transactions import reading


class StepKind(StrEnum):
    """What happened, or will."""

    SENT = "sent"
    RELEASED = "released"
    CHANGED = "changed"
    ASKED = "asked"
    FOUND_PEOPLE = "found_people"
    NOBODY_YET = "nobody_yet"
    PROPOSED = "proposed"
    FOUND = "found"
    MOVED = "moved"
    RECONFIRMED = "reconfirmed"
    FELL_AWAY = "fell_away"
    CANCELLED = "cancelled"
    UNFILLED = "unfilled"
    HELPED = "helped"
    ANSWER_DUE = "answer_due"
    RECONFIRMATION_DUE = "reconfirmation_due"
    START = "start"
    ENDED = "ended"


class Step(NamedTuple):
    """One step: its instant, whether it lies behind, how many people or who, a code, and a further instant.

    `channel` is how the coordination heard what it recorded for somebody else; `recorder` who did, for its own eyes.
    """

    kind: StepKind
    at: datetime
    done: bool = True
    people: int = 0
    who: str = ""
    code: str = ""
    until: datetime | None = None
    channel: str = ""
    recorder: str = ""


@dataclass(frozen=True, slots=True)
class Details:
    """A request as its page shows it; `appointment` is the live one, with its mediator.

    `is_shown`: another unit's, which the reader may look at: no notes, no case code, no contact, nothing to do.
    `words` are what the office wrote to the coordination; `recorder` is the name of who took it down for the office,
    where the coordination did.
    `rule` is the row of the table of intake for which it is looked at, `helper` the provider outside that helps
    instead of the pool.
    """

    request: Request
    organisation: Organisation
    setting: Setting
    appointment: Appointment | None
    mediator: Mediator | None
    asked: int
    steps: tuple[Step, ...]
    is_shown: bool
    talks: Sequence[RequestTalk] = ()
    recorder: str | None = None
    rule: Rule | None = None
    helper: Provider | None = None
    words: Sequence[RequestMessage] = ()


class _Taken(NamedTuple):
    appointment: Appointment
    mediator: Mediator


def details(actor: Actor, request_id: int, now: datetime) -> Details:
    """Return a request within the reader's sight, in eight statements, one more for a block; refuses as `load`."""
    session = reading()
    request = load(session, actor, Act.REQUEST_VIEW, request_id)
    taken = _appointments(session, request_id)
    offers = session.scalars(select(Offer).where(Offer.request_id == request_id).order_by(Offer.sent_at)).all()
    live = next((one for one in taken if one.appointment.state in LIVE), None)
    entries = _audit(session, request_id, taken)
    heard = _heard(session, actor, entries)
    organisation = session.get(Organisation, request.organisation_id)
    assert organisation is not None
    helper = referrals.helper_of(session, request)
    return Details(
        rule=_rule(session, request),
        helper=helper,
        request=request,
        organisation=organisation,
        setting=settings.setting(session, request.setting),
        appointment=live.appointment if live else None,
        mediator=live.mediator if live else None,
        asked=len({offer.mediator_id for offer in offers if offer.revision == request.revision}),
        is_shown=is_shown(actor, subject_of(request)),
        talks=blocks.rows(session, request),
        recorder=_recorder(session, request),
        steps=_with_helper(_with_recorder(_steps(request, offers, taken, entries, now), heard), helper),
        words=() if is_shown(actor, subject_of(request)) else request_messages.of_request(session, request.id),
    )


def _recorder(session: Session, request: Request) -> str | None:
    if request.intake_channel is None or request.created_by_id is None:
        return None
    return session.scalar(select(User.name).where(User.id == request.created_by_id))


def _rule(session: Session, request: Request) -> Rule | None:
    if ReviewReason.RULE not in (request.review_reasons or "").split(","):
        return None
    setting = settings.setting(session, request.setting)
    return intake_rules.terms(session, setting, request.organisation_id).rule


def _appointments(session: Session, request_id: int) -> list[_Taken]:
    wanted = (
        select(Appointment, Mediator)
        .join(Mediator, Mediator.id == Appointment.mediator_id)
        .where(Appointment.request_id == request_id)
        .order_by(Appointment.id)
    )
    return [_Taken(*row) for row in session.execute(wanted)]


def _audit(session: Session, request_id: int, taken: Sequence[_Taken]) -> Sequence[AuditEntry]:
    ids = [one.appointment.id for one in taken]
    about = or_(
        and_(AuditEntry.subject == "request", AuditEntry.subject_id == request_id),
        and_(AuditEntry.subject == "appointment", AuditEntry.subject_id.in_(ids)),
    )
    return session.scalars(select(AuditEntry).where(about).order_by(AuditEntry.id)).all()


def _heard(session: Session, actor: Actor, entries: Iterable[AuditEntry]) -> dict[datetime, tuple[str, str]]:
    """Return channel and recorder of what was recorded for somebody else, by instant; names for the staff only."""
    found = {entry.at: (entry.channel or "", entry.actor_id) for entry in entries if entry.on_behalf}
    if not found:
        return {}
    names: dict[int, str] = {}
    if may(actor, Act.CALL_VIEW):
        ids = {actor_id for _channel, actor_id in found.values()}
        names = {row.id: row.name for row in session.execute(select(User.id, User.name).where(User.id.in_(ids)))}
    return {at: (channel, names.get(actor_id or 0, "")) for at, (channel, actor_id) in found.items()}


def _with_recorder(steps: Iterable[Step], heard: Mapping[datetime, tuple[str, str]]) -> tuple[Step, ...]:
    return tuple(
        step._replace(channel=heard[step.at][0], recorder=heard[step.at][1]) if step.done and step.at in heard else step
        for step in steps
    )


def _steps(
    request: Request,
    offers: Iterable[Offer],
    taken: Sequence[_Taken],
    entries: Iterable[AuditEntry],
    now: datetime,
) -> tuple[Step, ...]:
    """Return what happened in order of time, then what is ahead."""
    names = {one.appointment.id: one.mediator.call_name for one in taken}
    behind = [
        *_sent(request),
        *_asked(offers),
        *(step for one in taken for step in _of_appointment(one)),
        *(step for entry in entries for step in _of_audit(entry, names)),
        *_closed(request),
    ]
    return (*sorted(behind, key=lambda step: step.at), *_ahead(request, taken, now))


def _with_helper(steps: tuple[Step, ...], helper: Provider | None) -> tuple[Step, ...]:
    """Say in place of the end of the search who helps from outside, if somebody does."""
    if helper is None:
        return steps
    return tuple(
        Step(StepKind.HELPED, one.at, who=helper.name) if one.kind is StepKind.CANCELLED else one for one in steps
    )


def _sent(request: Request) -> Iterator[Step]:
    if request.submitted_at:
        came_by = request.intake_channel or ""
        yield Step(StepKind.SENT, request.submitted_at, code=came_by, until=request.promised_at_booking)
    if request.promise_told_at:
        yield Step(StepKind.NOBODY_YET, request.promise_told_at)


def _asked(offers: Iterable[Offer]) -> Iterator[Step]:
    waves: dict[tuple[int, int], list[Offer]] = {}
    for offer in offers:
        waves.setdefault((offer.revision, offer.wave), []).append(offer)
    for sent in waves.values():
        yield Step(StepKind.ASKED, min(offer.sent_at for offer in sent), people=len(sent))


def _of_appointment(one: _Taken) -> Iterator[Step]:
    appointment, who = one.appointment, one.mediator.call_name
    if appointment.confirmed_at != appointment.created_at:
        of_office = appointment.awaits == Awaits.OFFICE or appointment.approved_at is not None
        yield Step(StepKind.PROPOSED, appointment.created_at, who=who, code="office" if of_office else "")
    if appointment.confirmed_at:
        yield Step(StepKind.FOUND, appointment.confirmed_at, who=who)
    is_given_up = appointment.state not in LIVE and appointment.state != AppointmentState.CANCELLED
    if appointment.ended_at and is_given_up:
        yield Step(StepKind.FELL_AWAY, appointment.ended_at, who=who, code=appointment.state)


def _of_audit(entry: AuditEntry, names: dict[int, str]) -> Iterator[Step]:
    before, after = entry.facts.get("from"), entry.facts.get("to")
    if entry.subject == "appointment":
        who = names[entry.subject_id]
        if after == AppointmentState.PROPOSED and before in (*KEPT, AppointmentState.PROPOSED):
            yield Step(StepKind.MOVED, entry.at, who=who)
        if after == AppointmentState.RECONFIRMED and before == AppointmentState.CONFIRMED:
            yield Step(StepKind.RECONFIRMED, entry.at, who=who)
    elif entry.act == AFTER_ALL:
        yield Step(StepKind.FOUND_PEOPLE, entry.at)
    elif entry.act == "edit" and entry.facts.get("anew"):
        yield Step(StepKind.CHANGED, entry.at)
    elif (before, after) == (RequestState.IN_REVIEW, RequestState.SUBMITTED):
        yield Step(StepKind.RELEASED, entry.at)


def _closed(request: Request) -> Iterator[Step]:
    if request.closed_at and request.state == RequestState.CANCELLED:
        yield Step(StepKind.CANCELLED, request.closed_at, code=request.cancel_reason or "")
    if request.closed_at and request.state == RequestState.UNFILLED:
        yield Step(StepKind.UNFILLED, request.closed_at, code=request.unfilled_reason or "")
    if request.state == RequestState.COMPLETED:
        yield Step(StepKind.ENDED, request.ends_at)


def _ahead(request: Request, taken: Sequence[_Taken], now: datetime) -> Iterator[Step]:
    live = next((one for one in taken if one.appointment.state in LIVE), None)
    waits = request.state in (RequestState.IN_REVIEW, RequestState.SUBMITTED, RequestState.SEARCHING)
    if waits and request.answer_by and request.answer_by > now:
        yield Step(StepKind.ANSWER_DUE, request.answer_by, done=False)
    if live and live.appointment.state == AppointmentState.CONFIRMED:
        reconfirm_at = live.appointment.reconfirm_at
        if reconfirm_at and reconfirm_at > now:
            yield Step(StepKind.RECONFIRMATION_DUE, reconfirm_at, done=False, who=live.mediator.call_name)
    if request.state == RequestState.ASSIGNED or (waits and request.starts_at > now):
        yield Step(StepKind.START, request.starts_at, done=request.starts_at <= now)
