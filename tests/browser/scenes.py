"""Places in the life of a community, made by the services so that no test has to walk there."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from civicforum.accounts.rules import Actor
from civicforum.bodies.models import Body
from civicforum.bodies.rules import BodyKind, Role
from civicforum.database import db
from civicforum.drafts import services as drafts
from civicforum.matters import services as matters
from civicforum.matters.rules import Act, FindingKind, Ground, ReviewOutcome, Stage
from civicforum.meetings import services
from civicforum.meetings.floor import FloorRules
from civicforum.meetings.models import Meeting
from civicforum.meetings.rules import MeetingForm, ParticipantClass
from civicforum.meetings.services import Plan, PlannedItem, demands, duties, invitations, papers, procedures
from civicforum.notices.rules import NoticeCategory
from civicforum.notices.services import publish_notice
from civicforum.rulebook.days import day_of
from civicforum.statements import services as statements
from civicforum.statements.models import Statement
from civicforum.statements.rules import Answer
from tests.browser.appraisal_scenes import fill_appraisals, fill_services
from tests.browser.open_affairs_scenes import fill_open_affairs
from tests.factories import make_body
from tests.integration.matters.carrying import Place, add_task, make_done, make_matter_at
from tests.support.reports import make_holder
from tests.support.town import Neighbour, Town, id_in


@dataclass(frozen=True)
class Vote:
    """An assembly that votes: the members present, and where the meeting and the poll stand."""

    members: list[Neighbour]
    meeting: str
    poll: str
    poll_id: uuid.UUID


def open_vote(town: Town, *, members: int, also: Sequence[Neighbour] = ()) -> Vote:
    """Open a vote of so many new representatives, and of others who have a seat already."""
    director = town.officer(Role.COMMITTEE, "陈主任")
    people = [town.officer(Role.REPRESENTATIVE, f"代表{serial}") for serial in range(1, members + 1)]
    now = datetime.now(UTC)
    with town.app.app_context():
        meeting_id = services.plan_meeting(
            form=MeetingForm.REPRESENTATIVE_ASSEMBLY,
            plan=Plan(
                title="居民代表会议",
                place="社区活动室",
                starts_at=now,
                items=[
                    PlannedItem(
                        title="通过居民公约",
                        text="楼道不堆放杂物，宠物外出系绳。",
                        studied_on=(now - timedelta(days=20)).date(),
                        study_text="原则同意，提请居民代表会议表决。",
                    )
                ],
            ),
            actor=director.actor,
            now=now - timedelta(days=10),
        )
        services.open_meeting(meeting_id=meeting_id, actor=director.actor, now=now)
        come(meeting_id, [one.actor for one in (*people, *also)], now=now)
        item_id = db.session.get_one(Meeting, meeting_id).agenda[0].id
        poll_id = services.open_vote(item_id=item_id, actor=director.actor, now=now)
    return Vote(people, f"/meetings/{meeting_id}", f"/polls/{poll_id}", poll_id)


def come(meeting_id: uuid.UUID, actors: Sequence[Actor], *, now: datetime) -> None:
    """Let people type the code that is shown in the room."""
    code = db.session.get_one(Meeting, meeting_id).check_in_code
    for actor in actors:
        services.check_in(meeting_id=meeting_id, actor=actor, code=code, now=now)


def fill(town: Town) -> dict[Role, Neighbour]:
    """Give the town something on every page: an officer for each role, and matters at every stage."""
    names = {Role.RESIDENT: "王秀英", Role.STATION_HEAD: "马站长", Role.ADMIN: "管理员"}
    people = {role: town.officer(role, names.get(role, f"干部{number}")) for number, role in enumerate(Role)}
    now = datetime.now(UTC)
    author, committee = people[Role.RESIDENT], people[Role.COMMITTEE]
    raised = id_in(town.matter(author, title="单元门的门禁坏了，晚上谁都能进"))
    in_review = [id_in(town.matter(author, title=f"第{number}号楼顶漏水", seconds=5)) for number in range(6)]
    town.matter(people[Role.CLERK], title="车棚充电口不够用", seconds=5)
    with town.app.app_context():
        matters.start_draft(actor=author.actor, title="单元门的门禁坏了", now=now)
        matters.add_comment(
            matter_id=raised, actor=committee.actor, text="已请物业来看。", parent_id=None, now=now
        )
        for matter_id in in_review:
            matters.study_matter(
                matter_id=matter_id,
                actor=people[Role.PARTY].actor,
                outcome=ReviewOutcome.SUPPORTED,
                text="应当办。",
                now=now,
            )
        acts = (Act.ACCEPT, Act.ACCEPT, Act.RETURN, Act.DECLINE, Act.ANSWER_DIRECTLY)
        for matter_id, act in zip(in_review, acts, strict=False):
            ground = Ground.NO_MEANS if act is Act.DECLINE else None
            matters.decide_matter(
                matter_id=matter_id, actor=committee.actor, act=act, text="理由在此。", ground=ground, now=now
            )
        _hold_council(committee, in_review[0], now)
        _carry_out(town, people, now)
        publish_notice(
            actor=committee.actor,
            category=NoticeCategory.COMMON_CONCERN,
            title="停水通知",
            text="明天上午九点到十一点停水。",
            now=now,
        )
        make_holder(town.community, now=now)
        _hold_conversation(people, in_review[0], now)
        make_body(town.community, BodyKind.DELIBERATION_COUNCIL)
        _prepare_hearing(people, now)
        _put_out(people, now)
        fill_services(town, people, now)
        fill_appraisals(town, people, now)
        fill_open_affairs(town, people, now)
    open_vote(town, members=4, also=[people[Role.REPRESENTATIVE], people[Role.COMMITTEE]])
    return people


def _hold_conversation(people: dict[Role, Neighbour], matter_id: uuid.UUID, now: datetime) -> None:
    """Hold a conversation with figures, in which the resident's statement waits to be looked at."""
    seeds = ["先修屋顶", "先换管道", "费用按户分摊", "动用维修资金"]
    conversation_id = statements.plan_conversation(
        plan=statements.Plan("屋顶漏水怎么修", now, now + timedelta(days=7), seeds=seeds),
        matter_id=matter_id,
        actor=people[Role.COMMITTEE].actor,
        now=now,
    )
    statements.add_statement(
        conversation_id=conversation_id, text="先请人鉴定", actor=people[Role.RESIDENT].actor, now=now
    )
    shown = select(Statement.id).where(Statement.is_seed)
    for statement_id in db.session.scalars(shown).all():
        for role in (Role.PARTY, Role.SUPERVISOR, Role.STATION_HEAD, Role.CLERK, Role.ADMIN):
            statements.cast_vote(
                statement_id=statement_id, answer=Answer.AGREE, actor=people[role].actor, now=now
            )
    statements.compute_grouping(conversation_id=conversation_id, now=now)


