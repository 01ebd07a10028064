"""Values and look-ups that the tests of requests share."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from dispatch.domain.modes import Mode
from dispatch.domain.permissions import Actor, Role
from dispatch.domain.requests import Consent, NewRequest
from dispatch.domain.settings import Protection
from dispatch.models import AuditEntry, Offer, OutboxMessage, Request, User
from dispatch.reference import places
from dispatch.services.transactions import reading
from tests.builders import START


def actor_of(user: User) -> Actor:
    """The actor behind an account of the builders."""
    units = frozenset({user.organisation_id} if user.organisation_id else ())
    return Actor(user.id, Role(user.role), units, mediator_id=user.mediator_id)


def new_request(organisation_id: int | None, **values: Any) -> NewRequest:
    """A parent talk in Dari, on site in Meißen, next Tuesday 9:00–10:00, as the checks would hand it over."""
    starts_at = values.pop("starts_at", START)
    defaults: dict[str, Any] = {
        "organisation_id": organisation_id, "languages": ("prs",), "setting": "parent_talk",
        "protection": Protection.NORMAL, "mode": Mode.ON_SITE, "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=1), "consent": Consent.KNOWN,
        "place": places.place_of_municipality("14627140"), "address": "Schulstraße 4",
    }  # fmt: skip
    return NewRequest(**defaults | values)


def stored(request_id: int) -> Request:
    """The row as it is stored now."""
    return (
        reading()
        .scalars(select(Request).where(Request.id == request_id).execution_options(populate_existing=True))
        .one()
    )


def mails(request_id: int) -> list[tuple[str, str, str]]:
    """Kind, recipient and state of each message about a request, in the order of writing."""
    wanted = select(OutboxMessage).where(OutboxMessage.request_id == request_id).order_by(OutboxMessage.id)
    return [(mail.kind, mail.recipient, mail.state) for mail in reading().scalars(wanted)]


def acts(request_id: int) -> list[tuple[str, str | None]]:
    """Act and target state of each audit entry of a request."""
    wanted = select(AuditEntry).where(AuditEntry.subject == "request", AuditEntry.subject_id == request_id)
    return [(entry.act, entry.facts.get("to")) for entry in reading().scalars(wanted.order_by(AuditEntry.id))]


def offer_states(request_id: int) -> list[tuple[str, str | None]]:
    """State and cause of each offer of a request."""
    wanted = select(Offer).where(Offer.request_id == request_id).order_by(Offer.id)
    return [(offer.state, offer.cause) for offer in reading().scalars(wanted)]
