"""Lexical search: relevance, word forms, and the same filters as for documents."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import tantivy
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import DamagedIndexError
from rag.index.documents import Documents, DocumentsWriter
from rag.index.lexical import Lexical, LexicalWriter, analyzer
from rag.question.filters import Filters, parse_filters
from rag.question.understanding import understand
from rag.text.split import searched_text
from rag.types import Document, Passage


def _one(doc_id: str, text: str, **metadata: object) -> Document:
    return Document(doc_id, doc_id, text, doc_id, "0" * 64, metadata)


CORPUS = [
    _one("spoofing", "The trader spoofed the options market.", agency="SEC", date="2019-03-01"),
    _one("staking", "Kraken sold staking services.", agency="SEC", type="complaint", date="2023"),
    _one("cuba", "A bank processed transfers for Cuba.", agency="OFAC", date="2019"),
    _one("undated", "A statement about staking.", agency=["OFAC", "SEC"]),
    _one("glued", "Elm UniversityNew York, NY 10038 Haiti2003 Travel $5,600.00", agency="OFAC"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The corpus as an index of one passage a document, with the documents beside it."""
    folder = tmp_path_factory.mktemp("lexical")
    lexical = LexicalWriter(folder / "lexical")
    for doc in CORPUS:
        lexical.add(doc, [searched_text(Passage(doc, 0, len(doc.text)))])
    lexical.close()
    writer = DocumentsWriter(folder / "documents.sqlite")
    for doc in CORPUS:
        writer.add(doc, [Passage(doc, 0, len(doc.text))])
    writer.close()
    return folder


def rows(folder: Path, question: str, *, filters: Filters | None = None) -> list[int]:
    """The rows found for a question, best first."""
    lexical = Lexical(folder / "lexical")
    return [row for row, _ in lexical.passages(understand(question), 10, filters=filters)]


def test_another_form_of_a_word_is_found(folder: Path) -> None:
    found = Lexical(folder / "lexical").passages(understand("who was spoofing option markets"), 10)

    assert found[0][0] == 0
    assert found[0][1] > 0


def test_run_together_words_are_found_whole_and_by_their_parts(folder: Path) -> None:
    assert rows(folder, "What did Elm University pay?")[0] == 4
    assert rows(folder, "Haiti")[0] == 4
    assert rows(folder, "UniversityNew")[0] == 4


def test_query_syntax_in_a_question_is_only_words(folder: Path) -> None:
    assert {1, 3} <= set(rows(folder, 'staking) AND agency:"OFAC" +[a TO *] ~9 ^^ \\'))


def test_a_question_without_words_finds_nothing(folder: Path) -> None:
    assert rows(folder, "?! …") == []


def test_a_misspelt_name_finds_its_document(folder: Path) -> None:
    assert rows(folder, "Krakken") == [1]
    assert rows(folder, "tranfsers") == [2]


def test_a_word_that_is_there_is_not_taken_for_a_misspelling(folder: Path) -> None:
    assert rows(folder, "trader") == [0]


def test_words_in_the_order_of_a_quotation_come_first(folder: Path) -> None:
    assert rows(folder, '"statement about" Kraken staking services sold')[0] == 3


def test_a_passage_is_found_by_words_of_its_document_and_the_document_by_its_passages(
    tmp_path: Path,
) -> None:
    text = f"Smith & Co. sold notes. {'It promised returns. ' * 20}The firm paid $5."
    case = _one("smith", text)
    end = len(text)
    own = [Passage(case, 0, 100), Passage(case, end - 17, end)]
    writer = LexicalWriter(tmp_path / "lexical")
    writer.add(case, map(searched_text, own))
    writer.add(CORPUS[0], [searched_text(Passage(CORPUS[0], 0, 20))])
    writer.close()
    lexical = Lexical(tmp_path / "lexical")

    assert {row for row, _ in lexical.passages(understand("Smith & Co."), 9)} == {0, 1}
    assert [row for row, _ in lexical.documents(understand("paid"), 9)] == [0]
    assert [row for row, _ in lexical.documents(understand("spoofing"), 9)] == [1]


_VALUES = st.sampled_from(["SEC", "ofac", "FCA"])
_DATES = st.sampled_from([None, "2007", "2019", "2019-03", "2019-03-01", "2019-03-02", "2023"])


