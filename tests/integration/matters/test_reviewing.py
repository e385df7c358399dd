"""The two recorded steps of the review, in order, with their reasons and their rounds."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.bodies.rules import BodyKind, Role
from civicforum.errors import Invalid, NotEligible, TransitionNotAllowed
from civicforum.inbox.rules import NeedKind
from civicforum.matters import services
from civicforum.matters.models import Matter, Review
from civicforum.matters.queries import list_needs
from civicforum.matters.queries.one import list_reviews
from civicforum.matters.queries.queue import Tab, count_queue, list_queue
from civicforum.matters.rules import Act, Ground, ReviewOutcome, Stage
from civicforum.rulebook import load
from tests.factories import NOW
from tests.integration.matters.carrying import Place, make_place
from tests.integration.matters.raising import decided, raised, seconded, stage_of, studied


@pytest.fixture
def place(session: Session) -> Place:
    return make_place(residents=8)


def decide(
    place: Place, matter_id: object, act: Act, ground: Ground | None = None, text: str = "理由"
) -> None:
    services.decide_matter(
        matter_id=matter_id,  # type: ignore[arg-type]
        actor=place.actors[Role.COMMITTEE],
        act=act,
        text=text,
        ground=ground,
        now=NOW,
    )


def test_the_party_studies_first_and_the_decision_is_due_from_the_seconding(
    place: Place, session: Session
) -> None:
    matter_id = seconded(place)
    with pytest.raises(TransitionNotAllowed):
        decide(place, matter_id, Act.ACCEPT)
    services.study_matter(
        matter_id=matter_id,
        actor=place.actors[Role.PARTY],
        outcome=ReviewOutcome.ADVISED_AGAINST,
        text="建议缓办。",
        now=NOW + timedelta(days=5),
    )
    matter = session.get_one(Matter, matter_id)
    assert matter.stage is Stage.IN_REVIEW
    assert matter.due_at == load(matter.profile).clock("matter.review").deadline(NOW)


@pytest.mark.parametrize(
    ("act", "ground", "stage"),
    [
        (Act.ACCEPT, None, Stage.DELIBERATING),
        (Act.RETURN, None, Stage.RETURNED),
        (Act.DECLINE, Ground.AGAINST_LAW, Stage.DECLINED),
        (Act.ANSWER_DIRECTLY, None, Stage.ANSWERED_DIRECTLY),
    ],
)
def test_the_committee_decides_in_one_of_four_ways(
    place: Place, session: Session, act: Act, ground: Ground | None, stage: Stage
) -> None:
    matter_id = decided(place, act, ground=ground)
    assert stage_of(matter_id) is stage
    # Both bear the same instant, and still the study comes first.
    study, decision = list_reviews(session, matter_id=matter_id)
    assert study.body is not None
    assert study.body.kind is BodyKind.PARTY_COMMITTEE
    assert decision.body is not None
    assert decision.body.kind is BodyKind.RESIDENTS_COMMITTEE
    assert (decision.ground, decision.round) == (ground, 1)


@pytest.mark.parametrize("ground", [None, Ground.DROPPED_IN_DELIBERATION])
def test_a_refusal_needs_a_ground_of_the_closed_list(
    place: Place, session: Session, ground: Ground | None
) -> None:
    with pytest.raises(Invalid):
        decide(place, studied(place), Act.DECLINE, ground)


def test_no_step_goes_without_reasons(place: Place, session: Session) -> None:
    with pytest.raises(Invalid):
        decide(place, studied(place), Act.ACCEPT, text="  ")


def test_a_ground_is_kept_only_with_a_refusal(place: Place, session: Session) -> None:
    decide(place, studied(place), Act.ACCEPT, Ground.NO_MEANS)
    assert session.scalars(select(Review.ground).where(Review.ground.is_not(None))).all() == []


def test_the_second_decision_after_a_return_is_the_second_round(place: Place, session: Session) -> None:
    matter_id = decided(place, Act.RETURN)
    services.resubmit_matter(matter_id=matter_id, actor=place.residents[0], text="已补充", now=NOW)
    decide(place, matter_id, Act.ACCEPT)
    rounds = session.scalars(
        select(Review.round).where(Review.matter_id == matter_id, Review.kind == "decision")
    ).all()
    assert sorted(rounds) == [1, 2]


@pytest.mark.parametrize("role", [Role.CLERK, Role.COMMITTEE, Role.SUPERVISOR])
def test_only_the_party_organisation_studies(place: Place, session: Session, role: Role) -> None:
    with pytest.raises(NotEligible):
        services.study_matter(
            matter_id=seconded(place),
            actor=place.actors[role],
            outcome=ReviewOutcome.SUPPORTED,
            text="同意",
            now=NOW,
        )


def test_the_queue_shows_each_what_waits_for_them_and_what_is_late(place: Place, session: Session) -> None:
    party, committee = place.actors[Role.PARTY], place.actors[Role.COMMITTEE]
    raised(place)
    waiting, ready = seconded(place), studied(place)
    late = NOW + timedelta(days=9)
    assert [
        line.matter.id for line in list_queue(session, actor=party, tab=Tab.MINE, number=1, now=NOW).items
    ] == [waiting]
    assert [
        line.matter.id for line in list_queue(session, actor=committee, tab=Tab.MINE, number=1, now=NOW).items
    ] == [ready]
    assert count_queue(session, actor=committee, now=late) == {
        Tab.MINE: 1,
        Tab.OVERDUE: 1,
        Tab.NOT_STUDIED: 1,
        Tab.ALL: 2,
    }


def test_studies_decisions_and_meetings_wait_on_the_home_page(place: Place, session: Session) -> None:
    to_study, to_decide, to_plan = seconded(place), studied(place), decided(place, Act.ACCEPT)
    party = list_needs(session, place.actors[Role.PARTY], NOW)
    committee = list_needs(session, place.actors[Role.COMMITTEE], NOW)
    assert [(need.kind, need.arguments["matter_id"]) for need in party] == [(NeedKind.STUDY, to_study)]
    assert [(need.kind, need.arguments["matter_id"]) for need in committee] == [
        (NeedKind.REVIEW, to_decide),
        (NeedKind.PLAN_MEETING, to_plan),
    ]
