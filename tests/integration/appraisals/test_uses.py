"""Every use of a certified result is an export that is written down."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.appraisals.models import ResultUse
from civicforum.appraisals.result_sheets import sheet_hash, sheet_of_use
from civicforum.appraisals.rules import UsePurpose
from civicforum.appraisals.services.using import Use, export_result, use_of
from civicforum.bodies.rules import Role
from civicforum.errors import Invalid, NotEligible, NotFound, TransitionNotAllowed
from civicforum.records.models import JournalEntry
from tests.support.appraisal_results import COUNTED, DAY, Counted, make_certified, make_counted
from tests.support.appraisals import cycle_of

USE = Use(purpose=UsePurpose.ASSESSMENT, organ="松河街道党工委", document="松街发〔2026〕8号")


def export(made: Counted, *, use: Use = USE, actor: Actor | None = None, at: int = 0) -> uuid.UUID:
    return export_result(
        cycle_id=made.cycle_id,
        subject_id=made.subjects[at],
        use=use,
        actor=actor or made.second,
        now=COUNTED + 3 * DAY,
    )


def test_use_hands_out_one_subject_of_the_certified_sheet_with_a_hash(session: Session) -> None:
    made = make_certified()
    row = session.get_one(ResultUse, export(made))
    session.refresh(row)
    cycle = cycle_of(made.cycle_id)
    assert cycle.result is not None
    sheet = sheet_of_use(cycle.result, made.subjects[0], sheet_sha256=cycle.result_hash, use=use_of(row))
    assert [one["id"] for one in sheet["subjects"]] == [str(made.subjects[0])]
    # Read back from the database the sheet has the hash that was written down: each use leads to one cycle.
    assert sheet_hash(sheet) == row.sheet_hash
    assert sheet["certified_sheet_sha256"] == cycle.result_hash
    entry = session.scalars(select(JournalEntry).where(JournalEntry.action == "appraisal.use_result")).one()
    assert entry.payload["sha256"] == row.sheet_hash


def test_two_uses_are_two_rows_with_hashes_of_their_own(session: Session) -> None:
    made = make_certified()
    first, second = (session.get_one(ResultUse, export(made)) for _ in range(2))
    assert first.sheet_hash != second.sheet_hash


def test_what_is_not_certified_is_not_used(session: Session) -> None:
    with pytest.raises(TransitionNotAllowed):
        export(make_counted())


def test_residents_and_who_was_graded_hand_out_nothing(session: Session) -> None:
    made = make_certified()
    resident = Actor(made.town.clerk.person_id, made.town.community_id, frozenset({Role.RESIDENT}))
    secretary = Actor(made.town.secretary_id, made.town.community_id, frozenset({Role.PARTY}))
    with pytest.raises(NotEligible):
        export(made, actor=resident)
    with pytest.raises(NotEligible):
        export(made, actor=secretary, at=0)
    assert export(made, actor=secretary, at=1)


def test_a_use_names_its_organ_and_a_subject_of_the_cycle(session: Session) -> None:
    made = make_certified()
    with pytest.raises(Invalid):
        export(made, use=Use(purpose=UsePurpose.PAY, organ="  "))
    with pytest.raises(NotFound):
        export_result(
            cycle_id=made.cycle_id, subject_id=uuid.uuid4(), use=USE, actor=made.second, now=COUNTED
        )
