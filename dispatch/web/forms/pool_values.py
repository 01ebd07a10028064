"""Read the small things that forms of the pool share: places, days, numbers, people and offices by name."""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from werkzeug.datastructures import MultiDict

from dispatch.domain.places import TypedPlace
from dispatch.reference import places
from dispatch.reference.files import fold
from dispatch.web.forms.choices import place_word, read_place
from dispatch.web.forms.times import NotRead, parse_day

_LARGEST = 1_000_000

Form = MultiDict[str, str]
Found = dict[str, tuple[str, ...]]
"""Codes by field of what could not be read."""
Ask = dict[str, list[tuple[str, str]]]
"""What a word of a field may mean: pairs of value and word to choose from."""


def read_home(form: Form, found: Found, ask: Ask) -> TypedPlace:
    """Read the field `home`, with the answer to an earlier question."""
    read = read_place(form.get("home", ""), form.get("home-choice", ""))
    if read.error:
        found["home"] = (read.error,)
        if read.choices:
            ask["home"] = [(place.key, place_word(place)) for place in read.choices]
    return read.place


def home_word(typed: TypedPlace) -> str:
    """Return how a stored home stands in its field."""
    place = places.find_place(
        ags=typed.municipality or None, postal_code=typed.postal_code or None, town=typed.town or None
    )
    return place_word(place) if place else f"{typed.postal_code} {typed.town}".strip()


def read_day(form: Form, name: str, today: date, found: Found) -> date | None:
    """Read a day."""
    try:
        return parse_day(form.get(name, ""), today)
    except NotRead as refused:
        found[name] = (refused.code,)
        return None


def read_number(form: Form, name: str, found: Found) -> float | None:
    """Read a number with a comma or a point."""
    text = form.get(name, "").strip().replace(",", ".")
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        found[name] = ("not_a_number",)
        return None
    if not abs(value) <= _LARGEST:
        found[name] = ("out_of_range",)
        return None
    return value


def number_word(value: float | None) -> str:
    """Return how a number stands in its field."""
    return "" if value is None else f"{value:g}".replace(".", ",")


def read_named(form: Form, name: str, known: Mapping[str, int], found: Found) -> tuple[int, ...]:
    """Read the fields `name-0`, `name-1` … with words of `known`; empty ones are left out."""
    ids = []
    for field, text in numbered(form, name):
        if not text.strip():
            continue
        key = next((id_ for word, id_ in known.items() if fold(word) == fold(text)), None)
        if key is None:
            found[field] = ("unknown",)
        else:
            ids.append(key)
    return tuple(dict.fromkeys(ids))


def numbered(form: Form, name: str) -> list[tuple[str, str]]:
    """Return the fields `name-0`, `name-1` … in their order."""
    found = sorted(int(match[1]) for field in form if (match := re.fullmatch(rf"{name}-([0-9]{{1,3}})", field)))
    return [(f"{name}-{place}", form.get(f"{name}-{place}", "")) for place in dict.fromkeys(found)]


def told_apart(entries: Iterable[tuple[int, str, str]]) -> dict[str, int]:
    """Map words to ids; `entries` are id, name and what is added to a name that several bear."""
    listed = list(entries)
    names = [name for _id, name, _more in listed]
    return {name if names.count(name) == 1 else f"{name} ({more})": id_ for id_, name, more in listed}
