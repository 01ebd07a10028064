"""Booking, answering and dispatching without a mouse: focus is seen, never lost, and errors lead to their fields."""

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.days import BERLIN
from tests.browser.keyboard import Keys, is_described
from tests.browser.walks import COORDINATOR, FIRST, OFFICE, ONE_OF_EACH, SECOND, Walk, fill_in
from tests.processes import text_of

IN_GERMAN = pytest.mark.parametrize(
    ("database_url", "walk"), [pytest.param("sqlite", ("de", 1280), id="de")], indirect=True
)


def _in_a_week(walk: Walk) -> datetime:
    return (walk.service.now + timedelta(days=7)).astimezone(BERLIN)


@ONE_OF_EACH
@pytest.mark.browser
def test_an_office_books_by_keyboard(walk: Walk) -> None:
    keys = Keys(walk, walk.person())
    page = keys.page

    keys.sign_in(OFFICE)
    keys.to("main a[href='/requests/new']")
    keys.go()
    keys.to("[name=language]")
    keys.type("dari")
    page.get_by_role("option").first.wait_for()
    keys.press("ArrowDown")
    keys.press("Enter")
    keys.to("[name=setting]")
    keys.pick("parent_talk")
    keys.to("[name=day]")
    keys.type("31.2.")
    keys.to("[name=start]")
    keys.type("9:00")
    keys.to("button[name=act][value=send]")
    keys.go()

    assert keys.has(".errors")  # read aloud first, before the form
    is_described(page, "main [name=day]")
    is_described(page, "fieldset#consent")
    keys.to(".errors a[href='#day']")
    keys.press("Enter")
    assert keys.has("[name=day]")
    keys.stop()
    with page.expect_response(lambda answer: answer.request.method == "POST"):  # the summary is rendered anew
        keys.type(_in_a_week(walk).strftime("%d.%m.%Y"))
        keys.press("Tab")
    page.wait_for_function("document.querySelector('#summary')")
    assert not keys.has("body")
    keys.to("[name=length]")
    keys.type("60")
    keys.to("[name=consent]")
    keys.press("Space")
    assert keys.has("[name=consent]:checked")
    keys.to("button[name=act][value=send]")
    keys.go()

    assert re.search(r"/requests/\d+", page.url)
    expect(page.locator("main [role=status]").first).to_be_visible()
    assert (keys.lost, [fault for fault in walk.faults if "status of 4" not in fault]) == ([], [])


@ONE_OF_EACH
@pytest.mark.browser
def test_mediators_answer_by_keyboard(walk: Walk) -> None:
    office = walk.person(OFFICE)
    office.goto(f"{walk.service.url}/requests/new")
    fill_in(office, _in_a_week(walk))
    office.check("[name=consent][value=known]")
    walk.act(office, "button[name=act][value=send]")
    links = {}
    for email in (FIRST, SECOND):
        found = re.search(r"(/o/[\w-]+)", text_of(walk.sink.wait(email, "/o/")))
        assert found
        links[email] = found[1]

    declining = Keys(walk, walk.person())
    declining.open(links[SECOND])
    declining.to("details.more > summary")
    declining.press("Enter")
    declining.to("[name=reason]")
    declining.press("Space")
    assert declining.has("[name=reason]:checked")
    declining.to("button[value=no]", back=True)
    declining.go()
    expect(declining.page.locator("main [role=status]")).to_be_visible()

    agreeing = Keys(walk, walk.person())
    agreeing.open(links[FIRST])
    agreeing.to("button[value=yes]")
    agreeing.go()
    expect(agreeing.page.locator("main [role=status]")).to_be_visible()
    agreeing.to("main a[href$='/calendar.ics']")

    assert (declining.lost, agreeing.lost, walk.faults) == ([], [], [])


@IN_GERMAN
@pytest.mark.browser
def test_a_coordinator_dispatches_by_keyboard(walk: Walk) -> None:
    plan = walk.person(COORDINATOR)
    plan.goto(f"{walk.service.url}/requests/new")
    plan.fill("[name=unit]", "Grundschule Nünchritz")
    fill_in(plan, _in_a_week(walk))
    plan.fill("[name=address]", "Schulstraße 4")
    plan.check("[name=consent][value=known]")
    plan.select_option("[name=policy]", "manual")
    walk.act(plan, "button[name=act][value=send]")
    keys = Keys(walk, walk.person())
    page = keys.page

    keys.sign_in(COORDINATOR)
    page.clock.install()
    keys.open("/board")
    keys.press("?")
    assert keys.has("#keys")
    keys.press("j")
    keys.stop()
    assert keys.has("[data-task]")
    keys.press("k")
    assert keys.has("[data-task]")
    with page.expect_response(lambda answer: answer.url.endswith("/board")):
        page.clock.fast_forward(61_000)
    page.wait_for_function("document.activeElement !== document.body")
    assert keys.has("[data-task]")  # the board was rendered anew around it
    keys.go("o")
    page.go_back()
    keys.open("/board")
    keys.press("j")
    keys.go("a")
    keys.to(".rank__pick")  # both are proposed; one is left out and taken in again
    keys.press("Space")
    expect(page.locator("[data-picks]")).to_have_text("1")
    keys.press("Space")
    expect(page.locator("[data-picks]")).to_have_text("2")
    keys.to("button[data-needs-pick]")
    keys.go()

    expect(page.locator("main [role=status]").first).to_be_visible()
    assert (keys.lost, walk.faults) == ([], [])
