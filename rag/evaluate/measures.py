"""Measures of one ranking: coverage of gold spans, and the place of the first right document."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from rag.evaluate.places import Place

WHOLE = 0.9
"""A gold span is covered if at least this share of its characters was retrieved."""


def coverage(
    ranking: Sequence[Place],
    gold: Sequence[Place],
    alternatives: Sequence[Place],
    *,
    budget: int,
    each: bool,
) -> float:
    """Share of the gold spans covered by the first ``budget`` characters retrieved, 0 to 1.

    The passages of the ranking are read in order until ``budget`` characters are read, so longer
    passages have no advantage. A character that is retrieved twice counts twice. A span is covered
    if at least 90 % of it was read.

    Parameters
    ----------
    ranking
        The retrieved places, best first.
    gold, alternatives
        The places that answer together, and the places that can replace them.
    each
        Whether one alternative replaces one gold span. If not, one replaces all of them.
    """
    read = _first_characters(ranking, budget)
    covered = sum(_is_covered(span, read) for span in gold)
    others = sum(_is_covered(span, read) for span in alternatives)
    if each:
        return min(len(gold), covered + others) / len(gold)
    return 1.0 if others else covered / len(gold)


def first_place(documents: Iterable[str], right: Collection[str]) -> int | None:
    """Place, from 1, of the first right document; None without one."""
    for rank, doc_id in enumerate(documents, start=1):
        if doc_id in right:
            return rank
    return None


def wrong_share(ranking: Sequence[Place], right: Collection[str], *, budget: int) -> float:
    """Share, 0 to 1, of the first ``budget`` characters that come from other documents."""
    read = _first_characters(ranking, budget)
    lengths = {doc_id: sum(end - start for start, end in spans) for doc_id, spans in read.items()}
    total = sum(lengths.values())
    wrong = sum(length for doc_id, length in lengths.items() if doc_id not in right)
    return wrong / total if total else 0.0


def _first_characters(ranking: Sequence[Place], budget: int) -> dict[str, list[tuple[int, int]]]:
    read: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for doc_id, start, end in ranking:
        end = min(end, start + budget)
        if start >= end:
            break
        read[doc_id].append((start, end))
        budget -= end - start
    return read


def _is_covered(span: Place, read: dict[str, list[tuple[int, int]]]) -> bool:
    doc_id, start, end = span
    covered = 0
    until = start
    for left, right in sorted(read.get(doc_id, ())):
        left, right = max(left, until), min(right, end)
        if right > left:
            covered += right - left
            until = right
    return covered >= WHOLE * (end - start)
