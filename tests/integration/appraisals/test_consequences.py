"""What the rules propose at a certification, and how the supervision committee settles it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum.appraisals.models import Consequence, Cycle
from civicforum.appraisals.rules import ConsequenceKind, CycleState
from civicforum.appraisals.services.consequences import Settlement, settle
from civicforum.bodies.models import Term
from civicforum.bodies.rules import Role
from civicforum.elections.models import Departure
from civicforum.elections.queries.recalls import list_vacancies
from civicforum.elections.recalls import DepartureState, EndGround
from civicforum.errors import AlreadyDone, Invalid, NotEligible, NotFound, RuleRefused
from civicforum.notices.models import Notice
from civicforum.people.models import Person
from tests.factories import actor_of, make_community, make_officer
from tests.support.appraisals import Town, make_town
from tests.support.graded import UNFIT, WELL, GradedCycle, certify, instant, make_cycle, term_of

FIRST, SECOND = date(2025, 6, 2), date(2025, 12, 8)
_K = ConsequenceKind


@pytest.fixture
def town(session: Session) -> Town:
    return make_town(representatives=0)


def both(town: Town, held_on: date, counts: Sequence[int] = UNFIT, **terms: object) -> GradedCycle:
    """Make a cycle in which the elected member and the appointed secretary get the same grades."""
    return make_cycle(
        town, grades={town.members[1]: counts, town.secretary_id: counts}, held_on=held_on, **terms
    )


def certify_both(town: Town, **terms: object) -> list[Consequence]:
    """Certify two such cycles and return what the second one's grades lead to."""
    certify(both(town, FIRST, **terms))
    return certify(both(town, SECOND, **terms))


@pytest.mark.law("D1", "appraisal.strikes", "appraisal.ends_other_posts")
def test_the_same_two_grades_end_the_elected_post_and_not_the_appointed_one(
    session: Session, town: Town
) -> None:
    second = certify_both(town)
    strikes = [one for one in second if one.kind is _K.TWO_STRIKES]
    assert [one.subject.person_id for one in strikes] == [town.members[1]]
    assert strikes[0].arithmetic == "2 ≥ 2"
    assert [one["held_on"] for one in strikes[0].grounds] == [str(FIRST), str(SECOND)]
    # Of the secretary nothing touches the post: what is left is the talk, which is for everybody.
    assert {one.kind for one in second if one.subject.person_id == town.secretary_id} == {_K.WARNING_TALK}

    on = SECOND + timedelta(days=12)
    settle(
        consequence_id=strikes[0].id,
        done=Settlement(on=on, text="社区民主评议结果公告第2号"),
        actor=town.supervisor,
        now=instant(on + timedelta(days=1)),
    )
    assert term_of(town.members[1]).ended_on == on
    assert term_of(town.secretary_id).ended_on is None


def test_elections_know_of_the_post_that_ended(session: Session, town: Town) -> None:
    strikes = next(one for one in certify_both(town) if one.kind is _K.TWO_STRIKES)
    on = SECOND + timedelta(days=12)
    settle(
        consequence_id=strikes.id,
        done=Settlement(on=on, text="评议公告第2号"),
        actor=town.supervisor,
        now=instant(on + timedelta(days=1)),
    )
    departure = session.scalars(select(Departure)).one()
    assert (departure.ground, departure.state) == (EndGround.TWO_STRIKES, DepartureState.PASSED)
    assert departure.announced_at is not None
    (vacancy,) = list_vacancies(session, community_id=town.community_id, day=on + timedelta(days=1))
    assert vacancy.left == 2
    notice = session.scalars(select(Notice)).one()
    assert "张桂兰连续两次被评议为不称职" in notice.text
    assert "评议公告第2号" in notice.text


@pytest.mark.law("D2")
@pytest.mark.parametrize("terms", [{"counts_for_37": False}, {"state": CycleState.RATING}])
def test_a_cycle_that_does_not_count_is_no_strike(town: Town, terms: dict[str, object]) -> None:
    """With the flag off, or never certified as a void one is not."""
    first = both(town, FIRST, **terms)
    if "counts_for_37" in terms:
        certify(first)
    second = certify(both(town, SECOND))
    assert _K.TWO_STRIKES not in {one.kind for one in second}


def test_level_grades_are_no_strike_unless_the_local_rule_decides(town: Town) -> None:
    certify(both(town, FIRST, (1, 9, 1, 9)))
    assert _K.TWO_STRIKES not in {one.kind for one in certify(both(town, SECOND))}


def test_somebody_elected_anew_begins_without_strikes(session: Session, town: Town) -> None:
    certify(both(town, FIRST))
    old = term_of(town.members[1])
    old.until = old.ended_on = FIRST + timedelta(days=60)
    old.end_reason = "任期届满"
    session.add(
        Term(
            community_id=old.community_id,
            post_id=old.post_id,
            person_id=old.person_id,
            appointed=old.appointed,
            since=FIRST + timedelta(days=61),
            until=date(2099, 12, 31),
        )
    )
    session.commit()
    assert _K.TWO_STRIKES not in {one.kind for one in certify(both(town, SECOND))}


