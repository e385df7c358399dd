"""The election committee: who was chosen, forming it, leaving it, and following on it (arts 8 and 15)."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import PostKind
from civicforum.database import transaction
from civicforum.elections.calendar import Milestone
from civicforum.elections.committees import judge_formation, leavings, successor
from civicforum.elections.law import require
from civicforum.elections.models import CommitteePlace, Election
from civicforum.elections.queries.committee import kin_among, list_places, nominated_people, place_of
from civicforum.elections.rules import LeftGround, Stage
from civicforum.elections.services.committee_terms import (
    REASONS,
    TITLES,
    begin,
    end_former,
    end_terms,
    free_body,
)
from civicforum.elections.services.planning import lock_to_change
from civicforum.elections.services.steps import mark_done, record_election, rules_of
from civicforum.errors import AlreadyDone, Invalid, NotFound, TransitionNotAllowed
from civicforum.people.services import get_own_person, lock_register
from civicforum.rulebook import Rulebook
from civicforum.rulebook.days import day_of


def add_place(
    *, election_id: uuid.UUID, person_id: uuid.UUID, votes: int, actor: Actor, now: datetime
) -> None:
    """Enter somebody who was chosen, with the votes; the order of votes is kept.

    Once the committee is formed, this is how a place that nobody follows on is filled anew.

    Raises NotFound, NotEligible, AlreadyDone (entered before), Invalid ("votes", "has_left"),
    TransitionNotAllowed (over).
    """
    with transaction() as session:
        election = _lock_running(session, election_id=election_id, actor=actor)
        person = get_own_person(session, person_id, election.community_id)
        if votes < 0:
            raise Invalid("votes", "votes")
        if person.left_on is not None:
            raise Invalid("has_left", "person")
        places = list(list_places(session, election.id))
        if any(place.person_id == person.id for place in places):
            raise AlreadyDone(person.id)
        place = CommitteePlace(
            community_id=election.community_id,
            election_id=election.id,
            person_id=person.id,
            position=len(places) + 1,
            votes=votes,
        )
        session.add(place)
        if election.presiding_id is None:
            # Who came in later with as many votes stands behind: sorting keeps the order of entry.
            _number(session, sorted([*places, place], key=lambda one: -one.votes))
        else:
            session.flush()
            _fill(session, election, nominated_people(session, election.id), now=now)
        payload = {"person": person.name, "votes": votes}
        record_election(session, election, actor=actor, action="add_place", payload=payload, now=now)


def remove_place(*, election_id: uuid.UUID, person_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Take somebody off the list who declined, or was entered by mistake, before the committee is formed.

    Raises NotFound, NotEligible, TransitionNotAllowed (formed already).
    """
    with transaction() as session:
        election = _lock_running(session, election_id=election_id, actor=actor)
        if election.presiding_id is not None:
            raise TransitionNotAllowed(election.stage, "remove_place")
        places = list_places(session, election.id)
        place = _place_of_person(places, person_id)
        session.delete(place)
        session.flush()
        _number(session, [one for one in places if one is not place])
        payload = {"person": place.person.name}
        record_election(session, election, actor=actor, action="remove_place", payload=payload, now=now)


def form_committee(
    *,
    election_id: uuid.UUID,
    size: int,
    director_id: uuid.UUID,
    deputy_ids: Collection[uuid.UUID],
    actor: Actor,
    now: datetime,
) -> None:
    """Form the committee of the `size` people with most votes; the others follow on in their order.

    Its body is founded, or one without a running election is taken over, and terms begin for its members.

    Raises NotFound, NotEligible, AlreadyDone (formed), TransitionNotAllowed (not its stage),
    Invalid ("too_few", "director", "deputies"), RuleRefused (size, odd number, near relatives).
    """
    with transaction() as session:
        election = _lock_running(session, election_id=election_id, actor=actor)
        if election.presiding_id is not None:
            raise AlreadyDone(election.id)
        if election.stage is not Stage.COMMITTEE:
            raise TransitionNotAllowed(election.stage, "form_committee")
        members = _chosen(list_places(session, election.id), size, director_id, deputy_ids)
        people = [place.person_id for place in members]
        require(*judge_formation(rules_of(election), people, kin_among(session, people)))
        lock_register(session, election.community_id)
        body = free_body(session, election, now)
        election.presiding = body
        for place in members:
            place.post, place.joined_at = _post_of(place, director_id, deputy_ids), now
        end_former(session, body, members, today=day_of(now))
        for place in members:
            begin(session, body, place, today=day_of(now))
        mark_done(session, election, Milestone.COMMITTEE_FORMED, actor=actor, now=now)
        payload = {"members": [place.person.name for place in members]}
        record_election(session, election, actor=actor, action="form_committee", payload=payload, now=now)


