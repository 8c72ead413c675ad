"""Stems, worked out by hand."""

import pytest

from rag.text.stemming import folded, stem, stems, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("penalties", "fine"),
        ("Settled", "agreed"),
        ("jailed", "sentenced"),
        ("companies", "firm"),
        ("violations", "violated"),
        ("Acme’s", "acme"),
    ],
)
def test_forms_and_synonyms_of_the_field_share_a_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(("one", "other"), [("trader", "trade"), ("broker", "broke")])
def test_a_person_and_their_action_have_different_stems(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_a_number_loses_its_signs_and_commas() -> None:
    assert stem("$5,000") == stem("5000") == "5000"


def test_stop_words_have_no_stems() -> None:
    assert stems("What does the notice say of them?") == {stem("notice")}


def test_words_keep_amounts_and_inner_signs() -> None:
    assert words("A.B. paid $1,234.50 to x-ray Inc.") == [
        "A.B", "paid", "$1,234.50", "to", "x-ray", "Inc",
    ]  # fmt: skip
    assert folded("Two\n Lines") == "two lines"
