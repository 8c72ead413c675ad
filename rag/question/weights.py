"""The weights of words and phrases in a search, chosen on labelled questions."""

from dataclasses import dataclass
from pathlib import Path

from rag.config import read_weights


@dataclass(frozen=True, slots=True)
class QuestionWeights:
    """Weights of words and phrases. An ordinary word of the question weighs 1.

    Attributes
    ----------
    earlier
        A word of an earlier question, in the search and in the score of a sentence.
    turned_away
        The same, if the question rejects the earlier ones.
    synonym
        A synonym or an abbreviation.
    number
        The number of a release or docket: three digits at least, and no year.
    phrase
        A quotation, or an identifier of several parts. All its words must follow each other.
    """

    earlier: float
    turned_away: float
    synonym: float
    number: float
    phrase: float


PATH = Path(__file__).with_name("weights.json")
WEIGHTS = read_weights(QuestionWeights, PATH)
"""The weights in use; `tests/benchmarks/tune_weights.py` finds them again."""
