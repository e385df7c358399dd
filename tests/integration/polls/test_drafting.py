"""Drafting a poll by its services: each step, who may take it, and what ends with the draft."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

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
    RuleRefused,
    TransitionNotAllowed,
)
from civicforum.people.models import Community
from civicforum.polls.models import Poll, Question
from civicforum.polls.questions import QuestionKind, QuestionSpec
from civicforum.polls.rules import PollState, Preset
from civicforum.polls.services import drafting
from civicforum.polls.terms import Subject, Terms
from tests.factories import NOW, actor_of, make_community, make_officer, make_person
from tests.support.polls import FIVE_OF_TEN, YES_NO

LIFTS = Subject(title="加装电梯表决", question="三号楼至七号楼。", preset=Preset.POLL)
ELECTION = Subject(title="居民委员会换届选举", question="", preset=Preset.SEALED, is_statutory=True)
OPENS = NOW + timedelta(days=30)


def officer(community: Community, role: Role = Role.ELECTION_OFFICER) -> Actor:
    return actor_of(make_officer(community, role), role)


def draft(actor: Actor, subject: Subject = LIFTS) -> uuid.UUID:
    poll_id = uuid.uuid4()
    drafting.draft_poll(poll_id=poll_id, subject=subject, actor=actor, now=NOW)
    return poll_id


def add(poll_id: uuid.UUID, actor: Actor, spec: QuestionSpec = YES_NO) -> uuid.UUID:
    question_id = uuid.uuid4()
    drafting.add_question(poll_id=poll_id, question_id=question_id, spec=spec, actor=actor, now=NOW)
    return question_id


def timed(session: Session, poll_id: uuid.UUID) -> Terms:
    """Return the terms of a poll with times that suit it."""
    terms = drafting.terms_of(session.get_one(Poll, poll_id))
    return replace(terms, opens_at=OPENS, closes_at=OPENS + timedelta(days=2))


def titles(session: Session, poll_id: uuid.UUID) -> list[tuple[int, str]]:
    rows = session.execute(
        select(Question.position, Question.title)
        .where(Question.poll_id == poll_id)
        .order_by(Question.position)
    )
    return [(position, title) for position, title in rows]


def test_a_draft_keeps_what_is_said_and_the_rules_it_began_under(session: Session) -> None:
    community = make_community()
    poll = session.get_one(Poll, draft(officer(community)))
    assert (poll.title, poll.question, poll.preset) == (LIFTS.title, LIFTS.question, Preset.POLL)
    assert (poll.state, poll.profile, poll.is_statutory) == (PollState.DRAFT, community.profile, False)
    assert (poll.threshold, poll.trustees, poll.by_screen, poll.least) == (1, 1, True, 5)


def test_a_draft_sent_twice_is_one_poll(session: Session) -> None:
    actor, poll_id = officer(make_community()), uuid.uuid4()
    drafting.draft_poll(poll_id=poll_id, subject=LIFTS, actor=actor, now=NOW)
    with pytest.raises(AlreadyDone):
        drafting.draft_poll(poll_id=poll_id, subject=LIFTS, actor=actor, now=NOW)
    assert session.scalar(select(func.count()).select_from(Poll)) == 1


def test_terms_are_set_while_it_is_a_draft(session: Session) -> None:
    actor = officer(make_community())
    poll_id = draft(actor)
    terms = replace(
        timed(session, poll_id), by_paper=True, revote=False, quorum_rule="assembly.residents.quorum"
    )
    drafting.set_terms(poll_id=poll_id, terms=terms, actor=actor, now=NOW)
    assert drafting.terms_of(session.get_one(Poll, poll_id)) == terms


def test_another_secrecy_begins_the_terms_anew_and_keeps_the_times(session: Session) -> None:
    actor = officer(make_community())
    poll_id = draft(actor)
    drafting.set_terms(poll_id=poll_id, terms=timed(session, poll_id), actor=actor, now=NOW)
    drafting.edit_subject(poll_id=poll_id, subject=replace(LIFTS, preset=Preset.SEALED), actor=actor, now=NOW)
    poll = session.get_one(Poll, poll_id)
    assert (poll.threshold, poll.trustees, poll.by_paper, poll.opens_at) == (2, 3, True, OPENS)
    drafting.edit_subject(poll_id=poll_id, subject=replace(LIFTS, preset=Preset.OPEN), actor=actor, now=NOW)
    assert (poll.threshold, poll.trustees, poll.by_paper, poll.by_screen) == (1, 1, False, True)


def test_a_new_title_leaves_the_terms_alone(session: Session) -> None:
    actor = officer(make_community())
    poll_id = draft(actor)
    terms = replace(timed(session, poll_id), keep_days=90)
    drafting.set_terms(poll_id=poll_id, terms=terms, actor=actor, now=NOW)
    drafting.edit_subject(poll_id=poll_id, subject=replace(LIFTS, title="电梯"), actor=actor, now=NOW)
    assert session.get_one(Poll, poll_id).title == "电梯"
    assert drafting.terms_of(session.get_one(Poll, poll_id)) == terms


def test_an_election_is_refused_with_the_article(session: Session) -> None:
    actor = officer(make_community())
    with pytest.raises(RuleRefused) as named:
        draft(actor, replace(ELECTION, preset=Preset.OPEN))
    assert named.value.verdict.rule.article == "城市居民委员会组织法 第十九条"
    poll_id = draft(actor, ELECTION)
    terms = replace(timed(session, poll_id), by_screen=True)
    with pytest.raises(RuleRefused) as online:
        drafting.set_terms(poll_id=poll_id, terms=terms, actor=actor, now=NOW)
    assert online.value.verdict.rule.id == "election.online"
    terms = replace(timed(session, poll_id), opens_at=NOW + timedelta(days=19))
    with pytest.raises(RuleRefused) as early:
        drafting.set_terms(poll_id=poll_id, terms=terms, actor=actor, now=NOW)
    assert early.value.verdict.rule.article == "城市居民委员会组织法 第十七条"
    assert session.get_one(Poll, poll_id).opens_at is None


def test_questions_keep_their_order_when_they_move_and_when_one_goes(session: Session) -> None:
    actor = officer(make_community())
    poll_id = draft(actor)
    first, second, third = (add(poll_id, actor, replace(YES_NO, title=title)) for title in ("一", "二", "三"))
    drafting.move_question(poll_id=poll_id, question_id=third, places=-1, actor=actor, now=NOW)
    assert titles(session, poll_id) == [(1, "一"), (2, "三"), (3, "二")]
    drafting.move_question(poll_id=poll_id, question_id=first, places=-1, actor=actor, now=NOW)
    drafting.move_question(poll_id=poll_id, question_id=second, places=9, actor=actor, now=NOW)
    assert titles(session, poll_id) == [(1, "一"), (2, "三"), (3, "二")]
    drafting.remove_question(poll_id=poll_id, question_id=first, actor=actor, now=NOW)
    assert titles(session, poll_id) == [(1, "三"), (2, "二")]
    add(poll_id, actor, replace(YES_NO, title="四"))
    assert titles(session, poll_id) == [(1, "三"), (2, "二"), (3, "四")]


def test_a_question_is_changed_and_keeps_its_kind(session: Session) -> None:
    actor = officer(make_community())
    poll_id = draft(actor)
    question_id = add(poll_id, actor, FIVE_OF_TEN)

    def change(spec: QuestionSpec) -> None:
        drafting.edit_question(poll_id=poll_id, question_id=question_id, spec=spec, actor=actor, now=NOW)

    change(replace(FIVE_OF_TEN, most=3, options=("e\u0301", "乙", "丙"), seats=3))
    question = session.get_one(Question, question_id)
    assert (question.most, question.options) == (3, ["\u00e9", "乙", "丙"])
    with pytest.raises(TransitionNotAllowed):
        change(YES_NO)


def test_questions_that_are_too_much_together_are_refused(session: Session) -> None:
    actor = officer(make_community())
    poll_id = draft(actor)
    long = QuestionSpec(QuestionKind.SELECTION, "选", options=tuple(f"第{at}项" for at in range(600)))
    add(poll_id, actor, long)
    with pytest.raises(Invalid) as refusal:
        add(poll_id, actor, long)
    assert refusal.value.reason == "too_many_slots"
    assert len(titles(session, poll_id)) == 1


def test_a_draft_is_fit_for_its_roll_when_everything_is_there(session: Session) -> None:
    actor = officer(make_community())
    poll_id = draft(actor)
    poll = session.get_one(Poll, poll_id)
    with pytest.raises(Invalid):
        drafting.check_draft(poll, now=NOW)
    drafting.set_terms(poll_id=poll_id, terms=timed(session, poll_id), actor=actor, now=NOW)
    add(poll_id, actor)
    drafting.check_draft(poll, now=NOW)
    with pytest.raises(Invalid):
        drafting.check_draft(poll, now=OPENS)


Step = Callable[[Session, uuid.UUID, uuid.UUID, Actor], None]
STEPS: dict[str, Step] = {
    "edit_subject": lambda session, poll_id, question_id, actor: drafting.edit_subject(
        poll_id=poll_id, subject=replace(LIFTS, title="新题"), actor=actor, now=NOW
    ),
    "set_terms": lambda session, poll_id, question_id, actor: drafting.set_terms(
        poll_id=poll_id, terms=timed(session, poll_id), actor=actor, now=NOW
    ),
    "add_question": lambda session, poll_id, question_id, actor: drafting.add_question(
        poll_id=poll_id, question_id=uuid.uuid4(), spec=YES_NO, actor=actor, now=NOW
    ),
    "edit_question": lambda session, poll_id, question_id, actor: drafting.edit_question(
        poll_id=poll_id, question_id=question_id, spec=YES_NO, actor=actor, now=NOW
    ),
    "remove_question": lambda session, poll_id, question_id, actor: drafting.remove_question(
        poll_id=poll_id, question_id=question_id, actor=actor, now=NOW
    ),
    "move_question": lambda session, poll_id, question_id, actor: drafting.move_question(
        poll_id=poll_id, question_id=question_id, places=1, actor=actor, now=NOW
    ),
}


@pytest.mark.parametrize("step", STEPS)
def test_nothing_changes_after_the_draft_whoever_asks(session: Session, step: str) -> None:
    community = make_community()
    actor = officer(community)
    people = {role: officer(community, role) for role in (Role.COMMITTEE, Role.CLERK, Role.SUPERVISOR)}
    resident = actor_of(make_person(community))
    helped = replace(actor, assisted_by=resident.person_id)
    stranger = officer(make_community(name="柳荫社区"))
    for state in PollState:
        poll_id = draft(actor)
        question_id = add(poll_id, actor)
        poll = session.get_one(Poll, poll_id)
        poll.state, poll.opened_at = state, NOW
        poll.void_ground = "依法作废" if state is PollState.VOID else ""
        session.commit()
        runners = (actor, people[Role.COMMITTEE])
        for who in (stranger, resident, helped, people[Role.CLERK], people[Role.SUPERVISOR]):
            assert outcome(STEPS[step], session, poll_id, question_id, who) in (NotEligible, NotFound)
        for who in runners:
            found = outcome(STEPS[step], session, poll_id, question_id, who)
            if state is not PollState.DRAFT:
                assert found is TransitionNotAllowed, (state, who)
            else:
                # What the first one took off the paper, the second does not find.
                assert found is (NotFound if (step, who) == ("remove_question", runners[1]) else None)


def test_the_residents_committee_neither_drafts_nor_changes_an_election(session: Session) -> None:
    community = make_community()
    committee = officer(community, Role.COMMITTEE)
    with pytest.raises(NotEligible):
        draft(committee, ELECTION)
    election, vote = draft(officer(community), ELECTION), draft(committee)
    for poll_id, subject in ((election, LIFTS), (vote, ELECTION)):
        with pytest.raises(NotEligible):
            drafting.edit_subject(poll_id=poll_id, subject=subject, actor=committee, now=NOW)


def outcome(
    step: Step, session: Session, poll_id: uuid.UUID, question_id: uuid.UUID, actor: Actor
) -> type[CivicForumError] | None:
    try:
        step(session, poll_id, question_id, actor)
    except CivicForumError as refusal:
        return type(refusal)
    return None


@pytest.mark.parametrize("what", ["poll", "question"])
def test_two_clicks_at_once_make_one(committed: Flask, what: str) -> None:
    with committed.app_context():
        actor = officer(make_community())
        poll_id = draft(actor)
    new_id, seen = uuid.uuid4(), []
    together = threading.Barrier(6)

    def click() -> None:
        with committed.app_context():
            together.wait()
            try:
                if what == "poll":
                    drafting.draft_poll(poll_id=new_id, subject=LIFTS, actor=actor, now=NOW)
                else:
                    drafting.add_question(
                        poll_id=poll_id, question_id=new_id, spec=YES_NO, actor=actor, now=NOW
                    )
                seen.append("made")
            except AlreadyDone:
                seen.append("there")

    threads = [threading.Thread(target=click) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == ["made", *["there"] * 5]
    with committed.app_context():
        assert db.session.scalar(select(func.count()).select_from(Question)) == (what == "question")


def test_questions_added_at_once_get_places_of_their_own(committed: Flask) -> None:
    with committed.app_context():
        actor = officer(make_community())
        poll_id = draft(actor)
    together = threading.Barrier(6)

    def click() -> None:
        with committed.app_context():
            together.wait()
            add(poll_id, actor)

    threads = [threading.Thread(target=click) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with committed.app_context():
        assert [position for position, _ in titles(db.session(), poll_id)] == [1, 2, 3, 4, 5, 6]
