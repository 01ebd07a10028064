"""What a name or an address cannot do to a mail: add headers, lines, markup, recipients, or disorder."""

from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage

import pytest

from dispatch.domain.outbox import Outcome
from dispatch.outgoing.mail import Sender
from dispatch.services.delivery import Report
from tests.outgoing.conftest import Written, html_of, text_of


def headers_of(mail: EmailMessage) -> list[str]:
    """Return the names of all headers as a receiving program reads them."""
    return [name for name, _value in message_from_bytes(mail.as_bytes()).items()]


HEADERS = [
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress", "MIME-Version",
    "Content-Type", "Content-Language",
]  # fmt: skip


@pytest.mark.parametrize("kind", ["offer", "request_assigned", "invite"])
def test_a_mail_has_these_headers_once_each(written: Written, kind: str) -> None:
    assert headers_of(written(kind)) == HEADERS


EVIL = (
    "Müller\r\nBcc: x@evil.example\r\n.\r\nMAIL FROM:<x@evil.example>\n\u202e<img src=x onerror=alert(1)>{{7*7}}%(x)s"
)


def test_a_name_cannot_add_headers_lines_or_markup(written: Written) -> None:
    """E1, E3, E9, E13, E14: what a form refuses may still have come by another way."""
    mail = written("offer", locale="en", mediator={"name": EVIL})
    first = next(line for line in text_of(mail).splitlines() if line.startswith("Hello"))

    assert headers_of(mail) == HEADERS
    assert first == (
        "Hello Müller Bcc: x@evil.example . MAIL FROM:<x@evil.example> "
        "<img src=x onerror=alert(1)>{{7*7}}%(x)s, can you interpret?"
    )
    assert "&lt;img src=x onerror=alert(1)&gt;" in html_of(mail)
    assert "<img" not in html_of(mail)


@pytest.mark.parametrize(
    "recipient",
    [
        "a@x.de, b@evil.example", "a@x.de\n", "a@x.de\r\nBcc: b@evil.example", '"a b"@x.de', "user@[127.0.0.1]",
        "a@x.de <b@evil.example>", "", "nobody", "a@b@x.de",
    ],
)  # fmt: skip
def test_an_address_that_is_no_plain_address_is_never_written_to(
    reported: Callable[..., Report], sender: Sender, recipient: str
) -> None:
    """E4."""
    report = reported("offer", recipient=recipient or " ")

    assert (report.outcome, str(report.error).partition(":")[0]) == (Outcome.FAILED, "address refused")
    assert sender.mailer.mails == []  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("tag", "name", "written_as"),
    [
        ("de", "Shirin Rahmani", "Shirin Rahmani"),
        ("de", "عمر حداد", "\u2068عمر حداد\u2069"),
        ("ar", "عمر حداد", "عمر حداد"),
        ("ar", "Shirin Rahmani", "\u2068Shirin Rahmani\u2069"),
    ],
)
def test_a_name_of_the_other_direction_is_kept_apart(written: Written, tag: str, name: str, written_as: str) -> None:
    text = text_of(written("offer", locale=tag, mediator={"name": name}))

    assert [line for line in text.splitlines() if f" {written_as}" in line or line.startswith(written_as)] != []


def test_a_telephone_number_keeps_its_order_in_a_text_from_right_to_left(written: Written) -> None:
    text = text_of(written("offer", locale="ar"))

    assert "\u206603521\N{NO-BREAK SPACE}000140\u2069" in text
