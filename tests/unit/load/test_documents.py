"""Loading whole folders: order, faults, limits and the cache."""

import json
import os
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from rag.config import Settings
from rag.load import find, load
from rag.load.cache import ReadCache
from rag.load.documents import LOADER_VERSION, limits_of
from rag.load.serialization import item_from_json, item_to_json
from rag.load.source import Source
from rag.load.workers import Workers
from rag.types import Document, Skipped
from tests.unit.load.pages import Text, column, pdf_of

SEEDS = Path(__file__).parents[3] / "seeds"
QUICK = Settings(ocr=False, workers=2)


def loaded(folder: Path, settings: Settings = QUICK) -> tuple[list[Document], list[Skipped]]:
    items = list(load(find([folder]), settings))
    documents = [item for item in items if isinstance(item, Document)]
    return documents, [item for item in items if isinstance(item, Skipped)]


def test_the_seed_is_read_byte_for_byte_with_its_speakers() -> None:
    (document,), skipped = loaded(SEEDS)

    file = SEEDS / "binance-response-to-sec-charges-2023.txt"
    assert document.text == file.read_bytes().decode("utf-8")
    assert document.doc_id == "binance-statement"
    assert document.speaker_starts == ((1, "Odaily"), (514, "Binance"))
    assert document.speaker_at(document.text.index("All user assets")) == "Binance"
    assert document.metadata["date"] == "2023-06"
    assert skipped == []


def test_documents_come_in_the_order_of_the_files_in_any_process(tmp_path: Path) -> None:
    for number in range(6):
        pages = [column(72, 600, [f"Order {number} fines Acme."])] * (60 if number == 0 else 1)
        (tmp_path / f"{number}.pdf").write_bytes(pdf_of(*pages))
        (tmp_path / f"{number}.txt").write_text(f"Text {number}.")
    steps: list[tuple[int, int]] = []

    items = list(load(find([tmp_path]), QUICK, on_progress=lambda *step: steps.append(step)))

    names = [item.doc_id for item in items if isinstance(item, Document)]
    assert names == [f"{number}.{kind}" for number in range(6) for kind in ("pdf", "txt")]
    assert steps == [(number, 12) for number in range(1, 13)]


def test_a_bad_file_is_one_reported_line_and_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 broken")
    (tmp_path / "b.pdf").write_bytes(b"")
    (tmp_path / "c.txt").write_text("Fine.")
    (tmp_path / "d.txt").write_text("Text.")
    (tmp_path / "d.txt.toml").write_text('titel = "x"')
    (tmp_path / "stray.pdf.toml").write_text('title = "x"')
    os.mkfifo(tmp_path / "pipe")

    documents, skipped = loaded(tmp_path)

    assert [document.doc_id for document in documents] == ["c.txt"]
    reasons = {Path(item.source).name: item.reason for item in skipped}
    assert reasons.keys() == {"a.pdf", "b.pdf", "d.txt", "stray.pdf.toml", "pipe"}
    assert reasons["a.pdf"].startswith("a damaged PDF")
    assert reasons["b.pdf"] == "empty: zero bytes"
    assert reasons["d.txt"].endswith("nearest is 'title'")
    assert reasons["stray.pdf.toml"].startswith("a sidecar without its document")
    assert reasons["pipe"] == "not an ordinary file"


def test_an_id_is_taken_by_the_first_file_that_claims_it(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(f"The text of {name}.")
        (tmp_path / f"{name}.toml").write_text('id = "x"')

    documents, (skipped,) = loaded(tmp_path)

    assert [document.text for document in documents] == ["The text of a.txt."]
    assert skipped.source.endswith("b.txt")
    assert "its id 'x' is taken by" in skipped.reason


def test_rows_with_the_same_id_are_numbered_and_an_equal_row_is_reported(tmp_path: Path) -> None:
    texts = ("One.", "Two.", "One.", "Two.", "Three.")
    rows = [{"id": "x", "text": text} for text in texts] + [{"id": "x-2", "text": "Four."}]
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)))

    documents, skipped = loaded(tmp_path)

    assert [(document.doc_id, document.text) for document in documents] == [
        ("x", "One."),
        ("x-2", "Two."),
        ("x-3", "Three."),
        ("x-2-2", "Four."),
    ]
    (warning,) = documents[1].metadata["warnings"]
    assert warning.startswith("its id 'x' is that of ")
    assert warning.endswith("rows.jsonl:1 too; here it ends in -2")
    assert [Path(one.source).name for one in skipped] == ["rows.jsonl:3", "rows.jsonl:4"]
    assert {one.reason for one in skipped} == {"it repeats another row with the id 'x'"}


