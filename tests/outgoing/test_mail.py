"""Mails as they leave: every kind in every language, one recipient, nothing of the case, text as good as HTML."""

import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest

from dispatch.domain import relevance
from dispatch.domain.outbox import Outcome
from dispatch.i18n import LOCALES, locale_of
from dispatch.outgoing.mail import PATHS, WRITERS, Sender
from dispatch.services import letters
from dispatch.services.delivery import Report
from tests.builders import START, Builder
from tests.i18n.leftovers import Shown, leftovers
from tests.message_cases import ABOUT_TALKS, KINDS, SECRETS, Post
from tests.outgoing.conftest import Written, entry_of, html_of, text_of

TAGS = [locale.tag for locale in LOCALES]
VOID = {"meta", "br", "link", "img", "hr"}
BASE = "https://dolmetscher.example"


class _Page(HTMLParser):
    """The visible words, the links and the tags of a page; a tag left open or closed twice is a fault."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.root: dict[str, str | None] = {}
        self.open: list[str] = []
        self.faults: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "html":
            self.root = values
        if tag == "a":
            self.links.append(values.get("href") or "")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)

    def handle_data(self, data: str) -> None:
        if not {"style", "title"} & set(self.open):
            self.words += data.split()


def words_of(text: str) -> Counter[str]:
    """Return the words of a plain text, without addresses and the line above the signature."""
    lines = [line for line in text.splitlines() if not line.startswith(BASE) and line != "-- "]
    return Counter(word.rstrip(":") for line in lines for word in line.split())


def test_every_kind_has_a_writer_and_a_rule() -> None:
    assert set(WRITERS) == set(KINDS) == set(relevance._RULES)


@pytest.mark.parametrize("tag", TAGS)
def test_every_kind_is_written_in_every_language_and_as_plain_text_alike(written: Written, tag: str) -> None:
    """No word of another language stands in it, no tag is left open, and the plain text says what the HTML says."""
    locale, faults = locale_of(tag), dict[str, object]()

    for kind in KINDS:
        mail = written(kind, locale=tag)
        page, text = _Page(html_of(mail)), text_of(mail)
        in_html, in_text = Counter(word.rstrip(":") for word in page.words), words_of(text)
        found = {
            "languages": {str(mail["Content-Language"]), page.root["lang"], locale.lang} - {locale.lang},
            "direction": {page.root["dir"]} - {locale.direction},
            "tags": [*page.faults, *page.open],
            "words": (in_html - in_text, in_text - in_html) if in_html != in_text else (),
            "links": page.links if page.links != re.findall(rf"^{BASE}\S+$", text, re.MULTILINE) else [],
            "foreign": leftovers([str(mail["Subject"]), *Shown(html_of(mail)).texts], tag),
            "subject": [] if str(mail["Subject"]).strip() else [""],
        }
        if any(found.values()):
            faults[kind] = {name: wrong for name, wrong in found.items() if wrong}

    assert faults == {}


def test_every_link_leads_to_our_own_address(written: Written) -> None:
    outside = {
        kind: links
        for kind in KINDS
        if (links := [link for link in _Page(html_of(written(kind))).links if not link.startswith(f"{BASE}/")])
    }

    assert outside == {}


@pytest.mark.parametrize(
    ("kind", "purpose"),
    [
        ("offer", "offer"),
        ("appointment_confirmed", "appointment"),
        ("appointment_proposed", "appointment"),
        ("reminder_reconfirm", "appointment"),
        ("reminder_last", "appointment"),
        ("invite", "invite"),
        ("reset", "reset"),
        ("login", "login"),
    ],
)
def test_a_private_link_is_the_one_of_its_purpose(written: Written, kind: str, purpose: str) -> None:
    links = _Page(html_of(written(kind))).links

    assert [
        link for link in links if not re.match(rf"{BASE}{PATHS[purpose]}[\w-]{{43}}(\?answer=(yes|no))?\Z", link)
    ] == []


@pytest.mark.parametrize("has_account", [False, True], ids=["without account", "with account"])
def test_an_office_agrees_by_its_link_or_behind_the_sign_in(
    written: Written, build: Builder, *, has_account: bool
) -> None:
    user = build.user("requester") if has_account else None
    unit = {"organisation_id": user.organisation_id, "created_by_id": user.id} if user else {"created_by_id": None}

    (link,) = _Page(html_of(written("approval_wanted", **unit))).links

    assert re.match(rf"{BASE}/appointments/\d+\Z" if has_account else rf"{BASE}/r/[\w-]{{43}}\Z", link)


def test_the_two_answers_of_an_offer_share_one_link(written: Written) -> None:
    yes, no = _Page(html_of(written("offer"))).links

    assert (yes.partition("?")[0], yes.partition("?")[2], no.partition("?")[2]) == (
        no.partition("?")[0],
        "answer=yes",
        "answer=no",
    )


@pytest.mark.parametrize("protection", ["normal", "sensitive"])
def test_no_mail_tells_of_the_case(written: Written, protection: str) -> None:
    told = {}

    for kind in KINDS:
        values = {"protection": protection} if kind in ABOUT_TALKS else {}
        mail = written(kind, **values)
        whole = "\n".join((str(mail["Subject"]), text_of(mail), html_of(mail), str(entry_of(mail))))
        if found := [secret for secret in (*SECRETS, "Grundschule", "parent_talk") if secret in whole]:
            told[kind] = found

    assert told == {}


OFFER = """\
Dari
Tue, 1 December 2026, 9:00–10:00
{place} · on site

