"""Words for roles and capacities."""

from __future__ import annotations

from flask_babel import gettext as _

from civicforum.accounts.second_factor_rules import Factor
from civicforum.bodies.rules import Role
from civicforum.people.rules import CapacityKind


def role_name(role: str) -> str:
    names: dict[str, str] = {
        Role.RESIDENT: _("Resident"),
        Role.REPRESENTATIVE: _("Residents' representative"),
        Role.PARTY: _("Community party committee"),
        Role.COMMITTEE: _("Residents' committee"),
        Role.ELECTION_OFFICER: _("Election committee"),
        Role.SUPERVISOR: _("Supervision committee"),
        Role.STATION_HEAD: _("Head of the service station"),
        Role.CLERK: _("Clerk at the service counter"),
        Role.ADMIN: _("Administrator"),
    }
    return names[role]


def role_powers(role: str) -> str:
    """Return in one sentence what the role lets somebody do."""
    powers: dict[str, str] = {
        Role.RESIDENT: _("Raise and second matters, ask, and grade what was done."),
        Role.REPRESENTATIVE: _(
            "Deliberate, vote in the assembly, and demand a decision on what was declined."
        ),
        Role.PARTY: _("Study matters under review on behalf of the party organisation."),
        Role.COMMITTEE: _("Decide on matters under review, answer them, and have decisions carried out."),
        Role.ELECTION_OFFICER: _("Prepare and run ballots."),
        Role.SUPERVISOR: _("File findings that nobody else can change."),
        Role.STATION_HEAD: _("Report on the tasks of the service station."),
        Role.CLERK: _("Help people at the service counter, and act for them when they ask for it."),
        Role.ADMIN: _("Keep residents, bodies and accounts in order."),
    }
    return powers[role]


def factor_name(factor: str) -> str:
    names: dict[str, str] = {
        Factor.APP: _("app"),
        Factor.PASSKEY: _("passkey"),
        Factor.RECOVERY: _("recovery code"),
    }
    return names[factor]


def capacity_name(kind: str) -> str:
    names: dict[str, str] = {
        CapacityKind.HUKOU: _("registered here"),
        CapacityKind.USUAL_RESIDENCE: _("living here"),
        CapacityKind.COMMUNITY_WORKER: _("working for the community"),
        CapacityKind.OWNER: _("owner of a home here"),
        CapacityKind.PARTY_MEMBER: _("party member"),
        CapacityKind.COLLECTIVE_MEMBER: _("member of the collective"),
    }
    return names[kind]
