"""Corrections of a document, written to its sidecar."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import LoadError, UsageError
from rag.load import find, load
from rag.load.correct import correct, file_of, with_values
from rag.load.sidecar import read_sidecar
from rag.types import Document
from tests.unit.load.test_documents import QUICK


def loaded(folder: Path) -> list[Document]:
    return [item for item in load(find([folder]), QUICK) if isinstance(item, Document)]


def test_a_corrected_document_is_read_with_the_new_values(tmp_path: Path) -> None:
    (tmp_path / "acme.txt").write_text("On May 3, 2021, the SEC fined Acme $5,000.")
    (document,) = loaded(tmp_path)

    correct(document, {"date": "2021-05-04", "agency": ["SEC", "CFTC"], "speaker": "Acme"})

    (now,) = loaded(tmp_path)
    assert now.metadata["date"] == "2021-05-04"
    assert now.texts("agency") == ("SEC", "CFTC")
    assert now.speaker_at(0) == "Acme"


def test_a_value_taken_back_is_left_to_the_document(tmp_path: Path) -> None:
    (tmp_path / "acme.txt").write_text("On May 3, 2021, the SEC fined Acme $5,000.")
    (tmp_path / "acme.txt.toml").write_text('title = "Acme pays"\ndate = 2020-01-01\n')
    (document,) = loaded(tmp_path)

    correct(document, {"date": None})

    assert read_sidecar((tmp_path / "acme.txt.toml").read_bytes()).values == {"title": "Acme pays"}


def test_tables_and_comments_of_a_sidecar_are_kept() -> None:
    before = (
        b'# from the docket\ntitle = "T"\nparties = [\n  "A",\n  "B",\n]\n'
        b'[[speakers]]  # the letter\nfrom = "We are"\nspeaker = "A"\n'
    )

    after = with_values(before, {"title": "U", "date": "2020"}).decode()

    assert after == (
        '# from the docket\ntitle = "U"\nparties = ["A", "B"]\ndate = "2020"\n\n'
        '[[speakers]]  # the letter\nfrom = "We are"\nspeaker = "A"\n'
    )


@pytest.mark.parametrize(
    "values", [{"date": "5 May 2021"}, {"colour": "red"}, {"title": "   "}, {"parties": "Acme"}]
)
def test_a_value_that_is_not_valid_is_refused(values: dict[str, str]) -> None:
    with pytest.raises(LoadError):
        with_values(b"", values)


def test_a_row_of_an_export_is_corrected_in_the_export(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("title,text\nAcme,Acme paid $5.\nBrae,Brae paid $7.\n")
    document = loaded(tmp_path)[0]

    assert file_of(document) is None
    with pytest.raises(UsageError, match="part of a file"):
        correct(document, {"title": "Acme"})


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_title_is_read_back_as_it_was_written(title: str) -> None:
    if title.strip():
        assert tomllib.loads(with_values(b"", {"title": title}).decode())["title"] == title
