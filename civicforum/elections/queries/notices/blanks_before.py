"""What notices up to the preliminary list are filled with. Each function makes a handful of statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from civicforum.bodies.rules import PostKind
from civicforum.elections.models import CommitteePlace, Election, Registration, Round, Step
from civicforum.elections.notices import Need
from civicforum.elections.queries.notices.blanks_common import (
    candidate_lists,
    list_standing,
    report_channel,
)
from civicforum.elections.queries.notices.standing import first_poll_id
from civicforum.elections.rules import CandidateState, RegistrationState, Way
from civicforum.elections.wording import day_in_words, names_list, names_of, past_day, table
from civicforum.errors import NotFound
from civicforum.people.models import Group, Household, Person
from civicforum.polls.electorates import natural_key
from civicforum.polls.models import Poll, RollCorrection, RollEntry, RollObjection
from civicforum.rulebook.days import day_of

ORDER = (PostKind.DIRECTOR, PostKind.DEPUTY_DIRECTOR, PostKind.MEMBER)
POSTS = {PostKind.DIRECTOR: "主任", PostKind.DEPUTY_DIRECTOR: "副主任", PostKind.MEMBER: "委员"}


def election_day(session: Session, election: Election, _need: Need) -> dict[str, str]:
    """Return the calendar as a table of what residents have to know, and where to report offences."""
    words = names_of("milestones")
    steps = session.scalars(
        select(Step).where(Step.election_id == election.id).order_by(Step.planned_on)
    ).all()
    rows = [
        (day_in_words(step.planned_on), words[step.milestone]) for step in steps if step.milestone in words
    ]
    calendar = table("选举日程安排", ("日期", "事项"), rows)
    return {"calendar": calendar, **report_channel(session, election)}


def committee(session: Session, election: Election, _need: Need) -> dict[str, str]:
    """Return who sits on the election committee, and who would follow on, in the order of votes."""
    places = session.scalars(
        select(CommitteePlace)
        .options(joinedload(CommitteePlace.person))
        .where(CommitteePlace.election_id == election.id, CommitteePlace.left_at.is_(None))
        .order_by(CommitteePlace.position)
    ).all()
    lines = []
    for post in ORDER:
        names = [place.person.name for place in places if place.post is post]
        if names:
            lines.append(f"{POSTS[post]}：{'、'.join(names)}")
    followers = "、".join(place.person.name for place in places if place.post is None)
    return {"members": "\n".join(lines), "followers": followers}


def registration(_session: Session, _election: Election, _need: Need) -> dict[str, str]:
    """Return nothing: dates are in the calendar, the rest is asked."""
    return {}


nomination = registration


def roll(session: Session, election: Election, _need: Need) -> dict[str, str]:
    """Return the names on the roll by residents' group, names alone.

    Where households or representatives vote, those are on the roll, and everybody registered is posted beside
    them (art 17).
    """
    rows = session.execute(
        select(RollEntry.group_name, RollEntry.name)
        .join(Round, Round.poll_id == RollEntry.poll_id)
        .where(Round.election_id == election.id, Round.number == 1, RollEntry.struck_off_at.is_(None))
    ).all()
    registered = [] if election.way is Way.VOTERS else _registered(session, election)
    name = names_of("rolls")[election.way]
    return {
        "roll": str(len(rows)),
        "names": _by_group((row.group_name, row.name) for row in rows),
        "lists": f"{names_of('rolls')[Way.VOTERS]}和{name}" if registered else name,
        "registered": str(len(registered) or ""),
        "registered_names": _by_group(registered),
    }


def rulings(session: Session, election: Election, _need: Need) -> dict[str, str]:
    """Return what was ruled on objections and what was corrected. Who objected is not said."""
    poll_id = first_poll_id(session, election.id)
    poll = session.get(Poll, poll_id) if poll_id else None
    if poll is None or poll.roll_posted_at is None:
        raise NotFound(election.id)
    found = session.scalars(
        select(RollObjection)
        .options(joinedload(RollObjection.entry))
        .where(RollObjection.poll_id == poll.id, RollObjection.ruling.is_not(None))
        .order_by(RollObjection.ruled_at, RollObjection.id)
    ).all()
    return {
        "roll_day": past_day(day_of(poll.roll_posted_at)),
        "objections": str(len(found)),
        "rulings": table("异议处理结果", ("序号", "涉及人员", "异议事项", "处理决定"), _ruled(found)),
        "corrections": _corrections(session, poll),
        "roll": str(_on_roll(session, poll)),
    }


def preliminary_list(session: Session, election: Election, _need: Need) -> dict[str, str]:
    """Return the preliminary candidates; one who became formal meanwhile was among them."""
    names = list_standing(session, election, (CandidateState.PRELIMINARY, CandidateState.FORMAL))
    total = sum(len(of_seat) for of_seat in names.values())
    return {"candidates": str(total), "list": candidate_lists(election, names, "初步候选人")}


def _registered(session: Session, election: Election) -> list[tuple[str, str]]:
    """Return group and name of everybody registered."""
    rows = session.execute(
        select(Group.name, Person.name)
        .select_from(Registration)
        .join(Person, Registration.person_id == Person.id)
        .join(Household, Person.household_id == Household.id)
        .join(Group, Household.group_id == Group.id)
        .where(Registration.election_id == election.id, Registration.state == RegistrationState.REGISTERED)
    )
    return [(group, name) for group, name in rows]


def _by_group(people: Iterable[tuple[str, str]]) -> str:
    """Write names by group, each in the order of pinyin that GB 18030 gives common characters."""
    ordered = sorted(people, key=lambda one: (natural_key(one[0]), one[1].encode("gb18030")))
    lists = []
    for group, members in groupby(ordered, key=itemgetter(0)):
        names = [name for _group, name in members]
        lists.append(names_list(f"{group}（共{len(names)}人）", names))
    return "\n".join(lists)


def _ruled(found: Sequence[RollObjection]) -> list[tuple[str, ...]]:
    kinds, words = names_of("objections"), names_of("rulings")
    return [
        (
            str(number),
            one.entry.name if one.entry else one.about or "—",
            kinds[one.kind],
            f"{words[one.ruling]}。{one.ruling_text}" if one.ruling else "—",
        )
        for number, one in enumerate(found, 1)
    ]


def _corrections(session: Session, poll: Poll) -> str:
    words = names_of("corrections")
    found = session.scalars(
        select(RollCorrection)
        .options(joinedload(RollCorrection.entry))
        .where(RollCorrection.poll_id == poll.id)
        .order_by(RollCorrection.made_at, RollCorrection.id)
    ).all()
    if not found:
        return ""
    rows = [(one.entry.name, one.entry.group_name, words[one.kind]) for one in found]
    return table("名单更正", ("姓名", "居民小组", "更正"), rows)


def _on_roll(session: Session, poll: Poll) -> int:
    return (
        session.scalar(
            select(func.count()).where(RollEntry.poll_id == poll.id, RollEntry.struck_off_at.is_(None))
        )
        or 0
    )
