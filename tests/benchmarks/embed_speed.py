"""Passages a second of each way to run all-MiniLM-L6-v2, and the time of a cold start.

    python tests/benchmarks/embed_speed.py ../shared/data/enforcement_corpus.jsonl.gz [--json FILE]

The ways take turns on the same passages. On a busy machine, compare the processor time.
"""

import argparse
import gzip
import json
import platform
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer

from rag.models.embedder import load_embedder
from rag.models.packaged import PACKAGED

MODEL = "all-MiniLM-L6-v2"
Embed = Callable[[list[str]], NDArray[Any]]


def main() -> None:
    """Measure, print the table, write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path, help="gzipped JSON lines, each with a text")
    parser.add_argument("--passages", type=int, default=400)
    parser.add_argument("--size", type=int, default=900, help="characters; 0: from 4 to 2,000")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    passages = _passages(options.corpus, options.passages, options.size)
    ways = _ways()
    rows = _measure(ways, passages, options.rounds)
    result: dict[str, Any] = {
        "commit": _output("git", "describe", "--always", "--dirty").strip(),
        "machine": _machine(),
        "passages": len(passages),
        "characters": sum(map(len, passages)),
        "ways": rows,
        "seconds_to_first_question": {
            "rag.models.embedder": _cold(
                f"from rag.models.embedder import load_embedder; e = load_embedder({MODEL!r});"
                "e.embed_question('Who was fined?')"
            ),
            "sentence-transformers": _cold(
                "from sentence_transformers import SentenceTransformer as S;"
                f"e = S({str(PACKAGED[MODEL].folder)!r}, device='cpu');"
                "e.encode('Who was fined?')"
            ),
        },
    }
    print(f"{result['machine']}, commit {result['commit']}, {len(passages)} passages\n")
    print("| way | passages/s | passages/s of one core | least cosine to float32 | mean |")
    print("|---|---|---|---|---|")
    for row in rows:
        print(
            f"| {row['way']} | {row['per_second']:.1f} | {row['per_cpu_second']:.1f} "
            f"| {row['least_cosine']:.4f} | {row['mean_cosine']:.4f} |"
        )
    for way, seconds in result["seconds_to_first_question"].items():
        print(
            f"\nprocess start to first question, {way}: {seconds['wall']:.2f} s, "
            f"{seconds['cpu']:.2f} s of processor time"
        )
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def _ways() -> dict[str, Embed]:
    folder = str(PACKAGED[MODEL].folder)
    plain = SentenceTransformer(folder, device="cpu")
    ways: dict[str, Embed] = {
        "sentence-transformers, float32": lambda texts: np.asarray(plain.encode(texts))
    }
    if torch.cpu._is_avx512_bf16_supported():
        half = SentenceTransformer(folder, device="cpu", model_kwargs={"dtype": torch.bfloat16})
        ways["sentence-transformers, bfloat16, batches of 8"] = lambda texts: (
            half.encode(texts, batch_size=8, convert_to_tensor=True).float().numpy()
        )
    ways["rag.models.embedder"] = load_embedder(MODEL).embed_passages
    return ways


def _measure(ways: dict[str, Embed], passages: list[str], rounds: int) -> list[dict[str, Any]]:
    """The best round of each way; slower rounds include other work of the machine."""
    wall = dict.fromkeys(ways, float("inf"))
    cpu = dict.fromkeys(ways, float("inf"))
    vectors: dict[str, NDArray[Any]] = {}
    for embed in ways.values():
        embed(passages[:16])
    for _ in range(rounds):
        for way, embed in ways.items():
            started, used = time.perf_counter(), time.process_time()
            vectors[way] = embed(passages)
            wall[way] = min(wall[way], time.perf_counter() - started)
            cpu[way] = min(cpu[way], time.process_time() - used)
    exact = next(iter(vectors.values()))
    rows = []
    for way, found in vectors.items():
        lengths = np.linalg.norm(found, axis=1) * np.linalg.norm(exact, axis=1)
        cosines = np.sum(found * exact, axis=1) / lengths
        rows.append(
            {
                "way": way,
                "per_second": len(passages) / wall[way],
                "per_cpu_second": len(passages) / cpu[way],
                "least_cosine": float(cosines.min()),
                "mean_cosine": float(cosines.mean()),
            }
        )
    return rows


def _passages(corpus: Path, count: int, size: int) -> list[str]:
    draw = random.Random(1)
    with gzip.open(corpus, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    passages: list[str] = []
    while len(passages) < count:
        text = draw.choice(texts)
        length = size or round(4 * 500 ** draw.random())
        if len(text) >= length:
            start = draw.randrange(len(text) - length + 1)
            passages.append(text[start : start + length])
    return passages


def _cold(program: str) -> dict[str, float]:
    """Wall time and processor time of a new process in seconds, the best of three."""
    wall, cpu = [], []
    for _ in range(3):
        started, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
        wall.append(time.perf_counter() - started)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu.append(after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime)
    return {"wall": min(wall), "cpu": min(cpu)}


def _machine() -> str:
    described = Path("/proc/cpuinfo")
    lines = described.read_text("utf-8").splitlines() if described.is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{len(names) or '?'} x {names[0] if names else platform.processor()}"


def _output(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    main()
