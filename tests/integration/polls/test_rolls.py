"""The roll of a poll: drawn in few statements, posted, frozen, and who may do each."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from civicforum import sealed
from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import BodyKind, PostKind, Role
from civicforum.errors import Invalid, NotEligible, NotFound, RuleRefused, TransitionNotAllowed
from civicforum.people.models import Capacity, Community, Grid, Group, Household, Person
from civicforum.people.rules import CapacityKind, Sex
from civicforum.polls.electorates import Basis, Draw, draw_from_json
from civicforum.polls.errors import RollHindered
from civicforum.polls.models import CredentialLink, Poll, RollEntry
from civicforum.polls.queries import rolls as queries
from civicforum.polls.rules import ObjectionKind, PollState, Preset, Ruling
from civicforum.polls.services import boards, objecting, rolls
from civicforum.records.models import JournalEntry
from tests.factories import (
    NOW,
    actor_of,
    make_body,
    make_community,
    make_household,
    make_officer,
    make_person,
    make_post,
    make_term,
)
from tests.support.polls import YES_NO, make_poll
from tests.support.rolls import OPENS, RECALL, RESIDENTS, election_officer, freeze, make_draft, post
from tests.support.statements import count_statements

AFTER_OBJECTIONS = NOW + timedelta(days=6)
BY_TRUSTEES = {"preset": Preset.SEALED, "threshold": 2, "trustees": 3}


@pytest.fixture
def community(session: Session) -> Community:
    return make_community()


@pytest.fixture
def officer(community: Community) -> Actor:
    return election_officer(community)


def poll_row(session: Session, poll_id: uuid.UUID) -> Poll:
    return session.get_one(Poll, poll_id, populate_existing=True)


def roll_of(session: Session, poll_id: uuid.UUID) -> list[RollEntry]:
    return list(
        session.scalars(select(RollEntry).where(RollEntry.poll_id == poll_id).order_by(RollEntry.position))
    )


def settle(session: Session, community: Community, number: int) -> None:
    """Write so many residents of one street, each in a household of their own, in a few statements."""
    grid = session.scalars(select(Grid).where(Grid.community_id == community.id)).one()
    group = session.scalars(select(Group).where(Group.community_id == community.id)).one()
    where = {"community_id": community.id}
    homes = [
        {**where, "id": uuid.uuid4(), "number": f"S{at:05}", "address": "长街", "grid_id": grid.id}
        | {"group_id": group.id}
        for at in range(number)
    ]
    people = [
        {**where, "id": uuid.uuid4(), "number": f"R{at:05}", "name": f"居民{at}", "sex": Sex.MALE}
        | {"born_on": date(1980, 1, 1), "household_id": home["id"]}
        for at, home in enumerate(homes)
    ]
    held = [
        {**where, "id": uuid.uuid4(), "person_id": one["id"], "kind": kind, "since": date(2010, 1, 1)}
        for one in people
        for kind in (CapacityKind.HUKOU, CapacityKind.OWNER)
    ]
    for model, rows in ((Household, homes), (Person, people), (Capacity, held)):
        session.execute(insert(model), rows)
    session.commit()


def test_a_thousand_residents_are_drawn_in_a_bounded_number_of_statements(
    session: Session, community: Community, officer: Actor
) -> None:
    settle(session, community, 1000)
    poll_id = make_draft(community)
    with count_statements() as counted:
        drawn = rolls.draw_roll(poll_id=poll_id, draw=RESIDENTS, actor=officer, now=NOW)
    # The officer is a resident too.
    assert drawn == 1001
    # Poll, candidates, the roll taken back and written, the journal: however many there are.
    few = counted.total
    assert few < 15
    settle_more = make_draft(community)
    with count_statements() as again:
        rolls.draw_roll(poll_id=settle_more, draw=RESIDENTS, actor=officer, now=NOW)
    assert again.total == few
    entries = roll_of(session, poll_id)
    assert [entry.position for entry in entries] == list(range(1, 1002))
    assert {entry.ground for entry in entries} == {"capacity.hukou"}


def test_an_entry_keeps_name_and_group_of_the_day_it_was_drawn(
    session: Session, community: Community, officer: Actor
) -> None:
    person = make_person(community, name="王芳")
    poll_id = make_draft(community)
    post(poll_id, officer)
    person.name = "王小芳"
    session.commit()
    entry = next(entry for entry in roll_of(session, poll_id) if entry.person_id == person.id)
    assert (entry.name, entry.group_name) == ("王芳", "第一居民小组")


def test_drawing_again_replaces_the_roll_and_keeps_how_it_was_drawn(
    session: Session, community: Community, officer: Actor
) -> None:
    owner = make_person(community, capacities=[CapacityKind.OWNER])
    make_person(community)
    poll_id = make_draft(community)
    rolls.draw_roll(poll_id=poll_id, draw=RESIDENTS, actor=officer, now=NOW)
    owners = Draw(Basis.CAPACITIES, capacities=(CapacityKind.OWNER,))
    assert rolls.draw_roll(poll_id=poll_id, draw=owners, actor=officer, now=NOW) == 1
    assert [entry.person_id for entry in roll_of(session, poll_id)] == [owner.id]
    assert draw_from_json(poll_row(session, poll_id).draw) == owners


def test_a_roll_of_some_groups_or_grids_leaves_out_all_others(
    session: Session, community: Community, officer: Actor
) -> None:
    grid = Grid(community_id=community.id, code="G9", name="第九网格")
    session.add(grid)
    session.flush()
    inside = make_person(community, household=make_household(community, grid=grid))
    make_person(community)
    poll_id = make_draft(community)
    of_grid = replace(RESIDENTS, grids=(grid.id,))
    rolls.draw_roll(poll_id=poll_id, draw=of_grid, actor=officer, now=NOW)
    assert [entry.person_id for entry in roll_of(session, poll_id)] == [inside.id]
    with pytest.raises(Invalid, match="nobody"):
        rolls.draw_roll(
            poll_id=poll_id, draw=replace(RESIDENTS, groups=(uuid.uuid4(),)), actor=officer, now=NOW
        )


def test_holders_of_a_post_on_the_day_of_opening_are_drawn(
    session: Session, community: Community, officer: Actor
) -> None:
    body = make_body(community, BodyKind.REPRESENTATIVE_ASSEMBLY)
    seat = make_post(body, PostKind.REPRESENTATIVE)
    now_and_then, until_soon = make_person(community), make_person(community)
    make_term(now_and_then, seat)
    make_term(until_soon, seat, until=(OPENS - timedelta(days=2)).date())
    poll_id = make_draft(community)
    draw = Draw(Basis.POSTS, posts=((body.id, PostKind.REPRESENTATIVE),))
    rolls.draw_roll(poll_id=poll_id, draw=draw, actor=officer, now=NOW)
    assert [(entry.person_id, entry.ground) for entry in roll_of(session, poll_id)] == [
        (now_and_then.id, "post.representative_assembly.representative")
    ]
    seats = queries.list_seats(
        session, community_id=community.id, terms=rolls.roll_terms(poll_row(session, poll_id), now=NOW)
    )
    assert [(found.id, kind, holders) for found, kind, holders in seats if found.id == body.id] == [
        (body.id, PostKind.REPRESENTATIVE, 1)
    ]


def test_one_of_each_household(session: Session, community: Community, officer: Actor) -> None:
    home = make_household(community)
    elder = make_person(community, household=home, born_on=date(1950, 1, 1))
    younger = make_person(community, household=home, born_on=date(1980, 1, 1))
    homes = replace(RESIDENTS, basis=Basis.HOUSEHOLDS)
    poll_id = make_draft(community)
    rolls.draw_roll(poll_id=poll_id, draw=homes, actor=officer, now=NOW)
    assert (elder.id, "household.eldest") in [
        (entry.person_id, entry.ground) for entry in roll_of(session, poll_id)
    ]
    rolls.draw_roll(poll_id=poll_id, draw=replace(homes, chosen=(younger.id,)), actor=officer, now=NOW)
    found = {entry.person_id: entry.ground for entry in roll_of(session, poll_id)}
    assert found[younger.id] == "household.chosen"
    assert elder.id not in found


def test_only_who_runs_the_poll_draws_and_only_for_a_poll_that_stands_alone(
    session: Session, community: Community, officer: Actor
) -> None:
    committee = actor_of(make_officer(community, Role.COMMITTEE), Role.COMMITTEE)
    clerk = actor_of(make_officer(community, Role.CLERK), Role.CLERK)
    election = make_draft(community, is_statutory=True)
    for nobody in (committee, clerk):
        with pytest.raises(NotEligible):
            rolls.draw_roll(poll_id=election, draw=RESIDENTS, actor=nobody, now=NOW)
    in_meeting = make_draft(community, subject_kind="item", subject_id=uuid.uuid4())
    with pytest.raises(NotFound):
        rolls.draw_roll(poll_id=in_meeting, draw=RESIDENTS, actor=officer, now=NOW)


def test_a_draft_without_times_questions_or_people_is_not_posted(
    session: Session, community: Community, officer: Actor
) -> None:
    without_times = make_draft(community, opens_at=None, closes_at=None)
    with pytest.raises(Invalid, match="no_times"):
        rolls.draw_roll(poll_id=without_times, draw=RESIDENTS, actor=officer, now=NOW)
    with pytest.raises(Invalid, match="nobody"):
        rolls.post_roll(poll_id=make_draft(community), actor=officer, now=NOW)
    without_questions = make_draft(community, questions=())
    with pytest.raises(Invalid, match="no_question"):
        post(without_questions, officer)
    too_long = make_draft(community, objection_days=30)
    with pytest.raises(Invalid, match="opens_before_objections_end"):
        post(too_long, officer)


def test_a_draft_whose_terms_no_longer_fit_is_not_posted(
    session: Session, community: Community, officer: Actor
) -> None:
    unruled = make_draft(community, quorum_rule="quorum.of.another.profile")
    with pytest.raises(Invalid, match="unknown_rule"):
        post(unruled, officer)
    online = make_draft(community, **RECALL | {"by_screen": True})
    with pytest.raises(RuleRefused, match=r"election\.online"):
        post(online, officer)
    undecided = make_draft(community, **RECALL | {"questions": (YES_NO,)})
    with pytest.raises(Invalid, match="no_majority_rule"):
        post(undecided, officer)
    assert {poll_row(session, poll_id).state for poll_id in (unruled, online, undecided)} == {PollState.DRAFT}


def test_an_election_posts_its_roll_twenty_days_before(
    session: Session, community: Community, officer: Actor
) -> None:
    # From 2 March, 20 days lead to 22 March, 00:00 in Shanghai.
    first_hour = NOW.replace(hour=16) + timedelta(days=19)
    terms = {**RECALL, "closes_at": OPENS}
    early = make_draft(community, **terms, opens_at=first_hour - timedelta(seconds=1))
    with pytest.raises(RuleRefused) as refused:
        post(early, officer)
    assert refused.value.verdict.rule.id == "roll.posting"
    assert refused.value.verdict.arithmetic == "2026-03-21 − 2026-03-02 = 19 < 20"
    in_time = make_draft(community, **terms, opens_at=first_hour)
    post(in_time, officer)
    assert poll_row(session, in_time).state is PollState.ROLL_POSTED


def test_a_posted_roll_is_not_drawn_again(session: Session, community: Community, officer: Actor) -> None:
    poll_id = make_draft(community)
    post(poll_id, officer)
    with pytest.raises(TransitionNotAllowed):
        rolls.draw_roll(poll_id=poll_id, draw=RESIDENTS, actor=officer, now=NOW)
    with pytest.raises(TransitionNotAllowed):
        rolls.post_roll(poll_id=poll_id, actor=officer, now=NOW)


def test_freezing_is_refused_with_the_sum_while_objections_run_or_wait(
    session: Session, community: Community, officer: Actor
) -> None:
    resident = actor_of(make_person(community))
    poll_id = make_draft(community)
    post(poll_id, officer)
    objection_id = objecting.object_to_roll(
        poll_id=poll_id,
        kind=ObjectionKind.OMITTED,
        entry_id=None,
        about="张伟",
        text="他住在三号楼。",
        actor=resident,
        now=NOW,
    )
    with pytest.raises(RollHindered) as refused:
        freeze(poll_id, officer, now=NOW + timedelta(days=4))
    assert [one.arithmetic for one in refused.value.hindrances] == [
        "2026-03-06 − 2026-03-02 = 4 ≤ 5",
        "1 − 0 = 1 > 0",
    ]
    with pytest.raises(RollHindered) as refused:
        freeze(poll_id, officer, now=AFTER_OBJECTIONS)
    assert [one.arithmetic for one in refused.value.hindrances] == ["1 − 0 = 1 > 0"]
    objecting.rule_on_objection(
        poll_id=poll_id,
        objection_id=objection_id,
        ruling=Ruling.REJECTED,
        text="他不住在本社区。",
        person_id=None,
        actor=officer,
        now=AFTER_OBJECTIONS,
    )
    freeze(poll_id, officer, now=AFTER_OBJECTIONS)
    assert poll_row(session, poll_id).roll_frozen_at == AFTER_OBJECTIONS
    with pytest.raises(TransitionNotAllowed):
        freeze(poll_id, officer, now=AFTER_OBJECTIONS)


@pytest.mark.parametrize(
    ("terms", "state", "has_board"),
    [
        ({"preset": Preset.OPEN}, PollState.READY, False),
        (BY_TRUSTEES | {"by_screen": False, "by_paper": True}, PollState.READY, False),
        ({"preset": Preset.POLL}, PollState.READY, True),
        (BY_TRUSTEES, PollState.ROLL_POSTED, False),
    ],
)
def test_what_comes_after_the_freeze_depends_on_who_keeps_the_key(
    session: Session,
    community: Community,
    officer: Actor,
    terms: dict[str, Any],
    state: PollState,
    has_board: bool,
) -> None:
    make_person(community)
    poll_id = make_draft(community, **terms)
    post(poll_id, officer)
    freeze(poll_id, officer, now=AFTER_OBJECTIONS)
    poll = poll_row(session, poll_id)
    assert (poll.state, poll.members) == (state, 2)
    assert (boards.phase_of(session, poll_id) is sealed.Phase.CASTING) is has_board
    links = session.scalars(select(CredentialLink).where(CredentialLink.poll_id == poll_id)).all()
    assert len(links) == (2 if has_board else 0)


def test_each_step_is_one_entry_in_the_journal(
    session: Session, community: Community, officer: Actor
) -> None:
    poll_id = make_draft(community)
    post(poll_id, officer)
    freeze(poll_id, officer, now=AFTER_OBJECTIONS)
    entries = session.scalars(
        select(JournalEntry).where(JournalEntry.subject_id == poll_id).order_by(JournalEntry.sequence)
    )
    assert [(entry.action, entry.is_public) for entry in entries] == [
        ("poll.draw_roll", False),
        ("poll.post_roll", True),
        ("poll.freeze_roll", True),
    ]


def test_the_pages_of_a_roll_make_few_statements(session: Session, community: Community) -> None:
    poll = make_poll(community, voters=60)
    with count_statements() as counted:
        page = queries.list_entries(session, poll_id=poll.id, number=2)
    assert (page.total, len(page.items), counted.total) == (60, 10, 2)
