"""What a first visit transfers, and how long it takes on a slow line: shipped server, real browser, empty cache.

Fonts are counted apart: a page can be read before they arrive.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from flask import Flask
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import select

from bench import world
from bench.clients import STOP_SECONDS, wait_for_server
from bench.result import Result
from config import Config
from dispatch import clock, create_app
from dispatch.database import db
from dispatch.domain.lifecycle import OfferState
from dispatch.models import Offer, User
from dispatch.services import demo, links
from dispatch.services.demo_people import GUEST
from dispatch.services.transactions import reading
from tests.processes import free_port

MOST_KB = 150
"""What a first visit may transfer without fonts."""
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
"""400 kbit/s with 400 ms there and back, as browsers' tools call "slow 3G"."""
LANGUAGES = ("de", "ar", "ti", "vi")
PHONE = {"width": 360, "height": 800}
ROW = "{:<26}{:<6}{:>9}{:>9}{:>9}{:>9}{:>12}{:>9}{:>12}"
HEAD = ("page", "in", "page", "styles", "scripts", "all kB", "fonts kB", "with", "readable s")
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class Weight(NamedTuple):
    """Kilobytes of 1,000 bytes by kind, headers included, and the seconds until something can be read."""

    page: float
    styles: float
    scripts: float
    rest: float
    fonts: float
    seconds: float

    @property
    def without_fonts(self) -> float:
        return self.page + self.styles + self.scripts + self.rest


def results(folder: Path) -> list[Result]:
    """Weigh every page in every language, print the table, and hold the heaviest of each page against the limit."""
    url, port = f"sqlite:///{folder / 'bench.sqlite'}", free_port()
    world.migrate(url, folder)
    app = create_app(Config(world.environment(url, folder)))
    with app.app_context():
        demo.load(demo.Size(40, 90), 1, clock.now())
        pages, cookie = _pages(app)
        db.session.remove()
        db.engine.dispose()
    with _served(folder, url, port), _browser() as browser:
        found = dict(_weigh(browser, f"http://127.0.0.1:{port}", pages, cookie))
    limit = float(MOST_KB)
    return [Result(None, f"weight: {name}", kb, "limit", limit, 1.0, "kB") for name, kb in found.items()]


def _pages(app: Flask) -> tuple[dict[str, str], str]:
    """Return the addresses by name, and the cookie of the mediator."""
    is_hers = (Offer.state == OfferState.OPEN, Offer.mediator_id == GUEST)
    offer = reading().scalars(select(Offer.id).where(*is_hers).limit(1)).one()
    token = links.issue("offer", offer, key=world.KEY, now=clock.now())
    her = reading().scalars(select(User).where(User.mediator_id == GUEST)).one()
    kept = world.browser(app, her).get_cookie("session")
    pages = {
        "start": "/",
        "help request": "/help-request",
        "become a mediator": "/join",
        "offer by link": f"/o/{token}",
    }
    return pages | {
        "week of a mediator": "/appointments",
        "offers of a mediator": "/offers",
    }, kept.value if kept else ""


@contextmanager
def _served(folder: Path, url: str, port: int) -> Iterator[None]:
    environment = os.environ | world.environment(url, folder, f"http://127.0.0.1:{port}")
    command = [sys.executable, "-m", "dispatch", "serve", "--no-jobs", "--port", str(port)]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=Path(__file__).parent.parent)
    try:
        wait_for_server(port)
        yield
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(STOP_SECONDS)


@contextmanager
def _browser() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM_PATH") or next((found for name in NAMES if (found := shutil.which(name))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        yield browser
        browser.close()


def _weigh(browser: Browser, url: str, pages: dict[str, str], cookie: str) -> Iterator[tuple[str, float]]:
    print(ROW.format(*HEAD))
    for name, path in pages.items():
        heaviest = 0.0
        for language in LANGUAGES:
            one = first_visit(browser, url, path, {"lang": language, "session": cookie if "of a" in name else ""})
            if one is None:  # no such page in this installation
                break
            parts = (one.page, one.styles, one.scripts, one.without_fonts, one.fonts, one.without_fonts + one.fonts)
            print(ROW.format(name, language, *(f"{kb:.1f}" for kb in parts), f"{one.seconds:.1f}"), flush=True)
            heaviest = max(heaviest, one.without_fonts)
        if heaviest:
            yield name, heaviest


def first_visit(browser: Browser, url: str, path: str, cookies: dict[str, str]) -> Weight | None:
    """Open a page with an empty cache and weigh what came; None where there is no such page."""
    context = browser.new_context(viewport=PHONE, service_workers="block")  # type: ignore[arg-type]
    context.add_cookies([{"name": name, "value": value, "url": url} for name, value in cookies.items() if value])
    page = context.new_page()
    tools = context.new_cdp_session(page)
    kinds: dict[str, str] = {}
    sizes: dict[str, float] = {}

    def _begin(event: dict[str, Any]) -> None:
        kinds[event["requestId"]] = event.get("type", "Other")

    def _end(event: dict[str, Any]) -> None:
        sizes[event["requestId"]] = event["encodedDataLength"] / 1000

    tools.on("Network.requestWillBeSent", _begin)
    tools.on("Network.loadingFinished", _end)
    tools.send("Network.enable")
    tools.send("Network.emulateNetworkConditions", SLOW)
    answer = page.goto(url + path, wait_until="load", timeout=120_000)
    page.evaluate("() => document.fonts.ready.then(() => null)")
    page.wait_for_timeout(300)
    painted = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
    seconds = float(page.evaluate(painted)) / 1000
    context.close()
    if answer is None or answer.status != 200:
        return None
    by = {kind: sum(size for one, size in sizes.items() if kinds[one] == kind) for kind in set(kinds.values())}
    page_, styles, scripts, fonts = (by.pop(kind, 0.0) for kind in ("Document", "Stylesheet", "Script", "Font"))
    return Weight(page_, styles, scripts, sum(by.values()), fonts, seconds)
