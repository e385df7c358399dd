"""Looking at new statements, and adding the convenor's own."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import require_actor, signed_in
from civicforum.database import db
from civicforum.errors import Invalid, NotEligible, NotFound, TransitionNotAllowed
from civicforum.fields import add_error
from civicforum.statements import queries, services
from civicforum.statements.forms import RejectForm, StatementForm
from civicforum.statements.models import Conversation, Statement
from civicforum.statements.rules import Fault, RejectReason, may_convene
from civicforum.statements.services.steps import chair_of
from civicforum.statements.texts import FAULTS
from civicforum.statements.views.blueprint import bp


@bp.route("/<uuid:conversation_id>/moderate", methods=["GET", "POST"])
@signed_in
def moderate(conversation_id: uuid.UUID) -> ResponseReturnValue:
    """List all statements by state; what is posted is another one of the convenor's own."""
    conversation, form = _conversation(conversation_id), StatementForm()
    if form.validate_on_submit():
        try:
            services.add_seed(
                conversation_id=conversation_id,
                text=form.text.data or "",
                actor=require_actor(),
                now=datetime.now(UTC),
            )
        except Invalid as refusal:
            add_error(form, refusal.field, str(FAULTS[Fault(refusal.reason)]))
        else:
            flash(_("The statement is shown now."), "success")
            return redirect(url_for(".moderate", conversation_id=conversation_id), code=303)
    statements = queries.list_statements(db.session(), conversation_id=conversation_id)
    shown = render_template(
        "statements/moderate.html", conversation=conversation, statements=statements, form=form
    )
    return shown, 422 if form.is_submitted() else 200


@bp.post("/statement/<uuid:statement_id>/show")
@signed_in
def show_statement(statement_id: uuid.UUID) -> ResponseReturnValue:
    statement = _statement(statement_id)
    conversation_id = statement.conversation_id
    try:
        services.show_statement(statement_id=statement_id, actor=require_actor(), now=datetime.now(UTC))
        flash(_("The statement is shown now."), "success")
    except TransitionNotAllowed:
        flash(_("Somebody has already decided on this statement."), "error")
    return redirect(url_for(".moderate", conversation_id=conversation_id), code=303)


@bp.route("/statement/<uuid:statement_id>/reject", methods=["GET", "POST"])
@signed_in
def reject(statement_id: uuid.UUID) -> ResponseReturnValue:
    statement, form = _statement(statement_id), RejectForm()
    conversation_id = statement.conversation_id
    if form.validate_on_submit():
        try:
            services.reject_statement(
                statement_id=statement_id,
                reason=RejectReason(form.reason.data),
                actor=require_actor(),
                now=datetime.now(UTC),
            )
            flash(_("The statement is not shown. Its author can read why."), "success")
        except TransitionNotAllowed:
            flash(_("Somebody has already decided on this statement."), "error")
        return redirect(url_for(".moderate", conversation_id=conversation_id), code=303)
    shown = render_template("statements/reject.html", statement=statement, form=form)
    return shown, 422 if form.is_submitted() else 200


def _statement(statement_id: uuid.UUID) -> Statement:
    statement = db.session.get(Statement, statement_id)
    if statement is None:
        raise NotFound(statement_id)
    _conversation(statement.conversation_id)
    return statement


def _conversation(conversation_id: uuid.UUID) -> Conversation:
    actor = require_actor()
    conversation = queries.get_conversation(
        db.session(), conversation_id=conversation_id, community_id=actor.community_id
    )
    if not may_convene(actor, chair_id=chair_of(conversation)):
        raise NotEligible(actor.person_id)
    return conversation
