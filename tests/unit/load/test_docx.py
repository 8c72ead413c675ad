"""Word documents."""

import io
import re
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
        "## Findings\n\n1. Acme paid.\n\n2. Bolt did not.\n\nWho | Penalty\n\nAcme | $5"
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


def body_of(inner: str) -> docx.document.Document:
    """A document whose body is this XML, with the prefix ``w``."""
    document = docx.Document()
    root = parse_xml(f'<w:body xmlns:w="{nsmap["w"]}">{inner}</w:body>')
    for child in reversed(list(root)):
        document.element.body.insert(0, child)
    return document


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r>"


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p>{run(text)}</w:p></w:tc>"


def control(inner: str) -> str:
    return f"<w:sdt><w:sdtPr/><w:sdtContent>{inner}</w:sdtContent></w:sdt>"


def text_of(inner: str) -> str:
    return read_one(saved(body_of(inner)), "a.docx").text


def test_content_controls_around_paragraphs_rows_cells_and_words_are_read() -> None:
    header = "<w:trPr><w:tblHeader/></w:trPr>"
    rows = [
        f"<w:tr>{header}{cell('Firm')}{cell('Fine')}</w:tr>",
        control(f"<w:tr>{cell('Alder')}{cell('$5')}</w:tr>"),
        f"<w:tr>{control(cell('Birch'))}<w:tc><w:p>{control(run('$6'))}</w:p></w:tc></w:tr>",
        f"<w:tr><w:trPr><w:del/></w:trPr>{cell('Cedar')}{cell('$7')}</w:tr>",
    ]

    text = text_of(
        control(control(f"<w:p>{run('Whole.')}</w:p>"))
        + f"<w:p>{run('It is ')}{control(run('$4'))}<w:ins>{run(' now')}</w:ins>.</w:p>"
        + f"<w:tbl>{''.join(rows)}</w:tbl>"
    )

    assert text == "Whole.\n\nIt is $4 now\n\nFirm: Alder; Fine: $5\n\nFirm: Birch; Fine: $6"


def test_rows_that_are_moved_in_or_merged_keep_their_columns() -> None:
    merged, on, whole = '<w:vMerge w:val="restart"/>', "<w:vMerge/>", '<w:gridSpan w:val="3"/>'
    moved = "<w:trPr><w:gridBefore w:val='1'/></w:trPr>"
    rows = [
        f"<w:tr>{cell('Firm')}{cell('Year')}{cell('Fine')}</w:tr>",
        f"<w:tr>{cell('Alder', merged)}{cell('2021')}{cell('$5')}</w:tr>",
        f"<w:tr>{cell('', on)}{cell('2022')}{cell('')}</w:tr>",
        f"<w:tr>{moved}{cell('', on)}{cell('$7')}</w:tr>",
        f"<w:tr>{cell('All figures', whole)}</w:tr>",
    ]

    assert text_of(f"<w:tbl>{''.join(rows)}</w:tbl>").split("\n\n") == [
        *("Firm: Alder; Year: 2021; Fine: $5", "Firm: Alder; Year: 2022; Fine:"),
        *("Firm:; Year: 2022; Fine: $7", "All figures"),
    ]


def test_a_table_that_only_places_paragraphs_is_read_as_paragraphs() -> None:
    two = f"<w:tc><w:p>{run('One.')}</w:p><w:p>{run('Two.')}</w:p></w:tc>"

    assert text_of(f"<w:tbl><w:tr>{two}</w:tr></w:tbl>") == "One.\n\nTwo."


def test_hidden_and_struck_words_are_left_out_and_reported() -> None:
    style = '<w:rStyle w:val="H2"/>'
    runs = [
        *(run("Paid"), run(" hid", "<w:vanish/>"), run(" by style", style)),
        *(run(" shown", f'{style}<w:vanish w:val="0"/>'), run(" gone", "<w:strike/>")),
        run(" kept", '<w:strike w:val="false"/>'),
    ]
    document = body_of(f"<w:p>{''.join(runs)}</w:p>")
    for name, inner in (("H1", "<w:rPr><w:vanish/></w:rPr>"), ("H2", '<w:basedOn w:val="H1"/>')):
        style = f'<w:style xmlns:w="{nsmap["w"]}" w:type="character" w:styleId="{name}">{inner}'
        document.styles.element.append(parse_xml(f"{style}</w:style>"))

    parsed = read_one(saved(document), "a.docx")

    assert parsed.text == "Paid shown kept"
    assert parsed.metadata["warnings"] == [
        "13 hidden characters were left out",
        "5 struck-through characters were left out",
    ]


