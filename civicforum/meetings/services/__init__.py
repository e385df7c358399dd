"""What people do with meetings, one function per use case."""

from civicforum.meetings.services.deciding import (
    close_vote,
    conclude_item,
    enter_raised_hands,
    open_vote,
    stop_vote,
)
from civicforum.meetings.services.follow_ups import (
    add_task,
    drop_follow_up,
    finish_task,
    put_on_agenda,
    say_nothing_follows,
)
from civicforum.meetings.services.minutes import sign_minutes, write_minutes
from civicforum.meetings.services.planning import (
    Plan,
    PlannedItem,
    cancel_meeting,
    change_meeting,
    plan_meeting,
)
from civicforum.meetings.services.running import (
    add_guest,
    check_in,
    close_meeting,
    leave,
    mark_left,
    open_meeting,
    tick_present,
)

__all__ = [
    "add_task",
    "drop_follow_up",
    "finish_task",
    "put_on_agenda",
    "say_nothing_follows",
    "sign_minutes",
    "Plan",
    "PlannedItem",
    "add_guest",
    "cancel_meeting",
    "change_meeting",
    "check_in",
    "close_meeting",
    "close_vote",
    "conclude_item",
    "enter_raised_hands",
    "leave",
    "mark_left",
    "open_meeting",
    "open_vote",
    "plan_meeting",
    "stop_vote",
    "tick_present",
    "write_minutes",
]
