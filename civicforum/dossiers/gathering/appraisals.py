"""An appraisal: its plan, the duty reports that were accepted, the grades as the certified sheet has them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from civicforum.appraisals.figures import decimal
from civicforum.appraisals.models import Cycle
from civicforum.appraisals.queries.reports import ReportLine, list_reports
from civicforum.appraisals.queries.results import ResultLine, get_results
from civicforum.appraisals.results import Figures
from civicforum.appraisals.rules import CycleState
from civicforum.appraisals.texts import BASES, KINDS, REPORT_STATES, STATES
from civicforum.appraisals.texts_results import joined, percent_text, turnout_text
from civicforum.dossiers.contents import (
    Block,
    Document,
    Facts,
    Hash,
    Heading,
    Link,
    Part,
    Section,
    Sum,
    Table,
    Words,
)
from civicforum.dossiers.scopes import Scope
from civicforum.layout import day, moment


def plan_part(session: Session, scope: Scope, now: datetime) -> Part:
    """Return who is graded by whom, with which weight, and the quorum of the assembly."""
    cycle = _cycle(scope)
    blocks: list[Block] = [
        Facts(
            (
                (_("Kind"), str(KINDS[cycle.kind])),
                (_("State"), str(STATES[cycle.state])),
                (_("Plan posted"), moment(cycle.posted_at) if cycle.posted_at else ""),
                (_("Day of the appraisal"), day(cycle.held_on)),
                (_("Chaired by"), cycle.chaired_by.name if cycle.chaired_by else ""),
                (_("Counted on"), moment(cycle.counted_at) if cycle.counted_at else ""),
                (_("Certified on"), moment(cycle.certified_at) if cycle.certified_at else ""),
            )
        )
    ]
    if cycle.state is CycleState.VOID:
        blocks.append(
            Words(_("This appraisal is void. Reason: %(ground)s", ground=cycle.void_ground), is_grave=True)
        )
    names = tuple((one.name, one.scale.title) for one in cycle.subjects)
    blocks.append(Table(_("Who or what is graded"), (_("Name"), _("Scale")), names))
    raters = tuple((one.name, str(BASES[one.basis]), f"{percent_text(one.weight)}%") for one in cycle.groups)
    blocks.append(Table(_("Who grades"), (_("Raters"), _("Drawn from"), _("Weight")), raters))
    if cycle.quorum:
        # Forms are given out only where it is met.
        blocks.append(
            Sum(
                _("Quorum"),
                _("Met"),
                holds=True,
                arithmetic=cycle.quorum["arithmetic"],
                article=cycle.quorum["article"],
            )
        )
    return Part(Section("appraisal", _("The plan of the appraisal"), tuple(blocks), ""))


def reports_part(session: Session, scope: Scope, now: datetime) -> Part:
    """Return the duty reports that everybody may read; of the others, where they stand."""
    blocks = [block for line in list_reports(_cycle(scope), None, now) for block in _report(line)]
    return Part(Section("reports", _("Duty reports"), tuple(blocks), _("No duty report was asked for.")))


def grades_part(session: Session, scope: Scope, now: datetime) -> Part:
    """Return the grades, with what may be shown of them, and the certified sheet as a file."""
    cycle = _cycle(scope)
    page = get_results(session, cycle_id=cycle.id, community_id=cycle.community_id)
    blocks = [block for line in page.lines for block in _grades(line)]
    files: tuple[tuple[str, bytes], ...] = ()
    if cycle.state is CycleState.CERTIFIED and cycle.result is not None:
        blocks.append(Hash(_("Check value of the certified sheet"), cycle.result_hash))
        sheet = {"sheet": cycle.result, "sha256": cycle.result_hash}
        content = json.dumps(sheet, ensure_ascii=False, sort_keys=True, indent=1).encode()
        files = ((f"results/appraisal-{cycle.id}.json", content),)
    title, absent = _("Result of the appraisal"), _("There is no result: nothing has been counted.")
    return Part(Section("grades", title, tuple(blocks), absent), files=files)


def _cycle(scope: Scope) -> Cycle:
    assert scope.cycle is not None  # noqa: S101
    return scope.cycle


def _report(line: ReportLine) -> Iterator[Block]:
    report = line.report
    yield Heading(line.subject.name)
    yield Facts(
        (
            (_("State"), str(REPORT_STATES[line.state])),
            (_("Due until"), moment(report.due_at)),
            (_("Handed in"), moment(report.first_submitted_at) if report.first_submitted_at else ""),
        )
    )
    if line.late:
        words = ngettext("It came %(num)s day late.", "It came %(num)s days late.", line.late)
        yield Words(words, is_grave=True)
    if line.is_readable and report.text:
        yield Document(_("Duty report"), report.text, f"texts/report-{report.id}.txt")
    elif line.is_readable and report.file_name:
        arguments = {"cycle_id": str(line.subject.cycle_id)}
        yield Link(_("It was handed in as a file, which is on the website."), "appraisals.reports", arguments)


def _grades(line: ResultLine) -> Iterator[Block]:
    figures = line.figures
    yield Heading(figures.name)
    yield Words(_outcome(figures))
    rows = [(level, str(number)) for level, number in zip(figures.levels, figures.counts, strict=True)]
    rows.append((_("Without a grade"), str(figures.ungraded)))
    rows.append((_("Invalid forms"), str(figures.invalid)))
    yield Table(_("Grades of %(name)s", name=figures.name), (_("Grade"), _("Forms")), tuple(rows))
    if figures.score is not None:
        yield Facts(
            ((_("Weighted score"), decimal(figures.score)), (_("How it is worked out"), figures.arithmetic))
        )
    groups = tuple((one.name, turnout_text(one.forms, one.entitled)) for one in figures.groups)
    yield Table(_("Forms that came back"), (_("Raters"), _("Forms")), groups)


def _outcome(figures: Figures) -> str:
    if not figures.has_enough:
        words = ngettext(
            "No result: fewer than %(num)s form gave a grade.",
            "No result: fewer than %(num)s forms gave a grade.",
            figures.least,
        )
        return str(words)
    if figures.grade:
        return str(_("The grade that counts: %(grade)s", grade=figures.grade))
    return str(
        _(
            "%(grades)s have as many forms, and no local rule decides between them.",
            grades=joined(figures.modal),
        )
    )
