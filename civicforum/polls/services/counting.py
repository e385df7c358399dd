"""Counting a poll that stands alone: what came in by each way, judged, and kept on a result sheet."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session

from civicforum import sealed
from civicforum.accounts.rules import Actor
from civicforum.counting.second import EnginesDisagree
from civicforum.database import transaction
from civicforum.errors import TransitionNotAllowed
from civicforum.polls.errors import CountStopped, StepBlocked
from civicforum.polls.models import (
    Board,
    BoardLine,
    Credential,
    CredentialLink,
    OpenBallot,
    PaperIssue,
    Poll,
    ResultSheet,
    RollEntry,
)
from civicforum.polls.outcomes import Electorate, Merge, PollOutcome, Way, as_json, count_named, decide
from civicforum.polls.queries.blockers import count_on_roll, list_next_blockers
from civicforum.polls.questions import answer_from_json
from civicforum.polls.rules import (
    PollState,
    Preset,
    VoteChannel,
    hash_of_ballots,
    move,
)
from civicforum.polls.rules import as_json as verdict_as_json
from civicforum.polls.services import boards
from civicforum.polls.services.paper import PaperTotals, paper_totals
from civicforum.polls.services.steps import lock_alone, record_poll, rules_of
from civicforum.sealed import Contest, Phase

NOTHING = Way((), 0)


def count_poll(*, poll_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Count a poll whose box is open and whose papers are counted, and write its result.

    Raises NotFound, NotEligible, TransitionNotAllowed (not stopped, sealed or opened), StepBlocked (a count
    of papers is not signed, shares are missing), RuleRefused (more papers than were handed out), CountStopped
    (two engines disagree: nothing is published, and the journal says so).
    """
    try:
        with transaction() as session:
            count_locked(session, lock_alone(session, poll_id=poll_id, actor=actor), actor=actor, now=now)
    except EnginesDisagree as disagreement:
        report_disagreement(poll_id, disagreement, actor=actor, now=now)
        raise CountStopped(str(disagreement)) from disagreement


def report_disagreement(
    poll_id: uuid.UUID, disagreement: EnginesDisagree, *, actor: Actor | None, now: datetime
) -> None:
    """Write into the journal that two engines count differently: a person has to look at the ballots."""
    with transaction() as session:
        poll = session.get_one(Poll, poll_id, with_for_update=True)
        record_poll(
            session, poll, actor=actor, action="engines_disagree", reason=str(disagreement)[:300], now=now
        )


def count_locked(session: Session, poll: Poll, *, actor: Actor | None, now: datetime) -> ResultSheet:
    """Count a poll that is locked; `actor` None is its clock. Raises as `count_poll`, and EnginesDisagree."""
    _check_may_count(session, poll, now=now)
    papers = paper_totals(session, poll) if poll.by_paper else None
    if papers is not None and boards.phase_of(session, poll.id) is Phase.OPENED:
        _append_paper(session, poll, papers)
    online, paper = ways_of(session, poll, papers)
    outcome = judged(session, poll, online, paper)
    write_took_part(session, poll)
    sheet = ResultSheet(
        community_id=poll.community_id,
        poll_id=poll.id,
        counts=_counts(session, poll, outcome, online, papers),
        counted_from_hash=_hash(session, poll, papers),
        made_at=now,
    )
    write_outcome(sheet, outcome)
    session.add(sheet)
    poll.state, poll.counted_at = move(poll.state, PollState.COUNTED), now
    payload = {"taking_part": outcome.taking_part, "from": sheet.counted_from_hash}
    record_poll(session, poll, actor=actor, action="count", payload=payload, now=now)
    return sheet


def write_outcome(sheet: ResultSheet, outcome: PollOutcome) -> None:
    """Put what was decided on the sheet."""
    verdicts = [question.verdict for question in outcome.questions]
    sheet.verdicts = [verdict_as_json(one) for one in (outcome.quorum, *verdicts) if one is not None]
    sheet.questions = [as_json(question) for question in outcome.questions]
    sheet.is_adopted = outcome.is_adopted


def judged(
    session: Session, poll: Poll, online: Way, paper: Way, merges: Sequence[Merge] = ()
) -> PollOutcome:
    """Judge what came in by the rules that the poll began under."""
    return decide(
        poll.specs,
        online=online,
        paper=paper,
        electorate=_electorate(session, poll),
        book=rules_of(poll),
        quorum_rule=poll.quorum_rule,
        merges=merges,
    )


def _electorate(session: Session, poll: Poll) -> Electorate:
    if poll.stands_alone:
        return Electorate(entitled_to(session, poll), poll.members)
    present = count_on_roll(session, poll.id)
    return Electorate(present, poll.members, present)


def entitled_to(session: Session, poll: Poll) -> int:
    """Return what shares are taken of: the number on the roll when it was frozen, or now where that is more.

    Nobody who is struck off later, such as by death or by moving away, makes a quorum easier to reach. The
    members of a meeting's poll are those who belong to it, and on the roll are those who were there.
    """
    if not poll.stands_alone:
        return count_on_roll(session, poll.id)
    return max(poll.members, count_on_roll(session, poll.id))


