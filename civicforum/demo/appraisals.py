"""The appraisals of the demonstration: a half-year that is certified, one that begins, and the station's.

Days count back from the day of loading. In the one that is certified a criticism led to an action, which is
under way; in the one that begins the director was late, and the station's head has not reported yet.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from flask import current_app
from sqlalchemy import select

from civicforum.accounts.rules import Actor
from civicforum.appraisals.models import AppraisalSubject, Criticism, RaterGroup
from civicforum.appraisals.plans import Plan
from civicforum.appraisals.queries.offers import begin_plan
from civicforum.appraisals.rules import CriticismSource, CycleKind
from civicforum.appraisals.services import (
    actions,
    certifying,
    clocks,
    counting,
    criticisms,
    hearing,
    planning,
    posting,
    publishing,
    rating,
    reporting,
)
from civicforum.appraisals.services.actions import Wanted
from civicforum.bodies.rules import PostKind
from civicforum.config import Settings
from civicforum.database import db
from civicforum.demo.after import CLERK, sign_minutes
from civicforum.demo.population import ASSEMBLY, STATION
from civicforum.demo.story import Script
from civicforum.meetings import services as meetings
from civicforum.meetings.rules import MeetingForm, Signer
from civicforum.people.queries import rules_in
from civicforum.polls.electorates import Basis, Draw, draw_as_json
from civicforum.polls.models import RollEntry
from civicforum.polls.services import casting, rolls
from civicforum.polls.services import clocks as poll_clocks
from civicforum.rulebook import SHANGHAI
from civicforum.rulebook.days import day_of
from civicforum.sealed import Answer

CHAIR, SECOND, DIRECTOR = "郑国华", "唐文彬", "林晓燕"
# Who reports, in the order of the form: party secretary, head of the station, committee director.
REPORTERS = ("周立民", "孙蕾", DIRECTOR)
REPORTS = (
    "半年召开党委会十四次，先议后决事项二十三件。联系的八户困难家庭已全部走访，两户就业问题还没有解决。",
    "受理事项一千二百余件，按时办结率百分之九十七。中午没有人值班，居民意见较多，下半年要改。",
    "路灯、食堂两件实事已完成。宠物公约还在征求意见，停车方案比计划晚了一个月。",
)
QUESTION, ANSWER = "停车方案为什么晚了？", "与写字楼业主的协议多谈了两轮，现已谈妥，本月底前公布。"
CRITICISM, OTHER = "服务站中午没有人值班，上班族办不了事。", "希望会议通知早两天贴出来。"
MEASURE = "中午12:00至14:00安排一人轮值，排班表按月张贴在门口。"
# Of ten forms, how many give each grade, to each of the three.
CHANCES = ((5, 4, 1, 0), (2, 5, 3, 0), (4, 4, 2, 0))
PRESENT, RATERS = 34, 14
# How many of the committee, and of the representatives, have graded the station so far.
STATION_RATERS = (5, 6)


def tell_appraisals(script: Script) -> None:
    """Put the three appraisals, and the night's clocks while they run, into the script."""
    first, second = HalfYear(script, planned=-190), HalfYear(script, planned=-9)
    first.tell()
    second.tell_beginning()
    StationYear(script).tell()
    for day in (*range(-180, -160), *range(-8, 1)):
        script.at(day, 0.3, lambda now: clocks.sweep_clocks(now=now))


class Story:
    """What the appraisals share: who leads, and how ballots are cast."""

    kind = CycleKind.DUTY_REPORTS

    def __init__(self, script: Script) -> None:
        self.script, self.id = script, uuid.uuid4()
        self.chair, self.clerk = script.actor(CHAIR), script.actor(CLERK)
        # Its own, so that the other stories stay as they are.
        self.chance = random.Random(f"{self.kind}")  # noqa: S311 - an invented story

    @property
    def settings(self) -> Settings:
        settings: Settings = current_app.config["CIVICFORUM"]
        return settings

    def begin(self, now: datetime, *, held_on: int) -> Plan:
        """Return the usual plan of the kind for a day counted from today."""
        session, community_id = db.session(), self.script.community_id
        return begin_plan(
            session,
            rules_in(session, community_id),
            community_id=community_id,
            kind=self.kind,
            today=day_of(now),
            held_on=self.script.today + timedelta(days=held_on),
        )

    def post(self, plan: Plan, now: datetime) -> None:
        planning.plan_cycle(cycle_id=self.id, plan=plan, actor=self.chair, now=now)
        posting.post_plan(cycle_id=self.id, actor=self.chair, now=now)

    def at(self, day: int, hour: float) -> datetime:
        """Return an hour of a day counted from today."""
        today = self.script.today
        return datetime(today.year, today.month, today.day, tzinfo=SHANGHAI) + timedelta(days=day, hours=hour)

    def subjects(self) -> Sequence[uuid.UUID]:
        """Return who is graded, in the order of the form."""
        which = select(AppraisalSubject.id).where(AppraisalSubject.cycle_id == self.id)
        return db.session.scalars(which.order_by(AppraisalSubject.position)).all()

    def polls(self) -> Sequence[uuid.UUID]:
        """Return the polls of the groups, in the order of the plan."""
        which = select(RaterGroup.poll_id).where(RaterGroup.cycle_id == self.id)
        return [one for one in db.session.scalars(which.order_by(RaterGroup.position)) if one is not None]

    def cast(self, poll_id: uuid.UUID, answers: Sequence[Sequence[Answer]], now: datetime) -> None:
        """Let as many of the roll, drawn by lot, cast these forms."""
        entries = db.session.scalars(
            select(RollEntry).where(RollEntry.poll_id == poll_id).order_by(RollEntry.position)
        ).all()
        for entry, form in zip(self.chance.sample(entries, len(answers)), answers, strict=True):
            casting.seal_and_cast(
                poll_id=poll_id,
                entry_id=entry.id,
                answers=form,
                sequence=0,
                nonce=self.chance.randbytes(16),
                actor=Actor(entry.person_id, self.script.community_id),
                settings=self.settings,
                now=now,
            )


