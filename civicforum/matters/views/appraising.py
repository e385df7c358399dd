"""Pages of appraising: a resident's grade, and the closing of a matter."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import require_actor, roles, signed_in
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import NotEligible, TransitionNotAllowed
from civicforum.matters.forms.appraising import CloseForm, GradeForm
from civicforum.matters.queries.after import get_matter_for
from civicforum.matters.queries.appraising import get_grades, may_grade
from civicforum.matters.rules import Act, GradeLevel
from civicforum.matters.services import appraising as services
from civicforum.matters.texts_after import grade_text
from civicforum.matters.views.blueprint import bp

bp.add_app_template_filter(grade_text)


@bp.route("/<uuid:matter_id>/grade", methods=["GET", "POST"])
@signed_in
def grade(matter_id: uuid.UUID) -> ResponseReturnValue:
    actor, now, session = require_actor(), datetime.now(UTC), db.session()
    matter = get_matter_for(session, act=Act.GRADE, matter_id=matter_id, actor=actor)
    if not may_grade(session, matter=matter, actor=actor, now=now):
        raise NotEligible(actor.person_id)
    grades = get_grades(session, matter=matter, actor=actor, now=now)
    if not grades.may_grade:
        raise TransitionNotAllowed(matter.stage, Act.GRADE)
    mine = grades.mine
    form = GradeForm(level=mine.level.value if mine else None, comment=mine.comment if mine else "")
    if form.validate_on_submit():
        level = GradeLevel(form.level.data)
        is_change = services.cast_grade(
            matter_id=matter_id, actor=actor, level=level, comment=form.comment.data, now=now
        )
        flash(_("Your grade is changed.") if is_change else _("Thank you. Your grade counts."), "success")
        return redirect(url_for(".show", matter_id=matter_id, _anchor="grades"), code=303)
    page = render_template(
        "matters/grade.html",
        form=form,
        matter=matter,
        grades=grades,
        grading=grades.rounds[0].grading,
        now=now,
    )
    return page, 422 if form.errors else 200


@bp.route("/<uuid:matter_id>/close", methods=["GET", "POST"])
@roles(Role.COMMITTEE)
def close(matter_id: uuid.UUID) -> ResponseReturnValue:
    actor, now, session = require_actor(), datetime.now(UTC), db.session()
    matter = get_matter_for(session, act=Act.CLOSE, matter_id=matter_id, actor=actor)
    form = CloseForm()
    if form.validate_on_submit():
        services.close_matter(matter_id=matter_id, actor=actor, text=form.text.data, now=now)
        flash(_("The matter is closed. Its whole story stays on this page."), "success")
        return redirect(url_for(".show", matter_id=matter_id), code=303)
    grades = get_grades(session, matter=matter, actor=actor, now=now)
    page = render_template("matters/close.html", form=form, matter=matter, grades=grades, now=now)
    return page, 422 if form.errors else 200
