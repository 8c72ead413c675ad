"""Coverage and places, worked out by hand."""

import pytest

from rag.evaluate.measures import coverage, first_place, wrong_share

RANKING = [("a", 0, 100), ("b", 0, 100), ("a", 100, 200)]


def covered(*gold: tuple[str, int, int], budget: int = 300, **options: object) -> float:
    alternatives = options.get("alternatives", ())
    assert isinstance(alternatives, tuple)
    return coverage(
        RANKING, gold, alternatives, budget=budget, each=bool(options.get("each", False))
    )


def test_a_span_within_the_budget_is_covered_and_one_beyond_it_is_not() -> None:
    assert covered(("a", 10, 50), budget=100) == 1.0
    assert covered(("b", 10, 50), budget=100) == 0.0


def test_the_passage_at_the_end_of_the_budget_counts_as_far_as_it_was_read() -> None:
    assert covered(("b", 0, 50), budget=150) == 1.0
    assert covered(("b", 0, 50), budget=144) == 0.0  # 44 of 50 characters


def test_nine_tenths_of_a_span_are_enough() -> None:
    assert covered(("b", 0, 50), budget=145) == 1.0


def test_a_span_may_be_covered_by_two_passages() -> None:
    assert covered(("a", 80, 120), budget=300) == 1.0
    assert covered(("a", 80, 120), budget=200) == 0.0


def test_characters_retrieved_twice_are_counted_once_in_a_span() -> None:
    twice = [("a", 0, 50), ("a", 0, 50)]

    assert coverage(twice, [("a", 0, 100)], [], budget=100, each=False) == 0.0


def test_the_share_of_several_gold_spans_is_taken() -> None:
    assert covered(("a", 0, 10), ("c", 0, 10)) == 0.5


def test_an_alternative_answers_alone_but_in_a_multi_question_stands_for_one_span() -> None:
    gold = [("c", 0, 10), ("d", 0, 10)]
    alternatives = (("a", 0, 10),)

    assert covered(*gold, alternatives=alternatives) == 1.0
    assert covered(*gold, alternatives=alternatives, each=True) == 0.5


def test_alternatives_of_a_multi_question_never_count_beyond_the_gold() -> None:
    assert covered(("a", 0, 10), alternatives=(("b", 0, 10),), each=True) == 1.0


def test_the_first_place_is_that_of_the_first_right_document() -> None:
    assert first_place(["x", "y", "x"], {"y"}) == 2
    assert first_place(["x"], {"y"}) is None


def test_the_wrong_share_counts_characters_up_to_the_budget() -> None:
    assert wrong_share(RANKING, {"a"}, budget=150) == pytest.approx(50 / 150)
    assert wrong_share([], {"a"}, budget=150) == 0.0
