"""Issuing an official notice: numbered, filled from the data, posted on the board, and never edited after."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.elections.errors import StaffBarred
from civicforum.elections.models import Election, ElectionNotice
from civicforum.elections.notices import Need, NoticeNotReady, Wish, needs
from civicforum.elections.queries.notices import (
    Draft,
    draft_notice,
    get_standing,
    latest_of,
    list_issued,
)
from civicforum.elections.queries.notices.drafts import names_in
from civicforum.elections.queries.staff import find_conflicts
from civicforum.elections.rules import NoticeKind, may_plan, may_preside
from civicforum.elections.services.steps import lock_to_plan, record_election, rules_of
from civicforum.elections.wording import day_in_characters, load, names_of, ordinal
from civicforum.errors import AlreadyDone, Invalid, NotEligible, NotFound
from civicforum.notices.models import Notice
from civicforum.notices.pii import has_identity_number
from civicforum.notices.rules import NoticeCategory
from civicforum.notices.services import post_notice
from civicforum.people.models import Community
from civicforum.rulebook.days import day_of


def may_issue(actor: Actor, election: Election) -> bool:
    """Tell whether the actor may issue notices: the old committee until the election committee presides."""
    return may_plan(actor) if election.presiding_id is None else may_preside(actor)


def issue_notice(*, election_id: uuid.UUID, need: Need, wish: Wish, actor: Actor, now: datetime) -> uuid.UUID:
    """Issue a notice under the next number, and post it on the board; return its id.

    Raises NotFound (the election needs no such notice), NotEligible, NoticeNotReady, AlreadyDone (one was
    issued meanwhile: what is wrong in it is corrected by another), StaffBarred, and Invalid with the field:
    "missing" or "identity_number".
    """
    with transaction() as session:
        # Locked: of two clicks, the second one finds the notice of the first.
        election = lock_to_plan(session, election_id=election_id, actor=actor)
        if not may_issue(actor, election):
            raise NotEligible(actor.person_id)
        issued = list_issued(session, election.id)
        latest = latest_of(issued, need)
        if (latest.number if latest else None) != wish.corrects:
            raise AlreadyDone(need)
        draft = _draft(session, election, need, wish, issued, now=now)
        _check(need, wish, draft)
        if need.kind is NoticeKind.STAFF:
            _check_staff(session, election, wish)
        notice = _post(session, election, need, draft, number=len(issued) + 1, actor=actor, now=now)
        record_election(
            session,
            election,
            actor=actor,
            action="correct_notice" if latest else "issue_notice",
            payload={
                "number": notice.number,
                "kind": need.kind.value,
                "round": need.round_number,
                "corrects": wish.corrects,
            },
            reason=wish.reason,
            now=now,
        )
        return notice.id


def issuer_of(session: Session, election: Election) -> str:
    """Return the body that issues notices now, by its full name."""
    words = names_of("additions")
    name = words["old_committee" if election.presiding_id is None else "election_committee"]
    return name.format(community=session.get_one(Community, election.community_id).name)


def _draft(
    session: Session,
    election: Election,
    need: Need,
    wish: Wish,
    issued: Sequence[ElectionNotice],
    *,
    now: datetime,
) -> Draft:
    standing = get_standing(session, election)
    if need not in needs(standing, [Need(one.kind, one.round_number) for one in issued]):
        raise NotFound(need)
    draft = draft_notice(session, election, need, standing, wish, book=rules_of(election), today=day_of(now))
    if draft.lacks:
        raise NoticeNotReady(draft.lacks)
    return draft


def _check(need: Need, wish: Wish, draft: Draft) -> None:
    """Raise Invalid for what is not typed yet, and for an identity number wherever it stands."""
    wording = load(need.kind)
    typed = {ask: wish.asked.get(ask, "").strip() for ask in wording.asks}
    required = {ask: words for ask, words in typed.items() if ask not in wording.may_stay_empty}
    if wish.corrects is not None:
        required["reason"] = wish.reason.strip()
    for field, words in required.items():
        if not words:
            raise Invalid("missing", field)
    for field, words in {**typed, "extra": wish.extra, "reason": wish.reason}.items():
        if has_identity_number(words):
            raise Invalid("identity_number", field)
    if has_identity_number(draft.text):
        raise Invalid("identity_number")


def _check_staff(session: Session, election: Election, wish: Wish) -> None:
    """Refuse a caller or counter who is a candidate, or who can only be a near relative of one.

    Supervisors and scribes are named at their stations. Raises StaffBarred.
    """
    for field in ("callers", "counters"):
        typed = names_in(wish.asked.get(field, ""))
        for name, conflict in find_conflicts(session, election, typed, book=rules_of(election)).items():
            raise StaffBarred(name, conflict, field)


def _post(
    session: Session,
    election: Election,
    need: Need,
    draft: Draft,
    *,
    number: int,
    actor: Actor,
    now: datetime,
) -> ElectionNotice:
    issuer = issuer_of(session, election)
    title = names_of("additions")["title"].format(issuer=issuer, number=ordinal(number))
    notice = ElectionNotice(
        community_id=election.community_id,
        election_id=election.id,
        kind=need.kind,
        number=number,
        round_number=need.round_number,
        title=f"{title}　{draft.subject}",
        text=draft.text,
        issuer=issuer,
        issued_at=now,
        issued_by_id=actor.person_id,
        notice_id=_on_board(session, election, title, draft, issuer, actor=actor, now=now).id,
    )
    session.add(notice)
    session.flush()
    return notice


def _on_board(
    session: Session,
    election: Election,
    title: str,
    draft: Draft,
    issuer: str,
    *,
    actor: Actor,
    now: datetime,
) -> Notice:
    return post_notice(
        session,
        community_id=election.community_id,
        category=NoticeCategory.COMMON_CONCERN,
        title=f"{title}　{draft.subject}",
        text=f"{draft.text}\n\n{issuer}\n{day_in_characters(day_of(now))}",
        posted_by=actor.person_id,
        subject_kind="election",
        subject_id=election.id,
        now=now,
    )
