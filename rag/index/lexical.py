"""The lexical stage: BM25 over passages and over whole documents, with tantivy."""

import ctypes
import errno
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import tantivy

from rag.errors import DamagedIndexError
from rag.index.protocols import Found
from rag.question.filters import Filters, keys_of
from rag.types import Document, Question

LEXICAL_VERSION = 3
"""Raised whenever the same text gives other words in the index."""
# Bytes that the writer fills before it writes a segment: more memory gives fewer segments to merge.
_WRITER_MEMORY = 256_000_000
_PASSAGES, _DOCUMENTS = "passages", "documents"
# Words that text extraction ran together ("UniversityNew York", "Cuba2003") are indexed separately
# too. The pattern starts with the character after the seam: few characters fit, so that the search
# is fast.
_AFTER_SEAM = re.compile(r"[A-Z\d](?:(?<=[a-z][A-Z])(?=[a-z])|(?<=[a-z]\d))")
# Least letters of a word that counts as misspelt if no document has it: shorter words resemble too
# many others.
SHORTEST_MISSPELT = 5
# Least letters of a word in which two wrong letters are allowed instead of one.
TWO_ERRORS = 9
# Score of every match of a misspelt word: that of a word in few documents.
MISSPELT = 8.0
# Words that may stand between the words of a name ("Robert Clifford Cowan").
SLOP = 2
# Longest token that is indexed, in characters: longer ones are links or noise.
_LONGEST_TOKEN = 80


