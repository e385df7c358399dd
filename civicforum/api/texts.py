"""What each kind of open data is called on the page about them."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

KINDS = {
    "matters": _l("Matters"),
    "comments": _l("Comments on matters"),
    "tasks": _l("Tasks that carry decisions out"),
    "findings": _l("Findings of the supervision committee"),
    "queries": _l("Queries about matters, with their answers"),
    "meetings": _l("Meetings, with agenda, attendance and minutes"),
    "polls": _l("Votes, with turnout, figures and arithmetic"),
    "elections": _l("Elections, with candidates and those elected"),
    "appraisals": _l("Appraisals, with their certified sheets"),
    "notices": _l("Notices"),
    "notice-queries": _l("Queries about notices, with their answers"),
    "disclosure-items": _l("What has to be posted"),
    "disclosure-dues": _l("When it is due, and what is missing"),
    "bodies": _l("Bodies, posts and who holds them"),
    "departments": _l("Departments and firms, and whether they reply"),
    "service-ratings": _l("Monthly ratings of the service station"),
    "journal": _l("The public register, with its fingerprints"),
}