def test_page_heads_and_comments_are_reported_and_text_boxes_are_read() -> None:
    box = f"<w:pict><w:txbxContent><w:p>{run('In the box.')}</w:p></w:txbxContent></w:pict>"
    document = body_of(f"<w:p>{run('Before')}<w:r>{box}</w:r>{run(' after.')}</w:p>")
    document.sections[0].header.paragraphs[0].text = "Privileged"
    document.add_comment(document.paragraphs[0].runs, text="Really?")

    parsed = read_one(saved(document), "a.docx")

    assert parsed.text == "Before after.\n\nIn the box."
    assert parsed.metadata["warnings"] == [
        "page heads and feet were left out: Privileged",
        "1 comment was left out",
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            rb"http://schemas.openxmlformats.org/(wordprocessingml|officeDocument|drawingml)/2006/",
            rb"http://purl.oclc.org/ooxml/\1/",
        ),
        (
            rb"openxmlformats-officedocument.wordprocessingml.document.main",
            rb"ms-word.document.macroEnabled.main",
        ),
    ],
)
def test_strict_documents_and_those_with_macros_are_read(old: bytes, new: bytes) -> None:
    document = docx.Document()
    document.add_paragraph("Alder paid.", style="List Number")
    data = saved(document)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [name for name in archive.namelist() if name.endswith((".xml", ".rels"))]
        changed = {name: re.sub(old, new, archive.read(name)) for name in names}
    for name, part in changed.items():
        data = with_part(data, name, part)

    assert read_one(data, "a.docx").text == "1. Alder paid."


def test_an_endnote_has_a_mark_in_roman_numerals() -> None:
    document = body_of('<w:p><w:r><w:t>Paid</w:t><w:endnoteReference w:id="2"/></w:r></w:p>')
    notes = (
        f'<w:endnotes xmlns:w="{nsmap["w"]}"><w:endnote w:id="2"><w:p><w:r><w:t>Late.</w:t></w:r>'
        "</w:p></w:endnote></w:endnotes>"
    )
    part = Part(
        PackURI("/word/endnotes.xml"), "application/xml", notes.encode(), document.part.package
    )
    document.part.relate_to(part, RELATIONSHIP_TYPE.ENDNOTES)

    parsed = read_one(saved(document), "a.docx")

    assert (parsed.text, parsed.footnotes) == ("Paidⁱ\n\nⁱ Late.", ((7, 14, 0),))


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


def test_small_figures_are_raised_and_lowered_and_small_words_are_not() -> None:
    def run(words: str, place: str = "") -> str:
        small = f'<w:rPr><w:vertAlign w:val="{place}"/></w:rPr>' if place else ""
        return f'<w:r>{small}<w:t xml:space="preserve">{words}</w:t></w:r>'

    document = docx.Document()
    runs = (
        run("It paid $1,000."),
        run("14", "superscript"),
        run(" for 30 m"),
        run("2", "superscript"),
        run(" and CO"),
        run("2", "subscript"),
        run(" on the 3"),
        run("rd", "superscript"),
    )
    document.element.body.insert(0, parse_xml(f'<w:p xmlns:w="{nsmap["w"]}">{"".join(runs)}</w:p>'))

    text = read_one(saved(document), "a.docx").text

    assert text == "It paid $1,000.¹⁴ for 30 m² and CO₂ on the 3rd"


def test_a_paragraph_whose_end_was_deleted_goes_on_in_the_next() -> None:
    def paragraph(words: str, mark: str = "") -> str:
        inner = f'<w:pPr><w:rPr>{mark}</w:rPr></w:pPr><w:r><w:t xml:space="preserve">{words}</w:t>'
        return f'<w:p xmlns:w="{nsmap["w"]}">{inner}</w:r></w:p>'

    document = docx.Document()
    gone = '<w:del w:id="1"/>'
    for at, xml in enumerate(
        [paragraph("The firm ", gone), paragraph("paid ", gone), paragraph("$3."), paragraph("End")]
    ):
        document.element.body.insert(at, parse_xml(xml))

    assert read_one(saved(document), "a.docx").text == "The firm paid $3.\n\nEnd"
