"""The screen in the hall at the count: public, large, and made anew by itself."""

from __future__ import annotations

import uuid

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from civicforum.access import public
from civicforum.accounts.current import require_community
from civicforum.database import db
from civicforum.polls import texts_results
from civicforum.polls.queries.hall import HallPage, get_hall
from civicforum.polls.texts_paper import BOX_STATES
from civicforum.polls.views.blueprint import bp

# Long enough to read a page from the back of the hall.
SECONDS = 20


@bp.get("/<uuid:poll_id>/hall")
@public
def hall(poll_id: uuid.UUID) -> ResponseReturnValue:
    """What is voted on, where each box is and how its papers add up; once counted, question by question.

    `still` stops the page from being made anew, `at` names the question that is shown large.
    """
    page = get_hall(db.session(), poll_id=poll_id, community_id=require_community().id)
    questions = len(page.result.questions) if page.result else 0
    at = min(max(request.args.get("at", 1, type=int), 1), max(questions, 1))
    return render_template(
        "polls/hall.html",
        page=page,
        poll=page.poll,
        at=at,
        is_still="still" in request.args,
        following=_following(page, at),
        seconds=SECONDS,
        texts=texts_results,
        states=BOX_STATES,
    )


def _following(page: HallPage, at: int) -> str:
    """Return the address that comes next: the same page, or the next question of a result."""
    questions = len(page.result.questions) if page.result else 0
    if questions <= 1:
        return url_for(".hall", poll_id=page.poll.id)
    return url_for(".hall", poll_id=page.poll.id, at=at % questions + 1)
