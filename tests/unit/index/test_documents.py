"""Documents and passages survive the way to disk and back, and filters select the right rows."""

from pathlib import Path

import numpy as np
import pytest

from rag.errors import DamagedIndexError
from rag.filters import parse_filters
from rag.index.documents import Documents, DocumentsWriter
from rag.types import Document, Passage

ORDER = Document(
    doc_id="order",
    title="Order – “final”",
    text="Page one.\x0cPage two. 𝔸",
    source="order.pdf",
    sha256="1" * 64,
    metadata={"agency": "SEC", "type": "order", "date": "2019-05-01", "parties": ["A", "B"]},
    page_starts=(0, 10),
    speaker_starts=((0, "SEC"),),
)
RELEASE = Document(
    "release", "Release", "Text.", "r.txt", "2" * 64, {"agency": ["OFAC", "SEC"], "date": "2007"}
)
BARE = Document("bare", "Bare", "Nothing known.", "b.txt", "3" * 64)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Three documents with four passages: rows 0 and 1, 2, 3."""
    path = tmp_path / "documents.sqlite"
    writer = DocumentsWriter(path)
    writer.add(ORDER, [Passage(ORDER, 0, 9, ("I", "A")), Passage(ORDER, 10, 21)])
    writer.add(RELEASE, [Passage(RELEASE, 0, 5)])
    writer.add(BARE, [Passage(BARE, 0, 14)])
    writer.close()
    return path


def test_every_field_of_a_document_comes_back_equal(path: Path) -> None:
    assert list(Documents(path).all()) == [ORDER, RELEASE, BARE]
    assert Documents(path).document("order") == ORDER
    assert Documents(path).document("nowhere") is None


def test_passages_come_in_the_order_asked_for(path: Path) -> None:
    passages = Documents(path).passages([2, 0])

    assert passages == [Passage(RELEASE, 0, 5), Passage(ORDER, 0, 9, ("I", "A"))]


@pytest.mark.parametrize(
    ("filters", "rows"),
    [
        ({"agency": "sec"}, [0, 1, 2]),
        ({"agency": "OFAC"}, [2]),
        ({"agency": ["OFAC", "FCA"]}, [2]),
        ({"type": "order", "agency": "SEC"}, [0, 1]),
        ({"document": "bare"}, [3]),
        ({"date_from": "2007-06"}, [0, 1, 2]),
        ({"date_from": "2008"}, [0, 1]),
        ({"date_to": "2007-01-01"}, [2]),
        ({"date_from": "2019-05-01", "date_to": "2019-05-01"}, [0, 1]),
        ({"agency": "FCA"}, []),
    ],
)
def test_filters_select_rows(path: Path, filters: dict[str, str], rows: list[int]) -> None:
    documents = Documents(path)

    allowed = documents.allowed(parse_filters(filters))

    assert allowed is not None
    assert allowed.tolist() == rows
    assert allowed.dtype == np.int64
    assert documents.count(parse_filters(filters))[1] == len(rows)


def test_no_filter_allows_everything_without_listing_it(path: Path) -> None:
    assert Documents(path).allowed(parse_filters({})) is None
    assert Documents(path).count(parse_filters({})) == (3, 4)


def test_what_is_no_database_is_a_damaged_index(tmp_path: Path) -> None:
    (tmp_path / "documents.sqlite").write_text("no database, but long enough to be read as one")

    with pytest.raises(DamagedIndexError, match="documents.sqlite.*rag index"):
        Documents(tmp_path / "documents.sqlite")
