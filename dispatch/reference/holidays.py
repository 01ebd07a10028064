"""Hand over the public holidays of Saxony as dates; never decides what a working day is."""

from datetime import date
from functools import cache

from holidays import country_holidays


@cache
def public_holidays(first_year: int, last_year: int) -> frozenset[date]:
    """Return the dates of the years from first to last, both included.

    Buß- und Bettag and Reformationstag count; Fronleichnam, kept in a few Sorbian parishes only, does not.
    """
    return frozenset(country_holidays("DE", subdiv="SN", years=range(first_year, last_year + 1)))
