"""The floor of a session: presence, the speaking queue, motions, points of order, and the chair."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import AlreadyDone, Invalid, NotEligible, RuleRefused, TransitionNotAllowed
from civicforum.meetings import services
from civicforum.meetings.errors import VoteIsOpen
from civicforum.meetings.floor import (
    FloorFault,
    FloorRefused,
    MotionKind,
    MotionState,
    SpeechState,
    Stance,
    VoteWay,
)
from civicforum.meetings.models import AgendaItem, Attendance, Meeting, Motion, PointOfOrder, Presence, Speech
from civicforum.meetings.queries.floor import get_floor
from civicforum.meetings.queries.minutes import get_minutes
from civicforum.meetings.queries.showing import get_page
from civicforum.meetings.rules import Held, MeetingForm, Outcome, ParticipantClass, PresenceChannel, Seat
from civicforum.meetings.services import NewMotion, PlannedItem
from civicforum.polls.rules import Choice
from civicforum.polls.services.named import cast_open_ballot
from tests.factories import NOW, actor_of, make_officer
from tests.integration.meetings.scenes import (
    TEXT,
    Scene,
    Sitting,
    come,
    community_of,
    make_scene,
    open_assembly,
    open_sitting,
    plan,
)

BETTER = "在3号楼西侧建设集中充电棚一处，费用不超过9.2万元，六个月内完工。"


def at(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def in_hand(*, present: int = 6) -> tuple[Scene, Sitting]:
    """An assembly of six in which the item is called."""
    scene = make_scene(members=6)
    sitting = open_assembly(scene, present=present)
    services.call_item(item_id=sitting.item_id, actor=scene.director, now=NOW)
    return scene, sitting


def ask(sitting: Sitting, actor: Actor, stance: Stance, minute: float = 0) -> uuid.UUID:
    return services.ask_to_speak(meeting_id=sitting.meeting_id, stance=stance, actor=actor, now=at(minute))


def part_of(sitting: Sitting, actor: Actor) -> uuid.UUID:
    found = select(Attendance.id).where(
        Attendance.meeting_id == sitting.meeting_id, Attendance.person_id == actor.person_id
    )
    return db.session.scalars(found).one()


def refusal_of(act: object) -> FloorFault:
    with pytest.raises(FloorRefused) as refused:
        act()  # type: ignore[operator]
    return refused.value.fault


def amend(sitting: Sitting, actor: Actor, text: str = BETTER, parent: uuid.UUID | None = None) -> uuid.UUID:
    return services.move_motion(
        meeting_id=sitting.meeting_id,
        motion=NewMotion(MotionKind.AMENDMENT, text, parent_id=parent),
        actor=actor,
        now=NOW,
    )


def vote_by_hands(scene: Scene, sitting: Sitting, motion_id: uuid.UUID | None, *, in_favour: int) -> bool:
    where = {"item_id": sitting.item_id, "motion_id": motion_id}
    services.open_vote(**where, way=VoteWay.HANDS, actor=scene.director, now=NOW)
    services.count_hands(
        **where, hands=services.Hands(in_favour, 6 - in_favour, 0, "梁慧"), actor=scene.clerk, now=NOW
    )
    return services.close_vote(**where, actor=scene.director, now=NOW)


# Presence


def test_each_stay_is_kept_with_how_it_is_known(session: Session) -> None:
    scene = make_scene(members=6)
    sitting = plan(scene, MeetingForm.REPRESENTATIVE_ASSEMBLY, PlannedItem(title="听取工作汇报"))
    early, late = scene.members[1], scene.members[2]
    services.check_in(meeting_id=sitting.meeting_id, actor=early, now=NOW)
    services.open_meeting(meeting_id=sitting.meeting_id, actor=scene.director, now=NOW)
    come(sitting, late)
    services.leave(meeting_id=sitting.meeting_id, actor=late, now=at(5))
    services.tick_present(
        meeting_id=sitting.meeting_id, person_ids=[late.person_id], actor=scene.clerk, now=at(9)
    )
    services.close_meeting(meeting_id=sitting.meeting_id, actor=scene.director, now=at(60))
    stays = session.execute(
        select(
            Attendance.person_id, Presence.channel, Presence.entered_by_id, Presence.came_at, Presence.left_at
        )
        .join(Presence, Presence.attendance_id == Attendance.id)
        .order_by(Presence.came_at, Presence.left_at.desc())
    ).all()
    assert [tuple(stay) for stay in stays] == [
        (early.person_id, PresenceChannel.SELF, None, NOW, at(60)),
        (late.person_id, PresenceChannel.CODE, None, NOW, at(5)),
        (late.person_id, PresenceChannel.CLERK, scene.clerk.person_id, at(9), at(60)),
    ]


def test_in_the_room_one_types_its_code_and_only_on_screens_one_need_not(session: Session) -> None:
    scene, sitting = in_hand(present=4)
    meeting = session.get_one(Meeting, sitting.meeting_id)
    for wrong in ("", "111111", meeting.check_in_code[:5]):
        with pytest.raises(Invalid):
            services.check_in(meeting_id=meeting.id, actor=scene.members[4], code=wrong, now=NOW)
    with pytest.raises(Invalid):
        services.check_in(meeting_id=meeting.id, actor=scene.members[4], at_screen=True, now=NOW)
    meeting.held = Held.BOTH
    session.commit()
    services.check_in(meeting_id=meeting.id, actor=scene.members[4], at_screen=True, now=NOW)
    with pytest.raises(AlreadyDone):
        services.check_in(meeting_id=meeting.id, actor=scene.members[4], code="1", now=NOW)
    spaced = f"{meeting.check_in_code[:3]} {meeting.check_in_code[3:]}"
    services.check_in(meeting_id=meeting.id, actor=scene.members[5], code=spaced, now=NOW)


@pytest.mark.law("B40", "assembly.representatives.quorum")
def test_quorum_follows_those_who_leave_and_return(session: Session) -> None:
    scene, sitting = in_hand(present=4)
    services.leave(meeting_id=sitting.meeting_id, actor=scene.members[3], now=NOW)
    with pytest.raises(RuleRefused) as refused:
        services.open_vote(item_id=sitting.item_id, actor=scene.director, now=NOW)
    assert refused.value.verdict.arithmetic == "3 < 2/3 × 6 = 4"
    assert not get_floor(session, meeting_id=sitting.meeting_id, actor=None, now=NOW).live.room.quorum.holds  # type: ignore[union-attr]
    come(sitting, scene.members[3])
    services.open_vote(item_id=sitting.item_id, actor=scene.director, now=NOW)


@pytest.mark.law("B40", "assembly.representatives.majority")
def test_who_leaves_during_a_vote_stays_on_its_roll(session: Session) -> None:
    """Four of six are present at the opening: three in favour carry it, though one of the four has left."""
    scene, sitting = in_hand(present=4)
    poll_id = services.open_vote(item_id=sitting.item_id, actor=scene.director, now=NOW)
    services.leave(meeting_id=sitting.meeting_id, actor=scene.members[3], now=NOW)
    for member in scene.members[:3]:
        cast_open_ballot(poll_id=poll_id, choice=Choice.FOR, actor=member, now=NOW)
    assert services.close_vote(item_id=sitting.item_id, actor=scene.director, now=NOW)


@pytest.mark.law("B38", "assembly.residents.quorum")
def test_half_of_all_adults_is_not_enough_for_the_residents_assembly(session: Session) -> None:
    """Six members, the clerk: seven adults. Three are no quorum, four are more than half."""
    scene = make_scene(members=6)
    item = PlannedItem(
        title="小区公约", text="通过《小区公约》。", studied_on=date(2026, 1, 5), study_text="同意提交。"
    )
    sitting = open_sitting(scene, MeetingForm.RESIDENTS_ASSEMBLY, item, present=3)
    with pytest.raises(RuleRefused) as refused:
        services.open_vote(item_id=sitting.item_id, actor=scene.director, now=NOW)
    assert refused.value.verdict.arithmetic == "3 ≤ 1/2 × 7 = 3.5"
    come(sitting, scene.members[3])
    services.open_vote(item_id=sitting.item_id, actor=scene.director, now=NOW)


# Speaking


@pytest.mark.law("C9", "council.speech_times")
def test_floor_is_given_by_the_rules_or_with_a_reason_that_is_kept(session: Session) -> None:
    scene, sitting = in_hand()
    _, a, b, c, *_ = scene.members
    first = ask(sitting, a, Stance.FOR, 0)
    same_side, other_side = ask(sitting, b, Stance.FOR, 1), ask(sitting, c, Stance.AGAINST, 2)
    services.give_floor(speech_id=first, actor=scene.director, now=at(3))
    assert (
        refusal_of(lambda: services.give_floor(speech_id=other_side, actor=scene.director, now=at(3)))
        is FloorFault.SOMEBODY_SPEAKS
    )
    services.end_speech(speech_id=first, gist="应当尽快建", actor=a, now=at(4))
    assert (
        refusal_of(lambda: services.give_floor(speech_id=same_side, actor=scene.director, now=at(4)))
        is FloorFault.OUT_OF_TURN
    )
    services.give_floor(speech_id=same_side, reason="要赶去接孩子", actor=scene.director, now=at(4))
    assert session.get_one(Speech, same_side).given_because == "要赶去接孩子"
    with pytest.raises(NotEligible):
        services.end_speech(speech_id=same_side, actor=c, now=at(5))
    services.end_speech(speech_id=same_side, actor=scene.clerk, now=at(5))
    with pytest.raises(TransitionNotAllowed):
        services.end_speech(speech_id=same_side, actor=b, now=at(5))
    with pytest.raises(NotEligible):
        services.give_floor(speech_id=other_side, actor=c, now=at(5))


@pytest.mark.law("C9", "council.speech_times")
def test_third_turn_on_one_motion_is_refused_and_another_motion_counts_anew(session: Session) -> None:
    scene, sitting = in_hand()
    member = scene.members[1]
    for minute in (0, 3):
        speech = ask(sitting, member, Stance.FOR, minute)
        services.give_floor(speech_id=speech, actor=scene.director, now=at(minute))
        services.end_speech(speech_id=speech, actor=member, now=at(minute + 1))
    assert refusal_of(lambda: ask(sitting, member, Stance.FOR, 6)) is FloorFault.TOO_OFTEN
    motion = amend(sitting, scene.members[2])
    services.second_motion(motion_id=motion, actor=scene.members[3], now=at(6))
    on_amendment = ask(sitting, member, Stance.AGAINST, 7)
    assert session.get_one(Speech, on_amendment).motion_id == motion


@pytest.mark.law("C9", "council.speech_minutes")
def test_a_speech_lasts_as_long_as_the_session_began_with(session: Session) -> None:
    scene, sitting = in_hand()
    speech = ask(sitting, scene.members[1], Stance.NEUTRAL)
    assert session.get_one(Speech, speech).allowed_seconds == 120
    services.give_floor(speech_id=speech, actor=scene.director, now=NOW)
    late = NOW + timedelta(seconds=121)
    page = get_floor(session, meeting_id=sitting.meeting_id, actor=scene.director, now=late)
    assert page.seconds_left == -1
    assert session.get_one(Speech, speech).state is SpeechState.SPEAKING


def test_clerk_acts_for_somebody_without_a_phone_and_each_entry_says_so(
    session: Session,
) -> None:
    scene, sitting = in_hand()
    other = scene.members[5]
    part = part_of(sitting, other)
    where = {"meeting_id": sitting.meeting_id, "attendance_id": part, "now": NOW}
    speech = services.ask_to_speak(stance=Stance.AGAINST, actor=scene.clerk, **where)
    motion = services.move_motion(motion=NewMotion(MotionKind.AMENDMENT, BETTER), actor=scene.clerk, **where)
    point = services.raise_point(text="跑题了", actor=scene.clerk, **where)
    for model, row in ((Speech, speech), (Motion, motion), (PointOfOrder, point)):
        assert session.get_one(model, row).entered_by_id == scene.clerk.person_id
    assert session.get_one(Motion, motion).mover_id == part
    with pytest.raises(NotEligible):
        services.ask_to_speak(stance=Stance.FOR, actor=scene.members[1], **where)
    services.withdraw_motion(motion_id=motion, actor=scene.clerk, now=NOW)


def test_who_presides_leaves_the_chair_to_take_a_side_until_it_is_settled(
    session: Session,
) -> None:
    scene, sitting = in_hand()
    meeting = session.get_one(Meeting, sitting.meeting_id)
    meeting.chair_id = scene.director.person_id
    session.commit()
    stands_in = scene.members[1]
    assert refusal_of(lambda: ask(sitting, scene.director, Stance.FOR)) is FloorFault.PRESIDING
    assert refusal_of(lambda: amend(sitting, scene.director)) is FloorFault.PRESIDING
    with pytest.raises(NotEligible):
        services.leave_chair(
            meeting_id=meeting.id, acting_id=stands_in.person_id, actor=scene.members[2], now=NOW
        )
    services.leave_chair(meeting_id=meeting.id, acting_id=stands_in.person_id, actor=scene.director, now=NOW)
    speech = ask(sitting, scene.director, Stance.FOR)
    services.give_floor(speech_id=speech, actor=stands_in, now=NOW)
    services.end_speech(speech_id=speech, actor=scene.director, now=NOW)
    assert (
        refusal_of(lambda: services.take_chair_again(meeting_id=meeting.id, actor=scene.director, now=NOW))
        is FloorFault.SPOKE_ON_IT
    )
    vote_by_hands(scene, sitting, None, in_favour=6)
    services.take_chair_again(meeting_id=meeting.id, actor=scene.director, now=NOW)
    assert meeting.presiding_id == scene.director.person_id


def test_who_stands_in_answers_for_the_session_until_it_closes(session: Session) -> None:
    scene, sitting = in_hand()
    meeting = session.get_one(Meeting, sitting.meeting_id)
    chair, stands_in = scene.members[1:3]
    meeting.chair_id = chair.person_id
    session.commit()
    services.leave_chair(meeting_id=meeting.id, acting_id=stands_in.person_id, actor=chair, now=NOW)

    def leads(actor: Actor) -> list[bool]:
        community_id = scene.community_id
        page = get_page(session, meeting_id=meeting.id, community_id=community_id, actor=actor, now=NOW)
        minutes = get_minutes(session, meeting_id=meeting.id, community_id=community_id, actor=actor)
        return [page.may_run, page.may_conclude, minutes.may_correct]

    assert leads(stands_in) == [True, True, True]
    assert leads(chair) == [False, False, False]
    services.close_meeting(meeting_id=meeting.id, actor=stands_in, now=at(60))
    assert leads(stands_in) == [False, False, False]
    assert leads(chair) == [True, True, True]


def test_while_a_vote_runs_its_text_stays_and_nobody_speaks(session: Session) -> None:
    scene = make_scene(members=6)
    topic = PlannedItem(title="楼道堆物", studied_on=(NOW - timedelta(days=30)).date(), study_text="同意提交")
    sitting = open_sitting(scene, MeetingForm.REPRESENTATIVE_ASSEMBLY, topic, present=6)
    services.call_item(item_id=sitting.item_id, actor=scene.director, now=NOW)
    main = services.move_motion(
        meeting_id=sitting.meeting_id,
        motion=NewMotion(MotionKind.MAIN, "每月清理一次。"),
        actor=scene.members[1],
        now=NOW,
    )
    services.second_motion(motion_id=main, actor=scene.members[2], now=NOW)
    speech = ask(sitting, scene.members[3], Stance.FOR)
    services.open_vote(item_id=sitting.item_id, actor=scene.director, now=NOW)
    for act in (
        lambda: services.withdraw_motion(motion_id=main, actor=scene.members[1], now=NOW),
        lambda: services.rule_out_motion(motion_id=main, reason="跑题", actor=scene.director, now=NOW),
        lambda: amend(sitting, scene.members[2], "每周清理一次。"),
        lambda: services.give_floor(speech_id=speech, actor=scene.director, now=NOW),
    ):
        with pytest.raises(VoteIsOpen):
            act()
    assert session.get_one(AgendaItem, sitting.item_id, populate_existing=True).text == "每月清理一次。"
    services.close_vote(item_id=sitting.item_id, actor=scene.director, now=NOW)
    assert session.get_one(Motion, main, populate_existing=True).state is MotionState.DEFEATED


def test_a_guest_who_had_gone_comes_back(session: Session) -> None:
    scene, sitting = in_hand()
    guest = {"name": "赵经理", "as_class": ParticipantClass.PROPERTY_FIRM, "actor": scene.clerk}
    services.add_guest(meeting_id=sitting.meeting_id, **guest, now=NOW)
    row = session.scalars(select(Attendance).where(Attendance.guest_name == "赵经理")).one()
    services.mark_left(attendance_id=row.id, actor=scene.clerk, now=at(5))
    services.add_guest(meeting_id=sitting.meeting_id, **guest, now=at(9))
    with pytest.raises(AlreadyDone):
        services.add_guest(meeting_id=sitting.meeting_id, **guest, now=at(10))
    session.refresh(row)
    assert [(stay.came_at, stay.left_at) for stay in row.stays] == [(NOW, at(5)), (at(9), None)]


def test_who_leaves_gives_up_the_floor(session: Session) -> None:
    scene, sitting = in_hand()
    speaking, waiting = ask(sitting, scene.members[1], Stance.FOR), ask(sitting, scene.members[2], Stance.FOR)
    services.give_floor(speech_id=speaking, actor=scene.director, now=NOW)
    for member in scene.members[1:3]:
        services.leave(meeting_id=sitting.meeting_id, actor=member, now=at(1))
    states = [session.get_one(Speech, one).state for one in (speaking, waiting)]
    assert states == [SpeechState.DONE, SpeechState.WITHDRAWN]
    assert refusal_of(lambda: ask(sitting, scene.members[2], Stance.FOR)) is FloorFault.NOT_HERE


def test_resident_who_sits_in_speaks_and_moves_nothing(session: Session) -> None:
    scene, sitting = in_hand()
    guest = actor_of(make_officer(community_of(scene), Role.RESIDENT, login="guest"))
    come(sitting, guest)
    ask(sitting, guest, Stance.NEUTRAL)
    assert refusal_of(lambda: amend(sitting, guest)) is FloorFault.MEMBERS_MOVE


# Motions


def test_adopted_amendments_change_what_is_voted_on_innermost_first(session: Session) -> None:
    scene, sitting = in_hand()
    _, a, b, *_ = scene.members
    outer = amend(sitting, a, "费用不超过9万元。")
    services.second_motion(motion_id=outer, actor=b, now=NOW)
    inner = amend(sitting, b, BETTER, parent=outer)
    assert (
        refusal_of(
            lambda: services.open_vote(
                item_id=sitting.item_id, motion_id=inner, actor=scene.director, now=NOW
            )
        )
        is FloorFault.NOT_SECONDED
    )
    assert (
        refusal_of(lambda: services.second_motion(motion_id=inner, actor=b, now=NOW)) is FloorFault.OWN_MOTION
    )
    services.second_motion(motion_id=inner, actor=a, now=NOW)
    for motion_id, fault in ((None, FloorFault.SETTLE_FIRST), (outer, FloorFault.NOT_ITS_TURN)):
        assert (
            refusal_of(
                lambda which=motion_id: services.open_vote(
                    item_id=sitting.item_id, motion_id=which, actor=scene.director, now=NOW
                )
            )
            is fault
        )
    assert vote_by_hands(scene, sitting, inner, in_favour=4)
    assert session.get_one(Motion, outer).text == BETTER
    assert vote_by_hands(scene, sitting, outer, in_favour=4)
    item = session.get_one(AgendaItem, sitting.item_id)
    assert item.text == BETTER
    assert [version.text for version in item.versions] == [TEXT, BETTER]
    assert vote_by_hands(scene, sitting, None, in_favour=4)
    assert item.matter is not None
    assert item.matter.resolution == BETTER


@pytest.mark.law("C9", "council.motion_repeated")
def test_defeated_amendment_is_not_moved_again_in_the_session(session: Session) -> None:
    scene, sitting = in_hand()
    motion = amend(sitting, scene.members[1])
    services.second_motion(motion_id=motion, actor=scene.members[2], now=NOW)
    # Three of six present are not more than half.
    assert not vote_by_hands(scene, sitting, motion, in_favour=3)
    assert session.get_one(AgendaItem, sitting.item_id).text == TEXT
    assert refusal_of(lambda: amend(sitting, scene.members[3], f" {BETTER}")) is FloorFault.REPEATED
    amend(sitting, scene.members[3], "费用不超过8万元。")


def test_item_without_a_text_gets_one_from_a_main_motion(session: Session) -> None:
    scene = make_scene(members=6)
    sitting = open_sitting(scene, MeetingForm.COUNCIL, PlannedItem(title="楼道堆物"), present=3)
    services.call_item(item_id=sitting.item_id, actor=scene.director, now=NOW)
    services.tick_present(
        meeting_id=sitting.meeting_id, person_ids=scene.member_ids[:3], actor=scene.clerk, now=NOW
    )
    rows = session.scalars(select(Attendance).where(Attendance.meeting_id == sitting.meeting_id)).all()
    for row in rows:
        row.seat = Seat.PARTICIPANT
    session.commit()
    a, b = scene.members[1:3]
    assert refusal_of(lambda: ask(sitting, a, Stance.FOR)) is FloorFault.NO_MOTION
    main = services.move_motion(
        meeting_id=sitting.meeting_id, motion=NewMotion(MotionKind.MAIN, "每月清理一次。"), actor=a, now=NOW
    )
    services.second_motion(motion_id=main, actor=b, now=NOW)
    ask(sitting, a, Stance.FOR)
    amended = amend(sitting, b, "每周清理一次。")
    services.second_motion(motion_id=amended, actor=a, now=NOW)
    services.agree_on_motion(motion_id=amended, is_adopted=True, actor=scene.director, now=NOW)
    services.conclude_item(
        item_id=sitting.item_id,
        outcome=Outcome.AGREED,
        text="每周清理一次。",
        dissent="",
        actor=scene.director,
        now=NOW,
    )
    states = [session.get_one(Motion, one).state for one in (main, amended)]
    assert states == [MotionState.ADOPTED, MotionState.ADOPTED]
    assert session.get_one(AgendaItem, sitting.item_id).text == "每周清理一次。"


def test_motion_is_withdrawn_by_its_mover_or_ruled_out_by_the_chair_with_a_reason(session: Session) -> None:
    scene, sitting = in_hand()
    motion = amend(sitting, scene.members[1])
    with pytest.raises(NotEligible):
        services.withdraw_motion(motion_id=motion, actor=scene.members[2], now=NOW)
    with pytest.raises(Invalid):
        services.rule_out_motion(motion_id=motion, reason=" ", actor=scene.director, now=NOW)
    services.withdraw_motion(motion_id=motion, actor=scene.members[1], now=NOW)
    other = amend(sitting, scene.members[1])
    services.rule_out_motion(motion_id=other, reason="与议题无关", actor=scene.director, now=NOW)
    assert session.get_one(Motion, other).ruling == "与议题无关"
    with pytest.raises(TransitionNotAllowed):
        services.second_motion(motion_id=other, actor=scene.members[2], now=NOW)


def test_ending_the_debate_and_putting_off_are_voted_on_at_once(session: Session) -> None:
    scene, sitting = in_hand()
    waiting = ask(sitting, scene.members[1], Stance.FOR)

    def moved(kind: MotionKind) -> uuid.UUID:
        motion = services.move_motion(
            meeting_id=sitting.meeting_id, motion=NewMotion(kind), actor=scene.members[2], now=NOW
        )
        services.second_motion(motion_id=motion, actor=scene.members[3], now=NOW)
        return motion

    assert vote_by_hands(scene, sitting, moved(MotionKind.END_DEBATE), in_favour=5)
    assert session.get_one(Speech, waiting).state is SpeechState.WITHDRAWN
    assert refusal_of(lambda: ask(sitting, scene.members[1], Stance.FOR)) is FloorFault.DEBATE_ENDED
    assert vote_by_hands(scene, sitting, moved(MotionKind.POSTPONE), in_favour=5)
    assert session.get_one(AgendaItem, sitting.item_id).outcome is Outcome.CONTINUED


def test_point_of_order_is_ruled_on_once_and_a_refusal_says_why(session: Session) -> None:
    scene, sitting = in_hand()
    point = services.raise_point(
        meeting_id=sitting.meeting_id, text="超时了", actor=scene.members[1], now=NOW
    )
    rule = {"point_id": point, "actor": scene.director, "now": NOW}
    with pytest.raises(Invalid):
        services.rule_on_point(is_upheld=False, ruling="", **rule)
    services.rule_on_point(is_upheld=True, ruling="", **rule)
    with pytest.raises(AlreadyDone):
        services.rule_on_point(is_upheld=False, ruling="没有", **rule)


def test_while_a_vote_runs_no_other_item_is_called_and_nothing_is_closed(session: Session) -> None:
    scene, sitting = in_hand()
    services.open_vote(item_id=sitting.item_id, actor=scene.director, now=NOW)
    with pytest.raises(VoteIsOpen):
        services.close_meeting(meeting_id=sitting.meeting_id, actor=scene.director, now=NOW)