class HalfYear(Story):
    """The reports of secretary, station head and director, and what the representatives think of them."""

    def __init__(self, script: Script, *, planned: int) -> None:
        super().__init__(script)
        self.planned = planned

    def tell(self) -> None:
        """Tell all of it: plan, reports, assembly, count, result, and an action under way."""
        script, held = self.script, self.planned + 20
        script.at(self.planned - 1, 9.5, lambda now: self._call(held, now))
        script.at(self.planned, 10.0, lambda now: self._plan(now, held))
        for number in range(len(REPORTERS)):
            script.at(self.planned + 9 + number, 17.0, partial(self._report, number))
        script.at(self.planned + 12, 15.0, self._accept)
        script.at(held, 14.4, self._open)
        script.at(held, 15.2, self._rate)
        script.at(held, 15.8, self._count)
        script.at(held, 16.2, self._close)
        script.at(held + 2, 10.0, self._certify)
        script.at(held + 4, 10.0, self._criticise)
        script.at(-6, 10.0, self._plan_action)

    def tell_beginning(self) -> None:
        """Tell how it begins: the director reports a day late, and the head of the station not yet."""
        script, held = self.script, self.planned + 24
        due = script.today + timedelta(days=-3)
        script.at(self.planned, 9.5, lambda now: self._call(held, now))
        script.at(self.planned, 10.0, lambda now: self._plan(now, held, reports_due_on=due))
        script.at(-5, 17.0, partial(self._report, 0))
        script.at(-2, 9.0, partial(self._report, 2))

    def _call(self, held: int, now: datetime) -> None:
        item = meetings.PlannedItem(
            title="听取述职并评议",
            text="党委书记、服务站站长、居委会主任述职，居民代表评议。",
            studied_on=day_of(now),
            study_text="同意提请居民代表会议评议。",
        )
        self.meeting_id = meetings.plan_meeting(
            form=MeetingForm.REPRESENTATIVE_ASSEMBLY,
            plan=meetings.Plan(
                title="述职评议会",
                place="社区活动中心",
                starts_at=self.at(held, 14.5),
                items=[item],
                chair_id=self.script.actor(DIRECTOR).person_id,
            ),
            actor=self.script.actor(DIRECTOR),
            now=now,
        )

    def _plan(self, now: datetime, held: int, **changes: Any) -> None:
        self.post(replace(self.begin(now, held_on=held), **changes), now)

    def _report(self, number: int, now: datetime) -> None:
        reporting.submit_report(
            subject_id=self.subjects()[number],
            text=REPORTS[number],
            file=None,
            actor=self.script.actor(REPORTERS[number]),
            now=now,
        )

    def _accept(self, now: datetime) -> None:
        for subject_id in self.subjects():
            reporting.check_report(subject_id=subject_id, accepts=True, note="", actor=self.chair, now=now)

    def _open(self, now: datetime) -> None:
        members = self.script.people.members
        here = self.chance.sample(members, PRESENT)
        chair = self.script.actor(DIRECTOR)
        meetings.open_meeting(meeting_id=self.meeting_id, actor=chair, now=now)
        meetings.tick_present(meeting_id=self.meeting_id, person_ids=here, actor=self.clerk, now=now)
        for subject_id, text in zip(self.subjects(), REPORTS, strict=True):
            hearing.note_report(subject_id=subject_id, text=text, actor=self.clerk, now=now)
        hearing.note_question(
            subject_id=self.subjects()[-1],
            question_id=uuid.uuid4(),
            question=QUESTION,
            answer=ANSWER,
            actor=self.clerk,
            now=now,
        )
        rating.open_rating(
            cycle_id=self.id, by_paper=False, actor=self.chair, settings=self.settings, now=now
        )

    def _rate(self, now: datetime) -> None:
        (poll_id,) = self.polls()
        self.cast(poll_id, [[self._form()] for _ in range(RATERS)], now)

    def _form(self) -> Answer:
        return Answer(levels={at: self.chance.choices(range(4), row)[0] for at, row in enumerate(CHANCES)})

    def _count(self, now: datetime) -> None:
        rating.end_rating(cycle_id=self.id, actor=self.chair, settings=self.settings, now=now)
        counting.count_cycle(cycle_id=self.id, actor=self.chair, now=now)

    def _close(self, now: datetime) -> None:
        chair = self.script.actor(DIRECTOR)
        meetings.write_minutes(
            meeting_id=self.meeting_id, text="三人述职，代表提问，当场评议并公布票数。", actor=chair, now=now
        )
        meetings.close_meeting(meeting_id=self.meeting_id, actor=chair, now=now)
        sign_minutes(self.meeting_id, chair, Signer.CHAIR, now)
        sign_minutes(self.meeting_id, self.clerk, Signer.CLERK, now)

    def _certify(self, now: datetime) -> None:
        second = self.script.actor(SECOND)
        certifying.certify(cycle_id=self.id, actor=second, now=now)
        publishing.publish_result(cycle_id=self.id, actor=second, now=now)

    def _criticise(self, now: datetime) -> None:
        criticisms.enter(
            cycle_id=self.id,
            subject_id=self.subjects()[1],
            source=CriticismSource.SPOKEN,
            texts=[CRITICISM, OTHER],
            actor=self.clerk,
            now=now,
        )
        waits = select(Criticism.id).where(Criticism.cycle_id == self.id, Criticism.text == CRITICISM)
        wanted = Wanted(
            title="服务站中午没有人值班", problem=CRITICISM, owner_id=self.script.people.bodies[STATION]
        )
        self.action_id = criticisms.open_action(
            criticism_id=db.session.scalars(waits).one(), wanted=wanted, actor=self.chair, now=now
        )

    def _plan_action(self, now: datetime) -> None:
        due_on = self.script.today + timedelta(days=12)
        actions.plan(
            action_id=self.action_id,
            measure=MEASURE,
            due_on=due_on,
            actor=self.script.actor(REPORTERS[1]),
            now=now,
        )


