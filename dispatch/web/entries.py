"""Bring people in: begin the session in the browser and lead on, or ask for the second factor before."""

from flask import redirect, request, session, url_for
from werkzeug.wrappers import Response

from dispatch import clock
from dispatch.services import accounts
from dispatch.services.entries import Entry
from dispatch.web import drafts, guards
from dispatch.web.frame import home_of
from dispatch.web.guards import inform, safe_target

STEP = "sign_in_step"
"""Under which name the cookie holds the secret of a step; it is gone when a session begins."""


def go_on(entry: Entry, done: str | None = None, *, waiting: str | None = None) -> Response:
    """Let somebody in, or lead on to the second factor; `done` or else `waiting` says what has happened."""
    if not entry.awaits_factor:
        return enter(entry.secret, done)
    session[STEP] = entry.secret
    if waiting:
        inform(waiting)
    return redirect(url_for("second_factors.ask", next=safe_target(request.values.get("next"))))


def enter(secret: str, sentence: str | None = None) -> Response:
    """Begin a session in the browser and lead to the page that was wanted, or where the role begins."""
    mark = drafts.stray()
    entered = begin(secret)
    drafts.bring_home(mark, entered)
    if sentence:
        inform(sentence)
    return redirect(safe_target(request.values.get("next")) or home_of(entered.role))


def begin(secret: str) -> accounts.Account:
    """Begin a session in the browser under a new id and return whose it is."""
    entered = accounts.find_session(secret, clock.now())
    assert entered is not None
    guards.begin(secret, entered)
    return entered
