"""Pages of the rules in force, open to everybody."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from civicforum.access import public
from civicforum.accounts.current import current_community
from civicforum.lawbook import queries
from civicforum.rulebook import BASE, SHANGHAI, Rulebook

bp = Blueprint("rules", __name__, url_prefix="/rules")


@bp.get("")
@public
def index() -> ResponseReturnValue:
    today = datetime.now(SHANGHAI).date()
    home = _home_rulebook()
    book = queries.get_rulebook(request.args.get("profile") or home.name, today)
    search = request.args.get("q", "").strip()[:80]
    return render_template(
        "rules/index.html",
        book=book,
        home=home,
        books=queries.list_rulebooks(today),
        search=search,
        sections=queries.list_sections(book, home=home, search=search),
    )


@bp.get("/<rule_id>")
@public
def show(rule_id: str) -> ResponseReturnValue:
    today = datetime.now(SHANGHAI).date()
    home = _home_rulebook()
    book = queries.get_rulebook(request.args.get("profile") or home.name, today)
    return render_template(
        "rules/show.html",
        book=book,
        home=home,
        titles={each.name: each for each in queries.list_rulebooks(today)},
        rule=queries.get_rule(book, rule_id),
        versions=queries.list_versions(rule_id, today),
    )


def _home_rulebook() -> Rulebook:
    """Return the rules of the visitor's community, or the national ones where none is chosen."""
    community = current_community()
    return queries.get_rulebook(community.profile if community else BASE, datetime.now(SHANGHAI).date())
