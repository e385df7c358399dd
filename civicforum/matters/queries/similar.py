"""Matters that are like one another."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session, joinedload

from civicforum.matters.models import Matter
from civicforum.matters.queries.listing import count_seconds
from civicforum.matters.rules import PUBLIC, Stage
from civicforum.matters.text import ALIKE, similarity, tokens, weight

MOST_CANDIDATES = 50
MOST_SHOWN = 5
# How rare a word is shows in this many matters as well as in all.
MOST_COUNTED = 1000
# Older ones are passed over: in most communities these are ten years.
MOST_LOOKED_AT = 2000


@dataclass(frozen=True)
class SimilarMatter:
    matter: Matter
    likeness: Fraction
    seconds: int


def list_similar(session: Session, *, matter: Matter) -> list[SimilarMatter]:
    """Return at most five public matters of the community that are like this one, the most alike first.

    Candidates share a word with it, and are among the newest; each is then compared exactly, title with title
    and all words with all words, and the better of the two counts. Four statements.
    """
    words = tokens(matter.title, matter.place, matter.body)
    candidates = _candidates(session, matter, words)
    if not candidates:
        return []
    titles = {found.id: tokens(found.title) for found in candidates}
    own_title = tokens(matter.title)
    every = {
        *words,
        *own_title,
        *(word for found in candidates for word in (*found.tokens, *titles[found.id])),
    }
    weights = _weights(session, matter.community_id, every)
    scored = [
        (
            max(
                similarity(own_title, titles[found.id], weights),
                similarity(words, found.tokens, weights) if matter.body else Fraction(0),
            ),
            found,
        )
        for found in candidates
    ]
    best = sorted(
        ((score, found) for score, found in scored if score >= ALIKE),
        key=lambda pair: (-pair[0], pair[1].number or ""),
    )[:MOST_SHOWN]
    seconds = count_seconds(session, [found.id for _, found in best])
    return [SimilarMatter(found, score, seconds.get(found.id, 0)) for score, found in best]


def _candidates(session: Session, matter: Matter, words: Sequence[str]) -> Sequence[Matter]:
    """Return public matters that share words with this one, those that share most first."""
    if not words:
        return []
    newest = (
        select(Matter.id, Matter.tokens)
        .where(
            Matter.community_id == matter.community_id,
            Matter.id != matter.id,
            Matter.stage.in_(PUBLIC - {Stage.MERGED, Stage.WITHDRAWN}),
        )
        .order_by(Matter.raised_at.desc(), Matter.id)
        .limit(MOST_LOOKED_AT)
        .subquery()
    )
    word = func.unnest(newest.c.tokens).table_valued("word").render_derived()
    shared = select(func.count()).select_from(word).where(word.c.word.in_(words)).scalar_subquery()
    return session.scalars(
        select(Matter)
        .join(newest, newest.c.id == Matter.id)
        .options(joinedload(Matter.author))
        .where(newest.c.tokens.overlap(list(words)))
        .order_by(shared.desc(), Matter.raised_at.desc(), Matter.id)
        .limit(MOST_CANDIDATES)
    ).all()


def _weights(session: Session, community_id: uuid.UUID, words: Iterable[str]) -> Mapping[str, int]:
    """Return what each word weighs among the newest matters of a community: the rarer, the more."""
    newest = (
        select(Matter.tokens)
        .where(Matter.community_id == community_id, Matter.stage.in_(PUBLIC))
        .order_by(Matter.raised_at.desc(), Matter.id)
        .limit(MOST_COUNTED)
        .subquery()
    )
    word = func.unnest(newest.c.tokens).table_valued("word").render_derived()
    wanted = sorted(words)
    rows = session.execute(
        select(word.c.word, func.count())
        .select_from(newest)
        .join(word, true())
        .where(word.c.word.in_(wanted))
        .group_by(word.c.word)
    )
    frequencies: dict[str, int] = dict(rows.all())
    total = session.scalar(select(func.count()).select_from(newest)) or 0
    return {found: weight(frequencies.get(found, 0), total) for found in wanted}
