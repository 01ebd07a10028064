"""Decide what the columns of a pool file hold, by the words of their heads in any order.

It never looks into the rows below, except to find the line of the heads.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dispatch.domain.pool_words import LEFT_OUT, Kind, Words

_LINES_ABOVE = 20


class Column(StrEnum):
    """What a column of a pool file may hold."""

    BADGE_NUMBER = "badge_number"
    EXTERNAL_ID = "external_id"
    NAME = "name"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    CALL_NAME = "call_name"
    EMAIL = "email"
    PHONE = "phone"
    MOBILE = "mobile"
    CONTACT_CHANNEL = "contact_channel"
    GENDER = "gender"
    HOME = "home"
    POSTAL_CODE = "postal_code"
    TOWN = "town"
    LANGUAGES = "languages"
    NATIVE_LANGUAGES = "native_languages"
    LANGUAGE_LEVEL = "language_level"
    GERMAN_LEVEL = "german_level"
    QUALIFICATION = "qualification"
    EXPERIENCE = "experience"
    REFUSED_SETTINGS = "refused_settings"
    MODES = "modes"
    MODE_ON_SITE = "mode_on_site"
    MODE_PHONE = "mode_phone"
    MODE_VIDEO = "mode_video"
    TRANSPORT = "transport"
    CAR = "car"
    MAX_DISTANCE_KM = "max_distance_km"
    WEEKLY_HOURS_LIMIT = "weekly_hours_limit"
    AVAILABILITY = "availability"
    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"
    NIGHT = "night"
    SHORT_NOTICE = "short_notice"
    AVOID_OWN_MUNICIPALITY = "avoid_own_municipality"
    SHARE_PHONE = "share_phone"
    SHARE_SURNAME = "share_surname"
    UNDERTAKING = "undertaking"
    UNDERTAKING_ISSUED = "undertaking_issued"
    UNDERTAKING_UNTIL = "undertaking_until"
    CONDUCT_CERTIFICATE = "conduct_certificate"
    CONDUCT_CERTIFICATE_SEEN = "conduct_certificate_seen"
    CONDUCT_CERTIFICATE_UNTIL = "conduct_certificate_until"
    MEASLES_PROOF = "measles_proof"
    MEASLES_PROOF_ISSUED = "measles_proof_issued"
    MEASLES_PROOF_UNTIL = "measles_proof_until"
    ACTIVE = "active"
    UI_LANGUAGE = "ui_language"
    REMARKS = "remarks"


SEVERAL = frozenset({Column.LANGUAGES, Column.LANGUAGE_LEVEL, Column.NATIVE_LANGUAGES, Column.REMARKS})
"""Columns of which a file may have more than one."""
NAMES = frozenset({Column.NAME, Column.FIRST_NAME, Column.LAST_NAME})


@dataclass(frozen=True, slots=True)
class Header:
    """The heads of a file as typed, what each column holds (None = unknown), and the line they stand in."""

    titles: tuple[str, ...]
    columns: tuple[Column | None, ...]
    line: int

    def places(self, *wanted: Column) -> tuple[int, ...]:
        """Return the columns, from 0, that hold one of the wanted things."""
        return tuple(place for place, column in enumerate(self.columns) if column in wanted)

    @property
    def unknown(self) -> tuple[int, ...]:
        """Return the columns that nobody knows and that have a head."""
        return tuple(place for place, column in enumerate(self.columns) if column is None and self.titles[place])


def find_header(rows: Sequence[tuple[int, Sequence[str]]], words: Words) -> Header | None:
    """Find the line of the heads among the first ones: the one with the most known words, a name among them.

    `rows` are lines with their cells. None when no line has a column of names and one of anything else.
    """
    found = [(read_header(cells, line, words)) for line, cells in rows[:_LINES_ABOVE]]
    known = [header for header in found if header.places(*NAMES) and _count(header) > 1]
    return max(known, key=_count, default=None)


def read_header(cells: Sequence[str], line: int, words: Words) -> Header:
    """Return what the columns hold; of two heads for one thing the first counts, the other is unknown."""
    columns: list[Column | None] = []
    for cell in cells:
        code = words.code(Kind.COLUMN, cell) if cell.strip() else None
        column = Column(code) if code is not None and code != LEFT_OUT else None
        columns.append(None if column in columns and column not in SEVERAL else column)
    titles = tuple(" ".join(cell.split()) for cell in cells)
    return Header(titles, _with_last_name(columns), line)


def places_by_field(header: Header) -> Mapping[str, int]:
    """Return the first column of each field of a record, for findings that name a field."""
    found: dict[str, int] = {}
    for place, column in enumerate(header.columns):
        if column is not None:
            found.setdefault(_FIELDS.get(column, column.value), place)
    return found


_FIELDS = {
    Column.FIRST_NAME: "name",
    Column.LAST_NAME: "name",
    Column.MOBILE: "phone",
    Column.POSTAL_CODE: "home",
    Column.TOWN: "home",
    Column.NATIVE_LANGUAGES: "languages",
    Column.LANGUAGE_LEVEL: "languages",
    Column.MODE_ON_SITE: "modes",
    Column.MODE_PHONE: "modes",
    Column.MODE_VIDEO: "modes",
    Column.CAR: "transport",
    Column.UNDERTAKING: "documents",
    Column.UNDERTAKING_ISSUED: "documents",
    Column.CONDUCT_CERTIFICATE: "documents",
    Column.CONDUCT_CERTIFICATE_SEEN: "documents",
    Column.MEASLES_PROOF: "documents",
}


def _with_last_name(columns: list[Column | None]) -> tuple[Column | None, ...]:
    """Read `Name` beside `Vorname` as the surname."""
    if Column.FIRST_NAME in columns and Column.LAST_NAME not in columns:
        return tuple(Column.LAST_NAME if column is Column.NAME else column for column in columns)
    return tuple(columns)


def _count(header: Header) -> int:
    return sum(1 for column in header.columns if column is not None)
