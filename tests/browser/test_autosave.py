"""What somebody types into the request's page is kept a moment later, without a button, until it is sent."""

from datetime import timedelta

import pytest

from tests.browser.days import BERLIN
from tests.browser.walks import COORDINATOR, OFFICE, ONE_OF_EACH, Walk, fill_in

NOTES = "Eingang hinten, zweimal klingeln."


@ONE_OF_EACH
@pytest.mark.browser
def test_what_is_typed_is_kept_until_it_is_sent(walk: Walk) -> None:
    start = (walk.service.now + timedelta(days=7)).astimezone(BERLIN)
    form = f"{walk.service.url}/requests/new"
    page = walk.person(OFFICE)
    page.goto(form)
    with page.expect_response(lambda answer: "/drafts/" in answer.url) as saved:
        page.fill("[name=notes]", NOTES)

    page.goto(form)
    found = page.input_value("[name=notes]")
    fill_in(page, start)
    page.check("[name=consent][value=known]")
    walk.act(page, "button[name=act][value=send]")
    sent = page.url
    page.goto(form)

    assert (saved.value.status, found) == (204, NOTES)
    assert (sent != form, page.input_value("[name=notes]")) == (True, "")
    assert walk.faults == []


@ONE_OF_EACH
@pytest.mark.browser
def test_what_is_kept_and_sent_from_the_same_page_is_forgotten(walk: Walk) -> None:
    start = (walk.service.now + timedelta(days=7)).astimezone(BERLIN)
    page = walk.person(OFFICE)
    page.goto(f"{walk.service.url}/requests/new")

    with page.expect_response(lambda answer: "/drafts/" in answer.url):
        fill_in(page, start)
    page.check("[name=consent][value=known]")
    walk.act(page, "button[name=act][value=send]")
    page.goto(f"{walk.service.url}/requests/new")

    assert (page.input_value("[name=kept]"), page.input_value("[name=language]")) == ("", "")


@ONE_OF_EACH
@pytest.mark.browser
def test_what_is_typed_stays_when_the_page_comes_in_another_language(walk: Walk) -> None:
    page = walk.person(COORDINATOR)
    page.goto(f"{walk.service.url}/organisations/new")
    page.fill("[name=name]", "Phòng khám Nguyễn")
    page.select_option("[name=kind]", "practice")

    page.set_viewport_size({"width": 320, "height": 568})
    page.locator(".drop--languages summary").press("Enter")
    menu = page.locator(".drop--languages .drop__body").bounding_box()
    with page.expect_navigation():
        page.locator(".drop__item[lang=vi]").press("Enter")

    kept = page.input_value("[name=name]"), page.input_value("[name=kind]")
    assert (page.get_attribute("html", "lang"), kept) == ("vi", ("Phòng khám Nguyễn", "practice"))
    assert menu is not None
    assert (menu["x"] >= 0, menu["x"] + menu["width"] <= 320, menu["y"] + menu["height"] <= 568) == (True, True, True)
    assert page.evaluate("sessionStorage.length") == 0
    assert walk.faults == []
