"""The read path: a question in, ranked passages out."""

import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate, zip_longest

import numpy as np

from rag.index.builds import Build
from rag.models.cross_encoder import Reranker
from rag.models.embedder import Embedder
from rag.models.reranker_input import reading
from rag.question.filters import Filters
from rag.question.query import Query, understand
from rag.retrieval.fusion import by_best, fuse, spread
from rag.text.near_duplicates import near_copies
from rag.text.sentences import sentences
from rag.types import Hit, Passage

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

# Each stage hands on at least this many candidates.
_CANDIDATES = 200
_DOCUMENTS = 200
# What a stage's best is worth in the sum.
_WEIGHTS = {"lexical": 0.5, "documents": 2.0, "dense": 0.25, "rerank": 2.0}
# Of this many best documents so many passages are candidates, however many others are better.
_OPENED = 4
# With fewer passages to a document, most are one: to count the document too counts words twice.
_PARTS = 1.5
_PASSAGES_OF_OPENED = 100
# What it is worth to fit what the question says besides its words, in the same measure.
_OF_THESE_DAYS = 0.25
_OF_THIS_AGENCY = 0.1
_OF_THIS_SPEAKER = 1.0
_LATEST = 0.25
_WITH_AN_AMOUNT = 0.2
# An agency asked about besides another is searched for alone if its best document has this share
# of the other's score.
_FITS = 0.5
# How much a passage steps back for each better one of its document: others get a word in.
_STEP_BACK = 0.01

# Of so many, the near-copies of better ones go to the end.
_COMPARED = 30
# The cross-encoder reads so many candidates, as long as there is time …
_RERANKED = 8
# … then, one by one, the sentences of so many that are first by then.
_REREAD = 2
_RERANK_SECONDS = 2.0
# Its logits lie between plus and minus this.
_MOST_LIKELY = 11.0


