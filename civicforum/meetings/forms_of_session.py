"""The eight forms of session as templates: who is asked, what the record holds, and what follows.

DOMAIN.md part C: 1 (duty), 4 and 5 (who), 6 (joint meetings), rows 1-03 and 1-20 of part A. Where no source
fixes it, as with the seats of a hearing, the table is the platform's default and only warns.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from civicforum.meetings.rules import ASSEMBLIES, MeetingForm, ParticipantClass


class Heading(StrEnum):
    """What the record of a session has to have a passage on."""

    BACKGROUND = "background"
    STATEMENT = "statement"
    QUESTIONS = "questions"
    OPINIONS = "opinions"
    HEARING_REPORT = "hearing_report"
    AGREED = "agreed"
    NOT_AGREED = "not_agreed"
    PARTIES = "parties"
    CLAIMS = "claims"
    OBJECT = "object"
    SELF_REPORT = "self_report"
    MARKS = "marks"
    CORRECTIONS = "corrections"
    LAST_TIME = "last_time"
    TOPICS = "topics"
    TASKS = "tasks"
    QUORUM = "quorum"
    VOTES = "votes"
    WISHES = "wishes"
    ANSWERS = "answers"


class Afterwards(StrEnum):
    """What the committee owes after a session (arts 32 and 34)."""

    CARRY_OUT = "carry_out"
    PUT_TO_ASSEMBLY = "put_to_assembly"
    PUBLISH = "publish"
    REPORT_BACK = "report_back"


@dataclass(frozen=True)
class Opening:
    """An item that the agenda of such a session begins with. It is posted, so it is Chinese."""

    title: str
    minutes: int


@dataclass(frozen=True)
class Template:
    """One form of session.

    Of each group in `required` at least one class has to be invited; `suggested` are asked where the topic
    touches them. `publication_rule`: what says that its circumstances are published.
    """

    required: tuple[frozenset[ParticipantClass], ...]
    suggested: tuple[ParticipantClass, ...]
    record: tuple[Heading, ...]
    afterwards: tuple[Afterwards, ...]
    openings: tuple[Opening, ...] = ()
    publication_rule: str = ""


_C, _H, _A = ParticipantClass, Heading, Afterwards
_PUBLISHED = "council.publication"


def _any(*classes: ParticipantClass) -> frozenset[ParticipantClass]:
    return frozenset(classes)


TEMPLATES: dict[MeetingForm, Template] = {
    MeetingForm.COUNCIL: Template(
        required=(_any(_C.COMMITTEE), _any(_C.RESIDENT, _C.REPRESENTATIVE)),
        suggested=(_C.PARTY, _C.OWNERS, _C.PROPERTY_FIRM, _C.SOCIAL_ORGANISATION),
        record=(_H.BACKGROUND, _H.OPINIONS, _H.AGREED, _H.NOT_AGREED),
        afterwards=(_A.CARRY_OUT, _A.PUT_TO_ASSEMBLY),
    ),
    MeetingForm.HEARING: Template(
        required=(_any(_C.COMMITTEE), _any(_C.REPRESENTATIVE), _any(_C.RESIDENT)),
        suggested=(_C.STATIONED_UNIT, _C.GOVERNMENT, _C.EXPERT, _C.SUPERVISION),
        record=(_H.STATEMENT, _H.QUESTIONS, _H.OPINIONS, _H.HEARING_REPORT),
        afterwards=(_A.PUBLISH, _A.PUT_TO_ASSEMBLY),
        publication_rule=_PUBLISHED,
    ),
    MeetingForm.OPEN_TALK: Template(
        required=(_any(_C.COMMITTEE), _any(_C.RESIDENT, _C.REPRESENTATIVE)),
        suggested=(_C.PARTY, _C.STATION, _C.SOCIAL_ORGANISATION),
        record=(_H.BACKGROUND, _H.WISHES, _H.ANSWERS),
        afterwards=(_A.REPORT_BACK,),
    ),
    MeetingForm.COORDINATION: Template(
        required=(
            _any(_C.COMMITTEE, _C.STATION),
            _any(_C.RESIDENT, _C.REPRESENTATIVE, _C.OWNERS),
        ),
        suggested=(_C.PROPERTY_FIRM, _C.STATIONED_UNIT, _C.GOVERNMENT, _C.EXPERT),
        record=(_H.PARTIES, _H.CLAIMS, _H.AGREED, _H.NOT_AGREED),
        afterwards=(_A.CARRY_OUT, _A.PUBLISH),
        publication_rule=_PUBLISHED,
    ),
    MeetingForm.APPRAISAL: Template(
        required=(
            _any(_C.RESIDENT, _C.REPRESENTATIVE),
            _any(_C.STATION, _C.GOVERNMENT, _C.PROPERTY_FIRM, _C.SOCIAL_ORGANISATION, _C.COMMITTEE),
        ),
        suggested=(_C.SUPERVISION, _C.STATIONED_UNIT),
        record=(_H.OBJECT, _H.SELF_REPORT, _H.QUESTIONS, _H.MARKS, _H.OPINIONS, _H.CORRECTIONS),
        afterwards=(_A.PUBLISH, _A.REPORT_BACK),
        publication_rule=_PUBLISHED,
    ),
    MeetingForm.JOINT: Template(
        required=(_any(_C.COMMITTEE), _any(_C.STATIONED_UNIT)),
        suggested=(_C.PARTY, _C.OWNERS, _C.PROPERTY_FIRM, _C.SOCIAL_ORGANISATION, _C.REPRESENTATIVE),
        record=(_H.LAST_TIME, _H.TOPICS, _H.AGREED, _H.TASKS),
        afterwards=(_A.CARRY_OUT,),
        openings=(Opening("上次联席会议议定事项的落实情况", 10),),
    ),
    MeetingForm.RESIDENTS_ASSEMBLY: Template(
        required=(),
        suggested=(_C.PARTY, _C.SUPERVISION, _C.GOVERNMENT),
        record=(_H.QUORUM, _H.BACKGROUND, _H.OPINIONS, _H.VOTES),
        afterwards=(_A.CARRY_OUT, _A.PUBLISH),
    ),
    MeetingForm.REPRESENTATIVE_ASSEMBLY: Template(
        required=(),
        suggested=(_C.PARTY, _C.SUPERVISION, _C.GOVERNMENT),
        record=(_H.QUORUM, _H.BACKGROUND, _H.OPINIONS, _H.VOTES),
        afterwards=(_A.CARRY_OUT, _A.PUBLISH),
        openings=(Opening("上次居民代表会议决定事项的落实情况", 10),),
    ),
}


@dataclass(frozen=True)
class Balance:
    """Who is asked to the table, by class.

    Attributes:
        counts: how many of each class, the largest first; who sits in is not counted.
        missing: groups of classes of which nobody is asked.
        majority: the class that alone is more than half of all; None where none is, or where the law has
            the members by the number, as in assemblies.
    """

    counts: dict[ParticipantClass, int]
    missing: tuple[frozenset[ParticipantClass], ...]
    majority: ParticipantClass | None

    @property
    def total(self) -> int:
        """Return how many are asked to the table."""
        return sum(self.counts.values())

    @property
    def largest(self) -> int:
        """Return how many the largest class has: the full width of a bar."""
        return max(self.counts.values(), default=0)


def judge_balance(form: MeetingForm, counts: dict[ParticipantClass, int]) -> Balance:
    """Judge who is asked against what the form wants (DOMAIN.md part C, row 4, and row 1-03)."""
    there = {kind: number for kind, number in counts.items() if number}
    order = list(ParticipantClass)
    ranked = dict(sorted(there.items(), key=lambda line: (-line[1], order.index(line[0]))))
    total = sum(ranked.values())
    over_half = [kind for kind, number in ranked.items() if 2 * number > total and total > 1]
    return Balance(
        counts=ranked,
        missing=tuple(group for group in TEMPLATES[form].required if not group & ranked.keys()),
        majority=over_half[0] if over_half and form not in ASSEMBLIES else None,
    )
