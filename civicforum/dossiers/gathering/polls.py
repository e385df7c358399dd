"""Votes: the text voted on, the tally with every rule's arithmetic, and the archive of sealed ballots."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from civicforum.dossiers.contents import (
    Ballots,
    Block,
    Document,
    Facts,
    Hash,
    Heading,
    Link,
    Part,
    Section,
    Table,
    Words,
)
from civicforum.dossiers.gathering.sums import sum_of
from civicforum.dossiers.scopes import Scope
from civicforum.layout import moment
from civicforum.meetings.models import AgendaItem
from civicforum.meetings.texts import OUTCOMES
from civicforum.polls.models import Poll, ResultSheet
from civicforum.polls.outcomes import QuestionResult
from civicforum.polls.queries.destruction import stated_destruction
from civicforum.polls.queries.named import show_verdicts
from civicforum.polls.queries.observing import BoardEnd, bytes_of_archive, find_end
from civicforum.polls.queries.results import ResultPage, get_result
from civicforum.polls.rules import PollState, VerdictKind
from civicforum.polls.texts import KINDS, PRESETS, STATES
from civicforum.polls.texts_results import answer_of, column_name, notes_of, open_notes_of


def texts_part(session: Session, scope: Scope, now: datetime) -> Part:
    """Return what was on the agenda and what was voted on, word for word."""
    voted = {poll.id for poll in scope.polls}
    blocks = [block for item in scope.items for block in _item(item, is_voted=item.poll_id in voted)]
    blocks += [block for poll in scope.polls for block in _question(poll)]
    return Part(
        Section("texts", _("The text that was voted on"), tuple(blocks), _("No text was put to the vote."))
    )


def tally_part(session: Session, scope: Scope, now: datetime) -> Part:
    """Return the tally of every vote with each rule's arithmetic. Some statements for each vote."""
    blocks = [block for poll in scope.polls for block in _tally(session, poll)]
    title = _("The tally, and the arithmetic of each rule")
    return Part(Section("tally", title, tuple(blocks), _("No vote has been taken.")))


def ballots_part(session: Session, scope: Scope, now: datetime) -> Part:
    """Return where the sealed ballots are, with the fingerprint of the box, and the archives themselves."""
    blocks: list[Block] = []
    archives = []
    for poll in scope.polls:
        if not poll.has_board:
            continue
        blocks.append(Heading(poll.title))
        end = find_end(session, poll.id)
        if end is None or not end.is_public:
            blocks.append(
                Words(_("The sealed ballots are published when voting has stopped, and not before."))
            )
        elif _is_withdrawn(session, poll, now):
            blocks += [
                _head(end),
                Words(_("The sealed ballots have left the website, as was announced before the vote.")),
            ]
        else:
            found = Ballots(
                poll.id, end.lines, end.head.hex(), bytes_of_archive(session, poll.id, lines=end.lines)
            )
            archives.append(found)
            blocks += _archive(poll, found, end)
    section = Section(
        "ballots",
        _("Sealed ballots"),
        tuple(blocks),
        _("No vote with sealed ballots belongs to it: votes by name are in the tally, without names."),
    )
    return Part(section, ballots=tuple(archives))


def _item(item: AgendaItem, *, is_voted: bool) -> Iterator[Block]:
    yield Heading(_("Item %(number)s: %(title)s", number=item.position, title=item.title))
    if item.outcome is not None:
        yield Facts(
            (
                (_("What it came to"), str(OUTCOMES[item.outcome])),
                (_("In words"), item.outcome_text),
                (_("Dissent"), item.dissent),
            )
        )
    if item.text:
        title = _("Text as it stood last") if is_voted else _("Text talked about")
        yield Document(title, item.text, f"texts/item-{item.id}.txt")


def _question(poll: Poll) -> Iterator[Block]:
    yield Heading(poll.title, _link(poll))
    yield Facts(
        (
            (_("State"), str(STATES[poll.state])),
            (_("Secrecy"), str(PRESETS[poll.preset])),
            (_("Voting begins"), moment(poll.opened_at) if poll.opened_at else ""),
            (_("Voting ends"), moment(poll.closed_at) if poll.closed_at else ""),
            (
                _("Rules"),
                _(
                    "%(profile)s, version %(version)s",
                    profile=poll.profile,
                    version=poll.profile_version[:16],
                ),
            ),
        )
    )
    if poll.question:
        yield Document(_("Text put to the vote"), poll.question, f"texts/poll-{poll.id}.txt")
    if poll.questions:
        rows = tuple(
            (one.title, str(KINDS[one.kind]), "、".join(one.options) or "–") for one in poll.questions
        )
        yield Table(_("The ballot paper"), (_("Question"), _("Kind"), _("Options")), rows)


