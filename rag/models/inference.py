"""A text model at work on OpenVINO: texts in, one row of its output for each out."""

from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from rag.hashing import sha256_of
from rag.models.compile_cache import compiled
from rag.models.runtime import has_amx, openvino

# Rows of tokens in a batch together: enough to fill the processor, few enough for its cache.
_BATCH_TOKENS = 1024
# Where there is less to do than fills every core, smaller batches share it out among them.
_LEAST_BATCH_TOKENS = 512
# A batch costs about as much as so many tokens more: a text that wants more padding than this to
# join one begins another.
_MOST_PADDING = 16
# A new length compiles anew for some milliseconds, and products are made of so many rows at a time:
# lengths are rounded up to a multiple of this.
_LENGTH_STEP = 16
# Single texts come one by one; several batches run side by side, each on its own core.
_COMPILE: dict[str, str | int] = {
    "PERFORMANCE_HINT": "THROUGHPUT",
    # Where products are int8: a token's activations share one scale over this many numbers.
    "DYNAMIC_QUANTIZATION_GROUP_SIZE": 192,
}


class TextModel:
    """A compiled model with its tokenizer; safe to share among threads.

    Parameters
    ----------
    folder
        With the weights, as ``rag.models.bert.read_weights`` takes them, and a ``tokenizer.json``.
    digest
        Of the weights: says when they are others.
    heads, pooling
        As ``rag.models.bert.build_bert`` takes them.
    max_tokens
        A longer text, its special tokens included, is cut at its end.
    int8
        Whether it multiplies in int8; None for whichever this processor is faster with.
    ranges
        Of activations, as ``rag.models.bert.load_bert`` takes them.
    adapter
        What was learnt on top of the weights, as ``rag.models.bert.adapted`` takes it, in a file.
    """

    def __init__(
        self,
        folder: Path,
        digest: str,
        *,
        heads: int,
        pooling: str,
        max_tokens: int,
        int8: bool | None = None,
        ranges: Path | None = None,
        adapter: Path | None = None,
    ) -> None:
        if int8 is None:
            # Scales that are found as it goes are slow with AMX, those known beforehand untried
            # without it.
            ranges = ranges if has_amx() else None
            int8 = ranges is not None or not has_amx()

        def make() -> openvino.Model:
            from rag.models.bert import load_bert

            return load_bert(
                folder, heads=heads, pooling=pooling, int8=int8, ranges=ranges, adapter=adapter
            )

        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        # A document that has "[SEP]" in its text gets no separator by that.
        self._tokenizer.encode_special_tokens = True
        self._tokenizer.enable_truncation(max_tokens)
        added = [sha256_of(file) for file in (ranges, adapter) if file]
        key = f"{digest} {heads} {pooling} {int8} {added} {_graph_version()}"
        self._compiled = compiled(make, key, _COMPILE)
        self._side_by_side = self._compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS")

    def run(self, texts: Sequence[str] | Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """The model's output of shape ``(len(texts), width)``, in the order given.

        A text may be a pair, read as one with a separator between.
        """
        encoded = self._tokenizer.encode_batch(list(texts))
        width = self._compiled.output(0).partial_shape[1].get_length()
        found = np.empty((len(texts), width), np.float32)

        # No callbacks: their threads want Python's lock, and hang the one that drops the model.
        idle = [self._compiled.create_infer_request() for _ in range(self._side_by_side)]
        working: deque[tuple[Any, NDArray[np.int64]]] = deque()

        def collect() -> None:
            request, rows = working.popleft()
            request.wait()
            found[rows] = request.get_output_tensor().data
            idle.append(request)

        lengths = np.array([len(text.ids) for text in encoded])
        share = int(lengths.sum()) // self._side_by_side
        for rows in _batches(lengths, max(_LEAST_BATCH_TOKENS, min(_BATCH_TOKENS, share))):
            if not idle:
                collect()
            working.append((idle.pop(), rows))
            working[-1][0].start_async(_padded([encoded[row] for row in rows]))
        while working:
            collect()
        return found


def _graph_version() -> str:
    """Changes whenever the code that builds the graph does."""
    return sha256_of(Path(__file__).with_name("bert.py"))


def _batches(lengths: NDArray[np.int64], tokens: int) -> list[NDArray[np.int64]]:
    """Rows of like length together, longest first, so that little of a batch is padding.

    A batch holds at most ``tokens`` tokens, or one longer row, and its rows are about as long.
    """
    by_length = np.argsort(-lengths, kind="stable")
    widths = [_rounded(length) for length in lengths[by_length]]
    batches = []
    first = 0
    while first < len(by_length):
        most = min(len(widths), first + max(1, tokens // widths[first]))
        end = first + 1
        while end < most and widths[end] >= widths[first] - _MOST_PADDING:
            end += 1
        batches.append(by_length[first:end])
        first = end
    return batches


def _padded(batch: Sequence[Any]) -> list[NDArray[Any]]:
    shape = len(batch), _rounded(max(len(text.ids) for text in batch))
    ids, kinds, mask = np.zeros(shape, np.int32), np.zeros(shape, np.int32), np.zeros(shape, "f4")
    for row, text in enumerate(batch):
        ids[row, : len(text.ids)] = text.ids
        kinds[row, : len(text.ids)] = text.type_ids
        mask[row, : len(text.ids)] = 1
    return [ids, kinds, mask]


def _rounded(length: int) -> int:
    return -(-int(length) // _LENGTH_STEP) * _LENGTH_STEP
