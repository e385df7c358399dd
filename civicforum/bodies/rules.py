"""Bodies, their posts, and what a post lets its holder do."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from civicforum.people.rules import KinshipKind
from civicforum.rulebook import Pairs, Rulebook, Verdict


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


# 一委一站一居 (DOMAIN.md row 0-01): the party committee leads; neither of the others is over the other.
CENTRE = (BodyKind.PARTY_COMMITTEE, BodyKind.RESIDENTS_COMMITTEE, BodyKind.SERVICE_STATION)

# Bodies whose posts only an election gives (DOMAIN.md row 0-35). The others may be chosen or appointed.
ELECTED_BODIES = frozenset({BodyKind.RESIDENTS_COMMITTEE})

# The rule that says for how many years a post of the body is held.
TERM_RULE: dict[BodyKind, str] = {
    BodyKind.SUPERVISION_COMMITTEE: "supervision.term_years",
    BodyKind.REPRESENTATIVE_ASSEMBLY: "representatives.term_years",
    BodyKind.MEDIATION_COMMITTEE: "mediation.term_years",
}
DEFAULT_TERM_RULE = "committee.term_years"

# Rules about how many people hold posts in a body, and how many of them are women.
SIZE_RULE: dict[BodyKind, str] = {
    BodyKind.RESIDENTS_COMMITTEE: "committee.size",
    BodyKind.SUPERVISION_COMMITTEE: "supervision.size",
    BodyKind.ELECTION_COMMITTEE: "election.committee.size",
    BodyKind.MEDIATION_COMMITTEE: "mediation.size",
}
WOMEN_RULE: dict[BodyKind, str] = {
    BodyKind.RESIDENTS_COMMITTEE: "committee.women",
    BodyKind.MEDIATION_COMMITTEE: "mediation.women",
}


def post_name(body: BodyKind, post: PostKind) -> str:
    """Return a post as the rulebook names it, as in "residents_committee.director"."""
    return f"{body}.{post}"


@dataclass(frozen=True)
class Holding:
    """A post that somebody holds in a time that matters here; `label` is body and post in words."""

    person_id: uuid.UUID
    person_name: str
    post: str
    label: str


@dataclass(frozen=True)
class Conflict:
    """A rule that forbids a new post beside a holding; `kinship` None means the same person."""

    rule: Pairs
    holding: Holding
    kinship: KinshipKind | None


def find_conflict(
    post: str,
    *,
    person_id: uuid.UUID,
    holdings: Iterable[Holding],
    kin: Mapping[uuid.UUID, KinshipKind],
    pairs: Iterable[Pairs],
) -> Conflict | None:
    """Return the first rule that stands against giving `post` to the person, or None.

    Args:
        holdings: posts held in the same time, by anybody; those of strangers do not matter.
        kin: the person's near relatives.
        pairs: the rules about pairs; one that is not forbidden here allows its pair.
    """
    rules = tuple(pairs)
    for holding in holdings:
        is_own = holding.person_id == person_id
        if not is_own and holding.person_id not in kin:
            continue
        for rule in rules:
            if rule.forbids(post, holding.post, related=not is_own):
                return Conflict(rule, holding, None if is_own else kin[holding.person_id])
    return None


def most_at_once(spans: Iterable[tuple[date, date]], since: date, until: date) -> int:
    """Return how many of the spans (first and last day) lie on the fullest day from `since` to `until`."""
    within = [(first, last) for first, last in spans if first <= until and last >= since]
    days = {since, *(first for first, last in within if first > since)}
    return max(sum(first <= day <= last for first, last in within) for day in days)


def last_day(since: date, years: int) -> date:
    """Return the last day of a term of whole years; one that begins on 29 February ends on 28 February."""
    try:
        end = since.replace(year=since.year + years)
    except ValueError:
        end = date(since.year + years, 3, 1)
    return end - timedelta(days=1)


def default_until(body: BodyKind, since: date, book: Rulebook) -> date:
    """Return the last day of a full term in this body, as the rulebook has it."""
    rule = book.count(TERM_RULE.get(body, DEFAULT_TERM_RULE))
    years = rule.most or rule.least
    assert years is not None  # noqa: S101
    return last_day(since, years)


def composition(
    body: BodyKind, *, holders: int, women: int, households: int, book: Rulebook
) -> list[Verdict]:
    """Return what the rulebook says of who sits in a body now: a warning where it fails, never a refusal."""
    verdicts = []
    if body in SIZE_RULE:
        verdicts.append(book.count(SIZE_RULE[body]).judge(holders))
    if body in WOMEN_RULE:
        verdicts.append(book.count(WOMEN_RULE[body]).judge(women))
    if body is BodyKind.REPRESENTATIVE_ASSEMBLY:
        verdicts.append(book.ratio("representatives.households").judge(holders, households))
    return verdicts
