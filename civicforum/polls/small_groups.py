"""Breakdowns that show nobody: small ones are hidden, and never alone, so that no total gives them away."""

from __future__ import annotations

from collections.abc import Mapping

from civicforum.rulebook import Rulebook, Verdict


def hidden_names(sizes: Mapping[str, int], *, least: int) -> frozenset[str]:
    """Return the names whose figures are only shown added up.

    A part with fewer than `least` people is hidden. One hidden part, or several with fewer people together,
    could be worked out from the total: then the next smallest is hidden with them.
    """
    by_size = sorted(sizes, key=lambda name: (sizes[name], name))
    hidden = [name for name in by_size if sizes[name] < least]
    if not hidden:
        return frozenset()
    for name in by_size[len(hidden) :]:
        if len(hidden) > 1 and sum(sizes[one] for one in hidden) >= least:
            break
        hidden.append(name)
    return frozenset(hidden)


def judge_ways(book: Rulebook, *, screen: int, paper: int) -> Verdict:
    """Judge whether few people would be told apart by the way they took, on screen or on paper.

    What was on paper stands on the public board beside the total; so either way is taken by nobody, or by as
    many as make a group. Where one way was taken by all, there is no other half.
    """
    rule = book.count("privacy.least")
    least = rule.least or 1
    if not screen or not paper:
        return Verdict(True, f"{screen} + {paper}", rule, least)
    smaller = min(screen, paper)
    sign = "≥" if smaller >= least else "<"
    return Verdict(smaller >= least, f"{screen} + {paper}; {smaller} {sign} {least}", rule, least)
