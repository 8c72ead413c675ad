"""PDF: text with the page of every character."""

from collections.abc import Iterator

import pypdfium2 as pdfium

from rag.errors import LoadError
from rag.load.parsed import Job, Parsed


def read_pdf(job: Job) -> Iterator[Parsed]:
    """Read the text layer of a PDF."""
    try:
        document = pdfium.PdfDocument(job.data)
    except pdfium.PdfiumError as error:
        raise LoadError(f"a damaged PDF: {error}") from error
    pieces: list[str] = []
    starts: list[int] = []
    position = 0
    for page in document:
        text = page.get_textpage().get_text_range().replace("\r\n", "\n").strip() + "\n\n"
        starts.append(position)
        pieces.append(text)
        position += len(text)
    joined = "".join(pieces)
    if not joined.strip():
        raise LoadError("a PDF without a text layer")
    title = document.get_metadata_value("Title")
    yield Parsed(joined, title=title or "", page_starts=tuple(starts))
