"""The lexical stage in PostgreSQL: its posting lists, and BM25 as tantivy counts it.

The server keeps the words; the scores are computed here, so that both stores rank alike: weights,
phrases with positions and misspelt words included. The lists of frequent words stay in memory.
"""

import math
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import groupby
from threading import Lock
from typing import Any

import numpy as np
import tantivy
from numpy.typing import NDArray

from rag.index.lexical import MISSPELT, SHORTEST_MISSPELT, SLOP, TWO_ERRORS, analyzer
from rag.index.postgresql.connections import Connections
from rag.index.postgresql.documents import ServedDocuments
from rag.index.postgresql.postings import LENGTHS, read_matches, unpack
from rag.index.postgresql.schema import OF_DOCUMENTS, OF_PASSAGES
from rag.index.protocols import Found
from rag.question.filters import Filters
from rag.types import Question

_K1, _B = 1.2, 0.75
"""The constants of BM25, those of tantivy."""
_MEMORY = 96_000_000
"""Bytes of posting lists that are kept in memory, for passages and for documents each."""

Rows = NDArray[np.int64]
Scores = NDArray[np.float32]


class ServedLexical:
    """Searches passages and documents of one build by their words; safe to share among threads."""

    def __init__(self, connections: Connections, documents: ServedDocuments) -> None:
        terms = _Terms(connections)
        passages, whole = documents.sizes
        of_passages, of_documents = documents.tokens
        self._passages = _Searcher(
            OF_PASSAGES, passages, of_passages, connections, terms, documents
        )
        self._documents = _Searcher(
            OF_DOCUMENTS, whole, of_documents, connections, terms, documents
        )

    def passages(self, question: Question, k: int, *, filters: Filters | None = None) -> Found:
        """The ``k`` best passages; each is searched with its title, headings and first lines."""
        return self._passages.search(question, k, filters)

    def documents(self, question: Question, k: int, *, filters: Filters | None = None) -> Found:
        """The ``k`` best documents; each is searched by its title and whole text."""
        return self._documents.search(question, k, filters)

    def documents_with_all(
        self, words: Iterable[str], k: int, *, filters: Filters | None = None
    ) -> Found:
        """The ``k`` best documents that have every one of ``words``."""
        question = Question("", words=dict.fromkeys(words, 1.0))
        return self._documents.search(question, k, filters, every=True)

    def frequency(self, word: str) -> int:
        """Number of documents with every token of ``word``, at most; 0 if one token is unknown."""
        return self._documents.frequency(word)

    def documents_with(
        self, name: str, k: int, *, filters: Filters | None = None, misspelt: bool = False
    ) -> list[int]:
        """Rows of at most ``k`` documents that hold the words of a name close together."""
        return self._documents.holding(name, k, filters, misspelt=misspelt)


