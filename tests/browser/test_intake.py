"""The coordinator's form while somebody is on the phone: defaults of the office, and the number who fit, live."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.days import BERLIN
from tests.browser.walks import COORDINATOR, ONE_OF_EACH, Walk

FITS = {"de": "2 Personen passen.", "ar": "يناسب شخصان."}


@ONE_OF_EACH
@pytest.mark.browser
def test_the_number_who_fit_follows_what_is_typed(walk: Walk) -> None:
    start = (walk.service.now + timedelta(days=7)).astimezone(BERLIN)
    page = walk.person(COORDINATOR)
    page.goto(f"{walk.service.url}/requests/new")
    expect(page.locator("[name=unit]")).to_be_focused()

    page.keyboard.type("nünch")
    page.get_by_role("option", name="Grundschule Nünchritz").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("[name=address]")).to_have_value("Schulstraße 4")
    page.fill("[name=language]", "Dari")
    page.select_option("[name=setting]", "parent_talk")
    page.fill("[name=day]", start.strftime("%d.%m.%Y"))
    page.fill("[name=start]", "9:00")

    expect(page.locator(".fit__count")).to_have_text(FITS[walk.language])
    expect(page.locator(".fit__best li")).to_have_count(2)
    walk.check(page)
    assert walk.faults == []
