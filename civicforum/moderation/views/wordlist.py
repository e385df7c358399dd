"""The words that hold texts back: the list for those who keep and watch it."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from civicforum.access import require_actor, roles
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import AlreadyDone, Invalid
from civicforum.fields import add_error
from civicforum.moderation import queries, services
from civicforum.moderation.forms import EndForm, WordsForm
from civicforum.moderation.rules import HELD_RULE, WORDS_KEPT_BY
from civicforum.moderation.texts import REFUSALS
from civicforum.moderation.views.blueprint import bp, rule
from civicforum.paging import page_number


@bp.route("/words", methods=["GET", "POST"])
@roles(Role.COMMITTEE, Role.ADMIN, Role.SUPERVISOR)
def words() -> ResponseReturnValue:
    actor, form, session = require_actor(), WordsForm(), db.session()
    if form.validate_on_submit():
        try:
            added = services.add_words(
                lines=form.words.data.splitlines(), why=form.why.data, actor=actor, now=datetime.now(UTC)
            )
            flash(ngettext("%(num)s word is added.", "%(num)s words are added.", added), "success")
            return redirect(url_for(".words"), code=303)
        except Invalid as refusal:
            add_error(form, refusal.field, str(REFUSALS[refusal.reason]))
    page = render_template(
        "moderation/words.html",
        form=form,
        page=queries.list_words(session, community_id=actor.community_id, number=page_number()),
        count=queries.count_words(session, community_id=actor.community_id),
        may_keep=actor.holds(*WORDS_KEPT_BY),
        rule=rule(HELD_RULE),
    )
    return page, 422 if form.errors else 200


@bp.route("/words/<uuid:word_id>/end", methods=["GET", "POST"])
@roles(Role.COMMITTEE, Role.ADMIN)
def end_word(word_id: uuid.UUID) -> ResponseReturnValue:
    actor, form = require_actor(), EndForm()
    word = queries.get_word(db.session(), word_id=word_id, community_id=actor.community_id)
    if form.validate_on_submit():
        try:
            services.end_word(word_id=word_id, why=form.why.data, actor=actor, now=datetime.now(UTC))
            flash(_("The word holds nothing back any more. It stays in the list as ended."), "success")
        except AlreadyDone:
            flash(_("This word is ended already."), "info")
        return redirect(url_for(".words"), code=303)
    page = render_template("moderation/end_word.html", form=form, word=word)
    return page, 422 if form.errors else 200
