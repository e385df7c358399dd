"""The rest of a filled community: a meeting, votes, an election, an appraisal, the catalogue, ratings."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from civicforum.appraisals.models import AppraisalSubject, Cycle, Scale
from civicforum.appraisals.rules import CycleKind, CycleState, SubjectKind
from civicforum.bodies.models import Term
from civicforum.database import db
from civicforum.departments.models import Department
from civicforum.departments.rules import DepartmentKind
from civicforum.elections.models import Election
from civicforum.elections.rules import CandidateState, Stage
from civicforum.meetings.models import AgendaItem, Attendance, Meeting
from civicforum.meetings.rules import MeetingForm, MeetingState, Outcome, ParticipantClass, Seat
from civicforum.moderation.rules import Reason
from civicforum.notices.models import DisclosureDue, DisclosureItem, Notice, NoticeQuery, NoticeQueryEntry
from civicforum.notices.rules import ItemSource, NoticeCategory, NoticeState, QueryEntryKind, Rhythm
from civicforum.people.models import Community, Person
from civicforum.polls.models import Poll, ResultSheet
from civicforum.polls.rules import PollState, Preset
from civicforum.ratings.models import RatingPublication, ServiceRating
from civicforum.ratings.rules import RatingLevel
from civicforum.sealed import Answer
from tests.factories import NOW, make_person
from tests.support.elections import make_candidate, make_election
from tests.support.polls import make_poll
from tests.support.results import cast, stop, sweep

SECRETS = {
    "removed notice": "公示里误写的私事",
    "hidden query": "询问里骂人的话",
    "minutes": "还没有签字的会议记录",
    "draft poll": "还在起草的投票",
    "refused candidate": "没有通过审查的参选理由",
    "planned appraisal": "还没有公布的评议方案",
    "bad grade": "窗口评价人写下的话",
    "contact": "13700002222",
}


def fill_rest(community: Community, officer: Person, matter_id: uuid.UUID, notice_id: uuid.UUID) -> None:
    """Add the rest to a community. Commits."""
    _board(community, officer, notice_id)
    _catalogue(community, notice_id)
    poll_id = _votes(community)
    _meetings(community, officer, matter_id, poll_id)
    _election(community)
    _appraisals(community, officer)
    _places(community, officer)
    db.session.commit()


def _board(community: Community, officer: Person, notice_id: uuid.UUID) -> None:
    """Add a removed notice, and two queries about the other one, one of them hidden."""
    asker = make_person(community, name="何秀英")
    db.session.add(
        Notice(
            community_id=community.id,
            category=NoticeCategory.COMMON_CONCERN,
            title="关于某户的公示",
            text=SECRETS["removed notice"],
            posted_at=NOW,
            until=NOW + timedelta(days=15),
            posted_by_id=officer.id,
            state=NoticeState.REMOVED,
            removed_at=NOW + timedelta(days=1),
            removed_by_id=officer.id,
            removed_because="写了个人信息",
        )
    )
    shown = _query(community, asker, notice_id, "钱花在哪里了？", due_at=NOW + timedelta(days=10))
    hidden = _query(
        community,
        asker,
        notice_id,
        SECRETS["hidden query"],
        hidden_at=NOW,
        hidden_by_id=officer.id,
        hidden_reason=Reason.PERSONAL_ATTACK,
    )
    db.session.add_all([shown, hidden])


def _query(
    community: Community, asker: Person, notice_id: uuid.UUID, text: str, **values: Any
) -> NoticeQuery:
    query = NoticeQuery(community_id=community.id, notice_id=notice_id, author_id=asker.id, at=NOW, **values)
    query.entries = [
        NoticeQueryEntry(
            community_id=community.id,
            position=1,
            kind=QueryEntryKind.QUESTION,
            text=text,
            person_id=asker.id,
            at=NOW,
        )
    ]
    return query


def _catalogue(community: Community, notice_id: uuid.UUID) -> None:
    """Add an item that was posted once in time and is missing once."""
    item = DisclosureItem(
        community_id=community.id,
        code="accounts",
        category=NoticeCategory.MONEY_AND_DONATIONS,
        rhythm=Rhythm.MONTHLY,
        source=ItemSource.LAW,
        since=date(2026, 1, 1),
    )
    db.session.add(item)
    db.session.flush()
    for month, met in ((1, notice_id), (2, None)):
        db.session.add(
            DisclosureDue(
                community_id=community.id,
                item_id=item.id,
                period_from=date(2026, month, 1),
                period_until=date(2026, month, 28),
                due_at=NOW + timedelta(days=30 * (month - 1)),
                notice_id=met,
            )
        )


def _votes(community: Community) -> uuid.UUID:
    """Add a counted sealed poll, a draft, and a counted named vote, whose id is returned."""
    sealed = make_poll(community, voters=3)
    for voter in range(3):
        cast(sealed, voter, [Answer(frozenset({voter % 2}))])
    stop(sealed)
    sweep()
    draft = make_poll(community, voters=1, state=PollState.DRAFT, opened_at=None)
    db.session.get_one(Poll, draft.id).title = SECRETS["draft poll"]
    named = make_poll(
        community,
        preset=Preset.OPEN,
        questions=(),
        state=PollState.COUNTED,
        subject_kind="agenda_item",
        subject_id=uuid.uuid4(),
        majority_rule="assembly.representatives.majority",
    )
    poll = db.session.get_one(Poll, named.id)
    db.session.add(
        ResultSheet(
            community_id=community.id,
            poll_id=poll.id,
            counts={"for": 2, "against": 1, "abstain": 0, "did_not_vote": 0, "roll": 3},
            verdicts=[
                {
                    "kind": "majority",
                    "rule": "assembly.representatives.majority",
                    "article": "城市居民委员会组织法 第二十九条",
                    "arithmetic": "2 > 1/2 × 3 = 3/2",
                    "holds": True,
                    "least": 2,
                }
            ],
            is_adopted=True,
            counted_from_hash="0" * 64,
            made_at=NOW,
        )
    )
    return poll.id


def _meetings(community: Community, officer: Person, matter_id: uuid.UUID, poll_id: uuid.UUID) -> None:
    """Add a closed council with minutes that are not signed yet."""
    meeting = Meeting(
        community_id=community.id,
        form=MeetingForm.COUNCIL,
        title="居民议事会",
        place="党群服务中心二楼, 会议室",
        starts_at=NOW,
        noticed_at=NOW - timedelta(days=5),
        state=MeetingState.CLOSED,
        chair_id=officer.id,
        opened_at=NOW,
        closed_at=NOW + timedelta(hours=1),
        minutes=SECRETS["minutes"],
        profile=community.profile,
        profile_version="",
    )
    meeting.agenda = [
        AgendaItem(
            community_id=community.id,
            position=1,
            title="加装扶手",
            text="同意加装。",
            matter_id=matter_id,
            poll_id=poll_id,
            outcome=Outcome.AGREED,
            concluded_at=NOW + timedelta(minutes=30),
        )
    ]
    meeting.attendance = [
        Attendance(
            community_id=community.id,
            person_id=officer.id,
            seat=Seat.PARTICIPANT,
            participant_class=ParticipantClass.COMMITTEE,
            arrived_at=NOW,
        )
    ]
    db.session.add(meeting)


def _election(community: Community) -> Election:
    """Add an election with a formal candidate and one whom the review refused."""
    election = make_election(community, stage=Stage.CANDIDATES)
    make_candidate(
        election,
        "主任",
        make_person(community, name="丁建国"),
        state=CandidateState.FORMAL,
        position=1,
        statement="把楼道修好。",
        formal_at=NOW,
    )
    make_candidate(
        election,
        "主任",
        make_person(community, name="被拒的人"),
        state=CandidateState.REFUSED,
        statement=SECRETS["refused candidate"],
        decision="不符合条件",
    )
    return election


def _appraisals(community: Community, officer: Person) -> None:
    """Add a certified appraisal, and a plan that is not posted."""
    posted = {"posted_at": NOW, "opened_at": NOW, "counted_at": NOW}
    certified = {
        "state": CycleState.CERTIFIED,
        "certified_at": NOW,
        "result": {"subjects": [{"name": "居民委员会", "score": "22/41"}]},
        "result_hash": "a" * 64,
    }
    db.session.add_all(
        [
            _cycle(community, officer, "居民委员会半年评议", **posted, **certified),
            _cycle(community, officer, SECRETS["planned appraisal"]),
        ]
    )


def _cycle(community: Community, officer: Person, title: str, **values: Any) -> Cycle:
    cycle = Cycle(
        community_id=community.id,
        kind=CycleKind.MEMBERS,
        title=title,
        period_from=date(2025, 7, 1),
        period_until=date(2025, 12, 31),
        held_on=date(2026, 1, 20),
        least=5,
        rank_least=5,
        profile=community.profile,
        profile_version="",
        made_by_id=officer.id,
        made_at=NOW,
        **values,
    )
    scale = Scale(
        community_id=community.id,
        position=1,
        title="成员",
        levels=["称职", "不称职"],
        points=[100, 0],
        poor_from=1,
        ends_with_unfit=True,
    )
    cycle.scales = [scale]
    cycle.subjects = [
        AppraisalSubject(
            community_id=community.id,
            scale=scale,
            position=1,
            kind=SubjectKind.PERSON,
            name=officer.name,
            person_id=officer.id,
        )
    ]
    return cycle


def _places(community: Community, officer: Person) -> None:
    """Add a department, a bad grade that is not published apart, and the publication that counts it."""
    term = db.session.query(Term).filter(Term.person_id == officer.id).one()
    db.session.add_all(
        [
            Department(
                community_id=community.id,
                kind=DepartmentKind.PROVIDER,
                name="安家物业",
                duty="保洁和门岗",
                phone="0571-12345",
                since=date(2025, 1, 1),
            ),
            ServiceRating(
                community_id=community.id,
                number="RATING000001",
                term_id=term.id,
                counter="1号窗口",
                level=RatingLevel.DISSATISFIED,
                comment=SECRETS["bad grade"],
                phone=SECRETS["contact"],
                is_named_bad=True,
                contact_due_at=NOW,
                month=date(2026, 2, 1),
            ),
            RatingPublication(
                community_id=community.id,
                published_on=date(2026, 3, 1),
                figures={"total": {"": [4, 1, 0, 1, 0]}, "served": {}, "item": {}},
                hidden={},
                stands=0,
                set_aside=0,
            ),
        ]
    )
