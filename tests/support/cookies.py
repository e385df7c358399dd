"""A cookie whose signature is not its own."""

from __future__ import annotations


def with_another_signature(cookie: str) -> str:
    """Return a signed cookie with the first character of its signature changed.

    Not the last one: the 160 bits of a signature take 27 characters of base64, which hold 162, so that
    nobody reads two bits of its last character, and one cookie in sixteen would stay what it was.
    """
    signed, signature = cookie.rsplit(".", 1)
    return f"{signed}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"
