"""The lexical stage: BM25 over the words of passages and of whole documents, with tantivy."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import tantivy

from rag.errors import DamagedIndexError
from rag.question.filters import Filters, keys_of
from rag.types import Document, Question

LEXICAL_VERSION = 3
"""Raised whenever other words are kept of the same text."""
_WRITER_MEMORY = 256_000_000
_PASSAGES, _DOCUMENTS = "passages", "documents"
# Words that an extraction ran together ("UniversityNew York", "Cuba2003") count apart as well.
# The character behind the seam: few are one, so that it is found faster than the seam itself.
_BEHIND_SEAM = re.compile(r"[A-Z\d](?:(?<=[a-z][A-Z])(?=[a-z])|(?<=[a-z]\d))")
# A word that no document has is taken for a misspelling, from this length on.
_SHORTEST_MISSPELT = 5
_TWO_LETTERS_OFF = 9
# All matches of a misspelt word score the same: as a word that few documents have.
_MISSPELT = 8.0

Found = list[tuple[int, float]]
"""Rows with their BM25 score, best first, ties by row; unbounded, higher is better."""


class LexicalWriter:
    """Indexes passages and documents, in order: the i-th given is row i."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._passages = _Writer(folder / _PASSAGES)
        self._documents = _Writer(folder / _DOCUMENTS)

    def add(self, document: Document, searched: Iterable[str]) -> None:
        """Append a document, and its passages by their searched texts."""
        keys = keys_of(document)
        names = _names(document)
        whole = f"{document.title}\n{document.text}"
        apart = _apart(whole)
        for text in searched:
            own = " ".join(parts for word, parts in apart.items() if word in text)
            self._passages.add(keys, f"{names}\n{text}\n{own}")
        self._documents.add(keys, f"{names}\n{whole}\n{' '.join(apart.values())}")

    def close(self) -> None:
        """Write everything out."""
        self._passages.close()
        self._documents.close()


class Lexical:
    """Passages and documents by their words; safe to share among threads."""

    def __init__(self, folder: Path) -> None:
        self._passages = _Searcher(folder / _PASSAGES)
        self._documents = _Searcher(folder / _DOCUMENTS)

    def passages(self, question: Question, k: int, *, filters: Filters | None = None) -> Found:
        """The ``k`` best passage rows; a passage is searched with what it stands in."""
        return self._passages.search(question, k, filters)

    def documents(self, question: Question, k: int, *, filters: Filters | None = None) -> Found:
        """The ``k`` best document rows, each by its title and whole text."""
        return self._documents.search(question, k, filters)


class _Writer:
    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._index = tantivy.Index(_schema(), path=str(folder))
        self._index.register_tokenizer("words", _analyzer())
        # One thread, so that the same passages give the same segments.
        self._writer = self._index.writer(heap_size=_WRITER_MEMORY, num_threads=1)
        self._row = 0

    def add(self, keys: Mapping[str, Any], text: str) -> None:
        document = tantivy.Document()
        document.add_integer("row", self._row)
        document.add_text("text", text)
        document.add_text("document", keys["document"])
        for key in ("agency", "type"):
            for value in keys[key]:
                document.add_text(key, value)
        document.add_integer("first_day", keys["first_day"])
        document.add_integer("last_day", keys["last_day"])
        self._writer.add_document(document)
        self._row += 1

    def close(self) -> None:
        self._writer.commit()
        self._writer.wait_merging_threads()


