"""From the stop to the certified result: who may do which step when, and what comes out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum import sealed
from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.counting import Contest, Profile, count
from civicforum.counting.second import EnginesDisagree, SecondCount, Status
from civicforum.errors import AlreadyDone, Invalid, NotEligible, NotFound, RuleRefused, TransitionNotAllowed
from civicforum.people.models import Community
from civicforum.polls.errors import BelowLeast, CountStopped, StepBlocked
from civicforum.polls.models import BoardLine, OpenBallot, Poll, ResultObjection, RollEntry
from civicforum.polls.outcomes import Decision, QuestionResult, question_from_json
from civicforum.polls.outcomes import questions as question_counts
from civicforum.polls.queries.named import Turnout
from civicforum.polls.queries.standing import get_turnout
from civicforum.polls.queries.votes import list_votes
from civicforum.polls.questions import Marking, QuestionKind, QuestionSpec, answer_as_json
from civicforum.polls.rules import PollState, Preset, VoteChannel
from civicforum.polls.services import boards, counting, results, sealing
from civicforum.polls.services.correcting import strike_off
from civicforum.records.models import JournalEntry
from civicforum.sealed import Answer, Phase
from tests.factories import NOW, make_community
from tests.support.polls import ABSTAIN, AGAINST, FOR, SealedPoll, make_poll, settings_now
from tests.support.results import AFTER, STOP, cast, hand_out, make_station, officer, sign, stop, sweep

MOTION = QuestionSpec(QuestionKind.MOTION, "是否加装电梯", majority_rule="recall.majority")
NAMES = QuestionSpec(
    QuestionKind.SELECTION,
    "选举委员",
    options=("甲", "乙"),
    marking=Marking.EACH,
    most=1,
    seats=1,
    write_ins=1,
)
RANK = QuestionSpec(QuestionKind.RANKING, "选址", options=("甲地", "乙地"), depth=2, method="irv")


@pytest.fixture
def community(session: Session) -> Community:
    return make_community()


@pytest.fixture
def runner(community: Community) -> Actor:
    return officer(community)


def row_of(session: Session, poll: SealedPoll) -> Poll:
    return session.get_one(Poll, poll.id, populate_existing=True)


def results_of(session: Session, poll: SealedPoll) -> list[QuestionResult]:
    sheet = row_of(session, poll).result
    assert sheet is not None
    return [question_from_json(one) for one in sheet.questions]


def cast_all(poll: SealedPoll, *choices: Answer) -> None:
    for voter, choice in enumerate(choices):
        cast(poll, voter, [choice])


def test_a_small_poll_is_sealed_opened_and_counted_by_the_clock(
    session: Session, community: Community
) -> None:
    poll = make_poll(community, questions=[MOTION], voters=5)
    cast_all(poll, FOR, FOR, AGAINST, ABSTAIN)
    cast(poll, 2, [FOR], sequence=1)
    assert sweep(NOW) == results.Swept()
    stop(poll)
    assert sweep() == results.Swept(sealed=1, opened=1, counted=1)
    row = row_of(session, poll)
    assert (row.state, row.sealed_at, row.counted_at) == (PollState.COUNTED, AFTER, AFTER)
    found = results_of(session, poll)[0]
    assert found.lines[0].figures.together == (3, 0, 1)
    assert found.decision is Decision.ADOPTED
    assert row.result is not None
    assert row.result.is_adopted
    assert row.result.counts == {
        "roll": 5,
        "taking_part": 4,
        "online": 4,
        "paper_issued": 0,
        "paper_found": 0,
        "paper_invalid": 0,
    }
    board = boards.replay(session, poll.id)
    assert row.result.counted_from_hash == board.head.hex()
    board.check_complete()
    ways = session.scalars(select(RollEntry.took_part).order_by(RollEntry.position)).all()
    assert ways == [VoteChannel.SCREEN] * 4 + [None]


def test_the_archive_of_a_poll_with_every_kind_of_question_verifies(
    session: Session, community: Community
) -> None:
    grade = QuestionSpec(QuestionKind.GRADE, "评议", options=("主任",), levels=("称职", "不称职"))
    poll = make_poll(community, questions=[MOTION, NAMES, grade, RANK], voters=3)
    for voter, name in enumerate(("丁一", "丁一", "戊")):
        answers = [FOR, Answer(names=(name,)), Answer(levels={0: 0}), Answer(order=(1, 0))]
        cast(poll, voter, answers)
    stop(poll)
    sweep()
    board = sealed.Board()
    for line in boards.list_lines(session, poll.id):
        board.take(line)
    motion, names, graded, ranked = results_of(session, poll)
    assert motion.decision is Decision.ADOPTED
    assert names.chosen == ("丁一",)
    assert graded.lines[0].grades == ("称职",)
    assert ranked.chosen == ("乙地",)


def test_fewer_ballots_than_promised_are_never_opened(
    session: Session, community: Community, runner: Actor
) -> None:
    poll = make_poll(community, voters=5, least=3)
    cast_all(poll, FOR, FOR)
    stop(poll)
    assert sweep() == results.Swept()
    with pytest.raises(BelowLeast, match="2 < 3") as refused:
        sealing.seal_count(poll_id=poll.id, actor=runner, now=AFTER)
    assert not refused.value.may_count_paper
    assert boards.phase_of(session, poll.id) is Phase.STOPPED
    with pytest.raises(TransitionNotAllowed):
        sealing.count_paper_alone(poll_id=poll.id, reason="无人上网投票", actor=runner, now=AFTER)


def test_where_nothing_was_cast_on_screen_paper_alone_is_counted_by_a_decision(
    session: Session, community: Community, runner: Actor
) -> None:
    poll = make_poll(community, questions=[MOTION], voters=3, by_paper=True)
    counters = [officer(community, Role.CLERK), officer(community, Role.COMMITTEE)]
    station = make_station(poll)
    hand_out(poll, 0, station, counters[0])
    stop(poll)
    with pytest.raises(BelowLeast) as refused:
        sealing.seal_count(poll_id=poll.id, actor=runner, now=AFTER)
    assert refused.value.may_count_paper
    with pytest.raises(Invalid):
        sealing.count_paper_alone(poll_id=poll.id, reason=" ", actor=runner, now=AFTER)
    sealing.count_paper_alone(poll_id=poll.id, reason="无人上网投票", actor=runner, now=AFTER)
    sign(station, counters, found=1, counts=[1, 0])
    counting.count_poll(poll_id=poll.id, actor=runner, now=AFTER)
    found = results_of(session, poll)[0]
    assert (found.papers.online.valid, found.lines[0].figures.together) == (0, (1, 0, 0))
    last = session.scalars(select(BoardLine).order_by(BoardLine.number.desc())).first()
    assert last is not None
    assert "无人上网投票" in last.raw


def test_paper_and_screen_are_counted_together_once_everything_is_signed(
    session: Session, community: Community, runner: Actor
) -> None:
    poll = make_poll(community, questions=[MOTION], voters=6, by_paper=True)
    counters = [officer(community, Role.CLERK), officer(community, Role.COMMITTEE)]
    station = make_station(poll)
    cast_all(poll, FOR, FOR, AGAINST)
    hand_out(poll, 2, station, counters[0])  # what was cast on screen is void
    hand_out(poll, 3, station, counters[0])
    stop(poll)
    assert sweep() == results.Swept(sealed=1, opened=1)
    with pytest.raises(StepBlocked):
        counting.count_poll(poll_id=poll.id, actor=runner, now=AFTER)
    sign(station, counters, found=2, invalid=1, counts=[0, 1])
    counting.count_poll(poll_id=poll.id, actor=runner, now=AFTER)
    found = results_of(session, poll)[0]
    figures = found.lines[0].figures
    assert (figures.online, figures.paper, figures.together) == ((2, 0, 0), (0, 1, 0), (2, 1, 0))
    assert found.verdict is not None
    assert found.verdict.arithmetic == "2 ≤ 1/2 × 4 = 2"
    boards.replay(session, poll.id).check_complete()
    ways = session.scalars(select(RollEntry.took_part).order_by(RollEntry.position)).all()
    assert ways == [VoteChannel.SCREEN, VoteChannel.SCREEN, VoteChannel.HALL, VoteChannel.HALL, None, None]


def test_more_papers_than_were_handed_out_are_never_counted(
    session: Session, community: Community, runner: Actor
) -> None:
    poll = make_poll(community, questions=[MOTION], voters=3, by_screen=False, by_paper=True)
    counters = [officer(community, Role.CLERK), officer(community, Role.COMMITTEE)]
    station = make_station(poll)
    hand_out(poll, 0, station, counters[0])
    stop(poll)
    sweep()
    sign(station, counters, found=2, counts=[2, 0])
    with pytest.raises(RuleRefused):
        counting.count_poll(poll_id=poll.id, actor=runner, now=AFTER)
    assert row_of(session, poll).state is PollState.CLOSED


def test_an_offline_list_that_is_awaited_holds_the_seal(
    session: Session, community: Community, runner: Actor
) -> None:
    poll = make_poll(community, voters=3, by_paper=True)
    make_station(poll, is_offline=True)
    cast_all(poll, FOR)
    stop(poll)
    assert sweep() == results.Swept()
    with pytest.raises(StepBlocked):
        sealing.seal_count(poll_id=poll.id, actor=runner, now=AFTER)


def vote_by_name(session: Session, poll: SealedPoll, *choices: Answer) -> None:
    for entry_id, choice in zip(poll.entries, choices, strict=False):
        session.add(
            OpenBallot(
                community_id=poll.community_id,
                poll_id=poll.id,
                roll_entry_id=entry_id,
                answers=[answer_as_json(choice)],
                channel=VoteChannel.SCREEN,
                cast_at=NOW,
            )
        )
    session.commit()


def test_named_votes_give_the_same_result_as_sealed_ones(session: Session, community: Community) -> None:
    poll = make_poll(community, questions=[MOTION], voters=4, preset=Preset.OPEN)
    vote_by_name(session, poll, FOR, FOR, AGAINST)
    stop(poll)
    assert sweep() == results.Swept(sealed=1, counted=1)
    assert results_of(session, poll)[0].lines[0].figures.together == (2, 1, 0)
    assert len(row_of(session, poll).result.counted_from_hash) == 64  # type: ignore[union-attr]


def test_the_named_vote_of_somebody_struck_off_is_neither_counted_nor_shown(
    session: Session, community: Community, runner: Actor
) -> None:
    poll = make_poll(community, questions=[MOTION], voters=3, preset=Preset.OPEN)
    vote_by_name(session, poll, FOR, AGAINST)
    struck = {"entry_id": poll.entries[1], "reason": "已迁出", "decision": "选委会第2号", "actor": runner}
    strike_off(poll_id=poll.id, **struck, now=NOW)
    assert get_turnout(session, row_of(session, poll)) == Turnout(voted=1, entitled=2)
    stop(poll)
    sweep()
    sheet = row_of(session, poll).result
    assert sheet is not None
    assert results_of(session, poll)[0].lines[0].figures.together == (1, 0, 0)
    # Whoever is struck off after the freeze stays in the number that quorums are a share of.
    assert (sheet.counts["roll"], sheet.counts["taking_part"]) == (3, 1)
    # By hand: the first place with its vote for, the third without; the second is not there.
    counted = b'[[1,"[{\\"chosen\\":[0]}]"],[3,""]]'
    assert sheet.counted_from_hash == hashlib.sha256(counted).hexdigest()
    ways = session.scalars(select(RollEntry.took_part).order_by(RollEntry.position)).all()
    assert ways == [VoteChannel.SCREEN, None, None]
    shown = list_votes(session, poll_id=poll.id, number=1).items
    assert [vote.answers for vote in shown] == [[FOR], None, None]


def test_a_quorum_is_a_share_of_the_frozen_roll_whoever_is_struck_off_later(
    session: Session, community: Community, runner: Actor
) -> None:
    terms = {"preset": Preset.OPEN, "quorum_rule": "recall.validity.voters"}
    poll = make_poll(community, questions=[MOTION], voters=4, **terms)
    vote_by_name(session, poll, FOR, FOR)
    struck = {"entry_id": poll.entries[3], "reason": "已去世", "decision": "选委会第3号", "actor": runner}
    strike_off(poll_id=poll.id, **struck, now=NOW)
    stop(poll)
    sweep()
    sheet = row_of(session, poll).result
    assert sheet is not None
    # By hand: two of four is not more than half of them, though it would be of the three who are left.
    assert (sheet.verdicts[0]["arithmetic"], sheet.verdicts[0]["holds"]) == ("2 ≤ 1/2 × 4 = 2", False)


def test_a_ranking_that_two_engines_count_differently_is_not_published(
    session: Session, community: Community, runner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    poll = make_poll(community, questions=[RANK], voters=2)
    cast_all(poll, Answer(order=(0, 1)))

    def disagree(contest: Contest, profile: Profile) -> None:
        raise EnginesDisagree(count(contest, profile), SecondCount("other", "1", Status.DISAGREES, ("乙地",)))

    monkeypatch.setattr(question_counts, "checked_count", disagree)
    stop(poll)
    assert sweep() == results.Swept(sealed=1, opened=1, failed=1)
    assert sweep() == results.Swept(), "a person is asked once, not every minute"
    with pytest.raises(CountStopped):
        counting.count_poll(poll_id=poll.id, actor=runner, now=AFTER)
    assert row_of(session, poll).result is None
    called = select(func.count()).where(JournalEntry.action == "poll.engines_disagree")
    assert session.scalar(called) == 2


def test_each_step_has_its_time_and_its_people(session: Session, community: Community, runner: Actor) -> None:
    poll = make_poll(community, questions=[MOTION], voters=3, is_statutory=True)
    clerk, committee = officer(community, Role.CLERK), officer(community, Role.COMMITTEE)
    steps: list[Callable[..., None]] = [sealing.seal_count, counting.count_poll, results.certify]
    for step in steps:
        with pytest.raises(TransitionNotAllowed):
            step(poll_id=poll.id, actor=runner, now=AFTER)
        for other in (clerk, committee):
            with pytest.raises(NotEligible):
                step(poll_id=poll.id, actor=other, now=AFTER)
        with pytest.raises(NotFound):
            step(poll_id=poll.entries[0], actor=runner, now=AFTER)
    with pytest.raises(TransitionNotAllowed):
        sealing.open_platform_box(poll_id=poll.id, actor=runner, settings=settings_now(), now=AFTER)


def counted(
    community: Community, *questions: QuestionSpec, answers: list[list[Answer]], **terms: object
) -> SealedPoll:
    poll = make_poll(community, questions=questions, voters=len(answers), **terms)
    for voter, own in enumerate(answers):
        cast(poll, voter, own)
    stop(poll)
    sweep()
    return poll


def test_spellings_are_put_together_with_a_reason_on_the_board(
    session: Session, community: Community, runner: Actor
) -> None:
    poll = counted(
        community,
        NAMES,
        answers=[[Answer(names=("丁壹",))], [Answer(names=("丁一",))], [Answer(frozenset({0}))]],
    )
    assert results_of(session, poll)[0].decision is Decision.TIED
    about = {"poll_id": poll.id, "question": 0, "actor": runner, "now": AFTER}
    for spelling, name, reason, field in (
        ("丁二", "丁一", "同一人", "spelling"),
        ("丁壹", "甲", "同一人", "name"),
        ("丁壹", "丁壹", "同一人", "name"),
        ("丁壹", "丁一", " ", "reason"),
    ):
        with pytest.raises(Invalid) as refused:
            results.merge_write_in(spelling=spelling, name=name, reason=reason, **about)
        assert refused.value.field == field
    results.merge_write_in(spelling="丁壹", name="丁一", reason="同一人", **about)
    found = results_of(session, poll)[0]
    assert (found.decision, found.chosen) == (Decision.CHOSEN, ("丁一",))
    assert "丁壹" in boards.list_lines(session, poll.id)[-1].decode()
    results.certify(poll_id=poll.id, actor=runner, now=AFTER)
    with pytest.raises(TransitionNotAllowed):
        results.merge_write_in(spelling="丁一", name="丁一", reason="x", **about)


def test_an_objection_is_answered_before_the_result_is_certified(
    session: Session, community: Community, runner: Actor
) -> None:
    poll = counted(community, MOTION, answers=[[FOR], [FOR]])
    voter = poll.actor(0)
    with pytest.raises(Invalid):
        results.object_to_result(poll_id=poll.id, text=" ", actor=voter, now=AFTER)
    objection = results.object_to_result(poll_id=poll.id, text="漏计一票", actor=voter, now=AFTER)
    assert session.get_one(ResultObjection, objection).due_at > AFTER + timedelta(days=3) - timedelta(
        hours=24
    )
    with pytest.raises(StepBlocked):
        results.certify(poll_id=poll.id, actor=runner, now=AFTER)
    with pytest.raises(NotEligible):
        results.answer_objection(objection_id=objection, answer="已核对", actor=voter, now=AFTER)
    results.answer_objection(objection_id=objection, answer="已核对", actor=runner, now=AFTER)
    with pytest.raises(AlreadyDone):
        results.answer_objection(objection_id=objection, answer="又核对", actor=runner, now=AFTER)
    results.certify(poll_id=poll.id, actor=runner, now=AFTER)
    with pytest.raises(TransitionNotAllowed):
        results.certify(poll_id=poll.id, actor=runner, now=AFTER)


def test_of_an_election_the_answer_is_due_in_thirty_days(
    session: Session, community: Community, runner: Actor
) -> None:
    poll = counted(community, MOTION, answers=[[FOR], [FOR]], is_statutory=True)
    objection = results.object_to_result(poll_id=poll.id, text="漏计一票", actor=poll.actor(0), now=STOP)
    # The last instant of the thirtieth day after 5 March 2026, in Shanghai.
    assert session.get_one(ResultObjection, objection).due_at.isoformat().startswith("2026-04-04T15:59:59")


def test_nobody_objects_before_there_is_a_result(session: Session, community: Community) -> None:
    poll = make_poll(community, voters=2)
    with pytest.raises(TransitionNotAllowed):
        results.object_to_result(poll_id=poll.id, text="不对", actor=poll.actor(0), now=AFTER)
