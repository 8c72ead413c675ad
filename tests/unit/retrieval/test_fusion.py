"""Fusion, worked out by hand."""

import pytest

from rag.retrieval.fusion import by_best, fuse, spread


def test_the_best_score_becomes_one_and_the_others_shares_of_it() -> None:
    assert by_best({7: 20.0, 8: 5.0}) == {7: 1.0, 8: 0.25}


def test_no_scores_and_scores_of_zero_stay_as_they_are() -> None:
    assert by_best({}) == {}
    assert by_best({1: 0.0}) == {1: 0.0}


def test_a_passage_liked_by_both_stages_wins() -> None:
    fused = fuse({"lexical": {10: 1.0, 11: 0.8}, "dense": {11: 1.0, 12: 0.9}}, {"dense": 0.5})

    assert fused == {10: 1.0, 11: pytest.approx(1.3), 12: pytest.approx(0.45)}


def test_no_stages_give_no_passages() -> None:
    assert fuse({}, {}) == {}


def test_without_a_step_the_score_alone_ranks_and_ties_go_to_the_lower_row() -> None:
    ranked = spread({3: 1.0, 1: 1.0, 2: 2.0}, {1: 0, 2: 0, 3: 1}, step=0.0)

    assert ranked == [(2, 2.0), (1, 1.0), (3, 1.0)]


def test_each_further_passage_of_a_document_steps_back_once_more() -> None:
    ranked = spread({1: 1.0, 2: 0.95, 3: 0.9, 4: 0.87}, {1: 0, 2: 0, 3: 0, 4: 1}, step=0.05)

    assert ranked == [(1, 1.0), (2, pytest.approx(0.9)), (4, 0.87), (3, pytest.approx(0.8))]


def test_within_a_document_the_order_of_scores_is_kept() -> None:
    ranked = spread({row: -float(row) for row in range(9)}, dict.fromkeys(range(9), 0), step=5.0)

    assert [row for row, _ in ranked] == list(range(9))
