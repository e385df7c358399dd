"""The key ceremony: each trustee once, in turn, and nothing but what the protocol allows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum import sealed
from civicforum.bodies.rules import Role
from civicforum.database import db, transaction
from civicforum.errors import AlreadyDone, Invalid, NotEligible, NotFound, TransitionNotAllowed
from civicforum.people.models import Kinship, Person
from civicforum.people.rules import KinshipKind
from civicforum.polls import keyring
from civicforum.polls.errors import KeyholderRefused
from civicforum.polls.keyholders import KeyholderFault, Round
from civicforum.polls.models import Poll, RollEntry
from civicforum.polls.queries.trustees import (
    Awaited,
    current_round,
    find_ceremony,
    list_awaited,
    list_ended,
    list_warnings,
)
from civicforum.polls.rules import PollState
from civicforum.polls.services import boards, drill, trustees
from civicforum.records.models import JournalEntry
from civicforum.sealed.ceremony import Ceremony, parse_deal, parse_hello
from tests.factories import NOW, actor_of, make_community, make_officer, make_person
from tests.support.keyholders import Keyholder, KeyPoll, make_key_poll, message_of
from tests.support.polls import FIVE_OF_TEN, settings_now
from tests.support.statements import count_statements

F = KeyholderFault


@pytest.fixture
def poll(session: Session) -> KeyPoll:
    community = make_community()
    officer = make_officer(community, Role.ELECTION_OFFICER)
    return make_key_poll(community, actor_of(officer, Role.ELECTION_OFFICER), questions=[FIVE_OF_TEN])


def fault(act: Callable[[], Any]) -> KeyholderFault:
    with pytest.raises(KeyholderRefused) as refused:
        act()
    return refused.value.fault


def go_until(poll: KeyPoll, round_: Round) -> None:
    """Start a ceremony, and hold it up to this round."""
    poll.start()
    says = [poll.say_hello, poll.say_heard, poll.say_deal, poll.say_confirm]
    for say, own in zip(says, (Round.HELLO, Round.HEARD, Round.DEAL, Round.CONFIRM), strict=True):
        if own is round_:
            return
        for one in poll.keyholders:
            say(one)


def test_three_trustees_make_a_key_and_open_the_drill(poll: KeyPoll) -> None:
    poll.hold_ceremony()
    ceremony = poll.ceremony()
    assert current_round(ceremony) is Round.DONE
    assert (ceremony.finished_at, ceremony.drilled_at) == (NOW, NOW)
    board = drill.replay_drill(ceremony.drill)
    assert board.result is not None
    assert sum(board.result["counts"]) == 3
    found = drill.counts_of_drill(ceremony.drill)
    assert found is not None
    assert [count for _colour, count in found] == board.result["counts"]


def test_every_step_stands_in_the_journal_and_no_seed_does(session: Session, poll: KeyPoll) -> None:
    poll.hold_ceremony()
    entries = session.scalars(select(JournalEntry).where(JournalEntry.subject_id == poll.id)).all()
    actions = [entry.action for entry in entries]
    assert actions.count("poll.ceremony_hello") == actions.count("poll.ceremony_drill") == 3
    kept = " ".join(str(entry.payload) for entry in entries) + str(poll.ceremony().drill)
    for one in poll.keyholders:
        assert one.seed.hex() not in kept
        assert sealed.to_base64(one.seed) not in kept


def test_only_who_runs_the_poll_names_trustees(poll: KeyPoll) -> None:
    people = [one.actor.person_id for one in poll.keyholders]
    with pytest.raises(NotEligible):
        trustees.name_trustees(poll_id=poll.id, person_ids=people, actor=poll.keyholders[0].actor, now=NOW)


def test_a_second_ceremony_waits_for_the_end_of_the_first(poll: KeyPoll) -> None:
    poll.start()
    with pytest.raises(AlreadyDone):
        poll.start()


def test_a_candidate_and_a_candidates_relative_keep_no_key(session: Session, poll: KeyPoll) -> None:
    first = session.get_one(Person, poll.keyholders[0].actor.person_id)
    first.name = "候选人 3"
    session.commit()
    with pytest.raises(Invalid, match="on_paper"):
        poll.start()
    first.name = "无关者"
    candidate = make_person(poll_community(session, poll), name="候选人4")
    session.add(
        Kinship(
            community_id=poll.poll.community_id,
            person_id=candidate.id,
            relative_id=first.id,
            kind=next(iter(KinshipKind)),
        )
    )
    session.commit()
    with pytest.raises(Invalid, match="on_paper") as refused:
        poll.start()
    assert refused.value.field == "trustee_1"


def poll_community(session: Session, poll: KeyPoll) -> Any:
    return session.get_one(type(make_community()), poll.poll.community_id)


@pytest.mark.parametrize(
    ("which", "reason"), [([0, 1], "number"), ([0, 1, 1], "twice"), ([0, 1, 2, 0], "number")]
)
def test_as_many_different_people_as_the_poll_has_trustees(
    poll: KeyPoll, which: list[int], reason: str
) -> None:
    people = [poll.keyholders[at].actor.person_id for at in which]
    with pytest.raises(Invalid, match=reason):
        trustees.name_trustees(poll_id=poll.id, person_ids=people, actor=poll.officer, now=NOW)


def test_who_cannot_sign_in_cannot_be_a_trustee(session: Session, poll: KeyPoll) -> None:
    people = [one.actor.person_id for one in poll.keyholders[:2]]
    people.append(make_person(poll_community(session, poll)).id)
    with pytest.raises(Invalid, match="no_account"):
        trustees.name_trustees(poll_id=poll.id, person_ids=people, actor=poll.officer, now=NOW)


def test_trustees_of_one_body_or_one_family_are_a_warning(session: Session, poll: KeyPoll) -> None:
    community = poll_community(session, poll)
    officers = [make_officer(community, Role.SUPERVISOR) for _ in range(2)]
    people = [*officers, session.get_one(Person, poll.keyholders[0].actor.person_id)]
    session.add(
        Kinship(
            community_id=community.id,
            person_id=people[0].id,
            relative_id=people[2].id,
            kind=next(iter(KinshipKind)),
        )
    )
    session.commit()
    ids = [person.id for person in people]
    trustees.name_trustees(poll_id=poll.id, person_ids=ids, actor=poll.officer, now=NOW)
    warned = list_warnings(session, poll.ceremony(), now=NOW)
    assert sorted(one.kind for one in warned) == ["relatives", "same_body"]


def test_a_stranger_and_a_clerk_at_the_desk_say_nothing(poll: KeyPoll) -> None:
    poll.start()
    stranger = Keyholder(poll.officer, 1)
    with pytest.raises(NotEligible):
        poll.say_hello(stranger)
    first = poll.keyholders[0]
    helped = type(first.actor)(
        person_id=first.actor.person_id,
        community_id=first.actor.community_id,
        assisted_by=poll.officer.person_id,
    )
    with pytest.raises(NotEligible):
        poll.say_hello(Keyholder(helped, 1, first.seed))


def test_a_trustee_does_not_speak_for_another(poll: KeyPoll) -> None:
    poll.start()
    first, second = poll.keyholders[:2]
    assert fault(lambda: poll.say_hello(Keyholder(first.actor, second.number, second.seed))) is F.BAD_MESSAGE


@pytest.mark.parametrize("round_", [Round.HEARD, Round.DEAL, Round.CONFIRM])
def test_no_round_begins_before_the_one_before_has_ended(poll: KeyPoll, round_: Round) -> None:
    go_until(poll, round_)
    later = {
        Round.HEARD: lambda one: poll.say_deal(one),
        Round.DEAL: lambda one: trustees.take_confirm(poll_id=poll.id, message={}, actor=one.actor, now=NOW),
        Round.CONFIRM: lambda one: trustees.take_drill_share(
            poll_id=poll.id, line=b"{}", actor=one.actor, now=NOW
        ),
    }[round_]
    assert fault(lambda: later(poll.keyholders[0])) is F.NOT_NOW


def test_the_same_message_again_changes_nothing_and_another_is_refused(poll: KeyPoll) -> None:
    poll.start()
    first = poll.keyholders[0]
    poll.say_hello(first)
    poll.say_hello(first)
    other_slip = Keyholder(first.actor, 1)
    assert fault(lambda: poll.say_hello(other_slip)) is F.SAID_OTHERWISE
    for one in poll.keyholders[1:]:
        poll.say_hello(one)
    assert fault(lambda: poll.say_hello(other_slip)) is F.SAID_OTHERWISE


def test_other_characters_on_a_screen_are_refused(poll: KeyPoll) -> None:
    go_until(poll, Round.HEARD)
    first = poll.keyholders[0]

    def hear_others() -> None:
        trustees.take_heard(poll_id=poll.id, characters="00000000", actor=first.actor, now=NOW)

    assert fault(hear_others) is F.OTHER_CHARACTERS


def test_a_deal_of_another_seed_is_refused(poll: KeyPoll) -> None:
    """The commitment of the hello stops who would choose the key after seeing the others'."""
    go_until(poll, Round.DEAL)
    changed = Keyholder(poll.keyholders[0].actor, 1)
    assert fault(lambda: poll.say_deal(changed)) is F.BAD_MESSAGE


