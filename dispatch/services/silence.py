"""Note that somebody who left offers unanswered is still with the pool; a person has asked her.

When that is asked is decided by `domain.offers`; where she is taken out of the pool, `services.mediators`.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from dispatch.domain.errors import Missing
from dispatch.domain.permissions import Act, Actor, require
from dispatch.models import Mediator
from dispatch.services.audit import record
from dispatch.services.request_access import LARGEST_ID
from dispatch.services.transactions import run


def mark_still_there(actor: Actor, mediator_id: int, now: datetime) -> None:
    """Begin to count her unanswered offers anew. Twice is no fault; Forbidden by role, Missing for nobody."""
    require(actor, Act.MEDIATOR_EDIT)

    def use_case(session: Session) -> None:
        found = session.get(Mediator, mediator_id, with_for_update=True) if 0 < mediator_id <= LARGEST_ID else None
        if found is None:
            raise Missing
        if found.lapses_in_row:
            facts = {"unanswered": found.lapses_in_row}
            found.lapses_in_row = 0
            record(session, actor, "still_there", ("mediator", found.id), now, facts=facts)

    run(use_case)
