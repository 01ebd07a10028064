"""The catalogues: complete, up to date, well formed for Babel and for gettext, and free of markup of their own."""

import csv
import re
import shutil
import subprocess
from gettext import c2py
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from dispatch.i18n.locales import LOCALES
from tests.i18n.catalogues import catalogue, extracted, locales, po_file, template

ROOT = Path(__file__).resolve().parents[2]
VARIANTS = {"fa_AF": "fa"}
"""Catalogues that hold only what they say otherwise than another one."""
TRANSLATED = sorted({locale.catalogues[-1] for locale in LOCALES if locale.catalogues})

MARKUP = re.compile(r"</?[a-zA-Z][^>]*>|javascript:|&[a-z]+;|&#\d+;")
NAMES = re.compile(r"%\(([a-z_]+)\)")
INVISIBLE = re.compile("[\u202a-\u202e\u2066-\u2069\ufeff\x00-\x08\x0b-\x1f]")
ONE_AND_MORE: dict[int, tuple[int, ...]] = {0: (1,), 1: (0, 2, 5, 11, 100)}
NONE_OR_ONE_AND_MORE: dict[int, tuple[int, ...]] = {0: (0, 1), 1: (2, 5, 11, 100)}
SLAVIC: dict[int, tuple[int, ...]] = {0: (1, 21, 101), 1: (2, 4, 22, 103), 2: (0, 5, 11, 12, 14, 20, 25, 100, 111)}
"""Of their four forms the last one is for fractions."""
PLURAL_EXAMPLES: dict[str, dict[int, tuple[int, ...]]] = {
    "de": ONE_AND_MORE,
    "ar": {0: (0,), 1: (1,), 2: (2,), 3: (3, 10, 103), 4: (11, 26, 99, 111), 5: (100, 101, 202)},
    "fa": NONE_OR_ONE_AND_MORE,
    "fr": NONE_OR_ONE_AND_MORE,
    "ku": ONE_AND_MORE,
    "ps": ONE_AND_MORE,
    "ru": SLAVIC,
    "ti": NONE_OR_ONE_AND_MORE,
    "tr": ONE_AND_MORE,
    "uk": SLAVIC,
    "vi": {0: (0, 1, 2, 100)},
}
FORMS = {"ar": 6, "ru": 4, "uk": 4, "vi": 1}
"""How many forms a number has, where it is not two."""
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
    assert sorted({*locales()} - {*VARIANTS}) == TRANSLATED
    assert sorted(name for locale in LOCALES for name in locale.catalogues[:-1]) == sorted(VARIANTS)


def test_the_template_holds_the_texts_of_the_sources() -> None:
    assert template() == extracted()


@pytest.mark.parametrize("tag", TRANSLATED)
def test_a_catalogue_holds_the_texts_of_the_template(tag: str) -> None:
    texts = {(message.context, _ids(message)) for message in _messages(tag)}

    assert texts == {(text.context, text.texts) for text in template()}


@pytest.mark.parametrize("tag", TRANSLATED)
def test_a_catalogue_is_complete(tag: str) -> None:
    forms = catalogue(tag).num_plurals
    assert forms == FORMS.get(tag, 2)

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


@pytest.mark.parametrize("tag", [*TRANSLATED, *VARIANTS])
def test_babel_finds_no_fault(tag: str) -> None:
    faults = [(message.id, [str(error) for error in errors]) for message, errors in catalogue(tag).check()]

    assert faults == []


@pytest.mark.parametrize("tag", [*TRANSLATED, *VARIANTS])
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


@pytest.mark.parametrize("tag", [*TRANSLATED, *VARIANTS])
def test_translations_bring_no_markup_of_their_own(tag: str) -> None:
    added = [
        (text, found)
        for message in _messages(tag)
        for text in _translations(message)
        for found in MARKUP.findall(text)
        if not any(found in original for original in _ids(message))
    ]

    assert added == []


@pytest.mark.parametrize("tag", [*TRANSLATED, *VARIANTS])
def test_translations_hold_no_invisible_signs_of_direction(tag: str) -> None:
    assert [text for message in _messages(tag) for text in _translations(message) if INVISIBLE.search(text)] == []


@pytest.mark.parametrize("tag", [*TRANSLATED, *VARIANTS])
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
    ends = {".": (".", "؟", "!", "።"), "?": ("?", "؟", "፧"), ":": (":", "፦")}
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


@pytest.mark.parametrize(("tag", "base"), VARIANTS.items())
def test_a_variant_holds_what_it_says_otherwise_and_nothing_else(tag: str, base: str) -> None:
    said = {(message.context, _ids(message)): _strings(message) for message in _messages(base)}

    odd = [_ids(message)[0] for message in _messages(tag) if said.get((message.context, _ids(message))) is None]
    same = [
        _ids(message)[0]
        for message in _messages(tag)
        if said.get((message.context, _ids(message))) == _strings(message)
    ]

    assert (odd, same) == ([], [])


def test_built_catalogues_are_never_committed() -> None:
    assert "*.mo" in (ROOT / ".gitignore").read_text().split()


def test_the_glossary_has_every_term_in_every_language() -> None:
    with (ROOT / "translations" / "glossary.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    assert [(row["term"], tag) for row in rows for tag in TRANSLATED if not row[tag].strip()] == []
    assert len({row["term"] for row in rows}) == len(rows)


@pytest.mark.parametrize("tag", TRANSLATED)
def test_the_catalogues_use_the_terms_of_the_glossary(tag: str) -> None:
    """Of each noun at least one word begins as some word of the catalogue does: endings differ in many languages."""
    with (ROOT / "translations" / "glossary.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if not row["term"].startswith("to ")]
    terms = {row["term"]: re.findall(r"\w{2,}", row[tag].casefold()) for row in rows}
    said = " ".join(text.casefold() for message in _messages(tag) for text in _translations(message))

    unused = [term for term, words in terms.items() if not any(f" {word[:4]}" in f" {said}" for word in words)]

    assert unused == []
