"""The words for what rules only name: categories, grounds, outcomes, acts and the problems of a list."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from civicforum.matters.rules import (
    Act,
    Category,
    Channel,
    Ground,
    HideReason,
    LineProblem,
    ReviewKind,
    ReviewOutcome,
    Stage,
    StageGroup,
)

CATEGORIES = {
    Category.SAFETY: _l("Safety and order"),
    Category.ENVIRONMENT: _l("Environment and hygiene"),
    Category.FACILITIES: _l("Public facilities"),
    Category.PROPERTY: _l("Property management"),
    Category.PARKING: _l("Parking and traffic"),
    Category.ELDERLY: _l("Care for the elderly"),
    Category.CHILDREN: _l("Children and young people"),
    Category.CULTURE: _l("Culture and sport"),
    Category.NEIGHBOURS: _l("Neighbours"),
    Category.COVENANT: _l("Charter and covenant"),
    Category.SERVICES: _l("Services for residents"),
    Category.OTHER: _l("Something else"),
}
GROUPS = {
    StageGroup.GATHERING: _l("Gathering seconders"),
    StageGroup.REVIEW: _l("In review"),
    StageGroup.DELIBERATION: _l("Deliberation and decision"),
    StageGroup.CARRYING_OUT: _l("Being carried out"),
    StageGroup.APPRAISAL: _l("Being graded"),
    StageGroup.SETTLED: _l("Settled"),
    StageGroup.REFUSED: _l("Declined or not adopted"),
    StageGroup.ENDED_EARLY: _l("Merged or withdrawn"),
}
OUTCOMES = {
    ReviewOutcome.SUPPORTED: _l("Supported"),
    ReviewOutcome.REMARKS: _l("Supported with remarks"),
    ReviewOutcome.ADVISED_AGAINST: _l("Advised against"),
    ReviewOutcome.ACCEPTED: _l("Accepted for deliberation"),
    ReviewOutcome.RETURNED: _l("Returned to the author"),
    ReviewOutcome.DECLINED: _l("Declined"),
    ReviewOutcome.ANSWERED_DIRECTLY: _l("Answered directly"),
}
REVIEW_KINDS = {
    ReviewKind.STUDY: _l("Study by the party organisation"),
    ReviewKind.DECISION: _l("Decision by the residents' committee"),
}
GROUNDS = {
    Ground.OUTSIDE_COMMUNITY: _l("It lies outside what the community can decide"),
    Ground.AGAINST_LAW: _l("It would break the law"),
    Ground.PRIVATE_DISPUTE: _l("It is a dispute between private persons"),
    Ground.ALREADY_DECIDED: _l("It has already been decided"),
    Ground.NO_MEANS: _l("There is neither money nor people for it this year"),
    Ground.PERSONAL_ATTACK: _l("It attacks a person instead of naming a problem"),
    Ground.DROPPED_IN_DELIBERATION: _l("It was dropped in deliberation"),
}
HIDE_REASONS = {
    HideReason.PERSONAL_ATTACK: _l("It attacks or insults somebody"),
    HideReason.PERSONAL_DATA: _l("It shows somebody's phone number, address or other personal data"),
    HideReason.ADVERTISING: _l("It advertises something"),
    HideReason.UNLAWFUL: _l("It breaks the law"),
    HideReason.REPEATED: _l("It repeats the same text over and over"),
}
CHANNELS = {
    Channel.SCREEN: _l("on the screen"),
    Channel.DESK: _l("at the service counter"),
    Channel.PAPER: _l("on paper"),
}
# What a step of the path came to, as its heading.
STEPS_TAKEN = {
    Act.PUBLISH: _l("Raised"),
    Act.ENOUGH_SECONDS: _l("Seconded by enough residents"),
    Act.WITHDRAW: _l("Withdrawn by its author"),
    Act.MERGE: _l("Merged into another matter"),
    Act.STUDY: _l("Studied by the party organisation"),
    Act.ACCEPT: _l("Accepted for deliberation"),
    Act.RETURN: _l("Returned to the author"),
    Act.RESUBMIT: _l("Revised and submitted again"),
    Act.DECLINE: _l("Declined by the committee"),
    Act.ANSWER_DIRECTLY: _l("Answered directly"),
    Act.ENOUGH_DEMANDS: _l("Brought to the assembly by demand"),
    Act.AGREE: _l("Agreed in deliberation"),
    Act.PUT_TO_ASSEMBLY: _l("Put to the assembly"),
    Act.DROP: _l("Dropped in deliberation"),
    Act.ADOPT: _l("Adopted by the assembly"),
    Act.REJECT: _l("Not adopted by the assembly"),
    Act.ADD_TASK: _l("Work begun"),
    Act.REPORT_DONE: _l("Reported done"),
    Act.GRADED_WELL: _l("Graded by residents"),
    Act.GRADED_POORLY: _l("Graded poorly, back to work"),
    Act.CLOSE: _l("Closed"),
}
STAGES = {
    Stage.DRAFT: _l("Draft"),
    Stage.RAISED: _l("Gathering seconders"),
    Stage.SECONDED: _l("Waiting for review"),
    Stage.IN_REVIEW: _l("In review"),
    Stage.RETURNED: _l("Returned for revision"),
    Stage.DECLINED: _l("Declined"),
    Stage.ANSWERED_DIRECTLY: _l("Answered directly"),
    Stage.DELIBERATING: _l("Being deliberated"),
    Stage.TO_DECIDE: _l("Waiting for a decision"),
    Stage.DECIDED: _l("Adopted"),
    Stage.NOT_ADOPTED: _l("Not adopted"),
    Stage.CARRYING_OUT: _l("Being carried out"),
    Stage.DONE: _l("Done, waiting for grades"),
    Stage.APPRAISED: _l("Graded"),
    Stage.CLOSED: _l("Closed"),
    Stage.MERGED: _l("Merged"),
    Stage.WITHDRAWN: _l("Withdrawn"),
}
LINE_PROBLEMS = {
    LineProblem.NOT_FOUND: _l(
        "Line %(number)s, “%(text)s”: nobody of this roll number or name is known here."
    ),
    LineProblem.AMBIGUOUS: _l(
        "Line %(number)s, “%(text)s”: several people have this name. Give the roll number."
    ),
    LineProblem.LEFT: _l("Line %(number)s, “%(text)s”: this person no longer lives here."),
    LineProblem.REPEATED: _l(
        "Line %(number)s, “%(text)s”: this person already stands further up in the list."
    ),
    LineProblem.IS_AUTHOR: _l("Line %(number)s, “%(text)s”: this is the author of the matter."),
    LineProblem.ALREADY: _l("Line %(number)s, “%(text)s”: this person has signed already."),
    LineProblem.NOT_ENTITLED: _l(
        "Line %(number)s, “%(text)s”: this person is neither an adult resident nor a representative."
    ),
}


def template_words() -> dict[str, Any]:
    """Return the words that the templates of matters look up."""
    return {
        "categories": CATEGORIES,
        "groups": GROUPS,
        "outcomes": OUTCOMES,
        "review_kinds": REVIEW_KINDS,
        "grounds": GROUNDS,
        "hide_reasons": HIDE_REASONS,
        "channels": CHANNELS,
    }
