"""Makes cross_encoder_ranges.safetensors: the range of each activation of the reranker, for int8.

    python tests/benchmarks/calibrate_ranges.py --index DIR [--long] QUESTIONS.jsonl [...]

The script asks the first 60 questions and draws 300 of the pairs that the reranker reads for them.
It stores the largest magnitude of each input of a matrix product. On 300 other pairs it prints how
much the logits differ from float32, with these ranges and in bfloat16.

With ``--long`` it measures the reranker for long documents, over the same pairs, and writes
cross_encoder_long_ranges.safetensors.
"""

import argparse
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import Tokenizer

from rag import Index
from rag.evaluate import read_questions
from rag.models import bert
from rag.models.cross_encoder import ADAPTER, LONG_ADAPTER, LONG_RANGES, RANGES, weights_folder
from rag.models.inference import TextModel, _padded
from rag.models.runtime import openvino

_ASKED, _PAIRS = 60, 300
_SEED = 8

Inputs = list[NDArray[Any]]


def main() -> None:
    """Record the pairs, measure the ranges, write them, compare the logits."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("questions", nargs="+", type=Path)
    parser.add_argument("--index", type=Path, default=None)
    parser.add_argument("--long", action="store_true", help="the reranker for long documents")
    parser.add_argument("--out", type=Path, default=None)
    options = parser.parse_args()
    adapter = LONG_ADAPTER if options.long else ADAPTER
    out = options.out or (LONG_RANGES if options.long else RANGES)
    read = _pairs(Index.open(options.index), options.questions)
    random.Random(_SEED).shuffle(read)
    folder = weights_folder()
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(512)
    batches = [_padded([pair]) for pair in tokenizer.encode_batch(read[: 2 * _PAIRS])]
    ranges = _ranges(folder, adapter, batches[:_PAIRS])
    save_file({name: most.astype(np.float16) for name, most in ranges.items()}, out)
    print(f"wrote {out}: {len(ranges)} modules, from {_PAIRS} of {len(read):,} pairs")
    exact = _logits(folder, adapter, batches[_PAIRS:], "f32", int8=False)
    for name, found in (
        ("int8 in these ranges", _logits(folder, adapter, batches[_PAIRS:], "bf16", ranges=out)),
        ("bfloat16", _logits(folder, adapter, batches[_PAIRS:], "bf16", int8=False)),
    ):
        off = found - exact
        print(
            f"{name}: off by {np.abs(off).mean():.3f} in the mean, {np.abs(off).max():.3f} at most;"
            f" mean of the signed difference {off.mean():+.3f}"
        )


def _pairs(index: Index, questions: Sequence[Path]) -> list[tuple[str, str]]:
    """The pairs that the reranker reads, each once."""
    pairs: dict[tuple[str, str], None] = {}
    run = TextModel.run

    def record(model: TextModel, texts: Any) -> Any:
        pairs.update((text, None) for text in texts if isinstance(text, tuple))
        return run(model, texts)

    with patch.object(TextModel, "run", record):
        for question in read_questions(questions)[:_ASKED]:
            index.ask(question.text, question.history)
    return list(pairs)


def _ranges(
    folder: Path, adapter: Path, batches: Sequence[Inputs]
) -> dict[str, NDArray[np.float32]]:
    """For each module the largest magnitudes of its input, of shape ``(in,)``."""
    sources: dict[str, Any] = {}
    exact = bert._exact

    def record(weights: bert.Weights, name: str, tokens: Any) -> Any:
        if name.startswith("encoder."):
            sources[bert.range_name(name)] = tokens
        return exact(weights, name, tokens)

    with patch.object(bert, "_exact", record):
        model = bert.load_bert(folder, heads=12, pooling="score", int8=False, adapter=adapter)
    inner = openvino.Model(list(sources.values()), model.get_parameters(), "inner")
    compiled = openvino.Core().compile_model(inner, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    most: dict[str, NDArray[np.float32]] = {}
    for batch in batches:
        for module, numbers in zip(sources, compiled(batch).values(), strict=True):
            largest = np.abs(numbers).reshape(-1, numbers.shape[-1]).max(axis=0)
            most[module] = np.maximum(most.get(module, largest), largest)
    return most


def _logits(
    folder: Path,
    adapter: Path,
    batches: Sequence[Inputs],
    precision: str,
    *,
    int8: bool = True,
    ranges: Path | None = None,
) -> NDArray[np.float32]:
    model = bert.load_bert(
        folder, heads=12, pooling="score", int8=int8, ranges=ranges, adapter=adapter
    )
    options = {"INFERENCE_PRECISION_HINT": precision}
    compiled = openvino.Core().compile_model(model, "CPU", options)
    return np.array([compiled(batch)[0][0] for batch in batches])


if __name__ == "__main__":
    main()
