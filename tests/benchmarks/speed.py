"""Times of one or more indexes: opening, cold commands, warm questions by stage, throughput.

    python tests/benchmarks/speed.py QUESTIONS.jsonl INDEX… [--json FILE]

Indexes of several sizes show how times grow; ``million.py`` makes a large one. Times are wall time,
median and 95th percentile, after a first round that is not counted. QUESTIONS needs more than 16
questions, because the reranker caches its scores for the last 16. Use an idle machine.
"""

import argparse
import json
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import rag.answer
import rag.retrieval.retriever
from rag import Index, load_settings
from rag.index.dense import Dense
from rag.index.documents import Documents
from rag.index.lexical import Lexical
from rag.models.cross_encoder import CrossEncoder
from rag.models.packaged import PackagedEmbedder

# The functions of each stage; the cross-encoder also reads sentences during selection.
STAGES: dict[str, tuple[tuple[Any, str], ...]] = {
    "understand": ((rag.retrieval.retriever, "understand"),),
    "embed": ((PackagedEmbedder, "embed_question"),),
    "dense": ((Dense, "search"), (Dense, "cosines")),
    "lexical": ((Lexical, "passages"), (Lexical, "documents")),
    "read rows": tuple(
        (Documents, name) for name in ("passages", "places", "ids", "days", "count", "aliases")
    ),
    "fuse": ((rag.retrieval.retriever, "fuse"), (rag.retrieval.retriever, "spread")),
    "rerank": ((CrossEncoder, "score"),),
    "select": ((rag.answer, "candidates"), (rag.answer, "select"), (rag.answer, "attribute")),
    "verify": ((rag.answer, "verified"),),
}
COMMANDS = {
    "rag --help": ("--help",),
    "rag search --lexical": ("search", "--lexical", "who was fined for insider trading?"),
    "rag search": ("search", "who was fined for insider trading?"),
    "rag ask": ("ask", "who was fined for insider trading?"),
}
# A child process opens an index and prints the seconds and its memory.
_OPEN = """
import sys, time
from rag.api import Index
began = time.perf_counter()
Index.open(sys.argv[1])
seconds = time.perf_counter() - began
(resident,) = [line for line in open("/proc/self/status") if line.startswith("VmRSS")]
print(seconds, int(resident.split()[1]) / 1024)
"""


