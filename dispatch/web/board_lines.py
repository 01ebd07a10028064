"""Turn the tasks and the day of the board into what its page shows: addresses, hours, acts.

It must not decide what is a task or what comes first.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from flask import current_app, url_for

from dispatch import i18n
from dispatch.domain.intervals import to_local
from dispatch.domain.permissions import Act
from dispatch.domain.tasks import TaskKind
from dispatch.i18n import LazyString
from dispatch.i18n import lazy_gettext as _
from dispatch.services import board, board_day, claims, local_time, outbox
from dispatch.web.guards import may_do

FIRST_HOUR, LAST_HOUR = 8, 16
"""Hours that the day shows even when they are empty."""

ICONS = {
    TaskKind.UNCONFIRMED: "running-with-errors",
    TaskKind.HANDED_BACK: "reply",
    TaskKind.NOBODY_FITS: "person-search",
    TaskKind.EXHAUSTED: "hourglass-top",
    TaskKind.PROMISE_PASSED: "alarm",
    TaskKind.BY_HAND: "group",
    TaskKind.REVIEW: "help",
    TaskKind.CALLS: "call",
    TaskKind.APPROVAL: "call",
    TaskKind.UNDELIVERED: "mail",
    TaskKind.LEFT_WITH_APPOINTMENTS: "event-busy",
    TaskKind.DOCUMENT_BEFORE_APPOINTMENT: "warning",
    TaskKind.SAID_NO_MORE: "person",
    TaskKind.DATA_CHANGED: "edit",
    TaskKind.STILL_THERE: "phone-missed",
    TaskKind.WORDS: "chat",
    TaskKind.DOCUMENT_ENDS: "schedule",
    TaskKind.DATA_UNCONFIRMED: "phone-missed",
}

_WHO_FITS = _("Show who fits")
_OPENED = {
    TaskKind.CALLS: (_("To the calls"), ""),
    TaskKind.WORDS: (_("Read the message"), "#words"),
}
"""The word of the way to the thing itself, and the part of its page."""


class Way(NamedTuple):
    """The one next act of a task: where it is done and its word."""

    href: str
    word: LazyString | str


class Line(NamedTuple):
    """A task with everything its row needs; `strong` and `words` say when it is due."""

    task: board.Task
    id: str
    strong: str
    words: str
    is_late: bool
    icon: str
    way: Way | None
    open_href: str | None
    people_href: str | None
    looked_after_by: str | None = None
    is_mine: bool = False


def lines(tasks: Sequence[board.Task], now: datetime, reader_id: int | None = None) -> list[Line]:
    """Return the rows of the tasks, in their order, with who looks after each."""
    names = claims.names((task.request for task in tasks if task.request), now)
    return [_claimed(_line(task, now), names, now, reader_id) for task in tasks]


def _claimed(line: Line, names: Mapping[int, str], now: datetime, reader_id: int | None) -> Line:
    claim = claims.of(line.task.request, now) if line.task.request else None
    if claim is None:
        return line
    return line._replace(looked_after_by=names.get(claim.user_id), is_mine=claim.user_id == reader_id)


def hours(entries: board_day.Today, now: datetime) -> list[dict[str, Any]]:
    """Return one row an hour, with its appointments and the present time in its own row."""
    zone = local_time.zone()
    by_hour: dict[int, list[dict[str, Any]]] = {}
    for appointment, request in entries.rows:
        hour = to_local(max(appointment.starts_at, entries.day.start), zone).hour
        by_hour.setdefault(hour, []).append({"appointment": appointment, "request": request})
    is_today = entries.day.contains(now)
    this_hour = to_local(now, zone).hour if is_today else None
    named = [*by_hour, FIRST_HOUR, LAST_HOUR, *([this_hour] if this_hour is not None else [])]
    return [
        {
            "hour": hour,
            "past": is_today and this_hour is not None and hour < this_hour,
            "now": i18n.formats().clock(now) if hour == this_hour else None,
            "entries": by_hour.get(hour, []),
        }
        for hour in range(min(named), max(named) + 1)
    ]


def path_to(endpoint: str, **values: object) -> str | None:
    """Return the address of a page, None where this installation has no such page."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None  # type: ignore[arg-type]


