"""One person, one ballot: whatever is pressed twice, in how many windows, or after going back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from civicforum.database import db
from civicforum.polls.models import OpenBallot, RollEntry
from civicforum.polls.rules import Choice, choice_of
from tests.browser.conftest import Visit
from tests.browser.scenes import Vote, open_vote
from tests.support.browser import words
from tests.support.town import Neighbour, Town


@pytest.fixture(scope="module")
def vote(town: Town) -> Vote:
    return open_vote(town, members=3)


def ballots_of(town: Town, vote: Vote, who: Neighbour) -> list[Choice]:
    with town.app.app_context():
        cast = select(OpenBallot.answers).join(RollEntry).where(OpenBallot.poll_id == vote.poll_id)
        return [
            choice_of(answers) for answers in db.session.scalars(cast.where(RollEntry.person_id == who.id))
        ]


def test_second_tab_and_back_button_leave_the_first_vote_standing(
    town: Town, visit: Visit, vote: Vote
) -> None:
    member = vote.members[0]
    voter = visit(member)
    voter.open(vote.poll)
    other_tab = voter.context.new_page()
    other_tab.goto(voter.page.url)
    voter.press("For")
    voter.sees(words("Your vote is cast"))
    with other_tab.expect_navigation() as arriving:
        other_tab.get_by_role("button", name=words("Against")).click()
    assert arriving.value.status == 200
    said = words("You have voted before. That vote stands, and this one was not counted.")
    assert said in other_tab.locator("main").inner_text()
    assert ballots_of(town, vote, member) == [Choice.FOR]

    voter.page.go_back()
    if voter.button("Against").count():
        voter.press("Against")
        voter.sees(said)
    else:
        voter.sees(words("You have voted: %(choice)s. There is nothing more to do.", choice=words("For")))
    assert ballots_of(town, vote, member) == [Choice.FOR]


def test_double_click_casts_one_ballot(town: Town, visit: Visit, vote: Vote) -> None:
    member = vote.members[1]
    voter = visit(member)
    voter.open(vote.poll)
    voter.button("For").dblclick()
    # A form sent anew breaks off the answer to the one before, a failed navigation to wait_for_url.
    expect(voter.page).to_have_url(re.compile("/done$"))
    voter.sees(words("Your vote is cast"))
    assert ballots_of(town, vote, member) == [Choice.FOR]
