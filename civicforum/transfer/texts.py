"""Leaving and being forgotten in words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from civicforum.transfer.blocking import BlockedBy
from civicforum.transfer.rules import ExportState, RequestState

# Where rows about a person are, by the feature that keeps them.
PLACES: dict[str, LazyString] = {
    "people": _l("Register of residents"),
    "accounts": _l("Sign-in and devices"),
    "inbox": _l("Messages and addresses"),
    "bodies": _l("Posts held"),
    "matters": _l("Matters, comments and signatures"),
    "meetings": _l("Meetings"),
    "polls": _l("Votes"),
    "elections": _l("Elections and recalls"),
    "appraisals": _l("Appraisals"),
    "reserve": _l("The reserve list"),
    "notices": _l("Notices, queries and complaints"),
    "departments": _l("Opinions on departments"),
    "drafts": _l("Comments on drafts"),
    "statements": _l("Conversations"),
    "records": _l("Journal and pictures"),
    "moderation": _l("Reports of texts, and hidden texts"),
    "supervision": _l("The supervision committee's work"),
    "transfer": _l("Requests about personal data"),
}
_ARCHIVE = _l(
    "It belongs to the archive of the committees (Organic Law, article 39). It stays without the name."
)
KEPT_BECAUSE: dict[str, LazyString] = {
    "people": _l("The number in the register stays, so that other rows have something to refer to."),
    "bodies": _l("Who held a post, and when, belongs to the record of elections and appointments."),
    "matters": _l("Others decided about it and carried it out (article 39). It stays without the name."),
    "meetings": _l("Minutes belong to the archive (article 39), and their words are signed."),
    "polls": _l("The place on the roll and the result stay (article 39); the name on the roll does not."),
    "elections": _l("Election records are kept (article 39); what was posted by law is not taken back."),
    "appraisals": _l(
        "A certified result is posted by law (article 37) and is never changed, the name in it too."
    ),
    "records": _l("The journal is a chain: entries stay, and the name is taken out where an entry says so."),
    "transfer": _l("That the request was made and what was done is kept as proof."),
}
KEPT_ANYHOW = _ARCHIVE
STATES: dict[RequestState, LazyString] = {
    RequestState.ASKED: _l("Waits for a decision"),
    RequestState.DONE: _l("Deleted"),
    RequestState.REFUSED: _l("Refused"),
    RequestState.WITHDRAWN: _l("Taken back"),
}
EXPORTS: dict[ExportState, LazyString] = {
    ExportState.WAITING: _l("Waits for its turn"),
    ExportState.RUNNING: _l("Is being written"),
    ExportState.READY: _l("Ready"),
    ExportState.FAILED: _l("Failed"),
    ExportState.GONE: _l("Deleted after a day"),
}
BLOCKS: dict[BlockedBy, LazyString] = {
    BlockedBy.POST: _l("A post is held"),
    BlockedBy.POLL: _l("A vote is not over"),
    BlockedBy.OBJECTION: _l("An objection has no answer"),
    BlockedBy.ELECTION: _l("An election is not over"),
    BlockedBy.RECALL: _l("A recall is not over"),
}
