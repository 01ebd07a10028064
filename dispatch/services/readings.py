"""Note in the audit log that somebody opened a page with the details of a sensitive or protected case.

It must not decide whether they may; the page has been read by then. A transaction of its own: looking changes nothing.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from dispatch.domain.disclosure import is_read_audited, reader_of
from dispatch.domain.permissions import Actor
from dispatch.services.audit import record
from dispatch.services.transactions import run


def note(actor: Actor, subject: tuple[str, int], protection: str, now: datetime) -> None:
    """Append that the page of `subject`, a glossary word and an id, was opened; nothing of what is normal."""
    if not is_read_audited(protection, reader_of(actor)):
        return

    def use_case(session: Session) -> None:
        record(session, actor, "read", subject, now, facts={"protection": protection})

    run(use_case)
