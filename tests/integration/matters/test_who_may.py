"""Who may do what with a matter at which stage, through the pages: one table, and everybody else gets words.

Each act is tried by each role at each stage. The answer is 303 (done) where the table says so, 403 for a role
that never may, 409 at a stage that does not allow it, and 404 for a draft of somebody else; never 500.
Whoever adds an act adds a line to `MAY` and its request to `ATTEMPTS`.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from civicforum.bodies.models import Body
from civicforum.bodies.rules import BodyKind, Role
from civicforum.database import db
from civicforum.matters.models import Comment, GradeRound, Matter, Query, Task
from civicforum.matters.rules import Stage, TaskState
from civicforum.people.models import Community
from civicforum.rulebook.days import day_of
from tests.factories import make_community, make_officer, make_person, sign_in

ROLES = ("author", *(role.value for role in Role))
RESIDENTS = " ".join(ROLES)
BUT_AUTHOR = " ".join(role.value for role in Role)
LIVE = "raised seconded in_review returned deliberating to_decide decided carrying_out done appraised"
ENDED = "declined answered_directly not_adopted closed merged withdrawn"
SECONDABLE = "raised seconded in_review"

# act: who may ever do it, and at which stages it is done.
MAY: dict[str, tuple[str, str]] = {
    "edit": ("author", "draft returned"),
    "publish": ("author", "draft"),
    "discard": ("author", "draft"),
    "withdraw": ("author", "raised seconded returned"),
    "resubmit": ("author", "returned"),
    "second": (BUT_AUTHOR, SECONDABLE),
    "enter_paper_seconds": ("clerk", SECONDABLE),
    "comment": (RESIDENTS, f"{LIVE} declined"),
    "reply": (RESIDENTS, f"{LIVE} declined"),
    "hide_comment": ("committee clerk", f"{LIVE} {ENDED}"),
    "merge": ("committee clerk", SECONDABLE),
    "study": ("party", "seconded"),
    "accept": ("committee", "in_review"),
    "return": ("committee", "in_review"),
    "decline": ("committee", "in_review"),
    "answer_directly": ("committee", "in_review"),
    "demand": (RESIDENTS, "declined"),
    "enter_paper_demands": ("clerk", "declined"),
    "ask": (RESIDENTS, f"{LIVE} {ENDED}"),
    "add_task": ("committee", "decided carrying_out"),
    # The station head and the clerk hold posts in the body that the task names.
    "report_progress": ("committee station_head clerk", "carrying_out"),
    "report_done": ("committee", "carrying_out"),
    "answer": ("committee party station_head", f"{LIVE} {ENDED}"),
    "grade": (RESIDENTS, "done"),
    "file_finding": ("supervisor", f"{LIVE} {ENDED}"),
    "close": ("committee", "appraised"),
}
# Their endpoints ask for a post before they look for the matter, so a draft is refused there with 403.
ASK_FOR_POST = {act for act, (who, _) in MAY.items() if who not in ("author", RESIDENTS, BUT_AUTHOR)}
ASK_FOR_POST -= {"report_progress"}
OF_AUTHOR = {act for act, (who, _) in MAY.items() if who == "author"}


@dataclass(frozen=True)
class Scene:
    """A matter and what the attempts need around it."""

    matter_id: uuid.UUID
    comment_id: uuid.UUID
    other_number: str
    signer: str
    body_id: uuid.UUID
    task_id: uuid.UUID
    query_id: uuid.UUID

    def url(self, path: str) -> str:
        """Return an address: of the matter, or from the root where `path` begins there."""
        return path if path.startswith("/") else f"/matters/{self.matter_id}/{path}"


def task(scene: Scene) -> tuple[str, dict[str, Any]]:
    today = day_of(datetime.now(UTC)).isoformat()
    return "tasks/new", {
        "title": "换灯",
        "responsible": str(scene.body_id),
        "standard": "夜里看得清台阶",
        "starts_on": today,
        "due_on": today,
    }


def decision(act: str) -> Callable[[Scene], tuple[str, dict[str, Any]]]:
    return lambda scene: ("decide", {"act": act, "ground": "no_means", "text": "理由"})


ATTEMPTS: dict[str, Callable[[Scene], tuple[str, dict[str, Any]]]] = {
    "edit": lambda scene: ("draft/what", {"title": "改了题目"}),
    "publish": lambda scene: ("publish", {}),
    "discard": lambda scene: ("discard", {}),
    "withdraw": lambda scene: ("withdraw", {"reason": "已解决"}),
    "resubmit": lambda scene: ("resubmit", {"text": "补充了"}),
    "second": lambda scene: ("second", {}),
    "enter_paper_seconds": lambda scene: ("paper-seconds", {"lines": scene.signer}),
    "comment": lambda scene: ("comments", {"text": "支持"}),
    "reply": lambda scene: (f"comments/{scene.comment_id}/reply", {"text": "同意"}),
    "hide_comment": lambda scene: (f"comments/{scene.comment_id}/hide", {"reason": "advertising"}),
    "merge": lambda scene: ("merge", {"into": scene.other_number, "reason": "重复"}),
    "study": lambda scene: ("study", {"outcome": "supported", "text": "同意"}),
    "accept": decision("accept"),
    "return": decision("return"),
    "decline": decision("decline"),
    "answer_directly": decision("answer_directly"),
    "demand": lambda scene: ("demand", {}),
    "enter_paper_demands": lambda scene: ("paper-demands", {"lines": scene.signer}),
    "ask": lambda scene: ("ask", {"text": "进展如何？"}),
    "add_task": task,
    "report_progress": lambda scene: (
        f"/matters/tasks/{scene.task_id}/report",
        {"progress": "50", "text": "返工"},
    ),
    "report_done": lambda scene: ("done", {"text": "灯已修好"}),
    "answer": lambda scene: (f"/matters/queries/{scene.query_id}/answer", {"text": "本周内"}),
    "grade": lambda scene: ("grade", {"level": "satisfied"}),
    "file_finding": lambda scene: ("findings/new", {"kind": "in_order", "task_id": "", "text": "已核查"}),
    "close": lambda scene: ("close", {"text": "已办结"}),
}


def expected(act: str, role: str, stage: str) -> int:
    who, stages = MAY[act]
    is_hidden = stage == "draft" and not (role == "author" and act in OF_AUTHOR)
    if is_hidden and (act not in ASK_FOR_POST or role in who.split()):
        return 404
    if role not in who.split():
        return 403
    return 303 if stage in stages.split() else 409


@dataclass(frozen=True)
class Town:
    """The people, each with a browser, by role; ids, not rows."""

    community_id: uuid.UUID
    author_id: uuid.UUID
    signer: str
    clients: dict[str, FlaskClient]


@pytest.fixture
def town(app: Flask, database: None) -> Town:
    with app.app_context():
        community = make_community()
        for role in Role:
            make_officer(community, role, login=role.value)
        # Enough that one paper demand does not decide, and one paper second neither.
        for _ in range(12):
            make_person(community)
        author = make_officer(community, Role.RESIDENT, login="author")
        town = Town(community.id, author.id, make_person(community, number="S-1").number, {})
    for login in ROLES:
        client = app.test_client()
        sign_in(client, login)
        town.clients[login] = client
    return town


def make_scene(app: Flask, town: Town, stage: str) -> Scene:
    with app.app_context():
        community = db.session.get_one(Community, town.community_id)
        matter, other = (_matter(community, town.author_id, found) for found in (stage, "raised"))
        db.session.add(other)
        db.session.flush()
        matter.merged_into_id = other.id if stage == "merged" else None
        db.session.add(matter)
        db.session.flush()
        comment = Comment(
            community_id=community.id,
            # A draft has no comments: nobody else has ever seen it.
            matter_id=other.id if stage == "draft" else matter.id,
            author_id=town.author_id,
            text="支持",
            at=datetime.now(UTC),
        )
        db.session.add(comment)
        body_id, task_id, query_id = _carried_out(matter)
        db.session.commit()
        return Scene(matter.id, comment.id, other.number or "", town.signer, body_id, task_id, query_id)


def _carried_out(matter: Matter) -> tuple[uuid.UUID, uuid.UUID, uuid.UUID]:
    """Hang a finished task of the service station and a query on the matter, and a round of grades at done.

    Returns the ids of the station, the task and the query; nothing hangs on a draft.
    """
    now = datetime.now(UTC)
    body_id = db.session.scalars(select(Body.id).where(Body.kind == BodyKind.SERVICE_STATION)).one()
    if matter.stage is Stage.DRAFT:
        return body_id, uuid.uuid4(), uuid.uuid4()
    about = {"community_id": matter.community_id, "matter_id": matter.id}
    task = Task(
        **about,
        position=1,
        title="查线路",
        body_id=body_id,
        starts_on=day_of(now),
        due_on=day_of(now),
        state=TaskState.DONE,
        progress=100,
        done_at=now,
    )
    query = Query(**about, author_id=matter.author_id, text="何时修好？", at=now, due_at=now)
    db.session.add_all([task, query])
    if matter.stage is Stage.DONE:
        db.session.add(GradeRound(**about, opened_at=now, closes_at=now + timedelta(days=15)))
    db.session.flush()
    return body_id, task.id, query.id


def _matter(community: Community, author_id: uuid.UUID, stage: str) -> Matter:
    now = datetime.now(UTC)
    is_draft = stage == "draft"
    return Matter(
        id=uuid.uuid4(),
        community_id=community.id,
        number=None if is_draft else f"2026-{uuid.uuid4().hex[:8]}",
        title="东侧路灯不亮",
        body="三盏灯坏了。",
        stage=Stage(stage),
        stage_since=now,
        author_id=author_id,
        profile=community.profile,
        created_at=now,
        raised_at=None if is_draft else now,
        seconded_at=None if is_draft else now,
    )


@pytest.mark.parametrize("stage", [stage.value for stage in Stage])
def test_each_act_answers_each_role_as_the_table_says(app: Flask, town: Town, stage: str) -> None:
    wrong, scene = [], make_scene(app, town, stage)
    for act, attempt in ATTEMPTS.items():
        for role in ROLES:
            path, data = attempt(scene)
            answer = town.clients[role].post(scene.url(path), data=data)
            if answer.status_code != expected(act, role, stage):
                wrong.append(f"{act} by {role}: {answer.status_code}, not {expected(act, role, stage)}")
            if answer.status_code in (403, 404, 409) and "<h1" not in answer.text:
                wrong.append(f"{act} by {role}: {answer.status_code} without words")
            if answer.status_code == 303:
                scene = make_scene(app, town, stage)
    assert wrong == []


def test_a_visitor_is_led_to_the_sign_in_whatever_they_try(app: Flask, town: Town) -> None:
    scene, visitor = make_scene(app, town, "raised"), app.test_client()
    for attempt in ATTEMPTS.values():
        path, data = attempt(scene)
        answer = visitor.post(scene.url(path), data=data)
        assert answer.status_code in (302, 303)
        assert "/sign-in" in answer.location


def test_every_act_of_the_table_has_its_attempt() -> None:
    assert set(MAY) == set(ATTEMPTS)
