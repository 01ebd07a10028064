"""The folder of a demonstration, read as a mail program would show it."""

import os
from pathlib import Path

import pytest

from dispatch.outgoing import mailbox
from tests.outgoing.conftest import Written


@pytest.fixture
def folder(written: Written, tmp_path: Path) -> Path:
    """A folder with an offer in Arabic, then a confirmation in German, then things that are no mails of ours."""
    path = tmp_path / "mailbox"
    path.mkdir()
    kinds = {"00000001": ("offer", "ar"), "00000002": ("appointment_confirmed", "de")}
    for number, (name, (kind, tag)) in enumerate(kinds.items()):
        file = path / f"{name}.eml"
        file.write_bytes(written(kind, locale=tag).as_bytes())
        os.utime(file, (number, number))
    (path / "notes.eml").write_text("no mail of ours")
    (path / "00000003.txt").write_text("no mail")
    (path / ".00000004.eml.17").write_text("half a mail")
    return path


def test_mails_are_listed_newest_first(folder: Path) -> None:
    assert [(letter.name, letter.language) for letter in mailbox.letters(folder)] == [
        ("00000002", "de"),
        ("00000001", "ar"),
    ]


def test_mails_to_one_address_are_found(folder: Path) -> None:
    newest, oldest = mailbox.letters(folder)

    assert [letter.name for letter in mailbox.letters(folder, recipient=oldest.recipient.upper())] == ["00000001"]
    assert mailbox.letters(folder, recipient="nobody") == []
    assert newest.recipient != oldest.recipient


def test_a_mail_shows_its_text_and_its_entry(folder: Path) -> None:
    letter = mailbox.letter(folder, "00000002")

    assert letter is not None
    assert "/a/" in letter.text
    assert (letter.calendar or "").startswith("BEGIN:VCALENDAR")


@pytest.mark.parametrize("name", ["notes", "../00000001", "00000009", "", "00000001.eml", "0" * 65])
def test_a_name_that_is_no_mail_of_ours_shows_nothing(folder: Path, name: str) -> None:
    assert mailbox.letter(folder, name) is None


def test_a_folder_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert mailbox.letters(tmp_path / "nowhere") == []
