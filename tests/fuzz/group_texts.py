"""What people write and search for."""

from __future__ import annotations

import json
from itertools import pairwise

from civicforum.elections.queries.notices.drafts import names_in
from civicforum.errors import Invalid
from civicforum.matters.text import MOST_TOKENS, TOKEN_LENGTH, tokens
from civicforum.moderation.matching import find_words, plain
from civicforum.moderation.services.wordlist import _checked
from civicforum.notices.pii import digits_of, find, places_of
from civicforum.records.redacting import _mapped
from tests.fuzz.target import Target, as_text


def _tokens(data: bytes) -> None:
    found = tokens(*as_text(data).split("\n"))
    assert len(found) == len(set(found)) <= MOST_TOKENS
    assert all(1 < len(word) <= TOKEN_LENGTH for word in found)


def _words(data: bytes) -> None:
    """Find the words of the first line in the rest; each found is there, spaces and signs left aside."""
    first, _, text = as_text(data).partition("\n")
    words = [plain(word) for word in first.split()]
    for word in find_words(words, [text]):
        assert word in plain(text)


def _word_list(data: bytes) -> None:
    for key, line in _checked(as_text(data).splitlines()).items():
        assert plain(line) == key == plain(key)


def _personal(data: bytes) -> None:
    text = as_text(data)
    found = find(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    places_of(text, found)
    digits_of(text)


def _redacted(data: bytes) -> None:
    """Take a name out of what an entry of the journal carries: names of fields alone may hold it then."""
    name, _, content = as_text(data).partition("\n")
    try:
        payload = json.loads(content)
    except (ValueError, RecursionError):
        return
    if len(name) < 2 or (name.isascii() and name.isidentifier()) or set(name) & set("…"):
        return
    after = _mapped(payload, lambda text: text.replace(name, "…"))
    assert not any(name in text for text in _texts_in(after))


def _texts_in(value: object) -> list[str]:
    if isinstance(value, dict):
        kept = [key for key in value if not (key.isascii() and key.isidentifier())]
        return kept + [text for each in value.values() for text in _texts_in(each)]
    if isinstance(value, list):
        return [text for each in value for text in _texts_in(each)]
    return [value] if isinstance(value, str) else []


def _names(data: bytes) -> None:
    assert all(name.strip() for name in names_in(as_text(data)))


_SAID = "东门路灯坏了，请打 13812345678；身份证 11010519491231002X。\nThe street lamp at No. 3 is broken"
TARGETS = (
    Target(
        "texts.tokens",
        "what is searched for, and what is found",
        "words of bounded length, each once",
        _tokens,
        lambda: [_SAID.encode()],
    ),
    Target(
        "texts.words",
        "a text beside the list of words",
        "what is found is there",
        _words,
        lambda: ["路灯 lamp\n路 灯 ＬＡＭＰ".encode()],
    ),
    Target(
        "texts.word_list",
        "words for the list, a line each",
        "each is kept as it is compared",
        _word_list,
        lambda: ["骗子\n坏蛋".encode()],
        (Invalid,),
    ),
    Target(
        "texts.personal",
        "a text with personal numbers",
        "those found stand in it, none over another",
        _personal,
        lambda: [_SAID.encode(), "电话 ０１０－８８８８ 8888".encode()],
    ),
    Target(
        "texts.redacted",
        "an entry of the journal and a name",
        "the name is gone",
        _redacted,
        lambda: ['王秀兰\n{"by":"王秀兰","王秀兰":["王秀兰甲"]}'.encode()],
    ),
    Target(
        "texts.names",
        "names that an officer typed",
        "none is empty",
        _names,
        lambda: ["王秀兰、陈志强 李明".encode()],
    ),
)
