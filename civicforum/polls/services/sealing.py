"""After the stop: the count is sealed, and where the platform keeps the key, the box is opened."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum import sealed
from civicforum.accounts.rules import Actor
from civicforum.config import Settings
from civicforum.database import transaction
from civicforum.errors import Invalid, TransitionNotAllowed
from civicforum.polls import keyring
from civicforum.polls.errors import BelowLeast, KeysMissing, StepBlocked
from civicforum.polls.models import Credential, KeyCeremony, Poll
from civicforum.polls.queries.blockers import list_next_blockers
from civicforum.polls.rules import PollState, Preset
from civicforum.polls.services import boards
from civicforum.polls.services.founding import ONLY_TRUSTEE
from civicforum.polls.services.steps import lock_alone, record_poll
from civicforum.sealed import Ceremony, Phase


def seal_count(*, poll_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Fix what is counted: no list of an offline station is awaited, and the board gets its line `close`.

    Raises NotFound, NotEligible, TransitionNotAllowed (not stopped, or sealed before), StepBlocked (a list
    is awaited), BelowLeast.
    """
    with transaction() as session:
        seal_locked(session, lock_alone(session, poll_id=poll_id, actor=actor), actor=actor, now=now)


def count_paper_alone(*, poll_id: uuid.UUID, reason: str, actor: Actor, now: datetime) -> None:
    """Decide, with a reason, to count paper alone, where no ballot on screen is left to be counted.

    The sealed box stays shut: fewer ballots than were promised are never opened. Raises as `seal_count`, and
    Invalid ("reason").
    """
    with transaction() as session:
        poll = lock_alone(session, poll_id=poll_id, actor=actor)
        seal_paper_alone(session, poll, reason=reason, actor=actor, now=now)


def seal_paper_alone(session: Session, poll: Poll, *, reason: str, actor: Actor, now: datetime) -> None:
    """Let paper alone count in a poll that is locked. Raises as `count_paper_alone`."""
    _check_may_seal(session, poll, now=now)
    if not may_count_paper_alone(session, poll):
        raise TransitionNotAllowed(poll.state, "count_paper_alone")
    if not reason.strip():
        raise Invalid("reason", "reason")
    note = f"屏幕投票没有可计的选票,决定只计纸质选票。理由:{reason.strip()}"
    boards.append(session, poll=poll, line=sealed.note_line(note))
    poll.sealed_at = now
    record_poll(session, poll, actor=actor, action="count_paper_alone", reason=reason, now=now)


def may_count_paper_alone(session: Session, poll: Poll) -> bool:
    """Tell whether a secret poll has paper, and no ballot on screen that counts."""
    return poll.has_board and poll.by_paper and count_ballots(session, poll.id) == 0


def seal_locked(session: Session, poll: Poll, *, actor: Actor | None, now: datetime) -> None:
    """Seal the count of a poll that is locked; `actor` None is its clock. Raises as `seal_count`."""
    _check_may_seal(session, poll, now=now)
    payload = {}
    if poll.has_board:
        counted = count_ballots(session, poll.id)
        if counted < poll.least:
            raise BelowLeast(counted, poll.least, has_paper=poll.by_paper)
        board = boards.lock_and_replay(session, poll.id)
        boards.append_to(session, board, poll=poll, line=sealed.close_line(counted))
        payload = {"counted": counted, "lines": board.lines, "head": board.head.hex()}
    poll.sealed_at = now
    record_poll(session, poll, actor=actor, action="seal_count", payload=payload, now=now)


def _check_may_seal(session: Session, poll: Poll, *, now: datetime) -> None:
    if poll.state is not PollState.CLOSED or poll.sealed_at is not None:
        raise TransitionNotAllowed(poll.state, "seal_count")
    awaited = list_next_blockers(session, poll, now=now)
    if awaited:
        raise StepBlocked(awaited)


def count_ballots(session: Session, poll_id: uuid.UUID) -> int:
    """Return how many ballots on the board count: the last of each credential that is not void."""
    found = select(func.count()).where(
        Credential.poll_id == poll_id, Credential.sequence >= 0, Credential.void.is_(None)
    )
    return session.scalar(found) or 0


def open_platform_box(*, poll_id: uuid.UUID, actor: Actor, settings: Settings, now: datetime) -> None:
    """Open the sealed sums of a poll whose key the platform keeps.

    Raises NotFound, NotEligible, TransitionNotAllowed (not sealed, or opened before), KeysMissing.
    """
    with transaction() as session:
        poll = lock_alone(session, poll_id=poll_id, actor=actor)
        open_box_locked(session, poll, actor=actor, settings=settings, now=now)


def open_box_locked(
    session: Session, poll: Poll, *, actor: Actor | None, settings: Settings, now: datetime
) -> None:
    """Shuffle what was written, share and open, as the only trustee; one replay of the board does it all."""
    if not awaits_platform(session, poll):
        raise TransitionNotAllowed(poll.state, "open_box")
    trustee = _platform(session, poll, settings)
    board = boards.lock_and_replay(session, poll.id)
    if board.opening.pools:
        boards.append_to(session, board, poll=poll, line=_shuffled(board, trustee), proofs=False)
    share = sealed.share_line(trustee.open(board.opening.agenda))
    boards.append_to(session, board, poll=poll, line=share)
    boards.append_to(session, board, poll=poll, line=sealed.result_line(board.opening.result()))
    payload = {"ballots": len(board.electorate.ballots), "lines": board.lines, "head": board.head.hex()}
    record_poll(session, poll, actor=actor, action="open_box", payload=payload, now=now)


def awaits_platform(session: Session, poll: Poll) -> bool:
    """Tell whether the count is sealed and the platform has yet to open the box."""
    is_shut = poll.state is PollState.CLOSED and poll.sealed_at is not None and poll.preset is Preset.POLL
    return is_shut and boards.phase_of(session, poll.id) is Phase.CLOSED


def _platform(session: Session, poll: Poll, settings: Settings) -> sealed.Trustee:
    seed = keyring.read_keys(settings.instance, poll.id).seed
    if seed is None:
        raise KeysMissing(poll.id)
    ceremony = session.scalars(
        select(KeyCeremony).where(KeyCeremony.poll_id == poll.id, KeyCeremony.complaint == "")
    ).one()
    platform = sealed.Trustee(
        Ceremony(bytes(ceremony.sealed_id), ceremony.threshold, ceremony.size), ONLY_TRUSTEE, seed
    )
    # The seed brings the same messages back, and with them the share.
    hello = platform.hello()
    platform.confirm([hello], [platform.deal([hello])])
    return platform


def _shuffled(board: sealed.Board, trustee: sealed.Trustee) -> bytes:
    opening = board.opening
    mixed = [
        sealed.shuffle(opening.mix_context(number), board.manifest.race.key, pool)
        for number, pool in enumerate(opening.pools)
    ]
    pools, proofs = [pool for pool, _ in mixed], [proof for _, proof in mixed]
    return sealed.shuffle_line(trustee.i, pools, proofs, trustee.vouch(opening.closing, pools))
