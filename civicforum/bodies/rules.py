"""Bodies, their posts, and what a post lets its holder do."""

from __future__ import annotations

from enum import StrEnum


class BodyKind(StrEnum):
    """The bodies of a community (DOMAIN.md part F)."""

    PARTY_COMMITTEE = "party_committee"
    RESIDENTS_COMMITTEE = "residents_committee"
    REPRESENTATIVE_ASSEMBLY = "representative_assembly"
    RESIDENTS_ASSEMBLY = "residents_assembly"
    SUPERVISION_COMMITTEE = "supervision_committee"
    ELECTION_COMMITTEE = "election_committee"
    SERVICE_STATION = "service_station"
    DELIBERATION_COUNCIL = "deliberation_council"
    MEDIATION_COMMITTEE = "mediation_committee"
    SUBCOMMITTEE = "subcommittee"
    RESIDENTS_GROUP = "residents_group"
    OWNERS_COMMITTEE = "owners_committee"
    ECONOMIC_COOPERATIVE = "economic_cooperative"
    PLATFORM_OFFICE = "platform_office"


class PostKind(StrEnum):
    """The posts that bodies have."""

    SECRETARY = "secretary"
    DEPUTY_SECRETARY = "deputy_secretary"
    DIRECTOR = "director"
    DEPUTY_DIRECTOR = "deputy_director"
    MEMBER = "member"
    REPRESENTATIVE = "representative"
    GROUP_LEADER = "group_leader"
    STATION_HEAD = "station_head"
    CLERK = "clerk"
    GRID_WORKER = "grid_worker"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"


class Appointed(StrEnum):
    """How somebody came to a post (DOMAIN.md row 0-35)."""

    ELECTED = "elected"
    APPOINTED = "appointed"
    EX_OFFICIO = "ex_officio"


class Role(StrEnum):
    """What holding a post today entitles to; every signed-in resident is a RESIDENT."""

    RESIDENT = "resident"
    REPRESENTATIVE = "representative"
    PARTY = "party"
    COMMITTEE = "committee"
    ELECTION_OFFICER = "election_officer"
    SUPERVISOR = "supervisor"
    STATION_HEAD = "station_head"
    CLERK = "clerk"
    ADMIN = "admin"


def role_of_post(body: BodyKind, post: PostKind) -> Role:
    """Return the role that a post carries; a post without powers here leaves its holder a resident."""
    if post is PostKind.STATION_HEAD:
        return Role.STATION_HEAD
    if post is PostKind.CLERK:
        return Role.CLERK
    return ROLE_OF_BODY.get(body, Role.RESIDENT)


ROLE_OF_BODY: dict[BodyKind, Role] = {
    BodyKind.PARTY_COMMITTEE: Role.PARTY,
    BodyKind.RESIDENTS_COMMITTEE: Role.COMMITTEE,
    BodyKind.REPRESENTATIVE_ASSEMBLY: Role.REPRESENTATIVE,
    BodyKind.SUPERVISION_COMMITTEE: Role.SUPERVISOR,
    BodyKind.ELECTION_COMMITTEE: Role.ELECTION_OFFICER,
    BodyKind.PLATFORM_OFFICE: Role.ADMIN,
}
