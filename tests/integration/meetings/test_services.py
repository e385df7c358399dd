"""The life of a meeting and of a vote, with every refusal on the way."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.bodies.models import Post
from civicforum.bodies.rules import PostKind, Role
from civicforum.errors import (
    AlreadyDone,
    Invalid,
    NotEligible,
    NotFound,
    RuleRefused,
    TransitionNotAllowed,
)
from civicforum.matters.models import Matter
from civicforum.matters.rules import Act, Stage
from civicforum.meetings import services
from civicforum.meetings.errors import NothingToVoteOn, NotYetTheDay, VoteIsOpen
from civicforum.meetings.models import AgendaItem, Attendance, Meeting
from civicforum.meetings.rules import MeetingForm, MeetingState, Outcome, ParticipantClass, PlanFault, Seat
from civicforum.meetings.services import Plan, PlannedItem
from civicforum.notices.models import Notice
from civicforum.notices.rules import NoticeCategory
from civicforum.people.models import Person
from civicforum.polls.models import Poll, RollEntry
from civicforum.polls.queries.named import get_page, list_hands
from civicforum.polls.rules import Choice, PollState
from civicforum.polls.services.named import cast_open_ballot
from civicforum.records.models import JournalEntry
from civicforum.records.queries import verify_journal
from tests.factories import NOW, actor_of, make_community, make_officer, make_person, make_term
from tests.integration.meetings.scenes import (
    TEXT,
    Scene,
    come,
    community_of,
    make_matter,
    make_scene,
    open_assembly,
    open_sitting,
    plan,
)

LATER = NOW + timedelta(minutes=10)
STUDIED = PlannedItem(
    title="章程", text="居民自治章程", studied_on=(NOW - timedelta(days=20)).date(), study_text="原则同意。"
)


def vote_all(scene: Scene, poll_id: uuid.UUID, *, in_favour: int, against: int = 0) -> None:
    choices = [Choice.FOR] * in_favour + [Choice.AGAINST] * against
    for member, choice in zip(scene.members, choices, strict=False):
        cast_open_ballot(poll_id=poll_id, choice=choice, actor=member, now=NOW)


def test_assembly_adopts_a_matter_and_posts_the_resolution(session: Session) -> None:
    scene = make_scene(members=6)
    sitting = open_assembly(scene, present=5)
    poll_id = services.open_vote(item_id=sitting.item_id, actor=scene.director, now=NOW)
    vote_all(scene, poll_id, in_favour=3, against=1)
    assert services.close_vote(item_id=sitting.item_id, actor=scene.director, now=LATER)

    matter = session.get_one(Matter, sitting.matter_id)
    poll = session.get_one(Poll, poll_id)
    item = session.get_one(AgendaItem, sitting.item_id)
    assert (matter.stage, matter.resolution) == (Stage.DECIDED, TEXT)
    assert (poll.state, poll.members) == (PollState.CERTIFIED, 6)
    assert item.outcome is Outcome.ADOPTED
    assert poll.result is not None
    assert poll.result.counts == {"for": 3, "against": 1, "abstain": 0, "did_not_vote": 1, "roll": 5}
    assert [kept["arithmetic"] for kept in poll.result.verdicts] == [
        "5 ≥ 2/3 × 6 = 4",
        "3 > 1/2 × 5 = 2.5",
    ]
    notice = session.scalars(select(Notice).order_by(Notice.posted_at.desc())).first()
    assert notice is not None
    assert notice.title == "关于“加装集中充电棚”的决议"
    assert TEXT in notice.text
    assert notice.category is NoticeCategory.ASSEMBLY_DECISIONS
    assert notice.until - notice.posted_at >= timedelta(days=15)
    entry = session.scalars(select(JournalEntry).where(JournalEntry.action == "matter.adopt")).one()
    assert entry.payload["from"] == Stage.TO_DECIDE
    assert entry.payload["to"] == Stage.DECIDED
    assert verify_journal(session, community_id=scene.community_id)[1] is None


@pytest.mark.parametrize(("in_favour", "against"), [(2, 0), (2, 3), (0, 0)])
def test_half_of_those_present_is_not_enough(session: Session, in_favour: int, against: int) -> None:
    scene = make_scene(members=6)
    sitting = open_assembly(scene, present=5 if against else 4)
    poll_id = services.open_vote(item_id=sitting.item_id, actor=scene.director, now=NOW)
    vote_all(scene, poll_id, in_favour=in_favour, against=against)
    assert not services.close_vote(item_id=sitting.item_id, actor=scene.director, now=LATER)
    assert session.get_one(Matter, sitting.matter_id).stage is Stage.NOT_ADOPTED
    titles = session.scalars(select(Notice.title)).all()
    assert "关于“加装集中充电棚”的表决结果" in titles


def test_vote_cannot_be_opened_below_two_thirds_and_the_refusal_names_the_article(session: Session) -> None:
    scene = make_scene(members=6)
    sitting = open_assembly(scene, present=3)
    with pytest.raises(RuleRefused) as refused:
        services.open_vote(item_id=sitting.item_id, actor=scene.director, now=NOW)
    assert refused.value.verdict.arithmetic == "3 < 2/3 × 6 = 4"
    assert refused.value.verdict.rule.article == "城市居民委员会组织法 第二十九条"
    services.close_meeting(meeting_id=sitting.meeting_id, actor=scene.director, now=LATER)
    item = session.get_one(AgendaItem, sitting.item_id)
    assert (item.outcome, item.outcome_text) == (Outcome.NO_QUORUM, "3 < 2/3 × 6 = 4")
    assert session.get_one(Matter, sitting.matter_id).stage is Stage.TO_DECIDE
    # It goes to the next meeting, where enough have come.
    again = open_sitting(
        scene,
        MeetingForm.REPRESENTATIVE_ASSEMBLY,
        PlannedItem(matter_id=sitting.matter_id),
        present=4,
    )
    assert services.open_vote(item_id=again.item_id, actor=scene.director, now=NOW)


def test_residents_assembly_counts_all_adults(session: Session) -> None:
    scene = make_scene(members=3)
    sitting = plan(scene, MeetingForm.RESIDENTS_ASSEMBLY, STUDIED)
    services.open_meeting(meeting_id=sitting.meeting_id, actor=scene.director, now=NOW)
    # Director, clerk and two representatives: three of four are more than half.
    assert session.get_one(Meeting, sitting.meeting_id).members_due == 4
    for member in scene.members[:2]:
        assert come(sitting, member) is Seat.MEMBER
    with pytest.raises(RuleRefused):
        services.open_vote(item_id=sitting.item_id, actor=scene.director, now=NOW)
    come(sitting, scene.members[2])
    poll_id = services.open_vote(item_id=sitting.item_id, actor=scene.director, now=NOW)
    vote_all(scene, poll_id, in_favour=2)
    assert services.close_vote(item_id=sitting.item_id, actor=scene.director, now=LATER)


def test_member_of_two_bodies_counts_once(session: Session) -> None:
    scene = make_scene(members=4)
    director = session.get_one(Person, scene.director.person_id)
    post = session.scalars(select(Post).where(Post.kind == PostKind.REPRESENTATIVE)).one()
    make_term(director, post)
    sitting = plan(scene, MeetingForm.REPRESENTATIVE_ASSEMBLY, PlannedItem(title="通报"))
    services.open_meeting(meeting_id=sitting.meeting_id, actor=scene.director, now=NOW)
    assert session.get_one(Meeting, sitting.meeting_id).members_due == 4


def test_whoever_joins_the_body_after_the_opening_sits_in(session: Session) -> None:
    scene = make_scene(members=3)
    sitting = open_assembly(scene, present=3)
    late = actor_of(make_officer(community_of(scene), Role.REPRESENTATIVE))
    assert come(sitting, late) is Seat.OBSERVER
    assert services.open_vote(item_id=sitting.item_id, actor=scene.director, now=NOW)


def test_who_left_is_not_on_the_roll_and_who_came_back_is(session: Session) -> None:
    scene = make_scene(members=6)
    sitting = open_assembly(scene, present=6)
    for member in scene.members[4:]:
        services.leave(meeting_id=sitting.meeting_id, actor=member, now=NOW)
    come(sitting, scene.members[4], now=LATER)
    poll_id = services.open_vote(item_id=sitting.item_id, actor=scene.director, now=LATER)
    roll = session.scalars(select(RollEntry.person_id).where(RollEntry.poll_id == poll_id)).all()
    assert set(roll) == set(scene.member_ids[:5])
    with pytest.raises(NotEligible):
        cast_open_ballot(poll_id=poll_id, choice=Choice.FOR, actor=scene.members[5], now=LATER)


def test_resident_sits_in_without_a_vote(session: Session) -> None:
    scene = make_scene(members=3)
    sitting = open_assembly(scene, present=3)
    resident = actor_of(make_person(community_of(scene)))
    assert come(sitting, resident) is Seat.OBSERVER
    poll_id = services.open_vote(item_id=sitting.item_id, actor=scene.director, now=NOW)
    with pytest.raises(NotEligible):
        cast_open_ballot(poll_id=poll_id, choice=Choice.FOR, actor=resident, now=NOW)


def test_second_ballot_is_refused_and_the_first_stands(session: Session) -> None:
    scene = make_scene(members=3)
    sitting = open_assembly(scene, present=3)
    poll_id = services.open_vote(item_id=sitting.item_id, actor=scene.director, now=NOW)
    cast_open_ballot(poll_id=poll_id, choice=Choice.AGAINST, actor=scene.members[1], now=NOW)
    with pytest.raises(AlreadyDone):
        cast_open_ballot(poll_id=poll_id, choice=Choice.FOR, actor=scene.members[1], now=NOW)
    page = get_page(
        session, poll_id=poll_id, community_id=scene.community_id, person_id=scene.members[1].person_id
    )
    assert page.own_choice is Choice.AGAINST
    assert page.votes is None, "nobody sees names while the vote is open"


def test_nobody_votes_on_a_phone_through_the_help_desk(session: Session) -> None:
    scene = make_scene(members=3)
    sitting = open_assembly(scene, present=3)
    poll_id = services.open_vote(item_id=sitting.item_id, actor=scene.director, now=NOW)
    helped = replace(scene.members[1], assisted_by=scene.clerk.person_id)
    with pytest.raises(NotEligible):
        cast_open_ballot(poll_id=poll_id, choice=Choice.FOR, actor=helped, now=NOW)


def test_raised_hands_are_entered_and_a_vote_on_a_phone_stands(session: Session) -> None:
    scene = make_scene(members=4)
    sitting = open_assembly(scene, present=4)
    poll_id = services.open_vote(item_id=sitting.item_id, actor=scene.director, now=NOW)
    cast_open_ballot(poll_id=poll_id, choice=Choice.AGAINST, actor=scene.members[1], now=NOW)
    lines = list_hands(session, poll_id=poll_id)
    hands = {line.entry_id: Choice.FOR for line in lines}
    with pytest.raises(NotEligible):
        services.enter_raised_hands(item_id=sitting.item_id, hands=hands, actor=scene.members[2], now=NOW)
    assert services.enter_raised_hands(item_id=sitting.item_id, hands=hands, actor=scene.clerk, now=NOW) == 3
    assert services.close_vote(item_id=sitting.item_id, actor=scene.director, now=LATER)
    page = get_page(session, poll_id=poll_id, community_id=scene.community_id, person_id=None)
    assert page.votes is not None
    assert sorted(vote.choice or "" for vote in page.votes) == ["against", "for", "for", "for"]
    assert sum(vote.was_entered for vote in page.votes) == 3


def test_void_vote_can_be_taken_again(session: Session) -> None:
    scene = make_scene(members=3)
    sitting = open_assembly(scene, present=3)
    first = services.open_vote(item_id=sitting.item_id, actor=scene.director, now=NOW)
    services.stop_vote(item_id=sitting.item_id, ground="文本有误", actor=scene.director, now=NOW)
    assert session.get_one(Poll, first).state is PollState.VOID
    with pytest.raises(TransitionNotAllowed):
        cast_open_ballot(poll_id=first, choice=Choice.FOR, actor=scene.members[1], now=NOW)
    assert services.open_vote(item_id=sitting.item_id, actor=scene.director, now=NOW) != first


def test_vote_is_not_opened_twice_nor_in_two_meetings(session: Session) -> None:
    scene = make_scene(members=3)
    sitting = open_assembly(scene, present=3)
    other = open_sitting(
        scene, MeetingForm.REPRESENTATIVE_ASSEMBLY, PlannedItem(matter_id=sitting.matter_id), present=3
    )
    services.open_vote(item_id=sitting.item_id, actor=scene.director, now=NOW)
    with pytest.raises(AlreadyDone):
        services.open_vote(item_id=sitting.item_id, actor=scene.director, now=NOW)
    with pytest.raises(VoteIsOpen):
        services.open_vote(item_id=other.item_id, actor=scene.director, now=NOW)
    with pytest.raises(VoteIsOpen):
        services.close_meeting(meeting_id=sitting.meeting_id, actor=scene.director, now=LATER)


def test_topic_without_a_text_is_not_voted_on(session: Session) -> None:
    scene = make_scene(members=3)
    sitting = open_sitting(scene, MeetingForm.REPRESENTATIVE_ASSEMBLY, PlannedItem(title="通报"), present=3)
    with pytest.raises(NothingToVoteOn):
        services.open_vote(item_id=sitting.item_id, actor=scene.director, now=NOW)


@pytest.mark.parametrize(
    ("outcome", "stage"),
    [
        (Outcome.AGREED, Stage.CARRYING_OUT),
        (Outcome.AGREED_WITH_DISSENT, Stage.CARRYING_OUT),
        (Outcome.TO_ASSEMBLY, Stage.TO_DECIDE),
        (Outcome.DROPPED, Stage.DECLINED),
        (Outcome.CONTINUED, Stage.DELIBERATING),
    ],
)
def test_outcome_of_a_deliberation_moves_the_matter(session: Session, outcome: Outcome, stage: Stage) -> None:
    scene = make_scene(members=3)
    matter_id = make_matter(scene, Stage.DELIBERATING)
    sitting = open_sitting(scene, MeetingForm.COUNCIL, PlannedItem(matter_id=matter_id))
    services.conclude_item(
        item_id=sitting.item_id, outcome=outcome, text=TEXT, dissent="两户反对", actor=scene.director, now=NOW
    )
    matter = session.get_one(Matter, matter_id)
    assert matter.stage is stage
    is_resolved = outcome not in (Outcome.DROPPED, Outcome.CONTINUED)
    assert matter.resolution == (TEXT if is_resolved else "")
    with pytest.raises(AlreadyDone):
        services.conclude_item(
            item_id=sitting.item_id, outcome=outcome, text=TEXT, dissent="", actor=scene.director, now=NOW
        )
    services.close_meeting(meeting_id=sitting.meeting_id, actor=scene.director, now=LATER)
    notice = session.scalars(select(Notice).where(Notice.title.startswith("居民议事会协商结果"))).one()
    assert TEXT in notice.text


def test_matter_before_an_assembly_is_voted_on_and_not_talked_away(session: Session) -> None:
    scene = make_scene(members=3)
    sitting = open_assembly(scene, present=3)
    with pytest.raises(TransitionNotAllowed):
        services.conclude_item(
            item_id=sitting.item_id,
            outcome=Outcome.DROPPED,
            text="算了",
            dissent="",
            actor=scene.director,
            now=NOW,
        )


def test_clerk_ticks_people_and_does_not_say_what_the_meeting_came_to(session: Session) -> None:
    scene = make_scene(members=3)
    matter_id = make_matter(scene, Stage.DELIBERATING)
    sitting = open_sitting(scene, MeetingForm.HEARING, PlannedItem(matter_id=matter_id))
    services.tick_present(
        meeting_id=sitting.meeting_id,
        person_ids=[scene.members[1].person_id],
        actor=scene.clerk,
        as_class=ParticipantClass.OWNERS,
        now=NOW,
    )
    services.add_guest(
        meeting_id=sitting.meeting_id,
        name="孟经理",
        as_class=ParticipantClass.PROPERTY_FIRM,
        actor=scene.clerk,
        now=NOW,
    )
    rows = session.scalars(select(Attendance).order_by(Attendance.participant_class)).all()
    assert [(row.seat, row.participant_class) for row in rows] == [
        (Seat.PARTICIPANT, ParticipantClass.OWNERS),
        (Seat.PARTICIPANT, ParticipantClass.PROPERTY_FIRM),
    ]
    with pytest.raises(NotEligible):
        services.conclude_item(
            item_id=sitting.item_id, outcome=Outcome.AGREED, text=TEXT, dissent="", actor=scene.clerk, now=NOW
        )


def test_nothing_happens_before_the_day_of_the_notice(session: Session) -> None:
    scene = make_scene(members=3)
    sitting = plan(scene, MeetingForm.REPRESENTATIVE_ASSEMBLY, PlannedItem(title="通报"))
    early = NOW - timedelta(days=1)
    with pytest.raises(NotYetTheDay):
        services.open_meeting(meeting_id=sitting.meeting_id, actor=scene.director, now=early)
    with pytest.raises(NotYetTheDay):
        services.check_in(meeting_id=sitting.meeting_id, actor=scene.members[1], now=early)


def test_planning_asks_for_the_notice_and_for_matters_at_the_right_stage(session: Session) -> None:
    scene = make_scene(members=3)
    waiting = make_matter(scene, Stage.DELIBERATING)
    soon = Plan("代表会议", "大礼堂", NOW + timedelta(days=2), [PlannedItem(title="通报")])
    form = MeetingForm.REPRESENTATIVE_ASSEMBLY
    with pytest.raises(RuleRefused):
        services.plan_meeting(form=form, plan=soon, actor=scene.director, now=NOW)
    assert session.scalar(select(Notice.id)) is None, "a refused plan posts nothing"
    urgent = replace(soon, urgent_reason="供水主管破裂")
    meeting_id = services.plan_meeting(form=form, plan=urgent, actor=scene.director, now=NOW)
    assert "供水主管破裂" in session.scalars(select(Notice)).one().text
    assert session.get_one(Meeting, meeting_id).state is MeetingState.PLANNED

    def fault(plan: Plan) -> str:
        with pytest.raises(Invalid) as refused:
            services.plan_meeting(form=form, plan=plan, actor=scene.director, now=NOW)
        return refused.value.reason

    in_time = replace(soon, starts_at=NOW + timedelta(days=4))
    assert fault(replace(in_time, items=[])) == PlanFault.NO_AGENDA
    assert fault(replace(in_time, items=[PlannedItem(text="x")])) == PlanFault.ITEM_WITHOUT_TITLE
    assert fault(replace(in_time, items=[PlannedItem(matter_id=waiting)])) == PlanFault.MATTER_NOT_READY
    assert fault(replace(in_time, items=[PlannedItem(matter_id=waiting)] * 2)) == PlanFault.MATTER_TWICE
    assert fault(replace(in_time, starts_at=NOW)) == PlanFault.STARTS_IN_PAST
    assert fault(replace(in_time, chair_id=make_person(community_of(scene)).id)) == PlanFault.UNKNOWN_CHAIR
    # Two people sign the minutes: one who is both could never do so.
    both = {"chair_id": scene.director.person_id, "clerk_id": scene.director.person_id}
    assert fault(replace(in_time, **both)) == PlanFault.CHAIR_IS_CLERK
    with pytest.raises(NotEligible):
        services.plan_meeting(form=form, plan=in_time, actor=scene.clerk, now=NOW)


def test_change_of_time_is_announced_anew_and_a_change_of_place_is_not_too_late(session: Session) -> None:
    scene = make_scene(members=3)
    sitting = plan(
        scene,
        MeetingForm.REPRESENTATIVE_ASSEMBLY,
        PlannedItem(title="通报"),
        starts_at=NOW + timedelta(days=2),
    )
    same = Plan("代表会议", "二楼会议室", NOW + timedelta(days=2), [PlannedItem(title="通报")])
    services.change_meeting(
        meeting_id=sitting.meeting_id, plan=same, reason="大礼堂维修", actor=scene.director, now=NOW
    )
    meeting = session.get_one(Meeting, sitting.meeting_id)
    assert (meeting.place, meeting.noticed_at) == ("二楼会议室", NOW - timedelta(days=10))
    sooner = replace(same, starts_at=NOW + timedelta(days=1))
    with pytest.raises(RuleRefused):
        services.change_meeting(
            meeting_id=sitting.meeting_id, plan=sooner, reason="提前", actor=scene.director, now=NOW
        )
    added = replace(same, items=[PlannedItem(title="通报"), PlannedItem(title="又一项")])
    with pytest.raises(RuleRefused):
        services.change_meeting(
            meeting_id=sitting.meeting_id, plan=added, reason="增加", actor=scene.director, now=NOW
        )
    services.cancel_meeting(
        meeting_id=sitting.meeting_id,
        reason="改为书面征求意见",
        actor=scene.director,
        now=NOW + timedelta(hours=1),
    )
    with pytest.raises(TransitionNotAllowed):
        services.open_meeting(
            meeting_id=sitting.meeting_id, actor=scene.director, now=NOW + timedelta(days=2)
        )
    titles = session.scalars(select(Notice.title).order_by(Notice.posted_at)).all()
    assert [title.split("：")[0] for title in titles] == [
        "关于召开居民代表会议的通知",
        "关于变更居民代表会议安排的通知",
        "关于取消居民代表会议的通知",
    ]


def test_minutes_are_composed_at_the_closing_and_corrected_after_it(session: Session) -> None:
    scene = make_scene(members=3)
    sitting = open_assembly(scene, present=3)
    poll_id = services.open_vote(item_id=sitting.item_id, actor=scene.director, now=NOW)
    vote_all(scene, poll_id, in_favour=2, against=1)
    services.close_vote(item_id=sitting.item_id, actor=scene.director, now=NOW)
    services.close_meeting(meeting_id=sitting.meeting_id, actor=scene.clerk, now=LATER)
    minutes = session.get_one(Meeting, sitting.meeting_id).minutes
    assert "应到3人，实到3人" in minutes
    assert "赞成2，反对1" in minutes
    assert "2 > 1/2 × 3 = 1.5（城市居民委员会组织法 第二十九条）" in minutes
    services.write_minutes(meeting_id=sitting.meeting_id, text="改写", actor=scene.clerk, now=LATER)
    meeting = session.get_one(Meeting, sitting.meeting_id)
    assert (meeting.minutes, meeting.minutes_draft, meeting.minutes_posted_at) == ("改写", minutes, None)


def test_meeting_of_another_community_is_not_found(session: Session) -> None:
    scene = make_scene(members=3)
    sitting = open_assembly(scene, present=3)
    stranger = actor_of(make_officer(make_community(name="别的社区"), Role.COMMITTEE), Role.COMMITTEE)
    for attempt in (
        lambda: services.open_meeting(meeting_id=sitting.meeting_id, actor=stranger, now=NOW),
        lambda: services.open_vote(item_id=sitting.item_id, actor=stranger, now=NOW),
        lambda: services.check_in(meeting_id=sitting.meeting_id, actor=stranger, now=NOW),
    ):
        with pytest.raises(NotFound):
            attempt()


def test_agreement_of_a_deliberation_is_a_step_of_the_matter_in_the_journal(session: Session) -> None:
    scene = make_scene(members=3)
    matter_id = make_matter(scene, Stage.DELIBERATING)
    sitting = open_sitting(scene, MeetingForm.COUNCIL, PlannedItem(matter_id=matter_id))
    services.conclude_item(
        item_id=sitting.item_id, outcome=Outcome.AGREED, text=TEXT, dissent="", actor=scene.director, now=NOW
    )
    entries = session.scalars(
        select(JournalEntry)
        .where(JournalEntry.subject_kind == "matter", JournalEntry.subject_id == matter_id)
        .order_by(JournalEntry.sequence)
    ).all()
    assert [entry.payload["act"] for entry in entries] == [Act.PLAN_MEETING, Act.AGREE]
    assert entries[-1].reason == TEXT
