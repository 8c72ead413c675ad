"""The read path: a question in, ranked passages out."""

from collections.abc import Sequence

from rag.embed import Embedder
from rag.filters import Filters
from rag.fuse import fuse
from rag.index.builds import Build
from rag.types import Hit

STAGES = ("lexical", "dense")
"""What takes part in a search, in this order."""

# Each stage hands this many candidates to the fusion.
_CANDIDATES = 100
# Measured best of the constants tried on regulatory questions (README, "Figures").
_RANK_CONSTANT = 20
_WEIGHTS = {"lexical": 1.0, "dense": 0.7}


class Retriever:
    """Ranks the passages of one build for a question, by words and by meaning."""

    def __init__(self, build: Build, embedder: Embedder) -> None:
        self._build = build
        self._embedder = embedder

    def query(self, question: str, history: Sequence[str]) -> str:
        """The text that is searched for: the question with what its history adds."""
        return " ".join((*history, question))

    def retrieve(
        self,
        question: str,
        *,
        k: int,
        filters: Filters,
        history: Sequence[str] = (),
        stages: Sequence[str] | None = None,
    ) -> list[Hit]:
        """The ``k`` best passages among those the filters let through, best first.

        ``stages`` names the stages that take part, for measuring them one by one; all where None.
        """
        stages = STAGES if stages is None else stages
        text = self.query(question, history)
        rankings: dict[str, list[int]] = {}
        if "lexical" in stages:
            found = self._build.lexical.search(text, _CANDIDATES, filters=filters)
            rankings["lexical"] = [row for row, _ in found]
        if "dense" in stages:
            allowed = self._build.documents.allowed(filters)
            vector = self._embedder.embed_question(text)
            found = self._build.dense.search(vector, _CANDIDATES, allowed=allowed)
            rankings["dense"] = [row for row, _ in found]
        fused = fuse(rankings, weights=_WEIGHTS, rank_constant=_RANK_CONSTANT)[:k]
        ranks = {
            stage: {row: rank for rank, row in enumerate(rows, start=1)}
            for stage, rows in rankings.items()
        }
        passages = self._build.documents.passages([row for row, _ in fused])
        return [
            Hit(
                passage=passage,
                score=score,
                rank=rank,
                ranks={stage: places[row] for stage, places in ranks.items() if row in places},
            )
            for rank, (passage, (row, score)) in enumerate(
                zip(passages, fused, strict=True), start=1
            )
        ]
