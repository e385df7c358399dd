"""Tells stories.toml to the services, each act at its own time, so that the journal is a real one."""

from __future__ import annotations

import random
import tomllib
import uuid
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from importlib.resources import files
from typing import Any

from sqlalchemy import select

from civicforum.accounts.rules import Actor
from civicforum.bodies.queries import roles_held
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.demo.pictures import DESCRIPTIONS, draw_photo
from civicforum.demo.population import Population
from civicforum.matters import services as matters
from civicforum.matters.models import Matter, Task
from civicforum.matters.rules import Act, Category, FindingKind, GradeLevel, Ground, ReviewOutcome, Stage
from civicforum.people.models import Person
from civicforum.rulebook import SHANGHAI
from civicforum.rulebook.days import day_of

Story = dict[str, Any]
DECISIONS = {
    "accepted": Act.ACCEPT,
    "returned": Act.RETURN,
    "declined": Act.DECLINE,
    "answered_directly": Act.ANSWER_DIRECTLY,
}


def read_stories() -> Story:
    """Return stories.toml."""
    return tomllib.loads(files(__package__).joinpath("stories.toml").read_text(encoding="utf-8"))


class Script:
    """Collects what happens when, and plays it in order of time. `today` is the day that day 0 means."""

    def __init__(self, people: Population, community_id: uuid.UUID, now: datetime) -> None:
        self.people = people
        self.community_id = community_id
        self.now = now
        self.today: date = day_of(now)
        self.chance = random.Random(42)  # noqa: S311 - an invented story
        self.matters: dict[str, uuid.UUID] = {}
        self._acts: list[tuple[datetime, int, Callable[[datetime], object]]] = []
        self._actors: dict[uuid.UUID, Actor] = {}

    def at(self, day: float, hour: float, act: Callable[[datetime], object]) -> None:
        """Let `act` happen on a day counted from today, at an hour of Chinese time."""
        moment = datetime(self.today.year, self.today.month, self.today.day, tzinfo=SHANGHAI)
        moment += timedelta(days=day, hours=hour, seconds=self.chance.randint(0, 59))
        self._acts.append((moment.astimezone(self.now.tzinfo), len(self._acts), act))

    def play(self, progress: Callable[[int, int], None]) -> None:
        """Do everything that lies before now, in order; what would still lie ahead is left out."""
        acts = [act for act in sorted(self._acts, key=lambda act: act[:2]) if act[0] <= self.now]
        for number, (moment, _order, act) in enumerate(acts, start=1):
            act(moment)
            progress(number, len(acts))

    def actor(self, name: str) -> Actor:
        """Return a member of the cast, with the roles of the posts held."""
        return self.actor_of(self.people.people[name])

    def actor_of(self, person_id: uuid.UUID) -> Actor:
        if person_id not in self._actors:
            held = roles_held(db.session(), person_id=person_id, day=self.today)
            self._actors[person_id] = Actor(person_id, self.community_id, held | {Role.RESIDENT})
        return self._actors[person_id]

    def somebody(self, who: str) -> uuid.UUID:
        """Return a member of the cast, or for "@grid2" and "@elder3" somebody who lives in that grid."""
        if not who.startswith("@"):
            return self.people.people[who]
        grid = int(who[-1])
        pool = self.people.elders_of_grid if who.startswith("@elder") else self.people.adults_of_grid
        return self.chance.choice(pool[grid])

    def neighbours(self, grid: int, count: int, *, but: uuid.UUID) -> list[uuid.UUID]:
        """Return different adults, half of them from the grid itself."""
        near = [person for person in self.people.adults_of_grid[grid] if person != but]
        rest = [p for number, adults in self.people.adults_of_grid.items() if number != grid for p in adults]
        far = [person for person in rest if person != but]
        return self.chance.sample(near, count - count // 2) + self.chance.sample(far, count // 2)


class MatterStory:
    """One [[matter]] of the file, turned into acts."""

    def __init__(self, script: Script, story: Story) -> None:
        self.script, self.story = script, story
        self.key: str = story["key"]
        self.author = script.somebody(story["author"])

    @property
    def id(self) -> uuid.UUID:
        return self.script.matters[self.key]

    def tell(self) -> None:
        """Put every act of the story into the script, but for its meetings."""
        self._raise()
        self._talk()
        self._review()
        self._carry_out()
        self._watch()
        self._appraise()

    def _raise(self) -> None:
        story, script = self.story, self.script
        if "draft" in story:
            script.at(story["draft"], 20.5, self._start)
            return
        script.at(story["raised"], 8 + script.chance.random() * 2, self._start)
        script.at(story["raised"], 10.5, self._publish)
        count, on_paper = story.get("seconds", 0), story.get("paper_seconds", 0)
        signers = script.neighbours(story["grid"], count + on_paper, but=self.author)
        gap = 5 if count > 8 else 0.7
        for number, person in enumerate(signers[:count]):
            hour = 10.8 + number * gap / 5
            script.at(
                story["raised"] + int(hour // 22),
                hour % 22 if hour < 22 else 8 + hour % 13,
                self._second(person),
            )
        if on_paper:
            script.at(story["raised"] + 1, 9.5, self._paper(signers[count:]))
        if "merge" in story:
            script.at(story["merge"]["day"], 16, self._merge)
        if "withdraw" in story:
            script.at(story["withdraw"]["day"], 18, self._withdraw)

    def _start(self, now: datetime) -> None:
        story, script = self.story, self.script
        actor = script.actor_of(self.author)
        script.matters[self.key] = matter_id = matters.start_draft(actor=actor, title=story["title"], now=now)
        matters.edit_details(
            matter_id=matter_id,
            actor=actor,
            body=story["body"].strip(),
            category=Category(story["category"]),
            place=story["place"],
            grid_id=script.people.grids[story["grid"] - 1],
            now=now,
        )
        for name in story.get("photos", ()):
            matters.add_photo(
                matter_id=matter_id,
                actor=actor,
                data=draw_photo(name),
                description=DESCRIPTIONS[name],
                now=now,
            )

    def _publish(self, now: datetime) -> None:
        matters.publish_matter(matter_id=self.id, actor=self.script.actor_of(self.author), now=now)

    def _second(self, person: uuid.UUID) -> Callable[[datetime], object]:
        return lambda now: matters.second_matter(
            matter_id=self.id, actor=self.script.actor_of(person), now=now
        )

    def _paper(self, signers: Sequence[uuid.UUID]) -> Callable[[datetime], object]:
        def enter(now: datetime) -> None:
            lines = [db.session.get_one(Person, person).number for person in signers]
            matters.enter_paper_seconds(
                matter_id=self.id, actor=self.script.actor("赵敏"), lines=lines, now=now
            )

        return enter

    def _merge(self, now: datetime) -> None:
        into = self.script.matters[self.story["merge"]["into"]]
        matters.merge_matters(
            matter_id=self.id,
            into_id=into,
            actor=self.script.actor("林晓燕"),
            reason="同一条路、同一件事，附议一并计入。",
            now=now,
        )

    def _withdraw(self, now: datetime) -> None:
        matters.withdraw_matter(
            matter_id=self.id,
            actor=self.script.actor_of(self.author),
            reason=self.story["withdraw"]["text"],
            now=now,
        )

    def _talk(self) -> None:
        for number, comment in enumerate(self.story.get("comments", ())):
            person, text = self.script.somebody(comment["by"]), comment["text"]
            self.script.at(comment["day"], 19 + number * 0.4, self._comment(person, text))

    def _comment(self, person: uuid.UUID, text: str) -> Callable[[datetime], object]:
        return lambda now: matters.add_comment(
            matter_id=self.id, actor=self.script.actor_of(person), text=text, parent_id=None, now=now
        )

    def _review(self) -> None:
        story, script = self.story, self.script
        if study := story.get("study"):
            script.at(study["day"], 10, lambda now: self._study(study, now))
        if decision := story.get("decision"):
            script.at(decision["day"], 15.5, lambda now: self._decide(decision, now))
        if demand := story.get("demand"):
            self._demand(demand)

    def _study(self, study: Story, now: datetime) -> None:
        matters.study_matter(
            matter_id=self.id,
            actor=self.script.actor("周立民"),
            outcome=ReviewOutcome(study["outcome"]),
            text=study["text"],
            now=now,
        )

    def _decide(self, decision: Story, now: datetime) -> None:
        matters.decide_matter(
            matter_id=self.id,
            actor=self.script.actor("林晓燕"),
            act=DECISIONS[decision["outcome"]],
            text=decision["text"],
            ground=Ground(decision["ground"]) if "ground" in decision else None,
            now=now,
        )

    def _demand(self, demand: Story) -> None:
        """Only as many representatives as the rule needs can demand; after that the matter has moved on."""
        script = self.script
        representatives = [
            p for p in script.people.members if Role.REPRESENTATIVE in script.actor_of(p).roles
        ]
        signers = script.chance.sample(representatives, demand["representatives"])
        residents = script.neighbours(self.story["grid"], demand.get("residents", 0), but=self.author)
        for number, person in enumerate([*signers, *residents]):
            hour = 9 + number * 0.22
            script.at(
                demand["day"] + int(hour // 21), hour if hour < 21 else 9 + hour % 12, self._sign(person)
            )
        first = signers[0]
        script.at(demand["day"], 20.9, self._comment(first, demand["text"]))

    def _sign(self, person: uuid.UUID) -> Callable[[datetime], object]:
        def sign(now: datetime) -> None:
            if self._stage() is Stage.DECLINED:
                matters.demand_assembly(matter_id=self.id, actor=self.script.actor_of(person), now=now)

        return sign

    def _stage(self) -> Stage | None:
        return db.session.scalar(select(Matter.stage).where(Matter.id == self.id))

    def _carry_out(self) -> None:
        self.tasks: dict[int, uuid.UUID] = {}
        for number, task in enumerate(self.story.get("tasks", ())):
            self._task(number, task)
        if done := self.story.get("done"):
            self.script.at(done["day"], 17.5, lambda now: self._done(done["text"], now))

    def _task(self, number: int, task: Story) -> None:
        script = self.script
        start = script.today + timedelta(days=task["start"])
        due = script.today + timedelta(days=task["due"])

        def add(now: datetime) -> None:
            self.tasks[number] = matters.add_task(
                matter_id=self.id,
                actor=script.actor("林晓燕"),
                title=task["title"],
                body_id=script.people.bodies[task["body"]],
                owner_id=script.people.people[task["owner"]],
                standard=task.get("standard", ""),
                money_cents=task["yuan"] * 100,
                money_source=task["source"],
                starts_on=start,
                due_on=due,
                now=now,
            )

        script.at(task["start"], 16.5 + number * 0.1, add)
        for report in task.get("reports", ()):
            script.at(report["day"], 11, self._report(number, task["owner"], report))

    def _report(self, number: int, owner: str, report: Story) -> Callable[[datetime], object]:
        photo = report.get("photo")
        return lambda now: matters.report_progress(
            task_id=self.tasks[number],
            actor=self.script.actor(owner),
            progress=report["progress"],
            text=report["text"],
            photo=draw_photo(photo) if photo else None,
            photo_description=DESCRIPTIONS[photo] if photo else "",
            now=now,
        )

    def _done(self, text: str, now: datetime) -> None:
        matters.report_done(matter_id=self.id, actor=self.script.actor("林晓燕"), text=text, now=now)

    def _watch(self) -> None:
        for finding in self.story.get("findings", ()):
            self.script.at(finding["day"], 16, self._finding(finding))
        for query in self.story.get("queries", ()):
            self._query(query)

    def _finding(self, finding: Story) -> Callable[[datetime], object]:
        return lambda now: matters.file_finding(
            matter_id=self.id,
            actor=self.script.actor("郑国华"),
            kind=FindingKind(finding["kind"]),
            text=finding["text"],
            task_id=self.tasks[finding["task"]] if "task" in finding else None,
            now=now,
        )

    def _query(self, query: Story) -> None:
        asked: list[uuid.UUID] = []
        asker = self.script.somebody(query["by"])

        def ask(now: datetime) -> None:
            actor = self.script.actor_of(asker)
            asked.append(matters.ask(matter_id=self.id, actor=actor, text=query["text"], now=now))

        def answer(now: datetime) -> None:
            actor = self.script.actor(query["by_post"])
            matters.answer(query_id=asked[0], actor=actor, text=query["answer"], now=now)

        self.script.at(query["day"], 9.5, ask)
        if "answer" in query:
            self.script.at(query["answer_day"], 17, answer)

    def _appraise(self) -> None:
        story = self.story
        if "grades_open" in story:
            self._grades(story["grades_open"], story["done"]["day"], -0.5)
        if "grades" not in story:
            return
        day = story["done"]["day"]
        self._grades(story["grades"], day, day + 13)
        if closing := story.get("closing"):
            self._close(closing["day"], closing["text"])
        if rework := story.get("rework"):
            self._rework(rework)

    def _grades(self, counts: dict[str, int], since: float, until: float) -> None:
        levels = [GradeLevel(level) for level, count in counts.items() for _ in range(count)]
        self.script.chance.shuffle(levels)
        people = self.script.neighbours(self.story["grid"], len(levels), but=self.author)
        for number, (person, level) in enumerate(zip(people, levels, strict=True)):
            day = since + 1 + int(number * max(1.0, until - since - 1) / len(levels))
            self.script.at(day, 9 + self.script.chance.random() * 10, self._grade(person, level))

    def _grade(self, person: uuid.UUID, level: GradeLevel) -> Callable[[datetime], object]:
        return lambda now: matters.cast_grade(
            matter_id=self.id, actor=self.script.actor_of(person), level=level, comment="", now=now
        )

    def _close(self, day: float, text: str) -> None:
        actor = self.script.actor("林晓燕")
        self.script.at(
            day, 10, lambda now: matters.close_matter(matter_id=self.id, actor=actor, text=text, now=now)
        )

    def _rework(self, rework: Story) -> None:
        """The clock itself opened the rework task when the poor round ended."""
        script = self.script

        def report(now: datetime) -> None:
            matters.report_progress(
                task_id=db.session.scalars(
                    select(Task.id).where(Task.matter_id == self.id).order_by(Task.position.desc()).limit(1)
                ).one(),
                actor=script.actor("林晓燕"),
                progress=100,
                text=rework["report"],
                photo=draw_photo(rework["photo"]),
                photo_description=DESCRIPTIONS[rework["photo"]],
                now=now,
            )

        script.at(rework["report_day"], 15, report)
        script.at(rework["done_day"], 10, lambda now: self._done(rework["done"], now))
        self._grades(rework["grades"], rework["done_day"], rework["done_day"] + 13)
        self._close(rework["closing_day"], rework["closing"])
