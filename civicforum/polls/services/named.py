"""Named votes of a meeting. Only casting commits: every other step is part of what the meeting does."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from civicforum import rulebook
from civicforum.accounts.rules import Actor
from civicforum.counting import MotionTally, count_motion
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, NotEligible, NotFound, TransitionNotAllowed
from civicforum.polls.models import OpenBallot, Poll, Question, ResultSheet, RollEntry
from civicforum.polls.questions import QuestionKind
from civicforum.polls.rules import (
    Choice,
    PollState,
    Preset,
    VoteChannel,
    answers_of,
    as_json,
    choice_of,
    hash_of_ballots,
    hash_of_hands,
    judge_motion,
    move,
)
from civicforum.polls.services.steps import record_poll
from civicforum.rulebook import Rulebook


@dataclass(frozen=True)
class Entitled:
    """Somebody who goes on a roll, and on what ground: a key that the pages put into words."""

    person_id: uuid.UUID
    ground: str


def create_poll(
    session: Session,
    *,
    community_id: uuid.UUID,
    title: str,
    question: str,
    subject_kind: str,
    subject_id: uuid.UUID,
    preset: Preset,
    book: Rulebook,
    quorum_rule: str,
    majority_rule: str,
    members: int,
    now: datetime,
) -> Poll:
    """Draft a poll under the rules in force now. `members` is what its quorum is a share of."""
    poll = Poll(
        community_id=community_id,
        title=title,
        question=question,
        subject_kind=subject_kind,
        subject_id=subject_id,
        preset=preset,
        state=PollState.DRAFT,
        profile=book.name,
        profile_version=book.version,
        quorum_rule=quorum_rule,
        majority_rule=majority_rule,
        members=members,
        created_at=now,
    )
    poll.questions = [
        Question(
            community_id=community_id,
            position=1,
            kind=QuestionKind.MOTION,
            title=title,
            majority_rule=majority_rule,
        )
    ]
    session.add(poll)
    session.flush()
    return poll


def freeze_roll(session: Session, *, poll: Poll, entitled: Sequence[Entitled]) -> None:
    """Write who may vote, in the order given, and make the poll ready. The roll never changes afterwards."""
    poll.state = move(poll.state, PollState.READY)
    session.add_all(
        RollEntry(
            community_id=poll.community_id,
            poll_id=poll.id,
            person_id=one.person_id,
            position=position,
            ground=one.ground,
        )
        for position, one in enumerate(entitled, start=1)
    )
    session.flush()


def open_poll(session: Session, *, poll: Poll, now: datetime) -> None:
    """Let those on the roll vote from `now` on. Raises TransitionNotAllowed before the roll is frozen."""
    poll.state = move(poll.state, PollState.OPEN)
    poll.opened_at = now
    session.flush()


def cast_open_ballot(*, poll_id: uuid.UUID, choice: Choice, actor: Actor, now: datetime) -> None:
    """Vote under one's own name, on one's own device.

    Raises NotFound, NotEligible (not on the roll, not a named vote, or somebody at the help desk acts for the
    person), TransitionNotAllowed (not open), AlreadyDone (voted before).
    """
    with transaction() as session:
        # Nobody but the voter presses the button: whoever has no phone raises a hand.
        if actor.assisted_by is not None:
            raise NotEligible(actor.person_id)
        poll = _poll_to_cast_in(session, poll_id=poll_id, community_id=actor.community_id)
        entry = _lock_entry(session, poll, RollEntry.person_id == actor.person_id)
        if entry is None:
            raise NotEligible(actor.person_id)
        _cast(session, poll, entry, choice=choice, channel=VoteChannel.SCREEN, entered_by=None, now=now)
        _record_cast(session, poll, actor=actor, channel=VoteChannel.SCREEN, number=1, now=now)


def enter_hands(
    session: Session, *, poll_id: uuid.UUID, hands: Mapping[uuid.UUID, Choice], actor: Actor, now: datetime
) -> int:
    """Enter hands raised in the room, by id of the roll entry. Returns how many were entered.

    Who has voted in the meantime keeps that vote. Whether the actor may is asked before. Raises NotFound,
    TransitionNotAllowed.
    """
    poll = _poll_to_cast_in(session, poll_id=poll_id, community_id=actor.community_id)
    entered = 0
    for entry_id, choice in sorted(hands.items()):
        entry = _lock_entry(session, poll, RollEntry.id == entry_id)
        if entry is None:
            raise NotFound(entry_id)
        if entry.ballot is None:
            _cast(
                session,
                poll,
                entry,
                choice=choice,
                channel=VoteChannel.HANDS,
                entered_by=actor.person_id,
                now=now,
            )
            entered += 1
    if entered:
        _record_cast(session, poll, actor=actor, channel=VoteChannel.HANDS, number=entered, now=now)
    return entered


def close_poll(session: Session, *, poll: Poll, now: datetime) -> None:
    """Take no more ballots; the caller has locked the poll. Raises TransitionNotAllowed unless it is open."""
    poll.state = move(poll.state, PollState.CLOSED)
    poll.closed_at = now
    session.flush()


def count_poll(session: Session, *, poll: Poll, now: datetime) -> ResultSheet:
    """Count a closed poll and judge it by the rules it began under."""
    poll.state = move(poll.state, PollState.COUNTED)
    poll.counted_at = now
    rows = session.execute(
        select(RollEntry.position, OpenBallot.answers)
        .outerjoin(OpenBallot, OpenBallot.roll_entry_id == RollEntry.id)
        .where(RollEntry.poll_id == poll.id)
    ).all()
    votes = [(position, choice_of(answers) if answers else None) for position, answers in rows]
    tally = count_motion([choice.value for _, choice in votes if choice], entitled=len(votes))
    digest = hash_of_ballots((position, choice or "") for position, choice in votes)
    return _write_sheet(session, poll, tally, present=len(votes), digest=digest, now=now)


def count_hands(
    session: Session, *, poll: Poll, in_favour: int, against: int, abstained: int, present: int, now: datetime
) -> ResultSheet:
    """Judge a closed poll by hands that were counted in the room, of so many present. It has no ballots."""
    poll.state = move(poll.state, PollState.COUNTED)
    poll.counted_at = now
    tally = MotionTally(in_favour, against, abstained, 0, 0, entitled=present)
    digest = hash_of_hands(in_favour, against, abstained, present)
    return _write_sheet(session, poll, tally, present=present, digest=digest, now=now)


def _write_sheet(
    session: Session, poll: Poll, tally: MotionTally, *, present: int, digest: str, now: datetime
) -> ResultSheet:
    verdicts = judge_motion(
        rulebook.load(poll.profile),
        quorum_rule=poll.quorum_rule,
        majority_rule=poll.majority_rule,
        members=poll.members,
        present=present,
        tally=tally,
    )
    sheet = ResultSheet(
        community_id=poll.community_id,
        poll_id=poll.id,
        counts={
            "for": tally.in_favour,
            "against": tally.against,
            "abstain": tally.abstained,
            "did_not_vote": tally.did_not_vote or 0,
            "roll": present,
        },
        verdicts=[as_json(verdict) for verdict in verdicts],
        is_adopted=all(verdict.holds for verdict in verdicts),
        counted_from_hash=digest,
        made_at=now,
    )
    session.add(sheet)
    session.flush()
    return sheet


def certify_poll(session: Session, *, poll: Poll, now: datetime) -> None:
    """Let a counted result stand. Raises TransitionNotAllowed before the count."""
    poll.state = move(poll.state, PollState.CERTIFIED)
    poll.certified_at = now
    session.flush()


def void_poll(session: Session, *, poll: Poll, ground: str) -> None:
    """Declare that the poll does not count. Its ballots stay, so that anybody sees what was not counted.

    Raises TransitionNotAllowed once the result stands: the meeting has gone on with it.
    """
    if poll.state is PollState.CERTIFIED:
        raise TransitionNotAllowed(poll.state, PollState.VOID)
    poll.state = move(poll.state, PollState.VOID)
    poll.void_ground = ground
    session.flush()


def _poll_to_cast_in(session: Session, *, poll_id: uuid.UUID, community_id: uuid.UUID) -> Poll:
    # A shared lock: people vote side by side, and closing waits for those who are in the middle of it.
    poll = session.get(Poll, poll_id, with_for_update={"read": True}, populate_existing=True)
    if poll is None or poll.community_id != community_id:
        raise NotFound(poll_id)
    if poll.state is not PollState.OPEN:
        raise TransitionNotAllowed(poll.state, "cast")
    if poll.preset is not Preset.OPEN:
        raise NotEligible(poll.preset)
    return poll


def _lock_entry(session: Session, poll: Poll, which: ColumnElement[bool]) -> RollEntry | None:
    # Locked: of two taps at once the second waits here and then finds the first one's ballot.
    return session.scalars(
        select(RollEntry)
        .where(RollEntry.poll_id == poll.id, which)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def _cast(
    session: Session,
    poll: Poll,
    entry: RollEntry,
    *,
    choice: Choice,
    channel: VoteChannel,
    entered_by: uuid.UUID | None,
    now: datetime,
) -> None:
    if entry.ballot is not None:
        raise AlreadyDone(entry.id)
    session.add(
        OpenBallot(
            community_id=poll.community_id,
            poll_id=poll.id,
            entry=entry,
            answers=answers_of(choice),
            channel=channel,
            entered_by_id=entered_by,
            cast_at=now,
        )
    )
    session.flush()


def _record_cast(
    session: Session, poll: Poll, *, actor: Actor, channel: VoteChannel, number: int, now: datetime
) -> None:
    record_poll(
        session,
        poll,
        actor=actor,
        action="cast",
        payload={"channel": channel.value, "ballots": number},
        now=now,
        # The page shows names after the close; the register must not show them before.
        is_public=False,
    )
