"""Know the program that calls: its token, what that reaches, how often it calls; refuse it as problems.

A call has exactly one of `@operation(act, …)` and `@open_to_all`; tests/test_routes.py proves it.
"""

import threading
from datetime import datetime
from typing import cast

from flask import current_app, g, request

from dispatch import clock
from dispatch.api.errors import Problem
from dispatch.domain import programs as rules
from dispatch.domain.permissions import Actor
from dispatch.domain.programs import Scope
from dispatch.services import programs
from dispatch.services.programs import Program

CHALLENGE = 'Bearer realm="dispatch"'
_TICKETS = "api_tickets"


class Tickets:
    """The calls this process took out of the database's count and has not used: token → minute and how many."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left: dict[int, tuple[int, int]] = {}

    def use_one(self, token_id: int, now: datetime) -> bool:
        """Use one call; False when the minute's calls are used up."""
        minute = rules.minute_of(now)
        with self._lock:
            kept_minute, left = self._left.get(token_id, (minute, 0))
            if kept_minute == minute and left:
                self._left[token_id] = (minute, left - 1)
                return True
        taken = programs.take_calls(token_id, now)
        with self._lock:
            kept_minute, left = self._left.get(token_id, (minute, 0))
            self._left[token_id] = (minute, (left if kept_minute == minute else 0) + max(0, taken - 1))
        return taken > 0


def identify() -> Program:
    """Return who calls. Raises Problem: 401 without a valid token, 429 beyond the calls of a minute."""
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise Problem(401, "token_required", {"WWW-Authenticate": CHALLENGE})
    now = clock.now()
    program = programs.find(secret.strip(), now)
    if program is None:
        raise Problem(401, "token_not_valid", {"WWW-Authenticate": f'{CHALLENGE}, error="invalid_token"'})
    tickets = cast("Tickets", current_app.extensions.setdefault(_TICKETS, Tickets()))
    if not tickets.use_one(program.token_id, now):
        seconds = (rules.next_minute(now) - now).total_seconds()
        raise Problem(429, "rate_limited", {"Retry-After": str(max(1, round(seconds)))})
    g.program = program
    return program


def check_scope(program: Program, area: Scope | None) -> None:
    """Raise Problem (403) when the token was not made for this call."""
    is_looking = request.method in ("GET", "HEAD")
    if not rules.reaches(program.scopes, area, is_looking=is_looking):
        scope = area.value if area else ""
        challenge = f'{CHALLENGE}, error="insufficient_scope", scope="{scope}"'
        raise Problem(403, "scope_missing", {"WWW-Authenticate": challenge}, scope=scope)


def program() -> Program:
    """Return who calls, as the operation's guard found it."""
    return cast("Program", g.program)


def actor() -> Actor:
    """Return who acts: the user of the token."""
    return program().account.actor
