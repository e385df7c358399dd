"""A year's selection: one a year, stages in order, scores worked by hand, ties, and who may run it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.appraisals.models import AppraisalSubject, Cycle, Scale, SubjectResult
from civicforum.appraisals.queries.offers import list_offers
from civicforum.appraisals.rules import CycleKind, CycleState, SubjectKind
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import (
    AlreadyDone,
    Invalid,
    NotEligible,
    NotFound,
    RuleRefused,
    TransitionNotAllowed,
)
from civicforum.notices.models import Notice
from civicforum.people.models import Community, Person
from civicforum.reserve import queries, services
from civicforum.reserve.errors import NotAllDone, TieUndecided
from civicforum.reserve.models import ReserveCandidate, Selection
from civicforum.reserve.rules import SelectionState, Stage, TieDecision
from civicforum.reserve.services import Given
from tests.factories import NOW, TODAY, actor_of, make_community, make_officer, make_person

GIVEN = Given(
    year=2026,
    title="2026年度后备干部评选",
    criteria="在本社区工作满一年；获区级表彰的加2分。",
    places=2,
    appraisal_weight="40%",
    exam_weight="0.6",
    exam_least="60",
)


@dataclass
class Place:
    community: Community
    secretary: Actor
    people: list[Person]
    selection_id: uuid.UUID

    def run(self, step: Any, **values: Any) -> Any:
        return step(selection_id=self.selection_id, actor=self.secretary, now=NOW, **values)

    def recommend(self, person: Person, **values: Any) -> uuid.UUID:
        given = {"recommended_by": "第一网格党支部", "recommendation": "工作扎实。", **values}
        candidate_id: uuid.UUID = self.run(services.recommend, person=person.number, **given)
        return candidate_id


@pytest.fixture
def place(session: Session) -> Place:
    """A selection that is posted, and four people who can be recommended."""
    community = make_community()
    secretary = actor_of(make_officer(community, Role.PARTY), Role.PARTY)
    people = [make_person(community, name=name) for name in ("甲某", "乙某", "丙某", "丁某")]
    selection_id = services.plan_selection(given=GIVEN, actor=secretary, now=NOW)
    services.post_selection(selection_id=selection_id, actor=secretary, now=NOW)
    return Place(community, secretary, people, selection_id)


def make_cycle(place: Place, people: list[Person], *, state: CycleState = CycleState.POSTED) -> Cycle:
    """Make an appraisal of these people, posted unless it says otherwise."""
    cycle = Cycle(
        community_id=place.community.id,
        kind=CycleKind.RESERVE,
        title="后备干部民主测评",
        period_from=TODAY,
        period_until=TODAY,
        state=state,
        least=5,
        rank_least=10,
        held_on=TODAY,
        profile="national-2026",
        profile_version="x",
        made_by_id=place.secretary.person_id,
        made_at=NOW,
        posted_at=NOW,
    )
    scale = Scale(
        community_id=place.community.id,
        cycle=cycle,
        position=1,
        title="等次",
        levels=["优秀", "称职", "不称职"],
        points=["100", "80", "0"],
        poor_from=2,
    )
    db.session.add_all([cycle, scale])
    for number, person in enumerate(people, start=1):
        db.session.add(
            AppraisalSubject(
                community_id=place.community.id,
                cycle=cycle,
                scale=scale,
                position=number,
                kind=SubjectKind.PERSON,
                name=person.name,
                person_id=person.id,
            )
        )
    db.session.commit()
    return cycle


def certify(session: Session, cycle: Cycle, scores: list[str]) -> None:
    """Give the subjects these scores, in order, and certify the appraisal."""
    for subject, score in zip(cycle.subjects, scores, strict=True):
        session.add(
            SubjectResult(
                community_id=cycle.community_id, subject_id=subject.id, figures={}, raters=20, score=score
            )
        )
    session.flush()
    session.execute(
        update(Cycle)
        .where(Cycle.id == cycle.id)
        .values(state=CycleState.CERTIFIED, certified_at=NOW, result_hash="x" * 64, result={})
    )
    session.commit()


def reach_exam(session: Session, place: Place, scores: list[str], bonuses: list[str]) -> list[uuid.UUID]:
    """Recommend as many people as there are scores, and go through the ballot."""
    people = place.people[: len(scores)]
    ids = [
        place.recommend(person, bonus=bonus, bonus_reason="区级表彰" if bonus != "0" else "")
        for person, bonus in zip(people, bonuses, strict=True)
    ]
    place.run(services.begin_appraisal)
    cycle = make_cycle(place, people)
    place.run(services.link_appraisal, cycle_id=cycle.id)
    certify(session, cycle, scores)
    place.run(services.take_appraisal)
    return ids


def reach_choice(
    session: Session, place: Place, scores: list[str], exam: list[str], bonuses: list[str]
) -> list[uuid.UUID]:
    ids = reach_exam(session, place, scores, bonuses)
    place.run(services.enter_exam, points=dict(zip(ids, exam, strict=True)))
    place.run(services.finish_exam)
    for candidate_id in ids:
        place.run(services.enter_inspection, candidate_id=candidate_id, text="无不良反映。", passed=True)
    place.run(services.finish_inspection)
    return ids


def candidates(session: Session) -> list[ReserveCandidate]:
    return list(session.scalars(select(ReserveCandidate).order_by(ReserveCandidate.position)))


def test_a_year_has_one_selection_and_a_void_one_frees_it(session: Session, place: Place) -> None:
    with pytest.raises(RuleRefused) as refused:
        services.plan_selection(given=GIVEN, actor=place.secretary, now=NOW)
    assert refused.value.verdict.arithmetic == "2 > 1"
    next_year = services.plan_selection(given=replace(GIVEN, year=2027), actor=place.secretary, now=NOW)
    with pytest.raises(RuleRefused):
        services.change_selection(selection_id=next_year, given=GIVEN, actor=place.secretary, now=NOW)
    place.run(services.void_selection, ground="评选条件有误")
    services.plan_selection(given=GIVEN, actor=place.secretary, now=NOW)
    states = sorted(one.state for one in session.scalars(select(Selection)))
    assert states == [SelectionState.DRAFT, SelectionState.DRAFT, SelectionState.VOID]


def test_the_database_holds_one_selection_a_year_too(session: Session, place: Place) -> None:
    values = {
        "community_id": place.community.id,
        "year": 2026,
        "title": "x",
        "criteria": "x",
        "places": 1,
        "appraisal_weight": "1/2",
        "exam_weight": "1/2",
        "made_by_id": place.secretary.person_id,
        "made_at": NOW,
    }
    session.add(Selection(**values))
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


def test_nobody_is_recommended_before_criteria_and_weights_are_posted(session: Session, place: Place) -> None:
    place.selection_id = services.plan_selection(
        given=replace(GIVEN, year=2027), actor=place.secretary, now=NOW
    )
    with pytest.raises(TransitionNotAllowed):
        place.recommend(place.people[0])
    place.run(services.post_selection)
    text = session.scalars(select(Notice.text).order_by(Notice.posted_at.desc())).all()[-1]
    assert "总分＝民主测评得分×0.4＋考试成绩×0.6＋加分" in text
    assert "考试成绩低于60分" in text
    with pytest.raises(TransitionNotAllowed):
        place.run(services.change_selection, given=replace(GIVEN, year=2027, places=9))
    assert place.recommend(place.people[0])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"exam_weight": "0.5"}, "exam_weight"),
        ({"appraisal_weight": "很多"}, "appraisal_weight"),
        ({"exam_least": "101"}, "exam_least"),
        ({"places": 0}, "places"),
        ({"year": 2028}, "year"),
        ({"year": 2025}, "year"),
        ({"criteria": " "}, "criteria"),
    ],
)
def test_a_plan_that_cannot_be_counted_is_refused(place: Place, change: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        services.plan_selection(
            given=replace(GIVEN, **{"year": 2027, **change}), actor=place.secretary, now=NOW
        )
    assert refused.value.field == field


def test_stages_come_in_their_order_and_each_waits_for_its_results(session: Session, place: Place) -> None:
    for later in (
        services.take_appraisal,
        services.finish_exam,
        services.finish_inspection,
        services.decide_selection,
    ):
        with pytest.raises(TransitionNotAllowed):
            place.run(later)
    with pytest.raises(Invalid):
        place.run(services.begin_appraisal)
    ids = reach_exam(session, place, ["80", "90"], ["0", "0"])
    with pytest.raises(TransitionNotAllowed):
        place.recommend(place.people[3])
    place.run(services.enter_exam, points={ids[0]: "70"})
    with pytest.raises(NotAllDone) as refused:
        place.run(services.finish_exam)
    assert refused.value.names == ["乙某"]
    place.run(services.enter_exam, points={ids[1]: "71"})
    place.run(services.finish_exam)
    with pytest.raises(NotAllDone):
        place.run(services.finish_inspection)
    with pytest.raises(TransitionNotAllowed):
        place.run(services.enter_exam, points={ids[0]: "100"})


def test_scores_are_worked_by_the_posted_weights(session: Session, place: Place) -> None:
    reach_choice(session, place, ["86", "253/3", "90"], ["90.5", "95", "60"], ["2", "0", "0"])
    place.run(services.decide_selection)
    # 0.4 × 86 + 0.6 × 90.5 + 2 = 34.4 + 54.3 + 2 = 90.7; 0.4 × 253/3 + 0.6 × 95 = 1012/30 + 57 = 1361/15;
    # 0.4 × 90 + 0.6 × 60 = 36 + 36 = 72.
    assert [(one.score, one.rank, one.is_chosen) for one in candidates(session)] == [
        ("907/10", 2, True),
        ("1361/15", 1, True),
        ("72", 3, False),
    ]
    notice = session.scalars(select(Notice).where(Notice.title.contains("结果"))).one()
    assert "第1名 乙某：0.4 × 253/3 + 0.6 × 95 = 1361/15 ≈ 90.73" in notice.text
    assert "丙某" not in notice.text
    with pytest.raises(TransitionNotAllowed):
        place.run(services.void_selection, ground="x")


def test_a_tie_across_the_last_place_waits_for_a_written_decision(session: Session, place: Place) -> None:
    reach_choice(session, place, ["90", "80", "80"], ["90", "80", "80"], ["0", "0", "0"])
    with pytest.raises(TieUndecided):
        place.run(services.decide_selection)
    with pytest.raises(Invalid):
        place.run(services.decide_selection, tie_decision=TieDecision.ALL)
    place.run(services.decide_selection, tie_decision=TieDecision.NONE, tie_reason="留待下年度。")
    assert [(one.rank, one.is_chosen) for one in candidates(session)] == [(1, True), (2, False), (2, False)]
    notice = session.scalars(select(Notice).where(Notice.title.contains("结果"))).one()
    assert "均不录取。理由：留待下年度。" in notice.text


def test_all_who_share_the_last_place_can_be_chosen_and_without_a_tie_nothing_is_decided(
    session: Session, place: Place
) -> None:
    reach_choice(session, place, ["90", "80", "80"], ["90", "80", "80"], ["0", "0", "0"])
    place.run(services.decide_selection, tie_decision=TieDecision.ALL, tie_reason="岗位有空缺。")
    assert [one.is_chosen for one in candidates(session)] == [True, True, True]


def test_a_decision_on_a_tie_that_there_is_not_is_refused(session: Session, place: Place) -> None:
    reach_choice(session, place, ["90", "80"], ["90", "80"], ["0", "0"])
    with pytest.raises(Invalid) as refused:
        place.run(services.decide_selection, tie_decision=TieDecision.ALL, tie_reason="x")
    assert refused.value.reason == "no_tie"


def test_who_has_fewer_than_the_least_points_leaves_with_the_sum_as_the_reason(
    session: Session, place: Place
) -> None:
    ids = reach_exam(session, place, ["80", "90"], ["0", "0"])
    place.run(services.enter_exam, points={ids[0]: "60", ids[1]: "59.9"})
    place.run(services.finish_exam)
    assert [(one.ended_at_stage, one.end_reason) for one in candidates(session)] == [
        (None, ""),
        (Stage.EXAM, "59.9 < 60"),
    ]
    with pytest.raises(TransitionNotAllowed):
        place.run(services.enter_inspection, candidate_id=ids[1], text="x", passed=True)


def test_who_does_not_pass_the_inspection_leaves_with_a_reason(session: Session, place: Place) -> None:
    ids = reach_exam(session, place, ["80", "90"], ["0", "0"])
    place.run(services.enter_exam, points={ids[0]: "80", ids[1]: "90"})
    place.run(services.finish_exam)
    with pytest.raises(Invalid) as refused:
        place.run(services.enter_inspection, candidate_id=ids[0], text="有反映。", passed=False)
    assert refused.value.field == "reason"
    place.run(
        services.enter_inspection, candidate_id=ids[0], text="有反映。", passed=False, reason="核实有违纪。"
    )
    place.run(services.leave, candidate_id=ids[1], reason="本人放弃")
    assert [(one.ended_at_stage, one.end_reason) for one in candidates(session)] == [
        (Stage.INSPECTION, "核实有违纪。"),
        (Stage.INSPECTION, "本人放弃"),
    ]
    with pytest.raises(Invalid) as nobody:
        place.run(services.finish_inspection)
    assert nobody.value.reason == "nobody"


def test_the_plan_of_the_ballot_offers_the_candidates_at_their_stage(session: Session, place: Place) -> None:
    def offered() -> list[str]:
        offers = list_offers(session, community_id=place.community.id, kind=CycleKind.RESERVE, today=TODAY)
        return [offer.subject.name for offer in offers]

    left = place.recommend(place.people[0])
    for person in place.people[1:3]:
        place.recommend(person)
    assert offered() == []
    place.run(services.leave, candidate_id=left, reason="本人放弃")
    place.run(services.begin_appraisal)
    assert offered() == ["乙某", "丙某"]


def test_the_ballot_grades_the_candidates_and_nobody_else(session: Session, place: Place) -> None:
    first, second, third = place.people[:3]
    place.recommend(first)
    place.recommend(second)
    place.run(services.begin_appraisal)
    with pytest.raises(Invalid):
        place.run(services.link_appraisal, cycle_id=make_cycle(place, [first, second, third]).id)
    with pytest.raises(TransitionNotAllowed):
        place.run(
            services.link_appraisal,
            cycle_id=make_cycle(place, [first, second], state=CycleState.DRAFT).id,
        )
    cycle = make_cycle(place, [first, second])
    place.run(services.link_appraisal, cycle_id=cycle.id)
    with pytest.raises(AlreadyDone):
        place.run(services.link_appraisal, cycle_id=make_cycle(place, [first, second]).id)
    with pytest.raises(TransitionNotAllowed):
        place.run(services.take_appraisal)
    certify(session, cycle, ["80", ""])
    with pytest.raises(NotAllDone) as refused:
        place.run(services.take_appraisal)
    assert refused.value.names == ["乙某"]


def test_a_ballot_declared_void_is_replaced_by_another(session: Session, place: Place) -> None:
    person = place.people[0]
    place.recommend(person)
    place.run(services.begin_appraisal)
    first = make_cycle(place, [person])
    place.run(services.link_appraisal, cycle_id=first.id)
    session.execute(
        update(Cycle).where(Cycle.id == first.id).values(state=CycleState.VOID, void_ground="表格有误")
    )
    session.commit()
    again = make_cycle(place, [person])
    place.run(services.link_appraisal, cycle_id=again.id)
    certify(session, again, ["77"])
    place.run(services.take_appraisal)
    assert candidates(session)[0].appraisal_points == "77"


def test_a_candidate_runs_nothing_of_the_selection_and_sees_the_own_line_alone(
    session: Session, place: Place
) -> None:
    member = make_officer(place.community, Role.PARTY, name="赵委员")
    as_party = actor_of(member, Role.PARTY)
    with pytest.raises(NotEligible):
        services.recommend(
            selection_id=place.selection_id,
            person=member.number,
            recommended_by="x",
            recommendation="x",
            actor=as_party,
            now=NOW,
        )
    place.recommend(member)
    place.recommend(place.people[0])
    with pytest.raises(NotEligible):
        services.begin_appraisal(selection_id=place.selection_id, actor=as_party, now=NOW)

    def seen_by(actor: Actor | None) -> list[str]:
        page = queries.get_page(
            session, selection_id=place.selection_id, community_id=place.community.id, actor=actor
        )
        return [line.candidate.person.name for line in page.lines]

    assert seen_by(as_party) == ["赵委员"]
    assert seen_by(actor_of(place.people[0])) == ["甲某"]
    assert seen_by(place.secretary) == ["赵委员", "甲某"]
    assert seen_by(None) == []


def test_a_bonus_has_a_reason_and_a_draft_is_the_party_committees_own(session: Session, place: Place) -> None:
    for values in ({"bonus": "2"}, {"bonus": "0", "bonus_reason": "表彰"}):
        with pytest.raises(Invalid) as refused:
            place.recommend(place.people[0], **values)
        assert refused.value.field == "bonus_reason"
    place.recommend(place.people[0])
    with pytest.raises(AlreadyDone):
        place.recommend(place.people[0])
    draft = services.plan_selection(given=replace(GIVEN, year=2027), actor=place.secretary, now=NOW)
    with pytest.raises(NotFound):
        queries.get_selection(
            session, selection_id=draft, community_id=place.community.id, actor=actor_of(place.people[0])
        )
