"""What a provider hands over is believed only when everything about it holds; no network, a key of the test's own."""

from base64 import b64encode, urlsafe_b64encode
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey

from dispatch.domain.permissions import Role
from dispatch.domain.single_sign_on import Entry, ProviderUnreachable, SignOnExpired, SignOnUntrusted
from dispatch.domain.single_sign_on_settings import Settings
from dispatch.outgoing.single_sign_on import Begun, Provider
from tests.builders import NOW

ISSUER = "https://sso.example"
SETTINGS = Settings(
    ISSUER, "dispatch", "a secret", "SSO", "openid", "groups", (Entry("koordination", Role.COORDINATOR),)
)
METADATA = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/authorize",
    "token_endpoint": f"{ISSUER}/token",
    "userinfo_endpoint": f"{ISSUER}/me",
    "jwks_uri": f"{ISSUER}/keys",
    "end_session_endpoint": f"{ISSUER}/end?x=1",
}
KEY, OTHER = (ECKey.generate_key("P-256", {"kid": name}) for name in ("ours", "other"))
SHARED = OctKey.generate_key(256, {"kid": "ours"})
BEGUN = Begun("state", "nonce", "verifier")
BACK = "https://dispatch.example/login/sso/callback"
STAMP = int(NOW.timestamp())
CLAIMS = {"iss": ISSUER, "sub": "wolf", "aud": "dispatch", "exp": STAMP + 300, "iat": STAMP, "nonce": "nonce"}


class Scripted(Provider):
    """A provider that answers as the test says; `asked` is what was fetched."""

    def __init__(self, token: str = "", *, keys: KeySet | None = None, **metadata: Any) -> None:
        super().__init__(SETTINGS)
        self.token, self.keys, self.asked = token, keys or KeySet([KEY]), [""]
        self.answers: dict[str, Any] = {
            f"{ISSUER}/.well-known/openid-configuration": METADATA | metadata,
            f"{ISSUER}/me": {"sub": "wolf", "groups": ["koordination"], "email": "other@example.org"},
        }

    def _fetch(self, address: str, *, bearer: str | None = None) -> dict[str, Any]:
        self.asked.append(address)
        found = self.keys.as_dict() if address.endswith("/keys") else self.answers[address]
        return dict(found)

    def _exchange(self, code: str, begun: Begun, back: str, metadata: Any) -> dict[str, Any]:
        return {"id_token": self.token, "access_token": "access"}


class Asking(Scripted):
    """The same, but the code is exchanged as it is in operation."""

    _exchange = Provider._exchange


def signed(changed: dict[str, object] | None = None, *, key: Any = KEY, alg: str = "ES256", kid: str = "ours") -> str:
    claims = {name: value for name, value in {**CLAIMS, **(changed or {})}.items() if value is not None}
    return jwt.encode({"alg": alg, "kid": kid}, claims, key, algorithms=[alg])


def unsigned() -> str:
    _head, body, _mark = signed().split(".")
    return f"eyJhbGciOiJub25lIn0.{body}."


def redeem(provider: Provider, code: str = "code") -> dict[str, object]:
    issuer, claims = provider.redeem(code, BEGUN, BACK, NOW)
    assert issuer == ISSUER
    return dict(claims)


def test_a_sound_token_tells_who_it_is_and_goes_before_what_is_told_besides() -> None:
    claims = redeem(Scripted(signed({"email": "wolf@example.org"})))

    assert claims == {**CLAIMS, "email": "wolf@example.org", "groups": ["koordination"]}


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(signed({"nonce": "another"}), id="another nonce"),
        pytest.param(signed({"nonce": None}), id="no nonce"),
        pytest.param(signed({"iss": "https://evil.example"}), id="another issuer"),
        pytest.param(signed({"aud": "another"}), id="for somebody else"),
        pytest.param(signed({"aud": ["dispatch", "another"]}), id="for several, made for nobody"),
        pytest.param(signed({"aud": ["dispatch", "x"], "azp": "x"}), id="for several, made for another"),
        pytest.param(signed({"exp": STAMP - 61}), id="expired"),
        pytest.param(signed({"exp": None}), id="without end"),
        pytest.param(signed({"exp": "soon"}), id="an end that is no time"),
        pytest.param(signed({"iat": STAMP + 61}), id="not issued yet"),
        pytest.param(signed({"sub": None}), id="nobody"),
        pytest.param(signed({"at_hash": "AAAA"}), id="for another access token"),
        pytest.param(signed({"at_hash": 7}), id="a hash that is none"),
        pytest.param(signed(key=OTHER), id="signed by another key"),
        pytest.param(signed(key=OTHER, kid="other"), id="a key the provider does not have"),
        pytest.param(signed(key=SHARED, alg="HS256"), id="signed with a secret both know"),
        pytest.param(unsigned(), id="not signed"),
        pytest.param("", id="nothing"),
        pytest.param("a.b.c", id="rubbish"),
    ],
)
def test_a_token_that_does_not_hold_is_nobody(token: str) -> None:
    with pytest.raises(SignOnUntrusted):
        redeem(Scripted(token))


