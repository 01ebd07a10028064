"""A request with a canary in every field, driven through its life, and everything that anybody gets to read of it."""

import logging
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from html import unescape
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dispatch import jobs
from dispatch.cli import main as cli
from dispatch.domain.permissions import Actor, Role
from dispatch.models import Appointment, Mediator, Offer, Request, User
from dispatch.ops.logs import JsonLines
from dispatch.services import answers, appointments, assignments, links
from dispatch.services.audit import OnBehalf
from dispatch.services.transactions import reading
from tests.builders import NOW, START, Builder

CANARIES = {
    "address": "Kanarienweg 11", "note": "Hintereingang Zeisig", "contact": "Frau Stieglitz",
    "contact_phone": "4711001", "access_phone": "4711002", "access_url": "raum-zaunkoenig",
    "reference": "AZ Rotkehlchen", "notes": "Notiz Buchfink", "point": "Bahnhofshalle Pirol", "token": "B7Q-9ZX",
    "caller": "Anruferin Amsel", "caller_phone": "4711003", "caller_mail": "drossel@",
    "organisation": "Haus Eisvogel", "town": "Nünchritz", "surname": "Wiedehopf", "phone": "4711004",
    "remark": "Bemerkung Kuckuck",
}  # fmt: skip
"""What stands in each field; of a telephone number its last digits."""

SETTINGS = {
    "normal": ("parent_talk", "Elterngespräch"),
    "sensitive": ("psychosocial", "Psychosoziales Gespräch"),
    "protected": ("domestic_violence", "Beratung nach häuslicher Gewalt"),
}
CHOICES = re.compile(r"<option.*?</option>", re.DOTALL)
"""What a list offers to choose from, every municipality among it."""
NUENCHRITZ: dict[str, Any] = {"municipality": "14627190", "lat": 51.2969, "lon": 13.3886, "town": "Nünchritz"}

LISTS = (
    "/board",
    "/board?q={number}",
    "/requests",
    "/appointments",
    "/offers",
    "/mediators/{mediator}",
)
PAGES = ("/requests/{request}", "/requests/{request}/candidates", "/appointments/{appointment}", "/offers/{offer}")
OTHERS = ("/", "/account", "/organisations", "/calls", "/users", "/options", "/statistics", "/mailbox")
ROLES = ("office", "stranger", "named", "unnamed", "regional_coordinator", "mediator", "observer", "administrator")


@dataclass
class Cage:
    """One request of a class with its people, and what was read of it by surface."""

    app: Flask
    protection: str
    request: Request
    mediator: Mediator
    browsers: dict[str, FlaskClient]
    read: dict[str, list[str]] = field(default_factory=dict)

    @property
    def canaries(self) -> dict[str, str]:
        """The canaries of every field, the name of the setting among them."""
        return CANARIES | {"setting": SETTINGS[self.protection][1]}

    def keep(self, surface: str, text: str) -> None:
        """Keep what was read on a surface."""
        self.read.setdefault(surface, []).append(text)

    def told(self) -> dict[str, set[str]]:
        """Return the canaries that were told, by surface; surfaces that tell nothing are left out."""
        found = {surface: self._found(texts) for surface, texts in self.read.items()}
        return {surface: names for surface, names in found.items() if names}

    def _found(self, texts: Iterable[str]) -> set[str]:
        plain = _plain("\n".join(texts))
        return {name for name, word in self.canaries.items() if _plain(word) in plain}


def _plain(text: str) -> str:
    """Return a text without what breaks words: spaces, marks of direction, entities, folds."""
    return "".join(letter for letter in unescape(text) if letter.isprintable() and not letter.isspace()).casefold()


def build_cage(
    app: Flask, build: Builder, client_for: Callable[[User], FlaskClient], protection: str, **values: Any
) -> Cage:
    """Build the request in its search, somebody who fits, and a browser of every role."""
    unit = build.organisation(name=CANARIES["organisation"], contact_email="unit@example.org", **_without(NUENCHRITZ))
    certificate: dict[str, Any] = {"qualification": "certified", "german_level": "C2"}
    mediator = build.mediator(
        name="Shirin Wiedehopf", phone="+493525" + CANARIES["phone"], remarks=CANARIES["remark"], **certificate
    )
    office = build.user("requester", organisation_id=unit.id)
    request = build.request(
        organisation_id=unit.id, created_by_id=office.id, state="searching", protection=protection,
        setting=SETTINGS[protection][0], policy="manual" if protection == "protected" else "waves",
        address=None if protection == "protected" else CANARIES["address"],
        place_note=None if protection == "protected" else CANARIES["note"], contact_name=CANARIES["contact"],
        contact_phone="+493525" + CANARIES["contact_phone"], access_phone="+493525" + CANARIES["access_phone"],
        access_url=f"https://video.example/{CANARIES['access_url']}", reference=CANARIES["reference"],
        notes=CANARIES["notes"], meeting_point=CANARIES["point"] if protection == "protected" else None,
        case_token=CANARIES["token"], caller_name=CANARIES["caller"], gender="female", gender_strict=True,
        caller_phone="+493525" + CANARIES["caller_phone"], caller_email=CANARIES["caller_mail"] + "example.org",
        **NUENCHRITZ, **values,
    )  # fmt: skip
    users = {
        "office": office,
        "stranger": build.user("requester"),
        "named": build.user("coordinator", handles_protected=True),
        "unnamed": build.user("coordinator"),
        "mediator": build.user("mediator", mediator_id=mediator.id),
        **{role: build.user(role) for role in ("regional_coordinator", "observer", "administrator")},
    }
    build.area(users["regional_coordinator"], "Riesa", NOW.date())
    return Cage(app, protection, request, mediator, {role: client_for(user) for role, user in users.items()})


