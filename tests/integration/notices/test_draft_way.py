"""The way of a draft: written, reviewed, objected to, answered, met about, posted; and who may do what."""

from __future__ import annotations

import threading
import uuid
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import (
    AlreadyDone,
    CivicForumError,
    Invalid,
    NotEligible,
    NotFound,
    TransitionNotAllowed,
)
from civicforum.notices import services
from civicforum.notices.errors import PersonalData
from civicforum.notices.models import DisclosureDue, DisclosureItem, DraftObjection, Notice, NoticeDraft
from civicforum.notices.rules import DraftState
from civicforum.notices.services import Answer, GivenDraft, GivenMeeting
from civicforum.records.models import JournalEntry
from civicforum.rulebook.days import day_ends
from tests.factories import NOW, actor_of, make_community, make_officer
from tests.integration.notices.conftest import Town

# The first quarter is over, and its items are due by the end of 15 April.
APRIL = datetime(2026, 4, 2, 2, 0, tzinfo=NOW.tzinfo)
DAY = timedelta(days=1)


def due_of(session: Session, code: str = "facilities") -> DisclosureDue:
    return session.scalars(
        select(DisclosureDue).join(DisclosureItem).where(DisclosureItem.code == code)
    ).one()


@pytest.fixture
def due(session: Session, town: Town) -> DisclosureDue:
    services.sweep_clocks(now=APRIL)
    return due_of(session)


def write(
    town: Town, due: DisclosureDue, *, text: str = "一季度社区用房使用情况。", actor: Actor | None = None
) -> uuid.UUID:
    given = GivenDraft(title="一季度设施情况", text=text, due_id=due.id)
    return services.start_draft(given=given, actor=actor or town.clerk, now=APRIL)


def draft_of(session: Session, draft_id: uuid.UUID) -> NoticeDraft:
    return session.get_one(NoticeDraft, draft_id, populate_existing=True)


def last_action(session: Session) -> JournalEntry:
    return session.scalars(select(JournalEntry).order_by(JournalEntry.sequence.desc()).limit(1)).one()


def bring_to_met(town: Town, draft_id: uuid.UUID) -> None:
    services.hand_in(draft_id=draft_id, actor=town.clerk, now=APRIL)
    services.clear_draft(draft_id=draft_id, actor=town.supervisor, now=APRIL + DAY)
    given = GivenMeeting(met_on=date(2026, 4, 3), note="党组织与居委会联席会议同意公布。")
    services.record_meeting(draft_id=draft_id, given=given, actor=town.director, now=APRIL + DAY)


@pytest.mark.law("E4")
def test_a_draft_without_objection_is_met_about_and_posted(
    session: Session, town: Town, due: DisclosureDue
) -> None:
    draft_id = write(town, due)
    bring_to_met(town, draft_id)
    notice_id = services.post_draft(draft_id=draft_id, actor=town.director, now=APRIL + 2 * DAY)
    notice, draft = session.get_one(Notice, notice_id), draft_of(session, draft_id)
    assert (draft.state, draft.notice_id) == (DraftState.POSTED, notice_id)
    assert notice.until == day_ends(date(2026, 4, 19))
    assert due_of(session).notice_id == notice_id
    assert last_action(session).payload["arithmetic"] == "2026-04-04 ≤ 2026-04-15"
    assert "设施" in notice.tokens


def test_a_late_notice_says_by_how_much(session: Session, town: Town, due: DisclosureDue) -> None:
    draft_id = write(town, due)
    bring_to_met(town, draft_id)
    services.post_draft(
        draft_id=draft_id, actor=town.director, now=datetime(2026, 4, 16, 1, tzinfo=NOW.tzinfo)
    )
    payload = last_action(session).payload
    assert (payload["is_late"], payload["arithmetic"]) == (True, "2026-04-16 > 2026-04-15")


