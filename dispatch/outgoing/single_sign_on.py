"""Speak OpenID Connect with one provider: authorization code with PKCE, and the checks of what it hands over.

What is cached (addresses and keys of the provider) is fetched again when it is old or does not fit; no other process
needs to know. It must not decide who a person is here, and never follows a redirect.
"""

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from requests import Session
from requests.exceptions import RequestException

from dispatch.domain.single_sign_on import ProviderUnreachable, SignOnExpired, SignOnUntrusted
from dispatch.domain.single_sign_on_settings import Settings, is_secure

ALGORITHMS = ("RS256", "ES256")
"""No `none`, and nothing that is signed with a secret both sides know."""

TIMEOUT = (3.0, 5.0)
"""Seconds until a connection stands, and between two parts of an answer."""

KEPT = timedelta(hours=1)
KEYS_NOT_BEFORE = timedelta(seconds=30)
"""So often at most are the keys fetched for a token that names an unknown one."""

QUIET_AFTER_FAULT = timedelta(seconds=10)
"""So long nobody waits again for a provider that has just not answered."""

SKEW_SECONDS = 60
LONGEST_CODE = 4000
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
OPTIONAL_ENDPOINTS = ("userinfo_endpoint", "end_session_endpoint")

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Begun:
    """A sign-in under way: what the browser keeps until it comes back."""

    state: str
    nonce: str
    verifier: str


@dataclass
class _Known:
    """What the provider says of itself, its keys, and when each was fetched."""

    metadata: dict[str, Any]
    metadata_at: datetime
    keys: KeySet
    keys_at: datetime


