"""A certified result stays: two people, a hash, and a database that refuses changes."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from civicforum.appraisals.errors import ObjectionsOpen, SecondNeeded
from civicforum.appraisals.models import Cycle, SubjectResult
from civicforum.appraisals.result_sheets import from_json, sheet_hash
from civicforum.appraisals.rules import CycleKind, CycleState
from civicforum.appraisals.services import certifying
from civicforum.appraisals.services.objecting import answer_objection, file_objection
from civicforum.bodies.models import Term
from civicforum.errors import NotEligible, TransitionNotAllowed
from civicforum.records.models import JournalEntry
from tests.factories import TODAY
from tests.support.appraisal_results import COUNTED, DAY, make_certified, make_counted
from tests.support.appraisals import cycle_of, make_town, plan_kind, posted_halfyear


def test_certified_sheet_has_every_subject_and_the_hash_of_its_bytes(session: Session) -> None:
    made = make_certified()
    cycle = cycle_of(made.cycle_id)
    assert cycle.state is CycleState.CERTIFIED
    assert cycle.result is not None
    assert sheet_hash(cycle.result) == cycle.result_hash
    assert [one["name"] for one in cycle.result["subjects"]] == [one.name for one in cycle.subjects]
    assert from_json(one_figures(cycle)).grade == "优秀"
    entry = session.scalars(select(JournalEntry).where(JournalEntry.action == "appraisal.certify")).one()
    assert entry.payload == {"sha256": cycle.result_hash}


def one_figures(cycle: Cycle) -> dict[str, object]:
    assert cycle.result is not None
    return {name: value for name, value in cycle.result["subjects"][0].items() if name not in ("id", "kind")}


def test_one_letter_more_is_another_hash(session: Session) -> None:
    cycle = cycle_of(make_certified().cycle_id)
    assert cycle.result is not None
    assert sheet_hash({**cycle.result, "title": f"{cycle.title} "}) != cycle.result_hash


def test_who_had_it_counted_does_not_certify_it(session: Session) -> None:
    made = make_counted()
    with pytest.raises(SecondNeeded):
        certifying.certify(cycle_id=made.cycle_id, actor=made.town.supervisor, now=COUNTED)
    certifying.certify(cycle_id=made.cycle_id, actor=made.second, now=COUNTED)


def test_a_committee_of_one_certifies_what_it_counted(session: Session) -> None:
    made = make_counted()
    session.execute(update(Term).where(Term.person_id == made.second.person_id).values(until=TODAY))
    session.commit()
    certifying.certify(cycle_id=made.cycle_id, actor=made.town.supervisor, now=COUNTED)
    assert cycle_of(made.cycle_id).certified_by_id == made.town.supervisor.person_id


def test_an_uncounted_cycle_and_a_clerk_certify_nothing(session: Session) -> None:
    town = make_town()
    cycle_id = posted_halfyear(town)
    with pytest.raises(TransitionNotAllowed):
        certifying.certify(cycle_id=cycle_id, actor=town.supervisor, now=COUNTED)
    with pytest.raises(NotEligible):
        certifying.certify(cycle_id=cycle_id, actor=town.clerk, now=COUNTED)


def test_an_open_objection_keeps_the_result_from_being_certified(session: Session) -> None:
    made = make_counted()
    objection_id = file_objection(
        cycle_id=made.cycle_id, subject_id=None, text="漏了一张", actor=made.town.clerk, now=COUNTED
    )
    with pytest.raises(ObjectionsOpen):
        certifying.certify(cycle_id=made.cycle_id, actor=made.second, now=COUNTED)
    answer_objection(
        cycle_id=made.cycle_id,
        objection_id=objection_id,
        is_upheld=False,
        answer="三人清点，数目相符。",
        actor=made.second,
        now=COUNTED + DAY,
    )
    certifying.certify(cycle_id=made.cycle_id, actor=made.second, now=COUNTED + DAY)


CHANGES = (
    "UPDATE subject_result SET grade = '优秀'",
    "UPDATE subject_result SET figures = '{}'",
    "DELETE FROM subject_result",
    "INSERT INTO subject_result (id, community_id, subject_id, figures, raters, grade, is_poor, is_unfit,"
    " score) SELECT gen_random_uuid(), community_id, subject_id, '{}', 9, '', false, false, ''"
    " FROM subject_result",
    "UPDATE appraisal_cycle SET result = '{}'",
    "UPDATE appraisal_cycle SET result_hash = repeat('0', 64)",
    "UPDATE appraisal_cycle SET state = 'void', void_ground = 'x'",
    "UPDATE appraisal_cycle SET certified_at = NULL, result_hash = ''",
    "DELETE FROM appraisal_cycle",
    "UPDATE appraisal_subject SET cycle_id = (SELECT id FROM appraisal_cycle WHERE state <> 'certified')",
    "TRUNCATE subject_result",
    "TRUNCATE appraisal_cycle CASCADE",
)


def test_database_refuses_to_change_a_certified_result(session: Session) -> None:
    made = make_certified()
    plan_kind(made.town, CycleKind.SUPPORT)
    for statement in CHANGES:
        with pytest.raises(IntegrityError, match="never changed"), session.begin_nested():
            session.execute(text(statement))


def test_what_is_only_counted_can_still_fall(session: Session) -> None:
    make_counted()
    session.execute(text("UPDATE subject_result SET grade = '' WHERE grade <> ''"))
    assert not session.scalars(select(SubjectResult.grade).where(SubjectResult.grade != "")).all()
