"""What the clients of a measurement need: who is signed in, and offers that wait for a yes, each with its link."""

from datetime import timedelta

from flask import Flask

from dispatch import clock
from dispatch.domain.permissions import Role
from dispatch.services import links, sign_ins
from tests.builders import START, Builder

FIRST_NUMBER = 10_000_000


def session_cookie(app: Flask) -> str:
    """Sign the demonstration's coordinator in and return the cookie of her browser."""
    browser = app.test_client()
    with browser.session_transaction() as session:
        session["_user_id"] = sign_ins.sign_in_demo(Role.COORDINATOR, clock.now())
        session["_fresh"] = True
    kept = browser.get_cookie("session")
    return f"session={kept.value}" if kept else ""


def offers_to_answer(number: int, *, key: str) -> list[str]:
    """Make so many open offers, each to a person of its own, and return the tokens of their links."""
    now, build, tokens = clock.now(), Builder(), []
    unit = build.organisation()
    for each in range(FIRST_NUMBER, FIRST_NUMBER + number):
        person = build.mediator(weekly=(), badge_number=None, email=f"asked{each}@example.org")
        request = build.request(
            number=each, organisation_id=unit.id, state="searching", case_token=None, wave_due_at=None,
            starts_at=START + timedelta(days=7, hours=each % 5), created_at=now, submitted_at=now,
        )  # fmt: skip
        offer = build.offer(request, person, sent_at=now, deadline_at=now + timedelta(days=1))
        tokens.append(links.issue("offer", offer.id, key=key, now=now))
    return tokens
