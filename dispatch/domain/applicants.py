"""Decide the way of an applicant into the pool: its states, its steps, and what a complete application holds.

It never looks anything up (what is known is handed in) and never decides who is taken: people do.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from dispatch.domain.availability import WeeklyWindow
from dispatch.domain.availability_checks import merged
from dispatch.domain.errors import Invalid, MoveRefused
from dispatch.domain.findings import Findings
from dispatch.domain.mediator_checks import check as check_mediator
from dispatch.domain.mediators import (
    ContactChannel,
    NewMediator,
    PoolContext,
    TypedDocument,
    TypedMediator,
    TypedSpoken,
)
from dispatch.domain.places import TypedPlace
from dispatch.domain.settings import DocumentType
from dispatch.domain.texts import clean_line, clean_prose


class ApplicantState(StrEnum):
    STARTED = "started"
    CONFIRMED = "confirmed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """What lies between an application and the first own appointment, in the usual order."""

    TALK = "talk"
    TRAINING = "training"
    UNDERTAKING = "undertaking"
    CERTIFICATE = "certificate"
    ACCOMPANIED = "accompanied"


class DayPart(StrEnum):
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


@dataclass(frozen=True, slots=True)
class ApplicantOptions:
    """Bounds of what may be typed, and which minutes of the day a ticked part of it means."""

    name: int = 120
    line: int = 200
    note: int = 500
    languages: int = 6
    morning: tuple[int, int] = (8 * 60, 12 * 60)
    afternoon: tuple[int, int] = (12 * 60, 17 * 60)
    evening: tuple[int, int] = (17 * 60, 20 * 60)

    def minutes(self, part: DayPart) -> tuple[int, int]:
        """Return begin and end of a part of the day, in minutes."""
        return {DayPart.MORNING: self.morning, DayPart.AFTERNOON: self.afternoon, DayPart.EVENING: self.evening}[part]


DEFAULT = ApplicantOptions()

_S = ApplicantState

MOVES: Mapping[ApplicantState, frozenset[ApplicantState]] = {
    _S.STARTED: frozenset({_S.CONFIRMED, _S.WITHDRAWN}),
    _S.CONFIRMED: frozenset({_S.ACCEPTED, _S.DECLINED, _S.WITHDRAWN}),
    _S.ACCEPTED: frozenset(),
    _S.DECLINED: frozenset({_S.WITHDRAWN}),
    _S.WITHDRAWN: frozenset(),
}

SHOWN = (_S.CONFIRMED, _S.ACCEPTED, _S.DECLINED)
"""States that the coordination sees: what was never sent, or was taken back, is nobody's business."""

NEEDED = (Step.TALK, Step.UNDERTAKING)
"""Steps without which nobody comes into the pool."""

AFTERWARDS = frozenset({Step.TRAINING, Step.ACCOMPANIED})
"""Steps that may still be taken by somebody of the pool; her documents are kept in her record by then."""

_TICKS = frozenset(f"{weekday}-{part}" for weekday in range(7) for part in DayPart)
_DATED = frozenset({Step.CERTIFICATE})
_DOCUMENTS = {Step.UNDERTAKING: DocumentType.UNDERTAKING, Step.CERTIFICATE: DocumentType.CONDUCT_CERTIFICATE}
_EARLIEST_YEAR = 1950


class Taken(NamedTuple):
    """A step that was taken: on which day, and of a certificate when it was issued."""

    step: Step
    done_on: date
    issued_on: date | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class TypedStep:
    """A step as typed; the days are read by the edge."""

    step: str
    done_on: date | None
    issued_on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class TypedApplicant:
    """An application as typed: the phone number E.164, codes unchecked, times as `0-morning`."""

    email: str = ""
    name: str = ""
    phone: str = ""
    gender: str = ""
    home: TypedPlace = field(default_factory=TypedPlace)
    languages: tuple[TypedSpoken, ...] = ()
    german_level: str = ""
    modes: tuple[str, ...] = ()
    transport: str = ""
    times: tuple[str, ...] = ()
    ui_language: str = ""
    consents: bool = False

    def as_mediator(self, documents: Iterable[TypedDocument] = ()) -> TypedMediator:
        """Return the record of the pool that this application asks for."""
        return TypedMediator(
            name=self.name, email=self.email, phone=self.phone, contact_channel=ContactChannel.MAIL,
            gender=self.gender, home=self.home, languages=self.languages, german_level=self.german_level,
            modes=self.modes, transport=self.transport, ui_language=self.ui_language, documents=tuple(documents),
        )  # fmt: skip


def move(state: str, target: ApplicantState) -> ApplicantState:
    """Return `target`, or raise MoveRefused when the table has no such move."""
    if target not in MOVES[ApplicantState(state)]:
        raise MoveRefused("applicant", state, target)
    return target


