"""Send forms with nasty values in them, and say what is wrong with the answers."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode, urljoin

from flask.testing import FlaskClient
from markupsafe import escape
from werkzeug.test import TestResponse

from tests.browsing import token_of
from tests.faults.markup import TYPED, Form
from tests.faults.pages import Found
from tests.faults.stores import Store
from tests.faults.values import NEVER_ON_A_PAGE, WRITTEN_AS, as_bytes, as_read
from tests.faults.world import World

OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}
LANGUAGES = ("de", "en", "ar")
URL_ENCODED = "application/x-www-form-urlencoded"
MAIN_BUTTONS = frozenset({"send", "save", "yes", "apply", "refuse"})
IN_STEP = frozenset({"latest", "case_token", "access_url", "access_phone"})
"""Fields that hold only together with others."""

NEVER_SHOWN_AGAIN = frozenset({"new", "password", "username", "code", "passkey"})

FILLED = {
    "language": "Dari", "setting": "parent_talk", "day": "08.12.2026", "start": "9:00", "length": "60",
    "place": "Nünchritz", "address": "Schulstraße 4", "contact_name": "Sekretariat", "contact_phone": "03521 000 210",
    "consent": "known", "name": "Neue Person", "home": "Riesa", "language-0": "دری", "language-0-level": "native",
    "email": "neu@example.org", "kind": "school", "role": "coordinator", "side": "client", "minutes": "10",
    "reason": "own", "new": "ein langes neues Kennwort 2026", "german_level": "C1", "channel": "phone",
    "topic": "health", "timing": "any", "way": "phone", "contact": "03521 000 140", "mode": "phone",
    "password": "falsch", "sees": "3", "url": "https://hooks.example/new",
    "issued_on": "01.10.2026",
}  # fmt: skip
"""What an empty field of this name holds when the rest of its form is in order."""

Sent = dict[str, list[str]]


def in_order(form: Form) -> Sent:
    """Return what a careful person sends."""
    sent = {}
    for name, control in form.fields.items():
        wanted = [FILLED[name]] if name in FILLED and control.kind != "checkbox" else []
        if control.choices and wanted and wanted[0] not in control.choices:
            wanted = [choice for choice in control.choices if choice][:1]
        sent[name] = list(control.values) if any(control.values) or not wanted else wanted
    return sent


class Attack:
    """A form under attack: sends it, puts back what it did, and notes what was wrong."""

    def __init__(self, world: World, store: Store, found: Found) -> None:
        self.found = found
        self.faults: list[tuple[str, ...]] = []
        self._world, self._store = world, store
        self._browser: FlaskClient | None = None
        self._token = ""

    @property
    def fields(self) -> list[str]:
        """The fields one can spoil."""
        return [
            name for name, control in self.found.form.fields.items() if name != "csrf_token" and control.kind != "file"
        ]

    @property
    def machine(self) -> list[str]:
        """The fields that nobody sees."""
        return [name for name in self.fields if self.found.form.fields[name].kind == "hidden"]

    @property
    def chosen(self) -> set[str]:
        """The fields that say what, when and where; not those that people write prose into."""
        form = self.found.form
        return {
            name for name in self.fields if form.fields[name].kind not in TYPED or name in FILLED or name in IN_STEP
        }

    @property
    def is_typed(self) -> bool:
        """Tell whether people type into the form, not only choose."""
        return any(control.kind in TYPED for control in self.found.form.fields.values())

    def press(self, turn: int) -> Sent:
        """Return the button to press this time: mostly the one that acts, in between the others."""
        buttons = self.found.form.buttons
        main = next((one for one in buttons if one[1] in MAIN_BUTTONS or not one[0]), buttons[0])
        name, value = main if turn % 3 else buttons[turn // 3 % len(buttons)]
        return {name: [value]} if name else {}

    def send(self, values: Mapping[str, Sequence[str]], language: str) -> TestResponse:
        """Post the form in its page's session and note what is wrong with the answer."""
        self._store.put_back()
        if self._browser is None:
            self._browser = self._world.browser(self.found.role)
            self._token = token_of(self._browser)
        pairs = [(as_bytes(name), as_bytes(value)) for name, every in values.items() for value in every]
        sent = [pair for pair in pairs if pair[0] != b"csrf_token"]
        path = urljoin(self.found.path, self.found.form.action).partition("?")[0]
        answer = self._browser.post(
            f"{path}?lang={language}",
            data=urlencode([*sent, (b"csrf_token", self._token.encode())]),
            content_type=URL_ENCODED,
            headers=OWN_PAGE,
        )
        faults = [*faults_of(answer), *self._traces(answer), *self._lost(answer, values)]
        self.faults += (
            [(self.found.endpoint, self.found.path, language, str(answer.status_code), *faults)] if faults else []
        )
        if answer.status_code < 400 or "Set-Cookie" in answer.headers:
            self._browser = None
        return answer

    def _traces(self, answer: TestResponse) -> list[str]:
        return [f"stored in {table}" for table in sorted(self._store.left)] if answer.status_code >= 400 else []

    def _is_of_its_page(self, values: Mapping[str, Sequence[str]]) -> bool:
        """Tell whether what only machines send is what the page holds, so that the service knows the form again."""
        return all(values.get(name) == self.found.form.fields[name].values for name in self.machine)

    def _lost(self, answer: TestResponse, values: Mapping[str, Sequence[str]]) -> Iterator[str]:
        """Say which typed texts a refused form does not show again."""
        if answer.status_code != 422 or not self._is_of_its_page(values):
            return
        for name, control in self.found.form.fields.items():
            is_shown = control.kind in TYPED and name not in NEVER_SHOWN_AGAIN and not name.startswith("answer-")
            typed = as_read((values.get(name) or [""])[0])
            if is_shown and not {str(escape(typed)), WRITTEN_AS.get(typed, typed)} & set(_shown(answer.text, typed)):
                yield f"{name} lost {typed[:40]!r}"


def _shown(page: str, typed: str) -> list[str]:
    """Return the ways of writing a text that stand on the page."""
    return [word for word in (str(escape(typed)), WRITTEN_AS.get(typed, str(escape(typed)))) if word in page]


def faults_of(answer: TestResponse) -> list[str]:
    """Say what no answer may hold: a fault of ours, a page of somebody else's, a text that acts."""
    if answer.status_code >= 500:
        return ["a fault of ours"]
    page = answer.text if answer.mimetype == "text/html" else ""
    faults = [f"holds {raw}" for raw in NEVER_ON_A_PAGE if raw in page]
    if answer.status_code >= 400 and language_of(answer) not in LANGUAGES:
        faults.append("no page of ours")
    return faults


def language_of(answer: TestResponse) -> str:
    """Return the language in which a page says it is written."""
    found = re.search(r'<html lang="([^"]*)"', answer.text)
    return found[1] if found else ""


def wrong_fields(answer: TestResponse) -> set[str]:
    """Return the fields of a refused form that carry a message, groups of fields under the name of their first."""
    return set(re.findall(r'id="([^"]+)-error"', answer.text)) if answer.status_code == 422 else set()


def without(values: Mapping[str, Any], wrong: set[str], good: Mapping[str, Any]) -> Sent:
    """Put in order what was refused, and what only machines send."""
    return {name: good.get(name, value) if name in wrong else value for name, value in values.items()}
