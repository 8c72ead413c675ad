"""The fitted models are those of the signals that are kept: no weight of them was set by hand."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rag.answer import abstain, features, relevance
from rag.answer.logistic import Calibration, Logistic, fit
from tests.benchmarks.calibrate_relevance import ANSWERS_COUNT
from tests.benchmarks.kept_signals import Row, kept_signals

DATA = Path(__file__).resolve().parents[2] / "benchmarks" / "data"
ROUNDING = 0.00006
"""The files have four digits."""
CALIBRATIONS = {
    "reranker": (abstain.CALIBRATION, DATA / "answer_signals.jsonl.gz"),
    "words": (abstain.WITHOUT_RERANKER, DATA / "answer_signals_without_reranker.jsonl.gz"),
}
RELEVANCES = {
    "reranker": (relevance.MODEL, DATA / "relevance_signals.jsonl.gz"),
    "words": (relevance.WITHOUT_RERANKER, DATA / "relevance_signals_without_reranker.jsonl.gz"),
}


def refitted(names: Sequence[str], rows: Sequence[Row]) -> dict[str, Any]:
    weights, bias = fit([signals for signals, _ in rows], [mark > 0 for _, mark in rows])
    return Logistic(tuple(names), tuple(map(float, weights)), bias).record()


def assert_same(kept: dict[str, Any], fitted: dict[str, Any]) -> None:
    assert list(kept["weights"]) == list(fitted["weights"])
    assert kept["weights"] == pytest.approx(fitted["weights"], abs=ROUNDING)
    assert kept["bias"] == pytest.approx(fitted["bias"], abs=ROUNDING)


@pytest.mark.parametrize("read", CALIBRATIONS)
def test_what_decides_between_answer_and_silence_is_fitted_to_kept_signals(read: str) -> None:
    path, signals = CALIBRATIONS[read]

    fitted = refitted(features.NAMES, kept_signals(signals))

    assert_same(json.loads(path.read_text()), fitted)


@pytest.mark.parametrize("read", RELEVANCES)
def test_what_tells_relevant_sentences_is_fitted_to_kept_signals(read: str) -> None:
    path, signals = RELEVANCES[read]
    rows = [
        row for row in kept_signals(signals) for _ in range(ANSWERS_COUNT if row[1] == 2 else 1)
    ]

    fitted = refitted(relevance.NAMES, rows)

    assert_same(json.loads(path.read_text()), fitted)


@pytest.mark.parametrize("read", CALIBRATIONS)
def test_the_thresholds_leave_few_answers_out_and_doubt_more(read: str) -> None:
    """Of the answerable questions .015 and .22 by cross-validation; fewer of those learnt from."""
    path, signals = CALIBRATIONS[read]
    calibration = Calibration.read(path)
    rows = kept_signals(signals)
    probability = np.array([calibration.model.probability(signals) for signals, _ in rows])
    answerable = np.array([mark > 0 for _, mark in rows])

    silent, unsure = (probability < limit for limit in (calibration.threshold, calibration.sure))

    assert 0 < silent[answerable].mean() < 0.03
    assert 0.1 < unsure[answerable].mean() < 0.3
