"""Two at once, on real commits: one result, and a refusal in words for the other."""

from __future__ import annotations

import uuid

from flask import Flask
from sqlalchemy import func, select

from civicforum.database import db
from civicforum.matters.models import Matter
from civicforum.matters.rules import Stage
from civicforum.meetings import services
from civicforum.meetings.floor import MotionKind, Stance, VoteWay
from civicforum.meetings.models import Attendance
from civicforum.meetings.rules import MeetingForm
from civicforum.meetings.services import NewMotion, PlannedItem
from civicforum.notices.models import Notice
from civicforum.polls.models import OpenBallot, Poll, ResultSheet, RollEntry
from civicforum.polls.rules import Choice
from civicforum.polls.services.casting import seal_and_cast
from civicforum.polls.services.named import cast_open_ballot
from civicforum.records.queries import verify_journal
from civicforum.sealed import Answer
from tests.factories import NOW
from tests.integration.meetings.scenes import Scene, Sitting, come, make_scene, open_assembly, open_sitting
from tests.support.races import at_once, ends_in_order


def voting(app: Flask, *, members: int = 6) -> tuple[Scene, Sitting, uuid.UUID]:
    with app.app_context():
        scene = make_scene(members=members)
        sitting = open_assembly(scene, present=members)
        return scene, sitting, services.open_vote(item_id=sitting.item_id, actor=scene.director, now=NOW)


def count(app: Flask, model: type) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_two_taps_at_once_are_one_ballot(committed: Flask) -> None:
    scene, _sitting, poll_id = voting(committed)

    def tap(choice: Choice) -> None:
        cast_open_ballot(poll_id=poll_id, choice=choice, actor=scene.members[1], now=NOW)

    ended = ends_in_order(committed, [lambda c=choice: tap(c) for choice in (*Choice, *Choice)])
    assert sorted(ended) == ["AlreadyDone"] * 5 + ["done"]
    assert count(committed, OpenBallot) == 1


def test_two_officers_open_one_vote(committed: Flask) -> None:
    with committed.app_context():
        scene = make_scene(members=3)
        sitting = open_assembly(scene, present=3)

    def open_it() -> None:
        services.open_vote(item_id=sitting.item_id, actor=scene.director, now=NOW)

    assert at_once(committed, [open_it, open_it]) == ["AlreadyDone", "done"]
    assert count(committed, Poll) == 1


def test_two_meetings_do_not_vote_on_one_matter_at_once(committed: Flask) -> None:
    with committed.app_context():
        scene = make_scene(members=3)
        first = open_assembly(scene, present=3)
        second = open_sitting(
            scene, MeetingForm.REPRESENTATIVE_ASSEMBLY, PlannedItem(matter_id=first.matter_id), present=3
        )
    ended = ends_in_order(
        committed,
        [
            lambda: services.open_vote(item_id=first.item_id, actor=scene.director, now=NOW),
            lambda: services.open_vote(item_id=second.item_id, actor=scene.director, now=NOW),
        ],
    )
    assert sorted(ended) == ["VoteIsOpen", "done"]


def test_two_officers_close_one_vote_and_one_resolution_is_posted(committed: Flask) -> None:
    scene, sitting, _poll_id = voting(committed)
    before = count(committed, Notice)

    def close() -> None:
        services.close_vote(item_id=sitting.item_id, actor=scene.director, now=NOW)

    assert at_once(committed, [close, close]) == ["AlreadyDone", "done"]
    assert count(committed, ResultSheet) == 1
    assert count(committed, Notice) == before + 1
    with committed.app_context():
        assert db.session.get_one(Matter, sitting.matter_id).stage is Stage.NOT_ADOPTED


def test_closing_while_people_vote_counts_exactly_the_ballots_that_were_taken(committed: Flask) -> None:
    scene, sitting, poll_id = voting(committed, members=8)

    def cast(index: int) -> None:
        cast_open_ballot(poll_id=poll_id, choice=Choice.FOR, actor=scene.members[index], now=NOW)

    ended = ends_in_order(
        committed,
        [
            *[lambda index=index: cast(index) for index in range(7)],
            lambda: services.close_vote(item_id=sitting.item_id, actor=scene.director, now=NOW),
        ],
    )
    assert ended[-1] == "done"
    taken = ended[:-1].count("done")
    assert set(ended[:-1]) <= {"done", "TransitionNotAllowed"}
    with committed.app_context():
        sheet = db.session.scalars(select(ResultSheet)).one()
        assert sheet.counts["for"] == taken == db.session.scalar(select(func.count(OpenBallot.id)))
        assert sheet.is_adopted is (taken > 4)
        assert verify_journal(db.session(), community_id=scene.community_id)[1] is None


