"""What a dossier says, as values that the page, the PDF and the zip show alike.

Texts are in the language in force when it was gathered; a link is an endpoint, for only the page links.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True)
class Link:
    """A page: its words and, for url_for, endpoint and arguments."""

    words: str
    endpoint: str
    arguments: Mapping[str, str]


@dataclass(frozen=True)
class Words:
    """A sentence or two; `is_grave` where something is late or does not hold."""

    text: str
    is_grave: bool = False
    block: Literal["words"] = "words"


@dataclass(frozen=True)
class Heading:
    """What the blocks after it are about."""

    text: str
    link: Link | None = None
    block: Literal["heading"] = "heading"


@dataclass(frozen=True)
class Facts:
    """Names and values; a value "" is not shown."""

    rows: tuple[tuple[str, str], ...]
    block: Literal["facts"] = "facts"


@dataclass(frozen=True)
class Document:
    """A text word for word; `path` is its file in the zip, and the hash is that of this file."""

    title: str
    text: str
    path: str
    note: str = ""
    block: Literal["document"] = "document"

    @property
    def content(self) -> bytes:
        return self.text.encode()

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class Said:
    """Something somebody said or wrote: who and when, and the words."""

    who: str
    text: str
    at: datetime | None = None
    is_answer: bool = False
    block: Literal["said"] = "said"


@dataclass(frozen=True)
class Table:
    """A table with its caption; the first column names the row."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    block: Literal["table"] = "table"


@dataclass(frozen=True)
class Sum:
    """A rule with its arithmetic: what it is about, what came of it, the sum, the rule and its article."""

    label: str
    outcome: str
    holds: bool
    arithmetic: str
    rule: str = ""
    article: str = ""
    block: Literal["sum"] = "sum"


@dataclass(frozen=True)
class Hash:
    """A check value in hexadecimal digits, with what it names."""

    words: str
    digits: str
    block: Literal["hash"] = "hash"


Block = Words | Heading | Facts | Document | Said | Table | Sum | Hash | Link


@dataclass(frozen=True)
class Section:
    """A part of a dossier; without blocks it says by `absent` what there is not."""

    anchor: str
    title: str
    blocks: tuple[Block, ...]
    absent: str


@dataclass(frozen=True)
class Ballots:
    """The published archive of a sealed vote: where it ends, and how many bytes it has."""

    poll_id: uuid.UUID
    lines: int
    head: str
    bytes: int

    @property
    def path(self) -> str:
        return f"ballots/{self.poll_id}.jsonl"


@dataclass(frozen=True)
class Picture:
    """A photo of the zip."""

    photo_id: uuid.UUID
    sha256: str
    description: str

    @property
    def path(self) -> str:
        return f"pictures/{self.photo_id}.jpg"


@dataclass(frozen=True)
class Part:
    """A section with the files that belong to it beside its documents."""

    section: Section
    ballots: tuple[Ballots, ...] = ()
    pictures: tuple[Picture, ...] = ()
    files: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True)
class Dossier:
    """All that is public about one decision, in the order in which it is read.

    `subjects` are the kind and id of what the journal's piece is about.
    """

    kind: str
    id: uuid.UUID
    title: str
    what: str
    community: str
    community_id: uuid.UUID
    parts: tuple[Part, ...]
    left_out: tuple[str, ...]
    subjects: tuple[tuple[str, uuid.UUID], ...]
    link: Link | None = None

    @property
    def sections(self) -> tuple[Section, ...]:
        return tuple(part.section for part in self.parts)

    @property
    def ballots(self) -> tuple[Ballots, ...]:
        return tuple(one for part in self.parts for one in part.ballots)

    @property
    def pictures(self) -> tuple[Picture, ...]:
        return tuple(one for part in self.parts for one in part.pictures)
