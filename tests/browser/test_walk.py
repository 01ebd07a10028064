"""A whole case as office, mediator and coordinator: real server, real jobs, real SMTP, real browser, both databases."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from icalendar import Calendar
from playwright.sync_api import Page, expect

from tests.browser.days import BERLIN
from tests.browser.walks import COORDINATOR, FIRST, OFFICE, SECOND, Walk, fill_in
from tests.processes import Sink, text_of, wait_for

NOTES = "Es geht um den Wechsel der Klasse."


def _link(mail: EmailMessage, purpose: str) -> str:
    found = re.search(rf"http://127\.0\.0\.1:\d+(/{purpose}/[\w-]+)", text_of(mail))
    assert found, text_of(mail)
    return found[1]


def _entry(mail: EmailMessage) -> tuple[str, int, str]:
    """Return method, sequence and UID of the calendar entry that came with a mail."""
    part = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    calendar = Calendar.from_ical(part.get_content())
    event = calendar.walk("VEVENT")[0]
    return str(calendar["method"]), int(str(event["sequence"])), str(event["uid"])


def _has_entry(mail: EmailMessage) -> bool:
    return any(part.get_content_type() == "text/calendar" for part in mail.walk())


def _ask(walk: Walk, office: Page, start: datetime) -> str:
    """Fill in the request's page and send it; return the path of the request."""
    office.goto(f"{walk.service.url}/requests/new")
    walk.check(office)
    fill_in(office, start)
    office.fill("[name=notes]", NOTES)
    walk.act(office, "button[name=act][value=send]")
    expect(office.locator(".kern-alert--danger")).to_have_count(1)  # the consent was forgotten on purpose
    assert office.input_value("[name=notes]") == NOTES
    office.check("[name=consent][value=known]")
    walk.act(office, "button[name=act][value=send]")
    return office.url.removeprefix(walk.service.url)


def _offers(walk: Walk) -> dict[str, EmailMessage]:
    return {email: walk.sink.wait(email, "/o/") for email in (FIRST, SECOND)}


@pytest.mark.browser
def test_a_request_becomes_a_kept_appointment(walk: Walk) -> None:
    start = (walk.service.now + timedelta(days=7)).astimezone(BERLIN).replace(hour=9, minute=0, second=0)
    office, mediator, other = walk.person(OFFICE), walk.person(), walk.person()
    request_path = _ask(walk, office, start)

    confirmed = _the_first_yes_wins(walk, mediator, other)
    _everybody_sees_who_comes(walk, office, request_path, start)
    moved = _the_office_moves_it(walk, office, mediator, confirmed)
    asked = _she_is_asked_a_day_before(walk, mediator, start)
    taken = _she_hands_it_back_and_the_second_takes_it(walk, mediator, other, asked)
    cancelled = _the_office_cancels(walk, request_path)

    assert [_entry(mail)[0] for mail in (confirmed, moved, taken, cancelled)] == ["REQUEST"] * 3 + ["CANCEL"]
    assert _entry(moved)[2] == _entry(confirmed)[2]
    assert _entry(cancelled)[2] == _entry(taken)[2]
    assert [fault for fault in walk.faults if "the server responded with a status of 4" not in fault] == []


def _the_first_yes_wins(walk: Walk, mediator: Page, other: Page) -> EmailMessage:
    """Both are asked, looking changes nothing, the other finds it taken; return the confirmation."""
    offers = _offers(walk)
    assert NOTES not in "".join(text_of(mail) for mail in offers.values())
    for _ in range(2):
        mediator.goto(walk.service.url + _link(offers[FIRST], "o"))
    walk.check(mediator)
    walk.act(mediator, "button[name=answer][value=yes]")
    other.goto(walk.service.url + _link(offers[SECOND], "o"))
    expect(other.locator("button[name=answer]")).to_have_count(0)
    return walk.sink.wait(FIRST, "/a/")


