"""What a dossier covers: its subject, and the public meetings, votes and notices that belong to it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session, joinedload, selectinload

from civicforum.appraisals.models import Cycle
from civicforum.appraisals.queries.showing import get_cycle
from civicforum.elections.models import Election
from civicforum.elections.queries.rounds import get_election
from civicforum.errors import NotFound
from civicforum.matters.models import Matter
from civicforum.matters.queries.one import get_matter
from civicforum.meetings.models import AgendaItem, Meeting, Motion
from civicforum.meetings.queries import find_item_of_poll, get_meeting, list_items_of_matter
from civicforum.moderation.rules import Kind as TextKind
from civicforum.moderation.services.hiding import is_hidden
from civicforum.notices.models import DisclosureDue, DisclosureItem, Notice
from civicforum.notices.queries import get_notice
from civicforum.people.models import Community
from civicforum.polls.models import Poll
from civicforum.polls.queries.standing import find_alone
from civicforum.polls.rules import PollState


class Kind(StrEnum):
    """What a dossier can be about."""

    MATTER = "matter"
    MEETING = "meeting"
    POLL = "poll"
    ELECTION = "election"
    APPRAISAL = "appraisal"
    NOTICE = "notice"
    DISCLOSURE_DUE = "disclosure_due"


@dataclass(frozen=True, kw_only=True)
class Scope:
    """The rows of a dossier. `items` are the items of agendas that it is about, with their meetings."""

    kind: Kind
    id: uuid.UUID
    title: str
    community: Community
    matter: Matter | None = None
    election: Election | None = None
    cycle: Cycle | None = None
    notice: Notice | None = None
    due: DisclosureDue | None = None
    items: Sequence[AgendaItem] = ()
    meetings: Sequence[Meeting] = ()
    polls: Sequence[Poll] = ()
    notices: Sequence[Notice] = ()
    # The subject's words were hidden with a reason; its entries in the journal still have its title.
    is_hidden: bool = False

    @property
    def journal_subjects(self) -> tuple[tuple[str, uuid.UUID], ...]:
        """Return whose entries of the journal may be shown."""
        return self.subjects[1:] if self.is_hidden else self.subjects

    @property
    def subjects(self) -> tuple[tuple[str, uuid.UUID], ...]:
        """Return kind and id of all that it covers, the subject first."""
        others = (("meeting", self.meetings), ("poll", self.polls), ("notice", self.notices))
        found = [(self.kind.value, self.id), *((kind, row.id) for kind, rows in others for row in rows)]
        return tuple(dict.fromkeys(found))


def find_scope(session: Session, *, kind: str, subject_id: uuid.UUID, community_id: uuid.UUID) -> Scope:
    """Return what a dossier covers, in a bounded number of statements.

    Raises NotFound for an unknown kind, another community's subject, and one that the public cannot see.
    """
    if kind not in list(Kind):
        raise NotFound(kind)
    community = session.get_one(Community, community_id)
    return _FINDERS[Kind(kind)](session, subject_id, community)


def _of_matter(session: Session, matter_id: uuid.UUID, community: Community) -> Scope:
    matter = get_matter(session, matter_id=matter_id, community_id=community.id, person_id=None)
    items = [one.item for one in list_items_of_matter(session, matter_id=matter.id)]
    meetings = list({item.meeting_id: item.meeting for item in items}.values())
    polls = _polls(session, [item.id for item in items], [item.poll_id for item in items])
    return Scope(
        kind=Kind.MATTER,
        id=matter.id,
        title=matter.title,
        community=community,
        matter=matter,
        items=items,
        meetings=meetings,
        polls=polls,
        notices=_notices(session, _subjects(matter=[matter], meeting=meetings, poll=polls)),
        is_hidden=is_hidden(session, kind=TextKind.MATTER, subject_id=matter.id),
    )


def _of_meeting(session: Session, meeting_id: uuid.UUID, community: Community) -> Scope:
    meeting = get_meeting(session, meeting_id=meeting_id, community_id=community.id)
    polls = _polls(session, [item.id for item in meeting.agenda], [item.poll_id for item in meeting.agenda])
    return Scope(
        kind=Kind.MEETING,
        id=meeting.id,
        title=meeting.title,
        community=community,
        items=meeting.agenda,
        meetings=[meeting],
        polls=polls,
        notices=_notices(session, _subjects(meeting=[meeting], poll=polls)),
    )


def _of_poll(session: Session, poll_id: uuid.UUID, community: Community) -> Scope:
    # A meeting's named vote has no page among the polls; it is shown with its meeting.
    find_alone(session, poll_id=poll_id, community_id=community.id, actor=None)
    polls = _load_polls(session, [poll_id])
    item = find_item_of_poll(session, poll_id=poll_id)
    if not polls:
        raise NotFound(poll_id)
    meetings = [item.meeting] if item else []
    return Scope(
        kind=Kind.POLL,
        id=poll_id,
        title=polls[0].title,
        community=community,
        items=[item] if item else [],
        meetings=meetings,
        polls=polls,
        notices=_notices(session, _subjects(poll=polls, meeting=meetings)),
    )


def _of_election(session: Session, election_id: uuid.UUID, community: Community) -> Scope:
    election = get_election(session, election_id=election_id, community_id=community.id)
    polls = _load_polls(session, [one.poll_id for one in election.rounds])
    return Scope(
        kind=Kind.ELECTION,
        id=election.id,
        title=election.title,
        community=community,
        election=election,
        polls=polls,
        notices=_notices(session, _subjects(election=[election], poll=polls)),
    )


def _of_appraisal(session: Session, cycle_id: uuid.UUID, community: Community) -> Scope:
    cycle = get_cycle(session, cycle_id=cycle_id, community_id=community.id)
    polls = _load_polls(session, [group.poll_id for group in cycle.groups])
    meetings = [cycle.meeting] if cycle.meeting else []
    return Scope(
        kind=Kind.APPRAISAL,
        id=cycle.id,
        title=cycle.title,
        community=community,
        cycle=cycle,
        meetings=meetings,
        polls=polls,
        notices=_notices(session, _subjects(appraisal=[cycle], meeting=meetings, poll=polls)),
    )


def _of_notice(session: Session, notice_id: uuid.UUID, community: Community) -> Scope:
    notice = get_notice(session, notice_id=notice_id, community_id=community.id)
    return Scope(
        kind=Kind.NOTICE,
        id=notice.id,
        title=notice.title,
        community=community,
        notice=notice,
        notices=[notice],
    )


def _of_due(session: Session, due_id: uuid.UUID, community: Community) -> Scope:
    due = session.scalars(
        select(DisclosureDue)
        .options(
            joinedload(DisclosureDue.item).joinedload(DisclosureItem.body), joinedload(DisclosureDue.notice)
        )
        .where(DisclosureDue.id == due_id, DisclosureDue.community_id == community.id)
    ).one_or_none()
    if due is None:
        raise NotFound(due_id)
    return Scope(
        kind=Kind.DISCLOSURE_DUE,
        id=due.id,
        title=due.item.name,
        community=community,
        due=due,
        notices=[due.notice] if due.notice else [],
    )


_FINDERS = {
    Kind.MATTER: _of_matter,
    Kind.MEETING: _of_meeting,
    Kind.POLL: _of_poll,
    Kind.ELECTION: _of_election,
    Kind.APPRAISAL: _of_appraisal,
    Kind.NOTICE: _of_notice,
    Kind.DISCLOSURE_DUE: _of_due,
}


def _polls(
    session: Session, item_ids: Sequence[uuid.UUID], poll_ids: Iterable[uuid.UUID | None]
) -> list[Poll]:
    """Return the votes on items of agendas and on motions about them."""
    of_motions = session.scalars(
        select(Motion.poll_id).where(Motion.item_id.in_(item_ids), Motion.poll_id.is_not(None))
    )
    return _load_polls(session, [*poll_ids, *of_motions])


def _load_polls(session: Session, poll_ids: Iterable[uuid.UUID | None]) -> list[Poll]:
    """Return the polls that the public sees, with questions and result, by when they were opened."""
    ids = {one for one in poll_ids if one is not None}
    return list(
        session.scalars(
            select(Poll)
            .options(selectinload(Poll.questions), joinedload(Poll.result))
            .where(Poll.id.in_(ids), Poll.state != PollState.DRAFT)
            .order_by(Poll.opened_at, Poll.created_at, Poll.id)
        )
    )


def _subjects(**rows: Sequence[Matter | Meeting | Poll | Election | Cycle]) -> list[tuple[str, uuid.UUID]]:
    return [(kind, row.id) for kind, some in rows.items() for row in some]


def _notices(session: Session, subjects: Sequence[tuple[str, uuid.UUID]]) -> list[Notice]:
    """Return the notices about any of these, oldest first."""
    about = tuple_(Notice.subject_kind, Notice.subject_id).in_(subjects)
    return list(
        session.scalars(
            select(Notice)
            .options(joinedload(Notice.posted_by))
            .where(about)
            .order_by(Notice.posted_at, Notice.id)
        )
    )
