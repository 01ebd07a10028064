"""Read page and filter words of an address, and make the addresses of the pages before and after."""

from datetime import MAXYEAR, MINYEAR, date
from urllib.parse import urlencode

from flask import request

from dispatch import clock
from dispatch.domain.intervals import to_local
from dispatch.domain.texts import clean_line
from dispatch.i18n import gettext as _
from dispatch.services import local_time
from dispatch.web.forms.times import NotRead, parse_day

_HIGHEST_PAGE = 1_000_000
_LONGEST_WORD = 120


def page_number() -> int:
    """Return the page that the address asks for, the first one if it asks for none."""
    return max(1, min(request.args.get("page", 1, int), _HIGHEST_PAGE))


def as_word(typed: str) -> str:
    """Return a word of a filter in one line, as it can be compared; none of control characters."""
    cleaned = clean_line(typed[:_LONGEST_WORD], _LONGEST_WORD)
    return "" if cleaned.codes else cleaned.text


def as_day(typed: str) -> date | None:
    """Return the day of a filter; None of what is no day, or the first or last year, which other zones leave."""
    try:
        day = parse_day(typed, to_local(clock.now(), local_time.zone()).date())
    except NotRead:
        return None
    return day if day and MINYEAR < day.year < MAXYEAR else None


def page_links(page: int, pages: int, total: int, size: int) -> dict[str, str | None]:
    """Return what `lists.pagination` takes: the addresses around this page, and where it stands."""
    first = (page - 1) * size + 1
    return {
        "previous": _address(page - 1) if page > 1 else None,
        "next": _address(page + 1) if page < pages else None,
        "where": _("%(first)s–%(last)s of %(total)s", first=first, last=min(page * size, total), total=total),
    }


def _address(page: int) -> str:
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "page"]
    return "?" + urlencode([*kept, ("page", page)])
