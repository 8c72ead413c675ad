"""The retriever: from a question to ranked passages, in stages that can be measured separately."""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise, zip_longest

import numpy as np
from numpy.typing import NDArray

from rag.index.protocols import Build
from rag.models.cross_encoder import Reranker
from rag.models.embedder import Embedder
from rag.models.reranker_input import reading
from rag.question.analysis import compared
from rag.question.filters import Filters
from rag.question.query import matter, preferred_days
from rag.question.references import leaves
from rag.question.understanding import understand
from rag.retrieval.fusion import by_best, fuse, spread
from rag.retrieval.spelling import Spelling
from rag.retrieval.weights import WEIGHTS, RetrievalWeights
from rag.text.cases import cases
from rag.text.near_duplicates import near_copies
from rag.text.sentences import sentences
from rag.text.stemming import words
from rag.types import Answer, Document, Hit, Passage, Question

STAGES = (
    "spelling",
    "history",
    "focus",
    "synonyms",
    "aliases",
    "agencies",
    "parties",
    "lexical",
    "documents",
    "dense",
    "preferences",
    "spread",
    "rerank",
    "sentences",
    "copies",
    "neighbours",
)
"""The stages of a search, in order."""

_ADDED = {
    "BM25, dense": "dense",
    "+ history": "history",
    "+ documents": "documents",
    "+ preferences": "preferences",
    "+ synonyms": "synonyms",
    "+ aliases": "aliases",
    "+ agencies": "agencies",
    "+ spread": "spread",
    "+ rerank": "rerank",
    "+ sentences": "sentences",
    "+ copies last": "copies",
    "+ neighbours": "neighbours",
    "+ focus": "focus",
    "+ parties": "parties",
    "+ spelling": "spelling",
}
ABLATION = {
    "BM25": ("lexical",),
    "dense": ("dense",),
    **{
        row: ("lexical", *list(_ADDED.values())[:number])
        for number, row in enumerate(_ADDED, start=1)
    },
    "all but dense": tuple(stage for stage in STAGES if stage != "dense"),
}
"""Sets of stages to compare, by the name of their row in ``rag eval --stages``."""

_MOST_LIKELY = 11.0
"""The reranker's logits are between minus and plus this value."""

_FOCUS_TURNS, _FOCUS_HITS = 3, 6
"""Earlier turns of a conversation that give its documents, and first hits of each that count."""
_LEAST_SHARE = 0.25
"""Documents with a lower share are none that the conversation is about."""
_MAIN_SHARE, _SAME_CASE = 0.5, 12
"""Least share of a document whose names and case count, and documents looked at for a case."""
_REMEMBERED = 256
"""Questions whose documents are remembered, for what is asked after them."""
_RARE_DOCUMENTS, _RARE_SHARE = 3, 0.02
"""A word is rare if this many documents have it at most, or this share of them."""

_MATTER, _LEAST_MATTER, _NEWEST = 1000, 0.3, 10
"""Documents on a matter, the least share of the best score among them, and how many are newest."""

_FIRST, _OF_SIDE = 8, 2
"""First passages that show a party, and passages that are added for a party that they lack."""
_OF_PARTY, _ABOUT = 20, 0.5
"""Documents on a name, and the least share of the best score of one that is about it."""

Ranking = list[tuple[int, float]]
"""``(row, score)`` of passages, best first."""


@dataclass(frozen=True, slots=True)
class _Candidates:
    """The passages that the first stages found in one search.

    ``scores`` maps each stage to the scores of its rows. ``document_of`` maps the row of a passage
    to the row of its document. ``with_amount`` are the rows of passages that contain an amount.
    ``newest`` are the rows of the newest documents on the matter, newest first, if they are asked
    for.
    """

    scores: dict[str, dict[int, float]]
    document_of: Mapping[int, int]
    with_amount: frozenset[int]
    newest: tuple[int, ...] = ()