@given(
    st.fixed_dictionaries(
        {
            "agency": st.lists(_VALUES, max_size=2),
            "type": st.sampled_from([None, "complaint"]),
            "document": st.sampled_from([None, "cuba", ["staking", "undated"]]),
            "date_from": _DATES,
            "date_to": _DATES,
        }
    )
)
@settings(max_examples=60, deadline=None)
def test_both_stages_let_the_same_passages_through(folder: Path, given: dict[str, object]) -> None:
    filters = parse_filters(given)
    every_word = " ".join(doc.text for doc in CORPUS)

    lexical = set(rows(folder, every_word, filters=filters))

    allowed = Documents(folder / "documents.sqlite").allowed(filters)
    assert lexical == (set(range(len(CORPUS))) if allowed is None else set(allowed.tolist()))


def test_a_folder_without_an_index_is_a_damaged_index(tmp_path: Path) -> None:
    with pytest.raises(DamagedIndexError, match="rag index"):
        Lexical(tmp_path)


def test_filters_that_nothing_passes_find_nothing(folder: Path) -> None:
    filters = Filters(agency=("nobody",))

    assert rows(folder, "staking", filters=filters) == []


def test_a_misspelt_name_tells_more_than_a_common_word(folder: Path) -> None:
    assert rows(folder, "statement of Krakem")[0] == 1


def test_a_short_word_or_one_with_two_wrong_letters_is_not_taken_for_another(folder: Path) -> None:
    assert rows(folder, "bonk") == []
    assert rows(folder, "Krokem") == []


@pytest.mark.parametrize(
    ("name", "misspelt", "expected"),
    [
        ("Kraken", False, ["staking"]),
        ("Kraken services", False, ["staking"]),
        ("Kraken trader", False, []),
        ("Kraxen", False, []),
        ("Kraxen", True, ["staking"]),
        ("Xyz", True, []),
    ],
)
def test_documents_are_found_by_a_name_that_they_hold(
    folder: Path, name: str, misspelt: bool, expected: list[str]
) -> None:
    rows = Lexical(folder / "lexical").documents_with(name, 5, misspelt=misspelt)

    assert [CORPUS[row].doc_id for row in rows] == expected


def test_documents_with_a_name_pass_the_filters(folder: Path) -> None:
    lexical = Lexical(folder / "lexical")

    assert lexical.documents_with("Kraken", 5, filters=parse_filters({"agency": "OFAC"})) == []


def test_no_thread_opens_files_that_change_under_the_reader(tmp_path: Path) -> None:
    folder = tmp_path / "lexical"
    writer = LexicalWriter(folder)
    writer.close()
    opened = Lexical(folder)._documents._index
    changed = tantivy.Index.open(str(folder / "documents"))
    changed.register_tokenizer("words", analyzer())
    adding = changed.writer(num_threads=1)
    adding.add_document(tantivy.Document())
    adding.commit()
    adding.wait_merging_threads()
    time.sleep(1.2)  # tantivy looks for changes twice a second, unless it is told not to

    assert tantivy.Index.open(str(folder / "documents")).searcher().num_docs == 1
    assert opened.searcher().num_docs == 0


@contextmanager
def _somebody_else(folder: Path) -> Iterator[Path]:
    """A copy that this user may read and not write; root becomes another user meanwhile."""
    with tempfile.TemporaryDirectory() as above:
        os.chmod(above, 0o755)
        copy = Path(shutil.copytree(folder, Path(above) / "copy"))
        for path in (*copy.rglob("*"), copy):
            path.chmod(0o555 if path.is_dir() else 0o444)
        root = os.geteuid() == 0
        try:
            if root:
                os.seteuid(65534)
            yield copy
        finally:
            if root:
                os.seteuid(0)
            for path in (copy, *copy.rglob("*")):
                path.chmod(0o755)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="a system without users")
def test_a_reader_need_not_own_the_index(folder: Path) -> None:
    own = rows(folder, "staking services")
    with _somebody_else(folder) as copy:
        with pytest.raises(PermissionError):
            (copy / "lexical" / "passages" / "new").touch()
        assert rows(copy, "staking services") == own
    assert own
