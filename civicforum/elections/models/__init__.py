"""The tables of elections, from the calendar to rounds and notices, and of recalls."""

from .candidates import Candidate, CandidateQuestion, Nomination, NominationSigner
from .departures import Departure
from .elections import CommitteePlace, Election, ElectionNotice, HandoverItem, Seat, Step
from .recalls import Recall, RecallNotice, RecallSigner
from .registrations import Registration
from .rounds import Round, Winner

__all__ = [
    "Candidate",
    "CandidateQuestion",
    "CommitteePlace",
    "Departure",
    "Election",
    "ElectionNotice",
    "HandoverItem",
    "Nomination",
    "NominationSigner",
    "Recall",
    "RecallNotice",
    "RecallSigner",
    "Registration",
    "Round",
    "Seat",
    "Step",
    "Winner",
]
