"""What stands against opening a poll, read from the tables: each thing comes and goes with its rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from civicforum.database import db
from civicforum.polls import keyring
from civicforum.polls.blockers import BlockerKind
from civicforum.polls.models import (
    CredentialLink,
    KeyCeremony,
    Mandate,
    Poll,
    Question,
    ResultObjection,
    RollEntry,
    RollObjection,
    Station,
    Trustee,
)
from civicforum.polls.queries.blockers import list_blockers, list_next_blockers, list_shortfall
from civicforum.polls.questions import QuestionKind, QuestionSpec
from civicforum.polls.rules import ObjectionKind, PollState, Preset, StationKind
from civicforum.polls.services import boards
from civicforum.sealed import stop_line
from tests.factories import NOW, make_community
from tests.support.polls import YES_NO, SealedPoll, make_poll, settings_now
from tests.support.statements import count_statements

K = BlockerKind
DAY = timedelta(days=1)
ELECTION = QuestionSpec(QuestionKind.SELECTION, "选一人", options=("王建国", "李秀英"))
Change = Callable[[Session, SealedPoll], object]


def make_ready(**terms: Any) -> SealedPoll:
    """Make a poll with everything in order, an election among its questions, ready at NOW."""
    poll = make_poll(make_community(), questions=(YES_NO, ELECTION), **terms)
    put(poll, state=PollState.READY, opened_at=None)
    return poll


def put(poll: SealedPoll, **values: Any) -> None:
    row = db.session.get_one(Poll, poll.id)
    for name, value in values.items():
        setattr(row, name, value)
    db.session.commit()


def kinds(session: Session, poll: SealedPoll) -> list[BlockerKind]:
    session.commit()
    row = session.get_one(Poll, poll.id, populate_existing=True)
    return [one.kind for one in list_blockers(session, row, settings=settings_now(), now=NOW)]


def add(session: Session, poll: SealedPoll, row: Any) -> None:
    row.community_id, row.poll_id = poll.community_id, poll.id
    session.add(row)
    session.flush()


def add_station(session: Session, poll: SealedPoll, **values: Any) -> None:
    add(session, poll, Station(**{"name": "会议室", "kind": StationKind.HALL, "supervisors": [], **values}))


def add_proxy(session: Session, poll: SealedPoll, principal: int = 0, holder: int = 1) -> None:
    mandate = Mandate(
        principal_id=poll.entries[principal],
        holder_id=poll.entries[holder],
        reason="外出务工",
        written_on=NOW.date(),
        entered_by_id=poll.people[2],
        entered_at=NOW - 5 * DAY,
    )
    add(session, poll, mandate)


def add_objection(session: Session, poll: SealedPoll) -> None:
    objection = RollObjection(
        filed_by_id=poll.people[0],
        kind=ObjectionKind.OMITTED,
        about="李雷",
        text="李雷应当在名单上",
        filed_at=NOW,
        due_at=NOW - DAY,
    )
    add(session, poll, objection)


def withdraw_all(session: Session, poll: SealedPoll) -> None:
    for mandate in session.scalars(select(Mandate).where(Mandate.poll_id == poll.id)):
        mandate.withdrawn_at, mandate.withdrawal = NOW, "本人回来了"


def name_entry(name: str, at: int = 1) -> Change:
    def change(session: Session, poll: SealedPoll) -> None:
        session.get_one(RollEntry, poll.entries[at]).name = name

    return change


def remove_all(model: Any) -> Change:
    return lambda session, poll: session.execute(delete(model).where(model.poll_id == poll.id))


def set_term(**values: Any) -> Change:
    return lambda _session, poll: put(poll, **values)


def candidate_as_holder(session: Session, poll: SealedPoll) -> None:
    add_proxy(session, poll)
    name_entry("李秀英")(session, poll)


def many_proxies(session: Session, poll: SealedPoll) -> None:
    for principal in (0, 2, 3, 4):
        add_proxy(session, poll, principal, holder=1)


# How each thing comes about, what is said of it, and how it is mended.
PAPER = {"by_paper": True, "by_proxy": True}
CASES: list[tuple[dict[str, Any], Change, list[BlockerKind], Change]] = [
    ({}, set_term(least=6), [K.FEWER_THAN_LEAST], set_term(least=5)),
    ({}, set_term(roll_frozen_at=None), [K.ROLL_NOT_FROZEN], set_term(roll_frozen_at=NOW)),
    ({}, add_objection, [K.OBJECTIONS_UNRULED], remove_all(RollObjection)),
    ({}, set_term(objection_days=3), [K.OBJECTIONS_RUNNING], set_term(objection_days=0)),
    ({}, set_term(opens_at=None, closes_at=None), [K.NO_TIMES], set_term(opens_at=NOW, closes_at=NOW + DAY)),
    ({}, set_term(closes_at=NOW, opens_at=NOW - DAY), [K.ALREADY_OVER], set_term(closes_at=NOW + DAY)),
    (PAPER, remove_all(Station), [K.NO_STATION], add_station),
    (
        PAPER,
        lambda session, poll: add_station(session, poll, name="流动", kind=StationKind.ROVING),
        [K.BOX_UNWATCHED],
        lambda session, poll: session.execute(delete(Station).where(Station.name == "流动")),
    ),
    (PAPER, many_proxies, [K.TOO_MANY_PROXIES], withdraw_all),
    (
        PAPER,
        candidate_as_holder,
        [K.CANDIDATE_HOLDS_PROXY],
        name_entry("李梅"),
    ),
]


@pytest.mark.parametrize(("terms", "spoil", "found", "mend"), CASES)
def test_each_thing_comes_and_goes(
    session: Session, terms: dict[str, Any], spoil: Change, found: list[BlockerKind], mend: Change
) -> None:
    poll = make_ready(voters=5, **terms)
    if terms:
        add_station(session, poll)
    assert kinds(session, poll) == []
    spoil(session, poll)
    assert kinds(session, poll) == found
    mend(session, poll)
    assert kinds(session, poll) == []


def test_without_questions_there_is_nothing_to_open(session: Session) -> None:
    poll = make_ready()
    session.execute(delete(Question).where(Question.poll_id == poll.id))
    assert kinds(session, poll) == [K.NO_QUESTION]


def test_without_its_keys_no_ballot_could_be_taken(session: Session) -> None:
    poll = make_ready()
    keyring.destroy_keys(settings_now().instance, poll.id)
    assert kinds(session, poll) == [K.KEYS_MISSING]


def test_who_was_struck_off_needs_no_card_and_is_not_on_the_roll(session: Session) -> None:
    poll = make_ready(voters=3, least=3)
    session.get_one(RollEntry, poll.entries[0]).struck_off_at = NOW
    assert kinds(session, poll) == [K.FEWER_THAN_LEAST]


def test_a_sealed_poll_waits_for_key_drill_cards_and_board_in_turn(session: Session) -> None:
    poll = make_ready(preset=Preset.SEALED, trustees=2, threshold=2)
    everything = [K.CARDS_MISSING, K.BOARD_NOT_FOUNDED]
    assert kinds(session, poll) == [K.TRUSTEES_NOT_NAMED, *everything]
    ceremony = KeyCeremony(sealed_id=b"0" * 16, threshold=2, size=2, started_at=NOW)
    add(session, poll, ceremony)
    for number, name in enumerate(("王 建国", "冯梅"), 1):
        trustee = Trustee(ceremony_id=ceremony.id, number=number, name=name)
        trustee.community_id = poll.community_id
        session.add(trustee)
    assert kinds(session, poll) == [K.CEREMONY_UNFINISHED, K.TRUSTEE_IS_CANDIDATE, *everything]
    ceremony.finished_at = NOW
    assert kinds(session, poll) == [K.DRILL_NOT_DONE, K.TRUSTEE_IS_CANDIDATE, *everything]
    ceremony.drilled_at = NOW
    session.scalars(select(Trustee).where(Trustee.number == 1)).one().name = "陈刚"
    assert kinds(session, poll) == everything
    for number, entry_id in enumerate(poll.entries):
        add(session, poll, CredentialLink(roll_entry_id=entry_id, public=bytes([number]) * 32))
    assert kinds(session, poll) == [K.BOARD_NOT_FOUNDED]


def test_a_ceremony_that_ended_in_a_complaint_names_nobody(session: Session) -> None:
    poll = make_ready(preset=Preset.SEALED, trustees=1)
    add(
        session, poll, KeyCeremony(sealed_id=b"0" * 16, threshold=1, size=1, started_at=NOW, complaint="不符")
    )
    assert kinds(session, poll)[0] is K.TRUSTEES_NOT_NAMED


def test_after_the_stop_lists_then_signatures_are_awaited(session: Session) -> None:
    poll = make_ready(by_paper=True)
    put(poll, state=PollState.CLOSED, opened_at=NOW, closed_at=NOW)
    add_station(session, poll, is_offline=True)
    assert later(session, poll) == [K.LISTS_AWAITED]
    station = session.scalars(select(Station)).one()
    station.list_entered_at = NOW
    assert later(session, poll) == []
    put(poll, sealed_at=NOW)
    assert later(session, poll) == [K.STATIONS_UNSIGNED]
    station.signed_at, station.first_signer_id, station.second_signer_id = NOW, *poll.people[:2]
    assert later(session, poll) == []


def test_a_result_that_is_objected_to_waits_for_the_answer(session: Session) -> None:
    poll = make_ready()
    put(poll, state=PollState.COUNTED, opened_at=NOW, closed_at=NOW, counted_at=NOW)
    objection = ResultObjection(filed_by_id=poll.people[0], text="数字不对", filed_at=NOW, due_at=NOW + DAY)
    add(session, poll, objection)
    assert later(session, poll) == [K.OBJECTIONS_UNANSWERED]
    objection.answer, objection.answered_at = "已核对", NOW
    assert later(session, poll) == []


def test_too_few_ballots_in_the_box_are_told_after_the_stop(session: Session) -> None:
    poll = make_ready()
    row = session.get_one(Poll, poll.id)
    assert list_shortfall(session, row) == []
    put(poll, state=PollState.CLOSED, opened_at=NOW, closed_at=NOW)
    boards.append(session, poll=row, line=stop_line())
    (found,) = list_shortfall(session, row)
    assert (found.kind, found.figures) == (K.BALLOTS_TOO_FEW, {"ballots": 0, "least": 1})


def later(session: Session, poll: SealedPoll) -> list[BlockerKind]:
    session.flush()
    return [one.kind for one in list_next_blockers(session, session.get_one(Poll, poll.id), now=NOW)]


def test_the_list_costs_as_many_statements_for_many_as_for_few(session: Session) -> None:
    costs = []
    for voters in (3, 30):
        poll = make_ready(voters=voters, by_paper=True)
        for number in range(voters):
            add_station(session, poll, name=f"站{number}")
        row = session.get_one(Poll, poll.id)
        with count_statements() as counted:
            list_blockers(session, row, settings=settings_now(), now=NOW)
        costs.append(counted.total)
    assert costs[0] == costs[1]
