"""Read the form of an organisation and write it again as it was typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dispatch.domain.organisations import TypedOrganisation
from dispatch.reference.phones import read_phone, write_phone
from dispatch.web.forms.pool_values import Ask, Form, Found, home_word, numbered, read_home, read_named

TEXTS = ("name", "kind", "address", "contact_email", "contact_name", "default_setting")
SPARE_PEOPLE = 1
_MOST_ROWS = 60


@dataclass(slots=True)
class ReadOrganisation:
    """What was read: the record, what could not be read, what to ask back."""

    typed: TypedOrganisation
    found: Found
    ask: Ask

    def fields_of(self, errors: Mapping[str, str]) -> dict[str, str]:
        """Return sentences by field of the form for sentences by field of the record."""
        placed: dict[str, str] = {}
        for name, sentence in errors.items():
            field = "home" if name.startswith("home") else name
            placed.setdefault("person-0" if field == "excluded_mediators" else field, sentence)
        return placed


def read(form: Form, people: Mapping[str, int]) -> ReadOrganisation:
    """Read the form; `people` are the words that stand for mediators."""
    found: Found = {}
    ask: Ask = {}
    plain: dict[str, Any] = {name: form.get(name, "") for name in TEXTS}
    typed = TypedOrganisation(
        **plain,
        parent=_parent(form, found),
        home=read_home(form, found, ask),
        phone=read_phone(form.get("phone", "")),
        excluded_mediators=read_named(form, "person", people, found),
        approves_mediators=form.get("approves_mediators") == "1",
        answers_to_mailbox=form.get("answers_to_mailbox") == "1",
        active=form.get("active") == "1",
    )
    return ReadOrganisation(typed, found, ask)


def values_of(form: Form) -> dict[str, Any]:
    """Return what was typed, as the fields show it again, with another row of people if asked for."""
    rows = len(numbered(form, "person")) + (form.get("act") == "more-person")
    return {name: form.get(name, "") for name in form} | {"person-rows": min(_MOST_ROWS, rows)}


def values(typed: TypedOrganisation, people: Mapping[int, str]) -> dict[str, Any]:
    """Return a stored record as the fields show it, with a spare row of people."""
    shown: dict[str, Any] = {name: getattr(typed, name) for name in TEXTS}
    shown["parent"] = "" if typed.parent is None else str(typed.parent)
    shown["home"] = home_word(typed.home)
    shown["phone"] = write_phone(typed.phone)
    for flag in ("approves_mediators", "answers_to_mailbox", "active"):
        shown[flag] = "1" if getattr(typed, flag) else ""
    for place, mediator_id in enumerate(typed.excluded_mediators):
        shown[f"person-{place}"] = people.get(mediator_id, "")
    return shown | {"person-rows": len(typed.excluded_mediators) + SPARE_PEOPLE}


def _parent(form: Form, found: Found) -> int | None:
    text = form.get("parent", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        found["parent"] = ("unknown",)
        return None
    return int(text)