def test_an_objection_is_answered_and_seen_again(session: Session, town: Town, due: DisclosureDue) -> None:
    draft_id = write(town, due)
    services.hand_in(draft_id=draft_id, actor=town.clerk, now=APRIL)
    assert draft_of(session, draft_id).review_due_at == day_ends(date(2026, 4, 7))
    objection_id = services.object_to_draft(
        draft_id=draft_id, text="缺少租金收入。", actor=town.supervisor, now=APRIL + DAY
    )
    objection = session.get_one(DraftObjection, objection_id)
    assert objection.due_at == day_ends(date(2026, 4, 8))
    with pytest.raises(TransitionNotAllowed):
        services.clear_draft(draft_id=draft_id, actor=town.supervisor, now=APRIL + DAY)
    taken = Answer(is_taken=True, answer="已补充。", title="一季度设施情况", text="租金收入三千元。")
    services.answer_objection(objection_id=objection_id, given=taken, actor=town.clerk, now=APRIL + 2 * DAY)
    draft = draft_of(session, draft_id)
    assert (draft.state, draft.text) == (DraftState.IN_REVIEW, "租金收入三千元。")
    assert draft.review_due_at == day_ends(date(2026, 4, 9))
    with pytest.raises(AlreadyDone):
        services.answer_objection(
            objection_id=objection_id, given=taken, actor=town.clerk, now=APRIL + 2 * DAY
        )
    again = services.object_to_draft(
        draft_id=draft_id, text="仍缺合同期限。", actor=town.supervisor, now=APRIL + 3 * DAY
    )
    refused = Answer(is_taken=False, answer="合同期限涉及商业条款，不公布。", title="不算", text="不算")
    services.answer_objection(objection_id=again, given=refused, actor=town.director, now=APRIL + 3 * DAY)
    assert draft_of(session, draft_id).text == "租金收入三千元。"


@pytest.mark.law("E4", "disclosure.objection")
def test_silence_clears_a_draft_when_the_days_are_over(
    session: Session, town: Town, due: DisclosureDue
) -> None:
    draft_id = write(town, due)
    services.hand_in(draft_id=draft_id, actor=town.clerk, now=APRIL)
    services.sweep_clocks(now=day_ends(date(2026, 4, 7)))
    assert draft_of(session, draft_id).state is DraftState.IN_REVIEW
    after = day_ends(date(2026, 4, 7)) + timedelta(microseconds=1)
    assert services.sweep_clocks(now=after).cleared == 1
    draft = draft_of(session, draft_id)
    assert (draft.state, draft.reviewed_at, draft.reviewed_by_id) == (DraftState.REVIEWED, after, None)
    with pytest.raises(TransitionNotAllowed):
        services.object_to_draft(draft_id=draft_id, text="晚了。", actor=town.supervisor, now=after)


@pytest.mark.law("E4", "disclosure.objection_answered")
def test_an_unanswered_objection_is_flagged_once(session: Session, town: Town, due: DisclosureDue) -> None:
    draft_id = write(town, due)
    services.hand_in(draft_id=draft_id, actor=town.clerk, now=APRIL)
    services.object_to_draft(draft_id=draft_id, text="缺少收入。", actor=town.supervisor, now=APRIL)
    last = day_ends(date(2026, 4, 7))
    assert services.sweep_clocks(now=last).unanswered == 0
    assert services.sweep_clocks(now=last + timedelta(seconds=1)).unanswered == 1
    assert services.sweep_clocks(now=last + timedelta(seconds=2)).unanswered == 0


def test_what_was_reviewed_is_not_changed_behind_the_reviewers_back(
    session: Session, town: Town, due: DisclosureDue
) -> None:
    draft_id = write(town, due)
    bring_to_met(town, draft_id)
    changed = GivenDraft(title="改了", text="改了", due_id=due.id)
    with pytest.raises(TransitionNotAllowed):
        services.change_draft(draft_id=draft_id, given=changed, actor=town.clerk, now=APRIL)
    services.take_back(draft_id=draft_id, actor=town.clerk, now=APRIL)
    services.change_draft(draft_id=draft_id, given=changed, actor=town.clerk, now=APRIL)
    draft = draft_of(session, draft_id)
    assert (draft.state, draft.text, draft.reviewed_at, draft.met_on) == (
        DraftState.DRAFT,
        "改了",
        None,
        None,
    )
    with pytest.raises(TransitionNotAllowed):
        services.post_draft(draft_id=draft_id, actor=town.director, now=APRIL)


