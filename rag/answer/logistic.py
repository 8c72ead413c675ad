"""Logistic models over signals: fit, cross-validation and storage."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_PENALTY = 5.0
"""Strength of the L2 penalty on the weights of standardised signals."""


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic model. ``weights`` and ``bias`` apply to unscaled signals."""

    names: tuple[str, ...]
    weights: tuple[float, ...]
    bias: float

    def probability(self, signals: Sequence[float]) -> float:
        """The probability, 0 to 1, of one row of signals in the order of ``names``."""
        total = self.bias + sum(w * s for w, s in zip(self.weights, signals, strict=True))
        return float(1 / (1 + np.exp(-total)))

    def record(self) -> dict[str, Any]:
        """JSON-ready; read it with `of`."""
        weights = zip(self.names, self.weights, strict=True)
        return {
            "bias": round(self.bias, 4),
            "weights": {name: round(weight, 4) for name, weight in weights},
        }

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> "Logistic":
        """The model in a record."""
        weights = record["weights"]
        return cls(tuple(weights), tuple(weights.values()), record["bias"])


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic model over the signals of a question, with two thresholds on its probability.

    Below ``threshold`` the outcome is ``not_found``. From ``sure`` on the sentences answer. Between
    the two the sentences are shown and the open part of the question is named as missing.
    """

    model: Logistic
    threshold: float
    sure: float

    def to_json(self) -> str:
        """JSON as stored in a file; read it with `read`."""
        thresholds = {"threshold": round(self.threshold, 4), "sure": round(self.sure, 4)}
        return json.dumps(thresholds | self.model.record(), indent=2) + "\n"

    @classmethod
    def read(cls, path: Path) -> "Calibration":
        """The calibration in a file with the JSON of `to_json`."""
        record = json.loads(path.read_text(encoding="utf-8"))
        return cls(Logistic.of(record), record["threshold"], record["sure"])


def fit(signals: Sequence[Sequence[float]], answers: Sequence[bool]) -> tuple[Array, float]:
    """Weights and bias by penalised maximum likelihood (Newton's method).

    The two classes weigh the same in total. Both must occur.

    Parameters
    ----------
    signals
        Shape ``(rows, signals)``.
    answers
        The label of each row.

    Returns
    -------
    tuple
        Weights of shape ``(signals,)`` for unscaled signals, and the bias.
    """
    x, y = np.asarray(signals, float), np.asarray(answers, float)
    mean, spread = x.mean(0), x.std(0)
    spread[spread == 0] = 1.0
    scaled = np.hstack([(x - mean) / spread, np.ones((len(x), 1))])
    share = y.mean()
    row_weight = np.where(y == 1, 0.5 / share, 0.5 / (1 - share))
    ridge = np.diag([_PENALTY] * x.shape[1] + [0.0])
    beta = np.zeros(scaled.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-(scaled @ beta)))
        gradient = scaled.T @ (row_weight * (y - p)) - ridge @ beta
        hessian = (scaled * (row_weight * p * (1 - p))[:, None]).T @ scaled + ridge
        step = np.linalg.solve(hessian + 1e-9 * np.eye(len(beta)), gradient)
        beta += step
        if np.abs(step).max() < 1e-8:
            break
    weights = beta[:-1] / spread
    return weights, float(beta[-1] - (weights * mean).sum())


def cross_validated(
    signals: Sequence[Sequence[float]],
    answers: Sequence[bool],
    groups: Sequence[str],
    *,
    learn: Sequence[bool] | None = None,
    folds: int = 10,
) -> list[float]:
    """The probability of each row, by a model that was fitted without its group.

    Rows of one group (questions about the same documents, with and without them) are in one fold,
    so no model is tested on documents that it was fitted on.

    Parameters
    ----------
    learn
        True for the rows to fit on; None for all. Rows with False are only tested.
    """
    x, y = np.asarray(signals, float), np.asarray(answers)
    learned = np.ones(len(x), bool) if learn is None else np.asarray(learn)
    order = {group: i for i, group in enumerate(dict.fromkeys(groups))}
    fold = np.array([order[group] % folds for group in groups])
    probability = np.zeros(len(x))
    for tested in range(min(folds, len(order))):
        out = fold == tested
        weights, bias = fit(x[~out & learned], y[~out & learned])
        probability[out] = 1 / (1 + np.exp(-(x[out] @ weights + bias)))
    return [float(p) for p in probability]
