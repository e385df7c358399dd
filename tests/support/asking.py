"""A community with notices and those who ask about them, made through services."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.database import transaction
from civicforum.notices.rules import ComplaintGround, ComplaintOutcome, NoticeCategory, Rhythm
from civicforum.notices.services import complaining, demanding, post_notice, querying
from civicforum.registers.services.owners import notify_decision
from civicforum.registers.services.residence import report_in
from civicforum.rulebook.days import day_of
from tests.factories import NOW, actor_of, make_community, make_officer, make_person


@dataclass
class Town:
    community_id: uuid.UUID
    director: Actor
    clerk: Actor
    supervisor: Actor
    resident: Actor
    neighbour: Actor


def make_town() -> Town:
    """Make a community with a director, a clerk, a supervisor and two residents who can sign in."""
    community = make_community()
    officers = {
        role: actor_of(make_officer(community, role, login=role.value, name=name), role)
        for role, name in (
            (Role.COMMITTEE, "林晓燕"),
            (Role.CLERK, "周敏"),
            (Role.SUPERVISOR, "何建国"),
        )
    }
    return Town(
        community.id,
        officers[Role.COMMITTEE],
        officers[Role.CLERK],
        officers[Role.SUPERVISOR],
        actor_of(make_officer(community, Role.RESIDENT, login="resident", name="王秀兰")),
        actor_of(make_person(community, name="陈志强")),
    )


def make_notice(town: Town, *, title: str = "第一季度公益金收支", now: datetime = NOW) -> uuid.UUID:
    """Post a notice of the committee's and return its id."""
    with transaction() as session:
        notice = post_notice(
            session,
            community_id=town.community_id,
            category=NoticeCategory.MONEY_AND_DONATIONS,
            title=title,
            text="收入12000元，支出9000元，结余3000元。",
            posted_by=town.director.person_id,
            now=now,
        )
        return notice.id


def make_scene(town: Town, *, now: datetime = NOW) -> dict[str, uuid.UUID]:
    """Make a row for every page of queries, demands, complaints and registers; return ids by argument.

    "asked_id" waits for an answer of the director's, "answered_id" for the resident to ask on;
    "complaint_id" is the resident's and has been ordered to be set right, "filed_id" is handed over.
    """
    notice_id = make_notice(town, now=now)
    asked, answered = (
        querying.ask_about(notice_id=notice_id, text=text, actor=town.resident, now=now)
        for text in ("九千元用在哪里？", "结余怎么用？")
    )
    querying.answer_query(query_id=answered, text="转入下期。", actor=town.director, now=now)
    demand_id = demanding.demand_item(
        title="电梯广告收入",
        reason="没见过账。",
        category=NoticeCategory.MONEY_AND_DONATIONS,
        rhythm=Rhythm.QUARTERLY,
        actor=town.resident,
        now=now,
    )
    complaints = [
        complaining.file_complaint(
            ground=ground, text="与发票不符。", notice_id=notice_id, actor=town.resident, now=now
        )
        for ground in (ComplaintGround.FALSE, ComplaintGround.LATE)
    ]
    for complaint_id in complaints:
        complaining.hand_over(complaint_id=complaint_id, actor=town.clerk, now=now)
    complaining.enter_outcome(
        complaint_id=complaints[0],
        outcome=ComplaintOutcome.ORDERED,
        answer="限期更正。",
        actor=town.supervisor,
        now=now,
    )
    decision_id = notify_decision(
        owners="东苑业主大会",
        title="更换电梯",
        text="同意更换两部电梯。",
        decided_on=day_of(now),
        actor=town.clerk,
        now=now,
    )
    report_in(unit="市自来水公司", actor=town.resident, now=now)
    return {
        "notice_id": notice_id,
        "asked_id": asked,
        "answered_id": answered,
        "demand_id": demand_id,
        "complaint_id": complaints[0],
        "filed_id": complaints[1],
        "decision_id": decision_id,
    }
