"""Who works here, and the page of each: its duty, opinions with replies, and its appraisals."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime

from flask import render_template
from flask.typing import ResponseReturnValue

from civicforum import rulebook
from civicforum.access import public
from civicforum.accounts.current import current_actor, require_community
from civicforum.accounts.rules import Actor
from civicforum.appraisals.models import AppraisalSubject
from civicforum.appraisals.rules import may_lead
from civicforum.appraisals.services.criticisms import ENTERED_IN
from civicforum.database import db
from civicforum.departments import queries
from civicforum.departments.forms import OpinionForm
from civicforum.departments.rules import (
    KEPT_BY,
    LEAST_RULE,
    REPLY_RULE,
    DepartmentKind,
    Replies,
    works_here,
)
from civicforum.departments.texts import KINDS
from civicforum.departments.views.blueprint import bp
from civicforum.paging import page_number
from civicforum.rulebook.days import day_of

# Why residents' marks count: for departments of the subdistrict, and for firms (DOMAIN.md D7).
HEARD_RULE, FIRMS_RULE = "department.committee_heard", "department.firms_appraised"


@bp.get("")
@public
def index() -> ResponseReturnValue:
    community, now = require_community(), datetime.now(UTC)
    book = rulebook.load(community.profile)
    page = queries.list_departments(
        db.session(), community_id=community.id, today=day_of(now), now=now, number=page_number()
    )
    return render_template(
        "departments/index.html",
        page=page,
        today=day_of(now),
        least=book.count(LEAST_RULE).least or 1,
        reply_rule=book.rule(REPLY_RULE),
        heard_rules=[book.rule(HEARD_RULE), book.rule(FIRMS_RULE)],
        kinds=KINDS,
        may_keep=may_keep(current_actor()),
    )


@bp.get("/<uuid:department_id>")
@public
def show(department_id: uuid.UUID) -> ResponseReturnValue:
    return show_page(department_id, OpinionForm(formdata=None))


def show_page(department_id: uuid.UUID, form: OpinionForm) -> str:
    """Return the page of a department with the form for an opinion."""
    session, community, actor = db.session(), require_community(), current_actor()
    now = datetime.now(UTC)
    department = queries.get_department(session, department_id=department_id, community_id=community.id)
    replies = queries.count_replies(session, department_ids=[department_id], now=now)
    appraisals = queries.list_appraisals(session, department_id=department_id)
    book = rulebook.load(community.profile)
    return render_template(
        "departments/show.html",
        department=department,
        form=form,
        now=now,
        replies=replies.get(department_id, Replies()),
        least=book.count(LEAST_RULE).least or 1,
        reply_rule=book.rule(REPLY_RULE),
        heard_rule=book.rule(FIRMS_RULE if department.kind is DepartmentKind.PROVIDER else HEARD_RULE),
        opinions=queries.list_opinions(session, department_id=department_id, number=page_number()),
        own=queries.list_own_opinions(session, department_id=department_id, person_id=actor.person_id)
        if actor
        else [],
        appraisals=appraisals,
        criticised_in=_criticised_in(actor, appraisals),
        works_here=works_here(department.since, department.until, day_of(now)),
        kinds=KINDS,
        may_keep=may_keep(actor),
    )


def _criticised_in(actor: Actor | None, appraisals: Sequence[AppraisalSubject]) -> list[AppraisalSubject]:
    """Return the latest appraisal into which the reader can take criticism from the opinions, if any."""
    if actor is None or not may_lead(actor):
        return []
    return [subject for subject in appraisals if subject.cycle.state in ENTERED_IN][:1]


def may_keep(actor: Actor | None) -> bool:
    """Tell whether the page offers what keeps the register."""
    return actor is not None and actor.holds(*KEPT_BY)
