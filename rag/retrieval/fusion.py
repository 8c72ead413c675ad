"""Fusion: one ranking out of the scores of several stages."""

import heapq
from collections import defaultdict
from collections.abc import Mapping, Sequence


def by_best(scores: Mapping[int, float]) -> dict[int, float]:
    """Scores as shares of the best one, which becomes 1.

    BM25 has no upper limit and grows with the length of the question; 0 means the same in every
    list (no word in common), so that shares of the best one compare among lists.
    """
    best = max(scores.values(), default=0.0)
    return {row: score / best for row, score in scores.items()} if best > 0 else dict(scores)


def fuse(
    stages: Mapping[str, Mapping[int, float]], weights: Mapping[str, float]
) -> dict[int, float]:
    """Weighted sum of the scores that each stage gave a row; a stage that gave none counts 0.

    A sum of normalised scores keeps how far the best is ahead, which ranks forget (Bruch, Gai and
    Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval", TOIS 2023).
    """
    total: dict[int, float] = defaultdict(float)
    for stage, scores in stages.items():
        for row, score in scores.items():
            total[row] += weights.get(stage, 1.0) * score
    return dict(total)


def spread(
    scores: Mapping[int, float], group_of: Mapping[int, int], *, step: float
) -> list[tuple[int, float]]:
    """Rank rows so that one group does not fill the list: the n-th of a group loses ``n * step``.

    Parameters
    ----------
    scores
        Row to score.
    group_of
        Row to its group (its document).
    step
        0 ranks by score alone.

    Returns
    -------
    list of (row, score)
        Best first by the score less what it lost, ties by row.
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