class Retriever:
    """Ranks the passages of one build for a question, by words and by meaning."""

    def __init__(
        self, build: Build, embedder: Embedder | None, reranker: Reranker | None = None
    ) -> None:
        self._build = build
        self._embedder = embedder
        self._reranker = reranker
        self._short_documents = build.manifest.passages < _PARTS * build.manifest.documents

    def query(
        self,
        question: str,
        history: Sequence[str] = (),
        *,
        ignore: Collection[str] = (),
        stages: Sequence[str] = STAGES,
    ) -> Query:
        """The question as it is searched for, with what its history and the index add.

        ``ignore`` names the kinds of preferences that do not count.
        """
        query = understand(
            question, history if "history" in stages else (), synonyms="synonyms" in stages
        )
        if "aliases" in stages:
            query = query.also(self._build.documents.aliases(query.terms()))
        query = query.preferring("agency", self._build.documents.values("agency"))
        if query.asks_saying:
            query = query.preferring("speaker", self._build.documents.values("speaker"))
        return query.ignoring(ignore)

    def retrieve(
        self,
        question: str,
        *,
        k: int,
        filters: Filters,
        history: Sequence[str] = (),
        ignore: Collection[str] = (),
        stages: Sequence[str] | None = None,
    ) -> list[Hit]:
        """The ``k`` best passages among those the filters let through, best first.

        ``stages`` names the stages that take part, for measuring them one by one; all where None.
        """
        stages = STAGES if stages is None else stages
        query = self.query(question, history, ignore=ignore, stages=stages)
        sides = self._sides(query, filters) if "agencies" in stages else (filters,)
        scores: dict[str, dict[int, float]] = {}
        rankings = []
        for side in sides:
            ranked, of_side = self._ranked(query, side, max(_CANDIDATES, k), len(sides), stages)
            rankings.append(ranked[:k])
            for stage, found in of_side.items():
                scores.setdefault(stage, {}).update(found)
        return self._hits(_in_turn(rankings)[:k], scores)

    def _sides(self, query: Query, filters: Filters) -> tuple[Filters, ...]:
        """The filters of each search: one for each agency where several are asked about.

        Searched for together, "what A and B each ordered" finds the documents of whichever wrote
        more. An agency without a document that fits about as well is not searched for alone.
        """
        agencies = query.preferred("agency")
        if len(agencies) < 2 or filters.agency:
            return (filters,)
        sides = [replace(filters, agency=(agency,)) for agency in agencies]
        found = [self._build.lexical.documents(query, 1, filters=side) for side in sides]
        fit = [best[0][1] if best else 0.0 for best in found]
        kept = [s for s, of_one in zip(sides, fit, strict=True) if of_one >= _FITS * max(fit)]
        return tuple(kept) if len(kept) > 1 else (filters,)

    def _ranked(
        self, query: Query, filters: Filters, candidates: int, sides: int, stages: Sequence[str]
    ) -> tuple[list[tuple[int, float]], dict[str, dict[int, float]]]:
        """The passages of one of so many sides, best first, and the scores of each stage."""
        scores: dict[str, dict[int, float]] = {}
        if self._short_documents and "lexical" in stages:
            stages = [stage for stage in stages if stage != "documents"]
        shares = self._documents(query, filters) if "documents" in stages else {}
        opened = list(shares)[:_OPENED]
        if "lexical" in stages:
            scores["lexical"] = self._lexical(query, filters, opened, candidates)
        if "dense" in stages:
            others = scores.get("lexical", ())
            scores["dense"] = self._dense(query, filters, others, candidates)
        if not scores:
            of_opened = (self._build.documents.rows_of(document) for document in opened)
            scores["documents"] = {row: 0.0 for rows in of_opened for row in rows}
        places = self._build.documents.places({row for found in scores.values() for row in found})
        document_of = {row: document for row, (document, _) in places.items()}
        if "documents" in stages:
            scores["documents"] = {row: shares.get(document_of[row], 0.0) for row in places}
        if "preferences" in stages:
            worth = self._preferred(query, set(document_of.values()))
            asks_amount = bool(query.preferred("amount"))
            scores["preferences"] = {
                row: worth[document] + _WITH_AN_AMOUNT * (asks_amount and amount)
                for row, (document, amount) in places.items()
            }
        step = _STEP_BACK if "spread" in stages else 0.0
        ranked = spread(fuse(scores, _WEIGHTS), document_of, step=step)
        if "rerank" in stages and self._reranker is not None:
            until = time.monotonic() + _RERANK_SECONDS / sides
            scores["rerank"] = {}
            readings = [(_RERANKED // sides, _whole)]
            if "sentences" in stages:
                readings.append((_REREAD // sides, _sentences))
            for count, pieces in readings:
                rows = [row for row, _ in ranked[:count]]
                for row, share in self._reranked(query, rows, pieces, until).items():
                    scores["rerank"][row] = max(share, scores["rerank"].get(row, 0.0))
                ranked = spread(fuse(scores, _WEIGHTS), document_of, step=step)
        if "copies" in stages:
            ranked = self._copies_last(ranked[:_COMPARED]) + ranked[_COMPARED:]
        return ranked, scores

    def _copies_last(self, ranked: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
        passages = self._build.documents.passages([row for row, _ in ranked])
        is_copy = near_copies([passage.text for passage in passages])
        originals = [hit for hit, copy in zip(ranked, is_copy, strict=True) if not copy]
        least = min((score for _, score in originals), default=0.0)
        copies = [hit for hit, copy in zip(ranked, is_copy, strict=True) if copy]
        return originals + [(row, min(score, least)) for row, score in copies]

    def _documents(self, query: Query, filters: Filters) -> dict[int, float]:
        """The best documents by their words, best first, each as a share of the best."""
        return by_best(dict(self._build.lexical.documents(query, _DOCUMENTS, filters=filters)))

    def _lexical(
        self, query: Query, filters: Filters, opened: Sequence[int], k: int
    ) -> dict[int, float]:
        """The best passages by their words, and those of the opened documents.

        A passage that answers in other words than the question's is far down in its own ranking;
        its document is not.
        """
        lexical = self._build.lexical
        found = dict(lexical.passages(query, k, filters=filters))
        if opened:
            ids = tuple(doc_id.casefold() for doc_id in self._build.documents.ids(opened))
            within = replace(filters, document=ids)
            found |= dict(lexical.passages(query, _PASSAGES_OF_OPENED, filters=within))
        return by_best(found)

    def _dense(
        self, query: Query, filters: Filters, others: Iterable[int], k: int
    ) -> dict[int, float]:
        """Nearness of the nearest passages and of ``others``: the nearest is 1, the last taken 0.

        Others may lie farther away than the last one taken; they count as 0 too.
        """
        if self._embedder is None:
            return {}
        vector = self._embedder.embed_question(query.text)
        allowed = self._build.documents.allowed(filters)
        found = dict(self._build.dense.search(vector, k, allowed=allowed))
        if not found:
            return {}
        best, last = max(found.values()), min(found.values())
        found |= self._build.dense.cosines(vector, [row for row in others if row not in found])
        span = max(best - last, 1e-6)
        return {row: max(0.0, (cosine - last) / span) for row, cosine in found.items()}

    def _reranked(
        self,
        query: Query,
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
        logits = self._reranker.score(query.asked, [text for _, text in read])
        shares = np.clip((logits + _MOST_LIKELY) / (2 * _MOST_LIKELY), 0.0, 1.0)
        found: dict[int, float] = defaultdict(float)
        for (row, _), share in zip(read, shares.tolist(), strict=True):
            found[row] = max(found[row], share)
        return dict(found)

    def _preferred(self, query: Query, candidates: set[int]) -> dict[int, float]:
        """What each document is worth more for fitting the question's dates, agency, speaker."""
        worth: dict[int, float] = defaultdict(float)
        documents = self._build.documents
        for key, bonus in (("agency", _OF_THIS_AGENCY), ("speaker", _OF_THIS_SPEAKER)):
            named = query.preferred(key)
            fitting = frozenset().union(*(documents.having(key, value) for value in named))
            for document in candidates & fitting:
                worth[document] += bonus
        asks_latest = bool(query.preferred("latest"))
        if query.days or asks_latest:
            days = documents.days(candidates)
            for document, (first, last) in days.items():
                if any(first <= until and last >= since > 0 for since, until in query.days):
                    worth[document] += _OF_THESE_DAYS
            if asks_latest and len(days) > 1:
                order = sorted(days, key=lambda document: days[document][1])
                for place, document in enumerate(order):
                    worth[document] += _LATEST * place / (len(order) - 1)
        return worth

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
