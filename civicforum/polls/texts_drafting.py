"""Drafting a poll in words: why something is refused, and scales that are ready made."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from civicforum.polls.questions import SpecFault
from civicforum.polls.terms import TermsFault

# Grades, best first, as they stand on the paper: in the language of the ballot.
SCALES: dict[str, tuple[str, ...]] = {
    "satisfied": ("满意", "基本满意", "不满意"),
    "fit": ("优秀", "称职", "基本称职", "不称职"),
    "five": ("很好", "好", "一般", "差", "很差"),
}
FAULTS: dict[str, Any] = {
    TermsFault.NO_TITLE: _l("Give the vote a title."),
    TermsFault.TITLE_TOO_LONG: _l("At most 200 characters."),
    TermsFault.QUESTION_TOO_LONG: _l("At most 8,000 characters."),
    TermsFault.NO_CHANNEL: _l("Choose at least one way of voting: online or on paper."),
    TermsFault.NAMED_ON_PAPER: _l("A named vote is held online: choose neither paper nor proxies."),
    TermsFault.NO_TIMES: _l("Enter day and time."),
    TermsFault.OPENS_IN_PAST: _l("Voting has to begin in the future."),
    TermsFault.CLOSES_BEFORE_OPENING: _l("Voting has to end after it begins."),
    TermsFault.OPENS_BEFORE_OBJECTIONS_END: _l(
        "Voting has to begin after the days for objections to the roll. Choose a later day or fewer days."
    ),
    TermsFault.TOO_FEW_TRUSTEES: _l("At least two trustees keep the key."),
    TermsFault.TOO_MANY_TRUSTEES: _l("At most 20 trustees keep the key."),
    TermsFault.THRESHOLD_OUT_OF_RANGE: _l("At least two of them, and no more than there are."),
    TermsFault.LEAST_OUT_OF_RANGE: _l("Enter a number of at least 1."),
    TermsFault.DAYS_OUT_OF_RANGE: _l("Enter a number of days up to 365."),
    TermsFault.NO_QUORUM_RULE: _l("Choose what makes the election or the recall valid."),
    TermsFault.UNKNOWN_RULE: _l("Choose one of the rules that are listed."),
    TermsFault.NO_MAJORITY_RULE: _l("Choose by what rule this is decided: in an election the law says so."),
    SpecFault.NO_TITLE: _l("Write the question."),
    SpecFault.TITLE_TOO_LONG: _l("At most 200 characters."),
    SpecFault.TEXT_TOO_LONG: _l("At most 4,000 characters."),
    SpecFault.TOO_FEW_OPTIONS: _l("There are too few lines to choose from. Write one on each line."),
    SpecFault.TOO_MANY_OPTIONS: _l("At most 1,000 lines fit on a ballot paper."),
    SpecFault.OPTION_EMPTY: _l("One of the lines is empty."),
    SpecFault.OPTION_TOO_LONG: _l("One of the lines is longer than 200 characters."),
    SpecFault.OPTION_TWICE: _l(
        "Two lines are the same. Add something that tells them apart, such as the building."
    ),
    SpecFault.LEAST_OVER_MOST: _l("This cannot be more than the most that may be chosen."),
    SpecFault.MOST_OUT_OF_RANGE: _l("At least 1, and no more than there are to choose from."),
    SpecFault.SEATS_OUT_OF_RANGE: _l("At least 1, and no more than there are to choose from."),
    SpecFault.ONE_SEAT_ONLY: _l("Instant run-off chooses one. Take another method for several."),
    SpecFault.WRITE_INS_ONLY_WITH_EACH: _l(
        "Names are written in only where each name is marked for or against."
    ),
    SpecFault.WRITE_INS_OVER_MOST: _l("No more names than may be marked for."),
    SpecFault.TOO_FEW_LEVELS: _l("A scale has at least two grades."),
    SpecFault.TOO_MANY_LEVELS: _l("A scale has at most ten grades."),
    SpecFault.LEVEL_EMPTY: _l("One of the grades is empty."),
    SpecFault.LEVEL_TOO_LONG: _l("One of the grades is longer than 40 characters."),
    SpecFault.LEVEL_TWICE: _l("Two grades are the same."),
    SpecFault.TOO_MANY_TO_RANK: _l("At most 36 can be ranked."),
    SpecFault.DEPTH_OUT_OF_RANGE: _l("At most 29 places, and no more than there are to rank."),
    SpecFault.NO_METHOD: _l("Choose how the rankings are counted."),
    SpecFault.NO_QUESTION: _l("Put at least one question on the ballot paper."),
    SpecFault.TOO_MANY_QUESTIONS: _l("At most 100 questions fit on one ballot paper."),
    SpecFault.TOO_MANY_SLOTS: _l(
        "This is too much for one ballot paper: it has room for 1,000 marks in all. "
        "For or against beside each name takes two, a grade one for each grade of the scale."
    ),
}