class StationYear(Story):
    """The station and its staff, graded by the committee and by the representatives: under way."""

    kind = CycleKind.STATION

    def tell(self) -> None:
        script = self.script
        script.at(-26, 10.0, self._plan)
        script.at(-20, 10.0, lambda now: rating.prepare_rating(cycle_id=self.id, actor=self.chair, now=now))
        script.at(-15, 10.0, self._freeze)
        script.at(-12, 8.5, self._begin)
        script.at(-8, 19.0, self._rate)

    def _plan(self, now: datetime) -> None:
        """Let the representatives stand for the residents: a roll of all is as long as an election's."""
        assembly = self.script.people.bodies[ASSEMBLY]
        draw = Draw(Basis.POSTS, posts=((assembly, PostKind.REPRESENTATIVE),))
        closes_at = self.at(5, 18.0)
        plan = self.begin(now, held_on=-12)
        committee, residents = (replace(one, closes_at=closes_at) for one in plan.groups)
        residents = replace(residents, name="居民代表", draw=draw_as_json(draw))
        self.post(replace(plan, groups=(committee, residents)), now)

    def _freeze(self, now: datetime) -> None:
        for poll_id in self.polls():
            rolls.freeze_roll(poll_id=poll_id, actor=self.chair, settings=self.settings, now=now)

    def _begin(self, now: datetime) -> None:
        rating.open_rating(
            cycle_id=self.id, by_paper=False, actor=self.chair, settings=self.settings, now=now
        )
        poll_clocks.sweep(now=now, settings=self.settings)

    def _rate(self, now: datetime) -> None:
        for poll_id, number in zip(self.polls(), STATION_RATERS, strict=True):
            self.cast(poll_id, [self._form() for _ in range(number)], now)

    def _form(self) -> Sequence[Answer]:
        """Grade everybody of the staff, and the station as a whole."""
        staff = range(len(self.subjects()) - 1)
        grades = {at: self.chance.choices(range(4), (4, 5, 1, 0))[0] for at in staff}
        return Answer(levels=grades), Answer(levels={0: self.chance.choices(range(3), (6, 3, 1))[0]})
