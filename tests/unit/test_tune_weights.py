"""The search for better weights: folds by document, and no set that loses."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rag.evaluate import LabelledQuestion
from rag.evaluate.questions import Span
from tests.benchmarks.tune_weights import ROOMS, _folds, _tuned


@dataclass
class Case:
    """A question whose figure is a function of the weights."""

    set: str
    figure: Callable[[Any], float]
    documents: tuple[str, ...] = ("a",)

    @property
    def question(self) -> LabelledQuestion:
        return LabelledQuestion("q", "fact", "Who?", gold=tuple(map(Span, self.documents)))

    def figures(self, room: str, weights: Any) -> tuple[float, ...]:
        return (self.figure(weights),)


ROOM = ROOMS["retrieval"]
DENSE = ROOM.weights.dense


def tuned(*cases: Case, tolerance: float = 0.0) -> Any:
    return _tuned(ROOM, cases, [0, 0.5, 2], tolerance)  # type: ignore[arg-type]


def test_questions_with_a_document_in_common_are_in_one_fold() -> None:
    cases = [Case("s", float, documents) for documents in (("a", "b"), ("c",), ("b", "d"), ("d",))]

    first, second, third, fourth = _folds(cases, 5)  # type: ignore[arg-type]

    assert first == third == fourth != second


def test_a_weight_moves_to_the_best_of_its_factors() -> None:
    found = tuned(Case("s", lambda weights: -abs(weights.dense - 2 * DENSE)))

    assert found.dense == 2 * DENSE
    assert found.lexical == ROOM.weights.lexical


def test_a_change_with_which_one_set_loses_is_not_taken() -> None:
    gains = Case("one", lambda weights: 10 * weights.dense)
    loses = Case("other", lambda weights: -0.1 * weights.dense)

    assert tuned(gains, loses) == ROOM.weights
    assert tuned(gains, loses, tolerance=0.1).dense == 2 * DENSE


def test_a_weight_that_makes_no_difference_stays() -> None:
    assert tuned(Case("s", lambda weights: 1.0)) == ROOM.weights
