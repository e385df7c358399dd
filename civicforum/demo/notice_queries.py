"""What residents of the demonstration ask about notices, demand and complain of.

Days count back from the day of loading. One query was answered late, one waits too long, one has time; a
demand was reached by representatives, another collects; one complaint was set right, one is new.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime

from civicforum.database import db
from civicforum.demo.story import Script
from civicforum.matters.queries.demands import representatives
from civicforum.notices.rules import ComplaintGround, ComplaintOutcome, NoticeCategory, Rhythm
from civicforum.notices.services import complaining, demanding, publish_notice, querying
from civicforum.notices.services.querying_clocks import sweep_queries

DIRECTOR, CLERK, SUPERVISOR = "林晓燕", "赵敏", "郑国华"
ACCOUNTS = """一、收入：公益金拨付36000元，场地使用收入4200元，合计40200元。
二、支出：更换楼道照明灯具12600元，居民活动用品5180元，图书室书架3900元，合计21680元。
三、结余：18520元，转入下期使用。"""


def tell_notice_queries(script: Script) -> None:
    """Put the notice, the queries about it, two demands and two complaints into the script."""
    board = Board(script)
    script.at(-30, 9.2, board.post)
    script.at(-29, 19.3, board.ask("lamps", "王秀兰", "照明灯具12600元一共换了多少盏？哪几栋楼？"))
    script.at(
        -27, 10.1, board.answer("lamps", "共换84盏，涉及1号院3号楼至6号楼，每盏150元，验收单在居委会备查。")
    )
    script.at(-26, 20.4, board.ask_again("lamps", "6号楼二单元三楼还是不亮，是换过的吗？"))
    script.at(-24, 9.6, board.answer("lamps", "经查该层线路老化，已报修，本周内处理。"))
    script.at(-22, 18.7, board.ask("rent", "刘德海", "场地使用收入4200元是哪些场地，收费标准是什么？"))
    script.at(
        -14, 15.2, board.answer("rent", "为活动中心会议室对外出借21次，每次200元，标准经居民代表会议通过。")
    )
    script.at(-9, 19.9, board.ask("books", "李国栋", "图书室书架3900元是几个？为什么没有看到采购比价？"))
    script.at(-2, 20.2, board.ask("rest", "@grid5", "结余转入下期，准备用在什么地方？"))
    script.at(-45, 9.4, board.demand("lifts", "陈志强", "电梯广告收入和使用情况", Rhythm.QUARTERLY))
    script.at(-43, 19.2, board.sign_by_representatives("lifts"))
    script.at(-8, 20.6, board.demand("parking", "王秀兰", "小区地面停车费的收支", Rhythm.AD_HOC))
    for number in range(6):
        script.at(-7, 9 + number, board.sign("parking", f"@grid{number % 5 + 1}"))
    script.at(-20, 20.1, board.complain("rent", "刘德海", "公告没有写明出借场地的标准，居民无法核对。"))
    script.at(-19, 10.3, board.hand_over("rent"))
    script.at(-12, 16.4, board.settle("rent"))
    script.at(-11, 9.8, board.set_right("rent"))
    script.at(-1, 18.2, board.complain_of_silence("books", "李国栋"))
    for day in range(-22, 1):
        script.at(day, 0.2, lambda now: sweep_queries(now=now))


Act = Callable[[datetime], object]


class Board:
    """What was posted, asked, demanded and complained of so far, by the names of the story."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self._notice: uuid.UUID = uuid.UUID(int=0)
        self._queries: dict[str, uuid.UUID] = {}
        self._demands: dict[str, uuid.UUID] = {}
        self._complaints: dict[str, uuid.UUID] = {}
        self._askers: dict[str, uuid.UUID] = {}

    def post(self, now: datetime) -> None:
        self._notice = publish_notice(
            actor=self.script.actor(DIRECTOR),
            category=NoticeCategory.MONEY_AND_DONATIONS,
            title="社区公益金收支情况",
            text=ACCOUNTS,
            now=now,
        )

    def ask(self, key: str, who: str, text: str) -> Act:
        def act(now: datetime) -> None:
            self._askers[key] = self.script.somebody(who)
            actor = self.script.actor_of(self._askers[key])
            self._queries[key] = querying.ask_about(notice_id=self._notice, text=text, actor=actor, now=now)

        return act

    def ask_again(self, key: str, text: str) -> Act:
        return lambda now: querying.ask_again(
            query_id=self._queries[key],
            text=text,
            actor=self.script.actor_of(self._askers[key]),
            now=now,
        )

    def answer(self, key: str, text: str) -> Act:
        return lambda now: querying.answer_query(
            query_id=self._queries[key], text=text, actor=self.script.actor(DIRECTOR), now=now
        )

    def demand(self, key: str, who: str, title: str, rhythm: Rhythm) -> Act:
        def act(now: datetime) -> None:
            self._demands[key] = demanding.demand_item(
                title=title,
                reason="这笔钱是全体业主和居民的，收了多少、用在哪里，应当定期让大家看到。",
                category=NoticeCategory.MONEY_AND_DONATIONS,
                rhythm=rhythm,
                actor=self.script.actor(who),
                now=now,
            )

        return act

    def sign(self, key: str, who: str) -> Act:
        def act(now: datetime) -> None:
            actor = self.script.actor_of(self.script.somebody(who))
            demanding.sign_item_demand(demand_id=self._demands[key], actor=actor, now=now)

        return act

    def sign_by_representatives(self, key: str) -> Act:
        """Let representatives sign one after the other until a fifth of them has."""

        def act(now: datetime) -> None:
            made_by = self.script.people.people["陈志强"]
            holders = representatives(
                db.session(), community_id=self.script.community_id, day=self.script.today
            )
            for person_id in sorted(holders - {made_by}, key=str):
                figures = demanding.sign_item_demand(
                    demand_id=self._demands[key], actor=self.script.actor_of(person_id), now=now
                )
                if figures.is_enough:
                    break

        return act

    def complain(self, key: str, who: str, text: str) -> Act:
        def act(now: datetime) -> None:
            self._complaints[key] = complaining.file_complaint(
                ground=ComplaintGround.FALSE,
                text=text,
                notice_id=self._notice,
                actor=self.script.actor(who),
                now=now,
            )

        return act

    def complain_of_silence(self, key: str, who: str) -> Act:
        return lambda now: complaining.file_complaint(
            ground=ComplaintGround.UNANSWERED,
            text="询问已过五日，至今没有答复。",
            query_id=self._queries[key],
            actor=self.script.actor(who),
            now=now,
        )

    def hand_over(self, key: str) -> Act:
        return lambda now: complaining.hand_over(
            complaint_id=self._complaints[key], actor=self.script.actor(CLERK), now=now
        )

    def settle(self, key: str) -> Act:
        return lambda now: complaining.enter_outcome(
            complaint_id=self._complaints[key],
            outcome=ComplaintOutcome.ORDERED,
            answer="经查，公告未列明场地出借的标准和次数，内容不完整，责令五日内补充公布。",
            actor=self.script.actor(SUPERVISOR),
            now=now,
        )

    def set_right(self, key: str) -> Act:
        return lambda now: complaining.enter_remedy(
            complaint_id=self._complaints[key],
            text="已补充公布场地出借的标准、次数和每次收入，并在公开栏张贴。",
            actor=self.script.actor(DIRECTOR),
            now=now,
        )
