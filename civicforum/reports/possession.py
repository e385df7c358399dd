"""Whether a visitor holds a private key: a sealed word that only its holder reads, remembered by nobody.

The word follows from the test's own text and a secret of the server: nothing is stored until it comes back.
"""

from __future__ import annotations

import hashlib
import hmac
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from civicforum.reports import boxes
from civicforum.reports.rules import TEST_LASTS


class TestFailed(ValueError):
    """The answer is not the sealed word, or came too late, or the test is not of this server."""

    __test__ = False


@dataclass(frozen=True)
class Possession:
    """A test to be answered: `text` goes back with the answer, `sealed` is what the holder opens."""

    text: str
    sealed: bytes


def make_test(*, key_id: uuid.UUID, public: bytes, server_secret: str, now: datetime) -> Possession:
    """Return a test that works once and for some minutes."""
    ends = int((now + TEST_LASTS).timestamp())
    text = f"{uuid.uuid4()}.{key_id}.{ends}"
    return Possession(text, boxes.seal(_word(text, server_secret).encode(), public))


def passed(*, text: str, answer: str, key_id: uuid.UUID, server_secret: str, now: datetime) -> uuid.UUID:
    """Return the id of the visit that a test passed opens. Raises TestFailed."""
    if not hmac.compare_digest(_word(text, server_secret).encode(), answer.strip().encode()):
        raise TestFailed
    visit, key, ends = text.split(".")
    if key != str(key_id) or now > datetime.fromtimestamp(int(ends), UTC):
        raise TestFailed
    return uuid.UUID(visit)


def _word(text: str, server_secret: str) -> str:
    message = f"civicforum report key test v1|{text}"
    return hmac.new(server_secret.encode(), message.encode(), hashlib.sha256).hexdigest()
