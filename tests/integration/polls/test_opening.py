"""Opening a sealed poll: any t of the trustees do, fewer do not, and each gives its own share once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum import sealed
from civicforum.bodies.rules import Role
from civicforum.database import db, transaction
from civicforum.errors import NotEligible, TransitionNotAllowed
from civicforum.polls.errors import KeyholderRefused
from civicforum.polls.keyholders import KeyholderFault
from civicforum.polls.models import Poll
from civicforum.polls.queries.opening import get_opening, list_result, list_some_lines
from civicforum.polls.questions import QuestionKind, QuestionSpec
from civicforum.polls.rules import PollState
from civicforum.polls.services import boards, opening
from civicforum.records.models import JournalEntry
from civicforum.sealed import Answer, Phase
from tests.factories import NOW, actor_of, make_community, make_officer
from tests.support.keyholders import Keyholder, KeyPoll, make_key_poll
from tests.support.polls import ABSTAIN, AGAINST, FOR, YES_NO

RANKING = QuestionSpec(QuestionKind.RANKING, "排一排", options=("甲", "乙", "丙"), depth=3, method="stv")
F = KeyholderFault


def closed(*questions: QuestionSpec, ballots: list[list[Answer]], **terms: Any) -> KeyPoll:
    community = make_community()
    officer = actor_of(make_officer(community, Role.ELECTION_OFFICER), Role.ELECTION_OFFICER)
    poll = make_key_poll(community, officer, questions=questions, voters=4, **terms)
    poll.hold_ceremony()
    poll.make_cards()
    poll.found()
    poll.vote_and_close(ballots)
    return poll


@pytest.fixture
def poll(session: Session) -> KeyPoll:
    return closed(YES_NO, ballots=[[FOR], [FOR], [AGAINST], [ABSTAIN]])


def fault(act: Callable[[], Any]) -> KeyholderFault:
    with pytest.raises(KeyholderRefused) as refused:
        act()
    return refused.value.fault


@pytest.mark.parametrize("pair", [(0, 1), (1, 2), (2, 0)])
def test_any_two_of_three_open_the_box(session: Session, poll: KeyPoll, pair: tuple[int, int]) -> None:
    first, second = (poll.keyholders[at] for at in pair)
    poll.share(first)
    assert boards.phase_of(session, poll.id) is Phase.CLOSED
    poll.share(second)
    assert boards.phase_of(session, poll.id) is Phase.OPENED
    found = list_result(session, poll.id)
    assert found is not None
    assert [count.counts for _contest, count in found] == [((2,), (1,))]


def test_one_of_three_opens_nothing(session: Session, poll: KeyPoll) -> None:
    poll.share(poll.keyholders[0])
    assert list_result(session, poll.id) is None
    assert boards.replay(session, poll.id).result is None


def test_the_whole_archive_verifies_without_the_database(
    session: Session, poll: KeyPoll, tmp_path: Any
) -> None:
    poll.share(poll.keyholders[2])
    poll.share(poll.keyholders[0])
    path = tmp_path / "archive.jsonl"
    path.write_bytes(b"".join(line + b"\n" for line in boards.list_lines(session, poll.id)))
    report = sealed.verify_archive(path, head=boards.replay(session, poll.id).head)
    assert report.failures == []


def test_a_share_sent_again_counts_once_and_another_is_refused(session: Session, poll: KeyPoll) -> None:
    first, second = poll.keyholders[:2]
    line = poll.share_line(first)
    for _ in range(2):
        opening.take_share(poll_id=poll.id, line=line, actor=first.actor, now=NOW)
    progress = get_opening(session, poll.id)
    assert progress is not None
    assert progress.sharers == (1,)
    assert fault(lambda: give(poll, first, poll.share_line(second))) is F.BAD_MESSAGE


def give(poll: KeyPoll, one: Keyholder, line: bytes) -> None:
    opening.take_share(poll_id=poll.id, line=line, actor=one.actor, now=NOW)


def test_a_share_that_is_not_proved_is_refused(poll: KeyPoll) -> None:
    record = sealed.read_line(poll.share_line(poll.keyholders[0]))
    record["factors"].reverse()
    assert fault(lambda: give(poll, poll.keyholders[0], sealed.write_line(record))) is F.BAD_MESSAGE


@pytest.mark.parametrize("line", [b"", b"[]", b"{}", b'{"i":1,"type":"share"}', b'{"i":1,"type":"note"}'])
def test_a_line_that_is_no_share_is_refused(poll: KeyPoll, line: bytes) -> None:
    assert fault(lambda: give(poll, poll.keyholders[0], line)) is F.BAD_MESSAGE


def test_after_the_result_nothing_more_is_taken(poll: KeyPoll) -> None:
    first, second, third = poll.keyholders
    late = poll.share_line(third)
    poll.share(first)
    poll.share(second)
    assert fault(lambda: give(poll, third, late)) is F.NOT_NOW


def test_a_stranger_opens_nothing(poll: KeyPoll) -> None:
    line = poll.share_line(poll.keyholders[0])
    with pytest.raises(NotEligible):
        opening.take_share(poll_id=poll.id, line=line, actor=poll.officer, now=NOW)


def test_nothing_is_opened_before_the_count_is_sealed(poll: KeyPoll) -> None:
    line = poll.share_line(poll.keyholders[0])
    with transaction() as session:
        session.get_one(Poll, poll.id).sealed_at = None
    with pytest.raises(TransitionNotAllowed):
        give(poll, poll.keyholders[0], line)


def test_rankings_are_shuffled_by_two_before_they_are_opened(session: Session) -> None:
    poll = closed(
        YES_NO,
        RANKING,
        ballots=[
            [FOR, Answer(order=(0, 1))],
            [FOR, Answer(order=(0, 1))],
            [AGAINST, Answer(order=(2, 1, 0))],
        ],
    )
    first, second, third = poll.keyholders
    assert fault(lambda: poll.share(first)) is F.BAD_MESSAGE
    stale = poll.shuffle_line(second)
    poll.shuffle(third)
    assert fault(lambda: shuffle(poll, second, stale)) is F.BAD_MESSAGE
    assert fault(lambda: poll.share(first)) is F.BAD_MESSAGE
    assert fault(lambda: poll.shuffle(third)) is F.BAD_MESSAGE
    poll.shuffle(second)
    poll.share(first)
    poll.share(third)
    progress = get_opening(session, poll.id)
    assert progress is not None
    assert (progress.mixers, progress.sharers, progress.is_open) == ((3, 2), (1, 3), True)
    found = list_result(session, poll.id)
    assert found is not None
    assert found[1][1].rankings == {(0, 1): 2, (2, 1, 0): 1}


def shuffle(poll: KeyPoll, one: Keyholder, line: bytes) -> None:
    opening.take_shuffle(poll_id=poll.id, line=line, actor=one.actor, now=NOW)


def test_five_of_five_minus_two_open(session: Session) -> None:
    poll = closed(YES_NO, ballots=[[FOR], [AGAINST]], threshold=3, size=5)
    for at in (4, 1):
        poll.share(poll.keyholders[at])
    assert list_result(session, poll.id) is None
    poll.share(poll.keyholders[2])
    assert list_result(session, poll.id) is not None


def test_the_last_share_and_the_result_are_one_journal_entry(session: Session, poll: KeyPoll) -> None:
    poll.share(poll.keyholders[0])
    poll.share(poll.keyholders[1])
    entries = session.scalars(
        select(JournalEntry).where(JournalEntry.action == "poll.share").order_by(JournalEntry.sequence)
    ).all()
    assert [entry.payload["is_open"] for entry in entries] == [False, True]
    assert entries[-1].payload["head"] == boards.replay(session, poll.id).head.hex()


def test_a_trustee_who_reads_another_head_says_so_in_the_journal(session: Session, poll: KeyPoll) -> None:
    head = "ab" * 32
    opening.doubt_head(poll_id=poll.id, head=head, actor=poll.keyholders[0].actor, now=NOW)
    entry = session.scalars(select(JournalEntry).where(JournalEntry.action == "poll.doubt_head")).one()
    assert entry.payload == {"trustee": 1, "head": head}

    def doubt_nonsense() -> None:
        opening.doubt_head(poll_id=poll.id, head="<script>", actor=poll.keyholders[0].actor, now=NOW)

    assert fault(doubt_nonsense) is F.BAD_MESSAGE


def test_lines_come_in_pieces(session: Session, poll: KeyPoll, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("civicforum.polls.queries.opening.LINES_AT_ONCE", 4)
    every = [line.decode() for line in boards.list_lines(session, poll.id)]
    assert list(list_some_lines(session, poll.id, after=0)) == every[:4]
    assert list(list_some_lines(session, poll.id, after=8)) == every[8:]


def test_the_head_that_the_notice_board_shows_is_the_one_after_the_close(
    session: Session, poll: KeyPoll
) -> None:
    before = get_opening(session, poll.id)
    assert before is not None
    assert (before.head, before.counted) == (boards.replay(session, poll.id).head, 4)
    poll.share(poll.keyholders[0])
    after = get_opening(session, poll.id)
    assert after is not None
    assert after.head == before.head
    assert after.end != before.head


def test_a_poll_that_is_void_is_not_opened(poll: KeyPoll) -> None:
    line = poll.share_line(poll.keyholders[0])
    row = db.session.get_one(Poll, poll.id)
    row.state, row.void_ground = PollState.VOID, "重新选举"
    db.session.commit()
    with pytest.raises(TransitionNotAllowed):
        give(poll, poll.keyholders[0], line)