def _line(task: board.Task, now: datetime) -> Line:
    formats = i18n.formats()
    request, appointment = task.request, task.appointment
    open_href = _open(task)
    people_href = None
    if request is not None and appointment is None and task.message is None and may_do(Act.CANDIDATE_VIEW):
        people_href = path_to("candidates.show", request_id=request.id)
    return Line(
        task=task,
        id=_id(task),
        strong=formats.moment(task.due_at, now),
        words=formats.due(task.due_at, now),
        is_late=task.due_at <= now,
        icon=ICONS[task.kind],
        way=_way(task, open_href, people_href),
        open_href=open_href,
        people_href=people_href,
    )


def _id(task: board.Task) -> str:
    if task.kind is TaskKind.CALLS:
        return "calls"
    if task.kind is TaskKind.WORDS and task.request is not None:
        return f"words-{task.request.id}"
    if task.message is not None:
        return f"message-{task.message.id}"
    if task.appointment is not None:
        return f"appointment-{task.appointment.id}"
    if task.request is not None:
        return f"request-{task.request.id}"
    if task.mediator is None:
        return "task"
    about = "mediator" if task.kind is TaskKind.STILL_THERE else task.kind.replace("_", "-")
    return "-".join([about, str(task.mediator.id), *([task.ending.type] if task.ending else [])])


def _open(task: board.Task) -> str | None:
    if task.kind is TaskKind.CALLS:
        return path_to("calls.index")
    if task.appointment is not None:
        return path_to("appointments.show", appointment_id=task.appointment.id)
    if task.request is not None:
        return path_to("requests.show", request_id=task.request.id)
    return path_to("mediators.show", mediator_id=task.mediator.id) if task.mediator else None


def _way(task: board.Task, open_href: str | None, people_href: str | None) -> Way | None:
    if task.mediator is not None and task.request is None and task.message is None:
        return _way_to_person(task.kind, task.mediator.id)
    match task.kind:
        case TaskKind.UNCONFIRMED:
            return _answer(task, "coming", open_href)
        case TaskKind.APPROVAL | TaskKind.PROMISE_PASSED if task.appointment is not None:
            return _answer(task, "confirm", open_href)
        case TaskKind.REVIEW:
            word = _("Decide") if may_do(Act.REQUEST_REVIEW) else _("Open")
            return Way(open_href, word) if open_href else None
        case TaskKind.UNDELIVERED:
            return _correct(task)
        case TaskKind.CALLS | TaskKind.WORDS:
            word, part = _OPENED[task.kind]
            return Way(f"{open_href}{part}", word) if open_href else None
        case TaskKind.BY_HAND:
            return Way(people_href, _("Choose people")) if people_href else None
        case _:
            return Way(people_href, _WHO_FITS) if people_href else None


def _way_to_person(kind: TaskKind, mediator_id: int) -> Way:
    match kind:
        case TaskKind.DOCUMENT_ENDS | TaskKind.DOCUMENT_BEFORE_APPOINTMENT:
            return Way(url_for("mediators.edit", mediator_id=mediator_id), _("Enter the new document"))
        case TaskKind.LEFT_WITH_APPOINTMENTS:
            return Way(url_for("leaving.replacing", mediator_id=mediator_id), _("Look for somebody else"))
        case _:
            return Way(url_for("mediators.show", mediator_id=mediator_id), _("See profile"))


def _answer(task: board.Task, word: str, open_href: str | None) -> Way | None:
    if task.appointment is None:
        return None
    href = path_to("appointments.ask", appointment_id=task.appointment.id, word=word) or open_href
    return Way(href, _("Record the answer")) if href else None


def _correct(task: board.Task) -> Way | None:
    if task.message is not None and task.message.kind in outbox.TO_PROVIDERS:
        href = path_to("providers.index")
    elif task.mediator is not None:
        number = task.mediator.id
        href = path_to("mediators.edit", mediator_id=number) or path_to("mediators.show", mediator_id=number)
    elif task.request is not None:
        number = task.request.organisation_id
        edit = path_to("organisations.edit", organisation_id=number)
        href = edit or path_to("organisations.show", organisation_id=number)
    else:
        href = None
    return Way(href, _("Correct the address")) if href else None
