"""Answer spans: the words of a sentence that may be the thing asked for."""

import re
from collections.abc import Iterable, Sequence

from rag.question.answer_types import things
from rag.text.stemming import stem, words
from rag.types import Question

Span = tuple[int, int]

COUNTED = frozenset({"amount", "number", "duration", "date", "sentence"})
"""Kinds that are figures."""
_CALLED = frozenset({"person", "place", "judge", "court"})
"""Kinds that are names."""
_NAMED_THINGS = """
judge justice executive officer director employee staff manager trader broker adviser advisor lawyer
attorney accountant auditor client customer friend relative brother sister son daughter wife husband
partner contact defendant receiver trustee distributor company firm bank fund casino hotel
restaurant school university college court agency regulator department office exchange
broker-dealer brokerage hospital facility newspaper magazine stock issuer subsidiary supplier city
town country county island tribe entity vessel ship airline insurer multinational seller
analyst politician president minister official senator mayor person people man woman celebrity
singer athlete team club conglomerate charity church prison film movie car property website platform
token coin project product drug founder chairman chair boss head prosecutor magistrate agent
promoter salesman consultant doctor professor parent affiliate acquirer target bidder name alias
child children party
"""
_HAS_A_NAME = frozenset(
    stem(noun) for word in _NAMED_THINGS.split() for noun in (word, f"{word}s", f"{word[:-1]}ies")
)
_CITED = re.compile(
    r"\b(?:Sections?|Rules?|Nos?\.?|Regulations?|Parts?|Title|Releases?|Forms?|Items?|§+)\s*"
    r"[\d(][\w().,-]*(?:(?:,| and|, and)\s*[\d(][\w().-]*)*|"
    r"\b\d+\s+(?:C\.?F\.?R|U\.?S\.?C|Fed)\b\.?|\b\d+:\d+-[a-z]+-\d+|\(\d{1,2}\)",
    re.IGNORECASE,
)
_CAPITAL = re.compile(r"[A-Z][A-Za-z0-9’'&.-]*[A-Za-z0-9]")
_EVERYWHERE = """
sec commission ofac court act exchange section sections rule rules complaint judgment order us usa
united states district securities division litigation release office department defendants defendant
mr ms mrs jr sr inc llc llp lp ltd corp corporation company co january february march april may june
july august september october november december monday tuesday wednesday thursday friday government
attorney attorneys honorable federal regulations regulation code appendix enforcement guidelines
treasury general factors
"""
_NAMELESS = frozenset(_EVERYWHERE.split())
_BECAUSE = re.compile(
    r"\b(?:because|since (?!(?:at|about|the|its|his|her|\d|[A-Z]))|due to|owing to|as a result of|"
    r"in light of|in view of|based (?:up)?on|given that|so that|reasons?|in order to|to avoid|"
    r"for (?:fail|violat|hav|refus|lack|not )\w*|therefore)\b",
    re.IGNORECASE,
)
_COUNTING = re.compile(r"\bpercent|\bshare of\b", re.IGNORECASE)


def asks_name(question: Question) -> bool:
    """Whether a name is asked for: of a person, a place, a court or the like ("which *bank*")."""
    if _CALLED & set(question.answer_types):
        return True
    return question.head in _HAS_A_NAME and not COUNTED & set(question.answer_types)


def asks_thing(question: Question) -> bool:
    """Whether a name, a figure or a reason is asked for."""
    return asks_name(question) or bool({*COUNTED, "reason"} & set(question.answer_types))


def answering(question: Question, sentence: str) -> list[Span]:
    """Half-open spans of ``sentence`` that may be the thing asked for.

    The span of a reason is the word that begins it ("because"). Left out are names and figures of
    the question itself, numbers of laws and cases, and names that every document contains.
    """
    cited = [match.span() for match in _CITED.finditer(sentence)]
    dates = things("date", sentence)
    spans: list[Span] = []
    for kind in question.answer_types:
        if kind in COUNTED:
            found = things("duration" if kind == "sentence" else kind, sentence)
            apart = [] if kind == "date" else cited
            if kind == "number":
                apart = [*cited, *dates]
                if not _COUNTING.search(question.text):
                    apart += things("amount", sentence)
            spans += [span for span in found if not _touches(span, apart)]
    in_question = _signs(question.context)
    spans = [span for span in spans if _signs(sentence[slice(*span)]) not in in_question]
    if "reason" in question.answer_types:
        spans += [match.span() for match in _BECAUSE.finditer(sentence)]
    if asks_name(question):
        spans += _names(question, sentence, [*cited, *dates])
    return spans


def _names(question: Question, sentence: str, apart: Sequence[Span]) -> Iterable[Span]:
    known = question.stems | {stem(word) for name in question.names for word in words(name)}
    for match in _CAPITAL.finditer(sentence):
        name = match.group()
        begins = sentence[max(0, match.start() - 2) : match.start()].strip() in ("", ".", "?")
        if (
            not begins
            and stem(name) not in known
            and name.lower() not in _NAMELESS
            and not _touches(match.span(), apart)
        ):
            yield match.span()


def _touches(span: Span, others: Iterable[Span]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in others)


def _signs(text: str) -> str:
    """The letters and digits of ``text``, in lower case."""
    return re.sub(r"[^a-z0-9]", "", text.lower())
