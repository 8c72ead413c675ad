"""Near-duplicates: texts that repeat earlier ones almost word for word."""

import re
from collections.abc import Sequence

_WORD = re.compile(r"\w+")
_RUN = 4
"""Words in a run: shorter runs are often stock phrases, longer ones miss small changes."""
_SHARE = 0.5
"""Least share of common runs of two near-duplicates."""
_KEPT = 2
"""A text is marked if it has this many earlier near-duplicates: either of two may be wanted."""


def near_copies(texts: Sequence[str]) -> list[bool]:
    """For each text, whether it is a near-duplicate of two or more earlier ones.

    Two texts are near-duplicates if they share half of the runs of four words of the shorter text.
    A text of fewer than four words never is one. Releases on one case repeat whole sentences, and
    so do rules for similar cases.

    Parameters
    ----------
    texts
        Best first: the first two of a group of near-duplicates are not marked.
    """
    earlier: list[frozenset[tuple[str, ...]]] = []
    found = []
    for text in texts:
        words = _WORD.findall(text.lower())
        runs = frozenset(tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1))
        alike = (len(runs & other) >= _SHARE * min(len(runs), len(other)) for other in earlier)
        found.append(bool(runs) and sum(alike) >= _KEPT)
        if runs:
            earlier.append(runs)
    return found
