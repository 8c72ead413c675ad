"""The weights and limits of scoring and selection, chosen on labelled questions."""

from dataclasses import dataclass
from pathlib import Path

from rag.config import read_weights


@dataclass(frozen=True, slots=True)
class AnswerWeights:
    """Weights of the signals of a sentence, and limits of selection.

    The thresholds of abstention are not here. They are fitted: `rag.answer.abstain`.

    Attributes
    ----------
    sentences_read
        Candidates that the reranker reads for each part of a question, the most promising first.
    sentences_read_in_place
        The reranker reads some of this many best sentences a second time, with the text before
        them: those that contain no name asked for. The text before tells who "He" is.
    promise_coverage, promise_setting, promise_given, promise_rank, promise_inside
        Weights of the promise of a candidate, which is computed before the reranker reads: signals
        of `rag.answer.scoring.Scored`; for each rank of the passage near it behind the first, which
        is subtracted; and whether that passage overlaps it.
    answers, relevance
        Weights of the reranker's logits in the score.
    least_relevance
        Lower ``relevance`` logits are raised to this value. A sentence that continues another and
        contains no name ("The judgment orders him to pay …") gets -10 whether it answers or not.
    relevance_of_spoken
        Share, 0 to 1, of ``relevance`` in the ``answers`` logit of a sentence whose speaker the
        document names. The reranker was fine-tuned on texts of agencies.
    coverage, setting, clause, named, given, rank, inside, contradicts
        Weights of these signals in the score.
    spoken_by_asked
        Added if the question asks what somebody says and this person speaks the sentence.
    newest
        Added to a sentence of the newest document on whom the question names, for what it gives of
        the things asked for, if the question asks for the latest or for what is current.
    interim
        Subtracted from a sentence on what was proposed, if the question asks for a sum, a sentence
        or a duration and not for a proposal.
    namesake
        Subtracted from a sentence on somebody with the surname asked for and another first name,
        in a document without the name asked for.
    thanks
        Subtracted from a sentence of thanks.
    a_hundred_beyond_long
        Subtracted for each hundred characters beyond 600.
    quoted, quoted_in_parts
        Characters quoted, at most; the best sentence of each part and of each name is always
        quoted. The second value holds if several things are asked for at once.
    likely
        Weight of the probability that a sentence is relevant, beside its distance to the best
        score, in the order in which further sentences are chosen.
    bears, bears_alone
        Least probability, 0 to 1, that a sentence beside the best one is relevant. The second value
        holds while only one sentence is chosen: a second sentence often contains the answer.
    bears_elsewhere
        The same for a sentence of a document that is not quoted yet, if the question has one part
        and at most one name: another document is mostly about another case.
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
    newest: float
    interim: float
    namesake: float
    thanks: float
    a_hundred_beyond_long: float
    quoted: int
    quoted_in_parts: int
    likely: float
    bears: float
    bears_alone: float
    bears_elsewhere: float


PATH = Path(__file__).with_name("weights.json")
WEIGHTS = read_weights(AnswerWeights, PATH)
"""The weights in use; `tests/benchmarks/tune_weights.py` finds them again."""
