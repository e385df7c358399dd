"""A community with texts of every kind that can be reported, hidden and held, and the people who may."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.database import db, transaction
from civicforum.drafts import services as drafts
from civicforum.drafts.models import DraftComment
from civicforum.matters import services as matters
from civicforum.matters.models import Comment, Matter
from civicforum.moderation import services
from civicforum.moderation.errors import Held
from civicforum.moderation.models import HeldText, HideDecision
from civicforum.moderation.rules import DecisionState, Kind, Reason
from civicforum.notices.models import NoticeQuery
from civicforum.notices.rules import NoticeCategory
from civicforum.notices.services import post_notice
from civicforum.notices.services.querying import ask_about
from civicforum.people.models import Community
from civicforum.rulebook.days import day_of
from civicforum.statements import services as statements
from civicforum.statements.models import Statement
from civicforum.statements.rules import Audience, StatementState
from civicforum.statements.services import Plan
from tests.factories import NOW, actor_of, make_community, make_officer

WORD = "黑心公司"
# The same word as somebody writes it who does not want it to be found.
DISGUISED = "黑 心-公\u200b司"
SAID = "物业收了钱不办事。"


@dataclass
class Place:
    """A community and its people; everybody has an account with the name of the field as login."""

    community_id: uuid.UUID
    director: Actor
    clerk: Actor
    secretary: Actor
    supervisor: Actor
    author: Actor
    reporter: Actor

    @property
    def community(self) -> Community:
        return db.session.get_one(Community, self.community_id)


def make_place() -> Place:
    community = make_community()

    def officer(role: Role, login: str, name: str) -> Actor:
        return actor_of(make_officer(community, role, login=login, name=name), role)

    return Place(
        community.id,
        officer(Role.COMMITTEE, "director", "陈主任"),
        officer(Role.CLERK, "clerk", "何办事"),
        officer(Role.PARTY, "secretary", "林书记"),
        officer(Role.SUPERVISOR, "supervisor", "吴监督"),
        officer(Role.RESIDENT, "author", "周写手"),
        officer(Role.RESIDENT, "reporter", "赵举报"),
    )


def add_matter(place: Place, *, body: str = SAID, title: str = "电梯常坏", now: datetime = NOW) -> uuid.UUID:
    """Have the author raise a matter; what a word holds stays a draft. Returns its id."""
    matter_id = draft_matter(place, title=title, body=body, now=now)
    matters.publish_matter(matter_id=matter_id, actor=place.author, now=now)
    return matter_id


def draft_matter(
    place: Place, *, title: str = "电梯常坏", body: str = SAID, now: datetime = NOW
) -> uuid.UUID:
    matter_id = matters.start_draft(actor=place.author, title=title, now=now)
    matter = db.session.get_one(Matter, matter_id)
    matters.edit_details(
        matter_id=matter_id,
        actor=place.author,
        body=body,
        category=matter.category,
        place="三号楼",
        grid_id=None,
        now=now,
    )
    return matter_id


def add_comment(place: Place, matter_id: uuid.UUID, *, text: str = SAID, now: datetime = NOW) -> uuid.UUID:
    return matters.add_comment(matter_id=matter_id, actor=place.author, text=text, parent_id=None, now=now)


def plan_conversation(place: Place, *, now: datetime = NOW) -> uuid.UUID:
    """Open a conversation whose statements are shown at once."""
    plan = Plan(
        topic="电梯怎么办",
        background="",
        audience=Audience.EVERYBODY,
        is_moderated=False,
        opens_at=now,
        closes_at=now + timedelta(days=30),
    )
    return statements.plan_conversation(plan=plan, actor=place.director, now=now)


def add_statement(
    place: Place, conversation_id: uuid.UUID, *, text: str = SAID, now: datetime = NOW
) -> uuid.UUID:
    state = statements.add_statement(conversation_id=conversation_id, text=text, actor=place.author, now=now)
    assert state is StatementState.SHOWN
    return db.session.scalars(select(Statement.id).where(Statement.text == text)).one()


def put_out_draft(place: Place, *, now: datetime = NOW) -> uuid.UUID:
    return drafts.put_out_draft(
        title="停车办法（草案）",
        text="第一条 先到先停。",
        reason="",
        until=day_of(now) + timedelta(days=30),
        actor=place.director,
        now=now,
    )


def add_draft_comment(
    place: Place, draft_id: uuid.UUID, *, text: str = SAID, now: datetime = NOW
) -> uuid.UUID:
    return drafts.comment_on_draft(draft_id=draft_id, text=text, actor=place.author, now=now)


def add_notice(place: Place, *, now: datetime = NOW) -> uuid.UUID:
    with transaction() as session:
        notice = post_notice(
            session,
            community_id=place.community_id,
            category=NoticeCategory.FACILITIES,
            title="电梯维修公告",
            text="电梯维修已完成。",
            subject_kind="community",
            subject_id=place.community_id,
            posted_by=place.director.person_id,
            now=now,
        )
        return notice.id


def add_query(place: Place, notice_id: uuid.UUID, *, text: str = SAID, now: datetime = NOW) -> uuid.UUID:
    return ask_about(notice_id=notice_id, text=text, actor=place.author, now=now)


def add_all(place: Place, *, text: str = SAID) -> dict[Kind, uuid.UUID]:
    """Make one text of every kind by the author, with the same words."""
    matter_id = add_matter(place, body=text)
    return {
        Kind.MATTER: matter_id,
        Kind.COMMENT: add_comment(place, matter_id, text=text),
        Kind.STATEMENT: add_statement(place, plan_conversation(place), text=text),
        Kind.DRAFT_COMMENT: add_draft_comment(place, put_out_draft(place), text=text),
        Kind.NOTICE_QUERY: add_query(place, add_notice(place), text=text),
    }


def list_word(place: Place, word: str = WORD) -> None:
    services.add_words(lines=[word], why="常用于攻击", actor=place.director, now=NOW)


def hold_comment(place: Place, *, text: str = f"真是{DISGUISED}", now: datetime = NOW) -> uuid.UUID:
    """Have the author comment with a listed word; returns the held text."""
    list_word(place)
    matter_id = add_matter(place)
    try:
        add_comment(place, matter_id, text=text, now=now)
    except Held as held:
        return held.held_id
    raise AssertionError("nothing was held")


def hide(place: Place, kind: Kind, subject_id: uuid.UUID, *, now: datetime = NOW) -> uuid.UUID:
    """Hide a text, by two people where its kind needs two; returns the decision."""
    decision = services.hide(
        kind=kind, subject_id=subject_id, reason=Reason.PERSONAL_ATTACK, actor=place.clerk, now=now
    )
    decision_id = decision.id
    if decision.state is DecisionState.PROPOSED:
        services.confirm_hiding(decision_id=decision_id, actor=place.director, now=now)
    return decision_id


def shown_words(kind: Kind, subject_id: uuid.UUID) -> str:
    """Return what the row of a text says, or "" where its own columns say that it is hidden."""
    session = db.session()
    session.expire_all()
    if kind is Kind.MATTER:
        matter = session.get_one(Matter, subject_id)
        return f"{matter.title}{matter.place}{matter.body}"
    if kind is Kind.COMMENT:
        comment = session.get_one(Comment, subject_id)
        return "" if comment.hidden_at else comment.text
    if kind is Kind.STATEMENT:
        statement = session.get_one(Statement, subject_id)
        return statement.text if statement.state is StatementState.SHOWN else ""
    if kind is Kind.DRAFT_COMMENT:
        return session.get_one(DraftComment, subject_id).text
    query = session.get_one(NoticeQuery, subject_id)
    return "" if query.hidden_at else "".join(entry.text for entry in query.entries)


def get_held(held_id: uuid.UUID) -> HeldText:
    return db.session.get_one(HeldText, held_id, populate_existing=True)


def get_decision(decision_id: uuid.UUID) -> HideDecision:
    return db.session.get_one(HideDecision, decision_id, populate_existing=True)


def leave_work(place: Place, *, now: datetime) -> None:
    """Leave what every page of moderation shows: a word, and each kind of thing that waits for somebody."""
    list_word(place)
    matter_id = add_matter(place, now=now)
    said = [add_comment(place, matter_id, text=f"{SAID}{number}", now=now) for number in range(3)]
    reason = Reason.PERSONAL_ATTACK
    services.report(
        kind=Kind.COMMENT, subject_id=said[0], reason=reason, note="", actor=place.reporter, now=now
    )
    hide(place, Kind.COMMENT, said[1], now=now)
    appealed = hide(place, Kind.COMMENT, said[2], now=now)
    services.appeal(decision_id=appealed, text="说的是事实。", actor=place.author, now=now)
    services.hide(kind=Kind.MATTER, subject_id=matter_id, reason=reason, actor=place.clerk, now=now)
    try:
        add_comment(place, matter_id, text=f"真是{DISGUISED}", now=now)
    except Held:
        return
    raise AssertionError("nothing was held")
