"""A mediator's phone without a connection: what it shows, how it says so, and what it has forgotten.

One browser goes through a whole story, as starting is what takes time.
"""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from config import TestConfig
from dispatch import create_app
from dispatch.database import db
from dispatch.services.passwords import CHEAP
from tests.appointment_cases import booked
from tests.browser.days import next_tuesday_at_ten
from tests.browser.walks import COORDINATOR, FIRST, PASSWORD, seed
from tests.builders import Builder
from tests.processes import Service, wait_for

KEPT = """async () => {
    const names = (await caches.keys()).filter((name) => name.startsWith("pages-"));
    const lists = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return lists.flat().map((request) => new URL(request.url).pathname).sort();
}"""
TOKENS = """async () => {
    const copies = await Promise.all((await caches.keys()).map(async (name) => {
        const cache = await caches.open(name);
        return Promise.all((await cache.keys()).map(async (key) => (await cache.match(key)).text()));
    }));
    return copies.flat().filter((text) => /csrf_token" value="[^"]/.test(text)).length;
}"""

AGED = """async () => {
    for (const name of (await caches.keys()).filter((name) => name.startsWith("pages-"))) {
        const cache = await caches.open(name);
        for (const key of await cache.keys()) {
            const copy = await cache.match(key);
            const headers = new Headers(copy.headers);
            headers.set("X-Kept-At", String(Date.now() - 1000 * Number(headers.get("X-Offline"))));
            await cache.put(key, new Response(await copy.text(), { headers }));
        }
    }
}"""
"""Let the copies be as old as the session may become."""
TOO_SMALL = """() => [...document.querySelectorAll("a[href], button, summary, label, select")].filter((one) => {
    const box = one.getBoundingClientRect();
    const isInSentence = one.closest(".aside, .skip, .kern-sr-only") !== null;
    return box.width > 0 && !isInSentence && (box.height < 43.5 || box.width < 43.5);
}).map((one) => one.outerHTML)"""
"""What a finger has to hit; a link within a sentence is as high as its line (WCAG 2.5.8)."""


@pytest.fixture
def installation(sqlite_template: Path, tmp_path: Path) -> Iterator[Service]:
    """The running service on a Tuesday, with a mediator who has an appointment."""
    path, now = tmp_path / "dispatch.sqlite", next_tuesday_at_ten()
    shutil.copyfile(sqlite_template, path)
    url = f"sqlite:///{path}"
    seed(url, "de")
    _book(url, now)
    service = Service(url, f"file:{tmp_path / 'mailbox'}", tmp_path / "service.log")
    service.start(at=now)
    yield service
    service.stop()


def _book(url: str, now: datetime) -> None:
    app = create_app(TestConfig(url))
    with app.app_context():
        build = Builder()
        starts_at = now + timedelta(days=7)
        case = booked(build, now=now, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1))
        secret = CHEAP.hash(PASSWORD)
        day, hour = timedelta(days=1), timedelta(hours=1)
        asked = build.request(state="searching", starts_at=starts_at + day, ends_at=starts_at + day + hour)
        build.offer(asked, case.mediator, deadline_at=now + 9 * hour)
        build.user("mediator", email=FIRST, mediator_id=case.mediator.id, password_hash=secret, ui_language="de")
        db.session.remove()
        db.engine.dispose()


def enter(page: Page, url: str, email: str) -> None:
    page.goto(f"{url}/login")
    page.fill("[name=email]", email)
    page.fill("[name=password]", PASSWORD)
    with page.expect_navigation():
        page.locator("form[action='/login'] button.kern-btn--primary").click()


def paths_kept(page: Page) -> list[str]:
    found = page.evaluate(KEPT)
    assert isinstance(found, list)
    return found


def settle(page: Page, url: str) -> list[str]:
    """Look at the week until the phone has kept what it may, and return the addresses."""
    page.goto(f"{url}/appointments")
    wait_for(lambda: {"/appointments", "/offers", "/offline"} <= set(paths_kept(page)) or None, what="copies")
    wait_for(lambda: any(path.startswith("/appointments/") for path in paths_kept(page)) or None, what="an appointment")
    return paths_kept(page)


