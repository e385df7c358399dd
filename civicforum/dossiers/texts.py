"""Dossiers in words: their kinds, and what is left out of them and why."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from civicforum.dossiers.scopes import Kind

KINDS: dict[Kind, LazyString] = {
    Kind.MATTER: _l("Dossier of a matter"),
    Kind.MEETING: _l("Dossier of a meeting"),
    Kind.POLL: _l("Dossier of a vote"),
    Kind.ELECTION: _l("Dossier of an election"),
    Kind.APPRAISAL: _l("Dossier of an appraisal"),
    Kind.NOTICE: _l("Dossier of a notice"),
    Kind.DISCLOSURE_DUE: _l("Dossier of something that has to be posted"),
}


def left_out() -> list[str]:
    """Return what a dossier does not have, each with the article that says why (个人信息保护法)."""
    return [
        _(
            "Phone numbers, addresses, identity numbers, days of birth and households: a dossier has what "
            "the law posts, and no more (Personal Information Protection Law, article 6)."
        ),
        _(
            "Who voted how, who has voted, who graded, and who seconded or signed: nobody needs it to check "
            "a decision, and those concerned have not agreed that it is handed on (article 25)."
        ),
        _(
            "Who came to a meeting as a resident, where its page gives numbers only; and comments, which "
            "stand on the page of the matter (article 6)."
        ),
        _(
            "What candidates were asked about their eligibility, for an answer may tell of illness or "
            "offences (article 28)."
        ),
        _("Texts that are hidden or held back, reports sealed for an authority, and drafts."),
    ]
