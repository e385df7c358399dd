"""Telling and posting a result, in time or late."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum import rulebook
from civicforum.accounts.rules import Actor
from civicforum.appraisals import law
from civicforum.appraisals.queries.needs_results import list_needs
from civicforum.appraisals.services.objecting import file_objection
from civicforum.appraisals.services.publishing import publish_result
from civicforum.errors import AlreadyDone, TransitionNotAllowed
from civicforum.inbox.rules import NeedKind
from civicforum.notices.models import Notice
from civicforum.records.models import JournalEntry
from tests.support.appraisal_results import COUNTED, DAY, make_certified, make_counted
from tests.support.appraisals import cycle_of


def last_entry(session: Session) -> JournalEntry:
    return session.scalars(select(JournalEntry).where(JournalEntry.action == "appraisal.post_result")).one()


def test_everybody_graded_is_told_and_the_result_is_posted(session: Session) -> None:
    made = make_certified()
    cycle = cycle_of(made.cycle_id)
    assert cycle.result_posted_at == COUNTED + DAY
    assert {one.result_told_at for one in cycle.subjects} == {COUNTED + DAY}
    notice = session.scalars(select(Notice).order_by(Notice.posted_at.desc()).limit(1)).one()
    assert notice.title == f"关于{cycle.title}结果的公示"
    assert "评议等次为“优秀”。优秀9票，称职3票，基本称职1票，不称职0票" in notice.text
    assert "(9 × 100" not in notice.text
    assert "1 × 1200/13 = 1200/13 ≈ 92.31" in notice.text
    assert cycle.result_hash in notice.text
    # Posted on 2 April: fifteen days by art 34, as the notice board keeps it; and five days for objections.
    assert "公示至2026年4月17日" in notice.text
    assert "请在2026年4月7日" in notice.text
    assert notice.until == law.posting_until(rulebook.load(cycle.profile), COUNTED + DAY)


@pytest.mark.law("D4", "appraisal.result")
def test_result_waits_on_the_page_of_whoever_was_graded_until_objections_end(session: Session) -> None:
    made = make_certified()
    secretary = Actor(made.town.secretary_id, made.town.community_id)
    kinds = [need.kind for need in list_needs(session, secretary, COUNTED + 6 * DAY)]
    assert kinds == [NeedKind.READ_GRADE]
    assert not list_needs(session, secretary, COUNTED + 7 * DAY)
    assert not list_needs(session, made.town.clerk, COUNTED + 6 * DAY)


def test_objection_waits_for_a_supervisor_who_did_not_file_it(session: Session) -> None:
    made = make_counted()
    file_objection(cycle_id=made.cycle_id, subject_id=None, text="不实", actor=made.second, now=COUNTED)
    assert not list_needs(session, made.second, COUNTED)
    kinds = [need.kind for need in list_needs(session, made.town.supervisor, COUNTED)]
    assert kinds == [NeedKind.ANSWER_OBJECTION]


@pytest.mark.law("D4", "appraisal.result")
@pytest.mark.parametrize(("after", "in_time"), [(10 * DAY, True), (10 * DAY + timedelta(hours=14), False)])
def test_ten_days_are_the_last_in_time(session: Session, after: timedelta, in_time: bool) -> None:
    # Counted at ten in the morning in Shanghai: the tenth day ends fourteen hours after its ten o'clock.
    made = make_certified(is_posted=False)
    publish_result(cycle_id=made.cycle_id, actor=made.second, now=COUNTED + after)
    assert last_entry(session).payload["in_time"] is in_time


def test_a_result_is_posted_once_and_not_before_it_is_certified(session: Session) -> None:
    made = make_counted()
    with pytest.raises(TransitionNotAllowed):
        publish_result(cycle_id=made.cycle_id, actor=made.second, now=COUNTED)


def test_posting_twice_is_refused(session: Session) -> None:
    made = make_certified()
    with pytest.raises(AlreadyDone):
        publish_result(cycle_id=made.cycle_id, actor=made.second, now=COUNTED + 2 * DAY)