def test_a_third_unfit_grade_proposes_nothing_twice(session: Session, town: Town) -> None:
    certify_both(town)
    certify(both(town, SECOND + timedelta(days=200)))
    number = select(func.count()).where(Consequence.kind == _K.TWO_STRIKES)
    assert session.scalar(number) == 1


def test_a_good_grade_from_in_between_lets_the_proposal_fall(session: Session, town: Town) -> None:
    between = both(town, FIRST + timedelta(days=90), WELL)
    certify_both(town)
    certify(between, now=instant(SECOND + timedelta(days=20)))
    assert session.scalar(select(Consequence.id).where(Consequence.kind == _K.TWO_STRIKES)) is None


@pytest.mark.law("D6", "appraisal.unfit", "appraisal.warning")
def test_shares_propose_a_resignation_and_a_talk_with_their_sums(town: Town) -> None:
    made = certify(make_cycle(town, grades={town.members[1]: (5, 3, 2, 10)}, held_on=FIRST))
    assert [(one.kind, one.rule, one.arithmetic) for one in made] == [
        (_K.OFFER_RESIGNATION, "appraisal.unfit", "10 ≥ 1/2 × 20 = 10"),
        (_K.WARNING_TALK, "appraisal.warning", "10 > 1/3 × 20 = 6 2/3"),
    ]


def test_too_few_raters_lead_to_nothing(town: Town) -> None:
    assert certify(make_cycle(town, grades={town.members[1]: (0, 0, 0, 4)}, held_on=FIRST)) == []


def test_a_talk_is_settled_with_its_day_and_who_held_it(session: Session, town: Town) -> None:
    (talk,) = certify(make_cycle(town, grades={town.secretary_id: UNFIT}, held_on=FIRST))
    now = instant(FIRST + timedelta(days=20))
    done = Settlement(on=FIRST + timedelta(days=15), text="每周三到居民家走访", talked_by="街道党工委")
    with pytest.raises(Invalid) as refused:
        settle(
            consequence_id=talk.id,
            done=Settlement(on=done.on, text=done.text),
            actor=town.supervisor,
            now=now,
        )
    assert refused.value.field == "talked_by"
    settle(consequence_id=talk.id, done=done, actor=town.supervisor, now=now)
    session.refresh(talk)
    assert (talk.talked_by, talk.settled_on, talk.settled_by_id) == (
        "街道党工委",
        done.on,
        town.supervisor.person_id,
    )
    with pytest.raises(AlreadyDone):
        settle(consequence_id=talk.id, done=done, actor=town.supervisor, now=now)


def test_nobody_settles_what_follows_from_a_cycle_in_which_they_are_graded(
    session: Session, town: Town
) -> None:
    (talk,) = certify(make_cycle(town, grades={town.supervisor.person_id: UNFIT}, held_on=FIRST))
    done = Settlement(on=FIRST + timedelta(days=15), text="谈过了", talked_by="自己")
    now = instant(FIRST + timedelta(days=20))
    clerk = actor_of(session.get_one(Person, town.clerk.person_id), Role.CLERK)
    for actor in (town.supervisor, clerk):
        with pytest.raises(NotEligible):
            settle(consequence_id=talk.id, done=done, actor=actor, now=now)


@pytest.mark.parametrize("days", [11, 21])
def test_the_day_lies_between_the_certification_and_today(town: Town, days: int) -> None:
    (talk,) = certify(make_cycle(town, grades={town.secretary_id: UNFIT}, held_on=FIRST))
    done = Settlement(on=FIRST + timedelta(days=days), text="谈过了", talked_by="街道")
    with pytest.raises(Invalid) as refused:
        settle(
            consequence_id=talk.id,
            done=done,
            actor=town.supervisor,
            now=instant(FIRST + timedelta(days=20)),
        )
    assert refused.value.field == "on"


def test_strikes_that_no_longer_stand_end_no_post(session: Session, town: Town) -> None:
    strikes = next(one for one in certify_both(town) if one.kind is _K.TWO_STRIKES)
    cycle = session.scalars(select(Cycle).where(Cycle.held_on == FIRST)).one()
    cycle.counts_for_37 = False
    session.commit()
    on = SECOND + timedelta(days=12)
    with pytest.raises(RuleRefused):
        settle(
            consequence_id=strikes.id,
            done=Settlement(on=on, text="公告"),
            actor=town.supervisor,
            now=instant(on),
        )
    assert term_of(town.members[1]).ended_on is None


def test_another_community_finds_nothing(town: Town) -> None:
    (talk,) = certify(make_cycle(town, grades={town.secretary_id: UNFIT}, held_on=FIRST))
    stranger = make_officer(make_community(), Role.SUPERVISOR)
    with pytest.raises(NotFound):
        settle(
            consequence_id=talk.id,
            done=Settlement(on=FIRST, text="谈过了", talked_by="街道"),
            actor=actor_of(stranger, Role.SUPERVISOR),
            now=instant(FIRST + timedelta(days=20)),
        )
