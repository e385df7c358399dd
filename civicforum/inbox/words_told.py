"""Topics and channels in words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from civicforum.inbox.rules_told import Channel, Digest, Topic

TOPICS: dict[Topic, tuple[LazyString, LazyString]] = {
    Topic.VOTES: (
        _l("Votes and elections in which I may vote"),
        _l("Rolls posted, voting opened and extended, candidates, results"),
    ),
    Topic.ASSEMBLIES: (_l("Assemblies"), _l("That one is called, changed or cancelled")),
    Topic.ABOUT_ME: (
        _l("Decisions about myself"),
        _l("What I raised, said or objected to, my registration, my appraisal"),
    ),
    Topic.MATTERS: (_l("Matters I raised or seconded"), _l("What becomes of them")),
    Topic.QUESTIONS: (_l("Answers to my questions"), _l("As soon as somebody answers")),
    Topic.MEETINGS: (_l("Meetings I belong to"), _l("Sessions of my bodies, and invitations")),
    Topic.DRAFTS: (_l("Drafts out for comment"), _l("And what became of those I commented on")),
    Topic.ELECTIONS: (_l("How an election goes on"), _l("Official notices")),
    Topic.APPRAISALS: (_l("Appraisals of officers and stations"), _l("Plans and results")),
    Topic.NOTICES: (_l("New on the notice board"), _l("Each posted notice")),
    Topic.REMINDERS: (_l("Reminders"), _l("What needs me and is due within two days; once a day at most")),
}
CHANNELS: dict[Channel, LazyString] = {
    Channel.APP: _l("On this site"),
    Channel.EMAIL: _l("E-mail"),
    Channel.SMS: _l("Text message"),
    Channel.WECHAT: _l("WeChat Work"),
}
DIGESTS: dict[Digest, LazyString] = {
    Digest.AT_ONCE: _l("At once"),
    Digest.DAILY: _l("Once a day, at eight in the morning"),
    Digest.WEEKLY: _l("Once a week, on Monday at eight in the morning"),
}
# What came of a message, for whoever looks after the outbox; other reasons are codes of servers.
FAULTS: dict[str, LazyString] = {
    "no words": _l("It could not be put into words; the log says why"),
    "header": _l("Its subject or address has signs that no mail may have"),
}
