"""The vote of an assembly on an item or on a motion: opened, closed and counted, or declared void.

Who is present at the opening is the roll, and what the majority is a share of
(城市居民委员会组织法 arts 27, 29). It is frozen there: who leaves while the vote runs has voted
or has not, and changes neither roll nor quorum of that vote. The next vote is refused until
enough are present again.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.config import Settings
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, RuleRefused, TransitionNotAllowed
from civicforum.matters.models import Matter
from civicforum.matters.rules import Act, follow
from civicforum.matters.services.steps import advance, lock_matter, record_matter
from civicforum.meetings import attendance, documents
from civicforum.meetings import motions as rules
from civicforum.meetings.errors import HandsNotCounted, NothingToVoteOn, PapersNotCounted, VoteIsOpen
from civicforum.meetings.floor import MotionState, VoteWay
from civicforum.meetings.models import AgendaItem, HandCount, Meeting
from civicforum.meetings.rules import (
    ASSEMBLIES,
    MAJORITY_RULE,
    QUORUM_RULE,
    MeetingState,
    Outcome,
    ParticipantClass,
    check_conclude,
    judge_quorum,
)
from civicforum.meetings.services.asking import Asked, lock_asked
from civicforum.meetings.services.chairing import RUNNING, check_no_vote_runs, take_in_hand
from civicforum.meetings.services.concluding import require_not_concluded
from civicforum.meetings.services.floor_steps import end_running_speech, known, list_motions, settle_item
from civicforum.meetings.services.hands import find_hand_count
from civicforum.meetings.services.moving import settle
from civicforum.meetings.services.steps import post_document, require_state, rules_of
from civicforum.people.models import Person
from civicforum.polls.models import Poll, ResultSheet
from civicforum.polls.rules import Preset, VerdictKind
from civicforum.polls.services import for_meetings
from civicforum.polls.services import named as polls
from civicforum.polls.services.for_meetings import SealedVote
from civicforum.polls.services.halls import Voter, end_voting
from civicforum.polls.services.named import Entitled
from civicforum.polls.services.states import make_void
from civicforum.polls.services.steps import lock_poll, record_poll
from civicforum.rulebook import Verdict

Present = list[tuple[uuid.UUID, ParticipantClass]]


def open_vote(
    *,
    item_id: uuid.UUID,
    motion_id: uuid.UUID | None = None,
    way: VoteWay = VoteWay.NAMED,
    by_paper: bool = False,
    settings: Settings | None = None,
    actor: Actor,
    now: datetime,
) -> uuid.UUID:
    """Put an item's text, or a motion on it, to the vote of the members present now. Returns the poll's id.

    Args:
        by_paper: that a sealed vote hands out paper to those without a phone.
        settings: needed for a sealed vote, whose keys are kept outside the database.

    Raises NotFound, NotEligible, TransitionNotAllowed, NothingToVoteOn, AlreadyDone (the vote is open or
    over), VoteIsOpen (another one is), FloorRefused (something is settled first), RuleRefused (too few are
    present; carries the article and the sum).
    """
    with transaction() as session:
        asked = lock_asked(session, item_id=item_id, motion_id=motion_id, actor=actor)
        _check_may_open(session, asked, actor)
        present = attendance.list_present(session, meeting_id=asked.meeting.id)
        quorum = _check_quorum(asked.meeting, present)
        take_in_hand(session, asked.meeting, asked.item, now=now)
        end_running_speech(session, asked.meeting, now=now)
        if way is VoteWay.SEALED:
            assert settings is not None  # noqa: S101
            poll = _sealed_poll(
                session, asked, present, by_paper=by_paper, settings=settings, actor=actor, now=now
            )
        else:
            poll = _named_poll(session, asked, present, is_counted=way is VoteWay.HANDS, now=now)
        asked.set_poll(poll.id)
        if asked.motion is not None:
            asked.motion.state, asked.motion.way = rules.move(asked.motion.state, MotionState.VOTING), way
        payload = {"meeting_id": str(asked.meeting.id), "present": len(present), "way": way.value}
        payload |= {"quorum": quorum.arithmetic}
        record_poll(session, poll, actor=actor, action="open", payload=payload, now=now)
        return poll.id


def close_vote(
    *,
    item_id: uuid.UUID,
    motion_id: uuid.UUID | None = None,
    settings: Settings | None = None,
    actor: Actor,
    now: datetime,
) -> bool:
    """Close the vote, count and certify it, and let what was decided follow. Returns whether adopted.

    Of an item the matter moves and the resolution is posted; of an amendment the text changes. Raises
    NotFound, NotEligible, TransitionNotAllowed (no vote is open), AlreadyDone (somebody closed it),
    HandsNotCounted, PapersNotCounted (the voting has ended, and two people count), and of a sealed vote
    BelowLeast and KeysMissing.
    """
    _end_sealed_voting(item_id, motion_id, actor=actor, now=now)
    with transaction() as session:
        asked, poll = _lock_vote(session, item_id, motion_id, actor=actor)
        matter = _lock_matter(session, asked)
        # The matter is locked before the poll, in step with everybody else.
        poll = lock_poll(session, poll_id=poll.id, community_id=poll.community_id)
        sheet = _count(session, poll, actor=actor, settings=settings, now=now)
        is_adopted = bool(sheet.is_adopted)
        if asked.motion is None:
            _conclude(session, asked, sheet, actor=actor, now=now)
        else:
            settle(
                session, asked.meeting, asked.item, asked.motion, is_adopted=is_adopted, actor=actor, now=now
            )
        payload: dict[str, object] = {
            "counts": sheet.counts,
            "verdicts": sheet.verdicts,
            "hash": sheet.counted_from_hash,
        }
        if matter is None:
            record_poll(session, poll, actor=actor, action="certify", payload=payload, now=now)
        else:
            _decide_matter(
                session,
                asked.meeting,
                matter,
                poll,
                is_adopted=is_adopted,
                payload=payload,
                actor=actor,
                now=now,
            )
        return is_adopted


def stop_vote(
    *, item_id: uuid.UUID, motion_id: uuid.UUID | None = None, ground: str, actor: Actor, now: datetime
) -> None:
    """Declare a running vote void and say why, such as a wrong text; it can be taken anew.

    Raises NotFound, NotEligible, TransitionNotAllowed.
    """
    with transaction() as session:
        asked = lock_asked(session, item_id=item_id, motion_id=motion_id, actor=actor)
        check_conclude(actor, chair_id=asked.meeting.presiding_id)
        require_state(asked.meeting, MeetingState.OPEN)
        is_running = asked.motion.state is MotionState.VOTING if asked.motion else asked.item.outcome is None
        if asked.poll_id is None or not is_running:
            raise TransitionNotAllowed(asked.id, "stop_vote")
        poll = lock_poll(session, poll_id=asked.poll_id, community_id=asked.meeting.community_id)
        if poll.preset is Preset.OPEN:
            polls.void_poll(session, poll=poll, ground=ground)
        else:
            make_void(session, poll, ground=ground)
        asked.set_poll(None)
        if asked.motion is not None:
            asked.motion.state = rules.move(asked.motion.state, MotionState.OPEN)
        record_poll(session, poll, actor=actor, action="void", payload={}, reason=ground, now=now)


def _check_may_open(session: Session, asked: Asked, actor: Actor) -> None:
    meeting, item = asked.meeting, asked.item
    check_conclude(actor, chair_id=meeting.presiding_id)
    require_state(meeting, MeetingState.OPEN)
    if meeting.form not in ASSEMBLIES:
        raise TransitionNotAllowed(meeting.form, "open_vote")
    if asked.poll_id is not None:
        raise AlreadyDone(asked.poll_id)
    require_not_concluded(item)
    if not asked.text:
        raise NothingToVoteOn(item.id)
    motions = [known(one) for one in list_motions(session, item.id)]
    rules.check_put(known(asked.motion) if asked.motion else None, motions)
    if asked.motion is None and item.matter_id is not None:
        matter = lock_matter(session, matter_id=item.matter_id, community_id=meeting.community_id)
        follow(Act.ADOPT, matter.stage)
        _check_no_other_meeting_votes(session, item)
    check_no_vote_runs(session, meeting.id)


def _check_no_other_meeting_votes(session: Session, item: AgendaItem) -> None:
    other = session.scalar(
        select(Poll.id)
        .join(AgendaItem, AgendaItem.poll_id == Poll.id)
        .where(AgendaItem.matter_id == item.matter_id, AgendaItem.id != item.id, Poll.state.in_(RUNNING))
    )
    if other is not None:
        raise VoteIsOpen(other)


def _check_quorum(meeting: Meeting, present: Present) -> Verdict:
    verdict = judge_quorum(
        rules_of(meeting), meeting.form, present=len(present), due=meeting.members_due or 0
    )
    if not verdict.holds:
        raise RuleRefused(verdict)
    return verdict


def _named_poll(session: Session, asked: Asked, present: Present, *, is_counted: bool, now: datetime) -> Poll:
    """Open a vote by name, or one by raised hands that are counted.

    The latter has no names, so nobody is on its roll: how many were present is kept instead.
    """
    poll = polls.create_poll(
        session,
        community_id=asked.meeting.community_id,
        title=asked.title,
        question=asked.text,
        subject_kind=asked.kind,
        subject_id=asked.id,
        preset=Preset.OPEN,
        book=rules_of(asked.meeting),
        quorum_rule=QUORUM_RULE[asked.meeting.form],
        majority_rule=MAJORITY_RULE[asked.meeting.form],
        members=asked.meeting.members_due or 0,
        now=now,
    )
    entitled = [Entitled(person_id, f"present.{kind.value}") for person_id, kind in present]
    polls.freeze_roll(session, poll=poll, entitled=[] if is_counted else entitled)
    polls.open_poll(session, poll=poll, now=now)
    if is_counted:
        session.add(HandCount(community_id=poll.community_id, poll_id=poll.id, present=len(present)))
    return poll


def _sealed_poll(
    session: Session,
    asked: Asked,
    present: Present,
    *,
    by_paper: bool,
    settings: Settings,
    actor: Actor,
    now: datetime,
) -> Poll:
    meeting = asked.meeting
    people = [person_id for person_id, _ in present]
    names = dict(session.execute(select(Person.id, Person.name).where(Person.id.in_(people))).all())
    vote = SealedVote(
        title=asked.title,
        question=asked.text,
        subject_kind=asked.kind,
        subject_id=asked.id,
        quorum_rule=QUORUM_RULE[meeting.form],
        majority_rule=MAJORITY_RULE[meeting.form],
        members=meeting.members_due or 0,
        by_paper=by_paper,
        place=meeting.place,
    )
    voters = [Voter(person_id, names[person_id], f"present.{kind.value}") for person_id, kind in present]
    return for_meetings.open_sealed(
        session, vote=vote, voters=voters, book=rules_of(meeting), actor=actor, settings=settings, now=now
    )


def _lock_vote(
    session: Session, item_id: uuid.UUID, motion_id: uuid.UUID | None, *, actor: Actor
) -> tuple[Asked, Poll]:
    asked = lock_asked(session, item_id=item_id, motion_id=motion_id, actor=actor)
    check_conclude(actor, chair_id=asked.meeting.presiding_id)
    require_state(asked.meeting, MeetingState.OPEN)
    if asked.motion is not None and asked.motion.state in rules.SETTLED:
        raise AlreadyDone(asked.motion.id)
    if asked.motion is None:
        require_not_concluded(asked.item)
    if asked.poll_id is None:
        raise TransitionNotAllowed(asked.id, "close_vote")
    return asked, session.get_one(Poll, asked.poll_id)


def _end_sealed_voting(
    item_id: uuid.UUID, motion_id: uuid.UUID | None, *, actor: Actor, now: datetime
) -> None:
    """Stop a sealed vote in a step of its own: while papers are counted, no ballot comes any more."""
    with transaction() as session:
        _asked, poll = _lock_vote(session, item_id, motion_id, actor=actor)
        if poll.preset is Preset.OPEN:
            return
        poll = lock_poll(session, poll_id=poll.id, community_id=poll.community_id)
        awaits_papers = end_voting(session, poll, actor=actor, now=now)
    if awaits_papers:
        raise PapersNotCounted(poll.id)


def _lock_matter(session: Session, asked: Asked) -> Matter | None:
    if asked.motion is not None or asked.item.matter_id is None:
        return None
    return lock_matter(session, matter_id=asked.item.matter_id, community_id=asked.meeting.community_id)


def _count(
    session: Session, poll: Poll, *, actor: Actor, settings: Settings | None, now: datetime
) -> ResultSheet:
    if poll.preset is not Preset.OPEN:
        assert settings is not None  # noqa: S101
        return for_meetings.count_sealed(session, poll, actor=actor, settings=settings, now=now)
    hands = find_hand_count(session, poll)
    if hands is not None and hands.counted_at is None:
        raise HandsNotCounted(poll.id)
    polls.close_poll(session, poll=poll, now=now)
    if hands is None:
        sheet = polls.count_poll(session, poll=poll, now=now)
    else:
        sheet = polls.count_hands(
            session,
            poll=poll,
            in_favour=hands.in_favour,
            against=hands.against,
            abstained=hands.abstained,
            present=hands.present,
            now=now,
        )
    polls.certify_poll(session, poll=poll, now=now)
    return sheet


def _conclude(session: Session, asked: Asked, sheet: ResultSheet, *, actor: Actor, now: datetime) -> None:
    item = asked.item
    item.outcome = Outcome.ADOPTED if sheet.is_adopted else Outcome.NOT_ADOPTED
    item.concluded_at = now
    main = MotionState.ADOPTED if sheet.is_adopted else MotionState.DEFEATED
    settle_item(session, item, main=main, now=now)
    _post_result(session, asked.meeting, item, sheet, actor=actor, now=now)


def _decide_matter(
    session: Session,
    meeting: Meeting,
    matter: Matter,
    poll: Poll,
    *,
    is_adopted: bool,
    payload: dict[str, object],
    actor: Actor,
    now: datetime,
) -> None:
    step = advance(session, matter=matter, act=Act.ADOPT if is_adopted else Act.REJECT, now=now)
    if is_adopted:
        matter.resolution = poll.question
    payload = {**step, "meeting_id": str(meeting.id), "poll_id": str(poll.id), **payload}
    action = f"matter.{payload['act']}"
    record_matter(session, matter, actor=actor, action=action, payload=payload, now=now)


def _post_result(
    session: Session, meeting: Meeting, item: AgendaItem, sheet: ResultSheet, *, actor: Actor, now: datetime
) -> None:
    majority = next(kept for kept in sheet.verdicts if kept["kind"] == VerdictKind.MAJORITY)
    document = documents.resolution(
        meeting,
        item,
        counts=sheet.counts,
        due=meeting.members_due or 0,
        arithmetic=str(majority["arithmetic"]),
        article=str(majority["article"]),
        is_adopted=bool(sheet.is_adopted),
    )
    post_document(session, meeting, document, actor=actor, now=now)
