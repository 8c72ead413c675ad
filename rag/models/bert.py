"""Build the OpenVINO graph of a BERT encoder from its weights."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from rag.models.runtime import openvino, ops

Weights = Mapping[str, NDArray[np.float32]]
"""Weights by their names in the ``BertModel`` of transformers; matrices have shape (out, in)."""
Linear = Callable[[Weights, str, Any], Any]
"""Maps weights, the name of a module and tokens to the module's linear layer of the tokens."""

# Migration strength of SmoothQuant (Xiao et al., 2023), 0 to 1, by module: the share of the
# differences between activations that moves into the matrix before both are rounded to int8. The
# few large activations after a GELU need more; the output of attention needs none.
_SMOOTHING = {"attention.self": 0.5, "intermediate.dense": 0.5, "output.dense": 0.8}
_EVEN = np.ones(1, np.float32)


def build_bert(
    weights: Weights, *, heads: int, pooling: str, int8: bool, ranges: Weights | None = None
) -> openvino.Model:
    """Build the graph of a BERT encoder and of the pooling of its tokens.

    The graph runs in the fastest floating-point type of the machine. With ``int8``, matrices are
    stored in int8 with one scale for each row, and activations are rounded to int8 too: by the
    largest number of each token, or by the fixed ``ranges``. In both cases the scale of a text does
    not depend on the other texts of its batch.

    Parameters
    ----------
    weights
        Of a ``BertModel`` with absolute positions and exact GELU; for ``score`` also of its
        ``classifier``.
    heads
        Number of attention heads; divides the hidden size.
    pooling
        ``mean``: the sum of the tokens, which has the direction of their mean. ``first``: the first
        token. ``score``: the logits of the classifier.
    int8
        Whether to multiply matrices in int8.
    ranges
        The largest magnitude of each input of a module, shape (in,), by the name that
        :func:`range_name` gives. Larger inputs are clipped.

    Returns
    -------
    openvino.Model
        Inputs ``ids`` and ``kinds`` (int32) and ``mask`` (float32, 1 for a token and 0 for
        padding), each of shape (texts, tokens). Output of shape (texts, hidden size), or
        (texts, labels) for ``score``.
    """
    ids = ops.parameter([-1, -1], np.int32, name="ids")
    kinds = ops.parameter([-1, -1], np.int32, name="kinds")
    mask = ops.parameter([-1, -1], np.float32, name="mask")
    tokens = _embeddings(weights, ids, kinds)
    linear: Linear = _exact
    if int8:
        linear = _rounded if ranges is None else _FixedRanges(ranges)
    # Added to the attention scores: 0 for a token, a large negative number for padding.
    padding = ops.multiply(ops.unsqueeze(ops.subtract(mask, _float(1)), _ints(1, 2)), _float(1e4))
    layers = sum(name.endswith("attention.self.query.weight") for name in weights)
    for number in range(layers):
        # If only the first token is pooled, the last layer computes no other.
        last = number == layers - 1 and pooling != "mean"
        queries = ops.slice(tokens, _ints(0), _ints(1), _ints(1), _ints(1)) if last else tokens
        tokens = _layer(
            weights, f"encoder.layer.{number}.", queries, tokens, padding, heads, linear
        )
    if pooling == "mean":
        # The sum has the direction of the mean; callers normalise the length.
        pooled = ops.reduce_sum(ops.multiply(tokens, ops.unsqueeze(mask, _ints(2))), _ints(1))
    else:
        pooled = ops.squeeze(tokens, _ints(1))
    if pooling == "score":
        pooled = _exact(weights, "classifier", ops.tanh(_exact(weights, "pooler.dense", pooled)))
    return openvino.Model([pooled], [ids, kinds, mask], "bert")


def load_bert(
    folder: Path,
    *,
    heads: int,
    pooling: str,
    int8: bool,
    ranges: Path | None = None,
    adapter: Path | None = None,
) -> openvino.Model:
    """Read weights, ranges and adapter from files and call :func:`build_bert`.

    ``folder`` is as in :func:`read_weights`; ``ranges`` and ``adapter`` are safetensors files.
    """
    known = None if ranges is None else load_file(ranges)
    weights = read_weights(folder)
    if adapter is not None:
        weights = adapted(weights, load_file(adapter))
    return build_bert(weights, heads=heads, pooling=pooling, int8=int8, ranges=known)


def adapted(weights: Weights, adapter: Weights) -> Weights:
    """The weights with a LoRA adapter merged in (Hu et al., 2021); ``weights`` is not changed.

    Parameters
    ----------
    weights
        Of the base model.
    adapter
        For each adapted matrix two narrow ones whose product is added to it: its name with
        ``.up``, shape (out, rank), and with ``.down``, shape (rank, in). An array with another
        name replaces the weights of that name.
    """
    result = dict(weights)
    for name, array in adapter.items():
        learnt = array.astype(np.float32)
        if name.endswith(".up"):
            matrix = name.removesuffix(".up")
            result[matrix] = weights[matrix] + learnt @ adapter[f"{matrix}.down"].astype(np.float32)
        elif not name.endswith(".down"):
            result[name] = learnt
    return result


def range_name(module: str) -> str:
    """The key of a module in ``ranges``: one for query, key and value, which share their input."""
    return module.rpartition(".")[0] if ".attention.self." in module else module


def read_weights(folder: Path) -> Weights:
    """Weights from ``model.safetensors`` in ``folder``, else from an int8 ``model.onnx``."""
    plain = folder / "model.safetensors"
    return load_file(plain) if plain.is_file() else _quantised(folder / "model.onnx")


