"""From the stop to the certified result: the officer's pages."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import require_actor, roles
from civicforum.database import db
from civicforum.errors import Invalid, NotEligible, RuleRefused, TransitionNotAllowed
from civicforum.fields import add_error
from civicforum.lawbook.texts import verdict_text
from civicforum.polls.errors import BelowLeast, CountStopped, StepBlocked
from civicforum.polls.forms.results import MergeForm, PaperAloneForm, PlainForm
from civicforum.polls.models import Poll
from civicforum.polls.outcomes import question_from_json
from civicforum.polls.queries.blockers import list_next_blockers
from civicforum.polls.queries.polls import get_alone
from civicforum.polls.queries.results import find_counted
from civicforum.polls.rules import RUN_SOME, PollState
from civicforum.polls.services import counting, results, sealing
from civicforum.polls.texts_blockers import blocker_text
from civicforum.polls.texts_results import REFUSALS
from civicforum.polls.views.blueprint import bp


@bp.route("/<uuid:poll_id>/seal-count", methods=["GET", "POST"])
@roles(*RUN_SOME)
def seal_count(poll_id: uuid.UUID) -> ResponseReturnValue:
    poll = _to_run(poll_id)
    form = PlainForm()
    if form.validate_on_submit():
        return _stepped(poll_id, sealing.seal_count, _("What is counted is fixed now."), here="seal_count")
    session = db.session()
    return render_template(
        "polls/seal_count.html",
        poll=poll,
        form=form,
        paper_form=PaperAloneForm(),
        counted=sealing.count_ballots(session, poll_id) if poll.has_board else None,
        may_count_paper=sealing.may_count_paper_alone(session, poll),
        waiting=_waiting(poll),
    )


@bp.post("/<uuid:poll_id>/count-paper-alone")
@roles(*RUN_SOME)
def count_paper_alone(poll_id: uuid.UUID) -> ResponseReturnValue:
    poll, form = _to_run(poll_id), PaperAloneForm()
    if not form.validate_on_submit():
        page = render_template(
            "polls/seal_count.html",
            poll=poll,
            form=PlainForm(formdata=None),
            paper_form=form,
            counted=0,
            may_count_paper=True,
            waiting=[],
        )
        return page, 422

    def step(*, poll_id: uuid.UUID, actor: object, now: datetime) -> None:
        sealing.count_paper_alone(poll_id=poll_id, reason=form.reason.data, actor=require_actor(), now=now)

    return _stepped(poll_id, step, _("Decided: paper alone is counted."), here="seal_count")


@bp.route("/<uuid:poll_id>/count", methods=["GET", "POST"])
@roles(*RUN_SOME)
def count(poll_id: uuid.UUID) -> ResponseReturnValue:
    poll = _to_run(poll_id)
    form = PlainForm()
    if poll.state in (PollState.COUNTED, PollState.CERTIFIED):
        return redirect(url_for(".result", poll_id=poll_id), code=303)
    if form.validate_on_submit():
        return _stepped(poll_id, counting.count_poll, _("The vote is counted."), here="count", then="result")
    return render_template(
        "polls/count.html",
        poll=poll,
        form=form,
        waiting=_waiting(poll),
        awaits_platform=sealing.awaits_platform(db.session(), poll),
    )


@bp.route("/<uuid:poll_id>/certify", methods=["GET", "POST"])
@roles(*RUN_SOME)
def certify(poll_id: uuid.UUID) -> ResponseReturnValue:
    poll = _to_run(poll_id)
    form = PlainForm()
    if form.validate_on_submit():
        said = _("The result is certified. It does not change any more.")
        return _stepped(poll_id, results.certify, said, here="certify", then="result")
    return render_template("polls/certify.html", poll=poll, form=form, waiting=_waiting(poll))


@bp.route("/<uuid:poll_id>/result/merge", methods=["GET", "POST"])
@roles(*RUN_SOME)
def merge_write_in(poll_id: uuid.UUID) -> ResponseReturnValue:
    poll = find_counted(db.session(), poll_id=poll_id, community_id=require_actor().community_id)
    _check_may_run(poll)
    assert poll.result is not None  # noqa: S101
    form = MergeForm()
    form.offer([question_from_json(one) for one in poll.result.questions])
    if form.validate_on_submit():
        question, _colon, spelling = form.spelling.data.partition(":")
        in_question, _colon, name = form.name.data.partition(":")
        try:
            if question != in_question:
                raise Invalid("name", "name")
            results.merge_write_in(
                poll_id=poll_id,
                question=int(question),
                spelling=spelling,
                name=name,
                reason=form.reason.data,
                actor=require_actor(),
                now=datetime.now(UTC),
            )
        except Invalid as refusal:
            add_error(form, refusal.field, str(REFUSALS[refusal.reason]))
        else:
            flash(_("The two spellings are counted as one name. The reason is published."), "success")
            return redirect(url_for(".result", poll_id=poll_id), code=303)
    page = render_template("polls/merge_write_in.html", poll=poll, form=form)
    return page, 422 if form.is_submitted() else 200


def _to_run(poll_id: uuid.UUID) -> Poll:
    poll = get_alone(db.session(), poll_id=poll_id, community_id=require_actor().community_id)
    _check_may_run(poll)
    return poll


def _check_may_run(poll: Poll) -> None:
    if not poll.is_run_by(require_actor()):
        raise NotEligible(require_actor().person_id)


def _waiting(poll: Poll) -> list[str]:
    """Return what stands against the next step, in words."""
    return [blocker_text(one) for one in list_next_blockers(db.session(), poll, now=datetime.now(UTC))]


def _stepped(
    poll_id: uuid.UUID, step: Callable[..., None], said: str, *, here: str, then: str = "manage"
) -> ResponseReturnValue:
    """Take the step and go on, or come back to where it was asked for, saying what stands in the way."""
    try:
        step(poll_id=poll_id, actor=require_actor(), now=datetime.now(UTC))
    except StepBlocked as blocked:
        flash(" ".join(blocker_text(one) for one in blocked.blockers), "error")
    except BelowLeast as refusal:
        flash(
            _("%(counted)s < %(least)s: the box stays shut.", counted=refusal.counted, least=refusal.least),
            "error",
        )
    except CountStopped:
        flash(
            _(
                "Two counting programs come to different results. Nothing is published. Call whoever looks "
                "after the platform: the ballots have to be looked at first."
            ),
            "error",
        )
    except RuleRefused as refusal:
        flash(_("The poll cannot be counted. %(rule)s", rule=verdict_text(refusal.verdict)), "error")
    except TransitionNotAllowed:
        flash(_("This step cannot be taken now; somebody else may have been quicker."), "error")
    else:
        flash(said, "success")
        return redirect(url_for(f".{then}", poll_id=poll_id), code=303)
    return redirect(url_for(f".{here}", poll_id=poll_id), code=303)
