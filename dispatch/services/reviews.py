"""Release a request into the search after a look at it, or refuse it with a reason.

Which requests wait for that is decided by `domain.requests.review_reasons`.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from dispatch.domain.errors import Invalid, MoveRefused
from dispatch.domain.findings import Findings
from dispatch.domain.lifecycle import CancelReason, RequestState
from dispatch.domain.permissions import Act, Actor
from dispatch.models import Request
from dispatch.services import calls, help_requests, matching, outbox, promises, states
from dispatch.services.request_access import load
from dispatch.services.requests import begin_search
from dispatch.services.transactions import run

LONGEST_REASON = 500


def review(actor: Actor, request_id: int, now: datetime, *, accept: bool, reason: str = "") -> None:
    """Decide about a request that waits in review; the reason is kept for the pages and never mailed.

    A refusal without a reason is Invalid (`reason`: `required`), so is the release of a resident's request of which
    something is not settled (`time_is_open`, `place_is_open`, `gender_is_open`); a request that waits no more is
    MoveRefused, but repeating the same decision does nothing.
    """
    findings = Findings()
    note = findings.prose("reason", reason, LONGEST_REASON)
    if not accept:
        findings.require("reason", note)
    findings.raise_if_any()
    target = RequestState.SUBMITTED if accept else RequestState.CANCELLED

    def use_case(session: Session) -> bool:
        request = load(session, actor, Act.REQUEST_REVIEW, request_id, lock=True)
        if request.state == target and request.review_reasons:
            return False
        _need_ready(session, request, target)
        facts = {"accept": accept}
        request.state_note = note
        if not accept:
            request.cancel_reason = CancelReason.REFUSED.value
        states.set_request(session, actor, request, target, now, facts=facts)
        outbox.drop_waiting(session, ("request_received", "request_nobody_yet"), request_id=request.id)
        calls.drop(session, now, messages=("request_received", "request_nobody_yet"), request_id=request.id)
        if not accept:
            promises.write_to_office(session, "request_refused", request, now)
            return False
        begin_search(request, now)
        promises.give(request, now)
        promises.write_to_office(session, "request_received", request, now)
        return True

    if run(use_case):
        matching.note_fit(request_id, now)


def _need_ready(session: Session, request: Request, target: RequestState) -> None:
    if request.state != RequestState.IN_REVIEW:
        raise MoveRefused("request", request.state, target)
    points = help_requests.open_points(session, request) if target is RequestState.SUBMITTED else ()
    if points:
        raise Invalid({"": tuple(f"{point}_is_open" for point in points)})


def parse_decision(raw: str) -> bool:
    """Return whether a typed decision accepts; Invalid (`decision`) unless it is `accept` or `refuse`."""
    if raw not in ("accept", "refuse"):
        raise Invalid({"decision": ("unknown_choice" if raw else "required",)})
    return raw == "accept"
