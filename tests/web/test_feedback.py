"""Reports of barriers and wrong translations: anybody writes, the coordination and the administration settle."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from dispatch.domain import retention as rules
from dispatch.models import AuditEntry, Feedback, OutboxMessage
from dispatch.services import local_time, retention
from dispatch.services.transactions import reading, run
from tests.browsing import post
from tests.builders import NOW, Builder
from tests.web.conftest import ClientFor

BARRIER, WORDS = "/barrierefreiheit/feedback", "/languages/feedback"


def reports() -> list[Feedback]:
    reading().close()
    return list(reading().scalars(select(Feedback).order_by(Feedback.id)))


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        pytest.param("/login", "/login", id="a page of ours"),
        pytest.param("/login?next=/x", "/login", id="without its question"),
        pytest.param("/o/ein-geheimnis", "/o/", id="a mailed link without its secret"),
        pytest.param("https://evil.example/login", None, id="another site"),
        pytest.param("//evil.example", None, id="another site without scheme"),
        pytest.param("/nothing-is-here", None, id="no page"),
        pytest.param("javascript:alert(1)", None, id="a script"),
    ],
)
def test_only_a_path_of_our_own_is_kept_as_the_page(client: FlaskClient, asked: str, kept: str | None) -> None:
    form = client.get(BARRIER, query_string={"page": asked, "lang": "en"}).text
    shown = re.findall(r'name="page" value="([^"]*)"', form)

    answer = post(client, f"{BARRIER}?lang=en", {"report": "Der Knopf ist zu klein.", "page": asked})

    assert (shown, answer.status_code) == ([kept or ""], 302)
    assert [(row.page, row.kind, row.ui_language) for row in reports()] == [(kept, "accessibility", "en")]


def test_a_report_is_a_mail_without_its_words_and_once_only(client: FlaskClient) -> None:
    typed = {"report": "Ich kann das Feld nicht erreichen.", "reply_to": "Nutzer@Example.org"}
    for _ in range(2):
        post(client, BARRIER, typed)

    mails = list(reading().scalars(select(OutboxMessage)))
    assert [(row.text, row.reply_to) for row in reports()] == [(typed["report"], "nutzer@example.org")]
    assert [(mail.kind, mail.params) for mail in mails] == [("feedback", {"about": "accessibility"})]


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        pytest.param({"report": " "}, "report", "Please fill in this field.", id="empty"),
        pytest.param({"report": "x" * 2001}, "report", "This text is too long.", id="too long"),
        pytest.param(
            {"report": "Hilfe", "reply_to": "a@b"},
            "reply_to",
            "Please type one e-mail address such as",
            id="no address",
        ),
    ],
)
def test_what_is_refused_says_why_and_keeps_what_was_typed(
    client: FlaskClient, typed: dict[str, str], field: str, sentence: str
) -> None:
    answer = post(client, f"{WORDS}?lang=en", {**typed, "page": "/login", "language": "ar"})

    assert (answer.status_code, reports()) == (422, [])
    assert re.search(rf'id="{field}-error".*?{sentence}', answer.text, re.S)
    assert 'name="page" value="/login"' in answer.text
    assert re.search(r'value="ar" selected', answer.text)


def test_a_correction_names_its_language(client: FlaskClient) -> None:
    form = client.get(f"{WORDS}?lang=ar&page=/login").text
    post(client, f"{WORDS}?lang=de", {"report": "Statt A besser B.", "language": "ar", "page": "/login"})
    post(client, f"{WORDS}?lang=de", {"report": "Statt C besser D.", "language": "x' or 1"})

    assert 'value="ar" selected' in form
    assert [(row.kind, row.ui_language, row.page) for row in reports()] == [
        ("translation", "ar", "/login"), ("translation", "de", None),
    ]  # fmt: skip


def test_who_writes_too_often_has_to_wait(client: FlaskClient) -> None:
    answers = [post(client, BARRIER, {"report": f"Meldung {number}"}) for number in range(6)]

    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_a_report_is_settled_once_and_by_whom_is_told(
    client: FlaskClient, build: Builder, client_for: ClientFor
) -> None:
    post(client, BARRIER, {"report": "Zu klein."})
    desk = client_for(build.user("administrator", name="Ada Klein"))
    number = reports()[0].id
    waiting = desk.get("/feedback?lang=en").text

    for _ in range(2):
        assert post(desk, f"/feedback/{number}/settle").status_code == 302
    after = desk.get("/feedback?lang=en").text

    acts = [(row.act, row.subject) for row in reading().scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert (waiting.count("Zu klein."), f"/feedback/{number}/settle" in waiting) == (1, True)
    assert ("<bdi>Ada Klein</bdi>" in after, f"/feedback/{number}/settle" in after) == (True, False)
    assert [act for act in acts if act[1] == "feedback"] == [("report", "feedback"), ("settle", "feedback")]
    assert list(reading().scalars(select(OutboxMessage.state))) == ["dropped"]


@pytest.mark.usefixtures("app")
def test_a_settled_report_goes_after_a_year_and_one_that_waits_stays() -> None:
    edge = rules.cut_offs(NOW, zone=local_time.zone()).feedback
    about = {"kind": "translation", "ui_language": "ti", "text": "falsch", "written_at": edge}
    run(lambda session: session.add_all([Feedback(settled_at=edge, **about), Feedback(**about)]))

    counts = [retention.apply(now)["feedback"] for now in (NOW - timedelta(seconds=1), NOW)]

    assert (counts, [row.settled_at for row in reports()]) == ([0, 1], [None])
