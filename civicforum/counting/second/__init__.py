"""A second, independent count by another engine, which may contradict ours.

    checked = checked_count(contest, profile, seconds=10)
    checked.result, checked.second.status

The engine is py-vote-core 2.0.0 (GPL-3.0), written by other people from other sources.

What is compared: who wins, by plurality, block plurality, instant-runoff, Schulze (winning votes, which is
how both engines measure a majority) and ranked pairs. A result whose winners it contradicts is not given out:
`EnginesDisagree`. Where a rule meets a tie each engine settles it in its own way, so that a tie excuses other
winners as far as it reaches, and no further.

What is not compared: totals, stages, the order of election, sets of tied options. Its transferable vote moves
all surpluses of a round at once, in floats; that is another rule than the Scottish one or Meek's, and in a
real ward it elects another councillor. Its winners are written down as those of a variant and object to
nothing. It has no approval, Borda, Phragmén, majority judgment or selection. It is asked for one seat only by
Schulze and ranked pairs, and for no block vote with more marks than seats.

What is known to be wrong with py-vote-core 2.0.0, and what `adapter` does about it:

1. Its transferable vote moves all surpluses of a round together, in floats: a variant, never a check.
2. When all papers are used up, they all come back ("reset"): told with the answer; with one seat it never
   gets there.
3. It draws lots by chance, in an order that changes with the hashes of texts: it always gets a list, and in
   its process hashes and chance are fixed.
4. A lot without one of the tied options is an error: the lot names every option.
5. An option twice on a ballot is an error: refused before.
6. A blank ballot is an error, and so is no ballot at all: dropped; answered without asking it.
7. An option without votes is unknown to it, and fewer options than seats are an error: a line that stands for
   no paper names the option; no more seats are asked for than there are options, in a block vote options with
   a vote.
8. It writes into what it is given: everything is made anew for each question.
9. It takes any number as a count of papers: only whole ones from zero pass.
10. SchulzeNPR is not the Schulze ranking: not used. Nor is (12) SchulzeSTV, which drops small strengths, nor
    (13) SchulzePR, whose ties are wrong.
11. Its set of tied Schulze winners can be too small: not read; whoever ours leaves level may win in
    its count.
14. Tuples as ids break its ties: ids are texts that we make, so that no name reaches it.
15. Its cost grows with the square of the options for every different ballot: equal ballots are merged, what
    it would take is estimated before it is started, and it runs in a process that ends at its limits.
"""

from .checked import ENGINE, SECONDS, Checked, check, checked_count, recount, second_opinion
from .comparison import EnginesDisagree, Reason, SecondCount, Status, compare

__all__ = [
    "ENGINE",
    "SECONDS",
    "Checked",
    "EnginesDisagree",
    "Reason",
    "SecondCount",
    "Status",
    "check",
    "checked_count",
    "compare",
    "recount",
    "second_opinion",
]
