"""Take a request in: as a draft, for review, or straight into the search.

Whether typed values hold is decided by `domain.request_checks`; the search itself is run by the jobs.
"""

import secrets
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch import database
from dispatch.domain.case_tokens import make_case_token
from dispatch.domain.errors import Invalid, MoveRefused, NotTaken, Stale
from dispatch.domain.hours import DEFAULT as DEFAULT_HOURS
from dispatch.domain.intake import Intake
from dispatch.domain.intake_rules import Verdict
from dispatch.domain.intake_verdicts import Terms
from dispatch.domain.lifecycle import RequestState
from dispatch.domain.permissions import Act, Actor, Subject, require
from dispatch.domain.requests import NewRequest, Policy, ReviewReason
from dispatch.domain.settings import Protection, Setting
from dispatch.domain.waves import wave_due_at
from dispatch.models import Request
from dispatch.services import (
    blocks,
    intake_rules,
    local_time,
    matching,
    needs,
    options,
    promises,
    recipients,
    request_rows,
    settings,
    states,
)
from dispatch.services import intake as intakes
from dispatch.services.appointment_access import check_on_behalf
from dispatch.services.audit import OnBehalf, record
from dispatch.services.numbers import next_number
from dispatch.services.request_access import load
from dispatch.services.social_areas import area_of
from dispatch.services.transactions import reading, run

_NONCE_TAKEN = frozenset({"uq_requests_nonce", "requests.nonce"})


def submit(
    actor: Actor,
    new: NewRequest,
    nonce: str,
    now: datetime,
    *,
    draft: tuple[int, int] | None = None,
    on_behalf: OnBehalf | None = None,
    setting: Setting | None = None,
    intake: Intake | None = None,
) -> int:
    """Send a request and return its id; a second submission with the same nonce returns the first one's.

    `draft` is id and version of the draft it was made from, `setting` the request's if it was read for the checks,
    `intake` who asked, where the coordination took it down.
    Raises NotTaken when the table of intake refuses it, which counts as need, Invalid (`case_token`: `unknown`,
    `organisation`: `resting`, which cannot book), Stale when somebody else saved the draft, and what rights say.
    """
    about = setting or settings.setting(reading(), new.setting)

    def use_case(session: Session) -> int:
        check_on_behalf(actor, on_behalf)
        request = _draft_or_new(session, actor, draft, now, nonce=nonce)
        if request.state != RequestState.DRAFT:
            return request.id
        looked_up = _look_up(session, actor, new, intake, about)  # its rows stay in the session for the letter below
        reasons = _reasons(actor, new, looked_up.terms)
        target = RequestState.IN_REVIEW if reasons else RequestState.SUBMITTED
        request.case_token = None if new.talks else _case_token(session, new)
        request.submitted_at = now
        request.review_reasons = ",".join(reasons) or None
        intakes.note(request, intake, on_behalf)
        is_new = _fill(session, actor, request, intakes.with_office(session, actor, new, intake, now))
        begin_search(request, now, state=target)
        promises.give(request, now, is_reviewed_first=target is RequestState.IN_REVIEW)
        states.set_request(session, actor, request, target, now, on_behalf=on_behalf)
        request_rows.write_avoided(session, request, new, is_new=is_new)
        if new.talks or not is_new:
            blocks.write(session, request, new.talks, is_new=is_new)
        _tell(session, request, now)
        return request.id

    try:
        request_id = _once(nonce, use_case)
    except NotTaken:
        needs.note_refused(actor, new, now)
        raise
    if not new.entered_afterwards:
        matching.note_fit(request_id, now)
    return request_id


def _tell(session: Session, request: Request, now: datetime) -> None:
    promises.write_to_office(session, "request_received", request, now)
    recipients.call_for_a_named_coordinator(session, request, now)


def save_draft(
    actor: Actor,
    new: NewRequest,
    nonce: str,
    now: datetime,
    *,
    draft: tuple[int, int] | None = None,
    on_behalf: OnBehalf | None = None,
    intake: Intake | None = None,
) -> int:
    """Keep a request that holds without sending it, and return its id; refusals as `submit`."""

    def use_case(session: Session) -> int:
        request = _draft_or_new(session, actor, draft, now, nonce=nonce)
        if request.state != RequestState.DRAFT:
            raise MoveRefused("request", request.state, RequestState.DRAFT)
        check_on_behalf(actor, on_behalf)
        intakes.note(request, intake, on_behalf)
        request.case_token = _case_token(session, new) if new.case_token else None
        request.version += draft is not None
        is_new = _fill(session, actor, request, new)
        session.add(request)
        session.flush()
        request_rows.write_avoided(session, request, new, is_new=is_new)
        if new.talks or not is_new:
            blocks.write(session, request, new.talks, is_new=is_new)
        record(session, actor, "save_draft", ("request", request.id), now)
        return request.id

    return _once(nonce, use_case)


