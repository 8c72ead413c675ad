"""Reciprocal rank fusion: one ranking out of several."""

from collections import defaultdict
from collections.abc import Mapping, Sequence


def fuse(
    rankings: Mapping[str, Sequence[int]],
    *,
    weights: Mapping[str, float] | None = None,
    rank_constant: int = 60,
) -> list[tuple[int, float]]:
    """Merge rankings of passage rows by summing ``weight / (rank_constant + rank)``.

    Ranks are added, not scores: BM25 scores are unbounded and cosines are not, so a sum of scores
    would follow whichever stage speaks louder (Cormack, Clarke and Buettcher, SIGIR 2009).

    Parameters
    ----------
    rankings
        Stage name to passage rows, best first. Within a ranking a row occurs once.
    weights
        Stage name to weight; 1 where absent.
    rank_constant
        Larger values flatten the difference between ranks. 60 is the paper's value.

    Returns
    -------
    list of (row, score)
        Best first. Ties go to the lower row, so that a rebuild of the same index gives the same
        order.
    """
    scores: dict[int, float] = defaultdict(float)
    for stage, rows in rankings.items():
        weight = 1.0 if weights is None else weights.get(stage, 1.0)
        for rank, row in enumerate(rows, start=1):
            scores[row] += weight / (rank_constant + rank)
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))
