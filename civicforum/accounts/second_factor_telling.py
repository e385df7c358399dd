"""Word of changed second factors: to their owner, and to the other administrators."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from civicforum.accounts.models import Account
from civicforum.accounts.rules import Actor
from civicforum.bodies.queries import list_members
from civicforum.bodies.rules import BodyKind
from civicforum.inbox.rules_told import Topic
from civicforum.inbox.telling import Telling, tell
from civicforum.people.models import Person
from civicforum.rulebook.days import day_of

NOT_ME = "如果不是您本人操作，请立即联系平台管理员。"


def tell_owner(session: Session, account: Account, title: str, *, now: datetime) -> None:
    """Tell the account's owner what changed: whoever stole a session cannot do it unseen."""
    telling = _telling(account, title, NOT_ME, "second_factor.own", now)
    tell(session, community_id=account.community_id, person_ids=[account.person_id], telling=telling, now=now)


def tell_of_removal(
    session: Session, *, account: Account, person: Person, actor: Actor, reason: str, now: datetime
) -> None:
    """Tell the owner and the other administrators who took the second factor away, and why."""
    by = session.get_one(Person, actor.person_id).name
    owners = f"管理员{by}解除了您的第二重验证，原因：{reason}。{NOT_ME}"
    telling = _telling(account, "您的第二重验证已解除", owners, "second_factor.own", now)
    tell(session, community_id=account.community_id, person_ids=[person.id], telling=telling, now=now)
    offices = (BodyKind.PLATFORM_OFFICE,)
    members = list_members(session, community_id=account.community_id, kinds=offices, day=day_of(now))
    others = [each.id for each in members if each.id not in (actor.person_id, person.id)]
    text = f"管理员{by}解除了编号{person.number}的居民的第二重验证，原因：{reason}。"
    telling = _telling(account, "有账号的第二重验证被解除", text, "people.admin", now)
    tell(session, community_id=account.community_id, person_ids=others, telling=telling, now=now)


def _telling(account: Account, title: str, text: str, endpoint: str, now: datetime) -> Telling:
    return Telling(
        topic=Topic.ABOUT_ME,
        subject_kind="account",
        subject_id=account.id,
        title=title,
        text=text,
        endpoint=endpoint,
        # Each change is told, though it reads like an earlier one.
        event=f"{title} {account.id} {now.isoformat()}",
    )