@pytest.mark.browser
def test_a_phone_reads_what_it_kept_and_forgets_it_with_the_session(installation: Service, chromium: Browser) -> None:
    url = installation.url
    phone = chromium.new_context(viewport={"width": 360, "height": 800}, locale="de")
    page = phone.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))

    enter(page, url, FIRST)
    kept = settle(page, url)
    assert page.evaluate(TOKENS) == 0
    _hits_every_target_with_a_finger(page, url, kept)
    _goes_offline_while_she_reads(phone, page)
    phone.set_offline(True)
    _reads_copies(page, url, kept)
    _reads_nothing_after_the_session(page, url)
    phone.set_offline(False)
    _is_never_stale_online(page, url)
    _forgets_when_somebody_else_comes(phone, page, url)
    settle(page, url)
    _forgets_when_she_signs_out(phone, page, url)

    assert faults == []
    phone.close()


def _hits_every_target_with_a_finger(page: Page, url: str, kept: list[str]) -> None:
    """Find nothing smaller than 44 pixels, and nothing beside the window, on the narrowest phone."""
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(f"{url}/offers")
    offer = page.locator("a[href^='/offers/']").first.get_attribute("href")
    appointment = next(path for path in kept if path.startswith("/appointments/"))
    for path in ("/offers", offer, appointment, f"{appointment}/late", "/appointments"):
        page.goto(f"{url}{path}")
        for more in page.locator("details.more").all():
            more.evaluate("one => { one.open = true; }")
        assert page.evaluate(TOO_SMALL) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size({"width": 360, "height": 800})


def _goes_offline_while_she_reads(phone: BrowserContext, page: Page) -> None:
    banner = page.locator("#offline")
    expect(banner).to_be_hidden()
    phone.set_offline(True)
    expect(banner).to_be_visible()
    phone.set_offline(False)
    expect(banner).to_be_hidden()
    assert page.locator("[aria-disabled=true]").count() == 0


def _reads_copies(page: Page, url: str, kept: list[str]) -> None:
    """Read the week, an appointment and the offers; be told so; find that nothing can be sent or opened."""
    appointment = next(path for path in kept if path.startswith("/appointments/"))
    for path in ("/offers", appointment, "/appointments"):
        page.goto(url + path)
        expect(page.locator("#offline")).to_be_visible()
        assert page.locator("main h1").count() == 1
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
    expect(page.locator("#offline-told")).to_have_text(" ".join(page.locator("#offline p").inner_text().split()))
    assert page.locator(f"a[href='{appointment}'][aria-disabled]").count() == 0
    held = page.locator("a[href='/account'], a[href^='/mediators/']").first
    expect(held).to_have_attribute("aria-describedby", "offline-why")
    page.evaluate("() => document.querySelector('a[href=\"/account\"]').click()")
    expect(page.locator("#offline-told")).to_have_text(page.locator("#offline-why").inner_text())
    assert page.url == f"{url}/appointments"
    page.goto(f"{url}/account")
    assert page.locator(".stack a[href='/appointments']").count() == 1  # in its place: where she can go


def _reads_nothing_after_the_session(page: Page, url: str) -> None:
    page.goto(f"{url}/offers")
    page.evaluate(AGED)
    with pytest.raises(Error, match="net::ERR_"):
        page.goto(f"{url}/appointments")


def _is_never_stale_online(page: Page, url: str) -> None:
    response = page.goto(f"{url}/appointments")
    assert response
    assert "x-kept-at" not in response.headers
    expect(page.locator("#offline")).to_be_hidden()


def _forgets_when_somebody_else_comes(phone: BrowserContext, page: Page, url: str) -> None:
    """Let the session be lost without a word, and a coordinator sign in: nothing is left, nothing new is kept."""
    settle(page, url)  # an answer still under way would bring the cookie back
    session = phone.cookies()
    phone.clear_cookies()
    phone.add_cookies([one for one in session if one["name"] != "session"])  # type: ignore[misc]
    enter(page, url, COORDINATOR)
    page.goto(f"{url}/appointments")
    wait_for(lambda: paths_kept(page) == [] or None, seconds=10, what="nothing kept")
    with page.expect_navigation():
        page.evaluate("() => document.querySelector(\"form[action='/logout']\").requestSubmit()")
    enter(page, url, FIRST)


def _forgets_when_she_signs_out(phone: BrowserContext, page: Page, url: str) -> None:
    with page.expect_navigation():
        page.evaluate("() => document.querySelector(\"form[action='/logout']\").requestSubmit()")
    assert paths_kept(page) == []
    phone.set_offline(True)
    for path in ("/appointments", "/offers"):
        with pytest.raises(Error, match="net::ERR_"):
            page.goto(url + path)
