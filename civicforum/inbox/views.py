"""The home page: what needs me, and what goes on in the community."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from civicforum.access import public
from civicforum.accounts.current import current_community

bp = Blueprint("inbox", __name__)


@bp.get("/")
@public
def home() -> ResponseReturnValue:
    community = current_community()
    if community is None:
        return redirect(url_for("preferences.communities"))
    return render_template("inbox/home.html")
