"""Finding libsodium: the system's library, else the one that comes inside the wheel of pyzmq."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from importlib import metadata

SYSTEM_NAMES = ("libsodium.so.26", "libsodium.so.23", "libsodium.so", "libsodium.dylib")
WHEEL = "pyzmq"


class SodiumUnusable(RuntimeError):
    """There is no libsodium with ristretto255, or it computes something else than it should."""


def load() -> ctypes.PyDLL:
    """Return the first libsodium that has ristretto255, initialised.

    PyDLL keeps the interpreter's lock: a call takes 5 to 60 microseconds, and giving the lock away around
    each would leave whoever verifies waiting for every busy thread.
    """
    for name in candidates():
        try:
            library = ctypes.PyDLL(name)
            library.crypto_core_ristretto255_from_hash  # noqa: B018 - absent from small builds
        except (OSError, AttributeError):
            continue
        if library.sodium_init() >= 0:
            return library
    raise SodiumUnusable("no libsodium with ristretto255: install libsodium, or the wheel of pyzmq")


def candidates() -> Iterator[str]:
    """Yield what to try: the system's names, then the files of the wheel."""
    yield from SYSTEM_NAMES
    yield from in_wheel()


def in_wheel() -> list[str]:
    """Return the paths of the libsodium that the wheel ships; none where pyzmq was built from source."""
    try:
        files = metadata.files(WHEEL) or []
    except metadata.PackageNotFoundError:
        return []
    return [str(file.locate()) for file in files if file.name.startswith("libsodium")]
