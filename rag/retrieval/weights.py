"""The weights and limits of retrieval, chosen on labelled questions."""

from dataclasses import dataclass
from pathlib import Path

from rag.config import read_weights


@dataclass(frozen=True, slots=True)
class RetrievalWeights:
    """Weights of the stages, and limits on passages and documents.

    Attributes
    ----------
    lexical, documents, dense, rerank
        Weights of the stages in the sum. Each stage scores from 0 to 1.
    in_date, of_agency, of_speaker, latest, in_focus, with_amount
        Added to the sum for a preference of the question that a passage fits: a date, an agency, a
        speaker, the newest document on the matter (half of it for the next one, a third …), a
        document that the conversation is about (its share), a sum of money.
    step_back
        Subtracted from a passage for each better passage of its document, so that one document
        does not fill the list.
    relevance, answers
        Weights of the two logits in the reranker's score of a passage
        (`rag.models.cross_encoder.Reading`).
    candidates
        Passages that each stage returns, at least.
    documents_ranked
        Documents that are ranked by their words.
    documents_opened, passages_of_opened
        The best passages of the best documents become candidates, even if passages of other
        documents score higher: the numbers of these documents, and of their passages in all.
    passages_a_document
        If the index has fewer passages per document than this, the stage ``documents`` is left
        out: most documents are then one passage, and their words would count twice.
    agency_fits
        Applies to a question with several agencies. An agency is searched separately if the score
        of its best document is at least this share of the best score among them.
    passages_read, passages_read_at_most
        Candidates that the reranker reads: as many as an average document has passages, and at
        least and at most these numbers. In a long document many passages are about the same
        matter, so the one that answers ranks lower before it is read.
    passages_of_long
        If an average document of the index has at least this many passages, the reranker that was
        trained on long documents reads.
    passages_read_by_sentence
        First candidates of the new ranking of which the reranker then reads each sentence.
    compared_for_copies
        Near-duplicates among this many first passages move to the end of them.
    neighbours_after
        After this many passages come those next to the first one in its document.
    """

    lexical: float
    documents: float
    dense: float
    rerank: float
    in_date: float
    of_agency: float
    of_speaker: float
    latest: float
    in_focus: float
    with_amount: float
    step_back: float
    relevance: float
    answers: float
    candidates: int
    documents_ranked: int
    documents_opened: int
    passages_of_opened: int
    passages_a_document: float
    agency_fits: float
    passages_read: int
    passages_read_at_most: int
    passages_of_long: int
    passages_read_by_sentence: int
    compared_for_copies: int
    neighbours_after: int

    def passages_read_of(self, passages: int, documents: int) -> int:
        """How many candidates the reranker reads in an index of this many passages."""
        average = round(passages / max(1, documents))
        return min(max(self.passages_read, average), self.passages_read_at_most)

    def is_of_long(self, passages: int, documents: int) -> bool:
        """Whether an index of this many passages is one of long documents."""
        return passages >= self.passages_of_long * max(1, documents)

    @property
    def stages(self) -> dict[str, float]:
        """The weight of each stage, by its name."""
        return {
            "lexical": self.lexical,
            "documents": self.documents,
            "dense": self.dense,
            "rerank": self.rerank,
        }


PATH = Path(__file__).with_name("weights.json")
WEIGHTS = read_weights(RetrievalWeights, PATH)
"""The weights in use; `tests/benchmarks/tune_weights.py` finds them again."""
