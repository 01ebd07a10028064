"""Know what is cut of which table, and by which condition a row is past its period.

It must not change anything; `services.retention` does. A request that is not closed is never past anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from dispatch.domain import help_requests
from dispatch.domain.applicants import ApplicantState
from dispatch.domain.lifecycle import OPEN_REQUEST
from dispatch.domain.retention import CutOffs
from dispatch.models import (
    Applicant,
    Appointment,
    CallAttempt,
    Exclusion,
    Feedback,
    HelpRequest,
    InternalNote,
    OutboxMessage,
    Request,
    RequestMessage,
    RequestTalk,
)

Column = InstrumentedAttribute[Any]

_DETAIL: tuple[Column, ...] = (
    Request.notes, Request.state_note, Request.address, Request.place_note, Request.meeting_point,
    Request.access_phone, Request.access_url, Request.contact_name, Request.contact_phone,
    Request.caller_name, Request.caller_phone, Request.caller_email,
)  # fmt: skip
"""What tells of the people and the exact place of a talk; municipality, town and point stay, for counts and ways."""

_REACHED: tuple[Column, ...] = (
    HelpRequest.way, HelpRequest.contact, HelpRequest.contact_person, HelpRequest.call_name, HelpRequest.safe_times,
)  # fmt: skip
"""How a resident is reached."""


@dataclass(frozen=True)
class Step:
    """Rows of a table past their period: `columns` are emptied; without any the rows go as a whole.

    `stamp` is the column that says when they were emptied, if one does.
    `key` is by what batches are taken, and names the table.
    """

    name: str
    key: Column
    condition: ColumnElement[bool]
    columns: tuple[Column, ...] = ()
    stamp: Column | None = None


def steps(cut: CutOffs) -> Sequence[Step]:
    """Return what is to be done, in the order of the report."""
    return (
        Step("request_details", Request.id, and_(_ended(cut.detail), _any(_DETAIL)), _DETAIL),
        _of_requests("appointment_details", Appointment, cut.detail, Appointment.address, Appointment.override_reason),
        _of_requests("office_messages", RequestMessage, cut.detail),
        _notes("call_notes", CallAttempt, CallAttempt.at, cut, CallAttempt.note),
        _notes("internal_notes", InternalNote, InternalNote.written_at, cut),
        Step("references", Request.id, and_(_ended(cut.reference), _any([Request.reference])), (Request.reference,)),
        Step(
            "talk_references",
            RequestTalk.request_id,
            and_(_of_ended(RequestTalk.request_id, cut.reference), _any([RequestTalk.reference])),
            (RequestTalk.reference,),
        ),
        *_cases(cut),
        Step("feedback", Feedback.id, Feedback.settled_at <= cut.feedback),
        Step("resident_contacts", HelpRequest.request_id, _of_closed(cut.resident), _REACHED, HelpRequest.erased_at),
        Step(
            "resident_mails",
            OutboxMessage.id,
            and_(OutboxMessage.kind == help_requests.MAIL, OutboxMessage.created_at <= cut.resident),
        ),
        *_applicants(cut),
    )


def _applicants(cut: CutOffs) -> Sequence[Step]:
    """Applications whose link nobody used, those left half filled, and those that were declined or taken back."""
    is_begun, is_used = Applicant.state == ApplicantState.STARTED, Applicant.version > 1
    is_closed = Applicant.state.in_((ApplicantState.DECLINED, ApplicantState.WITHDRAWN))
    unfinished = and_(is_begun, is_used, Applicant.saved_at <= cut.applicant)
    return (
        Step("applicants_unconfirmed", Applicant.id, and_(is_begun, ~is_used, Applicant.saved_at <= cut.unconfirmed)),
        Step("applicants", Applicant.id, or_(unfinished, and_(is_closed, Applicant.closed_at <= cut.applicant))),
    )


def _of_closed(closed: Any) -> ColumnElement[bool]:
    """Return the condition of a resident's way to be reached whose request was closed by then."""
    is_past = and_(Request.state.not_in(OPEN_REQUEST), Request.closed_at <= closed)
    past = select(Request.id).where(Request.id == HelpRequest.request_id, is_past)
    return and_(HelpRequest.erased_at.is_(None), past.correlate(HelpRequest).exists())


def _of_requests(name: str, table: Any, ended: Any, *columns: Column) -> Step:
    condition = _of_ended(table.request_id, ended)
    return Step(name, table.id, and_(condition, _any(columns)) if columns else condition, columns)


def _notes(name: str, table: Any, written_at: Column, cut: CutOffs, *columns: Column) -> Step:
    """Notes about a request count from its end, those about a person of the pool from when they were written."""
    about_person = and_(table.request_id.is_(None), written_at <= cut.call_note)
    condition = or_(about_person, _of_ended(table.request_id, cut.call_note))
    return Step(name, table.id, and_(condition, _any(columns)) if columns else condition, columns)


def _cases(cut: CutOffs) -> Sequence[Step]:
    """A case is a unit's token: tokens and the bars that hang on them go together, after its last request."""
    token, of_talk, of_bar = Request.case_token, RequestTalk.case_token, Exclusion.case_token
    talk = select(Request.id).where(
        Request.id == RequestTalk.request_id, _ended(cut.case), *_is_over(Request.organisation_id, of_talk, cut)
    )
    alone = and_(of_bar.is_(None), _of_ended(Exclusion.request_id, cut.case))
    joined = and_(of_bar.is_not(None), *_is_over(Exclusion.organisation_id, of_bar, cut))
    return (
        Step(
            "case_tokens",
            Request.id,
            and_(_ended(cut.case), token.is_not(None), *_is_over(Request.organisation_id, token, cut)),
            (token,),
        ),
        Step(
            "talk_case_tokens",
            RequestTalk.request_id,
            and_(of_talk.is_not(None), talk.correlate(RequestTalk).exists()),
            (of_talk,),
        ),
        Step("case_bars", Exclusion.id, or_(alone, joined)),
    )


def _is_over(unit: Column, token: Column, cut: CutOffs) -> Sequence[ColumnElement[bool]]:
    """Return the conditions that no request of the case is open or ended later, by its own token or a talk's."""
    own, other, talk = aliased(Request), aliased(Request), aliased(RequestTalk)
    outer = (Request, RequestTalk, Exclusion)
    by_token = select(own.id).where(own.case_token == token, own.organisation_id == unit, _goes_on(own, cut))
    by_talk = (
        select(other.id)
        .join(talk, talk.request_id == other.id)
        .where(talk.case_token == token, other.organisation_id == unit, _goes_on(other, cut))
    )
    return ~by_token.correlate(*outer).exists(), ~by_talk.correlate(*outer).exists()


def _goes_on(request: Any, cut: CutOffs) -> ColumnElement[bool]:
    return or_(request.state.in_(OPEN_REQUEST), request.ends_at > cut.case)


def _ended(cut: Any) -> ColumnElement[bool]:
    return and_(Request.state.not_in(OPEN_REQUEST), Request.ends_at <= cut)


def _of_ended(request_id: Column, cut: Any) -> ColumnElement[bool]:
    ended = aliased(Request)
    past = select(ended.id).where(ended.id == request_id, ended.state.not_in(OPEN_REQUEST), ended.ends_at <= cut)
    return past.exists()


def _any(columns: Sequence[Column]) -> ColumnElement[bool]:
    return or_(*(column.is_not(None) for column in columns))
