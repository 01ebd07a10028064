"""Which addresses the service can write to, call and open."""

import pytest

from dispatch.domain.contacts import ContactRefused, is_phone, parse_email, parse_link


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        (" Anna.Meier@Example.ORG ", "anna.meier@example.org"),
        ("a+b@sub.example.org", "a+b@sub.example.org"),
        ("info@Müller.example", "info@xn--mller-kva.example"),
        ("info@straße.example", "info@xn--strae-oqa.example"),
        ("o'neil@example.org", "o'neil@example.org"),
    ],
    ids=["case and blanks", "plus", "umlaut domain", "sharp s domain", "apostrophe"],
)
def test_an_address_is_kept_in_one_form(raw: str, kept: str) -> None:
    assert parse_email(raw) == kept


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("", "not_an_address"),
        ("anna", "not_an_address"),
        ("@example.org", "not_an_address"),
        ("anna@", "not_an_address"),
        ("anna@example", "not_an_address"),
        ("a@x.de, b@evil.example", "not_an_address"),
        ("a@x.de;b@x.de", "not_an_address"),
        ("a@b@x.de", "not_an_address"),
        ('"a b"@x.de', "not_an_address"),
        ("Anna <a@x.de>", "not_an_address"),
        ("user@[127.0.0.1]", "not_an_address"),
        ("user@127.0.0.1", "not_an_address"),
        ("a..b@x.de", "not_an_address"),
        (".a@x.de", "not_an_address"),
        ("a@-x.de", "not_an_address"),
        ("a@x..de", "not_an_address"),
        ("a@x.de.", "not_an_address"),
        ("a@ex☃mple.de", "not_an_address"),
        ("müller@x.de", "not_an_address"),
        (f"{'a' * 65}@x.de", "not_an_address"),
        (f"a@{'x' * 64}.de", "not_an_address"),
        (f"a@{'x' * 60}.{'y' * 60}.{'z' * 60}.{'w' * 60}.{'v' * 20}.de", "not_an_address"),
        ("a@x.de\n", "control_characters"),
        ("a@x.de\r\nBcc: b@x.de", "control_characters"),
        ("a\u202e@x.de", "control_characters"),
        ("p\u0430yer@x.de", "mixed_script"),
        ("a@ex\u0430mple.de", "mixed_script"),
    ],
)
def test_an_address_is_refused(raw: str, code: str) -> None:
    with pytest.raises(ContactRefused) as refused:
        parse_email(raw)

    assert refused.value.code == code


@pytest.mark.parametrize("raw", ["https://meet.example.org/abc?x=1#y", "http://10.0.0.1:8080/"])
def test_a_web_address_is_kept(raw: str) -> None:
    assert parse_link(f" {raw} ") == raw


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("javascript:alert(1)", "not_a_link"),
        ("data:text/html,x", "not_a_link"),
        ("//example.org", "not_a_link"),
        ("example.org", "not_a_link"),
        ("https://", "not_a_link"),
        ("https://user:pass@example.org", "not_a_link"),
        ("https://example.org/a b", "not_a_link"),
        ("http://127.0.0.1\\@1.1.1.1", "not_a_link"),
        ("https://example.org:99999/", "not_a_link"),
        ("https://[::1", "not_a_link"),
        ("https://example.org/\x00", "control_characters"),
        (f"https://example.org/{'a' * 500}", "too_long"),
    ],
)
def test_a_web_address_is_refused(raw: str, code: str) -> None:
    with pytest.raises(ContactRefused) as refused:
        parse_link(raw)

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("number", "holds"),
    [("+4935214567", True), ("+491511234567890", True), ("03521 4567", False), ("+49 3521", False), ("+0123456", False),
     ("+4912345678901234567", False), ("", False)],
)  # fmt: skip
def test_numbers_are_e164(number: str, holds: bool) -> None:
    assert is_phone(number) is holds
