"""Hostile and broken files: each gives documents or one reason for skipping."""

import random
from pathlib import Path

import pytest

from rag.config import Settings
from rag.errors import LoadError
from rag.load import find, load
from rag.types import Document
from tests.benchmarks.load_mutations import mutated, write_mutations
from tests.unit.load.pages import Text, column, pdf_of
from tests.unit.load.reading import read


def test_a_mutation_is_the_same_for_the_same_seed() -> None:
    data = random.Random(0).randbytes(1000)

    assert mutated(data, 7) == mutated(data, 7)
    assert mutated(data, 7) != data


def test_every_mutated_file_is_accounted_for(tmp_path: Path, shared_data: Path) -> None:
    write_mutations(shared_data / "pdf", tmp_path, range(1, 37))

    items = list(load(find([tmp_path]), Settings(ocr=False, parse_seconds=60)))

    also = [
        source
        for item in items
        if isinstance(item, Document)
        for source in item.metadata.get("also_in", [])
    ]
    assert {Path(item.source).name for item in items} | {Path(source).name for source in also} == {
        path.name for path in tmp_path.iterdir()
    }
    assert all("\n" not in str(item) for item in items if not isinstance(item, Document))


def test_a_page_that_cannot_be_read_is_skipped_alone(tmp_path: Path) -> None:
    good = pdf_of(column(72, 600, ["First page."]), [Text(72, 600, "Second page.")])
    (tmp_path / "a.pdf").write_bytes(good.replace(b"/Kids [6 0 R", b"/Kids [9 0 R"))

    (item,) = load(find([tmp_path]), Settings(ocr=False))

    assert isinstance(item, Document)
    assert item.text == "Second page."


def test_damaged_pages_mails_and_exports_fail_in_no_reader() -> None:
    page = (
        b"<html><style>.a .b{display:none}</style><body><main><h1>Alder</h1><table>"
        b"<tr><th rowspan=2>Firm<th colspan=2>Fine<tr><td>x<td>$5</table><ul><li>a"
        b"<ul><li>b</ul></ul><p>c<sup>1</sup>"
        b"<blockquote>On 4 March 2024 Al Roe wrote:<p>d</blockquote></main></body></html>"
    )
    mail = b"From: Jo <jo@a.test>\nTo: x\nSubject: y\nContent-Type: text/html\n\n" + page
    rows = b'id,date,agency,text\n1,3/5/2024,"SEC; CFTC",One\n2,next week,"[1, ""a""]",Two\n'
    pleading = b"".join(b"%d  and so on\n" % n for n in range(1, 29)) + b"Q. a\nA. b\nQ. c\nA. d\n"
    box = b"From a\n" + mail + b"\n\nFrom b\n" + mail

    for name, data in (
        ("a.html", page),
        ("a.eml", mail),
        ("a.csv", rows),
        ("a", pleading),
        ("a", box),
    ):
        for seed in range(80):
            assert "Error:" not in fault_of(mutated(data, seed), name), (name, seed)


def fault_of(data: bytes, name: str) -> str:
    """Why the bytes cannot be read; "" if they can."""
    try:
        read(data, name)
    except LoadError as error:
        return str(error)
    return ""


@pytest.mark.slow
def test_a_scan_is_read_by_ocr_and_marked_so(shared_data: Path) -> None:
    (item,) = load(find([shared_data / "pdf" / "ocr_pdf_variation.pdf"]), Settings())

    assert isinstance(item, Document)
    assert "UNITED" in item.text
    assert item.metadata["ocr_pages"] == [1]
    confidence = item.ocr_at(item.text.index("UNITED"))
    assert confidence is not None
    assert confidence > 0.9
