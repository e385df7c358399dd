"""Somebody who reads every table and every system column learns no vote, and later not whose ballot is whose.

Whoever reads the database while the links exist can see who has voted (docs/adr/0011), and nothing more.
After the destruction the attacks that paired people with lines of the board before, by row versions, by the
order of rows and by times, do no better than guessing.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from civicforum import sealed
from civicforum.accounts.models import Account, SignInSession
from civicforum.bodies.rules import Role
from civicforum.database import Base, db
from civicforum.errors import TransitionNotAllowed
from civicforum.people.models import Community
from civicforum.polls import keyring
from civicforum.polls.errors import StepBlocked
from civicforum.polls.models import BoardLine, CredentialLink, PaperIssue, Poll, Station
from civicforum.polls.rules import PollState
from civicforum.polls.services import boards, counting, destroying, results
from civicforum.sealed import Answer
from tests.factories import NOW, make_account, make_community, make_person
from tests.support.administrator import SYSTEM, people_in, rows_of, shape
from tests.support.polls import AGAINST, FOR, SealedPoll, make_poll, settings_now
from tests.support.results import AFTER, cast, hand_out, make_station, officer, sign, stop, sweep

VOTERS = 16
PAPER = 3  # the voter who takes paper after casting
REVOTES = 5
DUE = NOW + timedelta(days=3 + 30)
# Half of the pairs right by chance is a matter of one in a hundred thousand.
BY_CHANCE = VOTERS // 2


@dataclass
class World:
    """A poll in which people signed in and voted one after another; `order` are their numbers on the roll."""

    poll: SealedPoll
    order: list[int]
    lines: dict[uuid.UUID, int]
    """By person, the line of the first ballot of their credential."""


@pytest.fixture
def app_context(committed: Flask) -> Iterator[None]:
    with committed.app_context():
        yield


def vote(community: Community, *, for_even: bool) -> SealedPoll:
    """Let everybody sign in and cast, in an order that is not that of the roll."""
    people = [make_person(community, name=f"选民{voter}") for voter in range(VOTERS)]
    for person in people:
        make_account(person)
    poll = make_poll(community, people=people, by_paper=True)
    for at, voter in enumerate(order_of_casting()):
        sign_in(poll, voter, NOW + timedelta(minutes=at))
        cast(poll, voter, [choice_of(voter, for_even=for_even)])
    cast(poll, REVOTES, [choice_of(REVOTES, for_even=for_even)], sequence=1)
    station, clerk = make_station(poll), officer(community, Role.CLERK)
    hand_out(poll, PAPER, station, clerk)
    return poll


def order_of_casting() -> list[int]:
    return [(7 * at + 5) % VOTERS for at in range(VOTERS)]


def choice_of(voter: int, *, for_even: bool) -> Answer:
    return FOR if (voter % 2 == 0) is for_even else AGAINST


def sign_in(poll: SealedPoll, voter: int, at: datetime) -> None:
    account = db.session.scalars(select(Account).where(Account.person_id == poll.people[voter])).one()
    row = SignInSession(account=account, started_at=at, seen_at=at, expires_at=at + timedelta(days=30))
    db.session.add(row)
    db.session.commit()


def world_of(poll: SealedPoll) -> World:
    """Return what only the voters know: which line of the board is whose."""
    manifest = boards.manifest_of(db.session(), poll.id)
    links = db.session.execute(select(CredentialLink.public, CredentialLink.roll_entry_id)).all()
    entry_of = {bytes(public): entry for public, entry in links}
    person_of = dict(zip(poll.entries, poll.people, strict=True))
    lines: dict[uuid.UUID, int] = {}
    for line in db.session.scalars(
        select(BoardLine).where(BoardLine.poll_id == poll.id, BoardLine.kind == "ballot")
    ):
        ballot = sealed.from_base64(sealed.read_line(line.raw.encode())["ballot"])
        public = bytes(sealed.parse_ballot(manifest.race, ballot).credential)
        person = person_of[entry_of[public]]
        lines[person] = min(line.number, lines.get(person, line.number))
    # Void for paper: it is not counted, and everybody may know whose it was.
    del lines[poll.people[PAPER]]
    return World(poll, order_of_casting(), lines)


def facts(poll: SealedPoll) -> dict[str, list[Any]]:
    """Return the shape of every row of the poll, in the order in which the transactions came."""
    found: dict[str, list[Any]] = {}
    for table in Base.metadata.sorted_tables:
        if "poll_id" not in table.columns or "roll_entry_id" in table.columns:
            continue
        rows = [row for row in rows_of(table) if row["poll_id"] == poll.id]
        rows.sort(key=lambda row: (int(row["xmin"]), row["ctid"]))
        found[table.name] = [
            [shape(value) for name, value in row.items() if name not in SYSTEM] for row in rows
        ]
    return found


@pytest.mark.usefixtures("app_context")
def test_while_voting_goes_on_nothing_in_the_database_depends_on_the_votes() -> None:
    community = make_community()
    one, other = (vote(community, for_even=for_even) for for_even in (True, False))
    # The same people's steps with every vote turned round leave the same shapes behind.
    first, second = facts(one), facts(other)
    assert len(first["board_line"]) == 3 + VOTERS + 1 + 1
    # Public keys sort by themselves; whose credential was used, and not for what, is in this table.
    for name in first:
        assert sorted(map(str, first[name])) == sorted(map(str, second[name])), name


@pytest.mark.usefixtures("app_context")
def test_while_voting_goes_on_no_column_groups_the_voters_by_their_votes() -> None:
    poll = vote(make_community(), for_even=True)
    world = world_of(poll)
    vote_of = {person: voter % 2 for voter, person in enumerate(poll.people) if voter != PAPER}
    person_of_line = {number: person for person, number in world.lines.items()}
    for table in Base.metadata.sorted_tables:
        known = people_in(table)
        for column in [*(column.name for column in table.columns), *SYSTEM]:
            votes = defaultdict(set)
            for row in rows_of(table):
                persons = [person_of_line.get(row["number"])] if table.name == "board_line" else known(row)
                for person in persons:
                    if person in vote_of:
                        votes[str(shape(row[column]))].add(vote_of[person])
            tells = len(votes) == 2 and all(len(seen) == 1 for seen in votes.values())
            assert not tells, f"{table.name}.{column} tells the votes"


@pytest.mark.usefixtures("app_context")
def test_the_keys_are_nowhere_in_the_database() -> None:
    poll = vote(make_community(), for_even=True)
    keys = keyring.read_keys(settings_now().instance, poll.id)
    assert keys.seed is not None
    assert keys.cards is not None
    secrets_ = [keys.receipt, keys.seed, keys.cards]
    spelled = [form for one in secrets_ for form in (one.hex(), sealed.to_base64(one), repr(one))]
    codes = [keys.code_of(entry) for entry in poll.entries]
    for table in Base.metadata.sorted_tables:
        said = str(rows_of(table))
        assert not [one for one in (*spelled, *codes) if one in said], table.name


def attacks(world: World) -> dict[str, int]:
    """Return how many people each attack pairs with their line.

    Each takes a column of a table with people in it: in the order of its values they are given the ballots
    that count, in the order of the board, forwards and backwards; or the line whose row has the same value.
    """
    in_order = sorted(world.lines, key=lambda person: world.lines[person])
    board = {name: rows_of(Base.metadata.tables[name]) for name in ("board_line", "credential")}
    right: dict[str, int] = {}
    for table in Base.metadata.sorted_tables:
        known = people_in(table)
        rows = rows_of(table)
        for column in [*(column.name for column in table.columns), *SYSTEM]:
            values: dict[uuid.UUID, Any] = {}
            for row in rows:
                values |= {person: row[column] for person in known(row) if person in world.lines}
            if set(values) != set(world.lines):
                continue
            right[f"{table.name}.{column} in order"] = by_order(in_order, values)
            right[f"{table.name}.{column} equal"] = by_value(world, values, board["board_line"])
    return right


def by_order(in_order: list[uuid.UUID], values: dict[uuid.UUID, Any]) -> int:
    if len(set(map(str, values.values()))) < len(values):
        return 0  # rows that look alike tell nobody apart
    by_value = sorted(in_order, key=lambda person: sortable(values[person]))
    hits = [sum(a == b for a, b in zip(guess, in_order, strict=True)) for guess in (by_value, by_value[::-1])]
    return max(hits)


def sortable(value: Any) -> Any:
    """Return numbers and places of rows as numbers, and all else as text."""
    if isinstance(value, str) and value.startswith("("):
        return tuple(int(part) for part in value.strip("()").split(","))
    return (int(value),) if str(value).isdecimal() else (str(value),)


def by_value(world: World, values: dict[uuid.UUID, Any], lines: list[dict[str, Any]]) -> int:
    numbers = defaultdict(set)
    for row in lines:
        if row["kind"] == "ballot":
            for name in ("xmin", "cmin", "ctid", "head", "tracker"):
                numbers[str(row[name])].add(row["number"])
    return sum(numbers[str(value)] == {world.lines[person]} for person, value in values.items())


def finish(world: World, community: Community) -> None:
    runner = officer(community)
    counters = [officer(community, Role.CLERK), officer(community, Role.COMMITTEE)]
    stop(world.poll)
    sweep()
    station = db.session.scalars(select(Station).where(Station.poll_id == world.poll.id)).one()
    sign(station, counters, found=1, counts=[1, 0])
    counting.count_poll(poll_id=world.poll.id, actor=runner, now=AFTER)
    results.certify(poll_id=world.poll.id, actor=runner, now=AFTER)


@pytest.mark.usefixtures("app_context")
def test_after_the_destruction_no_join_order_time_or_row_version_pairs_people_with_ballots() -> None:
    community = make_community()
    poll = vote(community, for_even=True)
    world = world_of(poll)
    before = attacks(world)
    assert before["sign_in_session.started_at in order"] == len(world.lines), "the attack itself works"
    finish(world, community)
    assert destroying.sweep(now=DUE, settings=settings_now()) == 1
    after = {name: hits for name, hits in attacks(world).items() if hits >= BY_CHANCE}
    assert not after
    assert not db.session.scalars(select(CredentialLink)).all()
    assert set(db.session.scalars(select(PaperIssue.issued_at))) == {None}
    versions = {
        name: {row["xmin"] for row in rows_of(Base.metadata.tables[name])}
        for name in ("board", "board_line", "credential", "roll_entry", "paper_issue")
    }
    assert len(set.union(*versions.values())) == 1, "one transaction wrote them all"
    row = db.session.get_one(Poll, poll.id)
    assert row.destroyed_at == DUE
    boards.replay(db.session(), poll.id).check_complete()
    with pytest.raises(keyring.KeysMissing):
        keyring.read_keys(settings_now().instance, poll.id)


@pytest.mark.usefixtures("app_context")
def test_what_was_deleted_is_gone_from_the_files_and_nobody_is_signed_out() -> None:
    community = make_community()
    poll = vote(community, for_even=True)
    finish(world_of(poll), community)
    destroying.sweep(now=DUE, settings=settings_now())
    size = db.session.scalar(text("SELECT pg_relation_size('credential_link')"))
    assert size == 0
    ends = db.session.scalars(select(SignInSession.expires_at)).all()
    assert min(ends) >= NOW + timedelta(days=30)


@pytest.mark.law("B26")
@pytest.mark.usefixtures("app_context")
def test_nothing_is_destroyed_before_its_day_nor_while_an_objection_waits() -> None:
    community = make_community()
    poll = vote(community, for_even=True)
    finish(world_of(poll), community)
    where = {"poll_id": poll.id, "settings": settings_now()}
    with pytest.raises(TransitionNotAllowed):
        destroying.destroy_links(now=DUE - timedelta(minutes=1), **where)
    objection = results.object_to_result(poll_id=poll.id, text="漏计", actor=poll.actor(0), now=AFTER)
    with pytest.raises(StepBlocked):
        destroying.destroy_links(now=DUE, **where)
    assert destroying.sweep(now=DUE, settings=settings_now()) == 0
    results.answer_objection(objection_id=objection, answer="已核对", actor=officer(community), now=DUE)
    assert destroying.sweep(now=DUE, settings=settings_now()) == 1
    with pytest.raises(TransitionNotAllowed):
        destroying.destroy_links(now=DUE, **where)
    assert db.session.get_one(Poll, poll.id).state is PollState.CERTIFIED
