"""What a meeting comes to: the outcome of a deliberation, and the vote of an assembly."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, NotFound, RuleRefused, TransitionNotAllowed
from civicforum.matters.models import Matter
from civicforum.matters.rules import Act, Ground, Stage, follow
from civicforum.matters.services.steps import advance, lock_matter, record_matter
from civicforum.meetings import attendance, documents
from civicforum.meetings.errors import NothingToVoteOn, VoteIsOpen
from civicforum.meetings.models import AgendaItem, Meeting
from civicforum.meetings.rules import (
    ACT_OF_OUTCOME,
    ASSEMBLIES,
    MAJORITY_RULE,
    QUORUM_RULE,
    SETS_RESOLUTION,
    MeetingState,
    Outcome,
    check_conclude,
    check_outcome,
    check_run,
    judge_quorum,
)
from civicforum.meetings.services.follow_ups import send_to_assembly
from civicforum.meetings.services.steps import (
    lock_item,
    post_document,
    record_meeting,
    require_state,
    rules_of,
)
from civicforum.polls.models import Poll, ResultSheet
from civicforum.polls.rules import Choice, PollState, Preset, VerdictKind
from civicforum.polls.services import named as polls
from civicforum.polls.services.named import Entitled
from civicforum.polls.services.steps import lock_poll, record_poll

ITEM = "agenda_item"


def conclude_item(
    *, item_id: uuid.UUID, outcome: Outcome, text: str, dissent: str, actor: Actor, now: datetime
) -> uuid.UUID:
    """Say what a deliberation came to; its matter moves accordingly. Returns the meeting's id.

    A topic without a matter can be concluded in any meeting; a matter before an assembly is voted on.
    Raises NotFound, NotEligible, TransitionNotAllowed, AlreadyDone, VoteIsOpen, Invalid.
    """
    with transaction() as session:
        meeting, item = lock_item(session, item_id=item_id, actor=actor)
        check_conclude(actor, chair_id=meeting.chair_id)
        require_state(meeting, MeetingState.OPEN)
        _require_not_concluded(item)
        if item.poll_id is not None:
            raise VoteIsOpen(item.id)
        if meeting.form in ASSEMBLIES and item.matter_id is not None:
            raise TransitionNotAllowed(meeting.form, outcome)
        check_outcome(outcome, has_matter=item.matter_id is not None, text=text, dissent=dissent)
        item.outcome = outcome
        item.outcome_text = text
        item.dissent = dissent if outcome is Outcome.AGREED_WITH_DISSENT else ""
        item.concluded_at = now
        if item.matter_id is not None and outcome in ACT_OF_OUTCOME:
            _move_matter(session, meeting, item, actor=actor, now=now)
        else:
            if outcome is Outcome.TO_ASSEMBLY:
                send_to_assembly(session, meeting, item, text=text, now=now)
            payload = {"item": item.title, "outcome": outcome.value}
            record_meeting(
                session, meeting, actor=actor, action="conclude", payload=payload, reason=text, now=now
            )
        return meeting.id


def open_vote(*, item_id: uuid.UUID, actor: Actor, now: datetime) -> uuid.UUID:
    """Put an item's text to the vote of the members present at this moment. Returns the poll's id.

    Raises NotFound, NotEligible, TransitionNotAllowed, NothingToVoteOn, AlreadyDone (the vote is open or
    over), VoteIsOpen (another one is), RuleRefused (too few are present; carries the article and the sum).
    """
    with transaction() as session:
        meeting, item = lock_item(session, item_id=item_id, actor=actor)
        check_conclude(actor, chair_id=meeting.chair_id)
        require_state(meeting, MeetingState.OPEN)
        if meeting.form not in ASSEMBLIES:
            raise TransitionNotAllowed(meeting.form, "open_vote")
        if item.poll_id is not None:
            raise AlreadyDone(item.poll_id)
        _require_not_concluded(item)
        if not item.text:
            raise NothingToVoteOn(item.id)
        if item.matter_id is not None:
            matter = lock_matter(session, matter_id=item.matter_id, community_id=meeting.community_id)
            follow(Act.ADOPT, matter.stage)
            _check_no_other_vote(session, item)
        present = attendance.list_present(session, meeting_id=meeting.id)
        book = rules_of(meeting)
        verdict = judge_quorum(book, meeting.form, present=len(present), due=meeting.members_due or 0)
        if not verdict.holds:
            raise RuleRefused(verdict)
        poll = polls.create_poll(
            session,
            community_id=meeting.community_id,
            title=item.title,
            question=item.text,
            subject_kind=ITEM,
            subject_id=item.id,
            preset=Preset.OPEN,
            book=book,
            quorum_rule=QUORUM_RULE[meeting.form],
            majority_rule=MAJORITY_RULE[meeting.form],
            members=meeting.members_due or 0,
            now=now,
        )
        polls.freeze_roll(
            session,
            poll=poll,
            entitled=[Entitled(person_id, f"present.{kind.value}") for person_id, kind in present],
        )
        polls.open_poll(session, poll=poll, now=now)
        item.poll_id = poll.id
        record_poll(
            session,
            poll,
            actor=actor,
            action="open",
            payload={"meeting_id": str(meeting.id), "present": len(present), "quorum": verdict.arithmetic},
            now=now,
        )
        return poll.id


def enter_raised_hands(
    *, item_id: uuid.UUID, hands: Mapping[uuid.UUID, Choice], actor: Actor, now: datetime
) -> int:
    """Enter how hands were raised, by id of the roll entry. Returns how many were entered.

    Raises NotFound, NotEligible, TransitionNotAllowed (no vote is open).
    """
    with transaction() as session:
        item = session.get(AgendaItem, item_id)
        if item is None or item.community_id != actor.community_id:
            raise NotFound(item_id)
        check_run(actor, chair_id=session.get_one(Meeting, item.meeting_id).chair_id)
        if item.poll_id is None:
            raise TransitionNotAllowed(item.id, "enter_raised_hands")
        return polls.enter_hands(session, poll_id=item.poll_id, hands=hands, actor=actor, now=now)


def close_vote(*, item_id: uuid.UUID, actor: Actor, now: datetime) -> bool:
    """Close the vote, count and certify it, move the matter, post the resolution. Returns whether adopted.

    Raises NotFound, NotEligible, TransitionNotAllowed (no vote is open), AlreadyDone (somebody closed it).
    """
    with transaction() as session:
        meeting, item = lock_item(session, item_id=item_id, actor=actor)
        check_conclude(actor, chair_id=meeting.chair_id)
        require_state(meeting, MeetingState.OPEN)
        _require_not_concluded(item)
        if item.poll_id is None:
            raise TransitionNotAllowed(item.id, "close_vote")
        matter = (
            lock_matter(session, matter_id=item.matter_id, community_id=meeting.community_id)
            if item.matter_id is not None
            else None
        )
        poll = lock_poll(session, poll_id=item.poll_id, community_id=meeting.community_id)
        polls.close_poll(session, poll=poll, now=now)
        sheet = polls.count_poll(session, poll=poll, now=now)
        polls.certify_poll(session, poll=poll, now=now)
        is_adopted = bool(sheet.is_adopted)
        item.outcome = Outcome.ADOPTED if is_adopted else Outcome.NOT_ADOPTED
        item.concluded_at = now
        _post_result(session, meeting, item, sheet, actor=actor, now=now)
        payload: dict[str, object] = {
            "counts": sheet.counts,
            "verdicts": sheet.verdicts,
            "hash": sheet.counted_from_hash,
        }
        if matter is not None:
            _decide_matter(
                session,
                meeting,
                matter,
                poll,
                is_adopted=is_adopted,
                payload=payload,
                actor=actor,
                now=now,
            )
        else:
            record_poll(session, poll, actor=actor, action="certify", payload=payload, now=now)
        return is_adopted


def stop_vote(*, item_id: uuid.UUID, ground: str, actor: Actor, now: datetime) -> None:
    """Declare a running vote void and say why, such as a wrong text; the item can be voted on anew.

    Raises NotFound, NotEligible, TransitionNotAllowed.
    """
    with transaction() as session:
        meeting, item = lock_item(session, item_id=item_id, actor=actor)
        check_conclude(actor, chair_id=meeting.chair_id)
        require_state(meeting, MeetingState.OPEN)
        if item.poll_id is None or item.outcome is not None:
            raise TransitionNotAllowed(item.id, "stop_vote")
        poll = lock_poll(session, poll_id=item.poll_id, community_id=meeting.community_id)
        polls.void_poll(session, poll=poll, ground=ground)
        item.poll_id = None
        record_poll(session, poll, actor=actor, action="void", payload={}, reason=ground, now=now)


def _require_not_concluded(item: AgendaItem) -> None:
    if item.outcome is not None:
        raise AlreadyDone(item.id)


def _check_no_other_vote(session: Session, item: AgendaItem) -> None:
    other = session.scalar(
        select(Poll.id)
        .join(AgendaItem, AgendaItem.poll_id == Poll.id)
        .where(AgendaItem.matter_id == item.matter_id, AgendaItem.id != item.id, Poll.state == PollState.OPEN)
    )
    if other is not None:
        raise VoteIsOpen(other)


def _move_matter(
    session: Session, meeting: Meeting, item: AgendaItem, *, actor: Actor, now: datetime
) -> None:
    assert item.matter_id is not None and item.outcome is not None  # noqa: S101, PT018
    matter = lock_matter(session, matter_id=item.matter_id, community_id=meeting.community_id)
    step = advance(session, matter=matter, act=ACT_OF_OUTCOME[item.outcome], now=now)
    if item.outcome in SETS_RESOLUTION:
        matter.resolution = item.outcome_text
    payload: dict[str, object] = {
        **step,
        "meeting_id": str(meeting.id),
        "item_id": str(item.id),
        "outcome": item.outcome.value,
        **({"dissent": item.dissent} if item.dissent else {}),
        **({"ground": Ground.DROPPED_IN_DELIBERATION.value} if matter.stage is Stage.DECLINED else {}),
    }
    action = f"matter.{payload['act']}"
    record_matter(
        session, matter, actor=actor, action=action, payload=payload, reason=item.outcome_text, now=now
    )


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
