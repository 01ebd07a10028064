"""Find words of another language in what a reader is shown.

A word gives itself away when it stands in the English sources (or the German catalogue) and in no translation of the
reader's language. Names, codes and what people typed are no words of the service; fragments that say in which
language they are, are read in that one.
"""

import re
from functools import cache
from html.parser import HTMLParser

from dispatch.i18n.locales import LOCALES
from tests.i18n.catalogues import catalogue, template

VOID = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
SPOKEN = frozenset({"alt", "aria-label", "aria-description", "placeholder", "title", "aria-roledescription"})
SILENT = frozenset({"script", "style", "template", "svg"})

_WORD = re.compile(r"[^\W\d_]{3,}")
_NO_WORDS = re.compile(r"%\(\w+\)[sd]|https?://\S+|\S+@\S+|[\w-]+\.[\w.-]+|\S*[/_=]\S*|\S*\d\S*")
VARIANT = {"prs": "fa"}


class Shown(HTMLParser):
    """The texts of a page that are read in its own language, attributes that are spoken among them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.language = ""
        self._open: list[tuple[str, bool]] = []
        self.feed(html)
        self.close()

    @property
    def _is_own(self) -> bool:
        return not self._open or self._open[-1][1]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "html":
            self.language = values.get("lang") or ""
        lang = values.get("lang")
        is_own = (self._is_own if lang is None else lang == self.language) and tag not in SILENT | {"bdi", "code"}
        if is_own:
            self.texts += [text for name, text in values.items() if name in SPOKEN and text]
        if tag not in VOID:
            self._open.append((tag, is_own))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._is_own and data.strip():
            self.texts.append(data)


def leftovers(texts: list[str], tag: str) -> dict[str, str]:
    """Return the foreign words of some texts, each with a text it stands in."""
    foreign = _foreign(VARIANT.get(tag, tag))
    return {word: text.strip()[:120] for text in texts for word in words(text) if word in foreign}


def words(text: str) -> set[str]:
    """Return the words of a text in small letters: no placeholders, addresses, numbers and codes."""
    return {word.casefold() for word in _WORD.findall(_NO_WORDS.sub(" ", text))}


@cache
def _foreign(tag: str) -> frozenset[str]:
    return (_of_sources() | _of("de")) - _of(tag) - ALLOWED


@cache
def _of_sources() -> frozenset[str]:
    return frozenset(word for text in template() for one in text.texts for word in words(one))


@cache
def _of(tag: str) -> frozenset[str]:
    if tag == "en":
        return _of_sources()
    found: set[str] = set()
    for message in catalogue(tag):
        strings = message.string if isinstance(message.string, (list, tuple)) else (message.string,)
        found.update(word for text in strings if message.id and text for word in words(text))
    return frozenset(found)


_NAMES = {"pdf", "privatpersonen", "gemeindedolmetscherdienst", "landkreis", "meißen", "jobcenter", "webhook"}
_OWN_NAMES = {word for locale in LOCALES for word in words(locale.own_name)}
_TYPED = {"klein", "undertaking", "klinik", "nachbarpool", "person", "sprachen", "telefon", "wohnort"}
"""What the people of the tests are called and have written; a code of a type of documents is typed, too."""
_DAYS = {"per"}
"""Short names of weekdays come from CLDR: Thursday in Turkish."""
ALLOWED = frozenset(_NAMES | _OWN_NAMES | _TYPED | _DAYS)
"""What may stand in every language."""
