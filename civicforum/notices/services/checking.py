"""Looking for personal numbers in what somebody is about to hand in or to post.

Notices that other features post are made of names and of texts that are checked where they are written.
"""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.departments.models import Department
from civicforum.notices.errors import PersonalData
from civicforum.notices.pii import digits_of, find, places_of


def check_numbers(session: Session, *, community_id: uuid.UUID, **texts: str) -> None:
    """Raise PersonalData for the first of the texts, by the name of its field, that shows somebody's number.

    Telephone numbers of departments and providers in the register are offices', and may stand in it.
    """
    phones = _office_phones(session, community_id)
    for field, text in texts.items():
        if found := find(text, office_phones=phones):
            raise PersonalData(field, places_of(text, found))


def _office_phones(session: Session, community_id: uuid.UUID) -> frozenset[str]:
    phones = session.scalars(
        select(Department.phone).where(Department.community_id == community_id, Department.phone != "")
    )
    return frozenset(digits for phone in phones if (digits := digits_of(phone)))
