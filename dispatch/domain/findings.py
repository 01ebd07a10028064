"""Collect what speaks against typed values, field by field, so that all of it is told at once.

It never stops at the first fault and never holds a text for people.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from enum import StrEnum
from typing import TypeVar

from dispatch.domain.contacts import ContactRefused, is_phone, parse_email, parse_link
from dispatch.domain.errors import Invalid
from dispatch.domain.texts import Cleaned, clean_line, clean_prose

E = TypeVar("E", bound=StrEnum)


class Findings:
    """The codes found so far, each once per field; begins with those of the edge that read the values."""

    def __init__(self, found: Mapping[str, Iterable[str]] | None = None) -> None:
        self._codes: dict[str, list[str]] = {}
        for field, codes in (found or {}).items():
            self.add(field, *codes)

    def add(self, field: str, *codes: str) -> None:
        """Note codes against a field; `""` is the whole form."""
        for code in codes:
            noted = self._codes.setdefault(field, [])
            if code not in noted:
                noted.append(code)

    def concerns(self, field: str) -> bool:
        """Tell whether anything speaks against the field."""
        return field in self._codes

    def require(self, field: str, value: object) -> None:
        """Note `required` when the value is None or empty and nothing else speaks against the field."""
        if (value is None or value in ("", ())) and not self.concerns(field):
            self.add(field, "required")

    def line(self, field: str, raw: str, longest: int) -> str | None:
        """Return a text of one line as it is stored, None when empty or at fault."""
        return self._text(field, clean_line(raw, longest))

    def prose(self, field: str, raw: str, longest: int) -> str | None:
        """Return a text of several lines as it is stored, None when empty or at fault."""
        return self._text(field, clean_prose(raw, longest))

    def phone(self, field: str, number: str) -> str | None:
        """Return a number as `contacts` knows it, None when empty; `not_a_phone` is noted and the number returned."""
        if number and not is_phone(number):
            self.add(field, "not_a_phone")
        return number or None

    def email(self, field: str, raw: str) -> str | None:
        """Return an address as it is stored, None when empty or at fault."""
        return self._contact(field, raw, parse_email)

    def link(self, field: str, raw: str) -> str | None:
        """Return the address of a page as it is stored, None when empty or at fault."""
        return self._contact(field, raw, parse_link)

    def member(self, field: str, kind: type[E], raw: str) -> E | None:
        """Return the member that is written `raw`, None when empty or `unknown`."""
        if not raw:
            return None
        try:
            return kind(raw)
        except ValueError:
            self.add(field, "unknown")
            return None

    def required_member(self, field: str, kind: type[E], raw: str) -> E:
        """Return the member that is written `raw`; at fault (noted) the first one stands in its place."""
        member = self.member(field, kind, raw)
        self.require(field, member)
        return member or next(iter(kind))

    def members(self, field: str, kind: type[E], raw: Iterable[str]) -> tuple[E, ...]:
        """Return the members in their order; those unknown, empty or `repeated` are left out and noted."""
        known = {str(member): member for member in kind}
        return tuple(known[code] for code in self.codes(field, known, raw))

    def codes(self, field: str, known: Collection[str], raw: Iterable[str]) -> tuple[str, ...]:
        """Return the codes that are `known`, in their order; others (`unknown`, `repeated`) are noted."""
        kept: list[str] = []
        for code in raw:
            if code not in known:
                self.add(field, "unknown")
            elif code in kept:
                self.add(field, "repeated")
            else:
                kept.append(code)
        return tuple(kept)

    def people(self, field: str, known: Collection[int], raw: Iterable[int]) -> frozenset[int]:
        """Return the ids that are known; others are noted as `unknown`."""
        asked = frozenset(raw)
        if any(one not in known for one in asked):
            self.add(field, "unknown")
        return asked

    def raise_if_any(self) -> None:
        """Raise Invalid with everything found, or do nothing."""
        if self._codes:
            raise Invalid(self._codes)

    def _text(self, field: str, cleaned: Cleaned) -> str | None:
        self.add(field, *cleaned.codes)
        return None if cleaned.codes else cleaned.text or None

    def _contact(self, field: str, raw: str, parse: Callable[[str], str]) -> str | None:
        if not raw.strip():
            return None
        try:
            return parse(raw)
        except ContactRefused as refused:
            self.add(field, refused.code)
            return None
