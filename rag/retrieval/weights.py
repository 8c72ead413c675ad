"""What each stage of retrieval counts for, chosen on labelled questions."""

from dataclasses import dataclass
from pathlib import Path

from rag.config import read_weights


@dataclass(frozen=True, slots=True)
class RetrievalWeights:
    """Weights of the stages, and how many passages and documents each looks at.

    Attributes
    ----------
    lexical, documents, dense, rerank
        What the best of a stage is worth in the sum; each stage scores from 0 to 1.
    in_date, of_agency, of_speaker, latest, with_amount
        What it is worth, in the same measure, to fit a preference that the question says: a date,
        an agency, a speaker, the newest document, a sum of money.
    step_back
        What a passage loses for each better one of its document, so that others get a word in.
    relevance, answers
        What the reranker's logits count for in its score of a passage: its relevance as the model
        knew it before it was taught, and whether it answers.
    candidates
        Passages that each stage hands on, at least.
    documents_ranked
        Documents that are ranked by their words.
    documents_opened, passages_of_opened
        Of this many best documents so many passages are candidates, however many others are better.
    passages_a_document
        With fewer passages to a document in the index, most documents are one passage: to count
        the document too would count its words twice.
    agency_fits
        An agency asked about besides another is searched for alone if its best document has this
        share of the other's score.
    passages_read
        Candidates that the reranker reads, as long as there is time.
    passages_read_by_sentence
        Of so many that are first by then, it reads the sentences one by one.
    compared_for_copies
        Near-copies among the first so many move to their end.
    """

    lexical: float
    documents: float
    dense: float
    rerank: float
    in_date: float
    of_agency: float
    of_speaker: float
    latest: float
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
    passages_read_by_sentence: int
    compared_for_copies: int

    @property
    def stages(self) -> dict[str, float]:
        """What the best of each stage is worth in the sum, by the stage's name."""
        return {
            "lexical": self.lexical,
            "documents": self.documents,
            "dense": self.dense,
            "rerank": self.rerank,
        }


PATH = Path(__file__).with_name("weights.json")
WEIGHTS = read_weights(RetrievalWeights, PATH)
"""The weights in use; `tests/benchmarks/tune_weights.py` finds them again."""
