"""The results of a cycle for everybody, the steps that lead to them, and objections."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from civicforum.access import public, require_actor, roles, signed_in
from civicforum.accounts.current import current_actor, require_community
from civicforum.appraisals import result_pictures as pictures
from civicforum.appraisals import texts_results as texts
from civicforum.appraisals.figures import decimal
from civicforum.appraisals.forms.results import AnswerForm, ObjectForm
from civicforum.appraisals.models import Cycle
from civicforum.appraisals.queries import results as queries
from civicforum.appraisals.queries.results import ResultPage
from civicforum.appraisals.queries.showing import get_cycle
from civicforum.appraisals.rules import CycleState, check_lead, may_lead
from civicforum.appraisals.services import certifying, counting, objecting, publishing
from civicforum.appraisals.services.steps import rules_of
from civicforum.appraisals.services.using import GIVERS
from civicforum.appraisals.views.blueprint import bp
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import AlreadyDone, CivicForumError, NotEligible, NotFound
from civicforum.fields import add_error
from civicforum.paging import page_number

Step = Callable[..., None]
bp.add_app_template_filter(decimal, "exact_decimal")


@bp.get("/<uuid:cycle_id>/results")
@public
def results(cycle_id: uuid.UUID) -> ResponseReturnValue:
    return _page(cycle_id)


@bp.post("/<uuid:cycle_id>/results/count")
@roles(Role.SUPERVISOR)
def count_results(cycle_id: uuid.UUID) -> ResponseReturnValue:
    return _step(cycle_id, counting.count_cycle, _("The grades are counted, and may be read out."))


@bp.post("/<uuid:cycle_id>/results/certify")
@roles(Role.SUPERVISOR)
def certify_results(cycle_id: uuid.UUID) -> ResponseReturnValue:
    return _step(cycle_id, certifying.certify, _("The result is certified and does not change any more."))


@bp.post("/<uuid:cycle_id>/results/post")
@roles(Role.SUPERVISOR)
def post_results(cycle_id: uuid.UUID) -> ResponseReturnValue:
    done = _("The result is on the notice board, and on the page of everybody who was graded.")
    return _step(cycle_id, publishing.publish_result, done)


@bp.get("/<uuid:cycle_id>/results.json")
@public
def result_sheet(cycle_id: uuid.UUID) -> ResponseReturnValue:
    """The certified sheet as it was hashed, for other programs."""
    cycle = _cycle(cycle_id)
    if cycle.state is not CycleState.CERTIFIED:
        raise NotFound(cycle_id)
    return json_answer({"sheet": cycle.result, "sha256": cycle.result_hash}, f"appraisal-{cycle.id}.json")


@bp.get("/<uuid:cycle_id>/objections")
@public
def objections(cycle_id: uuid.UUID) -> ResponseReturnValue:
    page, actor, now = _get(cycle_id), current_actor(), datetime.now(UTC)
    return render_template(
        "appraisals/objections.html",
        page=page,
        cycle=page.cycle,
        objections=queries.list_objections(db.session(), cycle_id=cycle_id, number=page_number()),
        leads=actor is not None and may_lead(actor, page.cycle.people),
        may_object=page.may_object(now),
        now=now,
    )


@bp.route("/<uuid:cycle_id>/object", methods=["GET", "POST"])
@signed_in
def object_to_result(cycle_id: uuid.UUID) -> ResponseReturnValue:
    cycle, form = _cycle(cycle_id), ObjectForm()
    form.offer(cycle.subjects)
    if form.validate_on_submit():
        try:
            objecting.file_objection(
                cycle_id=cycle_id,
                subject_id=form.subject_id,
                text=form.text.data,
                actor=require_actor(),
                now=datetime.now(UTC),
            )
        except (NotEligible, NotFound):
            raise
        except AlreadyDone:
            flash(_("You have said this already, and it is not answered yet."), "info")
            return redirect(url_for(".objections", cycle_id=cycle_id), code=303)
        except CivicForumError as refusal:
            db.session().rollback()
            add_error(form, "text", texts.refusal_text(refusal))
        else:
            flash(_("Your objection is filed. It is answered in writing, for everybody to read."), "success")
            return redirect(url_for(".objections", cycle_id=cycle_id), code=303)
    rule = rules_of(cycle).rule("appraisal.objection")
    page = render_template("appraisals/objection_new.html", cycle=cycle, form=form, rule=rule)
    return page, 422 if form.is_submitted() else 200


@bp.route("/<uuid:cycle_id>/objections/<uuid:objection_id>", methods=["GET", "POST"])
@roles(Role.SUPERVISOR)
def answer_objection(cycle_id: uuid.UUID, objection_id: uuid.UUID) -> ResponseReturnValue:
    cycle, form, now = _cycle(cycle_id), AnswerForm(), datetime.now(UTC)
    # The page names who objected: nobody who was graded learns that.
    check_lead(require_actor(), cycle.people)
    objection = queries.get_objection(db.session(), cycle_id=cycle_id, objection_id=objection_id)
    if form.validate_on_submit():
        try:
            objecting.answer_objection(
                cycle_id=cycle_id,
                objection_id=objection_id,
                is_upheld=form.ruling.data == "upheld",
                answer=form.text.data,
                actor=require_actor(),
                now=now,
            )
        except (NotEligible, NotFound):
            raise
        except CivicForumError as refusal:
            db.session().rollback()
            add_error(form, "text", texts.refusal_text(refusal))
        else:
            flash(_("The answer is published."), "success")
            return redirect(url_for(".objections", cycle_id=cycle_id), code=303)
    page = render_template(
        "appraisals/objection_answer.html", cycle=cycle, form=form, objection=objection, now=now
    )
    return page, 422 if form.is_submitted() else 200


def json_answer(content: object, name: str) -> Response:
    """Return JSON to be kept as a file."""
    answer = Response(json.dumps(content, ensure_ascii=False, indent=2), mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _step(cycle_id: uuid.UUID, step: Step, done: str) -> ResponseReturnValue:
    try:
        step(cycle_id=cycle_id, actor=require_actor(), now=datetime.now(UTC))
    except (NotEligible, NotFound):
        raise
    except CivicForumError as refusal:
        db.session().rollback()
        return _page(cycle_id, error=texts.refusal_text(refusal)), 422
    flash(done, "success")
    return redirect(url_for(".results", cycle_id=cycle_id), code=303)


def _cycle(cycle_id: uuid.UUID) -> Cycle:
    return get_cycle(
        db.session(), cycle_id=cycle_id, community_id=require_community().id, actor=current_actor()
    )


def _get(cycle_id: uuid.UUID) -> ResultPage:
    return queries.get_results(
        db.session(), cycle_id=cycle_id, community_id=require_community().id, actor=current_actor()
    )


def _page(cycle_id: uuid.UUID, *, error: str = "") -> str:
    page, actor, now = _get(cycle_id), current_actor(), datetime.now(UTC)
    return render_template(
        "appraisals/results.html",
        page=page,
        cycle=page.cycle,
        texts=texts,
        rows={one.subject.id: pictures.rows_of(one.figures) for one in page.lines},
        drawn=_drawn(page),
        leads=actor is not None and may_lead(actor, page.cycle.people),
        gives=actor is not None and actor.has(*GIVERS),
        is_second=actor is None or actor.person_id != page.cycle.chaired_by_id,
        rank_rule=rules_of(page.cycle).rule("appraisal.rank"),
        may_object=page.may_object(now),
        error=error,
        now=now,
    )


def _drawn(page: ResultPage) -> dict[uuid.UUID, Markup]:
    return {
        one.subject.id: pictures.grades_picture(one.figures, name=f"grades-{at}")
        for at, one in enumerate(page.lines, 1)
    }
