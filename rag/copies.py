"""Near-copies: passages that say over again what a better one has said."""

import re
from collections.abc import Sequence

_WORD = re.compile(r"\w+")
_RUN = 4
_SHARE = 0.5


def near_copies(texts: Sequence[str]) -> list[bool]:
    """Whether each text repeats an earlier one: half of its runs of four words, or of that one's.

    A copy of a copy is compared with what the first one copied. Texts of fewer than four words are
    never copies. Releases on one case repeat whole sentences, often word for word.
    """
    originals: list[frozenset[tuple[str, ...]]] = []
    found = []
    for text in texts:
        words = _WORD.findall(text.lower())
        runs = frozenset(tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1))
        is_copy = bool(runs) and any(
            len(runs & other) >= _SHARE * min(len(runs), len(other)) for other in originals
        )
        if runs and not is_copy:
            originals.append(runs)
        found.append(is_copy)
    return found
