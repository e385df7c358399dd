"""Objections to a posted roll, rulings on them, and dated corrections before and after the freeze."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum import sealed
from civicforum.accounts.rules import Actor
from civicforum.errors import AlreadyDone, Invalid, NotEligible, NotFound, RuleRefused, TransitionNotAllowed
from civicforum.people.models import Community, Person
from civicforum.polls.electorates import Basis
from civicforum.polls.errors import BallotRefused
from civicforum.polls.models import CredentialLink, Mandate, Poll, RollCorrection, RollEntry, RollObjection
from civicforum.polls.queries import rolls as queries
from civicforum.polls.rules import CorrectionKind, ObjectionKind, PollFault, PollState, Ruling
from civicforum.polls.services import boards, objecting, proxies
from civicforum.polls.services.casting import cast_sealed_ballot
from civicforum.polls.services.correcting import add_to_roll, strike_off
from civicforum.records.models import JournalEntry
from civicforum.sealed import Why
from tests.factories import NOW, actor_of, make_community, make_household, make_person
from tests.support.polls import FOR, SealedPoll, make_poll, settings_now
from tests.support.rolls import OPENS, RECALL, RESIDENTS, election_officer, entry_of, freeze, make_draft, post

# Posted on 2 March: five days end with 7 March in Shanghai.
LAST_INSTANT = datetime(2026, 3, 7, 15, 59, 59, 999999, tzinfo=UTC)
AFTER_OBJECTIONS = NOW + timedelta(days=6)


@pytest.fixture
def community(session: Session) -> Community:
    return make_community()


@pytest.fixture
def officer(community: Community) -> Actor:
    return election_officer(community)


def file(
    poll_id: uuid.UUID,
    actor: Actor,
    *,
    kind: ObjectionKind = ObjectionKind.OMITTED,
    entry: RollEntry | None = None,
    about: str = "张伟",
    now: datetime = NOW,
) -> uuid.UUID:
    return objecting.object_to_roll(
        poll_id=poll_id,
        kind=kind,
        entry_id=entry.id if entry else None,
        about="" if entry else about,
        text="他一直住在三号楼。",
        actor=actor,
        now=now,
    )


def rule(
    poll_id: uuid.UUID,
    objection_id: uuid.UUID,
    actor: Actor,
    ruling: Ruling,
    *,
    person: Person | None = None,
    now: datetime = NOW,
) -> None:
    objecting.rule_on_objection(
        poll_id=poll_id,
        objection_id=objection_id,
        ruling=ruling,
        text="经查户籍登记。",
        person_id=person.id if person else None,
        actor=actor,
        now=now,
    )


def corrections(session: Session, poll_id: uuid.UUID) -> list[tuple[str, CorrectionKind, datetime]]:
    return [
        (one.entry.name, one.kind, one.made_at) for one in queries.list_corrections(session, poll_id=poll_id)
    ]


@pytest.mark.parametrize("is_statutory", [True, False])
def test_the_last_second_is_in_time_and_the_next_is_not(
    session: Session, community: Community, officer: Actor, is_statutory: bool
) -> None:
    poll_id = make_draft(community, **RECALL if is_statutory else {})
    resident = actor_of(make_person(community))
    post(poll_id, officer)
    file(poll_id, resident, now=LAST_INSTANT)
    with pytest.raises(RuleRefused if is_statutory else Invalid) as refused:
        file(poll_id, resident, about="李强", now=LAST_INSTANT + timedelta(microseconds=1))
    said = "roll.objection: 2026-03-08 − 2026-03-02 = 6 > 5" if is_statutory else "too_late"
    assert str(refused.value) == said


def test_an_objection_is_ruled_on_within_three_days(
    session: Session, community: Community, officer: Actor
) -> None:
    poll_id = make_draft(community)
    post(poll_id, officer)
    objection_id = file(poll_id, actor_of(make_person(community)))
    objection = session.get_one(RollObjection, objection_id)
    # 5 March, the last instant in Shanghai.
    assert objection.due_at == datetime(2026, 3, 5, 15, 59, 59, 999999, tzinfo=UTC)


def test_who_objects_is_a_resident_of_the_place_and_is_not_published(
    session: Session, community: Community, officer: Actor
) -> None:
    poll_id = make_draft(community)
    post(poll_id, officer)
    with pytest.raises(NotFound):
        file(poll_id, actor_of(make_person(make_community(name="翠湖社区"))))
    with pytest.raises(NotEligible):
        file(poll_id, actor_of(make_person(community, left_on=(NOW - timedelta(days=9)).date())))
    helped = replace(actor_of(make_person(community)), assisted_by=officer.person_id)
    file(poll_id, helped)
    entry = session.scalars(select(JournalEntry).where(JournalEntry.action == "poll.object_to_roll")).one()
    assert (entry.is_public, entry.assisted_by_id) == (False, officer.person_id)


def test_an_objection_names_what_it_is_about(session: Session, community: Community, officer: Actor) -> None:
    resident = make_person(community)
    poll_id, other = make_draft(community), make_draft(community)
    post(poll_id, officer)
    post(other, officer)
    with pytest.raises(Invalid, match="no_name"):
        file(poll_id, actor_of(resident), about="")
    with pytest.raises(Invalid, match="no_entry"):
        objecting.object_to_roll(
            poll_id=poll_id,
            kind=ObjectionKind.WRONGLY_LISTED,
            entry_id=None,
            about="",
            text="他已搬走。",
            actor=actor_of(resident),
            now=NOW,
        )
    with pytest.raises(NotFound):
        file(
            poll_id,
            actor_of(resident),
            kind=ObjectionKind.WRONGLY_LISTED,
            entry=entry_of(other, resident),
        )


def test_a_double_tap_files_one_objection(session: Session, community: Community, officer: Actor) -> None:
    poll_id = make_draft(community)
    resident = actor_of(make_person(community))
    post(poll_id, officer)
    file(poll_id, resident)
    with pytest.raises(AlreadyDone):
        file(poll_id, resident)
    assert queries.count_objections(session, poll_id=poll_id).filed == 1


def test_upholding_that_somebody_is_missing_adds_them(
    session: Session, community: Community, officer: Actor
) -> None:
    missing = make_person(community, name="张伟", capacities=[])
    poll_id = make_draft(community)
    post(poll_id, officer)
    objection_id = file(poll_id, actor_of(missing))
    with pytest.raises(Invalid, match="no_person"):
        rule(poll_id, objection_id, officer, Ruling.UPHELD)
    rule(poll_id, objection_id, officer, Ruling.UPHELD, person=missing)
    added = entry_of(poll_id, missing)
    assert (added.position, added.ground) == (2, "ruling")
    assert corrections(session, poll_id) == [("张伟", CorrectionKind.ADDED, NOW)]
    with pytest.raises(AlreadyDone):
        rule(poll_id, objection_id, officer, Ruling.REJECTED)


def test_somebody_who_came_into_the_register_since_gets_the_ground_of_the_draw(
    session: Session, community: Community, officer: Actor
) -> None:
    poll_id = make_draft(community)
    post(poll_id, officer)
    missing = make_person(community)
    rule(poll_id, file(poll_id, actor_of(missing)), officer, Ruling.UPHELD, person=missing)
    assert entry_of(poll_id, missing).ground == "capacity.hukou"


def test_upholding_that_somebody_is_wrongly_listed_strikes_them_off(
    session: Session, community: Community, officer: Actor
) -> None:
    person = make_person(community, name="张伟")
    poll_id = make_draft(community)
    post(poll_id, officer)
    entry = entry_of(poll_id, person)
    objection_id = file(poll_id, actor_of(person), kind=ObjectionKind.WRONGLY_LISTED, entry=entry)
    rule(poll_id, objection_id, officer, Ruling.UPHELD)
    assert entry_of(poll_id, person).struck_off_at == NOW
    assert corrections(session, poll_id) == [("张伟", CorrectionKind.STRUCK_OFF, NOW)]


def test_upholding_wrong_details_writes_what_the_register_says(
    session: Session, community: Community, officer: Actor
) -> None:
    person = make_person(community, name="张炜")
    poll_id = make_draft(community)
    post(poll_id, officer)
    objection_id = file(
        poll_id, actor_of(person), kind=ObjectionKind.WRONG_DETAILS, entry=entry_of(poll_id, person)
    )
    with pytest.raises(Invalid, match="unchanged"):
        rule(poll_id, objection_id, officer, Ruling.UPHELD)
    person.name = "张伟"
    session.commit()
    rule(poll_id, objection_id, officer, Ruling.UPHELD)
    assert corrections(session, poll_id) == [("张伟", CorrectionKind.CHANGED, NOW)]


def test_a_rejected_objection_changes_nothing(session: Session, community: Community, officer: Actor) -> None:
    person = make_person(community)
    poll_id = make_draft(community)
    post(poll_id, officer)
    entry = entry_of(poll_id, person)
    objection_id = file(poll_id, actor_of(person), kind=ObjectionKind.WRONGLY_LISTED, entry=entry)
    rule(poll_id, objection_id, officer, Ruling.REJECTED)
    assert entry_of(poll_id, person).struck_off_at is None
    assert corrections(session, poll_id) == []
    objection = session.get_one(RollObjection, objection_id)
    assert (objection.ruling, objection.ruling_text) == (Ruling.REJECTED, "经查户籍登记。")


def test_a_resident_does_not_rule_or_correct(session: Session, community: Community, officer: Actor) -> None:
    resident = make_person(community)
    poll_id = make_draft(community)
    post(poll_id, officer)
    objection_id = file(poll_id, actor_of(resident))
    with pytest.raises(NotEligible):
        rule(poll_id, objection_id, actor_of(resident), Ruling.REJECTED)
    with pytest.raises(NotEligible):
        strike_off(
            poll_id=poll_id,
            entry_id=entry_of(poll_id, resident).id,
            reason="去世",
            decision="1号",
            actor=actor_of(resident),
            now=NOW,
        )


def test_a_second_person_of_a_household_is_not_added_where_households_elect(
    session: Session, community: Community, officer: Actor
) -> None:
    home = make_household(community)
    make_person(community, household=home)
    second = make_person(community, household=home)
    poll_id = make_draft(community)
    post(poll_id, officer, draw=replace(RESIDENTS, basis=Basis.HOUSEHOLDS))
    with pytest.raises(Invalid, match="household_has_one"):
        add_to_roll(poll_id=poll_id, person_id=second.id, reason="遗漏", decision="", actor=officer, now=NOW)


def test_a_correction_after_the_freeze_leaves_the_number_of_members_alone(
    session: Session, community: Community, officer: Actor
) -> None:
    late, person = make_person(community, capacities=[]), make_person(community)
    poll_id = make_draft(community, by_screen=False, by_paper=True)
    post(poll_id, officer)
    freeze(poll_id, officer, now=AFTER_OBJECTIONS)
    said: dict[str, Any] = {"poll_id": poll_id, "reason": "街道决定", "decision": "2号", "actor": officer}
    strike_off(entry_id=entry_of(poll_id, person).id, **said, now=AFTER_OBJECTIONS)
    add_to_roll(person_id=late.id, **said, now=AFTER_OBJECTIONS + timedelta(hours=1))
    assert session.get_one(Poll, poll_id).members == 2
    # Struck off and added again: the same place on the roll, and every step dated.
    add_to_roll(person_id=person.id, **said, now=AFTER_OBJECTIONS + timedelta(days=1))
    assert [kind for _, kind, _ in corrections(session, poll_id)] == [
        CorrectionKind.STRUCK_OFF,
        CorrectionKind.ADDED,
        CorrectionKind.ADDED,
    ]
    with pytest.raises(Invalid, match="on_roll"):
        add_to_roll(person_id=late.id, **said, now=AFTER_OBJECTIONS)


@pytest.fixture
def sealed_poll(session: Session, community: Community) -> SealedPoll:
    return make_poll(community)


def strike_voter(poll: SealedPoll, voter: int, officer: Actor, *, now: datetime = NOW) -> None:
    strike_off(
        poll_id=poll.id,
        entry_id=poll.entries[voter],
        reason="已去世",
        decision="选委会3号",
        actor=officer,
        now=now,
    )


def test_a_strike_off_voids_the_credential_on_the_board(
    session: Session, sealed_poll: SealedPoll, officer: Actor
) -> None:
    def cast(sequence: int) -> None:
        cast_sealed_ballot(
            poll_id=sealed_poll.id,
            entry_id=sealed_poll.entries[0],
            ballot=sealed_poll.seal(0, [FOR], sequence=sequence),
            actor=sealed_poll.actor(0),
            settings=settings_now(),
            now=NOW,
        )

    cast(0)
    strike_voter(sealed_poll, 0, officer)
    board = boards.replay(session, sealed_poll.id)
    public = session.scalars(
        select(CredentialLink.public).where(CredentialLink.roll_entry_id == sealed_poll.entries[0])
    ).one()
    assert board.electorate.standings[public].void is Why.STRUCK_OFF
    assert not board.electorate.ballots
    assert session.get_one(Poll, sealed_poll.id).members == 3
    with pytest.raises(BallotRefused) as refused:
        cast(1)
    assert refused.value.fault is PollFault.STRUCK_OFF
    with pytest.raises(Invalid, match="not_on_roll"):
        strike_voter(sealed_poll, 0, officer)


def test_after_the_stop_nobody_is_struck_off(
    session: Session, sealed_poll: SealedPoll, officer: Actor
) -> None:
    with pytest.raises(TransitionNotAllowed):
        strike_voter(sealed_poll, 0, officer, now=NOW + timedelta(days=3))
    poll = session.get_one(Poll, sealed_poll.id)
    poll.state, poll.closed_at = PollState.CLOSED, NOW
    session.commit()
    with pytest.raises(TransitionNotAllowed):
        strike_voter(sealed_poll, 0, officer)


def test_who_holds_a_paper_is_not_struck_off(
    session: Session, sealed_poll: SealedPoll, officer: Actor
) -> None:
    public = session.scalars(
        select(CredentialLink.public).where(CredentialLink.roll_entry_id == sealed_poll.entries[0])
    ).one()
    row = session.get_one(Poll, sealed_poll.id)
    boards.append(session, poll=row, line=sealed.void_line(public, Why.PAPER), credential=public)
    session.commit()
    with pytest.raises(Invalid, match="has_paper"):
        strike_voter(sealed_poll, 0, officer)


def test_nobody_is_added_once_the_credentials_stand(
    session: Session, community: Community, sealed_poll: SealedPoll, officer: Actor
) -> None:
    with pytest.raises(Invalid, match="frozen"):
        add_to_roll(
            poll_id=sealed_poll.id,
            person_id=make_person(community).id,
            reason="法院判决",
            decision="",
            actor=officer,
            now=NOW,
        )


def test_a_strike_off_ends_the_proxies_of_that_person(
    session: Session, community: Community, officer: Actor
) -> None:
    principal, holder = make_person(community), make_person(community)
    poll_id = make_draft(community, by_paper=True, by_proxy=True)
    post(poll_id, officer)
    mandate_id = proxies.add_mandate(
        poll_id=poll_id,
        principal_id=entry_of(poll_id, principal).id,
        holder_id=entry_of(poll_id, holder).id,
        reason="外出务工",
        written_on=NOW.date(),
        actor=officer,
        now=NOW,
    )
    strike_off(
        poll_id=poll_id,
        entry_id=entry_of(poll_id, holder).id,
        reason="已迁出",
        decision="",
        actor=officer,
        now=OPENS - timedelta(days=1),
    )
    mandate = session.get_one(Mandate, mandate_id)
    assert (mandate.withdrawn_at, mandate.withdrawal) == (OPENS - timedelta(days=1), "已迁出")


def test_nothing_is_ever_deleted_from_a_posted_roll(
    session: Session, community: Community, officer: Actor
) -> None:
    person = make_person(community)
    poll_id = make_draft(community)
    post(poll_id, officer)
    before = queries.list_entries(session, poll_id=poll_id).total
    strike_off(
        poll_id=poll_id,
        entry_id=entry_of(poll_id, person).id,
        reason="重复登记",
        decision="",
        actor=officer,
        now=NOW,
    )
    assert queries.list_entries(session, poll_id=poll_id).total == before
    assert queries.count_entries(session, poll_id=poll_id) == before - 1
    assert session.scalars(select(RollCorrection.reason)).all() == ["重复登记"]
