"""Retrieval: from a question to ranked passages, through stages that can be measured one by one."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, zip_longest

import numpy as np

from rag.index.builds import Build
from rag.models.cross_encoder import Reranker
from rag.models.embedder import Embedder
from rag.models.reranker_input import reading
from rag.question.filters import Filters
from rag.question.query import preferred_days
from rag.question.understanding import understand
from rag.retrieval.fusion import by_best, fuse, spread
from rag.retrieval.weights import WEIGHTS, RetrievalWeights
from rag.text.near_duplicates import near_copies
from rag.text.sentences import sentences
from rag.types import Hit, Passage, Question

STAGES = (
    "history",
    "synonyms",
    "aliases",
    "agencies",
    "lexical",
    "documents",
    "dense",
    "preferences",
    "spread",
    "rerank",
    "sentences",
    "copies",
)
"""What takes part in a search, in this order."""

ABLATION = {
    "BM25": ("lexical",),
    "dense": ("dense",),
    "BM25, dense": ("lexical", "dense"),
    "+ history": ("lexical", "dense", "history"),
    "+ documents": ("lexical", "dense", "history", "documents"),
    "+ preferences": ("lexical", "dense", "history", "documents", "preferences"),
    "+ synonyms": ("lexical", "dense", "history", "documents", "preferences", "synonyms"),
    "+ aliases": tuple(
        stage
        for stage in STAGES
        if stage not in ("agencies", "spread", "rerank", "sentences", "copies")
    ),
    "+ agencies": tuple(
        stage for stage in STAGES if stage not in ("spread", "rerank", "sentences", "copies")
    ),
    "+ spread": tuple(stage for stage in STAGES if stage not in ("rerank", "sentences", "copies")),
    "+ rerank": tuple(stage for stage in STAGES if stage not in ("sentences", "copies")),
    "+ sentences": tuple(stage for stage in STAGES if stage != "copies"),
    "+ copies last": STAGES,
    "all but dense": tuple(stage for stage in STAGES if stage != "dense"),
}
"""Sets of stages that show what each is worth, by the name of their row."""

_RERANK_SECONDS = 2.0
"""Longest time that the reranker reads for a question; what is unread by then keeps its place."""
_MOST_LIKELY = 11.0
"""The reranker's logits lie between plus and minus this."""

Ranking = list[tuple[int, float]]
"""Rows of passages with their scores, best first."""


@dataclass(frozen=True, slots=True)
class _Candidates:
    """The passages that the first stages found for one side of a question.

    ``scores`` holds for each stage the rows that it scored; ``document_of`` the document's row of
    each passage; ``with_amount`` the passages that name a sum of money.
    """

    scores: dict[str, dict[int, float]]
    document_of: Mapping[int, int]
    with_amount: frozenset[int]


