"""The demonstration: the same for a seed, only where nobody real is, in every state, as the services would leave it."""

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from dispatch.database import Base, db, run
from dispatch.domain.lifecycle import LIVE, AppointmentState, OfferState, RequestState
from dispatch.domain.permissions import ASSIGNABLE, Actor, Role
from dispatch.domain.tasks import TaskKind
from dispatch.domain.units import ancestors
from dispatch.models import (
    Appointment,
    CallTask,
    Counter,
    Mark,
    Mediator,
    Offer,
    Organisation,
    OutboxMessage,
    Reminder,
    Request,
    User,
    WeeklyWindow,
)
from dispatch.models.organisations import KINDS
from dispatch.services import (
    absences,
    accounts,
    appointments,
    board,
    closing,
    demo,
    installation,
    lapses,
    matching,
    organisation_lists,
    promises,
    reminders,
    sign_ins,
    waves,
)
from dispatch.services.board_filters import Filters
from dispatch.services.numbers import next_number
from dispatch.services.sign_ins import DEMO_ADDRESS
from dispatch.services.transactions import reading
from tests.builders import Builder
from tests.domain.times import at

TUESDAY = at("2026-11-24 10:00")
SMALL = demo.Size(mediators=60, requests=260)


def load(now: datetime = TUESDAY, *, seed: int = 1, size: demo.Size = SMALL) -> None:
    demo.load(size, seed, now)


def count(table: type[Base], *holds: Any) -> int:
    return reading().scalar(select(func.count()).select_from(table).where(*holds)) or 0


