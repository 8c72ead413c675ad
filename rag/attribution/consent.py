"""Whether a consent lies behind a judgment: it is settled then, not ordered."""

import re

from rag.attribution.smooth import smooth

_WITHIN = 1400
"""Characters before and after a judgment in which its consent is told."""
_HINT = re.compile(r"consent|agreed|admitting|settling", re.IGNORECASE)
"""Without one of these words nothing below needs to be tried."""
_CONSENT = re.compile(
    r"(?:\b|\beach|\bboth)consent(?:s|ed|ing)?,? (?:to\b|without\b)|\bby consent\b"
    r"|\bbased on (?:his|her|its|their) consents?\b|\bagreed (?:final )?judgments?\b"
    r"|\bwithout ?admitting or ?denying\b|\bconsent (?:judgment|decree|order)\b|\bin settling\b",
    re.IGNORECASE,
)
_CONTESTED = re.compile(
    r"\b(?:default|after (?:a )?(?:\w{1,20} ){0,3}(?:trial|hearing)|jury|verdict"
    r"|summary judgment|sentenced"
    r"|preliminary injunction|temporary restraining|asset freeze|imprisonment|prison|motions?"
    r"|findings|forfeiture|on appeal|affirmed)\b",
    re.IGNORECASE,
)
_PROCEEDING = re.compile(r"\badministrative proceeding\b", re.IGNORECASE)
_HIM = re.compile(r"\b(?:him|her|them|he|she|they|both|defendants?|each)\b", re.IGNORECASE)
_NAME = re.compile(r"\b[A-Z][A-Za-z][\w'-]{1,20}\b")
_COMMON = frozenset(
    "The This That Judge Court District Southern Northern Eastern Western Central United"
    " States Securities Exchange Commission"
    " Section Sections Rule Rules Act Final Judgment Judgments Complaint January February"
    " March April May June July"
    " August September October November December Without Today On In It Also Both New York"
    " California Florida Inc"
    " Ltd Corp Permanent Injunction Order Honorable SEC Previously Massachusetts Texas Boston"
    " Thereunder As OFAC Finally"
    " Federal Chief Executive Officer President Company Defendants Defendant".split()
)


def consented(text: str, start: int, sentence: str) -> bool:
    """Whether a consent lies behind a judgment, as this sentence or another near it says.

    The other sentence must tell of the same people: by a name, or this one has none but "him".

    Parameters
    ----------
    text, start
        The document's text, and where the sentence begins in it.
    sentence
        The sentence, smoothed.
    """
    if _CONTESTED.search(sentence):
        return False
    if _CONSENT.search(sentence):
        return True
    around = text[max(0, start - _WITHIN) : start + len(sentence) + _WITHIN]
    if not _HINT.search(around):
        return False
    around = smooth(around)
    names = {word for word in _NAME.findall(sentence) if word not in _COMMON}
    for found in _CONSENT.finditer(around):
        begin = around.rfind(". ", 0, found.start()) + 1
        whole = around[begin : found.end() + 60]
        told = {word for word in _NAME.findall(whole) if word not in _COMMON}
        if _PROCEEDING.search(whole) and not _PROCEEDING.search(sentence):
            continue
        if names & told or (not names and _HIM.search(sentence)):
            return True
    return False
