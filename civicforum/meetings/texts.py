"""Meetings in words: names of forms, states, outcomes, seats and classes, in the language of the page."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from civicforum.meetings.rules import (
    MeetingForm,
    MeetingState,
    Outcome,
    ParticipantClass,
    PlanFault,
    Seat,
)

FORMS: dict[MeetingForm, Any] = {
    MeetingForm.COUNCIL: _l("Council session"),
    MeetingForm.HEARING: _l("Hearing"),
    MeetingForm.OPEN_TALK: _l("Open talk"),
    MeetingForm.COORDINATION: _l("Parties' meeting"),
    MeetingForm.APPRAISAL: _l("Appraisal meeting"),
    MeetingForm.JOINT: _l("Joint meeting"),
    MeetingForm.REPRESENTATIVE_ASSEMBLY: _l("Representative assembly"),
    MeetingForm.RESIDENTS_ASSEMBLY: _l("Residents' assembly"),
}
FORM_NOTES: dict[MeetingForm, Any] = {
    MeetingForm.COUNCIL: _l(
        "The council and those concerned talk a matter through and look for an agreement."
    ),
    MeetingForm.HEARING: _l("Before a decision on works or big interests: everybody concerned is heard."),
    MeetingForm.OPEN_TALK: _l("An open round: residents say what they think, without a fixed circle."),
    MeetingForm.COORDINATION: _l("Two sides of a conflict meet, with somebody in between."),
    MeetingForm.APPRAISAL: _l(
        "After a service: residents judge how public bodies, staff and projects did, and say why."
    ),
    MeetingForm.JOINT: _l(
        "The units stationed here and the community meet in turn under each other's chair."
    ),
    MeetingForm.REPRESENTATIVE_ASSEMBLY: _l(
        "Representatives and the residents' committee vote. Two thirds of them have to be present."
    ),
    MeetingForm.RESIDENTS_ASSEMBLY: _l(
        "All adult residents vote. More than half of them have to be present."
    ),
}
STATES: dict[MeetingState, Any] = {
    MeetingState.PLANNED: _l("To be held"),
    MeetingState.OPEN: _l("In session"),
    MeetingState.CLOSED: _l("Held"),
    MeetingState.CANCELLED: _l("Cancelled"),
}
STATE_COLOURS: dict[MeetingState, str] = {
    MeetingState.PLANNED: "blue",
    MeetingState.OPEN: "green",
    MeetingState.CLOSED: "grey",
    MeetingState.CANCELLED: "red",
}
OUTCOMES: dict[Outcome, Any] = {
    Outcome.AGREED: _l("Agreed"),
    Outcome.AGREED_WITH_DISSENT: _l("Agreed, dissent noted"),
    Outcome.TO_ASSEMBLY: _l("Sent to the assembly"),
    Outcome.DROPPED: _l("Dropped"),
    Outcome.CONTINUED: _l("Continued another time"),
    Outcome.ADOPTED: _l("Adopted"),
    Outcome.NOT_ADOPTED: _l("Not adopted"),
    Outcome.NO_QUORUM: _l("No vote: too few were present"),
}
OUTCOME_NOTES: dict[Outcome, Any] = {
    Outcome.AGREED: _l("All sides can live with it. The matter is carried out without a vote."),
    Outcome.AGREED_WITH_DISSENT: _l("It is carried out, and what speaks against it is kept word for word."),
    Outcome.TO_ASSEMBLY: _l("The text goes to the assembly, which votes on it."),
    Outcome.DROPPED: _l("The matter ends here. Residents can still demand that the assembly decides."),
    Outcome.CONTINUED: _l("Another session follows; the matter stays in deliberation."),
}
OUTCOME_COLOURS: dict[Outcome, str] = {
    Outcome.AGREED: "green",
    Outcome.AGREED_WITH_DISSENT: "green",
    Outcome.TO_ASSEMBLY: "blue",
    Outcome.DROPPED: "red",
    Outcome.CONTINUED: "yellow",
    Outcome.ADOPTED: "solid",
    Outcome.NOT_ADOPTED: "solid-red",
    Outcome.NO_QUORUM: "yellow",
}
SEATS: dict[Seat, Any] = {
    Seat.MEMBER: _l("Member"),
    Seat.PARTICIPANT: _l("Participant"),
    Seat.OBSERVER: _l("Sitting in"),
}
CLASSES: dict[ParticipantClass, Any] = {
    ParticipantClass.RESIDENT: _l("Residents"),
    ParticipantClass.REPRESENTATIVE: _l("Residents' representatives"),
    ParticipantClass.PARTY: _l("Party organisation"),
    ParticipantClass.COMMITTEE: _l("Residents' committee"),
    ParticipantClass.STATION: _l("Service station"),
    ParticipantClass.OWNERS: _l("Owners' committee"),
    ParticipantClass.PROPERTY_FIRM: _l("Property firm"),
    ParticipantClass.STATIONED_UNIT: _l("Stationed units"),
    ParticipantClass.SOCIAL_ORGANISATION: _l("Social organisations"),
    ParticipantClass.GOVERNMENT: _l("Government departments"),
    ParticipantClass.EXPERT: _l("Experts"),
    ParticipantClass.SUPERVISION: _l("Supervision committee"),
}
FAULTS: dict[PlanFault, Any] = {
    PlanFault.STARTS_IN_PAST: _l("The meeting has to start in the future."),
    PlanFault.NO_AGENDA: _l("Put at least one item on the agenda."),
    PlanFault.ITEM_WITHOUT_TITLE: _l("Choose a matter or write a topic."),
    PlanFault.MATTER_TWICE: _l("The same matter is on the agenda twice."),
    PlanFault.MATTER_NOT_READY: _l("A matter on the agenda has moved on in the meantime. Choose again."),
    PlanFault.UNKNOWN_BODY: _l("Choose a body of this community."),
    PlanFault.UNKNOWN_CHAIR: _l("Choose somebody who holds a post here."),
    PlanFault.CHAIR_IS_CLERK: _l(
        "Choose somebody else than the chair: the minutes are signed by two people."
    ),
    PlanFault.ITEM_OUT_FOR_COMMENT: _l(
        "A draft of an item you removed is out for comment, so the item has to stay."
    ),
    PlanFault.STUDY_IN_FUTURE: _l("The study by the party organisation has to be over: choose its day."),
    PlanFault.STUDY_HALF_SAID: _l("Give both: the day of the study and what it came to."),
}
