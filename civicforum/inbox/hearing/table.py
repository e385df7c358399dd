"""Which acts are told to whom, and in which words. Written in English here, told in Chinese."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.inbox.hearing import audiences as who
from civicforum.inbox.rules_told import Topic
from civicforum.polls.models import Poll
from civicforum.records.models import JournalEntry

Deadline = Callable[[Session, JournalEntry], datetime | None]


@dataclass(frozen=True)
class Heard:
    """Who is told of an act, as what, and how.

    `title` and `text` may name the subject as %(title)s; `shows_reason`: the reason given follows the text.
    `once`: of one subject each person is told once, however often the act is repeated.
    """

    topic: Topic
    audience: who.Audience
    title: LazyString
    text: LazyString | None = None
    shows_reason: bool = False
    once: bool = False
    deadline: Deadline | None = None


def _closes_at(session: Session, entry: JournalEntry) -> datetime | None:
    return session.scalar(select(Poll.closes_at).where(Poll.id == entry.subject_id))


def _about_matter(
    to_author: LazyString, to_seconders: LazyString, *, shows_reason: bool = False
) -> tuple[Heard, ...]:
    """Return what the author is told, as a decision about oneself, and what seconders are told."""
    return (
        Heard(Topic.ABOUT_ME, who.author_of_matter, to_author, shows_reason=shows_reason),
        Heard(Topic.MATTERS, who.seconders_of_matter, to_seconders, shows_reason=shows_reason),
    )


MATTERS: dict[str, tuple[Heard, ...]] = {
    "matter.accept": _about_matter(
        _l("Your matter was accepted: %(title)s"),
        _l("A matter you seconded was accepted: %(title)s"),
        shows_reason=True,
    ),
    "matter.return": _about_matter(
        _l("Your matter was returned to be revised: %(title)s"),
        _l("A matter you seconded was returned to its author: %(title)s"),
        shows_reason=True,
    ),
    "matter.decline": _about_matter(
        _l("Your matter was declined: %(title)s"),
        _l("A matter you seconded was declined: %(title)s"),
        shows_reason=True,
    ),
    "matter.answer_directly": _about_matter(
        _l("Your matter was answered: %(title)s"),
        _l("A matter you seconded was answered: %(title)s"),
        shows_reason=True,
    ),
    "matter.adopt": _about_matter(
        _l("The assembly adopted your matter: %(title)s"),
        _l("The assembly adopted a matter you seconded: %(title)s"),
    ),
    "matter.reject": _about_matter(
        _l("The assembly did not adopt your matter: %(title)s"),
        _l("The assembly did not adopt a matter you seconded: %(title)s"),
    ),
    "matter.drop": _about_matter(
        _l("The deliberation dropped your matter: %(title)s"),
        _l("The deliberation dropped a matter you seconded: %(title)s"),
        shows_reason=True,
    ),
    "matter.plan_meeting": (
        Heard(
            Topic.MATTERS,
            who.author_and_seconders,
            _l("A meeting will talk about: %(title)s"),
            _l("The matter's page says when and where. You may come and listen."),
        ),
    ),
    "matter.report_done": (
        Heard(
            Topic.MATTERS,
            who.author_and_seconders,
            _l("It is done; please grade how it turned out: %(title)s"),
            once=True,
        ),
    ),
    "matter.close": (
        Heard(
            Topic.MATTERS, who.author_and_seconders, _l("The matter is closed: %(title)s"), shows_reason=True
        ),
    ),
    "matter.answer": (
        Heard(Topic.QUESTIONS, who.author_of_query, _l("Your question was answered: %(title)s")),
    ),
}


def _about_meeting(
    assembly: LazyString, session: LazyString, text: LazyString | None = None, *, shows_reason: bool = False
) -> tuple[Heard, ...]:
    """Return what members of an assembly are told by law, and members and guests of another session."""
    return (
        Heard(Topic.ASSEMBLIES, who.called_to_assembly, assembly, text, shows_reason),
        Heard(Topic.MEETINGS, who.members_of_session, session, text, shows_reason),
    )


MEETINGS: dict[str, tuple[Heard, ...]] = {
    "meeting.plan": _about_meeting(
        _l("An assembly is called: %(title)s"),
        _l("A meeting is called: %(title)s"),
        _l("Day, place and agenda stand on its page."),
    ),
    "meeting.invite": (
        Heard(
            Topic.MEETINGS,
            who.invited,
            _l("You are invited: %(title)s"),
            _l("Please say on its page whether you come."),
            once=True,
        ),
    ),
    "meeting.change": _about_meeting(
        _l("The plan of a meeting has changed: %(title)s"),
        _l("The plan of a meeting has changed: %(title)s"),
        shows_reason=True,
    ),
    "meeting.cancel": _about_meeting(
        _l("A meeting is cancelled: %(title)s"),
        _l("A meeting is cancelled: %(title)s"),
        shows_reason=True,
    ),
}
DRAFTS: dict[str, tuple[Heard, ...]] = {
    "draft.put_out": (
        Heard(Topic.DRAFTS, who.everybody, _l("Say what you think of a draft: %(title)s"), shows_reason=True),
    ),
    "draft.close": (
        Heard(
            Topic.DRAFTS,
            who.commenters_on_draft,
            _l("What became of the draft you commented on: %(title)s"),
            _l("Every comment has its answer on the page."),
        ),
    ),
}
VOTES: dict[str, tuple[Heard, ...]] = {
    "poll.post_roll": (
        Heard(
            Topic.VOTES,
            who.roll,
            _l("The roll of voters is posted: %(title)s"),
            _l("Check whether you are on it; whoever finds a mistake may object."),
        ),
    ),
    "poll.open": (
        Heard(
            Topic.VOTES,
            who.roll,
            _l("You can vote now: %(title)s"),
            _l("The page says until when, and how to vote on paper."),
            deadline=_closes_at,
        ),
    ),
    "poll.extend": (
        Heard(
            Topic.VOTES,
            who.roll,
            _l("The vote lasts longer: %(title)s"),
            shows_reason=True,
            deadline=_closes_at,
        ),
    ),
    "poll.certify": (Heard(Topic.VOTES, who.roll, _l("The result is certified: %(title)s")),),
    "poll.void": (
        Heard(Topic.VOTES, who.roll, _l("The vote was declared void: %(title)s"), shows_reason=True),
    ),
    "poll.rule_on_objection": (
        Heard(
            Topic.ABOUT_ME,
            who.objectors_to_roll,
            _l("Your objection to the roll was ruled on: %(title)s"),
            shows_reason=True,
        ),
    ),
    "poll.answer_objection": (
        Heard(
            Topic.ABOUT_ME, who.objector_to_result, _l("Your objection to the result was answered: %(title)s")
        ),
    ),
    "poll.ask_proxy": (
        Heard(Topic.ABOUT_ME, who.asked_as_proxy, _l("A neighbour asks you to vote for them: %(title)s")),
    ),
    "poll.accept_proxy": (
        Heard(Topic.ABOUT_ME, who.asked_for_proxy, _l("Your proxy agreed to vote for you: %(title)s")),
    ),
    "poll.decline_proxy": (
        Heard(Topic.ABOUT_ME, who.asked_for_proxy, _l("Whom you asked to be your proxy declined: %(title)s")),
    ),
}
ELECTIONS: dict[str, tuple[Heard, ...]] = {
    "election.issue_notice": (
        Heard(Topic.ELECTIONS, who.everybody, _l("There is an official notice of the election: %(title)s")),
    ),
    "election.post_roll": (
        Heard(
            Topic.VOTES,
            who.everybody,
            _l("The roll of the election is posted: %(title)s"),
            _l("Check whether you are on it; whoever finds a mistake may object."),
            once=True,
        ),
    ),
    "election.post_formal_list": (
        Heard(Topic.VOTES, who.everybody, _l("The candidates are posted: %(title)s")),
    ),
    "election.announce": (
        Heard(Topic.VOTES, who.everybody, _l("The result of the election is announced: %(title)s")),
    ),
    "election.decide_registration": (
        Heard(
            Topic.ABOUT_ME,
            who.registered,
            _l("Your application to take part in the election was decided: %(title)s"),
        ),
    ),
}
APPRAISALS: dict[str, tuple[Heard, ...]] = {
    "appraisal.post": (
        Heard(
            Topic.ABOUT_ME,
            who.graded,
            _l("You will be graded: the plan of the appraisal is posted: %(title)s"),
        ),
        Heard(Topic.APPRAISALS, who.not_graded, _l("The plan of an appraisal is posted: %(title)s")),
    ),
    "appraisal.post_result": (
        Heard(Topic.ABOUT_ME, who.graded, _l("Your result is posted: %(title)s")),
        Heard(Topic.APPRAISALS, who.not_graded, _l("The result of an appraisal is posted: %(title)s")),
    ),
    "appraisal.answer_objection": (
        Heard(
            Topic.ABOUT_ME,
            who.objector_to_appraisal,
            _l("Your objection to the appraisal was answered: %(title)s"),
        ),
    ),
}
_POSTED = (Heard(Topic.NOTICES, who.everybody_about_notice, _l("A notice is posted: %(title)s")),)
NOTICES: dict[str, tuple[Heard, ...]] = {
    "notice.publish": _POSTED,
    "notice.post": _POSTED,
    "notice.repost": _POSTED,
    "notice.answer_query": (
        Heard(
            Topic.QUESTIONS,
            who.author_of_notice_query,
            _l("Your question about a notice was answered: %(title)s"),
        ),
    ),
    "complaint.hand_over": (
        Heard(
            Topic.ABOUT_ME, who.author_of_complaint, _l("Your complaint was handed to the office: %(title)s")
        ),
    ),
    "complaint.answer": (
        Heard(Topic.ABOUT_ME, who.author_of_complaint, _l("The office answered your complaint: %(title)s")),
    ),
}
HEARD = {**MATTERS, **MEETINGS, **DRAFTS, **VOTES, **ELECTIONS, **APPRAISALS, **NOTICES}
