"""A resident is forgotten: nothing names them, what the law keeps is there, and the journal holds."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import event, func, select, text, update
from sqlalchemy.orm import Session

from civicforum.accounts.models import Account
from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import BodyKind, PostKind, Role
from civicforum.database import db
from civicforum.errors import AlreadyDone, Invalid, NotEligible, NotFound, TransitionNotAllowed
from civicforum.matters.models import Comment, Matter
from civicforum.moderation.models import HideAppeal
from civicforum.notices.models import NoticeQueryEntry
from civicforum.people.models import Community, Person
from civicforum.polls.models import RollEntry
from civicforum.polls.rules import Preset
from civicforum.records.models import JournalEntry, Photo
from civicforum.records.queries import count_redacted, verify_journal
from civicforum.transfer import services
from civicforum.transfer.blocking import BlockedBy
from civicforum.transfer.errors import StillNeeded
from civicforum.transfer.finding import find_words
from civicforum.transfer.models import DeletionRequest
from civicforum.transfer.persons import MARK, TEXT_MARK
from civicforum.transfer.rules import RequestState
from tests.factories import (
    NOW,
    make_body,
    make_person,
    make_post,
    make_term,
)
from tests.support.forgotten import LOGIN, NAME, WORDS, Scene, add_appeal, add_question, make_scene
from tests.support.polls import make_poll

LATER = NOW + timedelta(days=3)


@pytest.fixture
def scene(session: Session) -> Scene:
    return make_scene()


def ask(scene: Scene, *, keeps_texts: bool = True) -> uuid.UUID:
    return services.ask_deletion(actor=scene.resident, keeps_texts=keeps_texts, now=NOW)


def carry_out(scene: Scene, *, keeps_texts: bool = True) -> DeletionRequest:
    asked = ask(scene, keeps_texts=keeps_texts)
    services.carry_out_deletion(request_id=asked, actor=scene.admin, now=LATER)
    db.session.expire_all()
    return db.session.get_one(DeletionRequest, asked)


def test_no_table_names_them_any_more(scene: Scene, session: Session) -> None:
    session.execute(text("DELETE FROM journal_entry WHERE payload->>'of' IS NOT NULL"))
    before = find_words(session, community_id=scene.community_id, words=WORDS)
    assert len(before) >= 7
    session.execute(update(Photo).values(description=""))
    carry_out(scene)
    assert find_words(session, community_id=scene.community_id, words=WORDS) == {}


def test_what_the_law_keeps_is_there_without_a_name(scene: Scene, session: Session) -> None:
    carry_out(scene)
    person = session.get_one(Person, scene.person_id)
    assert (person.name, person.phone, person.identity_hash) == (MARK, "", None)
    assert (person.born_on.year, person.household.address, person.capacities) == (1900, "–", [])
    entry = session.scalars(select(RollEntry).where(RollEntry.person_id == person.id)).one()
    assert (entry.name, entry.position, entry.ground) == (MARK, 1, "capacity.hukou")
    matter = session.get_one(Matter, scene.matter_id)
    assert (matter.title, matter.author.name) == ("路灯", MARK)
    assert session.scalar(select(func.count()).select_from(Account).where(Account.login == LOGIN)) == 0
    assert session.scalar(select(func.count()).select_from(Photo)) == 0


def test_the_journal_holds_and_says_what_was_taken_out(scene: Scene, session: Session) -> None:
    carry_out(scene)
    entries, found = verify_journal(session, community_id=scene.community_id)
    assert found is None
    assert count_redacted(session, community_id=scene.community_id) == 2
    told = session.scalars(select(JournalEntry).where(JournalEntry.action == "journal.redact")).one()
    assert (told.sequence, told.is_public, told.reason) == (entries - 1, True, "个人信息保护法第四十七条")
    rows = session.scalars(select(JournalEntry).order_by(JournalEntry.sequence)).all()
    assert rows[0].subject_title == MARK
    assert rows[0].payload["note"] == f"{MARK}，{MARK}"
    assert rows[1].payload["names"] == [MARK, "别人"]
    # A part of another word, in an entry about something else, is no name.
    assert rows[2].payload["of"] == f"{NAME}楼"


def test_a_change_that_nothing_announces_is_still_found(scene: Scene, session: Session) -> None:
    carry_out(scene)
    session.execute(text("UPDATE journal_entry SET subject_title = 'x' WHERE sequence = 1"))
    session.expire_all()
    _entries, found = verify_journal(session, community_id=scene.community_id)
    assert found is not None
    assert (found.sequence, found.reason) == (1, "changed")


def test_a_namesake_keeps_the_name_where_only_the_word_stands(scene: Scene, session: Session) -> None:
    make_person(session.get_one(Community, scene.community_id), name=NAME)
    carry_out(scene)
    rows = session.scalars(select(JournalEntry).order_by(JournalEntry.sequence)).all()
    assert (rows[0].subject_title, rows[1].payload["names"]) == (MARK, [NAME, "别人"])
    assert verify_journal(session, community_id=scene.community_id)[1] is None


@pytest.mark.parametrize(("keeps", "told"), [(True, "我也看到了"), (False, TEXT_MARK)])
def test_the_author_says_whether_the_texts_stay(
    scene: Scene, session: Session, keeps: bool, told: str
) -> None:
    carry_out(scene, keeps_texts=keeps)
    comment = session.scalars(select(Comment)).one()
    assert (comment.text, comment.author.name) == (told, MARK)


def test_questions_about_notices_go_with_the_other_texts_and_answers_stay(
    scene: Scene, session: Session
) -> None:
    add_question(scene)
    carry_out(scene, keeps_texts=False)
    entries = session.scalars(select(NoticeQueryEntry).order_by(NoticeQueryEntry.position)).all()
    assert [entry.text for entry in entries] == [TEXT_MARK, "答复"]


def test_an_appeal_of_theirs_says_nothing_any_more(scene: Scene, session: Session) -> None:
    add_appeal(scene)
    carry_out(scene)
    assert session.scalars(select(HideAppeal.text)).all() == [""]


def test_the_journal_is_locked_after_every_other_row(scene: Scene, session: Session) -> None:
    said: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(" ".join(statement.split()))

    asked = ask(scene)
    event.listen(db.engine, "before_cursor_execute", hear)
    try:
        services.carry_out_deletion(request_id=asked, actor=scene.admin, now=LATER)
    finally:
        event.remove(db.engine, "before_cursor_execute", hear)
    locked = next(index for index, one in enumerate(said) if "journal_head" in one and "FOR UPDATE" in one)
    changed = ("UPDATE comment", "UPDATE roll_entry", "DELETE FROM account", "UPDATE person")
    assert [one for one in said[locked:] if one.startswith(changed)] == []
    assert any(one.startswith("UPDATE person") for one in said[:locked])


def test_the_request_keeps_what_was_done_and_no_name(scene: Scene) -> None:
    request = carry_out(scene)
    assert request.state is RequestState.DONE
    assert request.outcome["account"] == request.outcome["kinship"] == request.outcome["roll_entry"] == 1


def test_a_post_and_a_running_vote_come_first_and_are_named(scene: Scene, session: Session) -> None:
    community = session.get_one(Community, scene.community_id)
    person = session.get_one(Person, scene.person_id)
    post = make_post(make_body(community, BodyKind.MEDIATION_COMMITTEE), PostKind.MEMBER, title="委员")
    make_term(person, post, since=date(2026, 1, 1), until=date(2030, 1, 1))
    make_poll(community, people=[person], preset=Preset.OPEN)
    asked = ask(scene)
    with pytest.raises(StillNeeded) as refused:
        services.carry_out_deletion(request_id=asked, actor=scene.admin, now=LATER)
    assert [block.kind for block in refused.value.blocks] == [BlockedBy.POST, BlockedBy.POLL]
    assert session.get_one(Person, scene.person_id).name == NAME


def test_a_refusal_needs_a_ground_and_another_request_may_follow(scene: Scene, session: Session) -> None:
    asked = ask(scene)
    with pytest.raises(AlreadyDone):
        ask(scene)
    with pytest.raises(Invalid):
        services.refuse_deletion(request_id=asked, ground=" ", actor=scene.admin, now=LATER)
    services.refuse_deletion(request_id=asked, ground="正在诉讼中", actor=scene.admin, now=LATER)
    with pytest.raises(TransitionNotAllowed):
        services.carry_out_deletion(request_id=asked, actor=scene.admin, now=LATER)
    assert ask(scene) != asked
    services.withdraw_deletion(actor=scene.resident, now=LATER)
    with pytest.raises(NotFound):
        services.withdraw_deletion(actor=scene.resident, now=LATER)


def test_nobody_else_decides_and_nobody_their_own(scene: Scene) -> None:
    asked = ask(scene)
    own = Actor(scene.person_id, scene.community_id, frozenset({Role.CLERK}))
    for actor in (scene.resident, own):
        with pytest.raises(NotEligible):
            services.carry_out_deletion(request_id=asked, actor=actor, now=LATER)
    stranger = Actor(uuid.uuid4(), uuid.uuid4(), frozenset({Role.ADMIN}))
    with pytest.raises(NotFound):
        services.carry_out_deletion(request_id=asked, actor=stranger, now=LATER)


def test_the_answer_is_due_after_the_days_of_the_rule(scene: Scene, session: Session) -> None:
    request = session.get_one(DeletionRequest, ask(scene))
    # Fifteen days after 2 March: until the end of 17 March in Shanghai.
    assert request.due_at.isoformat() == "2026-03-17T15:59:59.999999+00:00"
