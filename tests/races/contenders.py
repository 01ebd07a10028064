"""What the processes of a race do: the same act at the same moment, each client on a row of its own."""

from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from multiprocessing import current_process, get_context
from multiprocessing.synchronize import Barrier
from typing import Any, NamedTuple

from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from config import TestConfig
from dispatch.database import db
from dispatch.domain.errors import AlreadyTaken, Missing, Refusal
from dispatch.domain.lifecycle import RequestState
from dispatch.domain.moves import TypedMove
from dispatch.domain.permissions import SYSTEM, Actor, Role, bearer
from dispatch.models import Appointment, Mediator, Offer, RecoveryCode, Reminder, Request
from dispatch.services import (
    answers,
    appointments,
    bookings,
    call_records,
    cancel_undo,
    claims,
    moves,
    notices,
    recovery_codes,
    reminders,
)
from dispatch.services.appointment_access import lock_request
from dispatch.services.audit import OnBehalf
from dispatch.services.call_records import Typed
from dispatch.services.transactions import reading, run
from tests import reuse
from tests.builders import NOW

PROCESSES = 4
KEY = "the key of a race"
CLIENTS = 8
JOB_PROCESSES = 3
COORDINATOR = Actor(None, Role.COORDINATOR)
WAIT_SECONDS = 60

_gates: dict[int, Barrier] = {}


class Target(NamedTuple):
    """What one client does to one slot: the row it acts on, for or as whom, and the time it wants."""

    row_id: int
    mediator_id: int
    starts_at: Any


class Pool:
    """Processes that stay for all races of a run, so that starting them costs once."""

    def __init__(self) -> None:
        context = get_context("spawn")
        gates = {parties: context.Barrier(parties) for parties in (CLIENTS, JOB_PROCESSES)}
        self._executor = ProcessPoolExecutor(PROCESSES, mp_context=context, initializer=_receive, initargs=(gates,))

    def compete(self, url: str, act: str, slots: list[list[Target]]) -> list[list[str]]:
        """Let every client of every process do `act` to its row of each slot; return the outcomes by slot."""
        each = CLIENTS // PROCESSES
        running = [
            self._executor.submit(_compete, url, act, [slot[first : first + each] for slot in slots])
            for first in range(0, CLIENTS, each)
        ]
        by_process = [one.result(timeout=WAIT_SECONDS) for one in running]
        return [[outcome for found in by_process for outcome in found[place]] for place in range(len(slots))]

    def work(self, url: str, *, naive: bool) -> list[int]:
        """Let three job processes send what is due at NOW; return how many messages each made."""
        running: list[Future[int]] = [
            self._executor.submit(_work, url, f"process {number}", naive=naive) for number in range(JOB_PROCESSES)
        ]
        return [one.result(timeout=WAIT_SECONDS) for one in running]

    def close(self) -> None:
        """End the processes."""
        self._executor.shutdown()


def _receive(gates: dict[int, Barrier]) -> None:
    _gates.update(gates)
    reuse.reuse_rules()
    reuse.collect_seldom()


def _application(url: str) -> Flask:
    """Return the application on the database of a race; a process that serves for long has its statements compiled."""
    app = reuse.application(TestConfig(url, SQLITE_BUSY_SECONDS=WAIT_SECONDS))
    with app.app_context():
        reuse.reuse_statements(db.engine)
    return app


def _compete(url: str, act: str, slots: list[list[Target]]) -> list[list[str]]:
    app = _application(url)
    clients = len(slots[0])
    with ThreadPoolExecutor(clients) as threads:
        told = [threads.submit(_client, app, ACTS[act], [slot[place] for slot in slots]) for place in range(clients)]
        outcomes = [one.result() for one in told]
    with app.app_context():
        db.engine.dispose()
    return [list(outcome) for outcome in zip(*outcomes, strict=True)]


def _client(app: Flask, act: Callable[[Target], object], targets: list[Target]) -> list[str]:
    outcomes = []
    for target in targets:
        _gates[CLIENTS].wait(WAIT_SECONDS)
        with app.app_context():
            try:
                act(target)
                outcomes.append("won")
            except Refusal as refusal:
                outcomes.append(refusal.code)
            except DBAPIError:
                outcomes.append("refused by the database")
    return outcomes


def _book(target: Target) -> None:
    def use_case(session: Session) -> None:
        request = lock_request(session, target.row_id)
        mediator = session.scalars(select(Mediator).where(Mediator.id == target.mediator_id).with_for_update()).one()
        bookings.book(session, SYSTEM, request, mediator, NOW, confirmed=True, distance_km=0.0, travel_minutes=0)

    run(use_case)


def _move(target: Target) -> None:
    wanted = TypedMove(target.starts_at, target.starts_at + timedelta(hours=1))
    moves.move(COORDINATOR, target.row_id, wanted, NOW)


def _undo(target: Target) -> None:
    def use_case(session: Session) -> None:
        request_id = session.get_one(Appointment, target.row_id).request_id
        cancel_undo.undo_cancel_in(session, COORDINATOR, lock_request(session, request_id), NOW)

    run(use_case)


def _accept(target: Target) -> None:
    answers.accept(bearer("offer", target.row_id, mediator_id=target.mediator_id), target.row_id, NOW)


