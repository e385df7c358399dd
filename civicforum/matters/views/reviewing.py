"""The review queue, and the page on which a matter is studied and decided."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import require_actor, roles
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.matters import services
from civicforum.matters.forms.reviewing import DecisionForm, StudyForm
from civicforum.matters.models import Matter
from civicforum.matters.queries.comments import ARGUMENT
from civicforum.matters.queries.one import acts_of, get_story
from civicforum.matters.queries.queue import Tab, count_queue, count_returned, list_queue, stages_for
from civicforum.matters.queries.similar import list_similar
from civicforum.matters.rules import Act
from civicforum.matters.views.blueprint import bp
from civicforum.matters.views.showing import get_visible
from civicforum.matters.views.telling import path_of, review_note
from civicforum.meetings.queries.register import list_duties_of
from civicforum.paging import page_number


@bp.get("/queue")
@roles(Role.PARTY, Role.COMMITTEE)
def queue() -> ResponseReturnValue:
    actor, session, now = require_actor(), db.session(), datetime.now(UTC)
    wanted = request.args.get("tab", Tab.MINE.value)
    tab = Tab(wanted) if wanted in set(Tab) else Tab.MINE
    return render_template(
        "matters/queue.html",
        page=list_queue(session, actor=actor, tab=tab, number=page_number(), now=now),
        counts=count_queue(session, actor=actor, now=now),
        returned=count_returned(session, community_id=actor.community_id),
        tab=tab,
        now=now,
    )


@bp.get("/<uuid:matter_id>/review")
@roles(Role.PARTY, Role.COMMITTEE)
def review(matter_id: uuid.UUID) -> ResponseReturnValue:
    matter = get_visible(matter_id)
    mine = matter.stage in stages_for(require_actor().roles)
    return _review_page(matter, _form_for(matter) if mine else None)


@bp.post("/<uuid:matter_id>/study")
@roles(Role.PARTY)
def study(matter_id: uuid.UUID) -> ResponseReturnValue:
    form = StudyForm()
    if not form.validate_on_submit():
        return _review_page(get_visible(matter_id), form)
    services.study_matter(
        matter_id=matter_id,
        actor=require_actor(),
        outcome=form.chosen,
        text=form.text.data,
        now=datetime.now(UTC),
    )
    flash(_("The study is recorded. The residents' committee decides next."), "success")
    return redirect(url_for(".queue"), code=303)


@bp.post("/<uuid:matter_id>/decide")
@roles(Role.COMMITTEE)
def decide(matter_id: uuid.UUID) -> ResponseReturnValue:
    form = DecisionForm()
    if not form.validate_on_submit():
        return _review_page(get_visible(matter_id), form)
    services.decide_matter(
        matter_id=matter_id,
        actor=require_actor(),
        act=form.chosen,
        ground=form.chosen_ground,
        text=form.text.data,
        now=datetime.now(UTC),
    )
    flash(_decided(form.chosen), "success")
    return redirect(url_for(".queue"), code=303)


def _form_for(matter: Matter) -> StudyForm | DecisionForm:
    return StudyForm() if Act.STUDY in acts_of(matter, require_actor()) else DecisionForm()


def _review_page(matter: Matter, form: StudyForm | DecisionForm | None) -> ResponseReturnValue:
    """Show everything a reviewer needs on one page; an answer that was refused keeps what was typed."""
    actor, session, now = require_actor(), db.session(), datetime.now(UTC)
    story = get_story(session, matter=matter, actor=actor, comments=page_number(ARGUMENT), now=now)
    page = render_template(
        "matters/review.html",
        matter=matter,
        story=story,
        acts=story.acts,
        form=form,
        is_study=isinstance(form, StudyForm),
        path_steps=path_of(matter, story.entries),
        similar=list_similar(session, matter=matter),
        duties=list_duties_of(session, community_id=matter.community_id, categories=[matter.category]),
        review_note=review_note,
        now=now,
    )
    return page, 422 if form is not None and form.errors else 200


def _decided(act: Act) -> str:
    words = {
        Act.ACCEPT: _("Accepted. Plan its deliberation next."),
        Act.RETURN: _("Returned to the author, who reads what is missing."),
        Act.DECLINE: _("Declined, with its ground. Residents can still demand the assembly."),
        Act.ANSWER_DIRECTLY: _("Answered. The author and everybody else can read it."),
    }
    return str(words[act])
