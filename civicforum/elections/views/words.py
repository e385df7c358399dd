"""The filters that put elections into words on pages."""

from __future__ import annotations

from civicforum.bodies.rules import PostKind
from civicforum.elections import texts
from civicforum.elections.calendar import Milestone
from civicforum.elections.rules import ElectionKind, LeftGround, Stage, Way
from civicforum.elections.views.blueprint import bp


@bp.app_template_filter()
def election_stage(stage: Stage) -> tuple[str, str]:
    """Return a stage in words, and the colour of its tag."""
    return str(texts.STAGES[stage]), texts.STAGE_COLOURS[stage]


@bp.app_template_filter()
def election_kind(kind: ElectionKind) -> str:
    return str(texts.KINDS[kind])


@bp.app_template_filter()
def election_way(way: Way) -> str:
    return str(texts.WAYS[way])


@bp.app_template_filter()
def milestone_name(milestone: Milestone) -> str:
    return str(texts.MILESTONES[milestone])


@bp.app_template_filter()
def left_ground(ground: LeftGround) -> str:
    return str(texts.LEFT_GROUNDS[ground])


@bp.app_template_filter()
def committee_post(kind: PostKind) -> str:
    """Return a post on the election committee in words."""
    return str(texts.COMMITTEE_POSTS[kind])
