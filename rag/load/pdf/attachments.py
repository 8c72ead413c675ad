"""Files that are embedded in a PDF: each is a document of its own."""

from collections.abc import Iterator

import pypdfium2 as pdfium

from rag.errors import LoadError
from rag.load.characters import cleaned
from rag.load.pdf.chars import open_pdf

_MOST = 500
"""Files of one PDF that are read: a portfolio has fewer."""


def attachments_of(document: pdfium.PdfDocument, limit: int) -> Iterator[tuple[str, bytes | str]]:
    """Name and bytes of each embedded file, or the reason why it is not read.

    Names are unique; a file without one is ``attachment-3``. ``limit`` bounds the bytes of all.
    """
    names: set[str] = set()
    for number in range(min(document.count_attachments(), _MOST)):
        name = f"attachment-{number + 1}"
        try:
            attachment = document.get_attachment(number)
            given = " ".join(cleaned(attachment.get_name()).split())
            name = given if given and given not in names else name
            names.add(name)
            data = bytes(attachment.get_data())
        except (pdfium.PdfiumError, ValueError) as error:
            yield name, f"an embedded file that cannot be read: {error}"
            continue
        limit -= len(data)
        if limit < 0:
            yield name, "the embedded files are larger than max_file_bytes; raise it"
            return
        yield name, data


def attachment(data: bytes, name: str) -> bytes:
    """The bytes of the embedded file ``name`` of the PDF ``data``.

    Raises
    ------
    LoadError
        If there is none of that name.
    """
    with open_pdf(data) as document:
        for own, content in attachments_of(document, 1 << 40):
            if own == name and isinstance(content, bytes):
                return content
    raise LoadError(f"no embedded file {name}")
