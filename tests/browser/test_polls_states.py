"""A poll on a phone: what a voter reads before voting, and what the officer does until it opens and stops."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.people.models import Person
from civicforum.polls.models import Poll, Station
from civicforum.polls.rules import PollState, StationKind
from civicforum.polls.services.clocks import sweep
from tests.browser.conftest import Visit
from tests.support.browser import DESK, words
from tests.support.polls import FIVE_OF_TEN, YES_NO, make_poll, settings_now
from tests.support.town import Neighbour, Town

DAY = timedelta(days=1)


@pytest.fixture
def voters(town: Town) -> list[Neighbour]:
    return [town.resident(name) for name in ("赵敏", "钱伟", "孙丽", "李强", "周静", "吴涛")]


def blocked_poll(town: Town, voters: list[Neighbour]) -> uuid.UUID:
    """Make a poll that should have opened, and has no polling station yet."""
    now = datetime.now(UTC)
    with town.app.app_context():
        poll = make_poll(
            town.community,
            people=[db.session.get_one(Person, voter.id) for voter in voters],
            questions=(YES_NO, FIVE_OF_TEN),
            by_paper=True,
            opens_at=now - timedelta(hours=1),
            closes_at=now + 2 * DAY,
        )
        row = db.session.get_one(Poll, poll.id)
        row.state, row.opened_at = PollState.READY, None
        db.session.commit()
        return poll.id


def set_up_station(town: Town, poll_id: uuid.UUID) -> None:
    with town.app.app_context():
        db.session.add(
            Station(
                community_id=town.community_id,
                poll_id=poll_id,
                name="社区会议室",
                kind=StationKind.HALL,
                place="1号楼一层",
                supervisors=["甲", "乙"],
            )
        )
        db.session.commit()


def sweep_at(town: Town, now: datetime) -> None:
    with town.app.app_context():
        sweep(now=now, settings=settings_now())


def test_a_poll_from_the_blocker_to_the_stop(town: Town, visit: Visit, voters: list[Neighbour]) -> None:
    poll_id = blocked_poll(town, voters)
    url = f"/polls/{poll_id}"
    officer = visit(town.officer(Role.COMMITTEE, "郑主任"))
    officer.open(url + "/manage")
    officer.sees(words("Paper is provided for, and there is no polling station."))
    assert officer.link("Set up a station").get_attribute("href") == f"{url}/stations"
    voter = visit(voters[0])
    voter.open(url)
    voter.sees(words("Voting has not begun"), words("You are on the roll of this vote."))
    set_up_station(town, poll_id)
    officer.open(url + "/manage")
    officer.press("Open voting now")
    officer.sees(words("Voting is going on. It ends by itself at its hour."))
    voter.open(url)
    assert voter.button("Vote now").get_attribute("href") == f"{url}/ballot"
    voter.sees(words("%(voted)s of %(entitled)s on the roll", voted=0, entitled=6), "社区会议室")
    officer.follow("Let voting last longer")
    officer.fill("New last day", (datetime.now(UTC) + 5 * DAY).date().isoformat())
    officer.press("Let voting last longer", status=422)
    officer.fill("Why does voting last longer?", "投票站停电")
    officer.press("Let voting last longer")
    officer.sees("投票站停电")
    sweep_at(town, datetime.now(UTC) + 6 * DAY)
    voter.open(url)
    voter.sees(words("Voting has ended"))
    assert voter.button("Vote now").count() == 0


def test_the_pages_of_a_poll_on_a_wide_screen(town: Town, visit: Visit, voters: list[Neighbour]) -> None:
    poll_id = blocked_poll(town, voters)
    watcher = visit(town.officer(Role.SUPERVISOR, "冯主任"), size=DESK)
    watcher.open(f"/polls/{poll_id}/manage")
    watcher.sees(words("You read along here. The vote is run by its committee."))
    assert watcher.link("Set up a station").count() == 0
    visitor = visit(size=DESK)
    visitor.open(f"/polls/{poll_id}")
    visitor.sees(words("How secret it is"))
