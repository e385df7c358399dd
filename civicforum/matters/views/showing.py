"""The page of a matter: its whole story, and what the viewer can do now."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from civicforum.access import public
from civicforum.accounts.current import current_actor, current_community
from civicforum.database import db
from civicforum.matters.forms.supporting import CommentForm
from civicforum.matters.models import Matter
from civicforum.matters.queries.after import get_after
from civicforum.matters.queries.comments import ARGUMENT
from civicforum.matters.queries.one import get_matter, get_story
from civicforum.matters.texts import template_words
from civicforum.matters.views.blueprint import bp
from civicforum.matters.views.telling import path_of, review_note
from civicforum.meetings.queries import list_items_of_matter
from civicforum.paging import page_number


@bp.context_processor
def words() -> dict[str, object]:
    return template_words()


@bp.get("/<uuid:matter_id>")
@public
def show(matter_id: uuid.UUID) -> ResponseReturnValue:
    return story_page(get_visible(matter_id), CommentForm())


def get_visible(matter_id: uuid.UUID) -> Matter:
    """Return a matter of the visitor's community that they may see. Raises NotFound."""
    community, actor = current_community(), current_actor()
    if community is None:
        abort(404)
    return get_matter(
        db.session(),
        matter_id=matter_id,
        community_id=community.id,
        person_id=actor.person_id if actor else None,
    )


def story_page(matter: Matter, comment_form: CommentForm) -> ResponseReturnValue:
    """Show the page of a matter; with a comment that was refused, as it was typed."""
    session, now, actor = db.session(), datetime.now(UTC), current_actor()
    story = get_story(session, matter=matter, actor=actor, comments=page_number(ARGUMENT), now=now)
    page = render_template(
        "matters/show.html",
        matter=matter,
        story=story,
        acts=story.acts,
        path_steps=path_of(matter, story.entries),
        meeting_items=list_items_of_matter(session, matter_id=matter.id),
        after=get_after(session, matter=matter, actor=actor, now=now),
        review_note=review_note,
        comment_form=comment_form,
        now=now,
    )
    return page, 422 if comment_form.errors else 200
