"""Mails about duty: an alarm tells number, day and what to do; a confirmation says when nobody is there."""

from datetime import timedelta

import pytest

from tests.builders import NOW, Builder
from tests.outgoing.conftest import Written, text_of

NOBODY = "An diesem Tag ist niemand von der Koordination im Dienst"
CLOSED = "Zu dieser Zeit ist niemand im Büro"


def test_an_alarm_tells_number_day_and_what_to_do_and_nothing_of_the_case(written: Written) -> None:
    mail = written("alarm", number=412)
    text = text_of(mail)

    assert mail["Subject"] == "Bitte jetzt handeln: Anfrage 412 am Di, 1. Dezember"
    assert "https://dolmetscher.example/requests/" in text
    assert [word for word in ("Dari", "Meißen,", "Grundschule", "vor Ort", "9:00") if word in text] == []


def test_an_alarm_of_a_protected_case_leads_to_the_board_only(written: Written) -> None:
    mail = written("alarm", number=412, protection="protected")
    text = text_of(mail)

    assert mail["Subject"] == "Bitte sehen Sie jetzt in die Übersicht"
    assert ("https://dolmetscher.example/board" in text, "412" in text, "/requests/" in text) == (True, False, False)


@pytest.mark.parametrize(
    ("hours", "is_anybody", "expected"),
    [
        pytest.param(4, True, [False, False], id="somebody answers"),
        pytest.param(4, False, [True, False], id="nobody is on duty"),
        pytest.param(10, True, [False, True], id="the office is closed"),
    ],
)
def test_a_confirmation_says_when_nobody_is_there_to_answer(
    build: Builder, written: Written, hours: int, is_anybody: bool, expected: list[bool]
) -> None:
    if is_anybody:
        build.user("coordinator")

    text = text_of(written("request_received", answer_by=NOW + timedelta(hours=hours))).replace("\n", " ")

    assert [sentence in text for sentence in (NOBODY, CLOSED)] == expected
