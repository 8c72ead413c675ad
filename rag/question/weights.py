"""What a word of a question counts for, chosen on labelled questions."""

from dataclasses import dataclass
from pathlib import Path

from rag.config import read_weights


@dataclass(frozen=True, slots=True)
class QuestionWeights:
    """Weights of what is searched for; an ordinary word of the question weighs 1.

    Attributes
    ----------
    earlier
        A word of an earlier question, while searching and while reading for an answer.
    turned_away
        The same where the question turns away from the earlier ones.
    synonym
        A word that the documents may write for one of the question.
    number
        The number of a release or docket: three digits at least, and no year.
    phrase
        A quotation, or an identifier of several parts: its words in this order, all of them.
    """

    earlier: float
    turned_away: float
    synonym: float
    number: float
    phrase: float


PATH = Path(__file__).with_name("weights.json")
WEIGHTS = read_weights(QuestionWeights, PATH)
"""The weights in use; `tests/benchmarks/tune_weights.py` finds them again."""
