"""A council session told to its end, with minutes and work that follows, and two drafts out for comment."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select

from civicforum.accounts.rules import Actor
from civicforum.bodies.queries import list_kinds_of_members
from civicforum.database import db
from civicforum.demo.population import COUNCIL, STATION
from civicforum.demo.story import Script
from civicforum.drafts import services as drafts
from civicforum.drafts.models import DraftComment
from civicforum.drafts.rules import CommentChannel, Handling
from civicforum.meetings import services as meetings
from civicforum.meetings.floor import MotionKind, Stance
from civicforum.meetings.models import AgendaItem, Attendance, Meeting
from civicforum.meetings.rules import MeetingForm, Outcome, ParticipantClass, Signer
from civicforum.people.models import Household
from civicforum.records.rules import hash_of_text
from civicforum.rulebook import SHANGHAI
from civicforum.rulebook.days import day_of

CHAIR, CLERK = "林晓燕", "赵敏"
DAY = -8
WALKING = "院内遛狗时间为每日6时至8时、19时至21时，一律拴绳，粪便随手清理。"
AMENDED = "院内遛狗时间为每日6时至8时、19时至21时，一律拴绳，粪便随手清理；儿童游戏区全天禁入。"
# Which speaker (by seat), for which side, after how many minutes, for how many seconds, and what was said.
SPEECHES = (
    (0, Stance.FOR, 12, 105, "早晚两段时间够用，白天孩子多，不宜遛狗。"),
    (1, Stance.AGAINST, 15, 88, "上夜班的人赶不上这两个时段，希望白天也留一段。"),
    (2, Stance.FOR, 18, 73, "关键是拴绳和清理，物业可以在东、西门各放一个拾便箱。"),
    (3, Stance.NEUTRAL, 21, 64, "请把儿童游戏区单独写清楚，家长最担心这里。"),
)
COVENANT = (
    "第一条 邻里之间互相尊重，有事好商量。\n"
    "第二条 夜间二十二时至次日六时保持安静。\n"
    "第三条 楼道内不堆放物品，不停放电动自行车。\n"
    "第四条 生活垃圾分类投放，大件垃圾预约清运。\n"
    "第五条 院内遛狗拴绳，随手清理。"
)
FINAL = (
    COVENANT.replace("二十二时至次日六时保持安静", "二十二时至次日六时保持安静，午间十二时至十四时不进行装修")
    .replace("楼道内不堆放物品", "楼道和消防通道内不堆放物品")
    .replace("随手清理。", "随手清理，儿童游戏区不遛狗。")
)
# Grid of the author, the passage, the comment, and the number of the answer.
COMMENTS = (
    (1, 2, "中午也有老人孩子休息，建议写上午间不装修。", 0),
    (2, 2, "午休时间电钻声太大，请一并规定。", 0),
    (3, 3, "消防通道也要写进去，去年就堵过一次。", 1),
    (4, 5, "儿童游戏区能不能不让遛狗？", 2),
    (2, 4, "建议每栋楼下都设大件垃圾堆放点。", 3),
    (5, None, "写得很好，支持。", 4),
)
ANSWERS = (
    (Handling.TAKEN, "午间十二时至十四时不进行装修，已写入第二条。"),
    (Handling.TAKEN, "消防通道已写入第三条。"),
    (Handling.TAKEN, "已写入第五条，与议事会商定的意见一致。"),
    (Handling.NOT_TAKEN, "楼下没有合适的位置，且影响消防；继续实行预约清运，清运次数由每周一次增加到两次。"),
    (Handling.PARTLY, "感谢支持。公约经居民会议通过后印发到户。"),
)
PARKING = "一、三号院东侧划停车位十八个。\n二、消防通道两侧各留一米，禁止停车。\n三、车位先到先停，不固定。"


def tell_after(script: Script) -> None:
    """Put the session and the drafts into the script."""
    session, covenant, parking = _Session(script), _Covenant(script), _Parking(script)
    script.at(DAY - 6, 16.4, session.call)
    script.at(DAY, 18.9, session.open)
    script.at(DAY, 19.2, session.debate)
    script.at(DAY, 20.0, session.conclude)
    script.at(DAY, 20.3, session.close)
    script.at(DAY + 1, 10.0, session.correct)
    script.at(DAY + 2, 9.0, session.sign(CHAIR, Signer.CHAIR))
    script.at(DAY + 2, 15.0, session.sign(CLERK, Signer.CLERK))
    script.at(-34, 10.0, covenant.put_out)
    script.at(-31, 17.0, covenant.deliver)
    script.at(-28, 9.0, covenant.attach_opinion)
    for number in range(len(COMMENTS)):
        script.at(-30 + number, 19.5, covenant.comment(number))
    script.at(-24, 11.0, covenant.enter_paper)
    script.at(-20, 15.0, covenant.answer)
    script.at(-18, 10.0, covenant.close)
    script.at(-2, 10.5, parking.put_out)
    script.at(-1, 20.2, parking.comment)


class _Session:
    """The council's evening on walking dogs and on the covenant."""

    def __init__(self, script: Script) -> None:
        self.script, self.chair, self.clerk = script, script.actor(CHAIR), script.actor(CLERK)

    def call(self, now: datetime) -> None:
        today = self.script.today
        midnight = datetime(today.year, today.month, today.day, tzinfo=SHANGHAI)
        self.id = meetings.plan_meeting(
            form=MeetingForm.COUNCIL,
            plan=meetings.Plan(
                title="文明养犬和居民公约议事会",
                place="社区议事厅",
                starts_at=midnight + timedelta(days=DAY, hours=19),
                items=[
                    meetings.PlannedItem(title="院内遛狗时段", text=WALKING, minutes=40),
                    meetings.PlannedItem(title="居民公约修订稿提交表决", minutes=20),
                ],
                chair_id=self.chair.person_id,
                body_id=self.script.people.bodies[COUNCIL],
                clerk_id=self.clerk.person_id,
            ),
            actor=self.chair,
            now=now,
        )

    def open(self, now: datetime) -> None:
        meetings.open_meeting(meeting_id=self.id, actor=self.chair, now=now)
        members = list_kinds_of_members(
            db.session(),
            community_id=self.script.community_id,
            body_id=self.script.people.bodies[COUNCIL],
            day=day_of(now),
        )
        self._tick([person.id for person, _ in members[:11]], None, now)
        self._tick([self.chair.person_id], ParticipantClass.COMMITTEE, now)
        self._tick([self.script.people.people["孙蕾"]], ParticipantClass.STATION, now)
        meetings.add_guest(
            meeting_id=self.id,
            name="安居物业 钱经理",
            as_class=ParticipantClass.PROPERTY_FIRM,
            actor=self.clerk,
            now=now,
        )
        self._tick(self.script.neighbours(3, 3, but=self.chair.person_id), None, now)

    def _tick(self, people: list[uuid.UUID], kind: ParticipantClass | None, now: datetime) -> None:
        meetings.tick_present(meeting_id=self.id, person_ids=people, actor=self.clerk, as_class=kind, now=now)

    def debate(self, now: datetime) -> None:
        """Speak for and against, take an amendment in by agreement, and hear somebody who sits in."""
        items = self._items()
        meetings.call_item(item_id=items[0], actor=self.chair, now=now)
        rows = list(
            db.session.scalars(
                select(Attendance)
                .where(Attendance.meeting_id == self.id, Attendance.person_id != self.chair.person_id)
                .order_by(Attendance.seat, Attendance.id)
            )
        )
        for seat, stance, minute, seconds, gist in SPEECHES:
            self._speak(rows[seat], stance, now + timedelta(minutes=minute - 10), seconds, gist)
        later = now + timedelta(minutes=20)
        motion_id = meetings.move_motion(
            meeting_id=self.id,
            motion=meetings.NewMotion(MotionKind.AMENDMENT, AMENDED, "游戏区单独写明"),
            attendance_id=rows[3].id,
            actor=self.clerk,
            now=later,
        )
        meetings.second_motion(motion_id=motion_id, attendance_id=rows[0].id, actor=self.clerk, now=later)
        meetings.agree_on_motion(
            motion_id=motion_id, is_adopted=True, actor=self.chair, now=later + timedelta(minutes=4)
        )

    def _speak(self, row: Attendance, stance: Stance, now: datetime, seconds: int, gist: str) -> None:
        """Let somebody ask on the own phone, the neutral one through the clerk; then the floor is given."""
        by_clerk = stance is Stance.NEUTRAL
        speech_id = meetings.ask_to_speak(
            meeting_id=self.id,
            stance=stance,
            attendance_id=row.id if by_clerk else None,
            actor=self.script.actor_of(row.person_id) if row.person_id and not by_clerk else self.clerk,
            now=now,
        )
        meetings.give_floor(speech_id=speech_id, actor=self.chair, now=now)
        over = now + timedelta(seconds=seconds)
        meetings.end_speech(speech_id=speech_id, gist=gist, actor=self.chair, now=over)

    def conclude(self, now: datetime) -> None:
        walking, covenant = self._items()
        meetings.conclude_item(
            item_id=walking,
            outcome=Outcome.AGREED_WITH_DISSENT,
            text=AMENDED,
            dissent="上夜班的居民希望白天另留一段时间，三个月后再议。",
            actor=self.chair,
            now=now,
        )
        meetings.add_task(
            item_id=walking,
            text="在东门、西门各设一个拾便箱，并张贴遛狗时段提示牌。",
            owner_id=self.script.people.bodies[STATION],
            due_on=day_of(now) + timedelta(days=20),
            actor=self.chair,
            now=now,
        )
        later = now + timedelta(minutes=12)
        meetings.call_item(item_id=covenant, actor=self.chair, now=later)
        meetings.conclude_item(
            item_id=covenant,
            outcome=Outcome.TO_ASSEMBLY,
            text="居民公约修订稿（征求意见后的定稿）提请居民代表会议表决。",
            dissent="",
            actor=self.chair,
            now=later,
        )

    def close(self, now: datetime) -> None:
        meetings.close_meeting(meeting_id=self.id, actor=self.chair, now=now)

    def correct(self, now: datetime) -> None:
        text = db.session.get_one(Meeting, self.id).minutes
        filled = text.replace(
            "背景情况：\n　　（待填）",
            "背景情况：\n　　今年以来收到涉犬意见十七件，集中在拴绳、清理和儿童游戏区。",
        )
        meetings.write_minutes(meeting_id=self.id, text=filled, actor=self.clerk, now=now)

    def sign(self, name: str, signer: Signer) -> Callable[[datetime], None]:
        def act(now: datetime) -> None:
            sign_minutes(self.id, self.script.actor(name), signer, now)

        return act

    def _items(self) -> list[uuid.UUID]:
        return list(
            db.session.scalars(
                select(AgendaItem.id).where(AgendaItem.meeting_id == self.id).order_by(AgendaItem.position)
            )
        )