class _Terms:
    """The words of the build: their numbers and frequencies, and those that resemble a word."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._known: dict[str, tuple[int, int, int] | None] = {}
        self._lock = Lock()
        self.near = lru_cache(maxsize=256)(self._near)

    def of(self, tokens: Iterable[str]) -> dict[str, tuple[int, int, int]]:
        """Number, and frequency in passages and in documents, of each token that is a word."""
        tokens = list(tokens)
        unknown = [token for token in tokens if token not in self._known]
        if unknown:
            found = self._connections.select(
                "SELECT term, id, passages, documents FROM terms WHERE term = ANY(%s)", [unknown]
            )
            with self._lock:
                self._known.update(dict.fromkeys(unknown))
                self._known.update((term, tuple(numbers)) for term, *numbers in found)
        return {token: known for token in tokens if (known := self._known[token]) is not None}

    def _near(self, token: str, distance: int) -> tuple[str, ...]:
        """The words that differ from the token by so many letters at most."""
        index = self._spellings
        query = tantivy.Query.fuzzy_term_query(index.schema, "text", token, distance=distance)
        searcher = index.searcher()
        hits = searcher.search(query, limit=max(1, searcher.num_docs), count=False).hits
        return tuple(sorted(searcher.doc(place)["text"][0] for _, place in hits))

    @cached_property
    def _spellings(self) -> Any:
        """Every word of five letters or more, in memory: 0.2 s for 100,000, at the first need."""
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("text", stored=True, tokenizer_name="raw", index_option="basic")
        index = tantivy.Index(builder.build())
        writer = index.writer(heap_size=64_000_000, num_threads=1)
        found = self._connections.select(
            "SELECT term FROM terms WHERE length(term) >= %s ORDER BY id", [SHORTEST_MISSPELT - 2]
        )
        for (term,) in found:
            document = tantivy.Document()
            document.add_text("text", term)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        return index


class _Searcher:
    """Searches rows of one kind: passages or documents."""

    def __init__(
        self,
        kind: int,
        count: int,
        tokens: int,
        connections: Connections,
        terms: _Terms,
        documents: ServedDocuments,
    ) -> None:
        self._kind = kind
        self._count = count
        self._average = tokens / max(1, count)
        self._connections = connections
        self._terms = terms
        self._documents = documents
        self._analyzer = analyzer()
        self._lists = _Lists(_MEMORY)

    def search(
        self, question: Question, k: int, filters: Filters | None, *, every: bool = False
    ) -> Found:
        """The best rows; with ``every``, only those that match each word and phrase."""
        clauses = list(self._clauses(question))
        if not clauses or k < 1:
            return []
        scores = np.zeros(self._count, np.float32)
        matched = np.zeros(self._count, np.int16)
        for rows, own in clauses:
            scores[rows] += own
            matched[rows] += 1
        hit = matched == len(clauses) if every else matched > 0
        return self._best(scores, hit, k, filters)

    def frequency(self, word: str) -> int:
        """Least frequency of the tokens of ``word``."""
        tokens = self._analyzer.analyze(word)
        known = self._terms.of(tokens)
        return min((self._frequency(known, token) for token in tokens), default=0)

    def holding(self, name: str, k: int, filters: Filters | None, *, misspelt: bool) -> list[int]:
        """Rows that hold a name, best first; see `ServedLexical.documents_with`."""
        tokens = list(self._analyzer.analyze(name))
        if not tokens or k < 1:
            return []
        scores = np.zeros(self._count, np.float32)
        if misspelt:
            long = [token for token in tokens if len(token) >= SHORTEST_MISSPELT]
            hit = np.full(self._count, bool(long))
            for token in long:
                rows = self._resembling(token, 2 if len(token) > SHORTEST_MISSPELT else 1)
                has = np.zeros(self._count, bool)
                has[rows] = True
                hit &= has
                scores[rows] += 1
        else:
            one = len(tokens) == 1
            rows, own = self._word(tokens[0]) if one else self._phrase(tokens, slop=SLOP)
            hit = np.zeros(self._count, bool)
            hit[rows] = True
            scores[rows] = own
        return [row for row, _ in self._best(scores, hit, k, filters)]

    def _best(
        self, scores: Scores, hit: NDArray[np.bool_], k: int, filters: Filters | None
    ) -> Found:
        """The ``k`` best of the rows that are hit and pass, ties by row."""
        rows = np.flatnonzero(hit)
        passing = self._documents.passing_rows(filters) if filters else None
        if passing is not None:
            allowed = np.zeros(self._documents.sizes[1], bool)
            allowed[passing] = True
            of = self._documents.documents_at(rows) if self._kind == OF_PASSAGES else rows
            rows = rows[allowed[of]]
        if len(rows) > k:
            least = np.partition(scores[rows], len(rows) - k)[len(rows) - k]
            rows = rows[scores[rows] >= least]
        order = np.lexsort((rows, -scores[rows]))[:k]
        return list(zip(rows[order].tolist(), scores[rows[order]].tolist(), strict=True))

    def _clauses(self, question: Question) -> Iterator[tuple[Rows, Scores]]:
        """For each word and phrase the rows that have it, and their scores."""
        weights: dict[str, float] = {}
        for word, weight in question.words.items():
            for token in self._analyzer.analyze(word):
                weights[token] = max(weight, weights.get(token, 0.0))
        phrases = [
            (tokens, weight)
            for phrase, weight in question.phrases.items()
            if len(tokens := [t for word in phrase for t in self._analyzer.analyze(word)]) > 1
        ]
        self._fetch({*weights, *(token for tokens, _ in phrases for token in tokens)})
        for token, weight in weights.items():
            rows, scores = self._word(token, or_resembling=True)
            yield rows, scores * np.float32(weight)
        for tokens, weight in phrases:
            rows, scores = self._phrase(tokens)
            yield rows, scores * np.float32(weight)

    def _word(self, token: str, *, or_resembling: bool = False) -> tuple[Rows, Scores]:
        """The rows with a word; if no row has it, perhaps those with one like it."""
        frequency = self._frequency(self._terms.of([token]), token)
        if frequency:
            rows, counts = self._matches([token])[token]
            return rows, self._bm25(rows, counts, self._idf(frequency))
        is_word = len(token) >= SHORTEST_MISSPELT and token.isalpha()
        if not (or_resembling and is_word):
            return _NONE, _NO_SCORES
        rows = self._resembling(token, 2 if len(token) >= TWO_ERRORS else 1)
        return rows, np.full(len(rows), MISSPELT, np.float32)

    def _resembling(self, token: str, distance: int) -> Rows:
        near = self._terms.near(token, distance)
        found = [rows for rows, _ in self._matches(near).values()]
        return np.unique(np.concatenate([_NONE, *found]))

    def _phrase(self, tokens: Sequence[str], *, slop: int = 0) -> tuple[Rows, Scores]:
        """The rows with the tokens one after the other, at most ``slop`` places off in all."""
        known = self._terms.of(tokens)
        if any(not self._frequency(known, token) for token in tokens):
            return _NONE, _NO_SCORES
        lists = self._matches(tokens)
        rows = lists[tokens[0]][0]
        for token in set(tokens[1:]):
            rows = np.intersect1d(rows, lists[token][0], assume_unique=True)
        if not len(rows):
            return _NONE, _NO_SCORES
        places = self._places({token: lists[token] for token in tokens}, rows)
        counts = _phrase_counts([places[token] for token in tokens], len(rows), slop)
        has = counts > 0
        idf = sum(self._idf(self._frequency(known, token)) for token in tokens)
        return rows[has], self._bm25(rows[has], counts[has], idf)

    def _places(
        self, lists: Mapping[str, tuple[Rows, Rows]], rows: Rows
    ) -> dict[str, tuple[Rows, Rows]]:
        """For each token its places in ``rows``: the place of the row in ``rows``, the position."""
        known = self._terms.of(lists)
        token_of = {known[token][0]: token for token in lists}
        found = self._connections.select(
            "SELECT term, positions FROM postings WHERE kind = %s AND term = ANY(%s)"
            " ORDER BY term, segment",
            [self._kind, list(token_of)],
        )
        places = {}
        for term, group in groupby(found, key=lambda record: record[0]):
            positions = np.concatenate([unpack(stored) for _, stored in group])
            own, counts = lists[token_of[term]]
            at = np.repeat(np.searchsorted(rows, own), counts)
            kept = np.repeat(np.isin(own, rows, assume_unique=True), counts)
            places[token_of[term]] = at[kept], positions[kept]
        return places

    def _frequency(self, known: Mapping[str, tuple[int, int, int]], token: str) -> int:
        return known[token][1 + self._kind] if token in known else 0

    def _idf(self, frequency: int) -> float:
        return math.log(1 + (self._count - frequency + 0.5) / (frequency + 0.5))

    def _bm25(self, rows: Rows, counts: Rows, idf: float) -> Scores:
        count = counts.astype(np.float32)
        share = count / (count + self._length_parts[rows])
        return np.float32(idf * (1 + _K1)) * share

    @cached_property
    def _length_parts(self) -> Scores:
        """The part of the length in the score of each row."""
        found = self._connections.select(
            "SELECT lengths FROM lengths WHERE kind = %s ORDER BY segment", [self._kind]
        )
        parts = _K1 * (1 - _B + _B * LENGTHS / max(self._average, 1e-9))
        return parts.astype(np.float32)[np.frombuffer(b"".join(one for (one,) in found), np.uint8)]

    def _fetch(self, tokens: Iterable[str]) -> None:
        self._matches(list(tokens))

    def _matches(self, tokens: Sequence[str]) -> dict[str, tuple[Rows, Rows]]:
        """For each token that rows have: these rows, and how often each has it."""
        known = self._terms.of(tokens)
        token_of = {known[t][0]: t for t in tokens if self._frequency(known, t)}
        lists = self._lists.among(token_of)
        missing = [term for term in token_of if term not in lists]
        if missing:
            found = self._connections.select(
                "SELECT term, count, matches FROM postings WHERE kind = %s AND term = ANY(%s)"
                " ORDER BY term, segment",
                [self._kind, missing],
            )
            for term, group in groupby(found, key=lambda record: record[0]):
                lists[term] = read_matches([(count, stored) for _, count, stored in group])
                self._lists.add(term, lists[term])
        return {token_of[term]: own for term, own in lists.items()}


class _Lists:
    """The posting lists that were used last, up to a number of bytes; safe to share."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._size = 0
        self._kept: OrderedDict[int, tuple[Rows, Rows]] = OrderedDict()
        self._lock = Lock()

    def among(self, terms: Iterable[int]) -> dict[int, tuple[Rows, Rows]]:
        with self._lock:
            found = {term: self._kept[term] for term in terms if term in self._kept}
            for term in found:
                self._kept.move_to_end(term)
            return found

    def add(self, term: int, lists: tuple[Rows, Rows]) -> None:
        with self._lock:
            if term not in self._kept:
                self._kept[term] = lists
                self._size += sum(one.nbytes for one in lists)
            while self._size > self._most and len(self._kept) > 1:
                _, old = self._kept.popitem(last=False)
                self._size -= sum(one.nbytes for one in old)


_NONE = np.empty(0, np.int64)
_NO_SCORES = np.empty(0, np.float32)
_WIDE = 1 << 32
"""More than the number of tokens of any text."""


def _phrase_counts(places: Sequence[tuple[Rows, Rows]], rows: int, slop: int) -> Rows:
    """How often each row has the phrase, given the places of each of its tokens.

    With ``slop``, each token may stand so many places away from where the one before it asks for.
    """
    room = len(places) + slop
    (at, positions), *rest = places
    # A place is one number: the row and the position that the phrase would begin at.
    begins = at * _WIDE + positions + room
    for offset, (at, positions) in enumerate(rest, start=1):
        here = at * _WIDE + positions + room - offset
        near = [begins + step for step in range(-slop, slop + 1)]
        begins = here[np.isin(here, np.concatenate(near))]
    return np.bincount(begins // _WIDE, minlength=rows).astype(np.int64)
