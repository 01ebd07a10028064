"""Know the words that passwords are made of by everybody; never which passwords are taken."""

from functools import cache

from dispatch.reference.files import DATA


@cache
def common_words() -> frozenset[str]:
    """Return the words in lower case, written for this project."""
    return frozenset((DATA / "password_words.txt").read_text("utf-8").split())