def ways_of(session: Session, poll: Poll, papers: PaperTotals | None) -> tuple[Way, Way]:
    """Return what was cast on screen, and what was found in the boxes."""
    contests = poll.contests
    online = _named(session, poll) if poll.preset is Preset.OPEN else _opened(session, poll, contests)
    if papers is None:
        return online, NOTHING
    counts = sealed.counts_of(contests, {"counts": papers.counts, "texts": papers.texts})
    return online, Way(tuple(counts), papers.found - papers.invalid, papers.invalid)


def write_took_part(session: Session, poll: Poll) -> None:
    """Write by which way everybody took part: one statement, so that no row version tells two people apart.

    Whoever was handed paper took part by it; what they had cast on screen is void. Who was struck off
    after a named vote took no part.
    """
    cast = select(CredentialLink.roll_entry_id).join(
        Credential,
        (Credential.poll_id == CredentialLink.poll_id) & (Credential.public == CredentialLink.public),
    )
    cast = cast.where(Credential.poll_id == poll.id, Credential.sequence >= 0, Credential.void.is_(None))
    paper = select(PaperIssue.channel).where(PaperIssue.roll_entry_id == RollEntry.id).scalar_subquery()
    counted = OpenBallot.roll_entry_id == RollEntry.id, RollEntry.struck_off_at.is_(None)
    named = select(OpenBallot.channel).where(*counted).scalar_subquery()
    on_screen = case((RollEntry.id.in_(cast), VoteChannel.SCREEN.value))
    session.execute(
        update(RollEntry)
        .where(RollEntry.poll_id == poll.id)
        .values(took_part=func.coalesce(paper, named, on_screen))
        .execution_options(synchronize_session=False)
    )
    session.expire_all()


def _check_may_count(session: Session, poll: Poll, *, now: datetime) -> None:
    if poll.state is not PollState.CLOSED or poll.sealed_at is None:
        raise TransitionNotAllowed(poll.state, "count")
    phase = boards.phase_of(session, poll.id)
    blockers = list_next_blockers(session, poll, now=now)
    if phase is Phase.STOPPED:
        # Paper alone is counted: nobody is asked for a share.
        blockers = [one for one in blockers if one.endpoint != "polls.opening"]
    if blockers:
        raise StepBlocked(blockers)
    if phase is Phase.CLOSED:
        raise TransitionNotAllowed(poll.state, "count")


def _append_paper(session: Session, poll: Poll, papers: PaperTotals) -> None:
    board = boards.lock_and_replay(session, poll.id)
    line = sealed.paper_line(
        issued=papers.issued,
        found=papers.found,
        invalid=papers.invalid,
        counts=papers.counts,
        texts=papers.texts,
        signed_by=papers.signed_by,
    )
    boards.append_to(session, board, poll=poll, line=line)


def _opened(session: Session, poll: Poll, contests: Sequence[Contest]) -> Way:
    rows = session.execute(
        select(BoardLine.kind, BoardLine.raw).where(
            BoardLine.poll_id == poll.id, BoardLine.kind.in_(("close", "result"))
        )
    )
    records = {kind: sealed.read_line(raw.encode()) for kind, raw in rows}
    if "result" not in records:
        return NOTHING
    return Way(tuple(sealed.counts_of(contests, records["result"])), records["close"]["counted"])


def _named(session: Session, poll: Poll) -> Way:
    counted = OpenBallot.poll_id == poll.id, RollEntry.struck_off_at.is_(None)
    ballots = session.scalars(select(OpenBallot.answers).join(OpenBallot.entry).where(*counted))
    read = ([answer_from_json(answer) for answer in answers] for answers in ballots)
    return count_named(poll.contests, read)


def _counts(
    session: Session, poll: Poll, outcome: PollOutcome, online: Way, papers: PaperTotals | None
) -> dict[str, int]:
    return {
        "roll": entitled_to(session, poll),
        "taking_part": outcome.taking_part,
        "online": online.valid,
        "paper_issued": papers.issued if papers else 0,
        "paper_found": papers.found if papers else 0,
        "paper_invalid": papers.invalid if papers else 0,
    }


def _hash(session: Session, poll: Poll, papers: PaperTotals | None) -> str:
    """Return the head of the board, or the digest of the named votes, or that of the papers' figures."""
    head = session.scalar(select(Board.head).where(Board.poll_id == poll.id))
    if head is not None:
        return head.hex()
    if papers is not None:
        figures = [papers.issued, papers.found, papers.invalid, list(papers.counts), list(papers.texts)]
        return hashlib.sha256(_canonical(figures).encode()).hexdigest()
    rows = session.execute(
        select(RollEntry.position, OpenBallot.answers)
        .outerjoin(OpenBallot, OpenBallot.roll_entry_id == RollEntry.id)
        .where(RollEntry.poll_id == poll.id, RollEntry.struck_off_at.is_(None))
    )
    return hash_of_ballots((position, _canonical(answers) if answers else "") for position, answers in rows)


def _canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
