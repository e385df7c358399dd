"""What comes before a session, as use cases: each with its refusals."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.bodies.rules import BodyKind, PostKind, Role
from civicforum.drafts.models import Draft
from civicforum.errors import AlreadyDone, Invalid, NotEligible, NotFound, RuleRefused, TransitionNotAllowed
from civicforum.matters.rules import Stage
from civicforum.matters.services.people import LinesRefused
from civicforum.meetings import services
from civicforum.meetings.floor import FloorRules, MotionKind
from civicforum.meetings.models import (
    AgendaItem,
    AssemblyDemand,
    DemandSignature,
    Invitation,
    Meeting,
    Paper,
    TextVersion,
)
from civicforum.meetings.queries.demands import get_demand
from civicforum.meetings.queries.due import list_due
from civicforum.meetings.queries.invitations import get_invitations
from civicforum.meetings.queries.preparing import get_preparation
from civicforum.meetings.rules import Answer, MeetingForm, ParticipantClass, PlanFault, Seat
from civicforum.meetings.services import Plan, PlannedItem
from civicforum.meetings.services.demands import (
    answer_demand,
    enter_paper_signatures,
    make_demand,
    sign_demand,
)
from civicforum.meetings.services.invitations import (
    Asked,
    answer_invitation,
    enter_answer,
    invite_body,
    invite_guest,
    invite_people,
)
from civicforum.meetings.services.moving import NewMotion
from civicforum.meetings.services.papers import NewPaper, add_paper, remove_paper
from civicforum.meetings.services.procedures import NewVersion, adopt_procedure, floor_rules_of, in_force
from civicforum.meetings.services.steps import rules_of
from civicforum.meetings.services.texts import add_version
from civicforum.meetings.services.turns import Table, add_turns, list_turns, skip_turn
from civicforum.people.models import Capacity, Person
from civicforum.people.rules import CapacityKind
from civicforum.rulebook.days import day_of
from tests.factories import NOW, actor_of, make_body, make_household, make_person, make_post, make_term
from tests.integration.meetings.scenes import Scene, community_of, make_matter, make_scene, open_sitting, plan
from tests.support.statements import count_statements

START = NOW + timedelta(days=20)
TODAY = day_of(NOW)
LIMITS = FloorRules(speech_seconds=90, speeches_each=1)


def items_of(session: Session, meeting_id: uuid.UUID) -> list[AgendaItem]:
    statement = select(AgendaItem).where(AgendaItem.meeting_id == meeting_id).order_by(AgendaItem.position)
    return list(session.scalars(statement))


def versions_of(session: Session, item_id: uuid.UUID) -> list[tuple[int, str]]:
    rows = session.scalars(select(TextVersion).where(TextVersion.item_id == item_id))
    return [(row.number, row.text) for row in sorted(rows, key=lambda row: row.number)]


def council(scene: Scene, *items: PlannedItem) -> uuid.UUID:
    return plan(scene, MeetingForm.COUNCIL, *items, starts_at=START).meeting_id


@pytest.mark.law("B41", "assembly.party_study")
def test_assembly_with_an_unstudied_text_is_not_called(session: Session) -> None:
    scene = make_scene(members=3)
    bare = PlannedItem(title="居民公约", text="宠物外出系绳。")
    for form in (MeetingForm.REPRESENTATIVE_ASSEMBLY, MeetingForm.RESIDENTS_ASSEMBLY):
        with pytest.raises(RuleRefused) as refused:
            plan(scene, form, bare)
        assert refused.value.verdict.rule.id == "assembly.party_study"
    for wrong, fault in (
        (replace(bare, studied_on=TODAY), PlanFault.STUDY_HALF_SAID),
        (replace(bare, study_text="同意"), PlanFault.STUDY_HALF_SAID),
        (replace(bare, studied_on=TODAY, study_text="同意"), PlanFault.STUDY_IN_FUTURE),
    ):
        with pytest.raises(Invalid) as invalid:
            plan(scene, MeetingForm.REPRESENTATIVE_ASSEMBLY, wrong)
        assert invalid.value.reason == fault
    assert session.scalars(select(Meeting)).all() == []
    studied = replace(bare, studied_on=TODAY - timedelta(days=12), study_text="同意")
    sitting = plan(scene, MeetingForm.REPRESENTATIVE_ASSEMBLY, studied)
    assert session.get_one(AgendaItem, sitting.item_id).study_text == "同意"


def test_item_that_stays_keeps_papers_and_versions_when_the_plan_changes(session: Session) -> None:
    scene = make_scene(members=3)
    meeting_id = council(scene, PlannedItem(title="照明", text="装灯。"), PlannedItem(title="其他"))
    light, other = items_of(session, meeting_id)
    for item in (light, other):
        add_paper(item_id=item.id, paper=NewPaper("材料", text="说明"), actor=scene.clerk, now=NOW)
    invite_people(
        meeting_id=meeting_id,
        lines=["何小雨"],
        asked=Asked(item_id=other.id),
        actor=scene.clerk,
        now=NOW,
    )
    changed = [PlannedItem(title="新议题"), PlannedItem(title="照明", text="装两盏灯。", item_id=light.id)]
    services.change_meeting(
        meeting_id=meeting_id,
        plan=Plan("议事会", "大礼堂", START, changed),
        reason="调整",
        actor=scene.director,
        now=NOW,
    )
    first, second = items_of(session, meeting_id)
    assert (first.title, second.id, second.position) == ("新议题", light.id, 2)
    assert versions_of(session, light.id) == [(1, "装灯。"), (2, "装两盏灯。")]
    assert session.scalars(select(Paper.item_id)).all() == [light.id]
    assert session.scalars(select(Invitation.item_id)).all() == [None]


def test_version_is_added_only_when_the_text_changes(session: Session) -> None:
    scene = make_scene(members=3)
    item = items_of(session, council(scene, PlannedItem(title="照明", text="装灯。")))[0]
    assert add_version(session, item, "装灯。", actor=scene.director, now=NOW) is None
    added = add_version(session, item, "", actor=None, now=NOW, note="删去")
    assert added is not None
    assert (added.number, item.text) == (2, "")


def test_session_follows_the_version_of_its_body_and_its_day(session: Session) -> None:
    scene = make_scene(members=3)
    body = make_body(community_of(scene), BodyKind.DELIBERATION_COUNCIL, name="议事会")
    meeting = session.get_one(Meeting, council(scene, PlannedItem(title="照明")))
    assert in_force(session, meeting, TODAY) is None
    assert floor_rules_of(rules_of(meeting), None).speech_seconds == 120
    of_all = NewVersion("议事规则", "文本", LIMITS, TODAY, "第一次代表会议")
    adopt_procedure(version=of_all, actor=scene.director, now=NOW)
    later = replace(
        of_all, limits=replace(LIMITS, speech_seconds=60), in_force_from=TODAY + timedelta(days=5)
    )
    adopt_procedure(version=later, actor=scene.director, now=NOW)
    own = replace(of_all, body_id=body.id, limits=replace(LIMITS, speech_seconds=30))
    adopt_procedure(version=own, actor=scene.director, now=NOW)

    def seconds(days: int) -> int:
        return floor_rules_of(
            rules_of(meeting), in_force(session, meeting, TODAY + timedelta(days=days))
        ).speech_seconds

    assert [seconds(-1), seconds(0), seconds(4), seconds(5)] == [120, 90, 90, 60]
    meeting.body_id = body.id
    session.flush()
    assert [seconds(-1), seconds(5)] == [120, 30]
    for wrong in (replace(of_all, in_force_from=TODAY - timedelta(days=1)), replace(of_all, adopted_by="")):
        with pytest.raises(Invalid):
            adopt_procedure(version=wrong, actor=scene.director, now=NOW)
    with pytest.raises(NotFound):
        adopt_procedure(version=replace(of_all, body_id=uuid.uuid4()), actor=scene.director, now=NOW)
    with pytest.raises(NotEligible):
        adopt_procedure(version=of_all, actor=scene.clerk, now=NOW)


def test_people_are_asked_for_the_side_of_their_posts_and_counted_once(session: Session) -> None:
    scene = make_scene(members=3)
    meeting_id = council(scene, PlannedItem(title="照明"))
    body = make_body(community_of(scene), BodyKind.OWNERS_COMMITTEE, name="业主委员会")
    neighbour = make_person(community_of(scene), name="周邻居", household=make_household(community_of(scene)))
    make_term(neighbour, make_post(body, PostKind.MEMBER))
    asked = Asked(stake="住在楼下")
    with pytest.raises(LinesRefused):
        invite_people(
            meeting_id=meeting_id, lines=["周邻居", "无此人"], asked=asked, actor=scene.clerk, now=NOW
        )
    assert invite_body(meeting_id=meeting_id, body_id=body.id, asked=asked, actor=scene.clerk, now=NOW) == 1
    # Asked already: nobody is asked twice.
    people = ["周邻居", "林国栋"]
    assert invite_people(meeting_id=meeting_id, lines=people, asked=asked, actor=scene.clerk, now=NOW) == 1
    guest = replace(asked, participant_class=ParticipantClass.EXPERT, seat=Seat.OBSERVER)
    invite_guest(meeting_id=meeting_id, name="高工", unit="设计院", asked=guest, actor=scene.clerk, now=NOW)
    page = get_invitations(session, meeting=session.get_one(Meeting, meeting_id), now=NOW)
    assert page.balance.counts == {ParticipantClass.COMMITTEE: 1, ParticipantClass.OWNERS: 1}
    assert page.balance.missing == (frozenset({ParticipantClass.RESIDENT, ParticipantClass.REPRESENTATIVE}),)
    for refused in (
        lambda: invite_body(
            meeting_id=meeting_id, body_id=uuid.uuid4(), asked=asked, actor=scene.clerk, now=NOW
        ),
        lambda: invite_guest(
            meeting_id=meeting_id, name="甲", unit="", asked=asked, actor=scene.clerk, now=NOW
        ),
    ):
        with pytest.raises(Invalid):
            refused()
    with pytest.raises(NotFound):
        invite_people(
            meeting_id=meeting_id,
            lines=people,
            asked=Asked(item_id=uuid.uuid4()),
            actor=scene.clerk,
            now=NOW,
        )
    with pytest.raises(NotEligible):
        invite_people(meeting_id=meeting_id, lines=people, asked=asked, actor=scene.members[1], now=NOW)


def test_answer_of_somebody_without_a_phone_names_the_clerk(session: Session) -> None:
    scene = make_scene(members=3)
    sitting = plan(scene, MeetingForm.REPRESENTATIVE_ASSEMBLY, PlannedItem(title="通报"), starts_at=START)
    member = scene.members[1]
    answer_invitation(meeting_id=sitting.meeting_id, answer=Answer.COMING, actor=member, now=NOW)
    row = session.scalars(select(Invitation)).one()
    assert (row.person_id, row.seat, row.answered_by_id) == (member.person_id, Seat.MEMBER, None)
    enter_answer(invitation_id=row.id, answer=Answer.NOT_COMING, actor=scene.clerk, now=NOW)
    session.refresh(row)
    assert (row.answer, row.answered_by_id) == (Answer.NOT_COMING, scene.clerk.person_id)
    stranger = actor_of(
        make_person(community_of(scene), household=make_household(community_of(scene))), Role.RESIDENT
    )
    with pytest.raises(NotEligible):
        answer_invitation(meeting_id=sitting.meeting_id, answer=Answer.COMING, actor=stranger, now=NOW)
    services.open_meeting(meeting_id=sitting.meeting_id, actor=scene.director, now=START)
    with pytest.raises(TransitionNotAllowed):
        answer_invitation(meeting_id=sitting.meeting_id, answer=Answer.COMING, actor=member, now=START)


def test_paper_that_lay_before_a_session_stays_with_it(session: Session) -> None:
    scene = make_scene(members=3)
    meeting_id = council(scene, PlannedItem(title="照明"))
    item = items_of(session, meeting_id)[0]
    for wrong in (
        NewPaper("空"),
        NewPaper("两样", text="有", data=b"%PDF-1"),
        NewPaper("意见", text="有", is_expert_opinion=True),
        NewPaper("号码", text="110101199003071234"),
    ):
        with pytest.raises(Invalid):
            add_paper(item_id=item.id, paper=wrong, actor=scene.clerk, now=NOW)
    add_paper(item_id=item.id, paper=NewPaper("图", data=b"%PDF-1"), actor=scene.clerk, now=NOW)
    services.open_meeting(meeting_id=meeting_id, actor=scene.director, now=START)
    paper_id = session.scalars(select(Paper.id)).one()
    with pytest.raises(TransitionNotAllowed):
        remove_paper(paper_id=paper_id, actor=scene.clerk, now=START)


def test_turn_is_passed_over_once_and_with_its_reason(session: Session) -> None:
    scene = make_scene(members=3)
    body = make_body(community_of(scene), BodyKind.DELIBERATION_COUNCIL, name="联席会")
    table = Table(["小学", "供电所"], TODAY, 6)
    assert add_turns(body_id=body.id, table=table, actor=scene.director, now=NOW) == 2
    with pytest.raises(Invalid):
        add_turns(body_id=body.id, table=table, actor=scene.director, now=NOW)
    line = next(line for line in list_due(session, community_id=scene.community_id, now=NOW) if line.unit)
    assert (line.unit, line.body.id) == ("小学", body.id)
    turn = list_turns(session, body_id=body.id)[0].id
    with pytest.raises(Invalid):
        skip_turn(turn_id=turn, reason="", actor=scene.director, now=NOW)
    skip_turn(turn_id=turn, reason="搬迁", actor=scene.director, now=NOW)
    with pytest.raises(TransitionNotAllowed):
        skip_turn(turn_id=turn, reason="搬迁", actor=scene.director, now=NOW)
    line = next(line for line in list_due(session, community_id=scene.community_id, now=NOW) if line.unit)
    assert line.unit == "供电所"


def make_residents(session: Session, scene: Scene, number: int) -> list[Person]:
    """Make adults with hukou here, two to a household."""
    community = community_of(scene)
    people = []
    for index in range(number):
        if index % 2 == 0:
            household = make_household(community)
        people.append(make_person(community, household=household, name=f"居民{index}"))
    session.add_all(
        Capacity(
            community_id=scene.community_id,
            person_id=person.id,
            kind=CapacityKind.HUKOU,
            since=TODAY - timedelta(days=900),
        )
        for person in people
    )
    session.commit()
    return people


@pytest.mark.law("B37", "assembly.residents.demand", "assembly.residents.demand_by_households")
def test_households_and_adults_are_counted_apart_and_the_clock_starts_once(session: Session) -> None:
    scene = make_scene(members=2)
    # With the director, the clerk and the representative forty adults live here.
    people = make_residents(session, scene, 37)
    first = actor_of(people[0], Role.RESIDENT)
    demand_id = make_demand(
        form=MeetingForm.RESIDENTS_ASSEMBLY,
        title="物业合同",
        reason="到期",
        for_household=True,
        actor=first,
        now=NOW,
    )

    with pytest.raises(AlreadyDone):
        sign_demand(demand_id=demand_id, for_household=False, actor=first, now=NOW)
    # Of the same household: one signs for it, the other for herself.
    second = actor_of(people[1], Role.RESIDENT)
    with pytest.raises(Invalid):
        sign_demand(demand_id=demand_id, for_household=True, actor=second, now=NOW)
    figures = sign_demand(demand_id=demand_id, for_household=False, actor=second, now=NOW)
    assert not figures.is_enough
    assert figures.verdicts[0].arithmetic.startswith("2 < 1/10 × 40")
    for wrong in ("居民0", "无此人"):
        with pytest.raises(LinesRefused):
            enter_paper_signatures(
                demand_id=demand_id, lines=[wrong], for_households=False, actor=scene.clerk, now=NOW
            )
    figures = enter_paper_signatures(
        demand_id=demand_id, lines=["居民2", "居民3"], for_households=False, actor=scene.clerk, now=NOW
    )
    assert figures.is_enough
    demand = session.get_one(AssemblyDemand, demand_id)
    assert demand.due_at is not None
    assert day_of(demand.due_at) == TODAY + timedelta(days=15)
    assert session.scalars(
        select(DemandSignature.entered_by_id).where(DemandSignature.channel == "paper").distinct()
    ).all() == [scene.clerk.person_id]
    later = NOW + timedelta(days=3)
    enter_paper_signatures(
        demand_id=demand_id, lines=["居民4"], for_households=True, actor=scene.clerk, now=later
    )
    session.refresh(demand)
    assert demand.reached_at == NOW


@pytest.mark.law("B40", "assembly.representatives.demand", "assembly.representatives.after_demand")
def test_demanded_assembly_is_late_after_fifteen_days_until_it_is_called(session: Session) -> None:
    scene = make_scene(members=6)
    demand_id = make_demand(
        form=MeetingForm.REPRESENTATIVE_ASSEMBLY,
        title="物业合同",
        reason="到期",
        for_household=False,
        actor=scene.members[1],
        now=NOW,
    )

    def is_late(days: int) -> bool:
        now = NOW + timedelta(days=days)
        found = get_demand(
            session, demand_id=demand_id, community_id=scene.community_id, person_id=None, now=now
        )
        return found.is_late(now)

    assert [is_late(15), is_late(16)] == [False, True]
    wrong = plan(scene, MeetingForm.RESIDENTS_ASSEMBLY, PlannedItem(title="通报"), starts_at=START)
    with pytest.raises(Invalid):
        answer_demand(demand_id=demand_id, meeting_id=wrong.meeting_id, actor=scene.director, now=NOW)
    called = services.plan_meeting(
        form=MeetingForm.REPRESENTATIVE_ASSEMBLY,
        plan=Plan("代表会议", "大礼堂", START, [PlannedItem(title="物业合同")]),
        actor=scene.director,
        now=NOW,
    )
    answer_demand(demand_id=demand_id, meeting_id=called, actor=scene.director, now=NOW)
    assert not is_late(16)
    with pytest.raises(TransitionNotAllowed):
        sign_demand(demand_id=demand_id, for_household=False, actor=scene.members[2], now=NOW)


def test_matter_needs_no_second_study_of_its_own(session: Session) -> None:
    scene = make_scene(members=3)
    matter_id = make_matter(scene, Stage.TO_DECIDE)
    sitting = plan(scene, MeetingForm.REPRESENTATIVE_ASSEMBLY, PlannedItem(matter_id=matter_id))
    item = session.get_one(AgendaItem, sitting.item_id)
    assert item.studied_on is None
    assert versions_of(session, item.id) == [(1, item.text)]


@pytest.mark.law("B41", "assembly.party_study")
def test_nobody_moves_in_an_assembly_what_nobody_has_studied(session: Session) -> None:
    scene = make_scene(members=4)
    sitting = open_sitting(
        scene, MeetingForm.REPRESENTATIVE_ASSEMBLY, PlannedItem(title="楼道堆物"), present=4
    )
    services.call_item(item_id=sitting.item_id, actor=scene.director, now=NOW)
    motion = NewMotion(MotionKind.MAIN, "每月清理一次。")
    with pytest.raises(RuleRefused) as refused:
        services.move_motion(meeting_id=sitting.meeting_id, motion=motion, actor=scene.members[1], now=NOW)
    assert refused.value.verdict.rule.id == "assembly.party_study"
    item = session.get_one(AgendaItem, sitting.item_id)
    item.studied_on, item.study_text = TODAY, "同意"
    session.commit()
    services.move_motion(meeting_id=sitting.meeting_id, motion=motion, actor=scene.members[1], now=NOW)


def test_item_whose_draft_is_out_for_comment_stays_on_the_agenda(session: Session) -> None:
    scene = make_scene(members=3)
    meeting_id = council(scene, PlannedItem(title="照明", text="装灯。"), PlannedItem(title="其他"))
    light, other = items_of(session, meeting_id)
    session.add(
        Draft(
            community_id=scene.community_id,
            title="照明",
            text="装灯。",
            item_id=light.id,
            put_out_at=NOW,
            put_out_by_id=scene.director.person_id,
            until=NOW + timedelta(days=7),
            profile="national-2026",
        )
    )
    session.commit()
    without = Plan("议事会", "大礼堂", START, [PlannedItem(title="其他", item_id=other.id)])
    with pytest.raises(Invalid) as refused:
        services.change_meeting(
            meeting_id=meeting_id, plan=without, reason="删去", actor=scene.director, now=NOW
        )
    assert refused.value.reason == PlanFault.ITEM_OUT_FOR_COMMENT


def test_preparation_of_a_long_agenda_makes_as_many_statements_as_of_a_short_one(session: Session) -> None:
    scene = make_scene(members=12)
    short = council(scene, PlannedItem(title="照明", text="装灯。"))
    long = council(scene, *(PlannedItem(title=f"议题{number}", text="装灯。") for number in range(9)))
    numbers = [session.get_one(Person, member.person_id).number for member in scene.members]
    for meeting_id, lines in ((short, numbers[:1]), (long, numbers)):
        invite_people(meeting_id=meeting_id, lines=lines, asked=Asked(), actor=scene.clerk, now=NOW)
        for item in items_of(session, meeting_id):
            add_paper(item_id=item.id, paper=NewPaper("材料", text="说明"), actor=scene.clerk, now=NOW)

    def statements(meeting_id: uuid.UUID) -> int:
        session.expire_all()
        with count_statements() as counted:
            page = get_preparation(
                session,
                meeting_id=meeting_id,
                community_id=scene.community_id,
                actor=scene.director,
                now=NOW,
            )
            asked = get_invitations(session, meeting=page.meeting, now=NOW)
            assert all(line.papers and line.versions for line in page.items)
            assert all(row.person and row.person.name for topic in asked.topics for row in topic.invited)
        return counted.total

    assert statements(short) == statements(long) <= 20
