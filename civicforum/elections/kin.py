"""Near relatives elected together: who stays (城市居民委员会组织法 art 8; in what order is a local rule)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from civicforum.bodies.rules import BodyKind, PostKind, post_name
from civicforum.elections.law import Kin
from civicforum.rulebook import Rulebook, Verdict

_RANK = list(PostKind)


@dataclass(frozen=True)
class Elected:
    person_id: uuid.UUID
    post: PostKind
    votes: int


@dataclass(frozen=True)
class Yielding:
    """Somebody elected who yields to a near relative, or who of the two does is not decided by any rule."""

    person_id: uuid.UUID
    relative_id: uuid.UUID
    is_undecided: bool
    verdict: Verdict


def yielding(book: Rulebook, body: BodyKind, elected: Sequence[Elected], kin: Kin) -> list[Yielding]:
    """Return who of near relatives elected to one body yields: the highest post stays, then more votes.

    Who yields makes nobody else yield. Where two are level in both, no source says who stays: the two agree,
    or are voted on again. Arithmetic compares votes of one post, or the ranks of two.
    """
    rules = [rule for rule in book.pairs() if rule.near_relatives and rule.forbidden]
    kept: list[Elected] = []
    found = []
    for one in sorted(elected, key=lambda one: (_RANK.index(one.post), -one.votes)):
        post = post_name(body, one.post)
        stays = [
            other
            for other in kept
            if frozenset({one.person_id, other.person_id}) in kin
            and any(rule.forbids(post, post_name(body, other.post), related=True) for rule in rules)
        ]
        if stays:
            found.append(_yield(book, one, stays[0]))
        else:
            kept.append(one)
    return found


def _yield(book: Rulebook, one: Elected, other: Elected) -> Yielding:
    rule = book.switch("election.relatives_highest_stays")
    is_level = (one.post, one.votes) == (other.post, other.votes)
    if one.post is other.post:
        arithmetic = f"{one.votes} {'=' if is_level else '<'} {other.votes}"
    else:
        arithmetic = f"{_RANK.index(one.post)} > {_RANK.index(other.post)}"
    verdict = Verdict(False, arithmetic, rule)
    return Yielding(one.person_id, other.person_id, is_undecided=is_level or not rule.on, verdict=verdict)
