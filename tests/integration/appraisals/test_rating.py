"""The grading in a hall: quorum, reports heard, few of one way kept together, counts on screen and paper."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum.appraisals.errors_of_rating import ReportsNotHeard
from civicforum.appraisals.rules import CycleState
from civicforum.appraisals.services import hearing, rating
from civicforum.appraisals.services.collecting import collect_counts
from civicforum.appraisals.services.posting import void_cycle
from civicforum.appraisals.services.rating import Ended
from civicforum.bodies.models import Body, Post
from civicforum.bodies.rules import BodyKind, Role
from civicforum.database import db
from civicforum.errors import NotEligible, NotFound, RuleRefused, TransitionNotAllowed
from civicforum.meetings import services as meetings
from civicforum.people.models import Person
from civicforum.polls.blockers import BlockerKind
from civicforum.polls.errors import StepBlocked
from civicforum.polls.models import BoxCount, ResultSheet, RollEntry
from civicforum.polls.queries.needs import list_needs
from civicforum.polls.rules import PollState, Preset
from civicforum.polls.services.states import void_poll
from tests.factories import actor_of, make_term
from tests.support.appraisals import cycle_of, make_town, posted_halfyear, subject_ids
from tests.support.rating import (
    BASIC,
    COMPETENT,
    EXCELLENT,
    HOUR,
    UNFIT,
    Hall,
    end,
    grade,
    hand_in,
    hand_out,
    hear_all,
    make_hall,
    open_hall,
    settings_now,
    sign_box,
    subject_at,
)

pytestmark = pytest.mark.usefixtures("session")
GOOD = (EXCELLENT, COMPETENT, COMPETENT)
POOR = (COMPETENT, BASIC, UNFIT)


@pytest.mark.law("D4", "appraisal.quorum")
def test_one_short_of_two_thirds_gets_no_form_and_two_thirds_do() -> None:
    # 2/3 of 18 representatives are 12.
    hall = make_hall(present=11)
    with pytest.raises(RuleRefused) as refusal:
        open_hall(hall)
    assert refusal.value.verdict.rule.id == "appraisal.quorum"
    assert refusal.value.verdict.arithmetic == "11 < 2/3 × 18 = 12"
    assert cycle_of(hall.cycle_id).state is CycleState.POSTED
    meetings.tick_present(
        meeting_id=hall.town.meeting_id,
        person_ids=hall.town.representatives[:12],
        actor=hall.town.clerk,
        now=HOUR,
    )
    open_hall(hall)
    cycle = cycle_of(hall.cycle_id)
    assert cycle.state is CycleState.RATING
    assert cycle.chaired_by_id == hall.town.supervisor.person_id
    assert cycle.quorum is not None
    assert (cycle.quorum["present"], cycle.quorum["members"]) == (12, 18)
    assert cycle.quorum["arithmetic"] == "12 ≥ 2/3 × 18 = 12"


def test_members_of_the_committee_count_for_no_quorum(session: Session) -> None:
    hall = make_hall(representatives=6, present=3)
    meetings.tick_present(
        meeting_id=hall.town.meeting_id,
        person_ids=hall.town.members,
        actor=hall.town.clerk,
        now=HOUR,
    )
    # Six are in the room, three of them representatives; four are needed.
    with pytest.raises(RuleRefused) as refusal:
        open_hall(hall)
    assert refusal.value.verdict.arithmetic == "3 < 2/3 × 6 = 4"


@pytest.mark.law("D4")
def test_no_form_is_given_out_before_every_report_handed_in_is_heard_or_said_why_not() -> None:
    hall = make_hall(hears=False)
    hand_in(hall, but=[1])
    with pytest.raises(ReportsNotHeard) as refusal:
        open_hall(hall)
    # The report of the station head is missing altogether, so that it does not keep the others waiting.
    assert refusal.value.names == (subject_at(hall, 0).name, subject_at(hall, 2).name)
    first, _second, third = subject_ids(hall.cycle_id)
    hearing.note_report(subject_id=first, text="汇报了半年工作。", actor=hall.town.clerk, now=HOUR)
    hearing.note_absence(subject_id=third, reason="住院", actor=hall.town.supervisor, now=HOUR)
    open_hall(hall)
    assert len(hall.poll.questions[0].options) == 3


def test_the_form_names_everybody_graded_and_says_that_nobody_learns_who_gave_what() -> None:
    hall = make_hall(representatives=3)
    open_hall(hall)
    poll = hall.poll
    assert poll.preset is Preset.POLL
    assert [one.name for one in cycle_of(hall.cycle_id).subjects] == poll.questions[0].options
    assert poll.questions[0].levels == ["优秀", "称职", "基本称职", "不称职"]
    assert "谁给了哪个等次不对任何人公开" in poll.question
    assert poll.title.endswith("（居民代表）")


def test_whoever_is_graded_is_not_on_the_roll_and_runs_nothing(session: Session) -> None:
    hall = make_hall(representatives=3)
    graded = session.get_one(Person, hall.town.director_id)
    assembly = select(Post).join(Body).where(Body.kind == BodyKind.REPRESENTATIVE_ASSEMBLY)
    make_term(graded, session.scalars(assembly).one())
    meetings.tick_present(
        meeting_id=hall.town.meeting_id, person_ids=hall.town.members, actor=hall.town.clerk, now=HOUR
    )
    open_hall(hall, by_paper=True)
    on_roll = set(session.scalars(select(RollEntry.person_id).where(RollEntry.poll_id == hall.poll.id)))
    # Of the assembly the representatives grade, and not the committee; the director is one, and is graded.
    assert on_roll == set(hall.town.representatives)
    director = actor_of(graded, Role.SUPERVISOR, Role.CLERK)
    poll = hall.poll
    assert not poll.is_run_by(director)
    assert not poll.has_at_the_door(director)
    assert poll.is_run_by(hall.town.supervisor)
    assert poll.has_at_the_door(hall.town.clerk)
    with pytest.raises(NotEligible):
        rating.end_rating(cycle_id=hall.cycle_id, actor=director, settings=settings_now(), now=HOUR)
    with pytest.raises(NotEligible):
        rating.end_rating(cycle_id=hall.cycle_id, actor=hall.town.clerk, settings=settings_now(), now=HOUR)


def test_twelve_on_screen_and_six_on_paper_are_counted_exactly() -> None:
    hall = make_hall()
    open_hall(hall, by_paper=True)
    for at in range(12):
        grade(hall.poll.id, hall.voter(at), GOOD if at < 9 else POOR)
    for at in range(12, 18):
        hand_out(hall, at)
    assert end(hall) is Ended.AWAITS_PAPER
    # Four good, one poor that leaves the last out, one that counts for nobody.
    sign_box(hall, [GOOD] * 4 + [(COMPETENT, BASIC, None)], invalid=1)
    assert end(hall) is Ended.COUNTED
    (count,) = collect_counts(db.session(), cycle_of(hall.cycle_id))
    first, second, third = subject_ids(hall.cycle_id)
    # 9 + 4 good, 3 + 1 poor; the last has 3 poor ones from the screen alone.
    assert count.levels == {first: (13, 4, 0, 0), second: (0, 13, 4, 0), third: (0, 13, 0, 3)}
    assert (count.entitled, count.forms, count.invalid) == (18, 18, 1)
    assert count.ungraded(first) == 0
    assert count.ungraded(third) == 1
    assert hall.poll.state is PollState.CERTIFIED


@pytest.mark.law("D8", "privacy.least")
def test_four_on_paper_beside_a_screen_keep_the_grading_open_and_five_end_it() -> None:
    hall = make_hall()
    open_hall(hall, by_paper=True)
    for at in range(14):
        grade(hall.poll.id, hall.voter(at), GOOD)
    for at in range(14, 18):
        hand_out(hall, at)
    with pytest.raises(StepBlocked) as refusal:
        end(hall)
    (blocker,) = refusal.value.blockers
    assert blocker.kind is BlockerKind.WAY_TOO_SMALL
    assert blocker.rule is not None
    assert blocker.rule.id == "privacy.least"
    assert blocker.arithmetic == "14 + 4; 4 < 5"
    # Nothing is stopped: one more takes a paper, which replaces what came on screen.
    assert hall.poll.state is PollState.OPEN
    hand_out(hall, 0)
    assert end(hall) is Ended.AWAITS_PAPER
    sign_box(hall, [POOR] * 5)
    assert end(hall) is Ended.COUNTED
    (count,) = collect_counts(db.session(), cycle_of(hall.cycle_id))
    assert count.levels[subject_ids(hall.cycle_id)[0]] == (13, 5, 0, 0)


def test_four_on_screen_beside_paper_keep_the_grading_open_too() -> None:
    hall = make_hall(representatives=12)
    open_hall(hall, by_paper=True)
    for at in range(4):
        grade(hall.poll.id, hall.voter(at), GOOD)
    for at in range(4, 12):
        hand_out(hall, at)
    with pytest.raises(StepBlocked):
        end(hall)
    for at in range(4):
        hand_out(hall, at)
    assert end(hall) is Ended.AWAITS_PAPER
    sign_box(hall, [GOOD] * 12)
    # All took paper: the sealed box stays shut, and paper alone is counted.
    assert end(hall) is Ended.COUNTED
    (count,) = collect_counts(db.session(), cycle_of(hall.cycle_id))
    assert count.levels[subject_ids(hall.cycle_id)[0]] == (12, 0, 0, 0)


@pytest.mark.law("D8", "privacy.least")
def test_papers_that_few_hand_back_beside_a_screen_are_counted_by_nobody(session: Session) -> None:
    hall = make_hall(representatives=12)
    open_hall(hall, by_paper=True)
    for at in range(6):
        grade(hall.poll.id, hall.voter(at), GOOD)
    for at in range(6, 12):
        hand_out(hall, at)
    assert end(hall) is Ended.AWAITS_PAPER
    # Six were handed out, and four valid ones came back: the total less the screen would tell those four.
    sign_box(hall, [POOR] * 4, invalid=1)
    assert end(hall) is Ended.TOO_FEW
    assert hall.poll.state is PollState.VOID
    assert session.scalars(select(BoxCount.counts)).all() == [[], []]
    assert session.scalar(select(func.count()).select_from(ResultSheet)) == 0
    (count,) = collect_counts(session, cycle_of(hall.cycle_id))
    assert (count.forms, count.levels, count.is_open) == (10, {}, False)


def test_a_box_nobody_put_a_paper_in_needs_no_count() -> None:
    hall = make_hall(representatives=6)
    open_hall(hall, by_paper=True)
    for at in range(5):
        grade(hall.poll.id, hall.voter(at), GOOD)
    assert end(hall) is Ended.COUNTED


@pytest.mark.law("D8")
def test_fewer_forms_than_the_least_are_never_opened(session: Session) -> None:
    hall = make_hall(representatives=6)
    open_hall(hall)
    for at in range(4):
        grade(hall.poll.id, hall.voter(at), GOOD)
    assert end(hall) is Ended.TOO_FEW
    assert hall.poll.state is PollState.VOID
    assert "收回评议表4份，不足5份" in hall.poll.void_ground
    (count,) = collect_counts(session, cycle_of(hall.cycle_id))
    assert (count.forms, count.levels, count.is_open) == (4, {}, False)
    assert session.scalar(select(func.count()).select_from(ResultSheet)) == 0


def test_forms_go_out_once_and_only_while_the_assembly_sits() -> None:
    hall = make_hall(representatives=3)
    open_hall(hall)
    with pytest.raises(TransitionNotAllowed):
        open_hall(hall)
    town = make_town(representatives=3, suffix="2")
    other = Hall(town, posted_halfyear(town), town.representatives)
    with pytest.raises(TransitionNotAllowed):
        open_hall(other)
    with pytest.raises(TransitionNotAllowed):
        hear_all(other)


def test_raters_are_asked_on_their_home_page_until_they_have_graded(session: Session) -> None:
    hall = make_hall(representatives=3)
    open_hall(hall)
    voter = hall.voter(0)
    assert [need.title for need in list_needs(session, voter, HOUR)] == [hall.poll.title]
    grade(hall.poll.id, voter, GOOD)
    assert list_needs(session, voter, HOUR) == []
    # Nor is it a supervisor's affair on the pages of polls: the hearing's own page runs it.
    assert list_needs(session, hall.town.supervisor, HOUR) == []
    with pytest.raises(NotFound):
        void_poll(poll_id=hall.poll.id, ground="错误", actor=hall.town.supervisor, now=HOUR)


def test_a_void_cycle_takes_its_box_with_it(session: Session) -> None:
    hall = make_hall(representatives=3)
    open_hall(hall)
    void_cycle(cycle_id=hall.cycle_id, ground="名册有误", actor=hall.town.supervisor, now=HOUR)
    assert hall.poll.state is PollState.VOID
    with pytest.raises(TransitionNotAllowed):
        end(hall)
