"""Fragments inside sentences: names stand in their own direction, lists are joined as the reader's language does."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2] / "templates"
PAGES = [path for path in sorted(ROOT.rglob("*.html")) if "mail" not in path.relative_to(ROOT).parts]

FOREIGN = re.compile(r"<(bdi|p|span|code)\b[^>]*\blang=\"(?:de|en)\"[^>]*>.*?</\1>", re.DOTALL)
ADDRESSES = re.compile(r"href=\"[^\"]*\{\{.*?\}\}[^\"]*\"")
LATIN_JOIN = re.compile(r"join\(\"[,;] \"\)|\{\{ \"[,;] \"|\}\}[,;] \{\{")

NAMES = "name call_name town badge_number reference case_token contact_name caller_name organisation_name mediator_name"
PRINTED_NAME = re.compile(rf"\{{\{{-?\s*(?:[a-z_]+\.)+(?:{'|'.join(NAMES.split())})\s*(?:or \"\"\s*)?-?\}}\}}")
NO_NAMES = {
    "base.html": ["service.name"],  # in <title>, which holds no markup
    "api_docs/readable.html": ["row.name"],  # a word of the program, in <code>
    "requests/_lines.html": ['row.town or ""'],  # handed to the sentence, which isolates it
    "macros/rank.html": ["part.name"],  # a criterion of the score, in the reader's language
}


def _bare(page: Path) -> str:
    return re.sub(r"\{#.*?#\}", "", page.read_text(), flags=re.DOTALL)


def _outside_of_bdi(text: str) -> Iterator[str]:
    """Yield what stands between tags of a template, without what is isolated."""
    titles = re.sub(r"\{% block title %\}.*?\{% endblock %\}", "", text, flags=re.DOTALL)
    yield from re.sub(r"<bdi\b[^>]*>.*?</bdi>|<[a-z][^<>]*>", "", titles, flags=re.DOTALL).splitlines()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_lists_are_joined_by_the_language_of_the_reader(page: Path) -> None:
    text = FOREIGN.sub("", ADDRESSES.sub("", _bare(page)))

    assert LATIN_JOIN.findall(text) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_names_stand_in_a_direction_of_their_own(page: Path) -> None:
    printed = [found for line in _outside_of_bdi(_bare(page)) for found in PRINTED_NAME.findall(line)]

    assert [found.strip("{} -") for found in printed] == NO_NAMES.get(str(page.relative_to(ROOT)), [])
