"""What comes before a session, in words: ways of meeting, records, duties afterwards, answers, refusals."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from civicforum.meetings.forms_of_session import Afterwards, Heading
from civicforum.meetings.papers import PaperProblem
from civicforum.meetings.rules import Answer, Held, MeetingForm

HELD: dict[Held, Any] = {
    Held.ROOM: _l("In a room"),
    Held.SCREENS: _l("On screens, each from where they are"),
    Held.BOTH: _l("In a room and on screens"),
}
HEADINGS: dict[Heading, Any] = {
    Heading.BACKGROUND: _l("What the topic is"),
    Heading.STATEMENT: _l("The statement of whoever applies"),
    Heading.QUESTIONS: _l("Questions and answers"),
    Heading.OPINIONS: _l("Opinions of each side"),
    Heading.HEARING_REPORT: _l("Report of the hearing"),
    Heading.AGREED: _l("Points agreed"),
    Heading.NOT_AGREED: _l("Points not agreed"),
    Heading.PARTIES: _l("The parties"),
    Heading.CLAIMS: _l("What each party asks for"),
    Heading.OBJECT: _l("Who or what is appraised"),
    Heading.SELF_REPORT: _l("Own report of whoever is appraised"),
    Heading.MARKS: _l("Marks given"),
    Heading.CORRECTIONS: _l("What has to be put right"),
    Heading.LAST_TIME: _l("What became of the last session's points"),
    Heading.TOPICS: _l("Topics of the units"),
    Heading.TASKS: _l("Who does what until when"),
    Heading.QUORUM: _l("Members, present, quorum"),
    Heading.VOTES: _l("Votes, each with its sum"),
    Heading.WISHES: _l("Wishes and worries of residents"),
    Heading.ANSWERS: _l("Answers given, and what is answered later"),
}
AFTERWARDS: dict[Afterwards, Any] = {
    Afterwards.CARRY_OUT: _l("What was agreed is carried out promptly, and each point gets an owner."),
    Afterwards.PUT_TO_ASSEMBLY: _l("What needs a decision of all is put to the assembly."),
    Afterwards.PUBLISH: _l("What happened is published."),
    Afterwards.REPORT_BACK: _l("Whoever spoke hears what became of it."),
}
ANSWERS: dict[Answer, Any] = {
    Answer.COMING: _l("Will come"),
    Answer.NOT_COMING: _l("Will not come"),
}
PAPER_REFUSALS: dict[str, Any] = {
    PaperProblem.EMPTY: _l("The file is empty."),
    PaperProblem.TOO_LARGE: _l("The file is too large: a PDF may have at most 500 KB."),
    PaperProblem.WRONG_TYPE: _l("Choose a PDF file or a picture."),
    "text_or_file": _l("Write the paper here or choose a file: one of the two."),
    "author": _l("Write who gives this opinion."),
    "too_many": _l("This item has as many papers as it can have: 20."),
    "identity": _l("Take out the identity number: papers are public, names are enough."),
}
PROCEDURE_REFUSALS: dict[str, Any] = {
    "in_the_past": _l("A version can be in force from today on: earlier sessions followed the older one."),
    "not_adopted": _l("Write which assembly or session adopted it."),
}
TURN_REFUSALS: dict[str, Any] = {
    "no_units": _l("Write at least one unit."),
    "overlap": _l("The first turn has to start after the last one in the table ends."),
    "reason": _l("Give the reason."),
}
# What can be demanded.
DEMANDS: dict[MeetingForm, Any] = {
    MeetingForm.RESIDENTS_ASSEMBLY: _l("A residents' assembly"),
    MeetingForm.REPRESENTATIVE_ASSEMBLY: _l("A representative assembly"),
    MeetingForm.APPRAISAL: _l("An appraisal of people who serve the community"),
}
DEMAND_REFUSALS: dict[str, Any] = {
    "form": _l("Choose what you demand."),
    "household": _l("Somebody has signed for your household already. You can sign for yourself."),
    "meeting": _l("Choose an assembly that was called after the demand, of the kind that was demanded."),
}
INVITATION_REFUSALS: dict[str, Any] = {
    "nobody": _l("Nobody holds a post in this body at present."),
    "class": _l("Choose for whom the guest speaks."),
}
