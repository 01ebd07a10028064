"""The page of tokens: shown once, one's own only, revoked at once; and the description that people read."""

import re

from flask import Flask

from dispatch import clock
from dispatch.domain import errors
from dispatch.messages import problems
from dispatch.services import programs
from tests.browsing import post
from tests.builders import Builder
from tests.web.conftest import ClientFor


def test_a_new_token_is_shown_once_and_can_be_revoked(build: Builder, client_for: ClientFor) -> None:
    user = build.user()
    browser = client_for(user)

    made = post(browser, "/account/tokens", {"name": "Klinik", "scopes": ["read"], "lasts": "30"}).text
    secret = re.search(r"gdd_[\w-]{43}", made)
    assert secret is not None
    found = programs.find(secret[0], clock.now())
    later = browser.get("/account/tokens").text

    assert found is not None
    assert (found.account.user_id, list(found.scopes)) == (user.id, ["read"])
    assert ("Klinik" in later, secret[0] in later) == (True, False)
    post(browser, f"/account/tokens/{found.token_id}/revoke", {})
    assert programs.find(secret[0], clock.now()) is None


def test_nobody_revokes_anothers_token(build: Builder, client_for: ClientFor) -> None:
    other = build.user(email="other@example.org")
    post(client_for(other), "/account/tokens", {"name": "Klinik", "lasts": ""})

    answer = post(client_for(build.user("coordinator")), "/account/tokens/1/revoke", {})

    assert answer.status_code == 404


def test_what_makes_no_token_is_told_at_the_field_and_kept(build: Builder, client_for: ClientFor) -> None:
    answer = post(client_for(build.user()), "/account/tokens", {"name": "", "scopes": ["read"], "lasts": "7"})

    assert answer.status_code == 422
    assert re.findall(r'id="(\w+)-error"', answer.text) == ["lasts"]
    assert re.search(r'value="read" checked', answer.text)


def test_people_read_every_call_and_every_code(app: Flask) -> None:
    page = app.test_client().get("/api/v1/docs?lang=de").text
    description = app.test_client().get("/api/v1/openapi.json").get_json()

    assert [path for path in description["paths"] if f"</strong> {path}</code>" not in page] == []
    assert [code for code in problems.SENTENCES if f'id="{code}"' not in page] == []


OF_PAGES_ALONE = {"proof_needed", "provider_unreachable"}
"""What only somebody who signs in by a browser is told."""


def test_every_refusal_of_a_use_case_is_explained() -> None:
    def codes(kind: type[errors.Refusal]) -> set[str]:
        own = {kind.code} if hasattr(kind, "code") else set()
        return own.union(*(codes(one) for one in kind.__subclasses__()))

    unexplained = codes(errors.Refusal) - set(problems.SENTENCES) - set(problems.REFUSED)
    assert {code for code in unexplained if "sign_on" not in code} == OF_PAGES_ALONE
