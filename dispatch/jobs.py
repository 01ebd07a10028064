"""Do what is due: one table of jobs, each one service call, in a process of its own.

APScheduler only ticks, in UTC; what is due stands in the database, so any number of these processes may run and any
of them may die. The outbox is last, so that what the others write goes out in the same tick.
"""

import os
import signal
import socket
import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime

from apscheduler.schedulers.background import BlockingScheduler
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask, current_app

from dispatch import clock
from dispatch.domain.errors import Busy
from dispatch.outgoing.mail import Sender
from dispatch.outgoing.smtp import mailer
from dispatch.services import (
    absences,
    appointments,
    closing,
    delivery,
    digest,
    installation,
    lapses,
    promises,
    reminders,
    sign_ins,
    waves,
)

EVERY_SECONDS = 10
ROUNDS = 20
"""A tick repeats until nothing is due; a job that never gets done must not hold up the next tick."""


Job = Callable[[datetime, str], int]
"""One service call: it gets the instant and the name of the process, and returns how many things it did."""


def _deliver(now: datetime, worker: str) -> int:
    config = current_app.config
    post = mailer(config["MAIL_URL"])
    sender = Sender(post, config["BASE_URL"], config["MAIL_FROM"], config["SECRET_KEY"], now)
    try:
        counts = delivery.deliver_due(now, sender.deliver, worker=worker)
    finally:
        post.close()
    return sum(counts.values())


JOBS: dict[str, Job] = {
    "completed": lambda now, _worker: absences.complete_due(now),
    "unfilled": lambda now, _worker: closing.close_due(now),
    "proposals_lapsed": lambda now, _worker: appointments.lapse_proposed(now),
    "offers_lapsed": lambda now, _worker: lapses.expire_due(now),
    "offers_withdrawn": lambda now, _worker: lapses.withdraw_unfit(now),
    "waves": lambda now, _worker: waves.run_waves(now),
    "promises_passed": lambda now, _worker: promises.tell_passed_promises(now),
    "reminders": reminders.send_due,
    "alarms": lambda now, _worker: reminders.alarm_due(now),
    "digests": lambda now, _worker: digest.send_due(now),
    "cleaned": lambda now, _worker: sign_ins.clean_up(now),
    "messages": _deliver,
}
"""In the order of a tick."""


def tick(app: Flask, now: datetime, worker: str | None = None) -> dict[str, int]:
    """Do everything that is due at `now`, job after job, until a round finds nothing; return the counts by job.

    A job that finds the database locked is left for the next tick.
    """
    name = worker or _worker()
    counts: Counter[str] = Counter(dict.fromkeys(JOBS, 0))
    with app.app_context():
        installation.beat(now)
        for _ in range(ROUNDS):
            done = {job: _run(app, job, now, name) for job in JOBS}
            counts.update(done)
            if not any(done.values()):
                break
    return dict(counts)


def _run(app: Flask, job: str, now: datetime, worker: str) -> int:
    try:
        return JOBS[job](now, worker)
    except Busy:
        app.logger.warning("job %s waits: the database is locked", job)
    except Exception:
        app.logger.exception("job %s failed", job)
    return 0


def run(app: Flask) -> None:
    """Tick every few seconds until SIGTERM or SIGINT; what has begun is finished first."""
    scheduler = BlockingScheduler(timezone="UTC")
    worker = _worker()

    def look() -> None:
        counts = {job: count for job, count in tick(app, clock.now(), worker).items() if count}
        if counts:
            app.logger.info("jobs %s", counts)

    def stop(_signal: int, _frame: object) -> None:
        # shutdown waits for the running tick, which a signal handler must not do itself
        threading.Thread(target=scheduler.shutdown, name="jobs-stop").start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    first = clock.now()
    trigger = IntervalTrigger(seconds=EVERY_SECONDS, timezone="UTC")
    scheduler.add_job(look, trigger, next_run_time=first, max_instances=1, coalesce=True, misfire_grace_time=None)
    scheduler.start()


def _worker() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"
