"""Example questions, and next questions after an answer. The index answers each of them."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import islice, pairwise, zip_longest

from rag.sums.amounts import amounts
from rag.types import Document

# Two or more words that begin with a capital letter: the name of a person or a firm.
_NAME = re.compile(r"\b[A-Z][\w’'-]+(?: (?:[A-Z]\.|&|of|de|[A-Z][\w’'-]+)){0,3} [A-Z][\w’'-]+\b")
# Names in every release of an agency: offices, courts, statutes, places, months.
_NOT_A_PARTY = re.compile(
    r"\b(?:Securities|Exchange|Commission|Court|District|Circuit|Judge|Act|Section|Rule|United"
    r"|States|Department|Office|Attorney|Treasury|Foreign|Assets|Control|Regulations?|Sanctions"
    r"|Litigation|Release|Division|Enforcement|Bureau|Federal|Southern|Northern|Eastern|Western"
    r"|Central|New York|January|February|March|April|May|June|July|August|September|October"
    r"|November|December|Form|Order|Judgment|Complaint|Plaintiff|Defendants?|Civil|Action"
    r"|Honorable|Company Filings|Search|Decisions?|Summary|Notice|Determination|Draft|Data|Business"
    r"|List|Violations?|Range|Period|Individuals?|European Union|Guidelines?|Checks|The|This"
    r"|These|Any|Our|To)\b"
)
_PUBLIC = re.compile(
    r"^(?:United States|State of|People of|Commonwealth|Secretary|The King|The Queen|Attorney)\b"
    r"|\b(?:Commission|Authority|Department|Agency|Bureau|Secretary of)\b"
)
"""Parties that bring a case."""
_FIRM = re.compile(
    r"\b(?:Inc|LLC|LLP|Ltd|Limited|plc|PLC|Corp|Corporation|Company|Co|Bank|Group|GmbH|AG|SA|NV|BV"
    r"|Holdings|Partners|Capital|Solicitors)\b"
)
_ACTED_UPON = (
    r"\b(?:charged|against|fined|sued|barred|penali[sz]ed|fines|charges)\s+(?:the\s+)?{}\b"
)
_ACTS = r"\b{}(?:,[^,.]{{1,60}},)?\s+(?:(?:has )?agreed|consented|violated|failed|was ordered)\b"
_LONGEST_NAME = 50
_MOST_NAMES = 12
_WORD = re.compile(r"[a-z][a-z-]{3,}")
_NEEDS_NO_ARTICLE = re.compile(r"(?:[^s]s|ment|tion|ity)$")
# Agencies without "the" before their name.
_ARTICLE = {"OFAC": "", "FinCEN": ""}
_NEEDS_ARTICLE = re.compile(
    r"\b(?:Federation|Republic|Kingdom|Emirates|Union|Islands|Government|Ministry|Army|Corps|Guard)$"
)
_PLAIN = frozenset(
    "about above after again against also another because been before being between both certain "
    "could does each even from further have having here however including into itself more most "
    "other ourselves over pursuant same should some such than that their them then there these "
    "they this those through today together under until upon very well were what when where which "
    "while will with would your".split()
)


def examples(
    documents: Iterable[Document], is_answered: Callable[[str], bool], *, n: int
) -> list[str]:
    """At most ``n`` questions that ``is_answered`` accepts, in the order of the documents.

    Each document gives one question at most: `questions_about` has them, the best first.
    """
    questions = (
        question
        for document in documents
        for question in islice(filter(is_answered, questions_about(document)), 1)
    )
    return list(islice(dict.fromkeys(questions), n))


def next_questions(
    documents: Iterable[Document],
    asked: Collection[str],
    is_new: Callable[[str], bool],
    *,
    n: int,
    tried: int,
) -> Iterator[str]:
    """At most ``n`` questions that ``is_new`` accepts, about the documents of an answer in turn.

    Parameters
    ----------
    documents
        Those that the answer cites, the first first.
    asked
        The questions of the conversation: none of them is given again.
    is_new
        Whether a question has an answer that the reader has not seen. It takes long.
    tried
        At most this many questions are given to ``is_new``.
    """
    before = [_words(question) for question in asked]
    each = [list(questions_about(document)) for document in documents]
    in_turn = (question for row in zip_longest(*each) for question in row if question)
    new = (question for question in dict.fromkeys(in_turn) if not _repeats(question, before))
    yield from islice(filter(is_new, islice(new, tried)), n)


def _repeats(question: str, before: Iterable[set[str]]) -> bool:
    """Whether the question is one of those, with one word more at most: "Inc."."""
    words = _words(question)
    return any(asked <= words and len(words - asked) < 2 for asked in before)


def _words(question: str) -> set[str]:
    return set(re.findall(r"\w+", question.casefold()))


def questions_about(document: Document) -> Iterator[str]:
    """Questions that a document may answer, the most promising first.

    They ask for its sums, for its outcome and for what it says of its parties. A statement of
    somebody else than an authority is asked about its repeated subjects.
    """
    agencies, speakers = document.texts("agency"), document.texts("speaker")
    types = " ".join(document.texts("type"))
    sums = {(one.who, one.kind) for one in amounts(document) if _is_party(one.who)}
    parties = [*dict.fromkeys(sorted(who for who, _ in sums)), *_parties(document)]
    parties = list(dict.fromkeys(parties)) or _names(document)
    court = len(speakers) == 1 and "Court" in speakers[0] and bool(parties)
    if speakers and speakers != agencies and not court:
        names = [re.sub(r" ?\([^()]*\)", "", speaker) for speaker in speakers]
        do = "does" if len(speakers) == 1 else "do"
        for subject in _subjects(document.text):
            yield f"What {do} {' and '.join(names)} say about {subject}?"
        return
    who = speakers[0] if court else next(iter(agencies), "")
    agency = f"{_ARTICLE.get(who, 'the ')}{who}" if who else ""
    for party in parties[:_PARTIES]:
        for kind, words in _SUMS.items():
            if (party, kind) in sums:
                yield words.format(party)
    for party in parties[:_PARTIES]:
        name = _with_article(party)
        for kind, words in _OUTCOMES.items():
            if kind in types and (agency or "{agency}" not in words):
                yield words.format(agency=agency, party=name)
        says = f"does {agency}" if agency else "do the documents"
        yield f"What {says} say about {name}?"


_PARTIES = 2
"""Parties of a document that are asked about."""
_SUMS = {
    "penalty": "What penalty does {} have to pay?",
    "settlement": "How much did {} agree to pay?",
    "disgorgement": "How much disgorgement does {} have to pay?",
}
"""Kinds of sums, and the question for the sum of a party."""
_OUTCOMES = {
    "complaint": "What does {agency} allege against {party}?",
    "plea": "What did {party} admit?",
    "opinion": "What did {agency} find about {party}?",
    "decision": "What did {agency} find about {party}?",
    "order": "What was {party} ordered to do?",
    "penalty_notice": "What did {party} do wrong?",
    "litigation_release": "What did {agency} charge {party} with?",
    "enforcement_release": "What did {party} do wrong?",
}
"""Parts of the types of documents, and the question for the outcome."""


def _with_article(name: str) -> str:
    """The name with an article if it needs one: ``the Russian Federation``, ``Acme Bank``."""
    return f"the {name}" if _NEEDS_ARTICLE.search(name) else name


def _is_party(name: str) -> bool:
    return bool(name) and len(name) < _LONGEST_NAME and not _NOT_A_PARTY.search(name)


def _parties(document: Document) -> list[str]:
    """The parties that the metadata names, without those that bring a case."""
    authorities = {name.casefold() for name in document.texts("agency")}
    return [
        party
        for party in document.texts("parties")
        if len(party) < _LONGEST_NAME
        and not _PUBLIC.search(party)
        and party.casefold() not in authorities
        and not any(character.isdigit() for character in party)
    ]


def _names(document: Document) -> list[str]:
    """The three names that a text names most often, each at least twice and as a party.

    A name is a party if the title begins with it, if it names a firm, or if somebody of the name is
    charged, fined or agrees. Terms that a document defines ("Bad Data") stand at no such place.
    """
    text = document.text
    names = Counter(re.sub("[’']s$", "", name) for name in _NAME.findall(text))
    return [
        name
        for name, count in names.most_common(_MOST_NAMES)
        if count > 1
        and _is_party(name)
        and not name.isupper()
        and (
            document.title.startswith(name)
            or (name in document.title and _FIRM.search(name))
            or re.search(_ACTED_UPON.format(re.escape(name)), text)
            or re.search(_ACTS.format(re.escape(name)), text)
        )
    ][:3]


def _subjects(text: str) -> list[str]:
    """The four most frequent pairs of plain words that need no article, each at least twice."""
    pairs: Counter[str] = Counter()
    for clause in re.split(r"[^\w\s-]+", text):
        pairs.update(
            f"{first} {second}"
            for first, second in pairwise(clause.split())
            if all(_WORD.fullmatch(word) and word not in _PLAIN for word in (first, second))
            and not first.endswith("s")  # a verb, or a plural before one: "requests comment"
            and _NEEDS_NO_ARTICLE.search(second)
        )
    return [pair for pair, count in pairs.most_common(4) if count > 1]
