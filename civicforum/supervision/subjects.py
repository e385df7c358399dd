"""What a finding can be about: how it is called, where it is shown, and whom it concerns."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.appraisals.models import AppraisalSubject, Cycle
from civicforum.appraisals.rules import CycleState
from civicforum.bodies.models import Post, Term
from civicforum.bodies.queries import is_running
from civicforum.elections.models import Candidate, Election
from civicforum.errors import Invalid, NotFound
from civicforum.meetings.models import Meeting
from civicforum.notices.models import DisclosureDue, Notice
from civicforum.notices.texts import item_name
from civicforum.polls.models import Poll
from civicforum.polls.rules import PollState
from civicforum.rulebook.days import day_of
from civicforum.supervision.rules import SubjectKind


@dataclass(frozen=True)
class About:
    """A subject. `concerned` are people who have a part of their own in it and find nothing about it."""

    kind: SubjectKind
    id: uuid.UUID
    title: str
    concerned: frozenset[uuid.UUID] = frozenset()


# The page of a subject and the name of its id there.
PAGES: dict[SubjectKind, tuple[str, str]] = {
    SubjectKind.NOTICE: ("notices.show", "notice_id"),
    SubjectKind.POLL: ("polls.show", "poll_id"),
    SubjectKind.MEETING: ("meetings.show", "meeting_id"),
    SubjectKind.ELECTION: ("elections.show", "election_id"),
    SubjectKind.APPRAISAL: ("appraisals.show", "cycle_id"),
}


def get_about(
    session: Session, *, kind: SubjectKind, subject_id: uuid.UUID, community_id: uuid.UUID
) -> About:
    """Return what is public of a subject. Raises NotFound, also for a draft and another community's."""
    found = READERS[kind](session, subject_id, community_id)
    if found is None:
        raise NotFound(subject_id)
    return found


def read_kind(text: str) -> SubjectKind:
    """Return a kind as an address names it. Raises NotFound."""
    if text not in set(SubjectKind):
        raise NotFound(text)
    return SubjectKind(text)


def check_unconcerned(about: About, person_id: uuid.UUID) -> None:
    """Nobody finds anything about what concerns themselves. Raises Invalid."""
    if person_id in about.concerned:
        raise Invalid("concerned", None)


def _notice(session: Session, subject_id: uuid.UUID, community_id: uuid.UUID) -> About | None:
    row = session.get(Notice, subject_id)
    if row is None or row.community_id != community_id:
        return None
    return About(SubjectKind.NOTICE, row.id, row.title, _people(row.posted_by_id))


def _due(session: Session, subject_id: uuid.UUID, community_id: uuid.UUID) -> About | None:
    row = session.get(DisclosureDue, subject_id)
    if row is None or row.community_id != community_id:
        return None
    concerned: frozenset[uuid.UUID] = frozenset()
    if row.item.body_id is not None:
        concerned = frozenset(
            session.scalars(
                select(Term.person_id)
                .join(Post, Term.post_id == Post.id)
                .where(Post.body_id == row.item.body_id, is_running(day_of(row.due_at)))
            )
        )
    # Kept in the statutory language, whatever the reader's is.
    with force_locale("zh_Hans"):
        name = item_name(row.item)
    title = f"{name}（{row.period_from.isoformat()} – {row.period_until.isoformat()}）"
    return About(SubjectKind.DISCLOSURE_DUE, row.id, title[:200], concerned)


def _poll(session: Session, subject_id: uuid.UUID, community_id: uuid.UUID) -> About | None:
    row = session.get(Poll, subject_id)
    if row is None or row.community_id != community_id or row.state is PollState.DRAFT:
        return None
    return About(SubjectKind.POLL, row.id, row.title, _people(row.created_by_id))


def _meeting(session: Session, subject_id: uuid.UUID, community_id: uuid.UUID) -> About | None:
    row = session.get(Meeting, subject_id)
    if row is None or row.community_id != community_id:
        return None
    concerned = _people(row.chair_id, row.acting_chair_id, row.clerk_id)
    return About(SubjectKind.MEETING, row.id, row.title, concerned)


def _election(session: Session, subject_id: uuid.UUID, community_id: uuid.UUID) -> About | None:
    row = session.get(Election, subject_id)
    if row is None or row.community_id != community_id:
        return None
    candidates = session.scalars(select(Candidate.person_id).where(Candidate.election_id == row.id))
    return About(SubjectKind.ELECTION, row.id, row.title, _people(row.created_by_id, *candidates))


def _appraisal(session: Session, subject_id: uuid.UUID, community_id: uuid.UUID) -> About | None:
    row = session.get(Cycle, subject_id)
    if row is None or row.community_id != community_id or row.state is CycleState.DRAFT:
        return None
    graded = session.scalars(select(AppraisalSubject.person_id).where(AppraisalSubject.cycle_id == row.id))
    return About(SubjectKind.APPRAISAL, row.id, row.title, _people(*graded))


Reader = Callable[[Session, uuid.UUID, uuid.UUID], About | None]
READERS: dict[SubjectKind, Reader] = {
    SubjectKind.NOTICE: _notice,
    SubjectKind.DISCLOSURE_DUE: _due,
    SubjectKind.POLL: _poll,
    SubjectKind.MEETING: _meeting,
    SubjectKind.ELECTION: _election,
    SubjectKind.APPRAISAL: _appraisal,
}


def _people(*ids: uuid.UUID | None) -> frozenset[uuid.UUID]:
    return frozenset(one for one in ids if one is not None)
