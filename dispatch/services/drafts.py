"""Keep a form that was typed and not sent: for its writer, or for a browser whose session was lost.

It must not understand the form: a draft is field names with the typed strings.
"""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from dispatch.domain import accounts as rules
from dispatch.models import FormDraft
from dispatch.services import options, throttles
from dispatch.services.transactions import reading, run

LONGEST_FORM = 40
SECRET_BYTES = 32

Typed = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Draft:
    """What was typed into a form, every field with all its values, and when it was kept."""

    form: str
    values: dict[str, list[str]]
    saved_at: datetime


def save(user_id: int, form: str, typed: Typed, now: datetime) -> bool:
    """Keep the form for its writer, over what was kept of it before; False when it is too large to be kept."""
    payload = _payload(form, typed)
    if payload is None:
        return False

    def use_case(session: Session) -> None:
        forget(session, user_id, form)
        session.add(FormDraft(user_id=user_id, form=form, payload=payload, saved_at=now))

    run(use_case)
    return True


def find(user_id: int, form: str, now: datetime) -> Draft | None:
    """Return what the user typed into the form and did not send, None when nothing is kept or it is too old."""
    oldest = now - options.read(rules.DEFAULT).draft_lasts
    row = reading().scalar(
        select(FormDraft).where(FormDraft.user_id == user_id, FormDraft.form == form, FormDraft.saved_at > oldest)
    )
    return Draft(row.form, json.loads(row.payload), row.saved_at) if row else None


def forget(session: Session, user_id: int, form: str) -> None:
    """Drop what is kept of the form: it was sent, or its writer does not want it."""
    session.execute(delete(FormDraft).where(FormDraft.user_id == user_id, FormDraft.form == form))


def save_stray(form: str, typed: Typed, client: str, now: datetime) -> str | None:
    """Keep a form that nobody's session vouches for and return the secret under which `claim` finds it.

    None when it is too large. Raises Throttled when the client keeps too many.
    """
    payload = _payload(form, typed)
    if payload is None:
        return None
    secret = secrets.token_urlsafe(SECRET_BYTES)

    def use_case(session: Session) -> str:
        throttles.take(
            session,
            {throttles.bucket("draft", client): options.read(rules.DEFAULT).drafts_client},
            now,
        )
        session.add(FormDraft(secret_hash=_hash(secret), form=form, payload=payload, saved_at=now))
        return secret

    return run(use_case)


def claim(secret: str, user_id: int, now: datetime) -> None:
    """Give a stray form to the user who has just signed in; one that is too old stays where it is."""
    oldest = now - options.read(rules.DEFAULT).stray_draft_lasts
    stray = select(FormDraft).where(FormDraft.secret_hash == _hash(secret), FormDraft.saved_at > oldest)

    def use_case(session: Session) -> None:
        row = session.scalar(stray.with_for_update())
        if row is None:
            return
        forget(session, user_id, row.form)
        row.user_id, row.secret_hash = user_id, None

    run(use_case)


def is_past(now: datetime) -> ColumnElement[bool]:
    """Return the condition of drafts that nobody can find any more."""
    limits = options.read(rules.DEFAULT)
    return or_(
        FormDraft.saved_at <= now - limits.draft_lasts,
        FormDraft.user_id.is_(None) & (FormDraft.saved_at <= now - limits.stray_draft_lasts),
    )


def _payload(form: str, typed: Typed) -> str | None:
    payload = json.dumps({name: list(values) for name, values in typed.items()})
    fits = len(payload) <= options.read(rules.DEFAULT).draft_bytes and len(form) <= LONGEST_FORM
    return payload if fits else None


def _hash(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