class Provider:
    """The provider of the settings; one object per process, safe to share between threads."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._known: _Known | None = None
        self._silent_at: datetime | None = None

    def begin(self, back: str, now: datetime, *, locale: str) -> tuple[str, Begun]:
        """Return the address to send the browser to, and what to keep of it. Raises ProviderUnreachable."""
        begun = Begun(*(secrets.token_urlsafe(32) for _ in range(3)))
        client = self._client(back)
        address, _state = client.create_authorization_url(
            self._learn(now).metadata["authorization_endpoint"],
            state=begun.state,
            code_verifier=begun.verifier,
            nonce=begun.nonce,
            ui_locales=locale,
        )
        return str(address), begun

    def redeem(self, code: str, begun: Begun, back: str, now: datetime) -> tuple[str, Mapping[str, object]]:
        """Exchange the code of a sign-in and return the issuer and the claims about the person.

        What the signed token says goes before what the provider tells besides (`userinfo`). Raises SignOnExpired for a
        code that is spent or not ours, SignOnUntrusted, ProviderUnreachable.
        """
        if not (code.isascii() and code.isprintable() and 0 < len(code) <= LONGEST_CODE):
            raise SignOnExpired
        known = self._learn(now)
        token = self._exchange(code, begun, back, known.metadata)
        claims = self._verified(token, begun.nonce, now)
        more = self._told_besides(known.metadata, token, claims["sub"])
        return str(known.metadata["issuer"]), {**more, **claims}

    def way_out(self, back: str, now: datetime) -> str | None:
        """Return the address that ends the session at the provider too, None when it has none or does not answer."""
        try:
            address = self._learn(now).metadata.get("end_session_endpoint")
        except ProviderUnreachable:
            return None
        query = urlencode({"client_id": self.settings.client_id, "post_logout_redirect_uri": back})
        return f"{address}{'&' if '?' in address else '?'}{query}" if address else None

    def _client(self, back: str, method: str = "client_secret_basic") -> OAuth2Session:
        return OAuth2Session(
            self.settings.client_id,
            self.settings.client_secret,
            token_endpoint_auth_method=method,
            scope=self.settings.scopes,
            redirect_uri=back,
            code_challenge_method="S256",
        )

    def _learn(self, now: datetime) -> _Known:
        known = self._known
        if known is not None and known.metadata_at <= now < known.metadata_at + KEPT:
            return known
        if self._silent_at is not None and self._silent_at <= now < self._silent_at + QUIET_AFTER_FAULT:
            raise ProviderUnreachable
        try:
            metadata = self._discover()
            keys = self._fetch_keys(metadata)
        except ProviderUnreachable:
            self._silent_at = now
            raise
        self._known = _Known(metadata, now, keys, now)
        return self._known

    def _discover(self) -> dict[str, Any]:
        issuer = self.settings.issuer.rstrip("/")
        metadata = self._fetch(f"{issuer}/.well-known/openid-configuration")
        if str(metadata.get("issuer")).rstrip("/") != issuer:
            raise _unreachable("the provider names another issuer")
        for name in (*ENDPOINTS, *OPTIONAL_ENDPOINTS):
            address = metadata.get(name)
            if address is None and name in OPTIONAL_ENDPOINTS:
                continue
            if not isinstance(address, str) or not is_secure(address, on_this_machine=self.settings.is_on_this_machine):
                raise _unreachable(f"{name} is missing or not encrypted")
        return metadata

    def _fetch_keys(self, metadata: Mapping[str, Any]) -> KeySet:
        try:  # the type asked for is what joserfc itself checks at run time
            return KeySet.import_key_set(self._fetch(metadata["jwks_uri"]))  # type: ignore[arg-type]
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise _unreachable("the keys cannot be read") from error

    def _fetch(self, address: str, *, bearer: str | None = None) -> dict[str, Any]:
        headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {bearer}"} if bearer else {})
        try:
            with Session() as session:
                answer = session.get(address, headers=headers, timeout=TIMEOUT, allow_redirects=False)
                found = answer.json() if answer.status_code == 200 else None
        except (RequestException, ValueError) as error:
            raise _unreachable(f"no answer ({type(error).__name__})") from error
        if not isinstance(found, dict):
            raise _unreachable(f"status {answer.status_code}, or no JSON object")
        return found

    def _exchange(self, code: str, begun: Begun, back: str, metadata: Mapping[str, Any]) -> dict[str, Any]:
        methods = metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        method = "client_secret_basic" if "client_secret_basic" in methods else "client_secret_post"
        try:
            with self._client(back, method) as client:
                token = client.fetch_token(
                    metadata["token_endpoint"],
                    grant_type="authorization_code",
                    code=code,
                    redirect_uri=back,
                    code_verifier=begun.verifier,
                    timeout=TIMEOUT,
                    allow_redirects=False,
                )
        except OAuthError as error:
            if error.error == "invalid_grant":
                raise SignOnExpired from error
            raise _unreachable(f"the token endpoint refuses us ({error.error})") from error
        except (RequestException, ValueError) as error:
            raise _unreachable(f"no token ({type(error).__name__})") from error
        return dict(token)

    def _verified(self, token: Mapping[str, Any], nonce: str, now: datetime) -> dict[str, Any]:
        """Return the claims of the signed token, once signature, issuer, audience, times, nonce and hash hold."""
        try:
            decoded = self._decoded(str(token.get("id_token", "")), now)
            claims = CodeIDToken(
                decoded.claims,
                decoded.header,
                {
                    "iss": {"essential": True, "value": self._learn(now).metadata["issuer"]},
                    "aud": {"essential": True, "value": self.settings.client_id},
                },
                {
                    "nonce": nonce,
                    "client_id": self.settings.client_id,
                    "access_token": token.get("access_token"),
                },
            )
            claims.validate(now=int(now.timestamp()), leeway=SKEW_SECONDS)
        except (JoseError, ValueError, TypeError, AttributeError, KeyError) as error:
            log.warning("single sign-on: the token does not hold (%s)", _word(error))
            raise SignOnUntrusted from error
        return dict(claims)

    def _decoded(self, id_token: str, now: datetime) -> jwt.Token:
        known = self._learn(now)
        try:
            return jwt.decode(id_token, known.keys, algorithms=ALGORITHMS)
        except InvalidKeyIdError:
            if now < known.keys_at + KEYS_NOT_BEFORE:
                raise
        known.keys, known.keys_at = self._fetch_keys(known.metadata), now
        return jwt.decode(id_token, known.keys, algorithms=ALGORITHMS)

    def _told_besides(self, metadata: Mapping[str, Any], token: Mapping[str, Any], subject: str) -> dict[str, Any]:
        address, access = metadata.get("userinfo_endpoint"), token.get("access_token")
        if not address or not isinstance(access, str):
            return {}
        told = self._fetch(address, bearer=access)
        if told.get("sub") != subject:
            log.warning("single sign-on: userinfo speaks of another subject")
            raise SignOnUntrusted
        return told


def _unreachable(why: str) -> ProviderUnreachable:
    log.warning("single sign-on: %s", why)
    return ProviderUnreachable(why)


def _word(error: Exception) -> str:
    return error.error if isinstance(error, JoseError) else type(error).__name__
