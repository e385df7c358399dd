"""Two moderators at once, on real commits: one decision, one posting, one case."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import func, select

from civicforum.database import db
from civicforum.matters.models import Comment
from civicforum.moderation import services
from civicforum.moderation.models import HideDecision, ReportCase
from civicforum.moderation.rules import Kind, Reason
from tests.factories import NOW
from tests.support.moderation import add_comment, add_matter, hold_comment, make_place
from tests.support.races import at_once, numbered


def test_two_who_hide_a_text_at_once_make_one_decision(committed: Flask) -> None:
    with committed.app_context():
        place = make_place()
        comment_id = add_comment(place, add_matter(place))
    actors = (place.clerk, place.director)

    def act(index: int) -> object:
        return services.hide(
            kind=Kind.COMMENT,
            subject_id=comment_id,
            reason=Reason.PERSONAL_ATTACK,
            actor=actors[index],
            now=NOW,
        )

    assert at_once(committed, numbered(2, act)) == ["AlreadyDone", "done"]
    with committed.app_context():
        assert db.session.scalar(select(func.count()).select_from(HideDecision)) == 1


def test_two_who_release_a_text_at_once_post_it_once(committed: Flask) -> None:
    with committed.app_context():
        place = make_place()
        held_id = hold_comment(place)
    actors = (place.clerk, place.director)

    def act(index: int) -> object:
        return services.release(held_id=held_id, actor=actors[index], now=NOW)

    assert at_once(committed, numbered(2, act)) == ["TransitionNotAllowed", "done"]
    with committed.app_context():
        assert db.session.scalar(select(func.count()).select_from(Comment)) == 1


def test_first_reports_of_one_text_at_once_are_one_case(committed: Flask) -> None:
    with committed.app_context():
        place = make_place()
        comment_id = add_comment(place, add_matter(place))
    actors = (place.reporter, place.supervisor, place.reporter, place.secretary)

    def act(index: int) -> object:
        return services.report(
            kind=Kind.COMMENT,
            subject_id=comment_id,
            reason=Reason.PERSONAL_ATTACK,
            note="",
            actor=actors[index],
            now=NOW,
        )

    assert at_once(committed, numbered(4, act)) == ["AlreadyDone", "done", "done", "done"]
    with committed.app_context():
        assert db.session.scalars(select(ReportCase.count)).all() == [3]