class Retriever:
    """Ranks the passages of one build for a question, by words and by vectors.

    Without an embedder the stage ``dense`` finds nothing; without a reranker ``rerank`` and
    ``sentences`` do nothing.
    """

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
        self._spelling = Spelling(build)
        self._remembered: dict[tuple[str, tuple[str, ...]], tuple[str, ...]] = {}
        self._remembering = threading.Lock()
        self._passages_read = weights.passages_read_of(manifest.passages, manifest.documents)

    def understand(
        self,
        text: str,
        history: Sequence[str | Answer] = (),
        *,
        ignore: Iterable[str] = (),
        stages: Sequence[str] | None = None,
    ) -> Question:
        """Parse the question, with the names that the index knows; ``stages`` as in `retrieve`.

        ``history`` holds earlier questions or their answers, oldest first.
        """
        stages = STAGES if stages is None else tuple(stages)
        return self._understand(text, tuple(history), {}, tuple(ignore), stages)

    def _understand(
        self,
        text: str,
        history: tuple[str | Answer, ...],
        found: dict[int, tuple[str, ...]],
        ignore: tuple[str, ...],
        stages: tuple[str, ...],
    ) -> Question:
        """See `understand`. ``found`` keeps what each earlier question found, by its place.

        Without it, each question would understand all before it again, each of which would do so
        too: the time would double with each question.
        """
        history = history if "history" in stages else ()
        text, corrected = self._spelling.of(text) if "spelling" in stages else (text, {})
        focusing = {"focus", "history"} <= {*stages}
        focus = self._focus(text, history, found, stages) if focusing else []
        question = understand(
            text,
            tuple(map(_asked, history)),
            focus=focus,
            vocabulary=self._build.documents,
            ignore=ignore,
            synonyms="synonyms" in stages,
            abbreviations="aliases" in stages,
        )
        return replace(question, corrected=corrected)

    def retrieve(
        self,
        question: Question,
        *,
        k: int,
        filters: Filters,
        stages: Sequence[str] | None = None,
    ) -> list[Hit]:
        """The ``k`` best passages among those that pass the filters, best first.

        ``stages`` names the stages that take part, for measurements; None for all. Ties go to the
        passage that comes first in the index.
        """
        stages = STAGES if stages is None else stages
        sides = self._sides(question, filters) if "agencies" in stages else (filters,)
        # The first hits must not depend on how many are asked for: they are remembered.
        depth = max(k, _FIRST)
        scores: dict[str, dict[int, float]] = {}
        rankings = []
        for side in sides:
            ranked, of_side = self._ranked(question, side, k, len(sides), stages)
            rankings.append(ranked[:depth])
            for stage, found in of_side.items():
                scores.setdefault(stage, {}).update(found)
        ranked = _in_turn(rankings)
        if "parties" in stages and len(sides) == 1:
            ranked = self._with_parties(question, filters, ranked, scores, stages)
        hits = self._hits(ranked[:k], scores)
        if not filters and _FOCUS_HITS <= k <= self._weights.candidates:
            self._remember(question, stages, hits)
        return hits

    def focus(
        self, text: str, history: Sequence[str | Answer], stages: tuple[str, ...] = STAGES
    ) -> list[tuple[Document, float]]:
        """The documents that the conversation is about, with their shares, the greatest first.

        Empty if the question leaves them. An answer names them by its citations; "not found" names
        none. For an earlier question alone they are the documents that it finds, each with the
        reciprocal of its rank. Documents on the same case count alike. Each turn counts half of
        the next one; shares below a quarter are left out.
        """
        return self._focus(text, tuple(history), {}, stages)

    def _focus(
        self,
        text: str,
        history: tuple[str | Answer, ...],
        found_by: dict[int, tuple[str, ...]],
        stages: tuple[str, ...],
    ) -> list[tuple[Document, float]]:
        shares: dict[str, float] = {}
        turn = 1.0
        for place in reversed(range(max(0, len(history) - _FOCUS_TURNS), len(history))):
            earlier = history[place]
            if isinstance(earlier, Answer):
                cited = [citation for claim in earlier.claims for citation in claim.citations]
                found = dict.fromkeys((citation.document.doc_id for citation in cited), 1.0)
            else:
                if place not in found_by:
                    found_by[place] = self._found_by(earlier, history[:place], found_by, stages)
                documents = found_by[place]
                found = {doc_id: 1 / rank for rank, doc_id in enumerate(documents, start=1)}
            for doc_id, share in self._with_cases(found).items():
                shares[doc_id] = max(shares.get(doc_id, 0.0), turn * share)
            turn = turn / 2 if found else turn
        documents_of = self._build.documents
        focus = [
            (document, shares[doc_id])
            for doc_id in sorted(shares, key=lambda doc_id: -shares[doc_id])
            if shares[doc_id] >= _LEAST_SHARE
            and (document := documents_of.document(doc_id)) is not None
        ]
        texts = [
            f"{document.title} {document.text}" for document, share in focus if share >= _MAIN_SHARE
        ]
        return [] if leaves(text, texts, is_rare=self._is_rare) else focus

    def _with_cases(self, shares: Mapping[str, float]) -> dict[str, float]:
        """The documents, and with the same shares the others on their cases."""
        widened = dict(shares)
        for doc_id, share in shares.items():
            document = self._build.documents.document(doc_id)
            named = cases(document) if document and share >= _MAIN_SHARE else frozenset()
            if document is None or not named:
                continue
            # "959" is written "0959" and "00959" too.
            forms = {f"{number:0{width}}" for _, number in named for width in (1, 4, 5)}
            numbers = Question("", words=dict.fromkeys(sorted(forms), 1.0))
            found = self._build.lexical.documents(numbers, _SAME_CASE)
            for other_id in self._build.documents.ids(row for row, _ in found):
                other = self._build.documents.document(other_id)
                if other is not None and cases(other) & named:
                    widened[other_id] = max(share, widened.get(other_id, 0.0))
        return widened

    def _is_rare(self, word: str) -> bool:
        most = max(_RARE_DOCUMENTS, _RARE_SHARE * self._build.manifest.documents)
        return self._build.lexical.frequency(word) <= most

    def _found_by(
        self,
        text: str,
        history: tuple[str | Answer, ...],
        found_by: dict[int, tuple[str, ...]],
        stages: tuple[str, ...],
    ) -> tuple[str, ...]:
        """Ids of the documents of the first hits for an earlier question, in order; remembered."""
        question = self._understand(text, history, found_by, (), stages)
        found = self._remembered.get(_key(question, stages))
        if found is None:
            hits = self.retrieve(question, k=_FOCUS_HITS, filters=Filters(), stages=stages)
            found = _first_documents(hits)
        return found

    def _remember(self, question: Question, stages: Sequence[str], hits: Sequence[Hit]) -> None:
        with self._remembering:
            self._remembered[_key(question, stages)] = _first_documents(hits)
            while len(self._remembered) > _REMEMBERED:
                del self._remembered[next(iter(self._remembered))]

    def _sides(self, question: Question, filters: Filters) -> tuple[Filters, ...]:
        """The filters of each search: one search for each agency if the question names several.

        In one search for "what A and B each ordered", the agency with more documents fills the
        list. An agency without a document that matches about as well gets no search of its own.
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

    def _with_parties(
        self,
        question: Question,
        filters: Filters,
        ranked: Ranking,
        scores: dict[str, dict[int, float]],
        stages: Sequence[str],
    ) -> Ranking:
        """The ranking, with passages of each party asked about among the first.

        A party without a document among the first passages gets a search of its own. Its best
        passages follow the first one.
        """
        sides = [] if filters.document else self._named_sides(question, filters)
        if len(sides) < 2:
            return ranked
        first = [row for row, _ in ranked[:_FIRST]]
        shown = {document for document, _ in self._build.documents.places(first).values()}
        missing = [side for side in sides if not shown & side]
        if not missing or len(missing) == len(sides):
            return ranked
        added: Ranking = []
        for side in missing:
            ids = tuple(doc_id.casefold() for doc_id in self._build.documents.ids(side))
            within = replace(filters, document=ids)
            found, of_side = self._ranked(question, within, _OF_SIDE, len(missing) + 1, stages)
            added += [hit for hit in found[:_OF_SIDE] if hit not in added]
            for stage, values in of_side.items():
                scores.setdefault(stage, {}).update(values)
        rows = {row for row, _ in added}
        rest = [hit for hit in ranked[1:] if hit[0] not in rows]
        return _descending([*ranked[:1], *added, *rest])

    def _named_sides(self, question: Question, filters: Filters) -> list[frozenset[int]]:
        """The documents of each party that the question compares, in order.

        They are by an agency of this name, or by a speaker of this name, or they are about it.
        Parties with mostly the same documents are one side. "Smith and Jones" in a title is one.
        """
        names = compared(question.text)
        joined = [f"{one} and {other}".casefold() for one, other in pairwise(names)]
        if joined and any(
            both in title.casefold() for title in self._build.documents.titles() for both in joined
        ):
            return []
        sides: list[frozenset[int]] = []
        for name in names:
            if name.islower() and not self._is_rare(name):
                continue
            side = self._documents_of(name, filters)
            if side and all(len(side & other) * 2 <= min(len(side), len(other)) for other in sides):
                sides.append(side)
        return sides

    def _documents_of(self, name: str, filters: Filters) -> frozenset[int]:
        """The documents that a party of this name wrote, or else those about it."""
        documents = self._build.documents
        named = set(words(name.casefold()))
        for key in ("agency", "speaker"):
            values = [value for value in documents.values(key) if named <= set(words(value))]
            if values:
                return frozenset().union(*(documents.having(key, value) for value in values))
        found = self._build.lexical.documents_with_all(sorted(named), _OF_PARTY, filters=filters)
        shares = by_best(dict(found))
        return frozenset(row for row, share in shares.items() if share >= _ABOUT)

    def _ranked(
        self, question: Question, filters: Filters, k: int, sides: int, stages: Sequence[str]
    ) -> tuple[Ranking, dict[str, dict[int, float]]]:
        """The passages of one of ``sides`` searches, best first, and the scores of each stage."""
        found = self._candidates(question, filters, max(self._weights.candidates, k), stages)
        if "preferences" in stages:
            found.scores["preferences"] = self._preferred(question, found)
        step = self._weights.step_back if "spread" in stages else 0.0
        ranked = self._fused(found, step)
        if "rerank" in stages and self._reranker is not None:
            ranked = self._reranked(question, found, ranked, step, sides, stages)
        if "copies" in stages:
            ranked = self._copies_last(ranked)
        if "neighbours" in stages:
            ranked = self._with_neighbours(ranked)
        return ranked, found.scores

    def _candidates(
        self, question: Question, filters: Filters, k: int, stages: Sequence[str]
    ) -> _Candidates:
        """The passages that words, vectors and the best documents give, with their scores."""
        scores: dict[str, dict[int, float]] = {}
        if self._short_documents and "lexical" in stages:
            stages = [stage for stage in stages if stage != "documents"]
        shares = self._documents(question, filters) if "documents" in stages else {}
        opened = list(shares)[: self._weights.documents_opened]
        focus = self._build.documents.rows(question.focus).values()
        newest = self._newest(question, filters) if "preferences" in stages else ()
        opened += [document for document in (*focus, *newest) if document not in opened]
        if "lexical" in stages:
            scores["lexical"] = self._lexical(question, filters, opened, k)
        if "dense" in stages:
            scores["dense"] = self._dense(question, filters, scores.get("lexical", ()), k)
        if not scores:
            of_opened = (self._build.documents.rows_of(document) for document in opened)
            scores["documents"] = {row: 0.0 for rows in of_opened for row in rows}
        rows = {row for found in scores.values() for row in found}
        places = self._build.documents.places(rows)
        document_of = {row: document for row, (document, _) in places.items()}
        with_amount = frozenset(row for row, (_, amount) in places.items() if amount)
        if "documents" in stages:
            scores["documents"] = {row: shares.get(document_of[row], 0.0) for row in places}
        return _Candidates(scores, document_of, with_amount, newest)

    def _newest(self, question: Question, filters: Filters) -> tuple[int, ...]:
        """The newest documents on the matter, newest first; none if the question asks for none.

        They have all words of the matter, and are by an agency that it names if there are such. A
        question without such words ("and the latest?") is about the documents of the conversation.
        """
        if not question.preferred("latest"):
            return ()
        documents = self._build.documents
        agencies = question.preferred("agency")
        words = matter(question)
        if words:
            rows = self._on_matter(words, replace(filters, agency=filters.agency or agencies))
            rows = rows or self._on_matter(words, filters)
        elif question.focus:
            main = [doc_id for doc_id, share in question.focus.items() if share >= _MAIN_SHARE]
            rows = list(documents.rows(main).values())
        else:
            rows = [row for agency in agencies for row in documents.having("agency", agency)]
        # A date of a year alone counts from its first day.
        days = {row: first for row, (first, _) in documents.days(rows).items() if first}
        return tuple(sorted(days, key=lambda row: (-days[row], row))[:_NEWEST])

    def _on_matter(self, words: Sequence[str], filters: Filters) -> list[int]:
        """The documents that have all ``words`` and a good score for them."""
        found = self._build.lexical.documents_with_all(words, _MATTER, filters=filters)
        return [row for row, share in by_best(dict(found)).items() if share >= _LEAST_MATTER]

    def _fused(self, found: _Candidates, step: float) -> Ranking:
        total = fuse(found.scores, self._weights.stages)
        return spread(total, found.document_of, step=step)

    def _documents(self, question: Question, filters: Filters) -> dict[int, float]:
        """The best documents by their words, best first, with shares of the best score."""
        k = self._weights.documents_ranked
        return by_best(dict(self._build.lexical.documents(question, k, filters=filters)))

    def _lexical(
        self, question: Question, filters: Filters, opened: Sequence[int], k: int
    ) -> dict[int, float]:
        """The best passages by their words, and the best passages of the opened documents.

        A passage with other words than the question ranks low by itself. Its document may rank
        high.
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
        """Scores of the ``k`` nearest passages and of ``others``: the nearest 1, the k-th 0.

        Between them a score is linear in the cosine. Rows in ``others`` that are farther away than
        the k-th get 0.
        """
        if self._embedder is None:
            return {}
        vector = self._embedder.embed_question(question.searched)
        found = dict(self._build.dense.search(vector, k, filters=filters))
        if not found:
            return {}
        best, last = max(found.values()), min(found.values())
        others = {*others, *self._nearest_in_focus(question, filters, vector)}
        found |= self._build.dense.cosines(vector, sorted(others - found.keys()))
        span = max(best - last, 1e-6)
        return {row: max(0.0, (cosine - last) / span) for row, cosine in found.items()}

    def _nearest_in_focus(
        self, question: Question, filters: Filters, vector: NDArray[np.float32]
    ) -> list[int]:
        """The nearest passages of the documents that the conversation is about."""
        if not question.focus or filters.document:
            return []
        ids = tuple(sorted(doc_id.casefold() for doc_id in question.focus))
        within = replace(filters, document=ids)
        k = self._weights.passages_of_opened
        return [row for row, _ in self._build.dense.search(vector, k, filters=within)]

    def _preferred(self, question: Question, found: _Candidates) -> dict[int, float]:
        """The bonus of each passage for the preferences of the question that it fits."""
        bonuses = self._preferred_documents(question, set(found.document_of.values()))
        for place, document in enumerate(found.newest, start=1):
            bonuses[document] += self._weights.latest / place
        scores = {row: bonuses[document] for row, document in found.document_of.items()}
        if question.preferred("amount"):
            for row in found.with_amount:
                scores[row] += self._weights.with_amount
        return scores

    def _preferred_documents(self, question: Question, candidates: set[int]) -> dict[int, float]:
        """The bonus of each document for its agency, its speaker and its date."""
        weights = self._weights
        bonuses: dict[int, float] = defaultdict(float)
        documents = self._build.documents
        for key, bonus in (("agency", weights.of_agency), ("speaker", weights.of_speaker)):
            named = question.preferred(key)
            fitting = frozenset().union(*(documents.having(key, value) for value in named))
            for document in candidates & fitting:
                bonuses[document] += bonus
        for doc_id, document in documents.rows(question.focus).items():
            bonuses[document] += weights.in_focus * question.focus[doc_id]
        ranges = preferred_days(question)
        if ranges:
            for document, (first, last) in documents.days(candidates).items():
                if any(first <= until and last >= since > 0 for since, until in ranges):
                    bonuses[document] += weights.in_date
        return bonuses

    def _reranked(
        self,
        question: Question,
        found: _Candidates,
        ranked: Ranking,
        step: float,
        sides: int,
        stages: Sequence[str],
    ) -> Ranking:
        """The ranking after the reranker has read the first passages, then sentences of some.

        Their number bounds the time. A clock must not: the answer would depend on the load.
        """
        readings = [(self._passages_read, _whole)]
        if "sentences" in stages:
            readings.append((self._weights.passages_read_by_sentence, _sentences))
        scores = found.scores["rerank"] = {}
        for count, pieces in readings:
            rows = [row for row, _ in ranked[: count // sides]]
            for row, share in self._read(question, rows, pieces).items():
                scores[row] = max(share, scores.get(row, 0.0))
            ranked = self._fused(found, step)
        return ranked

    def _read(
        self,
        question: Question,
        rows: Sequence[int],
        pieces: Callable[[Passage], Sequence[tuple[int, int]]],
    ) -> dict[int, float]:
        """The reranker's score, 0 to 1, of the best piece of each passage, by row.

        The score is linear in the logits: a sigmoid would give most of the first candidates nearly
        1. Passages without pieces are left out.
        """
        if self._reranker is None:
            return {}
        read = [
            (row, reading(passage.document, *piece))
            for row, passage in zip(rows, self._build.documents.passages(rows), strict=True)
            for piece in pieces(passage)
        ]
        found = self._reranker.read(question.text, [text for _, text in read])
        # Single precision, like the logits.
        relevance, answers = map(np.float32, (self._weights.relevance, self._weights.answers))
        logits = relevance * found.relevance + answers * found.answers
        shares = np.clip((logits + _MOST_LIKELY) / (2 * _MOST_LIKELY), 0.0, 1.0)
        best: dict[int, float] = defaultdict(float)
        for (row, _), share in zip(read, shares.tolist(), strict=True):
            best[row] = max(best[row], share)
        return dict(best)

    def _copies_last(self, ranked: Ranking) -> Ranking:
        """The ranking with near-duplicates among its first passages at the end of these."""
        compared = self._weights.compared_for_copies
        first, rest = ranked[:compared], ranked[compared:]
        passages = self._build.documents.passages([row for row, _ in first])
        is_copy = near_copies([passage.text for passage in passages])
        originals = [hit for hit, copy in zip(first, is_copy, strict=True) if not copy]
        least = min((score for _, score in originals), default=0.0)
        copies = [hit for hit, copy in zip(first, is_copy, strict=True) if copy]
        return originals + [(row, min(score, least)) for row, score in copies] + rest

    def _with_neighbours(self, ranked: Ranking) -> Ranking:
        """The ranking, with the passages next to the first one after the first few.

        What answers often goes on over the end of a passage, in words unlike the question's.
        """
        place = self._weights.neighbours_after
        if len(ranked) <= place:
            return ranked
        row = ranked[0][0]
        beside = self._build.documents.places([row, row + 1, row - 1])
        shown = {row for row, _ in ranked[:place]}
        added = [
            near
            for near in (row + 1, row - 1)
            if near in beside and beside[near][0] == beside[row][0] and near not in shown
        ]
        rest = [hit for hit in ranked[place:] if hit[0] not in added]
        score = ranked[max(0, place - 1)][1]
        return [*ranked[:place], *((near, score) for near in added), *rest]

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


def _descending(ranked: Sequence[tuple[int, float]]) -> Ranking:
    """The same order; scores are lowered to descend."""
    return list(accumulate(ranked, lambda before, hit: (hit[0], min(hit[1], before[1]))))


def _in_turn(rankings: Sequence[Sequence[tuple[int, float]]]) -> list[tuple[int, float]]:
    """The first of each ranking, then the second of each …; scores are lowered to descend."""
    return _descending([hit for turn in zip_longest(*rankings) for hit in turn if hit is not None])


def _key(question: Question, stages: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """All that decides the hits for a question without filters."""
    return repr(question), tuple(stages)


def _first_documents(hits: Sequence[Hit]) -> tuple[str, ...]:
    """Ids of the documents of the first hits, in order."""
    return tuple(dict.fromkeys(hit.passage.document.doc_id for hit in hits[:_FOCUS_HITS]))


def _asked(earlier: str | Answer) -> str:
    """The question of an earlier turn."""
    return earlier.question if isinstance(earlier, Answer) else earlier


def _whole(passage: Passage) -> list[tuple[int, int]]:
    return [(passage.start, passage.end)]


def _sentences(passage: Passage) -> list[tuple[int, int]]:
    """The sentences of a passage; none for a passage of one sentence, which was read already.

    Among many others a sentence that answers scores low; alone it does not.
    """
    spans = sentences(passage.document.text, passage.start, passage.end)
    return spans if len(spans) > 1 else []


def _order(scores: Mapping[int, float]) -> list[int]:
    return sorted(scores, key=lambda row: (-scores[row], row))
