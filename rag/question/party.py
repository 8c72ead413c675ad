"""Plain questions about one party: why it was fined, what it did, who the defendants are."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

PartyKind = Literal["why", "done", "parties"]

_ACTIONS = (
    r"(?:fined|penali[sz]ed|charged|sued|sanctioned|punished|prosecuted|convicted|sentenced|barred|"
    r"banned|indicted|accused|cited|warned|investigated|in trouble)"
)
_END = r"(?: by (?:the )?[\w .]{2,40}?)?(?: (?:in|back in) (?:19|20)\d\d)?\s*\??$"
_PATTERNS: Sequence[tuple[PartyKind, str]] = (
    (
        "why",
        r"^why (?:was|were|is|are|has|have|did) (?P<name>.+?) (?:been |get |got )?"
        rf"{_ACTIONS}{_END}",
    ),
    (
        "why",
        r"^(?:for )?what (?:was|were|is|are|has|have) (?P<name>.+?) (?:been )?"
        rf"(?:fined|penali[sz]ed|sanctioned|punished) for{_END}",
    ),
    ("done", rf"^what (?:did|has|have) (?P<name>.+?) (?:do|done)(?: wrong)?{_END}"),
    (
        "parties",
        r"^(?:who|which companies|which people|what) (?:are|were|is|was) (?:all )?the "
        r"(?:defendants?|respondents?|parties|accused)(?: (?:named|sued|charged))?"
        r"(?: (?:in|of|to) (?:the )?(?P<name>.+?)"
        r"(?: (?:case|matter|action|lawsuit|complaint|order))?)?\s*\??$",
    ),
)
_NO_NAME = re.compile(
    r"^(?:he|she|it|they|we|you|this|that|these|those|him|her|them|(?:the|this|that|his|her|their) "
    r"[a-z]+(?: [a-z]+)* ?)$"
)


@dataclass(frozen=True, slots=True)
class PartyQuestion:
    """What is asked about a party, and its name as typed; empty if the question names none."""

    kind: PartyKind
    name: str


def party_question(text: str) -> PartyQuestion | None:
    """What the whole of ``text`` asks about one party; None for another question.

    >>> party_question("Why was Acme Bank fined by the SEC in 2019?")
    PartyQuestion(kind='why', name='Acme Bank')
    >>> party_question("Who are the defendants?").name
    ''
    >>> party_question("Why was it fined?") is None
    True
    """
    plain = " ".join(text.split())
    for kind, pattern in _PATTERNS:
        found = re.match(pattern, plain, re.IGNORECASE)
        if not found:
            continue
        name = (found["name"] or "").strip(" ,")
        if name and _NO_NAME.match(name):
            return PartyQuestion(kind, "") if kind == "parties" else None
        if len(name.split()) <= 6:
            return PartyQuestion(kind, name)
    return None
