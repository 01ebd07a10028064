"""Texts that would act if they were not escaped: in every place that holds a text, on every page of every role."""

from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import String, Text, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from dispatch.database import Base, run
from tests.browsing import post
from tests.faults.attacks import FILLED, faults_of
from tests.faults.pages import PAGES, links_of
from tests.faults.values import ATTRIBUTE, MARKUP, TEMPLATE
from tests.faults.world import World

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PAYLOAD = f"{TEMPLATE}{ATTRIBUTE}{MARKUP}"
MOST_PAGES = 400

TEXTS = {
    "mediators": {"name", "call_name", "town", "remarks", "external_id", "call_times"},
    "mediator_languages": {"dialects"},
    "organisations": {"name", "town", "address", "contact_name"},
    "users": {"name"},
    "second_factors": {"name"},
    "requests": {
        "state_note", "town", "address", "place_note", "access_url", "contact_name", "dialect", "language_text",
        "reference", "notes", "meeting_point", "caller_name",
    },
    "help_requests": {"contact_person", "call_name", "safe_times"},
    "request_talks": {"reference"},
    "request_messages": {"text"},
    "internal_notes": {"text"},
    "call_attempts": {"note"},
    "providers": {"name", "hours", "hint"},
    "api_tokens": {"name"},
    "intake_rules": {"text", "alternative"},
    "unasked_needs": {"language_text", "why"},
    "option_changes": {"reason"},
    "appointments": {"town", "address", "override_reason"},
    "applicants": {"note"},
    "applicant_steps": {"note"},
    "outbox": {"error"},
    "feedback": {"text"},
    "settings": {"label"},
}  # fmt: skip
"""The columns that hold what people write."""

NO_TEXTS = {
    "attempts.bucket", "audit.seal", "links.nonce", "links.token_hash", "marks.name", "marks.value", "mediators.email",
    "organisations.contact_email", "users.email", "users.password_hash", "form_drafts.secret_hash",
    "form_drafts.payload", "requests.nonce", "requests.review_reasons", "sessions.id_hash", "user_areas.social_area",
    "appointments.uid", "appointments.override_codes", "outbox.key", "outbox.recipient", "outbox.message_id",
    "alarms.key", "call_tasks.key", "requests.caller_email", "providers.email", "providers.url",
    "second_factors.credential_id", "second_factors.sealed_secret", "second_factors.transports",
    "recovery_codes.code_hash", "sign_in_steps.id_hash", "sign_in_steps.challenge", "sign_in_steps.sealed_secret",
    "outbox.claimed_by", "reminders.key", "reminders.claimed_by", "audit.facts",
    "help_requests.code_hash", "help_requests.contact",
    "webhooks.url", "webhooks.sealed_secret", "api_tokens.secret_hash", "api_tokens.scopes", "idempotency_keys.body",
    "idempotency_keys.call_hash", "idempotency_keys.key_hash", "idempotency_keys.location", "identities.issuer",
    "identities.subject", "applicants.email",
    "given_calendars.sealed_url", "given_calendars.etag", "given_calendars.last_modified", "given_calendars.body_hash",
    "feedback.page", "feedback.reply_to",
}  # fmt: skip
"""Those that hold codes, keys and addresses, which rules keep free of such signs."""


def long_columns() -> set[str]:
    return {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Text) or (isinstance(column.type, String) and (column.type.length or 0) > 40)
    }


def poison(session: Session) -> None:
    """Write the payload into every text of every row; what must be unique gets it once."""
    for table, columns in TEXTS.items():
        rows = Base.metadata.tables[table]
        for name in columns:
            only_one = rows.c.id == 1 if rows.c[name].unique else True
            session.execute(update(rows).where(only_one).values({name: PAYLOAD}))  # type: ignore[arg-type]


def crawl(world: World, role: str) -> Iterator[tuple[str, TestResponse]]:
    """Visit every page that links lead to from where somebody of this role begins."""
    browser = world.browser(role)
    waiting = ["/", "/appointments?when=past", *PAGES.get(role, ()), *(world.links if role == "nobody" else ())]
    known = set(waiting)
    while waiting:
        path = waiting.pop()
        answer = browser.get(path)
        yield path, answer
        onward = {answer.headers["Location"]} if answer.status_code == 302 else set()
        onward |= links_of(path, answer.text) if answer.mimetype == "text/html" else set()
        waiting += sorted(onward - known)
        known |= onward
        assert len(known) < MOST_PAGES


def test_every_column_of_text_is_known_to_these_tests() -> None:
    known = {f"{table}.{column}" for table, columns in TEXTS.items() for column in columns}

    assert long_columns() - known - NO_TEXTS == set()


def test_no_stored_text_acts_on_any_page(world: World) -> None:
    run(poison)

    faults, seen = [], Counter[str]()
    for role in (*world.people, "nobody"):
        for path, answer in crawl(world, role):
            seen[role] += 1
            faults += [(role, path, *wrong) for wrong in [faults_of(answer)] if wrong]

    assert faults == []
    assert {role for role, number in seen.items() if number < 5} == set()


@ON_SQLITE
def test_what_was_just_typed_is_told_again_harmlessly(world: World) -> None:
    browser = world.browser("coordinator")
    typed = {"active": "1", "modes": "phone", "contact_channel": "mail", "transport": "car", "qualification": "lay"}
    typed |= FILLED | {"name": PAYLOAD, "ui_language": "de", "max_distance_km": "9"}

    answers = [post(browser, page, typed) for page in ("/mediators/new", "/organisations/new")]
    told = [browser.get(answer.headers["Location"]) for answer in answers]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert [wrong for answer in told for wrong in faults_of(answer)] == []
    assert all("%(x)s" in answer.text for answer in told)
