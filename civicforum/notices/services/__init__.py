"""Use cases of the notice board: each is one function, one transaction, one journal entry."""

from civicforum.notices.services.catalogue import (
    GivenItem,
    add_item,
    change_item,
    end_item,
    found_catalogue,
    join_notice,
)
from civicforum.notices.services.clocks import sweep_clocks
from civicforum.notices.services.drafts import (
    GivenDraft,
    change_draft,
    drop_draft,
    hand_in,
    start_draft,
    take_back,
)
from civicforum.notices.services.posting import POSTS, post_notice, publish_notice
from civicforum.notices.services.release import GivenMeeting, post_draft, record_meeting
from civicforum.notices.services.removal import hang_up, post_again, remove_notice, take_down
from civicforum.notices.services.review import Answer, answer_objection, clear_draft, object_to_draft

__all__ = [
    "POSTS",
    "Answer",
    "GivenDraft",
    "GivenItem",
    "GivenMeeting",
    "add_item",
    "answer_objection",
    "change_draft",
    "change_item",
    "clear_draft",
    "drop_draft",
    "end_item",
    "found_catalogue",
    "hand_in",
    "hang_up",
    "join_notice",
    "object_to_draft",
    "post_again",
    "post_draft",
    "post_notice",
    "publish_notice",
    "record_meeting",
    "remove_notice",
    "start_draft",
    "sweep_clocks",
    "take_back",
    "take_down",
]
