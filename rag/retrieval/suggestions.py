"""Example questions from the documents of an index. The index answers each of them."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice, pairwise

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
    r"|Honorable|Company Filings|Search|The|This|These|Any|Our|To)\b"
)
_WORD = re.compile(r"[a-z][a-z-]{3,}")
_NEEDS_NO_ARTICLE = re.compile(r"(?:[^s]s|ment|tion|ing|ity)$")
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

    Each document gives one question at most. The question about a statement asks what its speaker
    says about a repeated subject. The question about a release asks what its agency says about the
    party that it names most often.
    """
    questions = (
        question
        for document in documents
        for question in islice(filter(is_answered, _questions(document)), 1)
    )
    return list(islice(dict.fromkeys(questions), n))


def _questions(document: Document) -> Iterator[str]:
    """Candidate questions about a document, the most promising first."""
    agencies, speakers = document.texts("agency"), document.texts("speaker")
    if speakers and speakers != agencies:
        speaker = " and ".join(speakers)
        for subject in _subjects(document.text):
            yield f"What does {speaker} say about {subject}?"
        return
    who = agencies[0] if agencies else None
    says = f"does {_ARTICLE.get(who, 'the ')}{who}" if who else "do the documents"
    for name in _names(document.text):
        if "penalty of $" in document.text:
            yield f"What penalty does {name} have to pay?"
        yield f"What {says} say about {_with_article(name)}?"


def _with_article(name: str) -> str:
    """The name with an article if it needs one: ``the Russian Federation``, ``Acme Bank``."""
    return f"the {name}" if _NEEDS_ARTICLE.search(name) else name


def _names(text: str) -> list[str]:
    """The three parties that a text names most often, each at least twice."""
    names = Counter(
        name
        for name in _NAME.findall(text)
        if not _NOT_A_PARTY.search(name) and len(name) < 50 and not name.isupper()
    )
    return [name for name, count in names.most_common(3) if count > 1]


def _subjects(text: str) -> list[str]:
    """The four most frequent pairs of plain words that need no article, each at least twice."""
    pairs: Counter[str] = Counter()
    for clause in re.split(r"[^\w\s-]+", text):
        pairs.update(
            f"{first} {second}"
            for first, second in pairwise(clause.split())
            if all(_WORD.fullmatch(word) and word not in _PLAIN for word in (first, second))
            and _NEEDS_NO_ARTICLE.search(second)
        )
    return [pair for pair, count in pairs.most_common(4) if count > 1]
