"""Read the form of a request: typed strings in, the value to check and what to ask back out; and the way back.

Which entries hold is decided by `domain.request_checks`; here every one keeps the name under which it is typed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from werkzeug.datastructures import MultiDict

from dispatch import i18n, messages
from dispatch.domain import request_checks, requests
from dispatch.domain.errors import Invalid
from dispatch.domain.intervals import to_local
from dispatch.domain.languages import NOT_LISTED
from dispatch.domain.requests import BookingContext, NewRequest, TypedRequest
from dispatch.domain.settings import Protection
from dispatch.messages.request_labels import FIELD_NAMES
from dispatch.reference.phones import read_phone
from dispatch.services import options
from dispatch.services.blocks import end_of
from dispatch.web.forms.choices import (
    ReadLanguages,
    ReadPlace,
    language_words,
    place_word,
    read_languages,
    read_place,
)
from dispatch.web.forms.talks import read_talks, talk_values
from dispatch.web.forms.times import NotRead, ReadSpan, TypedSpan, parse_instant, read_span

Values = dict[str, object]

_AS_TYPED = (
    "level", "dialect", "setting", "mode", "address", "place_note", "access_url", "contact_name", "qualification",
    "case_token", "continuity", "consent", "reference", "notes", "policy", "protection", "meeting_point",
)  # fmt: skip

FIELDS: Mapping[str, str] = {
    "organisation": "unit",
    "office.name": "new_name",
    "office.kind": "new_kind",
    "office.phone": "new_phone",
    "office.contact_email": "new_email",
    "languages": "language",
    "language_text": "language",
    "accept_related": "related",
    "starts_at": "day",
    "ends_at": "length",
    "place.municipality": "place",
    "place.postal_code": "place",
    "place.town": "place",
    "place.address": "address",
    "place.note": "place_note",
    "access.phone": "access_phone",
    "access.url": "access_url",
    "contact.name": "contact_name",
    "contact.phone": "contact_phone",
    "gender.value": "gender",
    "last_useful_answer_at": "latest",
    "exclude_mediators": "excluded",
    "preferred_mediators": "preferred",
    "avoid_municipalities": "avoided",
    "talks.minutes": "talk_minutes",
    "talks.lines": "talk_lines",
}
"""Where the checks' names of fields stand in the form, if under another name."""

_GENDERS = {
    "": ("", False),
    "female_wish": ("female", False),
    "female_only": ("female", True),
    "male_wish": ("male", False),
    "male_only": ("male", True),
    "diverse_wish": ("diverse", False),
    "diverse_only": ("diverse", True),
}


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """What was understood of a form, the codes of what was not, and what must be asked back."""

    typed: TypedRequest
    found: dict[str, tuple[str, ...]]
    languages: ReadLanguages
    place: ReadPlace
    span: ReadSpan
    is_length_typed: bool


def read(form: MultiDict[str, str], now: datetime, zone: tzinfo, *, organisation_id: int | None) -> ReadRequest:
    """Read a posted form; `organisation_id` is the unit's that asks."""
    languages = read_languages(form.get("language", ""), form.get("which_language", ""))
    place = read_place(form.get("place", ""), form.get("which_place", ""))
    length = "" if form.get("talks", "").strip() else form.get("length", "")
    span = read_span(TypedSpan(form.get("day", ""), form.get("start", ""), length, form.get("fold", "")), now, zone)
    found = _found(languages, place, span)
    latest = None
    try:
        latest = parse_instant(form.get("latest", ""), now, zone)
    except NotRead as refused:
        found["last_useful_answer_at"] = (refused.code,)
    talks = read_talks(form, found)
    ends_at = end_of(span.starts_at, talks) if talks and span.starts_at else span.ends_at
    gender, gender_strict = _GENDERS.get(form.get("gender", ""), (form.get("gender", ""), False))
    typed = TypedRequest(
        **{name: form.get(name, "") for name in _AS_TYPED},
        organisation_id=organisation_id,
        languages=languages.codes,
        accept_related=form.get("related") == "1",
        language_text=form.get("language", "") if NOT_LISTED in languages.codes else "",
        fallback_modes=tuple(mode for mode in form.getlist("fallback_modes") if mode != form.get("mode")),
        starts_at=span.starts_at,
        ends_at=ends_at,
        talks=talks,
        place=place.place,
        access_phone=read_phone(form.get("access_phone", "")),
        contact_phone=read_phone(form.get("contact_phone", "")),
        gender=gender,
        gender_strict=gender_strict,
        minor=form.get("minor") == "1",
        wants_approval=form.get("wants_approval") == "1",
        preferred_mediators=_ids(form.getlist("preferred")),
        exclude_mediators=_ids(form.getlist("excluded")),
        avoid_municipalities=tuple(dict.fromkeys(code for code in form.getlist("avoided") if code)),
        last_useful_answer_at=latest,
    )
    return ReadRequest(typed, found, languages, place, span, is_length_typed=bool(length.strip()))


def check(read: ReadRequest, context: BookingContext, now: datetime, *, before: NewRequest | None = None) -> NewRequest:
    """Return the request if it holds; raises Invalid, without asking for an end that could not be worked out."""
    try:
        return request_checks.check(
            read.typed, context, now, before=before, found=read.found, options=options.read(requests.DEFAULT)
        )
    except Invalid as refusal:
        raise told(read, refusal) from None


