"""Find out whom of the pool a row of a file means, and merge what the row says into her record.

An empty cell erases nothing; what the row says of documents is added to what is on record.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date
from typing import Any

from dispatch.domain.mediators import TypedDocument, TypedMediator
from dispatch.domain.pool_documents import GivenDocument
from dispatch.models import Mediator
from dispatch.reference.files import fold
from dispatch.services import mediator_rows

_FIELDS = frozenset(field.name for field in fields(TypedMediator)) - {"documents", "remarks"}
_USUAL_MODES = ("on_site", "phone")


class People:
    """The people of the pool, found by badge, by external id, by name with address or number."""

    def __init__(self, rows: Iterable[Mediator]) -> None:
        self._by_badge: dict[int, Mediator] = {}
        self._by_external_id: dict[str, Mediator] = {}
        self._by_name: dict[str, list[Mediator]] = {}
        for row in rows:
            if row.badge_number is not None:
                self._by_badge[row.badge_number] = row
            if row.external_id:
                self._by_external_id[row.external_id] = row
            self._by_name.setdefault(fold(row.name), []).append(row)

    def find(self, given: Mapping[str, Any]) -> tuple[Mediator | None, str | None]:
        """Return who is meant (None = somebody new) and why that cannot be said, if so.

        Codes: `badge_of_another`, `other_external_id`, `several_people`.
        """
        if (badge := given.get("badge_number")) in self._by_badge:
            row = self._by_badge[badge]
            return (row, None) if _agree(row, given) else (None, "badge_of_another")
        external_id = given.get("external_id", "")
        if external_id in self._by_external_id:
            return self._by_external_id[external_id], None
        found = self._by_contact(given)
        if len(found) > 1:
            return None, "several_people"
        if found and external_id and found[0].external_id:
            return None, "other_external_id"
        return (found[0] if found else None), None

    def _by_contact(self, given: Mapping[str, Any]) -> list[Mediator]:
        """Return the people of that name with the address, else with the number, else the one without either."""
        email, phone = given.get("email", "").lower(), given.get("phone", "")
        same_name = self._by_name.get(fold(given.get("name", "")), []) or self._by_name.get(
            fold(given.get("typed_name", "")), []
        )
        if email and (found := [row for row in same_name if row.email == email]):
            return found
        without_email = [row for row in same_name if not email or not row.email]
        if phone and (found := [row for row in without_email if row.phone == phone]):
            return found
        return [row for row in without_email if not (email and row.email) and not (phone and row.phone)]


def _agree(row: Mediator, given: Mapping[str, Any]) -> bool:
    """Tell whether anything but the badge speaks for the same person."""
    names = {fold(given.get("name", "")), fold(given.get("typed_name", ""))}
    same_email = bool(row.email) and row.email == given.get("email", "").lower()
    same_external_id = bool(row.external_id) and row.external_id == given.get("external_id")
    return fold(row.name) in names or same_email or same_external_id


def merge(
    row: Mediator | None,
    refused_organisations: tuple[int, ...],
    given: Mapping[str, Any],
    kept: Sequence[str],
    today: date,
) -> TypedMediator:
    """Return the record as it would be after the row; languages without a level take that on record."""
    if row is None:
        base = TypedMediator(modes=_USUAL_MODES, call_name=given.get("first_name", ""))
    else:
        base = mediator_rows.typed(row, refused_organisations)
    said = {name: value for name, value in given.items() if name in _FIELDS}
    if row is not None and row.name == given.get("typed_name"):
        said["name"] = row.name
    levels = {spoken.code: spoken for spoken in base.languages}
    if "languages" in said:
        said["languages"] = tuple(_with_known(spoken, levels.get(spoken.code)) for spoken in said["languages"])
    said["documents"] = _documents(base.documents, given.get("documents", ()), today)
    said["remarks"] = _remarks(base.remarks, given.get("remarks"), kept)
    return replace(base, **said)


def _with_known(spoken: Any, known: Any) -> Any:
    """Fill what the file leaves open of a language with what is on record."""
    if known is None:
        return spoken
    return spoken._replace(level=spoken.level or known.level, dialects=spoken.dialects or known.dialects)


def _documents(
    stored: tuple[TypedDocument, ...], given: Iterable[GivenDocument], today: date
) -> tuple[TypedDocument, ...]:
    documents = list(stored)
    for one in given:
        if any(_says_same(one, known, today) for known in documents):
            continue
        seen_on = one.seen_on or today
        documents = [known for known in documents if (known.type, known.seen_on) != (one.type, seen_on)]
        documents.append(TypedDocument(one.type, seen_on, one.issued_on, one.valid_until))
    return tuple(documents)


def _says_same(given: GivenDocument, known: TypedDocument, today: date) -> bool:
    """Tell whether a document on record is the one of the file; a mere yes means any that has not ended."""
    if given.type != known.type:
        return False
    pairs = (
        (given.seen_on, known.seen_on),
        (given.issued_on, known.issued_on),
        (given.valid_until, known.valid_until),
    )
    said = [(new, old) for new, old in pairs if new is not None]
    if said:
        return all(new == old for new, old in said)
    return known.valid_until is None or known.valid_until >= today


def _remarks(stored: str, given: str | None, kept: Sequence[str]) -> str:
    """Return the remarks of the file, or those on record, with the lines that are kept and not yet there."""
    base = stored if given is None else given
    lines = base.splitlines()
    return "\n".join([*lines, *(line for line in dict.fromkeys(kept) if line not in lines)])