def _quantised(path: Path) -> Weights:
    """Weights of a BERT that ONNX Runtime quantised to int8, as float32.

    Matrix products are found by the names of the modules, embedding tables by the names of the
    parameters, as transformers exports them.
    """
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(path).graph
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}

    def original(name: str) -> NDArray[np.float32]:
        steps = stored[f"{name}_quantized"].astype(np.float32)
        zero = stored.get(f"{name}_zero_point", np.zeros(1)).astype(np.float32)
        found: NDArray[np.float32] = (steps - zero) * stored[f"{name}_scale"]
        return found

    weights = {name: array for name, array in stored.items() if array.dtype == np.float32}
    for name in stored:
        if name.endswith("embeddings.weight_quantized"):
            table = name.removesuffix("_quantized")
            weights[table] = original(table)
    for node in graph.node:
        if node.op_type == "MatMulInteger":
            module = node.name.strip("/").rpartition("/")[0].replace("/", ".")
            weights[f"{module}.weight"] = original(node.input[1].removesuffix("_quantized")).T
    return {name.removeprefix("bert."): array for name, array in weights.items()}


def _embeddings(weights: Weights, ids: Any, kinds: Any) -> Any:
    table = "embeddings.{}_embeddings.weight".format
    rows = _ints(0)
    length = ops.gather(ops.shape_of(ids, "i64"), _ints(1), rows)
    words = ops.gather(_float(weights[table("word")]), ids, rows)
    places = ops.slice(_float(weights[table("position")]), _ints(0), length, _ints(1), _ints(0))
    types = ops.gather(_float(weights[table("token_type")]), kinds, rows)
    return _norm(weights, "embeddings.LayerNorm", ops.add(ops.add(words, types), places))


def _layer(
    weights: Weights,
    name: str,
    queries: Any,
    tokens: Any,
    padding: Any,
    heads: int,
    linear: Linear,
) -> Any:
    """One encoder layer for the tokens in ``queries``, which attend to all of ``tokens``."""
    size = weights[f"{name}attention.self.query.weight"].shape[0]

    def part(module: str, source: Any) -> Any:
        found = linear(weights, f"{name}attention.self.{module}", source)
        apart = ops.reshape(found, _ints(0, 0, heads, size // heads), True)
        return ops.transpose(apart, _ints(0, 2, 1, 3))

    query, key, value = part("query", queries), part("key", tokens), part("value", tokens)
    attended = ops.scaled_dot_product_attention(query, key, value, padding)
    attended = ops.reshape(ops.transpose(attended, _ints(0, 2, 1, 3)), _ints(0, 0, size), True)
    attended = linear(weights, f"{name}attention.output.dense", attended)
    queries = _norm(weights, f"{name}attention.output.LayerNorm", ops.add(attended, queries))
    wide = ops.gelu(linear(weights, f"{name}intermediate.dense", queries), "erf")
    narrow = linear(weights, f"{name}output.dense", wide)
    return _norm(weights, f"{name}output.LayerNorm", ops.add(narrow, queries))


class _FixedRanges:
    """A linear layer in int8 whose activations are rounded in fixed ranges."""

    def __init__(self, ranges: Weights) -> None:
        self._ranges = {name: most.astype(np.float32) for name, most in ranges.items()}
        self._read: dict[str, Any] = {}

    def __call__(self, weights: Weights, name: str, tokens: Any) -> Any:
        module = range_name(name)
        smooth = self._smooth(weights, module)
        node = tokens.get_name()
        if node not in self._read:
            most = float((self._ranges[module] / smooth).max())
            ends = _float(-most * 128 / 127), _float(most)
            even = tokens if smooth is _EVEN else ops.multiply(tokens, _float(1 / smooth))
            self._read[node] = ops.fake_quantize(even, *ends, *ends, 256)
        return _rounded(weights, name, self._read[node], smooth)

    def _smooth(self, weights: Weights, module: str) -> NDArray[np.float32]:
        """Divisors of the activations, shape (in,) or (1,); the matrix is multiplied by them."""
        largest = self._ranges[module]
        share = _SMOOTHING.get(module.split(".", 3)[3])
        if share is None:
            return _EVEN
        read_by = re.compile(rf"{re.escape(module)}(\.\w+)?\.weight")
        matrices = [matrix for name, matrix in weights.items() if read_by.fullmatch(name)]
        columns = np.abs(np.concatenate(matrices)).max(axis=0)
        smooth: NDArray[np.float32] = largest**share / columns ** (1 - share)
        return smooth


def _rounded(weights: Weights, name: str, tokens: Any, smooth: Any = 1) -> Any:
    """A linear layer whose matrix, its columns times ``smooth``, is in int8, one scale a row."""
    matrix = weights[f"{name}.weight"] * smooth
    scale = np.abs(matrix).max(axis=1, keepdims=True) / 127
    steps = ops.constant(np.rint(matrix / scale).astype(np.int8))
    rows = ops.multiply(ops.convert(steps, "f32"), _float(scale))
    return ops.add(ops.matmul(tokens, rows, False, True), _float(weights[f"{name}.bias"]))


def _exact(weights: Weights, name: str, tokens: Any) -> Any:
    product = ops.matmul(tokens, _float(weights[f"{name}.weight"]), False, True)
    return ops.add(product, _float(weights[f"{name}.bias"]))


def _norm(weights: Weights, name: str, tokens: Any) -> Any:
    even = ops.multiply(
        ops.mvn(tokens, _ints(-1), True, 1e-12, "inside_sqrt"), _float(weights[f"{name}.weight"])
    )
    return ops.add(even, _float(weights[f"{name}.bias"]))


def _float(values: Any) -> Any:
    return ops.constant(np.array(values, np.float32, order="C"), shared_memory=True)


def _ints(*values: int) -> Any:
    return ops.constant(np.array(values, np.int64))
