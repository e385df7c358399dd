"""Comments: one's own, those on paper, the list of all, and their answers."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from civicforum.access import public, require_actor, roles, signed_in
from civicforum.accounts.current import current_actor
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.drafts import queries, services
from civicforum.drafts.errors import TooManyComments
from civicforum.drafts.forms import AnswerForm, CommentForm, EnterForm, handling_of
from civicforum.drafts.models import Draft
from civicforum.drafts.rules import ENTERED_BY, PUT_OUT_BY, CommentChannel, DraftState, Handling, passages
from civicforum.drafts.services.putting_out import count_handled
from civicforum.drafts.texts import CHANNELS, HANDLING_COLOURS, HANDLINGS, REFUSALS
from civicforum.drafts.views.blueprint import bp, draft_of
from civicforum.drafts.views.showing import show_page
from civicforum.errors import Invalid, NotEligible
from civicforum.fields import add_error
from civicforum.paging import page_number
from civicforum.security import by_person, limiter

# A person writes; a script floods. The quota of each person is the service's.
MANY_COMMENTS = "10 per minute"


@bp.post("/<uuid:draft_id>/comment")
@signed_in
@limiter.limit(MANY_COMMENTS, key_func=by_person)
def comment(draft_id: uuid.UUID) -> ResponseReturnValue:
    draft = draft_of(draft_id)
    form = CommentForm()
    form.offer(draft.text)
    if form.validate_on_submit():
        try:
            services.comment_on_draft(
                draft_id=draft_id,
                text=form.text.data,
                passage=form.passage.data or None,
                shows_name=form.shows_name.data,
                actor=require_actor(),
                now=datetime.now(UTC),
            )
        except Invalid as refused:
            add_error(form, refused.field, str(REFUSALS[refused.reason]))
        except TooManyComments:
            add_error(form, "text", _("You have commented as often as anybody may on one draft."))
        else:
            flash(_("Thank you. Your comment is entered, and will get an answer."), "success")
            return redirect(url_for(".show", draft_id=draft_id, _anchor="own"), code=303)
    return show_page(draft_id, form), 422


@bp.route("/<uuid:draft_id>/enter", methods=["GET", "POST"])
@roles(Role.COMMITTEE, Role.CLERK)
def enter(draft_id: uuid.UUID) -> ResponseReturnValue:
    """Write down a comment that came on paper or by word of mouth."""
    draft = draft_of(draft_id)
    form = EnterForm()
    form.offer(draft.text)
    if form.validate_on_submit():
        try:
            services.enter_comment(
                draft_id=draft_id,
                text=form.text.data,
                passage=form.passage.data or None,
                shows_name=form.shows_name.data,
                author_name=form.author_name.data,
                channel=CommentChannel(form.channel.data),
                actor=require_actor(),
                now=datetime.now(UTC),
            )
        except Invalid as refused:
            add_error(form, refused.field, str(REFUSALS[refused.reason]))
        else:
            flash(_("The comment is entered. Here is the next one."), "success")
            return redirect(url_for(".enter", draft_id=draft_id), code=303)
    body = render_template("drafts/enter.html", form=form, draft=draft)
    return body, 422 if form.is_submitted() else 200


@bp.get("/<uuid:draft_id>/comments")
@public
def comments(draft_id: uuid.UUID) -> ResponseReturnValue:
    """Show the comments with what became of them: to everybody once the draft is closed."""
    return _list(draft_of(draft_id), AnswerForm(formdata=None))


@bp.post("/<uuid:draft_id>/comments")
@roles(Role.COMMITTEE)
def answer(draft_id: uuid.UUID) -> ResponseReturnValue:
    draft = draft_of(draft_id)
    form = AnswerForm()
    chosen = request.form.getlist("comment", type=uuid.UUID)
    if form.validate_on_submit():
        try:
            answered = services.answer_comments(
                draft_id=draft_id,
                comment_ids=chosen,
                handling=handling_of(form),
                text=form.text.data,
                actor=require_actor(),
                now=datetime.now(UTC),
            )
        except Invalid as refused:
            add_error(form, refused.field, str(REFUSALS[refused.reason]))
        else:
            flash(ngettext("%(num)s comment answered.", "%(num)s comments answered.", answered), "success")
            return redirect(url_for(".comments", draft_id=draft_id, **_filters()), code=303)
    return _list(draft, form, set(chosen)), 422


def _list(draft: Draft, form: AnswerForm, chosen: set[uuid.UUID] | None = None) -> str:
    actor = current_actor()
    sees_all = actor is not None and actor.holds(*ENTERED_BY, Role.SUPERVISOR)
    if draft.state is not DraftState.CLOSED and not sees_all:
        raise NotEligible("comments before the result")
    filters = _filters()
    handling = filters.get("handling", "")
    return render_template(
        "drafts/comments.html",
        draft=draft,
        form=form,
        chosen=chosen or set(),
        page=queries.list_comments(
            db.session(),
            draft_id=draft.id,
            number=page_number(),
            text=filters.get("q", ""),
            passage=request.args.get("passage", type=int),
            handling=Handling(handling) if handling in list(Handling) else None,
            only_waiting=handling == "waiting",
        ),
        counts=count_handled(db.session(), draft.id),
        passages=passages(draft.text),
        filters=filters,
        may_answer=actor is not None
        and actor.assisted_by is None
        and actor.has(*PUT_OUT_BY)
        and draft.state is DraftState.OUT,
        handlings=HANDLINGS,
        colours=HANDLING_COLOURS,
        channels=CHANNELS,
    )


def _filters() -> dict[str, Any]:
    return {name: request.args[name] for name in ("q", "passage", "handling") if request.args.get(name)}
