"""Minutes: drafted from what happened, corrected, signed by two and posted; in time, or flagged."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import AlreadyDone, Invalid, NotEligible, TransitionNotAllowed
from civicforum.inbox.queries_needs import list_needs
from civicforum.inbox.rules import NeedKind
from civicforum.meetings import services
from civicforum.meetings.errors import MinutesChanged
from civicforum.meetings.floor import MotionKind, MotionState, SpeechState, Stance
from civicforum.meetings.models import (
    Attendance,
    FollowUp,
    Meeting,
    MinutesSignature,
    Motion,
    PointOfOrder,
    Presence,
    Speech,
)
from civicforum.meetings.queries.minutes import get_minutes, list_changes
from civicforum.meetings.rules import MeetingForm, ParticipantClass, Seat, Signer
from civicforum.meetings.services.clocks import sweep_clocks
from civicforum.meetings.services.minutes import draft_of
from civicforum.notices.models import Notice
from civicforum.records.models import JournalEntry
from civicforum.records.rules import hash_of_text
from civicforum.rulebook.days import day_ends
from tests.factories import NOW, TODAY, actor_of, make_officer, make_person, sign_in
from tests.integration.meetings.scenes import (
    PlannedItem,
    Scene,
    Sitting,
    community_of,
    make_scene,
    open_sitting,
)
from tests.support.statements import count_statements

LATER = NOW + timedelta(hours=2)
TOPIC = PlannedItem(
    title="垃圾投放点",
    text="在东门设投放点一处。",
    studied_on=TODAY - timedelta(days=30),
    study_text="同意提交",
)


def attend(
    sitting: Sitting, person_id: uuid.UUID | None, seat: Seat, kind: ParticipantClass, **values: object
) -> uuid.UUID:
    """Let somebody be there from five minutes before the opening."""
    row = Attendance(
        community_id=db.session.get_one(Meeting, sitting.meeting_id).community_id,
        meeting_id=sitting.meeting_id,
        person_id=person_id,
        seat=seat,
        participant_class=kind,
        arrived_at=NOW - timedelta(minutes=5),
        **values,
    )
    db.session.add(row)
    db.session.commit()
    return row.id


def council(scene: Scene) -> Sitting:
    """Open a council session with the director in the chair and the clerk named."""
    sitting = open_sitting(scene, MeetingForm.COUNCIL, TOPIC)
    named = {"chair_id": scene.director.person_id, "clerk_id": scene.clerk.person_id}
    db.session.execute(update(Meeting).where(Meeting.id == sitting.meeting_id).values(**named))
    db.session.commit()
    return sitting


def close(scene: Scene, sitting: Sitting) -> str:
    """Close it with its item continued; return the hash of its minutes."""
    services.close_meeting(meeting_id=sitting.meeting_id, actor=scene.director, now=LATER)
    return current_hash(sitting)


def current_hash(sitting: Sitting) -> str:
    return hash_of_text(db.session.get_one(Meeting, sitting.meeting_id, populate_existing=True).minutes)


def sign(sitting: Sitting, actor: Actor, signer: Signer, text_hash: str, **values: object) -> bool:
    return services.sign_minutes(
        meeting_id=sitting.meeting_id,
        signer=signer,
        text_hash=text_hash,
        actor=actor,
        now=LATER,
        **values,  # type: ignore[arg-type]
    )


def speech(sitting: Sitting, attendance_id: uuid.UUID, minute: int, **values: object) -> dict[str, object]:
    began = NOW + timedelta(minutes=minute)
    return {
        "community_id": db.session.get_one(Meeting, sitting.meeting_id).community_id,
        "meeting_id": sitting.meeting_id,
        "item_id": sitting.item_id,
        "attendance_id": attendance_id,
        "stance": Stance.FOR,
        "state": SpeechState.DONE,
        "allowed_seconds": 120,
        "gist": "",
        "asked_at": began,
        "started_at": began,
        "ended_at": began + timedelta(seconds=95),
        **values,
    }


def test_the_draft_tells_attendance_speeches_motions_and_points_in_order(session: Session) -> None:
    scene = make_scene(members=3)
    sitting = council(scene)
    member = attend(sitting, scene.members[1].person_id, Seat.MEMBER, ParticipantClass.REPRESENTATIVE)
    firm = attend(sitting, None, Seat.PARTICIPANT, ParticipantClass.PROPERTY_FIRM, guest_name="赵经理")
    resident = make_person(community_of(scene), name="不该出现的名字")
    observer = attend(sitting, resident.id, Seat.OBSERVER, ParticipantClass.RESIDENT)
    session.execute(
        insert(Speech),
        [
            speech(sitting, member, 10, gist="方便老人"),
            speech(sitting, member, 20, gist="再补充一点"),
            speech(
                sitting,
                observer,
                15,
                stance=Stance.AGAINST,
                gist="离窗户太近",
                entered_by_id=scene.clerk.person_id,
            ),
        ],
    )
    common = {
        "community_id": scene.community_id,
        "meeting_id": sitting.meeting_id,
        "item_id": sitting.item_id,
    }
    session.add(
        Motion(
            **common,
            number=1,
            kind=MotionKind.AMENDMENT,
            state=MotionState.ADOPTED,
            text="在西门设投放点一处。",
            reason="离楼远些",
            mover_id=member,
            seconder_id=firm,
            moved_at=NOW + timedelta(minutes=12),
            settled_at=NOW + timedelta(minutes=25),
        )
    )
    session.add(
        PointOfOrder(
            **common,
            attendance_id=firm,
            text="发言超时",
            raised_at=NOW + timedelta(minutes=22),
            is_upheld=True,
            ruling="请结束发言",
            ruled_at=NOW + timedelta(minutes=22),
        )
    )
    session.commit()
    text = draft_of(session, session.get_one(Meeting, sitting.meeting_id), closed_at=LATER)
    name = f"居民{scene.members[1].person_id}"
    assert "记录人：何小雨" in text
    assert "物业服务企业（1人）：赵经理" in text
    assert "不该出现的名字" not in text, "a resident who sits in is not named on the notice board"
    assert "列席1人：\n　　居民（1人）：不具名1人" in text
    lines = text.splitlines()
    spoken = [line.strip() for line in lines if line.strip().startswith(("1.", "2."))]
    assert spoken[0].endswith("（居民代表），赞成（10:10，1分35秒）：方便老人")
    assert "第2次（10:20，1分35秒）：再补充一点" in spoken[1]
    assert spoken[2] == "1. 列席居民1，反对（10:15，1分35秒）（工作人员代为登记）：离窗户太近"
    assert lines.index("列席人员发言（1次）：") > lines.index("发言（2次）：")
    assert any(
        line.startswith("修正动议1（10:12）：") and "赵经理（物业服务企业）附议" in line for line in lines
    )
    assert "　　结果：通过" in lines
    assert "　　主持人裁定：成立，请结束发言" in lines
    assert lines[lines.index("各方意见：") + 1 :][:2] == ["　　居民：反对1次", "　　居民代表：赞成2次"]
    assert name not in text


def test_the_draft_tells_the_quorum_at_the_opening_and_when_it_was_lost(session: Session) -> None:
    scene = make_scene(members=3)
    sitting = open_sitting(scene, MeetingForm.REPRESENTATIVE_ASSEMBLY, TOPIC)
    session.query(Presence).delete()
    rows = [
        attend(sitting, actor.person_id, Seat.MEMBER, ParticipantClass.REPRESENTATIVE)
        for actor in scene.members[:2]
    ]
    came = NOW - timedelta(minutes=5)
    for number, row in enumerate(rows):
        left = NOW + timedelta(minutes=30) if number else None
        session.add(
            Presence(
                community_id=scene.community_id, attendance_id=row, channel="code", came_at=came, left_at=left
            )
        )
    session.commit()
    text = draft_of(session, session.get_one(Meeting, sitting.meeting_id), closed_at=LATER)
    assert "法定人数：开会时2 ≥ 2/3 × 3 = 2（城市居民委员会组织法 第二十九条），达到。" in text
    assert "10:30，在场1人，不足法定人数，不能表决。" in text
    assert "到会方式：现场签到码2人。" in text


def test_two_hundred_speeches_are_drafted_in_as_many_statements_as_two(session: Session) -> None:
    scene = make_scene(members=3)
    sitting = council(scene)
    speakers = [
        attend(sitting, make_person(community_of(scene)).id, Seat.PARTICIPANT, ParticipantClass.OWNERS)
        for _ in range(2)
    ]
    meeting = session.get_one(Meeting, sitting.meeting_id)

    def statements() -> int:
        session.expire_all()
        with count_statements() as counted:
            draft_of(session, meeting, closed_at=LATER)
        return counted.total

    session.execute(insert(Speech), [speech(sitting, speaker, 1) for speaker in speakers])
    few = statements()
    session.execute(insert(Speech), [speech(sitting, speakers[n % 2], 2 + n // 4) for n in range(198)])
    assert statements() == few
    assert "发言（200次）：" in draft_of(session, meeting, closed_at=LATER)


def test_the_draft_follows_the_records_until_somebody_writes(session: Session) -> None:
    scene = make_scene(members=3)
    sitting = council(scene)
    close(scene, sitting)
    meeting = session.get_one(Meeting, sitting.meeting_id)
    assert meeting.minutes == meeting.minutes_draft
    assert "留待下次会议继续商议" in meeting.minutes
    services.write_minutes(
        meeting_id=sitting.meeting_id,
        text=meeting.minutes + "\n补充：会后查看了现场。",
        actor=scene.clerk,
        now=LATER,
    )
    changes = list_changes(meeting.minutes_draft, meeting.minutes)
    assert [(change.is_added, change.text) for change in changes] == [(True, "补充：会后查看了现场。")]


@pytest.mark.law("C5", "council.publication", "council.minutes")
def test_two_signatures_of_one_text_post_it(session: Session) -> None:
    scene = make_scene(members=3)
    sitting = council(scene)
    text_hash = close(scene, sitting)
    assert not sign(sitting, scene.director, Signer.CHAIR, text_hash)
    assert session.get_one(Meeting, sitting.meeting_id).minutes_posted_at is None
    with pytest.raises(AlreadyDone):
        sign(sitting, scene.director, Signer.CHAIR, text_hash)
    assert sign(sitting, scene.clerk, Signer.CLERK, text_hash)
    meeting = session.get_one(Meeting, sitting.meeting_id)
    assert meeting.minutes_posted_at == LATER
    notice = session.scalars(select(Notice).where(Notice.title.contains("会议记录"))).one()
    assert notice.text.startswith(meeting.minutes)
    assert "主持人：林国栋" in notice.text
    assert text_hash in notice.text
    with pytest.raises(TransitionNotAllowed):
        services.write_minutes(meeting_id=meeting.id, text="改写", actor=scene.clerk, now=LATER)


def test_a_correction_takes_the_signature_away_and_says_so(session: Session) -> None:
    scene = make_scene(members=3)
    sitting = council(scene)
    before = close(scene, sitting)
    sign(sitting, scene.director, Signer.CHAIR, before)
    removed = services.write_minutes(
        meeting_id=sitting.meeting_id, text="更正后的记录", actor=scene.clerk, now=LATER
    )
    assert removed == [Signer.CHAIR]
    assert session.scalar(select(func.count()).select_from(MinutesSignature)) == 0
    with pytest.raises(MinutesChanged):
        sign(sitting, scene.clerk, Signer.CLERK, before)
    entry = session.scalars(
        select(JournalEntry).where(JournalEntry.action == "meeting.correct_minutes")
    ).one()
    assert entry.payload["unsigned"] == ["chair"]
    assert (entry.payload["before"], entry.payload["after"]) == (before, hash_of_text("更正后的记录"))
    assert (
        services.write_minutes(
            meeting_id=sitting.meeting_id, text="更正后的记录", actor=scene.clerk, now=LATER
        )
        == []
    ), "the same text again is no correction"


def test_nobody_signs_for_another_nor_twice(session: Session) -> None:
    scene = make_scene(members=3)
    sitting = council(scene)
    text_hash = close(scene, sitting)
    member = scene.members[1]
    for actor, signer in (
        (member, Signer.CHAIR),
        (scene.clerk, Signer.CHAIR),
        (scene.director, Signer.CLERK),
    ):
        with pytest.raises(NotEligible):
            sign(sitting, actor, signer, text_hash)
    with pytest.raises(NotEligible):
        services.write_minutes(meeting_id=sitting.meeting_id, text="x", actor=member, now=LATER)
    with pytest.raises(Invalid):
        services.write_minutes(
            meeting_id=sitting.meeting_id, text="证号11010519491231002X", actor=scene.clerk, now=LATER
        )


def test_an_identity_number_that_somebody_said_is_taken_out_before_the_signature(session: Session) -> None:
    scene = make_scene(members=3)
    sitting = council(scene)
    firm = attend(sitting, None, Seat.PARTICIPANT, ParticipantClass.PROPERTY_FIRM, guest_name="赵经理")
    session.execute(insert(Speech), [speech(sitting, firm, 1, gist="业主110105194912310021没有交费")])
    session.commit()
    with pytest.raises(Invalid, match="identity_number"):
        sign(sitting, scene.director, Signer.CHAIR, close(scene, sitting))
    assert session.scalar(select(func.count()).select_from(MinutesSignature)) == 0


def test_minutes_are_not_signed_before_the_meeting_is_closed(session: Session) -> None:
    scene = make_scene(members=3)
    sitting = council(scene)
    with pytest.raises(TransitionNotAllowed):
        sign(sitting, scene.director, Signer.CHAIR, hash_of_text(""))


def test_a_chair_without_a_phone_signs_on_paper_which_the_clerk_enters(session: Session) -> None:
    scene = make_scene(members=3)
    sitting = council(scene)
    text_hash = close(scene, sitting)
    with pytest.raises(Invalid):
        sign(sitting, scene.clerk, Signer.CHAIR, text_hash, paper_file=" ")
    with pytest.raises(NotEligible):
        sign(sitting, scene.members[1], Signer.CHAIR, text_hash, paper_file="2026-3")
    sign(sitting, scene.clerk, Signer.CHAIR, text_hash, paper_file="2026-3")
    kept = session.scalars(select(MinutesSignature)).one()
    assert (kept.person_id, kept.entered_by_id) == (scene.director.person_id, scene.clerk.person_id)
    sign(sitting, scene.clerk, Signer.CLERK, text_hash)
    notice = session.scalars(select(Notice).where(Notice.title.contains("会议记录"))).one()
    assert "（纸质签名，档案号2026-3）" in notice.text


def test_two_who_sign_at_once_post_it_once(committed: Flask) -> None:
    with committed.app_context():
        scene = make_scene(members=3)
        sitting = council(scene)
        text_hash = close(scene, sitting)

    def sign_as(actor: Actor, signer: Signer) -> bool:
        with committed.app_context():
            return sign(sitting, actor, signer, text_hash)

    with ThreadPoolExecutor(2) as pool:
        posted = list(pool.map(sign_as, (scene.director, scene.clerk), (Signer.CHAIR, Signer.CLERK)))
    assert sorted(posted) == [False, True]
    with committed.app_context():
        notices = select(func.count()).where(Notice.title.contains("会议记录"))
        assert db.session.scalar(notices) == 1


def test_minutes_wait_in_the_inbox_of_who_signs_until_they_have(session: Session) -> None:
    scene = make_scene(members=3)
    sitting = council(scene)
    text_hash = close(scene, sitting)
    due = day_ends(TODAY + timedelta(days=5))
    for actor in (scene.director, scene.clerk):
        assert waiting_minutes(session, actor) == [due]
    assert waiting_minutes(session, scene.members[1]) == []
    sign(sitting, scene.director, Signer.CHAIR, text_hash)
    assert waiting_minutes(session, scene.director) == []
    assert waiting_minutes(session, scene.clerk) == [due]


def waiting_minutes(session: Session, actor: Actor) -> list[datetime | None]:
    """Return by when somebody is to sign, as the home page says."""
    needs = list_needs(session, actor, NOW)
    return [need.due_at for need in needs if need.kind is NeedKind.SIGN_MINUTES]


def test_minutes_not_signed_in_time_are_flagged_once(session: Session) -> None:
    scene = make_scene(members=3)
    sitting = council(scene)
    close(scene, sitting)
    due: datetime = day_ends(TODAY + timedelta(days=5))
    assert sweep_clocks(now=due).minutes_overdue == 0
    assert sweep_clocks(now=due + timedelta(microseconds=1)).minutes_overdue == 1
    assert sweep_clocks(now=due + timedelta(days=1)).minutes_overdue == 0


def test_the_public_reads_minutes_once_they_are_signed(session: Session) -> None:
    scene = make_scene(members=3)
    sitting = council(scene)

    def may_read(actor: Actor | None) -> bool:
        return get_minutes(
            session, meeting_id=sitting.meeting_id, community_id=scene.community_id, actor=actor
        ).may_read

    text_hash = close(scene, sitting)
    supervisor = actor_of(make_officer(community_of(scene), Role.SUPERVISOR), Role.SUPERVISOR)
    assert [may_read(actor) for actor in (None, scene.members[1], supervisor, scene.clerk)] == [
        False,
        False,
        True,
        True,
    ]
    sign(sitting, scene.director, Signer.CHAIR, text_hash)
    sign(sitting, scene.clerk, Signer.CLERK, text_hash)
    assert may_read(None)


def test_pages_correct_sign_and_show_the_minutes(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        scene = make_scene(members=3)
        sitting = council(scene)
        text_hash = close(scene, sitting)
    url = f"/meetings/{sitting.meeting_id}/minutes"
    assert text_hash not in client.get(url).text
    sign_in(client, "director")
    assert text_hash in client.get(url).text
    client.post(f"{url}/sign", data={"signer": "chair", "text_hash": text_hash})
    sign_in(client, "clerk")
    form = client.get(f"{url}/edit").text
    assert "林国栋" in form, "whose signature goes is said before it goes"
    assert client.post(f"{url}/edit", data={"text": ""}).status_code == 422
    assert client.post(f"{url}/edit", data={"text": "更正"}).headers["Location"].endswith("/minutes")
    client.post(f"{url}/sign", data={"signer": "clerk", "text_hash": text_hash})
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(MinutesSignature)) == 0
        text_hash = current_hash(sitting)
    assert client.post(f"{url}/paper", data={"text_hash": text_hash}).status_code == 422
    paper = {"signer": "chair", "paper_file": "2026-3", "text_hash": text_hash}
    assert client.post(f"{url}/paper", data=paper).status_code == 303
    client.post(f"{url}/sign", data={"signer": "clerk", "text_hash": text_hash})
    client.post("/sign-out")
    page = client.get(url).text
    assert "2026-3" in page
    assert text_hash in page


def test_no_follow_up_is_left_out_of_the_minutes(session: Session) -> None:
    scene = make_scene(members=3)
    sitting = council(scene)
    services.put_on_agenda(item_id=sitting.item_id, text="投放点选址", actor=scene.director, now=NOW)
    close(scene, sitting)
    assert session.scalars(select(FollowUp)).one().text == "投放点选址"
    minutes = session.get_one(Meeting, sitting.meeting_id).minutes
    assert "会后工作：列入下一次居民会议或居民代表会议议程：投放点选址" in minutes
