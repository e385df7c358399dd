"""Proxies: each limit of the rulebook by itself, with its sum, and until when one may be withdrawn."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import BodyKind, PostKind, Role
from civicforum.errors import AlreadyDone, Invalid, NotEligible, RuleRefused, TransitionNotAllowed
from civicforum.people.models import Community, Kinship
from civicforum.people.rules import KinshipKind
from civicforum.polls.electorates import Basis, Draw
from civicforum.polls.models import Mandate, PaperIssue, Poll, RollEntry, Station
from civicforum.polls.questions import QuestionKind, QuestionSpec
from civicforum.polls.rules import PollState, StationKind, VoteChannel
from civicforum.polls.services.casting import cast_sealed_ballot
from civicforum.polls.services.proxies import add_mandate, withdraw_mandate
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
from tests.support.polls import FOR, YES_NO, SealedPoll, make_poll, settings_now
from tests.support.rolls import OPENS, RECALL, election_officer, entry_of, make_draft, post

ELECTION = QuestionSpec(QuestionKind.SELECTION, "选主任", options=("王 芳", "李强"), most=1)
TERMS: dict[str, Any] = {
    "by_paper": True,
    "by_proxy": True,
    "state": PollState.READY,
    "opened_at": None,
    "opens_at": OPENS,
    "closes_at": OPENS + timedelta(days=1),
}


@pytest.fixture
def community(session: Session) -> Community:
    return make_community()


@pytest.fixture
def clerk(community: Community) -> Actor:
    return actor_of(make_officer(community, Role.CLERK), Role.CLERK)


@pytest.fixture
def poll(session: Session, community: Community) -> SealedPoll:
    names = ["王芳", "张伟", "赵敏", "钱进", "孙丽", "周涛"]
    people = [make_person(community, name=name) for name in names]
    return make_poll(community, people=people, questions=(ELECTION,), **TERMS)


def give(poll: SealedPoll, principal: int, holder: int, actor: Actor, *, now: datetime = NOW) -> uuid.UUID:
    return add_mandate(
        poll_id=poll.id,
        principal_id=poll.entries[principal],
        holder_id=poll.entries[holder],
        reason="外出务工",
        written_on=NOW.date(),
        actor=actor,
        now=now,
    )


def refusal(poll: SealedPoll, principal: int, holder: int, actor: Actor, **when: datetime) -> tuple[str, str]:
    """Return the rule that refused, and its sum."""
    with pytest.raises(RuleRefused) as refused:
        give(poll, principal, holder, actor, **when)
    return refused.value.verdict.rule.id, refused.value.verdict.arithmetic


@pytest.mark.law("B21", "proxy.in_writing", "proxy.away_only")
def test_a_written_proxy_between_two_on_the_roll_is_entered(
    session: Session, poll: SealedPoll, clerk: Actor
) -> None:
    mandate = session.get_one(Mandate, give(poll, 2, 1, clerk))
    assert (mandate.principal.name, mandate.holder.name, mandate.reason) == ("赵敏", "张伟", "外出务工")


@pytest.mark.law("B21", "proxy.per_holder")
def test_a_fourth_proxy_is_one_too_many(poll: SealedPoll, clerk: Actor) -> None:
    for principal in (2, 3, 4):
        give(poll, principal, 1, clerk)
    assert refusal(poll, 5, 1, clerk) == ("proxy.per_holder", "4 > 3")


def test_a_withdrawn_proxy_makes_room_for_another(session: Session, poll: SealedPoll, clerk: Actor) -> None:
    given = [give(poll, principal, 1, clerk) for principal in (2, 3, 4)]
    assert refusal(poll, 5, 1, clerk) == ("proxy.per_holder", "4 > 3")
    withdraw_mandate(poll_id=poll.id, mandate_id=given[0], reason="提前回家", actor=clerk, now=NOW)
    another = give(poll, 5, 1, clerk)
    held = select(Mandate.id).where(Mandate.holder_id == poll.entries[1], Mandate.withdrawn_at.is_(None))
    assert set(session.scalars(held)) == {*given[1:], another}


@pytest.mark.law("B21", "proxy.candidates")
def test_a_candidate_holds_no_proxy_however_the_name_is_spaced(poll: SealedPoll, clerk: Actor) -> None:
    assert refusal(poll, 2, 0, clerk) == ("proxy.candidates", "✗")


@pytest.mark.law("B21", "proxy.passed_on")
def test_a_proxy_is_not_passed_on(poll: SealedPoll, clerk: Actor) -> None:
    give(poll, 2, 1, clerk)
    # 张伟 holds one and would give his vote away; 赵敏 gave hers away and would hold one.
    assert refusal(poll, 1, 3, clerk) == ("proxy.passed_on", "1 > 0")
    assert refusal(poll, 3, 2, clerk) == ("proxy.passed_on", "1 > 0")


@pytest.mark.law("B21", "proxy.near_relatives_only")
def test_a_profile_lets_near_relatives_alone_hold_a_proxy(
    session: Session, community: Community, poll: SealedPoll, clerk: Actor
) -> None:
    session.get_one(Poll, poll.id).profile = "beijing-2026"
    people = [session.get_one(RollEntry, poll.entries[at]).person_id for at in (1, 2)]
    session.commit()
    assert refusal(poll, 2, 1, clerk) == ("proxy.near_relatives_only", "✓")
    kin = {"person_id": min(people), "relative_id": max(people), "kind": KinshipKind.SIBLING}
    session.add(Kinship(community_id=community.id, **kin))
    session.commit()
    give(poll, 2, 1, clerk)


@pytest.mark.law("B21", "proxy.apply")
def test_a_proxy_is_registered_three_days_before(poll: SealedPoll, clerk: Actor) -> None:
    # The poll opens on 1 April: 29 March is the last day.
    give(poll, 2, 1, clerk, now=OPENS - timedelta(days=3))
    late = OPENS - timedelta(days=2)
    assert refusal(poll, 3, 1, clerk, now=late) == ("proxy.apply", "2026-04-01 − 2026-03-30 = 2 < 3")


@pytest.mark.law("B21", "proxy.on_the_spot")
def test_no_proxy_is_given_at_the_polling_place(session: Session, poll: SealedPoll, clerk: Actor) -> None:
    row = session.get_one(Poll, poll.id)
    row.state, row.opened_at = PollState.OPEN, NOW
    session.commit()
    assert refusal(poll, 2, 1, clerk) == ("proxy.on_the_spot", "✗")


@pytest.mark.law("B21", "proxy.by_representatives")
def test_there_are_no_proxies_where_representatives_elect(session: Session, community: Community) -> None:
    officer = election_officer(community)
    seat = make_post(make_body(community, BodyKind.REPRESENTATIVE_ASSEMBLY), PostKind.REPRESENTATIVE)
    people = [make_person(community) for _ in range(2)]
    for person in people:
        make_term(person, seat)
    draw = Draw(Basis.POSTS, posts=((seat.body_id, PostKind.REPRESENTATIVE),))
    for is_statutory in (True, False):
        terms = RECALL if is_statutory else {"by_paper": True}
        poll_id = make_draft(community, **terms, by_proxy=True)
        post(poll_id, officer, draw=draw)
        sides = [entry_of(poll_id, person).id for person in people]
        drafted = SealedPoll(poll_id, community.id, [one.id for one in people], sides)
        if is_statutory:
            assert refusal(drafted, 0, 1, officer) == ("proxy.by_representatives", "✗")
        else:
            give(drafted, 0, 1, officer)


def test_what_the_form_itself_gets_wrong_is_said_beside_its_field(
    session: Session, community: Community, poll: SealedPoll, clerk: Actor
) -> None:
    other = make_poll(community, questions=(YES_NO,), **TERMS)
    give(poll, 2, 1, clerk)
    wrong: list[tuple[tuple[int, int], dict[str, Any], tuple[str, str]]] = [
        ((2, 3), {}, ("has_proxy", "principal")),
        ((1, 1), {}, ("same_person", "holder")),
        ((3, 1), {"principal_id": other.entries[0]}, ("principal_not_on_roll", "principal")),
        ((3, 1), {"holder_id": other.entries[0]}, ("holder_not_on_roll", "holder")),
        ((3, 1), {"written_on": NOW.date() + timedelta(days=1)}, ("written_later", "written_on")),
    ]
    for (principal, holder), changed, expected in wrong:
        values: dict[str, Any] = {
            "principal_id": poll.entries[principal],
            "holder_id": poll.entries[holder],
            "reason": "外出",
            "written_on": NOW.date(),
            **changed,
        }
        with pytest.raises(Invalid) as refused:
            add_mandate(poll_id=poll.id, actor=clerk, now=NOW, **values)
        assert (refused.value.reason, refused.value.field) == expected


def test_a_poll_without_proxies_takes_none(session: Session, community: Community, clerk: Actor) -> None:
    poll = make_poll(community, **{**TERMS, "by_proxy": False})
    with pytest.raises(Invalid, match="not_provided"):
        give(poll, 0, 1, clerk)


def test_a_resident_enters_no_proxy(poll: SealedPoll) -> None:
    with pytest.raises(NotEligible):
        give(poll, 2, 1, poll.actor(2))


def test_a_proxy_is_withdrawn_with_a_reason_once(session: Session, poll: SealedPoll, clerk: Actor) -> None:
    mandate_id = give(poll, 2, 1, clerk)
    said: dict[str, Any] = {
        "poll_id": poll.id,
        "mandate_id": mandate_id,
        "reason": "提前回家",
        "actor": clerk,
    }
    withdraw_mandate(**said, now=NOW)
    mandate = session.get_one(Mandate, mandate_id)
    assert (mandate.withdrawn_at, mandate.withdrawal) == (NOW, "提前回家")
    with pytest.raises(AlreadyDone):
        withdraw_mandate(**said, now=NOW)
    give(poll, 2, 3, clerk)


@pytest.fixture
def open_poll(session: Session, poll: SealedPoll, clerk: Actor) -> tuple[SealedPoll, uuid.UUID]:
    """A poll with one proxy, of voter 2, that has been opened since."""
    mandate_id = give(poll, 2, 1, clerk)
    row = session.get_one(Poll, poll.id)
    row.state, row.opened_at = PollState.OPEN, OPENS
    session.commit()
    return poll, mandate_id


def test_a_proxy_whose_ballot_is_on_the_board_stands(
    open_poll: tuple[SealedPoll, uuid.UUID], clerk: Actor
) -> None:
    poll, mandate_id = open_poll
    cast_sealed_ballot(
        poll_id=poll.id,
        entry_id=poll.entries[2],
        ballot=poll.seal(2, [FOR]),
        actor=poll.actor(1),
        settings=settings_now(),
        now=OPENS,
    )
    with pytest.raises(Invalid, match="has_voted"):
        withdraw_mandate(poll_id=poll.id, mandate_id=mandate_id, reason="回家", actor=clerk, now=OPENS)


def test_a_proxy_for_whom_a_paper_was_handed_out_stands(
    session: Session, open_poll: tuple[SealedPoll, uuid.UUID], clerk: Actor
) -> None:
    poll, mandate_id = open_poll
    where = {"community_id": poll.community_id, "poll_id": poll.id}
    station = Station(**where, name="活动室", kind=StationKind.HALL)
    session.add(station)
    session.flush()
    session.add(
        PaperIssue(
            **where,
            roll_entry_id=poll.entries[2],
            station_id=station.id,
            channel=VoteChannel.PROXY,
            mandate_id=mandate_id,
            issued_by_id=clerk.person_id,
            issued_at=OPENS,
        )
    )
    session.commit()
    with pytest.raises(Invalid, match="has_voted"):
        withdraw_mandate(poll_id=poll.id, mandate_id=mandate_id, reason="回家", actor=clerk, now=OPENS)


def test_after_the_stop_no_proxy_is_withdrawn(
    session: Session, open_poll: tuple[SealedPoll, uuid.UUID], clerk: Actor
) -> None:
    poll, mandate_id = open_poll
    row = session.get_one(Poll, poll.id)
    row.state, row.closed_at = PollState.CLOSED, OPENS
    session.commit()
    with pytest.raises(TransitionNotAllowed):
        withdraw_mandate(poll_id=poll.id, mandate_id=mandate_id, reason="回家", actor=clerk, now=OPENS)
    assert session.scalars(select(Mandate.withdrawn_at)).all() == [None]
