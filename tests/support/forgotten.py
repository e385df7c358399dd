"""A resident who leaves traces in many tables, for tests of being forgotten."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import update

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.database import db, transaction
from civicforum.inbox.models import Contact, Notification
from civicforum.inbox.rules_told import Channel, Topic
from civicforum.matters.models import Comment, Matter
from civicforum.matters.rules import Category, Stage
from civicforum.moderation.models import HideAppeal, HideDecision
from civicforum.moderation.rules import DecisionState, Kind, Reason
from civicforum.notices.models import Notice, NoticeQuery, NoticeQueryEntry
from civicforum.notices.rules import NoticeCategory, NoticeState, QueryEntryKind
from civicforum.people.models import Community, Kinship, Person, ResidentImport
from civicforum.people.rules import ImportState, KinshipKind
from civicforum.polls.models import Poll
from civicforum.polls.rules import PollState, Preset
from civicforum.records.models import Photo
from civicforum.records.services import record
from tests.factories import NOW, actor_of, make_account, make_community, make_officer, make_person
from tests.support.polls import make_poll

NAME, PHONE, HASH, LOGIN = "欧阳梦溪", "13900001234", "b" * 64, "mengxi-login"
EMAIL = "mengxi@example.org"
WORDS = [NAME, PHONE, HASH, LOGIN, EMAIL]


@dataclass(frozen=True)
class Scene:
    community_id: uuid.UUID
    person_id: uuid.UUID
    matter_id: uuid.UUID
    poll_id: uuid.UUID
    resident: Actor
    admin: Actor


def make_scene() -> Scene:
    """A resident who voted, wrote, was helped and imported, and whose name stands in the journal."""
    community = make_community()
    person = make_person(community, name=NAME, phone=PHONE)
    admin = make_officer(community, Role.ADMIN, login="admin")
    make_account(person, login=LOGIN)
    db.session.execute(update(Person).where(Person.id == person.id).values(identity_hash=HASH))
    poll = make_poll(community, people=[person, make_person(community)], preset=Preset.OPEN)
    values = {"state": PollState.VOID, "void_ground": "人数不足", "closed_at": NOW}
    db.session.execute(update(Poll).where(Poll.id == poll.id).values(values))
    matter = _write(community, person)
    resident = actor_of(person)
    for subject_id, title, payload in (
        (person.id, NAME, {"person_id": str(person.id), "note": f"{NAME}，{PHONE}"}),
        (community.id, "", {"names": [NAME, "别人"]}),
        (matter.id, "路灯", {"of": f"{NAME}楼"}),
    ):
        with transaction() as session:
            record(
                session, community_id=community.id, actor=resident, action="matter.draft", now=NOW,
                subject_kind="matter", subject_id=subject_id, subject_title=title, payload=payload,
            )  # fmt: skip
    return Scene(
        community.id, person.id, matter.id, poll.id, resident, actor_of(admin, Role.ADMIN, Role.RESIDENT)
    )


def _write(community: Community, person: Person) -> Matter:
    here = {"community_id": community.id}
    matter = Matter(
        **here, title="路灯", body="三号楼前不亮", category=Category.SAFETY, author_id=person.id,
        number="2026-001", stage=Stage.CLOSED, stage_since=NOW, created_at=NOW, raised_at=NOW,
        profile=community.profile,
    )  # fmt: skip
    db.session.add(matter)
    db.session.flush()
    picture = {"content": b"x", "thumbnail": b"x", "media_type": "image/jpeg", "width": 1, "height": 1}
    db.session.add_all(
        [
            Comment(**here, matter_id=matter.id, author_id=person.id, text="我也看到了", at=NOW),
            Kinship(
                **here, person_id=person.id, relative_id=make_person(community).id, kind=KinshipKind.SPOUSE
            ),
            ResidentImport(
                **here,
                file_name="名单.xlsx",
                state=ImportState.WRITTEN,
                rows=[{"name": NAME}],
                created_at=NOW,
            ),
            Contact(**here, person_id=person.id, channel=Channel.EMAIL, address=EMAIL, added_at=NOW),
            Notification(
                **here,
                person_id=person.id,
                event="e",
                topic=Topic.VOTES,
                subject_kind="matter",
                title=NAME,
                text=PHONE,
                endpoint="inbox.home",
                arguments={},
                created_at=NOW,
            ),
            Photo(**here, **picture, sha256="c" * 64, uploaded_by_id=person.id, uploaded_at=NOW),
        ]
    )
    db.session.commit()
    return matter


def add_question(scene: Scene) -> None:
    """Have the resident ask about a notice, and the administrator's account answer."""
    here = {"community_id": scene.community_id}
    notice = Notice(
        **here,
        category=NoticeCategory.FACILITIES,
        title="维修",
        text="已完成",
        posted_at=NOW,
        until=NOW + timedelta(days=15),
        state=NoticeState.POSTED,
    )
    db.session.add(notice)
    db.session.flush()
    query = NoticeQuery(**here, notice_id=notice.id, author_id=scene.person_id, at=NOW, due_at=None)
    db.session.add(query)
    db.session.flush()
    for position, (kind, person_id, text) in enumerate(
        (
            (QueryEntryKind.QUESTION, scene.person_id, "钱花在哪"),
            (QueryEntryKind.ANSWER, scene.admin.person_id, "答复"),
        ),
        start=1,
    ):
        db.session.add(
            NoticeQueryEntry(
                **here,
                query_id=query.id,
                position=position,
                kind=kind,
                text=text,
                person_id=person_id,
                at=NOW,
            )
        )
    db.session.commit()


def add_appeal(scene: Scene) -> None:
    """Have a comment of the resident's hidden, and the resident appeal against it."""
    here = {"community_id": scene.community_id}
    decision = HideDecision(
        **here, kind=Kind.COMMENT, subject_id=uuid.uuid4(), words="x", author_id=scene.person_id,
        reason=Reason.REPEATED, state=DecisionState.IN_FORCE, by_id=scene.admin.person_id, at=NOW, since=NOW,
    )  # fmt: skip
    db.session.add(decision)
    db.session.flush()
    db.session.add(HideAppeal(**here, decision_id=decision.id, text=f"我是{NAME}", at=NOW, due_at=NOW))
    db.session.commit()
