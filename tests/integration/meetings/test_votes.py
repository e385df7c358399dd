"""The three ways in which an assembly votes, each with who is present as what a majority is a share of."""

from __future__ import annotations

import uuid

import pytest
from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.config import Settings
from civicforum.errors import AlreadyDone, Invalid, NotFound, TransitionNotAllowed
from civicforum.matters.models import Matter
from civicforum.matters.rules import Stage
from civicforum.meetings import services
from civicforum.meetings.errors import HandsNotCounted, PapersNotCounted
from civicforum.meetings.floor import VoteWay
from civicforum.meetings.models import AgendaItem
from civicforum.meetings.rules import Outcome
from civicforum.meetings.services import Hands
from civicforum.notices.models import Notice
from civicforum.polls.errors import BelowLeast
from civicforum.polls.models import Board, OpenBallot, Poll, RollEntry, Station
from civicforum.polls.queries.needs import list_needs
from civicforum.polls.rules import PollState
from civicforum.polls.rules_paper import BoxSheet
from civicforum.polls.services import box_counts, paper, results
from civicforum.polls.services.casting import seal_and_cast
from civicforum.polls.services.states import void_poll
from civicforum.sealed import Answer
from tests.factories import NOW
from tests.integration.meetings.scenes import Scene, Sitting, make_scene, open_assembly

FOR, AGAINST = 0, 1


def settings() -> Settings:
    found: Settings = current_app.config["CIVICFORUM"]
    return found


def put(way: VoteWay, *, members: int = 6, by_paper: bool = False) -> tuple[Scene, Sitting, uuid.UUID]:
    scene = make_scene(members=members)
    sitting = open_assembly(scene, present=members)
    poll_id = services.open_vote(
        item_id=sitting.item_id,
        way=way,
        by_paper=by_paper,
        settings=settings(),
        actor=scene.director,
        now=NOW,
    )
    return scene, sitting, poll_id


def seal(session: Session, poll_id: uuid.UUID, actor: Actor, choice: int | None) -> None:
    entry_id = session.scalars(
        select(RollEntry.id).where(RollEntry.poll_id == poll_id, RollEntry.person_id == actor.person_id)
    ).one()
    answers = [Answer(chosen=frozenset({choice})) if choice is not None else Answer()]
    seal_and_cast(
        poll_id=poll_id,
        entry_id=entry_id,
        answers=answers,
        sequence=0,
        nonce=b"0" * 16,
        actor=actor,
        settings=settings(),
        now=NOW,
    )


def close(scene: Scene, sitting: Sitting) -> bool:
    return services.close_vote(item_id=sitting.item_id, settings=settings(), actor=scene.director, now=NOW)


def count(scene: Scene, sitting: Sitting, *numbers: int, second: str = "梁慧") -> None:
    services.count_hands(item_id=sitting.item_id, hands=Hands(*numbers, second), actor=scene.clerk, now=NOW)


@pytest.mark.law("B40", "assembly.representatives.majority")
@pytest.mark.parametrize(("in_favour", "is_adopted"), [(3, False), (4, True)])
def test_counted_hands_are_judged_by_those_present(
    session: Session, in_favour: int, is_adopted: bool
) -> None:
    scene, sitting, poll_id = put(VoteWay.HANDS)
    with pytest.raises(HandsNotCounted):
        close(scene, sitting)
    count(scene, sitting, in_favour, 1, 1)
    assert close(scene, sitting) is is_adopted
    sheet = session.get_one(Poll, poll_id).result
    assert sheet is not None
    assert sheet.counts == {
        "for": in_favour,
        "against": 1,
        "abstain": 1,
        "did_not_vote": 4 - in_favour,
        "roll": 6,
    }
    assert sheet.verdicts[1]["arithmetic"] == f"{in_favour} {'>' if is_adopted else '≤'} 1/2 × 6 = 3"
    assert session.scalar(select(func.count()).select_from(OpenBallot)) == 0


def test_no_more_hands_than_people_and_never_counted_by_one(session: Session) -> None:
    scene, sitting, _poll_id = put(VoteWay.HANDS)
    for numbers, second, reason in (
        ((5, 1, 1), "梁慧", "too_many"),
        ((5, -1, 1), "梁慧", "negative"),
        ((5, 1, 0), " 何 小雨", "second"),
    ):
        with pytest.raises(Invalid) as refused:
            count(scene, sitting, *numbers, second=second)
        assert refused.value.reason == reason
    count(scene, sitting, 6, 0, 0)
    count(scene, sitting, 5, 1, 0)
    assert close(scene, sitting)
    with pytest.raises(TransitionNotAllowed):
        count(scene, sitting, 6, 0, 0)


