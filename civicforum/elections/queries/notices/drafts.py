"""A notice filled from the data as it stands now."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from civicforum.elections.models import Election
from civicforum.elections.notices import Missing, Need, Standing, Wish, missing
from civicforum.elections.queries.notices import blanks_after, blanks_before, blanks_polling
from civicforum.elections.queries.notices.blanks_common import common_blanks
from civicforum.elections.rules import NoticeKind
from civicforum.elections.wording import (
    GAP,
    Wording,
    compose,
    load,
    names_list,
    names_of,
    ordinal,
    subject_of,
)
from civicforum.rulebook import Rulebook

Filling = Callable[[Session, Election, Need], dict[str, str]]

_N = NoticeKind
FILLING: dict[NoticeKind, Filling] = {
    _N.ELECTION_DAY: blanks_before.election_day,
    _N.COMMITTEE: blanks_before.committee,
    _N.REGISTRATION: blanks_before.registration,
    _N.ROLL: blanks_before.roll,
    _N.RULINGS: blanks_before.rulings,
    _N.NOMINATION: blanks_before.nomination,
    _N.PRELIMINARY_LIST: blanks_before.preliminary_list,
    _N.FORMAL_LIST: blanks_polling.formal_list,
    _N.MEETING: blanks_polling.meeting,
    _N.POLLING: blanks_polling.polling,
    _N.STAFF: blanks_polling.staff,
    _N.ROVING_BOXES: blanks_polling.roving_boxes,
    _N.PROXIES: blanks_polling.proxies,
    _N.INVALID_PAPERS: blanks_polling.invalid_papers,
    _N.RESULT: blanks_after.result,
    _N.FURTHER_ROUND: blanks_after.further_round,
    _N.VOID: blanks_after.void,
    _N.HANDOVER: blanks_after.handover,
}
# What the officer types as names, in any of the ways in which names are listed.
NAMES = frozenset({"callers", "counters", "users"})


@dataclass(frozen=True)
class Draft:
    """A notice before it is issued. `lacks` is why it cannot be; then there is no text."""

    subject: str
    text: str
    lacks: tuple[Missing, ...] = ()


def draft_notice(
    session: Session,
    election: Election,
    need: Need,
    standing: Standing,
    wish: Wish,
    *,
    book: Rulebook,
    today: date,
) -> Draft:
    """Return the notice filled; gaps stand where the officer has not yet typed what is asked."""
    lacks = missing(need, standing, book=book, today=today)
    if lacks:
        return Draft("", "", tuple(lacks))
    wording = load(need.kind)
    blanks = {
        **common_blanks(session, election, standing),
        **FILLING[need.kind](session, election, need),
        **_asked(wording, wish),
    }
    flags = {f"kind.{election.kind}", f"way.{election.way}"}
    flags |= {name for name in ("by_proxy", "by_screen") if getattr(election, name)}
    subject = subject_of(wording, blanks, book=book)
    text = compose(wording, blanks, flags=flags, book=book)
    return corrected(subject, _extended(text, wish), wish)


def _asked(wording: Wording, wish: Wish) -> dict[str, str]:
    """Return what the officer typed, each in one line; a gap where it has to be typed and is not yet."""
    typed = {ask: _typed(ask, wish.asked.get(ask, "")) for ask in wording.asks}
    filled = {ask: words or ("" if ask in wording.may_stay_empty else GAP) for ask, words in typed.items()}
    if "users" in filled:
        users = filled["users"].split("、")
        filled["user_names"] = names_list(f"共{len(users)}人", users)
    return filled


def _typed(ask: str, words: str) -> str:
    """Return what was typed in one line; names with the Chinese comma between them."""
    return "、".join(names_in(words)) if ask in NAMES else " ".join(words.split())


def names_in(words: str) -> list[str]:
    """Return the names that were typed one after the other, whatever stands between them."""
    return [part for part in re.split(r"[\s,，、;；]+", words) if part]


def _extended(text: str, wish: Wish) -> str:
    """Return the text with the officer's paragraphs before its closing words."""
    extra = "\n".join(line.strip() for line in wish.extra.splitlines() if line.strip())
    closing = names_of("additions")["closing"]
    return text.replace(f"\n{closing}", f"\n{extra}\n{closing}", 1) if extra else text


def corrected(subject: str, text: str, wish: Wish, words_of: str = "correction") -> Draft:
    """Return the draft; one that corrects another notice says so first, in the words of that name."""
    if wish.corrects is None:
        return Draft(subject, text)
    words = names_of("additions")
    reason = wish.reason.strip().rstrip("。") or GAP
    opening = words[words_of].format(number=ordinal(wish.corrects), reason=reason)
    return Draft(words["corrected_subject"].format(subject=subject), f"{opening}\n{text}")