def _tally(session: Session, poll: Poll) -> Iterator[Block]:
    yield Heading(poll.title, _link(poll))
    sheet = poll.result
    if poll.state is PollState.VOID:
        yield Words(
            _("This vote is void and does not count. Reason: %(ground)s", ground=poll.void_ground),
            is_grave=True,
        )
    if poll.is_appraisal:
        yield Words(
            _("The grades stand under the result of the appraisal, where no small group is shown apart.")
        )
    elif sheet is None:
        yield Words(_("It has not been counted."))
    elif poll.has_pages:
        yield from _counted(get_result(session, poll_id=poll.id, community_id=poll.community_id))
    else:
        yield from _by_name(poll, sheet)


def _by_name(poll: Poll, sheet: ResultSheet) -> Iterator[Block]:
    """Yield a named vote of a meeting: how many voted how, not who."""
    words = {
        "for": _("For"),
        "against": _("Against"),
        "abstain": _("Abstained"),
        "did_not_vote": _("Did not vote"),
        "roll": _("On the roll"),
    }
    rows = tuple((label, str(sheet.counts[name])) for name, label in words.items() if name in sheet.counts)
    yield Table(_("Figures"), (_("Answer"), _("Number of votes")), rows)
    for verdict in show_verdicts(poll):
        is_vote = verdict.kind is VerdictKind.MAJORITY
        yield sum_of(verdict, _("Resolution") if is_vote else _("Quorum"), is_vote=is_vote)
    yield Hash(_("Check value of what was counted (SHA-256)"), sheet.counted_from_hash)


def _counted(page: ResultPage) -> Iterator[Block]:
    counts = page.sheet.counts
    yield Facts(
        (
            (_("On the roll"), str(counts.get("roll", ""))),
            (_("Took part"), str(counts.get("taking_part", ""))),
            (_("Counted on"), moment(page.sheet.made_at)),
            (_("Certified on"), moment(page.poll.certified_at) if page.poll.certified_at else ""),
            (_("Objections"), str(page.objections or "")),
        )
    )
    if page.quorum:
        yield sum_of(page.quorum, _("Quorum"), is_vote=False)
    for question in page.questions:
        yield from _figures(page, question)
    yield Hash(_("Check value of what was counted"), page.sheet.counted_from_hash)


def _figures(page: ResultPage, question: QuestionResult) -> Iterator[Block]:
    yield Facts(((question.title, answer_of(question, is_statutory=page.poll.is_statutory)),))
    head = (_("Option"), *map(column_name, question.columns))
    rows = tuple(
        (line.name or _("Number of votes"), *map(str, line.figures.together)) for line in question.lines
    )
    yield Table(_("Figures: %(title)s", title=question.title), head, rows)
    papers = question.papers.together
    yield Facts(((_("Valid ballots"), str(papers.valid)), (_("Invalid ballots"), str(papers.invalid))))
    for note in (*open_notes_of(question), *notes_of(question)):
        yield Words(note)
    if question.verdict:
        yield sum_of(page.verdict(question.verdict), question.title, is_vote=True)
    for line in question.lines:
        if line.verdict:
            yield sum_of(page.verdict(line.verdict), line.name, is_vote=False)


def _archive(poll: Poll, found: Ballots, end: BoardEnd) -> Iterator[Block]:
    yield _head(end)
    yield Facts(
        (
            (_("Lines"), str(found.lines)),
            (_("Size"), _("%(size)s KB", size=-(-found.bytes // 1024))),
            (_("In the zip"), found.path),
        )
    )
    yield Link(_("How to check this vote"), "polls.checking", {"poll_id": str(poll.id)})
    yield Link(_("Archive of the sealed ballots"), "polls.archive", {"poll_id": str(poll.id)})


def _head(end: BoardEnd) -> Hash:
    return Hash(_("Fingerprint of the ballot record"), end.head.hex())


def _is_withdrawn(session: Session, poll: Poll, now: datetime) -> bool:
    """Tell whether ballots have left the website, as the page of the archive does."""
    stated = stated_destruction(session, poll.id)
    return poll.destroyed_at is not None or (stated is not None and now >= stated)


def _link(poll: Poll) -> Link:
    return Link(_("To its page"), "polls.show", {"poll_id": str(poll.id)})
