"""Fits the decision "do the documents say?" to labelled questions, and says how well it holds."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic model over signals: answer where the probability is at least ``threshold``.

    ``weights`` and ``bias`` apply to signals as they are (no scaling is left to undo).
    """

    names: tuple[str, ...]
    weights: tuple[float, ...]
    bias: float
    threshold: float

    def probability(self, signals: Sequence[float]) -> float:
        """How likely the candidates answer the question, 0 to 1."""
        total = self.bias + sum(w * s for w, s in zip(self.weights, signals, strict=True))
        return float(1 / (1 + np.exp(-total)))

    def to_json(self) -> str:
        """As kept in a file; `read` reads it back."""
        record: dict[str, Any] = {
            "threshold": round(self.threshold, 4),
            "bias": round(self.bias, 4),
            "weights": {
                name: round(weight, 4)
                for name, weight in zip(self.names, self.weights, strict=True)
            },
        }
        return json.dumps(record, indent=2) + "\n"

    @classmethod
    def read(cls, path: Path) -> "Calibration":
        """The calibration in a file that `to_json` made."""
        record = json.loads(path.read_text(encoding="utf-8"))
        weights = record["weights"]
        return cls(tuple(weights), tuple(weights.values()), record["bias"], record["threshold"])


def fit(
    names: Sequence[str],
    signals: Sequence[Sequence[float]],
    answers: Sequence[bool],
    *,
    silent: float = 0.08,
    penalty: float = 2.0,
) -> Calibration:
    """Fit weights by penalised maximum likelihood (Newton's method), classes weighing the same.

    Parameters
    ----------
    signals
        One row for each question, in the order of ``names``.
    answers
        Whether the candidates of the row do answer.
    silent
        The threshold is set so that at most this share of the answering rows falls below it.
    penalty
        Strength of the L2 penalty on the weights of standardised signals.
    """
    x, y = np.asarray(signals, float), np.asarray(answers, float)
    mean, spread = x.mean(0), x.std(0)
    spread[spread == 0] = 1.0
    scaled = np.hstack([(x - mean) / spread, np.ones((len(x), 1))])
    share = y.mean()
    row_weight = np.where(y == 1, 0.5 / share, 0.5 / (1 - share))
    ridge = np.diag([penalty] * x.shape[1] + [0.0])
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
    bias = float(beta[-1] - (weights * mean).sum())
    p = 1 / (1 + np.exp(-(x @ weights + bias)))
    threshold = float(np.quantile(p[y == 1], silent, method="lower"))
    return Calibration(tuple(names), tuple(float(w) for w in weights), bias, threshold)


def cross_validated(
    names: Sequence[str],
    signals: Sequence[Sequence[float]],
    answers: Sequence[bool],
    groups: Sequence[str],
    *,
    folds: int = 10,
    silent: float = 0.08,
    penalty: float = 2.0,
) -> list[bool]:
    """What each row is decided as by a calibration that has not seen its group.

    Rows of one group (the same question, with and without its documents) stay together, so that
    no fold learns the question it is tested on.
    """
    order = {group: i for i, group in enumerate(dict.fromkeys(groups))}
    fold = [order[group] % folds for group in groups]
    decided = [False] * len(signals)
    for held in range(folds):
        train = [i for i in range(len(signals)) if fold[i] != held]
        model = fit(
            names,
            [signals[i] for i in train],
            [answers[i] for i in train],
            silent=silent,
            penalty=penalty,
        )
        for i in range(len(signals)):
            if fold[i] == held:
                decided[i] = model.probability(signals[i]) >= model.threshold
    return decided
