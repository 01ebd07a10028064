"""An installation to measure: invented people, an office that books, people who are asked; never a real database."""

import itertools
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy.orm import Session

from config import Config
from dispatch import clock, create_app
from dispatch.database import db, run
from dispatch.domain.intervals import resolve
from dispatch.models import (
    Mediator,
    MediatorDocument,
    MediatorLanguage,
    Offer,
    Organisation,
    Request,
    RequestLanguage,
    User,
    WeeklyWindow,
)
from dispatch.ops.schema import upgrade
from dispatch.services import accounts, demo, local_time

KEY = "a key of the measurements, long enough and of no worth: 0123456789"
BASE_URL = "http://127.0.0.1:8000"
PEOPLE, REQUESTS = 5_000, 600
ASKED = 12
DAYS_AHEAD = 21
HOURS = range(8, 17)
MEISSEN = {"municipality": "14627140", "lat": 51.16158, "lon": 13.4737}
LANGUAGE = "prs"


@dataclass(frozen=True)
class World:
    """The application, who books, who coordinates, and who may be asked."""

    app: Flask
    office: User
    coordinator: User
    asked: list[int]


def environment(url: str, folder: Path, base_url: str = BASE_URL) -> dict[str, str]:
    """Return the configuration of an installation."""
    return {
        "DATABASE_URL": url,
        "SECRET_KEY": KEY,
        "BASE_URL": base_url,
        "MAIL_URL": f"file:{folder / 'mailbox'}",
        "LOG_LEVEL": "WARNING",
    }


def migrate(url: str, folder: Path) -> None:
    """Bring an empty database to the newest version."""
    app = create_app(Config(environment(url, folder)))
    with app.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()


def make(url: str, folder: Path, *, people: int = PEOPLE, requests: int = REQUESTS) -> World:
    """Fill an empty database with invented people and with those who are measured."""
    migrate(url, folder)
    app = create_app(Config(environment(url, folder)))
    with app.app_context():
        demo.load(demo.Size(people, requests), 1, clock.now())
        return run(lambda session: World(app, *_people(session)))


def _people(session: Session) -> tuple[User, User, list[int]]:
    now = clock.now()
    unit = Organisation(
        name="Bench", kind="school", address="Schulstraße 4", phone="+493521000210", created_at=now,
        municipality=MEISSEN["municipality"], contact_email="bench@example.org",
    )  # fmt: skip
    session.add(unit)
    session.flush()
    office = User(
        email="bench@example.org", name="Bench", role="requester", ui_language="de", created_at=now,
        organisation_id=unit.id,
    )  # fmt: skip
    desk = User(email="desk@example.org", name="Desk", role="coordinator", ui_language="de", created_at=now)
    session.add_all([office, desk])
    asked = [_mediator(session, number, now) for number in range(ASKED)]
    session.flush()
    return office, desk, asked


def _mediator(session: Session, number: int, now: datetime) -> int:
    person = Mediator(
        **MEISSEN, name=f"Bench {number}", call_name="Bench", badge_number=900_000 + number, created_at=now,
        email=f"bench{number}@example.org", gender="female", german_level="C1", transport="car",
    )  # fmt: skip
    person.languages = [MediatorLanguage(code=LANGUAGE, level="native", position=0)]
    person.settings = []
    person.documents = [MediatorDocument(type="undertaking", seen_on=now.date())]
    session.add(person)
    session.flush()
    session.add_all(
        WeeklyWindow(mediator_id=person.id, weekday=day, start_minute=0, end_minute=1440) for day in range(7)
    )
    return person.id


def hours_ahead() -> Iterator[datetime]:
    """Yield hours of working days that can be booked, each once, in UTC."""
    today = clock.now().date()
    for day in itertools.count(DAYS_AHEAD):
        date = today + timedelta(days=day)
        if date.weekday() < 5:
            for hour in HOURS:
                yield resolve(datetime.combine(date, time(hour)), local_time.zone())


def offers(world: World, count: int) -> list[int]:
    """Insert searched requests with one open offer each, an hour apart for everybody asked; return the offers."""
    now = clock.now()

    def use_case(session: Session) -> list[int]:
        made = []
        for number, (starts_at, person) in enumerate(
            itertools.islice(((at, who) for at in hours_ahead() for who in world.asked[: ASKED // 2]), count)
        ):
            row = Request(
                **MEISSEN, number=900_000 + number, organisation_id=world.office.organisation_id, state="searching",
                setting="parent_talk", mode="on_site", starts_at=starts_at, ends_at=starts_at + timedelta(minutes=30),
                address="Schulstraße 4", contact_name="Sekretariat", contact_phone="+493521000210", consent="known",
                case_token="K7Q-4MX", created_at=now, submitted_at=now,
            )  # fmt: skip
            row.languages, row.people = [RequestLanguage(position=0, code=LANGUAGE)], []
            session.add(row)
            session.flush()
            offer = Offer(
                request_id=row.id, mediator_id=person, revision=row.revision, wave=1, state="open", sent_at=now,
                deadline_at=now + timedelta(hours=14), score=852_000, breakdown=[], distance_km=5.0, travel_minutes=20,
            )  # fmt: skip
            session.add(offer)
            session.flush()
            made.append(offer.id)
        return made

    with world.app.app_context():
        return run(use_case)


def secret_of(app: Flask, user: User) -> str:
    """Begin a session for a user and return its secret."""
    with app.app_context():
        return run(lambda session: accounts.begin_session(session, user.id, clock.now()))


def browser(app: Flask, user: User) -> FlaskClient:
    """Return a client in which the user is signed in."""
    client, secret = app.test_client(), secret_of(app, user)
    with client.session_transaction() as cookie:
        cookie.update({"_user_id": secret, "_fresh": True, "csrf_token": secrets.token_hex(20)})
        cookie.permanent = True
    return client


def token_of(client: FlaskClient) -> str:
    """Return the token that the forms of this client's pages hold."""
    with client.session_transaction() as cookie:
        raw = cookie["csrf_token"]
    return str(URLSafeTimedSerializer(KEY, salt="wtf-csrf-token").dumps(raw))


def request_form(starts_at: datetime) -> dict[str, str]:
    """Return a request as an office types it."""
    local = starts_at.astimezone(local_time.zone())
    return {
        "nonce": secrets.token_urlsafe(16), "act": "send", "language": "Dari", "setting": "parent_talk",
        "day": f"{local:%d.%m.%Y}", "start": f"{local:%H:%M}", "length": "60", "mode": "on_site", "place": "Nünchritz",
        "address": "Schulstraße 4", "contact_name": "Sekretariat", "contact_phone": "03521 000 210",
        "continuity": "gern", "consent": "known",
    }  # fmt: skip


def close(world: World) -> None:
    """Let go of the database."""
    with world.app.app_context():
        db.session.remove()
        db.engine.dispose()