Hello Shirin Rahmani 1, can you interpret?
Please answer by Wed, 25 November, 0:00.

Yes, I will come:
LINK?answer=yes

No, not this time:
LINK?answer=no

You confirm once more on the next page. The link is for you alone.
{field}, 60 minutes planned
{way}
Why we ask you: Dari is your first language. It is not far for you.

A no has no disadvantages for you.

--{blank}
Gemeindedolmetscherdienst · Landkreis Meißen
Questions? Mon–Thu 8–16 and Fri 8–13: 03521\N{NO-BREAK SPACE}000140
"""


@pytest.mark.parametrize(
    ("values", "place", "field", "way"),
    [
        pytest.param(
            {}, "Meißen", "Field: Education", "About 18 km, some 20 minutes, car (estimated)", id="normal"
        ),
        pytest.param(
            {"protection": "sensitive", "municipality": "14627190", "lat": 51.3, "lon": 13.39},
            "Riesa", "A talk", "About 20 km", id="sensitive",
        ),
    ],
)  # fmt: skip
def test_an_offer_tells_what_its_protection_class_allows_and_nothing_else(
    written: Written, values: dict[str, object], place: str, field: str, way: str
) -> None:
    """H2: of what is sensitive the social area, no field, kilometres in steps of ten, no minutes."""
    mail = written("offer", locale="en", **values)

    told = re.sub(rf"{BASE}/o/[\w-]{{43}}", "LINK", text_of(mail))
    assert told == OFFER.format(place=place, field=field, way=way, blank=" ")
    assert str(mail["Subject"]) == "Please answer by Wed 0:00: Dari on Tue, 1 December"


@pytest.mark.parametrize("kind", ["offer", "appointment_confirmed", "request_assigned", "reminder_last"])
def test_nothing_about_a_protected_case_is_written(reported: Callable[..., Report], kind: str) -> None:
    """H2."""
    assert reported(kind, protection="protected") == Report(Outcome.OBSOLETE)


def test_an_offer_by_telephone_tells_no_way(written: Written) -> None:
    text = text_of(written("offer", locale="en", mode="phone"))

    assert [line for line in text.splitlines() if "km" in line or "come" in line] == []


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        pytest.param({"share_phone": False, "share_surname": False}, ("Shirin", False), id="first name only"),
        pytest.param({"share_phone": True, "share_surname": True}, ("Shirin Rahmani", True), id="all she shares"),
    ],
)
def test_the_office_reads_of_the_mediator_what_she_shares(
    written: Written, share: dict[str, bool], shown: tuple[str, bool]
) -> None:
    mediator = {"name": "Shirin Rahmani", "badge_number": 77, "phone": "+4935213579", **share}
    text = text_of(written("request_assigned", locale="en", mediator=mediator))

    assert f"{shown[0]} (badge number 77) will interpret." in text
    assert ("03521\N{NO-BREAK SPACE}3579" in text) is shown[1]


def test_a_promise_that_has_passed_is_not_made_again(written: Written) -> None:
    texts = [
        text_of(written("request_received", locale="en", answer_by=START - timedelta(days=days))) for days in (3, 9)
    ]

    assert ["You have our answer by" in text for text in texts] == [True, False]


@pytest.mark.parametrize(
    ("search_again", "act"), [(False, "Moved, not yet confirmed"), (True, "Moved, we are looking again")]
)
def test_a_move_says_whether_somebody_else_is_looked_for(
    post: Post, sender: Sender, search_again: bool, act: str
) -> None:
    delivery = replace(post.claimed("appointment_moved", locale="en"), params={"search_again": search_again})
    facts = letters.facts(delivery, sender.now)
    assert facts is not None

    assert str(sender.write(delivery, facts)["Subject"]).startswith(f"{act}:")


def test_times_are_those_of_the_service_wherever_its_server_stands(
    written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B8."""
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    text = text_of(written("offer", locale="en"))
    monkeypatch.undo()
    time.tzset()

    assert text.splitlines()[1] == "Tue, 1 December 2026, 9:00–10:00"
    assert "Please answer by Wed, 25 November, 0:00." in text


@pytest.mark.parametrize(
    ("starts_at", "when"),
    [
        pytest.param(datetime(2027, 10, 31, 0, 30, tzinfo=UTC), "2:30", id="the first of the doubled hour"),
        pytest.param(datetime(2027, 10, 31, 1, 30, tzinfo=UTC), "2:30", id="the second of the doubled hour"),
    ],
)
def test_a_time_that_exists_twice_is_told_apart_in_mails(written: Written, starts_at: datetime, when: str) -> None:
    """B1."""
    mail = written("appointment_confirmed", locale="en", starts_at=starts_at, ends_at=starts_at + timedelta(minutes=20))
    line = text_of(mail).splitlines()[1]

    assert when in line
    assert ("summer" in line.lower(), "winter" in line.lower()) == (starts_at.hour == 0, starts_at.hour == 1)
