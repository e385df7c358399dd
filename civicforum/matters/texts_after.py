"""Words for what comes after the decision: kinds of findings, grades, what to watch."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from civicforum.matters.queries.watching import Watch
from civicforum.matters.rules import FindingKind, GradeLevel

FINDINGS = {
    FindingKind.IN_ORDER: _l("In order"),
    FindingKind.REMARK: _l("Remark"),
    FindingKind.PROBLEM: _l("Problem"),
}
GRADES = {
    GradeLevel.SATISFIED: _l("Satisfied"),
    GradeLevel.FAIRLY_SATISFIED: _l("Fairly satisfied"),
    GradeLevel.DISSATISFIED: _l("Dissatisfied"),
    GradeLevel.DONT_KNOW: _l("Don't know"),
}
WATCHES = {
    Watch.ALL: _l("All"),
    Watch.LATE: _l("Late tasks"),
    Watch.UNANSWERED: _l("Unanswered queries"),
    Watch.PROBLEMS: _l("Problems found"),
    Watch.UNCHECKED: _l("Not checked yet"),
}


def grade_text(level: GradeLevel) -> str:
    return str(GRADES[level])


def watch_text(watch: Watch) -> str:
    return str(WATCHES[watch])
