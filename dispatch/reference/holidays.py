"""Hand over the public holidays of a federal state as dates; never decides what a working day is."""

from datetime import date
from functools import cache


@cache
def public_holidays(first_year: int, last_year: int, land: str = "SN") -> frozenset[date]:
    """Return the dates of the years from first to last, both included.

    In Saxony (SN) Buß- und Bettag and Reformationstag count; Fronleichnam, kept in a few Sorbian parishes, does not.
    """
    from holidays import country_holidays

    return frozenset(country_holidays("DE", subdiv=land, years=range(first_year, last_year + 1)))
