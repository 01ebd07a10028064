"""Mailed links: a look changes nothing, a second answer is friendly, and no other token opens or tells anything."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from dispatch.database import run
from dispatch.models import AuditEntry, Link, Offer, OutboxMessage
from dispatch.services.transactions import reading
from tests.builders import NOW
from tests.faults.attacks import OWN_PAGE
from tests.faults.stores import Store
from tests.faults.world import World

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
STARTS = ("/o/", "/a/", "/r/", "/m/", "/reset/", "/invite/", "/login/")
PRIVATE = re.compile("Schulstraße|Sekretariat|Shirin|K7Q-4MX|schule@example|person[0-9]+@")
SCANNERS = (
    {"User-Agent": "Mozilla/5.0 (compatible; MSOffice 16)"},
    {"Sec-Purpose": "prefetch;prerender", "Purpose": "prefetch"},
    {"X-Moz": "prefetch"},
)
ELSEWHERE: tuple[dict[str, str], ...] = (
    {},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost.evil.example"},
    {"Origin": "http://[localhost"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Sec-Fetch-Site": "none"},
)


def link_of(world: World, start: str) -> str:
    return next(path for path in world.links if path.startswith(start))


def told(answer: TestResponse) -> tuple[int, str]:
    """What an answer says, apart from its number and from what is of this one request."""
    text = re.sub(r"404-[0-9a-f]{16}", "404", answer.text)
    text = re.sub(r'name="(csrf_token|next)" value="[^"]*"', "", text)
    return answer.status_code, re.sub(r'href="[^"]*(lang|next)=[^"]*"', "", text)


def count(world_of: type[OutboxMessage] | type[AuditEntry]) -> int:
    found = reading().scalar(select(func.count()).select_from(world_of)) or 0
    reading().close()
    return found


@pytest.fixture
def browser(world: World) -> FlaskClient:
    return world.browser("nobody")


@ON_SQLITE
@pytest.mark.parametrize("start", ["/o/", "/r/", "/reset/"])
def test_a_token_with_one_other_character_is_like_no_token(world: World, browser: FlaskClient, start: str) -> None:
    token = link_of(world, start).removeprefix(start)
    altered = [token[:i] + ("A" if token[i] != "A" else "B") + token[i + 1 :] for i in range(len(token))]
    unknown = told(browser.get(start + "never-made-by-anybody"))

    altered += [token[:-1], token + "A", token.lower(), token + "="]
    answers = {told(browser.get(start + one)) for one in altered}

    assert unknown[0] == 404
    assert answers == {unknown}


@ON_SQLITE
def test_a_token_opens_no_page_of_another_kind(world: World, browser: FlaskClient, store: Store) -> None:
    opened = []
    for start in STARTS:
        unknown = told(browser.get(start + "never-made-by-anybody"))
        for path in world.links:
            foreign = "/" + path.split("/")[1] + "/"
            if foreign != start:
                answer = browser.get(start + path.removeprefix(foreign))
                opened += [(start, foreign, answer.status_code)] if told(answer) != unknown else []

    assert opened == []
    assert store.left == set()


def test_a_link_that_has_ended_says_so_and_nothing_of_its_matter(world: World, store: Store) -> None:
    run(lambda session: session.execute(update(Link).values(expires_at=NOW - timedelta(seconds=1))))
    store.written.clear()

    seen = [world.browser("nobody").get(path) for path in world.links]
    sent = [world.browser("nobody").post(path, data={"answer": "yes"}, headers=OWN_PAGE) for path in world.links]

    assert {answer.status_code for answer in seen} == {410}
    assert {answer.status_code for answer in sent} == {400, 405, 410}
    assert [PRIVATE.findall(answer.text) for answer in (*seen, *sent) if PRIVATE.search(answer.text)] == []
    assert store.left == set()


def test_looking_at_a_link_any_number_of_times_changes_nothing(world: World, store: Store) -> None:
    for path in world.links:
        for turn in range(10):
            browser = world.browser("nobody")
            headers = SCANNERS[turn % len(SCANNERS)]
            browser.get(path, headers=headers)
            browser.get(f"{path}?answer=yes", headers=headers)
            browser.head(path, headers=headers)
            browser.options(path, headers=headers)

    assert store.written == set()


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_a_second_answer_is_friendly_and_does_nothing_more(world: World, store: Store, answer: str) -> None:
    path, pressed = link_of(world, "/o/"), {"answer": answer, "reason": "" if answer == "yes" else "no_time"}
    first = world.browser("nobody").post(path, data=pressed, headers=OWN_PAGE)
    before = count(OutboxMessage), count(AuditEntry)
    store.written.clear()

    others = [world.browser("nobody").post(path, data=pressed, headers=OWN_PAGE) for _ in range(2)]

    assert [one.status_code for one in (first, *others)] == [200, 200, 200]
    assert (count(OutboxMessage), count(AuditEntry)) == before
    assert store.left == set()
    assert reading().scalars(select(Offer.state)).all() == ["accepted" if answer == "yes" else "declined"]


@ON_SQLITE
def test_an_answer_sent_from_elsewhere_does_not_count(world: World, store: Store) -> None:
    posted = [link_of(world, "/o/"), *(path + "/coming" for path in world.links if path.startswith("/a/"))]
    posted += world.behind_links

    answers = {
        world.browser("nobody").post(path, data={"answer": "yes"}, headers=headers).status_code
        for headers in ELSEWHERE
        for path in posted
    }

    assert (answers, store.written) == ({403}, set())