def states(table: type[Any]) -> set[str]:
    return set(reading().scalars(select(table.state).distinct()))


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table."""
    db.session.remove()
    return {
        table.name: [tuple(row) for row in reading().execute(select(table).order_by(*table.primary_key.columns))]
        for table in Base.metadata.sorted_tables
    }


@pytest.fixture
def loaded(app: Flask) -> Flask:
    """A database with a demonstration of a Tuesday."""
    load()
    return app


def test_a_seed_and_a_day_make_the_same_rows_again(loaded: Flask) -> None:
    before = everything()

    load()

    assert everything() == before
    assert loaded is not None


def test_another_seed_makes_other_people(loaded: Flask) -> None:
    names = set(reading().scalars(select(Mediator.name)))

    load(seed=2)

    assert names != set(reading().scalars(select(Mediator.name)))
    assert loaded is not None


def test_a_database_of_real_people_is_refused_and_stays_as_it_is(build: Builder) -> None:
    build.mediator()
    before = everything()

    with pytest.raises(demo.RealDatabase):
        load()

    assert everything() == before


def test_a_loading_that_broke_off_can_be_repeated(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object) -> None:
        raise KeyboardInterrupt

    assert app is not None
    with monkeypatch.context() as patched:
        patched.setattr(demo, "settle", broken)
        with pytest.raises(KeyboardInterrupt):
            load()

    load()

    assert (installation.is_marked_demo(), count(Request)) == (True, SMALL.requests)


def test_it_has_the_size_that_was_asked_for(loaded: Flask) -> None:
    assert (count(Mediator), count(Request), count(Mark)) == (60, 260, 1)
    assert loaded is not None


def test_every_state_and_every_kind_of_office_is_there(loaded: Flask) -> None:
    assert states(Request) == {state.value for state in RequestState}
    assert states(Offer) == {state.value for state in OfferState}
    assert states(Appointment) == {state.value for state in AppointmentState}
    assert set(reading().scalars(select(Organisation.kind))) == set(KINDS)
    assert states(Reminder) == {"due", "done"}
    assert loaded is not None


def test_units_have_units_and_the_guest_may_look_at_another_unit(loaded: Flask) -> None:
    tree = organisation_lists.tree(reading())
    guest = reading().scalars(select(User).where(User.email == DEMO_ADDRESS.format(role="requester"))).one()
    actor = accounts.describe(reading(), guest, None, TUESDAY).actor

    assert max(len(ancestors(unit, tree)) for unit in tree) == 2
    assert (len(actor.seen_ids), actor.leads_unit) == (1, True)
    assert count(Request, Request.organisation_id.in_(actor.seen_ids)) > 0
    assert loaded is not None


def test_the_pool_has_people_without_mail_without_pattern_and_inactive_ones(loaded: Flask) -> None:
    has_pattern = exists().where(WeeklyWindow.mediator_id == Mediator.id)

    assert count(Mediator, Mediator.email.is_(None)) > 0
    assert count(Mediator, ~has_pattern) > 0
    assert count(Mediator, Mediator.active.is_(False)) > 0
    assert loaded is not None


def test_addresses_and_numbers_are_those_reserved_for_fiction(loaded: Flask) -> None:
    addresses = [
        *reading().scalars(select(User.email)),
        *reading().scalars(select(Mediator.email).where(Mediator.email.is_not(None))),
        *reading().scalars(select(Organisation.contact_email).where(~Organisation.is_for_residents)),
    ]
    phones = set(reading().scalars(select(Mediator.phone)))

    assert [address for address in addresses if address is None or not address.endswith(".example")] == []
    assert {phone[:11] for phone in phones if phone} == {"+4917139200", "+4917604069"}
    assert loaded is not None


def test_one_may_sign_in_as_each_role(loaded: Flask) -> None:
    assert sign_ins.demo_roles() == list(ASSIGNABLE)
    assert loaded is not None


def test_the_guests_find_work(loaded: Flask) -> None:
    guest, office = 1, 1
    open_offer = exists().where(Offer.mediator_id == guest, Offer.state == "open", Offer.deadline_at > TUESDAY)
    is_promised = Request.answer_by > TUESDAY

    assert reading().scalar(select(open_offer))
    assert count(Appointment, Appointment.mediator_id == guest, Appointment.starts_at > TUESDAY) >= 3
    assert count(Request, Request.organisation_id == office, Request.state == "searching", is_promised) >= 2
    assert loaded is not None


RARE = {TaskKind.LEFT_WITH_APPOINTMENTS, TaskKind.DOCUMENT_BEFORE_APPOINTMENT}
"""What no demonstration begins with: one makes it by taking somebody out of the search, or by ending a document."""


@pytest.mark.parametrize(
    "now",
    [
        pytest.param("2026-11-24 10:00", id="Tuesday morning"),
        pytest.param("2026-11-22 18:00", id="Sunday"),
        pytest.param("2026-11-24 03:10", id="at night"),
        pytest.param("2027-03-28 07:00", id="clocks put forward"),
    ],
)
def test_whatever_the_hour_each_cause_needs_somebody(app: Flask, now: str) -> None:
    load(at(now))

    found = {task.kind for task in board.tasks(Actor(1, Role.COORDINATOR), Filters(), at(now))}

    assert found | RARE == set(TaskKind)
    assert app is not None


def test_a_regional_coordinator_has_tasks_too(loaded: Flask) -> None:
    regional = Actor(1, Role.REGIONAL_COORDINATOR, areas=frozenset({"Riesa"}))

    assert len(board.tasks(regional, Filters(), TUESDAY)) > 2
    assert loaded is not None


def test_nobody_is_booked_twice(loaded: Flask) -> None:
    other = aliased(Appointment)
    doubles = (
        select(func.count())
        .select_from(Appointment)
        .join(other, other.mediator_id == Appointment.mediator_id)
        .where(
            Appointment.id < other.id,
            Appointment.state.in_(LIVE),
            other.state.in_(LIVE),
            Appointment.starts_at < other.ends_at,
            Appointment.ends_at > other.starts_at,
        )
    )

    assert reading().scalar(doubles) == 0
    assert loaded is not None


def test_the_jobs_find_nothing_that_should_have_been_done_before(loaded: Flask) -> None:
    jobs = {
        "completed": absences.complete_due, "unfilled": closing.close_due, "proposals": appointments.lapse_proposed,
        "offers": lapses.expire_due, "unfit": lapses.withdraw_unfit, "waves": waves.run_waves,
        "promises": promises.tell_passed_promises, "alarms": reminders.alarm_due,
    }  # fmt: skip

    assert {name: job(TUESDAY) for name, job in jobs.items()} == dict.fromkeys(jobs, 0)
    assert reminders.send_due(TUESDAY, "test") == 0
    assert loaded is not None


def test_a_request_nobody_fits_has_nobody_who_fits(loaded: Flask) -> None:
    waiting = reading().scalars(select(Request.id).where(Request.nobody_fits_at.is_not(None))).all()

    fitting = [matching.rank(reading(), request_id, TUESDAY).eligible_total for request_id in waiting]

    assert fitting
    assert set(fitting) == {0}
    assert loaded is not None


def test_offers_that_wait_have_their_mail_in_the_outbox_or_their_call(loaded: Flask) -> None:
    has_mail = exists().where(OutboxMessage.offer_id == Offer.id, OutboxMessage.state == "queued")
    has_call = exists().where(CallTask.offer_id == Offer.id, CallTask.state == "open")

    assert (count(Offer, Offer.state == "open", has_mail) > 0, count(CallTask, CallTask.state == "open") > 0) == (
        True, True,
    )  # fmt: skip
    assert count(Offer, Offer.state == "open", has_mail == has_call) == 0
    assert loaded is not None


def test_numbers_and_keys_go_on_behind_the_demonstration(loaded: Flask, build: Builder) -> None:
    highest = reading().scalar(select(func.max(Request.number)))

    number = run(lambda session: next_number(session, "request"))
    added = build.request(number=number)

    assert (number, added.id) == ((highest or 0) + 1, SMALL.requests + 1)
    assert count(Counter) == 3
    assert loaded is not None


def test_progress_counts_every_person_and_request(app: Flask) -> None:
    done: list[int] = []

    demo.load(demo.Size(mediators=3, requests=5), 1, TUESDAY, progress=done.append)

    assert sum(done) == 8
    assert app is not None
