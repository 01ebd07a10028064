"""Do what is due: one table of jobs, each one service call, in a process of its own.

APScheduler only ticks, in UTC; what is due stands in the database, so any number of these processes may run and any
of them may die. The outbox is last, so that what the others write goes out in the same tick. What foreign hosts may
hold up has ticks of its own, beside the others.
"""

import os
import secrets
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask, current_app

from dispatch import clock
from dispatch.domain.errors import Busy
from dispatch.outgoing import given_calendars as foreign_calendars
from dispatch.outgoing import safe_http
from dispatch.outgoing import webhooks as posting
from dispatch.outgoing.mail import Sender
from dispatch.outgoing.smtp import mailer
from dispatch.services import (
    absences,
    alarms,
    appointments,
    call_records,
    claims,
    closing,
    confirmations,
    delivery,
    digest,
    document_care,
    given_calendars,
    installation,
    lapses,
    promises,
    reminders,
    retention,
    sign_ins,
    silence,
    waves,
    webhook_deliveries,
    webhook_events,
)
from dispatch.services.delivery import Delivery, Report
from dispatch.services.transactions import Unfinished

EVERY_SECONDS = 2
BEAT_SECONDS = 20
STOP_SECONDS = 25
ROUNDS = 20
"""A tick repeats until nothing is due; a job that never gets done must not hold up the next tick."""
FAILED = "failed"
"""The count of jobs that could not do their work, beside those of what was done."""


@dataclass
class Tick:
    """One look at everything that is due `now`: by whom, since when, and whether it should go on.

    `began` is a reading of the monotonic clock. A mail server that takes nothing is left alone until the next look.
    Only a look that `beats` tells that somebody is at work.
    """

    now: datetime
    worker: str
    may_go_on: Callable[[], bool]
    began: float
    is_line_down: bool = False
    beats: bool = True
    _beaten: float = float("-inf")

    def passed(self) -> timedelta:
        """Return how long this look has taken already, in whole seconds."""
        return timedelta(seconds=int(time.monotonic() - self.began))

    def beat(self) -> None:
        """Note now and then that somebody is at work; a lock that is not to be had is no reason to stop."""
        if not self.beats or time.monotonic() - self._beaten < BEAT_SECONDS:
            return
        self._beaten = time.monotonic()
        try:
            installation.beat(self.now + self.passed())
        except Busy:
            current_app.logger.warning("heartbeat waits: the database is locked")


Job = Callable[[Tick], int]
"""One service call: it returns how many things it did."""


def _deliver(tick: Tick) -> int:
    if tick.is_line_down:
        return 0
    config = current_app.config
    post = mailer(config["MAIL_URL"])
    sender = Sender(post, config["BASE_URL"], config["MAIL_FROM"], config["SECRET_KEY"], tick.now)

    def deliver(message: Delivery) -> Report:
        tick.beat()
        report = sender.deliver(message)
        tick.is_line_down = report.is_line_down
        return report

    try:
        counts = delivery.deliver_due(
            tick.now, deliver, worker=tick.worker, passed=tick.passed, may_go_on=tick.may_go_on
        )
    finally:
        post.close()
    return sum(counts.values())


def _post(tick: Tick) -> int:
    config = current_app.config
    counts = webhook_deliveries.deliver_due(
        tick.now,
        partial(posting.send, network=config["NETWORK"] or safe_http.PUBLIC),
        key=config["SECRET_KEY"],
        worker=tick.worker,
        passed=tick.passed,
        may_go_on=tick.may_go_on,
    )
    return sum(counts.values())


def _fetch_calendars(tick: Tick) -> int:
    config = current_app.config
    network = config["NETWORK"] or safe_http.PUBLIC
    reader = given_calendars.Reader(
        fetch=partial(foreign_calendars.fetch, network=network),
        read=partial(foreign_calendars.read, zone=config["TIME_ZONE"]),
        key=config["SECRET_KEY"],
        domain=config["MAIL_FROM"].rpartition("@")[2],
    )
    return given_calendars.fetch_due(tick.now, reader, may_go_on=tick.may_go_on)


def _clean(tick: Tick) -> int:
    return sign_ins.clean_up(tick.now) + webhook_deliveries.clean_up(tick.now)


