"""Communities, their parts, and the residents in them."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicforum.database import Base, CommunityRow, Instant, Row, enum_text
from civicforum.people.rules import CapacityKind, ImportState, KinshipKind, RegionKind, Sex


class Region(Row, Base):
    """A city, a district of it, or a subdistrict of that."""

    __tablename__ = "region"

    kind: Mapped[RegionKind] = mapped_column(enum_text(RegionKind))
    name: Mapped[str] = mapped_column(String(80))
    parent_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("region.id"), index=True)
    parent: Mapped[Region | None] = relationship(remote_side="Region.id")


class Community(Row, Base):
    __tablename__ = "community"

    name: Mapped[str] = mapped_column(String(80))
    subdistrict_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("region.id"), index=True)
    profile: Mapped[str] = mapped_column(String(80), default="national-2026")
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    introduction: Mapped[str] = mapped_column(default="")
    # Posts with powers count only in sessions that a second factor was proven in.
    needs_second_factor: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    created_at: Mapped[Instant]
    subdistrict: Mapped[Region] = relationship()


class Grid(CommunityRow, Base):
    """A grid (网格): every household is in exactly one, and each has a person who answers for it."""

    __tablename__ = "grid"
    __table_args__ = (UniqueConstraint("community_id", "code"),)

    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(80))
    worker_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", use_alter=True))
    worker: Mapped[Person | None] = relationship(foreign_keys=worker_id)


class Group(CommunityRow, Base):
    """A residents' group (居民小组)."""

    __tablename__ = "residents_group"
    __table_args__ = (UniqueConstraint("community_id", "name"),)

    name: Mapped[str] = mapped_column(String(80))


class Household(CommunityRow, Base):
    __tablename__ = "household"
    __table_args__ = (UniqueConstraint("community_id", "number"),)

    number: Mapped[str] = mapped_column(String(40))
    address: Mapped[str] = mapped_column(String(120))
    grid_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("grid.id"), index=True)
    group_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("residents_group.id"), index=True)
    grid: Mapped[Grid] = relationship()
    group: Mapped[Group] = relationship()
    people: Mapped[list[Person]] = relationship(back_populates="household", order_by="Person.number")


class Person(CommunityRow, Base):
    """Somebody known here. The identity number itself is never stored, only its keyed hash."""

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("community_id", "number"),
        Index(
            "uq_person_identity",
            "community_id",
            "identity_hash",
            unique=True,
            postgresql_where=text("identity_hash IS NOT NULL"),
        ),
        Index("ix_person_community_name", "community_id", "name"),
    )

    number: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80))
    sex: Mapped[Sex] = mapped_column(enum_text(Sex))
    born_on: Mapped[date]
    phone: Mapped[str] = mapped_column(String(40), default="")
    identity_hash: Mapped[str | None] = mapped_column(String(64))
    household_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("household.id"), index=True)
    left_on: Mapped[date | None]
    household: Mapped[Household] = relationship(back_populates="people")
    capacities: Mapped[list[Capacity]] = relationship(
        back_populates="person", order_by="(Capacity.since, Capacity.kind)"
    )


class Capacity(CommunityRow, Base):
    """In what capacity a person belongs here, and from when until when (`until` is the last day)."""

    __tablename__ = "capacity"
    __table_args__ = (
        UniqueConstraint("person_id", "kind", "since"),
        CheckConstraint("until IS NULL OR until >= since", name="dates"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[CapacityKind] = mapped_column(enum_text(CapacityKind))
    since: Mapped[date]
    until: Mapped[date | None]
    person: Mapped[Person] = relationship(back_populates="capacities")


class Kinship(CommunityRow, Base):
    """Two near relatives (近亲属), entered once for each pair."""

    __tablename__ = "kinship"
    __table_args__ = (
        UniqueConstraint("person_id", "relative_id"),
        CheckConstraint("person_id <> relative_id", name="two_people"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    relative_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[KinshipKind] = mapped_column(enum_text(KinshipKind))


class ResidentImport(CommunityRow, Base):
    """A list of residents previewed and waiting to be confirmed; identity numbers are already hashed."""

    __tablename__ = "resident_import"

    file_name: Mapped[str] = mapped_column(String(200))
    state: Mapped[ImportState] = mapped_column(enum_text(ImportState))
    rows: Mapped[list[dict[str, object]]] = mapped_column(JSONB)
    created_at: Mapped[Instant]
    created_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
