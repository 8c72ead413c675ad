"""PDF: what was filled into a form is text, and embedded files are documents."""

import io
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from rag.config import Settings
from rag.load import find, load
from rag.load.original import original
from rag.load.parsed import Parsed
from rag.load.pdf import quote_boxes
from rag.types import Document, Skipped
from tests.unit.load.pages import column, pdf_of, stream, written
from tests.unit.load.reading import read, read_one

LABELS = column(72, 700, ["Name of the firm:", "", "What happened:", "", "", "", "I agree:"])


def field(kind: str, rect: str, value: str, more: str = "") -> str:
    return (
        f"<< /Type /Annot /Subtype /Widget /FT /{kind} /T (f{rect}) /Rect [{rect}] "
        f"/V {value} /P 5 0 R {more} >>"
    )


def form(*fields: str) -> bytes:
    """A page of labels with form fields that have no appearance of their own."""
    numbers = " ".join(f"{6 + i} 0 R" for i in range(len(fields)))
    return written(
        [
            f"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [{numbers}] >> >>",
            "<< /Type /Pages /Count 1 /Kids [5 0 R] >>",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /Encoding /WinAnsiEncoding >>",
            stream("\n".join(label.operators() for label in LABELS)),
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
            f"/Annots [{numbers}] /Resources << /Font << /F1 3 0 R >> >> >>",
            *fields,
        ]
    )


def test_values_of_fields_are_read_beside_their_labels() -> None:
    story = "They took $42,000 from my savings and did not answer my letters, not even once."
    data = form(
        field("Tx", "170 696 400 712", "(Merlin Traders Ltd)"),
        field("Tx", "170 620 400 686", f"({story})", "/Ff 4096"),
        field(
            "Btn", "170 612 182 624", "/Yes", "/AS /Yes /AP << /N << /Yes 4 0 R /Off 4 0 R >> >>"
        ),
        field("Tx", "170 500 400 512", "(secret)", "/Ff 8192"),
        field("Tx", "170 480 400 492", "(unseen)", "/F 2"),
    )

    parsed = read_one(data, "a.pdf")

    assert "Name of the firm: Merlin Traders Ltd" in parsed.text
    assert f"What happened: {story}" in " ".join(parsed.text.split())
    assert "I agree: ☒" in parsed.text
    assert "secret" not in parsed.text
    assert "unseen" not in parsed.text
    ((left, top, _, bottom),) = quote_boxes(data, 1, "Merlin Traders Ltd")
    assert left == pytest.approx(170 / 612, abs=0.01)
    assert top < 1 - 704 / 792 < bottom


def test_a_typed_note_on_the_page_is_read() -> None:
    note = "<< /Type /Annot /Subtype /FreeText /Rect [170 696 400 712] /Contents (Paid in full) >>"

    assert "Name of the firm: Paid in full" in read_one(form(note), "a.pdf").text


def with_files(data: bytes, **files: bytes) -> bytes:
    document = pdfium.PdfDocument(data)
    for name, content in files.items():
        document.new_attachment(name).set_data(content)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_embedded_files_are_documents_and_their_bytes_are_found_again(tmp_path: Path) -> None:
    inner = with_files(pdf_of(column(72, 700, ["The inner order."])), note=b"The note says no.")
    path = tmp_path / "outer.pdf"
    path.write_bytes(with_files(pdf_of(LABELS), order=inner, empty=b"\0" * 9))

    items = list(load(find([path]), Settings(ocr=False)))

    documents = [item for item in items if isinstance(item, Document)]
    assert [document.doc_id for document in documents] == [
        "outer.pdf",
        "outer.pdf!order",
        "outer.pdf!order!note",
    ]
    assert documents[2].text == "The note says no."
    assert original(documents[2]) == b"The note says no."
    assert original(documents[1]) == inner
    (skipped,) = [item for item in items if isinstance(item, Skipped)]
    assert skipped.source.endswith("outer.pdf!empty")


def test_files_embedded_in_a_blank_page_are_read_all_the_same() -> None:
    items = read(with_files(pdf_of([]), note=b"The note says no."), "a.pdf")

    assert [type(item) for item in items] == [Skipped, Parsed]


def test_a_file_that_hangs_on_a_page_is_reported() -> None:
    clip = "<< /Type /Annot /Subtype /FileAttachment /Rect [10 10 20 20] >>"

    assert "1 attached files were not read" in str(read_one(form(clip), "a.pdf").metadata)