def _hold_council(committee: Neighbour, matter_id: uuid.UUID, now: datetime) -> None:
    for starts_at in (now, now + timedelta(days=5)):
        meeting_id = services.plan_meeting(
            form=MeetingForm.COUNCIL,
            plan=Plan(
                title="居民议事会",
                place="社区活动室",
                starts_at=starts_at,
                items=[PlannedItem(matter_id=matter_id)],
            ),
            actor=committee.actor,
            now=now - timedelta(days=10),
        )
        if starts_at == now:
            services.open_meeting(meeting_id=meeting_id, actor=committee.actor, now=now)
            come(meeting_id, [committee.actor], now=now)


def _prepare_hearing(people: dict[Role, Neighbour], now: datetime) -> None:
    """Open a hearing with an opinion, a guest and a task, beside rules, duties and a demand."""
    committee = people[Role.COMMITTEE].actor
    station = db.session.scalars(select(Body.id).where(Body.kind == BodyKind.SERVICE_STATION)).one()
    meeting_id = services.plan_meeting(
        form=MeetingForm.HEARING,
        plan=Plan(
            title="加装电梯听证会",
            place="社区活动室",
            starts_at=now,
            items=[PlannedItem(title="加装电梯的方案", text="三号楼加装电梯一部。")],
        ),
        actor=committee,
        now=now - timedelta(days=10),
    )
    item_id = db.session.get_one(Meeting, meeting_id).agenda[0].id
    papers.add_paper(
        item_id=item_id,
        paper=papers.NewPaper(
            "结构安全意见", author="省设计院", text="墙体可以承重。", is_expert_opinion=True
        ),
        actor=committee,
        now=now,
    )
    invitations.invite_guest(
        meeting_id=meeting_id,
        name="孙工",
        unit="省设计院",
        asked=invitations.Asked(ParticipantClass.EXPERT, stake="出具意见"),
        actor=committee,
        now=now,
    )
    services.open_meeting(meeting_id=meeting_id, actor=committee, now=now)
    services.add_task(
        item_id=item_id,
        text="测量三号楼地基。",
        owner_id=station,
        due_on=day_of(now) + timedelta(days=14),
        actor=committee,
        now=now,
    )
    duties.start_catalogue(actor=committee, now=now)
    procedures.adopt_procedure(
        version=procedures.NewVersion(
            "居民议事规则", "先举手，后发言。", FloorRules(120, 2), day_of(now), "居民代表会议"
        ),
        actor=committee,
        now=now,
    )
    demands.make_demand(
        form=MeetingForm.REPRESENTATIVE_ASSEMBLY,
        title="请讨论停车收费",
        reason="收费没有公布。",
        for_household=False,
        actor=people[Role.REPRESENTATIVE].actor,
        now=now,
    )


def _put_out(people: dict[Role, Neighbour], now: datetime) -> None:
    draft_id = drafts.put_out_draft(
        title="停车管理办法（征求意见稿）",
        text="第一条 车位先到先得。\n第二条 消防通道不得停车。",
        until=day_of(now) + timedelta(days=10),
        actor=people[Role.COMMITTEE].actor,
        now=now,
    )
    drafts.comment_on_draft(
        draft_id=draft_id, text="请给送货车留位。", actor=people[Role.RESIDENT].actor, now=now
    )


def _carry_out(town: Town, people: dict[Role, Neighbour], now: datetime) -> None:
    body = db.session.scalars(select(Body.id).where(Body.kind == BodyKind.SERVICE_STATION)).one()
    place = Place(
        community_id=town.community_id,
        actors={role: one.actor for role, one in people.items()},
        residents=[people[Role.RESIDENT].actor],
        station_id=body,
        committee_id=body,
    )
    working = make_matter_at(place, Stage.DECIDED)
    task_id = add_task(place, working, now=now)
    matters.report_progress(
        task_id=task_id, actor=place.actors[Role.STATION_HEAD], progress=40, text="已进场。", now=now
    )
    matters.file_finding(
        matter_id=working,
        actor=place.actors[Role.SUPERVISOR],
        kind=FindingKind.PROBLEM,
        text="合同没有公示。",
        task_id=task_id,
        now=now,
    )
    matters.ask(matter_id=working, actor=place.residents[0], text="什么时候完工？", now=now)
    ready = make_matter_at(place, Stage.DECIDED)
    ready_task = add_task(place, ready, now=now)
    matters.report_progress(
        task_id=ready_task, actor=place.actors[Role.STATION_HEAD], progress=100, text="已完工。", now=now
    )
    make_done(place, now=now)
    make_matter_at(place, Stage.APPRAISED)
    make_matter_at(place, Stage.DECIDED)
