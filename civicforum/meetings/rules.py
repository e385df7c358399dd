"""Forms of meeting, who takes part as what, and what an agenda item can come to."""

from __future__ import annotations

import uuid
from collections.abc import Set
from datetime import datetime
from enum import StrEnum

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import BodyKind, Role
from civicforum.errors import Invalid, NotEligible, RuleRefused, TransitionNotAllowed
from civicforum.matters.rules import Act, Stage
from civicforum.rulebook import Rulebook, Verdict
from civicforum.rulebook.days import day_of


class MeetingForm(StrEnum):
    """DOMAIN.md parts B37, B40 and C1."""

    COUNCIL = "council"
    HEARING = "hearing"
    OPEN_TALK = "open_talk"
    COORDINATION = "coordination"
    APPRAISAL = "appraisal"
    JOINT = "joint"
    RESIDENTS_ASSEMBLY = "residents_assembly"
    REPRESENTATIVE_ASSEMBLY = "representative_assembly"


ASSEMBLIES = frozenset({MeetingForm.RESIDENTS_ASSEMBLY, MeetingForm.REPRESENTATIVE_ASSEMBLY})
DELIBERATIONS = frozenset(MeetingForm) - ASSEMBLIES
# What may be demanded by signatures; a demanded appraisal is then held in one of the assemblies.
DEMANDED = ASSEMBLIES | {MeetingForm.APPRAISAL}
# Whose members make up the representative assembly: the committee and the representatives (art 28).
MEMBERS_OF_REPRESENTATIVE_ASSEMBLY = (BodyKind.REPRESENTATIVE_ASSEMBLY, BodyKind.RESIDENTS_COMMITTEE)


class MeetingState(StrEnum):
    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Held(StrEnum):
    """Where people take part: in a room, each at a screen, or both at once."""

    ROOM = "room"
    SCREENS = "screens"
    BOTH = "both"


class PresenceChannel(StrEnum):
    """How it is known that somebody is there: by own word, the room's code, a screen, or the clerk's tick."""

    SELF = "self"
    CODE = "code"
    SCREEN = "screen"
    CLERK = "clerk"


class Answer(StrEnum):
    """What somebody invited says."""

    COMING = "coming"
    NOT_COMING = "not_coming"


class Signer(StrEnum):
    CHAIR = "chair"
    CLERK = "clerk"


class FollowUpKind(StrEnum):
    TASK = "task"
    AGENDA = "agenda"


class Seat(StrEnum):
    """A member has a vote, a participant speaks, an observer sits in and may speak (art 28)."""

    MEMBER = "member"
    PARTICIPANT = "participant"
    OBSERVER = "observer"


class ParticipantClass(StrEnum):
    """Whose view somebody brings to a deliberation (DOMAIN.md part C, row 4)."""

    RESIDENT = "resident"
    REPRESENTATIVE = "representative"
    PARTY = "party"
    COMMITTEE = "committee"
    STATION = "station"
    OWNERS = "owners"
    PROPERTY_FIRM = "property_firm"
    STATIONED_UNIT = "stationed_unit"
    SOCIAL_ORGANISATION = "social_organisation"
    GOVERNMENT = "government"
    EXPERT = "expert"
    SUPERVISION = "supervision"


class Outcome(StrEnum):
    """What an agenda item came to; the last three are an assembly's."""

    AGREED = "agreed"
    AGREED_WITH_DISSENT = "agreed_with_dissent"
    TO_ASSEMBLY = "to_assembly"
    DROPPED = "dropped"
    CONTINUED = "continued"
    ADOPTED = "adopted"
    NOT_ADOPTED = "not_adopted"
    NO_QUORUM = "no_quorum"


_S = MeetingState
NEXT_STATES: dict[MeetingState, set[MeetingState]] = {
    _S.PLANNED: {_S.OPEN, _S.CANCELLED},
    _S.OPEN: {_S.CLOSED},
}


def move(state: MeetingState, to: MeetingState) -> MeetingState:
    """Return `to`, or raise TransitionNotAllowed when a meeting has no such step."""
    if to not in NEXT_STATES.get(state, set()):
        raise TransitionNotAllowed(state, to)
    return to


class PlanFault(StrEnum):
    """What is wrong with a plan whose form is filled in; the views have the words."""

    STARTS_IN_PAST = "starts_in_past"
    NO_AGENDA = "no_agenda"
    ITEM_WITHOUT_TITLE = "item_without_title"
    MATTER_TWICE = "matter_twice"
    MATTER_NOT_READY = "matter_not_ready"
    UNKNOWN_BODY = "unknown_body"
    UNKNOWN_CHAIR = "unknown_chair"
    CHAIR_IS_CLERK = "chair_is_clerk"
    ITEM_OUT_FOR_COMMENT = "item_out_for_comment"
    STUDY_IN_FUTURE = "study_in_future"
    STUDY_HALF_SAID = "study_half_said"


