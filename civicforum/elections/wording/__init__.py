"""The words of the official notices: fixed Chinese texts as data, one TOML file for each kind of notice.

    wording = load(NoticeKind.ROLL)
    text = compose(wording, blanks, flags=flags, book=book)     # plain text, one paragraph a line
    parted(text, closing)                                       # headings, paragraphs, lists and tables

A blank such as `{day}` is filled from the data; `{law:…}` names law and article of a rule of the rulebook,
`{text:…}` is its sentence: no number of the law stands in a file. What is issued is the plain text: the board
shows it as it is, and the printed page sets it by its blocks.
"""

from .blocks import Block, Heading, Names, Paragraph, Rows, blocks_of, names_list, parted, table
from .composing import GAP, BlankMissing, compose, law_in_words, subject_of
from .dates import day_in_characters, day_in_words, hours_in_words, ordinal, past_day, span_in_words
from .loading import Part, Wording, WordingInvalid, load, names_of

__all__ = [
    "GAP",
    "BlankMissing",
    "Block",
    "Heading",
    "Names",
    "Paragraph",
    "Part",
    "Rows",
    "Wording",
    "WordingInvalid",
    "blocks_of",
    "compose",
    "day_in_characters",
    "day_in_words",
    "hours_in_words",
    "law_in_words",
    "load",
    "names_list",
    "names_of",
    "ordinal",
    "parted",
    "past_day",
    "span_in_words",
    "subject_of",
    "table",
]
