"""Read the form of an absence of the coordination; whether it holds is decided by `domain.duty`."""

from collections.abc import Mapping
from datetime import date, datetime

from dispatch.domain.duty import Absence, TypedAbsence
from dispatch.domain.intervals import to_local
from dispatch.services import local_time
from dispatch.web.forms.times import NotRead, parse_day

LONGEST_ID = 9


def read(form: Mapping[str, str], now: datetime) -> TypedAbsence:
    """Return what was typed; a day that is none and somebody who is no number become codes."""
    wrong: dict[str, str] = {}
    today = to_local(now, local_time.zone()).date()
    return TypedAbsence(
        user_id=_number(form, "user_id", wrong),
        first_on=_day(form, "first_on", today, wrong),
        last_on=_day(form, "last_on", today, wrong),
        deputy_id=_number(form, "deputy_id", wrong),
        wrong=wrong,
    )


def values_of(absence: Absence) -> dict[str, str]:
    """Return a stored absence as its form holds it."""
    return {
        "user_id": str(absence.user_id),
        "first_on": absence.first_on.isoformat(),
        "last_on": absence.last_on.isoformat(),
        "deputy_id": str(absence.deputy_id or ""),
    }


def _day(form: Mapping[str, str], name: str, today: date, wrong: dict[str, str]) -> date | None:
    try:
        return parse_day(form.get(name, ""), today)
    except NotRead as refused:
        wrong[name] = refused.code
        return None


def _number(form: Mapping[str, str], name: str, wrong: dict[str, str]) -> int | None:
    typed = form.get(name, "").strip()
    if not typed:
        return None
    if typed.isascii() and typed.isdecimal() and len(typed) <= LONGEST_ID:
        return int(typed)
    wrong[name] = "unknown_choice"
    return None
