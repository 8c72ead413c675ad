"""An answer as Markdown, for chat programs: every text of a document is escaped."""

from collections.abc import Iterator
from textwrap import shorten

from rag.answer.evidence import row_lines
from rag.answer.export import markdown_text
from rag.answer.summary_record import summary_lines
from rag.types import (
    Answer,
    Citation,
    Claim,
    Document,
    SumsTable,
    as_sentence,
    counted,
    introduction,
)

_TITLE = 160
"""Longer titles of documents are shortened to this many characters."""
_ROWS = 10
"""At most this many rows of a table are shown."""
_NEAREST = 3
"""At most this many documents with the nearest passages are named after ``not_found``."""


def opening(answer: Answer) -> str:
    """The first paragraph: what was found, or that the documents do not say."""
    table = answer.table
    if table is not None and table.rows:
        return f"{markdown_text(table.lead)}\n\n"
    if answer.outcome == "not_found":
        searched = answer.searched
        return (
            f"**Not found.** {markdown_text(answer.verdict or 'The documents do not say.')} "
            f"Searched {counted(searched.documents, 'document')} "
            f"({counted(searched.passages, 'passage')}).\n\n"
        )
    return f"{markdown_text(answer.verdict)}\n\n" if answer.verdict else ""


def claim_block(claim: Claim, number: int) -> str:
    """A claim: who says it with which standing, the quote, and its place in the document."""
    lines = [f"**{number}. {markdown_text(introduction(claim))}:**", ""]
    for citation in claim.citations:
        lines += [f"> “{markdown_text(citation.quote)}”", "", _source(citation), ""]
    return "\n".join(lines) + "\n"


def closing(answer: Answer) -> str:
    """What stands behind the claims: the table, the summary, what is missing, the way on."""
    return "".join(f"{block}\n\n" for block in _closing(answer))


def answer_markdown(answer: Answer) -> str:
    """The whole answer."""
    blocks = [claim_block(claim, number) for number, claim in enumerate(answer.claims, start=1)]
    return "".join([opening(answer), *blocks, closing(answer)]).rstrip() + "\n"


def _closing(answer: Answer) -> Iterator[str]:
    if answer.table is not None:
        yield from _table(answer.table)
    if answer.summary is not None:
        yield from map(markdown_text, summary_lines(answer.to_dict()))
        for number, claim in enumerate(answer.summary.added, start=len(answer.claims) + 1):
            yield claim_block(claim, number).rstrip()
    yield from (markdown_text(as_sentence(missing)) for missing in answer.missing)
    yield from map(markdown_text, answer.notes)
    if answer.way_on is not None:
        for spelling in answer.way_on.spellings:
            yield f"Did you mean “{markdown_text(spelling)}”?"
        for mention in answer.way_on.mentions:
            yield (
                f"“{markdown_text(mention.name)}” is mentioned in: "
                f"{_title(mention.title)} ({markdown_text(mention.doc_id)})"
            )
    if answer.outcome == "not_found" and answer.hits:
        titles = dict.fromkeys(_title(hit.passage.document.title) for hit in answer.hits)
        nearest = "; ".join(list(titles)[:_NEAREST])
        yield f"Nearest passages, which do not answer, are in: {nearest}"


def _table(table: SumsTable) -> Iterator[str]:
    for number, row in enumerate(table.rows[:_ROWS], start=1):
        heading, quote = row_lines(row.to_dict())
        yield f"**{number}. {markdown_text(heading)}**"
        yield f"> {markdown_text(quote)}"
        yield _source(row.citation)
    rest = table.sums - min(len(table.rows), _ROWS)
    if table.rows and rest > 0:
        yield f"{rest:,} more of {table.sums:,}."
    yield markdown_text(table.scope)


def _source(citation: Citation) -> str:
    """The place of a quote: title, date, page, id of the document, characters."""
    document: Document = citation.document
    date = document.metadata.get("date")
    page = f", p. {citation.page}" if citation.page else ""
    return (
        f"— {_title(document.title)}{f' ({markdown_text(str(date))})' if date else ''}{page}, "
        f"{markdown_text(document.doc_id)}, characters {citation.start}–{citation.end}"
    )


def _title(title: str) -> str:
    return markdown_text(shorten(title, _TITLE, placeholder=" …"))
