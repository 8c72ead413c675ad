"""Duplicates and near-duplicates among documents."""

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryFile

import numpy as np

from rag.load.duplicates import Duplicates, sketch
from rag.load.resolve import Resolver, traits_from_dict, traits_of
from rag.load.source import Source
from rag.types import Document

SENTENCES = [
    f"Defendant number {n} paid {n * 37} dollars to customer {n * n} in the month of claim {n}."
    for n in range(60)
]
TEXT = " ".join(SENTENCES)


def document(name: str, text: str, doc_id: str = "") -> Document:
    return Document(doc_id or name, name, text, f"folder/{name}", "sha")


def without_duplicates(documents: Sequence[Document]) -> list[Document]:
    with TemporaryFile() as file:
        resolver = Resolver(file)
        for one in documents:
            traits = traits_of(Source(Path(one.source), one.title, "", ""), one)
            assert resolver.add(traits_from_dict(traits.to_dict())) is None
        found = zip(documents, resolver.resolved(), strict=True)
        return [resolved.of(one) for one, resolved in found if resolved]


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


def test_candidates_are_those_of_a_plain_comparison() -> None:
    """A quarter of 16 least hashes is shared; a hash of 20 earlier documents counts no more."""
    draw = random.Random(1)
    sketches = [
        np.array(sorted(draw.sample(range(1, 60), 16) + list(range(900, 980))), np.uint64)
        for _ in range(70)
    ]
    seen: defaultdict[int, list[int]] = defaultdict(list)
    expected: dict[int, list[int]] = {}
    for number, own in enumerate(sketches):
        keys = own[:16].tolist()
        shared = Counter(other for key in keys if len(seen[key]) < 20 for other in seen[key])
        alike = [other for other, count in sorted(shared.items()) if count >= 4]
        common = {
            other: len(np.intersect1d(own, sketches[other], assume_unique=True)) for other in alike
        }
        near = [other for other in alike if common[other] >= 0.8 * (192 - common[other])]
        if near:
            expected[number] = near
        for key in keys:
            seen[key].append(number)

    with TemporaryFile() as file:
        duplicates = Duplicates(file)
        for number, own in enumerate(sketches):
            duplicates.add(str(number).encode(), own, has_own_id=True)
        found = duplicates.near()

    assert found == expected
    assert sum(map(len, found.values())) > 100
