"""Near-copies: passages that say over again what better ones have said."""

import re
from collections.abc import Sequence

_WORD = re.compile(r"\w+")
_RUN = 4
_SHARE = 0.5
_KEPT = 2
"""So many passages alike may stand together: each may be the one that is looked for."""


def near_copies(texts: Sequence[str]) -> list[bool]:
    """Whether each text repeats several earlier ones: half of its runs of four words, or of theirs.

    Texts of fewer than four words are never copies. Releases on one case repeat whole sentences,
    often word for word, and so do rules for look-alike cases.
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
