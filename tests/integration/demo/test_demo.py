"""The demonstration community: believable, in every stage, the same each time, never beside a real one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from civicforum import demo, rulebook
from civicforum.appraisals.models import CorrectiveAction, Cycle
from civicforum.appraisals.rules import ActionState, CycleKind, CycleState
from civicforum.bodies.models import Body, Post, Term
from civicforum.bodies.queries import roles_held
from civicforum.bodies.rules import BodyKind, Role
from civicforum.database import db
from civicforum.demo.cli import demonstration
from civicforum.elections.models import Election, Nomination, Round, Winner
from civicforum.elections.queries.notices import get_archive, get_standing, list_issued, list_lines
from civicforum.elections.rules import RoundKind, Stage
from civicforum.matters.models import Matter
from civicforum.matters.rules import Stage as MatterStage
from civicforum.people.models import Community, Grid, Household, Person
from civicforum.polls.models import CredentialLink, KeyCeremony, Poll, ResultSheet, RollObjection
from civicforum.polls.rules import APPRAISALS, PollState, Preset, Ruling
from civicforum.polls.services import boards
from civicforum.records.models import Photo
from civicforum.records.queries import verify_journal
from civicforum.reports.queries import count_reports
from civicforum.reports.rules import Counts
from civicforum.rulebook.days import day_of
from civicforum.sealed import read_seed, verify_archive
from civicforum.statements.models import Conversation, Statement, StatementGrouping
from tests.factories import make_community
from tests.support.demonstration import NOW

ROLES = [
    "resident",
    "representative",
    "party",
    "committee",
    "election_officer",
    "supervisor",
    "station_head",
    "clerk",
    "admin",
]


def test_the_community_has_a_believable_size(loaded: Flask) -> None:
    with loaded.app_context():
        counts = [db.session.scalar(select(func.count()).select_from(table)) for table in (Household, Grid)]
        people = db.session.scalar(select(func.count()).select_from(Person))
    assert counts == [1300, 5]
    assert people is not None
    assert 3300 <= people <= 3500


def test_every_stage_has_a_matter(loaded: Flask) -> None:
    with loaded.app_context():
        stages = set(db.session.scalars(select(Matter.stage)))
    assert stages == set(MatterStage)


def test_there_are_overridden_reworked_and_overdue_matters(loaded: Flask) -> None:
    with loaded.app_context():
        overdue = db.session.scalar(select(func.count()).where(Matter.overdue_at.is_not(None)))
        market = db.session.scalars(select(Matter).where(Matter.title.contains("早点摊"))).one()
        rails = db.session.scalars(select(Matter).where(Matter.title.contains("加装扶手"))).one()
        assert market.stage is MatterStage.CLOSED
        assert "便民点" in market.resolution
        assert [task.is_rework for task in rails.tasks] == [False, True]
    assert overdue is not None
    assert overdue >= 3


def test_the_assembly_adopted_and_rejected_by_the_law_s_arithmetic(loaded: Flask) -> None:
    with loaded.app_context():
        others = ("", "election", *APPRAISALS)
        voted_in_meetings = select(ResultSheet).join(ResultSheet.poll).where(Poll.subject_kind.not_in(others))
        rows = db.session.scalars(voted_in_meetings.order_by(ResultSheet.made_at)).all()
        results = [(row.counts["for"], row.is_adopted) for row in rows]
    # 21 of 44 present is not more than a half; every other count is.
    assert (21, False) in results
    assert all(adopted for in_favour, adopted in results if in_favour != 21)


def test_one_vote_is_sealed_and_open_one_closed_with_its_archive_and_one_on_screen_and_paper(
    loaded: Flask, tmp_path: Path
) -> None:
    with loaded.app_context():
        polls = db.session.scalars(select(Poll).where(Poll.subject_kind == "")).all()
        shown = {(poll.preset, poll.by_paper, poll.state) for poll in polls}
        closed = next(poll for poll in polls if poll.state is PollState.CERTIFIED)
        hybrid = next(poll for poll in polls if poll.state is PollState.COUNTED)
        archives = {poll.id: boards.list_lines(db.session(), poll.id) for poll in (closed, hybrid)}
    assert (Preset.SEALED, True, PollState.OPEN) in shown
    assert (Preset.POLL, False, PollState.OPEN) in shown
    assert (Preset.POLL, True, PollState.COUNTED) in shown
    for poll_id, lines in archives.items():
        archive = tmp_path / f"{poll_id}.jsonl"
        archive.write_bytes(b"".join(line + b"\n" for line in lines))
        assert not verify_archive(archive).failures


def test_one_conversation_ended_with_opinion_groups_and_one_is_open(loaded: Flask) -> None:
    with loaded.app_context():
        found = db.session.execute(
            select(Conversation.state, StatementGrouping.groups, StatementGrouping.is_final)
            .join(StatementGrouping, StatementGrouping.conversation_id == Conversation.id)
            .order_by(Conversation.opens_at, StatementGrouping.version)
        ).all()
        waiting = db.session.scalars(select(Statement).where(Statement.state == "waiting")).all()
    assert [tuple(row) for row in found] == [("closed", 3, False), ("closed", 3, True), ("open", 2, False)]
    assert len(waiting) == 1


def test_one_election_is_finished_with_every_paper_of_its_archive(loaded: Flask) -> None:
    with loaded.app_context():
        election = election_to(BodyKind.RESIDENTS_COMMITTEE)
        standing = get_standing(db.session(), election)
        lines = list_lines(
            standing,
            list_issued(db.session(), election.id),
            book=rulebook.load(election.profile),
            today=NOW.date(),
        )
        archive = get_archive(db.session(), election, standing, lines)
        rounds = db.session.scalars(select(Round).where(Round.election_id == election.id)).all()
        assert election.stage is Stage.CLOSED
        assert archive.is_complete
        assert {one.kind: one.poll.state for one in rounds} == {
            RoundKind.FIRST: PollState.CERTIFIED,
            RoundKind.FURTHER: PollState.CERTIFIED,
        }
        # One day for each notice that the calendar gives a day, none of them missed.
        late = [line.need for line in lines if line.due_on and day_of(line.issued[0].issued_at) > line.due_on]
    assert late == []


def test_those_elected_are_the_committee_of_today(loaded: Flask) -> None:
    with loaded.app_context():
        election = election_to(BodyKind.RESIDENTS_COMMITTEE)
        won = db.session.scalars(select(Winner).where(Winner.election_id == election.id)).all()
        in_office = db.session.scalars(
            select(Term)
            .join(Post)
            .where(Post.body_id == election.body_id, Term.since <= NOW.date(), Term.ended_on.is_(None))
        ).all()
        former = db.session.scalars(
            select(Term).join(Post).where(Post.body_id == election.body_id, Term.ended_on.is_not(None))
        ).all()
        assert len(won) == 7
        assert {one.term_id for one in won} == {term.id for term in in_office}
        assert all(one.certificate for one in won)
        assert {term.until > term.ended_on for term in former if term.ended_on} == {True}


def test_one_election_is_at_its_nominations(loaded: Flask) -> None:
    with loaded.app_context():
        election = election_to(BodyKind.SUPERVISION_COMMITTEE)
        nominations = db.session.scalars(
            select(Nomination).where(Nomination.election_id == election.id, Nomination.route == "joint")
        ).all()
        signed = sorted(len(one.signers) for one in nominations)
        poll = db.session.scalars(select(Poll).where(Poll.subject_id == election.id)).one()
        rulings = db.session.scalars(
            select(RollObjection.ruling).where(RollObjection.poll_id == poll.id)
        ).all()
        assert election.stage is Stage.NOMINATION
    # Ten sign a nomination together.
    assert signed == [4, 6, 10, 11, 12]
    assert poll.state is PollState.ROLL_POSTED
    assert rulings == [Ruling.REJECTED]


def test_the_officer_sees_the_archive_complete(loaded: Flask) -> None:
    with loaded.app_context():
        election_id = election_to(BodyKind.RESIDENTS_COMMITTEE).id
    client = loaded.test_client()
    client.post("/sign-in", data={"login": "election_officer", "password": demo.PASSWORD})
    page = client.get(f"/elections/{election_id}/archive?lang=en", headers={"Accept-Language": "en"})
    assert page.status_code == 200
    assert "archive-list__missing" not in page.text


def election_to(kind: BodyKind) -> Election:
    return db.session.scalars(
        select(Election).join(Body, Election.body_id == Body.id).where(Body.kind == kind)
    ).one()


def test_whoever_tries_the_demonstration_is_shown_card_and_slip_of_the_sealed_vote(loaded: Flask) -> None:
    with loaded.app_context():
        sealed_poll = select(Poll.id).where(Poll.preset == Preset.SEALED).scalar_subquery()
        link = db.session.scalars(select(CredentialLink).where(CredentialLink.poll_id == sealed_poll)).first()
        ceremony = db.session.scalars(select(KeyCeremony).where(KeyCeremony.poll_id == sealed_poll)).one()
        assert link is not None
        assert demo.shown_card(link.poll_id, link.roll_entry_id, link.public)
        assert demo.shown_card(link.poll_id, link.roll_entry_id, bytes(32)) is None
        slips = [demo.shown_slip(ceremony, trustee.number) for trustee in ceremony.trustees]
        assert all(slip and read_seed(slip) for slip in slips)


def test_a_sealed_report_is_answered_and_another_waits(loaded: Flask) -> None:
    with loaded.app_context():
        community = db.session.scalars(select(Community)).one()
        counts = count_reports(db.session(), community, day_of(NOW))
    assert counts == Counts(came=2, waiting=1, answered=1)


def test_a_half_year_is_certified_another_has_a_late_report_and_the_station_is_being_graded(
    loaded: Flask,
) -> None:
    with loaded.app_context():
        cycles = db.session.scalars(select(Cycle).order_by(Cycle.held_on)).all()
        shown = [(one.kind, one.state) for one in cycles]
        reports = [one.report for one in cycles[-1].subjects]
        late = [one.first_submitted_at is not None and one.overdue_at is not None for one in reports if one]
        missing = [one.first_submitted_at is None for one in reports if one]
        raters = {one.result.raters for one in cycles[0].subjects if one.result}
        action = db.session.scalars(select(CorrectiveAction)).one()
    assert shown == [
        (CycleKind.DUTY_REPORTS, CycleState.CERTIFIED),
        (CycleKind.STATION, CycleState.RATING),
        (CycleKind.DUTY_REPORTS, CycleState.POSTED),
    ]
    assert raters == {14}
    # Of secretary, head of the station, and director.
    assert (late, missing) == ([False, False, True], [False, True, False])
    assert action.state is ActionState.PLANNED


def test_the_photos_are_drawn_and_small(loaded: Flask) -> None:
    with loaded.app_context():
        sizes = db.session.scalars(select(func.length(Photo.content))).all()
    assert len(sizes) >= 15
    assert max(sizes) <= 500_000


def test_the_journal_of_the_story_holds(loaded: Flask) -> None:
    with loaded.app_context():
        community_id = db.session.scalars(select(Community.id)).one()
        entries, found = verify_journal(db.session(), community_id=community_id)
    assert found is None
    assert entries > 500


def test_the_nine_accounts_hold_the_posts_they_are_named_for(loaded: Flask) -> None:
    listed = demo.accounts()
    assert [account["role"] for account in listed] == ROLES
    with loaded.app_context():
        for account in listed[1:]:
            person = db.session.scalars(select(Person).where(Person.name == account["name"])).one()
            held = roles_held(db.session(), person_id=person.id, day=NOW.date())
            assert Role(account["role"]) in held, account


def test_the_nine_accounts_can_sign_in(loaded: Flask) -> None:
    for account in demo.accounts():
        client = loaded.test_client()
        answer = client.post("/sign-in", data={"login": account["login"], "password": account["password"]})
        assert answer.status_code == 303, account
        assert client.get("/me").status_code == 200


def test_all_bodies_are_filled(loaded: Flask) -> None:
    with loaded.app_context():
        empty = db.session.scalars(
            select(Post.title).where(~select(Term.id).where(Term.post_id == Post.id).exists())
        ).all()
    assert empty == []


def test_accounts_are_printed_as_json(loaded: Flask) -> None:
    answer = loaded.test_cli_runner().invoke(demonstration, ["accounts", "--json"])
    listed = json.loads(answer.output)
    assert [row["role"] for row in listed] == ROLES
    assert all(set(row) == {"role", "name", "login", "password"} for row in listed)


def test_a_second_load_is_refused_and_changes_nothing(loaded: Flask) -> None:
    answer = loaded.test_cli_runner().invoke(demonstration)
    assert answer.exit_code == 1
    assert "holds a community already" in answer.output + answer.stderr


def test_a_database_with_a_real_community_refuses_it(committed: Flask) -> None:
    with committed.app_context():
        make_community(name="青松里社区")
        with pytest.raises(demo.DatabaseNotEmpty):
            demo.load(now=NOW)
        assert db.session.scalars(select(Community.name)).all() == ["青松里社区"]


def test_a_load_that_is_broken_off_leaves_nothing(committed: Flask) -> None:
    class StoppedByHand(Exception):
        pass

    def stop(done: int, _whole: int, _text: str) -> None:
        if done == 40:
            raise StoppedByHand

    with committed.app_context():
        with pytest.raises(StoppedByHand):
            demo.load(stop, now=NOW)
        assert db.session.scalar(select(func.count()).select_from(Community)) == 0
        assert db.session.scalar(select(func.count()).select_from(Person)) == 0
