"""What scoring and selection count by, chosen on labelled questions."""

from dataclasses import dataclass
from pathlib import Path

from rag.config import read_weights


@dataclass(frozen=True, slots=True)
class AnswerWeights:
    """Weights of a sentence's signals, and the limits of selection.

    What decides between an answer and silence is fitted, not chosen: `rag.answer.abstain`.

    Attributes
    ----------
    sentences_read
        Candidates that the reranker reads for each part of a question, the most promising.
    sentences_read_in_place
        Of so many, the first by then, it reads those that name nobody asked about again in their
        places: "He" is named before.
    promise_coverage, promise_setting, promise_given, promise_rank, promise_inside
        What makes a candidate promising, before any is read: signals of `rag.answer.scoring.Scored`
        under the same names, and one divided by the rank of the passage near it.
    answers, relevance
        What the reranker's logits count for in the score.
    least_relevance
        The logit below which all sentences are equally unlikely: one that goes on from another and
        names nobody ("The judgment orders him to pay …") gets -10 where it answers and where not.
    relevance_of_spoken
        Share of the old relevance in ``answers`` where a named speaker's own words are read, from
        0 to 1: the reranker was taught on what agencies write.
    coverage, setting, clause, named, given, rank, inside, contradicts
        What each of these signals counts for in the score.
    spoken_by_asked
        The same where a speaker whose words are asked for speaks.
    thanks
        What a sentence of thanks loses.
    a_hundred_beyond_long
        What a sentence loses for each hundred characters beyond 600.
    quoted, quoted_in_parts
        Characters quoted at most, beyond the first sentence for each part and name; the second
        where several things are asked for at once.
    bears, bears_alone
        How likely a sentence beside the best one must bear on the question, from 0 to 1; the second
        where the best one stands alone, for a second sentence often holds the answer.
    bears_elsewhere
        The same in a document of which nothing is quoted yet, where one thing is asked of at most
        one name: mostly it is about another case.
    """

    sentences_read: int
    sentences_read_in_place: int
    promise_coverage: float
    promise_setting: float
    promise_given: float
    promise_rank: float
    promise_inside: float
    answers: float
    relevance: float
    least_relevance: float
    relevance_of_spoken: float
    coverage: float
    setting: float
    clause: float
    named: float
    given: float
    rank: float
    inside: float
    contradicts: float
    spoken_by_asked: float
    thanks: float
    a_hundred_beyond_long: float
    quoted: int
    quoted_in_parts: int
    bears: float
    bears_alone: float
    bears_elsewhere: float


PATH = Path(__file__).with_name("weights.json")
WEIGHTS = read_weights(AnswerWeights, PATH)
"""The weights in use; `tests/benchmarks/tune_weights.py` finds them again."""
