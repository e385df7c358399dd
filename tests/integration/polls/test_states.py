"""A poll opens and stops at its hour, lasts longer when somebody says why, and is void with its ground."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import Invalid, NotEligible, NotFound, TransitionNotAllowed
from civicforum.jobs import load_tasks
from civicforum.people.models import Community
from civicforum.polls import keyring
from civicforum.polls.blockers import BlockerKind
from civicforum.polls.errors import BallotRefused, OpeningBlocked, StepBlocked
from civicforum.polls.models import Board, Poll
from civicforum.polls.rules import PollState, Preset
from civicforum.polls.services import boards, states
from civicforum.polls.services.casting import cast_sealed_ballot
from civicforum.polls.services.clocks import SweepResult, sweep
from civicforum.records.models import JournalEntry
from civicforum.sealed import Phase, close_line, read_line
from tests.factories import NOW, actor_of, make_community, make_person
from tests.support.polls import FOR, SealedPoll, make_poll, settings_now

DAY = timedelta(days=1)
CLOSES = NOW + 3 * DAY
TICK = timedelta(microseconds=1)


@pytest.fixture
def community(session: Session) -> Community:
    return make_community()


@pytest.fixture
def officer(community: Community) -> Actor:
    return officer_of(community)


def officer_of(community: Community) -> Actor:
    return actor_of(make_person(community), Role.COMMITTEE)


def make_at(community: Community, state: PollState = PollState.READY, **terms: Any) -> SealedPoll:
    """Make a poll with everything in order, in this state."""
    poll = make_poll(community, **terms)
    row = db.session.get_one(Poll, poll.id)
    row.state = state
    row.void_ground = "重做" if state is PollState.VOID else ""
    if state in states.BEFORE_OPENING:
        row.opened_at = None
    db.session.commit()
    return poll


def state_of(poll: SealedPoll) -> PollState:
    db.session.expire_all()
    return db.session.get_one(Poll, poll.id).state


def entries_of(poll: SealedPoll, action: str) -> list[JournalEntry]:
    found = select(JournalEntry).where(
        JournalEntry.subject_id == poll.id, JournalEntry.action == f"poll.{action}"
    )
    return list(db.session.scalars(found))


def swept(now: datetime) -> SweepResult:
    return sweep(now=now, settings=settings_now())


# What is done to a poll with nothing in its way; by DONE it leads to that state, and is refused elsewhere.
ACTS: dict[str, Callable[[uuid.UUID, Actor], None]] = {
    "open": lambda poll_id, actor: states.open_poll(
        poll_id=poll_id, actor=actor, settings=settings_now(), now=NOW
    ),
    "stop": lambda poll_id, actor: states.stop_poll(poll_id=poll_id, actor=actor, now=CLOSES),
    "extend": lambda poll_id, actor: states.extend_poll(
        poll_id=poll_id, closes_at=CLOSES + DAY, reason="停电", actor=actor, now=NOW
    ),
    "void": lambda poll_id, actor: states.void_poll(poll_id=poll_id, ground="选票印错", actor=actor, now=NOW),
}
S = PollState
DONE: dict[tuple[PollState, str], PollState] = {
    (S.READY, "open"): S.OPEN,
    (S.OPEN, "stop"): S.CLOSED,
    (S.OPEN, "extend"): S.OPEN,
    **{(state, "void"): S.VOID for state in S if state is not S.VOID},
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("state", PollState)
def test_every_act_in_every_state(
    session: Session, community: Community, officer: Actor, state: PollState, act: str
) -> None:
    poll = make_at(community, state, preset=Preset.OPEN)
    if (state, act) in DONE:
        ACTS[act](poll.id, officer)
        assert state_of(poll) is DONE[state, act]
        assert [entry.actor_id for entry in entries_of(poll, act)] == [officer.person_id]
    else:
        with pytest.raises(TransitionNotAllowed):
            ACTS[act](poll.id, officer)
        assert state_of(poll) is state
        assert entries_of(poll, act) == []


@pytest.mark.parametrize("act", ACTS)
def test_only_who_runs_it_may(session: Session, community: Community, officer: Actor, act: str) -> None:
    poll = make_at(community, PollState.OPEN, preset=Preset.OPEN, is_statutory=True)
    with pytest.raises(NotEligible):
        ACTS[act](poll.id, officer)
    with pytest.raises(NotEligible):
        ACTS[act](poll.id, poll.actor(0))
    with pytest.raises(NotFound):
        ACTS[act](poll.id, officer_of(make_community(name="别处社区")))


@pytest.mark.parametrize("act", ACTS)
def test_a_vote_in_a_meeting_is_run_there(
    session: Session, community: Community, officer: Actor, act: str
) -> None:
    where: dict[str, Any] = {"subject_kind": "agenda_item", "subject_id": uuid.uuid4()}
    poll = make_at(community, PollState.OPEN, preset=Preset.OPEN, **where)
    with pytest.raises(NotFound):
        ACTS[act](poll.id, officer)
    assert swept(CLOSES) == SweepResult()


def test_it_opens_at_its_hour_and_not_before(session: Session, community: Community) -> None:
    poll = make_at(community)
    assert swept(NOW - TICK) == SweepResult()
    assert state_of(poll) is PollState.READY
    assert swept(NOW) == SweepResult(opened=1)
    assert state_of(poll) is PollState.OPEN
    (entry,) = entries_of(poll, "open")
    head = db.session.get_one(Board, poll.id)
    assert entry.payload == {"on_roll": 3, "lines": 3, "head": head.head.hex()}
    assert entry.actor_id is None


def test_it_stops_at_its_hour_and_not_before(session: Session, community: Community) -> None:
    poll = make_at(community, PollState.OPEN)
    assert swept(CLOSES - TICK) == SweepResult()
    assert swept(CLOSES) == SweepResult(stopped=1)
    assert db.session.get_one(Poll, poll.id).closed_at == CLOSES
    assert state_of(poll) is PollState.CLOSED
    assert read_line(boards.list_lines(session, poll.id)[-1]) == {"type": "stop"}
    assert entries_of(poll, "stop")[0].payload["lines"] == 4


def test_a_second_sweep_does_nothing(session: Session, community: Community) -> None:
    make_at(community)
    make_at(community, PollState.OPEN, opens_at=NOW - 2 * DAY, closes_at=NOW)
    assert swept(NOW) == SweepResult(opened=1, stopped=1)
    assert swept(NOW) == SweepResult()


def test_nobody_stops_it_before_its_hour(session: Session, community: Community, officer: Actor) -> None:
    poll = make_at(community, PollState.OPEN)
    with pytest.raises(StepBlocked) as refused:
        states.stop_poll(poll_id=poll.id, actor=officer, now=CLOSES - TICK)
    assert [one.kind for one in refused.value.blockers] == [BlockerKind.STILL_OPEN]


def test_nobody_opens_it_before_its_hour(session: Session, community: Community, officer: Actor) -> None:
    poll = make_at(community)
    with pytest.raises(OpeningBlocked) as refused:
        states.open_poll(poll_id=poll.id, actor=officer, settings=settings_now(), now=NOW - TICK)
    assert [one.kind for one in refused.value.blockers] == [BlockerKind.TOO_EARLY]


def test_what_is_blocked_stays_ready_and_opens_once_nothing_is_in_the_way(
    session: Session, community: Community, officer: Actor
) -> None:
    poll = make_at(community, least=4)
    assert swept(NOW) == SweepResult(blocked=1)
    with pytest.raises(OpeningBlocked) as refused:
        states.open_poll(poll_id=poll.id, actor=officer, settings=settings_now(), now=NOW)
    assert [one.kind for one in refused.value.blockers] == [BlockerKind.FEWER_THAN_LEAST]
    assert state_of(poll) is PollState.READY
    db.session.get_one(Poll, poll.id).least = 3
    db.session.commit()
    assert swept(NOW + DAY) == SweepResult(opened=1)
    assert db.session.get_one(Poll, poll.id).opened_at == NOW + DAY


def test_without_its_keys_it_does_not_open(session: Session, community: Community) -> None:
    poll = make_at(community)
    keyring.destroy_keys(settings_now().instance, poll.id)
    assert swept(NOW) == SweepResult(blocked=1)


def test_one_poll_that_fails_leaves_the_others_swept(
    session: Session, community: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    polls = sorted((make_at(community, PollState.OPEN) for _ in range(3)), key=lambda poll: poll.id)
    append = boards.append

    def crash(session: Session, *, poll: Poll, line: bytes) -> boards.Appended:
        if poll.id == polls[1].id:
            raise RuntimeError("the disk is full")
        return append(session, poll=poll, line=line)

    with monkeypatch.context() as patched:
        patched.setattr(boards, "append", crash)
        assert swept(CLOSES) == SweepResult(stopped=2, failed=1)
    assert swept(CLOSES) == SweepResult(stopped=1)


def test_extending_moves_the_hour_and_says_so_on_the_board(
    session: Session, community: Community, officer: Actor
) -> None:
    poll = make_at(community, PollState.OPEN)
    later = CLOSES + timedelta(hours=6)
    states.extend_poll(poll_id=poll.id, closes_at=later, reason="停电", actor=officer, now=NOW)
    # 2 March at 10:00 in Shanghai, three days on, and six hours later.
    said = "投票截止时间由2026年03月05日10时00分延至2026年03月05日16时00分。理由：停电"
    assert read_line(boards.list_lines(session, poll.id)[-1]) == {"type": "note", "text": said}
    (entry,) = entries_of(poll, "extend")
    assert (entry.reason, entry.payload["to"]) == ("停电", later.isoformat())
    assert swept(CLOSES) == SweepResult()
    cast_sealed_ballot(
        poll_id=poll.id,
        entry_id=poll.entries[0],
        ballot=poll.seal(0, [FOR]),
        actor=poll.actor(0),
        settings=settings_now(),
        now=CLOSES,
    )
    assert swept(later) == SweepResult(stopped=1)


@pytest.mark.parametrize(
    ("closes_at", "reason", "refusal"),
    [
        (CLOSES + DAY, " ", ("reason", "reason")),
        (CLOSES, "停电", ("not_later", "closes_at")),
        (CLOSES - DAY, "停电", ("not_later", "closes_at")),
        # The manifest says that the keys are destroyed thirty days after the planned close.
        (CLOSES + 30 * DAY, "停电", ("past_destruction", "closes_at")),
    ],
)
def test_what_no_poll_is_extended_to(
    session: Session,
    community: Community,
    officer: Actor,
    closes_at: datetime,
    reason: str,
    refusal: tuple[str, str],
) -> None:
    poll = make_at(community, PollState.OPEN)
    with pytest.raises(Invalid) as refused:
        states.extend_poll(poll_id=poll.id, closes_at=closes_at, reason=reason, actor=officer, now=NOW)
    assert (refused.value.reason, refused.value.field) == refusal


def test_extending_twice_keeps_to_the_day_of_destruction_that_was_announced(
    session: Session, community: Community, officer: Actor
) -> None:
    poll = make_at(community, PollState.OPEN)
    act: dict[str, Any] = {"poll_id": poll.id, "reason": "停电", "actor": officer, "now": NOW}
    states.extend_poll(closes_at=CLOSES + 20 * DAY, **act)
    with pytest.raises(Invalid):
        states.extend_poll(closes_at=CLOSES + 40 * DAY, **act)


def test_after_the_hour_nothing_is_extended(session: Session, community: Community, officer: Actor) -> None:
    poll = make_at(community, PollState.OPEN)
    with pytest.raises(TransitionNotAllowed):
        states.extend_poll(poll_id=poll.id, closes_at=CLOSES + DAY, reason="停电", actor=officer, now=CLOSES)


def test_a_void_poll_takes_no_ballot_and_keeps_what_it_has(
    session: Session, community: Community, officer: Actor
) -> None:
    poll = make_at(community, PollState.OPEN)
    ballot = poll.seal(0, [FOR])
    where: dict[str, Any] = {
        "poll_id": poll.id,
        "entry_id": poll.entries[0],
        "actor": poll.actor(0),
        "now": NOW,
    }
    cast_sealed_ballot(ballot=ballot, settings=settings_now(), **where)
    states.void_poll(poll_id=poll.id, ground="选票印错", actor=officer, now=NOW)
    row = db.session.get_one(Poll, poll.id)
    assert (row.state, row.void_ground) == (PollState.VOID, "选票印错")
    board = boards.replay(session, poll.id)
    assert (board.phase, list(board.electorate.ballots.values())) == (Phase.STOPPED, [ballot])
    assert read_line(boards.list_lines(session, poll.id)[-1])["text"] == "本次表决宣布无效。理由：选票印错"
    with pytest.raises(BallotRefused):
        cast_sealed_ballot(ballot=poll.seal(0, [FOR], sequence=1), settings=settings_now(), **where)


def test_a_poll_is_void_after_its_board_was_closed_too(
    session: Session, community: Community, officer: Actor
) -> None:
    poll = make_at(community, PollState.OPEN)
    cast_sealed_ballot(
        poll_id=poll.id,
        entry_id=poll.entries[0],
        ballot=poll.seal(0, [FOR]),
        actor=poll.actor(0),
        settings=settings_now(),
        now=NOW,
    )
    swept(CLOSES)
    row = db.session.get_one(Poll, poll.id)
    board = boards.lock_and_replay(session, poll.id)
    boards.append_to(session, board, poll=row, line=close_line(1))
    session.commit()
    states.void_poll(poll_id=poll.id, ground="选票印错", actor=officer, now=CLOSES)
    assert boards.replay(session, poll.id).phase is Phase.CLOSED
    assert read_line(boards.list_lines(session, poll.id)[-1])["type"] == "note"


def test_a_poll_is_never_void_without_a_ground(
    session: Session, community: Community, officer: Actor
) -> None:
    poll = make_at(community)
    with pytest.raises(Invalid):
        states.void_poll(poll_id=poll.id, ground="  ", actor=officer, now=NOW)
    assert state_of(poll) is PollState.READY


def test_the_clock_is_a_task_of_every_minute(session: Session, community: Community) -> None:
    poll = make_at(community, opens_at=NOW, closes_at=NOW + 365_000 * DAY)
    known = load_tasks()["polls.sweep"]
    assert known.cron == "* * * * *"
    known.function()
    assert state_of(poll) is PollState.OPEN


def test_workers_that_sweep_at_once_do_everything_once(committed: Flask) -> None:
    with committed.app_context():
        community = make_community()
        ready = [make_at(community) for _ in range(6)]
        running = [make_at(community, PollState.OPEN, opens_at=NOW - DAY, closes_at=NOW) for _ in range(6)]
    start = Barrier(4)

    def work(_: int) -> SweepResult:
        with committed.app_context():
            start.wait()
            return swept(NOW)

    with ThreadPoolExecutor(4) as threads:
        results = list(threads.map(work, range(4)))
    with committed.app_context():
        # A poll that two wanted at once may be left by both to the next sweep.
        results.append(swept(NOW))
        assert sum(results, SweepResult()) == SweepResult(opened=6, stopped=6)
        assert all(len(entries_of(poll, "open")) == 1 for poll in ready)
        assert all(boards.phase_of(db.session(), poll.id) is Phase.STOPPED for poll in running)


def test_acts_of_officers_and_ballots_do_not_wait_for_each_other_in_a_ring(committed: Flask) -> None:
    with committed.app_context():
        community = make_community()
        officer = officer_of(community)
        poll = make_at(community, PollState.OPEN, voters=6)
        ballots = [[poll.seal(voter, [FOR], sequence=number) for number in range(6)] for voter in range(6)]
    start = Barrier(7)

    def vote(voter: int) -> None:
        with committed.app_context():
            start.wait()
            for ballot in ballots[voter]:
                cast_sealed_ballot(
                    poll_id=poll.id,
                    entry_id=poll.entries[voter],
                    ballot=ballot,
                    actor=poll.actor(voter),
                    settings=settings_now(),
                    now=NOW,
                )

    def extend() -> None:
        with committed.app_context():
            start.wait()
            for hours in range(1, 13):
                states.extend_poll(
                    poll_id=poll.id,
                    closes_at=CLOSES + timedelta(hours=hours),
                    reason="停电",
                    actor=officer,
                    now=NOW,
                )

    with ThreadPoolExecutor(7) as threads:
        done = [threads.submit(vote, voter) for voter in range(6)] + [threads.submit(extend)]
        for one in done:
            one.result()
    with committed.app_context():
        assert boards.replay(db.session(), poll.id).lines == 3 + 36 + 12


def test_casting_does_not_keep_the_clock_from_stopping(committed: Flask) -> None:
    with committed.app_context():
        poll = make_at(make_community(), PollState.OPEN)
        # A ballot on its way holds this lock of the poll until its commit.
        with db.engine.connect() as other:
            other.execute(
                select(Poll.id).where(Poll.id == poll.id).with_for_update(read=True, key_share=True)
            )
            assert swept(CLOSES) == SweepResult(stopped=1)
