"""No page of appraisals, ratings, departments or the reserve list shows another community's rows."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from civicforum.accounts.rules import Actor
from civicforum.appraisals.models import Criticism, HearingQuestion, RaterGroup
from civicforum.appraisals.rules import ActionSource, CriticismSource, RaterBasis, UsePurpose
from civicforum.appraisals.services import actions, criticisms
from civicforum.appraisals.services.actions import Wanted
from civicforum.appraisals.services.objecting import file_objection
from civicforum.appraisals.services.support import Help, open_plan
from civicforum.appraisals.services.using import Use, export_result
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.departments import services as departments
from civicforum.departments.rules import DepartmentKind
from civicforum.ratings.models import ServiceRating, SlipSheet
from civicforum.ratings.rules import RatingLevel, ServiceClass
from civicforum.ratings.services import rating, slips, station
from civicforum.reserve import services as reserve
from tests.factories import sign_in
from tests.integration.reserve.test_services import GIVEN
from tests.support.appraisal_results import COUNTED, DAY, make_certified
from tests.support.appraisals import Town, make_town, posted_halfyear, three_groups
from tests.support.graded import UNFIT, certify, make_cycle, term_of

BLUEPRINTS = ("appraisals.", "ratings.", "departments.", "reserve.")
NOW = datetime.now(UTC)


def test_officers_of_another_community_find_nothing(client: FlaskClient) -> None:
    with client.application.app_context():
        ids = _of_appraisals() | {"position": 1}
        make_town(representatives=0, suffix="2")
    wrong, asked = [], 0
    for login in ("supervisor2", "clerk2", "secretary2", "head2", "director2"):
        sign_in(client, login)
        for method, endpoint, address in _addresses(client, ids):
            asked += 1
            status = client.open(address, method=method).status_code
            if status not in (403, 404):
                wrong.append((login, method, endpoint, status))
    assert not wrong
    assert asked > 5 * 90


def _addresses(client: FlaskClient, ids: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return every address of the four blueprints that names a row, with its methods."""
    app, found = client.application, []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if not rule.endpoint.startswith(BLUEPRINTS) or not rule.arguments or "typed" in rule.arguments:
                continue
            address = app.url_for(rule.endpoint, **{name: ids[name] for name in rule.arguments})
            methods = sorted((rule.methods or set()) & {"GET", "POST"})
            found += [(method, rule.endpoint, address) for method in methods]
    return found


def _of_appraisals() -> dict[str, Any]:
    """Make one row of everything, and return the ids by what addresses call them."""
    made = make_certified()
    town, subject_id = made.town, made.subjects[0]
    group_id = db.session.scalars(
        select(RaterGroup.id).where(
            RaterGroup.cycle_id == posted_halfyear(town, groups=three_groups(), meeting_id=None),
            RaterGroup.basis == RaterBasis.OUTSIDE,
        )
    ).one()
    graded = make_cycle(town, grades={town.members[1]: UNFIT}, held_on=date(2026, 2, 2))
    consequence_id = certify(graded)[0].id
    question = HearingQuestion(
        id=uuid.uuid4(),
        community_id=town.community_id,
        subject_id=subject_id,
        position=1,
        question="路灯",
        answer="已报修",
        noted_at=COUNTED,
        noted_by_id=town.clerk.person_id,
    )
    db.session.add(question)
    db.session.commit()
    criticisms.enter(
        cycle_id=made.cycle_id,
        subject_id=None,
        source=CriticismSource.SPOKEN,
        texts=["排队太久"],
        actor=town.supervisor,
        now=COUNTED,
    )
    given = Help(helper_id=town.secretary_id, measures="每周谈话", until_on=(COUNTED + 90 * DAY).date())
    poor = graded.subjects[town.members[1]]
    ids = {
        "cycle_id": made.cycle_id,
        "subject_id": subject_id,
        "group_id": group_id,
        "consequence_id": consequence_id,
        "question_id": question.id,
        "criticism_id": db.session.scalars(select(Criticism.id)).one(),
        "plan_id": open_plan(subject_id=poor, given=given, actor=town.supervisor, now=COUNTED),
        "objection_id": file_objection(
            cycle_id=made.cycle_id, subject_id=None, text="漏计", actor=town.clerk, now=COUNTED + DAY
        ),
        "use_id": export_result(
            cycle_id=made.cycle_id,
            subject_id=subject_id,
            use=Use(purpose=UsePurpose.PAY, organ="街道"),
            actor=town.supervisor,
            now=COUNTED,
        ),
        "action_id": _action(town),
    }
    return ids | _of_station(town) | _of_departments(town) | _of_reserve(town)


def _action(town: Town) -> uuid.UUID:
    made = actions.open_locked(
        db.session(),
        community_id=town.community_id,
        source=ActionSource.SERVICE_RATING,
        source_id=uuid.uuid4(),
        wanted=Wanted(title="排队", problem="太久", owner_id=term_of(town.station_head_id).post.body_id),
        actor=None,
        now=NOW,
    )
    db.session.commit()
    return made.id


def _of_station(town: Town) -> dict[str, Any]:
    printed = slips.print_sheet(
        term_id=term_of(town.clerk.person_id).id,
        counter="一号窗口",
        valid_until=(NOW + timedelta(days=30)).date(),
        key="key",
        actor=town.clerk,
        now=NOW,
    )
    said = rating.Given(level=RatingLevel.VERY_DISSATISFIED, comment="态度差", name="某人", phone="1")
    rating.rate(code=printed.codes[0], number="0" * 12, given=said, key="key", now=NOW)
    item_id = station.add_item(
        service_class=ServiceClass.MANAGEMENT, name="开证明", actor=town.clerk, now=NOW
    )
    return {
        "rating_id": db.session.scalars(select(ServiceRating.id)).one(),
        "sheet_id": db.session.scalars(select(SlipSheet.id)).one(),
        "item_id": item_id,
    }


def _of_departments(town: Town) -> dict[str, Any]:
    director = Actor(town.director_id, town.community_id, frozenset({Role.RESIDENT, Role.COMMITTEE}))
    department_id = departments.add_department(
        given=departments.Given(
            kind=DepartmentKind.POLICE, name="派出所", duty="户籍", since=date(2020, 1, 1)
        ),
        actor=director,
        now=NOW,
    )
    opinion_id = departments.send_opinion(
        department_id=department_id, text="夜间巡逻", actor=director, now=NOW
    )
    return {"department_id": department_id, "opinion_id": opinion_id}


def _of_reserve(town: Town) -> dict[str, Any]:
    secretary = Actor(town.secretary_id, town.community_id, frozenset({Role.RESIDENT, Role.PARTY}))
    at = COUNTED.replace(year=GIVEN.year)
    selection_id = reserve.plan_selection(given=GIVEN, actor=secretary, now=at)
    reserve.post_selection(selection_id=selection_id, actor=secretary, now=at)
    candidate_id = reserve.recommend(
        selection_id=selection_id,
        person="C-member1",
        recommended_by="第一支部",
        recommendation="踏实",
        actor=secretary,
        now=at,
    )
    return {"selection_id": selection_id, "candidate_id": candidate_id}
