"""Decide whether the options of a topic hold, and what of them is kept: only what differs from the shipped value.

It must not know where they are stored. What was stored by another version of the program never stops anybody: a
value that cannot be read any more counts as shipped.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any, NamedTuple

from dispatch.domain.errors import Invalid
from dispatch.domain.findings import Findings
from dispatch.domain.option_kinds import Known, Reading
from dispatch.domain.option_topic import Topic

Stored = Mapping[str, Any]
"""JSON by field name, as it is kept and as it stands in a file."""

_SHAPES = (ValueError, TypeError, KeyError, AttributeError, OverflowError)
NAMED = frozenset({"gap", "overlap", "has_a_role"})
"""What a kind may say of JSON that it cannot take, besides that it is unreadable."""


class Changed(NamedTuple):
    """A form field whose text differs between two values."""

    name: str
    before: str
    after: str


def typed(topic: Topic, value: Any, known: Known) -> dict[str, str]:
    """Return a value as the texts of its form."""
    return {
        name: text
        for field, kind in topic.kinds.items()
        for name, text in kind.typed(field, getattr(value, field), known).items()
    }


def parse(topic: Topic, form: Mapping[str, str], known: Known) -> Any:
    """Return the value of a form; raises Invalid with codes by form field, all of them at once."""
    findings = Findings()
    reading = Reading(form, findings, known)
    values = {field: kind.parse(field, reading) for field, kind in topic.kinds.items()}
    findings.raise_if_any()
    try:
        value = replace(topic.shipped, **values)
    except ValueError as error:
        raise Invalid({"": ("does_not_fit_together",)}) from error
    topic.check(value, findings)
    findings.raise_if_any()
    return value


def dump(topic: Topic, value: Any) -> dict[str, Any]:
    """Return as JSON what differs from the shipped value."""
    return {
        field: kind.dump(getattr(value, field)) for field, kind in topic.kinds.items() if _differs(topic, value, field)
    }


def dump_whole(topic: Topic, value: Any) -> dict[str, Any]:
    """Return every field as JSON, for a file."""
    return {field: kind.dump(getattr(value, field)) for field, kind in topic.kinds.items()}


def load(topic: Topic, stored: Stored) -> Any:
    """Return the value that was kept; what cannot be read any more is as shipped."""
    values = {}
    for field, kind in topic.kinds.items():
        if field in stored:
            with suppress(*_SHAPES):
                values[field] = kind.load(stored[field])
    try:
        return replace(topic.shipped, **values)
    except ValueError:
        return topic.shipped


def load_strictly(topic: Topic, raw: Any, base: Any, known: Known) -> Any:
    """Return what a file says of a topic, fields that it leaves out as in `base`; raises Invalid by field.

    Codes: `unknown_field`, `unreadable`, `gap`, `overlap`, `has_a_role`, and those of the form.
    """
    if not isinstance(raw, dict):
        raise Invalid({"": ("unreadable",)})
    findings = Findings({"": ("unknown_field",)} if any(field not in topic.kinds for field in raw) else None)
    texts = typed(topic, base, known)
    for field, kind in topic.kinds.items():
        if field not in raw:
            continue
        try:
            shown = kind.typed(field, kind.load(raw[field]), known)
        except _SHAPES as error:
            findings.add(field, str(error) if str(error) in NAMED else "unreadable")
            continue
        texts = {name: text for name, text in texts.items() if not _belongs(name, field, topic)} | shown
    findings.raise_if_any()
    return parse(topic, texts, known)


def changed_fields(topic: Topic, before: Any, after: Any) -> tuple[str, ...]:
    """Return the fields that differ, in the order of the form."""
    return tuple(field for field in topic.kinds if getattr(before, field) != getattr(after, field))


def changes(topic: Topic, before: Any, after: Any, known: Known) -> tuple[Changed, ...]:
    """Return the form fields whose texts differ, in the order of the form, those that are no more last."""
    old, new = typed(topic, before, known), typed(topic, after, known)
    names = [*new, *(name for name in old if name not in new)]
    return tuple(
        Changed(name, old.get(name, ""), new.get(name, "")) for name in names if old.get(name, "") != new.get(name, "")
    )


def _differs(topic: Topic, value: Any, field: str) -> bool:
    return bool(getattr(value, field) != getattr(topic.shipped, field))


def _belongs(name: str, field: str, topic: Topic) -> bool:
    """Tell whether a form field is one of this field's, and of none whose name is longer."""
    return max((one for one in topic.kinds if name == one or name.startswith(f"{one}-")), key=len) == field
