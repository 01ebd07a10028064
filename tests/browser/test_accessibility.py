"""Every main page, as axe measures it, in width, and alone with its own host: three languages, each in two views.

It proves what a program can find; docs/accessibility.md says what it cannot.
"""

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import func, select

from config import TestConfig
from dispatch import create_app
from dispatch.database import db
from dispatch.domain.lifecycle import Awaits, OfferState
from dispatch.domain.permissions import Role
from dispatch.models import Appointment, HelpRequest, Offer, Request, User
from dispatch.services import demo, links
from dispatch.services.bookings import KEPT
from dispatch.services.demo_applicants import WAITING as WAITING_APPLICANT
from dispatch.services.demo_people import GUEST, UNCONFIRMED
from dispatch.services.sign_ins import DEMO_ADDRESS
from dispatch.services.transactions import reading
from tests.browser.days import next_tuesday_at_ten
from tests.browser.measures import HEIGHT, LOOKS, Look, examine, note, prepare
from tests.browser.places import PLACES
from tests.browser.scenes import enter_webhook
from tests.processes import KEY, Service

SIGN_ON = {
    "OIDC_ISSUER": "http://127.0.0.1:1",
    "OIDC_CLIENT_ID": "dispatch",
    "OIDC_CLIENT_SECRET": "a secret of the test",
    "OIDC_NAME": "Landkreis",
    "OIDC_ROLES": "koordination=coordinator",
}
"""A provider that nobody asks, so that the pages show what they have for single sign-on."""


