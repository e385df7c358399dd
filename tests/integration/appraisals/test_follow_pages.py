"""The pages of what follows from grades: who sees what, and the way of an action through its forms."""

from __future__ import annotations

import io
import uuid
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from civicforum.appraisals.models import Consequence, CorrectiveAction, Criticism, SupportPlan
from civicforum.appraisals.rules import ActionSource, ActionState, ConsequenceKind, CriticismSource, Recheck
from civicforum.appraisals.services import actions, criticisms, rechecks
from civicforum.appraisals.services.action_clocks import sweep_actions
from civicforum.appraisals.services.actions import Wanted
from civicforum.appraisals.services.support import Help, open_plan
from civicforum.bodies.models import Body
from civicforum.bodies.rules import BodyKind, Role
from civicforum.database import db
from civicforum.people.models import Community, Person
from tests.factories import actor_of, make_account, make_person, sign_in
from tests.support.appraisals import Town, make_town
from tests.support.days import right_now, today
from tests.support.graded import UNFIT, GradedCycle, certify, make_cycle
from tests.support.statements import count_statements

FIRST, SECOND = today() - timedelta(days=200), today() - timedelta(days=14)


@pytest.fixture
def town(app: Flask, database: None) -> Town:
    with app.app_context():
        town = make_town(representatives=0)
        resident = make_person(db.session.get_one(Community, town.community_id))
        make_account(resident, login="resident")
        return town


def two_cycles(app: Flask, town: Town) -> GradedCycle:
    """Certify two cycles with the same poor grades of a member and the secretary; return the second."""
    grades = {town.members[1]: UNFIT, town.secretary_id: UNFIT}
    with app.app_context():
        certify(make_cycle(town, grades=grades, held_on=FIRST))
        second = make_cycle(town, grades=grades, held_on=SECOND)
        certify(second)
    return second


def an_action(app: Flask, town: Town, number: int = 1) -> uuid.UUID:
    """Open actions of the service station, and return the last one's id."""
    with app.app_context():
        station = db.session.scalars(
            select(Body.id).where(
                Body.community_id == town.community_id, Body.kind == BodyKind.SERVICE_STATION
            )
        ).one()
        for _ in range(number):
            made = actions.open_locked(
                db.session(),
                community_id=town.community_id,
                source=ActionSource.SERVICE_RATING,
                source_id=uuid.uuid4(),
                wanted=Wanted(title="窗口排队太久", problem="周一排队一小时。", owner_id=station),
                actor=None,
                now=right_now(),
            )
        db.session.commit()
        return made.id


def reported(app: Flask, town: Town) -> uuid.UUID:
    action_id, now = an_action(app, town), right_now()
    with app.app_context():
        head = actor_of(db.session.get_one(Person, town.station_head_id))
        actions.plan(action_id=action_id, measure="加开窗口", due_on=today(), actor=head, now=now)
        actions.report(action_id=action_id, proof="已加开", actor=head, now=now)
    return action_id


def page(client: FlaskClient, url: str, status: int = 200) -> str:
    answer = client.get(url, headers={"Accept-Language": "en"})
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def test_everybody_reads_the_strikes_with_sum_and_cycles_and_why_the_appointed_post_goes_on(
    app: Flask, client: FlaskClient, town: Town
) -> None:
    second = two_cycles(app, town)
    text = page(client, f"/appraisals/{second.cycle_id}/follow")
    assert "张桂兰 · The post ends" in text
    assert "2 ≥ 2" in text
    assert f"{FIRST}民主评议" in text
    assert "林国安 was not elected to the residents' committee" in text
    assert "An appraisal never ends the post of the party secretary" in text
    assert "Record what was done" not in text


def test_a_first_strike_says_what_a_second_one_would_do(app: Flask, client: FlaskClient, town: Town) -> None:
    with app.app_context():
        graded = make_cycle(town, grades={town.members[1]: UNFIT}, held_on=SECOND)
        certify(graded)
    text = page(client, f"/appraisals/{graded.cycle_id}/follow")
    assert "A second one running would end the post by law." in text
    assert "1 &lt; 2" in text


