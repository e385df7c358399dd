"""One matter with its whole story, as an unsigned visitor reads it on its page."""

from __future__ import annotations

import uuid

from flask import url_for

from civicforum.api.kinds.kind import One, Scope
from civicforum.api.kinds.matters import matter_fields, write_finding, write_task
from civicforum.api.shapes.matters import (
    DemandShape,
    GradeCount,
    GradeRoundShape,
    MatterShape,
    ReviewShape,
    Step,
)
from civicforum.api.shapes.verdicts import write_verdict
from civicforum.matters.models import Review
from civicforum.matters.queries.after import get_after
from civicforum.matters.queries.appraising import RoundLine
from civicforum.matters.queries.demands import DemandFigures
from civicforum.matters.queries.one import get_matter, get_story
from civicforum.matters.rules import Act, Stage, is_step
from civicforum.records.models import JournalEntry


def get_matter_shape(scope: Scope, matter_id: uuid.UUID) -> MatterShape:
    """Return a matter with its story. Raises NotFound, also for a draft."""
    session = scope.session
    matter = get_matter(session, matter_id=matter_id, community_id=scope.community_id, person_id=None)
    story = get_story(session, matter=matter, actor=None, comments=1, now=scope.now)
    after = get_after(session, matter=matter, actor=None, now=scope.now)
    return MatterShape(
        **matter_fields(matter, seconds=story.seconds.count, comments=story.comments.total),
        seconds_needed=story.seconds.needed,
        steps=[_step(entry) for entry in story.entries if is_step(entry.payload)],
        reviews=[_review(review) for review in story.reviews],
        demand=_demand(story.demands) if story.demands else None,
        tasks=[write_task(scope, line.task) for line in after.tasks],
        findings=[write_finding(finding) for finding in after.findings],
        queries=after.queries.total,
        grade_rounds=[_round(line) for line in after.grades.rounds],
        closing_text=matter.closing_text if after.grades.rounds else "",
        merged_here=[other.id for other in story.merged_here],
        photos=[url_for("records.photo", photo_id=photo.id) for photo in story.photos],
    )


def _step(entry: JournalEntry) -> Step:
    return Step(
        act=Act(str(entry.payload["act"])),
        from_stage=_stage(entry.payload.get("from")),
        to_stage=_stage(entry.payload.get("to")),
        at=entry.at,
        by=entry.actor.name if entry.actor else None,
        post=entry.post,
    )


def _stage(value: object) -> Stage | None:
    return None if value is None else Stage(str(value))


def _review(review: Review) -> ReviewShape:
    return ReviewShape(
        kind=review.kind,
        round=review.round,
        outcome=review.outcome,
        ground=review.ground,
        text=review.text,
        by=review.person.name,
        body=review.body.name if review.body else None,
        at=review.at,
    )


def _demand(figures: DemandFigures) -> DemandShape:
    return DemandShape(
        residents=figures.residents,
        adults=figures.adults,
        by_residents=write_verdict(figures.by_residents),
        representatives=figures.representatives,
        all_representatives=figures.all_representatives,
        by_representatives=write_verdict(figures.by_representatives),
    )


def _round(line: RoundLine) -> GradeRoundShape:
    grading = line.grading
    return GradeRoundShape(
        number=grading.number,
        opened_at=grading.opened_at,
        closes_at=grading.closes_at,
        closed_at=grading.closed_at,
        cast=line.cast,
        entitled=grading.entitled,
        # Of a round in which nobody took part there is no result, and of a small one no sum.
        is_poor=grading.is_poor if line.cast else None,
        counts=[GradeCount(level=level, count=count) for level, count in line.counts],
        arithmetic=grading.arithmetic if line.counts else "",
        report=grading.report,
        comments=list(line.comments),
    )


MATTER = One(
    name="matter",
    of="matters",
    summary="A matter with its whole story",
    shape=MatterShape,
    write=get_matter_shape,
)
