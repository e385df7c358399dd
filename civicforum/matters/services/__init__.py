"""What people and clocks do with matters, one function per use case."""

from civicforum.matters.services.appraising import cast_grade, close_matter
from civicforum.matters.services.carrying_out import add_task, report_done, report_progress
from civicforum.matters.services.clocks import SweepResult, sweep_clocks
from civicforum.matters.services.commenting import add_comment, hide_comment
from civicforum.matters.services.demanding import demand_assembly, enter_paper_demands
from civicforum.matters.services.merging import merge_matters
from civicforum.matters.services.raising import publish_matter, resubmit_matter, withdraw_matter
from civicforum.matters.services.reviewing import decide_matter, study_matter
from civicforum.matters.services.seconding import enter_paper_seconds, second_matter
from civicforum.matters.services.watching import answer, ask, file_finding
from civicforum.matters.services.writing import (
    add_photo,
    describe_photos,
    discard_draft,
    edit_details,
    edit_title,
    remove_photo,
    start_draft,
)

__all__ = [
    "SweepResult",
    "add_comment",
    "add_photo",
    "add_task",
    "answer",
    "ask",
    "cast_grade",
    "close_matter",
    "decide_matter",
    "demand_assembly",
    "describe_photos",
    "discard_draft",
    "edit_details",
    "edit_title",
    "enter_paper_demands",
    "enter_paper_seconds",
    "file_finding",
    "hide_comment",
    "merge_matters",
    "publish_matter",
    "remove_photo",
    "report_done",
    "report_progress",
    "resubmit_matter",
    "second_matter",
    "start_draft",
    "study_matter",
    "sweep_clocks",
    "withdraw_matter",
]