def test_the_supervision_committee_ends_the_post_through_the_form(
    app: Flask, client: FlaskClient, town: Town
) -> None:
    two_cycles(app, town)
    with app.app_context():
        strikes = db.session.scalars(
            select(Consequence.id).where(Consequence.kind == ConsequenceKind.TWO_STRIKES)
        ).one()
    sign_in(client, "supervisor")
    url = f"/appraisals/consequences/{strikes}/settle"
    assert client.post(url, data={"on": str(FIRST), "text": "公告第2号"}).status_code == 422
    assert client.post(url, data={"on": str(today()), "text": "公告第2号"}).status_code == 303
    answer = client.post(url, data={"on": str(today()), "text": "公告第2号"})
    assert answer.status_code == 422
    sign_in(client, "member2")
    assert client.get(url).status_code == 403


def test_what_came_of_a_talk_is_not_public(app: Flask, client: FlaskClient, town: Town) -> None:
    second = two_cycles(app, town)
    with app.app_context():
        talk = db.session.scalars(
            select(Consequence.id)
            .where(Consequence.kind == ConsequenceKind.WARNING_TALK)
            .order_by(Consequence.proposed_at.desc())
        ).first()
    sign_in(client, "supervisor")
    data = {"on": str(today()), "talked_by": "街道党工委", "text": "家里有困难"}
    assert client.post(f"/appraisals/consequences/{talk}/settle", data=data).status_code == 303
    assert "家里有困难" in page(client, f"/appraisals/{second.cycle_id}/follow")
    sign_in(client, "resident")
    text = page(client, f"/appraisals/{second.cycle_id}/follow") + page(client, "/register")
    assert "街道党工委" in text
    assert "家里有困难" not in text


def test_a_poor_grade_becomes_an_action_with_title_and_owner_filled_in(
    app: Flask, client: FlaskClient, town: Town
) -> None:
    second = two_cycles(app, town)
    subject_id = second.subjects[town.members[1]]
    sign_in(client, "supervisor")
    text = page(client, f"/appraisals/subjects/{subject_id}/action")
    assert "张桂兰被评为“不称职”的整改" in text
    with app.app_context():
        committee = db.session.scalars(select(Body.id).where(Body.kind == BodyKind.RESIDENTS_COMMITTEE)).one()
    owner = f"{committee}:{town.members[1]}"
    assert f'value="{owner}" selected' in text
    data = {"title": "多走访", "problem": "走访太少", "owner": owner}
    answer = client.post(f"/appraisals/subjects/{subject_id}/action", data=data)
    assert answer.status_code == 303
    assert "走访太少" in page(client, answer.location)
    assert "Action opened" in page(client, f"/appraisals/{second.cycle_id}/follow")


def test_the_way_of_an_action_through_its_pages(app: Flask, client: FlaskClient, town: Town) -> None:
    action_id = an_action(app, town)
    url = f"/appraisals/actions/{action_id}"
    sign_in(client, "resident")
    assert client.get(f"{url}/plan").status_code == 403
    sign_in(client, "head")
    assert client.post(f"{url}/plan", data={"measure": "", "due_on": ""}).status_code == 422
    wrong = {"measure": "加开窗口", "due_on": str(today() - timedelta(days=1))}
    assert "加开窗口" in client.post(f"{url}/plan", data=wrong).get_data(as_text=True)
    assert client.post(f"{url}/plan", data={**wrong, "due_on": str(today())}).status_code == 303
    no_picture = {"proof": "已加开", "photo": (io.BytesIO(b"no picture"), "a.jpg")}
    assert client.post(f"{url}/report", data=no_picture).status_code == 422
    assert client.post(f"{url}/report", data={"proof": "已加开"}).status_code == 303
    assert client.get(f"{url}/recheck").status_code == 403, "the owner"
    sign_in(client, "resident")
    assert client.post(f"{url}/recheck", data={"verdict": "mended", "comment": "快多了"}).status_code == 303
    text = page(client, url)
    assert "1 resident has answered." in text
    assert "快多了" not in text
    sign_in(client, "supervisor")
    assert client.get(f"{url}/close").status_code == 403, "the time runs"
    with app.app_context():
        sweep_actions(now=right_now() + timedelta(days=12))
    assert "To be checked" in page(client, url)
    assert client.post(f"{url}/close", data={"decision": "close", "note": "已看过"}).status_code == 303
    text = page(client, url)
    for words in (
        "Mended and closed",
        "已看过",
        "快多了",
        "reported it done",
        "opened the corrective action",
    ):
        assert words in text


