"""Read one request with all its values, as far as the reader may know them: what programs are answered.

It must not put anything into words, and tells nothing that the page of the request does not tell.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from dispatch.domain.lifecycle import LIVE
from dispatch.domain.permissions import SYSTEM, Act, Actor, is_shown, may
from dispatch.models import Appointment, Offer, Request, RequestTalk
from dispatch.services import blocks, request_rows
from dispatch.services.request_access import load, subject_of
from dispatch.services.transactions import reading


@dataclass(frozen=True, slots=True)
class Record:
    """A request with its live appointment and how many people were asked for its revision.

    `is_shown`: another unit's, of which the reader learns what a list tells. `has_notes`: the reader may read
    reference and notes.
    """

    request: Request
    is_shown: bool
    has_notes: bool
    appointment: Appointment | None
    asked: int
    avoided: Sequence[str]
    talks: Sequence[RequestTalk]


def record_of(actor: Actor, request_id: int, *, has_acted: bool = False) -> Record:
    """Return a request within the reader's sight, in five statements, one more for a block; refuses as `load`.

    Who `has_acted` upon it is told what came of it, also where the act led it out of their sight.
    """
    session = reading()
    request = load(session, SYSTEM if has_acted else actor, Act.REQUEST_VIEW, request_id)
    asked = (
        select(func.count(Offer.mediator_id.distinct()))
        .where(Offer.request_id == request_id, Offer.revision == request.revision)
        .scalar_subquery()
    )
    is_live = (Appointment.request_id == request_id) & Appointment.state.in_(LIVE)
    live, count = session.execute(
        select(Appointment, asked).select_from(Request).outerjoin(Appointment, is_live).where(Request.id == request_id)
    ).first() or (None, 0)
    subject = subject_of(request)
    return Record(
        request=request,
        is_shown=is_shown(actor, subject),
        has_notes=may(actor, Act.REQUEST_VIEW_NOTES, subject),
        appointment=live,
        asked=count or 0,
        avoided=request_rows.read_avoided(session, request_id),
        talks=blocks.rows(session, request),
    )
