"""What the screen in the hall shows at the count: where each box is, how its papers add up, and the result.

Counting is open and the result announced on the spot (城市居民委员会组织法 art 19), but no vote of a secret
poll is shown before all of it is counted: a part of the boxes would be a running result.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from civicforum.errors import NotFound
from civicforum.polls.models import Poll, Station
from civicforum.polls.queries.named import Turnout
from civicforum.polls.queries.paper import Account, count_issued, get_account, get_paper_poll
from civicforum.polls.queries.results import LEAST_SHOWN, ResultPage, get_result
from civicforum.polls.queries.standing import get_turnout
from civicforum.polls.rules import PollState
from civicforum.polls.rules_paper import BoxState, PaperSum
from civicforum.polls.services.box_counts import HANDS
from civicforum.polls.services.steps import rules_of
from civicforum.polls.small_groups import hidden_names


@dataclass(frozen=True)
class Box:
    """A box as everybody in the hall may see it.

    `issued` is how many papers its station handed out, `papers` how the signed count adds up; both are None
    for a small box, whose few voters a figure would show: it is in the sum of all boxes.
    """

    station: Station
    state: BoxState
    issued: int | None
    papers: PaperSum | None


@dataclass(frozen=True)
class HallPage:
    """`turnout` is None before the opening, `result` before the count; `account` is without any vote."""

    poll: Poll
    boxes: list[Box]
    account: Account
    turnout: Turnout | None
    result: ResultPage | None

    @property
    def signed(self) -> int:
        return sum(box.state is BoxState.SIGNED for box in self.boxes)

    @property
    def is_counting(self) -> bool:
        return self.poll.state is PollState.CLOSED


def get_hall(session: Session, *, poll_id: uuid.UUID, community_id: uuid.UUID) -> HallPage:
    """Return what the hall sees of a poll with paper now. Raises NotFound, also for a draft."""
    poll = get_paper_poll(session, poll_id=poll_id, community_id=community_id)
    if poll.state is PollState.DRAFT:
        raise NotFound(poll_id)
    book = rules_of(poll)
    account, issued = get_account(session, poll=poll, book=book), count_issued(session, poll)
    sizes = {station.name: issued.get(station.id, 0) for station, _issued, _papers in account.rows}
    hidden = hidden_names(sizes, least=book.count(LEAST_SHOWN).least or 0)
    is_counted = poll.state in (PollState.COUNTED, PollState.CERTIFIED)
    return HallPage(
        poll=poll,
        boxes=[_box(poll, station, papers, sizes, hidden) for station, _issued, papers in account.rows],
        account=account,
        turnout=get_turnout(session, poll) if poll.opened_at else None,
        result=get_result(session, poll_id=poll_id, community_id=community_id) if is_counted else None,
    )


def _box(
    poll: Poll, station: Station, papers: PaperSum | None, sizes: Mapping[str, int], hidden: frozenset[str]
) -> Box:
    is_small = station.name in hidden
    return Box(
        station,
        _state(poll, station),
        issued=None if is_small or not poll.opened_at else sizes[station.name],
        papers=None if is_small else papers,
    )


def _state(poll: Poll, station: Station) -> BoxState:
    if poll.opened_at is None:
        return BoxState.WAITING
    if poll.state is PollState.OPEN:
        return BoxState.OPEN
    if station.signed_at is not None:
        return BoxState.SIGNED
    if station.is_offline and station.list_entered_at is None:
        return BoxState.AWAITS_LIST
    counts = len(station.counts)
    if counts == len(HANDS):
        return BoxState.COUNTED
    return BoxState.COUNTING if counts else BoxState.SHUT
