"""Decide what is told to whom: surface × protection class × reader → facts, in one table.

It never decides whether somebody may open a thing at all (permissions do) and never loads or words anything.
Reference, notes, case token and reasons are no facts of this table: they stand on the pages of those who may read
them, and nowhere else.
"""

from collections.abc import Mapping
from enum import StrEnum

from dispatch.domain.permissions import Actor, Role
from dispatch.domain.ranking import Criterion
from dispatch.domain.settings import Protection


class Surface(StrEnum):
    """Where something is told.

    `message`: offers, reminders and every other mail, and the pages their links lead to before a yes. `appointment`:
    the appointment's page once a yes holds. `list`: board, lists, search, statistics, settlement. `record`: subjects,
    calendars, logs, metrics, names of files.
    """

    MESSAGE = "message"
    APPOINTMENT = "appointment"
    LIST = "list"
    RECORD = "record"


class Reader(StrEnum):
    """Who reads: `named` is a coordinator named for protected cases, `coordination` everybody else of it."""

    MEDIATOR = "mediator"
    OFFICE = "office"
    COORDINATION = "coordination"
    NAMED = "named"


class Fact(StrEnum):
    """Something of a request that may be told; `km_up` is the kilometres rounded up, `why` why somebody is asked."""

    NUMBER = "number"
    LANGUAGE = "language"
    DIALECT = "dialect"
    DAY = "day"
    TIME = "time"
    MODE = "mode"
    TOWN = "town"
    AREA = "area"
    GROUP = "group"
    SETTING = "setting"
    KM = "km"
    KM_UP = "km_up"
    WAY_MINUTES = "way_minutes"
    DEADLINE = "deadline"
    WHY = "why"
    ORGANISATION = "organisation"
    PERSON = "person"
    ADDRESS = "address"
    CONTACT = "contact"
    MEETING_NOTE = "meeting_note"
    ACCESS = "access"
    MEETING_POINT = "meeting_point"


Facts = frozenset[Fact]

NOTHING: Facts = frozenset()
_F = Fact
_WHEN: Facts = frozenset({_F.LANGUAGE, _F.DAY, _F.TIME})
_ASKED: Facts = _WHEN | {_F.NUMBER, _F.DIALECT, _F.MODE, _F.DEADLINE, _F.WHY}
_WHERE: Facts = frozenset({_F.ADDRESS, _F.CONTACT, _F.MEETING_NOTE, _F.ACCESS, _F.ORGANISATION})
_ALL: Facts = frozenset(Fact) - {_F.AREA, _F.KM_UP}
_LISTED: Facts = _WHEN | {_F.NUMBER, _F.DIALECT, _F.MODE, _F.TOWN, _F.GROUP, _F.ORGANISATION, _F.PERSON}
_N, _S, _P = Protection
_MEDIATOR, _OFFICE, _COORDINATION, _NAMED = Reader

# Columns: normal, sensitive, protected
_ROWS: Mapping[tuple[Surface, Reader], tuple[Facts, Facts, Facts]] = {
    (Surface.MESSAGE, _MEDIATOR): (
        _ASKED | {_F.TOWN, _F.GROUP, _F.KM, _F.WAY_MINUTES}, _ASKED | {_F.AREA, _F.KM_UP}, NOTHING,
    ),
    (Surface.MESSAGE, _OFFICE): (
        _ASKED | {_F.TOWN, _F.GROUP, _F.PERSON}, _ASKED | {_F.AREA, _F.PERSON}, NOTHING,
    ),
    (Surface.MESSAGE, _COORDINATION): (NOTHING, NOTHING, NOTHING),
    (Surface.MESSAGE, _NAMED): (NOTHING, NOTHING, NOTHING),
    (Surface.APPOINTMENT, _MEDIATOR): (
        _ASKED | _WHERE | {_F.TOWN, _F.GROUP, _F.SETTING, _F.KM, _F.WAY_MINUTES},
        _ASKED | _WHERE | {_F.TOWN, _F.GROUP, _F.SETTING, _F.KM, _F.WAY_MINUTES},
        _WHEN | {_F.NUMBER, _F.DIALECT, _F.MODE, _F.MEETING_POINT},
    ),
    (Surface.APPOINTMENT, _OFFICE): (_ALL, _ALL, _ALL),
    (Surface.APPOINTMENT, _COORDINATION): (_ALL, _ALL, NOTHING),
    (Surface.APPOINTMENT, _NAMED): (_ALL, _ALL, _ALL),
    (Surface.LIST, _MEDIATOR): (_ASKED | {_F.TOWN, _F.GROUP}, _ASKED | {_F.AREA}, _WHEN | {_F.NUMBER}),
    (Surface.LIST, _OFFICE): (_LISTED | {_F.SETTING}, _LISTED, _WHEN | {_F.NUMBER}),
    (Surface.LIST, _COORDINATION): (_LISTED | {_F.SETTING}, _LISTED, NOTHING),
    (Surface.LIST, _NAMED): (_LISTED | {_F.SETTING}, _LISTED, _WHEN | {_F.NUMBER}),
    **{(Surface.RECORD, reader): (frozenset({_F.NUMBER, _F.TIME}),) * 3 for reader in Reader},
}  # fmt: skip

_TELLING_OF_THE_PLACE = frozenset({Criterion.CONTINUITY, Criterion.BUNDLING, Criterion.EXPERIENCE})
"""Reasons for asking that would tell office, place or field to those who know the pool and themselves."""


def told(surface: Surface, protection: Protection | str, reader: Reader) -> Facts:
    """Return what may be told; nothing at all means that the thing does not exist there."""
    return _ROWS[surface, reader][list(Protection).index(Protection(protection))]


def reader_of(actor: Actor) -> Reader:
    """Return as whom somebody reads; jobs write on behalf of the coordination named."""
    match actor.role:
        case Role.MEDIATOR | Role.LINK:
            return Reader.MEDIATOR
        case Role.REQUESTER:
            return Reader.OFFICE
        case Role.SYSTEM:
            return Reader.NAMED
        case _:
            is_named = actor.role is Role.COORDINATOR and actor.handles_protected
            return Reader.NAMED if is_named else Reader.COORDINATION


def reasons_told(protection: Protection | str) -> frozenset[Criterion]:
    """Return the criteria that may be named to a mediator as the reason why she is asked."""
    every = frozenset(Criterion)
    match Protection(protection):
        case Protection.NORMAL:
            return every
        case Protection.SENSITIVE:
            return every - _TELLING_OF_THE_PLACE
        case Protection.PROTECTED:
            return frozenset()


def is_read_audited(protection: Protection | str, reader: Reader) -> bool:
    """Tell whether it is noted that somebody opened a page with the details: of what is not normal, by all but the
    unit whose own it is.
    """
    return protection != Protection.NORMAL and reader is not Reader.OFFICE
