"""The hot statements of the service, with and without a district, and processes that run them for a while."""

import random
from collections import defaultdict
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from time import perf_counter
from typing import Any

import psycopg

from bench.district_rows import LANGUAGES, OPEN_REQUESTS, Size, insertion
from dispatch.models.constraints import LIVE_SQL

Times = dict[str, list[float]]
KINDS = ("match", "board", "link", "claim", "book")


@dataclass(frozen=True)
class Form:
    """One form of the tables: its schema, whether rows have a district, how many districts the clients go through.

    `replans`: every statement is planned with its district at hand, instead of once for all districts.
    """

    schema: str
    keyed: bool
    districts: int
    replans: bool = False

    @property
    def options(self) -> str:
        """The settings of a connection to it."""
        mode = " -c plan_cache_mode=force_custom_plan" if self.replans else ""
        return f"-c search_path={self.schema}{mode}"


def statements(form: Form) -> dict[str, str]:
    """Return the hot statements by name; each narrows every table it names to one district where rows have one."""
    keyed = form.keyed

    def of(alias: str) -> str:
        return f"{alias}.district_id = %(d)s AND " if keyed else ""

    def insert(name: str, **values: str) -> str:
        district = {"district_id": "%(d)s"} if keyed else {}
        columns, expressions = insertion(name, {**district, "id": "nextval('ids')", **values})
        return f"INSERT INTO {name} ({columns}) VALUES ({expressions})"

    column, value = ("district_id, ", "%(d)s, ") if keyed else ("", "")
    return {
        "match": f"SELECT m.id, m.lat, m.lon, w.start_minute, w.end_minute, a.starts_at, a.ends_at "
        f"FROM mediator_languages l JOIN mediators m ON {of('m')} m.id = l.mediator_id AND m.active "
        f"LEFT JOIN weekly_windows w ON {of('w')} w.mediator_id = m.id AND w.weekday = 1 "
        f"LEFT JOIN appointments a ON {of('a')} a.mediator_id = m.id AND a.state IN {LIVE_SQL} "
        "AND a.starts_at < timestamptz '2026-11-16 00:00+00' AND a.ends_at > timestamptz '2026-11-09 00:00+00' "
        f"WHERE {of('l')} l.code = %(code)s",
        "board": f"SELECT r.*, o.name, (SELECT count(*) FROM offers f WHERE {of('f')} f.request_id = r.id) "
        f"FROM requests r LEFT JOIN organisations o ON {of('o')} o.id = r.organisation_id "
        f"WHERE {of('r')} r.state IN ('in_review', 'submitted', 'searching') ORDER BY r.starts_at, r.id LIMIT 300",
        "link": f"SELECT * FROM links k WHERE {of('k')} k.token_hash = %(token)s",
        "claim": f"UPDATE outbox u SET state = 'sending', claimed_by = %(worker)s, attempts = attempts + 1, "
        f"lease_until = now() + interval '5 minutes' WHERE {of('u')} u.id IN (SELECT q.id FROM outbox q "
        f"WHERE {of('q')} "
        "((q.state IN ('queued', 'retry') AND q.due_at <= now()) OR (q.state = 'sending' AND q.lease_until <= now())) "
        "ORDER BY q.due_at, q.id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING u.id",
        "release": f"UPDATE outbox u SET state = 'queued', lease_until = NULL WHERE {of('u')} u.id = %(id)s",
        "hold": f"SELECT r.* FROM requests r WHERE {of('r')} r.id = %(request)s FOR UPDATE",
        "hold person": f"SELECT m.* FROM mediators m WHERE {of('m')} m.id = %(mediator)s FOR UPDATE",
        "number": f"INSERT INTO counters AS c ({column}name, value) VALUES ({value}'appointment', 301) "
        f"ON CONFLICT ({column}name) DO UPDATE SET value = c.value + 1 RETURNING value",
        "book": insert(
            "appointments", number="%(number)s", request_id="%(request)s", slot="nextval('ids')", mode="'on_site'",
            mediator_id="%(mediator)s", state="'confirmed'", starts_at="%(begins)s::timestamptz",
            ends_at="%(begins)s::timestamptz + interval '1 hour'", uid="nextval('ids')::text",
        ) + " RETURNING id",
        "remind": insert(
            "reminders", appointment_id="%(appointment)s", kind="'week'", side="'office'", state="'due'",
            key="nextval('ids')::text", due_at="%(begins)s",
        ),
        "tell": insert(
            "outbox", kind="'told'", key="nextval('ids')::text", recipient="'a@example.org'", state="'held'",
            message_id="nextval('ids')::text",
        ),
        "note": f"UPDATE requests r SET version = version + 1 WHERE {of('r')} r.id = %(request)s",
    }  # fmt: skip


