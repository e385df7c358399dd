"""The subdistrict's board: where the elections of all its communities stand."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from flask import render_template
from flask.typing import ResponseReturnValue

from civicforum.access import public
from civicforum.accounts.current import require_community
from civicforum.database import db
from civicforum.elections.queries.board import OVER, list_board
from civicforum.elections.rules import Stage
from civicforum.elections.views.blueprint import bp
from civicforum.rulebook.days import day_of


@bp.get("/board")
@public
def board() -> ResponseReturnValue:
    community, now = require_community(), datetime.now(UTC)
    lines = list_board(db.session(), subdistrict_id=community.subdistrict_id)
    today = day_of(now)
    elections = [line.election for line in lines if line.election]
    counts = Counter("over" if one.stage in OVER else "running" for one in elections)
    return render_template(
        "elections/board.html",
        subdistrict=community.subdistrict,
        own_id=community.id,
        lines=lines,
        communities=len({line.community_id for line in lines}),
        running=counts["running"],
        completed=sum(one.stage is Stage.CLOSED for one in elections),
        late=sum(line.is_late(today) for line in lines),
        today=today,
    )
