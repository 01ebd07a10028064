"""One message of every kind, each about a case in which what it tells is true."""

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import select

from dispatch.models import Alarm, Appointment, Mediator, Offer, OutboxMessage, Request
from dispatch.services import delivery, outbox
from dispatch.services.delivery import Delivery
from dispatch.services.transactions import reading, run
from tests.builders import NOW, Builder

BREAKDOWN = [
    {
        "criterion": "language", "points": 250_000, "most": 250_000,
        "facts": {"spoken": "prs", "match": "exact", "level": "native", "preference": 1, "dialect_missing": False},
    },
    {"criterion": "way", "points": 120_000, "most": 150_000, "facts": {"km": 5.0, "limit_km": 40}},
    {"criterion": "fair_share", "points": 10_000, "most": 150_000, "facts": {"minutes": 60, "usual_minutes": 30}},
]  # fmt: skip


class _Case(NamedTuple):
    request: str
    offer: str | None = None
    appointment: str | None = None
    params: dict[str, Any] = {}  # noqa: RUF012 - read only
    referral: str | None = None
    values: dict[str, Any] = {}  # noqa: RUF012 - read only


ABOUT_TALKS: dict[str, _Case] = {
    "offer": _Case("searching", offer="open"),
    "offer_taken": _Case("assigned", offer="withdrawn"),
    "offer_withdrawn": _Case("searching", offer="withdrawn", params={"cause": "changed"}),
    "appointment_confirmed": _Case("assigned", appointment="confirmed"),
    "appointment_proposed": _Case("assigned", appointment="proposed"),
    "appointment_awaits_office": _Case("assigned", appointment="proposed"),
    "approval_wanted": _Case("assigned", appointment="proposed"),
    "appointment_cancelled": _Case("cancelled", appointment="cancelled"),
    "appointment_released": _Case("searching", appointment="released", params={"cause": "silent"}),
    "reminder_week": _Case("assigned", appointment="confirmed"),
    "reminder_reconfirm": _Case("assigned", appointment="confirmed"),
    "reminder_last": _Case("assigned", appointment="reconfirmed"),
    "request_received": _Case("searching"),
    "request_assigned": _Case("assigned", appointment="confirmed"),
    "request_nobody_yet": _Case("searching"),
    "request_refused": _Case("cancelled"),
    "request_cancelled": _Case("cancelled"),
    "request_outside": _Case("cancelled", referral="agreed", values={"cancel_reason": "solved"}),
    "request_unfilled": _Case("unfilled"),
    "appointment_moved": _Case("assigned", appointment="proposed"),
    "appointment_handed_back": _Case("searching", appointment="handed_back", params={"late": False}),
    "appointment_replaced": _Case("searching", appointment="released", params={"late": False}),
    "request_people_found": _Case("searching"),
    "appointment_stepped_back": _Case("searching", appointment="stepped_back"),
    "appointment_running_late": _Case("assigned", appointment="reconfirmed", params={"minutes": 10}),
    "office_message": _Case("searching"),
    "office_reminder_week": _Case("assigned", appointment="confirmed"),
    "office_reminder_last": _Case("assigned", appointment="reconfirmed"),
    "provider_asked": _Case("searching", referral="asked"),
    "provider_not_needed": _Case("searching", referral="withdrawn"),
}
ABOUT_ACCOUNTS: dict[str, dict[str, Any]] = {
    "invite": {},
    "reset": {},
    "login": {},
    "factors_changed": {"change": "passkey_added"},
    "digest": {"tasks": 3, "today": 2, "open": 5},
    "protected_waits": {},
    "help_request_received": {},
}
ABOUT_PEOPLE: dict[str, dict[str, Any]] = {
    "document_ends": {"type": "undertaking", "last_day": "2026-12-31"},
    "confirm_data": {},
    "still_there": {},
}
ABOUT_APPLICANTS = {
    "applicant_continue": "started",
    "applicant_confirm": "started",
    "applicant_received": "confirmed",
    "applicant_new": "confirmed",
    "applicant_declined": "declined",
    "applicant_welcome": "accepted",
}
"""The state of the application each kind tells of."""
KINDS = (*ABOUT_TALKS, *ABOUT_ACCOUNTS, *ABOUT_PEOPLE, *ABOUT_APPLICANTS, "alarm", "feedback")

SECRETS = ("K7Q-4MX", "Schulstraße 4", "Sekretariat", "03521 000210", "AZ 17", "Streit ums Sorgerecht", "Hintereingang")
"""What the request of a case holds and no mail may tell."""


