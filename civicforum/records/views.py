"""The public register and the pictures."""

from __future__ import annotations

import uuid

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue

from civicforum.access import public
from civicforum.accounts.current import require_community
from civicforum.database import db
from civicforum.errors import NotFound
from civicforum.moderation.queries.decisions import cover_titles, is_photo_hidden
from civicforum.paging import page_number
from civicforum.records import queries
from civicforum.records.words import KINDS, SUBJECTS, told

bp = Blueprint("records", __name__)


@bp.get("/register")
@public
def register() -> ResponseReturnValue:
    community = require_community()
    about = request.args.get("about", "")
    session = db.session()
    page = queries.list_entries(
        session,
        community_id=community.id,
        subject_kinds=KINDS.get(about, (about,)) if about in SUBJECTS else (),
        number=page_number(),
    )
    covered = cover_titles(session, page.items)
    return render_template(
        "records/register.html",
        page=page.map(lambda entry: told(entry, cover=covered.get(entry.id))),
        head=queries.get_head(session, community_id=community.id),
        about=about,
        subjects=SUBJECTS.items(),
    )


@bp.get("/photos/<uuid:photo_id>")
@public
def photo(photo_id: uuid.UUID) -> ResponseReturnValue:
    session = db.session()
    if is_photo_hidden(session, photo_id=photo_id):
        raise NotFound(photo_id)
    content, media_type = queries.get_photo(
        session, photo_id=photo_id, thumbnail=request.args.get("size") == "small"
    )
    response = make_response(content)
    response.headers["Content-Type"] = media_type
    # Open data names its address.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    # A photo never changes under its id.
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