def resign(*, election_id: uuid.UUID, person_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Record that a member resigned; the next in the order of votes follows.

    Raises NotFound, NotEligible, TransitionNotAllowed (over), AlreadyDone (no member any more).
    """
    with transaction() as session:
        election = _lock_running(session, election_id=election_id, actor=actor)
        place = _member(list_places(session, election.id), person_id)
        nominated = nominated_people(session, election.id)
        _leave(session, election, {place.person_id: LeftGround.RESIGNED}, nominated, actor=actor, now=now)


def record_meeting(
    *, election_id: uuid.UUID, absent: Collection[uuid.UUID], actor: Actor, now: datetime
) -> list[uuid.UUID]:
    """Write down who missed a meeting without leave; who missed too many running has left. Return who.

    Raises NotFound, NotEligible, TransitionNotAllowed (over, or no committee yet), AlreadyDone (no member).
    """
    with transaction() as session:
        election = _lock_running(session, election_id=election_id, actor=actor)
        if election.presiding_id is None:
            raise TransitionNotAllowed(election.stage, "record_meeting")
        places = list_places(session, election.id)
        missing = {_member(places, person_id).person_id for person_id in absent}
        for place in places:
            if place.joined_at is not None and place.left_at is None:
                place.absences = place.absences + 1 if place.person_id in missing else 0
        sitting = [place_of(place) for place in places]
        gone = {
            one.person_id: one.ground
            for one in leavings(rules_of(election), sitting, (), ())
            if one.ground is LeftGround.ABSENT
        }
        payload = {"absent": len(missing)}
        record_election(session, election, actor=actor, action="record_meeting", payload=payload, now=now)
        if gone:
            nominated = nominated_people(session, election.id)
            _leave(session, election, gone, nominated, actor=actor, now=now)
        return list(gone)


def leave_if_nominated(
    session: Session, election: Election, person_id: uuid.UUID, actor: Actor | None, now: datetime
) -> list[uuid.UUID]:
    """Let members leave who are nominated, or whose near relative is; return who. The next ones follow.

    For the use case that files a nomination; the election is locked, and its poll too where it is needed.
    """
    if election.presiding_id is None:
        return []
    nominated = nominated_people(session, election.id) | {person_id}
    places = list_places(session, election.id)
    kin = kin_among(session, {place.person_id for place in places} | nominated)
    waiting = [place_of(place) for place in places]
    grounds = {
        one.person_id: one.ground
        for one in leavings(rules_of(election), waiting, nominated, kin)
        if one.ground in (LeftGround.NOMINATED, LeftGround.RELATIVE_NOMINATED)
    }
    if grounds:
        _leave(session, election, grounds, nominated, actor=actor, now=now)
    return list(grounds)


def _lock_running(session: Session, *, election_id: uuid.UUID, actor: Actor) -> Election:
    election = lock_to_change(session, election_id=election_id, actor=actor)
    if election.stage in (Stage.CLOSED, Stage.VOID):
        raise TransitionNotAllowed(election.stage, "committee")
    return election


def _chosen(
    places: Sequence[CommitteePlace], size: int, director_id: uuid.UUID, deputy_ids: Collection[uuid.UUID]
) -> list[CommitteePlace]:
    """Return the members in the order of votes. Raises Invalid."""
    members = list(places[: max(size, 0)])
    if len(members) < size or not members:
        raise Invalid("too_few", "size")
    people = {place.person_id for place in members}
    if director_id not in people:
        raise Invalid("director", "director")
    if not set(deputy_ids) <= people - {director_id}:
        raise Invalid("deputies", "deputies")
    return members


def _post_of(place: CommitteePlace, director_id: uuid.UUID, deputy_ids: Collection[uuid.UUID]) -> PostKind:
    if place.person_id == director_id:
        return PostKind.DIRECTOR
    return PostKind.DEPUTY_DIRECTOR if place.person_id in deputy_ids else PostKind.MEMBER


def _number(session: Session, places: Sequence[CommitteePlace]) -> None:
    """Number the places from 1 in this order; by way of numbers that no place has, each being unique."""
    for position, place in enumerate(places, 1):
        place.position = -position
    session.flush()
    for place in places:
        place.position = -place.position
    session.flush()


def _leave(
    session: Session,
    election: Election,
    grounds: Mapping[uuid.UUID, LeftGround],
    nominated: Collection[uuid.UUID],
    *,
    actor: Actor | None,
    now: datetime,
) -> None:
    """Let members leave and the next ones follow, with a journal entry for each who leaves."""
    lock_register(session, election.community_id)
    left = [place for place in list_places(session, election.id) if place.person_id in grounds]
    for place in left:
        place.left_at, place.left_ground = now, grounds[place.person_id]
        if election.presiding is not None:
            end_terms(session, election.presiding, place, today=day_of(now))
    session.flush()
    followed = [place.person.name for place in _fill(session, election, nominated, now=now)]
    for place in left:
        ground = grounds[place.person_id]
        payload = {"person": place.person.name, "ground": ground.value, "followed_by": followed}
        record_election(
            session,
            election,
            actor=actor,
            action="leave_committee",
            payload=payload,
            reason=REASONS[ground],
            now=now,
        )


def _fill(
    session: Session, election: Election, nominated: Collection[uuid.UUID], *, now: datetime
) -> list[CommitteePlace]:
    """Fill the posts that fell empty, in the order of votes, as far as somebody may follow."""
    if election.presiding is None:
        return []
    lock_register(session, election.community_id)
    book = rules_of(election)
    places = list_places(session, election.id)
    kin = kin_among(session, {place.person_id for place in places} | set(nominated))
    followed = []
    for post in _empty_posts(places):
        place = _next(book, places, nominated, kin)
        if place is None:
            break
        place.post, place.joined_at = post, now
        session.flush()
        begin(session, election.presiding, place, today=day_of(now))
        followed.append(place)
    return followed


def _next(
    book: Rulebook,
    places: Sequence[CommitteePlace],
    nominated: Collection[uuid.UUID],
    kin: Collection[frozenset[uuid.UUID]],
) -> CommitteePlace | None:
    following = successor(book, [place_of(place) for place in places], nominated, kin)
    if following is None:
        return None
    return next(place for place in places if place.person_id == following.person_id)


def _empty_posts(places: Iterable[CommitteePlace]) -> list[PostKind]:
    """Return the posts with which the committee was formed and that nobody holds now, the highest first."""
    joined = [place for place in places if place.joined_at is not None and place.post is not None]
    formed_at = min((place.joined_at for place in joined if place.joined_at), default=None)
    formed = Counter(place.post for place in joined if place.joined_at == formed_at)
    sitting = Counter(place.post for place in joined if place.left_at is None)
    return [post for post in TITLES for _ in range(formed[post] - sitting[post])]


def _place_of_person(places: Iterable[CommitteePlace], person_id: uuid.UUID) -> CommitteePlace:
    for place in places:
        if place.person_id == person_id:
            return place
    raise NotFound(person_id)


def _member(places: Iterable[CommitteePlace], person_id: uuid.UUID) -> CommitteePlace:
    place = _place_of_person(places, person_id)
    if place.joined_at is None or place.left_at is not None:
        raise AlreadyDone(person_id)
    return place
