"""Proofs of promises that no other test stands for (tests/unit/polls/test_promises.py)."""

from __future__ import annotations

from sqlalchemy import Text, cast, func, select
from sqlalchemy.orm import Session

from civicforum import sealed
from civicforum.database import Base
from civicforum.meetings.rules import MAJORITY_RULE
from civicforum.polls import keyring
from civicforum.polls.models import OpenBallot, Poll
from civicforum.polls.queries.named import get_page
from civicforum.polls.rules import Choice, PollState, Preset, VoteChannel, answers_of
from civicforum.polls.services import boards
from tests.factories import NOW, make_community
from tests.support.polls import FOR, make_poll, settings_now


def test_no_table_holds_the_key_of_a_poll_or_a_voters_code(session: Session) -> None:
    """Every row of every table as text, in each spelling in which bytes are written anywhere here."""
    poll = make_poll(make_community())
    keys = keyring.read_keys(settings_now().instance, poll.id)
    assert keys.seed is not None
    assert keys.cards is not None
    codes = [keys.code_of(entry) for entry in poll.entries]
    kept = (keys.seed, keys.cards, keys.receipt)
    secrets = [*codes, *(one.hex() for one in kept), *(sealed.to_base64(one) for one in kept)]
    for table in Base.metadata.sorted_tables:
        row = cast(func.to_jsonb(table.table_valued()), Text)
        rows = " ".join(session.scalars(select(row)))
        assert not [secret for secret in secrets if secret in rows], table.name


def test_the_same_vote_never_leaves_the_same_bytes(session: Session) -> None:
    poll = make_poll(make_community())
    ballots = [poll.seal(voter, [FOR]) for voter in (0, 0, 1)]
    words = [{one[at : at + 32] for at in range(36, len(one) - 31, 32)} for one in ballots]
    assert not words[0] & words[1]
    assert not words[0] & words[2]


def test_the_date_of_destruction_is_part_of_what_ballots_name(session: Session) -> None:
    poll = make_poll(make_community(), keep_days=30)
    manifest = boards.list_lines(session, poll.id)[2]
    due = session.get_one(Poll, poll.id).planned_destruction
    record = sealed.read_line(manifest)
    assert record["terms"]["destroyed"] == due.strftime("%Y-%m-%dT%H:%M:%SZ")
    record["terms"]["destroyed"] = "2099-01-01T00:00:00Z"
    assert sealed.race_of(sealed.write_line(record)).id != sealed.race_of(manifest).id


def test_names_are_shown_once_the_vote_is_over_and_not_before(session: Session) -> None:
    community = make_community()
    poll = make_poll(community, preset=Preset.OPEN, majority_rule=next(iter(MAJORITY_RULE.values())))
    ballot = OpenBallot(
        community_id=community.id,
        poll_id=poll.id,
        roll_entry_id=poll.entries[0],
        answers=answers_of(Choice.AGAINST),
        channel=VoteChannel.SCREEN,
        cast_at=NOW,
    )
    session.add(ballot)
    session.flush()
    seen = [
        get_page(session, poll_id=poll.id, community_id=community.id, person_id=person).votes
        for person in (None, *poll.people)
    ]
    assert seen == [None] * 4
    row = session.get_one(Poll, poll.id)
    row.state, row.closed_at = PollState.CLOSED, NOW
    session.flush()
    votes = get_page(session, poll_id=poll.id, community_id=community.id, person_id=None).votes
    assert votes is not None
    assert [vote.choice for vote in votes] == [Choice.AGAINST, None, None]
