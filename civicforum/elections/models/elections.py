"""An election: what it fills, its calendar, who presides over it, what it posts and hands over."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicforum.bodies.models import Body, Post
from civicforum.bodies.rules import PostKind
from civicforum.database import Base, CommunityRow, Instant, enum_text
from civicforum.elections.calendar import Milestone
from civicforum.elections.rules import ElectionKind, LeftGround, NoticeKind, Stage, Way
from civicforum.people.models import Group, Person

if TYPE_CHECKING:
    from .rounds import Round


class Election(CommunityRow, Base):
    """Seats of one body put to the vote once, under the rule profile frozen when it was planned."""

    __tablename__ = "election"
    __table_args__ = (
        CheckConstraint("(stage = 'void') = (void_ground <> '')", name="void"),
        CheckConstraint("(kind = 'representatives') = (group_id IS NOT NULL)", name="unit"),
        CheckConstraint("by_screen = (screen_ground <> '')", name="screen"),
        CheckConstraint("closes_at > opens_at", name="times"),
        Index("ix_election_community_stage", "community_id", "stage"),
    )

    kind: Mapped[ElectionKind] = mapped_column(enum_text(ElectionKind))
    way: Mapped[Way] = mapped_column(enum_text(Way))
    title: Mapped[str] = mapped_column(String(200))
    stage: Mapped[Stage] = mapped_column(enum_text(Stage), default=Stage.PLANNED)
    profile: Mapped[str] = mapped_column(String(80))
    profile_version: Mapped[str] = mapped_column(String(64))
    body_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("body.id"), index=True)
    # The unit that chooses its representatives.
    group_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("residents_group.id"))
    # The body whose holders of posts preside: the election committee, once it is formed.
    presiding_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("body.id"))
    # The law is silent on screens: who allowed them here, and with which paper; "" for paper alone.
    by_screen: Mapped[bool] = mapped_column(default=False)
    screen_ground: Mapped[str] = mapped_column(String(200), default="")
    by_proxy: Mapped[bool] = mapped_column(default=False)
    # The first round's hours.
    opens_at: Mapped[Instant]
    closes_at: Mapped[Instant]
    # Where voting takes place, as the notices say it.
    place: Mapped[str] = mapped_column(String(120), default="")
    # The election that was void and is held again, or whose seat fell empty.
    follows_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("election.id"))
    created_at: Mapped[Instant]
    created_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[Instant | None]
    void_ground: Mapped[str] = mapped_column(String(300), default="")
    body: Mapped[Body] = relationship(foreign_keys=body_id)
    group: Mapped[Group | None] = relationship()
    presiding: Mapped[Body | None] = relationship(foreign_keys=presiding_id)
    seats: Mapped[list[Seat]] = relationship(back_populates="election", order_by="Seat.position")
    steps: Mapped[list[Step]] = relationship(back_populates="election", order_by="Step.planned_on")
    places: Mapped[list[CommitteePlace]] = relationship(
        back_populates="election", order_by="CommitteePlace.position"
    )
    rounds: Mapped[list[Round]] = relationship(back_populates="election", order_by="Round.number")
    notices: Mapped[list[ElectionNotice]] = relationship(
        back_populates="election", order_by="ElectionNotice.number"
    )


class Seat(CommunityRow, Base):
    """A post that is filled, and how many are elected to it."""

    __tablename__ = "election_seat"
    __table_args__ = (
        UniqueConstraint("election_id", "post_id"),
        UniqueConstraint("election_id", "position"),
        CheckConstraint("seats > 0", name="seats"),
    )

    election_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("election.id"))
    post_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("post.id"))
    title: Mapped[str] = mapped_column(String(80))
    seats: Mapped[int]
    position: Mapped[int]
    election: Mapped[Election] = relationship(back_populates="seats")
    post: Mapped[Post] = relationship()


class Step(CommunityRow, Base):
    """A date of the calendar: planned back from election day, and when it was in fact."""

    __tablename__ = "election_step"
    __table_args__ = (UniqueConstraint("election_id", "milestone"),)

    election_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("election.id"))
    milestone: Mapped[Milestone] = mapped_column(enum_text(Milestone))
    planned_on: Mapped[date]
    done_at: Mapped[Instant | None]
    done_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    # What was decided or recorded there, such as the number of the party organisation's paper.
    note: Mapped[str] = mapped_column(Text, default="")
    election: Mapped[Election] = relationship(back_populates="steps")


class CommitteePlace(CommunityRow, Base):
    """Somebody chosen to the election committee, or to follow on it, in the order of votes (art 15)."""

    __tablename__ = "election_committee_place"
    __table_args__ = (
        UniqueConstraint("election_id", "person_id"),
        UniqueConstraint("election_id", "position"),
        CheckConstraint("(left_at IS NULL) = (left_ground IS NULL)", name="left"),
        CheckConstraint("votes >= 0 AND absences >= 0", name="counts"),
    )

    election_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("election.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    # The order of votes: those without a post follow on in it.
    position: Mapped[int]
    votes: Mapped[int]
    post: Mapped[PostKind | None] = mapped_column(enum_text(PostKind))
    joined_at: Mapped[Instant | None]
    # Meetings missed one after the other.
    absences: Mapped[int] = mapped_column(default=0)
    left_at: Mapped[Instant | None]
    left_ground: Mapped[LeftGround | None] = mapped_column(enum_text(LeftGround))
    election: Mapped[Election] = relationship(back_populates="places")
    person: Mapped[Person] = relationship()


class ElectionNotice(CommunityRow, Base):
    """A numbered official notice of an election, as it was issued; on the board as `notice_id`."""

    __tablename__ = "election_notice"
    __table_args__ = (UniqueConstraint("election_id", "number"),)

    election_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("election.id"))
    kind: Mapped[NoticeKind] = mapped_column(enum_text(NoticeKind))
    number: Mapped[int]
    # The round it speaks of, from 1; 0 for the whole election.
    round_number: Mapped[int] = mapped_column(default=0)
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    issuer: Mapped[str] = mapped_column(String(120))
    issued_at: Mapped[Instant]
    issued_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    notice_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("notice.id"))
    election: Mapped[Election] = relationship(back_populates="notices")


class HandoverItem(CommunityRow, Base):
    """Something the old committee hands to the new one (art 25): the seal, the accounts, the files."""

    __tablename__ = "election_handover_item"
    __table_args__ = (
        UniqueConstraint("election_id", "position"),
        CheckConstraint("(done_at IS NULL) = (done_by_id IS NULL)", name="done"),
    )

    election_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("election.id"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    note: Mapped[str] = mapped_column(String(200), default="")
    done_at: Mapped[Instant | None]
    done_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
