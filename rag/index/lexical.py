"""The lexical stage: BM25 over the passages' words with tantivy."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import tantivy

from rag.errors import DamagedIndexError
from rag.filters import Filters, keys_of
from rag.split import searched_text
from rag.types import Passage

_WRITER_MEMORY = 256_000_000


def write_lexical(passages: Iterable[Passage], folder: Path) -> None:
    """Index the passages, in order: the i-th given is row i."""
    folder.mkdir()
    index = tantivy.Index(_schema(), path=str(folder))
    index.register_tokenizer("words", _analyzer())
    # One thread, so that the same passages give the same segments.
    writer = index.writer(heap_size=_WRITER_MEMORY, num_threads=1)
    for row, passage in enumerate(passages):
        keys = keys_of(passage.document)
        document = tantivy.Document()
        document.add_integer("row", row)
        document.add_text("text", searched_text(passage))
        document.add_text("document", keys["document"])
        for key in ("agency", "type"):
            for value in keys[key]:
                document.add_text(key, value)
        document.add_integer("first_day", keys["first_day"])
        document.add_integer("last_day", keys["last_day"])
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()


class Lexical:
    """Passages by BM25; higher is better, unbounded."""

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

    def search(
        self, text: str, k: int, *, filters: Filters | None = None
    ) -> list[tuple[int, float]]:
        """The ``k`` best rows for the words of ``text`` with their score, best first, ties by row.

        The text is words only: none of it is query syntax.
        """
        words = Counter(self._analyzer.analyze(text))
        if not words:
            return []
        schema = self._index.schema
        clauses = [
            (
                tantivy.Occur.Should,
                tantivy.Query.boost_query(tantivy.Query.term_query(schema, "text", word), count),
            )
            for word, count in words.items()
        ]
        query = tantivy.Query.boolean_query(clauses)
        if filters:
            query = tantivy.Query.boolean_query(
                [(tantivy.Occur.Must, query), *_conditions(schema, filters)]
            )
        result = self._searcher.search(query, limit=k, count=False)
        rows = self._searcher.fast_field_values("row", [address for _, address in result.hits])
        found = [(int(row), score) for row, (score, _) in zip(rows, result.hits, strict=True)]
        return sorted(found, key=lambda item: (-item[1], item[0]))


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
