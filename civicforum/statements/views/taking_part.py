"""Taking part: one statement at a time, one's own statements and answers."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import require_actor, signed_in
from civicforum.database import db
from civicforum.errors import Invalid
from civicforum.fields import add_error
from civicforum.security import POSTING, by_person, limiter
from civicforum.statements import queries, services
from civicforum.statements.errors import NotInvited
from civicforum.statements.forms import StatementForm
from civicforum.statements.queries.listing import ConversationPage
from civicforum.statements.rules import Answer, ConversationState, Fault, StatementState
from civicforum.statements.texts import FAULTS
from civicforum.statements.views.blueprint import bp


@bp.get("/<uuid:conversation_id>/answer")
@signed_in
def answer(conversation_id: uuid.UUID) -> ResponseReturnValue:
    """Show the statement that this person is asked next, or one answered before that is to be changed."""
    page = _page(conversation_id)
    if page.conversation.state is not ConversationState.OPEN:
        return redirect(url_for(".show", conversation_id=conversation_id))
    if not page.takes_part:
        raise NotInvited(conversation_id)
    session, person_id = db.session(), require_actor().person_id
    question = queries.next_question(
        session, conversation=page.conversation, grouping=page.grouping, person_id=person_id
    )
    chosen = request.args.get("statement", type=uuid.UUID)
    if chosen is not None:
        statement = queries.get_question(session, statement_id=chosen, conversation=page.conversation)
        return render_template(
            "statements/answer.html", page=page, statement=statement, question=None, answers=Answer
        )
    if question is None:
        return redirect(url_for(".mine", conversation_id=conversation_id))
    return render_template(
        "statements/answer.html", page=page, statement=question.statement, question=question, answers=Answer
    )


@bp.post("/statement/<uuid:statement_id>/vote")
@signed_in
def vote(statement_id: uuid.UUID) -> ResponseReturnValue:
    given = request.form.get("answer")
    if given not in list(Answer):
        abort(422)
    conversation_id = services.cast_vote(
        statement_id=statement_id, answer=Answer(given), actor=require_actor(), now=datetime.now(UTC)
    )
    to = ".mine" if request.form.get("to") == "mine" else ".answer"
    return redirect(url_for(to, conversation_id=conversation_id), code=303)


@bp.get("/<uuid:conversation_id>/mine")
@signed_in
def mine(conversation_id: uuid.UUID) -> ResponseReturnValue:
    """Thank whoever has answered everything, and show what they said."""
    page = _page(conversation_id)
    found = queries.list_mine(
        db.session(), conversation=page.conversation, person_id=require_actor().person_id
    )
    return render_template("statements/mine.html", page=page, conversation=page.conversation, mine=found)


@bp.route("/<uuid:conversation_id>/add", methods=["GET", "POST"])
@signed_in
@limiter.limit(POSTING, methods=["POST"], key_func=by_person)
def add(conversation_id: uuid.UUID) -> ResponseReturnValue:
    page, form = _page(conversation_id), StatementForm()

    def save() -> StatementState:
        return services.add_statement(
            conversation_id=conversation_id,
            text=form.text.data or "",
            actor=require_actor(),
            now=datetime.now(UTC),
        )

    return _statement_page(page, form, save, is_new=True)


@bp.route("/statement/<uuid:statement_id>/change", methods=["GET", "POST"])
@signed_in
@limiter.limit(POSTING, methods=["POST"], key_func=by_person)
def change(statement_id: uuid.UUID) -> ResponseReturnValue:
    statement = queries.get_own_statement(db.session(), statement_id=statement_id, actor=require_actor())
    page, form = _page(statement.conversation_id), StatementForm()
    if not form.is_submitted():
        form.text.data = statement.text

    def save() -> StatementState:
        return services.change_statement(
            statement_id=statement_id,
            text=form.text.data or "",
            actor=require_actor(),
            now=datetime.now(UTC),
        )

    return _statement_page(page, form, save, is_new=False)


def _statement_page(
    page: ConversationPage, form: StatementForm, save: Callable[[], StatementState], *, is_new: bool
) -> ResponseReturnValue:
    if form.validate_on_submit():
        try:
            state = save()
        except Invalid as refusal:
            add_error(form, refusal.field, str(FAULTS[Fault(refusal.reason)]))
        else:
            said = (
                _("Your statement is shown to the others now.")
                if state is StatementState.SHOWN
                else _("Thank you. Your statement is shown as soon as somebody has looked at it.")
            )
            flash(said, "success")
            return redirect(url_for(".mine", conversation_id=page.conversation.id), code=303)
    shown = render_template(
        "statements/add.html", page=page, conversation=page.conversation, form=form, is_new=is_new
    )
    return shown, 422 if form.is_submitted() else 200


def _page(conversation_id: uuid.UUID) -> ConversationPage:
    actor = require_actor()
    return queries.get_page(
        db.session(),
        conversation_id=conversation_id,
        community_id=actor.community_id,
        actor=actor,
        now=datetime.now(UTC),
    )