def test_a_deal_of_a_wrong_degree_is_refused(poll: KeyPoll) -> None:
    go_until(poll, Round.DEAL)
    first, ceremony = poll.keyholders[0], poll.ceremony()
    wider = Ceremony(bytes(ceremony.sealed_id), 3, 3)
    hellos = [parse_hello(one.hello) for one in ceremony.trustees]
    deal = message_of(sealed.Trustee(wider, 1, first.seed).deal(hellos))

    def deal_wider() -> None:
        trustees.take_deal(poll_id=poll.id, message=deal, actor=first.actor, now=NOW)

    assert fault(deal_wider) is F.BAD_MESSAGE


def test_a_bad_share_is_found_by_its_receiver_and_ends_in_a_complaint(poll: KeyPoll) -> None:
    """The server cannot see a dealt share; the browser of its receiver can."""
    go_until(poll, Round.DEAL)
    first, second, third = poll.keyholders
    bad = poll.deal_of(first)
    bad["shares"][1] = bad["shares"][0]
    trustees.take_deal(poll_id=poll.id, message=bad, actor=first.actor, now=NOW)
    poll.say_deal(second)
    poll.say_deal(third)
    with pytest.raises(sealed.Refused, match="trustee 1 dealt a bad share"):
        poll.confirm_of(second)
    trustees.complain(poll_id=poll.id, text="第一位发来的份额不对", actor=second.actor, now=NOW)
    assert find_ceremony(db.session(), poll.id) is None


