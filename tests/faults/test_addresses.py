"""Whatever stands in an address or a header: a page of ours in the reader's language, and nothing is written."""

import re
from collections.abc import Iterator
from urllib.parse import quote, urlencode

import pytest
from werkzeug.test import TestResponse

from tests.faults.attacks import LANGUAGES, OWN_PAGE, faults_of, language_of
from tests.faults.pages import forms
from tests.faults.stores import Store
from tests.faults.values import NASTY, STORED, as_bytes
from tests.faults.world import World

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

BESIDES = (
    ("coordinator", "/requests", ("page", "day")),
    ("coordinator", "/appointments", ("page", "when", "day")),
    ("coordinator", "/mediators", ("page",)),
    ("coordinator", "/organisations", ("page", "kind")),
    ("coordinator", "/organisations/new", ("parent",)),
    ("coordinator", "/requests/new", ("again", "case", "organisation")),
    ("coordinator", "/offers/1", ("answer",)),
    ("coordinator", "/lookups/languages", ("q",)),
    ("coordinator", "/lookups/places", ("q",)),
    ("coordinator", "/mediators/1/availability", ("as",)),
    ("administrator", "/users", ("page", "role")),
    ("administrator", "/users/new", ("role", "mediator_id")),
    ("nobody", "/login", ("next", "lang")),
)
"""What links put into addresses, besides the fields of the forms that filter."""

NO_PAGES = (
    "/%ff%fe", "/%E2%80%AE", "/x%0d%0aSet-Cookie:%20a=b", "/static/%2e%2e/config.py", "/static/%00",
    "/mailbox/%2e%2e%2fx", "/" + "x" * 70_000,
)  # fmt: skip

HOSTS = ("evil.example", "localhost.evil.example", "localhost:99999", "local\x00host", "[")

HEADERS = {
    "languages": {"Accept-Language": "xx;q=abc,de;q=-1," + "a-" * 900},
    "a chosen language": {"Cookie": "lang=../../x"},
    "a session": {"Cookie": "session=\xff\x00.x.y"},
    "a long session": {"Cookie": "session=" + "x" * 5000},
    "where from": {"Referer": "http://[bad"},
    "an origin": {"Origin": "http://[bad"},
    "a method": {"X-HTTP-Method-Override": "DELETE"},
    "a kind of body": {"Content-Type": "\xff;;=;"},
    "a part": {"Range": "bytes=99999-"},
    "a time": {"If-Modified-Since": "yesterday"},
    "a script": {"HX-Request": "true"},
    "another host": {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"},
}


def queries(world: World) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Every role and page with the words that an address may hold after the question mark."""
    yield from ((found.role, found.path, tuple(found.form.fields)) for found in list(forms(world, "get")))
    yield from BESIDES


def test_no_filter_and_no_search_breaks_a_page(world: World, store: Store) -> None:
    faults = []
    nasty = list(world.nasty.values())
    for role, path, names in queries(world):
        browser = world.browser(role)
        for turn in range(len(nasty)):
            given = [(name, as_bytes(nasty[(turn + place) % len(nasty)])) for place, name in enumerate(names)]
            answer = browser.get(path, query_string=urlencode(given))
            faults += [(path, names, given, *wrong) for wrong in [faults_of(answer)] if wrong]

    assert faults == []
    assert store.written <= {"audit"}  # who read how a resident may be reached


def _not_a_problem(answer: TestResponse) -> list[str]:
    """Say that a call of the API, by whom it does not know, is answered otherwise than by a problem."""
    is_problem = answer.content_type == "application/problem+json" and answer.status_code in (401, 404, 405)
    return [] if is_problem else [answer.status]


def test_no_part_of_a_path_breaks_a_page(world: World, store: Store) -> None:
    browser = world.browser("coordinator")

    faults = []
    for rule in world.app.url_map.iter_rules():
        is_number = "<int:" in rule.rule
        for label, value in (STORED if is_number else NASTY).items() if rule.arguments else ():
            path = re.sub("<[^>]*>", quote(as_bytes(value), safe=""), rule.rule)
            method = "POST" if "POST" in (rule.methods or ()) else "GET"
            answer = browser.open(path, method=method, headers=OWN_PAGE)
            wrong = _not_a_problem(answer) if rule.rule.startswith("/api/") else faults_of(answer)
            faults += [(method, rule.rule, label, *wrong)] if wrong else []

    assert faults == []
    assert store.left == set()


@ON_SQLITE
def test_what_is_no_page_is_told_in_the_readers_language(world: World) -> None:
    browser = world.browser("nobody")
    asked = [(path, language) for path in NO_PAGES for language in LANGUAGES]

    answers = [browser.get(path, headers={"Accept-Language": language}) for path, language in asked]

    told = [(answer.status_code, language_of(answer)) for answer in answers]
    assert told == [(404, language) for _path, language in asked]


@ON_SQLITE
def test_no_header_breaks_a_page(world: World, store: Store) -> None:
    pages = (("nobody", "/"), ("nobody", "/login"), ("coordinator", "/requests/new"), ("nobody", world.links[0]))

    faults = []
    for role, path in pages:
        for label, headers in HEADERS.items():
            for method in ("GET", "POST"):
                answer = world.browser(role).open(path, method=method, headers=headers)
                faults += [(path, method, label, *wrong) for wrong in [faults_of(answer)] if wrong]
                faults += [(path, method, "evil")] if "evil.example" in answer.text + str(answer.headers) else []

    assert faults == []
    assert store.left == set()


@ON_SQLITE
def test_another_host_gets_nothing_and_no_mail_is_written(world: World, store: Store) -> None:
    email = world.people["requester"].email

    answers = {
        host: world.browser("nobody").post("/reset", data={"email": email}, headers={"Host": host}).status_code
        for host in HOSTS
    }

    assert answers == dict.fromkeys(HOSTS, 400)
    assert store.written == set()
