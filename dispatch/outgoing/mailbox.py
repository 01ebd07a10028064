"""Read the folder into which a demonstration writes its mails, newest first, as a mail program would show them."""

import os
import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime
from pathlib import Path

NAME = re.compile(r"[0-9a-f]{8,64}\Z")


@dataclass(frozen=True)
class Letter:
    """A mail of the folder: `name` is its file without ending; `calendar` its entry as text, if it has one."""

    name: str
    recipient: str
    subject: str
    sent_at: datetime
    language: str
    text: str
    calendar: str | None


def letters(folder: Path, *, recipient: str = "", limit: int = 100) -> list[Letter]:
    """Return the newest `limit` mails, those whose address contains `recipient` only; empty when there is no folder."""
    found: list[Letter] = []
    for name in _newest_first(folder):
        letter = _read(folder / f"{name}.eml")
        if letter is not None and recipient.lower() in letter.recipient.lower():
            found.append(letter)
        if len(found) == limit:
            break
    return found


def letter(folder: Path, name: str) -> Letter | None:
    """Return one mail by name, None when there is none; a name that is no file of ours is none either."""
    return _read(folder / f"{name}.eml") if NAME.fullmatch(name) else None


def _newest_first(folder: Path) -> list[str]:
    if not folder.is_dir():
        return []
    with os.scandir(folder) as entries:
        ages = [(entry.stat().st_mtime_ns, entry.name) for entry in entries if entry.name.endswith(".eml")]
    names = (name.removesuffix(".eml") for _age, name in sorted(ages, reverse=True))
    return [name for name in names if NAME.fullmatch(name)]


def _read(path: Path) -> Letter | None:
    try:
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
    except FileNotFoundError:
        return None
    plain = message.get_body(("plain",))
    entry = next((part for part in message.walk() if part.get_content_type() == "text/calendar"), None)
    return Letter(
        name=path.stem,
        recipient=str(message["To"]),
        subject=str(message["Subject"]),
        sent_at=parsedate_to_datetime(str(message["Date"])),
        language=str(message["Content-Language"]),
        text=str(plain.get_content()) if plain else "",
        calendar=str(entry.get_content()) if entry else None,
    )
