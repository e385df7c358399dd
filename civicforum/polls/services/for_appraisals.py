"""What an appraisal does with its polls: one for each group of raters, made, opened, and counted.

They take the session and a locked cycle, and commit nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.errors import Invalid
from civicforum.polls.electorates import Draw
from civicforum.polls.models import BoxCount, Poll
from civicforum.polls.queries.grading import count_returned
from civicforum.polls.questions import QuestionSpec
from civicforum.polls.rules import APPRAISAL, APPRAISALS, HEARING, PollState, Preset, move
from civicforum.polls.services import for_elections
from civicforum.polls.services.halls import add_box
from civicforum.polls.services.rolls import drawn_for, post_locked, write_roll
from civicforum.polls.services.states import void_locked
from civicforum.polls.services.steps import record_poll
from civicforum.polls.terms import Subject, Terms, TermsFault, first_terms
from civicforum.rulebook import Rulebook

BOX = "评议票箱"


@dataclass(frozen=True, kw_only=True)
class Forms:
    """The form of one group of raters.

    Attributes:
        introduction: what raters should know first.
        least: forms under which nothing of the group is opened.
        barred: who is graded, and so neither grades nor helps.
    """

    cycle_id: uuid.UUID
    title: str
    introduction: str
    specs: Sequence[QuestionSpec]
    least: int
    barred: Sequence[uuid.UUID]


def make_hearing(session: Session, forms: Forms, *, book: Rulebook, actor: Actor, now: datetime) -> Poll:
    """Add the draft that is opened for those in the room, on the day; until then it has no roll."""
    return _make(session, forms, _terms(book, forms), HEARING, book=book, actor=actor, now=now)


def make_roll(
    session: Session,
    forms: Forms,
    *,
    draw: Draw,
    opens_at: datetime,
    closes_at: datetime,
    book: Rulebook,
    actor: Actor,
    now: datetime,
) -> Poll:
    """Add the poll of a drawn roll and post the roll; from here on it goes its way on the pages of polls.

    Raises Invalid: "nobody", a DrawFault or a TermsFault, such as too few days for objections; RuleRefused.
    """
    if closes_at <= opens_at:
        raise Invalid(TermsFault.CLOSES_BEFORE_OPENING, "closes_at")
    terms = replace(_terms(book, forms), opens_at=opens_at, closes_at=closes_at, by_paper=True)
    poll = _make(session, forms, terms, APPRAISAL, book=book, actor=actor, now=now)
    add_box(session, poll, place="", name=BOX)
    drawn = drawn_for(session, poll, draw, now=now)
    if not drawn:
        raise Invalid("nobody")
    write_roll(session, poll, draw, drawn)
    entries = post_locked(session, poll, now=now)
    record_poll(session, poll, actor=actor, action="post_roll", payload={"entries": entries}, now=now)
    return poll


def leave_shut(session: Session, poll: Poll, *, forms: int, actor: Actor, now: datetime) -> None:
    """Declare that too few forms came back, or too few by one way, so that none is opened or counted.

    What two people read off the papers is forgotten with it, but for how many there were.
    """
    ground = f"收回评议表{forms}份，不足{poll.least_together}份，按公布的方案不开箱、不计票。"
    if forms >= poll.least_together:
        ground = "以其中一种方式评议的人数过少，为不暴露个人评议，不开箱、不计票。"
    read = update(BoxCount).where(BoxCount.poll_id == poll.id)
    session.execute(read.values(counts=[], texts=[], grounds={}))
    void_locked(session, poll, ground=ground, actor=actor, now=now)


def settle(session: Session, cycle_id: uuid.UUID, *, actor: Actor, now: datetime) -> None:
    """Let what the boxes of a cycle came to stand with its result; one that was never opened stays shut.

    From then on keys and links are destroyed on the day that each box states.
    """
    polls = session.scalars(
        select(Poll)
        .where(
            Poll.subject_kind.in_(APPRAISALS),
            Poll.subject_id == cycle_id,
            Poll.state.in_((PollState.CLOSED, PollState.COUNTED)),
        )
        .order_by(Poll.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()
    for poll in polls:
        if poll.state is PollState.CLOSED:
            forms = count_returned(session, poll).together
            leave_shut(session, poll, forms=forms, actor=actor, now=now)
        else:
            poll.state, poll.certified_at = move(poll.state, PollState.CERTIFIED), now
            record_poll(session, poll, actor=actor, action="certify", now=now)


def _terms(book: Rulebook, forms: Forms) -> Terms:
    terms = first_terms(book, preset=Preset.POLL, is_statutory=False)
    # Of the screen alone no more is asked than of the smallest group; the rest may come on paper.
    return replace(terms, least=min(forms.least, terms.least))


def _make(
    session: Session, forms: Forms, terms: Terms, kind: str, *, book: Rulebook, actor: Actor, now: datetime
) -> Poll:
    poll = for_elections.make_poll(
        session,
        community_id=actor.community_id,
        election_id=forms.cycle_id,
        subject=Subject(title=forms.title, question=forms.introduction, preset=Preset.POLL),
        terms=terms,
        book=book,
        created_by_id=actor.person_id,
        now=now,
        kind=kind,
    )
    poll.least_together = forms.least
    poll.barred = [str(one) for one in forms.barred]
    for_elections.set_paper(session, poll, forms.specs)
    return poll
