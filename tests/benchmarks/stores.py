"""Compares an index in a folder with its copy in PostgreSQL: hits, answers, times.

    python -m tests.benchmarks.stores FOLDER QUESTIONS… [--database URL] [--answers N] [--json FILE]
    pip install langchain-postgres    # for --langchain: LangChain's PGVectorStore in the same run

Without ``--database`` a server is started for the run and ended after it. The build is copied with
its vectors: nothing is embedded again.
"""

import argparse
import json
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from rag import Answer, Index
from rag.config import load_settings
from rag.evaluate import read_questions
from rag.index.builds import Builds
from rag.index.protocols import Build
from rag.index.store import open_store
from rag.question.filters import Filters
from rag.question.understanding import understand
from rag.retrieval.retriever import STAGES
from rag.types import Question
from tests import postgres

_NO_RERANKER = tuple(stage for stage in STAGES if stage not in ("rerank", "sentences"))


def copy(folder: Path, url: str) -> dict[str, float]:
    """Copy the live build of a folder into a database; return the seconds of each part."""
    build = Builds(folder).open()
    documents, manifest = build.documents, build.manifest
    exact: Any = build.dense
    store = open_store(url)
    began = time.perf_counter()
    with (
        store.writing(),
        store.writer(
            dimension=manifest.dimension, splitter_version=documents.splitter_version
        ) as writer,
    ):
        for row, document in enumerate(documents.all()):
            rows = documents.rows_of(row)
            writer.add(document, documents.passages(rows))
            writer.add_vectors(exact._exact.reconstruct_n(rows.start, len(rows)))
        added = time.perf_counter()
        writer.publish(manifest, keep=2)
    return {"add": added - began, "publish": time.perf_counter() - added}


@contextmanager
def database(given: str | None) -> Iterator[str]:
    """The address given, or that of a server for this run."""
    if given:
        yield given
        return
    folder = postgres.folder()
    server = postgres.Server.new(folder / "data")
    try:
        yield server.database("stores")
    finally:
        server.stop()
        postgres.remove(folder)


class Times:
    """The times of two stores for the same calls, taken in turns."""

    def __init__(self) -> None:
        self.of: dict[str, dict[str, list[float]]] = {}
        self._turn = False

    def both(self, name: str, calls: dict[str, Callable[[], Any]]) -> dict[str, Any]:
        """The results of the calls, by store."""
        found = {}
        self._turn = not self._turn  # neither store is always the first
        for store, call in sorted(calls.items(), reverse=self._turn):
            began = time.perf_counter()
            found[store] = call()
            self.of.setdefault(name, {}).setdefault(store, []).append(time.perf_counter() - began)
        return found

    def table(self) -> dict[str, Any]:
        """Median and 95th percentile in milliseconds."""
        return {
            name: {
                store: {
                    "median": round(1000 * statistics.median(times), 1),
                    "p95": round(1000 * float(np.percentile(times, 95)), 1),
                }
                for store, times in stores.items()
            }
            for name, stores in self.of.items()
        }


def overlap(found: dict[str, list[Any]], k: int = 10) -> float:
    """The share of the first ``k`` of one list that are among those of the other."""
    one, other = ({*list_[:k]} for list_ in found.values())
    return len(one & other) / max(len(one), len(other)) if one or other else 1.0