# How long before it meets a meeting is announced. Art 26 gives the residents' assembly its ten days.
NOTICE_RULE: dict[MeetingForm, str] = {
    MeetingForm.RESIDENTS_ASSEMBLY: "assembly.residents.notice",
    MeetingForm.REPRESENTATIVE_ASSEMBLY: "assembly.representatives.notice",
    MeetingForm.COUNCIL: "council.notice",
    MeetingForm.HEARING: "council.notice",
    MeetingForm.OPEN_TALK: "council.notice",
    MeetingForm.COORDINATION: "council.notice",
    MeetingForm.APPRAISAL: "council.notice",
    MeetingForm.JOINT: "council.joint_notice",
}
QUORUM_RULE: dict[MeetingForm, str] = {
    MeetingForm.RESIDENTS_ASSEMBLY: "assembly.residents.quorum",
    MeetingForm.REPRESENTATIVE_ASSEMBLY: "assembly.representatives.quorum",
}
MAJORITY_RULE: dict[MeetingForm, str] = {
    MeetingForm.RESIDENTS_ASSEMBLY: "assembly.residents.majority",
    MeetingForm.REPRESENTATIVE_ASSEMBLY: "assembly.representatives.majority",
}
BODY_OF_ASSEMBLY: dict[MeetingForm, BodyKind] = {
    MeetingForm.RESIDENTS_ASSEMBLY: BodyKind.RESIDENTS_ASSEMBLY,
    MeetingForm.REPRESENTATIVE_ASSEMBLY: BodyKind.REPRESENTATIVE_ASSEMBLY,
}

# What a deliberation can come to, and what each does to the matter; a continued item leaves it where it is.
OUTCOMES_OF_DELIBERATION = (
    Outcome.AGREED,
    Outcome.AGREED_WITH_DISSENT,
    Outcome.TO_ASSEMBLY,
    Outcome.CONTINUED,
    Outcome.DROPPED,
)
# A topic without a matter has the same: what goes to the assembly waits for its agenda as a follow-up.
OUTCOMES_OF_TOPIC = OUTCOMES_OF_DELIBERATION
ACT_OF_OUTCOME: dict[Outcome, Act] = {
    Outcome.AGREED: Act.AGREE,
    Outcome.AGREED_WITH_DISSENT: Act.AGREE,
    Outcome.TO_ASSEMBLY: Act.PUT_TO_ASSEMBLY,
    Outcome.DROPPED: Act.DROP,
}
# Outcomes whose text becomes the matter's: what was agreed, word for word.
SETS_RESOLUTION = frozenset({Outcome.AGREED, Outcome.AGREED_WITH_DISSENT, Outcome.TO_ASSEMBLY})

# Minutes that an item of an agenda may be given.
LENGTHS = (10, 20, 30, 45, 60, 90)
PLANNERS = (Role.COMMITTEE,)
RUNNERS = (Role.COMMITTEE, Role.CLERK)


def may_answer_demand(actor: Actor, form: MeetingForm) -> bool:
    """Tell whether somebody calls what was demanded: the committee, or who chairs appraisals (art 37)."""
    return actor.has(Role.SUPERVISOR) if form is MeetingForm.APPRAISAL else actor.has(*PLANNERS)


def answers_demand(form: MeetingForm, demanded: MeetingForm) -> bool:
    """Tell whether a meeting of this form is what was demanded."""
    return form in ASSEMBLIES if demanded is MeetingForm.APPRAISAL else form is demanded


def stage_for(form: MeetingForm) -> Stage:
    """Return the stage in which a matter can be on the agenda of such a meeting."""
    return Stage.TO_DECIDE if form in ASSEMBLIES else Stage.DELIBERATING


def may_run(actor: Actor, *, chair_id: uuid.UUID | None) -> bool:
    """Tell whether somebody opens, records and closes a meeting: the chair, the committee, or the clerk."""
    return actor.assisted_by is None and (actor.has(*RUNNERS) or actor.person_id == chair_id)


def may_conclude(actor: Actor, *, chair_id: uuid.UUID | None) -> bool:
    """Tell whether somebody says what a meeting came to, and puts the vote: the chair, or the committee."""
    return actor.assisted_by is None and (actor.has(*PLANNERS) or actor.person_id == chair_id)


def check_run(actor: Actor, *, chair_id: uuid.UUID | None) -> None:
    """Refuse whoever may not run the meeting, in step with may_run. Raises NotEligible."""
    if not may_run(actor, chair_id=chair_id):
        raise NotEligible(actor.person_id)


