"""Tell how far each language is translated and who has read it; counted from the catalogues that are in use."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from dispatch.i18n import catalogues
from dispatch.i18n.locales import LOCALES, Locale


@dataclass(frozen=True, slots=True)
class LanguageStatus:
    """A language with its share of translated texts; `is_drafted`: by machine; `reviewed_by`: a native speaker."""

    locale: Locale
    translated: int
    total: int
    is_drafted: bool
    reviewed_by: str
    reviewed_on: date | None

    @property
    def percent(self) -> int:
        """Whole percent, rounded down: 100 means that nothing is missing."""
        return 100 * self.translated // self.total if self.total else 0


def languages(directory: str) -> tuple[LanguageStatus, ...]:
    """Return every language of the menu, in its order."""
    folder = Path(directory)
    total, people = _total(folder), _people(folder)
    return tuple(
        LanguageStatus(
            locale,
            translated=catalogues.count(directory, locale.catalogues) if locale.catalogues else total,
            total=total,
            is_drafted=people.get(locale.tag, {}).get("drafted") == "machine",
            reviewed_by=people.get(locale.tag, {}).get("reviewed_by", ""),
            reviewed_on=_day(people.get(locale.tag, {}).get("reviewed_on", "")),
        )
        for locale in LOCALES
    )


def is_unread_draft(directory: str, tag: str) -> bool:
    """Tell whether a language was drafted by machine and no native speaker has read it since."""
    row = _people(Path(directory)).get(tag, {})
    return row.get("drafted") == "machine" and not row.get("reviewed_by")


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@lru_cache(maxsize=8)
def _people(folder: Path) -> Mapping[str, Mapping[str, str]]:
    try:
        with (folder / "review.csv").open(encoding="utf-8", newline="") as file:
            return {row["language"]: row for row in csv.DictReader(file)}
    except OSError:
        return {}


@lru_cache(maxsize=8)
def _total(folder: Path) -> int:
    """Count the texts of the template; its first entry is the head."""
    try:
        template = (folder / "messages.pot").read_text(encoding="utf-8")
    except OSError:
        return 0
    return len(re.findall(r"^msgid ", template, re.MULTILINE)) - 1
