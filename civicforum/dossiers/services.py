"""A dossier as one file that can be handed over and checked anywhere: `civicforum verify`."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from flask import current_app, has_request_context
from flask_babel import force_locale
from sqlalchemy.orm import Session

from civicforum.dossiers.contents import Ballots, Document, Dossier
from civicforum.dossiers.gathering.journal import iterate_chain, list_piece
from civicforum.dossiers.packages import Elsewhere, Origin, journal_files, write_package
from civicforum.dossiers.printed import dossier_html, readme
from civicforum.dossiers.queries import get_dossier
from civicforum.polls.queries.observing import iterate_archive
from civicforum.records.models import JournalHead
from civicforum.records.queries import get_head, get_photo

# Archives of sealed ballots are put in until they have so many bytes together; of larger ones the manifest
# says where they are had and by which head they are known.
MOST_BALLOTS = 8 * 1024 * 1024
MOST_PICTURES = 60
LANGUAGE = "zh_Hans"


def pack(
    session: Session,
    *,
    subject_kind: str,
    subject_id: uuid.UUID,
    community_id: uuid.UUID,
    now: datetime,
    with_ballots: bool = True,
) -> bytes:
    """Return the dossier of a decision as a zip, in the language of the law.

    It is the same to the byte for the same content, journal and `now`. `subject_kind` is one of
    `scopes.Kind`. Raises NotFound for what is not public, of another community, or of an unknown kind.
    """
    with _in_chinese():
        dossier = get_dossier(
            session, kind=subject_kind, subject_id=subject_id, community_id=community_id, now=now
        )
        head = get_head(session, community_id=community_id) or JournalHead(sequence=0, hash="")
        near, far = _split(dossier, with_ballots=with_ballots)
        target = io.BytesIO()
        write_package(
            target,
            _files(session, dossier, near, head),
            origin=_origin(dossier, head, now),
            elsewhere=[_elsewhere(one) for one in far],
        )
    return target.getvalue()


@contextmanager
def _in_chinese() -> Iterator[None]:
    """Speak the language of the law; a job has no request from which words take their language."""
    if has_request_context():
        with force_locale(LANGUAGE):
            yield
    else:
        with current_app.test_request_context(), force_locale(LANGUAGE):
            yield


def _split(dossier: Dossier, *, with_ballots: bool) -> tuple[list[Ballots], list[Ballots]]:
    """Return the archives that are put in, and those that are named only."""
    near: list[Ballots] = []
    left = MOST_BALLOTS if with_ballots else 0
    for one in dossier.ballots:
        if one.bytes <= left:
            near.append(one)
            left -= one.bytes
    return near, [one for one in dossier.ballots if one not in near]


def _files(
    session: Session, dossier: Dossier, ballots: list[Ballots], head: JournalHead
) -> Iterator[tuple[str, bytes]]:
    yield "README.txt", readme(dossier).encode()
    yield "dossier.html", dossier_html(dossier).encode()
    yield from _documents(dossier).items()
    for part in dossier.parts:
        yield from part.files
    for picture in list(dict.fromkeys(dossier.pictures))[:MOST_PICTURES]:
        yield picture.path, get_photo(session, photo_id=picture.photo_id, thumbnail=False)[0]
    for one in ballots:
        yield one.path, b"".join(iterate_archive(session, one.poll_id, lines=one.lines))
    entries = list_piece(session, community_id=dossier.community_id, subjects=dossier.subjects)
    entries = [entry for entry in entries if entry["sequence"] <= head.sequence]
    first = entries[0]["sequence"] if entries else head.sequence
    chain = iterate_chain(session, community_id=dossier.community_id, first=first, last=head.sequence)
    yield from journal_files(entries, chain)


def _documents(dossier: Dossier) -> dict[str, bytes]:
    """Return the texts by their path; a text that stands in two places is one file."""
    blocks = (block for section in dossier.sections for block in section.blocks)
    return {block.path: block.content for block in blocks if isinstance(block, Document)}


def _origin(dossier: Dossier, head: JournalHead, now: datetime) -> Origin:
    return Origin(
        kind="dossier",
        community_id=str(dossier.community_id),
        community=dossier.community,
        subject_kind=dossier.kind,
        subject_id=str(dossier.id),
        subject=dossier.title,
        made_at=now,
        head_sequence=head.sequence,
        head_hash=head.hash,
    )


def _elsewhere(one: Ballots) -> Elsewhere:
    return Elsewhere(
        path=one.path, address=f"/polls/{one.poll_id}/archive.jsonl", bytes=one.bytes, head=one.head
    )
