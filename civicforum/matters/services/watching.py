"""Watching a matter: findings of the supervision committee, queries of residents and their answers."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select

from civicforum.accounts.rules import Actor
from civicforum.bodies.queries import post_text
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, Invalid, NotFound
from civicforum.matters.models import Finding, Query, Task
from civicforum.matters.rules import Act, FindingKind, check
from civicforum.matters.services.people import get_resident
from civicforum.matters.services.steps import advance, lock_matter, record_matter, rules_of
from civicforum.records.rules import hash_of_text
from civicforum.rulebook.days import day_of


def file_finding(
    *,
    matter_id: uuid.UUID,
    actor: Actor,
    kind: FindingKind,
    text: str,
    task_id: uuid.UUID | None = None,
    now: datetime,
) -> uuid.UUID:
    """File what the supervision committee found; there is no way to change or remove it afterwards.

    Raises NotFound, NotEligible, Invalid (a task of another matter).
    """
    with transaction() as session:
        matter = lock_matter(session, matter_id=matter_id, community_id=actor.community_id)
        check(Act.FILE_FINDING, matter.stage, actor.roles)
        if task_id is not None:
            task = session.get(Task, task_id)
            if task is None or task.matter_id != matter.id:
                raise Invalid("task", "task_id")
        finding = Finding(
            community_id=matter.community_id,
            matter_id=matter.id,
            task_id=task_id,
            kind=kind,
            text=text,
            person_id=actor.person_id,
            post=post_text(session, person_id=actor.person_id, day=day_of(now)),
            at=now,
        )
        session.add(finding)
        session.flush()
        record_matter(
            session,
            matter,
            actor=actor,
            action="matter.file_finding",
            payload={
                **advance(session, matter=matter, act=Act.FILE_FINDING, now=now),
                "finding_id": str(finding.id),
                "kind": kind.value,
                # Ties the wording to the hash chain: a finding changed in the database no longer matches.
                "text_sha256": hash_of_text(text),
            },
            now=now,
        )
        return finding.id


def ask(*, matter_id: uuid.UUID, actor: Actor, text: str, now: datetime) -> uuid.UUID:
    """Put a resident's query; the clock for its answer starts.

    Raises NotFound, NotEligible, AlreadyDone (the same words
    still wait for an answer).
    """
    with transaction() as session:
        matter = lock_matter(session, matter_id=matter_id, community_id=actor.community_id)
        check(Act.ASK, matter.stage, actor.roles)
        get_resident(session, actor=actor, now=now)
        waiting = session.scalar(
            select(Query.id).where(
                Query.matter_id == matter.id,
                Query.author_id == actor.person_id,
                Query.text == text,
                Query.answered_at.is_(None),
            )
        )
        if waiting is not None:
            raise AlreadyDone(waiting)
        query = Query(
            community_id=matter.community_id,
            matter_id=matter.id,
            author_id=actor.person_id,
            text=text,
            at=now,
            due_at=rules_of(matter).clock("matter.answer_query").deadline(now),
        )
        session.add(query)
        session.flush()
        record_matter(
            session,
            matter,
            actor=actor,
            action="matter.ask",
            payload={
                **advance(session, matter=matter, act=Act.ASK, now=now),
                "query_id": str(query.id),
                "due_at": query.due_at.isoformat(),
            },
            now=now,
        )
        return query.id


def answer(*, query_id: uuid.UUID, actor: Actor, text: str, now: datetime) -> uuid.UUID:
    """Answer a query under one's name and post. Returns the matter's id.

    Raises NotFound, NotEligible, TransitionNotAllowed, AlreadyDone (somebody else has answered).
    """
    with transaction() as session:
        found = session.get(Query, query_id)
        if found is None:
            raise NotFound(query_id)
        matter = lock_matter(session, matter_id=found.matter_id, community_id=actor.community_id)
        query = session.get_one(Query, query_id, with_for_update=True, populate_existing=True)
        check(Act.ANSWER, matter.stage, actor.roles)
        if query.answered_at is not None:
            raise AlreadyDone(query_id)
        query.answer = text
        query.answered_at = now
        query.answered_by_id = actor.person_id
        query.answered_post = post_text(session, person_id=actor.person_id, day=day_of(now))
        record_matter(
            session,
            matter,
            actor=actor,
            action="matter.answer",
            payload={
                **advance(session, matter=matter, act=Act.ANSWER, now=now),
                "query_id": str(query.id),
                "is_late": now > query.due_at,
            },
            now=now,
        )
        return matter.id