class LexicalWriter:
    """Indexes passages and documents; the i-th one added is row i."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._passages = _Writer(folder / _PASSAGES)
        self._documents = _Writer(folder / _DOCUMENTS)

    def add(self, document: Document, searched: Iterable[str]) -> None:
        """Append a document, and its passages by their searched texts, in order."""
        keys = keys_of(document)
        of_passages, of_document = searched_words(document, searched)
        for text in of_passages:
            self._passages.add(keys, text)
        self._documents.add(keys, of_document)

    def close(self) -> None:
        """Commit, and wait until the segments are merged."""
        self._passages.close()
        self._documents.close()
        # The C library would keep half a gigabyte that the writers have freed.
        with suppress(OSError, AttributeError):  # another C library
            ctypes.CDLL(None).malloc_trim(0)

    def end(self) -> None:
        """Leave what was not committed, and wait until no thread writes into the folder."""
        self._passages.end()
        self._documents.end()


class Lexical:
    """Searches passages and documents by their words; safe to share among threads.

    Parameters
    ----------
    before
        Called before every search: it raises an error if a file has changed. Tantivy maps its
        files into memory, and to read from a mapped file that was cut ends the process.

    Raises
    ------
    DamagedIndexError
        If the folder does not hold tantivy indexes.
    """

    def __init__(self, folder: Path, *, before: Callable[[], None] = lambda: None) -> None:
        self._passages = _Searcher(folder / _PASSAGES, before)
        self._documents = _Searcher(folder / _DOCUMENTS, before)

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
        return self._documents.search(
            Question("", words=dict.fromkeys(words, 1.0)), k, filters, occur=tantivy.Occur.Must
        )

    def frequency(self, word: str) -> int:
        """Number of documents with every token of ``word``, at most; 0 if one token is unknown."""
        return self._documents.frequency(word)

    def documents_with(
        self, name: str, k: int, *, filters: Filters | None = None, misspelt: bool = False
    ) -> list[int]:
        """Rows of at most ``k`` documents that hold the words of a name close together, best first.

        With ``misspelt`` each word of five letters or more may have two wrong letters (one in a
        word of five), and the words may stand anywhere.
        """
        return self._documents.holding(name, k, filters, misspelt=misspelt)


class _Writer:
    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        with _disk():
            self._index = tantivy.Index(_schema(), path=str(folder))
            self._index.register_tokenizer("words", analyzer())
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
        with _disk():
            self._writer.add_document(document)
        self._row += 1

    def close(self) -> None:
        with _disk():
            self._writer.commit()
            self._writer.wait_merging_threads()

    def end(self) -> None:
        vars(self).pop("_writer", None)  # tantivy waits for the threads of a writer that goes


@contextmanager
def _disk() -> Iterator[None]:
    """Tantivy raises ``ValueError`` where the disk is full; here it is an ``OSError``."""
    try:
        yield
    except ValueError as error:
        raise OSError(str(error)) from error


@contextmanager
def _lockable(folder: Path) -> Iterator[Path]:
    """The folder, or one with links to its files where this user may not write in it.

    To open an index, tantivy locks a file beside it. A reader need not own what it reads.
    """
    lock = folder / ".tantivy-meta.lock"
    try:
        lock.open("ab").close()
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            with TemporaryDirectory(prefix="rag-lexical-") as links:
                for path in folder.iterdir():
                    if path.name != lock.name:
                        Path(links, path.name).symlink_to(path.resolve())
                yield Path(links)
            return
    yield folder


class _Searcher:
    def __init__(self, folder: Path, before: Callable[[], None]) -> None:
        self._folder = folder
        self._before = before
        try:
            with _lockable(folder) as place:
                self._index = tantivy.Index.open(str(place))
                # A build never changes. By default a thread watches its files and opens those that
                # do: a cut one would end the process.
                self._index.config_reader("Manual")
                self._searcher = self._index.searcher()  # has every file open
        except ValueError as error:
            raise DamagedIndexError(
                f"{folder}: not a tantivy index. Rebuild with: rag index"
            ) from error
        self._analyzer = analyzer()
        self._index.register_tokenizer("words", self._analyzer)

    def search(
        self,
        question: Question,
        k: int,
        filters: Filters | None,
        *,
        occur: Any = tantivy.Occur.Should,
    ) -> Found:
        self._before()  # a clause looks up how many documents have its word
        clauses = [(occur, clause) for clause in self._clauses(question)]
        if not clauses or k < 1:
            return []
        asked = tantivy.Query.boolean_query(clauses)
        if filters:
            asked = tantivy.Query.boolean_query(
                [(tantivy.Occur.Must, asked), *_conditions(self._index.schema, filters)]
            )
        return sorted(self._best(asked, k), key=lambda item: (-item[1], item[0]))

    def frequency(self, word: str) -> int:
        self._before()
        tokens = self._analyzer.analyze(word)
        return min((self._searcher.doc_freq("text", token) for token in tokens), default=0)

    def holding(self, name: str, k: int, filters: Filters | None, *, misspelt: bool) -> list[int]:
        """Rows of the documents that hold a name; see `Lexical.documents_with`."""
        tokens = list(self._analyzer.analyze(name))
        if not tokens or k < 1:
            return []
        schema = self._index.schema
        if misspelt:
            queries = [
                tantivy.Query.fuzzy_term_query(
                    schema, "text", token, distance=2 if len(token) > SHORTEST_MISSPELT else 1
                )
                for token in tokens
                if len(token) >= SHORTEST_MISSPELT
            ]
            if not queries:
                return []
            asked = tantivy.Query.boolean_query([(tantivy.Occur.Must, one) for one in queries])
        elif len(tokens) == 1:
            asked = tantivy.Query.term_query(schema, "text", tokens[0])
        else:
            asked = tantivy.Query.phrase_query(schema, "text", tokens, slop=SLOP)
        conditions = _conditions(schema, filters) if filters else []
        asked = tantivy.Query.boolean_query([(tantivy.Occur.Must, asked), *conditions])
        return [row for row, _ in self._best(asked, k)]

    def _best(self, asked: Any, k: int) -> Found:
        """The ``k`` best rows with their scores, best first."""
        self._before()
        try:
            hits = self._searcher.search(asked, limit=k, count=False).hits
            rows: list[Any] = self._searcher.fast_field_values("row", [hit[1] for hit in hits])
        except (ValueError, OSError) as error:
            raise DamagedIndexError(f"{self._folder}: {error}. Rebuild with: rag index") from error
        return [(int(row), score) for row, (score, _) in zip(rows, hits, strict=True)]

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
        """A query for the word; if no document has it, for words with one or two other letters."""
        schema = self._index.schema
        exact = tantivy.Query.term_query(schema, "text", token)
        if len(token) < SHORTEST_MISSPELT or not token.isalpha():
            return exact
        if self._searcher.doc_freq("text", token):
            return exact
        distance = 2 if len(token) >= TWO_ERRORS else 1
        near = tantivy.Query.fuzzy_term_query(schema, "text", token, distance=distance)
        return tantivy.Query.boost_query(near, MISSPELT)


def searched_words(document: Document, searched: Iterable[str]) -> tuple[list[str], str]:
    """The texts whose words find each passage, and the text whose words find the document.

    ``searched`` are the searched texts of the passages. Names from the metadata and the parts of
    words that were run together are added.
    """
    names = _names(document)
    whole = f"{document.title}\n{document.text}"
    separated = _separated(whole)
    of_passages = [
        "\n".join((names, text, " ".join(own for word, own in separated.items() if word in text)))
        for text in searched
    ]
    return of_passages, f"{names}\n{whole}\n{' '.join(separated.values())}"


def _separated(text: str) -> dict[str, str]:
    """The run-together words of ``text``, each with its parts separated by spaces.

    Seams are few: searching for seams, then for the word around each, takes a fifth of the time of
    testing every word.
    """
    found: dict[str, str] = {}
    end = 0
    for seam in _AFTER_SEAM.finditer(text):
        if seam.start() < end:
            continue
        start = end = seam.start()
        while start and _in_word(text[start - 1]):
            start -= 1
        while end < len(text) and _in_word(text[end]):
            end += 1
        word = text[start:end]
        found[word] = _AFTER_SEAM.sub(r" \g<0>", word)
    return found


def _in_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _names(document: Document) -> str:
    """Names and numbers from the metadata: the text of a speaker says "we", not the name."""
    values = [
        text for key in ("speaker", "release", "docket", "parties") for text in document.texts(key)
    ]
    values.extend(speaker for _, speaker in document.speaker_starts)
    return " ".join(dict.fromkeys(values))


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("row", fast=True)
    builder.add_text_field("text", tokenizer_name="words")
    for key in ("agency", "type", "document"):
        builder.add_text_field(key, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("first_day", indexed=True, fast=True)
    builder.add_integer_field("last_day", indexed=True, fast=True)
    return builder.build()


def analyzer() -> Any:
    """Gives the tokens of a text: its words in lower case, without accents, as stems."""
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(_LONGEST_TOKEN))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )


def _conditions(schema: Any, filters: Filters) -> list[tuple[Any, Any]]:
    """The filters as clauses that must match and add 0 to the score."""
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
