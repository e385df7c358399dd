"""What people do with meetings, one function per use case."""

from civicforum.meetings.services.agendas import PlannedItem
from civicforum.meetings.services.chairing import call_item, leave_chair, take_chair_again
from civicforum.meetings.services.concluding import conclude_item
from civicforum.meetings.services.follow_ups import (
    add_task,
    drop_follow_up,
    finish_task,
    put_on_agenda,
    say_nothing_follows,
)
from civicforum.meetings.services.hands import Hands, count_hands, enter_raised_hands
from civicforum.meetings.services.minutes import sign_minutes, write_minutes
from civicforum.meetings.services.moving import (
    NewMotion,
    agree_on_motion,
    move_motion,
    rule_out_motion,
    second_motion,
    withdraw_motion,
)
from civicforum.meetings.services.ordering import raise_point, rule_on_point
from civicforum.meetings.services.planning import (
    Plan,
    cancel_meeting,
    change_meeting,
    plan_meeting,
)
from civicforum.meetings.services.presence import add_guest, check_in, leave, mark_left, tick_present
from civicforum.meetings.services.running import close_meeting, open_meeting
from civicforum.meetings.services.speaking import (
    ask_to_speak,
    end_speech,
    give_floor,
    withdraw_request,
    write_gist,
)
from civicforum.meetings.services.voting import close_vote, open_vote, stop_vote

__all__ = [
    "Hands",
    "NewMotion",
    "Plan",
    "PlannedItem",
    "add_guest",
    "add_task",
    "agree_on_motion",
    "ask_to_speak",
    "call_item",
    "cancel_meeting",
    "change_meeting",
    "check_in",
    "close_meeting",
    "close_vote",
    "conclude_item",
    "count_hands",
    "drop_follow_up",
    "end_speech",
    "enter_raised_hands",
    "finish_task",
    "give_floor",
    "leave",
    "leave_chair",
    "mark_left",
    "move_motion",
    "open_meeting",
    "open_vote",
    "plan_meeting",
    "put_on_agenda",
    "raise_point",
    "rule_on_point",
    "rule_out_motion",
    "say_nothing_follows",
    "second_motion",
    "sign_minutes",
    "stop_vote",
    "take_chair_again",
    "tick_present",
    "withdraw_motion",
    "withdraw_request",
    "write_gist",
    "write_minutes",
]
