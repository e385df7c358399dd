"""What stands between a poll and its next step, read in a number of statements that does not grow with it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from civicforum.config import Settings
from civicforum.polls import blockers, keyring
from civicforum.polls.blockers import Blocker, BlockerKind, Facts, LaterFacts, Requirement, StationFact
from civicforum.polls.cards import has_cards
from civicforum.polls.errors import KeysMissing
from civicforum.polls.models import (
    BoardLine,
    Credential,
    CredentialLink,
    KeyCeremony,
    Mandate,
    Poll,
    Question,
    ResultObjection,
    RollEntry,
    RollObjection,
    Station,
)
from civicforum.polls.queries.grading import list_grading_blockers
from civicforum.polls.questions import QuestionKind
from civicforum.polls.rules import PollState
from civicforum.polls.services.boards import phase_of
from civicforum.polls.services.steps import rules_of
from civicforum.sealed import Phase

# Whoever is chosen may neither open the box nor vote for others: names of these questions are looked at.
WITH_CANDIDATES = frozenset({QuestionKind.SELECTION, QuestionKind.RANKING})


def list_requirements(
    session: Session, poll: Poll, *, settings: Settings, now: datetime
) -> dict[Requirement, list[Blocker]]:
    """Return what has to be in order before the poll opens, each with what is still missing of it."""
    return blockers.requirements(gather(session, poll, settings=settings), rules_of(poll), now)


def list_blockers(session: Session, poll: Poll, *, settings: Settings, now: datetime) -> list[Blocker]:
    """Return everything that stands against opening the poll now; its hour is not among it."""
    return blockers.blockers_of(gather(session, poll, settings=settings), rules_of(poll), now)


def list_next_blockers(session: Session, poll: Poll, *, now: datetime) -> list[Blocker]:
    """Return what stands against the next step of a poll that has opened."""
    shares = select(func.count()).where(BoardLine.poll_id == poll.id, BoardLine.kind == "share")
    unanswered = select(func.count()).where(
        ResultObjection.poll_id == poll.id, ResultObjection.answered_at.is_(None)
    )
    has_trustees = has_cards(poll.preset, by_screen=poll.by_screen)
    facts = LaterFacts(
        state=poll.state,
        closes_at=poll.closes_at,
        is_sealed=poll.sealed_at is not None,
        has_trustees=has_trustees,
        threshold=poll.threshold,
        shares=(session.scalar(shares) or 0) if has_trustees else 0,
        # Of a box that is not closed, because paper alone is counted, nobody is asked for a share.
        is_opened=phase_of(session, poll.id) is not Phase.CLOSED,
        # A box in which nobody put a paper is not counted.
        stations=_stations(session, poll.id) if poll.by_paper else (),
        unanswered=session.scalar(unanswered) or 0,
    )
    found = blockers.next_blockers_of(facts, now)
    return found + list_grading_blockers(session, poll, now=now) if poll.is_appraisal else found


def list_shortfall(session: Session, poll: Poll) -> list[Blocker]:
    """Return whether too few ballots count for the box to be opened; to be decided by who runs the poll."""
    if poll.state is not PollState.CLOSED or phase_of(session, poll.id) is not Phase.STOPPED:
        return []
    counting = select(func.count()).where(
        Credential.poll_id == poll.id, Credential.sequence >= 0, Credential.void.is_(None)
    )
    figures = {"ballots": session.scalar(counting) or 0, "least": poll.least}
    if figures["ballots"] >= poll.least:
        return []
    return [Blocker(BlockerKind.BALLOTS_TOO_FEW, "polls.seal_count", figures=figures)]


def gather(session: Session, poll: Poll, *, settings: Settings) -> Facts:
    """Return what is known of a poll that has not opened, in eight statements."""
    questions = _questions(session, poll.id)
    ceremony = _ceremony(session, poll.id)
    proxies, last_proxy_at = _proxies(session, poll.id)
    return Facts(
        preset=poll.preset,
        by_screen=poll.by_screen,
        by_paper=poll.by_paper,
        by_proxy=poll.by_proxy,
        is_statutory=poll.is_statutory,
        opens_at=poll.opens_at,
        closes_at=poll.closes_at,
        roll_posted_at=poll.roll_posted_at,
        roll_frozen_at=poll.roll_frozen_at,
        objection_days=poll.objection_days,
        least=poll.least,
        trustees=poll.trustees,
        questions=len(questions),
        candidates=frozenset(
            name for one in questions if one.kind in WITH_CANDIDATES for name in one.options
        ),
        on_roll=count_on_roll(session, poll.id),
        rulings_due=_rulings_due(session, poll.id),
        trustees_named=tuple(trustee.name for trustee in ceremony.trustees) if ceremony else (),
        is_key_made=ceremony is not None and ceremony.finished_at is not None,
        is_drilled=ceremony is not None and ceremony.drilled_at is not None,
        cards=_cards(session, poll.id),
        phase=phase_of(session, poll.id),
        has_keys=_has_keys(settings, poll.id),
        stations=_stations(session, poll.id),
        proxies=proxies,
        last_proxy_at=last_proxy_at,
        election_id=poll.election_id,
    )


def count_on_roll(session: Session, poll_id: uuid.UUID) -> int:
    """Return how many are on the roll and not struck off."""
    found = select(func.count()).where(RollEntry.poll_id == poll_id, RollEntry.struck_off_at.is_(None))
    return session.scalar(found) or 0


def _questions(session: Session, poll_id: uuid.UUID) -> Sequence[Question]:
    return session.scalars(select(Question).where(Question.poll_id == poll_id)).all()


def _ceremony(session: Session, poll_id: uuid.UUID) -> KeyCeremony | None:
    return session.scalars(
        select(KeyCeremony)
        .options(selectinload(KeyCeremony.trustees))
        .where(KeyCeremony.poll_id == poll_id, KeyCeremony.complaint == "")
    ).one_or_none()


def _rulings_due(session: Session, poll_id: uuid.UUID) -> tuple[datetime, ...]:
    waiting = select(RollObjection.due_at).where(
        RollObjection.poll_id == poll_id, RollObjection.ruled_at.is_(None)
    )
    return tuple(session.scalars(waiting))


def _cards(session: Session, poll_id: uuid.UUID) -> int:
    """Return how many on the roll have a credential."""
    linked = (
        select(func.count())
        .select_from(CredentialLink)
        .join(RollEntry, RollEntry.id == CredentialLink.roll_entry_id)
        .where(CredentialLink.poll_id == poll_id, RollEntry.struck_off_at.is_(None))
    )
    return session.scalar(linked) or 0


def _has_keys(settings: Settings, poll_id: uuid.UUID) -> bool:
    try:
        keyring.read_keys(settings.instance, poll_id)
    except KeysMissing:
        return False
    return True


def _stations(session: Session, poll_id: uuid.UUID) -> tuple[StationFact, ...]:
    rows = session.scalars(select(Station).where(Station.poll_id == poll_id).order_by(Station.name))
    return tuple(
        StationFact(
            station.name,
            station.kind,
            len(station.supervisors),
            is_list_awaited=station.is_offline and station.list_entered_at is None,
            is_signed=station.signed_at is not None,
        )
        for station in rows
    )


def _proxies(session: Session, poll_id: uuid.UUID) -> tuple[tuple[tuple[str, int], ...], datetime | None]:
    """Return how many proxies each holder has, by name, and when the last was entered on the posted list."""
    rows = session.execute(
        select(RollEntry.name, func.count(), func.max(Mandate.entered_at))
        .join(Mandate, Mandate.holder_id == RollEntry.id)
        .where(Mandate.poll_id == poll_id, Mandate.withdrawn_at.is_(None))
        .group_by(RollEntry.id, RollEntry.name)
        .order_by(RollEntry.name)
    ).all()
    return tuple((name, number) for name, number, _ in rows), max((at for *_, at in rows), default=None)