def test_clocks_may_differ_by_a_minute() -> None:
    assert redeem(Scripted(signed({"exp": STAMP - 59, "iat": STAMP + 59})))["sub"] == "wolf"


def test_what_is_told_besides_must_be_about_the_same_person() -> None:
    provider = Scripted(signed())
    provider.answers[f"{ISSUER}/me"] = {"sub": "another"}

    with pytest.raises(SignOnUntrusted):
        redeem(provider)


def test_keys_are_fetched_again_for_an_unknown_one_and_not_too_often() -> None:
    provider = Scripted(signed(key=OTHER, kid="other"))
    provider.begin(BACK, NOW - timedelta(seconds=31), locale="de")
    provider.keys = KeySet([KEY, OTHER])

    assert redeem(provider)["sub"] == "wolf"
    provider.token = signed(key=OTHER, kid="third")
    with pytest.raises(SignOnUntrusted):
        redeem(provider)
    assert provider.asked.count(f"{ISSUER}/keys") == 2


@pytest.mark.parametrize(
    "metadata",
    [
        pytest.param({"issuer": "https://evil.example"}, id="another issuer"),
        pytest.param({"token_endpoint": "http://sso.example/token"}, id="an address that is not encrypted"),
        pytest.param({"jwks_uri": None}, id="no keys"),
        pytest.param({"end_session_endpoint": "javascript:alert(1)"}, id="a way out that leads nowhere"),
    ],
)
def test_a_provider_that_says_unsound_things_of_itself_is_none(metadata: dict[str, Any]) -> None:
    provider = Scripted(signed(), **metadata)

    with pytest.raises(ProviderUnreachable):
        redeem(provider)


def test_a_silent_provider_is_left_alone_for_a_while() -> None:
    provider = Scripted(issuer="https://evil.example")
    for seconds in (0, 9, 10):
        with pytest.raises(ProviderUnreachable):
            provider.begin(BACK, NOW + timedelta(seconds=seconds), locale="de")

    assert len(provider.asked) == 1 + 2


@pytest.mark.parametrize("code", ["a\x00b", "ä", "x" * 4001])
def test_a_code_that_cannot_be_one_is_not_sent(code: str) -> None:
    with pytest.raises(SignOnExpired):
        redeem(Scripted(signed()), code)


def answering(monkeypatch: pytest.MonkeyPatch, status: int, body: str) -> list[requests.PreparedRequest]:
    """Let every request be answered so, and return what was sent."""
    sent: list[requests.PreparedRequest] = []

    def send(_session: requests.Session, request: requests.PreparedRequest, **_options: Any) -> requests.Response:
        sent.append(request)
        response = requests.Response()
        response.status_code, response.request, response.raw = status, request, BytesIO(body.encode())
        response.headers["Location"] = "https://evil.example/"
        return response

    monkeypatch.setattr(requests.Session, "send", send)
    return sent


@pytest.mark.parametrize(
    ("status", "body", "refusal"),
    [
        pytest.param(400, '{"error": "invalid_grant"}', SignOnExpired, id="the code is spent"),
        pytest.param(401, '{"error": "invalid_client"}', ProviderUnreachable, id="it does not know us"),
        pytest.param(500, "oops", ProviderUnreachable, id="its own fault"),
        pytest.param(302, "", ProviderUnreachable, id="led elsewhere"),
        pytest.param(200, "<html>", ProviderUnreachable, id="a page"),
        pytest.param(200, "[]", ProviderUnreachable, id="a list"),
        pytest.param(200, "{}", SignOnUntrusted, id="no token in it"),
    ],
)
def test_the_code_is_exchanged_once_with_verifier_and_secret(
    monkeypatch: pytest.MonkeyPatch, status: int, body: str, refusal: type[Exception]
) -> None:
    provider = Asking()
    address, begun = provider.begin(BACK, NOW, locale="de")
    sent = answering(monkeypatch, status, body)

    with pytest.raises(refusal):
        provider.redeem("code", begun, BACK, NOW)

    (request,) = sent
    fields = dict(parse_qsl(str(request.body)))
    challenge = urlsafe_b64encode(sha256(fields["code_verifier"].encode()).digest()).decode().rstrip("=")
    assert request.url == METADATA["token_endpoint"]
    assert dict(parse_qsl(urlsplit(address).query))["code_challenge"] == challenge
    assert request.headers["Authorization"] == f"Basic {b64encode(b'dispatch:a secret').decode()}"
    assert (fields["code"], fields["redirect_uri"], "client_secret" in fields) == ("code", BACK, False)


def test_the_way_out_is_the_providers_own_address() -> None:
    assert Scripted().way_out("https://d.example/", NOW) == (
        f"{ISSUER}/end?x=1&client_id=dispatch&post_logout_redirect_uri=https%3A%2F%2Fd.example%2F"
    )
