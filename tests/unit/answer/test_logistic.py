"""The logistic model: fit, storage and cross-validation."""

from pathlib import Path

import pytest

from rag.answer.logistic import Calibration, Logistic, cross_validated, fit

SIGNALS = [(x / 10, 0.5) for x in range(10)] * 40
ANSWERS = [x >= 5 for x in range(10)] * 40


def model() -> Logistic:
    weights, bias = fit(SIGNALS, ANSWERS)
    return Logistic(("good", "idle"), (weights[0], weights[1]), bias)


def test_the_signal_that_separates_gets_the_weight() -> None:
    found = model()

    assert found.weights[0] > 1
    assert found.weights[1] == pytest.approx(0)
    assert found.probability((0.9, 0.5)) > 0.8 > 0.2 > found.probability((0.0, 0.5))


def test_a_calibration_is_read_back_as_written(tmp_path: Path) -> None:
    kept = Calibration(Logistic(("a", "b"), (1.5, -2.0), 0.25), 0.4, 0.6)
    (tmp_path / "c.json").write_text(kept.to_json())

    assert Calibration.read(tmp_path / "c.json") == kept


def test_each_row_is_judged_by_a_model_that_has_not_seen_its_group() -> None:
    groups = [str(i % 10) for i in range(len(SIGNALS))]

    probability = cross_validated(SIGNALS, ANSWERS, groups)

    right = sum((p >= 0.5) == a for p, a in zip(probability, ANSWERS, strict=True))
    assert right >= 0.8 * len(SIGNALS)


def test_rows_outside_the_fit_are_still_tested() -> None:
    groups = [str(i % 20) for i in range(len(SIGNALS))]
    wrong = [not answer for answer in ANSWERS]

    probability = cross_validated(
        SIGNALS + SIGNALS,
        ANSWERS + wrong,
        groups + groups,
        learn=[True] * len(SIGNALS) + [False] * len(SIGNALS),
    )

    assert probability[:10] == pytest.approx(probability[len(SIGNALS) : len(SIGNALS) + 10])
    assert probability[0] < 0.5 < probability[9]
