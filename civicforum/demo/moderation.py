"""Moderation in the demonstration: a comment hidden and restored, one that stays hidden, one held back.

Days count back from the day of loading. The words are invented, and harmless.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select

from civicforum.database import db
from civicforum.demo.story import Script
from civicforum.errors import AlreadyDone
from civicforum.matters import services as matters
from civicforum.matters.models import Comment, Matter
from civicforum.matters.rules import LIVE
from civicforum.moderation import services
from civicforum.moderation.errors import Held
from civicforum.moderation.models import HideDecision
from civicforum.moderation.rules import Kind, Outcome, Reason

DIRECTOR, SUPERVISOR = "林晓燕", "郑国华"
WORDS = ("刷单返利", "代开发票", "高价回收药品")
HARSH = "物业收了钱不办事，还要居民自己扫楼道，太不像话。"
ADVERT = "家中闲置药品可上门收购，价格优厚，留言即可。"
LATEST = "有人在门口发刷单返利的传单，大家不要上当。"
REPORTED = "这种事也值得拿出来说？闲的。"


def tell_moderation(script: Script) -> None:
    """Put what moderation did, and what waits for it, into the script."""
    story = _Story(script)
    script.at(-60, 9.2, story.add_words)
    script.at(-41, 20.1, story.comment("@grid1", HARSH))
    script.at(-40, 9.1, story.hide(HARSH, Reason.PERSONAL_ATTACK))
    script.at(-39, 19.3, story.appeal(HARSH, "说的是楼道没人打扫的事实，没有骂人。"))
    script.at(-36, 15.4, story.rule(HARSH, Outcome.OVERTURNED, "批评服务质量不是人身攻击，应当显示。"))
    script.at(-25, 21.2, story.comment("@grid3", ADVERT))
    script.at(-25, 22.1, story.report(ADVERT, "@grid2", Reason.ADVERTISING))
    script.at(-24, 9.3, story.hide(ADVERT, Reason.ADVERTISING))
    script.at(-3, 20.4, story.comment("@grid2", REPORTED))
    script.at(-2, 8.2, story.report(REPORTED, "@grid1", Reason.PERSONAL_ATTACK))
    script.at(-2, 12.2, story.report(REPORTED, "@grid3", Reason.PERSONAL_ATTACK))
    script.at(0, 0.05, story.comment("@grid1", LATEST))


class _Story:
    """What was said under one matter that is still going on."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self._authors: dict[str, uuid.UUID] = {}

    def add_words(self, now: datetime) -> None:
        services.add_words(
            lines=WORDS, why="公安机关防诈骗提示中的词语", actor=self.script.actor(DIRECTOR), now=now
        )

    def comment(self, who: str, text: str) -> Callable[[datetime], None]:
        def write(now: datetime) -> None:
            author = self._authors[text] = self.script.somebody(who)
            try:
                matters.add_comment(
                    matter_id=self._matter(),
                    actor=self.script.actor_of(author),
                    text=text,
                    parent_id=None,
                    now=now,
                )
            except Held:
                # It waits for somebody to look, as the story wants it.
                return

        return write

    def report(self, text: str, who: str, reason: Reason) -> Callable[[datetime], None]:
        def tell(now: datetime) -> None:
            reporter = self.script.actor_of(self.script.somebody(who))
            if reporter.person_id == self._authors[text]:
                return
            try:
                services.report(
                    kind=Kind.COMMENT,
                    subject_id=self._comment(text),
                    reason=reason,
                    note="",
                    actor=reporter,
                    now=now,
                )
            except AlreadyDone:
                return

        return tell

    def hide(self, text: str, reason: Reason) -> Callable[[datetime], object]:
        return lambda now: services.hide(
            kind=Kind.COMMENT,
            subject_id=self._comment(text),
            reason=reason,
            actor=self.script.actor(DIRECTOR),
            now=now,
        )

    def appeal(self, text: str, why: str) -> Callable[[datetime], object]:
        return lambda now: services.appeal(
            decision_id=self._decision(text),
            text=why,
            actor=self.script.actor_of(self._authors[text]),
            now=now,
        )

    def rule(self, text: str, outcome: Outcome, why: str) -> Callable[[datetime], object]:
        return lambda now: services.rule_on_appeal(
            decision_id=self._decision(text),
            outcome=outcome,
            text=why,
            actor=self.script.actor(SUPERVISOR),
            now=now,
        )

    def _matter(self) -> uuid.UUID:
        """Return the matter that is on its way the longest."""
        going_on = select(Matter.id).where(
            Matter.community_id == self.script.community_id, Matter.stage.in_(LIVE)
        )
        return db.session.scalars(going_on.order_by(Matter.raised_at, Matter.id).limit(1)).one()

    def _comment(self, text: str) -> uuid.UUID:
        return db.session.scalars(select(Comment.id).where(Comment.text == text)).one()

    def _decision(self, text: str) -> uuid.UUID:
        return db.session.scalars(select(HideDecision.id).where(HideDecision.words == text)).one()
