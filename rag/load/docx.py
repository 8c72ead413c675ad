"""Word documents: paragraphs, headings and tables in their order."""

import io
from collections.abc import Iterator

import docx
from docx.opc.exceptions import OpcError
from docx.table import Table

from rag.errors import LoadError
from rag.load.parsed import Job, Parsed


def read_docx(job: Job) -> Iterator[Parsed]:
    """Read a Word document; tables row by row."""
    try:
        document = docx.Document(io.BytesIO(job.data))
    except (KeyError, ValueError, OSError, OpcError) as error:
        raise LoadError(f"a damaged Word document: {error}") from error
    blocks: list[str] = []
    for item in document.iter_inner_content():
        if isinstance(item, Table):
            rows = (" | ".join(cell.text.strip() for cell in row.cells) for row in item.rows)
            blocks.append("\n".join(rows))
        else:
            blocks.append(item.text)
    text = "\n\n".join(block for block in blocks if block.strip())
    if not text:
        raise LoadError("a Word document without text")
    yield Parsed(text, title=document.core_properties.title or "")
