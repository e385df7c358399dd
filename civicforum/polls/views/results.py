"""The result of a poll, for everybody, and as a table for other programs; objections to it."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from civicforum.access import public, require_actor, roles, signed_in
from civicforum.accounts.current import current_actor, require_community
from civicforum.database import db
from civicforum.errors import AlreadyDone, Invalid
from civicforum.fields import add_error
from civicforum.paging import page_number
from civicforum.polls import texts_results as texts
from civicforum.polls.forms.results import AnswerForm, ObjectForm
from civicforum.polls.queries import results as queries
from civicforum.polls.queries.results import ResultPage
from civicforum.polls.queries.votes import shows_votes
from civicforum.polls.result_pictures import pictures_of
from civicforum.polls.rules import RUN_SOME
from civicforum.polls.services import results as services
from civicforum.polls.services.steps import rules_of
from civicforum.polls.views.blueprint import bp
from civicforum.spreadsheets import plain_row
from civicforum.tabulation.language import Language


@bp.get("/<uuid:poll_id>/result")
@public
def result(poll_id: uuid.UUID) -> ResponseReturnValue:
    page = _page(poll_id)
    actor = current_actor()
    language = Language(str(get_locale()), _, _plural)
    return render_template(
        "polls/result.html",
        page=page,
        poll=page.poll,
        texts=texts,
        now=datetime.now(UTC),
        pictures=[pictures_of(one, language, number) for number, one in enumerate(page.questions, 1)],
        may_run=actor is not None and page.poll.is_run_by(actor),
        shows_votes=shows_votes(page.poll),
    )


@bp.get("/<uuid:poll_id>/result.csv")
@public
def result_csv(poll_id: uuid.UUID) -> ResponseReturnValue:
    page = _page(poll_id)
    written = io.StringIO()
    csv.writer(written).writerows(map(plain_row, _rows(page)))
    # The mark lets spreadsheets read Chinese.
    answer = Response("\ufeff" + written.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="result-{page.poll.id}.csv"'
    return answer


@bp.get("/<uuid:poll_id>/result/objections")
@public
def result_objections(poll_id: uuid.UUID) -> ResponseReturnValue:
    poll = queries.find_counted(db.session(), poll_id=poll_id, community_id=require_community().id)
    actor = current_actor()
    return render_template(
        "polls/result_objections.html",
        poll=poll,
        objections=queries.list_objections(db.session(), poll_id=poll_id, number=page_number()),
        may_answer=actor is not None and poll.is_run_by(actor),
        may_object=services.may_be_objected_to(poll),
        now=datetime.now(UTC),
    )


@bp.route("/<uuid:poll_id>/result/object", methods=["GET", "POST"])
@signed_in
def object_to_result(poll_id: uuid.UUID) -> ResponseReturnValue:
    poll = queries.find_counted(db.session(), poll_id=poll_id, community_id=require_actor().community_id)
    form = ObjectForm()
    if form.validate_on_submit():
        try:
            services.object_to_result(
                poll_id=poll_id, text=form.text.data, actor=require_actor(), now=datetime.now(UTC)
            )
        except Invalid as refusal:
            add_error(form, "text", str(texts.REFUSALS[refusal.reason]))
        else:
            flash(_("Your objection is filed. It is answered in writing, for everybody to read."), "success")
            return redirect(url_for(".result_objections", poll_id=poll_id), code=303)
    page = render_template(
        "polls/object_to_result.html",
        poll=poll,
        form=form,
        rule=rules_of(poll).clock(services.answer_rule(poll)),
    )
    return page, 422 if form.is_submitted() else 200


@bp.route("/<uuid:poll_id>/result/objections/<uuid:objection_id>", methods=["GET", "POST"])
@roles(*RUN_SOME)
def answer_objection(poll_id: uuid.UUID, objection_id: uuid.UUID) -> ResponseReturnValue:
    poll = queries.find_counted(db.session(), poll_id=poll_id, community_id=require_actor().community_id)
    objection = queries.get_objection(db.session(), poll_id=poll_id, objection_id=objection_id)
    form = AnswerForm()
    if form.validate_on_submit():
        try:
            services.answer_objection(
                objection_id=objection_id,
                answer=form.text.data,
                actor=require_actor(),
                now=datetime.now(UTC),
            )
        except AlreadyDone:
            flash(_("This objection has been answered already; somebody else was quicker."), "info")
        else:
            flash(_("The answer is published."), "success")
        return redirect(url_for(".result_objections", poll_id=poll_id), code=303)
    page = render_template(
        "polls/answer_objection.html", poll=poll, form=form, objection=objection, now=datetime.now(UTC)
    )
    return page, 422 if form.is_submitted() else 200


def _page(poll_id: uuid.UUID) -> ResultPage:
    return queries.get_result(db.session(), poll_id=poll_id, community_id=require_community().id)


def _plural(one: str, many: str, number: int) -> str:
    return str(ngettext(one, many, number))


def _rows(page: ResultPage) -> Iterator[list[object]]:
    """Yield the figures of the page, a number a row; screen and paper apart only where the page does so."""
    yield [_("Question"), _("Option"), _("Figure"), _("On screen"), _("On paper"), _("Together")]
    for question in page.questions:
        papers = question.papers
        for what, name in ((_("Valid ballots"), "valid"), (_("Invalid ballots"), "invalid")):
            found = [getattr(one, name) for one in (papers.online, papers.paper, papers.together)]
            yield [question.title, "", what, *_shown(page, *found)]
        for line in question.lines:
            split = line.figures
            for what, *ways in zip(question.columns, split.online, split.paper, split.together, strict=True):
                yield [question.title, line.name, texts.column_name(what), *_shown(page, *ways)]
        names = [line.name for line in question.lines]
        for order, online, paper in question.rankings:
            ranked = " > ".join(names[at] for at in order)
            yield [
                question.title,
                ranked,
                _("This order"),
                *_shown(page, online, paper, online + paper),
            ]


def _shown(page: ResultPage, online: int, paper: int, together: int) -> list[object]:
    return [online, paper, together] if page.shows_ways else ["", "", together]
