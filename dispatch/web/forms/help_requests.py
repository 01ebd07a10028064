"""Read the form of a resident: typed strings in, the value to check out.

What holds is decided by `domain.help_checks`.
"""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import NamedTuple

from werkzeug.datastructures import MultiDict

from dispatch import messages
from dispatch.domain.errors import Invalid
from dispatch.domain.help_checks import TypedHelp
from dispatch.domain.intervals import to_local
from dispatch.reference.phones import read_phone
from dispatch.web.forms.times import NotRead, parse_clock, parse_day

_AS_TYPED = (
    "language", "language_text", "topic", "timing", "mode", "municipality", "address", "way", "contact",
    "contact_person", "call_name", "safe_times",
)  # fmt: skip

FIELDS: Mapping[str, str] = {"starts_at": "day", "place.municipality": "municipality"}
"""Where the checks' names of fields stand in the form, if under another name."""

ORDER = (
    "language", "language_text", "topic", "timing", "day", "start", "mode", "municipality", "address", "way",
    "contact_person", "contact", "safe_times", "call_name", "wants_mail",
)  # fmt: skip


class Read(NamedTuple):
    """What was understood of a form, and the codes of what was not."""

    typed: TypedHelp
    found: Mapping[str, tuple[str, ...]]


def read(form: MultiDict[str, str], now: datetime, zone: tzinfo) -> Read:
    """Read a posted form."""
    found: dict[str, tuple[str, ...]] = {}
    day = clock = None
    try:
        day = parse_day(form.get("day", ""), to_local(now, zone).date())
    except NotRead as refused:
        found["starts_at"] = (refused.code,)
    try:
        clock = parse_clock(form.get("start", ""))
    except NotRead as refused:
        found["start"] = (refused.code,)
    typed = TypedHelp(
        **{name: form.get(name, "") for name in _AS_TYPED},
        day=day,
        clock=clock,
        phone=read_phone(form.get("contact", "")),
        may_leave_message=form.get("may_leave_message") == "1",
        wants_mail=form.get("wants_mail") == "1",
    )
    return Read(typed, found)


def errors_of(refusal: Invalid) -> dict[str, str]:
    """Return one sentence for each field of the form, in the order in which the fields stand there."""
    sentences: dict[str, str] = {}
    for field, found in messages.field_sentences(refusal).items():
        sentences.setdefault(FIELDS.get(field, field), found[0])
    return {name: sentences[name] for name in sorted(sentences, key=ORDER.index)}
