"""Fixtures of the browser tests: one Chromium a process, the real service on either database, a real SMTP sink."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.days import next_tuesday_at_ten
from tests.browser.walks import Walk, seed
from tests.processes import Service, Sink

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def _executable() -> str | None:
    named = os.environ.get("CHROMIUM_PATH")
    found = named or next((path for name in NAMES if (path := shutil.which(name))), None)
    return found or None


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A headless Chromium; Playwright's own where the system has none."""
    arguments = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-gpu"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_executable(), args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def sink() -> Iterator[Sink]:
    """An SMTP server that keeps what it is given."""
    server = Sink()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def service(database_url: str, sink: Sink, tmp_path: Path) -> Iterator[Service]:
    """The service, not yet started, on the database of the test."""
    running = Service(database_url, sink.url, tmp_path / "service.log")
    yield running
    running.stop()


@pytest.fixture(
    params=[pytest.param(("de", 1280), id="de-1280"), pytest.param(("ar", 360), id="ar-360")],
)
def walk(
    request: pytest.FixtureRequest, service: Service, sink: Sink, chromium: Browser, database_url: str
) -> Iterator[Walk]:
    """The service on a Tuesday at ten, with its people."""
    language, width = request.param
    seed(database_url, language)
    service.start(at=next_tuesday_at_ten())
    walking = Walk(service, sink, chromium, language, width)
    yield walking
    walking.close()
