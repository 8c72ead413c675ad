"""BERT graphs: the packaged reranker weights against ONNX Runtime on the same file."""

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from tokenizers import Tokenizer

from rag.models.bert import adapted
from rag.models.cross_encoder import ADAPTER, RANGES, weights_folder
from rag.models.embedder import fingerprint
from rag.models.inference import TextModel

QUESTION = "Who paid a civil penalty?"
TEXTS = [
    "Without admitting the allegations, Smith agreed to pay a civil penalty of $50,000.",
    "The weather in Lisbon was sunny, with a light breeze from the sea.",
    "The Commission's complaint alleges that Smith sold unregistered securities. " * 9,
    "Penalty.",
]


@pytest.fixture(scope="module")
def folder() -> Path:
    return weights_folder()


@pytest.mark.parametrize("int8", [True, False])
def test_scores_of_pairs_agree_with_onnx_runtime(folder: Path, int8: bool) -> None:
    session = onnxruntime.InferenceSession(folder / "model.onnx")
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    expected = []
    for text in TEXTS:
        pair = tokenizer.encode(QUESTION, text)
        rows = {"input_ids": pair.ids, "token_type_ids": pair.type_ids}
        rows["attention_mask"] = pair.attention_mask
        inputs = {name: np.array([row]) for name, row in rows.items()}
        expected.append(session.run(None, inputs)[0][0, 0])
    digest = fingerprint(folder)
    model = TextModel(folder, digest, heads=12, pooling="score", max_tokens=512, int8=int8)

    scores = model.run([(QUESTION, text) for text in TEXTS])

    assert scores.shape == (4, 1)
    # Logits run from -11 to 11; each rounds what it multiplies in its own way.
    assert scores[:, 0] == pytest.approx(expected, abs=0.5)


def test_int8_with_fixed_ranges_is_close_to_exact(folder: Path) -> None:
    pairs = [(QUESTION, text) for text in TEXTS]
    exact, ranged = (
        TextModel(
            folder, fingerprint(folder), heads=12, pooling="score", max_tokens=512,
            adapter=ADAPTER, **how,
        ).run(pairs)
        for how in ({"int8": False}, {"int8": True, "ranges": RANGES})
    )  # fmt: skip

    assert exact.shape == (4, 3)
    assert ranged == pytest.approx(exact, abs=0.7)


def test_an_adapter_adds_to_matrices_and_replaces_other_weights() -> None:
    weights = {"a.weight": np.eye(2, dtype=np.float32), "b.bias": np.zeros(2, np.float32)}
    adapter = {
        "a.weight.up": np.array([[1], [2]], np.float16),
        "a.weight.down": np.array([[3, 4]], np.float16),
        "b.bias": np.array([5, 6, 7], np.float16),
    }

    found = adapted(weights, adapter)

    assert found["a.weight"].tolist() == [[4, 4], [6, 9]]
    assert found["b.bias"].tolist() == [5, 6, 7]
    assert found.keys() == weights.keys()
    assert weights["a.weight"].tolist() == [[1, 0], [0, 1]]


def test_a_separator_in_the_text_of_a_document_is_text(folder: Path) -> None:
    model = TextModel(folder, fingerprint(folder), heads=12, pooling="score", max_tokens=512)

    tokens = model._tokenizer.encode(QUESTION, "Paid [SEP] [CLS] by him.").tokens

    assert tokens.count("[SEP]") == 2
    assert tokens.count("[CLS]") == 1


def test_a_score_does_not_depend_on_the_rest_of_the_batch(folder: Path) -> None:
    model = TextModel(
        folder,
        fingerprint(folder),
        heads=12,
        pooling="score",
        max_tokens=512,
        int8=True,
        ranges=RANGES,
    )
    pairs = [(QUESTION, text) for text in TEXTS]

    together = model.run(pairs)[:, 0]

    assert [model.run([pair])[0, 0] for pair in pairs] == pytest.approx(together, abs=0.05)
