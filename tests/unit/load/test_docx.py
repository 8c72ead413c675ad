"""Word documents."""

import io
import zipfile

import docx
import docx.document
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsmap, qn

from rag.errors import LoadError
from rag.load.docx import read_docx
from tests.unit.load.reading import job, read_one


def saved(document: docx.document.Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            new.writestr(info.filename, content if info.filename == name else old.read(info))
    return out.getvalue()


def test_headings_numbers_and_tables_come_in_their_order() -> None:
    document = docx.Document()
    document.core_properties.title = "Order"
    document.add_heading("Findings", level=2)
    document.add_paragraph("Acme paid.", style="List Number")
    document.add_paragraph("Bolt did not.", style="List Number")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ("Who", "Penalty", "Acme", "$5"), strict=True):
        cell.text = text
    document.add_paragraph("After it\ta tab.")

    parsed = read_one(saved(document), "order.pdf")

    assert parsed.title == "Order"
    assert parsed.text == (
        "## Findings\n\n1. Acme paid.\n\n2. Bolt did not.\n\nWho | Penalty\nAcme | $5"
        "\n\nAfter it a tab."
    )


def test_a_footnote_stands_after_its_paragraph_and_its_mark_is_raised() -> None:
    document = docx.Document()
    run = document.add_paragraph("Acme paid $5").add_run()
    reference = OxmlElement("w:footnoteReference")
    reference.set(qn("w:id"), "2")
    run._r.append(reference)
    document.add_paragraph("Bolt did not.")
    notes = (
        f'<w:footnotes xmlns:w="{nsmap["w"]}"><w:footnote w:id="0" w:type="separator"/>'
        '<w:footnote w:id="2"><w:p><w:r><w:t>In 2023.</w:t></w:r></w:p></w:footnote></w:footnotes>'
    )
    package = document.part.package
    part = Part(PackURI("/word/footnotes.xml"), "application/xml", notes.encode(), package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)

    parsed = read_one(saved(document), "order.docx")

    assert parsed.text == "Acme paid $5¹\n\n¹ In 2023.\n\nBolt did not."
    assert parsed.footnotes == ((15, 25, 0),)


def test_the_fields_of_a_form_show_what_was_chosen() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Served ")
    for inner in (
        '<w:ddList><w:result w:val="1"/><w:listEntry w:val="6"/><w:listEntry w:val="12"/>'
        "</w:ddList>",
        '<w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox>',
        '<w:checkBox><w:default w:val="0"/></w:checkBox>',
    ):
        field = f'<w:fldChar xmlns:w="{nsmap["w"]}" w:fldCharType="begin"><w:ffData>{inner}'
        paragraph.add_run()._r.append(parse_xml(f"{field}</w:ffData></w:fldChar>"))
        paragraph.add_run(" ")

    assert read_one(saved(document), "form.docx").text == "Served 12 ☒ ☐"


def test_a_bomb_and_a_doctype_are_refused_before_they_are_parsed() -> None:
    plain = saved(docx.Document())
    bomb = with_part(plain, "word/document.xml", b"<x/>" * 13_000_000)
    entity = with_part(plain, "word/document.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x/>')

    with pytest.raises(LoadError, match="unpacks to 52,000,000 bytes"):
        list(read_docx(job(bomb, "a.docx")))
    with pytest.raises(LoadError, match="has a DOCTYPE"):
        list(read_docx(job(entity, "a.docx")))


def test_a_document_without_words_says_so() -> None:
    with pytest.raises(LoadError, match="without text"):
        list(read_docx(job(saved(docx.Document()), "a.docx")))
