"""Who is elected: the result of a round that was counted is taken over."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.elections.models import Election, Round, Winner
from civicforum.elections.queries.rounds import (
    COUNTED,
    WrittenIn,
    list_written_in,
    standing_of,
)
from civicforum.elections.rules import Stage, WinnerState
from civicforum.elections.services.papers import latest_round
from civicforum.elections.services.steps import lock_election, record_election
from civicforum.elections.standing import Gain, Table
from civicforum.errors import Invalid, NotFound, TransitionNotAllowed
from civicforum.polls.models import RollEntry
from civicforum.polls.services.steps import lock_to_run


def take_over(
    *,
    election_id: uuid.UUID,
    written: Mapping[str, int | None],
    actor: Actor,
    now: datetime,
) -> None:
    """Write who is elected by the result sheet of the last round; taken over again, it is written anew.

    Args:
        written: whom a name written in means, by WrittenIn.field: the number on the roll, or None for nobody
            on it. Only what the roll does not settle by itself, and what decides something, is asked for.

    Raises NotFound, NotEligible, TransitionNotAllowed (not counted, or a winner has been dealt with), Invalid
    ("unclear" or "not_on_roll", with the field).
    """
    with transaction() as session:
        election = lock_election(session, election_id=election_id, actor=actor)
        latest = latest_round(session, election)
        if latest is None:
            raise NotFound(election_id)
        poll = lock_to_run(session, poll_id=latest.poll_id, actor=actor)
        if election.stage is not Stage.COUNT or poll.state not in COUNTED:
            raise TransitionNotAllowed(poll.state, "take_over")
        _keep_written(session, latest, written)
        latest.decided_at = now
        session.flush()
        standing = standing_of(session, election)
        _write_winners(session, election, latest, standing.table)
        payload = {
            "round": latest.number,
            "elected": standing.table.elected,
            "open": standing.table.open_seats,
            "next": standing.following.kind.value if standing.following else "",
        }
        record_election(session, election, actor=actor, action="take_over", payload=payload, now=now)


def person_at(session: Session, one: Round, number: int, field: str) -> uuid.UUID:
    """Return who stands under a number on the roll of a round. Raises Invalid ("not_on_roll")."""
    found = session.scalar(
        select(RollEntry.person_id).where(
            RollEntry.poll_id == one.poll_id,
            RollEntry.position == number,
            RollEntry.struck_off_at.is_(None),
        )
    )
    if found is None:
        raise Invalid("not_on_roll", field)
    return found


def _keep_written(session: Session, one: Round, written: Mapping[str, int | None]) -> None:
    """Keep whom each name written in means beside the question it stands in."""
    paper: list[dict[str, object]] = [{**part, "written": {}} for part in one.paper]
    for name in list_written_in(session, one):
        own = paper[name.number]["written"]
        assert isinstance(own, dict)  # noqa: S101
        who = _meant(session, one, name, written)
        own[name.name] = str(who) if who else None
    one.paper = paper


def _meant(
    session: Session, one: Round, name: WrittenIn, written: Mapping[str, int | None]
) -> uuid.UUID | None:
    if name.field not in written:
        if name.matters and not name.is_clear:
            raise Invalid("unclear", name.field)
        return name.bearers[0].person_id if name.is_clear else None
    number = written[name.field]
    if number is None:
        return None
    return person_at(session, one, number, name.field)


def _write_winners(session: Session, election: Election, latest: Round, table: Table) -> None:
    """Write the winners of the last round in place of those written before, who nobody has dealt with yet."""
    dealt_with = select(Winner.id).where(
        Winner.round_id == latest.id, (Winner.state != WinnerState.ELECTED) | Winner.term_id.is_not(None)
    )
    if session.scalar(dealt_with.limit(1)) is not None:
        raise TransitionNotAllowed("winner", "take_over")
    session.execute(delete(Winner).where(Winner.round_id == latest.id))
    rows = [_winner(election, gain) for gain in table.gains if gain.round_id == latest.id]
    if rows:
        session.execute(insert(Winner), rows)


def _winner(election: Election, gain: Gain) -> dict[str, object]:
    return {
        "id": uuid.uuid4(),
        "community_id": election.community_id,
        "election_id": election.id,
        "round_id": gain.round_id,
        "seat_id": gain.seat_id,
        "person_id": gain.person_id,
        "votes": gain.votes,
    }
