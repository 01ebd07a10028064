"""Build rows with plausible defaults, so that a test names only what it is about."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from dispatch.database import Base, run
from dispatch.models import (
    Applicant,
    ApplicantStep,
    Appointment,
    AvailabilitySpan,
    HelpRequest,
    Mediator,
    MediatorDocument,
    MediatorLanguage,
    Offer,
    Organisation,
    Provider,
    ProviderLanguage,
    Referral,
    Request,
    RequestLanguage,
    UnitSight,
    User,
    UserArea,
    Webhook,
    WeeklyWindow,
)
from dispatch.services import sealing

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
"""A Tuesday, 10:00 in Berlin."""

START = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
"""The Tuesday after, 9:00 in Berlin."""

MEISSEN = {"municipality": "14627140", "lat": 51.16158, "lon": 13.4737}
ALWAYS = tuple((weekday, 0, 1440) for weekday in range(7))


class Builder:
    """Adds rows through `database.run`; each method returns the row, detached and complete."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def _save(self, row: Base) -> Any:
        def use_case(session: Any) -> Base:
            session.add(row)
            session.flush()
            return row

        return run(use_case)

    def organisation(self, **values: Any) -> Organisation:
        """An active school in Meißen."""
        defaults: dict[str, Any] = {
            "name": f"Grundschule {next(self._numbers)}", "kind": "school", "municipality": MEISSEN["municipality"],
            "address": "Schulstraße 4", "phone": "+493521000210", "contact_email": "schule@example.org",
            "created_at": NOW,
        }  # fmt: skip
        return self._save(Organisation(**defaults | values))  # type: ignore[no-any-return]

    def sight(self, unit_id: int | None, seen: Organisation) -> UnitSight:
        """A unit's granted sight of another one's requests."""
        return self._save(UnitSight(unit_id=unit_id, sees_id=seen.id, granted_at=NOW))  # type: ignore[no-any-return]

    def user(self, role: str = "requester", **values: Any) -> User:
        """An account without password; a requester gets a unit, a mediator's account a mediator."""
        number = next(self._numbers)
        if role == "requester" and "organisation_id" not in values:
            values["organisation_id"] = self.organisation().id
        if role == "mediator" and "mediator_id" not in values:
            values["mediator_id"] = self.mediator().id
        defaults: dict[str, Any] = {
            "email": f"person{number}@example.org", "name": f"Person {number}", "role": role, "ui_language": "de",
            "created_at": NOW,
        }  # fmt: skip
        return self._save(User(**defaults | values))  # type: ignore[no-any-return]

    def area(self, user: User, social_area: str, first: date, last: date | None = None) -> UserArea:
        """A social area of a regional coordinator, from the first to the last day."""
        row = UserArea(user_id=user.id, social_area=social_area, valid_from=first, valid_until=last)
        return self._save(row)  # type: ignore[no-any-return]

    def mediator(
        self,
        *,
        languages: tuple[tuple[str, str], ...] = (("prs", "native"),),
        weekly: tuple[tuple[int, int, int], ...] = ALWAYS,
        undertaking: bool = True,
        **values: Any,
    ) -> Mediator:
        """An active mediator from Meißen: Dari as first language, always free, undertaking on record."""
        number = next(self._numbers)
        defaults: dict[str, Any] = MEISSEN | {
            "name": f"Shirin Rahmani {number}", "call_name": "Shirin", "badge_number": 1000 + number,
            "email": f"shirin{number}@example.org", "gender": "female", "german_level": "C1", "transport": "car",
            "by_video": True, "created_at": NOW,
        }  # fmt: skip
        row = Mediator(**defaults | values)
        row.languages = [
            MediatorLanguage(code=code, level=level, position=position)
            for position, (code, level) in enumerate(languages)
        ]
        row.settings = []
        row.documents = [MediatorDocument(type="undertaking", seen_on=NOW.date())] if undertaking else []
        self._save(row)
        for weekday, start, end in weekly:
            self._save(WeeklyWindow(mediator_id=row.id, weekday=weekday, start_minute=start, end_minute=end))
        return row

    def document(self, mediator: Mediator, kind: str, **values: Any) -> MediatorDocument:
        """A document of a mediator, seen at NOW."""
        row = MediatorDocument(mediator_id=mediator.id, type=kind, **{"seen_on": NOW.date()} | values)
        return self._save(row)  # type: ignore[no-any-return]

    def span(self, mediator: Mediator, kind: str, starts_at: datetime, ends_at: datetime) -> AvailabilitySpan:
        """An extra or absence of a mediator."""
        row = AvailabilitySpan(mediator_id=mediator.id, kind=kind, starts_at=starts_at, ends_at=ends_at)
        return self._save(row)  # type: ignore[no-any-return]

    def request(self, *, languages: tuple[str, ...] = ("prs",), **values: Any) -> Request:
        """A submitted parent talk in Dari, on site in Meißen, next Tuesday 9:00–10:00."""
        number = next(self._numbers)
        starts_at = values.pop("starts_at", START)
        if "organisation_id" not in values:
            values["organisation_id"] = self.organisation().id
        defaults: dict[str, Any] = MEISSEN | {
            "number": 400 + number, "state": "submitted", "setting": "parent_talk", "mode": "on_site",
            "starts_at": starts_at, "ends_at": starts_at + timedelta(hours=1), "address": "Schulstraße 4",
            "contact_name": "Sekretariat", "contact_phone": "+493521000210", "consent": "known",
            "case_token": "K7Q-4MX", "created_at": NOW, "submitted_at": NOW, "wave_due_at": NOW,
        }  # fmt: skip
        row = Request(**defaults | values)
        row.languages = [RequestLanguage(position=position, code=code) for position, code in enumerate(languages)]
        row.people = []
        return self._save(row)  # type: ignore[no-any-return]

    def help_request(self, *, request: Request | None = None, **values: Any) -> HelpRequest:
        """What a resident said besides a request that is looked at: to be called, at a time that is not fixed."""
        if request is None:
            unit = self.organisation(
                name="Privatpersonen", kind="other", is_for_residents=True, contact_email=None, phone=None
            )
            request = self.request(
                organisation_id=unit.id, state="in_review", setting="doctor", review_reasons="resident", address=None,
                contact_name=None, contact_phone=None, wave_due_at=None,
            )  # fmt: skip
        defaults: dict[str, Any] = {
            "code_hash": f"{request.id:064d}", "ui_language": "ar", "topic": "health", "timing": "morning",
            "way": "phone", "contact": "+491715550111", "created_at": NOW,
        }  # fmt: skip
        row = HelpRequest(request_id=request.id, **defaults | values)
        return self._save(row)  # type: ignore[no-any-return]

    def offer(self, request: Request, mediator: Mediator, **values: Any) -> Offer:
        """An open offer of the request's revision."""
        defaults: dict[str, Any] = {
            "request_id": request.id, "mediator_id": mediator.id, "revision": request.revision, "wave": 1,
            "state": "open", "sent_at": NOW, "deadline_at": NOW + timedelta(hours=14), "score": 852_000,
            "breakdown": [], "distance_km": 5.0, "travel_minutes": 20,
        }  # fmt: skip
        return self._save(Offer(**defaults | values))  # type: ignore[no-any-return]

    def appointment(self, request: Request, mediator: Mediator, **values: Any) -> Appointment:
        """A confirmed appointment of the request, at its time and place."""
        number = next(self._numbers)
        defaults: dict[str, Any] = {
            "number": 300 + number, "request_id": request.id, "mediator_id": mediator.id, "state": "confirmed",
            "mode": request.mode, "starts_at": request.starts_at, "ends_at": request.ends_at,
            "municipality": request.municipality, "lat": request.lat, "lon": request.lon, "address": request.address,
            "distance_km": 5.0, "travel_minutes": 20, "uid": f"appointment-{number}", "created_at": NOW,
            "confirmed_at": NOW,
        }  # fmt: skip
        return self._save(Appointment(**defaults | values))  # type: ignore[no-any-return]

    def provider(self, *, languages: tuple[str, ...] = (), **values: Any) -> Provider:
        """An active neighbouring pool that serves every language, with number and address."""
        number = next(self._numbers)
        defaults: dict[str, Any] = {
            "name": f"Nachbarpool {number}", "kind": "neighbouring_pool", "phone": "+493525000180",
            "email": f"pool{number}@example.net", "created_at": NOW,
        }  # fmt: skip
        row = Provider(**defaults | values)
        row.languages = [ProviderLanguage(code=code) for code in languages]
        return self._save(row)  # type: ignore[no-any-return]

    def referral(self, request: Request, provider: Provider, **values: Any) -> Referral:
        """A request that was put to a provider by mail and has no answer yet."""
        defaults: dict[str, Any] = {
            "request_id": request.id, "provider_id": provider.id, "revision": request.revision, "state": "asked",
            "channel": "mail", "asked_at": NOW,
        }  # fmt: skip
        return self._save(Referral(**defaults | values))  # type: ignore[no-any-return]

    def webhook(self, user: User, *, key: str, secret: str = "whsec_of_a_test", **values: Any) -> Webhook:
        """A webhook of a user at hooks.example, told of everything; its secret is sealed under `key`."""
        defaults: dict[str, Any] = {
            "url": f"https://hooks.example/{next(self._numbers)}", "events": ["request.*", "appointment.*"],
            "created_at": NOW, "sealed_secret": sealing.seal(secret, key, purpose="webhook"),
        }  # fmt: skip
        return self._save(Webhook(user_id=user.id, **defaults | values))  # type: ignore[no-any-return]

    def applicant(self, *, steps: tuple[str, ...] = (), **values: Any) -> Applicant:
        """A confirmed application of somebody from Meißen who speaks Tigrinya; its steps were taken at NOW."""
        defaults: dict[str, Any] = {
            "state": "confirmed", "email": f"applicant{next(self._numbers)}@example.org", "ui_language": "de",
            "answers": {
                "name": "Hanna Tesfay", "phone": "0171 3920077", "home": "Meißen",
                "place": [MEISSEN["municipality"], "", ""], "languages": [["ti", "native"], ["am", "B2"]],
                "german_level": "C1", "gender": "female", "modes": ["on_site", "phone"], "transport": "public",
                "times": ["0-morning", "0-afternoon", "2-evening"],
            },
            "created_at": NOW, "saved_at": NOW, "consented_at": NOW, "confirmed_at": NOW,
        }  # fmt: skip
        row: Applicant = self._save(Applicant(**defaults | values))
        for step in steps:
            issued_on = NOW.date() - timedelta(days=30) if step == "certificate" else None
            self._save(
                ApplicantStep(applicant_id=row.id, step=step, done_on=NOW.date(), issued_on=issued_on, recorded_at=NOW)
            )
        return row