def test_two_who_take_one_follow_up_back(committed: Flask) -> None:
    with committed.app_context():
        scene = make_scene(members=3)
        sitting = open_sitting(scene, MeetingForm.COUNCIL, PlannedItem(title="楼道堆物"))
        follow_up_id = services.put_on_agenda(
            item_id=sitting.item_id, text="请会议议决", actor=scene.director, now=NOW
        )

    def drop() -> None:
        services.drop_follow_up(follow_up_id=follow_up_id, actor=scene.director, now=NOW)

    assert at_once(committed, [drop, drop]) == ["NotFound", "done"]


def test_member_and_clerk_enter_the_same_presence_at_once(committed: Flask) -> None:
    with committed.app_context():
        scene = make_scene(members=3)
        sitting = open_assembly(scene, present=0)
    member = scene.members[1]
    ended = ends_in_order(
        committed,
        [
            lambda: come(sitting, member),
            lambda: services.tick_present(
                meeting_id=sitting.meeting_id, person_ids=[member.person_id], actor=scene.clerk, now=NOW
            ),
        ],
    )
    assert set(ended) <= {"done", "AlreadyDone"}
    assert count(committed, Attendance) == 1


def test_two_in_the_chair_give_the_floor_and_one_speaks(committed: Flask) -> None:
    with committed.app_context():
        scene = make_scene(members=6)
        sitting = open_assembly(scene, present=6)
        services.call_item(item_id=sitting.item_id, actor=scene.director, now=NOW)
        first, second = (
            services.ask_to_speak(meeting_id=sitting.meeting_id, stance=Stance.NEUTRAL, actor=member, now=NOW)
            for member in scene.members[1:3]
        )

    def give(speech_id: uuid.UUID) -> None:
        services.give_floor(speech_id=speech_id, reason="先说", actor=scene.director, now=NOW)

    ended = ends_in_order(committed, [lambda: give(first), lambda: give(second)])
    assert sorted(ended) == ["FloorRefused", "done"]


def test_two_seconders_at_once_are_one(committed: Flask) -> None:
    with committed.app_context():
        scene = make_scene(members=6)
        sitting = open_assembly(scene, present=6)
        services.call_item(item_id=sitting.item_id, actor=scene.director, now=NOW)
        motion_id = services.move_motion(
            meeting_id=sitting.meeting_id,
            motion=NewMotion(MotionKind.AMENDMENT, "费用不超过9万元。"),
            actor=scene.members[1],
            now=NOW,
        )

    def second(member: int) -> None:
        services.second_motion(motion_id=motion_id, actor=scene.members[member], now=NOW)

    assert at_once(committed, [lambda: second(2), lambda: second(3)]) == ["AlreadyDone", "done"]


def test_two_who_close_a_sealed_vote_open_its_box_once(committed: Flask) -> None:
    with committed.app_context():
        settings = committed.config["CIVICFORUM"]
        scene = make_scene(members=3)
        sitting = open_assembly(scene, present=3)
        poll_id = services.open_vote(
            item_id=sitting.item_id, way=VoteWay.SEALED, settings=settings, actor=scene.director, now=NOW
        )
        entries = db.session.execute(
            select(RollEntry.person_id, RollEntry.id).where(RollEntry.poll_id == poll_id)
        )
        for person_id, entry_id in entries.all():
            seal_and_cast(
                poll_id=poll_id,
                entry_id=entry_id,
                answers=[Answer(chosen=frozenset({0}))],
                sequence=0,
                nonce=bytes(16),
                actor=next(one for one in scene.members if one.person_id == person_id),
                settings=settings,
                now=NOW,
            )

    def close() -> None:
        services.close_vote(item_id=sitting.item_id, settings=settings, actor=scene.director, now=NOW)

    ended = ends_in_order(committed, [close, close])
    assert ended.count("done") == 1
    assert count(committed, ResultSheet) == 1
