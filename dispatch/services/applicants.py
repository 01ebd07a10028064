"""Take applications of people who would like to become mediators: started, continued by a mailed link, sent, erased.

Whoever holds the link owns the application, and nobody else changes it: what comes from the public page makes a new
one each time, so that its answer is the same for every address. What the coordination does is `onboarding`'s.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from dispatch.domain import accounts
from dispatch.domain import applicants as rules
from dispatch.domain.applicants import ApplicantState, TypedApplicant
from dispatch.domain.errors import Invalid, LinkExpired
from dispatch.domain.intervals import to_local
from dispatch.domain.mediators import TypedSpoken
from dispatch.domain.permissions import Actor, bearer
from dispatch.domain.places import TypedPlace
from dispatch.domain.texts import printable
from dispatch.models import Applicant, ApplicantStep, Mediator, OutboxMessage
from dispatch.reference.phones import read_phone
from dispatch.services import audit, links, local_time, mediator_rows, options, outbox, recipients, throttles
from dispatch.services.transactions import reading, run

PURPOSE = "applicant"


@dataclass(frozen=True, slots=True)
class Entry:
    """What came from a form: the answers as they are kept, and the codes of what the edge could not read."""

    email: str
    answers: Mapping[str, Any]
    ui_language: str
    consents: bool = False
    found: Mapping[str, Iterable[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Application:
    """An application as its owner sees it; `is_sent`: a complete form was sent and waits for the address."""

    id: int
    state: ApplicantState
    email: str
    ui_language: str
    answers: Mapping[str, Any]
    is_sent: bool


@dataclass(frozen=True, slots=True)
class ApplicantFacts:
    """What a message may tell: the name for herself, the languages for the coordination."""

    id: int
    name: str
    languages: tuple[str, ...]


def facts_of(session: Session, row: Applicant) -> ApplicantFacts:
    """Return what is told of an applicant; who was taken in has the name in the record of the pool."""
    person = session.get(Mediator, row.mediator_id) if row.mediator_id else None
    name = person.name if person else _text(row.answers, "name")
    spoken = tuple(code for code, _level in row.answers.get("languages", ()) if code)
    return ApplicantFacts(row.id, printable(name), spoken)


def start(entry: Entry, now: datetime, *, client: str, is_sent: bool) -> None:
    """Keep an application, sent or half filled, and mail the link to go on with it.

    Raises Invalid, and Throttled after too many mails to one address or from one network.
    """
    address = check(entry, now) if is_sent else rules.check_kept(entry.email, entry.answers)
    limits = options.read(accounts.DEFAULT)
    buckets = {
        throttles.bucket("join", address): limits.mails_address,
        throttles.bucket("join_client", client): limits.mails_client,
    }

    def use_case(session: Session) -> None:
        throttles.take(session, buckets, now)
        row = Applicant(
            state=ApplicantState.STARTED.value, email=address, ui_language=entry.ui_language,
            answers=dict(entry.answers), created_at=now, saved_at=now, consented_at=now if is_sent else None,
        )  # fmt: skip
        session.add(row)
        session.flush()
        write_to(session, row, "applicant_confirm" if is_sent else "applicant_continue", now)
        audit.record(session, _owner(row.id), "start", (PURPOSE, row.id), now)

    run(use_case)


def find(token: str, now: datetime) -> Application:
    """Return the application of a link. Raises Missing for an unknown link, LinkExpired when it was erased."""
    row = reading().get(Applicant, links.find(PURPOSE, token, now))
    if row is None or row.state == ApplicantState.WITHDRAWN:
        raise LinkExpired
    state, is_sent = ApplicantState(row.state), row.consented_at is not None
    return Application(row.id, state, row.email, row.ui_language, row.answers, is_sent)


def save(token: str, entry: Entry, now: datetime) -> None:
    """Keep a half-filled form to go on with later. Raises Invalid, and as `find`."""

    def use_case(session: Session) -> None:
        row = _hold(session, applicant_id)
        rules.check_kept(row.email, entry.answers)
        if row.state != ApplicantState.STARTED:
            raise Invalid({"": ("sent_already",)})
        _write(row, entry, now)
        row.consented_at = None

    applicant_id = links.find(PURPOSE, token, now)
    run(use_case)


def send(token: str, entry: Entry, now: datetime) -> None:
    """Take a complete form: the application is made, or a sent one corrected. Raises Invalid, and as `find`."""
    check(entry, now)

    def use_case(session: Session) -> None:
        row = _hold(session, applicant_id)
        if row.state not in {ApplicantState.STARTED, ApplicantState.CONFIRMED}:
            raise Invalid({"": ("closed",)})
        _write(row, entry, now)
        row.consented_at = now
        if row.state == ApplicantState.STARTED:
            _confirm(session, row, now)
        else:
            audit.record(session, _owner(row.id), "change", (PURPOSE, row.id), now)

    applicant_id = links.find(PURPOSE, token, now)
    run(use_case)


def confirm(token: str, now: datetime) -> None:
    """Confirm the address of a complete application; a second time does nothing more. Raises Invalid, as `find`."""

    def use_case(session: Session) -> None:
        row = _hold(session, applicant_id)
        if row.state != ApplicantState.STARTED:
            return
        if row.consented_at is None:
            raise Invalid({"consent": ("required",)})
        _confirm(session, row, now)

    applicant_id = links.find(PURPOSE, token, now)
    run(use_case)


def erase(token: str, now: datetime) -> None:
    """Erase an application at once; that there was one stays as a count. Raises MoveRefused, and as `find`."""

    def use_case(session: Session) -> None:
        row = _hold(session, applicant_id)
        before = row.state
        row.state = rules.move(row.state, ApplicantState.WITHDRAWN).value
        empty(session, row)
        row.closed_at = now
        links.retire(session, PURPOSE, row.id, now)
        audit.record(session, _owner(row.id), "withdraw", (PURPOSE, row.id), now, facts={"from": before})

    applicant_id = links.find(PURPOSE, token, now)
    run(use_case)


def empty(session: Session, row: Applicant) -> None:
    """Take out of an application whatever tells of a person: answers, address, notes, mails."""
    row.email, row.answers, row.note = "", {}, None
    session.execute(delete(ApplicantStep).where(ApplicantStep.applicant_id == row.id))
    of_row = OutboxMessage.applicant_id == row.id
    session.execute(
        delete(OutboxMessage).where(of_row, OutboxMessage.state != "sending"),
        execution_options={"synchronize_session": False},
    )


def check(entry: Entry, now: datetime) -> str:
    """Return the address of a complete application; raises Invalid with everything that is missing or wrong."""
    today = to_local(now, local_time.zone()).date()
    record = rules.check(typed_of(entry), mediator_rows.context(reading()), today, found=entry.found)
    rules.check_kept(entry.email, entry.answers)
    return record.email or ""


def typed_of(entry: Entry) -> TypedApplicant:
    """Return kept answers as the checks know them."""
    answers = entry.answers
    return TypedApplicant(
        email=entry.email, name=_text(answers, "name"), phone=read_phone(_text(answers, "phone")),
        gender=_text(answers, "gender"), home=TypedPlace(*answers.get("place", ())),
        languages=tuple(TypedSpoken(code, level) for code, level in answers.get("languages", ()) if code),
        german_level=_text(answers, "german_level"), modes=tuple(answers.get("modes", ())),
        transport=_text(answers, "transport"), times=tuple(answers.get("times", ())),
        ui_language=entry.ui_language, consents=entry.consents,
    )  # fmt: skip


def write_to(session: Session, row: Applicant, kind: str, now: datetime) -> None:
    """Put a mail to an applicant into the outbox, in her language."""
    outbox.enqueue(session, kind, row.email, now, locale=row.ui_language, applicant_id=row.id)


def hold(session: Session, applicant_id: int) -> Applicant | None:
    """Lock one application, None when there is none."""
    return session.scalar(select(Applicant).where(Applicant.id == applicant_id).with_for_update())


def _hold(session: Session, applicant_id: int) -> Applicant:
    row = hold(session, applicant_id)
    if row is None or row.state == ApplicantState.WITHDRAWN:
        raise LinkExpired
    return row


def _write(row: Applicant, entry: Entry, now: datetime) -> None:
    row.answers, row.ui_language, row.saved_at = dict(entry.answers), entry.ui_language, now
    row.version += 1


def _confirm(session: Session, row: Applicant, now: datetime) -> None:
    row.state = rules.move(row.state, ApplicantState.CONFIRMED).value
    row.confirmed_at = now
    row.version += 1
    _replace_former(session, row)
    write_to(session, row, "applicant_received", now)
    desk = recipients.on_duty()
    outbox.enqueue(session, "applicant_new", desk.email, now, locale=desk.locale, applicant_id=row.id)
    audit.record(session, _owner(row.id), "confirm", (PURPOSE, row.id), now)


def _replace_former(session: Session, row: Applicant) -> None:
    """Let the newest application of an address stand for those before it; the steps that were taken go along."""
    former = select(Applicant).where(
        Applicant.email == row.email,
        Applicant.id != row.id,
        Applicant.state.in_((ApplicantState.STARTED, ApplicantState.CONFIRMED)),
    )
    known: set[str] = set()
    for other in session.scalars(former.order_by(Applicant.id.desc()).with_for_update()):
        row.note = row.note or other.note
        steps = session.scalars(select(ApplicantStep.step).where(ApplicantStep.applicant_id == other.id)).all()
        moved = update(ApplicantStep).where(ApplicantStep.applicant_id == other.id)
        session.execute(moved.where(ApplicantStep.step.in_(set(steps) - known)).values(applicant_id=row.id))
        known.update(steps)
        session.delete(other)
    session.flush()


def _owner(applicant_id: int) -> Actor:
    return bearer(PURPOSE, applicant_id)


def _text(answers: Mapping[str, Any], name: str) -> str:
    return str(answers.get(name, ""))
