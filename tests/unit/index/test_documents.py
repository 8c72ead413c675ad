"""Documents and passages in SQLite: written, read and filtered."""

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from rag.errors import DamagedIndexError
from rag.index.documents import Documents, DocumentsWriter
from rag.question.filters import parse_filters
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


def test_a_file_of_another_kind_is_a_damaged_index(tmp_path: Path) -> None:
    (tmp_path / "documents.sqlite").write_text("no database, but long enough to be read as one")

    with pytest.raises(DamagedIndexError, match="documents.sqlite.*rag index"):
        Documents(tmp_path / "documents.sqlite")


def test_a_passage_knows_its_document_and_whether_it_names_a_sum(tmp_path: Path) -> None:
    case = Document("case", "Case", "He paid $5. She paid nothing.", "c.txt", "4" * 64)
    with closing(DocumentsWriter(tmp_path / "d.sqlite")) as writer:
        writer.add(BARE, [Passage(BARE, 0, 14)])
        writer.add(case, [Passage(case, 0, 11), Passage(case, 12, 29)])
    documents = Documents(tmp_path / "d.sqlite")

    assert documents.places([2, 1, 0]) == {0: (0, False), 1: (1, True), 2: (1, False)}
    assert documents.rows_of(1) == range(1, 3)
    assert documents.ids([1, 0]) == ["bare", "case"]


def test_days_and_listed_keys_are_read_by_document_row(path: Path) -> None:
    documents = Documents(path)

    assert documents.days([0, 1, 2]) == {
        0: (20190501, 20190501),
        1: (20070101, 20071231),
        2: (0, 0),
    }
    assert documents.values("agency") == ("ofac", "sec")
    assert documents.having("agency", "sec") == {0, 1}
    assert documents.having("speaker", "sec") == {0}
    assert documents.having("speaker", "nobody") == frozenset()


def test_a_short_form_stands_for_the_name_most_documents_give_it(tmp_path: Path) -> None:
    with closing(DocumentsWriter(tmp_path / "d.sqlite")) as writer:
        for number, name in enumerate(("Bank of Oz", "Bank of Oz", "Best Of Ohio")):
            text = f"They charged {name} (BOO) with fraud."
            writer.add(Document(str(number), "T", text, "t", "5" * 64), [])
    documents = Documents(tmp_path / "d.sqlite")

    assert documents.aliases(["boo"]) == ["bank of oz"]
    assert documents.aliases(["best of ohio"]) == ["boo"]
    assert documents.aliases(["fraud"]) == []
