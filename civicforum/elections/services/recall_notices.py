"""Issuing an official notice of a recall: the demand, the vote, the result; never edited, but corrected."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.elections.models import Recall, RecallNotice
from civicforum.elections.notices import Wish
from civicforum.elections.queries import recall_notices as queries
from civicforum.elections.queries.notices import Draft
from civicforum.elections.recalls import RecallNoticeKind
from civicforum.elections.services.recall_steps import check_presides, lock_recall, record_recall, rules_of
from civicforum.elections.wording import day_in_characters, names_of, ordinal
from civicforum.errors import AlreadyDone, Invalid, TransitionNotAllowed
from civicforum.notices.pii import has_identity_number
from civicforum.notices.rules import NoticeCategory
from civicforum.notices.services import post_notice
from civicforum.people.services import lock_register
from civicforum.rulebook.days import day_of


def issue_recall_notice(
    *, recall_id: uuid.UUID, kind: RecallNoticeKind, actor: Actor, now: datetime, wish: Wish | None = None
) -> uuid.UUID:
    """Issue a notice of a recall under the next number, and post it on the board; return its id.

    Args:
        wish: the notice that this one corrects, and why; none for the first of its kind.

    Raises NotFound, NotEligible, TransitionNotAllowed (the recall has not come so far), AlreadyDone (one was
    issued meanwhile), Invalid ("missing": no reason to correct it; "identity_number": somebody's number
    stands in it).
    """
    wish = wish or Wish()
    with transaction() as session:
        row = lock_recall(session, recall_id, actor)
        check_presides(actor, row)
        if not queries.is_ready(row, kind):
            raise TransitionNotAllowed(row.state, kind)
        latest = queries.latest_of(queries.list_issued(session, row.id), kind)
        if (latest.number if latest else None) != wish.corrects:
            raise AlreadyDone(recall_id)
        if latest and not wish.reason.strip():
            raise Invalid("missing", "reason")
        draft = queries.draft_notice(session, row, kind, book=rules_of(row), wish=wish)
        if has_identity_number(draft.text):
            raise Invalid("identity_number")
        notice = _post(session, row, kind, draft, actor=actor, now=now)
        record_recall(
            session,
            row,
            actor=actor,
            action="correct_notice" if latest else "issue_notice",
            payload={"number": notice.number, "kind": kind.value, "corrects": wish.corrects},
            reason=wish.reason.strip(),
            now=now,
        )
        return notice.id


def _post(
    session: Session, row: Recall, kind: RecallNoticeKind, draft: Draft, *, actor: Actor, now: datetime
) -> RecallNotice:
    """Number the notice, keep it as it stands, and put it on the board."""
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
    return notice
