"""What open affairs leave behind, so that links lead to each of their pages."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from civicforum.bodies.models import Body
from civicforum.bodies.rules import BodyKind, Role
from civicforum.database import db
from civicforum.meetings.rules import MeetingState
from civicforum.rulebook.days import day_of
from civicforum.supervision import services as supervision
from civicforum.supervision.rules import Period
from civicforum.supervision.services.archiving import make_copy
from tests.factories import actor_of, make_person
from tests.support import asking, moderation
from tests.support.deputies import make_liaison
from tests.support.letters import ask as ask_for_letters
from tests.support.notices import NoticeBoard, make_notice_board
from tests.support.supervision import Desk, ask_committee, file_on_notice, make_session, open_report, refer
from tests.support.told import make_told
from tests.support.town import Neighbour, Town
from tests.support.transfer import ask_for_deletion

People = dict[Role, Neighbour]


def fill_open_affairs(town: Town, people: People, now: datetime) -> None:
    """Fill the board, the desks of those who ask, check and moderate, and the resident's messages."""
    board = make_notice_board(
        db.session(),
        director=people[Role.COMMITTEE].actor,
        clerk=people[Role.CLERK].actor,
        supervisor=people[Role.SUPERVISOR].actor,
        now=now,
    )
    _ask(town, people, now)
    _supervise(town, people, board, now)
    _moderate(town, people, now)
    ask_for_deletion(town.community, now=now)
    make_told(people[Role.RESIDENT].id, now=now)
    ask_for_letters(people[Role.CLERK].actor, now=now)


def _ask(town: Town, people: People, now: datetime) -> None:
    """Let the resident ask, complain, demand what waits for more who sign, and write to a deputy."""
    neighbour = make_person(town.community, name="陈志强")
    place = asking.Town(
        community_id=town.community_id,
        director=people[Role.COMMITTEE].actor,
        clerk=people[Role.CLERK].actor,
        supervisor=people[Role.SUPERVISOR].actor,
        resident=people[Role.RESIDENT].actor,
        neighbour=actor_of(neighbour),
    )
    asking.make_scene(place, now=now)
    make_liaison(place, now=now)


def _supervise(town: Town, people: People, board: NoticeBoard, now: datetime) -> None:
    """Check a notice, ask about it, refer it twice; a report is due, a session began, a copy is ready."""
    committee = select(Body.id).where(Body.kind == BodyKind.RESIDENTS_COMMITTEE)
    supervisor = people[Role.SUPERVISOR].actor
    desk = Desk(
        community_id=town.community_id,
        supervisors=(supervisor, supervisor, supervisor),
        director=people[Role.COMMITTEE].actor,
        clerk=people[Role.CLERK].actor,
        admin=people[Role.ADMIN].actor,
        resident=people[Role.RESIDENT].actor,
        notice_id=board.posted_id,
        committee_id=db.session.scalars(committee).one(),
    )
    finding_id = file_on_notice(desk, now=now)
    question_id = ask_committee(desk, finding_id=finding_id, now=now)
    refer(desk, findings=(finding_id,), questions=(question_id,), now=now)
    handed = refer(desk, findings=(finding_id,), text="凭证编号仍未补上。", now=now)
    supervision.hand_over(referral_id=handed, to="街道办事处值班室", actor=supervisor, now=now)
    open_report(desk, now=now)
    make_session(desk, starts_at=now + timedelta(days=5))
    begun = make_session(desk, state=MeetingState.OPEN, starts_at=now - timedelta(hours=1))
    supervision.sit_in(meeting_id=begun, actor=supervisor, now=now)
    today = day_of(now)
    copy_id = supervision.ask_for_copy(period=Period(today, today), actor=supervisor, now=now)
    make_copy(copy_id=copy_id, now=now)


def _moderate(town: Town, people: People, now: datetime) -> None:
    """Leave what moderation waits for; the resident has as many open matters as may be."""
    place = moderation.Place(
        community_id=town.community_id,
        director=people[Role.COMMITTEE].actor,
        clerk=people[Role.CLERK].actor,
        secretary=people[Role.PARTY].actor,
        supervisor=people[Role.SUPERVISOR].actor,
        author=people[Role.REPRESENTATIVE].actor,
        reporter=people[Role.RESIDENT].actor,
    )
    moderation.leave_work(place, now=now)
