"""The way on after a refusal."""

from rag.answer.way_on import way_on
from rag.question.understanding import understand
from rag.types import Document, Mention
from tests.records import document


class Shelf:
    """Two documents, found by a name or by the letters that it begins with."""

    documents = (
        document("Binance paid. Binance's users were told so by Binance, not by Binanc."),
        document("The SEC sued Jane Roe.", "roe"),
    )

    def documents_with(self, name: str, k: int, *, misspelt: bool = False) -> list[Document]:
        part = name[:4] if misspelt else name
        return [one for one in self.documents if part in one.text][:k]


def test_documents_with_a_known_name_are_offered() -> None:
    found = way_on(understand("What did Jane Roe say?"), Shelf())

    assert found.mentions == (Mention("Jane Roe", "roe", "roe"),)
    assert found.spellings == ()


def test_the_most_frequent_close_spelling_of_an_unknown_name_is_offered() -> None:
    found = way_on(understand("What did Binanse pay?"), Shelf())

    assert found.spellings == ("Binance",)
    assert found.mentions == ()


def test_an_unknown_name_without_a_like_gives_nothing() -> None:
    found = way_on(understand("What did Egret pay?"), Shelf())

    assert (found.spellings, found.mentions) == ((), ())