def check_conclude(actor: Actor, *, chair_id: uuid.UUID | None) -> None:
    """Refuse whoever may not conclude its items, in step with may_conclude. Raises NotEligible."""
    if not may_conclude(actor, chair_id=chair_id):
        raise NotEligible(actor.person_id)


def judge_notice(book: Rulebook, form: MeetingForm, *, posted_at: datetime, starts_at: datetime) -> Verdict:
    """Judge whether a meeting is announced long enough before it starts, by the notice rule of its form."""
    return book.clock(NOTICE_RULE[form]).judge(posted_at, starts_at)


def check_notice(
    book: Rulebook, form: MeetingForm, *, posted_at: datetime, starts_at: datetime, urgent_reason: str
) -> None:
    """Refuse a meeting announced too late, unless it is urgent and says why (art 26). Raises RuleRefused."""
    verdict = judge_notice(book, form, posted_at=posted_at, starts_at=starts_at)
    is_urgent = bool(urgent_reason) and book.switch("assembly.residents.urgent").on
    if not verdict.holds and not is_urgent:
        raise RuleRefused(verdict)


def judge_study(book: Rulebook, form: MeetingForm, *, text: str, is_studied: bool) -> Verdict:
    """Judge whether the party organisation has studied what an assembly is to vote on (art 30).

    `text`: what is put to the vote; a report, or a topic that is only talked about, has none. A matter has
    been studied before it gets here: its path has no other way.
    """
    rule = book.switch("assembly.party_study")
    is_asked = rule.on and form in ASSEMBLIES and bool(text)
    return Verdict(is_studied or not is_asked, "✓" if is_studied else "✗", rule)


def check_study(book: Rulebook, form: MeetingForm, *, text: str, is_studied: bool) -> None:
    """Refuse to put to an assembly what the party organisation has not studied. Raises RuleRefused."""
    verdict = judge_study(book, form, text=text, is_studied=is_studied)
    if not verdict.holds:
        raise RuleRefused(verdict)


def is_on_day(starts_at: datetime, now: datetime) -> bool:
    """Tell whether the day of a meeting has come. Not earlier, or its notice would be worth nothing."""
    return day_of(now) >= day_of(starts_at)


def judge_quorum(book: Rulebook, form: MeetingForm, *, present: int, due: int) -> Verdict:
    """Judge whether enough members are present (arts 27 and 29). `due`: all who belong to the assembly."""
    return book.threshold(QUORUM_RULE[form]).judge(present, {"members": due, "adults": due})


def judge_composition(book: Rulebook, *, representatives: int, members: int) -> Verdict:
    """Judge the share of representatives among the members of their assembly (art 28)."""
    rule = book.threshold("assembly.representatives.share_of_representatives")
    return rule.judge(representatives, {"members": members})


def class_of(kinds: Set[BodyKind]) -> ParticipantClass:
    """Return whose view a member of these bodies brings; who represents residents does so first of all."""
    return next((found for kind, found in _CLASS_OF_BODY.items() if kind in kinds), ParticipantClass.RESIDENT)


_CLASS_OF_BODY: dict[BodyKind, ParticipantClass] = {
    BodyKind.REPRESENTATIVE_ASSEMBLY: ParticipantClass.REPRESENTATIVE,
    BodyKind.RESIDENTS_COMMITTEE: ParticipantClass.COMMITTEE,
    BodyKind.PARTY_COMMITTEE: ParticipantClass.PARTY,
    BodyKind.SUPERVISION_COMMITTEE: ParticipantClass.SUPERVISION,
    BodyKind.SERVICE_STATION: ParticipantClass.STATION,
    BodyKind.OWNERS_COMMITTEE: ParticipantClass.OWNERS,
}


def check_outcome(outcome: Outcome, *, has_matter: bool, text: str, dissent: str) -> None:
    """Refuse an outcome that a deliberation cannot have, or one without its words. Raises Invalid."""
    if outcome not in (OUTCOMES_OF_DELIBERATION if has_matter else OUTCOMES_OF_TOPIC):
        raise Invalid("outcome", "outcome")
    if not text:
        raise Invalid("text", "text")
    if outcome is Outcome.AGREED_WITH_DISSENT and not dissent:
        raise Invalid("dissent", "dissent")


def outcome_without_vote(form: MeetingForm, *, has_text: bool, quorum: Verdict | None) -> Outcome:
    """Return what an item comes to when the meeting closes before anybody concluded it.

    `has_text`: there was something to vote on. `quorum` None: a deliberation, which has none.
    """
    if form in ASSEMBLIES and has_text and quorum is not None and not quorum.holds:
        return Outcome.NO_QUORUM
    return Outcome.CONTINUED
