"""Whoever is graded in a cycle keeps out of it, also as an officer, and on every page."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from civicforum.appraisals.models import AppraisalObjection, AppraisalSubject, CorrectiveAction
from civicforum.appraisals.rules import ActionSource, CriticismSource, Recheck
from civicforum.appraisals.services import actions, criticisms, rechecks
from civicforum.appraisals.services.actions import Wanted
from civicforum.appraisals.services.objecting import file_objection
from civicforum.appraisals.services.reporting import enter_report, submit_report
from civicforum.bodies.models import Body
from civicforum.bodies.rules import BodyKind, Role
from civicforum.database import db
from civicforum.errors import NotEligible
from civicforum.people.models import Community, Person
from civicforum.rulebook.days import day_of
from tests.factories import NOW, actor_of, make_person, sign_in
from tests.support.appraisal_results import COUNTED, make_counted
from tests.support.appraisals import CLERK, SUPERVISOR, make_town, posted_halfyear, subject_ids


def let_grade(subject_id: uuid.UUID, person_id: uuid.UUID) -> None:
    """Have a subject stand for somebody else."""
    change = update(AppraisalSubject).where(AppraisalSubject.id == subject_id)
    db.session.execute(change.values(person_id=person_id, term_id=None))
    db.session.commit()


def status(client: FlaskClient, url: str) -> int:
    return client.get(url).status_code


def test_a_graded_supervisor_does_not_read_who_objected(client: FlaskClient) -> None:
    with client.application.app_context():
        made = make_counted()
        objector = actor_of(make_person(db.session.get_one(Community, made.town.community_id)))
        objection_id = file_objection(
            cycle_id=made.cycle_id, subject_id=None, text="有人代填。", actor=objector, now=COUNTED
        )
        name = db.session.get_one(Person, objector.person_id).name
        first = made.subjects[0]
    url = f"/appraisals/{made.cycle_id}/objections/{objection_id}"
    sign_in(client, SUPERVISOR)
    assert name in client.get(url).text
    with client.application.app_context():
        let_grade(first, made.town.supervisor.person_id)
    answer = client.get(url)
    assert answer.status_code == 403
    assert name not in answer.text


def test_a_second_click_on_an_objection_files_it_once(client: FlaskClient) -> None:
    with client.application.app_context():
        made = make_counted()
    sign_in(client, "member1")
    for _ in range(2):
        answer = client.post(f"/appraisals/{made.cycle_id}/object", data={"subject": "", "text": "漏计。"})
        assert answer.status_code == 303
    with client.application.app_context():
        assert len(db.session.scalars(select(AppraisalObjection)).all()) == 1


def test_a_graded_supervisor_does_not_read_reports_before_they_are_accepted(client: FlaskClient) -> None:
    with client.application.app_context():
        town = make_town(representatives=0)
        first, second, _third = subject_ids(posted_halfyear(town))
        secretary = replace(town.supervisor, person_id=town.secretary_id)
        submit_report(subject_id=first, text="未公开的述职", file=None, actor=secretary, now=NOW)
    sign_in(client, SUPERVISOR)
    url = f"/appraisals/reports/{first}/check"
    assert "未公开的述职" in client.get(url).text
    with client.application.app_context():
        let_grade(second, town.supervisor.person_id)
    assert status(client, url) == 403


def test_a_graded_clerk_neither_reads_nor_enters_reports_on_paper(client: FlaskClient) -> None:
    with client.application.app_context():
        town = make_town(representatives=0)
        first, second, _third = subject_ids(posted_halfyear(town))
        secretary = replace(town.supervisor, person_id=town.secretary_id)
        submit_report(subject_id=first, text="未公开的述职", file=None, actor=secretary, now=NOW)
        let_grade(second, town.clerk.person_id)
        for subject_id in (first, second):
            with pytest.raises(NotEligible):
                enter_report(
                    subject_id=subject_id,
                    text="述职",
                    file=None,
                    came_on=day_of(NOW),
                    actor=town.clerk,
                    now=NOW + timedelta(days=20),
                )
    sign_in(client, CLERK)
    assert status(client, f"/appraisals/reports/{first}/enter") == 403
    assert status(client, f"/appraisals/reports/{second}/enter") == 403


def test_a_graded_clerk_reads_no_criticism_before_the_count(client: FlaskClient) -> None:
    with client.application.app_context():
        town = make_town(representatives=0)
        cycle_id = posted_halfyear(town)
        criticisms.enter(
            cycle_id=cycle_id,
            subject_id=None,
            source=CriticismSource.SPOKEN,
            texts=["窗口排队太久"],
            actor=town.supervisor,
            now=NOW,
        )
        first = subject_ids(cycle_id)[0]
    sign_in(client, CLERK)
    url = f"/appraisals/{cycle_id}/follow"
    assert "窗口排队太久" in client.get(url).text
    with client.application.app_context():
        let_grade(first, town.clerk.person_id)
    page = client.get(url).text
    assert "窗口排队太久" not in page
    assert "/criticisms/new" not in page


def test_nobody_says_of_their_own_grade_that_it_is_mended(session: Session) -> None:
    town = make_town(representatives=0)
    subject_id = subject_ids(posted_halfyear(town))[2]
    station = select(Body.id).where(
        Body.community_id == town.community_id, Body.kind == BodyKind.SERVICE_STATION
    )
    now = datetime.now(UTC)
    made = actions.open_locked(
        session,
        community_id=town.community_id,
        source=ActionSource.GRADE,
        source_id=subject_id,
        wanted=Wanted(title="回复太慢", problem="来信两月未复。", owner_id=session.scalars(station).one()),
        subject_id=subject_id,
        actor=None,
        now=now,
    )
    session.commit()
    head = actor_of(session.get_one(Person, town.station_head_id))
    actions.plan(action_id=made.id, measure="专人回复", due_on=day_of(now), actor=head, now=now)
    actions.report(action_id=made.id, proof="已回复", actor=head, now=now)
    director = actor_of(session.get_one(Person, town.director_id), Role.COMMITTEE)
    with pytest.raises(NotEligible):
        rechecks.recheck(action_id=made.id, verdict=Recheck.MENDED, comment="", actor=director, now=now)
    assert session.get_one(CorrectiveAction, made.id).round == 1