def test_ids_that_recur_in_two_exports_are_kept_apart_by_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,text\n1,Alder paid.\n2,Birch paid.\n")
    (tmp_path / "b.csv").write_text("id,text\n1,Cedar paid.\n")
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.write(tmp_path / "b.csv", "d/b.csv")
        archive.writestr("d/e.jsonl", '{"id": 2, "text": "Dogwood paid."}')

    documents, skipped = loaded(tmp_path)

    assert {document.doc_id: document.text for document in documents} == {
        "1": "Alder paid.",
        "2": "Birch paid.",
        "b.csv:1": "Cedar paid.",
        "c.zip!d/b.csv:1": "Cedar paid.",
        "c.zip!d/e.jsonl:2": "Dogwood paid.",
    }
    assert skipped == []


def test_limits_are_reasons_that_name_the_setting(tmp_path: Path) -> None:
    (tmp_path / "long.pdf").write_bytes(pdf_of(*[[Text(72, 700, "A page.")]] * 4))
    (tmp_path / "large.txt").write_text("x" * 5000)

    _, skipped = loaded(tmp_path, Settings(max_pages=3, max_file_bytes=4000))

    assert [item.reason for item in skipped] == [
        "5,000 bytes, more than max_file_bytes = 4,000; raise it or split the file",
        "4 pages, more than max_pages = 3; raise it or split the file",
    ]


def test_an_inferred_value_is_marked_and_a_given_one_is_not(tmp_path: Path) -> None:
    (tmp_path / "r.txt").write_text(
        "Litigation Release No. 26231 / January 22, 2025\n\nThe SEC charged Acme today."
    )
    (tmp_path / "r.txt.toml").write_text('agency = "SEC"')

    (document,), _ = loaded(tmp_path)

    assert document.metadata["agency"] == "SEC"
    assert document.metadata["date"] == "2025-01-22"
    assert "date" in document.metadata["inferred"]
    assert "agency" not in document.metadata["inferred"]


def source_of(path: Path) -> Source:
    return find([path])[0]


def test_a_file_that_takes_too_long_is_skipped_and_the_next_one_is_read(
    tmp_path: Path,
) -> None:
    slow_page = b"<html><body>" + b"<p>word <b>and</b> word</p>" * 200_000
    (tmp_path / "slow.html").write_bytes(slow_page)
    (tmp_path / "fine.pdf").write_bytes(pdf_of([Text(72, 700, "Fine.")]))
    limits = limits_of(Settings(ocr=False, parse_seconds=3))

    with Workers(1, limits) as workers:
        slow, fine = (
            workers.read(source_of(tmp_path / name)) for name in ("slow.html", "fine.pdf")
        )

        (skipped,) = slow.result()
        (document,) = fine.result()

    assert isinstance(skipped, Skipped)
    assert "within parse_seconds = 3" in skipped.reason
    assert isinstance(document, Document)
    assert document.text == "Fine."


def test_a_file_that_needs_too_much_memory_is_skipped(tmp_path: Path) -> None:
    (tmp_path / "big.csv").write_bytes(b"text,b\n" + b"word word,x\n" * 6_000_000)
    limits = limits_of(Settings(parse_megabytes=256))

    with Workers(1, limits) as workers:
        (skipped,) = workers.read(source_of(tmp_path / "big.csv")).result()

    assert isinstance(skipped, Skipped)
    assert "more memory than parse_megabytes = 256" in skipped.reason


