"""What follows from meetings: tasks, what waits for an assembly, and that neither is forgotten."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from civicforum.bodies.models import Body
from civicforum.bodies.rules import BodyKind, PostKind, Role
from civicforum.database import db
from civicforum.errors import AlreadyDone, Invalid, NotEligible, NotFound, TransitionNotAllowed
from civicforum.inbox.rules import NeedKind
from civicforum.matters.rules import Stage
from civicforum.meetings import services
from civicforum.meetings.errors import FollowUpMissing
from civicforum.meetings.models import AgendaItem, FollowUp, Meeting
from civicforum.meetings.queries.follow_ups import (
    count_follow_ups,
    list_follow_up_needs,
    list_follow_ups,
    list_waiting_for_agenda,
)
from civicforum.meetings.rules import FollowUpKind, MeetingForm, MeetingState, Outcome
from civicforum.meetings.services import follow_ups
from civicforum.meetings.services.clocks import sweep_clocks
from civicforum.rulebook.days import day_ends, day_of
from tests.factories import (
    NOW,
    TODAY,
    actor_of,
    make_body,
    make_community,
    make_person,
    make_post,
    make_term,
    sign_in,
)
from tests.integration.meetings.scenes import (
    PlannedItem,
    Scene,
    Sitting,
    community_of,
    make_matter,
    make_scene,
    open_sitting,
    plan,
)
from tests.support.statements import count_statements

LATER = NOW + timedelta(hours=2)
LAMPS = PlannedItem(
    title="楼道灯", text="更换声控灯。", studied_on=TODAY - timedelta(days=30), study_text="同意提交"
)


def agreed(scene: Scene, outcome: Outcome = Outcome.AGREED) -> Sitting:
    """Hold a council session that agrees on a topic without a matter."""
    sitting = open_sitting(scene, MeetingForm.COUNCIL, PlannedItem(title="楼道灯"))
    services.conclude_item(
        item_id=sitting.item_id,
        outcome=outcome,
        text="更换声控灯。",
        dissent="",
        actor=scene.director,
        now=NOW,
    )
    return sitting


def make_station(scene: Scene) -> Body:
    return make_body(community_of(scene), BodyKind.SERVICE_STATION, name="社区服务站")


def add_task(scene: Scene, sitting: Sitting, owner: Body, *, days: int = 10) -> uuid.UUID:
    return services.add_task(
        item_id=sitting.item_id,
        text="更换三号楼楼道灯",
        owner_id=owner.id,
        due_on=TODAY + timedelta(days=days),
        actor=scene.director,
        now=NOW,
    )


def close(scene: Scene, sitting: Sitting) -> None:
    services.close_meeting(meeting_id=sitting.meeting_id, actor=scene.director, now=LATER)


@pytest.mark.law("C1")
def test_a_meeting_does_not_close_while_an_agreed_item_leads_nowhere(session: Session) -> None:
    scene = make_scene(members=3)
    sitting = agreed(scene)
    with pytest.raises(FollowUpMissing) as refused:
        close(scene, sitting)
    assert refused.value.positions == [1]
    assert session.get_one(Meeting, sitting.meeting_id).state is MeetingState.OPEN
    with pytest.raises(Invalid):
        services.say_nothing_follows(item_id=sitting.item_id, because=" ", actor=scene.director, now=NOW)
    services.say_nothing_follows(item_id=sitting.item_id, because="当场已换好", actor=scene.director, now=NOW)
    close(scene, sitting)
    assert "会后工作：无。当场已换好" in session.get_one(Meeting, sitting.meeting_id).minutes


def test_an_item_of_a_matter_needs_none_and_takes_none(session: Session) -> None:
    scene = make_scene(members=3)
    matter_id = make_matter(scene, Stage.DELIBERATING)
    sitting = open_sitting(scene, MeetingForm.COUNCIL, PlannedItem(matter_id=matter_id))
    services.conclude_item(
        item_id=sitting.item_id,
        outcome=Outcome.AGREED,
        text="同意",
        dissent="",
        actor=scene.director,
        now=NOW,
    )
    with pytest.raises(Invalid) as refused:
        add_task(scene, sitting, make_station(scene))
    assert refused.value.reason == "has_matter"
    close(scene, sitting)


def test_a_task_after_a_reason_replaces_it(session: Session) -> None:
    scene = make_scene(members=3)
    sitting = agreed(scene)
    services.say_nothing_follows(item_id=sitting.item_id, because="无", actor=scene.director, now=NOW)
    task_id = add_task(scene, sitting, make_station(scene))
    assert session.get_one(AgendaItem, sitting.item_id).nothing_because == ""
    with pytest.raises(AlreadyDone):
        services.say_nothing_follows(item_id=sitting.item_id, because="无", actor=scene.director, now=NOW)
    services.drop_follow_up(follow_up_id=task_id, actor=scene.director, now=NOW)
    with pytest.raises(FollowUpMissing):
        close(scene, sitting)


def test_only_who_answers_for_the_meeting_says_what_follows(session: Session) -> None:
    scene = make_scene(members=3)
    sitting = agreed(scene)
    with pytest.raises(NotEligible):
        services.put_on_agenda(item_id=sitting.item_id, text="x", actor=scene.members[1], now=NOW)
    with pytest.raises(Invalid) as refused:
        add_task(scene, sitting, make_station(scene), days=-1)
    assert refused.value.reason == "due_past"
    elsewhere = make_body(make_community(name="别的社区"), BodyKind.SERVICE_STATION)
    with pytest.raises(Invalid) as refused:
        add_task(scene, sitting, elsewhere)
    assert refused.value.reason == "body"


def test_a_holder_of_the_owner_reports_it_done_once(session: Session) -> None:
    scene = make_scene(members=3)
    sitting = agreed(scene)
    station = make_station(scene)
    worker = make_person(community_of(scene))
    make_term(worker, make_post(station, PostKind.MEMBER))
    task_id = add_task(scene, sitting, station)
    actor = actor_of(worker)
    assert [need.kind for need in list_follow_up_needs(session, actor, NOW)] == [NeedKind.FINISH_TASK]
    with pytest.raises(NotEligible):
        services.finish_task(follow_up_id=task_id, note="好了", actor=scene.members[1], now=LATER)
    with pytest.raises(Invalid):
        services.finish_task(follow_up_id=task_id, note=" ", actor=actor, now=LATER)
    services.finish_task(follow_up_id=task_id, note="换了十二盏", actor=actor, now=LATER)
    with pytest.raises(AlreadyDone):
        services.finish_task(follow_up_id=task_id, note="又", actor=actor, now=LATER)
    assert list_follow_up_needs(session, actor, NOW) == []
    figures = count_follow_ups(session, community_id=scene.community_id, now=NOW)
    assert (figures.waiting, figures.late, figures.done) == (0, 0, 1)


@pytest.mark.law("C1")
def test_a_topic_sent_to_the_assembly_waits_until_an_agenda_has_it(session: Session) -> None:
    scene = make_scene(members=3)
    sitting = agreed(scene, Outcome.TO_ASSEMBLY)
    close(scene, sitting)
    (waiting,) = list_waiting_for_agenda(session, scene.community_id)
    assert (waiting.kind, waiting.text, waiting.item_id) == (
        FollowUpKind.AGENDA,
        "更换声控灯。",
        sitting.item_id,
    )
    # The representative assembly meets at least every half-year (art 28).
    assert waiting.due_on == TODAY.replace(month=9)
    assert [need.kind for need in list_follow_up_needs(session, scene.director, NOW)] == [
        NeedKind.PUT_ON_AGENDA
    ]
    with pytest.raises(TransitionNotAllowed):
        services.finish_task(follow_up_id=waiting.id, note="x", actor=scene.director, now=LATER)

    assembly = plan(
        scene,
        MeetingForm.REPRESENTATIVE_ASSEMBLY,
        LAMPS,
        starts_at=NOW + timedelta(days=20),
    )
    item = session.get_one(AgendaItem, assembly.item_id)
    assert follow_ups.take_up(session, [waiting.id], item, now=LATER) == [str(waiting.id)]
    assert list_waiting_for_agenda(session, scene.community_id) == []
    with pytest.raises(AlreadyDone):
        follow_ups.take_up(session, [waiting.id], item, now=LATER)
    with pytest.raises(NotFound):
        follow_ups.take_up(session, [uuid.uuid4()], item, now=LATER)
    follow_ups.let_go(session, assembly.meeting_id)
    assert len(list_waiting_for_agenda(session, scene.community_id)) == 1, (
        "as when the assembly is called off"
    )


def test_what_an_assembly_did_not_come_to_waits_for_the_next(session: Session) -> None:
    scene = make_scene(members=3)
    sitting = agreed(scene, Outcome.TO_ASSEMBLY)
    close(scene, sitting)
    (waiting,) = list_waiting_for_agenda(session, scene.community_id)
    assembly = open_sitting(
        scene,
        MeetingForm.REPRESENTATIVE_ASSEMBLY,
        LAMPS,
        present=1,
    )
    item = session.get_one(AgendaItem, assembly.item_id)
    follow_ups.take_up(session, [waiting.id], item, now=NOW)
    session.commit()
    services.close_meeting(meeting_id=assembly.meeting_id, actor=scene.director, now=LATER)
    assert session.get_one(AgendaItem, assembly.item_id).outcome is Outcome.NO_QUORUM
    assert [row.id for row in list_waiting_for_agenda(session, scene.community_id)] == [waiting.id]


def test_late_work_is_flagged_once_after_its_last_day(session: Session) -> None:
    scene = make_scene(members=3)
    add_task(scene, agreed(scene), make_station(scene), days=3)
    last = day_ends(TODAY + timedelta(days=3))
    assert sweep_clocks(now=last).follow_ups_overdue == 0
    late = last + timedelta(microseconds=1)
    assert sweep_clocks(now=late).follow_ups_overdue == 1
    assert sweep_clocks(now=late).follow_ups_overdue == 0
    assert count_follow_ups(session, community_id=scene.community_id, now=late).late == 1


def test_the_public_list_is_paged_with_few_statements(session: Session) -> None:
    scene = make_scene(members=3)
    sitting = agreed(scene)
    owner = make_station(scene)
    common = {
        "community_id": scene.community_id,
        "meeting_id": sitting.meeting_id,
        "item_id": sitting.item_id,
        "kind": FollowUpKind.TASK,
        "owner_id": owner.id,
        "note": "",
    }
    rows = [{**common, "text": f"任务{n}", "due_on": TODAY + timedelta(days=n)} for n in range(45)]
    session.execute(insert(FollowUp), rows)
    with count_statements() as counted:
        page = list_follow_ups(
            session, community_id=scene.community_id, is_done=False, actor=None, now=NOW, number=3
        )
    assert counted.total == 2
    assert [line.follow_up.text for line in page.items] == [f"任务{n}" for n in range(40, 45)]


def test_pages_refuse_to_close_lead_to_what_follows_and_take_it(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        scene = make_scene(members=3)
        sitting = agreed(scene)
        owner_id = make_station(scene).id
    sign_in(client, "director")
    meeting = f"/meetings/{sitting.meeting_id}"
    assert client.post(f"{meeting}/close").headers["Location"].endswith("/follow-ups")
    assert "楼道灯" in client.get(f"{meeting}/follow-ups").text
    url = f"/meetings/items/{sitting.item_id}/follow-up"
    assert client.get(url).status_code == 200
    no_day = {"kind": "task", "text": "换灯", "owner": str(owner_id)}
    refused = client.post(url, data=no_day)
    assert refused.status_code == 422
    assert "换灯" in refused.text
    due_on = (day_of(NOW.now(NOW.tzinfo)) + timedelta(days=5)).isoformat()
    assert client.post(url, data={**no_day, "due_on": due_on}).status_code == 303
    assert client.post(f"{meeting}/close").headers["Location"].endswith(meeting)
    assert "换灯" in client.get("/meetings/follow-ups").text
    with app.app_context():
        task_id = db.session.scalars(select(FollowUp.id)).one()
    done = f"/meetings/follow-ups/{task_id}/done"
    assert client.post(done, data={"note": ""}).status_code == 422
    assert client.post(done, data={"note": "换好了"}).status_code == 303
    client.post("/sign-out")
    assert "换好了" in client.get("/meetings/follow-ups?show=done").text
    assert "换好了" in client.get(meeting).text
    assert client.get(f"{meeting}/follow-ups").status_code == 302


def test_nobody_elses_role_reaches_the_forms(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        scene = make_scene(members=3, logins=True)
        sitting = agreed(scene)
    sign_in(client, "rep0")
    for path in (f"{sitting.meeting_id}/follow-ups", f"items/{sitting.item_id}/follow-up"):
        assert client.get(f"/meetings/{path}").status_code == 403
    assert Role.COMMITTEE in scene.director.roles


def test_planning_an_assembly_offers_what_waits_and_calling_it_off_lets_it_wait_again(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        scene = make_scene(members=3)
        sitting = agreed(scene, Outcome.TO_ASSEMBLY)
        close(scene, sitting)
        (follow_up,) = list_waiting_for_agenda(db.session(), scene.community_id)
        waiting_id = follow_up.id
    sign_in(client, "director")
    form = client.get("/meetings/plan/representative_assembly").text
    assert f'value="{waiting_id}"' in form
    assert "更换声控灯。" in form

    starts_at = NOW + timedelta(days=20)
    with app.app_context():
        assembly = plan(
            scene,
            MeetingForm.REPRESENTATIVE_ASSEMBLY,
            replace(LAMPS, follow_up_id=waiting_id),
            starts_at=starts_at,
        )
        assert list_waiting_for_agenda(db.session(), scene.community_id) == []
        services.change_meeting(
            meeting_id=assembly.meeting_id,
            plan=services.Plan(
                "居民代表会议",
                "二楼",
                starts_at,
                [replace(LAMPS, item_id=assembly.item_id, follow_up_id=waiting_id)],
            ),
            reason="换房间",
            actor=scene.director,
            now=NOW,
        )
        assert list_waiting_for_agenda(db.session(), scene.community_id) == [], "the item that stays keeps it"
        services.cancel_meeting(
            meeting_id=assembly.meeting_id, reason="改期", actor=scene.director, now=NOW + timedelta(days=1)
        )
        assert [row.id for row in list_waiting_for_agenda(db.session(), scene.community_id)] == [waiting_id]
