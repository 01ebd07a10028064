"""Know the local time of the district: its zone and its public holidays, for every rule that needs them.

It never reads the clock; which days are worked is decided by `domain.hours`.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from dispatch.domain import hours
from dispatch.reference.holidays import public_holidays
from dispatch.services import options

_ZONE = {"name": "Europe/Berlin"}
_YEARS_AROUND = 2


def use_zone(name: str) -> None:
    """Set the zone of this installation (TIME_ZONE); called once when the application is wired."""
    _ZONE["name"] = name


def zone() -> ZoneInfo:
    """Return the zone in which people read and type times."""
    return ZoneInfo(_ZONE["name"])


def holidays(now: datetime) -> frozenset[date]:
    """Return the public holidays from the year before `now` to the second year after it."""
    land = options.read(hours.DEFAULT).land
    return public_holidays(now.year - 1, now.year + _YEARS_AROUND, land)
