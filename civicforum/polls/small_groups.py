"""Breakdowns that show nobody: small ones are hidden, and never alone, so that no total gives them away."""

from __future__ import annotations

from collections.abc import Mapping


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
