"""A hall in which an assembly grades, for tests: who is present, what they grade, paper and its count."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from flask import current_app
from sqlalchemy import select, update

from civicforum.accounts.rules import Actor
from civicforum.appraisals.models import AppraisalSubject, DutyReport
from civicforum.appraisals.services import hearing, rating
from civicforum.appraisals.services.rating import Ended, hall_of
from civicforum.config import Settings
from civicforum.database import db, transaction
from civicforum.meetings import services as meetings
from civicforum.polls.models import Poll, RollEntry, Station
from civicforum.polls.rules import PollState
from civicforum.polls.services import casting
from civicforum.polls.services.boards import manifest_of
from civicforum.polls.services.paper import issue_paper
from civicforum.polls.services.rolls import freeze_locked
from civicforum.polls.services.states import open_locked
from civicforum.rulebook import SHANGHAI
from civicforum.sealed import Answer
from tests.support.appraisals import HELD_ON, Town, cycle_of, make_town, posted_halfyear, subject_ids
from tests.support.results import sign

# Half an hour into the assembly.
HOUR = datetime.combine(HELD_ON, time(15), SHANGHAI)
EXCELLENT, COMPETENT, BASIC, UNFIT = range(4)


@dataclass(frozen=True)
class Hall:
    """An assembly that sits. `present` are ids of representatives."""

    town: Town
    cycle_id: uuid.UUID
    present: tuple[uuid.UUID, ...]

    @property
    def poll(self) -> Poll:
        """Return the poll of the hall, read anew."""
        group = hall_of(cycle_of(self.cycle_id))
        assert group is not None
        assert group.poll is not None
        return group.poll

    def voter(self, at: int) -> Actor:
        """Return a representative as somebody signed in."""
        return Actor(person_id=self.present[at], community_id=self.town.community_id)


def settings_now() -> Settings:
    """Return the settings of the application whose context is open."""
    settings: Settings = current_app.config["CIVICFORUM"]
    return settings


def make_hall(*, representatives: int = 18, present: int | None = None, hears: bool = True) -> Hall:
    """Post the half-year, open the session on its day with so many present, and hear all three reports."""
    town = make_town(representatives=representatives)
    cycle_id = posted_halfyear(town)
    hall = Hall(town, cycle_id, town.representatives[:present])
    sit(hall)
    if hears:
        hear_all(hall)
    return hall


def sit(hall: Hall) -> None:
    """Open the session and enter who is present."""
    meetings.open_meeting(meeting_id=hall.town.meeting_id, actor=hall.town.clerk, now=HOUR)
    meetings.tick_present(
        meeting_id=hall.town.meeting_id, person_ids=hall.present, actor=hall.town.clerk, now=HOUR
    )


def hand_in(hall: Hall, *, but: Sequence[int] = ()) -> None:
    """Let the reports be handed in, but for some, by place on the form."""
    ids = [one for at, one in enumerate(subject_ids(hall.cycle_id)) if at not in but]
    with transaction() as session:
        session.execute(
            update(DutyReport)
            .where(DutyReport.subject_id.in_(ids))
            .values(text="述职", first_submitted_at=HOUR, submitted_at=HOUR)
        )


def hear_all(hall: Hall) -> None:
    """Note that everybody reported."""
    for subject_id in subject_ids(hall.cycle_id):
        hearing.note_report(subject_id=subject_id, text="汇报了半年工作。", actor=hall.town.clerk, now=HOUR)


def open_hall(hall: Hall, *, by_paper: bool = False) -> None:
    """Give out the forms."""
    rating.open_rating(
        cycle_id=hall.cycle_id,
        by_paper=by_paper,
        actor=hall.town.supervisor,
        settings=settings_now(),
        now=HOUR,
    )


def grade(poll_id: uuid.UUID, voter: Actor, grades: Sequence[int | None], *, now: datetime = HOUR) -> None:
    """Cast a form on screen: a level for each on it, None for no grade; one scale."""
    answer = Answer(levels={at: level for at, level in enumerate(grades) if level is not None})
    casting.seal_and_cast(
        poll_id=poll_id,
        entry_id=entry_of(poll_id, voter.person_id),
        answers=[answer],
        sequence=0,
        nonce=b"0" * 16,
        actor=voter,
        settings=settings_now(),
        now=now,
    )


def hand_out(hall: Hall, at: int, *, now: datetime = HOUR) -> None:
    """Hand a paper form to somebody present, who may have graded on screen."""
    poll_id = hall.poll.id
    issue_paper(
        station_id=station_of(poll_id).id,
        entry_id=entry_of(poll_id, hall.present[at]),
        despite_screen=True,
        actor=hall.town.clerk,
        now=now,
    )


def sign_box(hall: Hall, forms: Sequence[Sequence[int | None]], *, invalid: int = 0) -> None:
    """Let two people count these paper forms."""
    contests = manifest_of(db.session(), hall.poll.id).contests
    counts = [0] * contests[0].marks
    levels = len(contests[0].levels)
    for form in forms:
        for at, level in enumerate(form):
            if level is not None:
                counts[at * levels + level] += 1
    sign(
        station_of(hall.poll.id),
        [hall.town.clerk, hall.town.supervisor],
        found=len(forms) + invalid,
        invalid=invalid,
        counts=counts,
    )


def end(hall: Hall) -> Ended:
    """End the grading in the hall, and count it where nothing is awaited."""
    return rating.end_rating(
        cycle_id=hall.cycle_id,
        actor=hall.town.supervisor,
        settings=settings_now(),
        now=HOUR + timedelta(minutes=20),
    )


def open_roll(poll_id: uuid.UUID) -> None:
    """Freeze a posted roll and open its poll, as its supervisor and its clock do."""
    with transaction() as session:
        poll = session.get_one(Poll, poll_id)
        assert poll.opens_at is not None
        freeze_locked(session, poll, settings=settings_now(), now=poll.opens_at)
        open_locked(session, poll, actor=None, settings=settings_now(), now=poll.opens_at)
        assert poll.state is PollState.OPEN


def entry_of(poll_id: uuid.UUID, person_id: uuid.UUID) -> uuid.UUID:
    """Return somebody's place on a roll."""
    which = RollEntry.poll_id == poll_id, RollEntry.person_id == person_id
    return db.session.scalars(select(RollEntry.id).where(*which)).one()


def station_of(poll_id: uuid.UUID) -> Station:
    """Return the one box of a poll."""
    return db.session.scalars(select(Station).where(Station.poll_id == poll_id)).one()


def subject_at(hall: Hall, at: int) -> AppraisalSubject:
    """Return a subject, read anew."""
    return cycle_of(hall.cycle_id).subjects[at]
