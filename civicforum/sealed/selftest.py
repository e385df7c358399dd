"""Vectors that every start computes: a libsodium that gives other bytes seals and verifies nothing."""

from __future__ import annotations

from .ballots import tracker_of, verify_ballot
from .group import ORDER, add, generator, is_encoding, subtract, times, times_base
from .hashing import h32, hash_to_scalar
from .manifest import race_of
from .sealing import seal
from .sodium import SodiumUnusable
from .texts import point_of_text

_MANIFEST = (
    '{"contests":[{"kind":"choose","max":1,"options":["甲","乙"]}],'
    '"key":"yMku5Tbnmt0QrxGpuSPpPaQ-k7yWjHoawqUhH3hgEh8"}'
).encode()
_RACE_ID = "b4fe620be77eb6b5f59f38a819fd5a89f43715c7ff646a1dc798ae271e15aced"
_TRACKER = "1a8a20dcef353c0f03745e16d5bc5b6e23f4ee9f45b89d2dac7bd40f1931560d"
# RFC 9496 appendix A.1, the generator.
_GENERATOR = "e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76"


def run() -> None:
    """Raise SodiumUnusable unless every vector comes out."""
    failed = [name for name, holds in _vectors().items() if not holds]
    if failed:
        raise SodiumUnusable("libsodium computes something else than it should: " + ", ".join(failed))


def _vectors() -> dict[str, bool]:
    base, key = times_base(1), times_base(hash_to_scalar("k"))
    race = race_of(_MANIFEST)
    ballot = seal(race, [1, 0], hash_to_scalar("s"), 0, bytes(32))
    verify_ballot(race, ballot)
    return {
        "generator": base.hex() == _GENERATOR,
        "multiples": times(3, add(base, base)) == times_base(6) == subtract(base, times_base(-5)),
        "order": times_base(ORDER - 1) == subtract(bytes(32), base),
        "hash": h32("tracker", b"").hex()
        == "9f704e1fb4f19e7f204654f017912fb8e39b94d6f5d3a05af8968aef2395e848",
        "key": key.hex() == "c8c92ee536e79add10af11a9b923e93da43e93bc968c7a1ac2a5211f7860121f",
        "from hash": generator("shuffle", 0).hex()
        == "d8acae05997bc2c907f8918efbfff7b8016fc77c14d1bdd3da0a1c341066735b",
        "text": point_of_text(b"201") == bytes.fromhex("0c03323031") + bytes(27),
        "encodings": not any(map(is_encoding, _spellings_to_refuse(base))),
        "race": race.id.hex() == _RACE_ID,
        "ballot": len(ballot) == 516 and tracker_of(ballot).hex() == _TRACKER,
    }


def _spellings_to_refuse(base: bytes) -> list[bytes]:
    """Return a second spelling of the identity and of a point, the identity, and two that are no element."""
    prime = (2**255 - 19).to_bytes(32, "little")
    return [bytes(31) + b"\x80", base[:31] + bytes([base[31] | 0x80]), bytes(32), prime, b"\x01" + bytes(31)]