def _accept_naively(target: Target) -> None:
    """Look whether the request is still free, then take it: what several see free, all of them take."""
    offer = reading().get_one(Offer, target.row_id)
    request = reading().get_one(Request, offer.request_id)
    is_free = request.state == RequestState.SEARCHING
    _gates[CLIENTS].wait(WAIT_SECONDS)
    if not is_free:
        raise AlreadyTaken

    def use_case(session: Session) -> None:
        appointment = Appointment(
            number=target.row_id, request_id=request.id, mediator_id=target.mediator_id, state="confirmed",
            mode=request.mode, starts_at=request.starts_at, ends_at=request.ends_at, uid=f"naive-{target.row_id}",
            created_at=NOW,
        )  # fmt: skip
        session.add(appointment)
        session.get_one(Request, request.id).state = RequestState.ASSIGNED

    run(use_case)


def _claim(target: Target) -> None:
    claims.claim(Actor(target.mediator_id, Role.COORDINATOR), target.row_id, NOW)


def _claim_naively(target: Target) -> None:
    """Look whether somebody has it, then claim it: what several see free, all of them claim."""
    is_free = reading().get_one(Request, target.row_id).claimed_by_id is None
    _gates[CLIENTS].wait(WAIT_SECONDS)
    if not is_free:
        raise AlreadyTaken
    claimed = update(Request).where(Request.id == target.row_id).values(claimed_by_id=target.mediator_id)
    run(lambda session: session.execute(claimed, execution_options={"synchronize_session": False}))


def _use_code(target: Target) -> None:
    """Use a recovery code of a user; `starts_at` holds its signs."""
    if not run(lambda session: recovery_codes.use(session, target.row_id, target.starts_at, NOW, key=KEY)):
        raise Missing


def _use_code_naively(target: Target) -> None:
    """Look whether the code (`mediator_id`) was used, then use it: what several see unused, all of them use."""
    is_unused = reading().get_one(RecoveryCode, target.mediator_id).used_at is None
    _gates[CLIENTS].wait(WAIT_SECONDS)
    if not is_unused:
        raise Missing
    used = update(RecoveryCode).where(RecoveryCode.id == target.mediator_id).values(used_at=NOW)
    run(lambda session: session.execute(used, execution_options={"synchronize_session": False}))


def _record_call(target: Target) -> None:
    """Record what came of a call; `starts_at` holds what that was."""
    call_records.take_down(COORDINATOR, target.row_id, Typed(target.starts_at, version=1), NOW)


def _answer_for_office(target: Target) -> None:
    """Answer for the office: agree by the link of its request, or record as coordinator that it wants somebody else."""
    if target.starts_at == "agree":
        appointment = reading().get_one(Appointment, target.row_id)
        bookings.confirm(bearer("request", appointment.request_id), target.row_id, NOW)
    else:
        appointments.decline(COORDINATOR, target.row_id, NOW, other_person=True, on_behalf=OnBehalf("phone"))


def _by_sql(statement: str, target: Target) -> None:
    """Write as somebody at a database console would; a deadlock is found soon."""
    values = {"id": target.row_id, "mediator": target.mediator_id, "start": _text(target.starts_at)}
    values |= {"end": _text(target.starts_at + timedelta(hours=1))}
    is_postgresql = db.engine.dialect.name == "postgresql"
    with db.engine.connect().execution_options(write=not is_postgresql) as connection:
        if is_postgresql:
            connection.execute(text("SET deadlock_timeout = '50ms'"))
        connection.execute(text(statement), values)
        connection.commit()


def _text(instant: Any) -> str:
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}"


_INSERT = (
    "INSERT INTO appointments (number, request_id, slot, mediator_id, state, mode, starts_at, ends_at, "
    "minutes_before, minutes_after, distance_km, travel_minutes, uid, sequence, version, created_at, late) VALUES "
    "(:id, :id, 1, :mediator, 'confirmed', 'phone', :start, :end, 0, 0, 0, 0, 'plain-' || :id, 0, 1, :start, false)"
)

ACTS: dict[str, Callable[[Target], object]] = {
    "accept": _accept,
    "accept naively": _accept_naively,
    "answer for the office": _answer_for_office,
    "book": _book,
    "claim": _claim,
    "claim naively": _claim_naively,
    "move": _move,
    "record a call": _record_call,
    "undo a cancellation": _undo,
    "use a code": _use_code,
    "use a code naively": _use_code_naively,
    "insert by SQL": partial(_by_sql, _INSERT),
    "move by SQL": partial(_by_sql, "UPDATE appointments SET starts_at = :start, ends_at = :end WHERE id = :id"),
    "reactivate by SQL": partial(_by_sql, "UPDATE appointments SET state = 'confirmed' WHERE id = :id"),
}


def _work(url: str, worker: str, *, naive: bool) -> int:
    app = _application(url)
    with app.app_context():
        _gates[JOB_PROCESSES].wait(WAIT_SECONDS)
        sent = _send_naively() if naive else reminders.send_due(NOW, worker)
        db.session.remove()
        db.engine.dispose()
    return sent


def _send_naively() -> int:
    """Read what is due, then mark and send it: what two processes read, both send."""
    due = reading().execute(select(Reminder.id, Reminder.appointment_id).where(Reminder.state == "due")).all()
    _gates[JOB_PROCESSES].wait(WAIT_SECONDS)

    def use_case(session: Session) -> None:
        for row in due:
            session.execute(update(Reminder).where(Reminder.id == row.id).values(state="done"))
            appointment = session.get_one(Appointment, row.appointment_id)
            key = f"{row.id} by {current_process().name}"
            notices.tell_mediator(session, "reminder_week", appointment, NOW, key=key)

    run(use_case)
    return len(due)
