"""The tables of elections: calendar, committee, registrations, nominations, candidates, rounds, notices."""

from .candidates import Candidate, CandidateQuestion, Nomination, NominationSigner
from .elections import CommitteePlace, Election, ElectionNotice, HandoverItem, Seat, Step
from .registrations import Registration
from .rounds import Round, Winner

__all__ = [
    "Candidate",
    "CandidateQuestion",
    "CommitteePlace",
    "Election",
    "ElectionNotice",
    "HandoverItem",
    "Nomination",
    "NominationSigner",
    "Registration",
    "Round",
    "Seat",
    "Step",
    "Winner",
]
