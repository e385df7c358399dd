"""Findings: the public list, one finding, and filing one."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import public, require_actor, roles
from civicforum.accounts.current import current_actor, require_community
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import AlreadyDone, Invalid
from civicforum.matters.forms.fields import uploaded
from civicforum.matters.rules import FindingKind
from civicforum.matters.texts_after import FINDINGS
from civicforum.paging import page_number
from civicforum.supervision import queries, services
from civicforum.supervision.forms import FindingForm
from civicforum.supervision.rules import may_supervise
from civicforum.supervision.subjects import PAGES, About, get_about, read_kind
from civicforum.supervision.texts import SUBJECTS
from civicforum.supervision.views.blueprint import bp
from civicforum.supervision.views.saying import say


@bp.get("/findings")
@public
def findings() -> ResponseReturnValue:
    chosen = request.args.get("kind", "")
    if chosen and chosen not in set(FindingKind):
        abort(404)
    page = queries.list_all_findings(
        db.session(),
        community_id=require_community().id,
        kind=FindingKind(chosen) if chosen else None,
        number=page_number(),
    )
    return render_template(
        "supervision/findings.html",
        page=page,
        chosen=chosen,
        kinds=FINDINGS,
        subjects=SUBJECTS,
        pages=PAGES,
        may_write=may_supervise(current_actor()),
    )


@bp.get("/findings/<uuid:finding_id>")
@public
def finding(finding_id: uuid.UUID) -> ResponseReturnValue:
    found = queries.get_finding(db.session(), finding_id=finding_id, community_id=require_community().id)
    return render_template(
        "supervision/finding.html",
        finding=found,
        subjects=SUBJECTS,
        pages=PAGES,
        may_write=may_supervise(current_actor()),
    )


@bp.route("/findings/new/<kind>/<uuid:subject_id>", methods=["GET", "POST"])
@roles(Role.SUPERVISOR)
def file_finding(kind: str, subject_id: uuid.UUID) -> ResponseReturnValue:
    actor, session = require_actor(), db.session()
    about = get_about(session, kind=read_kind(kind), subject_id=subject_id, community_id=actor.community_id)
    form = FindingForm(corrects_id=request.args.get("corrects", ""))
    form.offer(queries.list_findings(session, subject_kind=kind, subject_id=subject_id))
    if form.validate_on_submit():
        try:
            finding_id = services.file_finding(found=_found(form, about), actor=actor, now=datetime.now(UTC))
        except Invalid as refused:
            say(form, refused)
        except AlreadyDone as done:
            flash(_("This finding is already filed."), "info")
            return redirect(url_for(".finding", finding_id=done.args[0]), code=303)
        else:
            flash(_("The finding is filed and public."), "success")
            return redirect(url_for(".finding", finding_id=finding_id), code=303)
    body = render_template(
        "supervision/file_finding.html", form=form, about=about, subjects=SUBJECTS, pages=PAGES
    )
    return body, 422 if form.is_submitted() else 200


def _found(form: FindingForm, about: About) -> services.Found:
    photo = uploaded(form.photo)
    return services.Found(
        subject_kind=about.kind,
        subject_id=about.id,
        kind=FindingKind(form.kind.data),
        text=form.text.data,
        photos=[(photo, form.photo_description.data)] if photo is not None else [],
        corrects_id=form.corrects,
    )