def told(read: ReadRequest, refusal: Invalid) -> Invalid:
    """Return the refusal without an end that is only missing because the beginning is."""
    errors = dict(refusal.errors)
    if read.is_length_typed and read.span.starts_at is None and errors.get("ends_at") == ("required",):
        del errors["ends_at"]
    return Invalid(errors)


def errors_of(refusal: Invalid) -> dict[str, str]:
    """Return one sentence for each field of the form, in the order in which the fields stand there."""
    sentences: dict[str, str] = {}
    for field, found in messages.field_sentences(refusal).items():
        sentences.setdefault(FIELDS.get(field, field), found[0])
    return {name: sentences[name] for name in sorted(sentences, key=_position)}


def typed_values(form: MultiDict[str, str]) -> Values:
    """Return what was typed, as it was typed, for showing the form again."""
    several = {"fallback_modes", "preferred", "excluded", "avoided"}
    return {name: form.getlist(name) if name in several else form.get(name, "") for name in form}


def values_of(request: NewRequest, zone: tzinfo) -> Values:
    """Return how a request stands in the form."""
    start = to_local(request.starts_at, zone)
    minutes = int((request.ends_at - request.starts_at).total_seconds()) // 60
    gender = f"{request.gender}_{'only' if request.gender_strict else 'wish'}" if request.gender else ""
    latest = request.last_useful_answer_at
    return {
        "organisation": str(request.organisation_id),
        "language": _languages_typed(request),
        "which_language": NOT_LISTED if NOT_LISTED in request.languages else "",
        "level": request.level or "",
        "related": "1" if request.accept_related else "",
        "dialect": request.dialect or "",
        "setting": request.setting,
        "mode": request.mode.value,
        "fallback_modes": [mode.value for mode in request.fallback_modes],
        "day": f"{start:%Y-%m-%d}",
        "start": f"{start.hour}:{start:%M}",
        "length": str(minutes),
        "fold": str(start.fold),
        "place": place_word(request.place) if request.place else "",  # type: ignore[arg-type]
        "address": request.address or "",
        "place_note": request.place_note or "",
        "access_phone": _phone(request.access_phone),
        "access_url": request.access_url or "",
        "contact_name": request.contact_name or "",
        "contact_phone": _phone(request.contact_phone),
        "gender": gender,
        "qualification": request.qualification or "",
        "minor": "1" if request.minor else "",
        "case_token": request.case_token or "",
        "continuity": request.continuity.value,
        "preferred": [str(one) for one in sorted(request.preferred_mediators)],
        "excluded": [str(one) for one in sorted(request.exclude_mediators)],
        "avoided": sorted(request.avoid_municipalities),
        "consent": request.consent.value,
        "latest": f"{to_local(latest, zone):%d.%m.%Y, %H:%M}" if latest else "",
        "reference": request.reference or "",
        "notes": request.notes or "",
        "policy": request.policy.value,
        "protection": request.protection.value if request.protection is not Protection.NORMAL else "",
        "meeting_point": request.meeting_point or "",
        "wants_approval": "1" if request.wants_approval else "",
        **talk_values(request.talks),
    }


def differences(mine: Values, theirs: Values) -> list[tuple[str, str, str]]:
    """Return name, typed and stored word of each field whose two versions differ, in the order of the form."""
    rows = []
    for name in _ORDER:
        typed, stored = _word(mine.get(name)), _word(theirs.get(name))
        if name in theirs and typed != stored:
            rows.append((str(FIELD_NAMES[name]), typed, stored))
    return rows


def _word(value: object) -> str:
    return i18n.formats().series(value) if isinstance(value, list) else str(value or "")


def _found(languages: ReadLanguages, place: ReadPlace, span: ReadSpan) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    if languages.error:
        found["languages"] = (languages.error,)
    if place.error:
        found["place"] = (place.error,)
    for name, code in span.codes.items():
        field = "ends_at" if name == "length" else "starts_at"
        found[field] = (*found.get(field, ()), code)
    return found


def _languages_typed(request: NewRequest) -> str:
    if NOT_LISTED in request.languages and request.language_text:
        return request.language_text
    return language_words(request.languages)


def _ids(typed: Iterable[str]) -> tuple[int, ...]:
    """Return the numbers; what is none stands as 0, which nobody has."""
    wanted = dict.fromkeys(text for text in typed if text)
    return tuple(int(text) if text.isdecimal() and len(text) <= 10 else 0 for text in wanted)


def _phone(number: str | None) -> str:
    return i18n.format_phone(number) if number else ""


_ORDER = (
    "unit", "new_name", "new_kind", "new_phone", "new_email", "channel", "caller_name", "caller_phone", "caller_email",
    "organisation", "language", "related", "dialect", "level", "setting", "protection", "case_token", "day", "start",
    "length", "talks", "talk_minutes", "talk_lines", "latest", "mode", "fallback_modes", "place", "address",
    "meeting_point", "place_note", "access_phone", "access_url", "contact_name", "contact_phone", "gender",
    "continuity", "qualification", "minor", "preferred", "excluded", "avoided", "wants_approval", "reference", "notes",
    "consent", "policy",
)  # fmt: skip


def _position(name: str) -> int:
    return _ORDER.index(name) if name in _ORDER else -1
