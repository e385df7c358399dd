"""Groups on a roll: drawn without whom they grade, opened by the clock, kept shut till all have graded."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from fractions import Fraction

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.appraisals.errors_of_rating import GroupsUnfinished, NobodyToGrade, NotPrepared
from civicforum.appraisals.models import Cycle
from civicforum.appraisals.outside_sheets import OutsideSheet
from civicforum.appraisals.queries.needs import list_needs as list_needs_of_cycles
from civicforum.appraisals.rules import CycleState, RaterBasis
from civicforum.appraisals.services import rating
from civicforum.appraisals.services.certifying import certify
from civicforum.appraisals.services.collecting import collect_counts
from civicforum.appraisals.services.counting import count_cycle
from civicforum.appraisals.services.outside import enter_outside
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import AlreadyDone, Invalid, NotEligible, TransitionNotAllowed
from civicforum.inbox.rules import NeedKind
from civicforum.people.models import Capacity, Household, Person
from civicforum.people.rules import CapacityKind, Sex
from civicforum.polls.blockers import BlockerKind
from civicforum.polls.electorates import Basis, Draw, draw_as_json
from civicforum.polls.errors import StepBlocked
from civicforum.polls.models import Poll, RollEntry
from civicforum.polls.queries.blockers import list_next_blockers
from civicforum.polls.queries.needs import list_needs
from civicforum.polls.rules import PollState, StationKind
from civicforum.polls.rules_roll import CorrectionFault
from civicforum.polls.services import clocks, correcting, results
from civicforum.polls.services.drafting import set_terms, terms_of
from civicforum.polls.services.paper import issue_paper
from civicforum.polls.services.rolls import draw_roll, freeze_roll
from civicforum.polls.services.states import extend_poll
from civicforum.polls.services.stations import StationPlan, add_station
from civicforum.rulebook.days import day_ends, day_starts
from tests.factories import NOW, actor_of
from tests.support.appraisals import (
    HELD_ON,
    Town,
    cycle_of,
    make_town,
    posted_halfyear,
    roll_of_residents,
    subject_ids,
    three_groups,
)
from tests.support.rating import entry_of, grade, open_roll, settings_now, station_of

pytestmark = pytest.mark.usefixtures("session")
GOOD, POOR = (0, 1, 1), (1, 2, 3)
MINUTE = timedelta(minutes=1)


def residents(town: Town, number: int) -> list[Actor]:
    """Move residents in, in two statements."""
    household_id = db.session.scalars(
        select(Household.id).where(Household.community_id == town.community_id)
    ).first()
    ids = [uuid.uuid4() for _ in range(number)]
    people = [
        {
            "id": one,
            "community_id": town.community_id,
            "number": f"R{at:04}",
            "name": f"居民{at}",
            "sex": Sex.FEMALE,
            "phone": "",
            "born_on": HELD_ON.replace(year=1980),
            "household_id": household_id,
        }
        for at, one in enumerate(ids)
    ]
    capacities = [
        {
            "id": uuid.uuid4(),
            "community_id": town.community_id,
            "person_id": one,
            "kind": CapacityKind.HUKOU,
            "since": HELD_ON.replace(year=2010),
        }
        for one in ids
    ]
    db.session.execute(insert(Person), people)
    db.session.execute(insert(Capacity), capacities)
    db.session.commit()
    return [Actor(person_id=one, community_id=town.community_id) for one in ids]


def prepared(town: Town, **changes: object) -> Cycle:
    cycle_id = posted_halfyear(town, meeting_id=None, **changes)
    rating.prepare_rating(cycle_id=cycle_id, actor=town.supervisor, now=NOW)
    return cycle_of(cycle_id)


def poll_of(cycle: Cycle, name: str = "居民") -> Poll:
    poll = next(one.poll for one in cycle_of(cycle.id).groups if one.name == name)
    assert poll is not None
    return poll


def begin(cycle: Cycle, town: Town) -> None:
    rating.open_rating(
        cycle_id=cycle.id,
        by_paper=False,
        actor=town.supervisor,
        settings=settings_now(),
        now=poll_of(cycle).opens_at or NOW,
    )


def stop(poll: Poll) -> None:
    clocks.sweep(now=poll.closes_at or NOW, settings=settings_now())


def test_the_roll_is_drawn_and_posted_without_whom_it_grades(session: Session) -> None:
    town = make_town()
    residents(town, 4)
    cycle = prepared(town, groups=(roll_of_residents(),))
    poll = poll_of(cycle)
    assert poll.state is PollState.ROLL_POSTED
    assert (poll.opens_at, poll.closes_at) == (
        day_starts(HELD_ON),
        cycle.groups[0].closes_at,
    )
    on_roll = set(session.scalars(select(RollEntry.person_id).where(RollEntry.poll_id == poll.id)))
    assert not on_roll.intersection(cycle.people)
    # Two more of the committee, the supervisor, the clerk and the four residents.
    assert len(on_roll) == 8
    with pytest.raises(Invalid) as refusal:
        correcting.add_to_roll(
            poll_id=poll.id,
            person_id=town.director_id,
            reason="遗漏",
            decision="1号",
            actor=town.supervisor,
            now=NOW,
        )
    assert refusal.value.reason == CorrectionFault.IS_GRADED


def test_a_roll_on_which_nobody_but_the_graded_would_stand_is_refused_by_name() -> None:
    town = make_town()
    residents(town, 1)
    draw = Draw(Basis.CAPACITIES, capacities=(CapacityKind.OWNER,))
    cycle_id = posted_halfyear(town, meeting_id=None, groups=(roll_of_residents(draw=draw_as_json(draw)),))
    with pytest.raises(NobodyToGrade) as refusal:
        rating.prepare_rating(cycle_id=cycle_id, actor=town.supervisor, now=NOW)
    assert refusal.value.group == "居民"


def test_rolls_are_made_once_and_before_anything_opens() -> None:
    town = make_town()
    residents(town, 1)
    cycle_id = posted_halfyear(town, meeting_id=None, groups=(roll_of_residents(),))
    with pytest.raises(NotPrepared) as refusal:
        rating.open_rating(
            cycle_id=cycle_id, by_paper=False, actor=town.supervisor, settings=settings_now(), now=NOW
        )
    assert refusal.value.groups == ("居民",)
    with pytest.raises(NotEligible):
        rating.prepare_rating(cycle_id=cycle_id, actor=town.clerk, now=NOW)
    (need,) = list_needs_of_cycles(db.session(), town.supervisor, NOW)
    assert (need.kind, need.endpoint) == (NeedKind.POST_RATERS, "appraisals.rating")
    assert need.due_at == day_ends(HELD_ON - timedelta(days=4))
    rating.prepare_rating(cycle_id=cycle_id, actor=town.supervisor, now=NOW)
    assert list_needs_of_cycles(db.session(), town.supervisor, NOW) == []
    with pytest.raises(AlreadyDone):
        rating.prepare_rating(cycle_id=cycle_id, actor=town.supervisor, now=NOW)
    with pytest.raises(TransitionNotAllowed):
        rating.open_rating(
            cycle_id=cycle_id, by_paper=False, actor=town.supervisor, settings=settings_now(), now=NOW
        )


def test_a_roll_too_late_for_objections_is_refused() -> None:
    town = make_town()
    residents(town, 1)
    closes_at = day_starts(HELD_ON) + timedelta(hours=8)
    cycle_id = posted_halfyear(town, meeting_id=None, groups=(roll_of_residents(closes_at=closes_at),))
    with pytest.raises(Invalid) as refusal:
        rating.prepare_rating(
            cycle_id=cycle_id, actor=town.supervisor, now=day_starts(HELD_ON) - timedelta(days=2)
        )
    assert refusal.value.reason == "closes_before_opening"


def test_paper_and_roll_of_an_appraisal_are_not_changed_on_the_pages_of_polls() -> None:
    town = make_town()
    residents(town, 1)
    poll = poll_of(prepared(town, groups=(roll_of_residents(),)))
    with pytest.raises(TransitionNotAllowed):
        set_terms(poll_id=poll.id, terms=terms_of(poll), actor=town.supervisor, now=NOW)
    draw = Draw(Basis.CAPACITIES, capacities=(CapacityKind.HUKOU,))
    with pytest.raises(TransitionNotAllowed):
        draw_roll(poll_id=poll.id, draw=draw, actor=town.supervisor, now=NOW)
    # Several boxes would show what few people wrote.
    plan = StationPlan(name="二号箱", kind=StationKind.HALL)
    with pytest.raises(TransitionNotAllowed):
        add_station(poll_id=poll.id, plan=plan, actor=town.supervisor, now=NOW)


def test_the_supervision_committee_runs_it_and_no_officer_of_elections_does(session: Session) -> None:
    town = make_town()
    residents(town, 1)
    poll = poll_of(prepared(town, groups=(roll_of_residents(),)))
    later = NOW + timedelta(days=4)
    officer = actor_of(session.get_one(Person, town.members[1]), Role.ELECTION_OFFICER, Role.COMMITTEE)
    with pytest.raises(NotEligible):
        freeze_roll(poll_id=poll.id, actor=officer, settings=settings_now(), now=later)
    after = (poll.opens_at or NOW) + MINUTE
    assert [need.title for need in list_needs(session, town.supervisor, after)] == [poll.title]
    assert list_needs(session, officer, after) == []
    freeze_roll(poll_id=poll.id, actor=town.supervisor, settings=settings_now(), now=later)
    session.expire_all()
    assert session.get_one(Poll, poll.id).state is PollState.READY


@pytest.mark.law("D5")
def test_thirty_ten_and_sixty_are_collected_with_exact_weights_once_all_have_finished(
    session: Session,
) -> None:
    town = make_town()
    voters = residents(town, 9)
    cycle = prepared(town, groups=three_groups())
    polls = [poll_of(cycle, name) for name in ("同事", "居民")]
    for poll in polls:
        open_roll(poll.id)
    begin(cycle, town)
    assert cycle_of(cycle.id).state is CycleState.RATING
    first, second = (poll.id for poll in polls)
    opens_at = polls[0].opens_at
    for at in range(5):
        grade(first, voters[at], GOOD, now=opens_at)
    for at in range(9):
        grade(second, voters[at], GOOD if at < 6 else POOR, now=opens_at)
    with pytest.raises(GroupsUnfinished) as refusal:
        collect_counts(session, cycle_of(cycle.id))
    assert refusal.value.groups == ("街道", "同事", "居民")
    # One group ends an hour early: nothing of it is opened while the other grades.
    session.get_one(Poll, first).closes_at -= timedelta(hours=1)
    session.commit()
    early = session.get_one(Poll, first)
    stop(early)
    assert session.get_one(Poll, first).state is PollState.CLOSED
    (blocker,) = list_next_blockers(session, session.get_one(Poll, first), now=early.closes_at)
    assert blocker.kind is BlockerKind.OTHERS_GRADE
    assert results.sweep(now=early.closes_at, settings=settings_now()).counted == 0
    stop(session.get_one(Poll, second))
    results.sweep(now=session.get_one(Poll, second).closes_at, settings=settings_now())
    sheet = OutsideSheet(7, dict(zip(subject_ids(cycle.id), ((7, 0, 0, 0),) * 3, strict=True)))
    street = next(one.id for one in cycle.groups if one.basis is RaterBasis.OUTSIDE)
    for actor in (town.supervisor, town.clerk):
        enter_outside(group_id=street, sheet=sheet, actor=actor, now=NOW)
    found = collect_counts(session, cycle_of(cycle.id))
    assert [one.weight for one in found] == [Fraction(3, 10), Fraction(1, 10), Fraction(3, 5)]
    secretary, _head, director = subject_ids(cycle.id)
    assert [one.levels[secretary] for one in found] == [(7, 0, 0, 0), (5, 0, 0, 0), (6, 3, 0, 0)]
    assert found[2].levels[director] == (0, 6, 0, 3)
    assert [one.entitled for one in found] == [None, 13, 13]


def test_a_roll_in_which_few_took_paper_stays_open_past_its_hour_and_may_be_extended(
    session: Session,
) -> None:
    town = make_town()
    voters = residents(town, 12)
    poll = poll_of(prepared(town, groups=(roll_of_residents(),)))
    open_roll(poll.id)
    poll = session.get_one(Poll, poll.id)
    closes_at = poll.closes_at
    assert closes_at is not None
    for voter in voters[:8]:
        grade(poll.id, voter, GOOD, now=poll.opens_at)
    for voter in voters[8:12]:
        issue(poll.id, voter, town)
    swept = clocks.sweep(now=closes_at, settings=settings_now())
    assert (swept.stopped, swept.blocked, swept.failed) == (0, 1, 0)
    session.expire_all()
    poll = session.get_one(Poll, poll.id)
    assert poll.state is PollState.OPEN
    (blocker,) = list_next_blockers(session, poll, now=closes_at)
    assert (blocker.kind, blocker.arithmetic) == (BlockerKind.WAY_TOO_SMALL, "8 + 4; 4 < 5")
    extend_poll(
        poll_id=poll.id,
        closes_at=closes_at + timedelta(days=1),
        reason="纸质评议表不足五份",
        actor=town.supervisor,
        now=closes_at + MINUTE,
    )
    issue(poll.id, voters[0], town, at=closes_at + 2 * MINUTE)
    assert clocks.sweep(now=closes_at + timedelta(days=1), settings=settings_now()).stopped == 1


@pytest.mark.law("D8")
def test_a_group_with_too_few_forms_has_no_figures_and_is_never_opened(session: Session) -> None:
    town = make_town()
    voters = residents(town, 5)
    poll = poll_of(cycle := prepared(town, groups=(roll_of_residents(),)))
    open_roll(poll.id)
    begin(cycle, town)
    poll = session.get_one(Poll, poll.id)
    for voter in voters[:4]:
        grade(poll.id, voter, GOOD, now=poll.opens_at)
    stop(poll)
    with pytest.raises(StepBlocked) as refusal:
        results.seal_locked(session, session.get_one(Poll, poll.id), actor=None, now=poll.closes_at)
    session.rollback()
    assert BlockerKind.FORMS_TOO_FEW in {one.kind for one in refusal.value.blockers}
    (count,) = collect_counts(session, cycle_of(cycle.id))
    assert (count.forms, count.levels) == (4, {})


def issue(poll_id: uuid.UUID, voter: Actor, town: Town, *, at: datetime | None = None) -> None:
    poll = db.session.get_one(Poll, poll_id)
    issue_paper(
        station_id=station_of(poll_id).id,
        entry_id=entry_of(poll_id, voter.person_id),
        despite_screen=True,
        actor=town.clerk,
        now=at or poll.opens_at or NOW,
    )


def test_certified_grades_settle_their_boxes_so_that_keys_end_on_their_day(session: Session) -> None:
    town = make_town()
    voters = residents(town, 6)
    colleagues = roll_of_residents(Fraction(2, 5), name="同事")
    cycle = prepared(town, groups=(roll_of_residents(Fraction(3, 5)), colleagues))
    first, second = poll_of(cycle).id, poll_of(cycle, "同事").id
    for poll_id in (first, second):
        open_roll(poll_id)
    begin(cycle, town)
    opens_at = poll_of(cycle).opens_at or NOW
    for voter in voters:
        grade(first, voter, GOOD, now=opens_at)
    grade(second, voters[0], GOOD, now=opens_at)
    ends_at = poll_of(cycle).closes_at or NOW
    stop(poll_of(cycle))
    results.sweep(now=ends_at, settings=settings_now())
    session.expire_all()
    assert session.get_one(Poll, first).state is PollState.COUNTED
    # Counted, it is nobody's affair on the pages of polls; shut, it waits for the count of the cycle.
    needs = [need.title for need in list_needs(session, town.supervisor, ends_at)]
    assert needs == [session.get_one(Poll, second).title]
    with pytest.raises(TransitionNotAllowed):
        results.object_to_result(poll_id=first, text="有误", actor=voters[0], now=ends_at)
    count_cycle(cycle_id=cycle.id, actor=town.supervisor, now=ends_at)
    certify(cycle_id=cycle.id, actor=town.supervisor, now=ends_at)
    session.expire_all()
    assert session.get_one(Poll, first).state is PollState.CERTIFIED
    assert session.get_one(Poll, second).state is PollState.VOID
    assert "收回评议表1份，不足5份" in session.get_one(Poll, second).void_ground
