"""Who voted how in a named vote, for everybody, once voting has ended."""

from __future__ import annotations

import uuid

from flask import render_template
from flask.typing import ResponseReturnValue

from civicforum.access import public
from civicforum.accounts.current import require_community
from civicforum.database import db
from civicforum.paging import page_number
from civicforum.polls.queries import votes as queries
from civicforum.polls.queries.votes import NamedVote
from civicforum.polls.questions import QuestionSpec
from civicforum.polls.texts_answers import answer_lines
from civicforum.polls.views.blueprint import bp


@bp.get("/<uuid:poll_id>/votes")
@public
def votes(poll_id: uuid.UUID) -> ResponseReturnValue:
    session = db.session()
    poll = queries.get_named(session, poll_id=poll_id, community_id=require_community().id)
    specs = poll.specs
    page = queries.list_votes(session, poll_id=poll.id, number=page_number())
    return render_template(
        "polls/votes.html",
        poll=poll,
        specs=specs,
        page=page.map(lambda vote: (vote, _lines(vote, specs))),
    )


def _lines(vote: NamedVote, specs: list[QuestionSpec]) -> list[list[str]]:
    """Return what was answered, question by question; nothing of who did not vote."""
    if vote.answers is None:
        return []
    return [answer_lines(spec, answer) for spec, answer in zip(specs, vote.answers, strict=True)]
