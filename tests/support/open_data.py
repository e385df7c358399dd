"""A community with a little of everything that is public, and beside it what nobody outside may read."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.matters.models import (
    Comment,
    Finding,
    Grade,
    GradeRound,
    Matter,
    Query,
    Review,
    Second,
    Task,
    TaskReport,
)
from civicforum.matters.rules import (
    Category,
    FindingKind,
    GradeLevel,
    HideReason,
    ReviewKind,
    ReviewOutcome,
    Stage,
    TaskState,
)
from civicforum.notices.models import Notice
from civicforum.notices.rules import NoticeCategory
from civicforum.people.models import Community, Person
from civicforum.records.services import record
from tests.factories import NOW, actor_of, make_community, make_household, make_officer, make_person
from tests.support import open_data_more

# What must never leave: each stands in a row of its own.
SECRETS = {
    "phone": "13900001111",
    "address": "秘密路9号楼8单元707室",
    "birth": "1961-07-23",
    "identity": "ab" * 32,
    "hidden comment": "这句被隐藏的评论不应公开",
    "draft": "一份还没有提交的草稿",
    "private entry": "只属于本人的记录",
    "grade": "评分人写下的小话",
    **open_data_more.SECRETS,
}


@dataclass(frozen=True)
class Filled:
    """Ids of what was made."""

    community_id: uuid.UUID
    author_id: uuid.UUID
    matter_id: uuid.UUID
    draft_id: uuid.UUID
    notice_id: uuid.UUID


def fill(*, matters: int = 3, whole: bool = False) -> Filled:
    """Make it; `whole` with votes, meetings and all the rest too. Wants an app context; commits."""
    community = make_community(name="槐荫里社区")
    author = make_person(
        community,
        name="林桂芳",
        phone=SECRETS["phone"],
        born_on=date.fromisoformat(SECRETS["birth"]),
        household=make_household(community, address=SECRETS["address"]),
    )
    author.identity_hash = SECRETS["identity"]
    officer = make_officer(community, Role.COMMITTEE, login=f"director-{community.id.hex[:6]}", name="周明")
    made = [make_matter(community, author, serial) for serial in range(1, matters + 1)]
    _story(community, made[0], officer)
    draft = Matter(
        community_id=community.id,
        title=SECRETS["draft"],
        author_id=author.id,
        stage_since=NOW,
        created_at=NOW,
        profile=community.profile,
    )
    notice = make_notice(community, officer, made[0].id)
    db.session.add_all([draft, notice])
    db.session.flush()
    _entries(community, author, made[0])
    db.session.commit()
    if whole:
        open_data_more.fill_rest(community, officer, made[0].id, notice.id)
    return Filled(community.id, author.id, made[0].id, draft.id, notice.id)


def make_matter(community: Community, author: Person, serial: int, *, stage: Stage = Stage.RAISED) -> Matter:
    """Add a public matter, raised `serial` minutes after NOW."""
    at = NOW + timedelta(minutes=serial)
    matter = Matter(
        community_id=community.id,
        number=f"2026-{serial:04}",
        title=f"第{serial}件：加装=扶手",
        body="楼道没有扶手，老人上下不便。\n请大家商量。",
        category=Category.FACILITIES,
        stage=stage,
        stage_since=at,
        author_id=author.id,
        profile=community.profile,
        created_at=at,
        raised_at=at,
    )
    db.session.add(matter)
    db.session.flush()
    return matter


def make_notice(
    community: Community, officer: Person, subject: uuid.UUID | None, *, serial: int = 0
) -> Notice:
    """Return a notice posted `serial` minutes after NOW, not yet added."""
    at = NOW + timedelta(minutes=serial)
    return Notice(
        community_id=community.id,
        category=NoticeCategory.FACILITIES,
        title="扶手工程公示",
        text="扶手工程已完工，用款 12,800 元。",
        subject_kind="matter" if subject else "",
        subject_id=subject,
        posted_at=at,
        until=at + timedelta(days=15),
        posted_by_id=officer.id,
    )


def _story(community: Community, matter: Matter, officer: Person) -> None:
    """Add seconds, a review, a task, a finding, queries, comments and a round of grades to a matter."""
    neighbours = [make_person(community) for _ in range(2)]
    common = {"community_id": community.id, "matter_id": matter.id}
    body = officer_body(officer)
    task = Task(
        **common,
        position=1,
        title="安装扶手",
        body_id=body,
        owner_id=officer.id,
        money_cents=1_280_000,
        money_source="党群服务经费",
        starts_on=date(2026, 3, 3),
        due_on=date(2026, 4, 1),
        state=TaskState.DOING,
        progress=40,
    )
    db.session.add(task)
    db.session.flush()
    db.session.add_all(
        [
            *(Second(**common, person_id=neighbour.id, channel="screen", at=NOW) for neighbour in neighbours),
            Review(
                **common,
                kind=ReviewKind.STUDY,
                outcome=ReviewOutcome.SUPPORTED,
                text="同意办理。",
                body_id=body,
                person_id=officer.id,
                at=NOW,
            ),
            TaskReport(
                community_id=community.id,
                task_id=task.id,
                progress=40,
                text="一楼已装好。",
                person_id=officer.id,
                post="主任",
                at=NOW,
            ),
            Finding(**common, kind=FindingKind.REMARK, text="请公开采购价。", person_id=officer.id, at=NOW),
            Query(
                **common, author_id=neighbours[0].id, text="什么时候装完？", at=NOW, due_at=NOW + timedelta(3)
            ),
            *_comments(common, neighbours, officer),
        ]
    )
    _grades(common, neighbours)


def _comments(common: dict[str, uuid.UUID], neighbours: list[Person], officer: Person) -> list[Comment]:
    return [
        Comment(**common, author_id=neighbours[0].id, text="=支持", at=NOW),
        Comment(
            **common,
            author_id=neighbours[1].id,
            text=SECRETS["hidden comment"],
            at=NOW + timedelta(minutes=1),
            hidden_at=NOW + timedelta(hours=1),
            hidden_by_id=officer.id,
            hidden_reason=HideReason.PERSONAL_DATA,
        ),
    ]


def _grades(common: dict[str, uuid.UUID], neighbours: list[Person]) -> None:
    """Add a closed round in which fewer took part than may be shown."""
    grading = GradeRound(
        **common,
        opened_at=NOW,
        closes_at=NOW + timedelta(days=7),
        closed_at=NOW + timedelta(days=7),
        is_poor=False,
        entitled=40,
        counts={GradeLevel.SATISFIED.value: 1},
        arithmetic="0 < 1/2 × 1",
        report="扶手装好了。",
    )
    db.session.add(grading)
    db.session.flush()
    db.session.add(
        Grade(
            community_id=common["community_id"],
            round_id=grading.id,
            person_id=neighbours[0].id,
            level=GradeLevel.SATISFIED,
            comment=SECRETS["grade"],
            at=NOW,
        )
    )


def _entries(community: Community, author: Person, matter: Matter) -> None:
    about = {
        "community_id": community.id,
        "actor": actor_of(author),
        "subject_kind": "matter",
        "subject_id": matter.id,
        "now": NOW,
    }
    record(
        db.session(),
        **about,
        action="matter.publish",
        subject_title=matter.title,
        payload={"act": "publish", "from": "draft", "to": "raised", "number": matter.number},
    )
    record(db.session(), **about, action="matter.grade", reason=SECRETS["private entry"], is_public=False)


def officer_body(officer: Person) -> uuid.UUID:
    """Return the body in which somebody holds a post."""
    from civicforum.bodies.queries import list_bodies_held

    return next(iter(list_bodies_held(db.session(), person_id=officer.id, day=NOW.date())))
