"""Compares embedding and the vector scan with the limits of the processor.

    python tests/benchmarks/limits.py CORPUS.jsonl.gz

Embedding is compared in multiply-adds a second with ``torch.mm`` in float32 and bfloat16 (newer
processors have bfloat16 instructions), and with one large int8 product on OpenVINO. The scan is
compared in bytes a second with a sum over a large array. All use all cores; the best round counts.
"""

import argparse
import gzip
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from rag.index.dense import Dense, write_dense
from rag.models.embedder import load_embedder
from rag.models.inference import _COMPILE
from rag.models.packaged import PACKAGED
from rag.models.runtime import openvino, ops

MODEL = "all-MiniLM-L6-v2"
LAYERS, WIDTH, INNER = 6, 384, 1536
TEXTS, SIZE = 256, 760
SCANNED = 200_000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path, help="gzipped JSON lines, each with a text")
    texts = _texts(parser.parse_args().corpus)
    embedder = load_embedder(MODEL)
    embedder.embed_passages(texts[:16])
    achieved = _multiply_adds(texts) / _best(lambda: embedder.embed_passages(texts), 3)
    float32, bfloat16 = (_torch_peak(kind) for kind in (torch.float32, torch.bfloat16))
    int8 = _int8_peak()
    print(f"{'embedding':18} {achieved / 1e9:6.0f} thousand million multiply-adds a second")
    print(
        f"torch.mm    {float32 / 1e9:8.0f} in float32: embedding is {achieved / float32:.0%} of it"
    )
    print(f"torch.mm    {bfloat16 / 1e9:8.0f} in bfloat16: embedding is {achieved / bfloat16:.0%}")
    print(f"int8        {int8 / 1e9:8.0f} in one product: embedding is {achieved / int8:.0%} of it")
    array = np.ones(200_000_000, np.float32)
    memory = array.nbytes / _best(lambda: torch.from_numpy(array).sum())
    scan = SCANNED * WIDTH * 2 / _scan()
    print(f"{'memory':18} {memory / 1e9:6.1f} GB read a second")
    print(f"{'dense scan':18} {scan / 1e9:6.1f} GB a second: {scan / memory:.0%} of it")


def _multiply_adds(texts: list[str]) -> float:
    """Multiply-adds of the encoder for these texts, without padding."""
    tokenizer = Tokenizer.from_file(str(PACKAGED[MODEL].folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(PACKAGED[MODEL].max_tokens)
    lengths = np.array([len(text.ids) for text in tokenizer.encode_batch(texts)])
    linear = lengths * (4 * WIDTH * WIDTH + 2 * WIDTH * INNER)
    attention = 2 * lengths * lengths * WIDTH
    return float(LAYERS * (linear + attention).sum())


def _torch_peak(kind: torch.dtype) -> float:
    one, other = (torch.randn(2048, 2048).to(kind) for _ in range(2))
    return 2048**3 / _best(lambda: torch.mm(one, other))


def _int8_peak() -> float:
    rows = 4096
    given = ops.parameter([-1, INNER], np.float32, name="given")
    steps = ops.constant(np.ones((INNER, INNER), np.int8))
    weights = ops.multiply(ops.convert(steps, "f32"), ops.constant(np.ones((INNER, 1), np.float32)))
    product = ops.matmul(given, weights, False, True)
    compiled = openvino.Core().compile_model(
        openvino.Model([product], [given], "product"),
        "CPU",
        _COMPILE | {"PERFORMANCE_HINT": "LATENCY"},
    )
    array = np.random.default_rng(1).standard_normal((rows, INNER), dtype=np.float32)
    return rows * INNER * INNER / _best(lambda: compiled([array]))


def _scan() -> float:
    draw = np.random.default_rng(1).standard_normal((SCANNED, WIDTH), dtype=np.float32)
    vectors = draw / np.linalg.norm(draw, axis=1, keepdims=True)
    with tempfile.TemporaryDirectory() as folder:
        write_dense(vectors, Path(folder, "dense.faiss"))
        dense = Dense(Path(folder, "dense.faiss"))
        return _best(lambda: dense.search(vectors[0], 200))


def _texts(corpus: Path) -> list[str]:
    with gzip.open(corpus, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    return [text[:SIZE] for text in texts if len(text) >= SIZE][:TEXTS]


def _best(call: Callable[[], object], rounds: int = 10) -> float:
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        call()
        times.append(time.perf_counter() - began)
    return min(times)


if __name__ == "__main__":
    main()