def main() -> None:
    """Measure each index, print the tables, write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("questions", type=Path, help="JSON lines, each with a question")
    parser.add_argument("indexes", type=Path, nargs="+")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    lines = options.questions.read_text("utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines]
    result: dict[str, Any] = {"commit": commit(), "machine": machine(), "indexes": []}
    for folder in options.indexes:
        result["indexes"].append(measure(folder, questions))
        print(f"measured {folder}", file=sys.stderr, flush=True)
    print(f"{result['machine']}, commit {result['commit']}, {len(questions)} questions\n")
    print(table(result["indexes"]))
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def measure(folder: Path, questions: Sequence[str]) -> dict[str, Any]:
    """All figures of one index; times in milliseconds."""
    opened = [_child("-c", _OPEN, str(folder)).split() for _ in range(3)]
    cold = {}
    for command, arguments in COMMANDS.items():
        index = () if command == "rag --help" else ("--index", str(folder))
        cold[command] = statistics.median(
            _timed(lambda given=(*arguments, *index): _child("-m", "rag", *given)) for _ in range(5)
        )
    index = Index.open(folder)
    plain = Index.open(folder, settings=load_settings(rerank=False))
    asked: dict[str, Callable[[str], Any]] = {
        "retrieve, no reranker": plain.retrieve,
        "retrieve": index.retrieve,
        "ask": index.ask,
    }
    warm = {name: _rounds(ask, questions) for name, ask in asked.items()}
    with _stages() as spent:
        for question in questions:
            index.ask(question)
    return {
        "passages": index.manifest.passages,
        "disk_mib": sum(f.stat().st_size for f in _build(folder, index).rglob("*")) / 2**20,
        "open_ms": statistics.median(float(seconds) for seconds, _ in opened) * 1e3,
        "open_mib": statistics.median(float(resident) for _, resident in opened),
        "cold_ms": cold,
        "warm_ms": warm,
        "stages_ms": {name: _spread(times) for name, times in spent.items()},
        "questions_a_second": {
            threads: _throughput(plain.retrieve, questions, threads) for threads in (1, 2, 4)
        },
        "resident_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def table(indexes: Sequence[dict[str, Any]]) -> str:
    """One row for each figure, one column for each index."""
    rows: list[tuple[str, list[str]]] = [
        ("disk, MiB", [f"{one['disk_mib']:,.0f}" for one in indexes]),
        ("open, ms", [f"{one['open_ms']:,.0f}" for one in indexes]),
        ("resident when opened, MiB", [f"{one['open_mib']:,.0f}" for one in indexes]),
    ]
    for name in COMMANDS:
        rows.append((f"cold `{name}`, ms", [f"{one['cold_ms'][name]:,.0f}" for one in indexes]))
    for group, of in (("warm_ms", "warm {}, ms"), ("stages_ms", "of ask: {}, ms")):
        for name in indexes[0][group]:
            found = [one[group].get(name) for one in indexes]
            rows.append(
                (
                    of.format(name),
                    [f"{x['median']:.1f} / {x['p95']:.1f}" if x else "–" for x in found],
                )
            )
    for threads in indexes[0]["questions_a_second"]:
        values = [f"{one['questions_a_second'][threads]:.1f}" for one in indexes]
        rows.append((f"questions a second, {threads} threads", values))
    head = " | ".join(f"{one['passages']:,} passages" for one in indexes)
    lines = [f"| median / 95th percentile | {head} |", "|---" * (len(indexes) + 1) + "|"]
    return "\n".join([*lines, *(f"| {name} | {' | '.join(values)} |" for name, values in rows)])


def commit() -> str:
    """The commit of the measured checkout."""
    return _output("git", "describe", "--always", "--dirty")


def machine() -> str:
    """Number and name of the processors."""
    described = Path("/proc/cpuinfo")
    lines = described.read_text("utf-8").splitlines() if described.is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{len(names) or '?'} x {names[0] if names else platform.processor()}"


def _rounds(ask: Callable[[str], Any], questions: Sequence[str]) -> dict[str, float]:
    for question in questions:
        ask(question)
    return _spread([_timed(lambda asked=question: ask(asked)) for question in questions])


@contextmanager
def _stages() -> Iterator[dict[str, list[float]]]:
    """Measure the milliseconds of each stage for each question, while the context is open."""
    spent: dict[str, list[float]] = defaultdict(list)
    now: dict[str, float] = defaultdict(float)
    restored = []

    def wrap(stage: str, owner: Any, name: str) -> None:
        plain = getattr(owner, name)

        def timed(*args: Any, **kwargs: Any) -> Any:
            began = time.perf_counter()
            try:
                return plain(*args, **kwargs)
            finally:
                now[stage] += (time.perf_counter() - began) * 1e3

        setattr(owner, name, timed)
        restored.append((owner, name, plain))

    for stage, places in STAGES.items():
        for owner, name in places:
            wrap(stage, owner, name)
    whole = Index.ask

    def ask(*args: Any, **kwargs: Any) -> Any:
        now.clear()
        found = whole(*args, **kwargs)
        for stage in STAGES:
            spent[stage].append(now[stage])
        return found

    restored.append((Index, "ask", whole))
    Index.ask = ask  # type: ignore[method-assign]
    try:
        yield spent
    finally:
        for owner, name, plain in restored:
            setattr(owner, name, plain)


def _throughput(ask: Callable[[str], Any], questions: Sequence[str], threads: int) -> float:
    many = list(questions) * 2
    began = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(ask, many))
    return len(many) / (time.perf_counter() - began)


def _spread(times: Sequence[float]) -> dict[str, float]:
    return {
        "median": statistics.median(times),
        "p95": statistics.quantiles(times, n=20, method="inclusive")[-1],
    }


def _timed(call: Callable[[], Any]) -> float:
    began = time.perf_counter()
    call()
    return (time.perf_counter() - began) * 1e3


def _build(folder: Path, index: Index) -> Path:
    return folder / "builds" / index.build


def _child(*arguments: str) -> str:
    return _output(sys.executable, *arguments)


def _output(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.strip()


if __name__ == "__main__":
    main()
