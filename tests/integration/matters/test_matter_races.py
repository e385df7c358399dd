"""Two at once on real commits: each act once, each step once, and nobody meets an error of ours."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.matters import services
from civicforum.matters.models import Matter, Review, Second
from civicforum.matters.rules import Act, Ground, Stage
from civicforum.records.models import JournalEntry
from civicforum.records.queries import verify_journal
from tests.factories import NOW
from tests.integration.matters.carrying import Place, make_place
from tests.integration.matters.raising import draft, raised, seconded, stage_of, studied
from tests.support.races import at_once


@pytest.fixture
def place(committed: Flask) -> Place:
    with committed.app_context():
        return make_place(residents=10)


def second(place: Place, matter_id: uuid.UUID, resident: int) -> Callable[[], Any]:
    return lambda: services.second_matter(matter_id=matter_id, actor=place.residents[resident], now=NOW)


def count_seconds(matter_id: uuid.UUID) -> int:
    return db.session.scalar(select(func.count()).where(Second.matter_id == matter_id)) or 0


def test_the_same_second_twice_counts_once(committed: Flask, place: Place) -> None:
    with committed.app_context():
        matter_id = raised(place)
    assert at_once(committed, [second(place, matter_id, 1)] * 4) == ["AlreadyDone"] * 3 + ["done"]
    with committed.app_context():
        assert count_seconds(matter_id) == 1


def test_two_seconders_at_the_threshold_both_count_and_one_moves_the_matter(
    committed: Flask, place: Place
) -> None:
    with committed.app_context():
        matter_id = raised(place)
        for resident in range(1, 5):
            second(place, matter_id, resident)()
    assert at_once(committed, [second(place, matter_id, 5), second(place, matter_id, 6)]) == ["done", "done"]
    with committed.app_context():
        assert count_seconds(matter_id) == 6
        assert stage_of(matter_id) is Stage.SECONDED
        steps = select(func.count()).where(
            JournalEntry.subject_id == matter_id, JournalEntry.payload["to"].astext == "seconded"
        )
        assert db.session.scalar(steps) == 1
        assert verify_journal(db.session(), community_id=place.community_id)[1] is None


def test_two_reviewers_deciding_at_once_leave_one_decision(committed: Flask, place: Place) -> None:
    with committed.app_context():
        matter_id = studied(place)

    def decide(act: Act, ground: Ground | None) -> Callable[[], Any]:
        return lambda: services.decide_matter(
            matter_id=matter_id,
            actor=place.actors[Role.COMMITTEE],
            act=act,
            text="理由",
            ground=ground,
            now=NOW,
        )

    results = at_once(committed, [decide(Act.ACCEPT, None), decide(Act.DECLINE, Ground.NO_MEANS)])
    assert results == ["TransitionNotAllowed", "done"]
    with committed.app_context():
        kept = db.session.scalars(select(Review.outcome).where(Review.kind == "decision")).all()
        assert len(kept) == 1
        assert stage_of(matter_id).value in ("deliberating", "declined")


def test_many_who_publish_at_once_get_numbers_without_gap(committed: Flask, place: Place) -> None:
    with committed.app_context():
        drafts = [(draft(actor), actor) for actor in place.residents[:6]]
    acts = [
        lambda key=key, actor=actor: services.publish_matter(matter_id=key, actor=actor, now=NOW)
        for key, actor in drafts
    ]
    assert at_once(committed, acts) == ["done"] * 6
    with committed.app_context():
        numbers = sorted(db.session.scalars(select(Matter.number)).all())
        assert numbers == [f"2026-{number:04}" for number in range(1, 7)]


def test_merging_two_matters_into_each_other_merges_one(committed: Flask, place: Place) -> None:
    with committed.app_context():
        one, other = raised(place), seconded(place)

    def merge(matter_id: uuid.UUID, into_id: uuid.UUID) -> Callable[[], Any]:
        return lambda: services.merge_matters(
            matter_id=matter_id,
            into_id=into_id,
            actor=place.actors[Role.CLERK],
            reason="重复",
            now=NOW,
        )

    results = at_once(committed, [merge(one, other), merge(other, one)])
    assert results.count("done") == 1
    with committed.app_context():
        assert {stage_of(one), stage_of(other)} != {Stage.MERGED}