def test_a_confirmation_of_another_share_is_refused(poll: KeyPoll) -> None:
    go_until(poll, Round.CONFIRM)
    first, second = poll.keyholders[:2]
    borrowed = {**poll.confirm_of(second), "i": 1}

    def confirm() -> None:
        trustees.take_confirm(poll_id=poll.id, message=borrowed, actor=first.actor, now=NOW)

    assert fault(confirm) is F.BAD_MESSAGE


@pytest.mark.parametrize("message", [None, [], "x", {"i": 1}, {"i": 1, "ek": "", "commit": "", "more": 1}])
def test_a_message_that_is_none_is_refused(poll: KeyPoll, message: Any) -> None:
    poll.start()

    def say() -> None:
        trustees.take_hello(poll_id=poll.id, message=message, actor=poll.keyholders[0].actor, now=NOW)

    assert fault(say) is F.BAD_MESSAGE


def test_the_drill_wants_every_slip_once(poll: KeyPoll) -> None:
    go_until(poll, Round.DRILL)
    first, second, third = poll.keyholders
    poll.say_drill(first)
    poll.say_drill(first)
    poll.say_drill(second)
    assert current_round(poll.ceremony()) is Round.DRILL
    stolen = poll.drill_line(third)

    def give_stolen() -> None:
        trustees.take_drill_share(poll_id=poll.id, line=stolen, actor=first.actor, now=NOW)

    assert fault(give_stolen) is F.BAD_MESSAGE
    poll.say_drill(third)
    assert current_round(poll.ceremony()) is Round.DONE


