"""Demanding a recall from an elected post: reasons, signatures, the member's defence (组织法 art 20).

Whoever changes a recall locks it first, then its poll, then the register, then the term.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.models import Term
from civicforum.database import transaction
from civicforum.elections import recalls as law
from civicforum.elections.law import require
from civicforum.elections.models import Recall, RecallSigner
from civicforum.elections.nominations import SignatureProblem
from civicforum.elections.queries import recalls as queries
from civicforum.elections.recalls import LIVE, RecallState
from civicforum.elections.rules import Way
from civicforum.elections.services.held_posts import is_held, lock_held
from civicforum.elections.services.recall_steps import check_presides, lock_recall, record_recall, rules_of
from civicforum.elections.services.signatures import RefusedLine, SignaturesRefused
from civicforum.errors import AlreadyDone, Invalid, NotEligible, TransitionNotAllowed
from civicforum.matters.rules import LineProblem
from civicforum.matters.services.people import find_people
from civicforum.people.queries import rules_in
from civicforum.rulebook import Rulebook
from civicforum.rulebook.days import day_of

LONGEST_TEXT = 3000


@dataclass(frozen=True)
class Demand:
    """Who is to be recalled, and why.

    Attributes:
        way: who elects this post; asked for only where its election was not run here.
        new_facts: what came to light since a recall from this post failed, or "".
    """

    term_id: uuid.UUID
    reasons: str
    new_facts: str = ""
    way: Way | None = None


def demand_recall(*, demand: Demand, actor: Actor, now: datetime) -> uuid.UUID:
    """Begin a demand as somebody entitled to, and sign it first; return its id.

    Raises NotFound (no elected post that is held), AlreadyDone (a demand is under way), Invalid ("reasons",
    "way" or "not_entitled"), RuleRefused (the same facts, too soon after a recall that failed).
    """
    with transaction() as session:
        # Locked: two who begin at once would otherwise both find no demand.
        term = lock_held(session, demand.term_id, actor, now)
        if queries.find_live(session, term.id, LIVE):
            raise AlreadyDone(term.id)
        book = rules_in(session, actor.community_id)
        _check_not_barred(session, term, book, demand.new_facts, now)
        row = _new(session, term, demand, book, actor=actor, now=now)
        entitled = queries.entitled_to(session, row, book, now=now)
        if actor.person_id not in entitled:
            raise Invalid("not_entitled")
        session.add(row)
        session.flush()
        _sign(session, row, [actor.person_id], entitled, entered_by=actor.assisted_by, now=now)
        record_recall(session, row, actor=actor, action="demand", now=now, reason=row.reasons)
        return row.id


def sign_recall(*, recall_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Sign a demand, once.

    Raises NotFound, TransitionNotAllowed (complete or over), AlreadyDone, Invalid ("not_entitled").
    """
    with transaction() as session:
        row = _lock_open(session, recall_id, actor, now)
        entitled = queries.entitled_to(session, row, rules_of(row), now=now)
        if actor.person_id not in entitled:
            raise Invalid("not_entitled")
        if actor.person_id in queries.signers_of(session, row.id):
            raise AlreadyDone(actor.person_id)
        _sign(session, row, [actor.person_id], entitled, entered_by=actor.assisted_by, now=now)
        record_recall(session, row, actor=actor, action="sign", now=now, is_public=False)


def enter_signatures(*, recall_id: uuid.UUID, lines: Sequence[str], actor: Actor, now: datetime) -> int:
    """Enter signatures from paper, as officers; all of them count, or nothing is written. Return how many.

    Raises NotFound, NotEligible, TransitionNotAllowed, SignaturesRefused, Invalid (no lines, or too many).
    """
    with transaction() as session:
        row = _lock_open(session, recall_id, actor, now)
        check_presides(actor, row)
        entitled = queries.entitled_to(session, row, rules_of(row), now=now)
        signers = _signers_on_paper(session, row, lines, entitled, now)
        _sign(session, row, signers, entitled, entered_by=actor.person_id, now=now)
        record_recall(session, row, actor=actor, action="enter_signatures", now=now)
        return len(signers)


