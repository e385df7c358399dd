"""Experts' opinions, and the end of a round: its result, or taking the draft back."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from civicforum.access import require_actor, roles
from civicforum.bodies.rules import Role
from civicforum.drafts import services
from civicforum.drafts.errors import CommentsUnanswered, StillOut
from civicforum.drafts.forms import CloseForm, OpinionForm, WithdrawForm
from civicforum.drafts.views.blueprint import bp, draft_of


@bp.route("/<uuid:draft_id>/opinion", methods=["GET", "POST"])
@roles(Role.COMMITTEE)
def add_opinion(draft_id: uuid.UUID) -> ResponseReturnValue:
    draft = draft_of(draft_id)
    form = OpinionForm()
    if form.validate_on_submit():
        services.add_opinion(
            draft_id=draft_id,
            author=form.author.data,
            unit=form.unit.data,
            text=form.text.data,
            actor=require_actor(),
            now=datetime.now(UTC),
        )
        flash(_("The opinion is attached to the draft."), "success")
        return redirect(url_for(".show", draft_id=draft_id, _anchor="opinions"), code=303)
    body = render_template("drafts/add_opinion.html", form=form, draft=draft)
    return body, 422 if form.is_submitted() else 200


@bp.route("/<uuid:draft_id>/close", methods=["GET", "POST"])
@roles(Role.COMMITTEE)
def close(draft_id: uuid.UUID) -> ResponseReturnValue:
    draft = draft_of(draft_id)
    form = CloseForm()
    if form.validate_on_submit():
        try:
            services.close_draft(
                draft_id=draft_id,
                final_text=form.final_text.data,
                actor=require_actor(),
                now=datetime.now(UTC),
            )
        except CommentsUnanswered as refused:
            flash(
                ngettext(
                    "Not closed: %(num)s comment has no answer yet.",
                    "Not closed: %(num)s comments have no answer yet.",
                    refused.number,
                ),
                "error",
            )
            return redirect(url_for(".comments", draft_id=draft_id, handling="waiting"), code=303)
        except StillOut:
            flash(_("Not closed: people can still comment until the last day."), "error")
        else:
            flash(_("The round is closed and its result posted."), "success")
        return redirect(url_for(".show", draft_id=draft_id), code=303)
    if not form.is_submitted():
        form.final_text.data = draft.text
    body = render_template("drafts/close.html", form=form, draft=draft)
    return body, 422 if form.is_submitted() else 200


@bp.route("/<uuid:draft_id>/withdraw", methods=["GET", "POST"])
@roles(Role.COMMITTEE)
def withdraw(draft_id: uuid.UUID) -> ResponseReturnValue:
    draft = draft_of(draft_id)
    form = WithdrawForm()
    if form.validate_on_submit():
        services.withdraw_draft(
            draft_id=draft_id, reason=form.reason.data, actor=require_actor(), now=datetime.now(UTC)
        )
        flash(_("The draft is withdrawn, and a notice says why."), "success")
        return redirect(url_for(".show", draft_id=draft_id), code=303)
    body = render_template("drafts/withdraw.html", form=form, draft=draft)
    return body, 422 if form.is_submitted() else 200
