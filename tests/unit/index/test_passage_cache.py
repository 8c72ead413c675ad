"""Passages of an earlier build are taken over only where the same splitter made them."""

from pathlib import Path

import pytest

from rag.index.documents import Documents, DocumentsWriter
from rag.index.passage_cache import PassageCache
from rag.text.split import SPLITTER_VERSION
from rag.types import Passage
from tests.records import document

CASE = document("The court ordered Doe to pay a civil penalty of $5,000. Doe sold notes.", "case")


def cache(folder: Path, *, version: int) -> PassageCache:
    """A cache over a build that took the first ten characters of `CASE` for its one passage."""
    path = folder / "documents.sqlite"
    writer = DocumentsWriter(path, splitter_version=version)
    writer.add(CASE, [Passage(CASE, 0, 10)], [False])
    writer.close()
    return PassageCache(500, Documents(path))


def test_passages_of_the_same_splitter_are_taken_over(tmp_path: Path) -> None:
    passages, amounts = cache(tmp_path, version=SPLITTER_VERSION).split(CASE)

    assert [(passage.start, passage.end) for passage in passages] == [(0, 10)]
    assert amounts == [False]


@pytest.mark.parametrize("version", [0, SPLITTER_VERSION - 1, SPLITTER_VERSION + 1])
def test_passages_of_another_splitter_are_made_anew(tmp_path: Path, version: int) -> None:
    passages, amounts = cache(tmp_path, version=version).split(CASE)

    assert [passage.text for passage in passages] == [CASE.text]
    assert amounts == [True]