def _without(place: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in place.items() if name not in ("lat", "lon")}


def live(cage: Cage, the_time: Any, mails: Path, log: list[logging.LogRecord]) -> Cage:
    """Let the request be asked, taken, reminded of and cancelled, reading everything on the way."""
    named = Actor(None, Role.COORDINATOR, handles_protected=True)
    jobs.tick(cage.app, NOW)
    offer = reading().scalar(select(Offer).where(Offer.request_id == cage.request.id))
    if offer is not None:
        page = f"/o/{_token(cage, 'offer', offer.id)}"
        cage.keep("link before", cage.app.test_client().get(page).text)
        look(cage, "before", offer=offer.id)
        appointment_id = answers.accept(named, offer.id, NOW, on_behalf=OnBehalf("phone")).appointment_id or 0
    else:
        look(cage, "before")
        appointment_id = assignments.assign(named, cage.request.id, cage.mediator.id, NOW, on_behalf=OnBehalf("phone"))
    link = f"/a/{_token(cage, 'appointment', appointment_id)}"
    cage.keep("link after", cage.app.test_client().get(link).text)
    cage.keep("calendar", cage.app.test_client().get(f"{link}/calendar.ics").text)
    for owner in (("mediator_calendar", cage.mediator.id), ("unit_calendar", cage.request.organisation_id)):
        feed = cage.app.test_client().get(f"/calendar/{_token(cage, *owner)}.ics")
        assert feed.text.count("BEGIN:VEVENT") == 1
        cage.keep("calendar", feed.text + str(feed.headers))
    look(cage, "after", appointment=appointment_id)
    for instant in _instants(appointment_id):
        the_time.move_to(instant)
        jobs.tick(cage.app, instant)
    appointments.hand_back(named, appointment_id, NOW, on_behalf=OnBehalf("phone"))
    jobs.tick(cage.app, NOW)
    for path in sorted(mails.glob("**/*.eml")):
        _keep_mail(cage, path)
    command = cage.app.test_cli_runner().invoke(cli, ["outbox", "list", "--json"])
    cage.keep("command", command.output)
    cage.keep("log", "\n".join(JsonLines().format(record) for record in log))
    return cage


def _instants(appointment_id: int) -> list[Any]:
    appointment = reading().get_one(Appointment, appointment_id)
    return [appointment.reconfirm_at, START.replace(hour=5)]


def look(cage: Cage, when: str, **ids: int) -> None:
    """Open every page as everybody."""
    values = {
        "request": cage.request.id, "number": cage.request.number, "token": cage.request.case_token,
        "mediator": cage.mediator.id, "appointment": 0, "offer": 0, **ids,
    }  # fmt: skip
    for role, browser in cage.browsers.items():
        for kind, paths in (("lists", LISTS), ("pages", PAGES), ("others", OTHERS)):
            for path in paths:
                answer = browser.get(path.format(**values), follow_redirects=kind == "others")
                if answer.status_code == 200:
                    cage.keep(f"{role} {kind} {when}", CHOICES.sub("", answer.text))
    if ids.get("appointment"):
        for role in ("office", "named"):
            entry = cage.browsers[role].get(f"/appointments/{ids['appointment']}/calendar.ics")
            cage.keep("calendar", entry.text + str(entry.headers))


def _token(cage: Cage, purpose: str, subject_id: int) -> str:
    known = links.known(purpose, subject_id, key=cage.app.config["SECRET_KEY"], now=NOW)
    return known or links.issue(purpose, subject_id, key=cage.app.config["SECRET_KEY"], now=NOW)


def _keep_mail(cage: Cage, path: Path) -> None:
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    reader = "mediator" if cage.mediator.email == mail["To"] else "others"
    cage.keep("subject", str(mail["Subject"]))
    cage.keep(f"mail to {reader}", "\n".join(f"{name}: {value}" for name, value in mail.items() if name != "Subject"))
    for part in mail.walk():
        if part.get_content_type() == "text/calendar":
            cage.keep("calendar", part.get_content() + str(part.get_filename()))
        elif part.get_content_maintype() == "text":
            cage.keep(f"mail to {reader}", part.get_content())
