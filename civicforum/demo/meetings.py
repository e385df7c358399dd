"""The meetings of the demonstration: called, attended, concluded and voted in, as the stories say."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.demo.after import CLERK, sign_minutes
from civicforum.demo.population import COMMITTEE, COUNCIL
from civicforum.demo.story import MatterStory, Script, Story
from civicforum.meetings import services as meetings
from civicforum.meetings.models import AgendaItem
from civicforum.meetings.rules import ASSEMBLIES, MeetingForm, Outcome, ParticipantClass, Signer
from civicforum.polls.models import RollEntry
from civicforum.polls.rules import Choice
from civicforum.rulebook import SHANGHAI

STARTS = {True: 14.0, False: 15.0}
# Whose roles stand for a class of participants; everybody else comes from the neighbourhood.
ROLES = {"representative": Role.REPRESENTATIVE, "committee": Role.COMMITTEE, "station": Role.STATION_HEAD}


class MeetingStory:
    """One [[meeting]] of the file, with the matters whose stories name it."""

    def __init__(self, script: Script, story: Story, matters: Sequence[MatterStory]) -> None:
        self.script, self.story = script, story
        self.form = MeetingForm(story["form"])
        self.is_assembly = self.form in ASSEMBLIES
        self.hour = STARTS[self.is_assembly]
        self.matters = [matter for matter in matters if story["key"] in _meetings_of(matter.story)]
        self.chair = script.actor("林晓燕")

    def tell(self) -> None:
        """Put the meeting into the script: called days ahead, held on its day if that lies behind us."""
        script, story, day = self.script, self.story, self.story["day"]
        script.at(story.get("called", day - (11 if self.is_assembly else 6)), 16.2, self._call)
        script.at(day, self.hour - 0.2, self._open)
        for number, matter in enumerate(self.matters):
            script.at(day, self.hour + 0.4 + number * 0.5, self._item(matter))
        script.at(day, self.hour + 0.6 + len(self.matters) * 0.5, self._close)
        script.at(day + 1, 9.4, self._sign)

    def _call(self, now: datetime) -> None:
        script = self.script
        day = datetime(script.today.year, script.today.month, script.today.day, tzinfo=SHANGHAI)
        self.id = meetings.plan_meeting(
            form=self.form,
            plan=meetings.Plan(
                title=self.story["title"],
                place=self.story["place"],
                starts_at=day + timedelta(days=self.story["day"], hours=self.hour),
                items=[self._planned(matter) for matter in self.matters],
                chair_id=self.chair.person_id,
                body_id=script.people.bodies[COUNCIL if self.form is MeetingForm.COUNCIL else COMMITTEE],
            ),
            actor=self.chair,
            now=now,
        )

    def _planned(self, matter: MatterStory) -> meetings.PlannedItem:
        text = (matter.story.get("assembly") or {}).get("text", "") if self.is_assembly else ""
        return meetings.PlannedItem(matter_id=matter.id, text=text, minutes=25)

    def _open(self, now: datetime) -> None:
        meetings.open_meeting(meeting_id=self.id, actor=self.chair, now=now)
        if self.is_assembly:
            chair, members = self.chair.person_id, self.script.people.members
            others = [person for person in members if person != chair]
            self._tick([chair, *self.script.chance.sample(others, self.story["present"] - 1)], None, now)
            sitting_in = self.script.neighbours(2, 6, but=self.chair.person_id)
            self._tick([person for person in sitting_in if person not in members], None, now)
            return
        seated: set[uuid.UUID] = set()
        for kind, count in self.story["classes"].items():
            chosen = [person for person in self._candidates(kind) if person not in seated][:count]
            seated.update(chosen)
            self._tick(chosen, ParticipantClass(kind), now)
        for kind, name in self.story.get("guests", ()):
            meetings.add_guest(
                meeting_id=self.id, name=name, as_class=ParticipantClass(kind), actor=self.chair, now=now
            )

    def _candidates(self, kind: str) -> list[uuid.UUID]:
        """Return more people than a class needs: holders of the post, or the authors and their neighbours."""
        script = self.script
        if kind in ROLES:
            if kind == "station":
                return [script.people.people["孙蕾"]]
            holders = [p for p in script.people.members if ROLES[kind] in script.actor_of(p).roles]
            return script.chance.sample(holders, min(len(holders), 12))
        authors = [matter.author for matter in self.matters] if kind == "resident" else []
        grid = self.matters[0].story["grid"] if self.matters else 1
        neighbours = script.neighbours(grid, 24, but=self.chair.person_id)
        return list(dict.fromkeys([*authors, *neighbours]))

    def _tick(self, people: Sequence[uuid.UUID], kind: ParticipantClass | None, now: datetime) -> None:
        if people:
            meetings.tick_present(
                meeting_id=self.id, person_ids=people, actor=self.chair, as_class=kind, now=now
            )

    def _item(self, matter: MatterStory) -> Callable[[datetime], None]:
        def take(now: datetime) -> None:
            item_id = db.session.scalars(
                select(AgendaItem.id).where(
                    AgendaItem.meeting_id == self.id, AgendaItem.matter_id == matter.id
                )
            ).one()
            if not self.is_assembly:
                self._conclude(item_id, matter.story["deliberation"], now)
            elif matter.story["assembly"]["meeting"] == self.story["key"]:
                self._vote(item_id, matter.story["assembly"], now)

        return take

    def _conclude(self, item_id: uuid.UUID, told: Story, now: datetime) -> None:
        meetings.conclude_item(
            item_id=item_id,
            outcome=Outcome(told["outcome"]),
            text=told["text"] or told["note"],
            dissent=told.get("dissent", ""),
            actor=self.chair,
            now=now,
        )

    def _vote(self, item_id: uuid.UUID, told: Story, now: datetime) -> None:
        poll_id = meetings.open_vote(item_id=item_id, actor=self.chair, now=now)
        roll = db.session.scalars(
            select(RollEntry.id).where(RollEntry.poll_id == poll_id).order_by(RollEntry.position)
        ).all()
        choices = [choice for choice in Choice for _ in range(told.get(choice.value, 0))]
        self.script.chance.shuffle(choices)
        later = now + timedelta(minutes=6)
        meetings.enter_raised_hands(
            item_id=item_id, hands=dict(zip(roll, choices, strict=True)), actor=self.chair, now=later
        )
        meetings.close_vote(item_id=item_id, actor=self.chair, now=later + timedelta(minutes=2))

    def _close(self, now: datetime) -> None:
        if minutes := self.story.get("minutes"):
            meetings.write_minutes(meeting_id=self.id, text=minutes, actor=self.chair, now=now)
        meetings.close_meeting(meeting_id=self.id, actor=self.chair, now=now)

    def _sign(self, now: datetime) -> None:
        sign_minutes(self.id, self.chair, Signer.CHAIR, now)
        sign_minutes(self.id, self.script.actor(CLERK), Signer.CLERK, now)


def _meetings_of(story: Story) -> set[str]:
    told = [story.get("deliberation", {}).get("meeting"), story.get("assembly", {}).get("meeting")]
    return {key for key in [*told, story.get("failed_assembly")] if key}
