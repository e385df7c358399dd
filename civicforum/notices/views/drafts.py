"""Drafts of notices: written, reviewed, answered, met about, posted. For officers alone."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum import rulebook
from civicforum.access import require_actor, roles
from civicforum.accounts.current import require_community
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import Invalid
from civicforum.notices import queries, services
from civicforum.notices.calendar import judge_due
from civicforum.notices.errors import PersonalData
from civicforum.notices.forms import AnswerForm, DraftForm, MeetingForm, ReasonForm, ReviewForm
from civicforum.notices.models import NoticeDraft
from civicforum.notices.pii import Place
from civicforum.notices.rules import DRAFTS, POSTS, REVIEWS, DraftState, may_draft, may_post, may_review
from civicforum.notices.texts import STATES
from civicforum.notices.views.blueprint import bp
from civicforum.notices.views.refusing import refuse
from civicforum.paging import page_number
from civicforum.rulebook import Verdict

# The party organisation reads what the joint meeting will be about.
READS = (*DRAFTS, *REVIEWS, Role.PARTY)


@bp.app_template_filter()
def draft_state(state: DraftState) -> str:
    return str(STATES[state])


@bp.get("/drafts")
@roles(*READS)
def drafts() -> ResponseReturnValue:
    return render_template(
        "notices/drafts.html",
        page=queries.list_drafts(db.session(), community_id=require_community().id, number=page_number()),
        may_draft=may_draft(require_actor()),
        now=datetime.now(UTC),
    )


@bp.route("/drafts/new", methods=["GET", "POST"])
@roles(*DRAFTS)
def new_draft() -> ResponseReturnValue:
    form = _draft_form()
    if form.validate_on_submit():
        try:
            draft_id = services.start_draft(given=form.given(), actor=require_actor(), now=datetime.now(UTC))
        except Invalid as refusal:
            refuse(form, refusal)
        else:
            return redirect(url_for(".draft", draft_id=draft_id), code=303)
    elif not form.is_submitted():
        form.answers.data = _asked_for()
    body = render_template("notices/write_draft.html", form=form, draft=None)
    return body, 422 if form.is_submitted() else 200


@bp.get("/drafts/<uuid:draft_id>")
@roles(*READS)
def draft(draft_id: uuid.UUID) -> ResponseReturnValue:
    return _show(_get(draft_id))


@bp.route("/drafts/<uuid:draft_id>/change", methods=["GET", "POST"])
@roles(*DRAFTS)
def change_draft(draft_id: uuid.UUID) -> ResponseReturnValue:
    draft = _get(draft_id)
    form = _draft_form()
    if not form.is_submitted():
        form.fill(draft)
    elif form.validate():
        try:
            services.change_draft(
                draft_id=draft_id, given=form.given(), actor=require_actor(), now=datetime.now(UTC)
            )
        except Invalid as refusal:
            refuse(form, refusal)
        else:
            return redirect(url_for(".draft", draft_id=draft_id), code=303)
    body = render_template("notices/write_draft.html", form=form, draft=draft)
    return body, 422 if form.is_submitted() else 200


@bp.post("/drafts/<uuid:draft_id>/hand-in")
@roles(*DRAFTS)
def hand_in(draft_id: uuid.UUID) -> ResponseReturnValue:
    return _step(draft_id, services.hand_in, _("The supervision committee has the draft now."))


@bp.post("/drafts/<uuid:draft_id>/take-back")
@roles(*DRAFTS)
def take_back(draft_id: uuid.UUID) -> ResponseReturnValue:
    return _step(draft_id, services.take_back, _("The draft is yours again. Changed, it is reviewed anew."))


@bp.route("/drafts/<uuid:draft_id>/drop", methods=["GET", "POST"])
@roles(*DRAFTS)
def drop_draft(draft_id: uuid.UUID) -> ResponseReturnValue:
    draft, form = _get(draft_id), ReasonForm()
    if form.validate_on_submit():
        services.drop_draft(
            draft_id=draft_id, reason=form.reason.data, actor=require_actor(), now=datetime.now(UTC)
        )
        flash(_("The draft is given up."), "success")
        return redirect(url_for(".drafts"), code=303)
    body = render_template("notices/drop_draft.html", form=form, draft=draft)
    return body, 422 if form.is_submitted() else 200


@bp.post("/drafts/<uuid:draft_id>/review")
@roles(*REVIEWS)
def review_draft(draft_id: uuid.UUID) -> ResponseReturnValue:
    draft, form, actor, now = _get(draft_id), ReviewForm(), require_actor(), datetime.now(UTC)
    if not form.validate():
        return _show(draft, form=form)
    try:
        if form.verdict.data == "clear":
            services.clear_draft(draft_id=draft_id, actor=actor, now=now)
        else:
            services.object_to_draft(draft_id=draft_id, text=form.text.data, actor=actor, now=now)
    except Invalid as refusal:
        refuse(form, refusal)
        return _show(draft, form=form)
    flash(_("The committee sees what you said."), "success")
    return redirect(url_for(".draft", draft_id=draft_id), code=303)


@bp.route("/drafts/<uuid:draft_id>/answer", methods=["GET", "POST"])
@roles(*DRAFTS)
def answer_objection(draft_id: uuid.UUID) -> ResponseReturnValue:
    draft, form = _get(draft_id), AnswerForm()
    places: Sequence[Place] = []
    objection = draft.objections[-1] if draft.objections else None
    if not form.is_submitted():
        form.title.data, form.text.data = draft.title, draft.text
    elif form.validate() and objection is not None:
        try:
            services.answer_objection(
                objection_id=objection.id, given=form.given(), actor=require_actor(), now=datetime.now(UTC)
            )
        except Invalid as refusal:
            places = refuse(form, refusal)
        else:
            flash(_("The supervision committee sees the draft again."), "success")
            return redirect(url_for(".draft", draft_id=draft_id), code=303)
    body = render_template(
        "notices/answer_objection.html", form=form, draft=draft, objection=objection, places=places
    )
    return body, 422 if form.is_submitted() else 200


@bp.post("/drafts/<uuid:draft_id>/met")
@roles(*POSTS)
def record_meeting(draft_id: uuid.UUID) -> ResponseReturnValue:
    draft, form, now = _get(draft_id), MeetingForm(), datetime.now(UTC)
    form.offer(queries.list_meetings_held(db.session(), community_id=draft.community_id, now=now))
    if not form.validate():
        return _show(draft, form=form)
    try:
        services.record_meeting(draft_id=draft_id, given=form.given(), actor=require_actor(), now=now)
    except Invalid as refusal:
        refuse(form, refusal)
        return _show(draft, form=form)
    flash(_("The joint meeting is recorded."), "success")
    return redirect(url_for(".draft", draft_id=draft_id), code=303)


@bp.post("/drafts/<uuid:draft_id>/post")
@roles(*POSTS)
def post_draft(draft_id: uuid.UUID) -> ResponseReturnValue:
    try:
        notice_id = services.post_draft(draft_id=draft_id, actor=require_actor(), now=datetime.now(UTC))
    except PersonalData as refusal:
        return _show(_get(draft_id), places=refusal.places)
    flash(_("The notice is posted. Print its sheet for the board in the street."), "success")
    return redirect(url_for(".show", notice_id=notice_id), code=303)


def _get(draft_id: uuid.UUID) -> NoticeDraft:
    return queries.get_draft(db.session(), draft_id=draft_id, community_id=require_community().id)


def _step(draft_id: uuid.UUID, service: Callable[..., None], done: str) -> ResponseReturnValue:
    """Take a step that is one button; numbers found in the text are shown on the page of the draft."""
    try:
        service(draft_id=draft_id, actor=require_actor(), now=datetime.now(UTC))
    except PersonalData as refusal:
        return _show(_get(draft_id), places=refusal.places)
    flash(done, "success")
    return redirect(url_for(".draft", draft_id=draft_id), code=303)


def _show(
    draft: NoticeDraft, *, form: ReviewForm | MeetingForm | None = None, places: Sequence[Place] = ()
) -> ResponseReturnValue:
    """Return the page of a draft with the one form that its state asks of this reader."""
    actor, now = require_actor(), datetime.now(UTC)
    body = render_template(
        "notices/draft.html",
        draft=draft,
        places=places,
        form=form or _form_for(draft, now),
        verdict=_in_time(draft, now),
        may_draft=may_draft(actor),
        may_post=may_post(actor),
        may_review=may_review(actor) and actor.person_id != draft.drafted_by_id,
        now=now,
    )
    return body, 422 if places or form is not None else 200


def _form_for(draft: NoticeDraft, now: datetime) -> ReviewForm | MeetingForm | None:
    if draft.state is DraftState.IN_REVIEW:
        return ReviewForm()
    if draft.state is not DraftState.REVIEWED:
        return None
    form = MeetingForm()
    form.offer(queries.list_meetings_held(db.session(), community_id=draft.community_id, now=now))
    return form


def _in_time(draft: NoticeDraft, now: datetime) -> Verdict | None:
    """Return whether posting now would be in time; None for what no clock waits for."""
    last = draft.due.period_until if draft.due else draft.formed_on
    if draft.item is None or draft.due_at is None or last is None:
        return None
    book = rulebook.load(require_community().profile)
    return judge_due(draft.item.rhythm, last, draft.due_at, now, book)


def _draft_form() -> DraftForm:
    session, community_id = db.session(), require_community().id
    form = DraftForm()
    form.offer(
        queries.list_open(session, community_id=community_id),
        queries.list_ad_hoc(session, community_id=community_id),
        queries.list_to_repost(session, community_id=community_id),
    )
    return form


def _asked_for() -> str:
    """Return what the link that led here asks for, in the words of the form."""
    for kind in ("due", "item", "repost"):
        if found := request.args.get(kind, type=uuid.UUID):
            return f"{kind}:{found}"
    return ""
