"""What a poll comes to: every question counted, online and paper apart and together, and what it decides.

    outcome = decide(specs, online=way, paper=way, electorate=Electorate(on_roll=40), book=book)
    [as_json(question) for question in outcome.questions]        # what ResultSheet.questions keeps

Plain values in and out. The counts are sums over sealed ballots, so that no single ballot is known here:
a limit on one ballot was kept when it was sealed, and a name written in counts as often as it was found.
A tie is a result and is never broken (选举法 art 45: those level are voted on again).
"""

from .deciding import PollOutcome, count_named, decide
from .judging import Electorate
from .kept import as_json, question_from_json
from .shapes import Decision, Line, Merge, Papers, QuestionResult, Split, Way

__all__ = [
    "Decision",
    "Electorate",
    "Line",
    "Merge",
    "Papers",
    "PollOutcome",
    "QuestionResult",
    "Split",
    "Way",
    "as_json",
    "count_named",
    "decide",
    "question_from_json",
]
