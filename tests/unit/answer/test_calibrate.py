"""A logistic model that finds what separates, and is tested on what it has not seen."""

from pathlib import Path

import pytest

from rag.answer.calibrate import Calibration, cross_validated, fit

SIGNALS = [(x / 10, 0.5) for x in range(10)] * 4
ANSWERS = [x >= 5 for x in range(10)] * 4


def test_the_signal_that_separates_gets_the_weight() -> None:
    model = fit(("good", "idle"), SIGNALS, ANSWERS, penalty=0.1)

    assert model.weights[0] > 1
    assert model.weights[1] == pytest.approx(0)
    assert model.probability((0.9, 0.5)) > 0.8 > 0.2 > model.probability((0.0, 0.5))


def test_the_threshold_keeps_the_share_of_wrong_silence() -> None:
    model = fit(("good", "idle"), SIGNALS, ANSWERS, silent=0.2, penalty=0.1)

    silent = [
        model.probability(s) < model.threshold
        for s, answered in zip(SIGNALS, ANSWERS, strict=True)
        if answered
    ]
    assert sum(silent) / len(silent) <= 0.2


def test_it_is_read_back_as_written(tmp_path: Path) -> None:
    model = Calibration(("a", "b"), (1.5, -2.0), 0.25, 0.4)
    (tmp_path / "c.json").write_text(model.to_json())

    assert Calibration.read(tmp_path / "c.json") == model


def test_each_row_is_decided_by_a_model_that_has_not_seen_its_group() -> None:
    groups = [str(i % 10) for i in range(40)]

    decided = cross_validated(("good", "idle"), SIGNALS, ANSWERS, groups, folds=10, penalty=0.1)

    right = sum(d == a for d, a in zip(decided, ANSWERS, strict=True))
    assert right >= 32
