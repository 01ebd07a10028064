"""Make offers of one request: the rows with their deadlines, a mail or a call each, one entry in the audit log.

It must not choose whom to ask; that is done in `waves` and `assignments`.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.domain import calls as call_rules
from dispatch.domain import eligibility, hours, travel
from dispatch.domain import offers as rules
from dispatch.domain.lifecycle import OfferState
from dispatch.domain.modes import Mode
from dispatch.domain.permissions import SYSTEM, Actor
from dispatch.domain.ranking import Score
from dispatch.domain.settings import Protection
from dispatch.models import AuditEntry, Offer, Request
from dispatch.services import audit, calls, local_time, options, outbox, promises
from dispatch.services.asked import Asked
from dispatch.services.matching import Fitting

AFTER_ALL = "people_found"
"""The entry of the audit log that says that people are asked whom nobody knew of at first."""


def send(
    session: Session,
    request: Request,
    asked: Asked,
    people: Sequence[Fitting],
    now: datetime,
    *,
    actor: Actor,
    wave: int,
    in_addition: frozenset[int] = frozenset(),
    sent_at: datetime | None = None,
) -> list[Offer]:
    """Ask these people for a locked request and return the offers in their order.

    `in_addition` holds ids of those who take no place in the wave. What is asked at night by a person's hand leaves
    at `sent_at`.
    """
    if not people:
        return []
    leaves_at = sent_at or now
    sent = [_offer(request, asked, one, leaves_at, wave) for one in people]
    for offer in sent:
        offer.in_addition = offer.mediator_id in in_addition
    session.add_all(sent)
    session.flush()
    for offer, one in zip(sent, people, strict=True):
        if offer.channel == calls.PHONE:
            calls.ask_for_offer(session, offer, now)
        else:
            _mail(session, offer, one, leaves_at, now)
    request.first_offer_at = request.first_offer_at or now
    is_after_all = request.nobody_fits_at is not None
    request.nobody_fits_at = request.exhausted_at = None
    facts = {
        "wave": wave,
        "revision": request.revision,
        "offers": [offer.id for offer in sent],
        "mediators": [offer.mediator_id for offer in sent],
        "in_addition": sorted(in_addition),
    }
    audit.record(session, actor, "ask", ("request", request.id), now, facts=facts)
    if is_after_all:
        _tell_after_all(session, request, now)
    return sent


def _tell_after_all(session: Session, request: Request, now: datetime) -> None:
    """Tell the office that there are people to ask, where nobody fitted before; once for each revision."""
    known = select(AuditEntry.id).where(
        AuditEntry.subject == "request",
        AuditEntry.subject_id == request.id,
        AuditEntry.act == AFTER_ALL,
        AuditEntry.facts["revision"].as_integer() == request.revision,
    )
    if session.scalar(known.limit(1)) is None:
        audit.record(
            session, SYSTEM, AFTER_ALL, ("request", request.id), now, facts={"revision": request.revision}
        )  # fmt: skip
        promises.write_to_office(session, "request_people_found", request, now)


def deadline_for(asked: Asked, one: Fitting, sent_at: datetime) -> datetime:
    """Return until when one mediator may answer an offer that leaves at `sent_at`."""
    return rules.deadline(
        sent_at,
        row_at(asked, sent_at),
        latest_departure(asked, one),
        zone=local_time.zone(),
        hours=options.read(hours.DEFAULT),
        options=options.read(rules.DEFAULT),
    )


def row_at(asked: Asked, sent_at: datetime) -> rules.WaveRow:
    """Return the row of the wave table for offers that leave at `sent_at`."""
    return rules.row_for(
        sent_at,
        asked.request.starts_at,
        zone=local_time.zone(),
        hours=options.read(hours.DEFAULT),
        options=options.read(rules.DEFAULT),
    )


def is_mailed(asked: Asked, one: Fitting) -> bool:
    """Tell whether somebody is asked for this request by mail; everybody else is called."""
    return one.person.has_mail and asked.request.protection != Protection.PROTECTED


def is_called_in_time(asked: Asked, one: Fitting, sent_at: datetime) -> bool:
    """Tell whether the office can call who is asked at `sent_at` before her deadline; true of who is asked by mail."""
    return is_mailed(asked, one) or call_rules.takes_a_place(
        sent_at,
        deadline_for(asked, one, sent_at),
        row_at(asked, sent_at),
        zone=local_time.zone(),
        holidays=local_time.holidays(sent_at),
        hours=options.read(hours.DEFAULT),
        offers=options.read(rules.DEFAULT),
        options=options.read(call_rules.DEFAULT),
    )


def latest_departure(asked: Asked, one: Fitting) -> datetime:
    """Return when she must leave; after a step back she may come until shortly before the end."""
    request = asked.request
    begins = request.starts_at
    if request.stepped_back:
        begins = request.ends_at - timedelta(minutes=options.read(eligibility.DEFAULT).remaining_minutes)
    if one.person.mode is not Mode.ON_SITE:
        return begins
    return travel.departs_at(begins, way_minutes=one.person.way_minutes, minutes_before=asked.setting.minutes_before)


def breakdown(score: Score) -> list[dict[str, Any]]:
    """Return a score's parts as they are kept with an offer: whole ten-thousandths, facts as codes and numbers."""
    return [
        {
            "criterion": part.criterion.value,
            "points": part.points,
            "most": part.most,
            "facts": dict(part.facts),
        }
        for part in score.parts
    ]


def _offer(request: Request, asked: Asked, one: Fitting, sent_at: datetime, wave: int) -> Offer:
    return Offer(
        request_id=request.id,
        mediator_id=one.person.mediator.id,
        revision=request.revision,
        wave=wave,
        state=OfferState.OPEN.value,
        sent_at=sent_at,
        deadline_at=deadline_for(asked, one, sent_at),
        score=one.score.total,
        breakdown=breakdown(one.score),
        distance_km=one.person.distance_km,
        travel_minutes=one.person.way_minutes,
        channel="mail" if is_mailed(asked, one) else calls.PHONE,
    )


def _mail(session: Session, offer: Offer, one: Fitting, leaves_at: datetime, now: datetime) -> None:
    mediator = one.person.mediator
    outbox.enqueue(
        session,
        "offer",
        mediator.email or "",
        now,
        locale=mediator.ui_language,
        due_at=leaves_at,
        request_id=offer.request_id,
        offer_id=offer.id,
        mediator_id=mediator.id,
    )
