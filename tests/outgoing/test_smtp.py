"""Handing a message over: encryption is never given up, and what a server answers is told apart."""

import time
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from dispatch.outgoing import smtp
from dispatch.outgoing.mail import SEVEN_BIT
from dispatch.outgoing.smtp import LineDown, Unsure, mailer
from tests.jobs.sinks import AUTHORITY, Sink
from tests.processes import free_port

Sinks = Callable[..., Sink]


@pytest.fixture
def sinks() -> Iterator[Sinks]:
    """Start mail servers, and stop them after the test."""
    started: list[Sink] = []

    def start(**options: object) -> Sink:
        sink = Sink(**options)  # type: ignore[arg-type]
        sink.start()
        started.append(sink)
        return sink

    yield start
    for sink in started:
        sink.stop()


@pytest.fixture
def trusting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this process trust the authority of the tests, as an operator does with an authority of the house."""
    monkeypatch.setenv("SSL_CERT_FILE", str(AUTHORITY))


def message(text: str = "Guten Tag\n") -> EmailMessage:
    mail = EmailMessage(policy=SEVEN_BIT)
    mail["From"] = "dienst@dolmetscher.example"
    mail["To"] = "amt@example.org"
    mail["Message-ID"] = "<0123456789abcdef@dolmetscher.example>"
    mail.set_content(text)
    return mail


def send(url: str, mail: EmailMessage | None = None) -> None:
    post = mailer(url)
    try:
        post.send(mail or message())
    finally:
        post.close()


@pytest.mark.usefixtures("trusting")
@pytest.mark.parametrize("implicit", [False, True], ids=["starttls", "smtps"])
def test_an_encrypted_line_signs_in_and_delivers(sinks: Sinks, implicit: bool) -> None:
    sink = sinks(certificate="sink", implicit=implicit)
    address = f"name:geheim@127.0.0.1:{sink.port}"

    send(f"smtps://{address}" if implicit else f"smtp://{address}?starttls=1")

    assert sink.heard == ["AUTH", "MAIL", "RCPT", "DATA"]


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        pytest.param({}, "SMTPNotSupportedError", id="no STARTTLS offered"),
        pytest.param({"certificate": "elsewhere"}, "SSLCertVerificationError", id="certificate of another name"),
    ],
)
@pytest.mark.usefixtures("trusting")
def test_without_the_encryption_that_is_asked_for_nothing_is_said(
    sinks: Sinks, options: dict[str, str], reason: str
) -> None:
    """A10."""
    sink = sinks(**options)

    with pytest.raises(LineDown) as caught:
        send(f"smtp://name:geheim@127.0.0.1:{sink.port}?starttls=1")

    assert (str(caught.value), sink.heard) == (reason, [])


@pytest.mark.parametrize("implicit", [False, True], ids=["starttls", "smtps"])
def test_a_certificate_of_an_unknown_authority_is_refused(sinks: Sinks, implicit: bool) -> None:
    """A10."""
    sink = sinks(certificate="sink", implicit=implicit)

    with pytest.raises(LineDown):
        send(sink.url + ("" if implicit else "?starttls=1"))

    assert sink.heard == []


def test_a_server_that_says_nothing_is_given_up_in_time(sinks: Sinks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "STEP_SECONDS", 0.3)
    monkeypatch.setattr(smtp, "RECEIPT_SECONDS", 0.3)
    sink = sinks()
    sink.data.append(lambda: time.sleep(1))

    with pytest.raises(Unsure):
        send(sink.url)

    assert len(sink.mails) == 1


def test_a_port_where_nobody_listens_is_a_line_that_is_down() -> None:
    with pytest.raises(LineDown) as caught:
        send(f"smtp://127.0.0.1:{free_port()}")

    assert str(caught.value) == "ConnectionRefusedError"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a\n.\nMAIL FROM:<x@evil.example>\n", id="a dot on a line"),
        pytest.param("a\r\n.\r\nMAIL FROM:<x@evil.example>\r\nRCPT TO:<y@evil.example>\r\n", id="with CR LF"),
        pytest.param("a\r.\rMAIL FROM:<x@evil.example>\r", id="with bare CR"),
        pytest.param("..\n.\n", id="dots only"),
    ],
)
def test_a_text_cannot_end_its_message_and_begin_another(sinks: Sinks, text: str) -> None:
    """E3."""
    sink = sinks()

    send(sink.url, message(text))

    assert sink.heard == ["MAIL", "RCPT", "DATA"]
    expected = "\n".join(text.splitlines())
    assert sink.mails[0].get_content().replace("\r\n", "\n").rstrip("\n") == expected.rstrip("\n")


def test_every_line_ends_with_cr_lf_and_holds_seven_bits(sinks: Sinks) -> None:
    sink = sinks()

    send(sink.url, message("Guten Tag, Müller 😀 السلام\n" * 40))

    lines = sink.raw[0].split(b"\r\n")
    assert [line for line in lines if b"\n" in line or b"\r" in line or not line.isascii()] == []
    assert max(map(len, lines)) <= 998


@pytest.mark.parametrize(
    "url", ["", "smtp://", "file:", "https://example.org", "mail", "sendmail:/usr/sbin/sendmail", "smtp://host:many"]
)
def test_another_form_of_a_mail_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError):
        mailer(url)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtps://mail.example.org", True),
        ("smtp://mail.example.org:587?starttls=1", True),
        ("smtp://mail.example.org:587?starttls=0", False),
        ("smtp://mail.example.org:25", False),
        ("file:/var/mail", False),
    ],
)
def test_encryption_is_read_from_the_address(url: str, expected: bool) -> None:
    assert smtp.is_encrypted(url) is expected


def test_the_folder_keeps_one_file_a_message_whole_or_not_at_all(tmp_path: Path) -> None:
    folder = tmp_path / "mailbox"

    for _ in range(2):
        send(f"file:{folder}")

    assert [path.name for path in folder.iterdir()] == ["0123456789abcdef.eml"]


def test_a_folder_that_cannot_be_written_is_a_line_that_is_down(tmp_path: Path) -> None:
    (tmp_path / "mailbox").write_text("a file in the way")

    with pytest.raises(LineDown):
        send(f"file:{tmp_path / 'mailbox'}")
