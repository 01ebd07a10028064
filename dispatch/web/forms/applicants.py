"""Read the form of an application and write it again, half filled or not, in whatever language the page is now.

What is kept are codes and typed words, never names of a language of the page.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dispatch.domain.applicants import DEFAULT
from dispatch.services.applicants import Entry
from dispatch.web.forms.pool_values import Ask, Form, Found, numbered, read_home

CODES = ("gender", "german_level", "transport")
TEXTS = ("name", "phone", "home")
FIRST_ROWS, SPARE_ROWS = 2, 1
_LONGEST_CODE = 20
_LEVEL = re.compile(r"languages\.(\d+)(\.level)?.*")


@dataclass(frozen=True, slots=True)
class Read:
    """What was read: the entry, what the fields show again, what to ask back, and the rows of the languages."""

    entry: Entry
    values: Mapping[str, Any]
    ask: Ask
    rows: tuple[str, ...] = field(default=())

    def field_of(self, name: str) -> str:
        """Return the field of the form that shows a finding: places in the list of languages become rows."""
        head = name.partition(".")[0]
        if head == "languages":
            match = _LEVEL.fullmatch(name)
            row = self.rows[int(match[1])] if match else next(iter(self.rows), "language-0")
            return f"{row}-level" if match and match[2] else row
        return {"home": "home", "times": "times"}.get(head, name)


def read(form: Form, ui_language: str, email: str | None = None) -> Read:
    """Read the form; `email` is the address of an application that has one already."""
    found: Found = {}
    ask: Ask = {}
    place = read_home(form, found, ask)
    rows = _rows(form)
    address = form.get("email", "") if email is None else email
    answers: dict[str, Any] = {name: form.get(name, "") for name in TEXTS}
    answers |= {name: _code(form.get(name, "")) for name in CODES}
    answers["modes"] = _codes(form, "modes")
    answers["times"] = _codes(form, "times")
    answers["place"] = [place.municipality, place.postal_code, place.town]
    answers["languages"] = list(rows.values())
    entry = Entry(address, answers, ui_language, form.get("consent") == "1", found)
    shown = values(address, answers) | {"consent": form.get("consent", ""), "home-choice": form.get("home-choice", "")}
    if form.get("act") == "more":
        shown["rows"] = min(DEFAULT.languages, shown["rows"] + 1)
    filled = tuple(name for name, (code, _level) in rows.items() if code)
    return Read(entry, shown, ask, filled)


def values(email: str, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return kept answers as the fields show them; an empty application begins with nothing chosen."""
    shown: dict[str, Any] = {"email": email}
    shown |= {name: answers.get(name, "") for name in (*TEXTS, *CODES)}
    shown |= {name: list(answers.get(name, ())) for name in ("modes", "times")}
    spoken = answers.get("languages", ())
    for place, (code, level) in enumerate(spoken):
        shown[f"language-{place}"], shown[f"language-{place}-level"] = code, level
    return shown | {"rows": min(DEFAULT.languages, max(FIRST_ROWS, len(spoken)))}


def _rows(form: Form) -> dict[str, list[str]]:
    """Return code and level of each row in its order; rows at the end in which nothing was chosen are left out."""
    found = [
        [_code(code), _code(form.get(f"{name}-level", ""))]
        for name, code in numbered(form, "language")[: DEFAULT.languages]
    ]
    while found and not any(found[-1]):
        found.pop()
    return {f"language-{place}": row for place, row in enumerate(found)}


def _codes(form: Form, name: str) -> list[str]:
    return list(dict.fromkeys(code for typed in form.getlist(name)[:40] if (code := _code(typed))))


def _code(typed: str) -> str:
    """Return a typed code; what is longer than any of ours was not chosen from our lists."""
    return typed if len(typed) <= _LONGEST_CODE and typed.isprintable() else ""
