"""The roll of a poll: drawn from the register, posted for objections, and frozen."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bulk import copy_rows
from civicforum.config import Settings
from civicforum.database import transaction
from civicforum.errors import Invalid, TransitionNotAllowed
from civicforum.polls.electorates import Draw, DrawFault, Drawn, Terms, draw_as_json, fault_of_draw, terms_of
from civicforum.polls.errors import RollHindered
from civicforum.polls.models import Poll, RollEntry
from civicforum.polls.queries import rolls as queries
from civicforum.polls.rules import PollState, Preset, move
from civicforum.polls.rules_roll import Hindrance, ObjectionPeriod, hindrances_to_freezing, objection_period
from civicforum.polls.services import founding
from civicforum.polls.services.drafting import check_draft
from civicforum.polls.services.steps import lock_alone, record_poll, rules_of


def draw_roll(*, poll_id: uuid.UUID, draw: Draw, actor: Actor, now: datetime) -> int:
    """Write the roll of a draft from the register, in place of one drawn before; return its length.

    Raises NotFound, NotEligible, TransitionNotAllowed (posted already), and Invalid: "no_times", "nobody"
    or a DrawFault.
    """
    with transaction() as session:
        poll = lock_alone(session, poll_id=poll_id, actor=actor)
        # Who takes part in an election has registered for it; who grades, a plan has stated.
        if poll.state is not PollState.DRAFT or poll.is_set_elsewhere:
            raise TransitionNotAllowed(poll.state, PollState.DRAFT)
        drawn = drawn_for(session, poll, draw, now=now)
        if not drawn:
            raise Invalid("nobody")
        write_roll(session, poll, draw, drawn)
        payload = {"basis": draw.basis.value, "entries": len(drawn)}
        record_poll(session, poll, actor=actor, action="draw_roll", payload=payload, now=now, is_public=False)
        return len(drawn)


def write_roll(session: Session, poll: Poll, draw: Draw, drawn: Sequence[Drawn]) -> None:
    """Write whom a draw gave, in place of one before."""
    poll.draw = draw_as_json(draw)
    session.execute(delete(RollEntry).where(RollEntry.poll_id == poll.id))
    copy_rows(session, RollEntry, [_row(poll, one, at) for at, one in enumerate(drawn, 1)])


def drawn_for(session: Session, poll: Poll, draw: Draw, *, now: datetime) -> list[Drawn]:
    """Return whom a draw puts on the poll's roll, without writing it. Raises Invalid as `draw_roll` does.

    Whom the poll grades is left off: nobody grades themselves, and the paper is one for all.
    """
    fault = fault_of_draw(draw, is_statutory=poll.is_statutory, book=rules_of(poll))
    if fault is not None:
        raise Invalid(fault.value)
    terms = roll_terms(poll, now=now)
    drawn = queries.draw_people(session, community_id=poll.community_id, draw=draw, terms=terms)
    if isinstance(drawn, DrawFault):
        raise Invalid(drawn.value)
    return [one for one in drawn if one.candidate.person_id not in poll.barred_ids]


def roll_terms(poll: Poll, *, now: datetime) -> Terms:
    """Return the days by which people are entitled in a poll. Raises Invalid while its times are not set."""
    if poll.opens_at is None or poll.closes_at is None:
        raise Invalid("no_times")
    return terms_of(rules_of(poll), opens_at=poll.opens_at, now=now)


def post_roll(*, poll_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Post the roll: objections may be made from now on, and nothing changes it silently any more.

    Raises NotFound, NotEligible, TransitionNotAllowed, Invalid ("nobody", or a TermsFault or SpecFault of the
    draft) and RuleRefused, such as for an election whose roll comes too late (art 17).
    """
    with transaction() as session:
        poll = lock_alone(session, poll_id=poll_id, actor=actor)
        # An election posts its roll itself: the day is a date of its calendar. So does an appraisal.
        if poll.is_set_elsewhere:
            raise TransitionNotAllowed(poll.state, PollState.ROLL_POSTED)
        entries = post_locked(session, poll, now=now)
        record_poll(session, poll, actor=actor, action="post_roll", payload={"entries": entries}, now=now)


def post_locked(session: Session, poll: Poll, *, now: datetime) -> int:
    """Post the roll of a poll that is locked; return how many it names. Raises as `post_roll` does."""
    state = move(poll.state, to=PollState.ROLL_POSTED)
    check_draft(poll, now=now)
    entries = queries.count_entries(session, poll_id=poll.id)
    if entries == 0:
        raise Invalid("nobody")
    poll.state, poll.roll_posted_at = state, now
    return entries


def period_of(poll: Poll) -> ObjectionPeriod | None:
    """Return in which time the poll's roll may be objected to; None before it is posted."""
    if poll.roll_posted_at is None:
        return None
    return objection_period(
        rules_of(poll),
        posted_at=poll.roll_posted_at,
        is_statutory=poll.is_statutory,
        objection_days=poll.objection_days,
    )


def find_hindrances(session: Session, poll: Poll, *, now: datetime) -> list[Hindrance]:
    """Return what keeps a posted roll from being frozen."""
    period = period_of(poll)
    if period is None:
        raise TransitionNotAllowed(poll.state, "freeze")
    objections = queries.count_objections(session, poll_id=poll.id)
    return hindrances_to_freezing(
        rules_of(poll),
        period,
        filed=objections.filed,
        ruled=objections.ruled,
        entries=queries.count_entries(session, poll_id=poll.id),
        now=now,
        has_paper=bool(poll.questions),
    )


def freeze_roll(*, poll_id: uuid.UUID, actor: Actor, settings: Settings, now: datetime) -> None:
    """Fix how many are entitled: quorums are a share of that number from now on, whatever is corrected later.

    A poll without a board is ready at once; one whose key the platform keeps gets its board; one whose key
    officers keep waits for cards and ceremony.

    Raises NotFound, NotEligible, TransitionNotAllowed (not posted, or frozen), RollHindered.
    """
    with transaction() as session:
        poll = lock_alone(session, poll_id=poll_id, actor=actor)
        freeze_locked(session, poll, settings=settings, now=now)
        payload = {"members": poll.members, "state": poll.state.value}
        record_poll(session, poll, actor=actor, action="freeze_roll", payload=payload, now=now)


def freeze_locked(session: Session, poll: Poll, *, settings: Settings, now: datetime) -> None:
    """Freeze the roll of a poll that is locked. Raises as `freeze_roll` does."""
    if poll.state is not PollState.ROLL_POSTED or poll.roll_frozen_at is not None:
        raise TransitionNotAllowed(poll.state, "freeze")
    hindrances = find_hindrances(session, poll, now=now)
    if hindrances:
        raise RollHindered(hindrances)
    poll.roll_frozen_at = now
    poll.members = queries.count_entries(session, poll_id=poll.id)
    if poll.has_board and poll.preset is Preset.POLL:
        founding.found_platform_poll(session, poll=poll, settings=settings, now=now)
    if not (poll.has_board and poll.preset is Preset.SEALED):
        poll.state = move(poll.state, to=PollState.READY)


def _row(poll: Poll, drawn: Drawn, position: int) -> dict[str, object]:
    who = drawn.candidate
    return {
        "id": uuid.uuid4(),
        "community_id": poll.community_id,
        "poll_id": poll.id,
        "person_id": who.person_id,
        "position": position,
        "ground": drawn.ground,
        "name": who.name,
        "group_name": who.group_name,
    }
