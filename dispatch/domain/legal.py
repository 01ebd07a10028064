"""Hold what the law asks the district to say in its own words: imprint, privacy, accessibility.

It never decides what must be said; an empty text leaves the shipped page as it is.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class LegalTexts:
    """Option: texts in paragraphs, a heading begins with `# `; each stands in place of the shipped one."""

    imprint: str = ""
    privacy: str = ""
    accessibility: str = ""


DEFAULT = LegalTexts()


def paragraphs(text: str) -> list[tuple[bool, list[str]]]:
    """Return the paragraphs of a text as lines, each with whether it is a heading."""
    blocks = [block.split("\n") for block in text.split("\n\n") if block.strip()]
    return [(block[0].startswith("# "), [line.removeprefix("# ") for line in block]) for block in blocks]
