"""What each rule is called, how it works, where it is prescribed, and how its quota is worked out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from civicforum.counting import Result, Rule

from .language import N_, Language, figure


@dataclass(frozen=True)
class RuleWords:
    """Texts of the catalogue.

    Attributes:
        total: what the totals of a stage are.
        quota: how it is worked out, with %(valid)s, %(seats)s and %(quota)s in it; "" for a rule without one.
    """

    name: str
    how: str
    source: str
    total: str = N_("Total votes")
    quota: str = ""


_WHOLE = N_("%(valid)s valid papers ÷ (seats %(seats)s + 1), cut to a whole number, + 1 = %(quota)s")
_WHOLE_EACH_STAGE = N_(
    "%(valid)s valid papers ÷ (seats %(seats)s + 1), cut to a whole number, + 1 = %(quota)s to begin with; "
    "worked out anew at each stage from the votes still in the count"
)
_DECIMALS = N_(
    "%(valid)s valid papers ÷ (seats %(seats)s + 1), cut after the ninth decimal, + 0.000000001 = %(quota)s "
    "to begin with; it falls as papers run out of choices"
)
_STANDS_ABOVE = N_("Options it stands above")

RULE_WORDS: Mapping[Rule, RuleWords] = {
    Rule.PLURALITY: RuleWords(
        N_("Plurality"),
        N_("Each paper is one vote for its first choice. Whoever has the most votes is elected."),
        N_("Robert's Rules of Order Newly Revised, 12th edition, section 44: plurality vote"),
    ),
    Rule.BLOCK_PLURALITY: RuleWords(
        N_("Block vote"),
        N_("Each paper is a vote for as many options as it marks, up to the limit. The most votes win."),
        N_("Electoral Law of the National People's Congress and Local People's Congresses, art 44"),
    ),
    Rule.APPROVAL: RuleWords(
        N_("Approval voting"),
        N_("Each paper approves of as many options as it likes. The most approvals win."),
        N_("Brams and Fishburn, Approval Voting, American Political Science Review 72 (1978), 831-847"),
        N_("Approvals"),
    ),
    Rule.BORDA: RuleWords(
        N_("Borda count"),
        N_("The places on a paper are points, the first place the most. The most points win."),
        N_("Borda, Mémoire sur les élections au scrutin, Histoire de l'Académie royale des sciences (1781)"),
        N_("Points"),
    ),
    Rule.IRV: RuleWords(
        N_("Instant-runoff voting"),
        N_(
            "Whoever has the fewest votes goes out, and their papers pass to the next choice on them, until "
            "somebody has more than half of the votes still in the count."
        ),
        N_("Robert's Rules of Order Newly Revised, 12th edition, section 45: preferential voting"),
        quota=_WHOLE_EACH_STAGE,
    ),
    Rule.SCOTTISH_STV: RuleWords(
        N_("Single transferable vote, Scottish rules"),
        N_(
            "Whoever reaches the quota is elected, and what they have above it passes to the next choices on "
            "all their papers at a reduced value. When nobody has a surplus, whoever has the fewest votes "
            "goes out and their papers pass on. It ends when all seats are filled."
        ),
        N_("Scottish Local Government Elections Order 2007 (SSI 2007/42), rules 45 to 52"),
        quota=_WHOLE,
    ),
    Rule.ALBANY_STV: RuleWords(
        N_("Single transferable vote as in Albany, California"),
        N_(
            "As in the Scottish rules, but the quota is worked out anew at each stage and the share of a "
            "surplus is cut after the sixth decimal."
        ),
        N_("Alameda County Registrar of Voters, stage figures of November 2022"),
        quota=_WHOLE_EACH_STAGE,
    ),
    Rule.MEEK_STV: RuleWords(
        N_("Single transferable vote, Meek's method"),
        N_(
            "Whoever reaches the quota is elected and keeps only the share of each paper that the quota "
            "needs; the rest passes on, to those elected too. The last goes out, and all papers are "
            "counted again."
        ),
        N_(
            "Meek, Mathématiques et sciences humaines 25 and 29 (1969, 1970); Hill, Wichmann and Woodall, "
            "Algorithm 123, The Computer Journal 30 (1987), 277-281"
        ),
        quota=_DECIMALS,
    ),
    Rule.SCHULZE: RuleWords(
        N_("Schulze method"),
        N_(
            "Options are compared two by two. A path of victories is as strong as its weakest one, by the "
            "votes of the winning side; whoever has the stronger path to every other option wins."
        ),
        N_(
            "Schulze, A new monotonic single-winner election method, Social Choice and Welfare 36 (2011), "
            "267-303"
        ),
        _STANDS_ABOVE,
    ),
    Rule.RANKED_PAIRS: RuleWords(
        N_("Ranked pairs"),
        N_(
            "Options are compared two by two. The clearest victories are kept first, and one that would "
            "close a circle with those already kept is passed over; nobody is above "
            "whoever stands first in the end."
        ),
        N_("Tideman, Independence of clones, Social Choice and Welfare 4 (1987), 185-206"),
        _STANDS_ABOVE,
    ),
    Rule.PHRAGMEN: RuleWords(
        N_("Phragmén's sequential method"),
        N_(
            "Each seat is a load of one, shared by those who approve of whoever takes it. The next seat goes "
            "to whoever leaves the highest load of a voter the lowest."
        ),
        N_("Phragmén, Sur une méthode nouvelle pour réaliser la représentation proportionnelle (1894)"),
    ),
}


def quota_sum(result: Result, language: Language) -> str:
    """Return how the quota was worked out, with its figures; "" for a rule without one."""
    text = RULE_WORDS[result.contest.rule].quota
    if not text or result.quota is None:
        return ""
    return language.gettext(text) % {
        "valid": figure(result.valid),
        "seats": result.contest.seats,
        "quota": figure(result.quota),
    }
