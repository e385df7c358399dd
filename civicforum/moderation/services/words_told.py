"""What people are told, in Chinese: notifications are kept as plain words."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.bodies.models import Body, Post, Term
from civicforum.bodies.queries import is_running
from civicforum.bodies.rules import BodyKind
from civicforum.inbox.rules_told import Topic
from civicforum.inbox.telling import Telling, tell
from civicforum.moderation.models import HeldText, HideAppeal, HideDecision
from civicforum.moderation.rules import HeldState, Kind, Outcome, Reason
from civicforum.rulebook.days import SHANGHAI, day_of

KINDS: dict[Kind, str] = {
    Kind.MATTER: "事项",
    Kind.COMMENT: "评论",
    Kind.STATEMENT: "观点",
    Kind.DRAFT_COMMENT: "对征求意见稿的意见",
    Kind.NOTICE_QUERY: "对公告的询问",
}
REASONS: dict[Reason, str] = {
    Reason.PERSONAL_ATTACK: "侮辱或人身攻击",
    Reason.PERSONAL_DATA: "泄露他人个人信息",
    Reason.ADVERTISING: "广告推销",
    Reason.UNLAWFUL: "违反法律",
    Reason.REPEATED: "重复发布",
    Reason.OFF_TOPIC: "与议题无关",
    Reason.SEVERAL_IDEAS: "一条里有多个意思",
}
SHOWN = 120


def tell_hidden(session: Session, decision: HideDecision, *, appeal_until: datetime, now: datetime) -> None:
    """Tell the author which words were hidden or refused, why, and how to appeal."""
    done = "没有发布" if decision.held_id else "已被隐藏"
    _tell(
        session,
        decision.community_id,
        [decision.author_id],
        decision.id,
        title=f"您的{KINDS[decision.kind]}{done}",
        text=(
            f"理由：{REASONS[decision.reason]}。{_note(decision.note)}涉及内容：“{_short(decision.words)}”。"
            f"您如不同意，可在{_day(appeal_until)}前向居务监督委员会申诉。"
        ),
        now=now,
    )


def tell_ruled(session: Session, decision: HideDecision, appeal: HideAppeal, *, now: datetime) -> None:
    """Tell the author how the appeal ended."""
    ended = "撤销隐藏，内容已恢复" if appeal.outcome is Outcome.OVERTURNED else "维持原决定"
    _tell(
        session,
        decision.community_id,
        [decision.author_id],
        decision.id,
        title=f"您的申诉已有结果：{ended}",
        text=f"居务监督委员会的理由：{appeal.ruling}",
        now=now,
    )


def tell_appealed(session: Session, decision: HideDecision, appeal: HideAppeal, *, now: datetime) -> None:
    """Tell the supervision committee that an appeal waits for its ruling."""
    members = session.scalars(
        select(Term.person_id)
        .join(Post, Term.post_id == Post.id)
        .join(Body, Post.body_id == Body.id)
        .where(
            Body.community_id == decision.community_id,
            Body.kind == BodyKind.SUPERVISION_COMMITTEE,
            Body.dissolved_on.is_(None),
            is_running(day_of(now)),
        )
    ).all()
    _tell(
        session,
        decision.community_id,
        members,
        decision.id,
        title="有一件隐藏申诉待裁决",
        text=f"请在{_day(appeal.due_at)}前说明理由并作出裁决。",
        now=now,
    )


def tell_held_ended(session: Session, held: HeldText, *, now: datetime) -> None:
    """Tell the author that a held text was posted, or can no longer be."""
    if held.state is HeldState.LAPSED:
        title = f"您的{KINDS[held.kind]}没有发布"
        text = "它所属的事项或活动已经结束，或条件已不具备，因此无法发布。文字仍为您保留。"
    else:
        title = f"您的{KINDS[held.kind]}已发布"
        text = (
            "没有人在规定时间内查看，系统已按规定自动发布。"
            if held.by_clock
            else "工作人员已查看，现已以您的名义发布。"
        )
    telling = Telling(
        topic=Topic.ABOUT_ME,
        subject_kind="held_text",
        subject_id=held.id,
        title=title,
        text=f"{text}“{_short(held.words)}”",
        endpoint="moderation.held",
        arguments={"held_id": held.id},
    )
    tell(session, community_id=held.community_id, person_ids=[held.author_id], telling=telling, now=now)


def _tell(
    session: Session,
    community_id: uuid.UUID,
    people: Iterable[uuid.UUID | None],
    decision_id: uuid.UUID,
    *,
    title: str,
    text: str,
    now: datetime,
) -> None:
    ids = [person_id for person_id in people if person_id is not None]
    if not ids:
        return
    telling = Telling(
        topic=Topic.ABOUT_ME,
        subject_kind="hide_decision",
        subject_id=decision_id,
        title=title,
        text=text,
        endpoint="moderation.decision",
        arguments={"decision_id": decision_id},
    )
    tell(session, community_id=community_id, person_ids=ids, telling=telling, now=now)


def _note(note: str) -> str:
    return f"说明：{note}。" if note else ""


def _short(words: str) -> str:
    flat = " ".join(words.split())
    return flat if len(flat) <= SHOWN else flat[:SHOWN] + "……"


def _day(instant: datetime) -> str:
    local = instant.astimezone(SHANGHAI)
    return f"{local.year}年{local.month}月{local.day}日"
