"""Words for kinds of bodies and posts, and for what filling a post is refused for."""

from __future__ import annotations

from flask_babel import gettext as _

from civicforum.bodies.errors import MustBeElected, NoSeatLeft, PairForbidden
from civicforum.bodies.rules import Appointed, BodyKind, PostKind
from civicforum.errors import AlreadyDone, CivicForumError, Invalid
from civicforum.lawbook.texts import verdict_text
from civicforum.people.rules import KinshipKind


def body_kind_name(kind: BodyKind) -> str:
    names: dict[BodyKind, str] = {
        BodyKind.PARTY_COMMITTEE: _("Community party committee"),
        BodyKind.RESIDENTS_COMMITTEE: _("Residents' committee"),
        BodyKind.REPRESENTATIVE_ASSEMBLY: _("Residents' representative assembly"),
        BodyKind.RESIDENTS_ASSEMBLY: _("Residents' assembly"),
        BodyKind.SUPERVISION_COMMITTEE: _("Supervision committee"),
        BodyKind.ELECTION_COMMITTEE: _("Election committee"),
        BodyKind.SERVICE_STATION: _("Community service station"),
        BodyKind.DELIBERATION_COUNCIL: _("Deliberation council"),
        BodyKind.MEDIATION_COMMITTEE: _("People's mediation committee"),
        BodyKind.SUBCOMMITTEE: _("Subcommittee of the residents' committee"),
        BodyKind.RESIDENTS_GROUP: _("Residents' group"),
        BodyKind.OWNERS_COMMITTEE: _("Owners' committee"),
        BodyKind.ECONOMIC_COOPERATIVE: _("Collective economic co-operative"),
        BodyKind.PLATFORM_OFFICE: _("Office of this site"),
    }
    return names[kind]


def post_kind_name(kind: PostKind) -> str:
    names: dict[PostKind, str] = {
        PostKind.SECRETARY: _("Secretary"),
        PostKind.DEPUTY_SECRETARY: _("Deputy secretary"),
        PostKind.DIRECTOR: _("Director"),
        PostKind.DEPUTY_DIRECTOR: _("Deputy director"),
        PostKind.MEMBER: _("Member"),
        PostKind.REPRESENTATIVE: _("Representative"),
        PostKind.GROUP_LEADER: _("Group leader"),
        PostKind.STATION_HEAD: _("Station head"),
        PostKind.CLERK: _("Clerk at the service counter"),
        PostKind.GRID_WORKER: _("Grid worker"),
        PostKind.MANAGER: _("Manager"),
        PostKind.ADMINISTRATOR: _("Administrator"),
    }
    return names[kind]


def appointed_name(appointed: Appointed) -> str:
    names: dict[Appointed, str] = {
        Appointed.ELECTED: _("Elected"),
        Appointed.APPOINTED: _("Appointed"),
        Appointed.EX_OFFICIO: _("Ex officio"),
    }
    return names[appointed]


def kinship_name(kind: KinshipKind) -> str:
    names: dict[KinshipKind, str] = {
        KinshipKind.SPOUSE: _("spouse"),
        KinshipKind.PARENT_CHILD: _("parent or child"),
        KinshipKind.SIBLING: _("brother or sister"),
        KinshipKind.GRANDPARENT: _("grandparent or grandchild"),
    }
    return names[kind]


def refusal_text(refusal: CivicForumError) -> str:
    """Return in one or two sentences why a post was not filled, and what would make it lawful."""
    if isinstance(refusal, PairForbidden):
        return _pair_text(refusal)
    if isinstance(refusal, MustBeElected):
        return str(_("Only an election fills this post. %(rule)s", rule=verdict_text(refusal.verdict)))
    if isinstance(refusal, NoSeatLeft):
        return str(
            _(
                "No seat is left: %(taken)s of %(seats)s are taken in this time. End a term first.",
                taken=refusal.taken,
                seats=refusal.seats,
            )
        )
    if isinstance(refusal, AlreadyDone):
        return str(_("This person holds the post already in this time."))
    reasons: dict[str, str] = {
        "ends_before_it_begins": _("The last day is before the first."),
        "has_left": _("This person has moved away."),
        "no_reason": _("Enter the reason; it is shown in the public register."),
        "outside_term": _("Choose a day within the term."),
        "before_founding": _("The body did not exist yet on this day."),
        "no_seats": _("A post has at least one seat."),
    }
    return reasons[refusal.reason if isinstance(refusal, Invalid) else ""]


def _pair_text(refusal: PairForbidden) -> str:
    conflict = refusal.conflict
    rule = verdict_text(refusal.verdict)
    if conflict.kinship is None:
        return str(_("This person is %(post)s. %(rule)s", post=conflict.holding.label, rule=rule))
    return str(
        _(
            "A near relative (%(kinship)s), %(name)s, is %(post)s. %(rule)s",
            kinship=kinship_name(conflict.kinship),
            name=conflict.holding.person_name,
            post=conflict.holding.label,
            rule=rule,
        )
    )
