"""What keeps the forms of an appraisal together: no few of them are opened, or told apart by their way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum import rulebook
from civicforum.polls.blockers import Blocker, BlockerKind, Who
from civicforum.polls.models import BoxCount, Credential, PaperIssue, Poll, Station
from civicforum.polls.rules import APPRAISALS, PollState
from civicforum.polls.small_groups import judge_ways
from civicforum.rulebook import Verdict

STILL_GRADING = (PollState.DRAFT, PollState.ROLL_POSTED, PollState.READY, PollState.OPEN)


@dataclass(frozen=True)
class Returned:
    """How many forms are in: on screen those that count, on paper those handed out.

    Once the papers are counted and signed for, it is the valid ones of them: some may not have come back.
    """

    screen: int
    paper: int

    @property
    def together(self) -> int:
        """Return how many there are by both ways."""
        return self.screen + self.paper


def count_returned(session: Session, poll: Poll) -> Returned:
    """Return how many forms are in; nothing of what they say."""
    on_screen = select(func.count()).where(
        Credential.poll_id == poll.id, Credential.sequence >= 0, Credential.void.is_(None)
    )
    return Returned(session.scalar(on_screen) or 0, _count_papers(session, poll))


def _count_papers(session: Session, poll: Poll) -> int:
    unsigned = select(Station.id).where(Station.poll_id == poll.id, Station.signed_at.is_(None))
    valid = select(func.sum(BoxCount.found - BoxCount.invalid)).where(
        BoxCount.poll_id == poll.id, BoxCount.hand == 1, ~unsigned.exists()
    )
    issued = select(func.count()).where(PaperIssue.poll_id == poll.id)
    counted = session.scalar(valid)
    return (session.scalar(issued) or 0) if counted is None else counted


def judge_returned(session: Session, poll: Poll) -> Verdict:
    """Judge whether few of those who graded would be told apart by the way they took."""
    returned = count_returned(session, poll)
    return judge_ways(rulebook.load(poll.profile), screen=returned.screen, paper=returned.paper)


def list_small_ways(session: Session, poll: Poll) -> list[Blocker]:
    """Return what stands against ending a poll that grades, and what is to be done about it."""
    return _small(session, poll, BlockerKind.WAY_TOO_SMALL, "polls.extend")


def _small(session: Session, poll: Poll, kind: BlockerKind, endpoint: str) -> list[Blocker]:
    verdict = judge_returned(session, poll)
    if verdict.holds:
        return []
    returned = count_returned(session, poll)
    figures = {"screen": returned.screen, "paper": returned.paper, "least": verdict.least}
    return [Blocker(kind, endpoint, figures=figures, rule=verdict.rule, arithmetic=verdict.arithmetic)]


def list_grading_blockers(session: Session, poll: Poll, *, now: datetime) -> list[Blocker]:
    """Return what stands against the next step of a poll that grades, beside what every poll waits for."""
    if poll.state is PollState.OPEN and poll.closes_at is not None and now >= poll.closes_at:
        return list_small_ways(session, poll)
    if poll.state is not PollState.CLOSED or poll.sealed_at is not None:
        return []
    # Papers that did not come back, or are invalid, may leave few of one way: then nothing is opened.
    small = _small(session, poll, BlockerKind.FEW_CAME_BACK, "polls.void")
    return [*_too_few(session, poll), *small, *_others(session, poll)]


def _too_few(session: Session, poll: Poll) -> list[Blocker]:
    together = count_returned(session, poll).together
    if together >= poll.least_together:
        return []
    figures = {"forms": together, "least": poll.least_together}
    return [Blocker(BlockerKind.FORMS_TOO_FEW, "polls.void", figures=figures)]


def _others(session: Session, poll: Poll) -> list[Blocker]:
    """Return whether another group of the appraisal still grades: nothing may tell it what came out."""
    waiting = session.scalars(
        select(Poll.title)
        .where(
            Poll.subject_kind.in_(APPRAISALS),
            Poll.subject_id == poll.subject_id,
            Poll.id != poll.id,
            Poll.state.in_(STILL_GRADING),
        )
        .order_by(Poll.title)
    ).all()
    figures = {"names": list(waiting)}
    return [Blocker(BlockerKind.OTHERS_GRADE, "polls.manage", Who.CLOCK, figures)] if waiting else []
