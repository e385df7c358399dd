"""An authenticator in software, after Web Authentication Level 2: what phones and security keys do."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url, encode_cbor

USER_PRESENT, WITH_KEY = 0x01, 0x40


class Authenticator:
    """One key pair on the curve P-256, and the count of what it signed."""

    def __init__(self, *, origin: str, counts: bool = True) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(16)
        self.origin, self.counts, self.count = origin, counts, 0

    def create(self, options: dict[str, Any]) -> str:
        """Answer navigator.credentials.create() without a certificate of a maker."""
        client = self._client("webauthn.create", options["challenge"])
        data = self._data(options["rp"]["id"], USER_PRESENT | WITH_KEY) + bytes(16)
        data += len(self.id).to_bytes(2, "big") + self.id + self._public()
        made = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(clientDataJSON=client, attestationObject=made)

    def get(self, options: dict[str, Any]) -> str:
        """Answer navigator.credentials.get()."""
        client = self._client("webauthn.get", options["challenge"])
        data = self._data(options["rpId"], USER_PRESENT)
        signed = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(clientDataJSON=client, authenticatorData=data, signature=signed)

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _data(self, party: str, flags: int) -> bytes:
        self.count += int(self.counts)
        return hashlib.sha256(party.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _public(self) -> bytes:
        numbers = self.key.public_key().public_numbers()
        point = {-2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        # COSE (RFC 9053): 1 key type, 2 EC2; 3 algorithm, -7 ES256; -1 curve, 1 P-256.
        return encode_cbor({1: 2, 3: -7, -1: 1, **point})

    def _answer(self, **response: bytes) -> str:
        name = bytes_to_base64url(self.id)
        parts = {key: bytes_to_base64url(value) for key, value in response.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": parts})
