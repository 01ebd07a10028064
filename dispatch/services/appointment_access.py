"""Load an appointment with its request for somebody who acts: what lies outside their sight does not exist.

It must not decide rights; that is the permission table's. Locks are taken in one order: request, then mediator, then
appointment.
"""

from typing import NamedTuple

from sqlalchemy import ColumnElement, false, select
from sqlalchemy.orm import Session, selectinload

from dispatch.domain.errors import Forbidden, Invalid, Missing
from dispatch.domain.lifecycle import AppointmentState
from dispatch.domain.permissions import Act, Actor, Role, Scope, Subject, require, scope
from dispatch.models import Appointment, Mediator, Request
from dispatch.services.audit import OnBehalf
from dispatch.services.request_access import LARGEST_ID, area_of, is_private, is_protected, visible

CHANNELS = ("phone", "mail", "in_person")
AHEAD = (AppointmentState.PROPOSED, AppointmentState.CONFIRMED, AppointmentState.RECONFIRMED)
"""States of an appointment that is still to be kept."""

_STAFF = frozenset({Role.COORDINATOR, Role.REGIONAL_COORDINATOR})


class Held(NamedTuple):
    """An appointment and its request, both locked."""

    appointment: Appointment
    request: Request


def subject_of(appointment: Appointment, request: Request) -> Subject:
    """Return whose an appointment is: its unit, its mediator, the social area of its municipality, itself."""
    return Subject(
        organisation_id=request.organisation_id,
        mediator_id=appointment.mediator_id,
        area=area_of(appointment.municipality or request.municipality),
        key=("appointment", appointment.id),
        request_id=request.id,
        is_private=is_private(request),
        is_protected=is_protected(request),
    )


def hold(
    session: Session,
    actor: Actor,
    act: Act,
    appointment_id: int,
    *,
    on_behalf: OnBehalf | None = None,
    with_mediator: bool = False,
) -> Held:
    """Lock an appointment and its request, and the mediator's row when her other appointments matter.

    Raises Missing when there is none or the actor may not know of it, Forbidden when the role never may or an
    `on_behalf` comes from somebody who acts for themselves, Invalid for an unknown channel.
    """
    found = None
    if 0 < appointment_id <= LARGEST_ID:
        key = select(Appointment.request_id, Appointment.mediator_id).where(Appointment.id == appointment_id)
        found = session.execute(key).one_or_none()
    if found is None:
        raise Missing
    request = lock_request(session, found.request_id)
    if with_mediator:
        session.execute(select(Mediator.id).where(Mediator.id == found.mediator_id).with_for_update())
    appointment = session.scalars(select(Appointment).where(Appointment.id == appointment_id).with_for_update()).one()
    require(actor, act, subject_of(appointment, request))
    check_on_behalf(actor, on_behalf)
    return Held(appointment, request)


def look(session: Session, actor: Actor, act: Act, appointment_id: int) -> Held:
    """Return an appointment and its request unlocked; raises Missing, Forbidden as `hold` does."""
    wanted = select(Appointment, Request).join(Request, Request.id == Appointment.request_id)
    found = None
    if 0 < appointment_id <= LARGEST_ID:
        found = session.execute(wanted.where(Appointment.id == appointment_id)).one_or_none()
    if found is None:
        raise Missing
    require(actor, act, subject_of(found.Appointment, found.Request))
    return Held(found.Appointment, found.Request)


def lock_request(session: Session, request_id: int) -> Request:
    """Lock a request known to exist, with its languages and people."""
    wanted = select(Request).where(Request.id == request_id)
    wanted = wanted.options(selectinload(Request.languages), selectinload(Request.people))
    return session.scalars(wanted.with_for_update()).one()


def ahead_of(session: Session, request: Request) -> Appointment | None:
    """Lock and return the appointment that a locked request has ahead of it, None when there is none."""
    wanted = select(Appointment).where(Appointment.request_id == request.id, Appointment.state.in_(AHEAD))
    return session.scalars(wanted.with_for_update()).first()


def check_on_behalf(actor: Actor, on_behalf: OnBehalf | None) -> None:
    """Refuse what is recorded for somebody else by anyone but the coordination, or over an unknown channel."""
    if on_behalf is None:
        return
    if actor.role not in _STAFF:
        raise Forbidden
    if on_behalf.channel not in CHANNELS:
        raise Invalid({"channel": ("unknown_choice",)})


def need_on_behalf(actor: Actor, on_behalf: OnBehalf | None) -> None:
    """Refuse a coordinator who does what is another's to do without saying over which channel it came."""
    if actor.role in _STAFF and on_behalf is None:
        raise Invalid({"channel": ("required",)})


def within_sight(actor: Actor) -> ColumnElement[bool]:
    """Return the condition of all appointments the actor may list, on a statement that joins their requests.

    Raises Forbidden when the role has none.
    """
    match scope(actor, Act.APPOINTMENT_VIEW):
        case Scope.OWN:
            return Appointment.mediator_id == actor.mediator_id if actor.mediator_id else false()
        case Scope.ALL | Scope.OWN_UNIT | Scope.OWN_AREA:
            return visible(actor, Act.APPOINTMENT_VIEW)
        case _:
            raise Forbidden
