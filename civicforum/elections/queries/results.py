"""Who is elected, as the pages of a result, of the winners and of the handover show it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from civicforum.bodies.models import Post, Term
from civicforum.bodies.queries import is_running
from civicforum.elections.kin import Elected, Yielding, yielding
from civicforum.elections.models import Election, HandoverItem, Seat, Winner
from civicforum.elections.queries.committee import kin_among
from civicforum.elections.rules import ElectionKind, WinnerState
from civicforum.elections.services.steps import rules_of
from civicforum.elections.verdicts import judge_stop, judge_women
from civicforum.errors import NotFound
from civicforum.people.models import Person
from civicforum.people.rules import Sex
from civicforum.rulebook import Verdict
from civicforum.rulebook.days import day_of


@dataclass(frozen=True)
class Winners:
    """Everybody elected, the highest post first, and what has to be looked at before it is announced.

    Attributes:
        yielding: near relatives who cannot both stay.
        women: whether there is a woman on the body then; None where no rule asks for one.
        may_stop: whether the body then has so many that seats may stay empty.
    """

    all: Sequence[Winner]
    yielding: list[Yielding]
    women: Verdict | None
    may_stop: Verdict

    @property
    def elected(self) -> list[Winner]:
        return [winner for winner in self.all if winner.state is WinnerState.ELECTED]

    def yields(self, winner: Winner) -> Yielding | None:
        """Return why somebody yields to a near relative; None for everybody else."""
        return next((one for one in self.yielding if one.person_id == winner.person_id), None)


def list_winners(session: Session, election_id: uuid.UUID) -> Sequence[Winner]:
    """Return everybody elected, the highest post and the most votes first."""
    return session.scalars(
        select(Winner)
        .join(Winner.seat)
        .options(
            joinedload(Winner.seat).joinedload(Seat.post), joinedload(Winner.person), joinedload(Winner.round)
        )
        .where(Winner.election_id == election_id)
        .order_by(Seat.position, Winner.votes.desc(), Winner.id)
    ).all()


def get_winners(session: Session, election: Election) -> Winners:
    """Return who is elected with what the law says to them together."""
    book = rules_of(election)
    winners = list_winners(session, election.id)
    elected = [one for one in winners if one.state is WinnerState.ELECTED]
    kin = kin_among(session, {one.person_id for one in elected})
    staying = list_staying(session, election, but={one.person_id for one in elected})
    members = [*(one.person for one in elected), *staying]
    women = sum(person.sex is Sex.FEMALE for person in members)
    return Winners(
        all=winners,
        yielding=yielding(
            book,
            election.body.kind,
            [Elected(one.person_id, one.seat.post.kind, one.votes) for one in elected],
            kin,
        ),
        women=judge_women(book, election.body.kind, women),
        may_stop=judge_stop(book, len(elected), len(staying)),
    )


def list_staying(session: Session, election: Election, *, but: Collection[uuid.UUID]) -> Sequence[Person]:
    """Return whom a by-election leaves in the posts of its body; an election of a whole body leaves nobody.

    Args:
        but: those elected, even where they hold another post of the body until then.
    """
    if election.kind is not ElectionKind.BY_ELECTION:
        return ()
    sitting = (
        select(Term.person_id)
        .join(Post, Post.id == Term.post_id)
        .where(Post.body_id == election.body_id, is_running(day_of(election.closes_at)))
    )
    return session.scalars(select(Person).where(Person.id.in_(sitting), Person.id.not_in(but))).all()


def get_winner(session: Session, *, winner_id: uuid.UUID, election_id: uuid.UUID) -> Winner:
    """Return somebody elected. Raises NotFound."""
    winner = session.scalar(
        select(Winner)
        .options(joinedload(Winner.seat).joinedload(Seat.post), joinedload(Winner.person))
        .where(Winner.id == winner_id, Winner.election_id == election_id)
    )
    if winner is None:
        raise NotFound(winner_id)
    return winner


def list_items(session: Session, election_id: uuid.UUID) -> Sequence[HandoverItem]:
    """Return what the old committee hands over, in its order."""
    return session.scalars(
        select(HandoverItem).where(HandoverItem.election_id == election_id).order_by(HandoverItem.position)
    ).all()
