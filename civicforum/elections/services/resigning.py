"""Posts that end before their time without a recall: resigned, or ended by themselves (arts 21, 23)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.models import Term
from civicforum.bodies.rules import BodyKind
from civicforum.database import transaction
from civicforum.elections import recalls as law
from civicforum.elections.models import Departure
from civicforum.elections.recalls import DepartureState, EndGround
from civicforum.elections.rules import may_plan
from civicforum.elections.services.held_posts import end_post, get_held, lock_held
from civicforum.elections.services.recall_votes import end_without_vote, lock_live_of
from civicforum.elections.wording.dates import past_day
from civicforum.errors import AlreadyDone, Invalid, NotEligible, NotFound, TransitionNotAllowed
from civicforum.notices.rules import NoticeCategory
from civicforum.notices.services import post_notice
from civicforum.people.queries import rules_in
from civicforum.records.services import Subject, record_about
from civicforum.rulebook import Verdict
from civicforum.rulebook.days import day_of, day_starts

LONGEST_REASON, LONGEST_PAPER = 2000, 120
ASSEMBLIES = (BodyKind.REPRESENTATIVE_ASSEMBLY, BodyKind.RESIDENTS_ASSEMBLY)
# What officers record as a fact that ended a post; two bad appraisals are found by the appraisals themselves.
BY_ITSELF = (EndGround.INCAPABLE, EndGround.SENTENCED)
# Official words, as the record of the body and the notice say them.
REASONS = {
    EndGround.RESIGNED: "辞职获得通过",
    EndGround.INCAPABLE: "丧失行为能力，职务自行终止",
    EndGround.SENTENCED: "被判处刑罚，职务自行终止",
    EndGround.TWO_STRIKES: "连续两次被评议为不称职",
}
ASSEMBLY_NAMES = {
    BodyKind.REPRESENTATIVE_ASSEMBLY: "居民代表会议",
    BodyKind.RESIDENTS_ASSEMBLY: "居民会议",
}


@dataclass(frozen=True)
class Decided:
    """What an assembly decided on a resignation: which, on which day, and by which paper."""

    is_passed: bool
    assembly: BodyKind
    on: date
    paper: str


def file_resignation(*, term_id: uuid.UUID, reason: str, actor: Actor, now: datetime) -> uuid.UUID:
    """Hand in one's resignation from an elected post; it ends nothing before an assembly passes it.

    Raises NotFound (no elected post that is held), NotEligible (somebody else's), AlreadyDone, Invalid
    ("reason").
    """
    with transaction() as session:
        term = lock_held(session, term_id, actor, now)
        if term.person_id != actor.person_id:
            raise NotEligible(actor.person_id)
        filed = select(Departure.id).where(
            Departure.term_id == term.id, Departure.state == DepartureState.FILED
        )
        if session.scalar(filed) is not None:
            raise AlreadyDone(term.id)
        reason = reason.strip()
        if not reason or len(reason) > LONGEST_REASON:
            raise Invalid("reason", "reason")
        row = _new(term, EndGround.RESIGNED, actor=actor, now=now)
        row.reason = reason
        session.add(row)
        session.flush()
        _record(session, term, row, actor=actor, action="file_resignation", now=now)
        return row.id


def decide_resignation(*, departure_id: uuid.UUID, decided: Decided, actor: Actor, now: datetime) -> None:
    """Write what an assembly decided; passed, the post ends on that day, and a recall not voted on yet too.

    Raises NotFound, NotEligible (no officer, or one's own), AlreadyDone (decided, or the post is over),
    Invalid ("on", "paper", "assembly").
    """
    with transaction() as session:
        row = _lock(session, departure_id, actor)
        if row.state is not DepartureState.FILED:
            raise AlreadyDone(row.id)
        if decided.assembly not in ASSEMBLIES:
            raise Invalid("assembly", "assembly")
        if not day_of(row.filed_at) <= decided.on <= day_of(now):
            raise Invalid("on", "on")
        paper = _paper(decided.paper)
        ends = law.judge_resignation(
            rules_in(session, row.term.community_id), was_passed=decided.is_passed
        ).holds
        row.state = DepartureState.PASSED if ends else DepartureState.REFUSED
        row.paper, row.assembly, row.decided_at = paper, decided.assembly, now
        if ends:
            row.ended_on = decided.on
            _end(session, row, on=decided.on, actor=actor, now=now)
        _record(
            session,
            row.term,
            row,
            actor=actor,
            action="pass_resignation" if ends else "refuse_resignation",
            now=now,
        )


def record_end(
    *, term_id: uuid.UUID, ground: EndGround, on: date, paper: str, actor: Actor, now: datetime
) -> uuid.UUID:
    """Record that an elected post ended by itself on that day, with the paper that says so; return the id.

    Raises NotFound, NotEligible (no officer, or one's own post), AlreadyDone, Invalid ("ground", "on" or
    "paper").
    """
    with transaction() as session:
        _check_may_decide(actor, term_id, session)
        if ground not in BY_ITSELF:
            raise Invalid("ground", "ground")
        return _end_by_itself(session, term_id, ground, on=on, paper=paper, actor=actor, now=now).id


def end_after_appraisals(
    session: Session, *, term_id: uuid.UUID, on: date, paper: str, actor: Actor, now: datetime
) -> None:
    """End a post that two appraisals ended, and announce it (art 37); a step of appraisals, which judge it.

    Raises NotFound (no elected post that is held), AlreadyDone, Invalid ("on" or "paper").
    """
    row = _end_by_itself(session, term_id, EndGround.TWO_STRIKES, on=on, paper=paper, actor=actor, now=now)
    _post_end(session, row, actor=actor, now=now)


def announce(*, departure_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Post on the notice board that the post has ended.

    Raises NotFound, NotEligible, AlreadyDone, TransitionNotAllowed (it has not).
    """
    with transaction() as session:
        row = _lock(session, departure_id, actor)
        if row.announced_at is not None:
            raise AlreadyDone(row.id)
        if row.state is not DepartureState.PASSED or row.ended_on is None:
            raise TransitionNotAllowed(row.state, "announce")
        _post_end(session, row, actor=actor, now=now)
        in_time = law.judge_announcement(
            rules_in(session, row.term.community_id), day_starts(row.ended_on), now
        )
        _record(session, row.term, row, actor=actor, action="announce_end", in_time=in_time, now=now)


def _lock(session: Session, departure_id: uuid.UUID, actor: Actor) -> Departure:
    """Return a departure locked, for an officer whom it does not concern."""
    row = session.get(Departure, departure_id, with_for_update={"key_share": True}, populate_existing=True)
    if row is None or row.community_id != actor.community_id:
        raise NotFound(departure_id)
    _check_may_decide(actor, row.term_id, session)
    return row


def _check_may_decide(actor: Actor, term_id: uuid.UUID, session: Session) -> None:
    holder = session.scalar(
        select(Term.person_id).where(Term.id == term_id, Term.community_id == actor.community_id)
    )
    if holder is None:
        raise NotFound(term_id)
    if not may_plan(actor) or holder == actor.person_id:
        raise NotEligible(actor.person_id)


def _end_by_itself(
    session: Session,
    term_id: uuid.UUID,
    ground: EndGround,
    *,
    on: date,
    paper: str,
    actor: Actor,
    now: datetime,
) -> Departure:
    recall = lock_live_of(session, term_id)
    term = get_held(session, term_id, actor, now)
    if law.ends_by_itself(rules_in(session, term.community_id), ground) is None:
        raise Invalid("ground", "ground")
    if not term.since <= on <= day_of(now):
        raise Invalid("on", "on")
    row = _new(term, ground, actor=actor, now=now)
    row.term, row.paper, row.decided_at, row.ended_on = term, _paper(paper), now, on
    row.state = DepartureState.PASSED
    session.add(row)
    if recall is not None:
        end_without_vote(session, recall, resigned_at=None, reason=REASONS[ground], actor=actor, now=now)
    if not end_post(session, term, on=on, reason=REASONS[ground], now=now):
        raise AlreadyDone(term_id)
    _record(session, term, row, actor=actor, action="record_end", now=now)
    return row


def _post_end(session: Session, row: Departure, *, actor: Actor, now: datetime) -> None:
    post_notice(
        session,
        community_id=row.community_id,
        category=NoticeCategory.COMMON_CONCERN,
        title=f"关于{row.term.person.name}{_post_of(row.term)}职务终止的公告",
        text=_notice_text(row),
        posted_by=actor.person_id,
        subject_kind="body",
        subject_id=row.term.post.body_id,
        now=now,
    )
    row.announced_at = now


def _end(session: Session, row: Departure, *, on: date, actor: Actor, now: datetime) -> None:
    reason = REASONS[row.ground]
    recall = lock_live_of(session, row.term_id)
    if recall is not None:
        resigned_at = day_starts(on)
        end_without_vote(session, recall, resigned_at=resigned_at, reason=reason, actor=actor, now=now)
    if not end_post(session, row.term, on=on, reason=reason, now=now):
        raise AlreadyDone(row.term_id)


def _new(term: Term, ground: EndGround, *, actor: Actor, now: datetime) -> Departure:
    return Departure(
        id=uuid.uuid4(),
        community_id=term.community_id,
        term_id=term.id,
        ground=ground,
        state=DepartureState.FILED,
        filed_at=now,
        filed_by_id=actor.person_id,
    )


def _paper(paper: str) -> str:
    paper = paper.strip()
    if not paper or len(paper) > LONGEST_PAPER:
        raise Invalid("paper", "paper")
    return paper


def _post_of(term: Term) -> str:
    return f"{term.post.body.name}{term.post.title}"


def _notice_text(row: Departure) -> str:
    assert row.ended_on is not None  # noqa: S101
    who, day = row.term.person.name, past_day(row.ended_on)
    if row.assembly is None:
        ended = f"其{_post_of(row.term)}职务于{day}终止（依据：{row.paper}）"
        return f"{who}{REASONS[row.ground]}，{ended}。特此公告。"
    passed = f"经{ASSEMBLY_NAMES[row.assembly]}于{day}通过（{row.paper}）"
    return f"{who}辞去{_post_of(row.term)}职务，{passed}，其职务自该日起终止。特此公告。"


def _record(
    session: Session,
    term: Term,
    row: Departure,
    *,
    actor: Actor,
    action: str,
    now: datetime,
    in_time: Verdict | None = None,
) -> None:
    payload: dict[str, Any] = {
        "departure": str(row.id),
        "post": term.post.title,
        "person_id": str(term.person_id),
        "name": term.person.name,
        "ground": row.ground.value,
        "ended_on": row.ended_on.isoformat() if row.ended_on else "",
    }
    if in_time is not None:
        payload |= {"days": in_time.arithmetic, "is_in_time": in_time.holds}
    subject = Subject(row.community_id, "body", term.post.body_id, term.post.body.name)
    record_about(
        session, subject, action=f"body.{action}", actor=actor, reason=row.paper, payload=payload, now=now
    )
