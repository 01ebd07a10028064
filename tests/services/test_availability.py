"""Times of mediators: kept, changed, and never over appointments without an answer, on both databases."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from dispatch.domain.availability_checks import TypedTimes, TypedWindow
from dispatch.domain.errors import Forbidden, Invalid, Missing
from dispatch.domain.intervals import Interval
from dispatch.domain.permissions import Actor, Role
from dispatch.models import Appointment, AuditEntry, Mediator, Request
from dispatch.services import availability
from dispatch.services.audit import OnBehalf
from dispatch.services.availability import Change
from dispatch.services.transactions import reading
from tests.builders import NOW, START, Builder
from tests.domain.weeks import hours

COORDINATOR = Actor(None, Role.COORDINATOR)
REGIONAL = Actor(None, Role.REGIONAL_COORDINATOR, areas=frozenset({"Meißen"}))
DAY = timedelta(days=1)
AWAY = Interval(START - timedelta(hours=2), START + timedelta(hours=2))
MONDAY = (TypedWindow(0, 480, 720),)


def own(mediator: Mediator) -> Actor:
    return Actor(None, Role.MEDIATOR, mediator_id=mediator.id)


def spans(mediator: Mediator, kind: str) -> list[Interval]:
    return [span.interval for span in availability.get(COORDINATOR, mediator.id, NOW).of_kind(kind)]


def promised(build: Builder, mediator: Mediator, **values: Any) -> Appointment:
    return build.appointment(build.request(state="assigned", **values), mediator)


def state_of(appointment: Appointment) -> str | None:
    return reading().scalar(select(Appointment.state).where(Appointment.id == appointment.id))


def test_a_mediator_paints_her_week(build: Builder) -> None:
    mediator = build.mediator(weekly=())

    clashes = availability.save(own(mediator), mediator.id, Change(weekly=MONDAY), {}, NOW)

    assert clashes == ()
    assert availability.get(own(mediator), mediator.id, NOW).weekly == hours((0, 8, 12))


def test_an_emptied_week_is_unknown_again(build: Builder) -> None:
    mediator = build.mediator()

    availability.save(COORDINATOR, mediator.id, Change(weekly=()), {}, NOW)

    assert availability.get(COORDINATOR, mediator.id, NOW).weekly == ()


def test_spans_are_added_and_dropped_and_the_week_stays(build: Builder) -> None:
    mediator = build.mediator(weekly=((0, 480, 720),))
    old = build.span(mediator, "extra", START, START + DAY)
    other = build.span(build.mediator(), "extra", START, START + DAY)
    change = Change(
        absences=(AWAY,), extras=(Interval(START + 2 * DAY, START + 3 * DAY),), dropped=frozenset({old.id, other.id})
    )

    availability.save(own(mediator), mediator.id, change, {}, NOW)

    assert spans(mediator, "absence") == [AWAY]
    assert spans(mediator, "extra") == [Interval(START + 2 * DAY, START + 3 * DAY)]
    assert availability.get(COORDINATOR, mediator.id, NOW).weekly == hours((0, 8, 12))
    assert len(availability.get(COORDINATOR, other.mediator_id, NOW).of_kind("extra")) == 1


def test_an_absence_over_an_appointment_asks_first_and_saves_nothing(build: Builder) -> None:
    mediator = build.mediator()
    appointment = promised(build, mediator)
    promised(build, mediator, starts_at=START + 3 * DAY)

    clashes = availability.save(own(mediator), mediator.id, Change(weekly=MONDAY, absences=(AWAY,)), {}, NOW)

    assert [clash.appointment.id for clash in clashes] == [appointment.id]
    assert spans(mediator, "absence") == []
    assert availability.get(COORDINATOR, mediator.id, NOW).weekly != hours((0, 8, 12))


@pytest.mark.parametrize(("hands_back", "state"), [(False, "confirmed"), (True, "handed_back")], ids=["kept", "back"])
def test_the_answer_keeps_the_appointment_or_hands_it_back(build: Builder, hands_back: bool, state: str) -> None:
    mediator = build.mediator()
    appointment = promised(build, mediator)

    clashes = availability.save(own(mediator), mediator.id, Change(absences=(AWAY,)), {appointment.id: hands_back}, NOW)

    assert (clashes, spans(mediator, "absence")) == ((), [AWAY])
    assert state_of(appointment) == state


def test_a_coordinator_hands_back_only_with_the_channel(build: Builder) -> None:
    mediator = build.mediator()
    appointment = promised(build, mediator)
    change, answers = Change(absences=(AWAY,)), {appointment.id: True}

    with pytest.raises(Invalid) as invalid:
        availability.save(COORDINATOR, mediator.id, change, answers, NOW)
    availability.save(COORDINATOR, mediator.id, change, answers, NOW, on_behalf=OnBehalf("phone"))

    assert invalid.value.errors == {"channel": ("required",)}
    assert state_of(appointment) == "handed_back"


def test_replacing_answers_with_the_clashes_and_keeps_the_appointments(build: Builder) -> None:
    mediator = build.mediator()
    appointment = promised(build, mediator)
    build.span(mediator, "extra", START, START + DAY)

    clashes = availability.replace(COORDINATOR, mediator.id, TypedTimes(MONDAY, (), (AWAY,)), NOW)

    week = availability.get(COORDINATOR, mediator.id, NOW)
    assert [clash.appointment.id for clash in clashes] == [appointment.id]
    assert (week.weekly, [span.kind for span in week.spans], state_of(appointment)) == (
        hours((0, 8, 12)),
        ["absence"],
        "confirmed",
    )


def test_every_change_is_logged_and_lets_open_requests_be_looked_at(build: Builder) -> None:
    mediator = build.mediator()
    request = build.request(state="searching", nobody_fits_at=NOW, wave_due_at=None)

    availability.save(own(mediator), mediator.id, Change(absences=(AWAY,)), {}, NOW)

    entry = reading().scalars(select(AuditEntry).where(AuditEntry.subject == "mediator")).one()
    counts = {"windows": 0, "absences": 1, "extras": 0, "dropped": 0}
    assert (entry.act, entry.actor_kind, entry.facts) == ("change_times", "mediator", counts)
    assert reading().scalar(select(Request.wave_due_at).where(Request.id == request.id)) == NOW


def test_times_that_do_not_hold_are_refused_whole(build: Builder) -> None:
    mediator = build.mediator(weekly=())

    with pytest.raises(Invalid) as invalid:
        availability.save(
            own(mediator), mediator.id, Change(weekly=(TypedWindow(0, 720, 480),), absences=(AWAY,)), {}, NOW
        )

    assert invalid.value.errors == {"weekly.0.end": ("end_before_start",)}
    assert availability.get(COORDINATOR, mediator.id, NOW).spans == ()


def test_rights_hold(build: Builder) -> None:
    mediator, other = build.mediator(), build.mediator()

    assert availability.get(REGIONAL, mediator.id, NOW).name == mediator.name
    with pytest.raises(Forbidden):
        availability.save(REGIONAL, mediator.id, Change(weekly=()), {}, NOW)
    with pytest.raises(Missing):
        availability.get(own(other), mediator.id, NOW)
    with pytest.raises(Missing):
        availability.save(own(other), mediator.id, Change(weekly=()), {}, NOW)
    with pytest.raises(Missing):
        availability.get(COORDINATOR, 2**40, NOW)
    with pytest.raises(Missing):
        availability.replace(COORDINATOR, other.id + 1, TypedTimes(), NOW)
