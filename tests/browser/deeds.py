"""What is done on a page before it is measured."""

from pathlib import Path

from playwright.sync_api import Page

POOL_FILE = Path(__file__).resolve().parent.parent / "data" / "pool_cp1252.csv"


def nothing(_page: Page) -> None:
    """Look at the page as it opens."""


def send_empty(page: Page) -> None:
    """Send a request's form without anything in it."""
    with page.expect_navigation():
        page.locator("button[name=act][value=send], form#help button.kern-btn--primary").last.click()


def save_nameless(page: Page) -> None:
    """Save a form without its name."""
    page.fill("[name=name]", "")
    with page.expect_navigation():
        page.locator("main form[method=post] button.kern-btn--primary").first.click()


def enter_nobody(page: Page) -> None:
    """Send a form as it opens."""
    with page.expect_navigation():
        page.locator("main form[method=post] button.kern-btn--primary").first.click()


def begin_app(page: Page) -> None:
    """Begin to set up an app for one-time codes."""
    with page.expect_navigation():
        page.locator("form:has([value=totp]) button").click()


def upload(page: Page) -> None:
    """Send a file of the pool."""
    page.set_input_files("main input[type=file]", POOL_FILE)
    with page.expect_navigation():
        page.locator("main form[method=post] button.kern-btn--primary").first.click()
