"""Reads of conversations for pages."""

from __future__ import annotations

from civicforum.statements.queries.answering import (
    Mine,
    Question,
    get_own_statement,
    get_question,
    get_standing,
    list_mine,
    next_question,
)
from civicforum.statements.queries.listing import (
    get_conversation,
    get_page,
    list_conversations,
    list_needs,
    list_of_subject,
    list_statements,
    may_need,
)
from civicforum.statements.queries.results import ResultsPage, get_results

__all__ = [
    "Mine",
    "Question",
    "ResultsPage",
    "get_conversation",
    "get_own_statement",
    "get_page",
    "get_question",
    "get_results",
    "get_standing",
    "list_conversations",
    "list_mine",
    "list_needs",
    "list_of_subject",
    "list_statements",
    "may_need",
    "next_question",
]
