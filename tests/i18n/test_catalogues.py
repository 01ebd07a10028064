"""The catalogues: complete, up to date, well formed for Babel and for gettext, and free of markup of their own."""

import re
import shutil
import subprocess
from gettext import c2py
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from dispatch.i18n.locales import LOCALES, SOURCE_TAG
from tests.i18n.catalogues import catalogue, extracted, locales, po_file, template

ROOT = Path(__file__).resolve().parents[2]
TRANSLATED = sorted(locale.tag for locale in LOCALES if locale.tag != SOURCE_TAG)

MARKUP = re.compile(r"</?[a-zA-Z][^>]*>|javascript:|&[a-z]+;|&#\d+;")
NAMES = re.compile(r"%\(([a-z_]+)\)")
INVISIBLE = re.compile("[\u202a-\u202e\u2066-\u2069\ufeff\x00-\x08\x0b-\x1f]")
PLURAL_EXAMPLES = {
    "de": {0: (1,), 1: (0, 2, 5, 11, 100)},
    "ar": {0: (0,), 1: (1,), 2: (2,), 3: (3, 10, 103), 4: (11, 26, 99, 111), 5: (100, 101, 202)},
}
"""For each locale, which numbers take which of its forms."""


def _ids(message: Message) -> tuple[str, ...]:
    return tuple(message.id) if isinstance(message.id, (list, tuple)) else (message.id,)


def _strings(message: Message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, (list, tuple)) else (message.string or "",)


def _translations(message: Message) -> tuple[str, ...]:
    """Return the texts that are there; test_a_catalogue_is_complete looks for the others."""
    return tuple(text for text in _strings(message) if text)


def _messages(tag: str) -> list[Message]:
    return [message for message in catalogue(tag) if message.id]


def test_every_language_of_the_menu_has_a_catalogue_and_no_other() -> None:
    assert locales() == TRANSLATED


def test_the_template_holds_the_texts_of_the_sources() -> None:
    assert template() == extracted()


@pytest.mark.parametrize("tag", TRANSLATED)
def test_a_catalogue_holds_the_texts_of_the_template(tag: str) -> None:
    texts = {(message.context, _ids(message)) for message in _messages(tag)}

    assert texts == {(text.context, text.texts) for text in template()}


@pytest.mark.parametrize("tag", TRANSLATED)
def test_a_catalogue_is_complete(tag: str) -> None:
    forms = catalogue(tag).num_plurals

    gaps = [
        _ids(message)[0]
        for message in _messages(tag)
        if not all(_strings(message)) or (message.pluralizable and len(_strings(message)) != forms)
    ]

    assert gaps == []


@pytest.mark.parametrize("tag", TRANSLATED)
def test_nothing_in_a_catalogue_is_unsure_or_left_over(tag: str) -> None:
    unsure = [_ids(message)[0] for message in _messages(tag) if message.fuzzy]

    assert (unsure, list(catalogue(tag).obsolete)) == ([], [])


@pytest.mark.parametrize("tag", TRANSLATED)
def test_babel_finds_no_fault(tag: str) -> None:
    faults = [(message.id, [str(error) for error in errors]) for message, errors in catalogue(tag).check()]

    assert faults == []


@pytest.mark.parametrize("tag", TRANSLATED)
def test_gettext_finds_no_fault(tag: str) -> None:
    program = shutil.which("msgfmt")
    assert program, "checking the catalogues needs msgfmt: install gettext"

    done = subprocess.run(
        [program, "--check-format", "--check-domain", "--output-file", "/dev/null", str(po_file(tag))],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("tag", TRANSLATED)
def test_translations_bring_no_markup_of_their_own(tag: str) -> None:
    added = [
        (text, found)
        for message in _messages(tag)
        for text in _translations(message)
        for found in MARKUP.findall(text)
        if not any(found in original for original in _ids(message))
    ]

    assert added == []


@pytest.mark.parametrize("tag", TRANSLATED)
def test_translations_hold_no_invisible_signs_of_direction(tag: str) -> None:
    assert [text for message in _messages(tag) for text in _translations(message) if INVISIBLE.search(text)] == []


@pytest.mark.parametrize("tag", TRANSLATED)
def test_translations_name_every_placeholder_of_the_source(tag: str) -> None:
    """A form for one or two may leave the number out, since the word says it."""
    wrong = []
    for message in _messages(tag):
        wanted = {name for text in _ids(message) for name in NAMES.findall(text)}
        for text in _translations(message):
            missing = wanted - set(NAMES.findall(text))
            if set(NAMES.findall(text)) - wanted or missing - ({"num"} if message.pluralizable else set()):
                wrong.append(text)

    assert wrong == []


@pytest.mark.parametrize("tag", TRANSLATED)
def test_a_translation_ends_as_its_source(tag: str) -> None:
    ends = {".": (".", "؟", "!"), "?": ("?", "؟"), ":": (":",), "…": ("…",)}
    wrong = [
        (_ids(message)[0], text)
        for message in _messages(tag)
        for text in _translations(message)
        if (end := _ids(message)[0][-1]) in ends and not text.endswith(ends[end])
    ]

    assert wrong == []


@pytest.mark.parametrize("tag", TRANSLATED)
def test_every_number_takes_the_form_that_the_translators_meant(tag: str) -> None:
    form = c2py(catalogue(tag).plural_expr)

    taken = {number: form(number) for numbers in PLURAL_EXAMPLES[tag].values() for number in numbers}

    assert taken == {number: index for index, numbers in PLURAL_EXAMPLES[tag].items() for number in numbers}


def test_built_catalogues_are_never_committed() -> None:
    assert "*.mo" in (ROOT / ".gitignore").read_text().split()
