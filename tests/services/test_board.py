"""What stands on the board, for whom, narrowed to what; how it is found and settled; on both databases."""

from datetime import date, timedelta
from typing import Any

import pytest

from dispatch.database import db, run
from dispatch.domain.errors import Forbidden, Missing
from dispatch.domain.permissions import Actor, Role
from dispatch.domain.settings import SettingGroup
from dispatch.domain.tasks import TaskKind
from dispatch.models import Appointment, AuditEntry, OutboxMessage, Request
from dispatch.services import board, board_day, bounces, calls, settings
from dispatch.services.board_filters import Filters, Span
from tests.builders import NOW, START, Builder
from tests.statements import counted

COORDINATOR = Actor(1, Role.COORDINATOR)
IN_RIESA = Actor(1, Role.REGIONAL_COORDINATOR, areas=frozenset({"Riesa"}))
RIESA: dict[str, Any] = {"municipality": "14627230", "town": "Riesa", "lat": 51.3077, "lon": 13.2917}
HOUR = timedelta(hours=1)


def message(**values: Any) -> OutboxMessage:
    """Store a message that the other side refused."""
    row = OutboxMessage(
        kind="offer", recipient="gone@example.org", locale="de", message_id=f"m{len(values)}{values}"[:120],
        state="failed", due_at=NOW, created_at=NOW, error="550 no such mailbox",
    )  # fmt: skip
    for name, value in values.items():
        setattr(row, name, value)

    def use_case(session: Any) -> OutboxMessage:
        session.add(row)
        session.flush()
        return row

    return run(use_case)


def kinds(actor: Actor = COORDINATOR, filters: Filters | None = None) -> list[tuple[str, int]]:
    """Return kind and id of what each task is about."""
    found = board.tasks(actor, filters or Filters(), NOW)
    return [(task.kind.value, task.request.id if task.request else 0) for task in found]


def searching(build: Builder, **values: Any) -> Request:
    defaults: dict[str, Any] = {"state": "searching", "wave_due_at": NOW + HOUR, "answer_by": NOW + 5 * HOUR}
    return build.request(**defaults | values)


def test_a_search_that_goes_its_way_is_no_task(build: Builder) -> None:
    request = searching(build)
    build.offer(request, build.mediator())

    assert kinds() == []


def test_each_cause_is_a_task_most_urgent_first(build: Builder) -> None:
    nobody = searching(build, nobody_fits_at=NOW, answer_by=NOW + 2 * HOUR)
    passed = searching(build, answer_by=NOW - HOUR)
    exhausted = searching(build, exhausted_at=NOW, answer_by=NOW + 4 * HOUR)
    back = searching(build, handed_back_at=NOW - HOUR, starts_at=NOW + 3 * HOUR)
    review = build.request(state="in_review", answer_by=NOW + 3 * HOUR, review_reasons="language")
    by_hand = build.request(policy="manual", answer_by=NOW + 6 * HOUR)

    assert kinds() == [
        ("handed_back", back.id),
        ("promise_passed", passed.id),
        ("nobody_fits", nobody.id),
        ("review", review.id),
        ("exhausted", exhausted.id),
        ("by_hand", by_hand.id),
    ]


def test_a_closed_request_is_no_task_whatever_it_remembers(build: Builder) -> None:
    for state in ("assigned", "completed", "unfilled", "cancelled", "draft"):
        build.request(state=state, nobody_fits_at=NOW, answer_by=NOW - HOUR)

    assert kinds() == []


def test_a_task_tells_how_the_people_of_this_revision_answered(build: Builder) -> None:
    request = searching(build, exhausted_at=NOW, revision=2)
    for state, revision in (("declined", 1), ("declined", 2), ("expired", 2), ("declined", 2), ("withdrawn", 2)):
        build.offer(request, build.mediator(), state=state, revision=revision)

    (task,) = board.tasks(COORDINATOR, Filters(), NOW)

    assert task.answers == board.Answers(declined=2, expired=1, waiting=0)


def test_all_calls_are_one_task_due_with_the_first(build: Builder) -> None:
    for hours in (5, 2):
        request = searching(build)
        offer = build.offer(request, build.mediator(email=None), channel="phone", deadline_at=NOW + hours * HOUR)
        run(lambda session, offer=offer: calls.ask_for_offer(session, offer, NOW))  # type: ignore[misc]

    (task,) = board.tasks(COORDINATOR, Filters(), NOW)

    assert (task.kind, task.times, task.due_at) == (TaskKind.CALLS, 2, NOW + 2 * HOUR)
    assert board.tasks(IN_RIESA, Filters(), NOW) == []


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param({"reconfirm_alarm_at": NOW}, "unconfirmed", id="silent"),
        pytest.param({"reconfirm_alarm_at": NOW, "state": "reconfirmed"}, None, id="said so in the meantime"),
        pytest.param({}, None, id="not asked yet"),
        pytest.param({"state": "proposed", "awaits": "mediator", "deadline_at": NOW + HOUR}, None, id="asked by mail"),
    ],
)
def test_an_appointment_is_a_task_while_its_mediator_stays_silent(
    build: Builder, values: dict[str, Any], expected: str | None
) -> None:
    request = build.request(state="assigned")
    build.appointment(request, build.mediator(), **values)

    assert kinds() == ([(expected, request.id)] if expected else [])


def test_a_proposal_without_a_yes_when_the_promise_passes_is_a_task(build: Builder) -> None:
    person = build.mediator()
    late, early = (build.request(state="assigned", answer_by=NOW + by) for by in (-HOUR, HOUR))
    for request, hours in ((late, 2), (early, 4)):
        starts_at = NOW + hours * HOUR
        build.appointment(request, person, state="proposed", awaits="mediator", starts_at=starts_at,
                          ends_at=starts_at + HOUR, deadline_at=NOW + HOUR)  # fmt: skip

    assert kinds() == [("promise_passed", late.id)]


