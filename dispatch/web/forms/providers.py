"""Read the form of a provider and write it again as it was typed."""

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from dispatch.domain.languages import SPECIAL
from dispatch.domain.providers import TypedProvider
from dispatch.reference.phones import read_phone, write_phone
from dispatch.web.forms.choices import language_words, read_languages

TEXTS = ("name", "kind", "email", "url", "hours", "hint")


@dataclass(frozen=True, slots=True)
class ReadProvider:
    """What was read: the record, what could not be read, the languages to ask back."""

    typed: TypedProvider
    found: dict[str, tuple[str, ...]]
    choices: tuple[str, ...]


def read(form: MultiDict[str, str]) -> ReadProvider:
    """Read the form; a word for several languages is asked back, an empty field stands for every language."""
    languages = read_languages(form.get("languages", ""), form.get("which_language", ""))
    typed = TypedProvider(
        **{name: form.get(name, "") for name in TEXTS},
        phone=read_phone(form.get("phone", "")),
        languages=languages.codes,
        active=form.get("active") == "1",
    )
    found: dict[str, tuple[str, ...]] = {"languages": (languages.error,)} if languages.error else {}
    return ReadProvider(typed, found, tuple(code for code in languages.choices if code not in SPECIAL))


def typed_values(form: MultiDict[str, str]) -> dict[str, str]:
    """Return what was typed, as the fields show it again."""
    return {name: form.get(name, "") for name in form}


def values(typed: TypedProvider) -> dict[str, str]:
    """Return a record as the fields show it."""
    shown = {name: str(getattr(typed, name)) for name in TEXTS}
    return shown | {
        "languages": language_words(typed.languages),
        "phone": write_phone(typed.phone),
        "active": "1" if typed.active else "",
    }
