"""What waits for a trustee on the home page: to make the key, and to open the box; nothing in between."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.inbox.rules import NeedKind
from civicforum.polls.queries.needs import list_needs
from tests.factories import NOW, actor_of, make_community, make_officer
from tests.support.keyholders import make_key_poll
from tests.support.polls import FOR


def kinds(session: Session, actor: Actor) -> list[NeedKind]:
    session.expire_all()
    return [need.kind for need in list_needs(session, actor, NOW)]


def test_a_trustee_is_told_of_the_ceremony_and_of_the_opening(session: Session) -> None:
    community = make_community()
    officer = actor_of(make_officer(community, Role.ELECTION_OFFICER), Role.ELECTION_OFFICER)
    poll = make_key_poll(community, officer, voters=2)
    first, second, third = poll.keyholders
    assert kinds(session, first.actor) == []
    poll.start()
    assert kinds(session, first.actor) == [NeedKind.MAKE_KEY]
    assert kinds(session, replace(first.actor, assisted_by=officer.person_id)) == []
    assert NeedKind.MAKE_KEY not in kinds(session, officer)
    for say in (poll.say_hello, poll.say_heard, poll.say_deal, poll.say_confirm, poll.say_drill):
        for one in poll.keyholders:
            say(one)
    assert kinds(session, first.actor) == []
    poll.make_cards()
    poll.found()
    poll.vote_and_close([[FOR], [FOR]])
    assert kinds(session, third.actor) == [NeedKind.OPEN_BOX]
    for one in (first, second):
        poll.share(one)
    assert kinds(session, third.actor) == []
