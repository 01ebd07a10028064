"""Change a request that was sent: freely what concerns nobody asked, with a new revision what does.

Which change raises the revision is decided by `domain.requests`; time and place of an assigned request move with
its appointment.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from dispatch.domain.errors import Invalid, MoveRefused, NotTaken, Stale
from dispatch.domain.help_requests import Timing
from dispatch.domain.intake import Intake
from dispatch.domain.intake_rules import Verdict
from dispatch.domain.intake_verdicts import Decision
from dispatch.domain.lifecycle import OPEN_REQUEST, RequestState, WithdrawalCause
from dispatch.domain.permissions import Act, Actor, may
from dispatch.domain.requests import NewRequest, ReviewReason, changes_of_revision, with_notes_of, without_notes
from dispatch.models import Request
from dispatch.services import (
    blocks,
    calls,
    intake_rules,
    matching,
    needs,
    offers,
    outbox,
    promises,
    recipients,
    request_rows,
    residents,
    settings,
)
from dispatch.services import intake as intakes
from dispatch.services.appointment_access import check_on_behalf
from dispatch.services.audit import OnBehalf, record
from dispatch.services.request_access import load, subject_of
from dispatch.services.requests import begin_search
from dispatch.services.transactions import reading, run

FIELD_OF = {
    "place": "place",
    "address": "place.address",
    "gender": "gender.value",
}
"""Names of fields as the checks report them, where they differ from those of the value."""


class Stored(NamedTuple):
    """A stored request as its form wants it, with who asked where the coordination took it down."""

    value: NewRequest
    number: int
    state: RequestState
    version: int
    intake: Intake = Intake()
    channel: str | None = None
    is_time_open: bool = False


def stored(actor: Actor, request_id: int, *, act: Act = Act.REQUEST_EDIT) -> Stored:
    """Return a request as the value it was made from, without what the actor may not read of it.

    Raises Missing and Forbidden.
    """
    session = reading()
    request = load(session, actor, act, request_id)
    value = _value(session, request)
    if not may(actor, Act.REQUEST_VIEW_NOTES, subject_of(request)):
        value = without_notes(value)
    state = RequestState(request.state)
    return Stored(
        value,
        request.number,
        state,
        request.version,
        intakes.noted(request),
        request.intake_channel,
        state is RequestState.IN_REVIEW and residents.timing_of(session, request.id) not in (None, Timing.FIXED),
    )


def edit(
    actor: Actor,
    request_id: int,
    version: int,
    typed: NewRequest,
    now: datetime,
    *,
    on_behalf: OnBehalf | None = None,
) -> bool:
    """Change a request and return whether its revision rose: open offers are withdrawn and the search starts anew.

    Who may not read notes and references leaves them as they are.

    Raises Stale when somebody else saved first, MoveRefused when it is closed, Invalid with `move_instead` on what
    an assigned request changes by moving its appointment only, with `needs_review` on what must be looked at before
    anybody is asked, with `unit_stays` on another organisation; NotTaken, which counts as need, on a field of work
    that the table of intake refuses.
    """

    def use_case(session: Session) -> bool:
        request = load(session, actor, Act.REQUEST_EDIT, request_id, lock=True)
        check_on_behalf(actor, on_behalf)
        before = _value(session, request)
        new = typed if may(actor, Act.REQUEST_VIEW_NOTES, subject_of(request)) else with_notes_of(before, typed)
        changed = changes_of_revision(before, new)
        _refuse(request, version, new, changed)
        decision = _decide(session, actor, request, before, new)
        _write(session, request, before, new)
        request.version += 1
        facts = {"fields": _differences(before, new), "anew": bool(changed)}
        record(session, actor, "edit", ("request", request.id), now, facts=facts, on_behalf=on_behalf)
        if changed:
            if not {"starts_at", "ends_at"}.isdisjoint(changed):
                request.stepped_back = False
            _begin_anew(session, actor, request, decision, now)
        else:
            _go_on(request, before, new, now)
        return bool(changed)

    try:
        has_risen = run(use_case)
    except NotTaken:
        needs.note_refused(actor, typed, now)
        raise
    if has_risen:
        matching.note_fit(request_id, now)
    return has_risen


def _write(session: Session, request: Request, before: NewRequest, new: NewRequest) -> None:
    request_rows.write(request, new)
    request_rows.write_avoided(session, request, new, is_new=False)
    if before.talks != new.talks:
        blocks.write(session, request, new.talks, is_new=False)
    residents.settle_time(session, request)


def _value(session: Session, request: Request) -> NewRequest:
    return request_rows.read(request, request_rows.read_avoided(session, request.id), blocks.read(session, request))


def _refuse(request: Request, version: int, new: NewRequest, changed: Iterable[str]) -> None:
    if request.version != version:
        raise Stale(version, request.version)
    if request.state not in OPEN_REQUEST:
        raise MoveRefused("request", request.state, request.state)
    if new.organisation_id != request.organisation_id:
        raise Invalid({"organisation": ("unit_stays",)})
    if request.state == RequestState.ASSIGNED and changed:
        raise Invalid({FIELD_OF.get(name, name): ("move_instead",) for name in changed})


def _decide(session: Session, actor: Actor, request: Request, before: NewRequest, new: NewRequest) -> Decision:
    """Return what the table of intake says to the changed request; it counts only what the change itself brings."""
    old, fresh = (_decided(session, actor, request, value) for value in (before, new))
    is_new = old.verdict is not Verdict.REFUSE or new.setting != before.setting
    if fresh.verdict is Verdict.REFUSE and fresh.rule and is_new:
        raise NotTaken(fresh.rule.text, fresh.rule.alternative)
    known = {*(request.review_reasons or "").split(","), *old.reasons}
    if request.state != RequestState.IN_REVIEW and any(reason not in known for reason in fresh.reasons):
        raise Invalid({"": ("needs_review",)})
    return fresh


def _decided(session: Session, actor: Actor, request: Request, value: NewRequest) -> Decision:
    setting = settings.setting(session, value.setting)
    return intake_rules.decide_for(actor, value, intake_rules.terms(session, setting, request.organisation_id))


def _go_on(request: Request, before: NewRequest, new: NewRequest, now: datetime) -> None:
    """Follow what nobody asked need hear of: who looks for somebody from now on, and by when the office must know."""
    if before.policy is not new.policy:
        begin_search(request, now)
    if before.last_useful_answer_at != new.last_useful_answer_at and request.state in promises.UNANSWERED:
        promises.give(request, now)


def _begin_anew(session: Session, actor: Actor, request: Request, decision: Decision, now: datetime) -> None:
    offers.withdraw_open(session, actor, request, WithdrawalCause.CHANGED, now)
    outbox.drop_waiting(session, ("request_nobody_yet",), request_id=request.id)
    calls.drop(session, now, messages=("request_nobody_yet",), request_id=request.id)
    request.revision += 1
    request.wave = 0
    request.emergency = False
    request.nobody_fits_at = request.exhausted_at = None
    if request.state == RequestState.IN_REVIEW:
        kept = [code for code in (request.review_reasons or "").split(",") if code == ReviewReason.RESIDENT]
        request.review_reasons = ",".join((*kept, *decision.reasons)) or request.review_reasons
    begin_search(request, now)
    promises.give(request, now)
    recipients.call_for_a_named_coordinator(session, request, now)


def _differences(before: NewRequest, after: NewRequest) -> list[str]:
    """Return the names of the fields that differ; never what stood or stands there."""
    names = sorted(name for name in NewRequest.__dataclass_fields__ if name != "case_token")
    return [name for name in names if getattr(before, name) != getattr(after, name)]
