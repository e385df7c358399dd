"""The tables of appraisals: cycles, reports, what was said, results, and what follows from them."""

from .consequences import ActionRecheck, Consequence, CorrectiveAction, SupportPlan
from .cycles import AppraisalSubject, Cycle, OutsideCount, RaterGroup, Scale
from .reports import Criticism, DutyReport, HearingQuestion
from .results import AppraisalObjection, ResultUse, SubjectResult

__all__ = [
    "ActionRecheck",
    "AppraisalObjection",
    "AppraisalSubject",
    "Consequence",
    "CorrectiveAction",
    "Criticism",
    "Cycle",
    "DutyReport",
    "HearingQuestion",
    "OutsideCount",
    "RaterGroup",
    "ResultUse",
    "Scale",
    "SubjectResult",
    "SupportPlan",
]
