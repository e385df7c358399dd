"""The filters that put appraisals into words on pages."""

from __future__ import annotations

from fractions import Fraction

from civicforum.appraisals import texts
from civicforum.appraisals.duty_reports import ReportState
from civicforum.appraisals.rules import CycleKind, CycleState, RaterBasis
from civicforum.appraisals.scales import percent
from civicforum.appraisals.views.blueprint import bp
from civicforum.bodies.labels import post_kind_name


@bp.app_template_filter()
def cycle_state(state: CycleState) -> tuple[str, str]:
    """Return the state of a cycle in words, and the colour of its tag."""
    return str(texts.STATES[state]), texts.STATE_COLOURS[state]


@bp.app_template_filter()
def cycle_kind(kind: CycleKind) -> str:
    return str(texts.KINDS[kind])


@bp.app_template_filter()
def cycle_due(name: str) -> str:
    """Return what the next date of a cycle is about."""
    return str(texts.DUES[name])


@bp.app_template_filter()
def rater_basis(basis: RaterBasis) -> str:
    return str(texts.BASES[basis])


@bp.app_template_filter()
def report_state(state: ReportState) -> tuple[str, str]:
    """Return where a duty report stands in words, and the colour of its tag."""
    return str(texts.REPORT_STATES[state]), texts.REPORT_COLOURS[state]


@bp.app_template_filter()
def exact_percent(share: Fraction) -> str:
    """Return an exact share as "30%", or as a fraction where that is no whole number."""
    return percent(share)


bp.add_app_template_filter(post_kind_name, "reporting_post")
