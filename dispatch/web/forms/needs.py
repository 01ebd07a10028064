"""Read the one line of a need without a request and write it again as it was typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from werkzeug.datastructures import MultiDict

from dispatch.domain.languages import NOT_LISTED
from dispatch.domain.needs import TypedNeed
from dispatch.web.forms.choices import read_languages
from dispatch.web.forms.times import NotRead, parse_day

_AS_TYPED = ("setting", "kind", "municipality", "minutes", "why")


@dataclass(frozen=True, slots=True)
class ReadNeed:
    """What was read: the line, what could not be read, the languages to ask back."""

    typed: TypedNeed
    found: dict[str, tuple[str, ...]]
    choices: tuple[str, ...]


def read(form: MultiDict[str, str], today: date) -> ReadNeed:
    """Read the form; a word for several languages is asked back."""
    languages = read_languages(form.get("language", ""), form.get("which_language", ""))
    found: dict[str, tuple[str, ...]] = {"languages": (languages.error,)} if languages.error else {}
    day = None
    try:
        day = parse_day(form.get("day", ""), today)
    except NotRead as refused:
        found["day"] = (refused.code,)
    typed = TypedNeed(
        **{name: form.get(name, "") for name in _AS_TYPED},
        languages=languages.codes,
        language_text=form.get("language", "") if NOT_LISTED in languages.codes else "",
        day=day,
    )
    return ReadNeed(typed, found, languages.choices)


def errors_of(sentences: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return one sentence for each field of the form."""
    named = {"languages": "language", "language_text": "language"}
    return {named.get(field, field): found[0] for field, found in sentences.items()}


def typed_values(form: MultiDict[str, str]) -> dict[str, str]:
    """Return what was typed, as the fields show it again."""
    return {name: form.get(name, "") for name in form}
