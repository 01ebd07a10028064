"""Speak WebAuthn: what a browser is asked, and whether its answer holds. No attestation, user verification preferred.

It must not know any table but the row of a passkey; whatever a browser sends that is no right answer is one refusal.
"""

import hmac
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from dispatch.domain.errors import Invalid
from dispatch.models import SecondFactor, User

if TYPE_CHECKING:
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

LONGEST_ANSWER = 20_000
T = TypeVar("T")


@dataclass(frozen=True)
class Site:
    """What the edge knows of the installation: its key, its name for people, and where browsers reach it.

    `host` is None where browsers know no passkeys: under a number instead of a name.
    """

    key: str
    name: str
    host: str | None
    origin: str


@dataclass(frozen=True)
class Made:
    """A passkey that a browser made."""

    credential_id: str
    public_key: bytes
    sign_count: int
    transports: str


def new_challenge() -> str:
    """Return what an authenticator is to sign, once."""
    from webauthn.helpers import bytes_to_base64url, generate_challenge

    return bytes_to_base64url(generate_challenge())


def creation_options(site: Site, user: User, challenge: str, known: Sequence[SecondFactor]) -> str:
    """Return as JSON what the browser needs to make a passkey, on no device that holds one already."""
    import webauthn
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    options = webauthn.generate_registration_options(
        rp_id=site.host or "",
        rp_name=site.name,
        user_name=user.email,
        user_display_name=user.name,
        user_id=hmac.digest(site.key.encode(), f"passkeys of {user.id}".encode(), "sha256"),
        challenge=webauthn.base64url_to_bytes(challenge),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.PREFERRED
        ),
        exclude_credentials=[_described(each) for each in known],
    )
    return webauthn.options_to_json(options)


def read_creation(site: Site, answer: str, challenge: str) -> Made:
    """Return the passkey that was made. Raises Invalid at `passkey` (`wrong_passkey`)."""

    def read() -> Made:
        import webauthn
        from webauthn.helpers import bytes_to_base64url

        verified = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=webauthn.base64url_to_bytes(challenge),
            expected_rp_id=site.host or "",
            expected_origin=site.origin,
        )
        return Made(
            bytes_to_base64url(verified.credential_id),
            verified.credential_public_key,
            verified.sign_count,
            ",".join(_transports(json.loads(answer)["response"].get("transports") or ())),
        )

    return _unless_wrong(site, answer, read)


def request_options(site: Site, challenge: str, known: Sequence[SecondFactor]) -> str | None:
    """Return as JSON what the browser needs to prove one of these passkeys, None when there is none to be proved."""
    if not known or site.host is None:
        return None
    import webauthn
    from webauthn.helpers.structs import UserVerificationRequirement

    options = webauthn.generate_authentication_options(
        rp_id=site.host,
        challenge=webauthn.base64url_to_bytes(challenge),
        allow_credentials=[_described(each) for each in known],
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return webauthn.options_to_json(options)


def prove(site: Site, answer: str, challenge: str, known: Sequence[SecondFactor]) -> tuple[SecondFactor, int]:
    """Return the passkey that was proved and its new count. Raises Invalid at `passkey` (`wrong_passkey`).

    A count that does not rise where the authenticator counts is refused: the passkey may have been copied.
    """

    def read() -> tuple[SecondFactor, int]:
        import webauthn
        from webauthn.helpers import bytes_to_base64url

        parsed = webauthn.helpers.parse_authentication_credential_json(answer)
        by_id = {each.credential_id: each for each in known}
        factor = by_id[bytes_to_base64url(parsed.raw_id)]
        verified = webauthn.verify_authentication_response(
            credential=parsed,
            expected_challenge=webauthn.base64url_to_bytes(challenge),
            expected_rp_id=site.host or "",
            expected_origin=site.origin,
            credential_public_key=factor.public_key or b"",
            credential_current_sign_count=factor.sign_count,
        )
        return factor, verified.new_sign_count

    return _unless_wrong(site, answer, read)


def _unless_wrong(site: Site, answer: str, read: Callable[[], T]) -> T:
    wrong = Invalid({"passkey": ("wrong_passkey",)})
    if site.host is None or not answer or len(answer) > LONGEST_ANSWER:
        raise wrong
    try:
        return read()
    except Exception as error:  # bytes of any make, read by several parsers: all that fails is no proof
        raise wrong from error


def _described(factor: SecondFactor) -> "PublicKeyCredentialDescriptor":
    from webauthn.helpers import base64url_to_bytes
    from webauthn.helpers.structs import AuthenticatorTransport, PublicKeyCredentialDescriptor

    transports = [AuthenticatorTransport(each) for each in _transports((factor.transports or "").split(","))]
    return PublicKeyCredentialDescriptor(base64url_to_bytes(factor.credential_id or ""), transports=transports or None)


def _transports(names: Sequence[object]) -> list[str]:
    """Return the ways to an authenticator that are known, each once; a browser may name others."""
    from webauthn.helpers.structs import AuthenticatorTransport

    return [each.value for each in AuthenticatorTransport if each.value in names]
