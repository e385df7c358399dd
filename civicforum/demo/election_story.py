"""An election of the demonstration from its plan to its nominations, told to the services."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import TypedDict

from flask import current_app
from sqlalchemy import select

from civicforum.accounts.rules import Actor
from civicforum.bodies.models import Post
from civicforum.config import Settings
from civicforum.database import db
from civicforum.demo.election_plans import ASKED, PRESIDING, SIZE, Plan, Standing
from civicforum.demo.story import Script
from civicforum.elections.calendar import Milestone
from civicforum.elections.models import Nomination, Round, Seat
from civicforum.elections.notices import Need, Wish
from civicforum.elections.plans import Plan as Planned
from civicforum.elections.rules import NoticeKind
from civicforum.elections.services import (
    committee,
    nominating,
    notices,
    planning,
    rolls,
    stages,
)
from civicforum.elections.services.nominating import PutForward
from civicforum.people.models import Person
from civicforum.polls.models import RollEntry
from civicforum.polls.rules import ObjectionKind, Ruling
from civicforum.polls.services import objecting

# Whoever signs in as one of these finds something left to do.
TRIED_BY = ("王秀兰", "陈志强")
_N, _M = NoticeKind, Milestone


class Act(TypedDict):
    """What every act on an election names."""

    election_id: uuid.UUID
    actor: Actor
    now: datetime


class ElectionStory:
    """An election up to its nominations; `day` is election day, counted from today."""

    def __init__(self, script: Script, plan: Plan) -> None:
        self.script, self.plan = script, plan
        self.id = uuid.uuid4()
        self.day = _first_sunday(script.today, plan.from_day)
        self.officer = script.actor(PRESIDING[0])
        self.planner = script.actor("林晓燕")

    @property
    def settings(self) -> Settings:
        settings: Settings = current_app.config["CIVICFORUM"]
        return settings

    def act(self, now: datetime, *, by: Actor | None = None) -> Act:
        """Return what an act names; the officer does it, unless somebody else does."""
        return {"election_id": self.id, "actor": by or self.officer, "now": now}

    def at(self, offset: int, hour: float, act: Callable[[datetime], object]) -> None:
        """Let something happen so many days after election day, or before it."""
        self.script.at(self.day + offset, hour, act)

    def tell(self) -> None:
        """Put every act into the script; what lies ahead of today is left out."""
        self._tell_planning()
        self._tell_roll()
        self._tell_nominations()

    def _tell_planning(self) -> None:
        formed = self.plan.formed
        self.at(formed - 3, 9.3, self._draft)
        self.at(formed - 1, 15.2, self._approve)
        self.at(formed - 1, 16.0, self.issue(_N.ELECTION_DAY, by=self.planner))
        self.at(formed, 10.0, self._form)
        self.at(formed, 11.0, self.issue(_N.COMMITTEE))
        self.at(-33, 9.0, self.advance)
        self.at(-33, 9.2, self.issue(_N.REGISTRATION))

    def _tell_roll(self) -> None:
        self.at(-28, 8.4, self.advance)
        self.at(-28, 9.0, self._post_roll)
        self.at(-28, 9.5, self.issue(_N.ROLL))
        self.at(-26, 19.3, self._object)
        self.at(-25, 16.1, self._rule)
        self.at(-22, 9.0, self.advance)
        self.at(-22, 9.2, self.issue(_N.RULINGS))
        self.at(-22, 9.3, self.issue(_N.NOMINATION))

    def _tell_nominations(self) -> None:
        for number, standing in enumerate(self.plan.standing):
            self.at(-22, 10.0 + number * 0.6, self._nominate(standing))
            if standing.has_agreed:
                self.at(-22, 10.4 + number * 0.6, self._consent(standing))

    def advance(self, now: datetime) -> None:
        stages.advance(**self.act(now))

    def issue(
        self, kind: NoticeKind, round_number: int = 0, *, by: Actor | None = None
    ) -> Callable[[datetime], object]:
        """Return the act that issues a notice."""
        return lambda now: notices.issue_notice(
            need=Need(kind, round_number), wish=Wish(asked=self.asked(kind)), **self.act(now, by=by)
        )

    def asked(self, _kind: NoticeKind) -> Mapping[str, str]:
        """Return what the officers type into a notice."""
        return ASKED

    def _draft(self, now: datetime) -> None:
        plan, body_id = self.plan, self.script.people.bodies[self.plan.body]
        posts = db.session.execute(select(Post.title, Post.id).where(Post.body_id == body_id))
        planning.plan_election(
            plan=Planned(
                kind=plan.kind,
                way=plan.way,
                body_id=body_id,
                group_id=None,
                title=plan.title,
                day=self.script.today + timedelta(days=self.day),
                opens=time(8),
                closes=time(18),
                place="社区党群服务中心一楼大厅",
                by_proxy=plan.by_proxy,
                by_screen=False,
                screen_ground="",
                seats={post_id: plan.seats[title] for title, post_id in posts},
            ),
            **self.act(now, by=self.planner),
        )

    def _approve(self, now: datetime) -> None:
        act = self.act(now, by=self.planner)
        note = "居民代表会议讨论通过，街道办事处备案同意。"
        planning.record_step(milestone=_M.PLAN_APPROVED, note=note, **act)
        stages.advance(**act)

    def _form(self, now: datetime) -> None:
        people, act = self.script.people.people, self.act(now, by=self.planner)
        for number, name in enumerate(PRESIDING):
            committee.add_place(person_id=people[name], votes=41 - number * 3, **act)
        director, deputy = (people[name] for name in PRESIDING[:2])
        committee.form_committee(size=SIZE, director_id=director, deputy_ids=[deputy], **act)

    def _post_roll(self, now: datetime) -> None:
        rolls.make_roll(**self.act(now))
        rolls.post_roll(**self.act(now))

    def _object(self, now: datetime) -> None:
        """Let somebody say that an entry is wrong; it is not."""
        entry = self.entries()[4]
        self.objection = objecting.object_to_roll(
            poll_id=entry.poll_id,
            kind=ObjectionKind.WRONGLY_LISTED,
            entry_id=entry.id,
            about="",
            text="听说这位邻居去年已经搬到外区居住，请核实。",
            actor=self.script.actor("马玉芬"),
            now=now,
        )

    def _rule(self, now: datetime) -> None:
        objecting.rule_on_objection(
            poll_id=self.rounds()[0].poll_id,
            objection_id=self.objection,
            ruling=Ruling.REJECTED,
            text="经上门核实，本人仍在本社区居住，户籍也在本社区，维持原名单。",
            person_id=None,
            actor=self.officer,
            now=now,
        )

    def _nominate(self, standing: Standing) -> Callable[[datetime], object]:
        def nominate(now: datetime) -> None:
            seats = select(Seat.id).where(Seat.election_id == self.id, Seat.title == standing.post)
            who = PutForward(
                db.session.scalars(seats).one(),
                self.script.people.people[standing.name],
                standing.reason,
            )
            if not standing.signatures:
                nominating.enter_party_nomination(who=who, **self.act(now))
                return
            lines = self._signers(standing)
            nominating.enter_joint_nomination(who=who, lines=lines, **self.act(now))

        return nominate

    def _signers(self, standing: Standing) -> list[str]:
        """Return numbers of voters who have not yet nominated for this post: one person for each seat."""
        own = [one for one in self.plan.standing if one.post == standing.post]
        before = sum(one.signatures for one in own[: own.index(standing)])
        names = {*TRIED_BY, *(one.name for one in self.plan.standing)}
        others = {self.script.people.people[name] for name in names}
        voters = [entry.person_id for entry in self.entries() if entry.person_id not in others]
        chosen = voters[before : before + standing.signatures]
        return [db.session.get_one(Person, person_id).number for person_id in chosen]

    def _consent(self, standing: Standing) -> Callable[[datetime], object]:
        def consent(now: datetime) -> None:
            nominee = self.script.actor(standing.name)
            found = select(Nomination.id).where(
                Nomination.election_id == self.id, Nomination.person_id == nominee.person_id
            )
            nominating.consent(nomination_id=db.session.scalars(found).one(), **self.act(now, by=nominee))

        return consent

    def rounds(self) -> Sequence[Round]:
        found = select(Round).where(Round.election_id == self.id).order_by(Round.number)
        return db.session.scalars(found).all()

    def entries(self, poll_id: uuid.UUID | None = None) -> Sequence[RollEntry]:
        """Return the roll of a round; of the first one as it was posted."""
        found = select(RollEntry).where(RollEntry.poll_id == (poll_id or self.rounds()[0].poll_id))
        return db.session.scalars(found.order_by(RollEntry.position)).all()


def _first_sunday(today: date, from_day: int) -> int:
    """Return the first Sunday from a day on, both counted from today."""
    return from_day + (6 - (today + timedelta(days=from_day)).weekday()) % 7
