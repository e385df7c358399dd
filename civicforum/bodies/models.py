"""Bodies of a community, their posts, and the terms for which people hold them."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicforum.bodies.rules import Appointed, BodyKind, PostKind
from civicforum.database import Base, CommunityRow, enum_text
from civicforum.people.models import Group, Person


class Body(CommunityRow, Base):
    __tablename__ = "body"
    __table_args__ = (UniqueConstraint("community_id", "name"),)

    kind: Mapped[BodyKind] = mapped_column(enum_text(BodyKind))
    name: Mapped[str] = mapped_column(String(120))
    duty: Mapped[str] = mapped_column(default="")
    # A residents' group is a body whose members are those of the group.
    group_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("residents_group.id"))
    founded_on: Mapped[date]
    dissolved_on: Mapped[date | None]
    group: Mapped[Group | None] = relationship()
    posts: Mapped[list[Post]] = relationship(back_populates="body", order_by="Post.position")


class Post(CommunityRow, Base):
    __tablename__ = "post"
    __table_args__ = (UniqueConstraint("body_id", "title"), CheckConstraint("seats > 0", name="seats"))

    body_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("body.id"), index=True)
    kind: Mapped[PostKind] = mapped_column(enum_text(PostKind))
    title: Mapped[str] = mapped_column(String(80))
    seats: Mapped[int] = mapped_column(default=1)
    position: Mapped[int] = mapped_column(default=0)
    body: Mapped[Body] = relationship(back_populates="posts")
    terms: Mapped[list[Term]] = relationship(back_populates="post", order_by="(Term.since, Term.id)")


class Term(CommunityRow, Base):
    """Somebody's time in a post; `until` is its last planned day, `ended_on` its last day in fact."""

    __tablename__ = "term"
    __table_args__ = (
        CheckConstraint("until >= since", name="dates"),
        CheckConstraint("(ended_on IS NULL) = (end_reason = '')", name="ended"),
        Index(
            "uq_term_running", "post_id", "person_id", unique=True, postgresql_where=text("ended_on IS NULL")
        ),
    )

    post_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("post.id"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    appointed: Mapped[Appointed] = mapped_column(enum_text(Appointed))
    since: Mapped[date]
    until: Mapped[date]
    ended_on: Mapped[date | None]
    end_reason: Mapped[str] = mapped_column(String(200), default="")
    post: Mapped[Post] = relationship(back_populates="terms")
    person: Mapped[Person] = relationship()
