"""What the rules ask of an appraisal: its plan, its raters, its results, and what follows from a grade.

    require(judge_plan_notice(book, posted_at, held_at), judge_quorum(book, present, members))
    judge_ends_post(book, [False, True, True], is_elected_member=True).holds

Every number is a rule of the profile. Article 37 of 城市居民委员会组织法 is national law, and reaches only
members of the residents' committee; the rest is practice that a community may change (DOMAIN.md part D).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import takewhile

from civicforum.elections.law import asked_by
from civicforum.rulebook import Rulebook, Verdict
from civicforum.rulebook.days import day_starts

# --- The plan


def judge_per_year(book: Rulebook, times: int) -> Verdict:
    """Judge how often a member of the residents' committee was appraised in a year (art 37)."""
    return book.count("appraisal.per_year").judge(times)


def asks_distance(book: Rulebook) -> bool:
    """Tell whether two appraisals of one person have to lie apart here, as in Chongqing and Shandong."""
    return book.switch("appraisal.keeps_distance").on


def judge_distance(book: Rulebook, last_on: date, held_on: date) -> Verdict:
    """Judge how far an appraisal is from the last one of the same person (village rules, by analogy)."""
    return book.clock("appraisal.interval").judge(day_starts(last_on), day_starts(held_on))


def judge_plan_notice(book: Rulebook, posted_at: datetime, held_at: datetime) -> Verdict:
    """Judge how long before the appraisal its plan was told and posted (Chongqing, by analogy)."""
    return book.clock("appraisal.plan_notice").judge(posted_at, held_at)


def judge_demand(
    book: Rulebook, signatures: int, *, voters: int | None = None, representatives: int | None = None
) -> Verdict:
    """Judge whether enough voters, or enough representatives, demand an appraisal (Chongqing, by analogy).

    Args:
        voters, representatives: how many there are; exactly one of them is given, and says who signed.

    Raises ValueError where none or both are given, or more signed than there are.
    """
    if (voters is None) == (representatives is None):
        raise ValueError("a demand is counted among the voters or among the representatives")
    if voters is not None:
        return book.threshold("appraisal.demand.voters").judge(signatures, {"roll": voters})
    whole = {"representatives": representatives or 0}
    return book.threshold("appraisal.demand.representatives").judge(signatures, whole)


def demand_held_by(book: Rulebook, reached_at: datetime) -> datetime:
    """Return the last instant at which a demanded appraisal is held (Chongqing, by analogy)."""
    return book.clock("appraisal.after_demand").deadline(reached_at)


def judge_after_demand(book: Rulebook, reached_at: datetime, held_at: datetime) -> Verdict:
    """Judge how soon an appraisal is held that was demanded (Chongqing, by analogy)."""
    return book.clock("appraisal.after_demand").judge(reached_at, held_at)


# --- Reports


def judge_reporters(book: Rulebook, reporters: int) -> Verdict:
    """Judge that secretary, station head and director all report in a half-year (Baotou, DOMAIN.md 0-02)."""
    return book.count("appraisal.reporters").judge(reporters)


def period_ends_at(book: Rulebook, period_from: date) -> datetime:
    """Return the last instant of a period of reports that begins on this day (Baotou: a half-year)."""
    # The first day belongs to the period, so that a half-year from 1 July ends on 31 December.
    return book.clock("appraisal.reports_every").deadline(day_starts(period_from)) - timedelta(days=1)


def report_due_at(book: Rulebook, held_on: date) -> datetime:
    """Return the last instant at which a duty report is in time (Luohu, by analogy)."""
    return book.clock("appraisal.self_report").latest(day_starts(held_on))


def judge_report(book: Rulebook, submitted_at: datetime, held_on: date) -> Verdict:
    """Judge how long before the appraisal a duty report was handed in (Luohu, by analogy)."""
    return book.clock("appraisal.self_report").judge(submitted_at, day_starts(held_on))


# --- Raters


def judge_quorum(book: Rulebook, present: int, members: int) -> Verdict:
    """Judge whether enough members of the assembly are in the room (Luohu, by analogy; row 0-03)."""
    return book.threshold("appraisal.quorum").judge(present, {"representatives": members})


def judge_chair(book: Rulebook, is_supervisor: bool) -> Verdict:
    """Judge that somebody of the supervision committee chairs (art 37)."""
    return asked_by(book.switch("appraisal.chaired_by_supervision"), is_met=is_supervisor)


def judge_panel_size(book: Rulebook, size: int) -> Verdict:
    """Judge how many residents are on the panel of a weighted scheme (Jiaxing 2015, by analogy)."""
    return book.count("appraisal.panel").judge(size)