@pytest.mark.law("B40", "assembly.representatives.majority")
def test_sealed_vote_is_opened_counted_and_decided_in_one_sitting(session: Session) -> None:
    """Six present: four for, one against, one casts nothing and counts as present."""
    scene, sitting, poll_id = put(VoteWay.SEALED)
    for member, choice in zip(scene.members, (FOR, FOR, FOR, AGAINST, FOR), strict=False):
        seal(session, poll_id, member, choice)
    assert close(scene, sitting)
    poll = session.get_one(Poll, poll_id, populate_existing=True)
    assert poll.state is PollState.CERTIFIED
    assert poll.result is not None
    assert [verdict["arithmetic"] for verdict in poll.result.verdicts] == [
        "6 ≥ 2/3 × 6 = 4",
        "4 > 1/2 × 6 = 3",
    ]
    item = session.get_one(AgendaItem, sitting.item_id)
    assert item.outcome is Outcome.ADOPTED
    assert session.get_one(Matter, sitting.matter_id).stage is Stage.DECIDED
    assert session.scalars(select(Notice.title).where(Notice.title.contains("决议"))).all()
    with pytest.raises(AlreadyDone):
        close(scene, sitting)


def test_half_of_those_present_do_not_carry_a_sealed_vote(session: Session) -> None:
    """Six present, five ballots: three for, two against. Three are not more than half of six."""
    scene, sitting, poll_id = put(VoteWay.SEALED)
    for member, choice in zip(scene.members, (FOR, FOR, FOR, AGAINST, AGAINST), strict=False):
        seal(session, poll_id, member, choice)
    assert not close(scene, sitting)


def test_ballots_too_few_to_carry_it_are_never_opened(session: Session) -> None:
    """Of six, four would carry it: three ballots stay sealed, and the vote can be declared void."""
    scene, sitting, poll_id = put(VoteWay.SEALED)
    for member in scene.members[:3]:
        seal(session, poll_id, member, FOR)
    with pytest.raises(BelowLeast):
        close(scene, sitting)
    services.stop_vote(item_id=sitting.item_id, ground="票数不足，不予开票", actor=scene.director, now=NOW)
    assert session.get_one(Poll, poll_id).state is PollState.VOID
    services.open_vote(item_id=sitting.item_id, actor=scene.director, now=NOW)


def test_sealed_vote_of_a_meeting_is_run_from_there_alone(session: Session) -> None:
    scene, _sitting, poll_id = put(VoteWay.SEALED)
    with pytest.raises(NotFound):
        void_poll(poll_id=poll_id, ground="不作数", actor=scene.director, now=NOW)
    assert [need.title for need in list_needs(session, scene.members[1], NOW)] == ["加装集中充电棚"]
    results.sweep(now=NOW, settings=settings())
    assert session.get_one(Poll, poll_id, populate_existing=True).state is PollState.OPEN


def test_who_has_no_phone_votes_on_paper_that_two_people_count(session: Session) -> None:
    scene, sitting, poll_id = put(VoteWay.SEALED, by_paper=True)
    for member in scene.members[:4]:
        seal(session, poll_id, member, FOR)
    station = session.scalars(select(Station).where(Station.poll_id == poll_id)).one()
    roll = session.scalars(select(RollEntry).where(RollEntry.poll_id == poll_id)).all()
    without = next(entry for entry in roll if entry.person_id == scene.members[4].person_id)
    paper.issue_paper(station_id=station.id, entry_id=without.id, actor=scene.clerk, now=NOW)
    with pytest.raises(PapersNotCounted):
        close(scene, sitting)
    sheet = BoxSheet(found=1, invalid=0, counts=(0, 1), texts=(), grounds={})
    for counter in (scene.clerk, scene.director):
        box_counts.enter_count(station_id=station.id, sheet=sheet, actor=counter, now=NOW)
    for counter in (scene.clerk, scene.director):
        box_counts.sign_station(station_id=station.id, actor=counter, now=NOW)
    assert close(scene, sitting)
    result = session.get_one(Poll, poll_id, populate_existing=True).result
    assert result is not None
    assert result.verdicts[1]["arithmetic"] == "4 > 1/2 × 6 = 3"
    assert session.get_one(Board, poll_id).lines > 0
