"""Use cases of the notice board: each is one function, one transaction, one journal entry."""

from civicforum.notices.services.posting import POSTS, post_notice, publish_notice

__all__ = ["POSTS", "post_notice", "publish_notice"]
