"""Two officers issue at once, on real commits: each number is given once."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from sqlalchemy import select

from civicforum.accounts.rules import Actor
from civicforum.database import db
from civicforum.elections.models import ElectionNotice
from civicforum.elections.notices import Need, Wish
from civicforum.elections.rules import NoticeKind
from civicforum.elections.services import notices as services
from civicforum.errors import CivicForumError
from civicforum.notices.models import Notice
from tests.factories import NOW, make_community
from tests.support.election_records import ASKED, officer_of
from tests.support.elections import make_election, seat_committee


def issue_at_once(app: Flask, election_id: uuid.UUID, actor: Actor, kinds: list[NoticeKind]) -> list[str]:
    """Issue these notices in threads that start together, and return how each ended, sorted."""
    start = Barrier(len(kinds))

    def run(kind: NoticeKind) -> str:
        with app.app_context():
            start.wait()
            try:
                services.issue_notice(
                    election_id=election_id, need=Need(kind), wish=Wish(asked=ASKED), actor=actor, now=NOW
                )
            except CivicForumError as refusal:
                return type(refusal).__name__
            return "issued"

    with ThreadPoolExecutor(len(kinds)) as threads:
        return sorted(threads.map(run, kinds))


def test_two_clicks_at_once_issue_one_notice_and_two_notices_get_two_numbers(committed: Flask) -> None:
    with committed.app_context():
        election = make_election(make_community())
        seat_committee(election)
        election_id, actor = election.id, officer_of(election)
    twice = [NoticeKind.REGISTRATION] * 2
    assert issue_at_once(committed, election_id, actor, twice) == ["AlreadyDone", "issued"]
    others = [NoticeKind.NOMINATION, NoticeKind.COMMITTEE, NoticeKind.INVALID_PAPERS]
    assert issue_at_once(committed, election_id, actor, others) == ["issued"] * 3
    with committed.app_context():
        numbers = db.session.scalars(select(ElectionNotice.number).order_by(ElectionNotice.number)).all()
        assert numbers == [1, 2, 3, 4]
        assert len(db.session.scalars(select(Notice.id)).all()) == 4
