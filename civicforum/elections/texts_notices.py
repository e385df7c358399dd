"""Notices of an election in words: kinds, what is missing, what is asked, the papers of the archive."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civicforum.elections.errors import StaffBarred
from civicforum.elections.notices import Missing
from civicforum.elections.queries.notices.archive import Paper
from civicforum.elections.recalls import RecallNoticeKind
from civicforum.elections.rules import NoticeKind
from civicforum.lawbook.texts import verdict_text

KINDS: dict[NoticeKind, Any] = {
    NoticeKind.ELECTION_DAY: _l("Election day and way of electing"),
    NoticeKind.COMMITTEE: _l("Who sits on the election committee"),
    NoticeKind.REGISTRATION: _l("Registration of those who take part"),
    NoticeKind.ROLL: _l("The roll"),
    NoticeKind.RULINGS: _l("Rulings on objections to the roll"),
    NoticeKind.NOMINATION: _l("Nomination of candidates"),
    NoticeKind.PRELIMINARY_LIST: _l("Preliminary list of candidates"),
    NoticeKind.FORMAL_LIST: _l("Formal list of candidates"),
    NoticeKind.MEETING: _l("Meeting the candidates"),
    NoticeKind.POLLING: _l("When, where and how to vote"),
    NoticeKind.STAFF: _l("Staff of the poll"),
    NoticeKind.ROVING_BOXES: _l("Roving boxes"),
    NoticeKind.PROXIES: _l("List of proxies"),
    NoticeKind.INVALID_PAPERS: _l("Which papers are valid"),
    NoticeKind.RESULT: _l("Result of the election"),
    NoticeKind.FURTHER_ROUND: _l("Another round of voting"),
    NoticeKind.VOID: _l("The vote is void"),
    NoticeKind.HANDOVER: _l("Handover completed"),
}
RECALL_KINDS: dict[RecallNoticeKind, Any] = {
    RecallNoticeKind.DEMAND: _l("A recall is demanded"),
    RecallNoticeKind.VOTE: _l("The vote on a recall"),
    RecallNoticeKind.RESULT: _l("Result of the vote on a recall"),
}
# What is said of it, and what the link to mend it says.
LACKS: dict[Missing, tuple[Any, Any]] = {
    Missing.COMMITTEE: (_l("The election committee is not formed yet."), _l("Form the election committee")),
    Missing.ROLL: (_l("The roll is not posted yet."), _l("Make and post the roll")),
    Missing.RULINGS: (_l("Some objections to the roll are not ruled on yet."), _l("Rule on the objections")),
    Missing.NOMINEES: (
        _l("Some posts have no preliminary candidate yet."),
        _l("Decide on the nominations"),
    ),
    Missing.FORMAL_LIST: (
        _l("There are not more formal candidates than seats for every post yet."),
        _l("Make the formal list"),
    ),
    Missing.STATIONS: (_l("No polling station is entered yet."), _l("Enter the stations")),
    Missing.SUPERVISORS: (
        _l("Some boxes have too few supervisors."),
        _l("Name the supervisors of the boxes"),
    ),
    Missing.PROXIES_RUN: (
        _l("Proxies can still be given until the last day for them."),
        _l("See the proxies"),
    ),
    Missing.PAPER: (_l("The ballot paper of this round is not made yet."), _l("Make the ballot paper")),
    Missing.COUNT: (
        _l("The result of this round is not counted and taken over yet."),
        _l("See the rounds of voting"),
    ),
    Missing.HANDOVER: (_l("Not everything is handed over yet."), _l("See the handover list")),
}
# Label and hint of what the officer types into a notice.
ASKS: dict[str, tuple[Any, Any]] = {
    "office": (_l("Where should people go?"), _l("For example: the service hall on the ground floor")),
    "office_hours": (_l("At what hours?"), _l("For example 9:00至11:30，14:30至17:30")),
    "phone": (_l("Telephone of the office (optional)"), _l("Of the office, never of a resident.")),
    "meeting_hour": (_l("At what hour does the meeting begin?"), _l("For example 19:00")),
    "meeting_place": (_l("Where is the meeting?"), ""),
    "callers": (_l("Who calls the votes?"), _l("Names, with a comma or a space between them.")),
    "counters": (_l("Who keeps the tally?"), _l("Names, with a comma or a space between them.")),
    "approval": (_l("Who approved the roving boxes?"), _l("For example: the subdistrict office")),
    "users": (
        _l("Who votes at the roving boxes?"),
        _l("Names, with a comma or a space between them, or one a line. No addresses and no reasons."),
    ),
}
REFUSALS: dict[str, Any] = {
    "missing": _l("Fill this in: the notice says it."),
    "identity_number": _l("This looks like an identity number. A notice names people, and nothing more."),
}
# The papers of the archive, and what is said where one is missing.
PAPERS: dict[Paper, tuple[Any, Any]] = {
    Paper.NOTICE: (_l("Official notices"), _l("not issued")),
    Paper.ROLL: (_l("Electoral roll as posted"), _l("not posted")),
    Paper.NOMINATIONS: (_l("Nomination papers, each decided on"), _l("none, or not all decided on")),
    Paper.CHECKS: (
        _l("Checks of the candidates against the four grounds of disqualification"),
        _l("not all answered"),
    ),
    Paper.SIGN_OFF: (_l("Count of each box, signed by two people"), _l("not signed")),
    Paper.RESULT: (_l("Certified result sheets"), _l("not certified")),
    Paper.FILING: (_l("Filing of the result with the subdistrict"), _l("not filed")),
    Paper.CERTIFICATE: (_l("Certificates of election"), _l("not issued")),
    Paper.HANDOVER: (_l("Handover list"), _l("not all handed over")),
}


def barred_text(refusal: StaffBarred) -> str:
    """Return who cannot serve on polling day, by which rule, and what to do."""
    rule = verdict_text(refusal.conflict.verdict)
    if refusal.conflict.relative_id is None:
        return str(
            _("%(name)s is a candidate, or has the name of one. %(rule)s", name=refusal.name, rule=rule)
        )
    return str(_("%(name)s is a near relative of a candidate. %(rule)s", name=refusal.name, rule=rule))
