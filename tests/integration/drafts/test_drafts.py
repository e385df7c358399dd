"""Drafts out for comment: put out, delivered, commented on, answered, closed."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.drafts import queries, services
from civicforum.drafts.errors import CommentsUnanswered, StillOut, TooManyComments
from civicforum.drafts.models import Delivery, Draft, DraftAnswer, DraftComment
from civicforum.drafts.rules import MOST_COMMENTS_EACH, CommentChannel, DraftState, Handling
from civicforum.errors import Invalid, NotEligible, NotFound, RuleRefused, TransitionNotAllowed
from civicforum.inbox.rules import NeedKind
from civicforum.notices.models import Notice
from civicforum.people.models import Community, Grid, Household
from civicforum.records.models import JournalEntry
from civicforum.rulebook.days import day_ends
from tests.factories import NOW, TODAY, actor_of, make_community, make_household, make_officer, make_person
from tests.support.statements import count_statements

TEXT = "第一条 生活垃圾分类投放。\n第二条 楼道不得堆放物品。\n第三条 遛狗拴绳。"
LAST_DAY = TODAY + timedelta(days=7)
AFTER = day_ends(LAST_DAY) + timedelta(microseconds=1)


@dataclass
class Town:
    community: Community
    director: Actor
    clerk: Actor
    resident: Actor


def make_town() -> Town:
    community = make_community()
    return Town(
        community,
        actor_of(make_officer(community, Role.COMMITTEE, login="director"), Role.COMMITTEE),
        actor_of(make_officer(community, Role.CLERK, login="clerk"), Role.CLERK),
        actor_of(make_officer(community, Role.RESIDENT, login="resident", name="周敏")),
    )


def put_out(town: Town, *, until: date = LAST_DAY) -> uuid.UUID:
    return services.put_out_draft(
        title="居民公约（修订草案）", text=TEXT, until=until, actor=town.director, now=NOW
    )


def say(town: Town, draft_id: uuid.UUID, text: str = "建议增加夜间安静时段。", **values: object) -> uuid.UUID:
    given = {"actor": town.resident, "now": NOW, **values}
    return services.comment_on_draft(draft_id=draft_id, text=text, **given)  # type: ignore[arg-type]


def answer(town: Town, draft_id: uuid.UUID, *ids: uuid.UUID, handling: Handling = Handling.TAKEN) -> int:
    return services.answer_comments(
        draft_id=draft_id, comment_ids=ids, handling=handling, text="已写入。", actor=town.director, now=NOW
    )


def test_a_draft_is_out_for_seven_days_at_least_and_a_notice_asks_for_comments(session: Session) -> None:
    town = make_town()
    with pytest.raises(RuleRefused) as refused:
        put_out(town, until=LAST_DAY - timedelta(days=1))
    assert refused.value.verdict.rule.id == "council.draft_comments"
    assert session.scalar(select(Notice.id)) is None
    draft = session.get_one(Draft, put_out(town))
    assert (draft.state, draft.until) == (DraftState.OUT, day_ends(LAST_DAY))
    assert "第三条 遛狗拴绳。" in session.scalars(select(Notice)).one().text
    with pytest.raises(NotEligible):
        services.put_out_draft(title="x", text="y", until=LAST_DAY, actor=town.clerk, now=NOW)


def test_comments_come_until_the_last_instant_and_not_later(session: Session) -> None:
    town = make_town()
    draft_id = put_out(town)
    say(town, draft_id, now=day_ends(LAST_DAY), passage=2)
    with pytest.raises(TransitionNotAllowed):
        say(town, draft_id, now=AFTER)
    with pytest.raises(Invalid):
        say(town, draft_id, passage=4)
    with pytest.raises(Invalid) as refused:
        say(town, draft_id, "我的身份证是11010519491231002X")
    assert refused.value.reason == "identity_number"
    comment = session.scalars(select(DraftComment)).one()
    assert (comment.number, comment.passage, comment.channel) == (1, 2, CommentChannel.SELF)
    entry = session.scalars(select(JournalEntry).where(JournalEntry.action == "draft.comment")).one()
    assert not entry.is_public, "whose comment it is shows only where the author agrees"


def test_nobody_comments_more_often_than_the_quota(session: Session) -> None:
    town = make_town()
    draft_id = put_out(town)
    session.execute(insert(DraftComment), rows_of(town, draft_id, MOST_COMMENTS_EACH - 1))
    say(town, draft_id)
    with pytest.raises(TooManyComments):
        say(town, draft_id)


def test_who_has_left_does_not_comment_and_help_at_the_counter_is_marked(session: Session) -> None:
    town = make_town()
    draft_id = put_out(town)
    gone = actor_of(make_person(town.community, left_on=TODAY - timedelta(days=1)))
    with pytest.raises(NotEligible):
        say(town, draft_id, actor=gone)
    helped = Actor(town.resident.person_id, town.community.id, assisted_by=town.clerk.person_id)
    comment = session.get_one(DraftComment, say(town, draft_id, actor=helped))
    assert (comment.channel, comment.entered_by_id) == (CommentChannel.WORD, town.clerk.person_id)


def test_a_comment_on_paper_is_entered_by_the_clerk_and_counts_the_same(session: Session) -> None:
    town = make_town()
    draft_id = put_out(town)
    entered = services.enter_comment(
        draft_id=draft_id,
        text="字太小了",
        channel=CommentChannel.PAPER,
        author_name="老孙",
        shows_name=True,
        actor=town.clerk,
        now=NOW,
    )
    comment = session.get_one(DraftComment, entered)
    assert (comment.author_id, comment.author_name, comment.shows_name) == (None, "老孙", True)
    with pytest.raises(NotEligible):
        services.enter_comment(
            draft_id=draft_id, text="x", channel=CommentChannel.PAPER, actor=town.resident, now=NOW
        )
    with pytest.raises(Invalid):
        services.enter_comment(
            draft_id=draft_id, text="x", channel=CommentChannel.SELF, actor=town.clerk, now=NOW
        )


def test_comments_that_ask_the_same_get_one_answer_and_a_new_one_replaces_it(session: Session) -> None:
    town = make_town()
    draft_id = put_out(town)
    first, second, third = say(town, draft_id), say(town, draft_id), say(town, draft_id)
    assert answer(town, draft_id, first, second) == 2
    one, two = (session.get_one(DraftComment, key).answer_id for key in (first, second))
    assert one == two
    assert answer(town, draft_id, first, second, handling=Handling.PARTLY) == 2
    assert len(session.scalars(select(DraftAnswer)).all()) == 1, "an answer nobody has is gone"
    with pytest.raises(Invalid):
        answer(town, draft_id)
    with pytest.raises(NotFound):
        answer(town, draft_id, third, uuid.uuid4())
    assert session.get_one(DraftComment, third).answer_id is None


def test_a_round_is_closed_only_after_its_time_and_with_every_comment_answered(session: Session) -> None:
    town = make_town()
    draft_id = put_out(town)
    first, second = say(town, draft_id), say(town, draft_id)
    answer(town, draft_id, first)

    def close(now: object = AFTER, text: str = TEXT + "\n第四条 夜间安静。") -> None:
        services.close_draft(draft_id=draft_id, final_text=text, actor=town.director, now=now)  # type: ignore[arg-type]

    with pytest.raises(StillOut):
        close(day_ends(LAST_DAY))
    with pytest.raises(CommentsUnanswered) as refused:
        close()
    assert refused.value.number == 1
    answer(town, draft_id, second, handling=Handling.NOT_TAKEN)
    with pytest.raises(Invalid):
        close(text=" ")
    close()
    page = queries.get_page(session, draft_id=draft_id, community_id=town.community.id, actor=None, now=AFTER)
    assert page.is_closed
    assert (page.counts.taken, page.counts.not_taken, page.counts.waiting) == (1, 1, 0)
    assert "".join(part.text for part in page.before) == TEXT
    assert [part.text for part in page.after if part.change == "added"] == ["\n第四条 夜间安静。"]
    notice = session.scalars(select(Notice).order_by(Notice.posted_at.desc())).first()
    assert notice is not None
    assert "共收到意见2条：采纳1条，部分采纳0条，未采纳1条" in notice.text
    with pytest.raises(TransitionNotAllowed):
        close()
    with pytest.raises(TransitionNotAllowed):
        answer(town, draft_id, second)


def test_a_withdrawn_draft_says_why_and_takes_no_more_comments(session: Session) -> None:
    town = make_town()
    draft_id = put_out(town)
    with pytest.raises(Invalid):
        services.withdraw_draft(draft_id=draft_id, reason=" ", actor=town.director, now=NOW)
    services.withdraw_draft(draft_id=draft_id, reason="文本有误", actor=town.director, now=NOW)
    with pytest.raises(TransitionNotAllowed):
        say(town, draft_id)
    assert session.scalars(select(Notice).where(Notice.text.contains("文本有误"))).one()


def test_an_experts_opinion_stands_beside_the_text(session: Session) -> None:
    town = make_town()
    draft_id = put_out(town)
    services.add_opinion(
        draft_id=draft_id, author="刘洋", unit="市规划院", text="承重需复核。", actor=town.director, now=NOW
    )
    page = queries.get_page(session, draft_id=draft_id, community_id=town.community.id, actor=None, now=NOW)
    assert [(opinion.author, opinion.text) for opinion in page.opinions] == [("刘洋", "承重需复核。")]
    with pytest.raises(NotEligible):
        services.add_opinion(draft_id=draft_id, author="x", unit="", text="y", actor=town.clerk, now=NOW)


def test_the_grids_worker_enters_the_own_grid_only_and_each_household_once(session: Session) -> None:
    town = make_town()
    draft_id = put_out(town)
    worker = actor_of(make_person(town.community))
    grid = session.scalars(select(Grid)).one()
    grid.worker_id = worker.person_id
    other = Grid(community_id=town.community.id, code="02", name="第二网格")
    session.add(other)
    session.commit()
    mine = [make_household(town.community, grid=grid).id for _ in range(3)]
    theirs = make_household(town.community, grid=other).id

    def deliver(actor: Actor, *ids: uuid.UUID, on: date = TODAY) -> int:
        return services.record_deliveries(
            draft_id=draft_id, household_ids=ids, delivered_on=on, actor=actor, now=NOW
        )

    assert deliver(worker, mine[0], mine[1]) == 2
    assert deliver(town.clerk, mine[1], theirs) == 1, "who has it already keeps the first entry"
    for refused in (lambda: deliver(worker, theirs), lambda: deliver(town.resident, mine[2])):
        with pytest.raises(NotEligible):
            refused()
    for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=1)):
        with pytest.raises(Invalid):
            deliver(worker, mine[2], on=day)
    services.take_back_delivery(draft_id=draft_id, household_id=theirs, actor=town.clerk, now=NOW)
    with pytest.raises(NotFound):
        services.take_back_delivery(draft_id=draft_id, household_id=theirs, actor=town.clerk, now=NOW)
    assert {row.delivered_by_id for row in session.scalars(select(Delivery))} == {worker.person_id}
    lines = queries.list_progress(session, draft_id=draft_id, community_id=town.community.id)
    assert [(line.grid.code, line.delivered) for line in lines] == [("01", 2), ("02", 0)]


def test_thirty_four_hundred_households_are_paged_with_few_statements(session: Session) -> None:
    town = make_town()
    draft_id = put_out(town)
    known = session.scalars(select(Household).limit(1)).one()
    common = {"community_id": town.community.id, "grid_id": known.grid_id, "group_id": known.group_id}
    session.execute(
        insert(Household),
        [{**common, "number": f"N{n:05}", "address": f"{n // 40}号楼{n % 40}室"} for n in range(3400)],
    )
    with count_statements() as counted:
        page = queries.list_households(session, draft_id=draft_id, community_id=town.community.id, number=9)
        queries.list_progress(session, draft_id=draft_id, community_id=town.community.id)
    assert counted.total == 3
    assert (len(page.items), page.pages) == (100, 35)


def rows_of(town: Town, draft_id: uuid.UUID, number: int) -> list[dict[str, object]]:
    return [
        {
            "community_id": town.community.id,
            "draft_id": draft_id,
            "number": count,
            "author_id": town.resident.person_id,
            "text": f"第{count}条意见：{'路灯' if count % 2 else '停车'}",
            "channel": CommentChannel.SELF,
            "made_at": NOW,
            "shows_name": False,
        }
        for count in range(1, number + 1)
    ]


def test_a_thousand_comments_are_paged_and_searched_with_two_statements(session: Session) -> None:
    town = make_town()
    draft_id = put_out(town)
    session.execute(insert(DraftComment), rows_of(town, draft_id, 1000))
    db.session.expire_all()
    with count_statements() as counted:
        page = queries.list_comments(session, draft_id=draft_id, number=3)
    assert counted.total == 2
    assert [line.comment.number for line in page.items] == list(range(101, 151))
    assert {line.name for line in page.items} == {""}, "no name without consent"
    assert queries.list_comments(session, draft_id=draft_id, number=1, text="路灯").total == 500
    assert queries.list_comments(session, draft_id=draft_id, number=1, passage=2).total == 0
    assert queries.list_comments(session, draft_id=draft_id, number=1, only_waiting=True).total == 1000


def test_the_inbox_asks_for_a_comment_and_later_the_committee_for_answers(session: Session) -> None:
    town = make_town()
    draft_id = put_out(town)
    assert [need.kind for need in queries.list_needs(session, town.resident, NOW)] == [NeedKind.COMMENT]
    say(town, draft_id)
    assert queries.list_needs(session, town.resident, NOW) == []
    needs = queries.list_to_answer(session, town.director, AFTER)
    assert [(need.kind, need.due_at) for need in needs] == [
        (NeedKind.ANSWER_COMMENTS, day_ends(LAST_DAY + timedelta(days=15)))
    ]


def test_answers_that_are_late_are_flagged_once(session: Session) -> None:
    town = make_town()
    draft_id = put_out(town)
    say(town, draft_id)
    due = day_ends(LAST_DAY + timedelta(days=15))
    assert services.sweep_clocks(now=due).overdue == 0
    assert services.sweep_clocks(now=due + timedelta(microseconds=1)).overdue == 1
    assert services.sweep_clocks(now=due + timedelta(days=1)).overdue == 0
    entry = session.scalars(select(JournalEntry).where(JournalEntry.action == "draft.overdue")).one()
    assert entry.payload == {"waiting": 1}


def test_a_draft_of_another_community_is_not_found(session: Session) -> None:
    draft_id = put_out(make_town())
    stranger = actor_of(make_officer(make_community(name="别的社区"), Role.COMMITTEE), Role.COMMITTEE)
    with pytest.raises(NotFound):
        services.withdraw_draft(draft_id=draft_id, reason="x", actor=stranger, now=NOW)
