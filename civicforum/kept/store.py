"""Where answers are kept: in the memory of one process, within bounds; what was asked for last stays."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from hashlib import blake2b
from itertools import zip_longest

# However it is used: what changes without a journal entry is shown no later than so many seconds after.
LASTS_SECONDS = 5.0
# Whoever asks for what another request is making waits so long for it, then makes it too.
WAIT_SECONDS = 2.0
# So many viewers are remembered for what their pages depend on.
MOST_NOTED = 5_000


@dataclass(frozen=True)
class Answer:
    """A page without what belongs to one visitor.

    `head` is the number of the journal's last entry before anything was read for it, `made_at` the monotonic
    second. Between two parts stands the hole of that name.
    """

    head: int
    made_at: float
    content_type: str
    parts: tuple[bytes, ...]
    holes: tuple[str, ...]
    digest: str

    @property
    def size(self) -> int:
        return sum(map(len, self.parts))

    def is_fresh(self, *, head: int, now: float) -> bool:
        return self.head == head and now - self.made_at < LASTS_SECONDS

    def filled(self, values: dict[str, bytes]) -> bytes:
        """Return the page with its holes filled."""
        own = (values[hole] for hole in self.holes)
        return b"".join(piece for pair in zip_longest(self.parts, own, fillvalue=b"") for piece in pair)


def cut(body: bytes, *, marks: dict[str, bytes], head: int, made_at: float, content_type: str) -> Answer:
    """Return the answer that leaves a hole of its name wherever a mark stands in the body."""
    names = {mark: name for name, mark in marks.items()}
    either = b"(" + b"|".join(map(re.escape, names)) + b")"
    pieces = re.split(either, body) if names else [body]
    digest = blake2b(digest_size=12)
    for piece in pieces:
        digest.update(names[piece].encode() if piece in names else piece)
    return Answer(
        head=head,
        made_at=made_at,
        content_type=content_type,
        parts=tuple(pieces[::2]),
        holes=tuple(names[mark] for mark in pieces[1::2]),
        digest=digest.hexdigest(),
    )


class Store:
    """Answers by their key, at most so many bytes of them."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._answers: OrderedDict[Hashable, Answer] = OrderedDict()
        self._bytes = 0
        self._making: dict[Hashable, threading.Event] = {}
        self._noted: OrderedDict[Hashable, tuple[float, Hashable]] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, key: Hashable, *, head: int, now: float) -> Answer | None:
        """Return the answer, if it is of this head of the journal and young enough."""
        with self._lock:
            answer = self._answers.get(key)
            if answer is None or not answer.is_fresh(head=head, now=now):
                return None
            self._answers.move_to_end(key)
            return answer

    def keep(self, key: Hashable, answer: Answer) -> None:
        with self._lock:
            before = self._answers.pop(key, None)
            self._bytes += answer.size - (before.size if before else 0)
            self._answers[key] = answer
            while self._bytes > self._most_bytes:
                _, oldest = self._answers.popitem(last=False)
                self._bytes -= oldest.size

    def recall(self, asked: Hashable, *, now: float) -> Hashable | None:
        """Return what was noted of a viewer and a page, if it was lately."""
        with self._lock:
            noted_at, depends = self._noted.get(asked, (0.0, None))
            return depends if now - noted_at < LASTS_SECONDS else None

    def note(self, asked: Hashable, depends: Hashable, *, now: float) -> None:
        with self._lock:
            self._noted[asked] = now, depends
            self._noted.move_to_end(asked)
            if len(self._noted) > MOST_NOTED:
                self._noted.popitem(last=False)

    def claim(self, key: Hashable) -> bool:
        """Tell whether the caller is the one to make the answer; if not, return once it is made."""
        with self._lock:
            made = self._making.get(key)
            if made is None:
                self._making[key] = threading.Event()
                return True
        made.wait(WAIT_SECONDS)
        return False

    def release(self, key: Hashable) -> None:
        """Let those go on who wait for the answer that the caller claimed."""
        with self._lock:
            made = self._making.pop(key)
        made.set()

    @property
    def bytes_kept(self) -> int:
        return self._bytes