def test_who_may_do_which_step(session: Session, town: Town, due: DisclosureDue) -> None:
    for actor in (town.supervisor, town.resident):
        with pytest.raises(NotEligible):
            write(town, due, actor=actor)
    draft_id = write(town, due)
    services.hand_in(draft_id=draft_id, actor=town.clerk, now=APRIL)
    # Whoever wrote it and came to the supervision committee later does not review it.
    later = actor_of(session.get_one(NoticeDraft, draft_id).drafted_by, Role.SUPERVISOR)
    for actor in (town.director, town.clerk, town.resident, later):
        with pytest.raises(NotEligible):
            services.clear_draft(draft_id=draft_id, actor=actor, now=APRIL)
    services.clear_draft(draft_id=draft_id, actor=town.supervisor, now=APRIL)
    given = GivenMeeting(met_on=date(2026, 4, 2), note="同意。")
    for actor in (town.clerk, town.supervisor):
        with pytest.raises(NotEligible):
            services.record_meeting(draft_id=draft_id, given=given, actor=actor, now=APRIL)
    services.record_meeting(draft_id=draft_id, given=given, actor=town.director, now=APRIL)
    for actor in (town.clerk, town.supervisor):
        with pytest.raises(NotEligible):
            services.post_draft(draft_id=draft_id, actor=actor, now=APRIL)


def test_a_draft_of_another_community_is_not_found(session: Session, town: Town, due: DisclosureDue) -> None:
    draft_id = write(town, due)
    elsewhere = make_community(name="柳荫里社区")
    stranger = actor_of(make_officer(elsewhere, Role.COMMITTEE), Role.COMMITTEE)
    with pytest.raises(NotFound):
        services.hand_in(draft_id=draft_id, actor=stranger, now=APRIL)
    with pytest.raises(NotFound):
        write(town, due, actor=stranger)


@pytest.mark.parametrize(
    ("met_on", "note", "field"),
    [
        (None, "同意", "met_on"),
        (date(2026, 4, 4), "同意", "met_on"),
        (date(2026, 4, 1), "同意", "met_on"),
        (date(2026, 4, 3), "", "note"),
    ],
)
def test_the_joint_meeting_has_a_day_after_the_draft_and_says_something(
    town: Town, due: DisclosureDue, met_on: date | None, note: str, field: str
) -> None:
    draft_id = write(town, due)
    services.hand_in(draft_id=draft_id, actor=town.clerk, now=APRIL)
    services.clear_draft(draft_id=draft_id, actor=town.supervisor, now=APRIL)
    with pytest.raises(Invalid) as refused:
        services.record_meeting(
            draft_id=draft_id,
            given=GivenMeeting(met_on=met_on, note=note),
            actor=town.director,
            now=APRIL + DAY,
        )
    assert refused.value.field == field


def test_a_number_stops_handing_in_and_shows_where(session: Session, town: Town, due: DisclosureDue) -> None:
    draft_id = write(town, due, text="经办人王某，\n电话13812345678。")
    with pytest.raises(PersonalData) as refused:
        services.hand_in(draft_id=draft_id, actor=town.clerk, now=APRIL)
    (place,) = refused.value.places
    assert (refused.value.field, place.line, place.shown) == ("text", 2, "138*****678")
    assert draft_of(session, draft_id).state is DraftState.DRAFT