def judge_panel_ordinary(book: Rulebook, ordinary: int, size: int) -> Verdict:
    """Judge how many of the panel are ordinary residents' representatives (Jiaxing 2015, by analogy)."""
    return book.threshold("appraisal.panel.ordinary").judge(ordinary, {"members": size})


def judge_least(book: Rulebook, raters: int) -> Verdict:
    """Judge that a part of the raters is large enough to be shown apart from the total."""
    return book.count("privacy.least").judge(raters)


# --- Results


def takes_lower(book: Rulebook) -> bool:
    """Tell whether the lower of two level grades counts; where not, neither does."""
    return book.switch("appraisal.lower_on_tie").on


def judge_rank(book: Rulebook, raters: int) -> Verdict:
    """Judge that enough rated somebody for a place in a ranking."""
    return book.count("appraisal.rank").judge(raters)


def result_due_at(book: Rulebook, counted_at: datetime) -> datetime:
    """Return the last instant at which a result is told to the person and posted (Luohu, by analogy)."""
    return book.clock("appraisal.result").deadline(counted_at)


def judge_result_day(book: Rulebook, counted_at: datetime, posted_at: datetime) -> Verdict:
    """Judge how soon a result was told to the person and posted (Luohu, by analogy)."""
    return book.clock("appraisal.result").judge(counted_at, posted_at)


def posting_until(book: Rulebook, posted_at: datetime) -> datetime:
    """Return the last instant until which a result at least stays posted.

    What is disclosed stays posted for fifteen days (城市居民委员会组织法 art 34), and the result of an
    appraisal is (art 37). The days of local practice (Luohu, by analogy) count where they are more.
    """
    return max(book.clock(name).deadline(posted_at) for name in ("appraisal.posting", "notice.posting"))


def objections_until(book: Rulebook, posted_at: datetime) -> datetime:
    """Return the last instant at which somebody may object to a posted result."""
    return book.clock("appraisal.objection").deadline(posted_at)


def judge_objection(book: Rulebook, posted_at: datetime, filed_at: datetime) -> Verdict:
    """Judge how soon somebody objects to a posted result."""
    return book.clock("appraisal.objection").judge(posted_at, filed_at)


def answer_due_at(book: Rulebook, filed_at: datetime) -> datetime:
    """Return the last instant at which an objection to a result is answered."""
    return book.clock("appraisal.objection_answered").deadline(filed_at)


# --- What follows


def judge_unfit(book: Rulebook, unfit: int, cast: int) -> Verdict:
    """Judge whether so many find somebody unfit that they offer to resign (Shandong, by analogy).

    Args:
        unfit: forms with the grade 不称职 for the person.
        cast: forms with any answer for the person, such as 不了解 too.
    """
    return book.threshold("appraisal.unfit").judge(unfit, {"cast": cast})


def judge_warning(book: Rulebook, poor: int, cast: int) -> Verdict:
    """Judge whether so many grades are poor that a warning talk is held (common practice)."""
    return book.threshold("appraisal.warning").judge(poor, {"cast": cast})


def judge_strikes(book: Rulebook, unfit: Sequence[bool]) -> Verdict:
    """Judge whether appraisals end a post: enough of them running, up to the last, were 不称职 (art 37).

    An older run ends nothing a second time: its effect was proposed when its own result was certified, and
    the proposal stands until somebody settles it.

    Args:
        unfit: of each appraisal of one term of office that counts towards article 37, in their order, whether
            the grade was 不称职.
    """
    running = sum(1 for _ in takewhile(bool, reversed(unfit)))
    return book.count("appraisal.strikes").judge(running)


def judge_ends_post(book: Rulebook, unfit: Sequence[bool], is_elected_member: bool) -> Verdict:
    """Judge whether appraisals end this post; the post of somebody who was appointed they do not.

    Article 37 reaches elected members of the residents' committee. For the party secretary and the head of
    the station the verdict is of the rule that says so, unless a profile reckons their posts alike.
    """
    others = book.switch("appraisal.ends_other_posts")
    if not is_elected_member and not others.on:
        return Verdict(False, others.value, others)
    return judge_strikes(book, unfit)


def plan_due_at(book: Rulebook, opened_at: datetime) -> datetime:
    """Return the last instant at which a corrective action has its measure and its day."""
    return book.clock("action.plan").deadline(opened_at)


def recheck_until(book: Rulebook, reported_at: datetime) -> datetime:
    """Return the last instant at which residents say whether something reported done is mended."""
    return book.clock("action.recheck").deadline(reported_at)
