"""The body of an election committee and the terms of its members, founded, begun and ended (art 15).

Steps that use cases share: they take the session, expect the register to be locked, and commit nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum.bodies.models import Body, Post, Term
from civicforum.bodies.queries import is_running
from civicforum.bodies.rules import Appointed, BodyKind, PostKind
from civicforum.bodies.services import begin_term, make_body, make_post
from civicforum.elections.models import CommitteePlace, Election
from civicforum.elections.rules import LeftGround, Stage
from civicforum.rulebook.days import day_of

NAME = "居民选举委员会"
DUTY = "主持本届选举工作，任职至工作移交完成。"
TITLES: dict[PostKind, str] = {
    PostKind.DIRECTOR: "主任",
    PostKind.DEPUTY_DIRECTOR: "副主任",
    PostKind.MEMBER: "委员",
}
# Why a term ends, as the record of the body names it.
REASONS: dict[LeftGround, str] = {
    LeftGround.NOMINATED: "本人被提名为候选人，退出居民选举委员会",
    LeftGround.RELATIVE_NOMINATED: "近亲属被提名为候选人，退出居民选举委员会",
    LeftGround.ABSENT: "连续无故不参加会议，视为退出居民选举委员会",
    LeftGround.RESIGNED: "本人辞去居民选举委员会职务",
}
REPLACED = "新一届居民选举委员会产生"


def free_body(session: Session, election: Election, now: datetime) -> Body:
    """Return an election committee's body that presides over no running election, or found one."""
    busy = select(Election.presiding_id).where(
        Election.community_id == election.community_id,
        Election.presiding_id.is_not(None),
        Election.stage.not_in((Stage.CLOSED, Stage.VOID)),
    )
    free = session.scalars(
        select(Body)
        .where(
            Body.community_id == election.community_id,
            Body.kind == BodyKind.ELECTION_COMMITTEE,
            Body.dissolved_on.is_(None),
            Body.id.not_in(busy),
        )
        .order_by(Body.founded_on, Body.name)
    ).first()
    if free is not None:
        return free
    today = day_of(now)
    return make_body(
        session,
        community_id=election.community_id,
        kind=BodyKind.ELECTION_COMMITTEE,
        name=_free_name(session, election, today),
        duty=DUTY,
        founded_on=today,
    )


def _free_name(session: Session, election: Election, today: date) -> str:
    """Return a name that no body of the community has had: plain, else with whom it elects, and when."""
    of_body = f"{election.body.name}选举委员会"
    wanted = [NAME, of_body, f"{of_body}（{today.year}年）", f"{of_body}（{today.isoformat()}）"]
    taken = set(
        session.scalars(
            select(Body.name).where(Body.community_id == election.community_id, Body.name.in_(wanted))
        )
    )
    # When all are taken, make_body refuses the last one.
    return next((name for name in wanted if name not in taken), wanted[-1])


def end_former(session: Session, body: Body, members: Sequence[CommitteePlace], *, today: date) -> None:
    """End the terms that are left in the body, but of those who go on in the same post."""
    going_on = {(place.person_id, place.post) for place in members}
    for term, post in _running_terms(session, body, today):
        if (term.person_id, post.kind) not in going_on:
            _end(term, REPLACED, today)
    session.flush()


def begin(session: Session, body: Body, place: CommitteePlace, *, today: date) -> None:
    """Begin the term of somebody on the committee, unless one runs on from before."""
    assert place.post is not None  # noqa: S101
    running = _running_terms(session, body, today)
    if any(term.person_id == place.person_id and post.kind is place.post for term, post in running):
        return
    post = _post(session, body, place.post)
    taken = session.scalar(select(func.count()).where(Term.post_id == post.id, is_running(today))) or 0
    # How many deputies and members there are, is decided anew by each committee.
    post.seats = max(post.seats, taken + 1)
    begin_term(
        session,
        body=body,
        post=post,
        person_id=place.person_id,
        appointed=Appointed.ELECTED,
        since=today,
        until=None,
    )


def end_terms(session: Session, body: Body, place: CommitteePlace, *, today: date) -> None:
    """End the terms of a member who left."""
    assert place.left_ground is not None  # noqa: S101
    for term, _post_held in _running_terms(session, body, today):
        if term.person_id == place.person_id:
            _end(term, REASONS[place.left_ground], today)


def _post(session: Session, body: Body, kind: PostKind) -> Post:
    found = session.scalars(
        select(Post).where(Post.body_id == body.id, Post.kind == kind).order_by(Post.position, Post.id)
    ).first()
    return found or make_post(session, body=body, kind=kind, title=TITLES[kind])


def _running_terms(session: Session, body: Body, today: date) -> list[tuple[Term, Post]]:
    rows = session.execute(
        select(Term, Post)
        .join(Post, Post.id == Term.post_id)
        .where(Post.body_id == body.id, Term.ended_on.is_(None), Term.until >= today)
    )
    return [(term, post) for term, post in rows]


def _end(term: Term, reason: str, today: date) -> None:
    """End a term on the day before, so that who follows may begin today."""
    term.ended_on = max(term.since, today - timedelta(days=1))
    term.end_reason = reason