class Retriever:
    """Ranks the passages of one build for a question, by words and by meaning."""

    def __init__(
        self,
        build: Build,
        embedder: Embedder | None,
        reranker: Reranker | None = None,
        weights: RetrievalWeights = WEIGHTS,
    ) -> None:
        self._build = build
        self._embedder = embedder
        self._reranker = reranker
        self._weights = weights
        manifest = build.manifest
        self._short_documents = manifest.passages < weights.passages_a_document * manifest.documents

    def understand(
        self,
        text: str,
        history: Sequence[str] = (),
        *,
        ignore: Iterable[str] = (),
        stages: Sequence[str] | None = None,
    ) -> Question:
        """The question, with the names that the index knows; ``stages`` as for `retrieve`."""
        stages = STAGES if stages is None else stages
        return understand(
            text,
            history if "history" in stages else (),
            vocabulary=self._build.documents,
            ignore=tuple(ignore),
            synonyms="synonyms" in stages,
            abbreviations="aliases" in stages,
        )

    def retrieve(
        self,
        question: Question,
        *,
        k: int,
        filters: Filters,
        stages: Sequence[str] | None = None,
    ) -> list[Hit]:
        """The ``k`` best passages among those the filters let through, best first.

        ``stages`` names the stages that take part, for measuring them one by one; all where None.
        """
        stages = STAGES if stages is None else stages
        sides = self._sides(question, filters) if "agencies" in stages else (filters,)
        scores: dict[str, dict[int, float]] = {}
        rankings = []
        for side in sides:
            ranked, of_side = self._ranked(question, side, k, len(sides), stages)
            rankings.append(ranked[:k])
            for stage, found in of_side.items():
                scores.setdefault(stage, {}).update(found)
        return self._hits(_in_turn(rankings)[:k], scores)

    def _sides(self, question: Question, filters: Filters) -> tuple[Filters, ...]:
        """The filters of each search: one for each agency where several are asked about.

        Searched for together, "what A and B each ordered" finds the documents of whichever wrote
        more. An agency without a document that fits about as well is not searched for alone.
        """
        agencies = question.preferred("agency")
        if len(agencies) < 2 or filters.agency:
            return (filters,)
        sides = [replace(filters, agency=(agency,)) for agency in agencies]
        found = [self._build.lexical.documents(question, 1, filters=side) for side in sides]
        fit = [best[0][1] if best else 0.0 for best in found]
        least = self._weights.agency_fits * max(fit)
        kept = [side for side, of_one in zip(sides, fit, strict=True) if of_one >= least]
        return tuple(kept) if len(kept) > 1 else (filters,)

    def _ranked(
        self, question: Question, filters: Filters, k: int, sides: int, stages: Sequence[str]
    ) -> tuple[Ranking, dict[str, dict[int, float]]]:
        """The passages of one of so many sides, best first, and the scores of each stage."""
        found = self._candidates(question, filters, max(self._weights.candidates, k), stages)
        if "preferences" in stages:
            found.scores["preferences"] = self._preferred(question, found)
        step = self._weights.step_back if "spread" in stages else 0.0
        ranked = self._fused(found, step)
        if "rerank" in stages and self._reranker is not None:
            ranked = self._reranked(question, found, ranked, step, sides, stages)
        if "copies" in stages:
            ranked = self._copies_last(ranked)
        return ranked, found.scores

    def _candidates(
        self, question: Question, filters: Filters, k: int, stages: Sequence[str]
    ) -> _Candidates:
        """What the words of documents and passages find, and the vectors."""
        scores: dict[str, dict[int, float]] = {}
        if self._short_documents and "lexical" in stages:
            stages = [stage for stage in stages if stage != "documents"]
        shares = self._documents(question, filters) if "documents" in stages else {}
        opened = list(shares)[: self._weights.documents_opened]
        if "lexical" in stages:
            scores["lexical"] = self._lexical(question, filters, opened, k)
        if "dense" in stages:
            others = scores.get("lexical", ())
            scores["dense"] = self._dense(question, filters, others, k)
        if not scores:
            of_opened = (self._build.documents.rows_of(document) for document in opened)
            scores["documents"] = {row: 0.0 for rows in of_opened for row in rows}
        rows = {row for found in scores.values() for row in found}
        places = self._build.documents.places(rows)
        document_of = {row: document for row, (document, _) in places.items()}
        with_amount = frozenset(row for row, (_, amount) in places.items() if amount)
        if "documents" in stages:
            scores["documents"] = {row: shares.get(document_of[row], 0.0) for row in places}
        return _Candidates(scores, document_of, with_amount)

    def _fused(self, found: _Candidates, step: float) -> Ranking:
        total = fuse(found.scores, self._weights.stages)
        return spread(total, found.document_of, step=step)

    def _documents(self, question: Question, filters: Filters) -> dict[int, float]:
        """The best documents by their words, best first, each as a share of the best."""
        k = self._weights.documents_ranked
        return by_best(dict(self._build.lexical.documents(question, k, filters=filters)))

    def _lexical(
        self, question: Question, filters: Filters, opened: Sequence[int], k: int
    ) -> dict[int, float]:
        """The best passages by their words, and those of the opened documents.

        A passage that answers in other words than the question's is far down in its own ranking;
        its document is not.
        """
        lexical = self._build.lexical
        found = dict(lexical.passages(question, k, filters=filters))
        if opened:
            ids = tuple(doc_id.casefold() for doc_id in self._build.documents.ids(opened))
            within = replace(filters, document=ids)
            most = self._weights.passages_of_opened
            found |= dict(lexical.passages(question, most, filters=within))
        return by_best(found)

    def _dense(
        self, question: Question, filters: Filters, others: Iterable[int], k: int
    ) -> dict[int, float]:
        """Nearness of the nearest passages and of ``others``: the nearest is 1, the last taken 0.

        Others may lie farther away than the last one taken; they count as 0 too.
        """
        if self._embedder is None:
            return {}
        vector = self._embedder.embed_question(question.searched)
        allowed = self._build.documents.allowed(filters)
        found = dict(self._build.dense.search(vector, k, allowed=allowed))
        if not found:
            return {}
        best, last = max(found.values()), min(found.values())
        found |= self._build.dense.cosines(vector, [row for row in others if row not in found])
        span = max(best - last, 1e-6)
        return {row: max(0.0, (cosine - last) / span) for row, cosine in found.items()}

    def _preferred(self, question: Question, found: _Candidates) -> dict[int, float]:
        """What each passage is worth more for fitting what the question prefers."""
        worth = self._preferred_documents(question, set(found.document_of.values()))
        scores = {row: worth[document] for row, document in found.document_of.items()}
        if question.preferred("amount"):
            for row in found.with_amount:
                scores[row] += self._weights.with_amount
        return scores

    def _preferred_documents(self, question: Question, candidates: set[int]) -> dict[int, float]:
        """What each document is worth more for its agency, its speaker, its date."""
        weights = self._weights
        worth: dict[int, float] = defaultdict(float)
        documents = self._build.documents
        for key, bonus in (("agency", weights.of_agency), ("speaker", weights.of_speaker)):
            named = question.preferred(key)
            fitting = frozenset().union(*(documents.having(key, value) for value in named))
            for document in candidates & fitting:
                worth[document] += bonus
        ranges = preferred_days(question)
        asks_latest = bool(question.preferred("latest"))
        if ranges or asks_latest:
            days = documents.days(candidates)
            for document, (first, last) in days.items():
                if any(first <= until and last >= since > 0 for since, until in ranges):
                    worth[document] += weights.in_date
            if asks_latest and len(days) > 1:
                order = sorted(days, key=lambda document: days[document][1])
                for place, document in enumerate(order):
                    worth[document] += weights.latest * place / (len(order) - 1)
        return worth

    def _reranked(
        self,
        question: Question,
        found: _Candidates,
        ranked: Ranking,
        step: float,
        sides: int,
        stages: Sequence[str],
    ) -> Ranking:
        """The ranking after the reranker has read its first passages, then sentences of fewer."""
        until = time.monotonic() + _RERANK_SECONDS / sides
        readings = [(self._weights.passages_read, _whole)]
        if "sentences" in stages:
            readings.append((self._weights.passages_read_by_sentence, _sentences))
        scores = found.scores["rerank"] = {}
        for count, pieces in readings:
            rows = [row for row, _ in ranked[: count // sides]]
            for row, share in self._read(question, rows, pieces, until).items():
                scores[row] = max(share, scores.get(row, 0.0))
            ranked = self._fused(found, step)
        return ranked

    def _read(
        self,
        question: Question,
        rows: Sequence[int],
        pieces: Callable[[Passage], Sequence[tuple[int, int]]],
        until: float,
    ) -> dict[int, float]:
        """How well the best piece of each passage answers: 0 to 1, by row.

        Linear in the logits, because most first candidates are likely, some more so. Passages
        that have no pieces are left out, all of them after ``until`` (of the monotonic clock).
        """
        if self._reranker is None or time.monotonic() > until:
            return {}
        read = [
            (row, reading(passage.document, *piece))
            for row, passage in zip(rows, self._build.documents.passages(rows), strict=True)
            for piece in pieces(passage)
        ]
        found = self._reranker.read(question.text, [text for _, text in read])
        # In single precision, as the logits are.
        relevance, answers = map(np.float32, (self._weights.relevance, self._weights.answers))
        logits = relevance * found.relevance + answers * found.answers
        shares = np.clip((logits + _MOST_LIKELY) / (2 * _MOST_LIKELY), 0.0, 1.0)
        best: dict[int, float] = defaultdict(float)
        for (row, _), share in zip(read, shares.tolist(), strict=True):
            best[row] = max(best[row], share)
        return dict(best)

    def _copies_last(self, ranked: Ranking) -> Ranking:
        """The ranking with the near-copies among its first at the end of these."""
        first, rest = (
            ranked[: self._weights.compared_for_copies],
            ranked[self._weights.compared_for_copies :],
        )
        passages = self._build.documents.passages([row for row, _ in first])
        is_copy = near_copies([passage.text for passage in passages])
        originals = [hit for hit, copy in zip(first, is_copy, strict=True) if not copy]
        least = min((score for _, score in originals), default=0.0)
        copies = [hit for hit, copy in zip(first, is_copy, strict=True) if copy]
        return originals + [(row, min(score, least)) for row, score in copies] + rest

    def _hits(
        self, ranked: Sequence[tuple[int, float]], scores: Mapping[str, Mapping[int, float]]
    ) -> list[Hit]:
        ranks = {
            stage: {row: rank for rank, row in enumerate(_order(found), start=1)}
            for stage, found in scores.items()
        }
        passages = self._build.documents.passages([row for row, _ in ranked])
        return [
            Hit(
                passage=passage,
                score=score,
                rank=rank,
                ranks={stage: places[row] for stage, places in ranks.items() if row in places},
            )
            for rank, (passage, (row, score)) in enumerate(
                zip(passages, ranked, strict=True), start=1
            )
        ]


def _in_turn(rankings: Sequence[Sequence[tuple[int, float]]]) -> list[tuple[int, float]]:
    """The best of each ranking, then the second of each …; no score above one before it."""
    turns = (hit for turn in zip_longest(*rankings) for hit in turn if hit is not None)
    return list(accumulate(turns, lambda before, hit: (hit[0], min(hit[1], before[1]))))


def _whole(passage: Passage) -> list[tuple[int, int]]:
    return [(passage.start, passage.end)]


def _sentences(passage: Passage) -> list[tuple[int, int]]:
    """The sentences of a passage that has several: one that answers is lost among the others."""
    spans = sentences(passage.document.text, passage.start, passage.end)
    return spans if len(spans) > 1 else []


def _order(scores: Mapping[int, float]) -> list[int]:
    return sorted(scores, key=lambda row: (-scores[row], row))