@pytest.fixture
def documents() -> Sequence[Document | Skipped]:
    return [
        Document(
            "d",
            "t",
            "text é",
            "s",
            "h",
            {"parties": ["A"], "ocr_pages": [1]},
            page_starts=(0, 3),
            speaker_starts=((0, "A"), (2, "B")),
            page_labels=("i", ""),
            paragraph_starts=((0, "1"),),
            footnotes=((1, 2, 1),),
        ),
        Skipped("s:2", "why"),
    ]


def test_documents_survive_serialization(documents: Sequence[Document | Skipped]) -> None:
    again = [item_from_json(json.loads(item_to_json(item))) for item in documents]

    assert again == documents


def test_a_document_is_cached_until_file_sidecar_or_settings_change(
    tmp_path: Path, documents: Sequence[Document | Skipped]
) -> None:
    source = Source(tmp_path / "a.pdf", "a.pdf", "1" * 64, "")
    cache = ReadCache(tmp_path / "kept", LOADER_VERSION, limits_of(QUICK))

    cache.put(source, documents[:1])

    assert cache.get(source) == documents[:1]
    assert cache.get(Source(source.path, "a.pdf", "2" * 64, "")) is None
    assert cache.get(Source(source.path, "a.pdf", "1" * 64, "3")) is None
    with_ocr = ReadCache(tmp_path / "kept", LOADER_VERSION, limits_of(Settings(ocr=True)))
    assert with_ocr.get(source) is None


def test_a_damaged_entry_counts_as_absent_and_skipped_files_are_tried_again(
    tmp_path: Path, documents: Sequence[Document | Skipped]
) -> None:
    source = Source(tmp_path / "a.pdf", "a.pdf", "1" * 64, "")
    cache = ReadCache(tmp_path / "kept", LOADER_VERSION, limits_of(QUICK))
    cache.put(source, documents)
    assert cache.get(source) is None

    cache.put(source, documents[:1])
    (file,) = (tmp_path / "kept").rglob("*.json")
    file.write_bytes(file.read_bytes().replace(b"text", b"lies"))

    assert cache.get(source) is None


def test_an_entry_that_no_build_has_used_for_thirty_days_is_deleted(
    tmp_path: Path, documents: Sequence[Document | Skipped]
) -> None:
    old, used = (Source(tmp_path / name, name, "1" * 64, "") for name in ("old.pdf", "used.pdf"))
    cache = ReadCache(tmp_path, LOADER_VERSION, limits_of(QUICK))
    cache.put(old, documents[:1])
    cache.put(used, documents[:1])
    month_ago = time.time() - 31 * 24 * 3600
    for file in (*tmp_path.rglob("*.json"), (notes := tmp_path / "notes.json")):
        file.touch()
        os.utime(file, (month_ago, month_ago))
    cache.get(used)

    cache.prune()

    assert cache.get(old) is None
    assert cache.get(used) == documents[:1]
    assert notes.exists()  # nothing is dropped that the cache did not write


def test_a_second_load_takes_slow_files_from_the_cache(tmp_path: Path) -> None:
    folder = tmp_path / "seeds"
    folder.mkdir()
    (folder / "a.pdf").write_bytes(pdf_of([Text(72, 700, "Acme was fined.")]))
    first = list(load(find([folder]), QUICK, cache=tmp_path / "cache"))
    (kept,) = (tmp_path / "cache").rglob("*.json")
    written = kept.stat().st_ino

    second = list(load(find([folder]), QUICK, cache=tmp_path / "cache"))

    assert second == first
    assert kept.stat().st_ino == written


def test_the_corpus_is_read_exactly(shared_data: Path) -> None:
    path = shared_data / "enforcement_corpus.jsonl.gz"

    items = list(load(find([path]), QUICK))

    assert len(items) == 8588
    first = items[0]
    assert isinstance(first, Document)
    assert first.doc_id == "SEC-LR-14770"
    assert first.metadata["type"] == "litigation_release"
    assert first.metadata["release"] == "14770"
    assert first.text.startswith("-------------------- BEGINNING OF PAGE #1")