def defend(*, recall_id: uuid.UUID, text: str, actor: Actor, now: datetime) -> None:
    """Write one's defence as the member concerned, or change it until the vote opens.

    Raises NotFound, NotEligible, TransitionNotAllowed (the vote has opened, or all is over), Invalid
    ("defence").
    """
    with transaction() as session:
        row = lock_recall(session, recall_id, actor)
        if actor.person_id != row.term.person_id:
            raise NotEligible(actor.person_id)
        if row.state not in LIVE or (row.poll is not None and row.poll.opened_at is not None):
            raise TransitionNotAllowed(row.state, "defend")
        row.defence, row.defended_at = _text(text, "defence"), now
        record_recall(session, row, actor=actor, action="defend", now=now)


def _lock_open(session: Session, recall_id: uuid.UUID, actor: Actor, now: datetime) -> Recall:
    """Return a demand that still looks for signatures, locked."""
    row = lock_recall(session, recall_id, actor)
    if row.state is not RecallState.DEMANDED or not is_held(row.term, now):
        raise TransitionNotAllowed(row.state, "sign")
    return row


def _check_not_barred(session: Session, term: Term, book: Rulebook, new_facts: str, now: datetime) -> None:
    failed = queries.find_failed(session, term.id)
    if failed is not None and failed.decided_at is not None:
        same_facts = not new_facts.strip()
        require(law.judge_again(book, failed_at=failed.decided_at, demanded_at=now, same_facts=same_facts))


def _new(
    session: Session, term: Term, demand: Demand, book: Rulebook, *, actor: Actor, now: datetime
) -> Recall:
    election = queries.origin_of(session, term.id)
    way = election.way if election is not None else demand.way
    if way is None:
        raise Invalid("way", "way")
    return Recall(
        id=uuid.uuid4(),
        community_id=term.community_id,
        term_id=term.id,
        way=way,
        state=RecallState.DEMANDED,
        profile=book.name,
        profile_version=book.version,
        title=f"罢免{term.post.body.name}{term.post.title}{term.person.name}"[:200],
        reasons=_text(demand.reasons, "reasons"),
        new_facts=demand.new_facts.strip()[:LONGEST_TEXT],
        filed_at=now,
        filed_by_id=actor.person_id,
    )


def _text(text: str, field: str) -> str:
    text = text.strip()
    if not text or len(text) > LONGEST_TEXT:
        raise Invalid(field, field)
    return text


def _sign(
    session: Session,
    row: Recall,
    people: Sequence[uuid.UUID],
    entitled: frozenset[uuid.UUID],
    *,
    entered_by: uuid.UUID | None,
    now: datetime,
) -> None:
    """Add signatures, count those of entitled people anew, and complete the demand once there are enough."""
    session.add_all(
        RecallSigner(
            community_id=row.community_id,
            recall_id=row.id,
            person_id=person_id,
            signed_at=now,
            entered_by_id=entered_by,
        )
        for person_id in people
    )
    session.flush()
    signers = queries.signers_of(session, row.id)
    row.signed, row.on_roll = len(signers & entitled), len(entitled)
    if law.judge_demand(rules_of(row), row.way, signers, entitled).holds:
        row.state, row.complete_at = law.move(row.state, RecallState.COMPLETE), now


def _signers_on_paper(
    session: Session, row: Recall, lines: Sequence[str], entitled: frozenset[uuid.UUID], now: datetime
) -> list[uuid.UUID]:
    found, unknown = find_people(session, community_id=row.community_id, lines=lines, day=day_of(now))
    signed = queries.signers_of(session, row.id)
    refused = [RefusedLine(line.number, line.text, line.problem) for line in unknown]
    for number, text, person in found:
        if person.id in signed:
            refused.append(RefusedLine(number, text, LineProblem.ALREADY))
        elif person.id not in entitled:
            refused.append(RefusedLine(number, text, SignatureProblem.NOT_ON_ROLL))
    if refused:
        raise SignaturesRefused(sorted(refused, key=lambda line: line.number))
    return [person.id for _number, _text, person in found]
