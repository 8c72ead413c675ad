"""OpenDocument texts."""

import io
import zipfile

import pytest

from rag.errors import LoadError
from tests.unit.load.reading import read, read_one

NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{urn}:1.0"'
    for name, urn in [
        *((name, name) for name in ("office", "text", "table", "style", "manifest")),
        ("draw", "drawing"),
    ]
)


def odt_of(body: str, automatic: str = "", **parts: str) -> bytes:
    out = io.BytesIO()
    content = (
        f"<office:document-content {NAMES}><office:automatic-styles>{automatic}"
        f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body>"
        "</office:document-content>"
    )
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        for name, part in {"content": content, **parts}.items():
            archive.writestr(f"{name.replace('__', '/')}.xml", part)
    return out.getvalue()


def test_headings_lists_notes_and_white_space() -> None:
    levels = (
        '<text:list-style style:name="L"><text:list-level-style-number text:level="1" '
        'style:num-format="1" style:num-suffix="."/><text:list-level-style-number text:level="2" '
        'style:num-format="a" style:num-prefix="(" style:num-suffix=")"/></text:list-style>'
    )
    note = (
        '<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation>'
        "<text:note-body><text:p>In 2023.</text:p></text:note-body></text:note>"
    )

    parsed = read_one(
        odt_of(
            '<text:h text:outline-level="2">Findings</text:h>'
            f"<text:p>Alder<text:s/>paid{note},<text:line-break/>twice<text:tab/>over.</text:p>"
            '<text:list text:style-name="L"><text:list-item><text:p>One</text:p><text:list>'
            "<text:list-item><text:p>Inner</text:p></text:list-item></text:list></text:list-item>"
            "<text:list-item><text:p>Two</text:p></text:list-item></text:list>"
            "<text:list><text:list-item><text:p>Mark</text:p></text:list-item></text:list>",
            levels,
        ),
        "order.pdf",
    )

    assert parsed.text == (
        "## Findings\n\nAlder paid¹,\ntwice over.\n\n¹ In 2023.\n\n1. One\n\n(a) Inner\n\n2. Two"
        "\n\n• Mark"
    )
    assert parsed.text[slice(*parsed.footnotes[0][:2])] == "¹ In 2023."


def test_tables_keep_rows_and_columns() -> None:
    def row(*cells: str) -> str:
        inner = "".join(
            cell
            if cell.startswith("<")
            else f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>"
            for cell in cells
        )
        return f"<table:table-row>{inner}</table:table-row>"

    covered = "<table:covered-table-cell/>"
    tall = (
        '<table:table-cell table:number-rows-spanned="2"><text:p>Alder</text:p></table:table-cell>'
    )
    empty = '<table:table-cell table:number-columns-repeated="900"/>'

    parsed = read_one(
        odt_of(
            f"<table:table><table:table-header-rows>{row('Firm', 'Year', 'Fine')}"
            f"</table:table-header-rows>{row(tall, '2021', '$5', empty)}{row(covered, '2022', '')}"
            "</table:table>"
        ),
        "a.odt",
    )

    assert parsed.text == "Firm: Alder; Year: 2021; Fine: $5\n\nFirm: Alder; Year: 2022; Fine:"


def test_what_is_deleted_hidden_or_struck_is_left_out_and_reported() -> None:
    def style(name: str, inner: str, above: str = "") -> str:
        parent = f' style:parent-style-name="{above}"' if above else ""
        return (
            f'<style:style style:name="{name}" style:family="text"{parent}>'
            f"<style:text-properties {inner}/></style:style>"
        )

    styles = (
        style("H", 'text:display="none"')
        + style("I", "", "H")
        + style("S", 'style:text-line-through-style="solid"')
    )
    page = (
        f"<office:document-styles {NAMES}><style:header><text:p>Privileged</text:p></style:header>"
        "</office:document-styles>"
    )

    parsed = read_one(
        odt_of(
            "<text:tracked-changes><text:changed-region><text:deletion><text:p>Deleted</text:p>"
            "</text:deletion></text:changed-region></text:tracked-changes>"
            '<text:p>Alder<text:span text:style-name="I"> hid</text:span><text:span '
            'text:style-name="S"> not</text:span> paid.<office:annotation><text:p>Really?</text:p>'
            "</office:annotation><draw:frame><draw:text-box><text:p>Box.</text:p></draw:text-box>"
            '</draw:frame></text:p><text:section text:display="none"><text:p>Gone</text:p>'
            "</text:section>",
            styles,
            styles=page,
        ),
        "a.odt",
    )

    assert parsed.text == "Alder paid.\n\nBox."
    assert parsed.metadata["warnings"] == [
        "page heads and feet were left out: Privileged",
        "1 comment was left out",
        "7 hidden characters were left out",
        "3 struck-through characters were left out",
    ]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (odt_of("<text:p/>"), "without text"),
        (odt_of("<text:p>x"), "part content.xml is damaged"),
        (odt_of("", content="<!DOCTYPE x []><x/>"), "has a DOCTYPE"),
        (odt_of("", content="<x/>" * 13_000_000), "unpacks to 52,000,000 bytes"),
        (
            odt_of("", META_INF__manifest="x").replace(b"META_INF", b"META-INF"),
            "part META-INF/manifest.xml is damaged",
        ),
        (
            odt_of("", **{"META-INF__manifest": f"<x {NAMES}><manifest:encryption-data/></x>"}),
            "encrypted",
        ),
    ],
)
def test_a_file_that_cannot_be_read_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(LoadError, match=reason):
        read(data, "a.odt")


def test_other_opendocument_files_are_named() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<x/>")

    with pytest.raises(LoadError, match="an OpenDocument file other than a text; save it as .pdf"):
        read(out.getvalue(), "a.ods")


def test_a_number_of_several_levels_has_those_above_and_goes_on_after_a_break() -> None:
    levels = (
        '<text:list-style style:name="L"><text:list-level-style-number text:level="1" '
        'style:num-format="1" style:num-suffix="." text:start-value="4"/>'
        '<text:list-level-style-number text:level="2" style:num-format="1" '
        'text:display-levels="2"/></text:list-style>'
    )

    def inner(words: str) -> str:
        return f"<text:list><text:list-item><text:p>{words}</text:p></text:list-item></text:list>"

    body = (
        '<text:list text:style-name="L"><text:list-item><text:p>Facts</text:p>'
        f"{inner('The firm lied.')}</text:list-item></text:list><text:p>Between.</text:p>"
        '<text:list text:style-name="L" text:continue-numbering="true"><text:list-item>'
        f"<text:p>Law</text:p>{inner('It broke a rule.')}</text:list-item></text:list>"
    )

    text = read_one(odt_of(body, levels), "a.odt").text

    assert text.split("\n\n") == [
        *("4. Facts", "4.1 The firm lied.", "Between.", "5. Law", "5.1 It broke a rule.")
    ]


def test_small_figures_are_raised() -> None:
    style = (
        '<style:style style:name="S" style:family="text"><style:text-properties '
        'style:text-position="super 58%"/></style:style>'
    )
    small = '<text:span text:style-name="S">{}</text:span>'.format

    text = read_one(odt_of(f"<text:p>$1,000.{small(14)} 3{small('rd')}</text:p>", style), "a.odt")

    assert text.text == "$1,000.¹⁴ 3rd"
