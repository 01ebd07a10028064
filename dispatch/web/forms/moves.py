"""Read the form of a move and say at its fields what does not hold; whether it fits is decided by the service."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from werkzeug.datastructures import MultiDict

from dispatch import messages
from dispatch.domain.errors import Invalid
from dispatch.domain.intervals import to_local
from dispatch.domain.modes import Mode
from dispatch.domain.moves import TypedMove
from dispatch.services.appointment_pages import Page
from dispatch.web.forms.choices import ReadPlace, place_word, read_place
from dispatch.web.forms.times import ReadSpan, TypedSpan, read_span

FIELDS = {
    "starts_at": "day",
    "ends_at": "length",
    "place.municipality": "place",
    "place.postal_code": "place",
    "place.town": "place",
    "place.address": "address",
    "place.note": "place_note",
}
"""Names of fields of a move as the form has them."""

_ORDER = ("day", "length", "place", "address", "meeting_point", "place_note")


@dataclass(frozen=True, slots=True)
class ReadMove:
    """A move as it was typed, and what the edge could not read; `place` is None where nobody has to travel."""

    typed: TypedMove
    found: dict[str, tuple[str, ...]]
    span: ReadSpan
    place: ReadPlace | None


def read(form: MultiDict[str, str], mode: str, now: datetime, zone: tzinfo) -> ReadMove:
    """Read a posted form of an appointment of this mode."""
    wanted = TypedSpan(form.get("day", ""), form.get("start", ""), form.get("length", ""), form.get("fold", ""))
    span = read_span(wanted, now, zone)
    found: dict[str, tuple[str, ...]] = {}
    for name, code in span.codes.items():
        field = "ends_at" if name == "length" else "starts_at"
        found[field] = (*found.get(field, ()), code)
    place = read_place(form.get("place", ""), form.get("which_place", "")) if mode == Mode.ON_SITE else None
    if place and place.error:
        found["place"] = (place.error,)
    typed = TypedMove(
        span.starts_at,
        span.ends_at,
        place=place.place if place else None,
        address=form.get("address", ""),
        place_note=form.get("place_note", ""),
        meeting_point=form.get("meeting_point", ""),
    )
    return ReadMove(typed, found, span, place)


def errors_of(refusal: Invalid, read: ReadMove) -> dict[str, str]:
    """Return one sentence for each field of the form, in the order in which the fields stand there.

    An end that could not be worked out because the start is at fault is not asked for.
    """
    sentences: dict[str, str] = {}
    for field, found in messages.field_sentences(refusal).items():
        if field != "ends_at" or read.span.starts_at is not None:
            sentences.setdefault(FIELDS.get(field, field), found[0])
    return {name: sentences[name] for name in sorted(sentences, key=_position)}


def values_of(page: Page, zone: tzinfo) -> dict[str, str]:
    """Return how an appointment stands in the form."""
    start = to_local(page.talk.starts_at, zone)
    minutes = int((page.talk.ends_at - page.talk.starts_at).total_seconds()) // 60
    return {
        "day": f"{start:%Y-%m-%d}",
        "start": f"{start:%H:%M}",
        "length": str(minutes),
        "fold": str(start.fold),
        "place": place_word(page.place) if page.place else "",
        "address": page.where.street or "" if page.where else "",
        "place_note": page.where.note or "" if page.where else "",
        "meeting_point": page.where.meeting_point or "" if page.where else "",
    }


def _position(name: str) -> int:
    return _ORDER.index(name) if name in _ORDER else len(_ORDER)
