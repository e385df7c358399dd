"""A decision as it is made: raised, decided by the assembly, asked about and checked; ids, not rows."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.matters import services as matters
from civicforum.matters.rules import FindingKind
from civicforum.meetings import services as meetings
from civicforum.meetings.models import Meeting
from civicforum.meetings.rules import Signer
from civicforum.notices.models import Notice
from civicforum.notices.services.querying import answer_query, ask_about
from civicforum.people.models import Household, Person
from civicforum.polls.rules import Choice
from civicforum.polls.services.named import cast_open_ballot
from civicforum.records.rules import hash_of_text
from tests.factories import NOW, actor_of, make_officer
from tests.integration.meetings.scenes import Scene, community_of, make_scene, open_assembly

LATER = NOW + timedelta(hours=2)
PHONE = "13900007788"
ADDRESS = "3号楼2单元701室"
IDENTITY_HASH = "5a" * 32
BORN_ON = date(1951, 9, 23)


@dataclass(frozen=True)
class Decided:
    """A matter that the assembly adopted, with what belongs to it."""

    scene: Scene
    community_id: uuid.UUID
    matter_id: uuid.UUID
    meeting_id: uuid.UUID
    poll_id: uuid.UUID
    notice_id: uuid.UUID


def make_decided() -> Decided:
    """Let an assembly of six, five of them present, adopt a matter by three against one.

    The minutes are signed and posted, a resident asked about the notice and had an answer, and the
    supervision committee filed a finding. Everybody has a phone, an address and an identity number.
    """
    scene = make_scene(members=6)
    sitting = open_assembly(scene, present=5)
    assert sitting.matter_id is not None
    poll_id = meetings.open_vote(item_id=sitting.item_id, actor=scene.director, now=NOW)
    for member, choice in zip(scene.members, [Choice.FOR] * 3 + [Choice.AGAINST], strict=False):
        cast_open_ballot(poll_id=poll_id, choice=choice, actor=member, now=NOW)
    meetings.close_vote(item_id=sitting.item_id, actor=scene.director, now=NOW)
    meetings.close_meeting(meeting_id=sitting.meeting_id, actor=scene.director, now=LATER)
    _sign(scene, sitting.meeting_id)
    supervisor = actor_of(make_officer(community_of(scene), Role.SUPERVISOR, name="赵国强"), Role.SUPERVISOR)
    matters.file_finding(
        matter_id=sitting.matter_id,
        task_id=None,
        kind=FindingKind.PROBLEM,
        text="合同还没有公示。",
        actor=supervisor,
        now=LATER,
    )
    notice_id = _ask(scene, sitting.meeting_id)
    _fill_in_people(scene.community_id)
    return Decided(scene, scene.community_id, sitting.matter_id, sitting.meeting_id, poll_id, notice_id)


def _sign(scene: Scene, meeting_id: uuid.UUID) -> None:
    meeting = db.session.get_one(Meeting, meeting_id, populate_existing=True)
    meeting.chair_id, meeting.clerk_id = scene.director.person_id, scene.clerk.person_id
    db.session.commit()
    digest = hash_of_text(meeting.minutes)
    for signer, actor in ((Signer.CHAIR, scene.director), (Signer.CLERK, scene.clerk)):
        meetings.sign_minutes(meeting_id=meeting_id, signer=signer, text_hash=digest, actor=actor, now=LATER)


def _ask(scene: Scene, meeting_id: uuid.UUID) -> uuid.UUID:
    """Let a member ask about the first notice of the meeting, and the director answer."""
    notice_id = db.session.scalars(
        select(Notice.id)
        .where(Notice.subject_kind == "meeting", Notice.subject_id == meeting_id)
        .order_by(Notice.posted_at)
    ).first()
    assert notice_id is not None
    asker = scene.members[-1]
    query_id = ask_about(notice_id=notice_id, text="费用由谁承担？", actor=asker, now=LATER)
    answer_query(query_id=query_id, text="从社区服务资金列支。", actor=scene.director, now=LATER)
    return notice_id


def _fill_in_people(community_id: uuid.UUID) -> None:
    people = db.session.scalars(select(Person).where(Person.community_id == community_id)).all()
    for person in people:
        person.phone, person.born_on = PHONE, BORN_ON
    people[0].identity_hash = IDENTITY_HASH
    for household in db.session.scalars(select(Household).where(Household.community_id == community_id)):
        household.address = ADDRESS
    db.session.commit()
