"""Nominating: by whom, how many signatures of whom, one post, and what it does to the election committee."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.elections.models import CommitteePlace, Election, Nomination
from civicforum.elections.nominations import CHOSE_OTHER_POST, NominationFault, SignatureProblem
from civicforum.elections.queries import nominations as queries
from civicforum.elections.rules import LeftGround, NominationRoute, NominationState, Stage, Way
from civicforum.elections.services import nominating as services
from civicforum.elections.services.nominating import PutForward
from civicforum.elections.services.signatures import SignaturesRefused
from civicforum.elections.services.steps import rules_of
from civicforum.errors import AlreadyDone, Invalid, NotEligible, RuleRefused, TransitionNotAllowed
from civicforum.matters.rules import LineProblem
from civicforum.people.models import Community, Kinship, Person
from civicforum.people.rules import KinshipKind
from tests.factories import NOW, TODAY, actor_of, make_community, make_officer, make_person
from tests.support.elections import (
    make_candidate,
    make_election,
    make_registration,
    make_round,
    make_voters,
    seat_committee,
    seat_of,
)
from tests.support.statements import count_statements


@pytest.fixture
def community(session: Session) -> Community:
    return make_community()


@pytest.fixture
def election(community: Community) -> Election:
    return make_election(community, stage=Stage.NOMINATION)


@pytest.fixture
def voters(election: Election) -> list[Person]:
    """Twelve people on the posted roll."""
    people = make_voters(election, 12)
    make_round(election, people=people)
    return people


@pytest.fixture
def officer(community: Community) -> Actor:
    return actor_of(make_officer(community, Role.ELECTION_OFFICER), Role.ELECTION_OFFICER)


def put(election: Election, person: Person, title: str = "主任") -> PutForward:
    return PutForward(seat_of(election, title).id, person.id, "办事公道，热心肠")


def nominate(election: Election, nominee: Person, voter: Person, title: str = "主任") -> uuid.UUID:
    return services.nominate(
        election_id=election.id, who=put(election, nominee, title), actor=actor_of(voter), now=NOW
    )


def sign(election: Election, nomination_id: uuid.UUID, voter: Person) -> None:
    services.sign_nomination(
        election_id=election.id, nomination_id=nomination_id, actor=actor_of(voter), now=NOW
    )


def enter_paper(election: Election, nominee: Person, lines: list[str], officer: Actor) -> uuid.UUID:
    return services.enter_joint_nomination(
        election_id=election.id, who=put(election, nominee), lines=lines, actor=officer, now=NOW
    )


def agree(election: Election, nomination_id: uuid.UUID, actor: Actor) -> None:
    services.consent(election_id=election.id, nomination_id=nomination_id, actor=actor, now=NOW)


def line_of(session: Session, election: Election, nomination_id: uuid.UUID) -> queries.Line:
    row = queries.get_nomination(session, nomination_id=nomination_id, election_id=election.id)
    return queries.get_line(
        session,
        election=election,
        book=rules_of(election),
        nomination=row,
        person_id=row.person_id,
        day=TODAY,
    )


@pytest.mark.parametrize(("signers", "sum_", "is_enough"), [(9, "9 < 10", False), (10, "10 ≥ 10", True)])
def test_ten_voters_nominate_jointly(
    session: Session, election: Election, voters: list[Person], signers: int, sum_: str, is_enough: bool
) -> None:
    nomination_id = nominate(election, voters[11], voters[0])
    for voter in voters[1:signers]:
        sign(election, nomination_id, voter)
    line = line_of(session, election, nomination_id)
    assert line.verdict is not None
    assert (line.signed, line.verdict.arithmetic, line.is_complete) == (signers, sum_, is_enough)


def test_nobody_signs_twice(election: Election, voters: list[Person]) -> None:
    nomination_id = nominate(election, voters[11], voters[0])
    with pytest.raises(AlreadyDone):
        sign(election, nomination_id, voters[0])


def test_who_is_not_on_the_roll_neither_nominates_nor_signs(
    community: Community, election: Election, voters: list[Person]
) -> None:
    stranger = make_person(community)
    make_registration(election, stranger)
    nomination_id = nominate(election, voters[11], voters[0])
    with pytest.raises(Invalid, match=NominationFault.NOT_ON_ROLL):
        sign(election, nomination_id, stranger)
    with pytest.raises(Invalid, match=NominationFault.NOT_ON_ROLL):
        nominate(election, voters[11], stranger, "委员")


def test_before_the_roll_is_posted_whoever_is_registered_nominates(
    community: Community, election: Election
) -> None:
    voter = make_person(community)
    make_registration(election, voter)
    assert nominate(election, make_person(community), voter)


def test_where_representatives_elect_they_nominate(community: Community) -> None:
    election = make_election(community, stage=Stage.NOMINATION, way=Way.REPRESENTATIVES)
    assert nominate(election, make_person(community), make_officer(community, Role.REPRESENTATIVE))


def test_a_signature_of_somebody_struck_off_does_not_count(
    session: Session, election: Election, voters: list[Person]
) -> None:
    nomination_id = nominate(election, voters[11], voters[0])
    sign(election, nomination_id, voters[1])
    entry = next(entry for entry in election.rounds[0].poll.roll if entry.person_id == voters[1].id)
    entry.struck_off_at = NOW
    session.commit()
    assert line_of(session, election, nomination_id).signed == 1


def test_nobody_nominates_themselves(election: Election, voters: list[Person]) -> None:
    with pytest.raises(RuleRefused) as refused:
        nominate(election, voters[0], voters[0])
    assert refused.value.verdict.rule.id == "election.nomination.self"
    nomination_id = nominate(election, voters[0], voters[1])
    with pytest.raises(RuleRefused):
        sign(election, nomination_id, voters[0])


def test_no_voter_nominates_more_people_than_a_post_has_seats(
    election: Election, voters: list[Person]
) -> None:
    nominate(election, voters[11], voters[0])
    with pytest.raises(RuleRefused) as refused:
        nominate(election, voters[10], voters[0])
    assert (refused.value.verdict.rule.id, refused.value.verdict.arithmetic) == (
        "election.nomination.within_seats",
        "2 > 1",
    )
    for nominee in voters[7:10]:
        nominate(election, nominee, voters[0], "委员")
    with pytest.raises(RuleRefused, match="4 > 3"):
        nominate(election, voters[6], voters[0], "委员")


def test_the_same_nomination_is_signed_and_not_filed_again(election: Election, voters: list[Person]) -> None:
    nominate(election, voters[11], voters[0])
    with pytest.raises(Invalid, match=NominationFault.NOMINATED_ALREADY):
        nominate(election, voters[11], voters[1])


def test_a_nomination_on_paper_names_its_signers_and_the_first_speaks_for_them(
    session: Session, election: Election, voters: list[Person], officer: Actor
) -> None:
    nomination_id = enter_paper(election, voters[11], [one.number for one in voters[:10]], officer)
    row = session.get_one(Nomination, nomination_id)
    assert row.filed_by_id == voters[0].id
    assert line_of(session, election, nomination_id).is_complete
    assert {signer.entered_by_id for signer in row.signers} == {officer.person_id}


def test_lines_of_a_paper_that_do_not_count_are_named_and_nothing_is_written(
    session: Session, community: Community, election: Election, voters: list[Person], officer: Actor
) -> None:
    stranger = make_person(community)
    nominate(election, voters[10], voters[2])
    lines = [voters[0].number, "没有这个人", stranger.number, voters[11].number, voters[2].number]
    with pytest.raises(SignaturesRefused) as refused:
        enter_paper(election, voters[11], lines, officer)
    assert [(line.number, line.problem) for line in refused.value.lines] == [
        (2, LineProblem.NOT_FOUND),
        (3, SignatureProblem.NOT_ON_ROLL),
        (4, SignatureProblem.IS_NOMINEE),
        (5, SignatureProblem.TOO_MANY),
    ]
    assert len(session.scalars(select(Nomination)).all()) == 1


def test_signatures_from_paper_are_added_to_those_on_screen(
    session: Session, election: Election, voters: list[Person], officer: Actor
) -> None:
    nomination_id = nominate(election, voters[11], voters[0])
    entered = services.enter_signatures(
        election_id=election.id,
        nomination_id=nomination_id,
        lines=[one.number for one in voters[1:10]],
        actor=officer,
        now=NOW,
    )
    assert entered == 9
    assert line_of(session, election, nomination_id).is_complete


def test_the_party_organisation_nominates_without_signatures(
    session: Session, election: Election, voters: list[Person], officer: Actor
) -> None:
    nomination_id = services.enter_party_nomination(
        election_id=election.id, who=put(election, voters[0]), actor=officer, now=NOW
    )
    line = line_of(session, election, nomination_id)
    assert (line.nomination.route, line.is_complete) == (NominationRoute.PARTY, True)
    with pytest.raises(NotEligible):
        services.enter_party_nomination(
            election_id=election.id, who=put(election, voters[1]), actor=actor_of(voters[2]), now=NOW
        )


def test_who_is_nominated_for_two_posts_chooses_one(
    session: Session, election: Election, voters: list[Person]
) -> None:
    first, second = (nominate(election, voters[11], voters[0], title) for title in ("主任", "委员"))
    with pytest.raises(NotEligible):
        agree(election, first, actor_of(voters[0]))
    agree(election, second, actor_of(voters[11]))
    left, chosen = (session.get_one(Nomination, one) for one in (first, second))
    assert (left.state, left.decision) == (NominationState.WITHDRAWN, CHOSE_OTHER_POST)
    assert chosen.consented_at == NOW
    with pytest.raises(TransitionNotAllowed):
        sign(election, first, voters[1])


def test_who_stands_for_one_post_does_not_agree_to_another(election: Election, voters: list[Person]) -> None:
    make_candidate(election, "委员", voters[11])
    nomination_id = nominate(election, voters[11], voters[0])
    with pytest.raises(RuleRefused) as refused:
        agree(election, nomination_id, actor_of(voters[11]))
    assert refused.value.verdict.rule.id == "election.nomination.one_post"


def test_an_officer_enters_the_consent_that_was_given_in_writing(
    session: Session, election: Election, voters: list[Person], officer: Actor
) -> None:
    nomination_id = nominate(election, voters[11], voters[0])
    agree(election, nomination_id, officer)
    assert session.get_one(Nomination, nomination_id).consented_at == NOW
    with pytest.raises(AlreadyDone):
        agree(election, nomination_id, officer)


def test_a_member_of_the_election_committee_leaves_when_nominated_in_full_and_willing(
    session: Session, election: Election, voters: list[Person]
) -> None:
    member = seat_committee(election)[2]
    nomination_id = nominate(election, member, voters[0])
    agree(election, nomination_id, actor_of(member))
    for voter in voters[1:9]:
        sign(election, nomination_id, voter)
    assert place_of(session, election, member).left_at is None
    sign(election, nomination_id, voters[9])
    assert place_of(session, election, member).left_ground is LeftGround.NOMINATED


def test_a_member_leaves_when_a_near_relative_stands(
    session: Session, community: Community, election: Election, voters: list[Person], officer: Actor
) -> None:
    member = seat_committee(election)[3]
    kinship = Kinship(
        community_id=community.id, person_id=voters[0].id, relative_id=member.id, kind=KinshipKind.SPOUSE
    )
    db.session.add(kinship)
    db.session.commit()
    nomination_id = services.enter_party_nomination(
        election_id=election.id, who=put(election, voters[0]), actor=officer, now=NOW
    )
    assert place_of(session, election, member).left_at is None
    agree(election, nomination_id, actor_of(voters[0]))
    assert place_of(session, election, member).left_ground is LeftGround.RELATIVE_NOMINATED


def test_a_paper_that_one_voter_files_moves_no_member_off_the_committee(
    session: Session, election: Election, voters: list[Person], officer: Actor
) -> None:
    member = seat_committee(election)[0]
    nominate(election, member, voters[0])
    party = services.enter_party_nomination(
        election_id=election.id, who=put(election, voters[5], "委员"), actor=officer, now=NOW
    )
    agree(election, party, actor_of(voters[5]))
    assert place_of(session, election, member).left_at is None


def place_of(session: Session, election: Election, person: Person) -> CommitteePlace:
    return session.scalars(
        select(CommitteePlace).where(
            CommitteePlace.election_id == election.id, CommitteePlace.person_id == person.id
        )
    ).one()


def test_the_nominee_and_who_speaks_for_the_signers_withdraw(
    session: Session, election: Election, voters: list[Person]
) -> None:
    def withdraw(nomination_id: uuid.UUID, person: Person) -> None:
        services.withdraw_nomination(
            election_id=election.id,
            nomination_id=nomination_id,
            reason="本人不愿意",
            actor=actor_of(person),
            now=NOW,
        )

    first = nominate(election, voters[11], voters[0])
    with pytest.raises(NotEligible):
        withdraw(first, voters[1])
    withdraw(first, voters[11])
    second = nominate(election, voters[11], voters[0])
    withdraw(second, voters[0])
    states = {row.state for row in session.scalars(select(Nomination))}
    assert states == {NominationState.WITHDRAWN}


@pytest.mark.parametrize("stage", [Stage.ROLL, Stage.REVIEW])
def test_people_are_nominated_at_the_stage_of_nomination_only(community: Community, stage: Stage) -> None:
    election = make_election(community, stage=stage)
    voter = make_person(community)
    make_registration(election, voter)
    with pytest.raises(TransitionNotAllowed):
        nominate(election, make_person(community), voter)


def test_a_list_of_nominations_takes_a_number_of_statements_that_does_not_grow(
    session: Session, election: Election, voters: list[Person]
) -> None:
    for nominee in voters[3:6]:
        nomination_id = nominate(election, nominee, voters[0], "委员")
        sign(election, nomination_id, voters[1])
    session.expire_all()
    with count_statements() as counted:
        page = queries.list_nominations(
            session,
            election=election,
            book=rules_of(election),
            states=tuple(NominationState),
            day=TODAY,
            number=1,
        )
        assert [line.signed for line in page.items] == [2, 2, 2]
        assert all(line.nomination.person.household.group.name for line in page.items)
    # The election, the page with its count, the signers, the roll, and who of them is on it.
    assert counted.total <= 6
