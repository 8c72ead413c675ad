"""Compares a warm question with LangChain's FAISS, over the same passages and vectors.

    python tests/benchmarks/peers_warm.py INDEX QUESTIONS.jsonl PYTHON [--rounds 2] [--json FILE]

Other tools need most of a day to embed a million passages. Therefore LangChain's store gets the
passages and vectors of INDEX (``FAISS.from_embeddings``) and embeds only the questions. The
reranker is off. Each tool runs in its own process, in turns. Each question is asked once in a
round, after one question for warming up. ``peers.py`` shows how to make the environment of PYTHON.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

from peers import DEPTH, UNCOUNTED, ToolError, output, p95, packaged_model, tell


def enforcement_rag(index: Path, given: Path) -> Callable[[str], Any]:
    """This project, without the reranker."""
    from rag import Index, load_settings

    opened = Index.open(index, settings=load_settings(rerank=False))
    return lambda question: opened.retrieve(question, DEPTH)


def langchain(index: Path, given: Path) -> Callable[[str], Any]:
    """The store of the tutorial, made from existing vectors."""
    import numpy as np
    from langchain_community.vectorstores import FAISS
    from langchain_huggingface import HuggingFaceEmbeddings

    with (given / "texts.jsonl").open(encoding="utf-8") as lines:
        texts = [json.loads(line) for line in lines]
    vectors = np.load(given / "vectors.npy", mmap_mode="r")
    embeddings = HuggingFaceEmbeddings(model_name=packaged_model())
    store = FAISS.from_embeddings(zip(texts, vectors, strict=True), embeddings)
    return lambda question: store.similarity_search(question, k=DEPTH)


TOOLS = {tool.__name__: tool for tool in (enforcement_rag, langchain)}


def main() -> None:
    """Ask both tools in turns, print the table, write the JSON."""
    from speed import commit, machine

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("index", type=Path, help="a built index, with its vectors")
    parser.add_argument("questions", type=Path, help="JSON lines, each with a question")
    parser.add_argument("python", type=Path, help="Python of the environment with the peers")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in TOOLS}
    failed: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder:
        passages, recall = _write(options.index, Path(folder))
        tell(f"{passages:,} passages written")
        for turn, name in product(range(options.rounds), TOOLS):
            python = sys.executable if name == "enforcement_rag" else str(options.python)
            given = (str(options.index), folder, str(options.questions))
            tell(f"round {turn + 1} of {options.rounds}: {name}")
            try:
                told = output(python, __file__, "--child", name, *given)
                runs[name].append(json.loads(told.splitlines()[-1]))
            except ToolError as error:
                failed[name] = str(error)
                tell(f"{name} failed: {error}")
    rows = [_figures(name, found) for name, found in runs.items() if found]
    print(f"{machine()}, commit {commit()}: {passages:,} passages, dense recall {recall}\n")
    print("| tool | question, ms: median / p95 | opened in, s | peak MiB |\n|---|---|---|---|")
    for row in rows:
        times = f"{row['question_ms']:.1f} / {row['question_p95_ms']:.1f}"
        print(f"| {row['tool']} | {times} | {row['open_s']:.1f} | {row['peak_mib']:,.0f} |")
    for name, reason in failed.items():
        print(f"| {name} | failed: {reason} |")
    if options.json:
        result = {
            "commit": commit(),
            "machine": machine(),
            "passages": passages,
            "dense_recall": recall,
            "tools": rows,
            "failed": failed,
        }
        options.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def child(name: str, index: Path, given: Path, questions: Path) -> None:
    """Open one tool, ask every question, print the seconds as JSON."""
    import resource

    asked = [json.loads(line)["question"] for line in questions.read_text("utf-8").splitlines()]
    began = time.perf_counter()
    ask = TOOLS[name](index, given)
    opened = time.perf_counter() - began
    ask(UNCOUNTED)
    times = []
    for question in asked:
        began = time.perf_counter()
        ask(question)
        times.append(time.perf_counter() - began)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"open_s": opened, "times": times, "peak_mib": peak}))


def _write(index: Path, folder: Path) -> tuple[int, float | None]:
    """Write passages and vectors for other tools; return their number and the dense recall@10."""
    import numpy as np

    from rag.index.builds import Builds
    from rag.index.vector_cache import VectorCache, key_of
    from rag.models.embedder import load_embedder
    from rag.text.split import embedded_texts

    builds = Builds(index)
    build = builds.open()
    embedder = load_embedder(build.manifest.model)
    known = VectorCache(builds.cache, embedder.fingerprint, embedder.dimension)
    count = build.manifest.passages
    shape = (count, embedder.dimension)
    vectors = np.lib.format.open_memmap(folder / "vectors.npy", "w+", np.float32, shape)
    with (folder / "texts.jsonl").open("w", encoding="utf-8") as file:
        for document in range(build.manifest.documents):
            rows = build.documents.rows_of(document)
            passages = build.documents.passages(rows)
            file.writelines(json.dumps(passage.text) + "\n" for passage in passages)
            pairs = embedded_texts(passages)
            vectors[rows] = known.joined([(key_of(one), key_of(other)) for one, other in pairs])
    vectors.flush()
    return count, build.manifest.dense_recall


def _figures(name: str, runs: list[dict[str, Any]]) -> dict[str, Any]:
    """The best round; slower rounds include other work of the machine."""
    return {
        "tool": name,
        "rounds": len(runs),
        "question_ms": min(statistics.median(run["times"]) for run in runs) * 1e3,
        "question_p95_ms": min(p95(run["times"]) for run in runs) * 1e3,
        "open_s": min(run["open_s"] for run in runs),
        "peak_mib": max(run["peak_mib"] for run in runs),
    }


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(sys.argv[2], *map(Path, sys.argv[3:]))
    else:
        main()
