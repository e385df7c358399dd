"""Reads of moderation."""

from civicforum.moderation.queries.decisions import (
    Decision,
    get_decision,
    hidings_of,
    list_mine,
    may_read_words,
)
from civicforum.moderation.queries.log import Log, get_log
from civicforum.moderation.queries.needs import list_needs
from civicforum.moderation.queries.queue import Queue, get_case, get_held, get_queue
from civicforum.moderation.queries.wordlist import count_words, get_word, list_words

__all__ = [
    "Decision",
    "Log",
    "Queue",
    "count_words",
    "get_case",
    "get_decision",
    "get_held",
    "get_log",
    "get_queue",
    "get_word",
    "hidings_of",
    "list_mine",
    "list_needs",
    "list_words",
    "may_read_words",
]
