"""The page about open data, for people."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from civicforum.access import public
from civicforum.accounts.current import require_community
from civicforum.api.openapi import ROOT
from civicforum.api.texts import KINDS
from civicforum.notices.texts import CATEGORIES

# Apart from the data themselves: this page has a visitor, a language and refusals in words.
page_bp = Blueprint("open_data", __name__)


@page_bp.get("/open-data")
@public
def index() -> ResponseReturnValue:
    return render_template(
        "api/index.html", community=require_community(), kinds=KINDS, root=ROOT, categories=CATEGORIES
    )