def main() -> None:
    """Copy, ask both stores, print the figures, write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="a built index")
    parser.add_argument("questions", type=Path, nargs="+")
    parser.add_argument("--database", help="an empty database instead of a new server")
    parser.add_argument("--most", type=int, default=10_000, help="questions asked, at most")
    parser.add_argument("--answers", type=int, default=10_000, help="answers compared, at most")
    parser.add_argument("--no-copy", action="store_true", help="the build is in the database")
    parser.add_argument(
        "--searches-only",
        action="store_true",
        help="time words and vectors alone, for an index whose model is not installed",
    )
    parser.add_argument(
        "--langchain", action="store_true", help="compare with LangChain's PGVectorStore too"
    )
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with database(options.database) as url:
        seconds = {} if options.no_copy else copy(options.folder, url)
        print(f"copied in {seconds}", flush=True)
        result = {
            "copied": seconds,
            **(searches if options.searches_only else compare)(options, url),
        }
        if options.langchain:
            result["LangChain"] = langchain(options, url)
    print(json.dumps(result, indent=1))
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def search_both(
    builds: dict[str, Build],
    asked: Question,
    vector: Any,
    some: Filters,
    times: Times,
    shares: dict[str, list[float]],
) -> None:
    """Search the words and the vector of a question in both stores; note times and overlaps."""
    calls: dict[str, Callable[[Build], Any]] = {
        "words, passages": lambda b: b.lexical.passages(asked, 100),
        "words, documents": lambda b: b.lexical.documents(asked, 100),
        "vectors": lambda b: b.dense.search(vector, 100),
        "words, filtered": lambda b: b.lexical.passages(asked, 100, filters=some),
        "vectors, filtered": lambda b: b.dense.search(vector, 100, filters=some),
    }
    for name, call in calls.items():
        found = times.both(name, {s: lambda b=b, c=call: c(b) for s, b in builds.items()})
        rows = {store: [row for row, _ in hits] for store, hits in found.items()}
        shares.setdefault(name, []).append(overlap(rows))


def compare(options: argparse.Namespace, url: str) -> dict[str, Any]:
    """Ask both stores every question; the figures."""
    questions = read_questions(options.questions)[: options.most]
    indexes = {
        "folder": Index.open(settings=load_settings(index=options.folder)),
        "postgresql": Index.open(settings=load_settings(index=url)),
    }
    builds: dict[str, Build] = {name: index._build for name, index in indexes.items()}
    agency = builds["folder"].documents.values("agency")[:1]
    some = Filters(agency=agency)
    times = Times()
    shares: dict[str, list[float]] = {}
    same_first, same_outcome, same_quotes, differ = [], [], [], []
    for number, question in enumerate(questions):
        history = list(question.history)
        parsed = indexes["folder"].understand(question.text, history)
        vector = indexes["folder"]._retriever._embedder.embed_question(parsed.searched)
        search_both(builds, parsed, vector, some, times, shares)
        # The reranker takes as long for both stores: without it the stores can be told apart.
        hits = times.both(
            "retrieve, no reranker",
            {
                s: lambda i=i, q=question, h=history: i.retrieve(
                    q.text, 10, history=h, stages=_NO_RERANKER
                )
                for s, i in indexes.items()
            },
        )
        keys = {
            s: [(h.passage.document.doc_id, h.passage.start) for h in h_] for s, h_ in hits.items()
        }
        shares.setdefault("retrieve, no reranker", []).append(overlap(keys))
        same_first.append(len({tuple(one[:1]) for one in keys.values()}) == 1)
        if number < options.answers:
            answers = times.both(
                "ask",
                {
                    s: lambda i=i, q=question, h=history: _asked(i, q.text, h)
                    for s, i in indexes.items()
                },
            )
            same_outcome.append(len({one.outcome for one in answers.values()}) == 1)
            same_quotes.append(len({_quotes(one) for one in answers.values()}) == 1)
            if not (same_outcome[-1] and same_quotes[-1]):
                differ.append(question.text)
        if number % 20 == 0:
            print(f"{number} of {len(questions)}", file=sys.stderr, flush=True)
    return {
        "passages": builds["folder"].manifest.passages,
        "questions": len(questions),
        "overlap of the first 10": {n: round(statistics.mean(s), 4) for n, s in shares.items()},
        "same first hit": round(statistics.mean(same_first), 4),
        "answers": len(same_outcome),
        "same outcome": round(statistics.mean(same_outcome), 4) if same_outcome else None,
        "same quotes": round(statistics.mean(same_quotes), 4) if same_quotes else None,
        "differ": differ,
        "milliseconds": times.table(),
        "megabytes": {"folder": _size(options.folder), "postgresql": _size_of_database(url)},
        "peak memory of this process, megabytes": round(
            resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        ),
        "load average": os.getloadavg(),
    }


def searches(options: argparse.Namespace, url: str) -> dict[str, Any]:
    """Words and vectors of both stores; the vector of a question is between two passages."""
    builds: dict[str, Build] = {
        "folder": Builds(options.folder).open(),
        "postgresql": open_store(url).open(),
    }
    folder: Any = builds["folder"]
    agency = folder.documents.values("agency")[:1]
    some = Filters(agency=agency)
    draw = np.random.default_rng(1)
    times = Times()
    shares: dict[str, list[float]] = {}
    for number, question in enumerate(read_questions(options.questions)[: options.most]):
        pair = draw.integers(folder.manifest.passages, size=2).tolist()
        between = sum(folder.dense._exact.reconstruct_n(row, 1)[0] for row in pair)
        vector = (between / np.linalg.norm(between)).astype(np.float32)
        asked = understand(question.text)
        search_both(builds, asked, vector, some, times, shares)
        print(number, file=sys.stderr, flush=True)
    return {
        "passages": folder.manifest.passages,
        "overlap of the first 10": {n: round(statistics.mean(s), 4) for n, s in shares.items()},
        "milliseconds": times.table(),
        "megabytes": {"folder": _size(options.folder), "postgresql": _size_of_database(url)},
        "load average": os.getloadavg(),
    }


def langchain(options: argparse.Namespace, url: str) -> dict[str, Any]:
    """Vector search of both stores and of LangChain's, in turns, without and with its index."""
    from tests.benchmarks.langchain_store import LangChainStore

    index = Index.open(settings=load_settings(index=options.folder))
    builds: dict[str, Build] = {
        "folder": index._build,
        "postgresql": Index.open(settings=load_settings(index=url))._build,
    }
    before = _size_of_database(url)
    other = LangChainStore(index._build, url)
    agency = index._build.documents.values("agency")[:1]
    some = Filters(agency=agency)
    questions = read_questions(options.questions)[: options.most]
    vectors = [index._retriever._embedder.embed_question(one.text) for one in questions]
    result: dict[str, Any] = {}
    for kind in ("exact", "hnsw"):
        if kind == "hnsw":
            other.index()
        times = Times()
        shares: dict[str, list[float]] = {}
        for vector in vectors:
            for name, filters in (("vectors", None), ("vectors, filtered", some)):
                calls: dict[str, Callable[[], Any]] = {
                    store: lambda b=build, v=vector, f=filters: b.dense.search(v, 100, filters=f)
                    for store, build in builds.items()
                }
                only = agency[0] if filters else ""
                calls["LangChain"] = lambda v=vector, a=only: other.search(v, 100, a)
                found = times.both(name, calls)
                rows = {store: [row for row, _ in hits] for store, hits in found.items()}
                for store in ("postgresql", "LangChain"):
                    pair = {"folder": rows["folder"], store: rows[store]}
                    shares.setdefault(f"{name}, {store}", []).append(overlap(pair))
        result[kind] = {
            "milliseconds": times.table(),
            "overlap of the first 10 with the folder": {
                name: round(statistics.mean(each), 4) for name, each in shares.items()
            },
        }
    seconds = {name: round(taken, 1) for name, taken in other.seconds.items()}
    return {"seconds": seconds, "megabytes": _size_of_database(url) - before, **result}


def _asked(index: Index, question: str, history: list[str]) -> Answer:
    """The answer; what the reranker read before for the other store is forgotten."""
    reranker: Any = index.reranker
    reranker._known.cache_clear()
    return index.ask(question, history)


def _size(folder: Path) -> int:
    builds = Builds(folder)
    path = builds.path(builds.current() or "")
    return round(sum(file.stat().st_size for file in path.rglob("*")) / 1e6)


def _size_of_database(url: str) -> int:
    import psycopg

    with psycopg.connect(url) as connection:
        ((size,),) = connection.execute("SELECT pg_database_size(current_database())").fetchall()
    return round(size / 1e6)


def _quotes(answer: Answer) -> tuple[Any, ...]:
    return tuple(
        (one.document.doc_id, one.start, one.end, one.quote)
        for claim in answer.claims
        for one in claim.citations
    )


if __name__ == "__main__":
    main()
