"""The list of cycles, and the posted plan of one."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import public
from civicforum.accounts.current import current_actor, require_community
from civicforum.appraisals import texts
from civicforum.appraisals.duty_reports import days_late, state_of
from civicforum.appraisals.models import Cycle, DutyReport
from civicforum.appraisals.plans import Demander
from civicforum.appraisals.queries import listing, showing
from civicforum.appraisals.rules import NEXT_STATES, CycleKind, CycleState, may_lead
from civicforum.appraisals.scales import sum_text
from civicforum.appraisals.services.posting import report_due_at
from civicforum.appraisals.services.steps import rules_of
from civicforum.appraisals.views.blueprint import bp
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.paging import page_number
from civicforum.records.words import told
from civicforum.rulebook import Rulebook, Verdict, load


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    session, actor, now, community = db.session(), current_actor(), datetime.now(UTC), require_community()
    asked = request.args.get("kind", "")
    kind = CycleKind(asked) if asked in list(CycleKind) else None
    leads = actor is not None and actor.has(Role.SUPERVISOR)
    lists = listing.list_cycles(
        session,
        community_id=community.id,
        kind=kind,
        with_drafts=leads,
        pages={name: page_number(name) for name in ("running", "over")},
        now=now,
    )
    book = load(community.profile)
    return render_template(
        "appraisals/index.html",
        lists=lists,
        kinds=texts.KINDS,
        kind=kind,
        leads=leads,
        glance=listing.get_glance(session, community_id=community.id, book=book, now=now),
        law=book.rule("appraisal.per_year"),
        pages=_pages(),
        now=now,
    )


@bp.get("/<uuid:cycle_id>")
@public
def show(cycle_id: uuid.UUID) -> ResponseReturnValue:
    """The plan as it is posted, with what was done since."""
    session, actor, now = db.session(), current_actor(), datetime.now(UTC)
    cycle = showing.get_cycle(session, cycle_id=cycle_id, community_id=require_community().id, actor=actor)
    journal = showing.list_journal(session, cycle.id, number=page_number())
    leads = actor is not None and may_lead(actor, cycle.people)
    names = showing.names_of_rolls(session, cycle)
    return render_template(
        "appraisals/show.html",
        cycle=cycle,
        line=listing.line_of(cycle, now),
        note=texts.STATE_NOTES[cycle.state],
        kind_note=texts.KIND_NOTES[cycle.kind],
        weights=sum_text(one.weight for one in cycle.groups),
        reports_due_at=report_due_at(cycle) if any(one.needs_report for one in cycle.subjects) else None,
        reports={one.id: _standing(one.report, now) for one in cycle.subjects if one.report},
        demand=_demand(cycle, rules_of(cycle)),
        demanders=texts.DEMANDERS,
        rolls={one.id: texts.roll_text(one.draw, names) for one in cycle.groups},
        laws=_laws(cycle),
        leads=leads,
        may_be_void=leads and CycleState.VOID in NEXT_STATES.get(cycle.state, ()),
        journal=journal,
        entries=[told(entry) for entry in journal.items],
        now=now,
    )


def _standing(report: DutyReport, now: datetime) -> tuple[str, int]:
    """Return where a report stands, and by how many days it is late."""
    state = state_of(
        due_at=report.due_at, submitted_at=report.submitted_at, check=report.check_result, now=now
    )
    return state, days_late(report.due_at, report.first_submitted_at, now)


def _demand(cycle: Cycle, book: Rulebook) -> tuple[Demander, Verdict] | None:
    """Return by whom the cycle was demanded, with the sum as it was when the plan was saved."""
    if cycle.demand is None:
        return None
    rule = book.rule(cycle.demand["rule"])
    return Demander(cycle.demand["by"]), Verdict(True, cycle.demand["arithmetic"], rule)


def _laws(cycle: Cycle) -> list[object]:
    book = rules_of(cycle)
    names = ["appraisal.chaired_by_supervision", "appraisal.plan_notice"]
    if cycle.counts_for_37:
        names += ["appraisal.per_year", "appraisal.strikes"]
    else:
        names += ["appraisal.ends_other_posts"]
    return [book.rule(name) for name in names]


def _pages() -> list[tuple[str, str]]:
    """Return the other pages of appraisals."""
    places = (
        ("ratings.station", _("Service station and its ratings")),
        ("departments.index", _("Departments and providers")),
        ("appraisals.actions", _("Corrective actions")),
        ("appraisals.support_plans", _("Support plans")),
        ("reserve.index", _("Reserve list")),
    )
    return [(url_for(name), words) for name, words in places]


@bp.app_template_global()
def cycle_tabs(cycle: Cycle) -> list[tuple[str, str]]:
    """Return the pages of a cycle; a draft has its plan alone."""
    places = (
        ("show", _("The plan")),
        ("reports", _("Reports")),
        ("rating", _("Rating")),
        ("results", _("Results")),
        ("follow", _("After the grades")),
    )
    return [(name, words) for name, words in places if cycle.posted_at is not None or name == "show"]