def check(
    typed: TypedApplicant,
    context: PoolContext,
    today: date,
    *,
    found: Mapping[str, Iterable[str]] | None = None,
    options: ApplicantOptions = DEFAULT,
) -> NewMediator:
    """Return the record that a complete application asks for; raises Invalid with the codes of each field.

    Fields are those of `mediator_checks`, and `times`, `transport`, `consent`.
    """
    findings = Findings(found)
    record = _record(findings, typed, context, today)
    if len(typed.languages) > options.languages:
        findings.add("languages", "too_many")
    findings.require("transport", typed.transport or None)
    findings.codes("times", _TICKS, typed.times)
    if not typed.consents:
        findings.add("consent", "required")
    findings.raise_if_any()
    assert record is not None
    return record


def check_kept(email: str, answers: Mapping[str, Any], options: ApplicantOptions = DEFAULT) -> str:
    """Return the address if what was typed so far can be kept; raises Invalid.

    Anything may be missing or not hold yet but the address, without which nobody could go on.
    """
    findings = Findings()
    address = findings.email("email", email)
    findings.require("email", address)
    for name in ("name", "home", "phone"):
        findings.add(name, *clean_line(str(answers.get(name, "")), options.line).codes)
    findings.raise_if_any()
    return address or ""


def windows(times: Collection[str], options: ApplicantOptions = DEFAULT) -> tuple[WeeklyWindow, ...]:
    """Return the usual week that ticks such as `0-morning` mean, Monday first; what is no tick is left out."""
    return merged(
        WeeklyWindow(weekday, *options.minutes(part))
        for weekday in range(7)
        for part in DayPart
        if f"{weekday}-{part}" in times
    )


def missing(taken: Collection[str]) -> tuple[Step, ...]:
    """Return the steps that must be taken before somebody comes into the pool."""
    return tuple(step for step in NEEDED if step not in taken)


def check_pool(taken: Collection[str]) -> None:
    """Raise Invalid with what is missing before somebody comes into the pool."""
    if lacking := missing(taken):
        raise Invalid({"": tuple(f"{step}_missing" for step in lacking)})


def may_take(step: Step, state: str) -> bool:
    """Tell whether a step may be taken, or taken back, now."""
    return state == _S.CONFIRMED or (state == _S.ACCEPTED and step in AFTERWARDS)


def check_step(typed: TypedStep, state: str, today: date, *, found: Mapping[str, Iterable[str]] | None = None) -> Taken:
    """Return the step if it may be recorded; raises Invalid, or MoveRefused when it is too late for it.

    Codes: `done_on` and `issued_on` `required`, `in_the_future`, `out_of_calendar`; `issued_on` `after_seen`.
    """
    findings = Findings(found)
    step = findings.required_member("step", Step, typed.step)
    issued_on = typed.issued_on if step in _DATED else None
    findings.require("done_on", typed.done_on)
    if step in _DATED:
        findings.require("issued_on", issued_on)
    for name, day in (("done_on", typed.done_on), ("issued_on", issued_on)):
        if day is not None and day > today:
            findings.add(name, "in_the_future")
        elif day is not None and day.year < _EARLIEST_YEAR:
            findings.add(name, "out_of_calendar")
    if issued_on and typed.done_on and issued_on > typed.done_on:
        findings.add("issued_on", "after_seen")
    note = findings.line("note", typed.note, DEFAULT.line)
    findings.raise_if_any()
    if not may_take(step, state):
        raise MoveRefused("applicant", state, state)
    assert typed.done_on is not None
    return Taken(step, typed.done_on, issued_on, note)


def check_note(text: str, options: ApplicantOptions = DEFAULT) -> str | None:
    """Return a note as it is kept; raises Invalid."""
    cleaned = clean_prose(text, options.note)
    if cleaned.codes:
        raise Invalid({"note": cleaned.codes})
    return cleaned.text or None


def documents(steps: Iterable[Taken]) -> tuple[TypedDocument, ...]:
    """Return the documents that were seen on the way: undertaking and certificate of good conduct."""
    return tuple(
        TypedDocument(_DOCUMENTS[one.step], one.done_on, one.issued_on or None)
        for one in steps
        if one.step in _DOCUMENTS
    )


def _record(findings: Findings, typed: TypedApplicant, context: PoolContext, today: date) -> NewMediator | None:
    """Return the record, or note what speaks against it; a field the edge could not read keeps its own codes."""
    try:
        return check_mediator(typed.as_mediator(), context, today)
    except Invalid as invalid:
        for name, codes in invalid.errors.items():
            if not findings.concerns(name):
                findings.add(name, *codes)
        return None
