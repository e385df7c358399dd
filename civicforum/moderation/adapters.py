"""The five kinds of text, each through the services of the feature it belongs to."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.drafts.services import commenting as draft_comments
from civicforum.drafts.services import hiding as draft_hiding
from civicforum.errors import NotFound
from civicforum.matters.models import Comment, Matter
from civicforum.matters.rules import Act, check
from civicforum.matters.services import commenting, raising, writing
from civicforum.matters.services import hiding as matter_hiding
from civicforum.matters.services.steps import lock_matter
from civicforum.moderation.models import HideDecision
from civicforum.moderation.registry import ADAPTERS, Thing
from civicforum.moderation.rules import Kind
from civicforum.notices.models import NoticeQuery, NoticeQueryEntry
from civicforum.notices.services import querying
from civicforum.rows import get_row
from civicforum.statements.models import Conversation, Statement
from civicforum.statements.rules import RejectReason, check_convene
from civicforum.statements.services import moderating, taking_part
from civicforum.statements.services.steps import chair_of

Arguments = Mapping[str, Any]


def _subject(decision: HideDecision) -> uuid.UUID:
    """Return what a decision hides. Raises NotFound for a text that was never posted."""
    if decision.subject_id is None:
        raise NotFound(decision.id)
    return decision.subject_id


class Matters:
    """Matters: words and photos leave their rows while they are hidden."""

    def find(
        self, session: Session, *, subject_id: uuid.UUID, community_id: uuid.UUID, is_locked: bool = False
    ) -> Thing:
        return matter_hiding.find_thing(
            session, matter_id=subject_id, community_id=community_id, is_locked=is_locked
        )[1]

    def hide(
        self, session: Session, thing: Thing, decision: HideDecision, *, actor: Actor, now: datetime
    ) -> None:
        matter = lock_matter(session, matter_id=thing.id, community_id=decision.community_id)
        decision.kept = matter_hiding.take_out(session, matter)

    def restore(self, session: Session, decision: HideDecision, *, now: datetime) -> None:
        matter = lock_matter(session, matter_id=_subject(decision), community_id=decision.community_id)
        matter_hiding.put_back(session, matter, decision.kept)

    def post(
        self, session: Session, arguments: Arguments, *, actor: Actor, at: datetime, now: datetime
    ) -> uuid.UUID:
        matter_id = uuid.UUID(arguments["matter_id"])
        if changes := arguments.get("changes"):
            return writing.post_edit(session, matter_id=matter_id, changes=changes, actor=actor, now=now)
        return raising.post_matter(
            session,
            matter_id=matter_id,
            text_sha256=arguments["text_sha256"],
            actor=actor,
            now=now,
        )


class Comments:
    """Comments on matters."""

    def find(
        self, session: Session, *, subject_id: uuid.UUID, community_id: uuid.UUID, is_locked: bool = False
    ) -> Thing:
        return self._find(session, subject_id, community_id, is_locked=is_locked)[1]

    def hide(
        self, session: Session, thing: Thing, decision: HideDecision, *, actor: Actor, now: datetime
    ) -> None:
        comment = session.get_one(Comment, thing.id)
        matter = lock_matter(session, matter_id=comment.matter_id, community_id=decision.community_id)
        check(Act.HIDE_COMMENT, matter.stage, actor.roles)
        commenting.cover_comment(comment, actor=actor, reason=decision.reason.value, now=now)

    def restore(self, session: Session, decision: HideDecision, *, now: datetime) -> None:
        comment, _ = self._find(session, _subject(decision), decision.community_id, is_locked=True)
        commenting.uncover_comment(comment)

    def post(
        self, session: Session, arguments: Arguments, *, actor: Actor, at: datetime, now: datetime
    ) -> uuid.UUID:
        parent = arguments["parent_id"]
        return commenting.post_comment(
            session,
            matter_id=uuid.UUID(arguments["matter_id"]),
            actor=actor,
            text=arguments["text"],
            parent_id=uuid.UUID(parent) if parent else None,
            now=now,
        )

    def _find(
        self, session: Session, comment_id: uuid.UUID, community_id: uuid.UUID, *, is_locked: bool
    ) -> tuple[Comment, Thing]:
        comment = get_row(session, Comment, comment_id, community_id=community_id)
        if not is_locked:
            return comment, commenting.thing_of(comment, session.get_one(Matter, comment.matter_id))
        matter = lock_matter(session, matter_id=comment.matter_id, community_id=community_id)
        session.refresh(comment)
        return comment, commenting.thing_of(comment, matter)


class Statements:
    """Statements of conversations; those that wait to be looked at are moderated on their own page."""

    def find(
        self, session: Session, *, subject_id: uuid.UUID, community_id: uuid.UUID, is_locked: bool = False
    ) -> Thing:
        if is_locked:
            conversation, statement = moderating.lock_for_moderation(
                session, statement_id=subject_id, community_id=community_id
            )
            return moderating.thing_of(statement, conversation)
        row = session.execute(
            select(Statement, Conversation)
            .join(Conversation, Statement.conversation_id == Conversation.id)
            .where(Statement.id == subject_id, Statement.community_id == community_id)
        ).one_or_none()
        if row is None:
            raise NotFound(subject_id)
        return moderating.thing_of(row[0], row[1])

    def hide(
        self, session: Session, thing: Thing, decision: HideDecision, *, actor: Actor, now: datetime
    ) -> None:
        statement = session.get_one(Statement, thing.id)
        check_convene(actor, chair_id=chair_of(statement.conversation))
        moderating.take_down(session, statement, reason=RejectReason(decision.reason.value), now=now)

    def restore(self, session: Session, decision: HideDecision, *, now: datetime) -> None:
        _, statement = moderating.lock_for_moderation(
            session, statement_id=_subject(decision), community_id=decision.community_id
        )
        moderating.put_back(session, statement, now=now)

    def post(
        self, session: Session, arguments: Arguments, *, actor: Actor, at: datetime, now: datetime
    ) -> uuid.UUID:
        text = arguments["text"]
        if changed := arguments.get("statement_id"):
            return taking_part.post_change(
                session, statement_id=uuid.UUID(changed), text=text, actor=actor, now=now
            )
        conversation_id = uuid.UUID(arguments["conversation_id"])
        return taking_part.post_statement(
            session, conversation_id=conversation_id, text=text, actor=actor, now=now
        )


class DraftComments:
    """Comments on drafts: their words leave their row while they are hidden."""

    def find(
        self, session: Session, *, subject_id: uuid.UUID, community_id: uuid.UUID, is_locked: bool = False
    ) -> Thing:
        return draft_hiding.find_thing(
            session, comment_id=subject_id, community_id=community_id, is_locked=is_locked
        )[1]

    def hide(
        self, session: Session, thing: Thing, decision: HideDecision, *, actor: Actor, now: datetime
    ) -> None:
        comment, _ = draft_hiding.find_thing(
            session, comment_id=thing.id, community_id=decision.community_id, is_locked=True
        )
        decision.kept = draft_hiding.take_out(comment)

    def restore(self, session: Session, decision: HideDecision, *, now: datetime) -> None:
        comment, _ = draft_hiding.find_thing(
            session, comment_id=_subject(decision), community_id=decision.community_id, is_locked=True
        )
        draft_hiding.put_back(comment, decision.kept)

    def post(
        self, session: Session, arguments: Arguments, *, actor: Actor, at: datetime, now: datetime
    ) -> uuid.UUID:
        return draft_comments.post_comment(
            session,
            draft_id=uuid.UUID(arguments["draft_id"]),
            text=arguments["text"],
            passage=arguments["passage"],
            shows_name=arguments["shows_name"],
            actor=actor,
            at=at,
            now=now,
        )


class NoticeQueries:
    """Queries about notices, each with its thread."""

    def find(
        self, session: Session, *, subject_id: uuid.UUID, community_id: uuid.UUID, is_locked: bool = False
    ) -> Thing:
        if is_locked:
            querying.lock_query(session, query_id=subject_id, community_id=community_id)
        query = get_row(session, NoticeQuery, subject_id, community_id=community_id)
        asked = session.scalars(
            select(NoticeQueryEntry.text)
            .where(
                NoticeQueryEntry.query_id == query.id,
                NoticeQueryEntry.person_id == query.author_id,
            )
            .order_by(NoticeQueryEntry.position)
        )
        return Thing(
            kind=Kind.NOTICE_QUERY,
            id=query.id,
            title=query.notice.title,
            words="\n\n".join(asked),
            author_id=query.author_id,
            helper_id=None,
            is_hidden=query.hidden_at is not None,
            endpoint="notices.show",
            arguments={"notice_id": query.notice_id},
            anchor=f"query-{query.id}",
        )

    def hide(
        self, session: Session, thing: Thing, decision: HideDecision, *, actor: Actor, now: datetime
    ) -> None:
        querying.hide_query(session, query_id=thing.id, reason=decision.reason.value, actor=actor, now=now)

    def restore(self, session: Session, decision: HideDecision, *, now: datetime) -> None:
        querying.show_query(session, query_id=_subject(decision), community_id=decision.community_id, now=now)

    def post(
        self, session: Session, arguments: Arguments, *, actor: Actor, at: datetime, now: datetime
    ) -> uuid.UUID:
        return querying.post_query(
            session,
            notice_id=uuid.UUID(arguments["notice_id"]),
            query_id=uuid.UUID(arguments["query_id"]) if arguments.get("query_id") else None,
            text=arguments["text"],
            actor=actor,
            now=now,
        )


ADAPTERS.update(
    {
        Kind.MATTER: Matters(),
        Kind.COMMENT: Comments(),
        Kind.STATEMENT: Statements(),
        Kind.DRAFT_COMMENT: DraftComments(),
        Kind.NOTICE_QUERY: NoticeQueries(),
    }
)
