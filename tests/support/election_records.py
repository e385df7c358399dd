"""An election with all its records, for what reads them: notices, the archive, pages. Ids and no rows."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from civicforum import rulebook
from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.elections.models import Election, ElectionNotice, HandoverItem, Round, Winner
from civicforum.elections.notices import Need, Wish, needs
from civicforum.elections.queries import notices as queries
from civicforum.elections.rules import (
    CandidateState,
    Disqualification,
    NominationState,
    NoticeKind,
    RoundKind,
    WinnerState,
)
from civicforum.elections.services import notices as services
from civicforum.people.models import Community, Person
from civicforum.polls.models import (
    Mandate,
    ResultSheet,
    RollCorrection,
    RollEntry,
    RollObjection,
    Station,
)
from civicforum.polls.outcomes import Electorate, Way, as_json, decide
from civicforum.polls.questions import Marking, QuestionKind, QuestionSpec
from civicforum.polls.rules import CorrectionKind, ObjectionKind, PollState, Ruling, StationKind
from civicforum.sealed import ContestCount
from tests.factories import NOW, actor_of, make_person
from tests.support import elections as make

GROUPS = ("第一居民小组", "第二居民小组", "第三居民小组")
# Post, seats and the candidates' votes for and against, of 42 papers of which two are invalid.
FIRST_ROUND: tuple[tuple[str, int, tuple[tuple[str, int, int], ...]], ...] = (
    ("主任", 1, (("李文涛", 30, 8), ("赵淑芬", 10, 25))),
    ("副主任", 1, (("周丽华", 28, 9), ("孙伟", 11, 20))),
    ("委员", 3, (("吴晓燕", 35, 3), ("郑国强", 31, 5), ("马玉兰", 18, 12), ("冯建军", 15, 20))),
)
PAPERS, INVALID = 42, 2
# 48 residents and the eight candidates.
ON_ROLL = 56
# What the officer types into notices of any kind.
ASKED = {
    "office": "社区党群服务中心一楼",
    "office_hours": "9:00至17:00",
    "phone": "0472-1234567",
    "meeting_hour": "19:00",
    "meeting_place": "社区多功能厅",
    "callers": "许志远 罗小梅",
    "counters": "谢春生、韩雪",
    "approval": "松河街道办事处",
    "users": "王桂英、李德福",
}


@dataclass(frozen=True)
class Records:
    """The election and the poll of its first round."""

    id: uuid.UUID
    community_id: uuid.UUID
    poll_id: uuid.UUID
    officers: tuple[uuid.UUID, ...]


def make_records(
    community: Community, *, voters: int = 48, names: Sequence[str] = (), **terms: Any
) -> Records:
    """Make an election that went through one round and a further one, was handed over, and has every record.

    The first round fills four of five seats; the further round fills the fifth.
    """
    election = make.make_election(community, by_proxy=True, **terms)
    officers = make.seat_committee(election)
    people = make.make_voters(election, voters, groups=GROUPS, bulk=True)
    for person, name in zip(people, names, strict=False):
        person.name = name
    db.session.commit()
    standing = _candidates(election)
    first = make.make_round(
        election,
        people=[*people, *standing.values()],
        poll_state=PollState.CERTIFIED,
        decided_at=election.closes_at + timedelta(hours=2),
        **_ended(election),
    )
    _objections(first, people)
    _stations(first, officers)
    _mandates(first, officers[0])
    count_round(election, first, FIRST_ROUND)
    _further_round(election, standing)
    make.do_steps(election, *(step.milestone for step in election.steps))
    _handover(election, officers[0])
    return Records(election.id, community.id, first.poll_id, tuple(one.id for one in officers))


def _ended(election: Election, *, days: int = 0) -> dict[str, Any]:
    closed = election.closes_at + timedelta(days=days)
    return {
        "opens_at": election.opens_at + timedelta(days=days),
        "closes_at": closed,
        "closed_at": closed,
        "counted_at": closed + timedelta(hours=1),
        "certified_at": closed + timedelta(hours=2),
        "quorum_rule": "election.validity.voters",
    }


def _candidates(election: Election) -> dict[str, Person]:
    """Make the nominations and the formal candidates, each asked about the four grounds."""
    community = db.session.get_one(Community, election.community_id)
    answered = {str(ground): {"applies": False, "source": "街道联审"} for ground in Disqualification}
    people = {}
    for title, _seats, votes in FIRST_ROUND:
        for position, (name, _for, _against) in enumerate(votes, 1):
            people[name] = make_person(community, name=name)
            make.make_nomination(
                election, title, people[name], state=NominationState.ACCEPTED, decided_at=NOW
            )
            make.make_candidate(
                election,
                title,
                people[name],
                state=CandidateState.FORMAL,
                position=position,
                formal_at=NOW,
                checks=answered,
            )
    return people


def _objections(round_: Round, people: Sequence[Person]) -> None:
    entry = db.session.scalars(
        select(RollEntry).where(RollEntry.poll_id == round_.poll_id).order_by(RollEntry.position)
    ).first()
    assert entry is not None
    common: dict[str, Any] = {
        "community_id": round_.community_id,
        "poll_id": round_.poll_id,
        "filed_by_id": people[1].id,
        "filed_at": NOW,
        "due_at": NOW + timedelta(days=3),
        "ruled_at": NOW + timedelta(days=1),
    }
    db.session.add_all(
        [
            RollObjection(
                **common,
                kind=ObjectionKind.OMITTED,
                about="何美玲",
                text="本人已经登记",
                ruling=Ruling.UPHELD,
                ruling_text="登记属实，予以补列",
            ),
            RollObjection(
                **common,
                kind=ObjectionKind.WRONGLY_LISTED,
                roll_entry_id=entry.id,
                text="已经搬走",
                ruling=Ruling.REJECTED,
                ruling_text="常住本社区，符合登记条件",
            ),
            RollCorrection(
                community_id=round_.community_id,
                poll_id=round_.poll_id,
                roll_entry_id=entry.id,
                kind=CorrectionKind.CHANGED,
                reason="姓名用字有误",
                made_by_id=people[1].id,
                made_at=NOW + timedelta(days=1),
            ),
        ]
    )
    db.session.commit()


def _stations(round_: Round, officers: Sequence[Person]) -> None:
    signed = {
        "community_id": round_.community_id,
        "poll_id": round_.poll_id,
        "first_signer_id": officers[0].id,
        "second_signer_id": officers[1].id,
        "signed_at": NOW,
    }
    db.session.add_all(
        [
            Station(
                **signed,
                name="中心投票站",
                kind=StationKind.HALL,
                place="社区党群服务中心一楼大厅",
                supervisors=["许志远", "罗小梅", "谢春生"],
                scribe="韩雪",
            ),
            Station(
                **signed,
                name="南区投票站",
                kind=StationKind.HALL,
                place="松河路18号社区活动室",
                supervisors=["唐丽", "曹卫东"],
            ),
            Station(
                **signed,
                name="第一流动票箱",
                kind=StationKind.ROVING,
                place="第一、第二居民小组",
                supervisors=["邓志平", "彭秋菊", "曾海燕"],
            ),
        ]
    )
    db.session.commit()


def _mandates(round_: Round, officer: Person) -> None:
    entries = db.session.scalars(
        select(RollEntry).where(RollEntry.poll_id == round_.poll_id).order_by(RollEntry.position).limit(6)
    ).all()
    for principal, holder in ((entries[2], entries[0]), (entries[3], entries[0]), (entries[4], entries[5])):
        db.session.add(
            Mandate(
                community_id=round_.community_id,
                poll_id=round_.poll_id,
                principal_id=principal.id,
                holder_id=holder.id,
                reason="外出务工",
                written_on=NOW.date(),
                entered_by_id=officer.id,
                entered_at=NOW,
            )
        )
    db.session.commit()


def count_round(
    election: Election,
    round_: Round,
    paper: Sequence[tuple[str, int, Sequence[tuple[str, int, int]]]],
    *,
    on_roll: int = ON_ROLL,
) -> None:
    """Write the result sheet that the counting rules make of these papers, and the winners."""
    specs = [
        QuestionSpec(
            QuestionKind.SELECTION,
            title,
            options=tuple(name for name, _for, _against in votes),
            marking=Marking.EACH,
            most=seats,
            seats=seats,
            majority_rule="election.elected",
        )
        for title, seats, votes in paper
    ]
    counts = [
        ContestCount(tuple((yes, no) for _name, yes, no in votes), Counter(), Counter(), 0)
        for _title, _seats, votes in paper
    ]
    outcome = decide(
        specs,
        paper=Way(tuple(counts), PAPERS - INVALID, INVALID),
        electorate=Electorate(on_roll=on_roll),
        book=rulebook.load(election.profile),
        quorum_rule="election.validity.voters",
    )
    sheet = ResultSheet(
        community_id=election.community_id,
        poll_id=round_.poll_id,
        counts={
            "roll": on_roll,
            "taking_part": outcome.taking_part,
            "online": 0,
            "paper_issued": 43,
            "paper_found": PAPERS,
            "paper_invalid": INVALID,
        },
        verdicts=[],
        questions=[as_json(question) for question in outcome.questions],
        is_adopted=None,
        counted_from_hash="0" * 64,
        made_at=NOW,
    )
    db.session.add(sheet)
    _winners(election, round_, {name for one in outcome.questions for name in one.chosen}, paper)
    db.session.commit()


def _winners(
    election: Election,
    round_: Round,
    chosen: set[str],
    paper: Sequence[tuple[str, int, Sequence[tuple[str, int, int]]]],
) -> None:
    people = {row.name: row.id for row in db.session.execute(select(Person.name, Person.id))}
    for title, _seats, votes in paper:
        for name, yes, _no in votes:
            if name in chosen:
                db.session.add(
                    Winner(
                        community_id=election.community_id,
                        election_id=election.id,
                        round_id=round_.id,
                        seat_id=make.seat_of(election, title).id,
                        person_id=people[name],
                        votes=yes,
                        state=WinnerState.ELECTED,
                        certificate=f"东湖居字第{len(name) + yes}号",
                        certified_on=NOW.date(),
                    )
                )


def _further_round(election: Election, standing: dict[str, Person]) -> None:
    """Hold the last seat's further round a week later: the best two who were not elected."""
    paper = (("委员", 1, (("马玉兰", 25, 5), ("冯建军", 14, 18))),)
    people = [str(standing[name].id) for name, _for, _against in paper[0][2]]
    seat = make.seat_of(election, "委员")
    round_ = make.make_round(
        election,
        kind=RoundKind.FURTHER,
        poll_state=PollState.CERTIFIED,
        decided_at=election.closes_at + timedelta(days=7, hours=2),
        paper=[{"seat": str(seat.id), "seats": 1, "people": people}],
        **_ended(election, days=7),
    )
    count_round(election, round_, paper)


