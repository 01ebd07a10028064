"""The page that says how far each language is translated, and the word about it under every page."""

import re

from flask.testing import FlaskClient

from dispatch.i18n import LOCALES


def test_every_language_is_listed_with_its_share_and_whether_somebody_has_read_it(client: FlaskClient) -> None:
    page = client.get("/languages?lang=en").text

    rows = re.findall(r"<bdi lang=\"([\w-]+)\">.*?</th>\s*<td[^>]*>(.*?)</td>\s*<td[^>]*>(.*?)</td>", page, re.DOTALL)

    assert rows == [
        (locale.lang, "100 %", "written by the makers" if locale.tag in {"de", "en"} else "no") for locale in LOCALES
    ]


def test_a_language_nobody_has_read_says_so_under_every_page(client: FlaskClient) -> None:
    said = {tag: client.get(f"/login?lang={tag}").text.count('href="/languages"') for tag in ("de", "en", "ti", "prs")}

    assert said == {"de": 1, "en": 1, "ti": 2, "prs": 2}