class Visitor:
    """Somebody's browser with one look; `faults` is what the browser or another host had to say since the last page."""

    def __init__(self, service: Service, chromium: Browser, look: Look, role: Role | None) -> None:
        self._service, self._host = service, urlsplit(service.url).netloc
        self._first = look.first
        self.status = 0
        self.faults: list[str] = []
        context = chromium.new_context(
            viewport={"width": look.first.width, "height": HEIGHT}, locale=look.language, reduced_motion="reduce"
        )
        prepare(context)
        self.page = context.new_page()
        self.page.on("console", lambda message: self._note(message.type, message.text))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("request", lambda request: self._watch(request.url))
        self.page.goto(f"{service.url}/login?lang={look.language}")
        if role:
            with self.page.expect_navigation():
                self.page.locator(f"button[name=role][value={role}]").click()

    def _note(self, kind: str, text: str) -> None:
        if kind == "error" and "the server responded with a status of 4" not in text:
            self.faults.append(text)

    def _watch(self, url: str) -> None:
        address = urlsplit(url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.netloc != self._host:
            self.faults.append(f"asked another host: {url}")

    def open(self, path: str) -> Page:
        """Go to a page in the first view of the look."""
        self.faults.clear()
        self._first.show(self.page)
        response = self.page.goto(self._service.url + path)
        self.status = response.status if response else 0
        return self.page


class Stage(NamedTuple):
    """The running service of a demonstration, and what its pages are to show, by the names in `PLACES`."""

    service: Service
    subjects: dict[str, object]


@pytest.fixture(scope="session")
def stage(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A demonstration of a Tuesday, served once for all pages."""
    folder = tmp_path_factory.mktemp("accessibility")
    path, now = folder / "dispatch.sqlite", next_tuesday_at_ten()
    shutil.copyfile(sqlite_template, path)
    subjects = _load(f"sqlite:///{path}", now)
    mailbox, log = f"file:{folder / 'mailbox'}", folder / "service.log"
    service = Service(f"sqlite:///{path}", mailbox, log, demo=True, settings=SIGN_ON)
    service.start(at=now)
    yield Stage(service, subjects)
    service.stop()


def _load(url: str, now: datetime) -> dict[str, object]:
    app = create_app(TestConfig(url))
    with app.app_context():
        demo.load(demo.Size(mediators=40, requests=90), 1, now)
        subjects = _subjects(now) | {"webhook": enter_webhook(now)}
        db.session.remove()
        db.engine.dispose()
    return subjects


def _subjects(now: datetime) -> dict[str, object]:
    """Return what is worth looking at: the talk of both guests, and the request about which most people were asked."""
    session = reading()
    unit = select(User.organisation_id).where(User.email == DEMO_ADDRESS.format(role=Role.REQUESTER))
    appointment, request = session.execute(
        select(Appointment.id, Appointment.request_id)
        .join(Request, Request.id == Appointment.request_id)
        .where(Appointment.mediator_id == GUEST, Request.organisation_id.in_(unit))
        .where(Appointment.state.in_(KEPT), Appointment.starts_at > now)
    ).one()
    is_open = Offer.state == OfferState.OPEN
    offer = session.scalars(select(Offer.id).where(Offer.mediator_id == GUEST, is_open).limit(1)).one()
    asked = select(Offer.request_id).where(is_open).group_by(Offer.request_id).order_by(func.count().desc())
    links.issue("mediator_calendar", GUEST, key=KEY, now=now)
    awaited = select(Appointment.request_id).where(Appointment.awaits == Awaits.OFFICE).limit(1)
    return {
        "appointment": appointment,
        "own": request,
        "searching": session.scalar(asked),
        "resident": session.scalar(select(HelpRequest.request_id).order_by(HelpRequest.request_id)),
        "mediator": GUEST,
        "organisation": session.scalar(unit),
        "offer": links.issue("offer", offer, key=KEY, now=now),
        "approving": links.issue("request", session.scalar(awaited) or 0, key=KEY, now=now),
        "phoned": links.issue("request", request, key=KEY, now=now),
        "asked": links.issue("mediator", UNCONFIRMED, key=KEY, now=now),
        "applicant": links.issue("applicant", WAITING_APPLICANT, key=KEY, now=now),
        "link": links.issue("appointment", appointment, key=KEY, now=now),
    }


@pytest.fixture(scope="session")
def visitor(stage: Stage, chromium: Browser) -> Iterator[Callable[[Look, Role | None], Visitor]]:
    """Whoever looks: one browser for each look and role, signed in once."""
    known: dict[tuple[Look, Role | None], Visitor] = {}

    def find(look: Look, role: Role | None) -> Visitor:
        if (look, role) not in known:
            known[look, role] = Visitor(stage.service, chromium, look, role)
        return known[look, role]

    yield find
    for one in known.values():
        one.page.context.close()


@pytest.mark.browser
@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.language)
@pytest.mark.parametrize("name", PLACES)
def test_a_page_is_open_to_everybody(
    name: str, look: Look, stage: Stage, visitor: Callable[[Look, Role | None], Visitor]
) -> None:
    place = PLACES[name]
    somebody = visitor(look, place.role)

    page = somebody.open(place.path.format_map(stage.subjects))
    place.act(page)
    wrong: list[str] = []
    for view, found in examine(page, look):
        note(name, look, view, found)
        wrong += found

    assert somebody.status == place.status
    assert wrong == []
    assert somebody.faults == []


@pytest.mark.browser
def test_the_measures_find_what_is_wrong(visitor: Callable[[Look, Role | None], Visitor]) -> None:
    somebody = visitor(LOOKS[0], None)
    page = somebody.open("/")

    page.evaluate(
        """() => {
            document.documentElement.removeAttribute("lang");
            document.querySelector("h1").style.cssText = "color: #777; background: #888; inline-size: 400px";
            const picture = new Image();
            picture.src = "https://elsewhere.example/picture.png";
            document.querySelector("main").append(picture);
        }"""
    )

    found = {view: {words.partition(":")[0] for words in wrong} for view, wrong in examine(page, LOOKS[0])}
    assert list(found.values()) == [
        {"color-contrast", "html-has-lang", "image-alt"},
        set(),
        set(),
        {"color-contrast", "sideways"},
    ]
    assert "asked another host: https://elsewhere.example/picture.png" in somebody.faults
    assert any("Content Security Policy" in fault for fault in somebody.faults)