def test_a_complaint_ends_the_ceremony_for_all_to_see_and_old_slips_do_not_fit_the_next(
    session: Session, poll: KeyPoll
) -> None:
    go_until(poll, Round.DRILL)
    old = poll.confirm_of(poll.keyholders[0])
    trustees.complain(poll_id=poll.id, text="口令条丢了", actor=poll.keyholders[1].actor, now=NOW)
    assert [one.complaint for one in list_ended(session, poll.id)] == ["口令条丢了"]
    with pytest.raises(NotFound):
        trustees.take_confirm(poll_id=poll.id, message=old, actor=poll.keyholders[0].actor, now=NOW)
    poll.start()
    for one in poll.keyholders:
        one.seed = bytes(reversed(one.seed))
    for one in poll.keyholders:
        poll.say_hello(one)
    assert current_round(poll.ceremony()) is Round.HEARD


def test_only_a_trustee_or_who_runs_the_poll_complains(session: Session, poll: KeyPoll) -> None:
    poll.start()
    stranger = actor_of(make_person(poll_community(session, poll)))
    with pytest.raises(NotEligible):
        trustees.complain(poll_id=poll.id, text="不对", actor=stranger, now=NOW)
    with pytest.raises(Invalid, match="empty"):
        trustees.complain(poll_id=poll.id, text="  ", actor=poll.officer, now=NOW)


def awaited(poll: KeyPoll) -> list[Awaited]:
    return list_awaited(db.session(), db.session.get_one(Poll, poll.id))


def test_the_box_is_founded_when_nothing_is_awaited_any_more(session: Session, poll: KeyPoll) -> None:
    assert awaited(poll) == [Awaited.CARDS, Awaited.CEREMONY, Awaited.DRILL]
    assert fault(poll.found) is F.NOT_READY
    go_until(poll, Round.DRILL)
    poll.make_cards()
    assert awaited(poll) == [Awaited.DRILL]
    for one in poll.keyholders:
        poll.say_drill(one)
    key = poll.found()
    row = session.get_one(Poll, poll.id)
    assert row.state is PollState.READY
    assert boards.replay(session, poll.id).manifest.race.key == key
    entry = session.scalars(select(JournalEntry).where(JournalEntry.action == "poll.found")).one()
    assert entry.payload["key"] == trustees.fingerprint(key)
    keys = keyring.read_keys(settings_now().instance, poll.id)
    assert (keys.seed, keys.cards) == (None, None)


def test_a_roll_that_may_still_change_is_awaited(session: Session, poll: KeyPoll) -> None:
    with transaction() as own:
        own.get_one(Poll, poll.id).roll_frozen_at = None
    poll.hold_ceremony()
    poll.make_cards()
    assert awaited(poll) == [Awaited.FROZEN_ROLL]


def test_nobody_without_a_card_may_be_left_behind(session: Session, poll: KeyPoll) -> None:
    poll.hold_ceremony()
    poll.make_cards()
    person = make_person(poll_community(session, poll))
    session.add(
        RollEntry(
            community_id=person.community_id,
            poll_id=poll.id,
            person_id=person.id,
            position=99,
            ground="capacity.hukou",
        )
    )
    session.commit()
    assert awaited(poll) == [Awaited.CARDS]
    assert fault(poll.found) is F.NOT_READY


def test_after_the_founding_the_ceremony_stays_as_it_was(poll: KeyPoll) -> None:
    poll.hold_ceremony()
    poll.make_cards()
    poll.found()
    with pytest.raises(TransitionNotAllowed):
        trustees.complain(poll_id=poll.id, text="太晚了", actor=poll.officer, now=NOW)
    with pytest.raises(TransitionNotAllowed):
        poll.found()


def test_deals_are_read_back_as_they_were_sent(poll: KeyPoll) -> None:
    go_until(poll, Round.CONFIRM)
    assert [parse_deal(one.deal).i for one in poll.ceremony().trustees] == [1, 2, 3]


def test_a_ceremony_and_its_trustees_are_read_at_one_moment(poll: KeyPoll, session: Session) -> None:
    # Read in two statements, the round could be that of the drill whose box is not there yet.
    go_until(poll, Round.DRILL)
    session.expire_all()
    with count_statements() as counted:
        ceremony = find_ceremony(session, poll.id)
        assert ceremony is not None
        assert current_round(ceremony) is Round.DRILL
        assert ceremony.drill["lines"]
    assert counted.total == 1
