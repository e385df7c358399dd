"""The one blueprint of drafts, and what its views share."""

from __future__ import annotations

import uuid

from flask import Blueprint

from civicforum.accounts.current import require_community
from civicforum.database import db
from civicforum.drafts import queries
from civicforum.drafts.models import Draft

bp = Blueprint("drafts", __name__, url_prefix="/drafts")


def draft_of(draft_id: uuid.UUID) -> Draft:
    """Return the draft of the community that is shown. Raises NotFound."""
    return queries.get_draft(db.session(), draft_id=draft_id, community_id=require_community().id)
