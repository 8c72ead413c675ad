"""Fusion, worked out by hand."""

import pytest

from rag.fuse import fuse


def test_a_passage_liked_by_both_stages_wins() -> None:
    fused = fuse({"lexical": [10, 11], "dense": [11, 12]})

    assert [row for row, _ in fused] == [11, 10, 12]
    assert fused[0][1] == pytest.approx(1 / 62 + 1 / 61)


def test_a_weight_scales_its_stage() -> None:
    fused = fuse({"lexical": [1], "dense": [2]}, weights={"dense": 3.0}, rank_constant=9)

    assert fused == [(2, pytest.approx(0.3)), (1, pytest.approx(0.1))]


def test_ties_go_to_the_lower_row() -> None:
    assert [row for row, _ in fuse({"lexical": [7], "dense": [3]})] == [3, 7]


def test_no_rankings_give_no_passages() -> None:
    assert fuse({}) == []
