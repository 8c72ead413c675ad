"""Spaces that OCR lost."""

from dataclasses import replace

import numpy as np

from rag.load.pdf.spaces import OcrLine, with_lost_spaces


def drawn(words: str, read: str, *, top: int = 0) -> tuple[OcrLine, np.ndarray]:
    """``words`` as bars of eight pixels, two apart; a space is ten wide. And as they were read."""
    ink = np.zeros((top + 32, 10 * len(words)), dtype=bool)
    for index, character in enumerate(words):
        ink[top + 4 : top + 28, 10 * index + 1 : 10 * index + 9] = character != " "
    shown = [index for index, character in enumerate(words) if character != " "]
    edges = np.zeros((len(read), 2))
    places = iter(shown)
    for index, character in enumerate(read):
        if character != " ":
            left = 10.0 * next(places)
            edges[index] = left, left + 10
        else:
            edges[index] = edges[index - 1, 1], edges[index - 1, 1] + 10
    return OcrLine(read, edges, top, top + 32, 0.9), ink


def test_a_gap_as_wide_as_a_space_is_one() -> None:
    line, ink = drawn("it was a fine of five million", "it was a fineof five million")

    (mended,) = with_lost_spaces([line], ink)

    assert mended.text == "it was a fine of five million"
    assert mended.edges[13].tolist() == [130.0, 140.0]


def test_a_line_with_its_spaces_does_not_change() -> None:
    line, ink = drawn("it was a fine of five million", "it was a fine of five million")

    assert with_lost_spaces([line], ink) == [line]


def test_a_letter_spaced_heading_is_not_split_into_letters() -> None:
    line, ink = drawn("it was a fine of five million", "it was a fine of five million")
    wide, _ = drawn("N O T I C E", "NOTICE")
    both = np.zeros((64, ink.shape[1]), dtype=bool)
    both[:32] = ink
    both[32:, :110] = drawn("N O T I C E", "NOTICE")[1]

    mended = with_lost_spaces([line, replace(wide, top=32, bottom=64)], both)

    assert mended[1].text == "NOTICE"


def test_a_page_with_few_spaces_does_not_change() -> None:
    line, ink = drawn("a fine of", "a fineof")

    assert with_lost_spaces([line], ink)[0].text == "a fineof"
