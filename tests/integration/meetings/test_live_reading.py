"""What everybody may see of a meeting at one moment, and how much reading it takes."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.database import db
from civicforum.meetings import services
from civicforum.meetings.differences import Change
from civicforum.meetings.floor import MotionKind, MotionState, SpeechState, Stance, VoteWay
from civicforum.meetings.models import AgendaItem, Attendance, Meeting, Motion, PointOfOrder, Speech
from civicforum.meetings.queries.live import LiveMeeting, get_live
from civicforum.meetings.rules import MeetingState
from civicforum.polls.rules import Choice
from civicforum.polls.services.named import cast_open_ballot
from tests.factories import NOW, sign_in
from tests.integration.meetings.scenes import TEXT, Scene, Sitting, make_scene
from tests.support.live import come_in, make_session
from tests.support.statements import count_statements

AMENDED = TEXT.replace("8.6", "9.2")


@pytest.fixture
def scene(session: Session) -> Scene:
    return make_scene(members=6)


@pytest.fixture
def sitting(scene: Scene) -> Sitting:
    return make_session(scene, present=4, now=NOW)


def live(sitting: Sitting) -> LiveMeeting:
    db.session.expire_all()
    return get_live(db.session(), meeting_id=sitting.meeting_id, now=NOW)


def parts(sitting: Sitting) -> list[uuid.UUID]:
    """Return the attendances of those present, in the order of their members."""
    rows = db.session.scalars(select(Attendance).where(Attendance.meeting_id == sitting.meeting_id))
    return [row.id for row in sorted(rows, key=lambda row: row.person.number if row.person else "")]


def add_motion(scene: Scene, sitting: Sitting, mover: uuid.UUID) -> Motion:
    motion = Motion(
        community_id=scene.community_id,
        meeting_id=sitting.meeting_id,
        item_id=sitting.item_id,
        number=1,
        kind=MotionKind.AMENDMENT,
        state=MotionState.OPEN,
        text=AMENDED,
        mover_id=mover,
        moved_at=NOW,
    )
    db.session.add(motion)
    db.session.commit()
    return motion


def add_speech(
    scene: Scene,
    sitting: Sitting,
    part: uuid.UUID,
    stance: Stance,
    state: SpeechState,
    *,
    minute: int,
    motion: Motion | None = None,
) -> uuid.UUID:
    at = NOW + timedelta(minutes=minute)
    has_begun = state in (SpeechState.SPEAKING, SpeechState.DONE)
    speech = Speech(
        community_id=scene.community_id,
        meeting_id=sitting.meeting_id,
        item_id=sitting.item_id,
        motion_id=motion.id if motion else None,
        attendance_id=part,
        stance=stance,
        state=state,
        allowed_seconds=120,
        asked_at=at,
        started_at=at if has_begun else None,
        ended_at=at if state is SpeechState.DONE else None,
    )
    db.session.add(speech)
    db.session.commit()
    return speech.id


def test_quorum_is_what_is_present_of_those_due_with_its_arithmetic(scene: Scene, sitting: Sitting) -> None:
    room = live(sitting).room
    assert room.needed is not None
    assert room.quorum is not None
    assert (room.present, room.due, room.needed.least) == (4, 6, 4)
    assert room.quorum.holds
    services.leave(meeting_id=sitting.meeting_id, actor=scene.members[1], now=NOW)
    gone = live(sitting).room
    assert gone.quorum is not None
    assert (gone.present, gone.quorum.holds) == (3, False)


def test_an_amendment_is_shown_with_what_it_changes(scene: Scene, sitting: Sitting) -> None:
    assert [part.text for part in live(sitting).changes] == [TEXT]
    motion = add_motion(scene, sitting, parts(sitting)[0])
    shown = live(sitting)
    assert shown.motion is not None
    assert shown.motion.id == motion.id
    changed = [(part.change, part.text) for part in shown.changes if part.change is not Change.SAME]
    assert changed == [(Change.REMOVED, "8.6"), (Change.ADDED, "9.2")]


def test_who_speaks_next_is_said_by_the_rules_of_procedure(scene: Scene, sitting: Sitting) -> None:
    first, second, third, _ = parts(sitting)
    speaking = add_speech(scene, sitting, first, Stance.FOR, SpeechState.SPEAKING, minute=0)
    for_it = add_speech(scene, sitting, second, Stance.FOR, SpeechState.WAITING, minute=1)
    against = add_speech(scene, sitting, third, Stance.AGAINST, SpeechState.WAITING, minute=2)
    shown = live(sitting)
    assert shown.speaking is not None
    assert shown.speaking.id == speaking
    assert shown.speaks_until == NOW + timedelta(seconds=120)
    # Sides alternate: the later request is heard first.
    assert [speech.id for speech in shown.waiting] == [against, for_it]


def test_requests_on_the_item_wait_while_an_amendment_is_on_the_table(scene: Scene, sitting: Sitting) -> None:
    first, second, *_ = parts(sitting)
    add_speech(scene, sitting, first, Stance.FOR, SpeechState.WAITING, minute=0)
    motion = add_motion(scene, sitting, second)
    on_it = add_speech(scene, sitting, second, Stance.FOR, SpeechState.WAITING, minute=1, motion=motion)
    assert [speech.id for speech in live(sitting).waiting] == [on_it]


def test_base_and_threshold_are_there_before_the_vote_and_the_verdict_only_after(
    scene: Scene, sitting: Sitting
) -> None:
    before = live(sitting)
    assert before.vote is None
    assert before.majority is not None
    assert (before.majority.least, before.majority.whole) == (3, 4)
    poll_id = services.open_vote(item_id=sitting.item_id, actor=scene.director, now=NOW)
    for member in scene.members[:3]:
        cast_open_ballot(poll_id=poll_id, choice=Choice.FOR, actor=member, now=NOW)
    voting = live(sitting).vote
    assert voting is not None
    assert voting.needed is not None
    assert (voting.turnout.voted, voting.turnout.entitled, voting.needed.least) == (3, 4, 3)
    assert voting.is_open
    assert not voting.verdicts
    services.close_vote(item_id=sitting.item_id, actor=scene.director, now=NOW)
    after = live(sitting)
    assert after.item is None
    assert after.last is not None
    assert after.vote is not None
    assert after.vote.poll.result is not None
    assert after.vote.poll.result.is_adopted
    assert [verdict.holds for verdict in after.vote.verdicts] == [True, True]


def test_hands_are_of_those_present_although_nobody_is_on_a_roll(scene: Scene, sitting: Sitting) -> None:
    services.open_vote(item_id=sitting.item_id, way=VoteWay.HANDS, actor=scene.director, now=NOW)
    vote = live(sitting).vote
    assert vote is not None
    assert vote.needed is not None
    assert vote.by_hands
    assert (vote.needed.whole, vote.needed.least) == (4, 3)


def test_reading_takes_as_much_for_a_small_meeting_as_for_a_large_one(scene: Scene, sitting: Sitting) -> None:
    def statements(of: Sitting) -> int:
        db.session.expire_all()
        with count_statements() as counted:
            shown = get_live(db.session(), meeting_id=of.meeting_id, now=NOW)
            for speech in [shown.speaking, *shown.waiting]:
                assert speech is None or speech.attendance.person is not None
        return counted.total

    motion = add_motion(scene, sitting, parts(sitting)[0])
    add_speech(scene, sitting, parts(sitting)[0], Stance.FOR, SpeechState.SPEAKING, minute=0, motion=motion)
    few = statements(sitting)
    come_in(scene, sitting.meeting_id, scene.member_ids[4:], now=NOW)
    for at, part in enumerate(parts(sitting)[1:], 1):
        add_speech(scene, sitting, part, Stance.AGAINST, SpeechState.WAITING, minute=at, motion=motion)
    db.session.add_all(
        AgendaItem(community_id=scene.community_id, meeting_id=sitting.meeting_id, position=at, title="另议")
        for at in range(2, 12)
    )
    db.session.add(
        PointOfOrder(
            community_id=scene.community_id,
            meeting_id=sitting.meeting_id,
            attendance_id=parts(sitting)[2],
            text="超时",
            raised_at=NOW,
        )
    )
    db.session.commit()
    assert statements(sitting) == few <= 10


def test_the_wall_shows_everything_and_the_code_only_to_who_runs_the_meeting(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        scene = make_scene(members=6)
        sitting = make_session(scene, present=4, now=NOW)
        meeting = db.session.get_one(Meeting, sitting.meeting_id)
        meeting.check_in_code = "482936"
        first, second, *_ = parts(sitting)
        motion = add_motion(scene, sitting, first)
        add_speech(scene, sitting, first, Stance.FOR, SpeechState.SPEAKING, minute=0, motion=motion)
        add_speech(scene, sitting, second, Stance.AGAINST, SpeechState.WAITING, minute=1, motion=motion)
    page = client.get(f"/meetings/{sitting.meeting_id}/wall")
    assert page.status_code == 200
    for said in ("加装集中充电棚", "<ins>", "9.2", "2/3 × 6 = 4", 'data-until="2026-03-02T02:02:00+00:00"'):
        assert said in page.text
    assert "482936" not in page.text
    assert "482936" not in client.get(f"/meetings/{sitting.meeting_id}/live/wall/now").text
    sign_in(client, "director")
    assert "482936" in client.get(f"/meetings/{sitting.meeting_id}/wall").text


def test_a_meeting_that_is_over_is_followed_no_more(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        scene = make_scene(members=6)
        sitting = make_session(scene, present=4, now=NOW)
        meeting = db.session.get_one(Meeting, sitting.meeting_id)
        meeting.state, meeting.closed_at = MeetingState.CLOSED, NOW
        db.session.commit()
    page = client.get(f"/meetings/{sitting.meeting_id}/wall")
    assert "data-over" in page.text
    assert "http-equiv" not in page.text
    assert client.get(f"/meetings/{sitting.meeting_id}/live/wall/now").headers["X-Last-Frame"] == "1"
