"""Web pages: the main content as text, headings and tables kept, menus and scripts left out."""

from collections.abc import Iterator

import trafilatura
from trafilatura.settings import Document

from rag.errors import LoadError
from rag.load.parsed import Job, Parsed
from rag.load.text import decode


def read_html(job: Job) -> Iterator[Parsed]:
    """Read the main content of a web page."""
    page = decode(job.data)
    found = trafilatura.bare_extraction(
        page,
        output_format="markdown",
        include_tables=True,
        include_comments=False,
        with_metadata=True,
    )
    values = found.as_dict() if isinstance(found, Document) else {}
    if not str(values.get("text") or "").strip():
        raise LoadError("a web page without readable text")
    yield Parsed(str(values["text"]), title=str(values.get("title") or ""))