def sign_minutes(meeting_id: uuid.UUID, actor: Actor, signer: Signer, now: datetime) -> None:
    """Sign the minutes as they stand."""
    text_hash = hash_of_text(db.session.get_one(Meeting, meeting_id).minutes)
    meetings.sign_minutes(meeting_id=meeting_id, signer=signer, text_hash=text_hash, actor=actor, now=now)


class _Covenant:
    """The covenant's round: delivered door by door, commented on, answered, closed."""

    def __init__(self, script: Script) -> None:
        self.script, self.chair, self.clerk = script, script.actor(CHAIR), script.actor(CLERK)

    def put_out(self, now: datetime) -> None:
        self.id = drafts.put_out_draft(
            title="槐荫里社区居民公约（修订草案）",
            text=COVENANT,
            reason="公约已用了五年。五条都可以改，也可以建议增加。",
            until=day_of(now) + timedelta(days=12),
            actor=self.chair,
            now=now,
        )

    def deliver(self, now: datetime) -> None:
        """Every grid but the last is done; there every fifth door did not open."""
        for number, grid_id in enumerate(self.script.people.grids, start=1):
            doors = list(
                db.session.scalars(
                    select(Household.id).where(Household.grid_id == grid_id).order_by(Household.number)
                )
            )
            if number == len(self.script.people.grids):
                doors = [door for place, door in enumerate(doors) if place % 5]
            for start in range(0, len(doors), 400):
                drafts.record_deliveries(
                    draft_id=self.id,
                    household_ids=doors[start : start + 400],
                    delivered_on=day_of(now),
                    actor=self.clerk,
                    now=now,
                )

    def attach_opinion(self, now: datetime) -> None:
        drafts.add_opinion(
            draft_id=self.id,
            author="方律师",
            unit="柳荫街道公共法律服务站",
            text="公约不能设定罚款；以劝导、公示为宜。第三条宜与消防法关于疏散通道的规定一致。",
            actor=self.chair,
            now=now,
        )

    def comment(self, number: int) -> Callable[[datetime], None]:
        grid, passage, text, _answer = COMMENTS[number]

        def act(now: datetime) -> None:
            author = self.script.actor_of(self.script.somebody(f"@grid{grid}"))
            drafts.comment_on_draft(
                draft_id=self.id,
                text=text,
                passage=passage,
                shows_name=number % 2 == 0,
                actor=author,
                now=now,
            )

        return act

    def enter_paper(self, now: datetime) -> None:
        drafts.enter_comment(
            draft_id=self.id,
            text="字印大一点，老人看得清。",
            channel=CommentChannel.PAPER,
            author_name="二号院一位老人",
            actor=self.clerk,
            now=now,
        )

    def answer(self, now: datetime) -> None:
        ids = list(
            db.session.scalars(
                select(DraftComment.id).where(DraftComment.draft_id == self.id).order_by(DraftComment.number)
            )
        )
        # The one on paper came last, and gets the answer of who said it was well written.
        numbers = [answer for _, _, _, answer in COMMENTS] + [len(ANSWERS) - 1]
        for answer, (handling, text) in enumerate(ANSWERS):
            chosen = [key for key, number in zip(ids, numbers, strict=True) if number == answer]
            drafts.answer_comments(
                draft_id=self.id, comment_ids=chosen, handling=handling, text=text, actor=self.chair, now=now
            )

    def close(self, now: datetime) -> None:
        drafts.close_draft(draft_id=self.id, final_text=FINAL, actor=self.chair, now=now)


class _Parking:
    """A round that is out now."""

    def __init__(self, script: Script) -> None:
        self.script = script

    def put_out(self, now: datetime) -> None:
        self.id = drafts.put_out_draft(
            title="三号院停车位划线方案（征求意见稿）",
            text=PARKING,
            reason="车位数量和位置都可以商量，消防通道的宽度不能改。",
            until=day_of(now) + timedelta(days=10),
            actor=self.script.actor(CHAIR),
            now=now,
        )

    def comment(self, now: datetime) -> None:
        author = self.script.actor_of(self.script.somebody("@grid3"))
        drafts.comment_on_draft(
            draft_id=self.id, text="十八个太少，北侧还能划四个。", passage=1, actor=author, now=now
        )
