"""Find out why a request stayed without anybody: from its offers, else from a look at the pool.

How that becomes a reason is decided by `domain.unfilled`.
"""

from datetime import datetime

from sqlalchemy import select

from dispatch.domain.eligibility import Code, codes_of
from dispatch.domain.lifecycle import OfferState, UnfilledReason
from dispatch.domain.unfilled import unfilled_reason
from dispatch.models import Offer, Request
from dispatch.services import matching
from dispatch.services.transactions import reading


def reason_for(request_id: int, now: datetime) -> UnfilledReason:
    """Return why nobody came, as the statistics count it; raises Missing."""
    session = reading()
    ranked = matching.rank(session, request_id, now)
    offers = (
        select(Offer.state)
        .join(Request, Request.id == Offer.request_id)
        .where(Offer.request_id == request_id, Offer.revision == Request.revision)
    )
    states = [OfferState(state) for state in session.scalars(offers)]
    fitting = [frozenset[Code]() for _ in ranked.eligible]
    return unfilled_reason(states, [*fitting, *(codes_of(one.failures) for one in ranked.ineligible)])
