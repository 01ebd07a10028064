"""Load a request for somebody who acts: what lies outside their sight does not exist for them.

It must not decide rights; that is the permission table's.
"""

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import Session, selectinload

from dispatch.domain.errors import Forbidden, Missing
from dispatch.domain.lifecycle import RequestState
from dispatch.domain.permissions import SHARED, Act, Actor, Scope, Subject, reaches_protected, require, scope
from dispatch.domain.settings import Protection
from dispatch.models import Request
from dispatch.services.social_areas import area_of, municipalities_in
from dispatch.services.transactions import reading

__all__ = ["LARGEST_ID", "area_of", "load", "look", "municipalities_in", "subject_of", "visible"]

LARGEST_ID = 2**31 - 1


def subject_of(request: Request) -> Subject:
    """Return whose a request is: its unit, the social area of its municipality, how far it is to be hidden."""
    return Subject(
        organisation_id=request.organisation_id,
        area=area_of(request.municipality),
        key=("request", request.id),
        is_private=is_private(request),
        is_protected=is_protected(request),
    )


def is_private(request: Request) -> bool:
    """Tell whether a request stays with its unit whatever sight was granted: protected, or not sent."""
    return is_protected(request) or request.state == RequestState.DRAFT


def is_protected(request: Request) -> bool:
    """Tell whether a request belongs to a protected case."""
    return request.protection == Protection.PROTECTED


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


def look(actor: Actor, act: Act, request_id: int) -> None:
    """Raise Missing or Forbidden as `load` does, with one statement that loads no request."""
    columns = (Request.organisation_id, Request.municipality, Request.protection, Request.state)
    found = reading().execute(select(*columns).where(Request.id == request_id)).one_or_none()
    if found is None:
        raise Missing
    hidden = found.protection == Protection.PROTECTED
    subject = Subject(
        organisation_id=found.organisation_id,
        area=area_of(found.municipality),
        key=("request", request_id),
        is_private=hidden or found.state == RequestState.DRAFT,
        is_protected=hidden,
    )
    require(actor, act, subject)


def visible(actor: Actor, act: Act = Act.REQUEST_VIEW) -> ColumnElement[bool]:
    """Return the condition of all requests within the actor's sight; raises Forbidden when the role has none.

    Protected ones are within the sight of their own unit, the coordinators named and the jobs only.
    """
    reach = scope(actor, act)
    if reach is None:
        raise Forbidden
    if reaches_protected(actor, reach):
        return _within(actor, act, reach)
    return and_(_within(actor, act, reach), Request.protection != Protection.PROTECTED)


def _within(actor: Actor, act: Act, reach: Scope) -> ColumnElement[bool]:
    match reach:
        case Scope.ALL:
            return true()
        case Scope.OWN_UNIT:
            return or_(*_of_units(actor, act))
        case Scope.OWN_AREA:
            return Request.municipality.in_(municipalities_in(actor.areas))
        case _:
            raise Forbidden


def _of_units(actor: Actor, act: Act) -> list[ColumnElement[bool]]:
    """Return the conditions of the own unit's requests, and of those that a granted sight shows (see `is_private`)."""
    conditions: list[ColumnElement[bool]] = [
        Request.organisation_id.in_(actor.organisation_ids) if actor.organisation_ids else false()
    ]
    if act in SHARED and actor.seen_ids:
        is_seen = Request.organisation_id.in_(actor.seen_ids)
        is_open = and_(Request.protection != Protection.PROTECTED.value, Request.state != RequestState.DRAFT.value)
        conditions.append(and_(is_seen, is_open))
    return conditions