@pytest.mark.law("E3", "disclosure.ad_hoc")
def test_what_comes_ad_hoc_is_due_ten_days_after_it_formed(session: Session, town: Town) -> None:
    item = session.scalars(select(DisclosureItem).where(DisclosureItem.code == "audit_results")).one()

    def given(formed_on: date | None) -> GivenDraft:
        return GivenDraft(title="离任审计结果", text="审计结果如下。", item_id=item.id, formed_on=formed_on)

    for formed_on, reason in ((None, "missing"), (date(2026, 4, 3), "future")):
        with pytest.raises(Invalid) as refused:
            services.start_draft(given=given(formed_on), actor=town.clerk, now=APRIL)
        assert (refused.value.reason, refused.value.field) == (reason, "formed_on")
    draft_id = services.start_draft(given=given(date(2026, 3, 30)), actor=town.clerk, now=APRIL)
    assert draft_of(session, draft_id).due_at == day_ends(date(2026, 4, 9))
    services.hand_in(draft_id=draft_id, actor=town.clerk, now=APRIL)
    assert due_of(session, "audit_results").period_from == date(2026, 3, 30)
    # A day entered by mistake is corrected, and leaves nothing that would seem missing.
    services.take_back(draft_id=draft_id, actor=town.clerk, now=APRIL)
    services.change_draft(draft_id=draft_id, given=given(date(2026, 3, 31)), actor=town.clerk, now=APRIL)
    services.hand_in(draft_id=draft_id, actor=town.clerk, now=APRIL)
    assert due_of(session, "audit_results").period_from == date(2026, 3, 31)


def test_a_draft_given_up_says_why_and_leaves_what_is_due(
    session: Session, town: Town, due: DisclosureDue
) -> None:
    draft_id = write(town, due)
    with pytest.raises(Invalid):
        services.drop_draft(draft_id=draft_id, reason=" ", actor=town.clerk, now=APRIL)
    services.drop_draft(draft_id=draft_id, reason="写错了期间。", actor=town.clerk, now=APRIL)
    assert (last_action(session).action, last_action(session).reason) == ("notice_draft.drop", "写错了期间。")
    assert due_of(session).notice_id is None
    with pytest.raises(TransitionNotAllowed):
        services.hand_in(draft_id=draft_id, actor=town.clerk, now=APRIL)


def together(app: Flask, acts: list[tuple[str, dict[str, object]]]) -> list[str]:
    """Do all at once, each in a thread of its own, and return what became of each."""
    barrier, outcomes = threading.Barrier(len(acts)), []

    def run(name: str, values: dict[str, object]) -> None:
        with app.app_context():
            barrier.wait()
            try:
                getattr(services, name)(**values)
                outcomes.append("done")
            except CivicForumError as refusal:
                outcomes.append(type(refusal).__name__)

    threads = [threading.Thread(target=run, args=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return sorted(outcomes)


def test_two_clicks_at_once_review_and_post_once(committed: Flask) -> None:
    with committed.app_context():
        community = make_community()
        actors = {
            role: actor_of(make_officer(community, role), role)
            for role in (Role.COMMITTEE, Role.CLERK, Role.SUPERVISOR)
        }
        services.sweep_clocks(now=NOW)
        services.sweep_clocks(now=APRIL)
        given = GivenDraft(title="设施", text="情况", due_id=due_of(db.session()).id)
        draft_id = services.start_draft(given=given, actor=actors[Role.CLERK], now=APRIL)
        services.hand_in(draft_id=draft_id, actor=actors[Role.CLERK], now=APRIL)
        db.session.remove()
    reviewer = {"draft_id": draft_id, "actor": actors[Role.SUPERVISOR], "now": APRIL}
    reviewed = together(
        committed, [("clear_draft", reviewer), ("object_to_draft", {**reviewer, "text": "缺少收入。"})]
    )
    assert reviewed == ["TransitionNotAllowed", "done"]
    with committed.app_context():
        draft = db.session.get_one(NoticeDraft, draft_id)
        if draft.state is DraftState.OBJECTED:
            answer = Answer(is_taken=False, answer="已在文中。", title="", text="")
            objection_id = draft.objections[0].id
            services.answer_objection(
                objection_id=objection_id, given=answer, actor=actors[Role.CLERK], now=APRIL
            )
            services.clear_draft(**reviewer)
        met = GivenMeeting(met_on=date(2026, 4, 2), note="同意。")
        services.record_meeting(draft_id=draft_id, given=met, actor=actors[Role.COMMITTEE], now=APRIL)
        db.session.remove()
    post = {"draft_id": draft_id, "actor": actors[Role.COMMITTEE], "now": APRIL}
    assert together(committed, [("post_draft", post)] * 2) == ["TransitionNotAllowed", "done"]
    with committed.app_context():
        assert db.session.scalar(select(func.count()).select_from(Notice)) == 1
