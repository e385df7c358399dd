"""Voting cards: public credentials for the whole roll, all or none at a time, and one card replaced."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum import sealed
from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.database import transaction
from civicforum.errors import NotEligible, NotFound
from civicforum.polls.cards import MOST_AT_ONCE, CardFault, CardReason
from civicforum.polls.errors import BallotRefused, CardsRefused
from civicforum.polls.models import CredentialLink, Poll, RollEntry
from civicforum.polls.rules import PollFault, PollState
from civicforum.polls.services import boards
from civicforum.polls.services.cards import discard_credentials, register_credentials, reissue_card
from civicforum.polls.services.casting import Cast, cast_sealed_ballot
from civicforum.polls.services.correcting import strike_off
from civicforum.polls.services.paper import issue_paper
from civicforum.records.models import JournalEntry
from civicforum.sealed import Answer, Why
from tests.factories import NOW, actor_of, make_community, make_officer
from tests.support.keyholders import KeyPoll, make_key_poll
from tests.support.paper import make_station
from tests.support.polls import AGAINST, FOR, make_poll, settings_now


@pytest.fixture
def poll(session: Session) -> KeyPoll:
    """A sealed poll with three voters, its roll frozen, and no card yet."""
    return make_card_poll()


@pytest.fixture
def opened(poll: KeyPoll) -> KeyPoll:
    """The same with cards, founded and open."""
    poll.make_cards()
    poll.hold_ceremony()
    poll.found()
    change(poll, state=PollState.OPEN, opened_at=NOW)
    return poll


def make_card_poll() -> KeyPoll:
    community = make_community()
    officer = actor_of(make_officer(community, Role.ELECTION_OFFICER), Role.ELECTION_OFFICER)
    return make_key_poll(community, officer, by_paper=True)


def change(poll: KeyPoll, **values: Any) -> None:
    with transaction() as session:
        row = session.get_one(Poll, poll.id)
        for name, value in values.items():
            setattr(row, name, value)


def credential(poll: KeyPoll, code: str | None = None) -> bytes:
    return bytes(sealed.credential_of(str(poll.id), sealed.read_code(code or sealed.new_code())))


def register(poll: KeyPoll, credentials: dict[uuid.UUID, bytes], *, actor: Actor | None = None) -> int:
    return register_credentials(
        poll_id=poll.id, credentials=credentials, actor=actor or poll.officer, now=NOW
    )


def reissue(poll: KeyPoll, voter: int, public: bytes, **terms: Any) -> None:
    reissue_card(
        **{
            "poll_id": poll.id,
            "entry_id": poll.poll.entries[voter],
            "public": public,
            "reason": CardReason.LOST,
            "actor": poll.officer,
            "now": NOW,
            **terms,
        }
    )


def fault(act: Callable[[], object]) -> CardFault:
    with pytest.raises(CardsRefused) as refused:
        act()
    return refused.value.fault


def links(session: Session, poll: KeyPoll) -> dict[uuid.UUID, bytes]:
    rows = session.execute(
        select(CredentialLink.roll_entry_id, CredentialLink.public).where(CredentialLink.poll_id == poll.id)
    )
    return {row.roll_entry_id: row.public for row in rows}


def actions(session: Session) -> list[str]:
    return list(session.scalars(select(JournalEntry.action).order_by(JournalEntry.sequence)))


def cast(poll: KeyPoll, voter: int, answer: Answer, *, code: str, sequence: int = 0) -> Cast:
    with transaction() as session:
        manifest = boards.manifest_of(session, poll.id)
    secret = sealed.secret_of(str(poll.id), sealed.read_code(code))
    picks = sealed.picks_of(manifest.contests, [answer])
    return cast_sealed_ballot(
        poll_id=poll.id,
        entry_id=poll.poll.entries[voter],
        ballot=sealed.seal(manifest.race, picks, secret, sequence, bytes(32)),
        actor=poll.poll.actor(voter),
        settings=settings_now(),
        now=NOW,
    )


def test_cards_come_in_pieces_and_the_last_is_told_in_the_journal(session: Session, poll: KeyPoll) -> None:
    one, two, three = poll.poll.entries
    made = {one: credential(poll), two: credential(poll)}
    assert register(poll, made) == 1
    assert "poll.make_cards" not in actions(session)
    last = {three: credential(poll)}
    assert register(poll, last) == 0
    assert links(session, poll) == {**made, **last}
    assert actions(session).count("poll.make_cards") == 1


def test_the_same_piece_again_changes_nothing(session: Session, poll: KeyPoll) -> None:
    made = {entry: credential(poll) for entry in poll.poll.entries}
    assert (register(poll, made), register(poll, made)) == (0, 0)
    assert links(session, poll) == made
    assert actions(session).count("poll.make_cards") == 1


def test_one_bad_credential_and_none_of_the_piece_is_taken(session: Session, poll: KeyPoll) -> None:
    one, two, _three = poll.poll.entries
    twice = credential(poll)
    assert (
        fault(lambda: register(poll, {one: credential(poll), two: bytes(32)})) is CardFault.NOT_A_CREDENTIAL
    )
    assert (
        fault(lambda: register(poll, {one: credential(poll), two: b"\xff" * 32}))
        is CardFault.NOT_A_CREDENTIAL
    )
    assert fault(lambda: register(poll, {one: twice, two: twice})) is CardFault.TWICE
    assert (
        fault(lambda: register(poll, {one: twice, uuid.uuid4(): credential(poll)})) is CardFault.NOT_ON_ROLL
    )
    assert links(session, poll) == {}


def test_a_card_is_not_made_over_another_nor_with_the_code_of_another(poll: KeyPoll) -> None:
    one, two, _three = poll.poll.entries
    made = credential(poll)
    register(poll, {one: made})
    assert fault(lambda: register(poll, {one: credential(poll)})) is CardFault.MADE_BEFORE
    assert fault(lambda: register(poll, {two: made})) is CardFault.TWICE


def test_entries_of_another_poll_are_refused(poll: KeyPoll) -> None:
    other = make_card_poll()
    entry = other.poll.entries[0]
    assert fault(lambda: register(poll, {entry: credential(poll)})) is CardFault.NOT_ON_ROLL


def test_too_many_at_once_are_refused(poll: KeyPoll) -> None:
    many = {uuid.uuid4(): bytes(32) for _ in range(MOST_AT_ONCE + 1)}
    assert fault(lambda: register(poll, many)) is CardFault.TOO_MANY


def test_who_is_struck_off_gets_no_card_and_is_not_missed(session: Session, poll: KeyPoll) -> None:
    gone, *others = poll.poll.entries
    with transaction() as inner:
        inner.get_one(RollEntry, gone).struck_off_at = NOW
    assert fault(lambda: register(poll, {gone: credential(poll)})) is CardFault.STRUCK_OFF
    assert register(poll, {entry: credential(poll) for entry in others}) == 0


def test_who_is_struck_off_before_the_board_is_not_put_on_it(session: Session, poll: KeyPoll) -> None:
    poll.make_cards()
    strike_off(
        poll_id=poll.id,
        entry_id=poll.poll.entries[0],
        reason="迁出",
        decision="1号",
        actor=poll.officer,
        now=NOW,
    )
    poll.hold_ceremony()
    poll.found()
    known = set(boards.replay(session, poll.id).electorate.standings)
    assert known == {credential(poll, code) for code in poll.codes[1:]}


def test_cards_wait_for_the_roll_and_end_with_the_board(opened: KeyPoll, poll: KeyPoll) -> None:
    later = make_card_poll()
    change(later, roll_frozen_at=None)
    entry = later.poll.entries[0]
    assert fault(lambda: register(later, {entry: credential(later)})) is CardFault.ROLL_OPEN
    assert fault(lambda: register(opened, {opened.poll.entries[0]: credential(opened)})) is CardFault.FOUNDED
    assert (
        fault(lambda: discard_credentials(poll_id=opened.id, actor=opened.officer, now=NOW))
        is CardFault.FOUNDED
    )


def test_a_poll_whose_codes_the_platform_keeps_has_no_cards(poll: KeyPoll) -> None:
    other = make_poll(make_community())
    officer = Actor(poll.officer.person_id, other.community_id, poll.officer.roles)
    held = KeyPoll(other, [], officer)
    assert fault(lambda: register(held, {other.entries[0]: credential(poll)})) is CardFault.NO_CARDS
    assert fault(lambda: reissue(held, 0, credential(poll))) is CardFault.NO_CARDS


def test_all_cards_can_be_made_anew_before_the_board(session: Session, poll: KeyPoll) -> None:
    register(poll, {entry: credential(poll) for entry in poll.poll.entries})
    assert discard_credentials(poll_id=poll.id, actor=poll.officer, now=NOW) == 3
    assert discard_credentials(poll_id=poll.id, actor=poll.officer, now=NOW) == 0
    anew = {entry: credential(poll) for entry in poll.poll.entries}
    assert register(poll, anew) == 0
    assert links(session, poll) == anew
    assert actions(session).count("poll.discard_cards") == 1


def test_only_who_runs_the_poll_makes_and_replaces_cards(poll: KeyPoll, opened: KeyPoll) -> None:
    resident = poll.poll.actor(0)
    clerk = Actor(resident.person_id, resident.community_id, frozenset({Role.CLERK}))
    for actor in (resident, clerk):
        with pytest.raises(NotEligible):
            register(poll, {}, actor=actor)
        with pytest.raises(NotEligible):
            reissue(opened, 0, credential(opened), actor=actor)
    stranger = Actor(resident.person_id, uuid.uuid4(), poll.officer.roles)
    with pytest.raises(NotFound):
        register(poll, {}, actor=stranger)


def test_a_replaced_card_votes_and_the_old_one_does_not(session: Session, opened: KeyPoll) -> None:
    cast(opened, 0, FOR, code=opened.codes[0])
    code = sealed.new_code()
    reissue(opened, 0, credential(opened, code))
    with pytest.raises(BallotRefused) as refused:
        cast(opened, 0, AGAINST, code=opened.codes[0], sequence=1)
    assert refused.value.fault is PollFault.WRONG_CREDENTIAL
    board = boards.replay(session, opened.id)
    assert not board.electorate.ballots
    assert board.electorate.standings[credential(opened, opened.codes[0])].void is Why.REISSUED
    cast(opened, 0, AGAINST, code=code)
    assert list(boards.replay(session, opened.id).electorate.ballots) == [credential(opened, code)]


def test_the_journal_says_why_and_not_whose(session: Session, opened: KeyPoll) -> None:
    reissue(opened, 1, credential(opened), reason=CardReason.SEEN)
    entry = session.scalars(select(JournalEntry).where(JournalEntry.action == "poll.reissue_card")).one()
    assert entry.reason == CardReason.SEEN
    whose = session.get_one(RollEntry, opened.poll.entries[1])
    said = f"{entry.payload} {entry.subject_title} {entry.reason}"
    assert not any(str(one) in said for one in (whose.id, whose.person_id, whose.name))


def test_the_same_new_card_again_changes_nothing(session: Session, opened: KeyPoll) -> None:
    public = credential(opened)
    reissue(opened, 0, public)
    lines = boards.replay(session, opened.id).lines
    reissue(opened, 0, public)
    assert boards.replay(session, opened.id).lines == lines


def test_a_card_is_replaced_twice(session: Session, opened: KeyPoll) -> None:
    codes = [sealed.new_code(), sealed.new_code()]
    for code in codes:
        reissue(opened, 0, credential(opened, code))
    cast(opened, 0, FOR, code=codes[1])
    assert len(boards.replay(session, opened.id).electorate.ballots) == 1


def test_no_card_is_replaced_by_one_that_is_in_use(session: Session, opened: KeyPoll) -> None:
    taken = credential(opened, opened.codes[1])
    before = boards.replay(session, opened.id).head
    session.commit()
    assert fault(lambda: reissue(opened, 0, taken)) is CardFault.TWICE
    assert fault(lambda: reissue(opened, 0, bytes(32))) is CardFault.NOT_A_CREDENTIAL
    assert boards.replay(session, opened.id).head == before


def test_after_paper_no_card_is_replaced(opened: KeyPoll) -> None:
    station = make_station(opened.poll)
    issue_paper(station_id=station, entry_id=opened.poll.entries[0], actor=opened.officer, now=NOW)
    assert fault(lambda: reissue(opened, 0, credential(opened))) is CardFault.PAPER_ISSUED


def test_no_card_is_replaced_before_the_board_nor_after_the_stop(poll: KeyPoll, opened: KeyPoll) -> None:
    early = make_card_poll()
    early.make_cards()
    assert fault(lambda: reissue(early, 0, credential(early))) is CardFault.NOT_FOUNDED
    at_close = NOW + timedelta(days=3)
    assert fault(lambda: reissue(opened, 0, credential(opened), now=at_close)) is CardFault.NOT_IN_TIME
    change(opened, state=PollState.CLOSED, closed_at=NOW)
    assert fault(lambda: reissue(opened, 0, credential(opened))) is CardFault.NOT_IN_TIME


def test_who_is_struck_off_or_has_no_card_gets_none(session: Session, opened: KeyPoll) -> None:
    with transaction() as inner:
        inner.get_one(RollEntry, opened.poll.entries[0]).struck_off_at = NOW
        inner.delete(inner.get_one(CredentialLink, opened.poll.entries[1]))
    assert fault(lambda: reissue(opened, 0, credential(opened))) is CardFault.STRUCK_OFF
    assert fault(lambda: reissue(opened, 1, credential(opened))) is CardFault.NO_CARD
    assert (
        fault(lambda: reissue(opened, 2, credential(opened), entry_id=uuid.uuid4())) is CardFault.NOT_ON_ROLL
    )
