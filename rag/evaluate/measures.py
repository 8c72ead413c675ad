"""The measures of one ranking: coverage by characters, and the place of the right document."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from rag.evaluate.places import Place

WHOLE = 0.9
"""A gold span counts as covered when this share of its characters was retrieved."""


def coverage(
    ranking: Sequence[Place],
    gold: Sequence[Place],
    alternatives: Sequence[Place],
    *,
    budget: int,
    each: bool,
) -> float:
    """Share of the gold spans covered by the first ``budget`` characters retrieved, 0 to 1.

    The texts of the ranking are laid end to end and cut at ``budget`` characters, so that a longer
    passage wins nothing by its length; a character retrieved twice is paid twice. A span is
    covered when at least 90 % of it was retrieved.

    Parameters
    ----------
    ranking
        The retrieved places, best first.
    gold, alternatives
        The places that answer together, and those that would do instead.
    each
        Whether an alternative stands for one gold span; otherwise one of them answers alone.
    """
    read = _first_characters(ranking, budget)
    covered = sum(_is_covered(span, read) for span in gold)
    others = sum(_is_covered(span, read) for span in alternatives)
    if each:
        return min(len(gold), covered + others) / len(gold)
    return 1.0 if others else covered / len(gold)


def first_place(documents: Iterable[str], right: Collection[str]) -> int | None:
    """Place, from 1, of the first right document; None if there is none."""
    for rank, doc_id in enumerate(documents, start=1):
        if doc_id in right:
            return rank
    return None


def wrong_share(ranking: Sequence[Place], right: Collection[str], *, budget: int) -> float:
    """Share of the first ``budget`` characters retrieved that come from no right document."""
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
