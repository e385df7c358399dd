"""Forms of meeting, who takes part as what, and what an agenda item can come to."""

from __future__ import annotations

from enum import StrEnum

from civicforum.bodies.rules import BodyKind
from civicforum.errors import TransitionNotAllowed


class MeetingForm(StrEnum):
    """DOMAIN.md parts B37, B40 and C1."""

    COUNCIL = "council"
    HEARING = "hearing"
    OPEN_TALK = "open_talk"
    COORDINATION = "coordination"
    RESIDENTS_ASSEMBLY = "residents_assembly"
    REPRESENTATIVE_ASSEMBLY = "representative_assembly"


DELIBERATIONS = frozenset(
    {MeetingForm.COUNCIL, MeetingForm.HEARING, MeetingForm.OPEN_TALK, MeetingForm.COORDINATION}
)
ASSEMBLIES = frozenset({MeetingForm.RESIDENTS_ASSEMBLY, MeetingForm.REPRESENTATIVE_ASSEMBLY})
# The bodies whose members make up the representative assembly: the committee and the representatives (art 28).
MEMBERS_OF_REPRESENTATIVE_ASSEMBLY = (BodyKind.REPRESENTATIVE_ASSEMBLY, BodyKind.RESIDENTS_COMMITTEE)


class MeetingState(StrEnum):
    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Seat(StrEnum):
    """A member has a vote, a participant speaks, an observer sits in and may speak (art 28)."""

    MEMBER = "member"
    PARTICIPANT = "participant"
    OBSERVER = "observer"


class ParticipantClass(StrEnum):
    """Whose view somebody brings to a deliberation (DOMAIN.md part C, row 4)."""

    RESIDENT = "resident"
    REPRESENTATIVE = "representative"
    PARTY = "party"
    COMMITTEE = "committee"
    STATION = "station"
    OWNERS = "owners"
    PROPERTY_FIRM = "property_firm"
    STATIONED_UNIT = "stationed_unit"
    SOCIAL_ORGANISATION = "social_organisation"
    GOVERNMENT = "government"
    EXPERT = "expert"
    SUPERVISION = "supervision"


class Outcome(StrEnum):
    """What an agenda item came to; the last three are an assembly's."""

    AGREED = "agreed"
    AGREED_WITH_DISSENT = "agreed_with_dissent"
    TO_ASSEMBLY = "to_assembly"
    DROPPED = "dropped"
    CONTINUED = "continued"
    ADOPTED = "adopted"
    NOT_ADOPTED = "not_adopted"
    NO_QUORUM = "no_quorum"


_S = MeetingState
NEXT_STATES: dict[MeetingState, set[MeetingState]] = {
    _S.PLANNED: {_S.OPEN, _S.CANCELLED},
    _S.OPEN: {_S.CLOSED},
}


def move(state: MeetingState, to: MeetingState) -> MeetingState:
    """Return `to`, or raise TransitionNotAllowed when a meeting has no such step."""
    if to not in NEXT_STATES.get(state, set()):
        raise TransitionNotAllowed(state, to)
    return to
