"""Scores of sentences: read alone and in their place, and by the names in their documents."""

import numpy as np
import pytest

from rag.answer.candidates import candidates
from rag.answer.scoring import likely_answers, scored
from rag.models.cross_encoder import Reading, load_reranker
from rag.question.understanding import understand
from rag.types import Document, Hit, Passage


def document(doc_id: str, title: str, text: str) -> Document:
    return Document(doc_id, title, text, f"{doc_id}.txt", "0" * 64)


def best(question: str, *documents: Document) -> str:
    hits = [
        Hit(Passage(found, 0, len(found.text)), 1 / rank, rank)
        for rank, found in enumerate(documents, start=1)
    ]
    return scored(understand(question), candidates(hits), load_reranker())[0].candidate.text


SENTENCES = {"Ann Loom": "four", "Bob Reed": "nine", "Cy Dole": "eleven", "Di Eck": "six"}


@pytest.mark.parametrize("name", SENTENCES)
def test_a_sentence_is_read_with_the_one_that_names_its_subject(name: str) -> None:
    said = (
        "{} kept books for others. A judge sentenced the defendant to {} years of prison. The "
        "scheme relied on invoices for goods that nobody had ordered, entered as sales at the end "
        "of each quarter, until an auditor asked for the goods and found that there were none."
    )
    text = " ".join(said.format(*one) for one in SENTENCES.items())
    case = document("r", "SEC v. Loom and others", text)

    assert f"{SENTENCES[name]} years" in best(f"How many years of prison did {name} get?", case)


def test_a_document_that_spells_a_name_out_comes_before_one_with_its_words_apart() -> None:
    settled = "The defendant agreed to settle the charges and to pay a penalty of"
    apart = document("a", "Release", f"John Hudson of United Foods lied to a bank. {settled} $1.")
    bank = document("b", "Release", f"Hudson United Bank moved foods by a lie. {settled} $2.")

    assert "$2" in best("What did Hudson United Bank agree to pay to settle?", apart, bank)


def test_relevance_counts_too_for_the_text_of_a_named_speaker() -> None:
    found = Reading(*(np.array(logits, np.float32) for logits in ([6, 6], [-1, -1], [0, 0])))

    assert likely_answers(found, [False, True]) == [-1.0, 0.5]