def test_messages_to_one_bad_address_are_one_task_until_they_are_seen(build: Builder) -> None:
    request = searching(build)
    message(request_id=request.id)
    latest = message(request_id=request.id, state="uncertain")
    message(recipient="fine@example.org", state="sent")

    (task,) = board.tasks(COORDINATOR, Filters(), NOW)
    settled = bounces.mark_seen(COORDINATOR, latest.id, NOW)

    assert (task.kind, task.times, task.message and task.message.id) == (TaskKind.UNDELIVERED, 2, latest.id)
    assert (settled, kinds()) == (2, [])
    assert run(lambda session: session.query(AuditEntry).filter_by(act="see_failure").count()) == 2
    assert bounces.mark_seen(COORDINATOR, latest.id, NOW) == 0


def test_only_who_may_settle_a_message_does(build: Builder) -> None:
    failed, sent = message(), message(state="sent", recipient="fine@example.org")

    with pytest.raises(Forbidden):
        bounces.mark_seen(IN_RIESA, failed.id, NOW)
    with pytest.raises(Missing):
        bounces.mark_seen(COORDINATOR, sent.id, NOW)
    with pytest.raises(Missing):
        bounces.mark_seen(COORDINATOR, 999_999, NOW)
    assert build is not None


def test_a_regional_coordinator_sees_the_own_areas_only(build: Builder) -> None:
    here = searching(build, nobody_fits_at=NOW, **RIESA)
    there = searching(build, nobody_fits_at=NOW)
    for request in (here, there):
        build.appointment(request, build.mediator(), reconfirm_alarm_at=NOW)
    message(request_id=here.id)

    assert kinds(IN_RIESA) == [("unconfirmed", here.id), ("nobody_fits", here.id)]
    assert len(kinds()) == 5
    assert len(board_day.today(IN_RIESA, Filters(day=date(2026, 12, 1)), NOW).rows) == 1
    assert board_day.counts(IN_RIESA, Filters(), NOW).placing == 1
    assert [(row.code, row.open) for row in board_day.pulse(IN_RIESA, Filters(), NOW).languages] == [("prs", 1)]


@pytest.mark.parametrize("role", [Role.REQUESTER, Role.MEDIATOR, Role.OBSERVER, Role.ADMINISTRATOR])
def test_others_have_no_board(build: Builder, role: Role) -> None:
    assert build is not None

    with pytest.raises(Forbidden):
        board.tasks(Actor(1, role), Filters(), NOW)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        pytest.param(Filters(), ["one", "two"], id="everything"),
        pytest.param(Filters(area="Riesa"), ["two"], id="area"),
        pytest.param(Filters(municipality="14627140"), ["one"], id="municipality"),
        pytest.param(Filters(language="uk"), ["two"], id="language"),
        pytest.param(Filters(group=SettingGroup.HEALTH), ["two"], id="group"),
        pytest.param(Filters(span=Span.TODAY), [], id="today"),
        pytest.param(Filters(span=Span.WEEK), ["two"], id="seven days from today"),
        pytest.param(Filters(span=Span.MONTH), ["one", "two"], id="thirty days"),
        pytest.param(Filters(day=date(2026, 12, 1)), ["one"], id="a day"),
        pytest.param(Filters(area="Riesa", language="prs"), [], id="both at once"),
    ],
)
@pytest.mark.parametrize("has_rows", [True, False], ids=["settings stored", "settings as shipped"])
def test_filters_narrow_the_tasks(build: Builder, filters: Filters, expected: list[str], has_rows: bool) -> None:
    if has_rows:
        run(settings.ensure_shipped)
    one = searching(build, nobody_fits_at=NOW)
    two = searching(
        build, nobody_fits_at=NOW, languages=("uk",), setting="doctor", starts_at=START - timedelta(days=1), **RIESA
    )
    names = {one.id: "one", two.id: "two"}

    assert sorted(names[request_id] for _kind, request_id in kinds(filters=filters)) == expected
    without_days = len(kinds(filters=filters.without_days()))
    assert board_day.counts(COORDINATOR, filters, NOW).placing == without_days
    assert sum(row.open for row in board_day.pulse(COORDINATOR, filters, NOW).languages) == without_days


def test_a_message_about_no_request_stands_on_the_whole_board_only(build: Builder) -> None:
    assert build is not None
    message(kind="invite")

    assert kinds() == [("undelivered", 0)]
    assert kinds(filters=Filters(area="Riesa")) == []


@pytest.mark.parametrize("count", [1, 12])
def test_the_board_takes_as_many_statements_for_few_tasks_as_for_many(build: Builder, count: int) -> None:
    for _ in range(count):
        request = searching(build, nobody_fits_at=NOW)
        build.offer(request, build.mediator())
        message(request_id=request.id, recipient=f"gone{request.id}@example.org")
        build.appointment(request, build.mediator(lapses_in_row=5), reconfirm_alarm_at=NOW)

    with counted(db.engine) as statements:
        found = board.tasks(COORDINATOR, Filters(), NOW)
        board_day.counts(COORDINATOR, Filters(), NOW)
        board_day.today(COORDINATOR, Filters(), NOW)
        board_day.pulse(COORDINATOR, Filters(), NOW)

    assert (len(found), len(statements)) == (4 * count, 10)


def test_nothing_is_written_by_looking(build: Builder) -> None:
    request = searching(build, nobody_fits_at=NOW)

    board.tasks(COORDINATOR, Filters(), NOW)

    assert run(lambda session: session.query(Appointment).count()) == 0
    assert run(lambda session: session.get_one(Request, request.id).version) == 1
