"""Keep the lines of an uploaded pool file between its dry run and its application, for its uploader alone.

It must not understand them. They are dropped once applied or given up, and with other drafts when they are old.
"""

import json
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.domain import accounts as rules
from dispatch.models import FormDraft
from dispatch.services import drafts, options
from dispatch.services.pool_reading import PoolFile
from dispatch.services.transactions import reading, run

FORM = "pool-file"


def keep(user_id: int, name: str, file: PoolFile, now: datetime) -> None:
    """Keep a file over the one kept before; `name` is what the uploader called it."""
    payload = json.dumps({"name": name, "rows": [[line, list(cells)] for line, cells in file.rows]})

    def use_case(session: Session) -> None:
        drafts.forget(session, user_id, FORM)
        session.add(FormDraft(user_id=user_id, form=FORM, payload=payload, saved_at=now))

    run(use_case)


def find(user_id: int, now: datetime) -> tuple[str, PoolFile] | None:
    """Return name and lines of the file that is kept, None when there is none or it is too old."""
    oldest = now - options.read(rules.DEFAULT).stray_draft_lasts
    wanted = select(FormDraft.payload).where(
        FormDraft.user_id == user_id, FormDraft.form == FORM, FormDraft.saved_at > oldest
    )
    payload = reading().scalar(wanted)
    if payload is None:
        return None
    kept = json.loads(payload)
    if not isinstance(kept.get("name"), str):
        return None
    return kept["name"], PoolFile([(int(line), [str(cell) for cell in cells]) for line, cells in kept["rows"]])


def forget(user_id: int) -> None:
    """Drop the file that is kept."""
    run(lambda session: drafts.forget(session, user_id, FORM))
