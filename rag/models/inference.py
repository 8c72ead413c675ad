"""A BERT model on OpenVINO with its tokenizer: texts in, one output row for each text."""

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

# Most tokens in a batch: enough to keep a core busy, few enough for its cache.
_BATCH_TOKENS = 1024
# Least tokens in a batch, where there are too few texts to fill a full batch for every core.
_LEAST_BATCH_TOKENS = 512
# Longest padding of a text. Starting a batch costs about as much as this many tokens, so a text
# that needs more padding starts a new batch.
_MOST_PADDING = 16
# Lengths are rounded up to a multiple of this: every new length compiles for some milliseconds, and
# the kernels multiply this many rows at a time.
_LENGTH_STEP = 16
# Several batches run in parallel, each on its own core.
_COMPILE: dict[str, str | int] = {
    "PERFORMANCE_HINT": "THROUGHPUT",
    # With int8: the number of activations of a token that share one scale.
    "DYNAMIC_QUANTIZATION_GROUP_SIZE": 192,
}


class TextModel:
    """A compiled BERT with its tokenizer; safe to share among threads.

    Parameters
    ----------
    folder
        Holds the weights, as :func:`rag.models.bert.read_weights` reads them, and
        ``tokenizer.json``.
    digest
        SHA-256 of the weights; part of the key in the compile cache.
    heads, pooling
        As in :func:`rag.models.bert.build_bert`.
    max_tokens
        Most tokens of a text, special tokens included; a longer text is cut at its end.
    int8
        Whether matrices are multiplied in int8; None for the faster way on this processor.
    ranges
        Safetensors file with the ranges of :func:`rag.models.bert.build_bert`; ignored if ``int8``
        is None and the processor has no AMX.
    adapter
        Safetensors file with the adapter of :func:`rag.models.bert.adapted`.
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
            # With AMX, scales computed for each token are slow. Without AMX, fixed ranges were
            # never measured.
            ranges = ranges if has_amx() else None
            int8 = ranges is not None or not has_amx()

        def make() -> openvino.Model:
            from rag.models.bert import load_bert

            return load_bert(
                folder, heads=heads, pooling=pooling, int8=int8, ranges=ranges, adapter=adapter
            )

        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        # "[SEP]" in the text of a document is text, not a separator.
        self._tokenizer.encode_special_tokens = True
        self._tokenizer.enable_truncation(max_tokens)
        added = [sha256_of(file) for file in (ranges, adapter) if file]
        key = f"{digest} {heads} {pooling} {int8} {added} {_graph_version()}"
        self._compiled = compiled(make, key, _COMPILE)
        self._side_by_side = self._compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS")

    def run(self, texts: Sequence[str] | Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """The model's output, shape (len(texts), width), in the order of ``texts``.

        A pair of texts is one input with a separator between them.
        """
        encoded = self._tokenizer.encode_batch(list(texts))
        width = self._compiled.output(0).partial_shape[1].get_length()
        found = np.empty((len(texts), width), np.float32)

        # No callbacks: their threads need Python's lock and block the thread that frees the model.
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
    """Digest of the code that builds the graph."""
    return sha256_of(Path(__file__).with_name("bert.py"))


def _batches(lengths: NDArray[np.int64], tokens: int) -> list[NDArray[np.int64]]:
    """Group rows of similar length into batches, longest first, so that padding is short.

    A batch has at most ``tokens`` tokens, padding included, or a single longer row. The rounded
    lengths of its rows differ by at most ``_MOST_PADDING``.
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
