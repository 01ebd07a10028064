"""How far each language is translated, what the pages say about it, and what a change of language keeps."""

import re
from html import unescape

from flask.testing import FlaskClient
from sqlalchemy import func, select

from dispatch.i18n import LOCALES
from dispatch.models import Request
from dispatch.services.transactions import reading
from tests.browsing import post
from tests.builders import Builder
from tests.web.conftest import ClientFor

HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')


def test_every_language_is_listed_with_its_share_and_whether_somebody_has_read_it(client: FlaskClient) -> None:
    page = client.get("/languages?lang=en").text

    rows = re.findall(r"<bdi lang=\"([\w-]+)\">.*?</th>\s*<td[^>]*>(.*?)</td>\s*<td[^>]*>(.*?)</td>", page, re.DOTALL)

    assert rows == [
        (locale.lang, "100 %", "written by the makers" if locale.tag in {"de", "en"} else "no") for locale in LOCALES
    ]


def test_a_language_nobody_has_read_says_so_under_every_page(client: FlaskClient) -> None:
    said = {tag: client.get(f"/login?lang={tag}").text.count('href="/languages') for tag in ("de", "en", "ti", "prs")}

    assert said == {"de": 1, "en": 1, "ti": 2, "prs": 2}


def test_another_language_asks_with_what_was_sent_and_complains_again(build: Builder, client_for: ClientFor) -> None:
    browser = client_for(build.user())
    sent = {"languages": "Klingonisch", "notes": "Eingang <hinten>", "act": "send"}

    first = post(browser, "/requests/new?lang=de", sent)
    form = re.search(r'<form class="drop__body" action="([^"]*)".*?</form>', first.text, re.DOTALL)
    assert form
    fields = {unescape(name): unescape(value) for name, value in HIDDEN.findall(form[0]) if name != "csrf_token"}
    assert 'formaction="?lang=ti"' in form[0]
    second = post(browser, f"{form[1]}?lang=ti", fields)

    assert (first.status_code, second.status_code) == (422, 422)
    assert fields == sent
    assert '<html lang="ti"' in second.text
    assert "Eingang &lt;hinten&gt;</textarea>" in second.text
    assert reading().scalar(select(func.count()).select_from(Request)) == 0


def test_no_secret_is_written_into_the_menu(client: FlaskClient) -> None:
    page = post(client, "/login", {"email": "a@example.org", "password": "geheim und lang"})

    assert (page.status_code >= 400, "geheim und lang" in page.text) == (True, False)


def test_the_menu_never_repeats_what_was_done(build: Builder, client_for: ClientFor) -> None:
    """A new token is shown on the answer to its form: the same form again would make another."""
    page = post(client_for(build.user()), "/account/tokens", {"name": "Klinik", "lasts": "90"})

    assert (page.status_code, "gdd_" in page.text, 'name="name" value="Klinik"' in page.text) == (200, True, False)