JOBS: dict[str, Job] = {
    "completed": lambda tick: absences.complete_due(tick.now),
    "unfilled": lambda tick: closing.close_due(tick.now),
    "proposals_lapsed": lambda tick: appointments.lapse_proposed(tick.now),
    "offers_lapsed": lambda tick: lapses.expire_due(tick.now),
    "offers_withdrawn": lambda tick: lapses.withdraw_unfit(tick.now),
    "waves": lambda tick: waves.run_waves(tick.now),
    "promises_passed": lambda tick: promises.tell_passed_promises(tick.now),
    "reminders": lambda tick: reminders.send_due(tick.now, tick.worker),
    "alarms": lambda tick: reminders.alarm_due(tick.now),
    "calls_dropped": lambda tick: call_records.drop_ended(tick.now),
    "claims_ended": lambda tick: claims.release_due(tick.now),
    "alarms_raised": lambda tick: alarms.raise_due(tick.now),
    "alarms_settled": lambda tick: alarms.settle_gone(tick.now),
    "alarms_escalated": lambda tick: alarms.escalate_due(tick.now),
    "documents_warned": lambda tick: document_care.warn_due(tick.now),
    "data_asked": lambda tick: confirmations.ask_due(tick.now),
    "silent_asked": lambda tick: silence.ask_due(tick.now),
    "digests": lambda tick: digest.send_due(tick.now),
    "retention": lambda tick: retention.run_daily(tick.now),
    "cleaned": _clean,
    "webhooks_told": lambda tick: webhook_events.tell_due(tick.now),
    "messages": _deliver,
    "webhooks": _post,
    "calendars_fetched": _fetch_calendars,
}
"""In the order of a tick."""
APART = frozenset({"webhooks", "calendars_fetched"})
"""The jobs that wait for foreign hosts: the scheduler ticks them by themselves, so that no mail waits for them."""


def tick(
    app: Flask,
    now: datetime,
    worker: str | None = None,
    *,
    may_go_on: Callable[[], bool] = lambda: True,
    apart: bool | None = None,
) -> dict[str, int]:
    """Do everything that is due at `now`, job after job, until a round finds nothing; return the counts by job.

    `apart`: only the jobs that are APART, or only the others; all of them unless said.

    A job that fails, for some of its rows or as a whole, or finds the database locked, is counted under `failed` and
    left for the next tick. No job begins once `may_go_on` says no.
    """
    this = Tick(now, worker or _worker(), may_go_on, time.monotonic(), beats=not apart)
    names = [job for job in JOBS if apart is None or (job in APART) == apart]
    counts: Counter[str] = Counter(dict.fromkeys(names, 0))
    failed: set[str] = set()
    for _ in range(ROUNDS):
        done = {job: _run(app, job, this, failed) for job in names if job not in failed and may_go_on()}
        counts.update(done)
        if not any(done.values()):
            break
    return {**counts, FAILED: len(failed)}


def _run(app: Flask, job: str, this: Tick, failed: set[str]) -> int:
    """Run one job with a session of its own, so that a failure leaves nothing to the next."""
    with app.app_context():
        try:
            this.beat()
            return JOBS[job](this)
        except Busy:
            app.logger.warning("job %s waits: the database is locked", job)
        except Unfinished as rest:
            app.logger.exception("job %s failed for some rows", job, extra={"event": {"rows": rest.rows}})
            failed.add(job)
            return rest.done
        except Exception:
            app.logger.exception("job %s failed", job)
    failed.add(job)
    return 0


def run(app: Flask) -> None:
    """Tick every few seconds until SIGTERM or SIGINT; what has begun is finished, or left to its lease, in time."""
    ends = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)  # before any thread begins: none of them is to be interrupted
    over = threading.Event()
    worker = _worker()

    def look(apart: bool) -> None:
        counts = tick(app, clock.now(), worker, may_go_on=lambda: not over.is_set(), apart=apart)
        done = {job: count for job, count in counts.items() if count}
        if done:
            app.logger.info("jobs", extra={"event": done})

    scheduler = BackgroundScheduler(timezone="UTC")
    trigger = IntervalTrigger(seconds=EVERY_SECONDS, timezone="UTC")
    how = {"next_run_time": clock.now(), "max_instances": 1, "coalesce": True, "misfire_grace_time": None}
    for apart in (False, True):
        scheduler.add_job(look, trigger, args=[apart], **how)
    scheduler.start()
    signal.sigwait(ends)
    over.set()
    ending = threading.Thread(target=scheduler.shutdown, name="jobs-stop", daemon=True)
    ending.start()
    ending.join(STOP_SECONDS)
    if ending.is_alive():
        app.logger.warning("jobs end in the middle of a message; its lease brings it back")
        os._exit(0)


def _worker() -> str:
    """Name this process: containers may share host name and number."""
    return f"{socket.gethostname()[:48]}:{os.getpid()}:{secrets.token_hex(4)}"
