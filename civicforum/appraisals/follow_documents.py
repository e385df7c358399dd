"""Chinese texts that what follows from grades is filled with, whatever the language of the page."""

from __future__ import annotations

from civicforum.appraisals.models import AppraisalSubject

LONGEST_TRIGGER = 300


def action_title(subject: AppraisalSubject) -> str:
    """Return the title that is proposed for the action after a poor grade."""
    grade = subject.result.grade if subject.result else ""
    return f"{subject.name}被评为“{grade}”的整改"


def action_problem(subject: AppraisalSubject) -> str:
    """Return the problem that is proposed, which the supervision committee puts into its own words."""
    return f"在“{subject.cycle.title}”中，{grade_words(subject)}。具体问题："


def trigger_of(subject: AppraisalSubject) -> str:
    """Return what opens a support plan: the grade, which is a poor one, and how many forms gave which."""
    return f"{subject.cycle.title}：{grade_words(subject)}"[:LONGEST_TRIGGER]


def grade_words(subject: AppraisalSubject) -> str:
    """Return the grade of a subject with its place among the poor ones and the counts of all."""
    assert subject.result is not None  # noqa: S101
    levels = subject.scale.levels
    counts = [int(number) for number in subject.result.figures["counts"]]
    sums = "，".join(f"{level}{number}票" for level, number in zip(levels, counts, strict=True))
    poor = levels[subject.scale.poor_from]
    return f"被评为“{subject.result.grade}”，“{poor}”及以下为较差等次（{sums}）"
