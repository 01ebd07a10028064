"""Load calls with everything they are about, and see whether their cause still holds.

It must not change anything; whether a cause holds is decided by the same rules as for mails and answers.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased, joinedload

from dispatch.domain import offers as offer_rules
from dispatch.domain.calls import CallSide
from dispatch.domain.lifecycle import LIVE, AppointmentState, OfferState, RequestState, WithdrawalCause
from dispatch.domain.offers import Reply, Verdict
from dispatch.domain.permissions import Subject
from dispatch.domain.relevance import Situation, still_holds
from dispatch.domain.settings import Protection
from dispatch.models import Appointment, CallTask, Mediator, Offer, Organisation, Request
from dispatch.services.request_access import area_of

_OF_ITS_OWN = frozenset({"document_ends", "confirm_data", "still_there"})
"""Calls about herself; they hold until somebody has made them, or their cause ends and `care` drops them."""


@dataclass(frozen=True, slots=True)
class CallRow:
    """One call with the rows it is about."""

    task: CallTask
    request: Request | None
    offer: Offer | None
    appointment: Appointment | None
    mediator: Mediator | None
    organisation: Organisation | None
    comes: Mediator | None
    """Who comes to the appointment, whoever is called."""

    @property
    def talk(self) -> Appointment | Request | None:
        """Return whose time and place are told: the appointment's while it stands, to its mediator also afterwards."""
        is_told = self.appointment is not None and (
            self.task.side == CallSide.MEDIATOR or self.appointment.state in LIVE
        )
        return self.appointment if is_told else self.request

    @property
    def subject(self) -> Subject:
        """Return whose call it is, for the permission table."""
        return Subject(
            organisation_id=self.request.organisation_id if self.request else None,
            mediator_id=self.task.mediator_id,
            area=area_of(self.request.municipality) if self.request else None,
            key=("call", self.task.id),
            is_protected=self.request is not None and self.request.protection == Protection.PROTECTED,
        )


def select_rows() -> Select[CallTask, Request, Offer, Appointment, Mediator, Organisation, Mediator]:
    """Return the statement of all calls with what they are about; rows become `CallRow(*row)`."""
    comes = aliased(Mediator)
    return (
        select(CallTask, Request, Offer, Appointment, Mediator, Organisation, comes)
        .outerjoin(Request, Request.id == CallTask.request_id)
        .outerjoin(Offer, Offer.id == CallTask.offer_id)
        .outerjoin(Appointment, Appointment.id == CallTask.appointment_id)
        .outerjoin(Mediator, Mediator.id == CallTask.mediator_id)
        .outerjoin(comes, comes.id == Appointment.mediator_id)
        .outerjoin(Organisation, Organisation.id == Request.organisation_id)
        .options(joinedload(Request.languages))
    )


def find(session: Session, call_id: int) -> CallRow | None:
    """Return one call, None when there is none."""
    found = session.execute(select_rows().where(CallTask.id == call_id)).unique().one_or_none()
    return CallRow(*found) if found else None


def load_open(session: Session, ids: Collection[int]) -> list[CallRow]:
    """Return those of these calls that are still open."""
    wanted = select_rows().where(CallTask.id.in_(ids), CallTask.state == "open").order_by(CallTask.id)
    return [CallRow(*row) for row in session.execute(wanted).unique()]


def holds(row: CallRow, now: datetime) -> bool:
    """Tell whether a call is still of use: an offer as long as a yes would count, all else as its mail would leave."""
    task = row.task
    if task.state != "open":
        return False
    if task.mediator_id is not None and (row.mediator is None or not row.mediator.active):
        return False
    if task.message == "offer":
        return row.offer is not None and row.request is not None and _counts(row.offer, row.request, now)
    if task.message is None or task.message in _OF_ITS_OWN:
        return True
    return still_holds(task.message, _situation(row), now)


def _counts(offer: Offer, request: Request, now: datetime) -> bool:
    is_open = offer.state in (OfferState.OPEN, OfferState.EXPIRED)
    verdict = offer_rules.answer_counts(
        Reply.ACCEPT,
        OfferState(offer.state),
        RequestState(request.state),
        offer_revision=offer.revision,
        request_revision=request.revision,
        cause=WithdrawalCause(offer.cause) if offer.cause else None,
    )
    last_moment = request.ends_at if request.stepped_back else request.starts_at
    return is_open and verdict is Verdict.COUNTS and now < last_moment


def _situation(row: CallRow) -> Situation:
    """Return how things stand, without the protection class: what may not be written may be said."""
    request, offer, appointment, talk = row.request, row.offer, row.appointment, row.talk
    awaited = offer or appointment
    return Situation(
        created_at=row.task.created_at,
        starts_at=talk.starts_at if talk else None,
        ends_at=talk.ends_at if talk else None,
        request=RequestState(request.state) if request else None,
        offer=OfferState(offer.state) if offer else None,
        appointment=AppointmentState(appointment.state) if appointment else None,
        deadline_at=awaited.deadline_at if awaited else None,
        told_minutes=row.task.params.get("minutes"),
        late_minutes=appointment.late_minutes if appointment else None,
    )
