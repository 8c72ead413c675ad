"""Duplicates and near-duplicates among documents."""

from dataclasses import replace

import numpy as np

from rag.load.duplicates import sketch, without_duplicates
from rag.types import Document

SENTENCES = [
    f"Defendant number {n} paid {n * 37} dollars to customer {n * n} in the month of claim {n}."
    for n in range(60)
]
TEXT = " ".join(SENTENCES)


def document(name: str, text: str, doc_id: str = "") -> Document:
    return Document(doc_id or name, name, text, f"folder/{name}", "sha")


def test_the_same_text_in_two_files_is_one_document_that_names_both() -> None:
    kept = without_duplicates(
        [document("a.pdf", TEXT), document("b.txt", "Other."), document("a.docx", f"{TEXT}\n\n")]
    )

    assert [one.doc_id for one in kept] == ["a.pdf", "b.txt"]
    assert kept[0].metadata == {"also_in": ["folder/a.docx"]}


def test_two_documents_with_given_ids_are_both_kept_and_linked() -> None:
    kept = without_duplicates([document("a:1", TEXT, "LR-1"), document("a:2", TEXT, "LR-2")])

    assert [one.doc_id for one in kept] == ["LR-1", "LR-2"]
    assert kept[1].metadata == {"near_duplicate_of": ["LR-1"]}


def test_a_copy_with_one_sentence_changed_is_linked_and_another_document_is_not() -> None:
    changed = " ".join([*SENTENCES[:30], "Amended on appeal.", *SENTENCES[31:]])
    half = " ".join([*SENTENCES[:30], *(line.replace("paid", "never owed") for line in SENTENCES)])

    kept = without_duplicates([document("a", TEXT), document("b", changed), document("c", half)])

    assert kept[1].metadata == {"near_duplicate_of": ["a"]}
    assert kept[2].metadata == {}


def test_a_sketch_does_not_depend_on_white_space_case_or_place() -> None:
    moved = sketch("Something before. " * 5 + TEXT.upper().replace(" ", "\n"))

    assert len(np.intersect1d(sketch(TEXT), moved)) == len(sketch(TEXT))
    assert len(sketch("short")) == 0


def test_nothing_else_of_a_document_changes() -> None:
    one = replace(document("a", TEXT), metadata={"agency": "SEC"}, page_starts=(0, 5))

    assert without_duplicates([one]) == [one]
