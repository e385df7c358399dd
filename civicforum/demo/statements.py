"""The conversations of the demonstration: one that ended, with its opinion groups, and one that is open."""

from __future__ import annotations

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from civicforum.database import db, transaction
from civicforum.demo.story import Script
from civicforum.rulebook import SHANGHAI
from civicforum.statements import services
from civicforum.statements.models import Conversation, Statement
from civicforum.statements.rules import StatementState
from civicforum.statements.services import Plan
from civicforum.statements.services.taking_over import PastVote, take_over_votes

AGREE, DISAGREE, PASS = 1, -1, 0
SIGNS = {"+": AGREE, "-": DISAGREE, "o": PASS}
# One in so many answers is left out, and one in so many is unlike the camp's.
MISSING, UNLIKE = 7, 11
CONVENOR = "林晓燕"


@dataclass(frozen=True)
class Talk:
    """A conversation. `camps`: how many people answer alike, and how: a sign for each statement.

    The last of the statements are residents' own; `waiting` still waits to be looked at.
    """

    topic: str
    background: str
    opens: int
    closes: int
    statements: Sequence[str]
    own: int
    camps: Sequence[tuple[int, str]]
    waiting: str = ""


DANCING = Talk(
    topic="广场舞和邻居的安静，怎么两全？",
    background="入夏以来，居委会收到二十多条关于小广场晚间跳舞的意见。先听听大家怎么想，再开恳谈会。",
    opens=-75,
    closes=-61,
    statements=(
        "晚上九点以后，小广场不再放音乐",
        "给舞队划一块固定的场地，离住宅楼三十米以上",
        "跳舞一律戴耳机，音响不外放",
        "广场白天留给孩子和老人，晚上留给跳舞的人",
        "先约定，再执行：劝阻三次仍超标的，停用场地一周",
        "锻炼身体比邻居清静更重要",
        "请物业装一块分贝显示牌，声音多大大家都看得见",
        "社区活动室晚上开放给舞队",
        "冬天天黑得早，八点就该结束",
        "考试期间，一律不放音乐",
        "舞队自己选两位音量管理员",
        "广场边要加几张长椅",
    ),
    own=3,
    camps=((27, "-+-+-++++-++"), (24, "+-+-+-+-++++"), (13, "++-++o++-+++")),
)
PARKING = Talk(
    topic="槐荫二路的停车位，该怎么分？",
    background="二路两侧共有五十八个划线车位，登记在册的车有一百零三辆。",
    opens=-4,
    closes=10,
    statements=(
        "一户先保证一个车位，第二辆车另交费",
        "车位轮流用，每季度抽签一次",
        "先到先得，不用管",
        "晚上借用对面写字楼的车库",
        "残疾人和七十岁以上老人的车优先",
        "停车费用来补贴路面维修",
        "外来车辆白天限停两小时",
        "拆掉废弃的自行车棚，能多停十二辆",
    ),
    own=1,
    camps=((14, "+--++++o"), (11, "-+-+++-+")),
    waiting="把路边的树移走几棵，多划几个车位",
)


def tell_conversations(script: Script) -> None:
    """Put both conversations into the script."""
    for talk in (DANCING, PARKING):
        _Telling(script, talk).tell()


class _Telling:
    def __init__(self, script: Script, talk: Talk) -> None:
        self.script, self.talk = script, talk
        self.convenor = script.actor(CONVENOR)
        self.chance = random.Random(talk.topic)  # noqa: S311 - an invented story
        pool = [person for adults in script.people.adults_of_grid.values() for person in adults]
        self.people = self.chance.sample(pool, sum(size for size, _signs in talk.camps))

    def tell(self) -> None:
        script, talk = self.script, self.talk
        script.at(talk.opens, 9.0, self._plan)
        script.at(talk.opens + 1, 19.5, self._add)
        script.at(talk.opens + 2, 9.5, self._moderate)
        script.at(talk.opens + 3, 20.0, self._answer)
        script.at(talk.closes, 20.2, self._close)

    def _plan(self, now: datetime) -> None:
        talk, today = self.talk, self.script.today
        day = datetime(today.year, today.month, today.day, tzinfo=SHANGHAI)
        self.id = services.plan_conversation(
            plan=Plan(
                topic=talk.topic,
                background=talk.background,
                opens_at=now,
                closes_at=day + timedelta(days=talk.closes, hours=21),
                seeds=talk.statements[: -talk.own],
            ),
            actor=self.convenor,
            now=now,
        )

    def _add(self, now: datetime) -> None:
        texts = [*self.talk.statements[-self.talk.own :], *filter(None, [self.talk.waiting])]
        for text, person in zip(texts, self.people, strict=False):
            services.add_statement(
                conversation_id=self.id, text=text, actor=self.script.actor_of(person), now=now
            )

    def _moderate(self, now: datetime) -> None:
        for statement in self._statements():
            if statement.state is StatementState.WAITING and statement.text != self.talk.waiting:
                services.show_statement(statement_id=statement.id, actor=self.convenor, now=now)

    def _answer(self, now: datetime) -> None:
        numbers = {statement.text: statement.number for statement in self._statements()}
        order = [numbers[text] for text in self.talk.statements]
        people = iter(self.people)
        votes = [
            vote
            for size, signs in self.talk.camps
            for person in (next(people) for _ in range(size))
            for vote in self._votes_of(person, order, signs, now)
        ]
        with transaction() as session:
            conversation = session.get_one(Conversation, self.id)
            ids = {statement.number: statement.id for statement in self._statements()}
            take_over_votes(session, conversation, votes, ids=ids)
        services.compute_grouping(conversation_id=self.id, now=now)

    def _votes_of(self, person: uuid.UUID, order: Sequence[int], signs: str, now: datetime) -> list[PastVote]:
        chance = self.chance
        return [
            PastVote(number, person, -SIGNS[sign] if chance.randrange(UNLIKE) == 0 else SIGNS[sign], now)
            for number, sign in zip(order, signs, strict=True)
            if chance.randrange(MISSING)
        ]

    def _close(self, now: datetime) -> None:
        services.close_conversation(
            conversation_id=self.id, reason="征集期满，转入恳谈会讨论", actor=self.convenor, now=now
        )
        services.compute_grouping(conversation_id=self.id, now=now)

    def _statements(self) -> Sequence[Statement]:
        return db.session.scalars(
            select(Statement).where(Statement.conversation_id == self.id).order_by(Statement.number)
        ).all()
