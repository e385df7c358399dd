"""Pages of carrying out: a new task, a report of progress, the report that the matter is done."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import require_actor, roles, signed_in
from civicforum.bodies.queries import list_bodies_held
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import Invalid
from civicforum.fields import add_error
from civicforum.matters.forms.carrying_out import REFUSALS, DoneForm, ProgressForm, TaskForm
from civicforum.matters.forms.fields import uploaded
from civicforum.matters.queries.after import get_matter_for
from civicforum.matters.queries.carrying_out import get_task, list_responsible
from civicforum.matters.rules import Act, check_report
from civicforum.matters.rules_after import parse_yuan
from civicforum.matters.services import carrying_out as services
from civicforum.matters.views.blueprint import bp
from civicforum.records.forms import photo_words
from civicforum.records.photos import PhotoRefused
from civicforum.rulebook.days import day_of


@bp.route("/<uuid:matter_id>/tasks/new", methods=["GET", "POST"])
@roles(Role.COMMITTEE)
def add_task(matter_id: uuid.UUID) -> ResponseReturnValue:
    actor, now, session = require_actor(), datetime.now(UTC), db.session()
    matter = get_matter_for(session, act=Act.ADD_TASK, matter_id=matter_id, actor=actor)
    form = TaskForm()
    form.offer(list_responsible(session, community_id=actor.community_id, day=day_of(now)))
    if form.validate_on_submit():
        try:
            services.add_task(
                matter_id=matter_id,
                actor=actor,
                title=form.title.data,
                body_id=form.body_id,
                owner_id=form.owner_id,
                standard=form.standard.data,
                money_cents=parse_yuan(form.money.data),
                money_source=form.money_source.data,
                starts_on=form.starts_on.data,
                due_on=form.due_on.data,
                now=now,
            )
            flash(_("The task is added. Everybody can follow it on this page."), "success")
            return redirect(url_for(".show", matter_id=matter_id, _anchor="tasks"), code=303)
        except Invalid as refusal:
            add_error(form, refusal.field, str(REFUSALS[refusal.reason]))
    return _page("add_task", form, matter=matter)


@bp.route("/tasks/<uuid:task_id>/report", methods=["GET", "POST"])
@signed_in
def report_progress(task_id: uuid.UUID) -> ResponseReturnValue:
    actor, now, session = require_actor(), datetime.now(UTC), db.session()
    task = get_task(session, task_id=task_id, community_id=actor.community_id)
    held = list_bodies_held(session, person_id=actor.person_id, day=day_of(now))
    check_report(task.matter.stage, actor.roles, holds_post=task.body_id in held)
    form = ProgressForm(progress=task.progress)
    if form.validate_on_submit():
        try:
            services.report_progress(
                task_id=task_id,
                actor=actor,
                progress=form.progress.data,
                text=form.text.data,
                photo=uploaded(form.photo),
                photo_description=form.photo_description.data,
                now=now,
            )
            flash(_("Your report is on the page of the matter."), "success")
            return redirect(url_for(".show", matter_id=task.matter_id, _anchor=f"task-{task_id}"), code=303)
        except PhotoRefused as refusal:
            add_error(form, "photo", photo_words(refusal))
        except Invalid as refusal:
            add_error(form, refusal.field, str(REFUSALS[refusal.reason]))
    return _page("report_progress", form, matter=task.matter, task=task)


@bp.route("/<uuid:matter_id>/done", methods=["GET", "POST"])
@roles(Role.COMMITTEE)
def report_done(matter_id: uuid.UUID) -> ResponseReturnValue:
    actor, now, session = require_actor(), datetime.now(UTC), db.session()
    matter = get_matter_for(session, act=Act.REPORT_DONE, matter_id=matter_id, actor=actor)
    form = DoneForm()
    if form.validate_on_submit():
        try:
            services.report_done(
                matter_id=matter_id,
                actor=actor,
                text=form.text.data,
                photo=uploaded(form.photo),
                photo_description=form.photo_description.data,
                now=now,
            )
            flash(_("The matter is reported done. Residents can now grade the result."), "success")
            return redirect(url_for(".show", matter_id=matter_id, _anchor="grades"), code=303)
        except PhotoRefused as refusal:
            add_error(form, "photo", photo_words(refusal))
        except Invalid as refusal:
            add_error(form, refusal.field, str(REFUSALS[refusal.reason]))
    return _page("report_done", form, matter=matter)


def _page(name: str, form: TaskForm | ProgressForm | DoneForm, **context: object) -> ResponseReturnValue:
    """Show a page with its form; one that was refused keeps what was typed."""
    page = render_template(f"matters/{name}.html", form=form, now=datetime.now(UTC), **context)
    return page, 422 if form.errors else 200