class Client:
    """One connection that runs hot statements of random districts and keeps how long each took."""

    def __init__(self, url: str, form: Form, size: Size, seed: int) -> None:
        self._connection = psycopg.connect(url, autocommit=True, options=form.options)
        self._chance = random.Random(seed)
        self._form, self._size, self._words = form, size, statements(form)
        self._worker = f"client-{seed}"
        self.times: Times = defaultdict(list)

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    def once(self, kind: str) -> None:
        """Do one thing in a random district."""
        about = self._about()
        begin = perf_counter()
        match kind:
            case "claim":
                self._claim(about)
            case "book":
                self.book(about)
            case _:
                self.ask(kind, about)
        self.times[kind].append(perf_counter() - begin)

    def ask(self, name: str, about: dict[str, Any]) -> list[tuple[Any, ...]]:
        """Run one statement and return its rows."""
        cursor = self._connection.execute(self._words[name], about)
        return cursor.fetchall() if cursor.description else []

    def book(self, about: dict[str, Any]) -> bool:
        """Book in one transaction, as the service does; tell whether the guard let it pass."""
        try:
            with self._connection.transaction():
                self.ask("hold", about)
                self.ask("hold person", about)
                about["number"] = self.ask("number", about)[0][0]
                about["appointment"] = self.ask("book", about)[0][0]
                for _ in range(3):
                    self.ask("remind", about)
                self.ask("tell", about)
                self.ask("note", about)
        except psycopg.errors.ExclusionViolation:
            return False
        return True

    def drain(self, districts: int) -> list[tuple[int, int]]:
        """Claim what is due, district after district, until nothing is left; return district and message."""
        claimed = []
        for district in range(1, districts + 1):
            while rows := self.ask("claim", {"d": district, "worker": self._worker}):
                claimed.append((district, rows[0][0]))
        return claimed

    def _claim(self, about: dict[str, Any]) -> None:
        for (found,) in self.ask("claim", about):
            self.ask("release", {**about, "id": found})

    def _about(self) -> dict[str, Any]:
        chance = self._chance
        day, hour = chance.randrange(1, 29), chance.randrange(24)
        return {
            "d": chance.randint(1, self._form.districts),
            "code": f"l{chance.randrange(LANGUAGES)}",
            "token": f"{chance.randrange(10**9):032x}",
            "request": self._size.appointments + chance.randint(1, OPEN_REQUESTS),
            "mediator": chance.randint(1, self._size.mediators),
            "begins": f"{2027 + chance.randrange(20)}-{chance.randint(1, 12):02}-{day:02} {hour:02}:00+00",
            "worker": self._worker,
        }


def in_turns(url: str, forms: Mapping[str, Form], size: Size, seconds: float) -> dict[str, Times]:
    """Do each thing once on every form, over and over, so that whatever else the machine does hits all alike."""
    clients = {name: Client(url, form, size, 1) for name, form in forms.items()}
    for warm in (True, False):
        until = perf_counter() + (seconds / 4 if warm else seconds)
        for client in clients.values():
            client.times.clear()
        while perf_counter() < until:
            for kind in KINDS:
                for client in clients.values():
                    client.once(kind)
    for client in clients.values():
        client.close()
    return {name: client.times for name, client in clients.items()}


def at_once(url: str, form: Form, size: Size, clients: int, seconds: float) -> float:
    """Let so many processes work on one form at once; return how many things they did in a second."""
    with ProcessPoolExecutor(clients, mp_context=get_context("fork")) as pool:
        return sum(pool.map(partial(_work, url, form, size, seconds), range(clients))) / seconds


def _work(url: str, form: Form, size: Size, seconds: float, seed: int) -> int:
    client = Client(url, form, size, seed)
    for lasts in (min(1.0, seconds / 4), seconds):  # the first time for plans and caches
        client.times.clear()
        until = perf_counter() + lasts
        while perf_counter() < until:
            for kind in KINDS:
                client.once(kind)
    client.close()
    return sum(map(len, client.times.values()))
