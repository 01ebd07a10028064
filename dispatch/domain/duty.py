"""Decide who of the coordination is on duty, who stands in for whom, and whether an absence may be entered.

Days are local days, first and last one included. Nobody's reason for being away is asked or kept.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo

from dispatch.domain.errors import Invalid
from dispatch.domain.findings import Findings
from dispatch.domain.hours import DEFAULT as DEFAULT_HOURS
from dispatch.domain.hours import ServiceHours, is_service_day
from dispatch.domain.intervals import at_minute, to_local


@dataclass(frozen=True)
class DutyOptions:
    """Option: how long the coordination may be silent, hold a request, plan ahead.

    An alarm goes on to the deputies after so many minutes of service; a request that nobody fits, or all have
    declined, becomes one so many hours before its start. A claim ends by itself after its hours. The handover list
    looks so many days ahead and back.
    """

    escalate_after_minutes: int = 120
    near_start_hours: int = 48
    claim_hours: int = 4
    most_days_ahead: int = 400
    handover_days: int = 7
    handover_days_back: int = 3


DEFAULT = DutyOptions()


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the coordination; `counts`: with all rights, so that the office is staffed while they are there."""

    id: int
    name: str
    counts: bool = True
    active: bool = True


@dataclass(frozen=True, slots=True)
class Absence:
    """Somebody is away from–until, and who stands in, if anybody."""

    user_id: int
    first_on: date
    last_on: date
    deputy_id: int | None = None
    id: int | None = None

    def covers(self, day: date) -> bool:
        """Tell whether the day is one of these."""
        return self.first_on <= day <= self.last_on

    def overlaps(self, other: "Absence") -> bool:
        """Tell whether the two share a day."""
        return self.first_on <= other.last_on and other.first_on <= self.last_on


@dataclass(frozen=True, slots=True)
class Duty:
    """Who is there on a day, and which of them stand in for somebody who is away."""

    present: tuple[Colleague, ...] = ()
    deputies: tuple[Colleague, ...] = ()

    @property
    def people(self) -> tuple[Colleague, ...]:
        """Everybody on duty, each once: deputies first, since they expect to be asked."""
        return tuple(dict.fromkeys((*self.deputies, *self.present)))

    @property
    def is_anybody(self) -> bool:
        """Tell whether somebody is there at all."""
        return bool(self.present)


def on_duty(colleagues: Sequence[Colleague], absences: Iterable[Absence], day: date) -> Duty:
    """Return who is there on a local day; only those with all rights are.

    A deputy who is away or disabled stands in for nobody, and nobody needs one for somebody without all rights.
    """
    counting = {one.id for one in colleagues if one.counts}
    today = [absence for absence in absences if absence.covers(day)]
    away = {absence.user_id for absence in today}
    asked = {absence.deputy_id for absence in today if absence.user_id in counting}
    present = tuple(one for one in colleagues if one.active and one.counts and one.id not in away)
    return Duty(present, tuple(one for one in present if one.id in asked))


def needs_somebody(
    now: datetime, *, zone: tzinfo, holidays: frozenset[date], hours: ServiceHours = DEFAULT_HOURS
) -> bool:
    """Tell whether somebody should be there today: a service day whose hours are not over yet."""
    day = to_local(now, zone).date()
    minutes = hours.week[day.weekday()]
    if minutes is None or not is_service_day(day, holidays=holidays, options=hours):
        return False
    return now < at_minute(day, minutes[1], zone)


@dataclass(frozen=True, slots=True)
class TypedAbsence:
    """An absence as it was read from a form: None is what was left empty, `wrong` the code of each field not read."""

    user_id: int | None = None
    first_on: date | None = None
    last_on: date | None = None
    deputy_id: int | None = None
    wrong: Mapping[str, str] = field(default_factory=dict)


def check_absence(
    typed: TypedAbsence,
    colleagues: Sequence[Colleague],
    others: Iterable[Absence],
    today: date,
    *,
    options: DutyOptions = DEFAULT,
) -> Absence:
    """Return the absence if it may be kept beside the `others`; Invalid names each field that speaks against it.

    Refused: nobody or somebody unknown, no or an impossible day, an end before its beginning or before today, more
    than so many days ahead, a second absence on the same day; as a deputy oneself, somebody disabled or away on one
    of the days, or somebody with fewer rights.
    """
    known = {one.id: one for one in colleagues}
    findings = Findings({name: (code,) for name, code in typed.wrong.items()})
    for name in ("user_id", "first_on", "last_on"):
        findings.require(name, getattr(typed, name))
    if typed.user_id is not None and (typed.user_id not in known or not known[typed.user_id].active):
        findings.add("user_id", "unknown_choice")
    _check_days(findings, typed, today, options)
    if typed.deputy_id is not None:
        findings.add("deputy_id", *_against_deputy(typed.deputy_id, known.get(typed.user_id or 0), known))
    if typed.user_id is None or typed.first_on is None or typed.last_on is None:
        findings.raise_if_any()
        raise Invalid({})
    wanted = Absence(typed.user_id, typed.first_on, typed.last_on, typed.deputy_id)
    beside = {other.user_id for other in others if other.overlaps(wanted)}
    if wanted.user_id in beside:
        findings.add("first_on", "overlaps")
    elif wanted.deputy_id in beside:
        findings.add("deputy_id", "away")
    findings.raise_if_any()
    return wanted


def _check_days(findings: Findings, typed: TypedAbsence, today: date, options: DutyOptions) -> None:
    first, last = typed.first_on, typed.last_on
    furthest = timedelta(days=options.most_days_ahead)
    if first and abs(first - today) > furthest:
        findings.add("first_on", "too_far_away")
    elif first and last and last < first:
        findings.add("last_on", "before_first")
    elif last and last < today:
        findings.add("last_on", "over")
    elif last and last - today > furthest:
        findings.add("last_on", "too_far_away")


def _against_deputy(deputy_id: int, absent: Colleague | None, known: Mapping[int, Colleague]) -> tuple[str, ...]:
    deputy = known.get(deputy_id)
    if absent is not None and deputy_id == absent.id:
        return ("oneself",)
    if deputy is None:
        return ("unknown_choice",)
    if not deputy.active:
        return ("inactive",)
    return ("fewer_rights",) if absent is not None and absent.counts and not deputy.counts else ()