def _everybody_sees_who_comes(walk: Walk, office: Page, request_path: str, start: datetime) -> None:
    office.goto(walk.service.url + request_path)
    expect(office.locator("main")).to_contain_text("Shirin")
    expect(office.locator("main")).not_to_contain_text("Rahmani")
    coordinator = walk.person(COORDINATOR)
    for path in ("/board", f"/appointments?day={start.strftime('%d.%m.%Y')}"):
        coordinator.goto(walk.service.url + path)
        walk.check(coordinator)


def _the_office_moves_it(walk: Walk, office: Page, mediator: Page, confirmed: EmailMessage) -> EmailMessage:
    """An hour later: the old link is dead, the new one asks for a yes and gets it; return the mail that asked."""
    office.locator("main a[href*='/appointments/']").first.click()
    walk.check(office)
    office.locator("main a[href$='/move']").first.click()
    walk.check(office)
    office.fill("[name=start]", "10:00")
    office.fill("[name=length]", "60")
    walk.act(office, "form[method=post] button.kern-btn--primary")
    moved = _newest(walk.sink, FIRST, lambda mail: _has_entry(mail) and _entry(mail)[1] == 1)
    dead = mediator.goto(walk.service.url + _link(confirmed, "a"))
    assert dead is not None
    assert dead.status == 410
    mediator.goto(walk.service.url + _link(moved, "a"))
    before = len(walk.sink.mails(FIRST))
    walk.act(mediator, "form[action$='/confirm'] button")
    _newest(walk.sink, FIRST, _has_entry, after=before)
    return moved


def _she_is_asked_a_day_before(walk: Walk, mediator: Page, start: datetime) -> EmailMessage:
    """The week passes; asked whether it stands, she says she comes; return the mail that asked."""
    before = len(walk.sink.mails(FIRST))
    walk.service.live_at((start - timedelta(days=1)).replace(hour=10, minute=5).astimezone(UTC))
    asked = _newest(walk.sink, FIRST, lambda mail: "/a/" in text_of(mail), after=before)
    mediator.goto(walk.service.url + _link(asked, "a"))
    walk.check(mediator)
    walk.act(mediator, "form[action$='/coming'] button")
    return asked


def _she_hands_it_back_and_the_second_takes_it(
    walk: Walk, mediator: Page, other: Page, asked: EmailMessage
) -> EmailMessage:
    """Who was second is asked at once; return the confirmation."""
    before = len(walk.sink.mails(SECOND))
    mediator.goto(walk.service.url + _link(asked, "a") + "/hand-back")
    walk.act(mediator, "form[action$='/hand-back'] button")
    again = _newest(walk.sink, SECOND, lambda mail: "/o/" in text_of(mail), after=before)
    other.goto(walk.service.url + _link(again, "o"))
    walk.act(other, "button[name=answer][value=yes]")
    return _newest(walk.sink, SECOND, lambda mail: "/a/" in text_of(mail), after=before)


def _the_office_cancels(walk: Walk, request_path: str) -> EmailMessage:
    """The talk does not take place: return the mail that takes it out of the mediator's calendar."""
    office = walk.person(OFFICE)  # her session has ended over the week
    office.goto(walk.service.url + request_path)
    expect(office.locator("main")).to_contain_text("Yama")
    office.goto(f"{walk.service.url}{request_path}/cancel")
    walk.check(office)
    office.check("[name=reason][value=own]")
    walk.act(office, "main form[method=post] button.kern-btn--primary")
    return _newest(walk.sink, SECOND, lambda mail: _has_entry(mail) and _entry(mail)[0] == "CANCEL")


def _newest(sink: Sink, to: str, holds: Callable[[EmailMessage], bool], *, after: int = 0) -> EmailMessage:
    """Return the newest message to `to` beyond the first `after` that holds, waiting for it."""
    return wait_for(
        lambda: next((mail for mail in reversed(sink.mails(to)[after:]) if holds(mail)), None), what=f"a mail to {to}"
    )
