"""Fusion: one ranking from the scores of several stages."""

import heapq
from collections import defaultdict
from collections.abc import Mapping, Sequence


def by_best(scores: Mapping[int, float]) -> dict[int, float]:
    """The scores divided by the best one, which becomes 1. Unchanged if the best is 0 or less.

    A BM25 score has no upper limit and grows with the length of the question. Its 0 always means
    that no word matches. So shares of the best score compare between lists.
    """
    best = max(scores.values(), default=0.0)
    return {row: score / best for row, score in scores.items()} if best > 0 else dict(scores)


def fuse(
    stages: Mapping[str, Mapping[int, float]], weights: Mapping[str, float]
) -> dict[int, float]:
    """For each row the weighted sum of its scores; a stage without a score for it counts 0.

    ``weights`` has a weight for each stage; a missing one is 1. Scores are summed, not ranks: ranks
    lose the distance between the best row and the next (Bruch, Gai and Ingber, "An Analysis of
    Fusion Functions for Hybrid Retrieval", TOIS 2023).
    """
    total: dict[int, float] = defaultdict(float)
    for stage, scores in stages.items():
        for row, score in scores.items():
            total[row] += weights.get(stage, 1.0) * score
    return dict(total)


def spread(
    scores: Mapping[int, float], group_of: Mapping[int, int], *, step: float
) -> list[tuple[int, float]]:
    """Rank rows; the n-th row of a group, counted from 0, loses ``n * step``.

    So the passages of one document do not fill the list.

    Parameters
    ----------
    scores
        The score of each row.
    group_of
        The group of each row: its document.
    step
        At least 0; 0 ranks by score alone.

    Returns
    -------
    list of (row, score)
        Best first by the reduced score, which is returned. Ties by row.
    """
    groups: dict[int, list[int]] = defaultdict(list)
    for row in sorted(scores, key=lambda row: (-scores[row], row)):
        groups[group_of[row]].append(row)
    heap = [(-scores[rows[0]], rows[0], group, 0) for group, rows in groups.items()]
    heapq.heapify(heap)
    ranked = []
    while heap:
        negative, row, group, place = heapq.heappop(heap)
        ranked.append((row, -negative))
        rows: Sequence[int] = groups[group]
        if place + 1 < len(rows):
            following = rows[place + 1]
            score = scores[following] - step * (place + 1)
            heapq.heappush(heap, (-score, following, group, place + 1))
    return ranked
