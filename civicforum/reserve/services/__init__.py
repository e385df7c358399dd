"""Use cases of the reserve list: each is one function, one transaction, one journal entry."""

from civicforum.reserve.services.candidates import leave, recommend
from civicforum.reserve.services.choosing import decide_selection
from civicforum.reserve.services.planning import (
    Given,
    change_selection,
    plan_selection,
    post_selection,
    void_selection,
)
from civicforum.reserve.services.stages import (
    begin_appraisal,
    enter_exam,
    enter_inspection,
    finish_exam,
    finish_inspection,
    link_appraisal,
    take_appraisal,
)

__all__ = [
    "Given",
    "begin_appraisal",
    "change_selection",
    "decide_selection",
    "enter_exam",
    "enter_inspection",
    "finish_exam",
    "finish_inspection",
    "leave",
    "link_appraisal",
    "plan_selection",
    "post_selection",
    "recommend",
    "take_appraisal",
    "void_selection",
]
