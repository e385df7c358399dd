"""An election: its dates, its committee, who stood, and who is elected."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from civicforum.dossiers.contents import Block, Facts, Part, Section, Table, Words
from civicforum.dossiers.gathering.sums import sum_of
from civicforum.dossiers.scopes import Scope
from civicforum.elections.models import Election
from civicforum.elections.queries.candidates import list_by_seat
from civicforum.elections.queries.committee import list_places
from civicforum.elections.queries.dates import list_steps
from civicforum.elections.queries.results import get_winners
from civicforum.elections.rules import CandidateState, Stage
from civicforum.elections.texts import COMMITTEE_POSTS, KINDS, MILESTONES, STAGES, WAYS
from civicforum.elections.texts_rounds import STATES
from civicforum.layout import day, moment
from civicforum.polls.rules import PollState

COUNTED = (PollState.COUNTED, PollState.CERTIFIED)


def election_part(session: Session, scope: Scope, now: datetime) -> Part:
    """Return what is elected, when, under whom, and every date with when it was done in fact."""
    election = _election(scope)
    blocks: list[Block] = [
        Facts(
            (
                (_("Kind"), str(KINDS[election.kind])),
                (_("Way of electing"), str(WAYS[election.way])),
                (_("Stage"), str(STAGES[election.stage])),
                (_("Body"), election.body.name),
                (_("Voting begins"), moment(election.opens_at)),
                (_("Voting ends"), moment(election.closes_at)),
                (_("Place"), election.place),
            )
        )
    ]
    if election.stage is Stage.VOID:
        blocks.append(
            Words(_("This election is void. Reason: %(ground)s", ground=election.void_ground), is_grave=True)
        )
    members = [one for one in list_places(session, election.id) if one.joined_at is not None]
    if members:
        rows = tuple(
            (one.person.name, str(COMMITTEE_POSTS[one.post]) if one.post else "–") for one in members
        )
        blocks.append(Table(_("Election committee"), (_("Name"), _("Post")), rows))
    steps = tuple(
        (str(MILESTONES[step.milestone]), day(step.planned_on), moment(step.done_at) if step.done_at else "–")
        for step in list_steps(session, election.id)
    )
    if steps:
        blocks.append(Table(_("Dates"), (_("Step"), _("Planned"), _("Done")), steps))
    return Part(Section("election", _("The election"), tuple(blocks), ""))


def winners_part(session: Session, scope: Scope, now: datetime) -> Part:
    """Return who stands on the formal list, and who is elected."""
    election = _election(scope)
    blocks: list[Block] = []
    lists = list_by_seat(session, election=election, states=(CandidateState.FORMAL,))
    stood = tuple(
        (one.seat.title, "、".join(candidate.person.name for candidate in one.candidates))
        for one in lists
        if one.candidates
    )
    if stood:
        blocks.append(Table(_("Who stood"), (_("Seat"), _("Candidates in the order of the paper")), stood))
    winners = get_winners(session, election)
    if winners.all and any(poll.state in COUNTED for poll in scope.polls):
        rows = tuple(
            (
                one.person.name,
                one.seat.title,
                str(one.votes),
                str(STATES[one.state][0]),
                one.certificate or "–",
            )
            for one in winners.all
        )
        head = (_("Name"), _("Seat"), _("Number of votes"), _("State"), _("Certificate"))
        blocks.append(Table(_("Who is elected"), head, rows))
        if winners.women is not None:
            blocks.append(sum_of(winners.women, _("A woman among them"), is_vote=False))
    return Part(
        Section("elected", _("Who stood, and who is elected"), tuple(blocks), _("Nobody is elected yet."))
    )


def _election(scope: Scope) -> Election:
    assert scope.election is not None  # noqa: S101
    return scope.election
