"""Papers handed out: one for each voter, the credential void, and no name in the journal."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.database import transaction
from civicforum.errors import Invalid, NotEligible, NotFound, RuleRefused, TransitionNotAllowed
from civicforum.polls.errors import BallotRefused, PaperRefused
from civicforum.polls.models import PaperIssue, Poll, RollEntry, Station
from civicforum.polls.queries.paper import preview_list, search_desk
from civicforum.polls.rules import PollFault, PollState, StationKind, VoteChannel
from civicforum.polls.rules_paper import PaperFault, Word
from civicforum.polls.services import paper, stations
from civicforum.polls.services.casting import cast_sealed_ballot
from civicforum.polls.services.stations import StationPlan
from civicforum.records.models import JournalEntry
from tests.factories import NOW, actor_of, make_community, make_officer, make_person
from tests.support.paper import Hall, board_of, make_hall, make_mandate, make_station, stop, voids_for_paper
from tests.support.polls import FIVE_OF_TEN, FOR, SealedPoll, make_poll, settings_now


@pytest.fixture
def hall(session: Session) -> Hall:
    return make_hall(make_community())


def fault_of(hall: Hall, voter: int, **terms: object) -> PaperFault:
    with pytest.raises(PaperRefused) as refused:
        hall.issue(voter, **terms)  # type: ignore[arg-type]
    return refused.value.fault


def cast(hall: Hall, voter: int, *, sequence: int = 0) -> None:
    cast_sealed_ballot(
        poll_id=hall.poll.id,
        entry_id=hall.poll.entries[voter],
        ballot=hall.poll.seal(voter, [FOR], sequence=sequence),
        actor=hall.poll.actor(voter),
        settings=settings_now(),
        now=NOW,
    )


def papers_of(session: Session, poll: SealedPoll) -> dict[int, VoteChannel]:
    rows = session.execute(
        select(RollEntry.position, PaperIssue.channel)
        .join(PaperIssue, PaperIssue.roll_entry_id == RollEntry.id)
        .where(PaperIssue.poll_id == poll.id)
    )
    return {row.position: row.channel for row in rows}


def test_a_paper_voids_the_credential_and_the_screen_says_so(session: Session, hall: Hall) -> None:
    hall.issue(0)
    assert papers_of(session, hall.poll) == {1: VoteChannel.HALL}
    assert voids_for_paper(hall.poll) == 1
    with pytest.raises(BallotRefused) as refused:
        cast(hall, 0)
    assert refused.value.fault is PollFault.PAPER_ISSUED


def test_there_is_one_paper_for_each_voter(hall: Hall) -> None:
    hall.issue(0)
    assert fault_of(hall, 0) is PaperFault.HAS_PAPER
    assert fault_of(hall, 0, by=hall.second) is PaperFault.HAS_PAPER
    assert voids_for_paper(hall.poll) == 1


def test_who_voted_on_screen_is_asked_again_and_then_the_paper_wins(hall: Hall) -> None:
    cast(hall, 0)
    assert fault_of(hall, 0) is PaperFault.VOTED_ON_SCREEN
    assert len(board_of(hall.poll).electorate.ballots) == 1
    hall.issue(0, despite_screen=True)
    assert not board_of(hall.poll).electorate.ballots


def test_without_revoting_who_voted_on_screen_gets_no_paper(session: Session) -> None:
    hall = make_hall(make_community(), revote=False)
    cast(hall, 0)
    assert fault_of(hall, 0, despite_screen=True) is PaperFault.NO_REVOTE
    assert not papers_of(session, hall.poll)


def test_a_poll_on_paper_alone_just_strikes_off(session: Session) -> None:
    hall = make_hall(make_community(), by_screen=False)
    hall.issue(1)
    assert papers_of(session, hall.poll) == {2: VoteChannel.HALL}
    assert fault_of(hall, 1) is PaperFault.HAS_PAPER


def test_who_was_struck_off_or_is_on_another_roll_gets_no_paper(session: Session, hall: Hall) -> None:
    with transaction() as rows:
        rows.get_one(RollEntry, hall.poll.entries[0]).struck_off_at = NOW
    assert fault_of(hall, 0) is PaperFault.STRUCK_OFF
    other = make_hall(make_community(), voters=1)
    assert fault_of(hall, 0, entry_id=other.poll.entries[0]) is PaperFault.NOT_ON_ROLL
    with pytest.raises(NotFound):
        hall.issue(1, by=other.clerk)


def test_a_box_carried_around_has_its_own_channel(session: Session, hall: Hall) -> None:
    box = make_station(hall.poll, name="一号流动票箱", kind=StationKind.ROVING)
    hall.issue(0, station_id=box)
    assert papers_of(session, hall.poll) == {1: VoteChannel.ROVING}


def test_a_proxy_takes_the_paper_of_the_principal(session: Session, hall: Hall) -> None:
    mandate = make_mandate(hall, principal=0, holder=1)
    assert fault_of(hall, 2, mandate_id=mandate) is PaperFault.NO_MANDATE
    hall.issue(0, mandate_id=mandate)
    assert papers_of(session, hall.poll) == {1: VoteChannel.PROXY}
    assert fault_of(hall, 0) is PaperFault.HAS_PAPER
    hall.issue(1)
    assert voids_for_paper(hall.poll) == 2


def test_no_paper_before_the_poll_or_after_its_hour_or_from_an_offline_station(hall: Hall) -> None:
    assert fault_of(hall, 0, now=NOW + timedelta(days=3)) is PaperFault.NOT_OPEN
    box = make_station(hall.poll, name="流动票箱", is_offline=True)
    assert fault_of(hall, 0, station_id=box) is PaperFault.OFFLINE
    stop(hall.poll)
    assert fault_of(hall, 0) is PaperFault.NOT_OPEN


def test_only_the_door_hands_out_paper(hall: Hall) -> None:
    resident = Actor(person_id=hall.poll.people[0], community_id=hall.poll.community_id)
    helped = Actor(
        person_id=hall.clerk.person_id,
        community_id=hall.poll.community_id,
        roles=frozenset({Role.CLERK}),
        assisted_by=hall.second.person_id,
    )
    for actor in (resident, helped):
        with pytest.raises(NotEligible):
            hall.issue(0, by=actor)


def test_the_journal_names_the_station_and_never_the_voter(session: Session, hall: Hall) -> None:
    make_mandate(hall, principal=1, holder=2)
    hall.issue(0)
    paper.exchange_paper(station_id=hall.station, actor=hall.clerk, now=NOW)
    entries = session.scalars(select(JournalEntry).where(JournalEntry.action.like("poll.%paper"))).all()
    assert len(entries) == 2
    voters = {str(one) for one in (*hall.poll.people, *hall.poll.entries)}
    for entry in entries:
        assert not entry.is_public
        assert entry.payload["station"] == "社区活动室"
        written = json.dumps(entry.payload, default=str) + entry.reason + str(entry.subject_id)
        assert not any(voter in written for voter in voters)


def test_exchanges_are_counted_and_nothing_more(session: Session, hall: Hall) -> None:
    with pytest.raises(Invalid):
        paper.exchange_paper(station_id=hall.station, actor=hall.clerk, now=NOW)
    hall.issue(0)
    assert paper.exchange_paper(station_id=hall.station, actor=hall.clerk, now=NOW) == 1
    assert paper.exchange_paper(station_id=hall.station, actor=hall.second, now=NOW) == 2
    assert voids_for_paper(hall.poll) == 1


# Lists of stations without a network


@pytest.fixture
def roving(session: Session) -> Hall:
    """A hall, and a box without a network; voter 0 has a paper of the hall, voter 1 voted on screen."""
    hall = make_hall(make_community(), voters=6)
    hall.issue(0)
    cast(hall, 1)
    box = make_station(hall.poll, name="一号流动票箱", kind=StationKind.ROVING, is_offline=True)
    return Hall(hall.poll, box, hall.clerk, hall.second)


def enter(hall: Hall, *numbers: int, **terms: object) -> int:
    return paper.enter_list(
        **{"station_id": hall.station, "numbers": numbers, "actor": hall.clerk, "now": NOW, **terms}  # type: ignore[arg-type]
    )


def test_the_preview_says_of_each_number_who_it_is_or_what_is_wrong(session: Session, roving: Hall) -> None:
    with transaction() as rows:
        rows.get_one(RollEntry, roving.poll.entries[5]).struck_off_at = NOW
    make_mandate(roving, principal=2, holder=3)
    stop(roving.poll)
    rows = preview_list(
        session,
        poll=session.get_one(Poll, roving.poll.id),
        numbers=[1, 2, 3, 4, 4, 6, 99],
        by_proxy=[3, 4, 5],
    )
    said = {row.number: (row.fault, row.elsewhere, row.voids_ballot) for row in rows}
    assert said == {
        1: (PaperFault.HAS_PAPER, "社区活动室", False),
        2: (None, "", True),
        3: (None, "", False),
        4: (PaperFault.TWICE, "", False),
        6: (PaperFault.STRUCK_OFF, "", False),
        99: (PaperFault.NOT_ON_ROLL, "", False),
        5: (PaperFault.NO_MANDATE, "", False),
    }
    assert rows[2].holder == session.get_one(RollEntry, roving.poll.entries[3]).name


def test_a_list_is_entered_whole_or_not_at_all(session: Session, roving: Hall) -> None:
    stop(roving.poll)
    for wrong in ([2, 3, 1], [2, 99], [2, 2]):
        with pytest.raises(Invalid):
            enter(roving, *wrong)
    assert papers_of(session, roving.poll) == {1: VoteChannel.HALL}
    assert enter(roving, 2, 3, exchanged=1) == 2
    assert papers_of(session, roving.poll) == {
        1: VoteChannel.HALL,
        2: VoteChannel.ROVING,
        3: VoteChannel.ROVING,
    }
    # The ballot that voter 1 cast on screen gave way to the paper in the box.
    assert voids_for_paper(roving.poll) == 3
    assert not board_of(roving.poll).electorate.ballots
    with pytest.raises(TransitionNotAllowed):
        enter(roving, 4)


def test_a_list_with_a_proxy_keeps_the_mandate(session: Session, roving: Hall) -> None:
    make_mandate(roving, principal=2, holder=3)
    stop(roving.poll)
    enter(roving, 3, 4, by_proxy=[3])
    assert papers_of(session, roving.poll)[3] is VoteChannel.PROXY
    assert papers_of(session, roving.poll)[4] is VoteChannel.ROVING


def test_an_empty_list_is_a_list(session: Session, roving: Hall) -> None:
    stop(roving.poll)
    assert enter(roving) == 0
    assert session.get_one(Station, roving.station).list_entered_at == NOW


def test_lists_come_after_the_stop_before_the_close_and_from_offline_stations(
    session: Session, roving: Hall
) -> None:
    with pytest.raises(TransitionNotAllowed):
        enter(roving, 3)
    stop(roving.poll)
    desk = session.scalars(select(Station.id).where(Station.is_offline.is_(False))).one()
    with pytest.raises(TransitionNotAllowed):
        enter(roving, 3, station_id=desk)
    with transaction() as rows:
        rows.get_one(Poll, roving.poll.id).sealed_at = NOW
    with pytest.raises(TransitionNotAllowed):
        enter(roving, 3)


# Stations


@pytest.fixture
def planned(session: Session) -> tuple[SealedPoll, Actor]:
    community = make_community()
    poll = make_poll(community, questions=[FIVE_OF_TEN], by_paper=True)
    with transaction() as rows:
        row = rows.get_one(Poll, poll.id)
        row.state, row.opened_at = PollState.READY, None
    officer = make_officer(community, Role.ELECTION_OFFICER)
    return poll, actor_of(officer, Role.ELECTION_OFFICER)


WATCHED = ("孙一", "李二", "周三")


def test_a_station_is_added_changed_and_taken_out_before_the_poll_opens(
    session: Session, planned: tuple[SealedPoll, Actor]
) -> None:
    poll, officer = planned
    added = stations.add_station(
        poll_id=poll.id, plan=StationPlan("东门", StationKind.HALL, place="东门岗亭"), actor=officer, now=NOW
    )
    with pytest.raises(Invalid):
        stations.add_station(
            poll_id=poll.id, plan=StationPlan("东门", StationKind.HALL), actor=officer, now=NOW
        )
    stations.change_station(
        station_id=added,
        plan=StationPlan("东门", StationKind.ROVING, supervisors=WATCHED, scribe="吴老师", is_offline=True),
        actor=officer,
        now=NOW,
    )
    row = session.get_one(Station, added)
    assert (row.kind, row.supervisors, row.scribe, row.is_offline) == (
        StationKind.ROVING,
        list(WATCHED),
        "吴老师",
        True,
    )
    stations.remove_station(station_id=added, actor=officer, now=NOW)
    assert session.get(Station, added) is None


@pytest.mark.law("B23", "election.roving_box.supervisors")
def test_a_roving_box_is_watched_by_three_by_the_rule_in_force(planned: tuple[SealedPoll, Actor]) -> None:
    poll, officer = planned
    for watched in (WATCHED[:2], ("孙一", "孙一", "李二")):
        plan = StationPlan("流动票箱", StationKind.ROVING, supervisors=watched)
        with pytest.raises(RuleRefused) as refused:
            stations.add_station(poll_id=poll.id, plan=plan, actor=officer, now=NOW)
        assert refused.value.verdict.arithmetic == "2 < 3"


@pytest.mark.law("B24", "posts.polling_staff")
@pytest.mark.parametrize("field", ["supervisors", "scribe"])
def test_a_candidate_neither_watches_nor_writes(planned: tuple[SealedPoll, Actor], field: str) -> None:
    poll, officer = planned
    named = {"supervisors": (*WATCHED, "候选人4")} if field == "supervisors" else {"scribe": "候选人4"}
    plan = StationPlan("东门", StationKind.HALL, **named)  # type: ignore[arg-type]
    with pytest.raises(Invalid) as refused:
        stations.add_station(poll_id=poll.id, plan=plan, actor=officer, now=NOW)
    assert (refused.value.reason, refused.value.field) == ("candidate", field)


def test_a_candidate_does_not_watch_however_the_name_is_spaced(planned: tuple[SealedPoll, Actor]) -> None:
    poll, officer = planned
    plan = StationPlan("东门", StationKind.HALL, supervisors=(*WATCHED, "候选人　4"))
    with pytest.raises(Invalid):
        stations.add_station(poll_id=poll.id, plan=plan, actor=officer, now=NOW)


def test_an_open_poll_keeps_its_stations(hall: Hall) -> None:
    plan = StationPlan("东门", StationKind.HALL)
    with pytest.raises(TransitionNotAllowed):
        stations.add_station(poll_id=hall.poll.id, plan=plan, actor=hall.second, now=NOW)
    with pytest.raises(TransitionNotAllowed):
        stations.change_station(station_id=hall.station, plan=plan, actor=hall.second, now=NOW)
    with pytest.raises(TransitionNotAllowed):
        stations.remove_station(station_id=hall.station, actor=hall.second, now=NOW)
    with pytest.raises(NotEligible):
        stations.remove_station(station_id=hall.station, actor=hall.clerk, now=NOW)


# The desk


def test_the_desk_finds_by_name_number_household_and_group(session: Session) -> None:
    community = make_community()
    people = [make_person(community, name=name) for name in ("王秀英", "王大力", "李秀英")]
    hall = make_hall(community, people=people)
    poll = session.get_one(Poll, hall.poll.id)
    household = people[2].household

    def found(text: str) -> list[str]:
        page = search_desk(session, poll=poll, text=text, number=1)
        return [line.entry.name for line in page.items]

    assert found("王") == ["王秀英", "王大力"]
    assert found("３")[0] == "李秀英"
    assert found(household.number) == ["李秀英"]
    assert found(household.address) == ["李秀英"]
    assert len(found("第一居民小组")) == 3
    assert found("赵") == []
    assert found("100%") == []


def test_the_desk_says_one_word_and_who_stands_for_whom(session: Session) -> None:
    hall = make_hall(make_community(), voters=4)
    make_mandate(hall, principal=3, holder=2)
    hall.issue(0)
    cast(hall, 1)
    lines = search_desk(
        session, poll=session.get_one(Poll, hall.poll.id), text="第一居民小组", number=1
    ).items
    said = [(line.word, line.paper_at, line.voted_on_screen) for line in lines]
    assert said == [
        (Word.HAS_VOTED, "社区活动室", False),
        (Word.HAS_VOTED, None, True),
        (Word.MAY_VOTE, None, False),
        (Word.MAY_VOTE, None, False),
    ]
    assert [mandate.principal.position for mandate in lines[2].holds] == [4]
    assert lines[3].mandate is not None
    assert lines[3].mandate.holder.position == 3
