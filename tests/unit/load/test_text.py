"""Plain text, Markdown, JSON lines and CSV."""

import json

import pytest

from rag.errors import LoadError
from rag.load.parsed import Parsed
from rag.types import Skipped
from tests.unit.load.reading import read, read_one


def test_text_is_decoded_as_it_is() -> None:
    text = "\nFirst line, blank one above.\r\nNo end、fine"

    assert read_one(text.encode(), "a.txt").text == text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_encodings_are_detected(encoding: str) -> None:
    text = "The Commission’s order – “final” – cost Café Müller £5,000. " * 5

    assert read_one(text.encode(encoding), "a.txt").text == text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize(
    "text", ["Osprey Ltd paid $9.", "Банк «Север» оштрафован на 5 рублей. " * 2]
)
def test_wide_characters_need_no_byte_order_mark(encoding: str, text: str) -> None:
    assert read_one(text.encode(encoding), "a.txt").text == text


def test_rows_in_utf_16_are_rows() -> None:
    data = '{"text": "One."}\n{"text": "Two."}'.encode("utf-16-le")

    assert [item.text for item in read(data, "a") if isinstance(item, Parsed)] == ["One.", "Two."]


def test_carriage_returns_alone_end_lines() -> None:
    assert (
        read_one(b"Heron Ltd\r\rIt paid.\rTwice.", "a.txt").text == "Heron Ltd\n\nIt paid.\nTwice."
    )


@pytest.mark.parametrize(
    "data", [b"Acme\x92s \x80 5 fine \x96 paid.", "Acme\x92s \x80 5 fine \x96 paid.".encode()]
)
def test_the_signs_of_windows_are_read_as_bytes_and_as_control_characters(data: bytes) -> None:
    assert read_one(data, "a.txt").text == "Acme’s € 5 fine – paid."


def test_control_characters_are_dropped_and_white_space_is_not() -> None:
    assert read_one(b"A\x07cme\x1b\tpaid.\x0cPage 2", "a.txt").text == "Acme\tpaid.\x0cPage 2"


def test_binary_under_a_text_name_is_refused() -> None:
    with pytest.raises(LoadError, match="NUL bytes"):
        read(b"abc\0def", "a.txt")


def test_a_markdown_heading_is_the_title_and_stays_in_the_text() -> None:
    parsed = read_one(b"intro\n\n# The Order #\n\nText.", "a.md")

    assert (parsed.title, parsed.text) == ("The Order", "intro\n\n# The Order #\n\nText.")


def test_json_lines_give_a_document_for_each_row_and_a_reason_for_each_faulty_one() -> None:
    rows = [
        json.dumps({"id": "x1", "doc_type": "order", "agency": "SEC", "text": "One.", "url": ""}),
        "{broken",
        "",
        "[1]",
        json.dumps({"id": "x2", "body": " "}),
    ]

    items = read("\n".join(rows).encode(), "export.jsonl")

    first, *skipped = items
    assert isinstance(first, Parsed)
    assert (first.text, first.part) == ("One.", ":1")
    assert first.metadata == {"id": "x1", "type": "order", "agency": "SEC"}
    assert [item.source for item in skipped if isinstance(item, Skipped)] == [":2", ":4", ":5"]
    assert str(skipped[2]) == ":5: skipped: no text; its columns are id, body"


def test_a_list_in_a_row_stays_a_list_where_the_key_takes_one() -> None:
    row = {
        "agency": ["SEC", "CFTC"],
        "type": ["order"],
        "speaker": [None, "Ms. A", "Mr. B"],
        "parties": ["Acme", 7],
        "docket": ["3-21818", "3-21819"],
        "court": [""],
        "text": "One.",
    }

    parsed = read_one(json.dumps(row).encode(), "export.jsonl")

    assert parsed.metadata == {
        "agency": ["SEC", "CFTC"],
        "type": "order",
        "speaker": ["Ms. A", "Mr. B"],
        "parties": ["Acme", "7"],
        "docket": "3-21818, 3-21819",
    }


@pytest.mark.parametrize("written", ["SEC; CFTC", '["SEC", "CFTC"]', "['SEC', 'CFTC']", "SEC|CFTC"])
def test_a_list_in_a_cell_is_a_list(written: str) -> None:
    header = "agency\ttype\tparties\ttitle\ttext\n"
    row = "\t".join((written, "order", written, written, "One."))

    parsed = read_one(f"{header}{row}\n".encode(), "export.tsv")

    both = ["SEC", "CFTC"]
    values = {"agency": both, "type": "order", "parties": both, "title": written}
    assert parsed.metadata == values


