"""What certified results were used for: handed out, listed for everybody, and printed."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import public, require_actor, roles, signed_in
from civicforum.accounts.current import current_actor, require_community
from civicforum.appraisals import texts_results as texts
from civicforum.appraisals.forms.results import UseForm
from civicforum.appraisals.models import Cycle, ResultUse
from civicforum.appraisals.queries import results as result_queries
from civicforum.appraisals.queries import uses as queries
from civicforum.appraisals.queries.showing import get_cycle
from civicforum.appraisals.result_pictures import rows_of
from civicforum.appraisals.services import using
from civicforum.appraisals.views.blueprint import bp
from civicforum.appraisals.views.results import json_answer
from civicforum.database import db
from civicforum.errors import CivicForumError, Invalid, NotEligible, NotFound
from civicforum.fields import add_error
from civicforum.paging import page_number


@bp.get("/<uuid:cycle_id>/uses")
@public
def uses(cycle_id: uuid.UUID) -> ResponseReturnValue:
    """What the results of this cycle were used for: by which organ, for what, and on which day."""
    cycle, actor = _cycle(cycle_id), current_actor()
    found = queries.list_uses(db.session(), cycle_id=cycle_id, number=page_number())
    return render_template(
        "appraisals/uses.html",
        cycle=cycle,
        uses=found,
        readable={one.id for one in found.items if queries.may_read(one, actor)},
        purposes=texts.PURPOSES,
    )


@bp.route("/<uuid:cycle_id>/subjects/<uuid:subject_id>/use", methods=["GET", "POST"])
@roles(*using.GIVERS)
def use_new(cycle_id: uuid.UUID, subject_id: uuid.UUID) -> ResponseReturnValue:
    line = result_queries.get_line(
        db.session(), cycle_id=cycle_id, subject_id=subject_id, community_id=require_community().id
    )
    form = UseForm()
    if form.validate_on_submit():
        try:
            use_id = using.export_result(
                cycle_id=cycle_id,
                subject_id=subject_id,
                use=form.use,
                actor=require_actor(),
                now=datetime.now(UTC),
            )
        except (NotEligible, NotFound):
            raise
        except CivicForumError as refusal:
            db.session().rollback()
            field = refusal.field if isinstance(refusal, Invalid) and refusal.field else "purpose"
            add_error(form, field, texts.refusal_text(refusal))
        else:
            flash(_("The use is written down. Print the sheet, or save it as a file."), "success")
            return redirect(url_for(".use_sheet", cycle_id=cycle_id, use_id=use_id), code=303)
    page = render_template("appraisals/use_new.html", cycle=line.subject.cycle, line=line, form=form)
    return page, 422 if form.is_submitted() else 200


@bp.get("/<uuid:cycle_id>/uses/<uuid:use_id>")
@signed_in
def use_sheet(cycle_id: uuid.UUID, use_id: uuid.UUID) -> ResponseReturnValue:
    """The sheet that was handed out, to be printed and signed."""
    cycle, use = _use(cycle_id, use_id)
    line = result_queries.get_line(
        db.session(), cycle_id=cycle_id, subject_id=use.subject_id, community_id=cycle.community_id
    )
    return render_template(
        "appraisals/use_sheet.html",
        cycle=cycle,
        use=use,
        figures=line.figures,
        rows=rows_of(line.figures),
        texts=texts,
        community=require_community(),
    )


@bp.get("/<uuid:cycle_id>/uses/<uuid:use_id>.json")
@signed_in
def use_json(cycle_id: uuid.UUID, use_id: uuid.UUID) -> ResponseReturnValue:
    cycle, use = _use(cycle_id, use_id)
    content = {"sheet": queries.get_sheet(cycle, use), "sha256": use.sheet_hash}
    return json_answer(content, f"appraisal-use-{use.id}.json")


def _use(cycle_id: uuid.UUID, use_id: uuid.UUID) -> tuple[Cycle, ResultUse]:
    cycle = _cycle(cycle_id)
    return cycle, queries.get_use(db.session(), cycle=cycle, use_id=use_id, actor=require_actor())


def _cycle(cycle_id: uuid.UUID) -> Cycle:
    return get_cycle(
        db.session(), cycle_id=cycle_id, community_id=require_community().id, actor=current_actor()
    )
