"""Bodies that no form of ours sends: too large, broken, of another kind. All are refused, nothing is stored."""

from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.browsing import token_of
from tests.faults.attacks import OWN_PAGE, URL_ENCODED, faults_of
from tests.faults.stores import Store
from tests.faults.values import MARKUP, NASTY
from tests.faults.world import World

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MULTIPART = "multipart/form-data"
IN_PARTS = f"{MULTIPART}; boundary=x"
PART = b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\n'
FORMS = ("/requests/new", "/mediators/new", "/organisations/new", "/login", "/language")
REFUSED = {400, 404, 422, 429}

TOO_LARGE: dict[str, dict[str, Any]] = {
    "a field of 600 kB": {"data": {"notes": "x" * 600_000}},
    "a field of 600 kB in parts": {"data": PART + b"x" * 600_000 + b"\r\n--x--", "content_type": IN_PARTS},
    "1 MB": {"data": {"name": "x" * 1_000_000}},
    "5 MB": {"data": {"name": "x" * 5_000_000}},
    "1500 parts": {"data": (PART + b"\r\n") * 1500 + b"--x--", "content_type": IN_PARTS},
}
UNREADABLE: dict[str, dict[str, Any]] = {
    "json": {"json": {"notes": "x"}},
    "deep json": {"data": b"[" * 5000, "content_type": "application/json"},
    "plain text": {"data": b"name=x", "content_type": "text/plain"},
    "xml": {"data": b"<x/>", "content_type": "text/xml"},
    "no kind": {"data": b"name=x", "content_type": "\xff;;=;"},
    "parts without boundary": {"data": b"name=x", "content_type": MULTIPART},
    "parts that end early": {"data": PART + b"b", "content_type": IN_PARTS},
    "a head that ends early": {"data": b"--x\r\nContent-Dis", "content_type": IN_PARTS},
    "a boundary without end": {"data": b"--x\r\n", "content_type": f"{MULTIPART}; boundary=" + "x" * 300},
    "another charset": {"data": b"name=%ff", "content_type": f"{URL_ENCODED}; charset=utf-7"},
    "two bytes each": {"data": "name=x".encode("utf-16"), "content_type": URL_ENCODED},
    "nothing": {"data": b"", "content_type": URL_ENCODED},
    "signs only": {"data": b"a;b;c&&&==%%%&%zz=%u1234", "content_type": URL_ENCODED},
    "10000 fields": {"data": urlencode([(f"f{number}", "1") for number in range(10_000)]), "content_type": URL_ENCODED},
}

FILES = {
    "NUL": b"Name;Wohnort\r\na\x00b;Riesa\r\n",
    "no characters": b"Name;Sprachen\r\n\xff\xfe\x80;\x81\r\n",
    "nothing": b"",
    "a broken archive": b"PK\x03\x04broken",
    "an empty archive": b"PK\x05\x06" + bytes(18),
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "an endless cell": b"Name\r\n" + b"x" * 300_000,
    "columns without end": b";".join([b"Name"] * 20_000),
    "an open quote": b'Name;Wohnort\r\n"Ali;Riesa\r\n',
    "signs of direction": "Name;Wohnort;Sprachen\r\na\u202eb;\u2066;\u2028\r\n".encode(),
    "two bytes each": "Name;Wohnort\r\nAli;Riesa".encode("utf-16"),
    "markup": f"Name;Wohnort;{MARKUP}\r\n{MARKUP};{MARKUP};{MARKUP}\r\n".encode(),
    "every value everywhere": "\r\n".join(
        [
            "Name;Wohnort;Sprachen;Telefon;E-Mail;max. km;Ausweis",
            *(";".join([" ".join(value[:200].split()).replace("\udc80", "\ufffd")] * 7) for value in NASTY.values()),
        ]
    ).encode(),
}
SEEN_AFTERWARDS = (
    "/mediators/import", "/mediators/import/preview", "/mediators?active=all", "/mediators/export.csv",
    "/mediators/export.xlsx",
)  # fmt: skip
NAMES = ("pool.csv", "../../pool.csv", 'a"\r\nX: y.csv', f"{MARKUP}.csv", "x" * 3000, "\u202evsc.lopo", "")


@ON_SQLITE
def test_what_is_too_large_is_refused_as_such(world: World, store: Store) -> None:
    browser = world.browser("coordinator")

    answers = {
        (path, label): browser.post(path, headers=OWN_PAGE, **sent)
        for path in FORMS
        for label, sent in TOO_LARGE.items()
    }

    assert {key: answer.status_code for key, answer in answers.items() if answer.status_code != 413} == {}
    assert [wrong for answer in answers.values() for wrong in faults_of(answer)] == []
    assert store.left == set()


def test_what_is_no_form_is_refused(world: World, store: Store) -> None:
    browser = world.browser("coordinator")
    headers = OWN_PAGE | {"X-CSRFToken": token_of(browser)}

    answers = {
        (path, label): browser.post(path, headers=headers, **sent)
        for path in FORMS
        for label, sent in UNREADABLE.items()
    }

    assert {key: answer.status_code for key, answer in answers.items() if answer.status_code not in REFUSED} == {}
    assert [wrong for answer in answers.values() for wrong in faults_of(answer)] == []
    assert store.left == set()


def test_no_file_breaks_the_import(world: World, store: Store) -> None:
    faults = []
    for label, content in FILES.items():
        for name in NAMES if label == "markup" else NAMES[:1]:
            faults += [(label, name, *wrong) for wrong in brought_in(world, store, content, name)]

    assert faults == []


def brought_in(world: World, store: Store, content: bytes, name: str) -> list[list[str]]:
    """Take a file through the whole import and out again; return what was wrong on the way."""
    store.put_back()
    browser = world.browser("coordinator")
    answers = []
    for path, data in (
        ("/mediators/import", {"file": (BytesIO(content), name)}),
        ("/mediators/import/preview", {"act": "look"}),
        ("/mediators/import/preview", {"act": "apply", "skip": "1"}),
    ):
        values: dict[str, Any] = {"csrf_token": token_of(browser), **data}
        answers.append(browser.post(path, data=values, content_type=MULTIPART, headers=OWN_PAGE))
    answers += [browser.get(path) for path in SEEN_AFTERWARDS]
    return [wrong for answer in answers if (wrong := faults_of(answer))]
