"""A language nobody speaks: the office knows at once, help comes from outside, and what is refused is counted."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from dispatch import jobs
from dispatch.domain.referrals import is_helped_from_outside
from dispatch.models import Referral, Request
from dispatch.services.transactions import reading
from tests.browsing import post
from tests.builders import NOW, Builder
from tests.processes import text_of
from tests.web.conftest import ClientFor
from tests.web.test_request_form import TYPED

SOMALI = {**TYPED, "language": "Somali", "reference": "AZ 17", "notes": "Streit ums Sorgerecht"}
LETTER = """\
Guten Tag,
wir suchen jemanden zum Dolmetschen und haben niemanden im eigenen Pool. Können Sie dieses Gespräch übernehmen?

Sprache: Somali
Tag und Zeit: Di, 1. Dezember 2026, 9:00–10:00
Gebiet: Riesa
Schutzklasse: normal

Bitte antworten Sie einfach auf diese E-Mail, auch wenn es nicht geht.

"""


def letters_to(folder: Path, address: str) -> list[EmailMessage]:
    """The mails that have left to one address, in no order."""
    mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in folder.glob("*.eml")]
    return [mail for mail in mails if mail["To"] == address]


def test_a_language_nobody_speaks(app: Flask, build: Builder, client_for: ClientFor, tmp_path: Path) -> None:
    build.mediator()
    author = build.user(email="schule@example.org")
    office, desk = client_for(author), client_for(build.user("coordinator"))
    build.provider(name="Sprachpool Chemnitz", languages=("so", "ti"), email="pool@chemnitz.example", hint="Vertrag 7")

    sent = post(office, "/requests/new", SOMALI)
    url = sent.headers["Location"]
    told = office.get(url).text
    assert "Bisher passt niemand" in told
    assert "Die Koordination sucht auch Hilfe von außen." in told
    jobs.tick(app, NOW)
    assert "Niemand im Pool passt." in desk.get("/board").text

    beside = desk.get(url).text
    assert "Sprachpool Chemnitz" in beside
    assert 'href="tel:+493525000180"' in beside
    provider = re.search(r'name="provider" value="(\d+)"', beside)
    assert provider
    post(desk, f"{url}/referrals", {"provider": provider[1], "channel": "mail"})
    jobs.tick(app, NOW)
    (letter,) = letters_to(tmp_path / "mailbox", "pool@chemnitz.example")
    assert text_of(letter).replace("\r\n", "\n").split("-- ")[0] == LETTER
    assert letter["Subject"] == "Können Sie aushelfen: Somali am Di, 1. Dezember"
    assert letter["Reply-To"] == "koordination@dolmetscherdienst.example"

    referral = reading().scalars(select(Referral)).one()
    post(desk, f"{url}/referrals/{referral.id}", {"outcome": "agreed"})
    jobs.tick(app, NOW)
    words = [text_of(mail) for mail in letters_to(tmp_path / "mailbox", "schule@example.org")]
    assert [
        one
        for one in words
        if "Stattdessen hilft Sprachpool Chemnitz." in one and "03525 000180" in one.replace("\xa0", " ")
    ]
    shown = office.get(url).text
    assert "Sprachpool Chemnitz hilft von außen" in shown
    assert 'href="tel:+493525000180"' in shown
    assert "Vertrag 7" not in shown
    row = reading().scalars(select(Request)).one()
    assert is_helped_from_outside(row.state, row.cancel_reason, ["agreed"])


def test_a_language_that_the_table_refuses_is_counted(build: Builder, client_for: ClientFor) -> None:
    office = client_for(build.user())
    administration, desk = client_for(build.user("administrator")), client_for(build.user("coordinator"))
    rule = {"setting": "parent_talk", "kind": "school", "verdict": "refuse"}
    words = {"text": "Schulen fragen das Landesamt.", "alternative": "Landesamt, Telefon 0351 000 1"}
    post(administration, "/intake-rules", rule | words)

    refused, again = (post(office, "/requests/new", SOMALI) for _ in range(2))

    assert (refused.status_code, again.status_code) == (422, 422)
    at_field = re.search(r'id="setting-error">.*?<span class="kern-body">(.*?)</span>', refused.text)
    assert at_field
    assert at_field[1] == "Schulen fragen das Landesamt. Landesamt, Telefon 0351 000 1"
    assert 'value="Somali"' in refused.text
    assert "Streit ums Sorgerecht" in refused.text
    assert reading().scalars(select(Request)).all() == []
    listed = desk.get("/needs?month=2026-12").text
    assert "1 im Formular abgelehnt" in listed
    assert "Somali · Di, 1. Dezember 2026" in listed
