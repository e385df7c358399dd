"""Use cases of moderation: each is one function, one transaction, one journal entry.

`check_words`, `hold` and `note_hidden` are for the services of other features, in their transaction.
"""

from civicforum.moderation.services.appealing import appeal, rule_on_appeal
from civicforum.moderation.services.clocks import SweepResult, sweep_clocks
from civicforum.moderation.services.hiding import confirm_hiding, drop_hiding, hide, keep, note_hidden
from civicforum.moderation.services.holding import check_words, hold, take_back, take_back_of
from civicforum.moderation.services.releasing import refuse, release
from civicforum.moderation.services.reporting import report
from civicforum.moderation.services.wordlist import add_words, end_word

__all__ = [
    "SweepResult",
    "add_words",
    "appeal",
    "check_words",
    "confirm_hiding",
    "drop_hiding",
    "end_word",
    "hide",
    "hold",
    "keep",
    "note_hidden",
    "refuse",
    "release",
    "report",
    "rule_on_appeal",
    "sweep_clocks",
    "take_back",
    "take_back_of",
]
