"""The desk: what waits, and the figures of the half-year that runs."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from civicforum import rulebook
from civicforum.access import require_actor, roles
from civicforum.accounts.current import require_community
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.rulebook.days import day_of
from civicforum.supervision.queries.desk import count_waiting
from civicforum.supervision.queries.figures import get_figures
from civicforum.supervision.rules import REPORTS_RULE, period_of
from civicforum.supervision.texts import FIGURES, WAITING
from civicforum.supervision.views.blueprint import bp


@bp.get("")
@roles(Role.SUPERVISOR)
def index() -> ResponseReturnValue:
    actor, now, session = require_actor(), datetime.now(UTC), db.session()
    book = rulebook.load(require_community().profile)
    period = period_of(day_of(now), book.count(REPORTS_RULE).least or 1)
    return render_template(
        "supervision/index.html",
        waiting=count_waiting(session, community_id=actor.community_id, now=now),
        rows=[(name, words, _where(name)) for name, words in WAITING.items()],
        period=period,
        figures=get_figures(session, community_id=actor.community_id, period=period, now=now),
        names=FIGURES,
        now=now,
    )


def _where(name: str) -> str:
    """Return the list on which something that waits is worked off."""
    places = {
        "drafts": url_for("notices.drafts"),
        "objections": url_for("notices.drafts"),
        "missing": url_for("notices.due"),
        "queries": url_for("notices.index"),
        "questions": url_for("supervision.questions", show="waiting"),
        "referrals": url_for("supervision.referrals"),
        "reports": url_for("supervision.reports"),
        "matters": url_for("matters.supervision", show="late"),
        "sessions": url_for("supervision.sessions"),
    }
    return places[name]