def _handover(election: Election, officer: Person) -> None:
    for position, title in enumerate(
        (
            "居民委员会印章",
            "办公场所和办公设施",
            "集体财务账目和财产清单",
            "工作档案",
            "债权债务清单",
            "遗留事项清单",
        ),
        1,
    ):
        db.session.add(
            HandoverItem(
                community_id=election.community_id,
                election_id=election.id,
                position=position,
                title=title,
                done_at=election.closes_at + timedelta(days=8),
                done_by_id=officer.id,
            )
        )
    db.session.commit()


def after(election: Election) -> datetime:
    """Return a day on which all of it is done."""
    return (election.closes_at + timedelta(days=9)).astimezone(UTC)


def issue(
    election: Election,
    kind: NoticeKind,
    *,
    round_number: int = 0,
    now: datetime = NOW,
    actor: Actor | None = None,
    **wish: Any,
) -> ElectionNotice:
    """Issue a notice by the product's own service, with everything filled in that any notice asks for."""
    notice_id = services.issue_notice(
        election_id=election.id,
        need=Need(kind, round_number),
        wish=Wish(**{"asked": ASKED, **wish}),
        actor=actor or officer_of(election),
        now=now,
    )
    return db.session.get_one(ElectionNotice, notice_id)


def issue_all(election: Election) -> list[uuid.UUID]:
    """Issue every notice that the election needs, once all of it is done; return their ids."""
    wanted = needs(queries.get_standing(db.session(), election))
    return [
        issue(election, need.kind, round_number=need.round_number, now=after(election)).id for need in wanted
    ]


def officer_of(election: Election) -> Actor:
    """Return the director of the election committee."""
    return actor_of(db.session.get_one(Person, election.places[0].person_id), Role.ELECTION_OFFICER)