def test_dates_of_rows_are_iso_and_what_is_no_date_is_reported() -> None:
    rows = [{"date": date, "text": "One."} for date in ("4 May 2021", "soon", "3/5/2024", "N/A")]
    lines = [json.dumps(row) for row in rows]

    told = [item.metadata for item in read("\n".join(lines).encode(), "a.jsonl")]  # type: ignore[union-attr]
    by_day = read("\n".join([*lines, '{"date": "31/1/2024", "text": "x"}']).encode(), "a.jsonl")[2]

    ambiguous = "its date '3/5/2024' was read with the"
    assert told == [
        {"date": "2021-05-04"},
        {"warnings": ["its date 'soon' is no date; it was left out"]},
        {
            "date": "2024-03-05",
            "warnings": [f"{ambiguous} month first (no other row tells which comes first)"],
        },
        {},
    ]
    assert isinstance(by_day, Parsed)
    assert by_day.metadata["date"] == "2024-05-03"
    assert by_day.metadata["warnings"] == [f"{ambiguous} day first (as in other rows)"]


def test_half_characters_and_controls_of_a_row_are_mended() -> None:
    row = '{"title": "A\\u0007cme", "text": "Fined \\ud800 five\\u0000."}'

    parsed = read_one(row.encode(), "a.jsonl")

    assert (parsed.metadata["title"], parsed.text) == ("Acme", "Fined \ufffd five\ufffd.")


def test_a_sidecar_maps_the_columns_of_a_csv() -> None:
    data = "Ref;Name;What they said\n7;Acme;Fined €5.\n8;Bolt;\n".encode()
    sidecar = '[columns]\nid = "Ref"\ntitle = "Name"\ntext = "What they said"'

    first, second = read(data, "export.csv", sidecar=sidecar)

    assert isinstance(first, Parsed)
    assert (first.text, first.part) == ("Fined €5.", ":2")
    assert first.metadata == {"id": "7", "title": "Acme"}
    assert isinstance(second, Skipped)
    assert second.source == ":3"


def test_capitals_in_the_name_of_a_column_do_not_matter() -> None:
    (row,) = read(b"ID,Body,Date\nx7,Fined.,2020-05-01\n", "export.csv")

    assert isinstance(row, Parsed)
    assert (row.text, row.metadata) == ("Fined.", {"id": "x7", "date": "2020-05-01"})


@pytest.mark.parametrize(
    ("sidecar", "reason"),
    [
        ("", "no column of text among Ref, What; name it in rows.jsonl.toml: columns = "),
        ('columns = { text = "Watt" }', "columns.text = 'Watt', but no row has it; nearest is"),
        ('columns = { text = "What", id = "Nr" }', "'Nr', .* no row has it; columns are Ref, What"),
    ],
)
def test_a_missing_column_is_one_fault_and_not_one_for_each_row(sidecar: str, reason: str) -> None:
    rows = b'{"Ref": "1", "What": "One."}\n{"Ref": "2", "What": "Two."}'

    with pytest.raises(LoadError, match=reason):
        read(rows, "rows.jsonl", sidecar=sidecar)


def test_a_stray_nul_byte_does_not_lose_a_text_and_a_binary_file_is_refused() -> None:
    page = b"<html><p>The fee\0 was $3.</p>" + b"<p>It was due at once.</p>" * 50

    assert read_one(page, "a.html").text.startswith("The fee\ufffd was $3.\n\nIt was due")
    with pytest.raises(LoadError, match="NUL"):
        read_one(b"\x02\x01fee\0 was $3" + b" and more" * 400, "a.txt")
    with pytest.raises(LoadError, match="NUL"):
        read_one(b"fee\0\0\0\0\0 was", "a.txt")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"Roe paid $1\x000 to the Authority.\n" + b"It did so. " * 200 + b"\0", "a.txt"),
        (b"Roe paid $1\x000 to the Authority \x96 at once. " + b"It did so. " * 99, "latin.txt"),
        (b"<p>Roe paid $1\x000 to the Authority.</p>" + b"<p>It did so.</p>" * 99, "a.html"),
        (b'{"text": "Roe paid $1\\u00000 to the Authority."}', "a.jsonl"),
        (b"text\nRoe paid $1\x000 to the Authority. " + b"It did so. " * 99, "a.csv"),
        (b"From: a@b.c\nSubject: x\n\nRoe paid $1\x000 to the Authority.\n", "a.eml"),
    ],
)
def test_a_nul_inside_a_sum_is_seen_in_every_format(data: bytes, name: str) -> None:
    text = read_one(data, name).text

    assert "Roe paid $1\ufffd0 to the Authority" in text
    assert text.count("\ufffd") == 1


def test_a_text_in_paragraphs_is_one_text() -> None:
    row = json.dumps({"text": ["One paid.", "Two did not."]}).encode()

    assert read_one(row, "a.jsonl").text == "One paid.\n\nTwo did not."


def test_a_soft_hyphen_is_seen_at_the_end_of_a_line_alone() -> None:
    text = "A cross\xad\nborder re\xadview of non\xad \r\nbinding rules.\n".encode()

    assert read_one(text, "a.txt").text == "A cross-\nborder review of non- \r\nbinding rules.\n"
