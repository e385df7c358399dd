"""Issuing an official notice of a recall: the demand, the vote, the result; once each, and never edited."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.elections.models import RecallNotice
from civicforum.elections.queries import recall_notices as queries
from civicforum.elections.recalls import RecallNoticeKind
from civicforum.elections.services.recall_steps import check_presides, lock_recall, record_recall, rules_of
from civicforum.elections.wording import day_in_characters, names_of, ordinal
from civicforum.errors import AlreadyDone, Invalid, TransitionNotAllowed
from civicforum.notices.rules import NoticeCategory, has_identity_number
from civicforum.notices.services import post_notice
from civicforum.people.services import lock_register
from civicforum.rulebook.days import day_of


def issue_recall_notice(
    *, recall_id: uuid.UUID, kind: RecallNoticeKind, actor: Actor, now: datetime
) -> uuid.UUID:
    """Issue a notice of a recall under the next number, and post it on the board; return its id.

    Raises NotFound, NotEligible, TransitionNotAllowed (the recall has not come so far), AlreadyDone (issued
    before), Invalid ("identity_number": somebody's number stands in reasons or defence).
    """
    with transaction() as session:
        row = lock_recall(session, recall_id, actor)
        check_presides(actor)
        if not queries.is_ready(row, kind):
            raise TransitionNotAllowed(row.state, kind)
        issued = select(RecallNotice.id).where(RecallNotice.recall_id == row.id, RecallNotice.kind == kind)
        if session.scalar(issued) is not None:
            raise AlreadyDone(recall_id)
        draft = queries.draft_notice(session, row, kind, book=rules_of(row))
        if has_identity_number(draft.text):
            raise Invalid("identity_number")
        # Numbers run through all recalls of the community.
        lock_register(session, row.community_id)
        number, issuer = queries.next_number(session, row.community_id), queries.issuer_of(session, row)
        head = names_of("additions")["recall_title"].format(issuer=issuer, number=ordinal(number))
        title = f"{head}　{draft.subject}"
        posted = post_notice(
            session,
            community_id=row.community_id,
            category=NoticeCategory.COMMON_CONCERN,
            title=title,
            text=f"{draft.text}\n\n{issuer}\n{day_in_characters(day_of(now))}",
            posted_by=actor.person_id,
            subject_kind="recall",
            subject_id=row.id,
            now=now,
        )
        notice = RecallNotice(
            id=uuid.uuid4(),
            community_id=row.community_id,
            recall_id=row.id,
            kind=kind,
            number=number,
            title=title,
            text=draft.text,
            issuer=issuer,
            issued_at=now,
            issued_by_id=actor.person_id,
            notice_id=posted.id,
        )
        session.add(notice)
        session.flush()
        payload = {"number": number, "kind": kind.value}
        record_recall(session, row, actor=actor, action="issue_notice", payload=payload, now=now)
        return notice.id
