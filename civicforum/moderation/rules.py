"""Who may hide what, for which reason, and who rules on an appeal; what becomes of a text that is held."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from enum import StrEnum

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.errors import Invalid, NotEligible, TransitionNotAllowed

APPEAL_RULE = "moderation.appeal"
RULING_RULE = "moderation.ruling"
HELD_RULE = "moderation.held"
# What stands where words were taken out of their row, in the language of the texts themselves.
HIDDEN_WORDS = "（内容已按规则隐藏）"
LONGEST_NOTE = 500
LONGEST_APPEAL = 2000


class Kind(StrEnum):
    """The kinds of text that are reported, hidden and held."""

    MATTER = "matter"
    COMMENT = "comment"
    STATEMENT = "statement"
    DRAFT_COMMENT = "draft_comment"
    NOTICE_QUERY = "notice_query"


class Reason(StrEnum):
    """The closed list of reasons, to report and to hide."""

    PERSONAL_ATTACK = "personal_attack"
    PERSONAL_DATA = "personal_data"
    ADVERTISING = "advertising"
    UNLAWFUL = "unlawful"
    REPEATED = "repeated"
    # For statements alone, which say one thing about one topic.
    OFF_TOPIC = "off_topic"
    SEVERAL_IDEAS = "several_ideas"


COMMON_REASONS = (
    Reason.PERSONAL_ATTACK,
    Reason.PERSONAL_DATA,
    Reason.ADVERTISING,
    Reason.UNLAWFUL,
    Reason.REPEATED,
)


def reasons_for(kind: Kind) -> tuple[Reason, ...]:
    """Return the reasons for which a text of this kind may be hidden."""
    return tuple(Reason) if kind is Kind.STATEMENT else COMMON_REASONS


class CaseState(StrEnum):
    """What became of the reports of one thing."""

    OPEN = "open"
    HIDDEN = "hidden"
    KEPT = "kept"


class DecisionState(StrEnum):
    """A hiding: proposed to a second person, in force, dropped by that person, or ended by an appeal."""

    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    DROPPED = "dropped"
    RESTORED = "restored"


class Outcome(StrEnum):
    """How the supervision committee ruled on an appeal."""

    UPHELD = "upheld"
    OVERTURNED = "overturned"


class HeldState(StrEnum):
    """A text that a word on the list holds back. LAPSED: what it belongs to ended before it was posted."""

    HELD = "held"
    RELEASED = "released"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"
    LAPSED = "lapsed"


_D, _H = DecisionState, HeldState
NEXT_DECISIONS: dict[DecisionState, set[DecisionState]] = {
    _D.PROPOSED: {_D.IN_FORCE, _D.DROPPED},
    _D.IN_FORCE: {_D.RESTORED},
}
NEXT_HELD: dict[HeldState, set[HeldState]] = {
    _H.HELD: {_H.RELEASED, _H.REFUSED, _H.TAKEN_BACK, _H.LAPSED},
    # An appeal against the refusal was heard.
    _H.REFUSED: {_H.RELEASED, _H.LAPSED},
}


def move(state: DecisionState, to: DecisionState) -> DecisionState:
    """Return `to`, or raise TransitionNotAllowed when a hiding has no such step."""
    if to not in NEXT_DECISIONS.get(state, set()):
        raise TransitionNotAllowed(state, to)
    return to


def move_held(state: HeldState, to: HeldState) -> HeldState:
    """Return `to`, or raise TransitionNotAllowed when a held text has no such step."""
    if to not in NEXT_HELD.get(state, set()):
        raise TransitionNotAllowed(state, to)
    return to


MODERATED_BY = (Role.COMMITTEE, Role.CLERK)
# Not the supervision committee: it rules on the appeal.
SECONDED_BY = (Role.COMMITTEE, Role.CLERK, Role.PARTY)
RULED_BY = (Role.SUPERVISOR,)
WORDS_KEPT_BY = (Role.COMMITTEE, Role.ADMIN)
WORDS_SHOWN_TO = (*WORDS_KEPT_BY, Role.SUPERVISOR)
QUEUE_SHOWN_TO = (*SECONDED_BY, Role.SUPERVISOR)
# A matter and a query often criticise those who could hide it: two people of different bodies have to agree.
NEEDS_TWO = frozenset({Kind.MATTER, Kind.NOTICE_QUERY})


def may_moderate(actor: Actor | None) -> bool:
    """Tell whether somebody hides texts, settles reports and looks at what is held."""
    return actor is not None and actor.holds(*MODERATED_BY)


def check_moderate(actor: Actor, *, author_id: uuid.UUID | None, helper_id: uuid.UUID | None = None) -> None:
    """Refuse who is not a moderator, and who wrote or entered the text. Raises NotEligible."""
    if not may_moderate(actor):
        raise NotEligible(actor.person_id)
    check_not_concerned(actor, author_id, helper_id)


def may_read(actor: Actor | None, *, is_public: bool) -> bool:
    """Tell whether somebody reads a text that is not hidden: what is not out yet, only those who moderate."""
    return is_public or may_moderate(actor)


def check_not_concerned(actor: Actor, *people: uuid.UUID | None) -> None:
    """Refuse whoever is one of these people: nobody decides on their own text or their own decision."""
    if actor.person_id in people:
        raise NotEligible(actor.person_id)


def may_second(
    actor: Actor | None,
    *,
    author_id: uuid.UUID | None,
    proposed_by: uuid.UUID,
    bodies: Collection[uuid.UUID],
    bodies_of_first: Collection[uuid.UUID],
) -> bool:
    """Tell whether somebody can be the second of two: another person, in no body of the first."""
    return (
        actor is not None
        and actor.assisted_by is None
        and actor.has(*SECONDED_BY)
        and actor.person_id not in (author_id, proposed_by)
        and set(bodies).isdisjoint(bodies_of_first)
    )


def may_rule(actor: Actor | None, *concerned: uuid.UUID | None) -> bool:
    """Tell whether somebody rules on an appeal: a supervisor who neither wrote the text nor decided on it."""
    return (
        actor is not None
        and actor.assisted_by is None
        and actor.has(*RULED_BY)
        and actor.person_id not in concerned
    )


def check_roles(actor: Actor, roles: Collection[Role]) -> None:
    """Refuse who holds none of these roles, and a clerk who helps somebody. Raises NotEligible."""
    if not actor.holds(*roles):
        raise NotEligible(actor.person_id)


def check_reason(kind: Kind, reason: Reason) -> None:
    """Refuse a reason that is not on the list of this kind. Raises Invalid."""
    if reason not in reasons_for(kind):
        raise Invalid("reason", "reason")
