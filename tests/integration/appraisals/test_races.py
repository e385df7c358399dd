"""Two at once, on real commits: each step of an appraisal happens once, and the other learns so in words."""

from __future__ import annotations

import uuid
from datetime import date

from flask import Flask
from sqlalchemy import func, select

from civicforum.appraisals.models import AppraisalObjection, Consequence, CorrectiveAction, Cycle
from civicforum.appraisals.rules import ConsequenceKind, CycleKind
from civicforum.appraisals.services import actions, certifying, consequences, publishing
from civicforum.appraisals.services.actions import Wanted
from civicforum.appraisals.services.consequences import Settlement
from civicforum.appraisals.services.objecting import file_objection
from civicforum.appraisals.services.planning import plan_cycle
from civicforum.appraisals.services.posting import post_plan
from civicforum.bodies.models import Term
from civicforum.database import Base, db
from civicforum.notices.models import Notice
from civicforum.people.models import Person
from tests.factories import NOW, actor_of
from tests.support.appraisal_results import COUNTED, DAY, make_counted
from tests.support.appraisals import make_town, usual_plan
from tests.support.graded import UNFIT, certify, instant, make_cycle, term_of
from tests.support.races import at_once


def number_of(model: type[Base]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_a_plan_sent_and_posted_twice_is_one_cycle_with_one_notice(committed: Flask) -> None:
    cycle_id = uuid.uuid4()
    with committed.app_context():
        town = make_town(representatives=0)
        plan = usual_plan(town, CycleKind.DUTY_REPORTS)

    def send() -> None:
        plan_cycle(cycle_id=cycle_id, plan=plan, actor=town.supervisor, now=NOW)

    assert at_once(committed, [send] * 3) == ["AlreadyDone", "AlreadyDone", "done"]

    def post() -> None:
        post_plan(cycle_id=cycle_id, actor=town.supervisor, now=NOW)

    assert at_once(committed, [post] * 3) == ["TransitionNotAllowed", "TransitionNotAllowed", "done"]
    with committed.app_context():
        assert (number_of(Cycle), number_of(Notice)) == (1, 1)


def test_a_result_is_certified_and_posted_once_and_an_objection_filed_once(committed: Flask) -> None:
    with committed.app_context():
        made = make_counted()
        resident = actor_of(db.session.get_one(Person, made.town.members[1]))
        notices = number_of(Notice)

    def certify_it() -> None:
        certifying.certify(cycle_id=made.cycle_id, actor=made.second, now=COUNTED)

    def post_it() -> None:
        publishing.publish_result(cycle_id=made.cycle_id, actor=made.second, now=COUNTED + DAY)

    def object_to_it() -> None:
        file_objection(
            cycle_id=made.cycle_id, subject_id=None, text="漏计", actor=resident, now=COUNTED + DAY
        )

    assert at_once(committed, [certify_it] * 2) == ["TransitionNotAllowed", "done"]
    assert at_once(committed, [post_it] * 2) == ["AlreadyDone", "done"]
    assert at_once(committed, [object_to_it] * 2) == ["AlreadyDone", "done"]
    with committed.app_context():
        assert (number_of(Notice), number_of(AppraisalObjection)) == (notices + 1, 1)


def test_a_post_is_ended_and_an_action_opened_once(committed: Flask) -> None:
    with committed.app_context():
        town = make_town(representatives=0)
        member = town.members[1]
        certify(make_cycle(town, grades={member: UNFIT}, held_on=date(2025, 9, 1)))
        graded = make_cycle(town, grades={member: UNFIT}, held_on=date(2026, 3, 2))
        strikes = next(one for one in certify(graded) if one.kind is ConsequenceKind.TWO_STRIKES).id
        body_id = term_of(member).post.body_id
    now, last_day = instant(date(2026, 3, 20)), date(2026, 3, 20)

    def end() -> None:
        done = Settlement(on=last_day, text="评议结果公示")
        consequences.settle(consequence_id=strikes, done=done, actor=town.supervisor, now=now)

    def open_action() -> None:
        wanted = Wanted(title="回复太慢", problem="来信两月未复。", owner_id=body_id)
        subject_id = graded.subjects[member]
        actions.open_for_grade(subject_id=subject_id, wanted=wanted, actor=town.supervisor, now=now)

    assert at_once(committed, [end] * 2) == ["AlreadyDone", "done"]
    assert at_once(committed, [open_action] * 2) == ["AlreadyDone", "done"]
    with committed.app_context():
        assert db.session.scalars(select(Term.ended_on).where(Term.person_id == member)).one() == last_day
        assert number_of(CorrectiveAction) == 1


def test_two_strikes_that_a_cycle_in_between_breaks_are_settled_or_fall_and_never_fail(
    committed: Flask,
) -> None:
    with committed.app_context():
        town = make_town(representatives=0)
        member = town.members[1]
        certify(make_cycle(town, grades={member: UNFIT}, held_on=date(2025, 3, 3)))
        strikes = certify(make_cycle(town, grades={member: UNFIT}, held_on=date(2026, 3, 2)))[0].id
        between = make_cycle(town, grades={member: (12, 5, 2, 1)}, held_on=date(2025, 9, 1))
    now = instant(date(2026, 3, 20))

    def end() -> None:
        done = Settlement(on=date(2026, 3, 20), text="评议结果公示")
        consequences.settle(consequence_id=strikes, done=done, actor=town.supervisor, now=now)

    ended = at_once(committed, [end, lambda: certify(between, now=now)])
    assert ended in (["done", "done"], ["NotFound", "done"], ["RuleRefused", "done"])
    with committed.app_context():
        is_ended = db.session.scalars(select(Term.ended_on).where(Term.person_id == member)).one() is not None
        kinds = db.session.scalars(select(Consequence.kind)).all()
        assert (ConsequenceKind.TWO_STRIKES in kinds) is is_ended is (ended == ["done", "done"])
