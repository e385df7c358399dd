"""The tables of polls: the question, the roll, the board of sealed ballots, paper, and what came out."""

from .boards import (
    Board,
    BoardLine,
    Credential,
    CredentialLink,
    KeyCeremony,
    TestedBallot,
    Trustee,
)
from .paper import BoxCount, Mandate, MandateRequest, PaperIssue, Station
from .polls import OpenBallot, Poll, Question
from .results import ResultObjection, ResultSheet
from .rolls import RollCorrection, RollEntry, RollObjection

__all__ = [
    "Board",
    "BoardLine",
    "BoxCount",
    "Credential",
    "CredentialLink",
    "KeyCeremony",
    "Mandate",
    "MandateRequest",
    "OpenBallot",
    "PaperIssue",
    "Poll",
    "Question",
    "ResultObjection",
    "ResultSheet",
    "RollCorrection",
    "RollEntry",
    "RollObjection",
    "Station",
    "TestedBallot",
    "Trustee",
]
