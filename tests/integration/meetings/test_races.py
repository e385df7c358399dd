"""Two at once, on real commits: one result, and a refusal in words for the other."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from sqlalchemy import func, select

from civicforum.database import db
from civicforum.errors import CivicForumError
from civicforum.matters.models import Matter
from civicforum.matters.rules import Stage
from civicforum.meetings import services
from civicforum.meetings.models import Attendance
from civicforum.meetings.rules import MeetingForm
from civicforum.meetings.services import PlannedItem
from civicforum.notices.models import Notice
from civicforum.polls.models import OpenBallot, Poll, ResultSheet
from civicforum.polls.rules import Choice
from civicforum.polls.services.named import cast_open_ballot
from civicforum.records.queries import verify_journal
from tests.factories import NOW
from tests.integration.meetings.scenes import Scene, Sitting, come, make_scene, open_assembly, open_sitting


def at_once(app: Flask, *acts: Callable[[], object]) -> list[str]:
    """Run the acts in threads that start together, and return how each ended, in their order."""
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        with app.app_context():
            start.wait()
            try:
                act()
            except CivicForumError as refusal:
                return type(refusal).__name__
            return "done"

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def voting(app: Flask, *, members: int = 6) -> tuple[Scene, Sitting, uuid.UUID]:
    with app.app_context():
        scene = make_scene(members=members)
        sitting = open_assembly(scene, present=members)
        return scene, sitting, services.open_vote(item_id=sitting.item_id, actor=scene.director, now=NOW)


def count(app: Flask, model: type) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_two_taps_at_once_are_one_ballot(committed: Flask) -> None:
    scene, _sitting, poll_id = voting(committed)

    def tap(choice: Choice) -> None:
        cast_open_ballot(poll_id=poll_id, choice=choice, actor=scene.members[1], now=NOW)

    ended = at_once(committed, *[lambda c=choice: tap(c) for choice in (*Choice, *Choice)])
    assert sorted(ended) == ["AlreadyDone"] * 5 + ["done"]
    assert count(committed, OpenBallot) == 1


def test_two_officers_open_one_vote(committed: Flask) -> None:
    with committed.app_context():
        scene = make_scene(members=3)
        sitting = open_assembly(scene, present=3)

    def open_it() -> None:
        services.open_vote(item_id=sitting.item_id, actor=scene.director, now=NOW)

    assert sorted(at_once(committed, open_it, open_it)) == ["AlreadyDone", "done"]
    assert count(committed, Poll) == 1


def test_two_meetings_do_not_vote_on_one_matter_at_once(committed: Flask) -> None:
    with committed.app_context():
        scene = make_scene(members=3)
        first = open_assembly(scene, present=3)
        second = open_sitting(
            scene, MeetingForm.REPRESENTATIVE_ASSEMBLY, PlannedItem(matter_id=first.matter_id), present=3
        )
    ended = at_once(
        committed,
        lambda: services.open_vote(item_id=first.item_id, actor=scene.director, now=NOW),
        lambda: services.open_vote(item_id=second.item_id, actor=scene.director, now=NOW),
    )
    assert sorted(ended) == ["VoteIsOpen", "done"]


def test_two_officers_close_one_vote_and_one_resolution_is_posted(committed: Flask) -> None:
    scene, sitting, _poll_id = voting(committed)
    before = count(committed, Notice)

    def close() -> None:
        services.close_vote(item_id=sitting.item_id, actor=scene.director, now=NOW)

    assert sorted(at_once(committed, close, close)) == ["AlreadyDone", "done"]
    assert count(committed, ResultSheet) == 1
    assert count(committed, Notice) == before + 1
    with committed.app_context():
        assert db.session.get_one(Matter, sitting.matter_id).stage is Stage.NOT_ADOPTED


def test_closing_while_people_vote_counts_exactly_the_ballots_that_were_taken(committed: Flask) -> None:
    scene, sitting, poll_id = voting(committed, members=8)

    def cast(index: int) -> None:
        cast_open_ballot(poll_id=poll_id, choice=Choice.FOR, actor=scene.members[index], now=NOW)

    ended = at_once(
        committed,
        *[lambda index=index: cast(index) for index in range(7)],
        lambda: services.close_vote(item_id=sitting.item_id, actor=scene.director, now=NOW),
    )
    assert ended[-1] == "done"
    taken = ended[:-1].count("done")
    assert set(ended[:-1]) <= {"done", "TransitionNotAllowed"}
    with committed.app_context():
        sheet = db.session.scalars(select(ResultSheet)).one()
        assert sheet.counts["for"] == taken == db.session.scalar(select(func.count(OpenBallot.id)))
        assert sheet.is_adopted is (taken > 4)
        assert verify_journal(db.session(), community_id=scene.community_id)[1] is None


def test_member_and_clerk_enter_the_same_presence_at_once(committed: Flask) -> None:
    with committed.app_context():
        scene = make_scene(members=3)
        sitting = open_assembly(scene, present=0)
    member = scene.members[1]
    ended = at_once(
        committed,
        lambda: come(sitting, member),
        lambda: services.tick_present(
            meeting_id=sitting.meeting_id, person_ids=[member.person_id], actor=scene.clerk, now=NOW
        ),
    )
    assert set(ended) <= {"done", "AlreadyDone"}
    assert count(committed, Attendance) == 1
