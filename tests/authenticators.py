"""An authenticator in software: it makes passkeys and signs challenges as a device would."""

import json
import secrets
from hashlib import sha256
from struct import pack
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url as text

PRESENT, VERIFIED, WITH_KEY = 0x01, 0x04, 0x40


class Authenticator:
    """A device with one passkey, which counts its uses."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.uses = 0
        self._id = secrets.token_bytes(16)
        self._key = ec.generate_private_key(ec.SECP256R1())

    def make(self, options: str) -> str:
        """Answer `navigator.credentials.create`."""
        asked = json.loads(options)
        numbers = self._key.public_key().public_numbers()
        key = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        held = bytes(16) + pack(">H", len(self._id)) + self._id + cbor2.dumps(key)
        facts = self._facts(asked["rp"]["id"], WITH_KEY) + held
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": facts})
        client = self._client("webauthn.create", asked["challenge"])
        return self._answer(clientDataJSON=text(client), attestationObject=text(attested), transports=["usb", "odd"])

    def sign(self, options: str, *, counts: bool = True) -> str:
        """Answer `navigator.credentials.get`."""
        asked = json.loads(options)
        self.uses += counts
        facts, client = self._facts(asked["rpId"], 0), self._client("webauthn.get", asked["challenge"])
        signature = self._key.sign(facts + sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            clientDataJSON=text(client), authenticatorData=text(facts), signature=text(signature), userHandle=None
        )

    def _facts(self, host: str, flags: int) -> bytes:
        return sha256(host.encode()).digest() + pack(">BI", PRESENT | VERIFIED | flags, self.uses)

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def _answer(self, **response: Any) -> str:
        name = text(self._id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
