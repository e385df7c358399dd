"""Held texts: kept, posted once, refused with a reason, and never dropped by silence; and the quota."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.drafts.models import DraftComment
from civicforum.errors import AlreadyDone, Invalid, NotEligible, RuleRefused, TransitionNotAllowed
from civicforum.matters import services as matters
from civicforum.matters.models import Comment, Matter
from civicforum.matters.rules import Channel, Stage
from civicforum.moderation import queries, services
from civicforum.moderation.errors import Held
from civicforum.moderation.models import HeldText, SensitiveWord
from civicforum.moderation.rules import DecisionState, HeldState, Kind, Outcome, Reason
from civicforum.notices.models import NoticeQuery
from civicforum.records.models import JournalEntry
from civicforum.rulebook.days import day_ends
from civicforum.statements.models import Statement
from tests.factories import NOW, TODAY, actor_of, make_officer
from tests.support.moderation import (
    DISGUISED,
    WORD,
    Place,
    add_comment,
    add_draft_comment,
    add_matter,
    add_notice,
    add_query,
    add_statement,
    draft_matter,
    get_decision,
    get_held,
    hold_comment,
    list_word,
    make_place,
    plan_conversation,
    put_out_draft,
)

# Held on 2 March, it is looked at by the end of 3 March.
HELD_UNTIL = day_ends(TODAY + timedelta(days=1))
INSTANT = timedelta(microseconds=1)
SAYING = f"真是{DISGUISED}"
ROWS: dict[Kind, type[Comment] | type[Statement] | type[DraftComment] | type[NoticeQuery]] = {
    Kind.COMMENT: Comment,
    Kind.STATEMENT: Statement,
    Kind.DRAFT_COMMENT: DraftComment,
    Kind.NOTICE_QUERY: NoticeQuery,
}


@pytest.fixture
def place(session: Session) -> Place:
    return make_place()


def write_each(place: Place) -> dict[Kind, Callable[[], object]]:
    """Return how the author writes the same words as each kind of text."""
    matter_id, conversation_id = add_matter(place), plan_conversation(place)
    draft_id, notice_id = put_out_draft(place), add_notice(place)
    return {
        Kind.MATTER: lambda: add_matter(place, body=SAYING),
        Kind.COMMENT: lambda: add_comment(place, matter_id, text=SAYING),
        Kind.STATEMENT: lambda: add_statement(place, conversation_id, text=SAYING),
        Kind.DRAFT_COMMENT: lambda: add_draft_comment(place, draft_id, text=SAYING),
        Kind.NOTICE_QUERY: lambda: add_query(place, notice_id, text=SAYING),
    }


def count_posted(session: Session, place: Place, kind: Kind) -> int:
    if kind is Kind.MATTER:
        live = select(func.count()).where(Matter.body == SAYING, Matter.stage == Stage.RAISED)
        return session.scalar(live) or 0
    return session.scalar(select(func.count()).select_from(ROWS[kind])) or 0


@pytest.mark.parametrize("kind", list(Kind))
def test_a_listed_word_holds_every_kind_and_release_posts_it_once(
    session: Session, place: Place, kind: Kind
) -> None:
    write = write_each(place)[kind]
    list_word(place)
    with pytest.raises(Held) as held:
        write()
    held_id = held.value.held_id
    assert count_posted(session, place, kind) == 0
    row = get_held(held_id)
    assert (row.kind, row.matched, row.author_id) == (kind, [WORD], place.author.person_id)
    assert DISGUISED in row.words
    later = NOW + timedelta(hours=2)
    assert services.release(held_id=held_id, actor=place.clerk, now=later) is HeldState.RELEASED
    assert count_posted(session, place, kind) == 1
    with pytest.raises(TransitionNotAllowed):
        services.release(held_id=held_id, actor=place.director, now=later)
    assert count_posted(session, place, kind) == 1
    assert get_held(held_id).made_id is not None


def test_a_comment_is_posted_as_of_its_release_and_in_its_authors_name(
    session: Session, place: Place
) -> None:
    held_id = hold_comment(place)
    later = NOW + timedelta(hours=2)
    services.release(held_id=held_id, actor=place.clerk, now=later)
    comment = session.scalars(select(Comment)).one()
    assert (comment.author_id, comment.at, comment.text) == (place.author.person_id, later, SAYING)
    entry = session.scalars(select(JournalEntry).where(JournalEntry.action == "matter.comment")).one()
    assert entry.actor_id == place.author.person_id


def test_holding_writes_no_words_and_no_author_into_the_journal(session: Session, place: Place) -> None:
    hold_comment(place)
    entry = session.scalars(select(JournalEntry).where(JournalEntry.action == "moderation.hold")).one()
    assert (entry.actor_id, entry.is_public, entry.payload) == (None, False, {"kind": "comment"})
    added = session.scalars(select(JournalEntry).where(JournalEntry.action == "moderation.add_words")).one()
    assert WORD not in f"{added.payload}{added.reason}{added.subject_title}"


def test_sent_twice_a_text_is_held_once(session: Session, place: Place) -> None:
    matter_id = add_matter(place)
    list_word(place)
    for _ in range(2):
        with pytest.raises(Held):
            add_comment(place, matter_id, text=SAYING)
    assert session.scalar(select(func.count()).select_from(HeldText)) == 1


def test_nobody_decides_on_what_they_wrote_or_entered_at_the_desk(place: Place) -> None:
    matter_id = add_matter(place)
    list_word(place)
    helped = replace(place.author, assisted_by=place.clerk.person_id)
    with pytest.raises(Held) as held:
        matters.add_comment(matter_id=matter_id, actor=helped, text=SAYING, parent_id=None, now=NOW)
    with pytest.raises(NotEligible):
        services.release(held_id=held.value.held_id, actor=place.clerk, now=NOW)
    services.release(held_id=held.value.held_id, actor=place.director, now=NOW)


def test_a_matter_entered_at_the_desk_is_raised_there_when_it_is_released(
    session: Session, place: Place
) -> None:
    list_word(place)
    matter_id = draft_matter(place, body=SAYING)
    helped = replace(place.author, assisted_by=place.clerk.person_id)
    with pytest.raises(Held) as held:
        matters.publish_matter(matter_id=matter_id, actor=helped, now=NOW)
    services.release(held_id=held.value.held_id, actor=place.director, now=NOW)
    matter = session.get_one(Matter, matter_id)
    assert (matter.stage, matter.channel) == (Stage.RAISED, Channel.DESK)


def test_what_nobody_looked_at_is_posted_by_the_clock_and_counted_so(session: Session, place: Place) -> None:
    held_id = hold_comment(place)
    assert get_held(held_id).due_at == HELD_UNTIL
    assert services.sweep_clocks(now=HELD_UNTIL).posted == 0
    assert services.sweep_clocks(now=HELD_UNTIL + INSTANT).posted == 1
    assert services.sweep_clocks(now=HELD_UNTIL + INSTANT).posted == 0
    held = get_held(held_id)
    assert (held.state, held.by_clock, held.settled_by_id) == (HeldState.RELEASED, True, None)
    log = queries.get_log(session, community_id=place.community_id, now=HELD_UNTIL)
    assert [(month.held, month.late) for month in log.months] == [(1, 1)]


def test_refused_with_a_reason_it_can_be_appealed_and_is_posted_when_overturned(
    session: Session, place: Place
) -> None:
    held_id = hold_comment(place)
    with pytest.raises(Invalid):
        services.refuse(held_id=held_id, reason=Reason.OFF_TOPIC, actor=place.clerk, now=NOW)
    decision_id = services.refuse(held_id=held_id, reason=Reason.UNLAWFUL, actor=place.clerk, now=NOW)
    assert get_held(held_id).state is HeldState.REFUSED
    services.appeal(decision_id=decision_id, text="属实。", actor=place.author, now=NOW)
    services.rule_on_appeal(
        decision_id=decision_id,
        outcome=Outcome.OVERTURNED,
        text="是事实陈述。",
        actor=place.supervisor,
        now=NOW,
    )
    assert session.scalars(select(Comment.text)).all() == [SAYING]
    assert get_decision(decision_id).state is DecisionState.RESTORED
    assert get_held(held_id).state is HeldState.RELEASED


def test_what_its_matter_has_ended_for_lapses_and_is_kept_for_the_author(
    session: Session, place: Place
) -> None:
    held_id = hold_comment(place)
    matter_id = uuid.UUID(get_held(held_id).arguments["matter_id"])
    matters.withdraw_matter(matter_id=matter_id, actor=place.author, reason="已解决", now=NOW)
    assert services.release(held_id=held_id, actor=place.clerk, now=NOW) is HeldState.LAPSED
    assert session.scalars(select(Comment)).all() == []
    mine = queries.list_mine(session, person_id=place.author.person_id, number=1, limit=5)
    assert [(held.state, held.words) for held in mine.held] == [(HeldState.LAPSED, SAYING)]


def test_a_comment_handed_in_on_the_last_day_of_a_draft_counts_though_somebody_looked_later(
    session: Session, place: Place
) -> None:
    draft_id = put_out_draft(place)
    list_word(place)
    last = day_ends(TODAY + timedelta(days=30))
    with pytest.raises(Held) as held:
        add_draft_comment(place, draft_id, text=SAYING, now=last)
    state = services.release(held_id=held.value.held_id, actor=place.clerk, now=last + timedelta(hours=9))
    assert state is HeldState.RELEASED
    assert session.scalars(select(DraftComment.text)).all() == [SAYING]


def test_changing_a_held_draft_takes_it_back_so_that_nothing_unseen_is_posted(
    session: Session, place: Place
) -> None:
    list_word(place)
    matter_id = draft_matter(place, body=SAYING)
    with pytest.raises(Held) as held:
        matters.publish_matter(matter_id=matter_id, actor=place.author, now=NOW)
    matters.edit_title(matter_id=matter_id, actor=place.author, title="新标题", now=NOW)
    assert get_held(held.value.held_id).state is HeldState.TAKEN_BACK
    with pytest.raises(TransitionNotAllowed):
        services.release(held_id=held.value.held_id, actor=place.clerk, now=NOW)
    assert session.get_one(Matter, matter_id).stage is Stage.DRAFT


def test_only_the_author_takes_a_held_text_back(place: Place) -> None:
    held_id = hold_comment(place)
    with pytest.raises(NotEligible):
        services.take_back(held_id=held_id, actor=place.clerk, now=NOW)
    services.take_back(held_id=held_id, actor=place.author, now=NOW)
    with pytest.raises(TransitionNotAllowed):
        services.take_back(held_id=held_id, actor=place.author, now=NOW)


def test_words_are_kept_by_the_committee_and_the_administrator_and_ended_once(
    session: Session, place: Place
) -> None:
    admin = actor_of(make_officer(place.community, Role.ADMIN), Role.ADMIN)
    added = services.add_words(lines=[WORD, "", DISGUISED, "加Ｖ信"], why="见通报", actor=admin, now=NOW)
    assert added == 2
    assert services.add_words(lines=["加v信"], why="重复", actor=place.director, now=NOW) == 0
    for actor in (place.clerk, place.supervisor, place.author):
        with pytest.raises(NotEligible):
            services.add_words(lines=["词语"], why="试试", actor=actor, now=NOW)
    word_id = session.scalars(select(SensitiveWord.id).where(SensitiveWord.word == WORD)).one()
    services.end_word(word_id=word_id, why="误伤", actor=place.director, now=NOW)
    with pytest.raises(AlreadyDone):
        services.end_word(word_id=word_id, why="误伤", actor=place.director, now=NOW)
    add_comment(place, add_matter(place), text=SAYING)
    assert queries.count_words(session, community_id=place.community_id) == 1
    # Ended, it can be added anew.
    assert services.add_words(lines=[WORD], why="又出现", actor=place.director, now=NOW) == 1


@pytest.mark.parametrize(("lines", "reason"), [([], "missing"), (["！！"], "short"), (["黑"], "short")])
def test_a_word_that_would_hold_nearly_everything_is_refused(
    place: Place, lines: list[str], reason: str
) -> None:
    with pytest.raises(Invalid, match=reason):
        services.add_words(lines=lines, why="试试", actor=place.director, now=NOW)


def test_the_list_ends_at_a_thousand_words(place: Place) -> None:
    lines = [f"词语{number}" for number in range(1000)]
    assert services.add_words(lines=lines, why="清单", actor=place.director, now=NOW) == 1000
    with pytest.raises(Invalid, match="too_many"):
        services.add_words(lines=["再加一个"], why="清单", actor=place.director, now=NOW)


def publish(place: Place, actor: Actor, number: int) -> uuid.UUID:
    matter_id = draft_matter(place, title=f"第{number}件")
    matters.publish_matter(matter_id=matter_id, actor=actor, now=NOW)
    return matter_id


def test_the_eleventh_open_matter_is_refused_with_rule_and_sum(session: Session, place: Place) -> None:
    helped = replace(place.author, assisted_by=place.clerk.person_id)
    raised = [publish(place, helped if number % 2 else place.author, number) for number in range(10)]
    draft_matter(place, title="草稿不算")
    with pytest.raises(RuleRefused) as refused:
        publish(place, helped, 11)
    verdict = refused.value.verdict
    assert (verdict.rule.id, verdict.arithmetic) == ("matter.open_quota", "11 > 10")
    assert verdict.rule.remedy("en").startswith("Wait until one of them has ended")
    # One that has ended makes room for one.
    matters.withdraw_matter(matter_id=raised[0], actor=place.author, reason="已解决", now=NOW)
    publish(place, place.author, 12)
    with pytest.raises(RuleRefused):
        publish(place, place.author, 13)


def test_what_is_held_counts_as_open_and_is_posted_though_the_quota_is_full(
    session: Session, place: Place
) -> None:
    list_word(place)
    matter_id = draft_matter(place, body=SAYING)
    with pytest.raises(Held) as held:
        matters.publish_matter(matter_id=matter_id, actor=place.author, now=NOW)
    for number in range(9):
        publish(place, place.author, number)
    with pytest.raises(RuleRefused):
        publish(place, place.author, 10)
    services.release(held_id=held.value.held_id, actor=place.clerk, now=NOW)
    assert session.get_one(Matter, matter_id).stage is Stage.RAISED
