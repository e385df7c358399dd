"""Use cases of conversations: who may what, what stays as it was, and what is shown of the figures."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import BodyKind, PostKind, Role
from civicforum.database import db
from civicforum.errors import Invalid, NotEligible, NotFound, TransitionNotAllowed
from civicforum.inbox.rules import NeedKind
from civicforum.jobs import load_tasks
from civicforum.meetings.rules import MeetingForm
from civicforum.meetings.services import Plan as MeetingPlan
from civicforum.meetings.services import PlannedItem, plan_meeting
from civicforum.opinions import Tally
from civicforum.people.models import Person
from civicforum.records.models import JournalEntry
from civicforum.statements import queries, services
from civicforum.statements.errors import HasVotes, NotInvited, NotOpen, NotShown
from civicforum.statements.models import Conversation, Statement, StatementGrouping, StatementVote
from civicforum.statements.participants import may_take_part
from civicforum.statements.publishing import from_json
from civicforum.statements.queries.tallies import count_tallies
from civicforum.statements.rules import (
    MOST_OF_ONE,
    Answer,
    Audience,
    ConversationState,
    Fault,
    RejectReason,
    StatementState,
)
from civicforum.statements.services.computing import read_matrix, settled_until
from civicforum.statements.services.sweeping import SweepResult
from tests.factories import (
    NOW,
    actor_of,
    make_body,
    make_community,
    make_officer,
    make_person,
    make_post,
    make_term,
)
from tests.integration.statements.scenes import (
    SEEDS,
    Scene,
    answer_all,
    community_of,
    list_ids,
    make_scene,
    plan_of,
)

YES, NO, PASS = Answer.AGREE, Answer.DISAGREE, Answer.PASS
LATER = NOW + timedelta(hours=1)
MUCH_LATER = NOW + timedelta(hours=2)


def votes_of(session: Session, scene: Scene) -> list[tuple[int, bool]]:
    rows = session.execute(select(StatementVote).order_by(StatementVote.cast_at)).scalars()
    return [(row.value, row.superseded_at is None) for row in rows if row.statement_id == scene.statements[0]]


def add(scene: Scene, text: str, *, by: int = 0) -> uuid.UUID:
    services.add_statement(
        conversation_id=scene.conversation_id, text=text, actor=scene.residents[by], now=NOW
    )
    return list_ids(scene.conversation_id)[-1]


def test_conversation_that_begins_now_is_open_with_the_convenors_statements(session: Session) -> None:
    scene = make_scene()
    conversation = session.get_one(Conversation, scene.conversation_id)
    assert conversation.state is ConversationState.OPEN
    statements = session.scalars(select(Statement).order_by(Statement.number)).all()
    assert [one.text for one in statements] == SEEDS
    assert {one.state for one in statements} == {StatementState.SHOWN}


def test_residents_do_not_convene_and_chairs_convene_for_their_meeting(session: Session) -> None:
    scene = make_scene()
    chair = actor_of(make_officer(community_of(scene), Role.SUPERVISOR, login="chair"), Role.SUPERVISOR)
    meeting_id = plan_meeting(
        form=MeetingForm.OPEN_TALK,
        plan=MeetingPlan(
            "恳谈会", "议事厅", NOW + timedelta(days=9), [PlannedItem(title="广场")], chair_id=chair.person_id
        ),
        actor=scene.director,
        now=NOW,
    )
    for actor in (scene.residents[0], chair):
        with pytest.raises(NotEligible):
            services.plan_conversation(plan=plan_of(), actor=actor, now=NOW)
    conversation_id = services.plan_conversation(
        plan=plan_of(audience=Audience.MEETING), meeting_id=meeting_id, actor=chair, now=NOW
    )
    found = queries.list_of_subject(session, meeting_id=meeting_id)
    assert [one.id for one in found] == [conversation_id]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"closes_at": NOW}, "closes_on"),
        ({"audience": Audience.BODY}, "body"),
        ({"audience": Audience.MEETING}, "audience"),
        ({"seeds": ["字" * 141]}, "text"),
    ],
)
def test_plan_that_makes_no_sense_is_refused(
    session: Session, changes: dict[str, object], field: str
) -> None:
    scene = make_scene()
    with pytest.raises(Invalid) as refusal:
        services.plan_conversation(plan=plan_of(**changes), actor=scene.director, now=NOW)
    assert refusal.value.field == field


def test_new_statement_waits_is_shown_and_its_author_stays_unnamed_in_the_register(session: Session) -> None:
    scene = make_scene()
    statement_id = add(scene, "请在广场加一排  长椅")
    statement = session.get_one(Statement, statement_id)
    assert (statement.text, statement.state) == ("请在广场加一排 长椅", StatementState.WAITING)
    with pytest.raises(NotShown):
        services.cast_vote(statement_id=statement_id, answer=YES, actor=scene.residents[1], now=NOW)
    services.show_statement(statement_id=statement_id, actor=scene.clerk, now=NOW)
    services.cast_vote(statement_id=statement_id, answer=YES, actor=scene.residents[1], now=NOW)
    entries = session.scalars(
        select(JournalEntry).where(JournalEntry.subject_id == scene.conversation_id)
    ).all()
    assert [entry.action for entry in entries] == ["conversation.plan", "conversation.show_statement"]
    assert {entry.actor_id for entry in entries} == {scene.director.person_id, scene.clerk.person_id}


def test_without_moderation_a_statement_is_shown_at_once(session: Session) -> None:
    scene = make_scene(plan=plan_of(is_moderated=False))
    assert session.get_one(Statement, add(scene, "加长椅")).state is StatementState.SHOWN


def test_rejected_statement_carries_its_reason_and_stays_out(session: Session) -> None:
    scene = make_scene()
    statement_id = add(scene, "某某跳得难看")
    services.reject_statement(
        statement_id=statement_id, reason=RejectReason.PERSONAL_ATTACK, actor=scene.director, now=NOW
    )
    mine = queries.list_mine(
        session,
        conversation=session.get_one(Conversation, scene.conversation_id),
        person_id=scene.residents[0].person_id,
    )
    assert [(one.reason, may_change) for one, may_change in mine.statements] == [
        (RejectReason.PERSONAL_ATTACK, False)
    ]
    with pytest.raises(TransitionNotAllowed):
        services.show_statement(statement_id=statement_id, actor=scene.director, now=NOW)
    with pytest.raises(TransitionNotAllowed):
        services.change_statement(statement_id=statement_id, text="另一句", actor=scene.residents[0], now=NOW)


def test_residents_do_not_moderate(session: Session) -> None:
    scene = make_scene()
    statement_id = add(scene, "加长椅")
    with pytest.raises(NotEligible):
        services.show_statement(statement_id=statement_id, actor=scene.residents[0], now=NOW)


def test_statement_of_140_characters_is_taken_and_one_more_is_refused(session: Session) -> None:
    scene = make_scene()
    add(scene, "字" * 140)
    for text, reason in (("字" * 141, "too_long"), ("  ", "empty"), (SEEDS[0], "said_before")):
        with pytest.raises(Invalid) as refusal:
            add(scene, text)
        assert refusal.value.reason == reason


def test_nobody_adds_more_than_ten_statements(session: Session) -> None:
    scene = make_scene()
    for number in range(MOST_OF_ONE):
        add(scene, f"第{number}条")
    with pytest.raises(Invalid) as refusal:
        add(scene, "又一条")
    assert refusal.value.reason == "too_many"
    add(scene, "别人的一条", by=1)


def test_words_change_until_the_first_vote_and_are_looked_at_again(session: Session) -> None:
    scene = make_scene()
    statement_id = add(scene, "加长椅")
    services.show_statement(statement_id=statement_id, actor=scene.director, now=NOW)
    change = {"statement_id": statement_id, "actor": scene.residents[0], "now": NOW}
    assert services.change_statement(text="加两排长椅", **change) is StatementState.WAITING
    with pytest.raises(NotEligible):
        services.change_statement(
            statement_id=statement_id, text="不加长椅", actor=scene.residents[1], now=NOW
        )
    services.show_statement(statement_id=statement_id, actor=scene.director, now=NOW)
    services.cast_vote(statement_id=statement_id, answer=NO, actor=scene.residents[1], now=NOW)
    with pytest.raises(HasVotes):
        services.change_statement(text="加三排长椅", **change)


def test_changed_answer_counts_once_and_the_earlier_one_stays_in_the_log(session: Session) -> None:
    scene = make_scene()
    for minutes, answer in enumerate((YES, YES, NO)):
        services.cast_vote(
            statement_id=scene.statements[0],
            answer=answer,
            actor=scene.residents[0],
            now=NOW + timedelta(minutes=minutes),
        )
    assert votes_of(session, scene) == [(1, False), (-1, True)]
    last = count_tallies(session, conversation_id=scene.conversation_id)
    every = count_tallies(session, conversation_id=scene.conversation_id, every_vote=True)
    assert (last[1], every[1]) == (Tally(0, 1, 0), Tally(1, 1, 0))


def test_what_the_desk_enters_is_marked(session: Session) -> None:
    scene = make_scene()
    helped = replace(scene.residents[0], assisted_by=scene.clerk.person_id)
    services.cast_vote(statement_id=scene.statements[0], answer=PASS, actor=helped, now=NOW)
    services.add_statement(conversation_id=scene.conversation_id, text="加长椅", actor=helped, now=NOW)
    vote = session.scalars(select(StatementVote)).one()
    statement = session.get_one(Statement, list_ids(scene.conversation_id)[-1])
    assert (vote.person_id, vote.entered_by_id) == (helped.person_id, scene.clerk.person_id)
    assert (statement.author_id, statement.entered_by_id) == (helped.person_id, scene.clerk.person_id)


def test_nothing_is_answered_before_it_opens_nor_from_its_end_on(session: Session) -> None:
    scene = make_scene(plan=plan_of(opens_at=LATER))
    vote = {"statement_id": scene.statements[0], "answer": YES, "actor": scene.residents[0]}
    with pytest.raises(NotOpen):
        services.cast_vote(**vote, now=NOW)
    services.open_conversation(conversation_id=scene.conversation_id, actor=scene.director, now=NOW)
    services.cast_vote(**vote, now=NOW + timedelta(days=7) - timedelta(seconds=1))
    with pytest.raises(NotOpen):
        services.cast_vote(**vote, now=NOW + timedelta(days=7))


def test_conversation_of_a_body_is_for_its_members(session: Session) -> None:
    scene = make_scene()
    community = community_of(scene)
    body = make_body(community, BodyKind.DELIBERATION_COUNCIL)
    make_term(session.get_one(Person, scene.residents[0].person_id), make_post(body, PostKind.MEMBER))
    conversation_id = services.plan_conversation(
        plan=plan_of(audience=Audience.BODY, body_id=body.id), actor=scene.director, now=NOW
    )
    statement_id = list_ids(conversation_id)[0]
    services.cast_vote(statement_id=statement_id, answer=YES, actor=scene.residents[0], now=NOW)
    with pytest.raises(NotInvited):
        services.cast_vote(statement_id=statement_id, answer=YES, actor=scene.residents[1], now=NOW)


def test_conversation_of_an_assembly_is_for_those_who_belong_to_it(session: Session) -> None:
    scene = make_scene()
    representative = actor_of(
        make_officer(community_of(scene), Role.REPRESENTATIVE, login="rep"), Role.REPRESENTATIVE
    )
    meeting_id = plan_meeting(
        form=MeetingForm.REPRESENTATIVE_ASSEMBLY,
        plan=MeetingPlan("代表会议", "礼堂", NOW + timedelta(days=20), [PlannedItem(title="广场")]),
        actor=scene.director,
        now=NOW,
    )
    conversation_id = services.plan_conversation(
        plan=plan_of(audience=Audience.MEETING), meeting_id=meeting_id, actor=scene.director, now=NOW
    )
    conversation = session.get_one(Conversation, conversation_id)

    def may(person_id: uuid.UUID) -> bool:
        return may_take_part(session, conversation, person_id=person_id, now=NOW)

    assert may(representative.person_id)
    assert not may(scene.residents[0].person_id)


def test_stranger_finds_no_conversation(session: Session) -> None:
    scene = make_scene()
    stranger = actor_of(make_person(make_community(name="白云社区")), Role.RESIDENT)
    with pytest.raises(NotFound):
        services.cast_vote(statement_id=scene.statements[0], answer=YES, actor=stranger, now=NOW)


def test_each_is_asked_what_they_have_not_answered_and_in_the_end_nothing(session: Session) -> None:
    scene = make_scene()
    conversation = session.get_one(Conversation, scene.conversation_id)
    person_id = scene.residents[0].person_id
    asked = []
    while question := queries.next_question(
        session, conversation=conversation, grouping=None, person_id=person_id
    ):
        asked.append((question.at, question.of, question.statement.id))
        services.cast_vote(statement_id=question.statement.id, answer=YES, actor=scene.residents[0], now=NOW)
    assert [(at, of) for at, of, _statement in asked] == [(at, 8) for at in range(1, 9)]
    assert {statement for _at, _of, statement in asked} == set(scene.statements)


def test_open_conversation_waits_on_the_home_page_of_who_has_answers_left(session: Session) -> None:
    scene = make_scene()
    add(scene, "加长椅")

    def needs(actor: Actor) -> list[NeedKind]:
        return [need.kind for need in queries.list_needs(session, actor, NOW)]

    assert needs(scene.director) == [NeedKind.MODERATE, NeedKind.ANSWER_STATEMENTS]
    assert needs(scene.residents[0]) == [NeedKind.ANSWER_STATEMENTS]
    answer_all(scene, scene.residents[:1], [YES] * 8)
    assert needs(scene.residents[0]) == []


def two_camps(scene: Scene, *, first: int, second: int) -> None:
    """Let two camps answer against each other, but all agree with the last statement."""
    answer_all(scene, scene.residents[:first], [YES, NO, YES, NO, YES, NO, YES, YES])
    answer_all(scene, scene.residents[first : first + second], [NO, YES, NO, YES, NO, YES, NO, YES])


def answer_one_after_another(scene: Scene, people: Sequence[Actor]) -> None:
    """Let people agree with everything, each a minute after the one before."""
    for minute, person in enumerate(people):
        answer_all(scene, [person], [YES] * 8, now=LATER + timedelta(minutes=minute))


def change_minds(scene: Scene, people: Sequence[Actor], *, now: datetime) -> None:
    """Let people pass on the first statement, which they answered before."""
    for person in people:
        services.cast_vote(statement_id=scene.statements[0], answer=PASS, actor=person, now=now)


def compute(session: Session, scene: Scene) -> StatementGrouping:
    services.compute_grouping(conversation_id=scene.conversation_id, now=LATER)
    return session.scalars(
        select(StatementGrouping).order_by(StatementGrouping.version.desc()).limit(1)
    ).one()


def test_groups_are_computed_and_told_apart(session: Session) -> None:
    scene = make_scene(residents=13)
    two_camps(scene, first=7, second=6)
    row = compute(session, scene)
    assert (row.version, row.people, row.placed, row.votes, row.groups) == (1, 13, 13, 104, 2)
    shown = from_json(row.shown)
    assert [(group.name, group.people) for group in shown.groups] == [(0, 7), (1, 6)]
    assert (1, True) in shown.groups[0].holds
    assert (1, False) in shown.groups[1].holds
    assert shown.shared == [(8, True)]
    assert shown.totals[8] == Tally(13, 0, 0)


def test_own_place_is_told_to_nobody_else_and_to_no_row(session: Session) -> None:
    scene = make_scene(residents=13)
    two_camps(scene, first=7, second=6)
    row = compute(session, scene)
    kept = str(row.shown) + str(row.memory)
    assert not any(str(actor.person_id) in kept for actor in scene.residents)
    assert [dot[2] for dot in row.shown["dots"]] == [7, 6]
    places = [
        queries.get_standing(session, grouping=row, person_id=scene.residents[number].person_id)
        for number in (0, 12)
    ]
    assert [place.group if place else None for place in places] == [0, 1]
    assert queries.get_standing(session, grouping=row, person_id=scene.clerk.person_id) is None


def test_answers_of_four_are_not_shown_nor_what_their_absence_would_tell(session: Session) -> None:
    scene = make_scene(residents=15)
    two_camps(scene, first=7, second=7)
    # Of the second camp only four answered the first statement: the difference to the total would say how.
    late = scene.residents[14]
    for statement_id in scene.statements[1:]:
        services.cast_vote(statement_id=statement_id, answer=YES, actor=late, now=NOW)
    gone = [actor.person_id for actor in scene.residents[11:14]]
    session.execute(
        delete(StatementVote).where(
            StatementVote.statement_id == scene.statements[0], StatementVote.person_id.in_(gone)
        )
    )
    shown = from_json(compute(session, scene).shown)
    assert shown.totals[1] == Tally(7, 4, 0)
    assert all(1 not in cells for cells in shown.cells.values())
    assert shown.cells[0][2].total >= 5


def test_those_in_no_group_are_in_the_totals_where_they_are_five(session: Session) -> None:
    scene = make_scene(residents=18)
    two_camps(scene, first=7, second=6)
    answer_all(scene, scene.residents[13:18], [YES, YES])
    services.cast_vote(statement_id=scene.statements[2], answer=YES, actor=scene.residents[13], now=NOW)
    shown = from_json(compute(session, scene).shown)
    assert shown.left_out == 5
    assert shown.totals[1] == Tally(12, 6, 0)
    assert shown.totals[3] == Tally(7, 6, 0)
    assert [shown.cells[name][3] for name in (0, 1)] == [Tally(7, 0, 0), Tally(0, 6, 0)]


def test_statement_that_four_answered_shows_nothing(session: Session) -> None:
    scene = make_scene(residents=5)
    answer_all(scene, scene.residents[:4], [YES] * 8)
    answer_all(scene, scene.residents[4:], [None, *[YES] * 7])
    shown = from_json(compute(session, scene).shown)
    assert 1 not in shown.totals
    assert shown.totals[2] == Tally(5, 0, 0)


def test_statement_taken_down_counts_no_more(session: Session) -> None:
    scene = make_scene(residents=13)
    two_camps(scene, first=7, second=6)
    services.close_conversation(
        conversation_id=scene.conversation_id, reason="已有共识", actor=scene.director, now=NOW
    )
    assert compute(session, scene).is_final
    services.reject_statement(
        statement_id=scene.statements[0], reason=RejectReason.OFF_TOPIC, actor=scene.director, now=NOW
    )
    assert services.sweep(now=LATER).queued == 1
    row = compute(session, scene)
    assert row.is_final
    assert row.votes == 91
    assert 1 not in from_json(row.shown).totals


def test_clock_opens_closes_and_queues_one_computation_at_a_time(session: Session) -> None:
    scene = make_scene(residents=11, plan=plan_of(opens_at=LATER))
    assert services.sweep(now=NOW) == SweepResult()
    assert services.sweep(now=LATER) == SweepResult(opened=1)
    answer_one_after_another(scene, scene.residents[:9])
    assert services.sweep(now=MUCH_LATER) == SweepResult()
    answer_all(scene, scene.residents[9:10], [YES] * 8, now=MUCH_LATER)
    assert services.sweep(now=MUCH_LATER) == SweepResult(queued=1)
    assert services.sweep(now=MUCH_LATER) == SweepResult()
    run = load_tasks()["statements.group"].function
    run(conversation_id=str(scene.conversation_id))
    end = NOW + timedelta(days=7)
    assert services.sweep(now=end).closed == 1
    run(conversation_id=str(scene.conversation_id))
    rows = session.scalars(select(StatementGrouping).order_by(StatementGrouping.version)).all()
    assert [(row.version, row.is_final, row.people, row.memory is None) for row in rows] == [
        (1, False, 5, True),
        (2, True, 10, False),
    ]
    entries = session.scalars(
        select(JournalEntry.action)
        .where(JournalEntry.subject_id == scene.conversation_id)
        .order_by(JournalEntry.sequence)
    ).all()
    assert entries == ["conversation.plan", "conversation.open", "conversation.close"]


def test_few_new_voters_do_not_make_new_figures(session: Session) -> None:
    scene = make_scene(residents=13)
    two_camps(scene, first=5, second=4)
    compute(session, scene)
    after = LATER + timedelta(minutes=1)
    answer_all(scene, scene.residents[9:13], [YES] * 8, now=after)
    change_minds(scene, scene.residents[:5], now=MUCH_LATER)
    assert services.sweep(now=MUCH_LATER).queued == 0
    change_minds(scene, scene.residents[5:6], now=after)
    assert services.sweep(now=MUCH_LATER).queued == 1


def test_figures_of_an_open_conversation_keep_back_the_five_who_answered_last(session: Session) -> None:
    scene = make_scene(residents=11)
    assert settled_until(session, conversation_id=scene.conversation_id) is None
    answer_one_after_another(scene, scene.residents[:10])
    change_minds(scene, scene.residents[9:10], now=MUCH_LATER)
    assert services.compute_due(conversation_id=scene.conversation_id, now=MUCH_LATER) == 1
    shown = from_json(session.scalars(select(StatementGrouping.shown)).one())
    assert {tally.total for tally in shown.totals.values()} == {5}
    answer_all(scene, scene.residents[10:], [NO] * 8, now=MUCH_LATER)
    assert services.sweep(now=MUCH_LATER).queued == 0
    services.close_conversation(
        conversation_id=scene.conversation_id, reason="征集期满", actor=scene.director, now=MUCH_LATER
    )
    assert services.compute_due(conversation_id=scene.conversation_id, now=MUCH_LATER) == 2
    final = session.scalars(select(StatementGrouping).where(StatementGrouping.is_final)).one()
    assert final.people == 11
    assert from_json(final.shown).totals[1] == Tally(9, 1, 1)


def test_answer_that_was_changed_since_stands_as_it_stood_then(session: Session) -> None:
    scene = make_scene(residents=6)
    answer_all(scene, scene.residents[:5], [YES] * 8, now=LATER)
    change_minds(scene, scene.residents[:5], now=MUCH_LATER)
    before = read_matrix(session, conversation_id=scene.conversation_id, until=LATER)
    assert (before.values == 1).all()
    after = read_matrix(session, conversation_id=scene.conversation_id)
    assert (after.values[:, 0] == 0).all()
    assert (after.values[:, 1:] == 1).all()


def test_two_clicks_at_once_are_one_vote(committed: Flask) -> None:
    with committed.app_context():
        scene = make_scene()

    def vote(answer: Answer) -> None:
        with committed.app_context():
            services.cast_vote(
                statement_id=scene.statements[0], answer=answer, actor=scene.residents[0], now=NOW
            )

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(vote, [YES, NO, YES, NO]))
    with committed.app_context():
        current = select(func.count()).where(StatementVote.superseded_at.is_(None))
        assert db.session.scalar(current) == 1


def test_statement_sent_twice_at_once_stands_once(committed: Flask) -> None:
    with committed.app_context():
        scene = make_scene()

    def write(_number: int) -> str:
        with committed.app_context():
            try:
                services.add_statement(
                    conversation_id=scene.conversation_id, text="加长椅", actor=scene.residents[0], now=NOW
                )
            except Invalid as refusal:
                return refusal.reason
            return "kept"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(write, range(4))) == ["kept", *[Fault.SAID_BEFORE] * 3]


def test_statements_added_at_once_have_different_numbers(committed: Flask) -> None:
    with committed.app_context():
        scene = make_scene()

    def write(number: int) -> None:
        with committed.app_context():
            services.add_statement(
                conversation_id=scene.conversation_id,
                text=f"第{number}条",
                actor=scene.residents[number % 3],
                now=NOW,
            )

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(8)))
    with committed.app_context():
        numbers = db.session.scalars(select(Statement.number).order_by(Statement.number)).all()
        assert list(numbers) == list(range(1, 17))