class _Searcher:
    def __init__(self, folder: Path) -> None:
        try:
            self._index = tantivy.Index.open(str(folder))
        except ValueError as error:
            raise DamagedIndexError(
                f"{folder}: not a tantivy index. Rebuild with: rag index"
            ) from error
        self._analyzer = _analyzer()
        self._index.register_tokenizer("words", self._analyzer)
        self._searcher = self._index.searcher()

    def search(self, question: Question, k: int, filters: Filters | None) -> Found:
        clauses = [(tantivy.Occur.Should, clause) for clause in self._clauses(question)]
        if not clauses:
            return []
        asked = tantivy.Query.boolean_query(clauses)
        if filters:
            asked = tantivy.Query.boolean_query(
                [(tantivy.Occur.Must, asked), *_conditions(self._index.schema, filters)]
            )
        result = self._searcher.search(asked, limit=k, count=False)
        rows: list[Any] = self._searcher.fast_field_values("row", [hit[1] for hit in result.hits])
        found = [(int(row), score) for row, (score, _) in zip(rows, result.hits, strict=True)]
        return sorted(found, key=lambda item: (-item[1], item[0]))

    def _clauses(self, question: Question) -> Iterator[Any]:
        weights: dict[str, float] = {}
        for word, weight in question.words.items():
            for token in self._analyzer.analyze(word):
                weights[token] = max(weight, weights.get(token, 0.0))
        for token, weight in weights.items():
            yield tantivy.Query.boost_query(self._word(token), weight)
        for phrase, weight in question.phrases.items():
            tokens = [token for word in phrase for token in self._analyzer.analyze(word)]
            if len(tokens) > 1:
                exact = tantivy.Query.phrase_query(self._index.schema, "text", tokens)
                yield tantivy.Query.boost_query(exact, weight)

    def _word(self, token: str) -> Any:
        """The word itself or, where no document has it, the words a letter or two off."""
        schema = self._index.schema
        exact = tantivy.Query.term_query(schema, "text", token)
        if len(token) < _SHORTEST_MISSPELT or not token.isalpha():
            return exact
        if self._searcher.doc_freq("text", token):
            return exact
        distance = 2 if len(token) >= _TWO_LETTERS_OFF else 1
        near = tantivy.Query.fuzzy_term_query(schema, "text", token, distance=distance)
        return tantivy.Query.boost_query(near, _MISSPELT)


def _apart(text: str) -> dict[str, str]:
    """The words in ``text`` that are run together, and the parts of each.

    Seams are few: to look for them and then for the word around each takes a fifth of the time of
    looking at every word.
    """
    found: dict[str, str] = {}
    end = 0
    for seam in _BEHIND_SEAM.finditer(text):
        if seam.start() < end:
            continue
        start = end = seam.start()
        while start and _in_word(text[start - 1]):
            start -= 1
        while end < len(text) and _in_word(text[end]):
            end += 1
        word = text[start:end]
        found[word] = _BEHIND_SEAM.sub(r" \g<0>", word)
    return found


def _in_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _names(document: Document) -> str:
    """What a document is called by and its text may not say: "we" never names who speaks."""
    values = [document.metadata.get(key) for key in ("speaker", "release", "docket", "parties")]
    values.extend(speaker for _, speaker in document.speaker_starts)
    listed = [item for value in values if value for item in _listed(value)]
    return " ".join(dict.fromkeys(map(str, listed)))


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("row", fast=True)
    builder.add_text_field("text", tokenizer_name="words")
    for key in ("agency", "type", "document"):
        builder.add_text_field(key, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("first_day", indexed=True, fast=True)
    builder.add_integer_field("last_day", indexed=True, fast=True)
    return builder.build()


def _analyzer() -> Any:
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(80))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )


def _conditions(schema: Any, filters: Filters) -> list[tuple[Any, Any]]:
    """The filters as clauses that must match and add nothing to the score."""
    queries = [
        tantivy.Query.term_set_query(schema, key, list(getattr(filters, key)))
        for key in ("agency", "type", "document")
        if getattr(filters, key)
    ]
    if filters.date_from is not None:
        queries.append(_range(schema, "last_day", lower=filters.date_from))
    if filters.date_to is not None:
        queries.append(_range(schema, "first_day", lower=1, upper=filters.date_to))
    return [(tantivy.Occur.Must, tantivy.Query.const_score_query(query, 0.0)) for query in queries]


def _range(schema: Any, field: str, *, lower: int, upper: int | None = None) -> Any:
    return tantivy.Query.range_query(
        schema, field, tantivy.FieldType.Integer, lower_bound=lower, upper_bound=upper
    )
