"""Counts of lists."""

from rag.load.list_numbers import letters, roman, whole


def test_counts_are_written_as_in_a_list_and_huge_ones_in_digits() -> None:
    assert [roman(n) for n in (1, 4, 9, 14, 1994, 3999)] == [
        *("i", "iv", "ix", "xiv", "mcmxciv", "mmmcmxcix")
    ]
    assert [letters(n) for n in (1, 26, 27, 54)] == ["a", "z", "aa", "bbb"]
    assert [roman(0), roman(10**9), letters(0), letters(10**9)] == ["0", "1000000000"] * 2


def test_an_attribute_that_is_no_count_is_the_default() -> None:
    assert [whole(text, 1) for text in ("7", " 12 ", "-3", "x", "", None, "9" * 9000, "²")] == [
        *(7, 12, 1, 1, 1, 1, 1, 1)
    ]