@pytest.mark.parametrize(("answers", "shown"), [(4, False), (5, True)])
def test_what_residents_say_is_shown_after_the_time_and_from_five_on(
    app: Flask, client: FlaskClient, town: Town, answers: int, shown: bool
) -> None:
    action_id = reported(app, town)
    with app.app_context():
        community = db.session.get_one(Community, town.community_id)
        for _ in range(answers):
            rechecks.recheck(
                action_id=action_id,
                verdict=Recheck.PARTLY,
                comment="",
                actor=actor_of(make_person(community)),
                now=right_now(),
            )
    assert "Partly mended" not in page(client, f"/appraisals/actions/{action_id}")
    with app.app_context():
        sweep_actions(now=right_now() + timedelta(days=12))
    text = page(client, f"/appraisals/actions/{action_id}")
    assert ("Partly mended" in text) is shown
    assert f"{answers} residents have answered." in text


def test_the_list_has_filters_and_as_many_statements_for_twenty_as_for_one(
    app: Flask, client: FlaskClient, town: Town
) -> None:
    an_action(app, town)
    with count_statements() as few:
        assert "窗口排队太久" in page(client, "/appraisals/actions")
    an_action(app, town, 24)
    with count_statements() as many:
        text = page(client, "/appraisals/actions")
    assert many.total == few.total
    assert "1 to 20 of 25" in text
    assert "Nobody is late" in page(client, "/appraisals/actions?show=overdue")
    with app.app_context():
        db.session.execute(update(CorrectiveAction).values(due_on=today() - timedelta(days=1)))
        db.session.commit()
    assert "Late" in page(client, "/appraisals/actions?show=overdue")
    assert "Nothing is closed yet" in page(client, "/appraisals/actions?show=closed")


def test_criticisms_are_entered_by_line_and_public_with_the_days_they_wait(
    app: Flask, client: FlaskClient, town: Town
) -> None:
    second = two_cycles(app, town)
    sign_in(client, "clerk")
    url = f"/appraisals/{second.cycle_id}/criticisms/new"
    assert client.post(url, data={"source": "spoken", "subject": "", "texts": ""}).status_code == 422
    data = {"source": "spoken", "subject": "", "texts": "走访太少\n电话没人接"}
    assert client.post(url, data=data).status_code == 303
    text = page(client, "/appraisals/criticisms")
    assert "走访太少" in text
    assert "waits for 0 days" in text
    assert "电话没人接" in page(client, f"/appraisals/{second.cycle_id}/follow")


def test_a_criticism_is_answered_in_one_of_three_ways(app: Flask, client: FlaskClient, town: Town) -> None:
    second = two_cycles(app, town)
    with app.app_context():
        criticisms.enter(
            cycle_id=second.cycle_id,
            subject_id=None,
            source=CriticismSource.SPOKEN,
            texts=["甲", "乙", "丙"],
            actor=town.supervisor,
            now=right_now(),
        )
        ids = db.session.scalars(select(Criticism.id).order_by(Criticism.text)).all()
        committee = db.session.scalars(select(Body.id).where(Body.kind == BodyKind.RESIDENTS_COMMITTEE)).one()
    sign_in(client, "supervisor")
    asked: list[dict[str, str]] = [
        {"answer": "new", "title": "改甲", "owner": str(committee)},
        {"answer": "join", "owner": "", "number": "1"},
        {"answer": "dismiss", "owner": "", "reason": "不属于社区职责"},
    ]
    for criticism_id, data in zip(ids, asked, strict=True):
        url = f"/appraisals/criticisms/{criticism_id}/answer"
        assert client.post(url, data={"answer": data["answer"]}).status_code == 422
        assert client.post(url, data=data).status_code == 303
    text = page(client, f"/appraisals/{second.cycle_id}/follow")
    assert text.count("改甲") >= 2
    assert "不属于社区职责" in text
    assert "Every criticism is answered" in page(client, "/appraisals/criticisms")


