"""The texts of the sources and the catalogues of the translators, read the way `./dev messages` reads them."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
TRANSLATIONS = ROOT / "translations"


@dataclass(frozen=True, slots=True)
class Text:
    """One message: its context or None, and its one or two texts (singular, plural)."""

    context: str | None
    texts: tuple[str, ...]


def keywords() -> dict[str, Any]:
    """Return the names of the functions whose texts are translated, as the script `dev` gives them."""
    given = re.findall(r"--keyword (\S+)", (ROOT / "dev").read_text())
    return {**DEFAULT_KEYWORDS, **parse_keywords(given)}


@cache
def extracted() -> tuple[Text, ...]:
    """Return every text of the sources, sorted, each once."""
    with (TRANSLATIONS / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    found = extract_from_dir(ROOT, methods, options, keywords(), strip_comment_tags=True)
    texts = {
        Text(context, message if isinstance(message, tuple) else (message,))
        for _file, _line, message, _comments, context in found
    }
    return tuple(sorted(texts, key=lambda text: (text.texts, text.context or "")))


def template() -> tuple[Text, ...]:
    """Return the texts of translations/messages.pot, sorted."""
    with (TRANSLATIONS / "messages.pot").open("rb") as file:
        catalogue = read_po(file)
    texts = {
        Text(message.context, tuple(message.id) if isinstance(message.id, (tuple, list)) else (message.id,))
        for message in catalogue
        if message.id
    }
    return tuple(sorted(texts, key=lambda text: (text.texts, text.context or "")))


def locales() -> list[str]:
    """Return the tags that have a catalogue."""
    return sorted(path.name for path in TRANSLATIONS.iterdir() if (path / "LC_MESSAGES" / "messages.po").is_file())


def po_file(tag: str) -> Path:
    """Return the catalogue of a tag."""
    return TRANSLATIONS / tag / "LC_MESSAGES" / "messages.po"


def catalogue(tag: str) -> Catalog:
    """Return the catalogue of a tag, read."""
    with po_file(tag).open("rb") as file:
        return read_po(file, locale=tag)
