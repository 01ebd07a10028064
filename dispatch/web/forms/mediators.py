"""Read the form of a mediator's record and write it again as it was typed.

Rows of languages and documents are numbered fields; an empty row counts as none, so that no script is needed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from dispatch import i18n
from dispatch.domain.mediators import TypedDocument, TypedMediator, TypedSpoken
from dispatch.domain.texts import split_list
from dispatch.reference.phones import read_phone, write_phone
from dispatch.web.forms.choices import language_word, read_languages
from dispatch.web.forms.pool_values import (
    Ask,
    Form,
    Found,
    home_word,
    number_word,
    numbered,
    read_day,
    read_home,
    read_named,
    read_number,
)

TEXTS = (
    "name", "call_name", "email", "contact_channel", "gender", "german_level", "qualification", "transport",
    "ui_language", "external_id", "remarks", "call_times",
)  # fmt: skip
TICKS = (
    "night", "short_notice", "avoid_own_municipality", "share_phone", "share_surname", "active",
)  # fmt: skip
LISTS = ("experience", "refused_settings", "modes")
SPARE_LANGUAGES, SPARE_DOCUMENTS, SPARE_ORGANISATIONS = 2, 1, 1
_MOST_ROWS = 40


@dataclass(slots=True)
class ReadMediator:
    """What was read: the record, what could not be read, what to ask back, and the rows the lists came from."""

    typed: TypedMediator
    found: Found
    ask: Ask
    language_rows: tuple[str, ...] = ()
    document_rows: tuple[str, ...] = ()

    def fields_of(self, errors: Mapping[str, str]) -> dict[str, str]:
        """Return sentences by field of the form for sentences by field of the record."""
        placed: dict[str, str] = {}
        for name, sentence in errors.items():
            placed.setdefault(self._field(name), sentence)
        return placed

    def _field(self, name: str) -> str:
        head, _, rest = name.partition(".")
        place, _, part = rest.partition(".")
        if head == "home":
            return "home"
        if head == "languages":
            if not place:
                return next(iter(self.language_rows), "language-0")
            row = self.language_rows[int(place)]
            return row if part == "code" else f"{row}-{part}"
        if head == "documents":
            row = self.document_rows[int(place)]
            return row if part == "type" else f"{row}-{part}"
        return "organisation-0" if head == "refused_organisations" else name


@dataclass(slots=True)
class _Reader:
    form: Form
    today: date
    found: Found = field(default_factory=dict)
    ask: Ask = field(default_factory=dict)


def read(form: Form, organisations: Mapping[str, int], today: date) -> ReadMediator:
    """Read the form; `organisations` are the words that stand for units."""
    reader = _Reader(form, today)
    languages = _languages(reader)
    documents = _documents(reader)
    distance = read_number(form, "max_distance_km", reader.found)
    plain: dict[str, Any] = {name: form.get(name, "") for name in TEXTS}
    plain |= {name: form.get(name) == "1" for name in TICKS}
    plain |= {name: tuple(dict.fromkeys(form.getlist(name))) for name in LISTS}
    typed = TypedMediator(
        **plain,
        phone=read_phone(form.get("phone", "")),
        home=read_home(form, reader.found, reader.ask),
        languages=tuple(languages.values()),
        documents=tuple(documents.values()),
        refused_organisations=read_named(form, "organisation", organisations, reader.found),
        max_distance_km=None if distance is None else round(distance),
        weekly_hours_limit=read_number(form, "weekly_hours_limit", reader.found),
    )
    return ReadMediator(typed, reader.found, reader.ask, tuple(languages), tuple(documents))


def values_of(form: Form) -> dict[str, Any]:
    """Return what was typed, as the fields show it again, with spare rows."""
    values: dict[str, Any] = {name: form.get(name, "") for name in form}
    values |= {name: form.getlist(name) for name in LISTS}
    rows = {name: len(numbered(form, name)) for name in ("language", "document", "organisation")}
    more = form.get("act", "").removeprefix("more-")
    return values | {f"{name}-rows": min(_MOST_ROWS, count + (name == more)) for name, count in rows.items()}


def values(typed: TypedMediator, organisations: Mapping[int, str]) -> dict[str, Any]:
    """Return a stored record as the fields show it, with spare rows."""
    shown: dict[str, Any] = {name: getattr(typed, name) for name in TEXTS}
    shown |= {name: "1" if getattr(typed, name) else "" for name in TICKS}
    shown |= {name: list(getattr(typed, name)) for name in LISTS}
    shown["home"] = home_word(typed.home)
    shown["phone"] = write_phone(typed.phone)
    shown["max_distance_km"] = number_word(typed.max_distance_km)
    shown["weekly_hours_limit"] = number_word(typed.weekly_hours_limit)
    for place, spoken in enumerate(typed.languages):
        shown[f"language-{place}"] = language_word(spoken.code)
        shown[f"language-{place}-level"] = spoken.level
        shown[f"language-{place}-dialects"] = i18n.formats().series(spoken.dialects)
    for place, document in enumerate(typed.documents):
        shown[f"document-{place}"] = document.type
        for part in ("seen_on", "issued_on", "valid_until"):
            day = getattr(document, part)
            shown[f"document-{place}-{part}"] = day.isoformat() if day else ""
    for place, organisation_id in enumerate(typed.refused_organisations):
        shown[f"organisation-{place}"] = organisations.get(organisation_id, "")
    return shown | {
        "language-rows": len(typed.languages) + SPARE_LANGUAGES,
        "document-rows": len(typed.documents) + SPARE_DOCUMENTS,
        "organisation-rows": len(typed.refused_organisations) + SPARE_ORGANISATIONS,
    }


def _languages(reader: _Reader) -> dict[str, TypedSpoken]:
    """Read each row that names a language, by its field; one that is not understood is noted and left out."""
    found: dict[str, TypedSpoken] = {}
    for name, text in numbered(reader.form, "language"):
        if not text.strip():
            continue
        understood = read_languages(text, reader.form.get(f"{name}-choice", ""))
        if understood.error or len(understood.codes) != 1:
            _ask_back(reader, name, understood.error or "unknown", understood.choices)
            continue
        dialects = split_list(reader.form.get(f"{name}-dialects", ""))
        level = reader.form.get(f"{name}-level", "")
        found[name] = TypedSpoken(understood.codes[0], level, dialects)
    return found


def _ask_back(reader: _Reader, name: str, code: str, choices: Sequence[str]) -> None:
    reader.found[name] = (code,)
    spoken = [choice for choice in choices if choice not in {"und", "mis"}]
    if spoken:
        reader.ask[name] = [(choice, language_word(choice)) for choice in spoken]


def _documents(reader: _Reader) -> dict[str, TypedDocument]:
    """Read each row that names a document or a day, by its field."""
    found: dict[str, TypedDocument] = {}
    for name, kind in numbered(reader.form, "document"):
        days = {part: read_day(reader.form, f"{name}-{part}", reader.today, reader.found) for part in _DAYS}
        typed_any = kind or any(reader.form.get(f"{name}-{part}", "").strip() for part in _DAYS)
        if typed_any:
            found[name] = TypedDocument(kind, days["seen_on"], days["issued_on"], days["valid_until"])
    return found


_DAYS = ("seen_on", "issued_on", "valid_until")
