"""What becomes of those elected: relatives yield, somebody declines, certificates, the announcement."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.models import Term
from civicforum.database import transaction
from civicforum.elections.calendar import Milestone
from civicforum.elections.law import require
from civicforum.elections.models import Election, HandoverItem, Winner
from civicforum.elections.queries.results import get_winner, get_winners, list_items
from civicforum.elections.queries.rounds import standing_of
from civicforum.elections.rules import RoundKind, Stage, WinnerState
from civicforum.elections.services.steps import lock_election, mark_done, record_election
from civicforum.errors import AlreadyDone, Invalid, RuleRefused, TransitionNotAllowed
from civicforum.people.services import lock_register
from civicforum.rulebook.days import day_of

BEFORE_HANDOVER = frozenset({Stage.COUNT, Stage.RESULT})
FROM_RESULT = frozenset({Stage.RESULT, Stage.HANDOVER, Stage.CLOSED})
LONGEST_GROUND, LONGEST_CERTIFICATE, LONGEST_FILING = 300, 80, 200
# 城市居民委员会组织法 art 25, and what a committee keeps: each is ticked off when it was handed over.
ITEMS = ("印章", "财务账目、票据和资金", "档案资料", "办公用房、设备和其他资产", "正在办理和遗留的事项")


def let_go(
    *,
    winner_id: uuid.UUID,
    election_id: uuid.UUID,
    state: WinnerState,
    ground: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Write that somebody elected does not take the seat, which is open from then on.

    YIELDED is for a near relative of somebody who stays (art 8), DECLINED for a wish of their own; VOID is
    for an election won by violence, threats, fraud, bribery or forged papers, whenever it comes out (art 22).

    Raises NotFound, NotEligible, AlreadyDone (not elected any more), TransitionNotAllowed (too late), Invalid
    ("ground", "not_kin", "stays").
    """
    with transaction() as session:
        election = lock_election(session, election_id=election_id, actor=actor)
        winner = get_winner(session, winner_id=winner_id, election_id=election.id)
        if winner.state is not WinnerState.ELECTED:
            raise AlreadyDone(winner_id)
        if state is WinnerState.ELECTED:
            raise Invalid("state", "state")
        _check_may_let_go(session, election, winner, state)
        ground = ground.strip()
        if not ground or len(ground) > LONGEST_GROUND:
            raise Invalid("ground", "ground")
        winner.state, winner.ground = state, ground
        _end_term(session, winner, ground, now)
        payload = {"state": state.value, "name": winner.person.name, "post": winner.seat.title}
        record_election(
            session, election, actor=actor, action="let_go", payload=payload, reason=ground, now=now
        )


def announce(*, election_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Write that the result was announced, and list what is handed over.

    Raises NotFound, NotEligible, TransitionNotAllowed (another round has to come first), RuleRefused (near
    relatives elected together, seats that may not stay empty), AlreadyDone, Invalid ("stale": the sheet was
    changed after it was taken over).
    """
    with transaction() as session:
        election = lock_election(session, election_id=election_id, actor=actor)
        if election.stage not in BEFORE_HANDOVER:
            raise TransitionNotAllowed(election.stage, "announce")
        standing, winners = standing_of(session, election), get_winners(session, election)
        if standing.latest is None or not standing.table.counts:
            raise TransitionNotAllowed(election.stage, "announce")
        following = standing.following
        if following is not None and following.kind is not RoundKind.FURTHER:
            raise TransitionNotAllowed(following.kind, "announce")
        if {(one.seat_id, one.person_id, one.votes) for one in standing.table.gains} != {
            (one.seat_id, one.person_id, one.votes) for one in winners.all
        }:
            raise Invalid("stale")
        require(*(one.verdict for one in winners.yielding))
        if standing.table.open_seats:
            require(winners.may_stop)
        if list_items(session, election.id):
            raise AlreadyDone(election_id)
        session.add_all(
            HandoverItem(
                community_id=election.community_id, election_id=election.id, position=position, title=title
            )
            for position, title in enumerate(ITEMS, 1)
        )
        mark_done(session, election, Milestone.RESULT_ANNOUNCED, actor=actor, now=now)
        payload = {"elected": len(winners.elected), "open": standing.table.open_seats}
        record_election(session, election, actor=actor, action="announce", payload=payload, now=now)


def certify_winner(
    *,
    winner_id: uuid.UUID,
    election_id: uuid.UUID,
    certificate: str,
    certified_on: date,
    actor: Actor,
    now: datetime,
) -> None:
    """Write the number of the certificate that was issued, and of which day it is.

    Raises NotFound, NotEligible, TransitionNotAllowed (not announced, or not elected), Invalid
    ("certificate", "certified_on").
    """
    with transaction() as session:
        election = lock_election(session, election_id=election_id, actor=actor)
        winner = get_winner(session, winner_id=winner_id, election_id=election.id)
        if election.stage not in FROM_RESULT or winner.state is not WinnerState.ELECTED:
            raise TransitionNotAllowed(election.stage, "certify_winner")
        certificate = certificate.strip()
        if not certificate or len(certificate) > LONGEST_CERTIFICATE:
            raise Invalid("certificate", "certificate")
        if certified_on > day_of(now):
            raise Invalid("certified_on", "certified_on")
        winner.certificate, winner.certified_on = certificate, certified_on
        payload = {"name": winner.person.name, "post": winner.seat.title, "certificate": certificate}
        record_election(session, election, actor=actor, action="certify_winner", payload=payload, now=now)


def file_result(*, election_id: uuid.UUID, note: str, actor: Actor, now: datetime) -> None:
    """Write that the result was filed with the subdistrict, and under which number.

    Raises NotFound, NotEligible, TransitionNotAllowed (not announced), Invalid ("note").
    """
    with transaction() as session:
        election = lock_election(session, election_id=election_id, actor=actor)
        if election.stage not in FROM_RESULT:
            raise TransitionNotAllowed(election.stage, "file_result")
        note = note.strip()
        if not note or len(note) > LONGEST_FILING:
            raise Invalid("note", "note")
        mark_done(session, election, Milestone.RESULT_FILED, actor=actor, now=now, note=note)
        record_election(session, election, actor=actor, action="file_result", payload={"note": note}, now=now)


def _check_may_let_go(session: Session, election: Election, winner: Winner, state: WinnerState) -> None:
    if state is WinnerState.VOID:
        if election.stage not in BEFORE_HANDOVER | FROM_RESULT:
            raise TransitionNotAllowed(election.stage, "let_go")
        return
    if election.stage not in BEFORE_HANDOVER:
        raise TransitionNotAllowed(election.stage, "let_go")
    if state is WinnerState.YIELDED:
        _check_yields(session, election, winner)


def _check_yields(session: Session, election: Election, winner: Winner) -> None:
    """Refuse to let the relative go who stays; where no rule decides, the two have agreed."""
    found = get_winners(session, election).yielding
    for one in found:
        if winner.person_id == one.person_id:
            return
        if winner.person_id == one.relative_id:
            if one.is_undecided:
                return
            raise RuleRefused(one.verdict)
    raise Invalid("not_kin", "state")


def _end_term(session: Session, winner: Winner, ground: str, now: datetime) -> None:
    """End the term that began by a void election, in the hour in which that came out."""
    if winner.term_id is None:
        return
    lock_register(session, winner.community_id)
    term = session.get_one(Term, winner.term_id, with_for_update=True, populate_existing=True)
    if term.ended_on is None:
        term.ended_on, term.end_reason = min(day_of(now), term.until), ground[:200]
