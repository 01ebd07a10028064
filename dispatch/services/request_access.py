"""Load a request for somebody who acts: what lies outside their sight does not exist for them.

It must not decide rights; that is the permission table's.
"""

from sqlalchemy import ColumnElement, false, select, true
from sqlalchemy.orm import Session, selectinload

from dispatch.domain.errors import Forbidden, Missing
from dispatch.domain.permissions import Act, Actor, Scope, Subject, require, scope
from dispatch.models import Request
from dispatch.reference import places

LARGEST_ID = 2**31 - 1


def subject_of(request: Request) -> Subject:
    """Return whose a request is: its unit, and the social area of its municipality."""
    return Subject(organisation_id=request.organisation_id, area=area_of(request.municipality))


def area_of(ags: str | None) -> str | None:
    """Return the social area of a municipality, None outside the district."""
    municipality = places.find_municipality(ags) if ags else None
    return municipality.social_area if municipality else None


def load(session: Session, actor: Actor, act: Act, request_id: int, *, lock: bool = False) -> Request:
    """Return a request with languages and people, locked for a write if wanted.

    Raises Missing when there is none or the actor may not know of it, Forbidden when the role never may.
    """
    found = None
    if 0 < request_id <= LARGEST_ID:
        wanted = select(Request).where(Request.id == request_id)
        wanted = wanted.options(selectinload(Request.languages), selectinload(Request.people))
        found = session.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise Missing
    require(actor, act, subject_of(found))
    return found


def visible(actor: Actor, act: Act = Act.REQUEST_VIEW) -> ColumnElement[bool]:
    """Return the condition of all requests within the actor's sight; raises Forbidden when the role has none."""
    match scope(actor, act):
        case Scope.ALL:
            return true()
        case Scope.OWN_UNIT:
            return Request.organisation_id.in_(actor.organisation_ids) if actor.organisation_ids else false()
        case Scope.OWN_AREA:
            return Request.municipality.in_(municipalities_in(actor.areas))
        case _:
            raise Forbidden


def municipalities_in(areas: frozenset[str]) -> list[str]:
    """Return the keys of the municipalities that belong to these social areas."""
    return [municipality.ags for municipality in places.municipalities() if municipality.social_area in areas]
