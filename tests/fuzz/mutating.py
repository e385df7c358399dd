"""Changed inputs without a fuzzer: for a quick look, the same ones for the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

# What parsers stumble over.
TOKENS = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\\ud800", b"NaN",
    b"Infinity", b"1e999", b"-1",
    b"9" * 20,
    b"9" * 5000, b"[" * 2000, b'{"":' * 2000, b"null", b"true", b"{}", b"[]", b'""', b"../", b"\r\n",
    b"\xe2\x80\xae", b"%00", b"//", b"\\", b'"', b"'", b"<", b"=1+1", b"\xef\xbc\x91", b"\xe2\x84\xab",
)  # fmt: skip


def mutated(seeds: Sequence[bytes], *, count: int, seed: int) -> Iterator[bytes]:
    """Yield inputs made from the seeds by a few changes each."""
    chance = random.Random(seed)  # noqa: S311
    for _ in range(count):
        data = bytearray(chance.choice(seeds))
        for _ in range(chance.randint(1, 4)):
            chance.choice(_CHANGES)(data, chance, seeds)
        yield bytes(data)


def _flip(data: bytearray, chance: random.Random, _seeds: Sequence[bytes]) -> None:
    if data:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _put(data: bytearray, chance: random.Random, _seeds: Sequence[bytes]) -> None:
    start, end = _span(data, chance)
    data[start : chance.choice((start, end))] = chance.choice(TOKENS)


def _cut(data: bytearray, chance: random.Random, _seeds: Sequence[bytes]) -> None:
    start, end = _span(data, chance)
    del data[start:end]


def _repeat(data: bytearray, chance: random.Random, _seeds: Sequence[bytes]) -> None:
    start, end = _span(data, chance)
    data[start:start] = data[start:end] * chance.randint(1, 8)


def _splice(data: bytearray, chance: random.Random, seeds: Sequence[bytes]) -> None:
    other = chance.choice(seeds)
    start, _ = _span(data, chance)
    data[start:] = other[chance.randrange(len(other) + 1) :]


def _span(data: bytearray, chance: random.Random) -> tuple[int, int]:
    start = chance.randrange(len(data) + 1)
    return start, min(len(data), start + chance.choice((1, 2, 4, 16, 256)))


_CHANGES = (_flip, _put, _cut, _repeat, _splice)
