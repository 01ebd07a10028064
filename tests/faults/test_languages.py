"""No page and no error says a word of another language than its reader's: every page of every role, every language."""

from urllib.parse import urljoin

import pytest
from flask.testing import FlaskClient

from dispatch.i18n import LOCALES, Locale, locale_of
from tests.browsing import post
from tests.faults.pages import forms
from tests.faults.test_markup import crawl
from tests.faults.world import World
from tests.i18n.leftovers import Shown, leftovers

GROUPS = [LOCALES[start::2] for start in range(2)]
THOROUGH = frozenset({"ti", "ku"})
"""Sentences come out of the same catalogues in every language: two with other letters are read by every role."""
FOR_SOMEBODY_ELSE = "week_plans.show"
"""A page to be printed in the language of whom it is for."""
FEWEST_VISITS = 120
FEWEST_COMPLAINTS = 20


def visits(world: World) -> list[tuple[str, str, str]]:
    """Return role, endpoint and path of every page that links lead to, one of each kind for a role."""
    found: dict[tuple[str, str], str] = {}
    for role in (*world.people, "nobody"):
        for path, answer in crawl(world, role):
            if answer.mimetype == "text/html" and answer.status_code != 302:
                endpoint, _ = world.app.url_map.bind("localhost").match(path.split("?")[0])
                found.setdefault((role, endpoint), path)
    return [(role, endpoint, path) for (role, endpoint), path in found.items() if endpoint != FOR_SOMEBODY_ELSE]


class Reader:
    """Somebody of each role who reads in one language."""

    def __init__(self, world: World, locale: Locale) -> None:
        self._world, self._locale = world, locale
        self._browsers: dict[str, FlaskClient] = {}

    def browser(self, role: str) -> FlaskClient:
        if role not in self._browsers:
            self._browsers[role] = self._world.browser(role)
            self._browsers[role].set_cookie("lang", self._locale.tag)
        return self._browsers[role]

    def address(self, path: str) -> str:
        """Return the address of a page in the language; some pages read no cookie."""
        bare, _, query = path.partition("?")
        kept = [one for one in query.split("&") if one and not one.startswith("lang=")]
        return f"{bare}?{'&'.join([*kept, f'lang={self._locale.tag}'])}"

    def foreign_words(self, html: str) -> dict[str, str]:
        page = Shown(html)
        assert page.language == self._locale.lang
        return leftovers(page.texts, self._locale.tag)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("locales", GROUPS, ids=lambda group: " ".join(locale.tag for locale in group))
def test_every_page_speaks_the_readers_language(world: World, locales: tuple[Locale, ...]) -> None:
    seen, found = visits(world), {}

    for locale in locales:
        reader, known = Reader(world, locale), set[str]()
        for role, endpoint, path in seen:
            if endpoint in known and locale.tag not in THOROUGH:
                continue
            known.add(endpoint)
            if words := reader.foreign_words(reader.browser(role).get(reader.address(path)).text):
                found[locale.tag, role, path] = words

    assert found == {}
    assert len(seen) > FEWEST_VISITS


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_complaint_speaks_the_readers_language(world: World) -> None:
    reader, asked, found = Reader(world, locale_of("ti")), 0, {}

    for form in list(forms(world)):
        empty = {name: "" for name in form.form.fields if name != "csrf_token"}
        answer = post(reader.browser(form.role), reader.address(urljoin(form.path, form.form.action)), empty)
        if answer.mimetype == "text/html" and answer.status_code >= 400:
            asked += 1
            if words := reader.foreign_words(answer.text):
                found[form.endpoint] = words

    assert found == {}
    assert asked > FEWEST_COMPLAINTS
