"""The calls somebody must make: one list, and the forms that record what came of each.

It decides nothing: what a yes or no means is the service's, which refuses what is over.
"""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from dispatch import clock, messages
from dispatch.domain.calls import CallSide, Outcome
from dispatch.domain.errors import AlreadyTaken, Invalid, Kind, NoLongerFits, OfferClosed, Refusal
from dispatch.domain.intervals import to_local
from dispatch.domain.lifecycle import DeclineReason
from dispatch.domain.permissions import Act
from dispatch.i18n import gettext as _
from dispatch.messages.calls import call_sentence, talk_words
from dispatch.services import call_lists, call_records, local_time
from dispatch.services.call_lists import Call, Filters
from dispatch.services.call_records import Typed
from dispatch.web.errors import STATUS
from dispatch.web.forms.times import TypedSpan, read_span
from dispatch.web.guards import actor, inform, requires

bp = Blueprint("calls", __name__)

Page = str | Response | tuple[str, int]

FIELDS = ("side", "what", "when")
WHAT = {"ask": True, "tell": False}
WHEN = {"now": False, "later": True}


@bp.get("/calls")
@requires(Act.CALL_VIEW)
def index() -> str:
    """List the open calls, most urgent first; filters stand in the address."""
    return _page(clock.now())


@bp.post("/calls/<int:call_id>")
@requires(Act.CALL_RECORD)
def record(call_id: int) -> Page:
    """Record what came of a call; whatever is refused is shown with what was typed."""
    now = clock.now()
    call_back_at, wrong = _call_back(now)
    typed = Typed(
        outcome=request.form.get("outcome", ""),
        version=request.form.get("version", 0, int),
        note=request.form.get("note", ""),
        reason=request.form.get("reason", ""),
        call_back_at=call_back_at,
    )
    try:
        if wrong and typed.outcome == Outcome.CALL_BACK:
            raise Invalid({"call_back": (wrong,)})
        outcome = call_records.take_down(actor(), call_id, typed, now)
    except Invalid as refusal:
        errors = {name: found[0] for name, found in messages.field_sentences(refusal).items()}
        return _page(now, wrong_id=call_id, errors=errors), 422
    except Refusal as refusal:
        if refusal.kind not in (Kind.CONFLICT, Kind.GONE):
            raise
        return _page(now, refusal=_refused(refusal)), STATUS[refusal.kind]
    inform(_done(outcome))
    return redirect(f"{url_for('calls.index')}{_query()}")


def _page(
    now: datetime, *, wrong_id: int | None = None, errors: dict[str, str] | None = None, refusal: str = ""
) -> str:
    typed = _kept()
    found = call_lists.index(actor(), _filters(typed), now)
    return render_template(
        "calls/index.html",
        calls=[_line(call, now) for call in found],
        typed=typed,
        wrong_id=wrong_id,
        errors=errors or {},
        values=request.form.to_dict() if wrong_id else {},
        refusal=refusal,
        sides=[(side.value, messages.label(side)) for side in CallSide],
        reasons=[(reason.value, messages.label(reason)) for reason in DeclineReason],
        today=to_local(now, local_time.zone()).date().isoformat(),
        now=now,
    )


def _line(call: Call, now: datetime) -> dict[str, Any]:
    """Return a call with its words; late is what has passed its time."""
    return {
        "call": call,
        "say": call_sentence(call),
        "talk": talk_words(call.talk, is_protected=call.is_protected) if call.talk else "",
        "is_late": call.at <= now,
    }


def _kept() -> dict[str, str]:
    return {name: request.args.get(name, "") for name in FIELDS if request.args.get(name)}


def _query() -> str:
    kept = _kept()
    return f"?{urlencode(kept)}" if kept else ""


def _filters(typed: dict[str, str]) -> Filters:
    """Return the filters that can be understood."""
    side = typed.get("side", "")
    return Filters(
        side=CallSide(side) if side in set(CallSide) else None,
        is_asking=WHAT.get(typed.get("what", "")),
        is_later=WHEN.get(typed.get("when", "")),
    )


def _call_back(now: datetime) -> tuple[datetime | None, str | None]:
    """Return when to call again as typed (today where no day is), and the code of what could not be read."""
    zone = local_time.zone()
    day = request.form.get("day", "") or to_local(now, zone).date().isoformat()
    read = read_span(TypedSpan(day, request.form.get("call_back", ""), "1", "0"), now, zone)
    return read.starts_at, next(iter(read.codes.values()), None)


def _done(outcome: Outcome) -> str:
    match outcome:
        case Outcome.YES:
            return _("The yes is recorded.")
        case Outcome.NO:
            return _("The no is recorded.")
        case Outcome.TOLD:
            return _("It is recorded that the message was passed on.")
        case Outcome.NOT_REACHED:
            return _("It is recorded that nobody was reached. The call stays in the list.")
        case Outcome.CALL_BACK:
            return _("The call comes back at the time you chose.")


def _refused(refusal: Refusal) -> str:
    """Say why it was not possible, and what to tell the person on the phone."""
    match refusal:
        case AlreadyTaken():
            return _("Somebody else was first. Please tell the person that it is taken, with our thanks.")
        case OfferClosed():
            return _("It is no longer needed. Please tell the person so, with our thanks.")
        case NoLongerFits():
            return _("%(why)s Please tell the person so.", why=messages.sentence(refusal))
        case _:
            return messages.sentence(refusal)
