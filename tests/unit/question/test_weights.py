"""Each weight of a question's words decides which document is found."""

from dataclasses import fields

import pytest

from rag.index.lexical import Lexical, LexicalWriter
from rag.question.understanding import understand
from rag.question.weights import WEIGHTS, QuestionWeights
from rag.text.split import searched_text
from rag.types import Document, Passage
from tests.weights import came_of

RELEASES = {
    # The right one of each pair comes second: where words count nothing, the first wins.
    "levy": "Firms may pay online.",
    "folsom": "A trader from Folsom placed orders to cancel them and had to pay $373,885.",
    "freight-ports": "Kettle Freight shipped goods to embargoed ports.",
    "freight-cuba": "Kettle Freight, in its boats, carried tourists to Cuba.",
    "steel": "Ammer ran a steel mill in Gary.",
    "acquittal": "Ammer was found not guilty by a jury, and was freed.",
    "notes-apart": "Bank of foods: United Hudson foods, united with a Hudson bank in its foods.",
    "notes": "Notes of Hudson United Bank were sold to investors who knew of no other offer.",
    "release-of-judgment": "The judgment in the release on spoofing ends the spoofing case.",
    "release-25711": "Litigation Release No. 25711 is on the case of a broker.",
}


@pytest.fixture(scope="module")
def lexical(tmp_path_factory: pytest.TempPathFactory) -> Lexical:
    folder = tmp_path_factory.mktemp("words") / "lexical"
    writer = LexicalWriter(folder)
    for doc_id, text in RELEASES.items():
        document = Document(doc_id, "Release", text, doc_id, "0" * 64)
        writer.add(document, [searched_text(Passage(document, 0, len(text)))])
    writer.close()
    return Lexical(folder)


def first(lexical: Lexical, weights: QuestionWeights, text: str, *history: str) -> str:
    """The document whose words fit best."""
    question = understand(text, history, weights=weights)
    row, _ = lexical.passages(question, len(RELEASES))[0]
    return list(RELEASES)[row]


FINDS = {
    # A follow-up names nothing: the earlier question does.
    "earlier": (("and how much did he pay?", "Who was the trader from Folsom?"), "folsom"),
    # "No, the other one" still belongs to the matter that was asked about.
    "turned_away": (("No, I mean Kettle Freight", "Who took tourists to Cuba?"), "freight-cuba"),
    # "Walked free" is written "not guilty".
    "synonym": (("Ammer walked free",), "acquittal"),
    # The number of a release tells more than the words around it.
    "number": (("spoofing release 25711",), "release-25711"),
    # A name in quotation marks is not its words apart.
    "phrase": (('foods of "Hudson United Bank"',), "notes"),
}


@pytest.mark.parametrize("name", [field.name for field in fields(QuestionWeights)])
def test_each_weight_decides(lexical: Lexical, name: str) -> None:
    asked, expected = FINDS[name]

    def found(weights: QuestionWeights) -> str:
        return first(lexical, weights, *asked)

    assert came_of(found, WEIGHTS) == expected
    assert came_of(found, WEIGHTS, **{name: 0}) != expected
