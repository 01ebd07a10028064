"""Read the form of an account and write it again as it was typed.

Areas are numbered rows; an empty one counts as none, so that no script is needed.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from dispatch import i18n
from dispatch.domain.areas import TypedArea
from dispatch.domain.errors import Invalid
from dispatch.domain.users import TypedUser
from dispatch.messages.fields import field_sentence
from dispatch.web.forms.pool_values import Form, Found, numbered, read_day

TEXTS = ("email", "name", "role", "organisation_id", "mediator_id")
_MOST_ROWS = 40


@dataclass(frozen=True, slots=True)
class ReadUser:
    """What was read: the account, and by field of the account what could not be read."""

    typed: TypedUser
    found: Found


def read(form: Form, today: date) -> ReadUser:
    """Read the form; the day fields of areas are read as days, everything else stays text."""
    found: Found = {}
    areas = tuple(
        _area(form, name, place, today, found)
        for place, (name, _text) in enumerate(numbered(form, "area")[:_MOST_ROWS])
    )
    plain: dict[str, Any] = {name: form.get(name, "") for name in TEXTS}
    typed = TypedUser(
        **plain,
        areas=areas,
        ui_language=i18n.normalise(form.get("ui_language", "")) or "",
        handles_protected=form.get("handles_protected") == "1",
    )
    return ReadUser(typed, found)


def values_of(form: Form) -> dict[str, Any]:
    """Return what was typed, as the fields show it again, with another row of areas if asked for."""
    rows = numbered(form, "area")
    shown: dict[str, Any] = {name: form.get(name, "") for name in form if not name.startswith("area-")}
    for place, (name, text) in enumerate(rows):
        shown[f"area-{place}"] = text
        for part in ("first", "last"):
            shown[f"area-{place}-{part}"] = form.get(f"{name}-{part}", "")
    wanted = len(rows) + (form.get("act") == "more-area")
    return shown | {"area-rows": max(1, min(_MOST_ROWS, wanted))}


def values(typed: TypedUser) -> dict[str, Any]:
    """Return a stored account as the fields show it, with a spare row of areas."""
    shown: dict[str, Any] = {name: getattr(typed, name) for name in TEXTS}
    shown["ui_language"] = typed.ui_language
    shown["handles_protected"] = "1" if typed.handles_protected else ""
    for place, row in enumerate(typed.areas):
        shown[f"area-{place}"] = row.area
        for part in ("first", "last"):
            day = getattr(row, part)
            shown[f"area-{place}-{part}"] = day.isoformat() if day else ""
    return shown | {"area-rows": len(typed.areas) + 1}


def errors_of(refusal: Invalid) -> dict[str, str]:
    """Return the first sentence of every refused field, by field of the form."""
    return {
        _field(name): field_sentence(re.sub(r"\.\d+", "", name), codes[0]) for name, codes in refusal.errors.items()
    }


def area_words(typed: TypedUser) -> str:
    """Return the areas in words, for a comparison of two versions."""
    return i18n.formats().series(
        " ".join(filter(None, (row.area, "–".join(_day_word(day) for day in (row.first, row.last)).strip("–"))))
        for row in typed.areas
        if row.area
    )


def _area(form: Form, name: str, place: int, today: date, found: Found) -> TypedArea:
    wrong: Found = {}
    days = {part: read_day(form, f"{name}-{part}", today, wrong) for part in ("first", "last")}
    for part in days:
        if codes := wrong.get(f"{name}-{part}"):
            found[f"areas.{place}.{part}"] = codes
    return TypedArea(form.get(name, ""), days["first"], days["last"])


def _field(name: str) -> str:
    head, _, rest = name.partition(".")
    place, _, part = rest.partition(".")
    if head != "areas":
        return name
    return "area-0" if not place else f"area-{place}" if part == "area" else f"area-{place}-{part}"


def _day_word(day: date | None) -> str:
    return i18n.formats().date(day) if day else ""