def delete_draft(actor: Actor, request_id: int, now: datetime) -> None:
    """Delete a draft; raises MoveRefused for a request that was sent, which can only be cancelled."""

    def use_case(session: Session) -> None:
        request = load(session, actor, Act.REQUEST_EDIT, request_id, lock=True)
        if request.state != RequestState.DRAFT:
            raise MoveRefused("request", request.state, RequestState.CANCELLED)
        record(session, actor, "delete_draft", ("request", request.id), now)
        session.delete(request)

    run(use_case)


def begin_search(request: Request, now: datetime, *, state: RequestState | None = None) -> None:
    """Say when the jobs look at a request first: at once in waking hours, never where a person must act first.

    `state` is the one it is about to have, if not that of the row.
    """
    asks_by_itself = (state or request.state) in (RequestState.SUBMITTED, RequestState.SEARCHING)
    if asks_by_itself and request.policy == Policy.WAVES and not request.entered_afterwards:
        request.wave_due_at = wave_due_at(now, zone=local_time.zone(), hours=options.read(DEFAULT_HOURS))
    else:
        request.wave_due_at = None


def _look_up(
    session: Session, actor: Actor, new: NewRequest, intake: Intake | None, setting: Setting
) -> intake_rules.LookedUp:
    """Return on what terms the request is taken; an organisation that is entered with it counts by its kind.

    Raises Invalid (`organisation`: `resting`) for one that cannot book at the moment.
    """
    _require_create(actor, new)
    if intake is not None and intake.organisation is not None:
        return intake_rules.LookedUp(intake_rules.of_kind(session, setting, intake.organisation.kind), None, None)
    looked_up = intake_rules.look_up(session, setting, new.organisation_id, author_id=actor.user_id)
    if looked_up.unit is not None and not looked_up.unit.active:
        raise Invalid({"organisation": ("resting",)})
    return looked_up


def _reasons(actor: Actor, new: NewRequest, terms: Terms) -> tuple[ReviewReason, ...]:
    """Return why the request is looked at first; raises NotTaken when the table of intake refuses it."""
    decision = intake_rules.decide_for(actor, new, terms)
    if decision.verdict is Verdict.REFUSE and decision.rule:
        raise NotTaken(decision.rule.text, decision.rule.alternative)
    return decision.reasons


def _require_create(actor: Actor, new: NewRequest) -> None:
    area = area_of(new.place.ags) if new.place else None
    is_protected = new.protection is Protection.PROTECTED
    subject = Subject(organisation_id=new.organisation_id, area=area, is_protected=is_protected)
    require(actor, Act.REQUEST_CREATE, subject)


def _draft_or_new(
    session: Session, actor: Actor, draft: tuple[int, int] | None, now: datetime, *, nonce: str
) -> Request:
    """Return the locked draft, or a new row not yet in the session; drafts of others do not exist."""
    if draft is None:
        return Request(
            state=RequestState.DRAFT.value, created_at=now, created_by_id=actor.user_id, nonce=nonce, version=1
        )
    request_id, version = draft
    request = load(session, actor, Act.REQUEST_EDIT, request_id, lock=True)
    if request.state == RequestState.DRAFT and request.version != version:
        raise Stale(version, request.version)
    return request


def _fill(session: Session, actor: Actor, request: Request, new: NewRequest) -> bool:
    """Write the values of a request the actor may make; return whether it is new and got its number here."""
    _require_create(actor, new)
    is_new = request.id is None
    if is_new:
        request.number = next_number(session, "request")
    request_rows.write(request, new)
    return is_new


def _case_token(session: Session, new: NewRequest) -> str:
    """Return the unit's token of a follow-up, or a new one."""
    if new.case_token is None:
        return make_case_token(secrets.choice)
    if not blocks.has_case(session, new.organisation_id, new.case_token):
        raise Invalid({"case_token": ["unknown"]})
    return new.case_token


def _once(nonce: str, use_case: Callable[[Session], int]) -> int:
    try:
        return run(use_case)
    except IntegrityError as error:
        if database.constraint_of(error) not in _NONCE_TAKEN:
            raise
    found = reading().scalar(select(Request.id).where(Request.nonce == nonce))
    assert found is not None
    return found