def test_a_support_plan_is_read_by_those_concerned_and_known_to_everybody(
    app: Flask, client: FlaskClient, town: Town
) -> None:
    second = two_cycles(app, town)
    sign_in(client, "secretary")
    url = f"/appraisals/subjects/{second.subjects[town.members[1]]}/support"
    assert "被评为“不称职”" in page(client, url)
    until = str(today() + timedelta(days=180))
    data = {"helper": str(town.director_id), "measures": "陪同走访", "until_on": until}
    assert client.post(url, data={**data, "until_on": str(today())}).status_code == 422
    answer = client.post(url, data=data)
    assert answer.status_code == 303
    plan_url = answer.location
    assert client.get(f"/appraisals/subjects/{second.subjects[town.secretary_id]}/support").status_code == 403
    for login in ("member1", "director", "supervisor"):
        sign_in(client, login)
        assert "陪同走访" in page(client, plan_url)
    sign_in(client, "resident")
    page(client, plan_url, 403)
    client.post("/accounts/sign-out")
    text = page(client, "/appraisals/support") + page(client, f"/appraisals/{second.cycle_id}/follow")
    assert "Under way since" in text
    assert "陪同走访" not in text
    assert "陈伯龙" not in text, "the helper"


def test_the_page_of_a_plan_leads_to_the_appraisal_that_ends_it(
    app: Flask, client: FlaskClient, town: Town
) -> None:
    second = two_cycles(app, town)
    with app.app_context():
        plan_id = open_plan(
            subject_id=second.subjects[town.members[1]],
            given=Help(
                helper_id=town.director_id, measures="陪同走访", until_on=today() + timedelta(days=90)
            ),
            actor=town.supervisor,
            now=right_now(),
        )
    sign_in(client, "supervisor")
    assert "No later appraisal of 张桂兰 is planned." in page(client, f"/appraisals/support/{plan_id}")
    with app.app_context():
        later = make_cycle(
            town, grades={town.members[1]: UNFIT}, held_on=today() + timedelta(days=80), title="年终复评"
        )
    url = f"/appraisals/support/{plan_id}/again"
    assert "年终复评" in page(client, url)
    assert client.post(url, data={"again": str(uuid.uuid4())}).status_code == 422
    again = later.subjects[town.members[1]]
    assert client.post(url, data={"again": str(again)}).status_code == 303
    with app.app_context():
        assert db.session.get_one(SupportPlan, plan_id).again_id == again


def test_what_waits_stands_on_the_home_pages_of_those_who_do_it(
    app: Flask, client: FlaskClient, town: Town
) -> None:
    second = two_cycles(app, town)
    action_id = an_action(app, town)
    sign_in(client, "head")
    assert "Say how it is mended, and by when" in page(client, "/")
    sign_in(client, "supervisor")
    text = page(client, "/")
    assert "See to what follows from the grades" in text
    assert f"/appraisals/{second.cycle_id}/follow" in text
    assert "Say how it is mended" not in text
    with app.app_context():
        now = right_now()
        head = actor_of(db.session.get_one(Person, town.station_head_id), Role.STATION_HEAD)
        actions.plan(action_id=action_id, measure="加开", due_on=today(), actor=head, now=now)
        actions.report(action_id=action_id, proof="加开了", actor=head, now=now)
        sweep_actions(now=now + timedelta(days=12))
        assert db.session.get_one(CorrectiveAction, action_id).state is ActionState.REPORTED
    assert "Close the corrective action" in page(client, "/")
    sign_in(client, "resident")
    assert "corrective" not in page(client, "/")


def test_another_communitys_pages_are_not_found(app: Flask, client: FlaskClient, town: Town) -> None:
    sign_in(client, "supervisor")
    unknown = uuid.uuid4()
    for path in (
        f"actions/{unknown}",
        f"{unknown}/follow",
        f"support/{unknown}",
        f"criticisms/{unknown}/answer",
        f"consequences/{unknown}/settle",
        f"subjects/{unknown}/action",
    ):
        page(client, f"/appraisals/{path}", 404)
