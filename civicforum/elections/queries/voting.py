"""How and where people vote in an election: for everybody, and for a voter where they themselves stand."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from civicforum.elections.models import Election
from civicforum.elections.queries.blockers import current_round
from civicforum.elections.queries.registrations import find_entry
from civicforum.elections.rules import Stage
from civicforum.polls.models import Mandate, Poll, RollEntry, Station
from civicforum.polls.queries.ballots import list_stations
from civicforum.polls.queries.proxies import find_mandate_of
from civicforum.polls.queries.standing import OwnPlace, list_own_places
from civicforum.polls.rules import Preset, StationKind
from civicforum.polls.services.steps import rules_of

# Before that nobody knows who votes; after it nobody votes any more.
SHOWN_IN = frozenset({Stage.ROLL, Stage.NOMINATION, Stage.REVIEW, Stage.CANDIDATES, Stage.POLLING})


@dataclass(frozen=True)
class Voting:
    """What a voter has to know about the next voting.

    Attributes:
        entry: the visitor's on the posted roll; given: the proxy that they have given.
        places: those that the visitor votes for while voting is open, the own one first.
        proxies_until: the last instant at which a proxy is given; None where there are none.
    """

    poll: Poll
    stations: Sequence[Station]
    entry: RollEntry | None
    given: Mandate | None
    places: Sequence[OwnPlace]
    proxies_until: datetime | None

    @property
    def halls(self) -> list[Station]:
        return [one for one in self.stations if one.kind is StationKind.HALL]

    @property
    def roving(self) -> list[Station]:
        return [one for one in self.stations if one.kind is StationKind.ROVING]

    @property
    def needs_card(self) -> bool:
        """Tell whether a voter needs the voting card on screen."""
        return self.poll.by_screen and self.poll.preset is Preset.SEALED

    @property
    def is_on_roll(self) -> bool:
        return self.entry is not None and self.entry.struck_off_at is None


def find_voting(
    session: Session, election: Election, *, person_id: uuid.UUID | None, now: datetime
) -> Voting | None:
    """Return how people vote in the last round once its roll is posted; None before and afterwards.

    Args:
        person_id: the visitor; None for somebody who is not signed in. Six statements at most.
    """
    if election.stage not in SHOWN_IN:
        return None
    latest = current_round(session, election.id)
    if latest is None or latest.poll.roll_posted_at is None:
        return None
    poll = latest.poll
    entry = find_entry(session, poll_id=poll.id, person_id=person_id) if person_id else None
    return Voting(
        poll=poll,
        stations=list_stations(session, poll.id),
        entry=entry,
        given=find_mandate_of(session, principal_id=entry.id) if entry and poll.by_proxy else None,
        places=list_own_places(session, poll, person_id=person_id, now=now) if person_id else [],
        proxies_until=_proxies_until(poll),
    )


def _proxies_until(poll: Poll) -> datetime | None:
    if not poll.by_proxy or poll.opens_at is None:
        return None
    return rules_of(poll).clock("proxy.apply").latest(poll.opens_at)
