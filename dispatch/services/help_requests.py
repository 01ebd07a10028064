"""Take in what residents ask, tell its state by a code, and keep the way to reach them from all who need not know it.

The code is a keyed digest of the form's once-only number: nothing but its own digest is stored. It must not ask
anybody else: a request for help waits for the coordination.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, exists, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch import database
from dispatch.domain import help_requests as rules
from dispatch.domain import hours
from dispatch.domain.accounts import Limit
from dispatch.domain.case_tokens import make_case_token
from dispatch.domain.errors import Missing, Throttled
from dispatch.domain.help_requests import Contact, NewHelp, OpenPoint, Progress, Timing, Topic, Way
from dispatch.domain.lifecycle import RequestState
from dispatch.domain.permissions import Act, Actor, Role, may
from dispatch.domain.requests import ReviewReason, review_reasons
from dispatch.models import Appointment, HelpRequest, OutboxMessage, Request
from dispatch.services import (
    calls,
    local_time,
    options,
    outbox,
    promises,
    recipients,
    request_rows,
    residents,
    settings,
    states,
    throttles,
)
from dispatch.services.audit import record
from dispatch.services.bookings import KEPT
from dispatch.services.numbers import next_number
from dispatch.services.request_access import load, subject_of
from dispatch.services.requests import begin_search
from dispatch.services.transactions import reading, run

RESIDENT = Actor(None, Role.LINK)
CONTACT = ("way", "contact", "contact_person", "call_name", "safe_times")
"""What is emptied when the contact is erased."""
_NONCE_TAKEN = frozenset({"uq_requests_nonce", "requests.nonce"})
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Sender:
    """What is known of who sends a form: its once-only number, the network it comes from, the language of the page."""

    nonce: str
    client: str
    ui_language: str


@dataclass(frozen=True, slots=True)
class Beside:
    """What a resident said besides the request; `contact` is None once erased, and for those who may not know it."""

    topic: Topic
    timing: Timing
    ui_language: str
    open_points: tuple[OpenPoint, ...]
    contact: Contact | None
    may_know: bool
    erased_at: datetime | None


def send(new: NewHelp, sender: Sender, now: datetime, *, key: str) -> str | None:
    """Store what a resident asks and return the code for it.

    The same form sent again soon, as after a lost answer, gives its code again; later it gives None. Raises Throttled
    when too much came from one network.
    """
    code = rules.code_of(_digest(key, "help_request", sender.nonce))

    def use_case(session: Session) -> str | None:
        known = session.scalar(_by_nonce(sender.nonce))
        if known is not None:
            return code if now - known < rules.REPEATS else None
        most = options.read(rules.DEFAULT).most_per_hour
        throttles.take(session, {throttles.bucket("help_request", sender.client): Limit(most, _HOUR)}, now)
        request = _store(session, new, sender.nonce, now)
        row = _row(new, sender.ui_language, now)
        row.request_id, row.code_hash = request.id, _fingerprint(key, code)
        session.add(row)
        recipients.call_for_a_named_coordinator(session, request, now)
        _confirm(session, request, new.contact, sender.ui_language, now)
        return code

    try:
        return run(use_case)
    except IntegrityError as error:
        if database.constraint_of(error) not in _NONCE_TAKEN:
            raise
    return code if reading().scalar(_by_nonce(sender.nonce)) is not None else None


def progress(typed: str, client: str, now: datetime, *, key: str) -> Progress | None:
    """Return what a typed code tells, None for one that nobody has; Throttled after too many tries of a network."""
    run(lambda session: throttles.take(session, {throttles.bucket("help_status", client): rules.STATUS_LIMIT}, now))
    certain = exists().where(Appointment.request_id == Request.id, Appointment.state.in_(KEPT))
    wanted = select(Request.state, certain.label("is_certain")).join(HelpRequest, HelpRequest.request_id == Request.id)
    fingerprint = _fingerprint(key, rules.parse_code(typed) or "")
    found = reading().execute(wanted.where(HelpRequest.code_hash == fingerprint)).one_or_none()
    return rules.progress_of(RequestState(found.state), is_certain=found.is_certain) if found else None


def beside(actor: Actor, request: Request, now: datetime) -> Beside | None:
    """Return what a resident said besides a loaded request, None if none asked; that the contact was read is noted."""
    row = reading().get(HelpRequest, request.id)
    if row is None:
        return None
    may_know = may(actor, Act.RESIDENT_VIEW, subject_of(request))
    is_read = may_know and row.erased_at is None
    points = open_points(reading(), request) if request.state == RequestState.IN_REVIEW else ()
    if is_read:
        run(lambda session: record(session, actor, "read_contact", ("request", request.id), now))
    return Beside(
        topic=Topic(row.topic),
        timing=Timing(row.timing),
        ui_language=row.ui_language,
        open_points=points,
        contact=_contact(row) if is_read else None,
        may_know=may_know,
        erased_at=row.erased_at,
    )


def open_points(session: Session, request: Request) -> tuple[OpenPoint, ...]:
    """Return what must be settled before a resident's request is released; nothing of an office's."""
    timing = residents.timing_of(session, request.id)
    if timing is None:
        return ()
    return rules.open_points(request_rows.read(request), timing, settings.setting(session, request.setting))


def erase(actor: Actor, request_id: int, now: datetime) -> None:
    """Erase how a resident is reached, at once; a second time does nothing. Raises Missing and Forbidden."""

    def use_case(session: Session) -> None:
        load(session, actor, Act.RESIDENT_SETTLE, request_id, lock=True)
        row = session.get(HelpRequest, request_id)
        if row is None:
            raise Missing
        if row.erased_at is not None:
            return
        for name in CONTACT:
            setattr(row, name, None)
        row.erased_at = now
        _forget_mail(session, request_id)
        calls.drop(session, now, messages=rules.TOLD, request_id=request_id)
        record(session, actor, "erase_contact", ("request", request_id), now)

    run(use_case)


def _by_nonce(nonce: str) -> Select[datetime]:
    by_row = HelpRequest.request_id == Request.id
    return select(HelpRequest.created_at).join(Request, by_row).where(Request.nonce == nonce)


def _store(session: Session, new: NewHelp, nonce: str, now: datetime) -> Request:
    setting = settings.setting(session, rules.SETTING_OF[new.topic])
    value = rules.as_request(new, setting, residents.unit(session, now).id)
    request = Request(
        state=RequestState.DRAFT.value,
        created_at=now,
        submitted_at=now,
        nonce=nonce,
        version=1,
        number=next_number(session, "request"),
        case_token=make_case_token(secrets.choice),
        review_reasons=",".join((ReviewReason.RESIDENT, *review_reasons(value, setting))),
    )
    request_rows.write(request, value)
    begin_search(request, now, state=RequestState.IN_REVIEW)
    _promise(request, new.timing, now)
    states.set_request(session, RESIDENT, request, RequestState.IN_REVIEW, now)
    return request


def _promise(request: Request, timing: Timing, now: datetime) -> None:
    """Promise an answer; where the time only stands in for one, it does not put the answer off."""
    promises.give(request, now, is_reviewed_first=True)
    if timing is Timing.FIXED or request.answer_by is None:
        return
    end = hours.end_of_next_service_day(
        now, zone=local_time.zone(), holidays=local_time.holidays(now), options=options.read(hours.DEFAULT)
    )
    request.answer_by = request.promised_at_booking = min(request.answer_by, end)


def _row(new: NewHelp, ui_language: str, now: datetime) -> HelpRequest:
    said = new.contact
    return HelpRequest(
        ui_language=ui_language,
        topic=new.topic.value,
        timing=new.timing.value,
        way=said.way.value,
        contact=said.contact,
        contact_person=said.contact_person,
        call_name=said.call_name,
        safe_times=said.safe_times,
        may_leave_message=said.may_leave_message,
        wants_mail=said.wants_mail,
        created_at=now,
    )


def _confirm(session: Session, request: Request, said: Contact, ui_language: str, now: datetime) -> None:
    """Put the confirmation into the outbox if it was asked for; it names no request, so that it tells nothing of it.

    One address gets few of them, whoever typed it.
    """
    if not said.wants_mail or said.contact is None:
        return
    try:
        throttles.take(session, {throttles.bucket("help_mail", said.contact): rules.MAIL_LIMIT}, now)
    except Throttled:
        return
    outbox.enqueue(session, rules.MAIL, said.contact, now, locale=ui_language, key=_mail_key(request.id))


def _forget_mail(session: Session, request_id: int) -> None:
    """Take the address out of the confirmation; what was not sent is not sent any more."""
    about = OutboxMessage.key == _mail_key(request_id)
    plain = {"synchronize_session": False}
    waiting = OutboxMessage.state.in_((*outbox.WAITING, *outbox.BAD))
    session.execute(update(OutboxMessage).where(about, waiting).values(state="dropped"), execution_options=plain)
    session.execute(update(OutboxMessage).where(about).values(recipient="", error=None), execution_options=plain)


def _mail_key(request_id: int) -> str:
    return f"{rules.MAIL}:{request_id}"


def _contact(row: HelpRequest) -> Contact:
    return Contact(
        way=Way(row.way or Way.CODE),
        contact=row.contact,
        contact_person=row.contact_person,
        call_name=row.call_name,
        safe_times=row.safe_times,
        may_leave_message=row.may_leave_message,
        wants_mail=row.wants_mail,
    )


def _fingerprint(key: str, code: str) -> str:
    return _digest(key, "help_code", code).hex()


def _digest(key: str, *words: str) -> bytes:
    return hmac.digest(key.encode(), "\x00".join(words).encode("utf-8", "surrogatepass"), "sha256")
