"""Three people before the real service, each in a browser of their own."""

from datetime import datetime

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from config import TestConfig
from dispatch import create_app
from dispatch.database import db
from dispatch.services import settings
from dispatch.services.passwords import CHEAP
from dispatch.services.transactions import run
from tests.builders import Builder
from tests.processes import Service, Sink

ONE_OF_EACH = pytest.mark.parametrize(
    ("database_url", "walk"),
    [
        pytest.param("sqlite", ("de", 1280), id="de-1280-sqlite"),
        pytest.param("postgresql", ("ar", 360), id="ar-360-postgresql"),
    ],
    indirect=True,
)
"""Where the language or the database hardly matters: each of them once."""

PASSWORD = "vier bunte Lesezeichen"
OFFICE, COORDINATOR = "schule@example.org", "koordination@example.org"
FIRST, SECOND = "shirin@example.org", "yama@example.org"


class Walk:
    """Three people, each in a browser of their own, in one language at one width."""

    def __init__(self, service: Service, sink: Sink, chromium: Browser, language: str, width: int) -> None:
        self.service, self.sink, self._chromium = service, sink, chromium
        self.language, self._width = language, width
        self.faults: list[str] = []
        self._contexts: list[BrowserContext] = []

    def person(self, email: str | None = None) -> Page:
        """Return the page of somebody, signed in when an address is given."""
        context = self._chromium.new_context(
            viewport={"width": self._width, "height": 800}, locale=self.language, reduced_motion="reduce"
        )
        self._contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: self.faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        if email:
            page.goto(f"{self.service.url}/login?lang={self.language}")
            page.fill("[name=email]", email)
            page.fill("[name=password]", PASSWORD)
            page.locator("form[action='/login'] button.kern-btn--primary").click()
            page.wait_for_url(lambda url: "/login" not in url)
        return page

    def check(self, page: Page) -> None:
        """Hold a page against what every page owes its reader: language, direction, no sideways scroll."""
        direction = "rtl" if self.language == "ar" else "ltr"
        expect(page.locator("html")).to_have_attribute("lang", self.language)
        expect(page.locator("html")).to_have_attribute("dir", direction)
        assert page.evaluate("document.documentElement.scrollWidth") <= self._width

    def act(self, page: Page, button: str) -> None:
        """Press a button and hold the page that follows."""
        with page.expect_navigation():
            page.locator(button).click()
        self.check(page)

    def close(self) -> None:
        """Close every browser."""
        for context in self._contexts:
            context.close()


def seed(url: str, language: str) -> None:
    """Make the accounts and the two mediators; everything else happens on the pages."""
    app = create_app(TestConfig(url))
    with app.app_context():
        run(settings.ensure_shipped)
        build = Builder()
        secret = CHEAP.hash(PASSWORD)
        unit = build.organisation(name="Grundschule Nünchritz", contact_email=OFFICE)
        build.user("requester", email=OFFICE, organisation_id=unit.id, password_hash=secret, ui_language=language)
        build.user("coordinator", email=COORDINATOR, password_hash=secret, ui_language=language)
        build.mediator(name="Shirin Rahmani", call_name="Shirin", email=FIRST, ui_language=language)
        build.mediator(name="Yama Karimi", call_name="Yama", email=SECOND, ui_language=language, max_distance_km=60)
        build.organisation()
        db.session.remove()
        db.engine.dispose()


def fill_in(page: Page, start: datetime) -> None:
    """Fill in what a request needs, but for the consent."""
    page.fill("[name=language]", "Dari")
    page.select_option("[name=setting]", "parent_talk")
    page.fill("[name=day]", start.strftime("%d.%m.%Y"))
    page.fill("[name=start]", "9:00")
    page.fill("[name=length]", "60")
