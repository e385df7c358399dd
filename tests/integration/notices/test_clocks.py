"""What time alone brings about: the catalogue, what falls due, what is missing, what has stood its days."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.errors import AlreadyDone, Invalid, NotEligible, RuleRefused, TransitionNotAllowed
from civicforum.inbox.rules import NeedKind
from civicforum.notices import queries, services
from civicforum.notices.models import DisclosureDue, DisclosureItem, Notice
from civicforum.notices.queries.catalogue import DueState
from civicforum.notices.queries.needs import list_needs
from civicforum.notices.rules import ItemSource, NoticeCategory, NoticeState, Rhythm
from civicforum.notices.services import GivenItem
from civicforum.notices.standard import STANDARD
from civicforum.records.models import JournalEntry
from civicforum.rulebook import load
from civicforum.rulebook.days import day_ends, day_starts
from tests.factories import NOW, actor_of, make_community, make_officer
from tests.integration.notices.conftest import Town
from tests.support.statements import count_statements

SECOND = timedelta(seconds=1)
BOOK = load("national-2026")


def actions(session: Session, action: str) -> list[JournalEntry]:
    return list(session.scalars(select(JournalEntry).where(JournalEntry.action == action)))


def item_of(session: Session, code: str) -> DisclosureItem:
    return session.scalars(select(DisclosureItem).where(DisclosureItem.code == code)).one()


def dues_of(session: Session, code: str) -> list[date]:
    statement = (
        select(DisclosureDue.period_until)
        .join(DisclosureItem)
        .where(DisclosureItem.code == code)
        .order_by(DisclosureDue.period_from)
    )
    return list(session.scalars(statement))


def post(
    town: Town, *, text: str = "本小区各户注意。", title: str = "停水通知", now: datetime = NOW
) -> uuid.UUID:
    return services.publish_notice(
        actor=town.director, category=NoticeCategory.COMMON_CONCERN, title=title, text=text, now=now
    )


@pytest.mark.law("E1")
def test_a_community_without_a_catalogue_gets_the_items_of_the_law_once(session: Session) -> None:
    community = make_community()
    assert services.sweep_clocks(now=NOW).items == len(STANDARD)
    assert services.sweep_clocks(now=NOW + SECOND).items == 0
    items = session.scalars(select(DisclosureItem).where(DisclosureItem.community_id == community.id)).all()
    assert {item.source for item in items} == {ItemSource.LAW}
    assert item_of(session, "low_income").rhythm is Rhythm.MONTHLY


@pytest.mark.law("E3", "disclosure.ordinary", "disclosure.finance", "disclosure.day_of_month")
def test_periods_fall_due_when_they_end_and_missing_ones_are_flagged_once(
    session: Session, town: Town
) -> None:
    assert services.sweep_clocks(now=day_ends(date(2026, 3, 31))).dues == 0
    # In the first second of April, ten quarterly items and two monthly ones; the half-year is not over.
    services.sweep_clocks(now=day_starts(date(2026, 4, 1)))
    assert dues_of(session, "facilities") == dues_of(session, "accounts") == [date(2026, 3, 31)]
    assert dues_of(session, "appraisal_results") == []
    last = day_ends(date(2026, 4, 15))
    assert services.sweep_clocks(now=last).missing == 0
    found = services.sweep_clocks(now=last + timedelta(microseconds=1)).missing
    assert found == len(actions(session, "disclosure_item.missing")) == 10
    assert services.sweep_clocks(now=last + SECOND).missing == 0


def test_a_worker_that_was_down_for_months_catches_up(session: Session, town: Town) -> None:
    services.sweep_clocks(now=day_starts(date(2026, 8, 3)))
    assert dues_of(session, "facilities") == [date(2026, 3, 31), date(2026, 6, 30)]
    assert dues_of(session, "accounts") == [
        date(2026, month, day) for month, day in ((3, 31), (4, 30), (5, 31), (6, 30), (7, 31))
    ]
    assert dues_of(session, "appraisal_results") == [date(2026, 6, 30)]


@pytest.mark.law("E2", "notice.posting")
def test_a_notice_expires_at_the_end_of_its_last_day(session: Session, town: Town) -> None:
    notice_id = post(town)
    until = day_ends(date(2026, 3, 17))
    services.sweep_clocks(now=until)
    assert session.get_one(Notice, notice_id).state is NoticeState.POSTED
    assert services.sweep_clocks(now=until + SECOND).expired == 1
    assert session.get_one(Notice, notice_id).state is NoticeState.EXPIRED
    assert services.sweep_clocks(now=until + 2 * SECOND).expired == 0


def test_notices_from_before_are_made_findable(session: Session, town: Town) -> None:
    notice_id = post(town, text="东门路灯已修好。")
    session.get_one(Notice, notice_id).tokens = []
    session.commit()
    assert services.sweep_clocks(now=NOW).indexed == 1
    assert "路灯" in session.get_one(Notice, notice_id).tokens
    # One in which the dictionary finds no word is looked at once, not every minute.
    post(town, title="1", text="2")
    session.commit()
    assert services.sweep_clocks(now=NOW).indexed == 0


@pytest.mark.law("E1", "disclosure.ordinary")
def test_an_item_of_the_law_stays_and_may_only_come_more_often(session: Session, town: Town) -> None:
    item = item_of(session, "facilities")
    services.change_item(
        item_id=item.id, given=GivenItem(rhythm=Rhythm.MONTHLY), actor=town.director, now=NOW
    )
    for rhythm in (Rhythm.HALF_YEARLY, Rhythm.AD_HOC):
        with pytest.raises(RuleRefused) as refused:
            services.change_item(
                item_id=item.id, given=GivenItem(rhythm=rhythm), actor=town.director, now=NOW
            )
        assert refused.value.verdict.rule.articles == (35,)
    with pytest.raises(RuleRefused) as refused:
        services.end_item(item_id=item.id, reason="不需要。", actor=town.director, now=NOW)
    assert refused.value.verdict.rule.articles == (34,)


def test_an_own_item_comes_changes_and_ends(session: Session, town: Town) -> None:
    given = GivenItem(rhythm=Rhythm.MONTHLY, name="广场舞音量记录", category=NoticeCategory.FACILITIES)
    with pytest.raises(NotEligible):
        services.add_item(given=given, actor=town.clerk, now=NOW)
    with pytest.raises(Invalid):
        services.add_item(given=GivenItem(rhythm=Rhythm.MONTHLY), actor=town.director, now=NOW)
    item_id = services.add_item(given=given, actor=town.director, now=NOW)
    code = session.get_one(DisclosureItem, item_id).code
    services.sweep_clocks(now=day_starts(date(2026, 4, 1)))
    services.end_item(
        item_id=item_id, reason="音量已有仪表显示。", actor=town.director, now=day_starts(date(2026, 4, 20))
    )
    with pytest.raises(AlreadyDone):
        services.end_item(item_id=item_id, reason="再次。", actor=town.director, now=NOW)
    with pytest.raises(TransitionNotAllowed):
        services.change_item(item_id=item_id, given=given, actor=town.director, now=NOW)
    services.sweep_clocks(now=day_starts(date(2026, 7, 1)))
    # April began before the item ended, and is still to be reported on.
    assert dues_of(session, code) == [date(2026, 3, 31), date(2026, 4, 30)]


def test_a_quicker_rhythm_follows_on_what_was_reported(session: Session, town: Town) -> None:
    services.sweep_clocks(now=day_starts(date(2026, 4, 1)))
    services.change_item(
        item_id=item_of(session, "facilities").id,
        given=GivenItem(rhythm=Rhythm.MONTHLY),
        actor=town.director,
        now=day_starts(date(2026, 5, 20)),
    )
    services.sweep_clocks(now=day_starts(date(2026, 6, 1)))
    assert dues_of(session, "facilities") == [date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31)]


def test_what_is_due_missing_late_and_met_stands_on_one_page_in_few_statements(
    session: Session, town: Town
) -> None:
    april = day_starts(date(2026, 4, 1))
    services.sweep_clocks(now=april)
    late = day_starts(date(2026, 4, 20))
    services.sweep_clocks(now=late)
    facilities = session.scalars(
        select(DisclosureDue).where(DisclosureDue.item_id == item_of(session, "facilities").id)
    ).one()
    notice_id = post(town, title="一季度设施", now=late)
    services.join_notice(due_id=facilities.id, notice_id=notice_id, actor=town.director, now=late)
    with pytest.raises(AlreadyDone):
        services.join_notice(due_id=facilities.id, notice_id=notice_id, actor=town.director, now=late)
    community_id = town.director.community_id
    with count_statements() as statements:
        lines = queries.list_catalogue(session, community_id=community_id, book=BOOK, now=late)
    assert statements.total <= 3
    assert len(lines) == len(STANDARD)
    by_code = {line.item.code: line for line in lines}
    assert [line.state for line in by_code["facilities"].dues] == [DueState.LATE]
    assert [line.state for line in by_code["accounts"].dues] == [DueState.MISSING]
    assert by_code["facilities"].next_due_at == day_ends(date(2026, 7, 15))
    assert by_code["audit_results"].next_due_at is None
    assert len(queries.list_missing(session, community_id=town.community.id, now=late)) == 9


@pytest.fixture
def in_words(app: Flask) -> Iterator[None]:
    """Items of the law have their names in the language of a page."""
    with app.test_request_context():
        yield


@pytest.mark.usefixtures("in_words")
def test_officers_see_on_the_home_page_what_the_board_needs_of_them(session: Session, town: Town) -> None:
    services.sweep_clocks(now=day_starts(date(2026, 4, 1)))

    def kinds(now: datetime, actor: Actor = town.director) -> set[NeedKind]:
        return {need.kind for need in list_needs(session, actor, now)}

    # Due by the end of the 15th: shown within ten days of it.
    assert kinds(day_starts(date(2026, 4, 5))) == set()
    with count_statements() as statements:
        assert kinds(day_starts(date(2026, 4, 7))) == {NeedKind.DRAFT_NOTICE}
    assert statements.total == 1
    assert kinds(day_starts(date(2026, 4, 7)), town.supervisor) == set()
    assert kinds(day_starts(date(2026, 4, 16)), town.supervisor) == {NeedKind.NOTICE_MISSING}
    assert kinds(day_starts(date(2026, 4, 16)), town.resident) == set()


@pytest.mark.law("E2", "notice.posting")
def test_a_notice_removed_early_is_posted_again_for_a_whole_period(session: Session, town: Town) -> None:
    april = day_starts(date(2026, 4, 1))
    services.sweep_clocks(now=april)
    due = session.scalars(
        select(DisclosureDue).where(DisclosureDue.item_id == item_of(session, "facilities").id)
    ).one()
    notice_id = post(town, now=april)
    services.join_notice(due_id=due.id, notice_id=notice_id, actor=town.director, now=april)
    for actor in (town.clerk, town.supervisor):
        with pytest.raises(NotEligible):
            services.remove_notice(notice_id=notice_id, reason="写错了。", actor=actor, now=april)
    with pytest.raises(Invalid):
        services.remove_notice(
            notice_id=notice_id, reason="有电话13812345678", actor=town.director, now=april
        )
    services.remove_notice(notice_id=notice_id, reason="数字有误。", actor=town.director, now=april)
    assert session.get_one(Notice, notice_id).state is NoticeState.REMOVED
    missing = queries.list_missing(session, community_id=town.community.id, now=day_starts(date(2026, 4, 16)))
    assert due in missing
    needs = list_needs(session, town.director, april)
    assert [need.kind for need in needs] == [NeedKind.REPOST_NOTICE]
    later = day_starts(date(2026, 4, 3))
    again = services.post_again(notice_id=notice_id, actor=town.director, now=later)
    notice = session.get_one(Notice, again)
    assert (notice.repost_of_id, notice.until) == (notice_id, day_ends(date(2026, 4, 18)))
    assert session.get_one(DisclosureDue, due.id, populate_existing=True).notice_id == again
    with pytest.raises(AlreadyDone):
        services.post_again(notice_id=notice_id, actor=town.director, now=later)
    with pytest.raises(TransitionNotAllowed):
        services.post_again(notice_id=again, actor=town.director, now=later)


def test_a_notice_that_is_over_or_not_its_own_is_not_removed(session: Session, town: Town) -> None:
    notice_id = post(town)
    with pytest.raises(TransitionNotAllowed):
        services.remove_notice(
            notice_id=notice_id,
            reason="旧了。",
            actor=town.director,
            now=day_ends(date(2026, 3, 17)) + SECOND,
        )
    issued = services.post_notice(
        session,
        community_id=town.community.id,
        category=NoticeCategory.ASSEMBLY_DECISIONS,
        title="选举公告",
        text="公告。",
        posted_by=None,
        subject_kind="election",
        subject_id=town.community.id,
        now=NOW,
    )
    session.commit()
    with pytest.raises(TransitionNotAllowed):
        services.remove_notice(notice_id=issued.id, reason="改期。", actor=town.director, now=NOW)


@pytest.mark.law("E2", "disclosure.board", "notice.posting")
def test_the_sheet_hangs_as_many_days_as_the_law_asks(session: Session, town: Town) -> None:
    notice_id = post(town)
    with pytest.raises(TransitionNotAllowed):
        services.take_down(notice_id=notice_id, actor=town.clerk, now=NOW)
    hung = NOW + timedelta(days=2)
    services.hang_up(notice_id=notice_id, actor=town.clerk, now=hung)
    with pytest.raises(AlreadyDone):
        services.hang_up(notice_id=notice_id, actor=town.clerk, now=hung)
    # Hung up on the 4th, its fifteen whole days are over with the 19th.
    with pytest.raises(RuleRefused) as refused:
        services.take_down(notice_id=notice_id, actor=town.clerk, now=day_ends(date(2026, 3, 19)))
    assert refused.value.verdict.arithmetic == "2026-03-19 − 2026-03-04 = 15 ≤ 15"
    services.take_down(notice_id=notice_id, actor=town.clerk, now=day_starts(date(2026, 3, 20)))
    assert session.get_one(Notice, notice_id).off_board_by_id == town.clerk.person_id


@pytest.mark.usefixtures("in_words")
def test_two_communities_keep_to_themselves(session: Session, town: Town) -> None:
    other = make_community(name="柳荫里社区")
    services.sweep_clocks(now=NOW)
    stranger = actor_of(make_officer(other, Role.COMMITTEE), Role.COMMITTEE)
    services.sweep_clocks(now=day_starts(date(2026, 4, 16)))
    mine = queries.list_missing(session, community_id=other.id, now=day_starts(date(2026, 4, 16)))
    assert {due.community_id for due in mine} == {other.id}
    assert list_needs(session, stranger, day_starts(date(2026, 4, 16)))
