"""What is no list of rows: the communities of the site, the rules in force, where a journal ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import url_for
from sqlalchemy.orm import Session

from civicforum import rulebook
from civicforum.api.filters import Filters
from civicforum.api.kinds.kind import Scope
from civicforum.api.shapes.common import Shape
from civicforum.api.shapes.places import CommunityList, CommunityShape, HeadShape, RuleList, RuleShape
from civicforum.people.models import Community
from civicforum.people.queries import list_communities
from civicforum.records.queries import get_head
from civicforum.rulebook import Rule
from civicforum.rulebook.days import day_of

S = TypeVar("S", bound=Shape)


@dataclass(frozen=True)
class Plain(Generic[S]):
    """One answer about a community."""

    name: str
    summary: str
    shape: type[S]
    write: Callable[[Scope], S]
    filters: type[Filters] = Filters

    @property
    def endpoint(self) -> str:
        return "show_" + self.name.replace("/", "_")

    @property
    def tag(self) -> str:
        return self.name.partition("/")[0]


def write_communities(session: Session) -> CommunityList:
    """Return every community of the site."""
    return CommunityList(items=[_community(community) for community in list_communities(session)])


def _community(community: Community) -> CommunityShape:
    subdistrict = community.subdistrict
    district = subdistrict.parent
    city = district.parent if district else None
    return CommunityShape(
        id=community.id,
        name=community.name,
        subdistrict=subdistrict.name,
        district=district.name if district else None,
        city=city.name if city else None,
        is_demonstration=community.is_demonstration,
        introduction=community.introduction,
        rules=community.profile,
        rules_version=rulebook.load(community.profile).version,
    )


def _rules(scope: Scope) -> RuleList:
    book = rulebook.load(scope.community.profile, day_of(scope.now))
    return RuleList(
        profile=book.name,
        version=book.version,
        title_zh=book.title_zh,
        title_en=book.title_en,
        items=[_rule(rule) for rule in book.rules()],
    )


def _rule(rule: Rule) -> RuleShape:
    return RuleShape(
        id=rule.id,
        kind=rule.kind,
        value=rule.value,
        level=rule.level,
        source_zh=rule.source.name_zh,
        source_en=rule.source.name_en,
        articles=list(rule.articles),
        in_force_from=rule.in_force_from,
        until=rule.until,
        set_by=rule.set_by,
        text_zh=rule.text_zh,
        text_en=rule.text_en,
        path=url_for("rules.show", rule_id=rule.id),
    )


def _head(scope: Scope) -> HeadShape:
    head = get_head(scope.session, community_id=scope.community_id)
    return HeadShape(
        community=scope.community_id,
        sequence=head.sequence if head else 0,
        hash=head.hash if head else "",
    )


RULES = Plain(
    name="rules", summary="The rules in force, with their sources and words", shape=RuleList, write=_rules
)
HEAD = Plain(name="journal/head", summary="Where the journal ends", shape=HeadShape, write=_head)