class Post:
    """Puts messages into the outbox and shows what became of them."""

    def __init__(self, build: Builder) -> None:
        self._build = build

    def put(self, kind: str, *, locale: str = "de", recipient: str | None = None, **values: Any) -> int:
        """Enqueue one message, due at NOW, and return its id; `values` are the request's or the user's."""
        due_at = values.pop("due_at", NOW)
        ids, params, known = self._of_applicant(kind) if kind in ABOUT_APPLICANTS else self._about(kind, values)
        address = recipient or known

        def use_case(session: Any) -> None:
            outbox.enqueue(session, kind, address, NOW, locale=locale, due_at=due_at, params=params, **ids)

        run(use_case)
        newest = reading().scalars(select(OutboxMessage.id).order_by(OutboxMessage.id.desc())).first()
        reading().close()
        assert newest is not None
        return newest

    def claimed(self, kind: str, **values: Any) -> Delivery:
        """Enqueue a message and claim it, as the jobs do before they write it."""
        self.put(kind, **values)
        found = run(lambda session: delivery.claim(session, NOW, "test"))
        assert found is not None
        return found

    def _of_applicant(self, kind: str) -> tuple[dict[str, Any], dict[str, Any], str]:
        applicant = self._build.applicant(state=ABOUT_APPLICANTS[kind])
        return {"applicant_id": applicant.id}, {}, applicant.email

    def _about(self, kind: str, values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any], str]:
        if kind in ABOUT_ACCOUNTS:
            user = self._build.user("coordinator" if kind == "digest" else "mediator", **values)
            return {"user_id": user.id}, ABOUT_ACCOUNTS[kind], user.email
        if kind == "feedback":
            return {}, {"about": "accessibility"}, "koordination@example.org"
        if kind == "alarm":
            quiet = {"reference": SECRETS[4], "notes": SECRETS[5], "place_note": SECRETS[6], "wave_due_at": None}
            request = self._build.request(**quiet | values)
            return {}, {"alarm": self.alarm(request)}, "koordination@example.org"
        if kind in ABOUT_PEOPLE:
            person = self._build.mediator(
                **{"asked_to_confirm_at": NOW, "lapses_in_row": 5, "undertaking": False} | values.pop("mediator", {})
            )
            self._build.document(person, "undertaking", valid_until=date(2026, 12, 31))
            return {"mediator_id": person.id}, ABOUT_PEOPLE[kind], str(person.email)
        case = ABOUT_TALKS[kind]
        mediator = self._build.mediator(**values.pop("mediator", {}))
        quiet = {"reference": SECRETS[4], "notes": SECRETS[5], "place_note": SECRETS[6], "wave_due_at": None}
        request = self._build.request(state=case.request, **quiet | case.values | values)
        ids = {"request_id": request.id}
        if case.offer:
            ids |= {"offer_id": self.offer(request, mediator, case.offer).id, "mediator_id": mediator.id}
        if case.appointment:
            ids |= {
                "appointment_id": self.appointment(request, mediator, case).id,
                "mediator_id": mediator.id,
            }
        is_hers = kind in outbox.TO_MEDIATORS
        if case.referral:
            referral = self._build.referral(request, self._build.provider(), state=case.referral)
            return ids, {"referral": referral.id}, "schule@example.org"
        return ids, case.params, str(mediator.email) if is_hers else "schule@example.org"

    def alarm(self, request: Request) -> int:
        """Raise an alarm about a request and return its id."""
        row = Alarm(
            kind="nobody_fits", key=f"test:{request.id}", request_id=request.id, raised_at=NOW, escalate_at=at(120)
        )

        def use_case(session: Any) -> int:
            session.add(row)
            session.flush()
            return row.id

        return run(use_case)

    def offer(self, request: Request, mediator: Mediator, state: str) -> Offer:
        """Make an offer in a state."""
        cause = "taken" if state == "withdrawn" else None
        return self._build.offer(request, mediator, state=state, cause=cause, breakdown=BREAKDOWN, distance_km=17.6)

    def appointment(self, request: Request, mediator: Mediator, case: _Case) -> Appointment:
        """Make an appointment in a state; a proposed one was moved once."""
        waits = {"awaits": "mediator", "deadline_at": NOW + timedelta(hours=4), "sequence": 1, "confirmed_at": None}
        values = waits if case.appointment == "proposed" else {}
        return self._build.appointment(
            request, mediator, state=case.appointment, late_minutes=case.params.get("minutes"), **values
        )


def row(message_id: int) -> OutboxMessage:
    """Read a message as it is now, whoever changed it."""
    session = reading()
    session.close()
    return session.get_one(OutboxMessage, message_id)


def states_of(*ids: int) -> list[str]:
    """Return the states of messages, in the order of the ids."""
    return [row(message_id).state for message_id in ids]


def at(minutes: float) -> datetime:
    """Return an instant so many minutes after NOW."""
    return NOW + timedelta(minutes=minutes)
