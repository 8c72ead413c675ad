"""Compares embedders and rerankers: ``models.py CORPUS FOLDER QUESTIONS…``.

CORPUS is an export (``.jsonl.gz``) with the documents of the labelled QUESTIONS. FOLDER receives an
index for each embedder, over 1,500 documents with all gold documents among them. A reranker reads
the first twelve passages of the other stages. It orders them alone, or its scores are added to
theirs with the weight of :mod:`rag.retrieval.retriever`.
"""

import gzip
import json
import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from rag.api import Index
from rag.config import Settings, project_root
from rag.evaluate import LabelledQuestion, evaluate, figures_table, read_questions
from rag.ingest import build_index
from rag.models.cross_encoder import load_reranker
from rag.models.packaged import PACKAGED
from rag.models.reranker_input import reading
from rag.retrieval.retriever import STAGES
from rag.text.sentences import sentences
from rag.types import Document, Hit, Passage

_DOCUMENTS = 1500
_EMBEDDERS = ("all-MiniLM-L6-v2", "bge-small-en-v1.5")
FIRST = tuple(stage for stage in STAGES if stage not in ("rerank", "sentences", "copies"))
_READ = 12
_WEIGHT = 2.0

Reranking = Callable[[str, Sequence[Passage]], NDArray[np.float32]]
"""Gives each passage a score from 0 to 1 for a question."""


def main(corpus: Path, folder: Path, paths: Sequence[Path]) -> None:
    """Print a row for each embedder and each reranker, with its time for a question."""
    questions = [question for question in read_questions(paths) if question.answerable]
    export = sample(
        corpus, folder, {d for question in questions for d in question.documents}, _DOCUMENTS
    )
    opened = {}
    for model in _EMBEDDERS:
        settings = Settings(index=folder / model, model=model)
        build_index([export, project_root() / "seeds"], settings=settings)
        opened[model] = Index.open(settings=settings)
        for name, stages in (("dense", ("dense",)), ("all but rerank", FIRST)):
            _row(f"{model}, {name}", opened[model], questions, stages)
    index = opened[_EMBEDDERS[0]]
    rerankers: dict[str, Reranking] = {
        "cross-encoder": _cross_encoder,
        "cross-encoder, best sentence": _best_sentence,
        "late interaction": LateInteraction(),
    }
    for name, reranking in rerankers.items():
        for way, kept in (("alone", 0.0), ("fused", 1.0)):
            _row(f"{name}, {way}", Reranked(index, reranking, kept), questions, None)
    _row("as the product does", index, questions, STAGES)


class Reranked:
    """An index with another reranker for its first passages, ready for ``evaluate``."""

    def __init__(self, index: Index, reranking: Reranking, kept: float) -> None:
        self._index = index
        self._reranking = reranking
        self._kept = kept
        self.build = index.build

    def document(self, doc_id: str) -> Document:
        """The document with this id."""
        return self._index.document(doc_id)

    def retrieve(
        self, question: str, k: int, *, history: Sequence[str], stages: Sequence[str] | None
    ) -> list[Hit]:
        """The passages of the other stages; the first twelve are in the order of the reranker."""
        hits = self._index.retrieve(question, k, history=history, stages=FIRST)
        first = hits[:_READ]
        shares = self._reranking(question, [hit.passage for hit in first])
        totals = [
            self._kept * hit.score + _WEIGHT * float(s)
            for hit, s in zip(first, shares, strict=True)
        ]
        order = sorted(range(len(first)), key=lambda i: (-totals[i], i))
        head = [replace(first[i], score=totals[i], rank=rank + 1) for rank, i in enumerate(order)]
        return head + hits[_READ:]


class LateInteraction:
    """answerai-colbert-small-v1 in int8: each token of the question finds its nearest token.

    The package has the encoder without its last projection. Therefore 384 numbers for each token
    are compared, not the 96 of the trained projection. The complete model may do better.
    """

    _QUESTION, _TEXT, _MASK = 1, 2, 103
    _QUESTION_TOKENS = 32

    def __init__(self) -> None:
        folder = PACKAGED["bge-small-en-v1.5"].folder.parent / "colbert"
        self._session = onnxruntime.InferenceSession(str(folder / "model.onnx"))
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(300)

    def __call__(self, question: str, passages: Sequence[Passage]) -> NDArray[np.float32]:
        """Mean cosine of the tokens of the question and their nearest tokens, from 0 to 1."""
        asked = self._ids(question, self._QUESTION)
        asked += [self._MASK] * (self._QUESTION_TOKENS - len(asked))
        wanted = self._encode(asked)
        texts = [
            self._encode(self._ids(reading(p.document, p.start, p.end), self._TEXT))
            for p in passages
        ]
        nearest = [(wanted @ text.T).max(axis=1).mean() for text in texts]
        return np.array(nearest, np.float32)

    def _ids(self, text: str, mark: int) -> list[int]:
        ids = self._tokenizer.encode(text).ids
        return [ids[0], mark, *ids[1:]]

    def _encode(self, ids: Sequence[int]) -> NDArray[np.float32]:
        row = np.array([ids], np.int64)
        given = {"input_ids": row, "attention_mask": np.ones_like(row)}
        states = self._session.run(None, given | {"token_type_ids": np.zeros_like(row)})[0][0]
        unit: NDArray[np.float32] = states / np.linalg.norm(states, axis=1, keepdims=True)
        return unit


def _cross_encoder(question: str, passages: Sequence[Passage]) -> NDArray[np.float32]:
    return _share(
        load_reranker().score(question, [reading(p.document, p.start, p.end) for p in passages])
    )


def _best_sentence(question: str, passages: Sequence[Passage]) -> NDArray[np.float32]:
    spans = [(p, *s) for p in passages for s in sentences(p.document.text, p.start, p.end)]
    scores = _share(
        load_reranker().score(question, [reading(p.document, *span) for p, *span in spans])
    )
    best = {
        (passage.document.doc_id, passage.start): float(score)
        for score, (passage, _, _) in sorted(zip(scores, spans, strict=True), key=lambda x: x[0])
    }
    return np.array([best.get((p.document.doc_id, p.start), 0.0) for p in passages], np.float32)


def _share(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.clip((logits + 11) / 22, 0.0, 1.0)


def _row(
    name: str,
    index: Index | Reranked,
    questions: Sequence[LabelledQuestion],
    stages: Sequence[str] | None,
) -> None:
    started = time.process_time()
    report = evaluate(index, questions, stages=stages)
    seconds = (time.process_time() - started) / len(questions)
    print(figures_table([(f"{name:40}", len(questions), report.figures())]))
    print(f"  {seconds * 1000:.0f} ms of processor time a question", flush=True)


def sample(corpus: Path, folder: Path, wanted: set[str], count: int) -> Path:
    """An export of ``count`` documents: all in ``wanted``, others drawn with a fixed seed."""
    with gzip.open(corpus, "rt", encoding="utf-8") as file:
        rows = {row["id"]: row for row in map(json.loads, file)}
    others = sorted(rows.keys() - wanted)
    chosen = wanted & rows.keys()
    chosen |= set(random.Random(0).sample(others, count - len(chosen)))
    folder.mkdir(parents=True, exist_ok=True)
    export = folder / "sample.jsonl"
    export.write_text("".join(json.dumps(rows[i]) + "\n" for i in sorted(chosen)))
    return export


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), [Path(name) for name in sys.argv[3:]])
